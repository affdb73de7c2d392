// Prediction: the state in which commands given now will act.
//
// What is sensed is a neural delay old, and actuators follow commands with a first-order lag. The
// internal model is integrated from the sensed state over the delay, with the commands already
// sent, and on over the horizon: a share of the lag of motors, or what muscles need to answer. It
// stands on the ground as each foot's last footfall showed it (a leg that is not as long as
// believed meets its own ground), and feels the torques that the observer has found. Semi-implicit
// steps, damping at their end, up to 1.25 ms over the delay, up to 4 ms over the lag.
// Source: control.md 0.3.
#include "control/parts.lane.h"

static void advance(kc_control *c, const real *command, real h) {
  real share = 1.0 - kc_exp(-h / kc_max(c->lag, kc_real(1e-6)));
  kc_body_compute_pose(c->tree, c->q, c->body);
  kc_body_compute_velocity(c->tree, c->v, c->body);
  kc_body_clear_forces(c->tree, c->body);
  kc_force_span span = kc_force_span_of_step(c->v, c->body, h);
  kc_force_compute(c->force, c->q, &span, c->body, c->force_work, c->passive);
  for (int j = 0; j < c->n; j++)
    c->tau[j] = c->torque[j] + c->passive[j] + c->sling[j] + c->observed[j];
  kc_body_compute_acceleration(c->tree, c->tau, c->body, c->qdd);
  for (int j = 0; j < c->n; j++) {
    c->v[j] += h * c->qdd[j];
    c->q[j] += h * c->v[j];
    c->torque[j] += share * (command[j] - c->torque[j]);
  }
}

void kc_control_predict(kc_control *c, const kc_sense *felt) {
  for (int j = 0; j < c->n; j++) {
    c->q[j] = felt->q[j], c->v[j] = felt->v[j];
    c->torque[j] = felt->torque[j] + c->lacking[j];
  }
  if (!c->use_predictor)
    return;
  real height[KC_N_SIDE]; // of the believed planes at the origin
  for (int k = 0; k < KC_N_SIDE; k++)
    height[k] = kc_believed_height(c, k, kc_real(0.0)) - c->camber * c->ground[k].v[2];
  kc_force_set_plane(c->force, c->slope, c->camber, height);
  for (int age = c->n_delay; age >= 1; age--)
    for (int s = 0; s < c->n_delay_step; s++)
      advance(c, kc_control_recall_command(c, age), c->interval / (double)c->n_delay_step);
  real h = c->horizon / (double)c->n_lag_step;
  for (int s = 0; s < c->n_lag_step; s++)
    advance(c, kc_control_recall_command(c, 1), h);
}
