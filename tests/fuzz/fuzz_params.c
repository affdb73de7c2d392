/// @file
/// libFuzzer on the reader of controller parameters.
#include "scenario/params.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  kc_error error = kc_error_default();
  kc_control_params params;
  if (kc_scenario_read_params_text((const char *)data, size, "x.params", &params, &error) !=
          KC_OK &&
      error.n_finding == 0)
    __builtin_trap(); // refused without a word
  kc_error_destroy(&error);
  return 0;
}
