/// @file
/// The table that a sweep's file is made from. Inside of src/app: sweep_file.c fills and writes it,
/// sweep_groups.c says what its groups are, sweep_columns.c gives their columns block by block.
#pragma once
#include "app/sweep_file.h"
#include "study/sweep_row.h"

/// Columns of the root in front of the factors, and between them and the metrics.
enum { COLUMN_point, COLUMN_replicate, N_FIRST };
enum { COLUMN_outcome, COLUMN_time, COLUMN_reason, N_MIDDLE };

/// Everything that a column is filled from.
typedef struct {
  const kc_app_sweep *s;
  const kc_io_journal *journal;
  kc_error *error;
  kc_group *group[3]; // root, strides, series
  int n_group;
  int n_value, n_metric; // factors and spreads; metrics
  double *metric;        // (n x n_metric)
  double *time;          // (n)
  kc_outcome_kind *kind; // (n)
  char **reason;         // (n) NULL for none
  int n_stride, n_sample, width[KC_N_SERIES];
  double interval; // s between samples
  void *bytes;     // of one record
  size_t size;
  int series[KC_N_SERIES];               // which series each variable of that group is
  double *value;                         // (n_value) of one run
  char (*text)[KC_FACTOR_TEXT_SIZE * 2]; // of a block of words
  int n_text;
} kc_app_sweep_table;

/// The number of the run in row i.
int kc_app_sweep_run(const kc_app_sweep_table *t, int i);
/// Factor k, behind the last of them the numbers of virtual runners.
const kc_factor *kc_app_sweep_factor(const kc_sweep *sweep, int k);
/// Reads the record of row i, to which `row` points until the next call; 0 if that failed.
int kc_app_sweep_read_row(kc_app_sweep_table *t, int i, kc_sweep_row *row);
/// Makes the groups of the file.
kc_status kc_app_sweep_make_groups(kc_app_sweep_table *t) KC_WARN_UNUSED;
/// The source of the columns.
kc_io_source kc_app_sweep_source(kc_app_sweep_table *t);
