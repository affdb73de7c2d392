/// @file
/// libFuzzer on the reader of CSV tables: any text is refused with a finding or read, never worse.
#include "io/csv.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = malloc(size + 1);
  if (!text)
    return 0;
  memcpy(text, data, size);
  text[size] = '\0';
  kc_error error = kc_error_default();
  kc_csv csv;
  if (kc_io_parse_csv("x.csv", text, &csv, &error) == KC_OK)
    kc_io_destroy_csv(&csv);
  else if (error.n_finding == 0)
    __builtin_trap(); // refused without a word
  kc_error_destroy(&error);
  free(text);
  return 0;
}
