/// @file
/// How steady a point of the body is over time: turning of its body, and its wander up and down and
/// sideways.
#pragma once
#include "force/ground.h"
#include "study/chain.h"

/// Sums over time of one point; empty when zero.
typedef struct {
  double span;           ///< s
  double rate2;          ///< integral of the squared angular velocity
  double height1, side1; ///< integrals of height above the plane of the ground and of the way to
  double height2, side2; ///< the right of the mass centre; and of their squares
} kc_steadiness;

/// Adds a stretch of time.
///
/// @param com  (3) mass centre of the whole body, m, ground
/// @param dt   s, > 0
void kc_steadiness_add(kc_steadiness *steadiness, const kc_study_motion *motion, const double *com,
                       const kc_ground *ground, double dt);
/// Root mean square of the angular velocity, rad/s; 0 where nothing was added.
double kc_steadiness_rate(const kc_steadiness *steadiness);
/// Standard deviation of the height, m; waves of the ground count as motion.
double kc_steadiness_vertical(const kc_steadiness *steadiness);
/// Standard deviation of the way to the right of the mass centre, m; so drift and bends do not
/// count.
double kc_steadiness_lateral(const kc_steadiness *steadiness);
