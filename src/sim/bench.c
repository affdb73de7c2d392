/// @file
/// Times of the parts of a step: hands them to the variant.
#include "sim/bench.h"

kc_status kc_sim_time_parts(kc_variant variant, const kc_scenario *scenario, kc_bench *bench,
                            kc_error *error) {
#define X(tag, lanes) kc_sim_bench_##tag,
  static kc_status (*const table[])(const kc_scenario *, kc_bench *,
                                    kc_error *) = {KC_VARIANT_LIST(X)};
#undef X
  return table[variant](scenario, bench, error);
}
