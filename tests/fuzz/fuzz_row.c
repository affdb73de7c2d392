/// @file
/// libFuzzer on the reader of a journal's rows: any bytes are refused, or are a row that is written
/// as long as it was.
#include "study/sweep_row.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  void *bytes = malloc(size + 1); // aligned for all types
  if (!bytes)
    return 0;
  memcpy(bytes, data, size);
  kc_sweep_row row;
  kc_sweep_bytes again = {0};
  kc_error error = kc_error_default();
  if (kc_sweep_row_read(bytes, size, &row) == KC_OK) {
    double sum = 0; // everything that the row points to is there
    for (int i = 0; i < row.n_metric; i++)
      sum += row.metric[i];
    for (int i = 0; i < row.n_step * (1 + kc_gait_n_step_value()); i++)
      sum += row.step[i];
    for (int k = 0; k < KC_N_SERIES; k++)
      for (int i = 0; i < row.n_sample * row.width[k]; i++)
        sum += (double)row.series[k][i];
    if (kc_sweep_row_write(&row, &again, &error) != KC_OK || again.size != size)
      __builtin_trap();
    again.data[0] = sum > 0;
  }
  free(again.data);
  kc_error_destroy(&error);
  free(bytes);
  return 0;
}
