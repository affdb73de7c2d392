/// @file
/// Linear and angular momentum against impulses, and the residual of the energy audit.
///
///   m (v(t) - v(0)) = sum over samples of dt (foot forces + m g + drag + push)
///   L(t) - L(0)     = sum over samples of dt (moments of the same about the moving mass centre)
/// with the means over each interval that the simulation hands out, so nothing is lost between
/// samples; what remains is rounding (means are kept in float32).
#include "gait/budget.h"
#include <math.h>

static const double gravity_y = -9.80665;

static double sum_of(const kc_recording *r, int i, int k, kc_channel feet, kc_channel drag,
                     kc_channel push) {
  return kc_record_get(r, feet, i, k) + kc_record_get(r, feet, i, 3 + k) +
         kc_record_get(r, drag, i, k) + kc_record_get(r, push, i, k);
}

static double norm(const double *x) { return sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]); }

kc_gait_budget kc_gait_compute_budget(const kc_recording *recording) {
  const kc_recording *r = recording;
  kc_gait_budget budget = {0};
  double impulse[3] = {0}, angular[3] = {0}, mass = r->model->mass;
  for (int i = 1; i < r->n_sample; i++) {
    double dt = r->time[i] - r->time[i - 1], gap[3], angular_gap[3];
    for (int k = 0; k < 3; k++) {
      double force = sum_of(r, i, k, KC_CHANNEL_foot_force_mean, KC_CHANNEL_drag_force_mean,
                            KC_CHANNEL_push_force_mean);
      impulse[k] += dt * (force + (k == 1 ? mass * gravity_y : 0));
      angular[k] += dt * sum_of(r, i, k, KC_CHANNEL_foot_moment_mean, KC_CHANNEL_drag_moment_mean,
                                KC_CHANNEL_push_moment_mean);
      gap[k] = mass * (kc_record_get(r, KC_CHANNEL_com_velocity, i, k) -
                       kc_record_get(r, KC_CHANNEL_com_velocity, 0, k)) -
               impulse[k];
      angular_gap[k] = kc_record_get(r, KC_CHANNEL_angular_momentum, i, k) -
                       kc_record_get(r, KC_CHANNEL_angular_momentum, 0, k) - angular[k];
    }
    budget.momentum = fmax(budget.momentum, norm(gap));
    budget.angular = fmax(budget.angular, norm(angular_gap));
    budget.audit_residual =
        fmax(budget.audit_residual, fabs(kc_record_get(r, KC_CHANNEL_audit_residual, i, 0)));
  }
  return budget;
}
