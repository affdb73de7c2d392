/// @file
/// How far a curve or number lies from measured ones, in their standard deviations.
#pragma once
#include "lab/quantity.h"

/// Where kc_score_share.clipped cuts a deviation off, SD.
enum { KC_SCORE_CLIP = 6 };

/// Shares and RMS of the deviations z = (value - mean) / SD.
typedef struct {
  double within_1, within_2; ///< share of points with |z| <= 1, <= 2
  double rms;                ///< sqrt(mean z^2)
  double clipped;            ///< sqrt(mean min(|z|, KC_SCORE_CLIP)^2)
} kc_score_share;

/// An extreme value of a curve against that of the measured mean; NaN where the mean has it within
/// 5 % of the ends of a curve that does not repeat, which is no peak.
typedef struct {
  double error; ///< value less that of the measured mean, unit of the curve
  double shift; ///< how much later it comes, % of the stride or stance
} kc_score_extreme;

/// Score of one quantity.
typedef struct {
  int n;                        ///< points; 0: not scored, 1: a number
  kc_score_share share;         ///< as it is
  double offset;                ///< mean of value - mean over the points, unit of the quantity
  kc_score_share shape;         ///< with that offset taken away; NaN where it says nothing
  kc_score_extreme most, least; ///< largest and smallest value; NaN for a number
} kc_score;

/// Mean of scores, each quantity with the same weight (RMS: root of the mean square).
typedef struct {
  int n_quantity;
  kc_score_share share, shape; ///< shape: of the n_shape among them that have one
  int n_shape;
} kc_score_sum;

/// Scores a curve.
///
/// @param n       points (>= 2)
/// @param percent (n) where they lie, rising
/// @param mean,sd (n) what was measured there; sd > 0
/// @param value   (n) the curve
/// @param period  % after which the curve repeats, so that a peak at 98 is 4 before one at 2; 0 for
///                one that does not repeat
kc_score kc_lab_score_curve(int n, const double *percent, const double *mean, const double *sd,
                            const double *value, double period);
/// Scores a number; sd > 0.
kc_score kc_lab_score_number(double mean, double sd, double value);
/// Adds up scores; those with n = 0 do not count.
///
/// @param group  a group, or KC_N_GROUP for all
/// @param score  (KC_N_QUANTITY)
kc_score_sum kc_lab_sum_scores(const kc_score *score, int group);
