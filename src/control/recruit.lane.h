/// @file
/// Recruitment in lanes: from desired joint moments to activations.
///
///   minimise  1/2 sum_m w_m a_m^2 + 1/(2 softness) |C a - d|^2     within lower <= a <= upper
/// C (n_moment x n_muscle): moment of full activation; d: demand less what passive tissue gives.
/// The dual has one unknown per moment: a = clip(C' y / w), C a(y) + softness y = d, solved by a
/// damped semismooth Newton method with a fixed number of steps, started from the last solution.
/// What is not met is reported, never added as a force.
#pragma once
#include "math/real.h"

enum { KC_RECRUIT_MAX_MOMENT = 12, KC_RECRUIT_MAX_MUSCLE = 64, KC_RECRUIT_STEPS = 6 };

/// A problem of one limb or trunk; arrays belong to the caller.
typedef struct {
  int n_moment, n_muscle;
  const real *gain;          ///< (n_moment x n_muscle) Nm at full activation
  const real *weight;        ///< (n_muscle) > 0: volume share
  const real *lower, *upper; ///< (n_muscle) reachable activations, 0 <= lower <= upper <= 1
  const real *demand;        ///< (n_moment) Nm
  real softness;             ///< Nm^2 per unit of weight: > 0, small
} kc_recruit_problem;

#define kc_recruit_solve KC_LANE(kc_recruit_solve)

/// @param multiplier [in,out] (n_moment) y: start and solution
/// @param activation [out] (n_muscle)
/// @param unmet      [out] (n_moment) d - C a, Nm
/// @return largest |C a(y) + softness y - d| left, Nm
real kc_recruit_solve(const kc_recruit_problem *problem, real *multiplier, real *activation,
                      real *unmet);
