/// @file
/// Means and standard deviations of a run over its steps and strides, as reference tables hold
/// them.
#pragma once
#include "lab/motion.h"

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

/// Measures a finished motion: whole strides that begin after settling.
///
/// @param name    of the run, for messages
/// @param measure [out]
/// @return KC_OK; KC_ERR_INPUT if there is no whole stride; KC_ERR_MEMORY
kc_status kc_lab_measure_motion(const char *name, const kc_motion *motion,
                                const kc_measure_options *options, kc_measure *measure,
                                kc_error *error) KC_WARN_UNUSED;
/// Measures a run's file.
///
/// @param measure set to what the caller frees, NULL on failure
/// @return as kc_lab_read_motion and kc_lab_measure_motion
kc_status kc_lab_measure_run(const char *path, const kc_measure_options *options,
                             kc_measure **measure, kc_error *error) KC_WARN_UNUSED;
/// A curve of KC_N_POINT even points from 0 to 100 % at any percent, by straight lines.
double kc_lab_eval_curve(const double *curve, double percent);
