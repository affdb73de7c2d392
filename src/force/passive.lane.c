// Passive joint torques: ends of range, spring and damping of one coordinate (numbers.md A6).
//
//   T(q) = k1 g(k2 (q - upper)) + k3 g(k4 (q - lower)) - stiffness (q - rest) - damping v
//   g(x) = exp(x) for x <= 5, exp(5) (1 + x - 5) beyond: once differentiable, finite for every q
// Damping is implicit: over a step the torque is T(q, v_held) - settle damping a. Exponentials that
// no lane has are left out; adding them with k = 0 gives the same bits, so neighbours do not
// matter.
// Source: Anderson and Pandy 1999 (doi:10.1080/10255849908907988) as coded in numbers.md A6; the
// linear continuation is ours.
#include "force/force_parts.lane.h"

void kc_force_load_passive(kc_force *force, int lane, const kc_model *model) {
  for (int j = 0; j < force->n_joint; j++) {
    const kc_passive *from = &model->joint[j].passive;
    force_passive *to = &force->passive[j];
    kc_set(&to->k1, lane, from->k1), kc_set(&to->k2, lane, from->k2);
    kc_set(&to->k3, lane, from->k3), kc_set(&to->k4, lane, from->k4);
    kc_set(&to->upper, lane, from->upper), kc_set(&to->lower, lane, from->lower);
    kc_set(&to->stiffness, lane, from->stiffness), kc_set(&to->rest, lane, from->rest);
    kc_set(&to->damping, lane, from->damping);
    force->has_upper[j] |= from->k1 < 0.0 || from->k1 > 0.0;
    force->has_lower[j] |= from->k3 < 0.0 || from->k3 > 0.0;
  }
}

// exp(x), continued linearly beyond 5
static real eval_growth(real x) {
  const real knee = kc_real(5.0);
  real beyond = kc_max(x - knee, kc_real(0.0));
  return kc_exp(kc_min(x, knee)) * (kc_real(1.0) + beyond);
}

void kc_force_compute_passive(const kc_force *force, const real *q, const real *v, real settle,
                              kc_body_work *body, kc_force_work *work, real *tau_passive) {
  for (int j = 0; j < force->n_joint; j++) {
    const force_passive *p = &force->passive[j];
    // begins at +0, so that an absent exponential and one with k = 0 give the same bits
    real torque = kc_real(0.0) - p->stiffness * (q[j] - p->rest);
    if (force->has_upper[j])
      torque += p->k1 * eval_growth(p->k2 * (q[j] - p->upper));
    if (force->has_lower[j])
      torque += p->k3 * eval_growth(p->k4 * (q[j] - p->lower));
    torque -= p->damping * v[j];
    work->scratch->passive_explicit[j] = torque;
    tau_passive[j] = torque;
    body->joint_implicit[j] += settle * p->damping;
  }
}

void kc_force_complete_passive(const kc_force *force, const kc_force_span *span, const real *a,
                               kc_force_work *work) {
  for (int j = 0; j < force->n_joint; j++) {
    work->passive_torque[j] =
        work->scratch->passive_explicit[j] - force->passive[j].damping * (span->settle * a[j]);
    work->passive_power[j] = work->passive_torque[j] * (span->v[j] + span->mean * a[j]);
  }
}
