// What the runner makes of its senses: the state when its commands will act, and the torques that
// its internal model does not know.
//
// Prediction: actuators follow commands with a first-order lag T, so commands are computed for the
// state a share of T ahead,  q + v h + a h^2/2,  v + a h,  a the sensed acceleration (low-pass).
// Observer (generalized momentum over one tick): with p = M v,
//   M (v_k - v_{k-1}) / dt + bias = tau + passive + J' F + d,
// all of it at the middle of the tick, mean torques and foot loads over the tick; the torque d that
// is left over is low-passed with the observer's time constant and added to the inverse dynamics.
// Source: control.md 0.1, 0.3.
#include "control/parts.lane.h"

#define ACCELERATION_TIME 0.004 // s, low-pass of sensed accelerations
#define MOST_ACCELERATION 600.0 // rad/s2

void kc_control_sense(kc_control *c, const kc_sense *sense) {
  real most = kc_real(MOST_ACCELERATION);
  real share = 1.0 - kc_exp(-c->interval / ACCELERATION_TIME);
  real ahead = c->use_predictor ? c->p.predict_share * c->lag : kc_real(0.0);
  for (int j = 0; j < c->n; j++) {
    real a = kc_clamp((sense->v[j] - c->v_before[j]) / c->interval, -most, most);
    c->acceleration[j] += share * (a - c->acceleration[j]);
    c->v[j] = sense->v[j] + ahead * c->acceleration[j];
    c->q[j] = sense->q[j] + ahead * (sense->v[j] + 0.5 * ahead * c->acceleration[j]);
  }
}

// the wrench on each foot about the rear foot's origin, into link axes
static void add_foot_loads(kc_control *c, const kc_sense *sense) {
  for (int k = 0; k < KC_N_SIDE; k++) {
    int foot = c->map.leg[k].foot;
    const kc_mat3 *R = &c->body->rot[foot];
    kc_spatial *f = &c->body->force[foot];
    for (int i = 0; i < 3; i++)
      for (int r = 0; r < 3; r++) {
        f->v[i] += R->m[3 * r + i] * sense->foot_moment[k].v[r];
        f->v[3 + i] += R->m[3 * r + i] * sense->foot_force[k].v[r];
      }
  }
}

void kc_control_observe(kc_control *c, const kc_sense *sense) {
  if (!c->use_observer) return;
  for (int j = 0; j < c->n; j++) {
    c->q[j] = 0.5 * (sense->q[j] + c->q_before[j]);
    c->v[j] = 0.5 * (sense->v[j] + c->v_before[j]);
    c->qdd[j] = (sense->v[j] - c->v_before[j]) / c->interval;
  }
  kc_control_compute_model(c);
  add_foot_loads(c, sense);
  kc_body_compute_forces(c->tree, c->qdd, c->body, c->tau);
  real share = c->interval / (c->interval + c->p.observer_time);
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int i = 0; i < KC_N_LEG_JOINT; i++) {
      int j = c->map.leg[k].joint[i];
      real unknown = c->tau[j] - c->passive[j] - sense->torque_mean[j];
      real most = 0.5 * c->torque_limit[j];
      c->observed[j] += share * (kc_clamp(unknown, -most, most) - c->observed[j]);
    }
}
