/// @file
/// What `kinchain sensitivity` reads from a sweep's file, computes and prints.
#pragma once
#include "app/app.h"
#include "io/sweep.h"
#include "study/design.h"
#include "study/sensitivity.h"

/// Least rows of a Saltelli design, and elementary effects of a factor, that figures are told from:
/// a bootstrap of fewer says more of its draws than of the runs.
enum { KC_APP_LEAST_ROWS = 8, KC_APP_LEAST_EFFECTS = 4 };

/// One metric and what it owes to each factor.
typedef struct {
  int variable; ///< column of the file's root
  const char *name, *unit;
  int is_asked;    ///< named on the command line, not chosen by a pattern or by default
  int n_number;    ///< completed runs that gave a number
  int n_row;       ///< rows of Saltelli, trajectories of Morris, of which every run gave a number
  double mean, sd; ///< of the numbers that the figures come from, as points
  kc_sobol_index *sobol;    ///< (n_factor) of a Saltelli design
  kc_morris_effect *morris; ///< (n_factor) of a Morris design
  int *order;               ///< (n_factor) factors, the largest total or mu* first
  char *reason;             ///< why there are no figures; NULL where there are
} kc_app_sensitivity_metric;

/// A sweep's file with its design, and figures by metric.
typedef struct {
  const char *path;
  kc_io_sweep *file;
  kc_sweep *sweep;
  const kc_group *root;
  kc_bootstrap bootstrap;
  unsigned char *is_whole;           ///< (n_run) 1 where the run was completed
  int n_fell, n_diverged, n_failed;  ///< runs that are left out
  int n_metric;                      ///< chosen ones
  kc_app_sensitivity_metric *metric; ///< (n_metric) in the file's order
} kc_app_sensitivity;

/// Opens a sweep's file, rebuilds its design from its text, and holds the file's factors and run
/// numbers against it.
///
/// @param s to be freed with kc_app_close_sensitivity whatever is returned
/// @return KC_OK; KC_ERR_INPUT for a part of a sweep, another design than saltelli or morris, or a
///         file that differs from its own design, with what to do; KC_ERR_MEMORY
kc_status kc_app_open_sensitivity(kc_app_sensitivity *s, const char *path,
                                  kc_error *error) KC_WARN_UNUSED;
/// Chooses metrics: names and patterns between commas, "all", or NULL for the usual ones.
///
/// @return KC_OK; KC_ERR_INPUT for what the file does not have, with the nearest name
kc_status kc_app_choose_sensitivity(kc_app_sensitivity *s, const char *words,
                                    kc_error *error) KC_WARN_UNUSED;
/// Computes the figures of the chosen metrics.
///
/// @return KC_OK; KC_ERR_INPUT if one that was named, or all of them, have no figures;
///         KC_ERR_MEMORY
kc_status kc_app_compute_sensitivity(kc_app_sensitivity *s, kc_error *error) KC_WARN_UNUSED;
/// Closes the file and frees everything.
void kc_app_close_sensitivity(kc_app_sensitivity *s);

/// Prints tables, one a metric.
void kc_app_print_sensitivity(FILE *out, const kc_app_sensitivity *s);
/// Prints the same as one JSON object.
void kc_app_print_json_sensitivity(FILE *out, const kc_app_sensitivity *s);
/// Prints the same as CSV, a row for each metric and factor.
void kc_app_print_csv_sensitivity(FILE *out, const kc_app_sensitivity *s);
