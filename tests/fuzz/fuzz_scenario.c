/// @file
/// libFuzzer on the scenario reader: any bytes are refused with a text or compiled, never worse.
#include "scenario/definition.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  kc_error error = kc_error_default();
  kc_scenario_def *def;
  kc_scenario *scenario;
  // a path in a folder without files: the shipped model is found, others hardly
  if (kc_scenario_read_def_text((const char *)data, size, "/nowhere/x.yaml", NULL, 0, &def,
                                &error) == KC_OK) {
    if (kc_scenario_compile_def(def, &scenario, &error) == KC_OK)
      kc_scenario_destroy(scenario);
    kc_scenario_destroy_def(def);
  } else if (error.n_finding == 0) {
    __builtin_trap(); // refused without a word
  }
  kc_error_destroy(&error);
  return 0;
}
