/// @file
/// Recruitment in lanes: from desired joint moments to activations.
///
///   minimise  1/2 sum_j w_j a_j^2 + 1/2 sum_m (C a - d)_m^2 / softness_m   in lower <= a <= upper
/// C (n_moment x n_muscle): moment of full activation; d: demand less what passive tissue gives.
/// The dual has one unknown per moment: with a(y) = clip(C' y / w) the optimum is the root of
///   C a(y) + softness y - d = 0,
/// the gradient of a convex, piecewise quadratic function, and y is d - C a over softness. A demand
/// within reach is met but for softness times y; one beyond reach gives the moments closest to it
/// in the sense of the second sum. What is not met is reported, never added as a force.
///
/// Method: semismooth Newton with a line search, from the last solution, until every lane is solved
/// to round-off, at most KC_RECRUIT_STEPS steps. It must be solved: what is left of an iteration
/// that was cut short hangs on its last bits, and a run and its mirror image part within a stride.
/// Newton's steps do not depend on the units of single moments:
/// hips of 250 Nm and toes of 10 Nm need no scaling; only softness must suit each.
#pragma once
#include "control/map.h"
#include "math/real.h"

/// Sizes of the largest problem; most Newton steps of a call; trials of step length in each.
enum {
  KC_RECRUIT_MAX_MOMENT = 12,
  KC_RECRUIT_MAX_MUSCLE = KC_MAX_GROUP_MUSCLE,
  KC_RECRUIT_STEPS = 40,
  KC_RECRUIT_TRIALS = 8
};

/// From the first to the last, begin <= i < end.
typedef struct {
  int begin, end;
} kc_recruit_span;

/// A problem of one limb or trunk; arrays belong to the caller.
typedef struct {
  int n_moment, n_muscle;
  const kc_recruit_span *row;     ///< (n_moment) muscles outside have no gain there
  const kc_recruit_span *crossed; ///< (n_muscle) moments outside have no gain of it
  const real *gain;               ///< (n_moment x n_muscle) Nm at full activation
  const real *weight;             ///< (n_muscle) > 0: volume share
  const real *lower, *upper;      ///< (n_muscle) reachable activations, 0 <= lower <= upper <= 1
  const real *demand;             ///< (n_moment) Nm
  const real *softness;           ///< (n_moment) > 0, Nm^2 per unit of weight
} kc_recruit_problem;

#define kc_recruit_solve KC_LANE(kc_recruit_solve)
#define kc_recruit_compute_softness KC_LANE(kc_recruit_compute_softness)

/// Solves to round-off; activations are within their bounds even where the steps run out.
///
/// @param multiplier [in,out] (n_moment) y: start and solution; a start that is not finite counts
///                   as zero
/// @param activation [out] (n_muscle)
/// @param unmet      [out] (n_moment) d - C a, Nm
/// @return largest |C a(y) + softness y - d| left, Nm: zero but for round-off at the optimum
real kc_recruit_solve(const kc_recruit_problem *problem, real *multiplier, real *activation,
                      real *unmet);

/// softness_m = share (c^2 + 1 Nm^2), c = 1/2 sum_j |gain_mj|: about the moment that all flexors or
/// all extensors give. With weights of sum 1, a share of 0.01 leaves about 0.1 % of c unmet.
///
/// @param gain     [in] (n_moment x n_muscle) Nm
/// @param softness [out] (n_moment)
void kc_recruit_compute_softness(int n_moment, int n_muscle, const real *gain, double share,
                                 real *softness);
