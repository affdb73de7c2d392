/// @file
/// Mass, mass centre and inertia of a body from its parts.
#pragma once
#include "model/definition.h"

/// Mass, mass centre (m) and inertia about it (Ixx Iyy Izz Ixy Ixz Iyz, kg m2).
typedef struct {
  double mass, com[3], inertia[6];
} kc_mass;

/// Sum of the de Leva mass fractions of the whole definition, and of its direct masses (kg).
void kc_model_sum_masses(const kc_model_def *def, double *fraction, double *direct);
/// Mass, mass centre and inertia of a body, parts added by the parallel-axis theorem.
///
/// De Leva masses share what the direct masses leave of the body mass, so that the sum is the mass
/// asked for. The axes of a segment with end points: longitudinal along the line, transverse
/// nearest to z, sagittal perpendicular to both.
kc_mass kc_model_compute_mass(const kc_model_def *def, const kc_def_body *body);
/// Whether an inertia can belong to a body: the sum of any two principal moments is at least the
/// third (tr(I)/2 - I positive semidefinite, to rounding).
int kc_model_inertia_is_possible(const double inertia[6]);
