/// @file
/// Means and standard deviations of a run over its steps and strides, as reference tables hold
/// them.
#pragma once
#include "report/motion.h"

/// How a run is measured.
typedef struct {
  double threshold; ///< N, vertical force at foot strike and toe-off
  double filter;    ///< Hz, low-pass of the forces; 0 for none
  int side; ///< KC_RIGHT or KC_LEFT: that foot's steps alone; KC_N_SIDE: both, left mirrored
} kc_measure_options;

/// Figures of a run.
typedef struct {
  double settle;                          ///< s, what comes before is left out
  double speed;                           ///< m/s, mean over the strides
  int n_stride[KC_N_SIDE];                ///< strides counted
  double mean[KC_N_QUANTITY][KC_N_POINT]; ///< in units of KC_QUANTITY_LIST; a number stands first
  double sd[KC_N_QUANTITY][KC_N_POINT];   ///< over the strides (n - 1); NaN of one alone
} kc_measure;

/// Measures a run: whole strides that begin after settling.
///
/// @param measure set to what the caller frees, NULL on failure
/// @return KC_OK; KC_ERR_INPUT as kc_report_read_motion, or if there is no whole stride;
///         KC_ERR_MEMORY
kc_status kc_report_measure_run(const char *path, const kc_measure_options *options,
                                kc_measure **measure, kc_error *error) KC_WARN_UNUSED;
/// A curve of KC_N_POINT even points from 0 to 100 % at any percent, by straight lines.
double kc_report_eval_curve(const double *curve, double percent);
