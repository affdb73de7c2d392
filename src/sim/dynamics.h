/// @file
/// Dynamics of given states, for comparison with other engines: gravity (0, -9.80665, 0) and joint
/// forces alone; no contact, no passive elements.
///
///   forward  a   = M(q)^-1 (tau - h(q, v))   articulated-body algorithm
///   inverse  tau = M(q) a + h(q, v)          recursive Newton-Euler
///   mass     M(q)                            composite rigid bodies
/// Rotor inertia, where a model has any, is part of M.
#pragma once
#include "model/model.h"
#include "sim/width.h"

/// What is asked of each state.
typedef enum { KC_DYNAMICS_FORWARD, KC_DYNAMICS_INVERSE, KC_DYNAMICS_MASS } kc_dynamics_kind;

/// States in rows; SI and radians; n = model->n_joint.
typedef struct {
  kc_dynamics_kind kind;
  int n_state;
  const double *q;     ///< (n_state x n)
  const double *v;     ///< (n_state x n); not read for the mass matrix
  const double *input; ///< (n_state x n) tau (forward) or a (inverse); not read for the mass matrix
  double *output;      ///< (n_state x n) a or tau; (n_state x n n) M, row-major
} kc_dynamics;

/// Computes all states, `width` at a time (the same bits for every width).
/// @param width 1, 4 or 8
/// @return KC_OK; KC_ERR_MEMORY
kc_status kc_sim_compute_dynamics(int width, const kc_model *model, const kc_dynamics *dynamics,
                                  kc_error *error) KC_WARN_UNUSED;

/// One variant of kc_sim_compute_dynamics for each lane tag.
#define X(tag, lanes)                                                                              \
  kc_status kc_sim_batch_dynamics_##tag(const kc_model *model, const kc_dynamics *dynamics)        \
      KC_WARN_UNUSED;
KC_VARIANT_LIST(X)
#undef X
