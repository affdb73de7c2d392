/// @file
/// What is kept of one run of a sweep: outcome, metrics and, where asked, steps and series.
///
/// A row goes to the journal as bytes and comes back as a view on them: numbers as the machine has
/// them (x86-64), every part at a multiple of eight bytes.
#pragma once
#include "gait/metrics.h"
#include "sim/engine.h"

/// X(channel): the channels that a sweep keeps where series are asked for, in float32.
#define KC_SWEEP_SERIES(X)                                                                         \
  X(q) X(com) X(foot_force) X(torque) X(band_force) X(muscle_activation) X(muscle_force)
/// Their number, and the bytes of the longest reason.
enum {
#define X(name) KC_SERIES_##name,
  KC_SWEEP_SERIES(X)
#undef X
      KC_N_SERIES,
  KC_ROW_REASON_SIZE = 400
};

/// One row. Pointers are the maker's, or into the bytes that it was read from.
typedef struct {
  int index; ///< of the run
  kc_outcome_kind kind;
  double time; ///< s, end of the run
  char reason[KC_ROW_REASON_SIZE];
  int n_metric;
  const double *metric; ///< (n_metric), NaN where there is none
  int n_step;           ///< 0 unless steps are kept
  const double *step;   ///< (n_step x (1 + kc_gait_n_step_value)): side, then the values
  double interval;      ///< s between samples; 0 unless series are kept
  int n_sample;
  int width[KC_N_SERIES];           ///< values of one sample of each channel
  const float *series[KC_N_SERIES]; ///< (n_sample x width)
} kc_sweep_row;

/// Which recording channel a series is, and its row in the table above.
kc_channel kc_sweep_series_channel(int series);
/// Bytes being put together; grows, and is kept from row to row.
typedef struct {
  unsigned char *data;
  size_t size, capacity;
} kc_sweep_bytes;

/// Writes a row as bytes, in the place of what `bytes` held. @return KC_OK or KC_ERR_MEMORY
kc_status kc_sweep_row_write(const kc_sweep_row *row, kc_sweep_bytes *bytes,
                             kc_error *error) KC_WARN_UNUSED;
/// Reads a row from bytes (8-byte aligned), whatever they hold.
/// @return KC_OK; KC_ERR_INPUT if they are no row
kc_status kc_sweep_row_read(const void *data, size_t size, kc_sweep_row *row) KC_WARN_UNUSED;
/// Copies a text, cut to `size` between two characters of UTF-8.
void kc_sweep_copy_text(char *to, size_t size, const char *from);
