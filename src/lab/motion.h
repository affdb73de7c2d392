/// @file
/// A run as a gait laboratory would have it: angles of both sides at the samples, forces filtered,
/// contacts above a threshold. Filled sample by sample, from a file (motion_file.h) or as it runs.
#pragma once
#include "gait/steps.h"
#include "lab/quantity.h"

/// One run. Values at the left foot's steps are those of the mirror image.
typedef struct {
  int max_sample, n_sample;
  double *time;                             ///< (n_sample) s
  double *series[KC_N_QUANTITY][KC_N_SIDE]; ///< (n_sample) of quantities over strides; else NULL
  int n_tick;
  double *tick_time;           ///< (n_tick) s, halfway between samples
  double *force[KC_N_SIDE][3]; ///< (n_tick) N, ground axes; filtered once it is finished
  kc_tick *tick;               ///< (n_tick) the same, and the mass centre, for src/gait
  double com[3];               ///< m, of the last sample
  double weight;               ///< N, set by the caller
  double settle;               ///< s, start of the run that its metrics leave out; by the caller
  /// where a quantity's coordinate stands in kc_lab_sample.q, by the caller; -1: it is held at 0
  int column[KC_N_QUANTITY][KC_N_SIDE];
  double *memory; ///< of the arrays of doubles
} kc_motion;

/// What is looked at of one moment.
typedef struct {
  double time;         ///< s
  const double *q;     ///< coordinates of the model, rad or m
  const double *com;   ///< (3) m
  const double *force; ///< (side x 3) N, means over the time since the last sample
  double trunk[3];     ///< rad, thorax to pelvis about Z, X, Y as of kc_lab_eval_angles
} kc_lab_sample;

/// An empty run with room for samples, and no columns.
///
/// @param motion set to what kc_lab_destroy_motion frees, NULL on failure
/// @return KC_OK; KC_ERR_MEMORY
kc_status kc_lab_create_motion(int max_sample, kc_motion **motion, kc_error *error) KC_WARN_UNUSED;
/// Empties it for the next run; room and columns stay.
void kc_lab_restart_motion(kc_motion *motion);
/// Frees a run; takes NULL.
void kc_lab_destroy_motion(kc_motion *motion);
/// Adds the next sample; beyond the room it is left out.
void kc_lab_add_sample(kc_motion *motion, const kc_lab_sample *sample);
/// Filters the forces, once all samples are there.
///
/// @param filter Hz, cut-off of the forces; 0 for none
/// @return KC_OK; KC_ERR_INPUT for fewer than 3 samples or too few a second for the filter
kc_status kc_lab_finish_motion(kc_motion *motion, double filter, kc_error *error) KC_WARN_UNUSED;

/// The model's coordinate that a quantity is for a foot's side, such as "hip_flexion_r".
/// @return 1; 0 for a quantity that is no coordinate
int kc_lab_write_coordinate(int quantity, int side, char *name, size_t size);
/// Angles of a rotation R = Rz Rx Ry: about Z, then the turned X, then the turned Y.
///
/// @param R      (9) rows; of the thorax in the pelvis: extension, bending, rotation, as the one
///               joint between them of Hamner 2010 has them, not sums over the joints of the spine
/// @param angle  [out] (3) rad, about Z, X, Y
/// @valid the one about X within a right angle
void kc_lab_eval_angles(const double R[9], double angle[3]);
/// The same of a body's attitude in another's.
///
/// @param base,body (4) unit quaternions w x y z to a common frame
void kc_lab_eval_attitude(const double base[4], const double body[4], double angle[3]);
