// One step.
//
// Default (order 1): semi-implicit, linearly implicit in velocity.
//   (M + h D) a = actuators + passive + slings + contact + drag - bias      D: contact and joint
//   damping v' = v + h a,   q' = q + h v'
// The mass centre is integrated for itself, p' = p + h F, x' = x + h p'/m, and the pelvis' slides
// are set to agree, so the impulse of the recorded forces is the change of momentum to round-off;
// the shift is of the order of the method's own error, h^2 per step.
// Forces that damp are those applied over the step; every power is taken at the step's mean
// velocity.
//
// RK4: the classical method on (q, v, actuators), nothing implicit; works and impulses with the
// weights of the stages. The adaptive reference road is in reference.c.
#include "sim/batch.lane.h"

static const double gravity = 9.80665;

void kc_batch_compute_kinematics(kc_batch *b, kc_vec3 *com, kc_vec3 *linear) {
  kc_body_compute_pose(b->tree, b->q, b->body);
  kc_body_compute_velocity(b->tree, b->v, b->body);
  kc_body_compute_momentum(b->tree, b->body, com, linear, &b->angular_momentum);
}

static void add_push(kc_batch *b) {
  mask on = kc_ge(b->time, b->push_begin) & kc_lt(b->time, b->push_end);
  for (int i = 0; i < 3; i++)
    b->push_now.v[i] = kc_select(on, b->push_force.v[i], kc_real(0.0));
  if (!kc_any(on))
    return;
  kc_vec3 origin = {{kc_real(0.0), kc_real(0.0), kc_real(0.0)}};
  kc_body_add_force_g(b->body, b->map.pelvis, &origin, &b->push_now);
}

void kc_batch_evaluate(kc_batch *b, real step) {
  kc_body_clear_forces(b->tree, b->body);
  add_push(b);
  kc_force_compute(b->force, b->tree, b->q, b->v, step, b->body, b->force_work, b->passive);
  for (int j = 0; j < b->n; j++)
    b->tau[j] = b->actuator[j] + b->passive[j];
  kc_body_compute_acceleration(b->tree, b->tau, b->body, b->a);
  kc_force_complete(b->force, b->tree, b->v, b->a, step, b->body, b->force_work);
}

static void cross_add(kc_vec3 *sum, real time, const kc_vec3 *arm_end, const kc_vec3 *arm_begin,
                      const kc_vec3 *f) {
  real r[3];
  for (int i = 0; i < 3; i++)
    r[i] = arm_end->v[i] - arm_begin->v[i];
  sum->v[0] += time * (r[1] * f->v[2] - r[2] * f->v[1]);
  sum->v[1] += time * (r[2] * f->v[0] - r[0] * f->v[2]);
  sum->v[2] += time * (r[0] * f->v[1] - r[1] * f->v[0]);
}

static void add_scaled(kc_vec3 *sum, real factor, const kc_vec3 *x) {
  for (int i = 0; i < 3; i++)
    sum->v[i] += factor * x->v[i];
}

static void account_forces(kc_batch *b, real time) {
  const kc_force_work *w = b->force_work;
  kc_impulse *sum = &b->impulse;
  for (int k = 0; k < KC_N_SIDE; k++) {
    add_scaled(&sum->foot_force[k], time, &w->foot_force[k]);
    add_scaled(&sum->foot_moment[k], time, &w->foot_moment[k]);
    cross_add(&sum->foot_moment[k], time, &w->foot_origin, &b->com, &w->foot_force[k]);
  }
  add_scaled(&sum->drag_force, time, &w->drag_force);
  cross_add(&sum->drag_moment, time, &w->drag_point, &b->com, &w->drag_force);
  add_scaled(&sum->push_force, time, &b->push_now);
  cross_add(&sum->push_moment, time, &b->body->pos[b->map.pelvis], &b->com, &b->push_now);
}

static void account_senses(kc_batch *b, real time) {
  const kc_force_work *w = b->force_work;
  for (int k = 0; k < KC_N_SIDE && b->control; k++) {
    const kc_vec3 *foot = &b->body->pos[b->map.leg[k].foot];
    b->sense.foot_load[k] = w->foot_force[k];
    add_scaled(&b->sense.foot_force[k], time, &w->foot_force[k]);
    add_scaled(&b->sense.foot_moment[k], time, &w->foot_moment[k]);
    cross_add(&b->sense.foot_moment[k], time, &w->foot_origin, foot, &w->foot_force[k]);
  }
  for (int j = 0; j < b->n; j++)
    b->sense.torque_mean[j] += time * b->actuator[j];
  b->sense_time += time;
}

static void account_element(kc_batch *b, kc_power_group group, real time, real power) {
  b->power[group] += power;
  b->work_positive[group] += time * kc_max(power, kc_real(0.0));
}

// at the step's mean velocity, as all powers
static real push_power(const kc_batch *b, real step) {
  int link = b->map.pelvis;
  const kc_spatial *vel = &b->body->vel[link], *acc = &b->body->acc[link];
  kc_vec3 mean;
  for (int i = 0; i < 3; i++)
    mean.v[i] = vel->v[3 + i] + 0.5 * step * acc->v[3 + i];
  mean = kc_mat3_apply(&b->body->rot[link], mean);
  real power = kc_real(0.0);
  for (int i = 0; i < 3; i++)
    power += b->push_now.v[i] * mean.v[i];
  return power;
}

void kc_batch_account(kc_batch *b, real time, real step) {
  const kc_force_work *w = b->force_work;
  account_forces(b, time);
  account_senses(b, time);
  for (int g = 0; g < KC_N_POWER; g++)
    b->power[g] = kc_real(0.0);
  for (int j = 0; j < b->n; j++) {
    real mean = b->v[j] + 0.5 * step * b->a[j];
    account_element(b, KC_POWER_actuator, time, b->actuator[j] * mean);
    account_element(b, KC_POWER_passive, time, w->passive_power[j]);
  }
  for (int s = 0; s < b->n_sphere; s++)
    account_element(b, KC_POWER_contact, time, w->sphere_power[s]);
  for (int i = 0; i < b->n_band; i++)
    account_element(b, KC_POWER_sling, time, w->band_power[i]);
  account_element(b, KC_POWER_drag, time, w->drag_power);
  account_element(b, KC_POWER_push, time, push_power(b, step));
  for (int g = 0; g < KC_N_POWER; g++)
    b->work[g] += time * b->power[g];
}

// mass centre and its momentum under the forces of this step
static void advance_mass_centre(kc_batch *b, real h) {
  const kc_force_work *w = b->force_work;
  for (int i = 0; i < 3; i++) {
    real force = w->foot_force[KC_RIGHT].v[i] + w->foot_force[KC_LEFT].v[i] + w->drag_force.v[i] +
                 b->push_now.v[i];
    if (i == 1)
      force -= b->mass * gravity;
    b->momentum.v[i] += h * force;
    b->com.v[i] += h * b->momentum.v[i] / b->mass;
  }
}

// kinematics at the new state, the pelvis' slides set to agree with the mass centre
static void settle_kinematics(kc_batch *b) {
  kc_vec3 com, linear;
  kc_batch_compute_kinematics(b, &com, &linear);
  if (!b->tree->free_root) {
    b->com = com, b->momentum = linear;
    return;
  }
  for (int i = 0; i < 3; i++) {
    b->q[i] += b->com.v[i] - com.v[i];
    b->v[i] += (b->momentum.v[i] - linear.v[i]) / b->mass;
  }
  kc_body_move_root(b->tree, b->q, b->body);
  kc_body_compute_velocity(b->tree, b->v, b->body);
}

real kc_batch_drive(const kc_batch *b, int j) {
  return kc_clamp(b->command[j], -b->torque_limit[j], b->torque_limit[j]);
}

static void step_implicit(kc_batch *b, void (*sample)(kc_batch *batch)) {
  real h = b->step;
  for (int j = 0; j < b->n; j++) // the mean over the step of the actuator's exponential
    b->rate[j] = b->actuator_share[j] * (kc_batch_drive(b, j) - b->actuator[j]);
  for (int j = 0; j < b->n; j++)
    b->actuator[j] += 0.5 * b->rate[j];
  kc_batch_evaluate(b, h);
  if (sample)
    sample(b);
  kc_batch_account(b, h, h);
  for (int j = 0; j < b->n; j++) {
    b->actuator[j] += 0.5 * b->rate[j];
    b->v[j] += h * b->a[j];
    b->q[j] += h * b->v[j];
  }
  advance_mass_centre(b, h);
  b->time += h;
  settle_kinematics(b);
}

enum { N_MOST = KC_MAX_RUNNER_JOINT };

static void step_rk4(kc_batch *b, void (*sample)(kc_batch *batch)) {
  static const double node[4] = {0, 0.5, 0.5, 1}, weight[4] = {1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0};
  real q0[N_MOST], v0[N_MOST], u0[N_MOST], dq[N_MOST], dv[N_MOST], du[N_MOST];
  real h = b->step, none = kc_real(0.0);
  kc_vec3 com, linear;
  for (int j = 0; j < b->n; j++) {
    mask lags = kc_gt(b->actuator_rate[j], none);
    b->actuator[j] = kc_select(lags, b->actuator[j], kc_batch_drive(b, j));
    q0[j] = b->q[j], v0[j] = b->v[j], u0[j] = b->actuator[j];
    dq[j] = dv[j] = du[j] = none;
  }
  for (int s = 0; s < 4; s++) {
    for (int j = 0; j < b->n && s > 0; j++) { // stage state from the slopes of the stage before
      real slope_q = b->v[j], slope_v = b->a[j], slope_u = b->rate[j];
      b->q[j] = q0[j] + node[s] * h * slope_q;
      b->v[j] = v0[j] + node[s] * h * slope_v;
      b->actuator[j] = u0[j] + node[s] * h * slope_u;
    }
    kc_batch_compute_kinematics(b, &com, &linear);
    b->com = com, b->momentum = linear;
    kc_batch_evaluate(b, none);
    if (s == 0 && sample)
      sample(b);
    kc_batch_account(b, weight[s] * h, none);
    for (int j = 0; j < b->n; j++) {
      b->rate[j] = b->actuator_rate[j] * (kc_batch_drive(b, j) - b->actuator[j]);
      dq[j] += weight[s] * b->v[j], dv[j] += weight[s] * b->a[j], du[j] += weight[s] * b->rate[j];
    }
  }
  for (int j = 0; j < b->n; j++) {
    b->q[j] = q0[j] + h * dq[j], b->v[j] = v0[j] + h * dv[j];
    b->actuator[j] = u0[j] + h * du[j];
  }
  b->time += h;
  kc_batch_compute_kinematics(b, &com, &linear);
  b->com = com, b->momentum = linear;
}

void kc_batch_step(kc_batch *b, void (*sample)(kc_batch *batch)) {
  if (b->integrator == KC_STEP_RK4)
    step_rk4(b, sample);
  else
    step_implicit(b, sample);
}
