/// @file
/// Metrics as tables and JSON: the same for one run, several runs, and a comparison.
#pragma once
#include <stdio.h>

/// One column: a run or a file.
typedef struct {
  const char *name;    ///< head of the column
  const char *outcome; ///< completed, fell, ...
  const char *reason;  ///< why it fell; "" for none
  double time;         ///< s, end of the run
  const double *value; ///< (kc_gait_n_metric) metrics, NaN where there is none
} kc_summary_column;

/// Whether a metric is one of the few that a table shows unless asked for all.
int kc_app_is_main_metric(const char *name);
/// Width of the column of names in a table of the main metrics, or of all.
int kc_app_find_name_width(int all);
/// Prints a table, metrics down and runs across, a few runs at a time.
void kc_app_print_summary(FILE *out, const kc_summary_column *column, int n, int all);
/// Prints "name": value of all metrics, comma-separated; NaN is null.
void kc_app_print_json_metrics(FILE *out, const double *value);
/// Prints a number of JSON: 17 digits, or null where it is not finite.
void kc_app_print_json_number(FILE *out, double x);
