// Disturbance observer: the joint torques that the internal model does not know.
//
// Generalized momentum over one tick: with p = M v and bias b(q, v),
//   M (v_k - v_{k-1}) / dt + b = tau + passive + J' F + d,
// with muscles as strong as the internal model believes (what they lack is unknown torque too), all
// of it at the middle of the tick, mean torques and foot loads over the tick. The torque d that
// is left over is low-passed with the observer's time constant, held within half the joint's
// torque limit, and subtracted from what the inverse dynamics ask for. Legs, and the spine where
// muscles move it.
// Source: control.md 0.1.
#include "control/parts.lane.h"

// the wrench on each foot about the rear foot's origin, into link axes
static void add_foot_loads(kc_control *c, const kc_sense *felt) {
  for (int k = 0; k < KC_N_SIDE; k++) {
    int foot = c->map.leg[k].foot;
    const kc_mat3 *R = &c->body->rot[foot];
    kc_spatial *f = &c->body->force[foot];
    for (int i = 0; i < 3; i++)
      for (int r = 0; r < 3; r++) {
        f->v[i] += R->m[3 * r + i] * felt->foot_moment[k].v[r];
        f->v[3 + i] += R->m[3 * r + i] * felt->foot_force[k].v[r];
      }
  }
}

// the lower of heel and ball
static void feel_sole(kc_control *c, int k) {
  int foot = c->map.leg[k].foot;
  kc_vec3 heel = kc_body_point_position(c->body, foot, &c->heel[k]);
  kc_vec3 ball = kc_body_point_position(c->body, foot, &c->ball[k]);
  mask on_heel = kc_lt(heel.v[1], ball.v[1]);
  for (int i = 0; i < 3; i++)
    c->sole[k].v[i] = kc_select(on_heel, heel.v[i], ball.v[i]);
}

static void observe_joint(kc_control *c, const kc_sense *felt, int j, real share) {
  real unknown = c->tau[j] - c->passive[j] - (felt->torque_mean[j] + c->lacking[j]);
  real most = 0.5 * c->torque_limit[j];
  c->observed[j] += share * (kc_clamp(unknown, -most, most) - c->observed[j]);
}

void kc_control_observe(kc_control *c, const kc_sense *felt) {
  kc_control_expect_torque(c, felt);
  for (int j = 0; j < c->n; j++) {
    c->q[j] = 0.5 * (felt->q[j] + c->q_before[j]);
    c->v[j] = 0.5 * (felt->v[j] + c->v_before[j]);
    c->qdd[j] = (felt->v[j] - c->v_before[j]) / c->interval;
    c->q_before[j] = felt->q[j], c->v_before[j] = felt->v[j];
  }
  kc_control_compute_model(c);
  kc_force_compute_band_torques(c->force, c->tree, c->body, c->force_work, c->sling);
  for (int k = 0; k < KC_N_SIDE; k++)
    feel_sole(c, k);
  if (!c->use_observer)
    return;
  add_foot_loads(c, felt);
  kc_body_compute_forces(c->tree, c->qdd, c->body, c->tau);
  real share = c->interval / (c->interval + c->p.observer_time);
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int i = 0; i < KC_N_LEG_JOINT; i++)
      observe_joint(c, felt, c->map.leg[k].joint[i], share);
  for (int i = 0; i < 6 && c->muscles; i++)
    observe_joint(c, felt, c->map.spine[i], share);
}
