/// @file
/// Which compiled variant of the lane code serves a lane width on this processor.
///
/// The lane files are compiled once per tag (see math/real.h). Scalar code reaches them through a
/// table with one entry per variant:
///
///     #define X(tag, lanes) kc_status kc_sim_do_##tag(const kc_thing *thing);
///     KC_VARIANT_LIST(X)
///     #undef X
///     #define X(tag, lanes) kc_sim_do_##tag,
///     static kc_status (*const table[])(const kc_thing *) = {KC_VARIANT_LIST(X)};
///     #undef X
///     status = table[kc_sim_choose_variant(width)](thing);
///
/// Every variant gives the same bits, so the choice is one of speed alone.
#pragma once

/// X(tag, lanes): the variants in the order of kc_variant.
#define KC_VARIANT_LIST(X) X(l1, 1) X(l4, 4) X(l8, 8) X(l8x, 8)

/// Index into a table made from KC_VARIANT_LIST.
typedef enum {
#define X(tag, lanes) KC_VARIANT_##tag,
  KC_VARIANT_LIST(X)
#undef X
      KC_N_VARIANT
} kc_variant;

/// The variant for a lane width: l1 and l4 (AVX2), l8x (AVX-512 F and DQ), l8 where only AVX2 is
/// there (each eight as two fours); l1 for everything on a processor without AVX2.
/// @param width 1, 4 or 8
kc_variant kc_sim_choose_variant(int width);
/// Whether this processor can run a variant.
int kc_sim_has_variant(kc_variant variant);
/// Number of runners a variant computes at once.
int kc_sim_variant_lanes(kc_variant variant);
/// The tag of a variant, such as "l4".
const char *kc_sim_variant_name(kc_variant variant);
