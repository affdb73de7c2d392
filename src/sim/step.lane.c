// One step.
//
// Default: leapfrog, of second order. The step holds the velocity of half a step ago:
//   a_n     from (M + D) a = actuators + passive + slings + contact + drag - bias  at q_n
//   v_(n+1/2) = v_(n-1/2) + h a_n,   q_(n+1) = q_n + h v_(n+1/2),   v_n = v_(n-1/2) + h a_n / 2
// Damping (contact, friction, joints) is linearly implicit: D is half a step times it, so that its
// forces are those at v_n, stable for any damping and step. What else asks for v_n before a_n is
// known (inertial forces, slings, drag, coefficients of damping, the controller) takes
// v_(n-1/2) + h a_(n-1) / 2. The first step begins at v_0 and is half a kick.
// The mass centre is integrated for itself by the same rule, and the pelvis' slides are set to
// agree, so the impulse of the recorded forces is the change of momentum to round-off; the shift
// is of the method's own error. Powers are forces times velocities at t_n, with the weights of the
// trapezoidal rule between samples.
// Muscles act by their moments about the joints. Activations and fibres make their own implicit
// step to every muscle_steps-th pose; there the moments are those of tension and path, and in
// between they go on as they went since the muscles' last step: of second order too. So do fascial
// nodes, which make their implicit step with the muscles that end in them.
// Source: Verlet 1967 (doi:10.1103/PhysRev.159.98) in the form of Hockney 1970.
#include "sim/batch.lane.h"
#include <string.h>

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

void kc_batch_evaluate(kc_batch *b, const kc_force_span *span) {
  kc_body_clear_forces(b->tree, b->body);
  add_push(b);
  kc_force_compute(b->force, b->q, span, b->body, b->force_work, b->passive);
  for (int j = 0; j < b->n; j++)
    b->tau[j] = kc_batch_torque(b, j) + b->passive[j];
  kc_body_compute_acceleration(b->tree, b->tau, b->body, b->a);
  kc_force_complete(b->force, span, b->a, b->body, b->force_work);
  if (b->muscles && b->muscle_age == 0)
    kc_muscle_set_complete(b->muscles, span, b->a, b->force_work->node_rate, b->body,
                           b->muscle_work);
  if (b->load && b->load_due)
    kc_joint_load_compute(b->load, b->tree, b->body, b->force_work, b->muscles, b->muscle_work);
}

void kc_batch_place(kc_batch *b) {
  kc_batch_compute_kinematics(b, &b->com, &b->momentum);
  if (b->muscles)
    kc_batch_evaluate_muscles(b);
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

real kc_batch_torque(const kc_batch *b, int j) {
  return b->muscles ? b->actuator[j] + b->muscle_torque[j] : b->actuator[j];
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
    b->sense.torque_mean[j] += time * kc_batch_torque(b, j);
  b->sense_time += time;
}

// work of muscles by their moments; its positive part by muscle, as of their last step
static void account_muscles(kc_batch *b, real time, const kc_force_span *span) {
  for (int j = 0; j < b->n; j++)
    b->power[KC_POWER_muscle] += b->muscle_torque[j] * (span->v[j] + span->mean * b->a[j]);
  const kc_node_input *in = &b->force_work->node;
  for (int t = 0; t < in->n_tie; t++) // and on nodes that they end in
    b->power[KC_POWER_muscle] +=
        in->tie[t].tension *
        kc_vec3_dot(in->tie[t].pull, b->force_work->node_rate[in->tie_node[t]]);
  for (int m = 0; m < b->n_muscle; m++)
    b->work_positive[KC_POWER_muscle] += time * kc_max(b->muscle_work->power[m], kc_real(0.0));
}

static void account_element(kc_batch *b, kc_power_group group, real time, real power) {
  b->power[group] += power;
  b->work_positive[group] += time * kc_max(power, kc_real(0.0));
}

static real push_power(const kc_batch *b, const kc_force_span *span) {
  int link = b->map.pelvis;
  const kc_spatial *vel = &span->vel[link], *acc = &b->body->acc[link];
  kc_vec3 mean;
  for (int i = 0; i < 3; i++)
    mean.v[i] = vel->v[3 + i] + span->mean * acc->v[3 + i];
  mean = kc_mat3_apply(&b->body->rot[link], mean);
  real power = kc_real(0.0);
  for (int i = 0; i < 3; i++)
    power += b->push_now.v[i] * mean.v[i];
  return power;
}

void kc_batch_account(kc_batch *b, real time, const kc_force_span *span) {
  const kc_force_work *w = b->force_work;
  account_forces(b, time);
  account_senses(b, time);
  kc_energy_account(b->energy, w, time);
  for (int g = 0; g < KC_N_POWER; g++)
    b->power[g] = kc_real(0.0);
  for (int j = 0; j < b->n; j++) {
    real mean = span->v[j] + span->mean * b->a[j];
    account_element(b, KC_POWER_actuator, time, b->actuator[j] * mean);
    account_element(b, KC_POWER_passive, time, w->passive_power[j]);
  }
  if (b->muscles)
    account_muscles(b, time, span);
  for (int s = 0; s < b->n_sphere; s++)
    account_element(b, KC_POWER_contact, time, w->sphere_power[s]);
  for (int i = 0; i < b->n_band; i++)
    account_element(b, KC_POWER_sling, time, w->band_power[i]);
  for (int i = 0; i < b->n_node; i++)
    account_element(b, KC_POWER_sling, time, w->node_power[i]);
  account_element(b, KC_POWER_drag, time, w->drag_power);
  account_element(b, KC_POWER_push, time, push_power(b, span));
  for (int g = 0; g < KC_N_POWER; g++)
    b->work[g] += time * b->power[g];
}

// velocities and momenta at t_n, now that a_n is known: for samples. The pelvis' slides are set to
// agree with the mass centre, as in settle_kinematics.
static void arrive(kc_batch *b, const kc_vec3 *force) {
  kc_vec3 com, linear;
  for (int j = 0; j < b->n; j++)
    b->v[j] = b->held[j] + b->lead * b->a[j];
  kc_body_compute_twists(b->tree, b->v, b->body, b->body->vel);
  kc_body_compute_momentum(b->tree, b->body, &com, &linear, &b->angular_momentum);
  b->momentum = linear;
  for (int i = 0; i < 3 && b->tree->free_root; i++) {
    b->momentum.v[i] = b->momentum_held.v[i] + b->lead * force->v[i];
    b->v[i] += (b->momentum.v[i] - linear.v[i]) / b->mass;
  }
  kc_body_compute_velocity(b->tree, b->v, b->body);
}

static kc_vec3 total_force(const kc_batch *b) {
  const kc_force_work *w = b->force_work;
  kc_vec3 force;
  for (int i = 0; i < 3; i++)
    force.v[i] = w->foot_force[KC_RIGHT].v[i] + w->foot_force[KC_LEFT].v[i] + w->drag_force.v[i] +
                 b->push_now.v[i];
  force.v[1] -= b->mass * gravity;
  return force;
}

// kick and drift; the velocity at the next step as far as this one knows it
static void advance(kc_batch *b, const kc_vec3 *force) {
  real h = b->step, half = 0.5 * h, kick = b->lead + half;
  for (int j = 0; j < b->n; j++) {
    b->rate[j] = b->actuator_share[j] * (kc_batch_drive(b, j) - b->actuator[j]);
    b->actuator[j] += b->rate[j];
    b->held[j] += kick * b->a[j];
    b->q[j] += h * b->held[j];
    b->v[j] = b->held[j] + half * b->a[j];
  }
  for (int i = 0; i < 3; i++) {
    b->momentum_held.v[i] += kick * force->v[i];
    b->com.v[i] += h * b->momentum_held.v[i] / b->mass;
    b->momentum.v[i] = b->momentum_held.v[i] + half * force->v[i];
  }
  b->lead = half;
  b->time += h;
}

// kinematics at the new state, the pelvis' slides set to agree with the mass centre
static void settle_kinematics(kc_batch *b) {
  kc_vec3 com, linear;
  kc_batch_compute_kinematics(b, &com, &linear);
  if (b->tree->free_root) {
    for (int i = 0; i < 3; i++) {
      b->q[i] += b->com.v[i] - com.v[i];
      b->held[i] += (b->momentum.v[i] - linear.v[i]) / b->mass;
    }
    kc_body_move_root(b->tree, b->q, b->body);
  } else {
    b->com = com, b->momentum = linear;
  }
  kc_body_compute_twists(b->tree, b->held, b->body, b->held_vel);
}

real kc_batch_drive(const kc_batch *b, int j) {
  return kc_clamp(b->command[j], -b->torque_limit[j], b->torque_limit[j]);
}

void kc_batch_evaluate_muscles(kc_batch *b) {
  kc_muscle_set_evaluate(b->muscles, b->tree, b->q, b->body, b->muscle_work, &b->muscle);
  memcpy(b->muscle_torque, b->muscle_work->moment, (size_t)b->n * sizeof(real));
}

// moments and tensions of muscles between their steps
static void go_on(kc_batch *b) {
  const real *moment = b->muscle_work->moment;
  double share = (double)b->muscle_age / b->muscle_steps;
  for (int j = 0; j < b->n; j++)
    b->muscle_torque[j] = moment[j] + share * (moment[j] - b->moment_before[j]);
  kc_muscle_set_extrapolate_ties(b->muscles, share, b->muscle_work);
}

// nodes and muscles to the pose that the kinematics have now
static void step_tissue(kc_batch *b) {
  kc_force_predict_nodes(b->force, b->step, &b->node);
  if (!b->muscles) {
    kc_force_step_nodes(b->force, b->step, b->body, b->force_work, &b->node);
    return;
  }
  if (++b->muscle_age < b->muscle_steps) {
    go_on(b);
    return;
  }
  real step = b->step * (double)b->muscle_steps;
  size_t size = (size_t)b->n * sizeof(real);
  b->muscle_age = 0;
  memcpy(b->moment_before, b->muscle_work->moment, size);
  kc_muscle_set_approach(b->muscles, step, b->q, b->body, b->muscle_work, &b->muscle);
  kc_force_step_nodes(b->force, step, b->body, b->force_work, &b->node);
  kc_muscle_set_step(b->muscles, step, b->tree, b->body, b->muscle_work, &b->muscle);
  memcpy(b->muscle_torque, b->muscle_work->moment, size);
}

static void step_leapfrog(kc_batch *b, void (*sample)(kc_batch *batch)) {
  real half = 0.5 * b->step;
  kc_force_span span = {b->held, b->held_vel, b->lead, half};
  kc_batch_evaluate(b, &span);
  kc_vec3 force = total_force(b);
  kc_batch_account(b, b->lead, &span);
  if (sample) {
    arrive(b, &force);
    sample(b);
  }
  kc_batch_account(b, half, &span);
  advance(b, &force);
  settle_kinematics(b);
  step_tissue(b);
}

void kc_batch_step(kc_batch *b, void (*sample)(kc_batch *batch)) {
  if (b->integrator == KC_STEP_RK4)
    kc_batch_step_rk4(b, sample);
  else
    step_leapfrog(b, sample);
}
