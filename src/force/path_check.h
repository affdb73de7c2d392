/// @file
/// Looks over the paths of a model: jumps of length, ends inside surfaces, arms and greatest
/// tensions at postures, the way that paths take.
///
/// A length is continuous where its change over a small turn equals the mean arm times the turn.
/// From drawn postures each coordinate is swept through its range; where a change is off by more
/// than KC_PATH_LEAST_JUMP, the path jumped: it fell over the cut of a cylinder's sense, or an end
/// went in or out of a surface.
#pragma once
#include "model/model.h"

/// Change of length that counts as a jump, m.
#define KC_PATH_LEAST_JUMP 2e-5

/// Postures to look at: a box of coordinates.
typedef struct {
  const double *lower, *upper; ///< (n_joint) rad or m
  int n_posture;               ///< postures that sweeps start from: zero, then drawn ones
  int n_step;                  ///< of one sweep
} kc_path_sweep;

/// Jumps of one muscle's length over sweeps of one coordinate.
typedef struct {
  int n;       ///< how many steps jumped; 0: continuous
  int posture; ///< that the sweep of the largest started from
  double size; ///< of the largest, m
  double at;   ///< its coordinate, rad or m
} kc_path_jump;

/// Muscles at postures.
typedef struct {
  double *length;  ///< (n_posture x n_muscle) m
  double *tension; ///< (n_posture x n_muscle) N, isometric at full activation
  double *fibre;   ///< (n_posture x n_muscle) its length over optimal then
  double *arm;     ///< (n_posture x n_muscle x n_joint) m
} kc_path_posture;

/// The way that paths take, ground frame.
typedef struct {
  double *point; ///< (n_path_point x 3) m
  double *touch; ///< (n_path_wrap x 2 x 3) m: where the path meets the surface and leaves it
  int *touched;  ///< (n_path_wrap) 1 where it does, else its touch is not to be used
} kc_path_way;

/// Writes the box of measured running into lower and upper (n_joint); coordinates that are not in
/// the table keep the range of their joint, the free root stays at zero.
///
/// Means of the stride at 3 and 4 m/s minus and plus 4 standard deviations between runners, Hamner
/// and Delp 2013; subtalar angle at 2.5 and 3.5 m/s, Fukuchi, Fukuchi and Duarte 2017; the spine's
/// two joints take half each.
void kc_path_find_envelope(const kc_model *model, double *lower, double *upper);
/// The posture of that number: q (n_joint).
void kc_path_draw_posture(const kc_model *model, const kc_path_sweep *sweep, int number, double *q);

/// X(tag): one of each of the functions below for each lane tag; all give the same.
#define KC_PATH_CHECK_TAGS(X) X(l1) X(l4) X(l8) X(l8x)
#define X(tag)                                                                                     \
  kc_status kc_path_find_jumps_##tag(const kc_model *model, const kc_path_sweep *sweep,            \
                                     kc_path_jump *jump, double *depth) KC_WARN_UNUSED;            \
  kc_status kc_path_eval_postures_##tag(const kc_model *model, int n_posture, const double *q,     \
                                        kc_path_posture *out) KC_WARN_UNUSED;                      \
  kc_status kc_path_eval_way_##tag(const kc_model *model, const double *q, kc_path_way *out)       \
      KC_WARN_UNUSED;
/// kc_path_find_jumps: sweeps -> jump (n_muscle x n_joint), depth (n_path_wrap, how far an end lies
/// inside the surface it goes round at most, m; 0 for never).
/// kc_path_eval_postures: q (n_posture x n_joint) -> out, whose arrays the caller owns.
/// kc_path_eval_way: q (n_joint) -> out, whose arrays the caller owns.
KC_PATH_CHECK_TAGS(X)
#undef X
