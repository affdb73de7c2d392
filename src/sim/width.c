/// @file
/// Choice of a lane variant by the processor's features, read from the processor itself.
#include "sim/width.h"
#include "sim/engine.h"

static int has_avx2(void) { return __builtin_cpu_supports("avx2") != 0; }

static int has_avx512(void) {
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0;
}

int kc_sim_has_variant(kc_variant variant) {
  switch (variant) {
  case KC_VARIANT_l1:
    return 1;
  case KC_VARIANT_l4:
  case KC_VARIANT_l8:
    return has_avx2();
  case KC_VARIANT_l8x:
    return has_avx512();
  case KC_N_VARIANT:
    break;
  }
  return 0;
}

kc_variant kc_sim_choose_variant(int width) {
  if (width >= 8 && has_avx512())
    return KC_VARIANT_l8x;
  if (width >= 8 && has_avx2())
    return KC_VARIANT_l8;
  if (width >= 4 && has_avx2())
    return KC_VARIANT_l4;
  return KC_VARIANT_l1;
}

int kc_sim_variant_lanes(kc_variant variant) {
#define X(tag, lanes) lanes,
  static const int table[] = {KC_VARIANT_LIST(X)};
#undef X
  return table[variant];
}

const char *kc_sim_variant_name(kc_variant variant) {
#define X(tag, lanes) #tag,
  static const char *const table[] = {KC_VARIANT_LIST(X)};
#undef X
  return table[variant];
}

int kc_sim_native_width(void) { return has_avx512() ? 8 : has_avx2() ? 4 : 1; }
