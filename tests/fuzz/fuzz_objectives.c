/// @file
/// libFuzzer on the reader of objectives.
#include "study/objectives.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  kc_error error = kc_error_default();
  kc_objectives objectives;
  if (kc_objectives_read_text((const char *)data, size, "x.objectives", &objectives, &error) !=
          KC_OK &&
      error.n_finding == 0)
    __builtin_trap(); // refused without a word
  kc_objectives_destroy(&objectives);
  kc_error_destroy(&error);
  return 0;
}
