/// @file
/// libFuzzer on the reader of curricula.
#include "study/curriculum.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  kc_error error = kc_error_default();
  kc_curriculum curriculum;
  if (kc_curriculum_read_text((const char *)data, size, "x.curriculum", &curriculum, &error) !=
          KC_OK &&
      error.n_finding == 0)
    __builtin_trap(); // refused without a word
  kc_curriculum_destroy(&curriculum);
  kc_error_destroy(&error);
  return 0;
}
