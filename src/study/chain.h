/// @file
/// Motion of one point of the body from joint coordinates: what a tick does not carry.
#pragma once
#include "model/model.h"

/// A point fixed in a link, as ground axes see it.
typedef struct {
  double position[3]; ///< m
  double velocity[3]; ///< m/s
  double rate[3];     ///< angular velocity of the link, rad/s
} kc_study_motion;

/// The rearmost sphere of the rear foot of a side (the one nearest to the root that has spheres).
/// @return its index, or -1 where the side has none
int kc_study_find_heel(const kc_model *model, int side);

/// Motion of a point of a link.
///
///   p_i = p_parent + R_parent o_i,  R_i = R_parent R(axis, q),  w_i = w_parent + R_parent axis v,
///   u_i = u_parent + w_parent x R_parent o_i;  slides add R axis q to p, R axis v + w x (..) to u
/// @param point  (3) link frame, m
/// @param q, v   (n_joint) rad or m, and per second
/// @valid chains of at most 32 joints
kc_study_motion kc_study_compute_motion(const kc_model *model, int link, const double *point,
                                        const double *q, const double *v);

/// Velocity of a sphere's centre along ground X, m/s; 0 for sphere -1.
double kc_study_compute_sphere_speed(const kc_model *model, int sphere, const double *q,
                                     const double *v);

/// Attitude of a link's axes in those of a link above it, from joint coordinates.
///
/// @param R  [out] (9) rows: components in the link's axes to components in those of `above`
/// @valid    chains of at most 32 joints
void kc_study_compute_turn(const kc_model *model, int above, int link, const double *q, double *R);
