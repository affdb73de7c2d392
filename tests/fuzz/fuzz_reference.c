/// @file
/// libFuzzer on the reader of reference tables: any text is refused with a finding or read to
/// curves that can be scored.
#include "lab/reference.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_curve(const kc_reference_curve *curve) {
  for (int i = 0; i < curve->n; i++)
    if (!(curve->sd[i] > 0) || (i > 0 && curve->percent[i] <= curve->percent[i - 1]))
      __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = calloc(size + 1, 1);
  kc_error error = kc_error_default();
  kc_reference *reference = NULL;
  if (!text)
    return 0;
  memcpy(text, data, size);
  kc_status status = kc_lab_parse_reference("x.csv", text, &reference, &error);
  if ((status == KC_OK) != (reference != NULL) || (status != KC_OK && error.n_finding == 0))
    __builtin_trap();
  for (int q = 0; reference && q < KC_N_QUANTITY; q++)
    check_curve(&reference->curve[q]);
  kc_lab_destroy_reference(reference);
  kc_error_destroy(&error);
  free(text);
  return 0;
}
