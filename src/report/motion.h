/// @file
/// A run's file as a gait laboratory would have it: angles of both sides at the samples, forces
/// filtered, contacts above a threshold.
#pragma once
#include "gait/steps.h"
#include "io/series.h"
#include "report/quantity.h"

/// One run. Values at the left foot's steps are those of the mirror image.
typedef struct {
  int n_sample;
  double *time;                             ///< (n_sample) s
  double *series[KC_N_QUANTITY][KC_N_SIDE]; ///< (n_sample) of quantities over strides; else NULL
  int n_tick;
  double *tick_time;           ///< (n_tick) s, halfway between samples
  double *force[KC_N_SIDE][3]; ///< (n_tick) N, ground axes, filtered
  kc_tick *tick;               ///< (n_tick) the same, and the mass centre, for src/gait
  double weight;               ///< N
  double settle;               ///< s, start of the run that its metrics leave out
  double *memory;              ///< of the series
} kc_motion;

/// Reads a run.
///
/// Forces are the file's means from sample to sample, so that no impact falls between two samples;
/// such a mean over 5 ms takes 1.6 % off at 20 Hz. Thorax to pelvis are the angles of the thorax's
/// attitude in the pelvis about Z (extension), then X (bending), then Y (rotation), as the one
/// joint between them of Hamner 2010 has them; not sums over the two joints of the spine here.
/// @param filter Hz, cut-off of the forces; 0 for none
/// @param motion set to what kc_report_destroy_motion frees, NULL on failure
/// @return KC_OK; KC_ERR_INPUT if the file lacks something or its samples are too far apart for the
///         filter; KC_ERR_MEMORY
kc_status kc_report_read_motion(const char *path, double filter, kc_motion **motion,
                                kc_error *error) KC_WARN_UNUSED;
/// Frees a run; takes NULL.
void kc_report_destroy_motion(kc_motion *motion);
/// Angles of a body's attitude in another's, about Z, then the turned X, then the turned Y.
///
/// @param base,body (4) unit quaternions w x y z to a common frame
/// @param angle     [out] (3) rad, about Z, X, Y
/// @valid the one about X within a right angle
void kc_report_eval_attitude(const double base[4], const double body[4], double angle[3]);
