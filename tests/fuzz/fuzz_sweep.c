/// @file
/// libFuzzer on the reader of sweep files; the base is the shipped level scenario, where it is
/// found. A sweep that is accepted must give values and a scenario, or a reason, for its last run.
#include "study/design.h"
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_run(const kc_sweep *sweep, int index) {
  kc_error error = kc_error_default();
  kc_scenario *scenario;
  double value[KC_SWEEP_MAX_FACTOR];
  int point, replicate;
  kc_sweep_eval(sweep, index, value, &point, &replicate);
  if (point * sweep->n_replicate + replicate != index)
    __builtin_trap();
  if (kc_sweep_make_scenario(sweep, index, &scenario, &error) != KC_OK && error.n_finding == 0)
    __builtin_trap(); // impossible without a reason
  kc_scenario_destroy(scenario);
  kc_error_destroy(&error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  kc_error error = kc_error_default();
  kc_sweep *sweep;
  if (kc_sweep_read_text((const char *)data, size, "x.yaml", NULL, 0, &sweep, &error) == KC_OK)
    try_run(sweep, sweep->n_run - 1);
  else if (error.n_finding == 0)
    __builtin_trap(); // refused without a word
  kc_sweep_destroy(sweep);
  kc_error_destroy(&error);
  return 0;
}
