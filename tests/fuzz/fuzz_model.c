/// @file
/// libFuzzer on the model reader: any bytes are refused with a text or compiled, never worse.
#include "model/read.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  kc_error error = kc_error_default();
  kc_model *model;
  if (kc_model_read_text((const char *)data, size, "x.yaml", &model, &error) == KC_OK)
    kc_model_destroy(model);
  else if (error.n_finding == 0)
    __builtin_trap(); // refused without a word
  kc_error_destroy(&error);
  return 0;
}
