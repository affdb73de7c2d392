/// @file
/// Arrays of a run's result file, read back by name as doubles.
#pragma once
#include "base/error.h"

/// An open result file of one run.
typedef struct kc_io_run kc_io_run;

/// Opens a file that `kinchain run` wrote.
///
/// @param run  set to what kc_io_close_run frees, or NULL
/// @return KC_OK; KC_ERR_INPUT where there is none or it is no run's; KC_ERR_MEMORY
kc_status kc_io_open_run(const char *path, kc_io_run **run, kc_error *error) KC_WARN_UNUSED;
/// Closes the file; takes NULL.
void kc_io_close_run(kc_io_run *run);
/// Reads all of an array or number, in the units of the file.
///
/// @param name   path in the file, such as "q" or "metrics/settle"
/// @param n_row  [out] size of its first dimension; 1 for a number
/// @param width  product of the others that the caller counts on (>= 1)
/// @param value  set to (n_row x width) doubles that the caller frees, NULL on failure
/// @return KC_OK; KC_ERR_INPUT if there is no such array of numbers, or of another width;
///         KC_ERR_MEMORY
kc_status kc_io_read_run_array(const kc_io_run *run, const char *name, int *n_row, int width,
                               double **value, kc_error *error) KC_WARN_UNUSED;
/// Where a name stands in a scale of names, such as "knee_angle_r" in "coordinate".
///
/// @param index  [out] from 0
/// @param n      [out] length of the scale; may be NULL
/// @return KC_OK; KC_ERR_INPUT if the file has no such scale or the scale no such name
kc_status kc_io_find_run_name(const kc_io_run *run, const char *scale, const char *name, int *index,
                              int *n, kc_error *error) KC_WARN_UNUSED;
