/// @file
/// A synthetic runner whose motion is known in closed form.
///
/// Nine bodies hang in a chain and swing, each about an axis of its own. The mass centre follows
///   stance (tau < tc): a_y = A sin(pi tau / tc) - g, a_x = -B sin(2 pi tau / tc) - D / m
///   flight:            a_y = -g,                     a_x = -D / m
/// with A = g T pi / (2 tc) so that the height repeats every step of length T; D is a constant
/// drag. Mean foot forces and moments are the change of momentum less gravity and drag, so the
/// momentum identity holds exactly, although nothing was simulated.
#pragma once
#include "math/bend.h"
#include "record/recording.h"
#include <math.h>
#include <string.h>

enum {
  SYNTHETIC_JOINTS = 14,
  SYNTHETIC_BODIES = 9,
  SYNTHETIC_BANDS = 2,
  SYNTHETIC_NODES = 2,
  SYNTHETIC_SPHERES = 4,
  SYNTHETIC_MUSCLES = 2
};

static const double synthetic_step = 0.362, synthetic_contact = 0.2215, synthetic_speed = 3.317,
                    synthetic_drag = 1.37, synthetic_braking = 2.9, synthetic_g = 9.80665,
                    synthetic_pi = 3.14159265358979323846;

typedef struct {
  kc_model model;
  kc_joint joint[SYNTHETIC_JOINTS];
  kc_band band[SYNTHETIC_BANDS];
  kc_node node[SYNTHETIC_NODES];
  kc_muscle muscle[SYNTHETIC_MUSCLES];
  kc_sphere sphere[SYNTHETIC_SPHERES];
  double slope; ///< added rise of the mass centre per second, m/s
  double bend;  ///< radius of the course, m; 0: straight
} synthetic_body;

typedef struct {
  const char *joint, *link;
  int parent;
  double offset[3], mass, com[3];
  double swing, phase, axis[3];
} synthetic_row;

static const synthetic_row synthetic_table[SYNTHETIC_JOINTS] = {
    {"pelvis_tx", "", -1, {0, 0, 0}, 0, {0, 0, 0}, 0, 0, {1, 0, 0}},
    {"pelvis_ty", "", 0, {0, 0, 0}, 0, {0, 0, 0}, 0, 0, {0, 1, 0}},
    {"pelvis_tz", "", 1, {0, 0, 0}, 0, {0, 0, 0}, 0, 0, {0, 0, 1}},
    {"pelvis_tilt", "", 2, {0, 0, 0}, 0, {0, 0, 0}, 0, 0, {0, 0, 1}},
    {"pelvis_list", "", 3, {0, 0, 0}, 0, {0, 0, 0}, 0, 0, {1, 0, 0}},
    {"pelvis_rotation", "pelvis", 4, {0, 0, 0}, 11.21, {-0.06, 0.01, 0}, 0.09, 0.3, {0, 0.8, 0.6}},
    {"lumbar_extension",
     "torso",
     5,
     {-0.1, 0.08, 0},
     25.63,
     {0.02, 0.28, 0},
     0.11,
     2.1,
     {0.28, 0.96, 0}},
    {"neck_extension", "head", 6, {0.01, 0.5, 0}, 5.17, {0.01, 0.12, 0}, 0.05, 1.3, {0, 0, 1}},
    {"hip_flexion_r",
     "femur_r",
     5,
     {-0.07, -0.07, 0.08},
     9.43,
     {0, -0.18, 0},
     0.61,
     0.2,
     {0, 0.1411, 0.99}},
    {"knee_angle_r", "tibia_r", 8, {0, -0.42, 0}, 3.71, {0, -0.19, 0}, 0.73, 5.3, {0, 0, 1}},
    {"ankle_angle_r", "foot_r", 9, {0, -0.43, 0}, 1.27, {0.06, -0.03, 0}, 0.52, 4.9, {0, 0, 1}},
    {"hip_flexion_l",
     "femur_l",
     5,
     {-0.07, -0.07, -0.08},
     9.43,
     {0, -0.18, 0},
     0.61,
     3.34,
     {0, -0.1411, 0.99}},
    {"knee_angle_l", "tibia_l", 11, {0, -0.42, 0}, 3.71, {0, -0.19, 0}, 0.73, 2.16, {0, 0, 1}},
    {"ankle_angle_l", "foot_l", 12, {0, -0.43, 0}, 1.27, {0.06, -0.03, 0}, 0.52, 1.76, {0, 0, 1}},
};

static inline void synthetic_create(synthetic_body *b) {
  memset(b, 0, sizeof *b);
  for (int i = 0; i < SYNTHETIC_JOINTS; i++) {
    const synthetic_row *row = &synthetic_table[i];
    kc_joint *joint = &b->joint[i];
    strcpy(joint->name, row->joint);
    strcpy(joint->link_name, row->link);
    joint->parent = row->parent;
    joint->type = i < 3 ? KC_PRISMATIC : KC_REVOLUTE;
    joint->mass = row->mass;
    memcpy(joint->axis, row->axis, sizeof row->axis);
    memcpy(joint->offset, row->offset, sizeof row->offset);
    memcpy(joint->com, row->com, sizeof row->com);
    for (int k = 0; k < 6; k++)
      joint->inertia[k] = row->mass * (k < 3 ? 0.0113 + 0.0017 * k : 0.0009 * (k - 4));
    joint->range_lower = -1.3;
    joint->range_upper = 1.7;
    joint->torque_limit = 211;
    b->model.mass += row->mass;
  }
  for (int i = 0; i < SYNTHETIC_SPHERES; i++) {
    kc_sphere *sphere = &b->sphere[i];
    strcpy(sphere->name, (const char *[]){"heel_r", "toe_r", "heel_l", "toe_l"}[i]);
    sphere->link = i < 2 ? 10 : 13;
    sphere->position[0] = i % 2 ? 0.19 : -0.04;
    sphere->position[1] = -0.06;
    sphere->radius = 0.021;
  }
  strcpy(b->band[0].name, "posterior_oblique_r");
  strcpy(b->band[1].name, "posterior_oblique_l");
  for (int i = 0; i < SYNTHETIC_BANDS; i++)
    strcpy(b->band[i].sling, b->band[i].name);
  strcpy(b->node[0].name, "iliotibial_r");
  strcpy(b->node[1].name, "iliotibial_l");
  strcpy(b->muscle[0].name, "soleus_r");
  strcpy(b->muscle[1].name, "soleus_l");
  strcpy(b->model.name, "synthetic");
  b->model.n_joint = SYNTHETIC_JOINTS;
  b->model.n_band = SYNTHETIC_BANDS;
  b->model.n_node = SYNTHETIC_NODES;
  b->model.n_muscle = SYNTHETIC_MUSCLES;
  b->model.n_sphere = SYNTHETIC_SPHERES;
  b->model.joint = b->joint;
  b->model.band = b->band;
  b->model.node = b->node;
  b->model.muscle = b->muscle;
  b->model.sphere = b->sphere;
  b->model.leg_length[0] = b->model.leg_length[1] = 0.917;
  b->model.stature = 1.743;
}

/// Buffers behind the pointers of a sample, and the last sample's momentum.
typedef struct {
  kc_sample sample;
  double q[SYNTHETIC_JOINTS], v[SYNTHETIC_JOINTS], zero[SYNTHETIC_JOINTS];
  double position[SYNTHETIC_BODIES][3], quaternion[SYNTHETIC_BODIES][4];
  double velocity[SYNTHETIC_BODIES][3], rate[SYNTHETIC_BODIES][3];
  double node[SYNTHETIC_NODES][3], node_flow[SYNTHETIC_NODES];
  double band[SYNTHETIC_BANDS], muscle[SYNTHETIC_MUSCLES];
  double band_flow[2][SYNTHETIC_BANDS], band_hip[SYNTHETIC_BANDS][2];
  double metabolic[KC_N_LAW][SYNTHETIC_MUSCLES], fibre[2][SYNTHETIC_MUSCLES];
  double tendon[SYNTHETIC_MUSCLES];
  double joint_force[KC_N_LOAD_JOINT][3], torsion[2][KC_N_SIDE][KC_N_TORSION];
  double acceleration[KC_N_SENSOR][3], spin[KC_N_PART];
  double last_momentum[3], last_angular[3];
} synthetic_state;

static inline void synthetic_cross(const double *a, const double *b, double *c) {
  for (int k = 0; k < 3; k++)
    c[k] = a[(k + 1) % 3] * b[(k + 2) % 3] - a[(k + 2) % 3] * b[(k + 1) % 3];
}

/// y = u turned about a unit axis (Rodrigues).
static inline void synthetic_turn(const double *axis, double angle, const double *u, double *y) {
  double c = cos(angle), s = sin(angle), cross[3];
  double dot = axis[0] * u[0] + axis[1] * u[1] + axis[2] * u[2];
  synthetic_cross(axis, u, cross);
  for (int k = 0; k < 3; k++)
    y[k] = c * u[k] + s * cross[k] + (1 - c) * dot * axis[k];
}

/// Mass centre, its velocity and the foot force at a time; returns the step index.
static inline int synthetic_com(const synthetic_body *b, double time, double *x, double *v,
                                double *force) {
  const double T = synthetic_step, tc = synthetic_contact, g = synthetic_g, pi = synthetic_pi;
  double A = g * T * pi / (2 * tc), B = synthetic_braking, m = b->model.mass;
  int step = (int)floor(time / T);
  double tau = time - step * T, s = tau < tc ? tau : tc, w = 2 * pi / tc;
  double after = -g * tc + g * T;
  double at_end = -0.5 * g * tc * tc + A * tc * tc / pi;
  double v0 = -(at_end + after * (T - tc) - 0.5 * g * (T - tc) * (T - tc)) / T;
  double y = v0 * tau - 0.5 * g * tau * tau + A * tc / pi * (s - tc / pi * sin(pi * s / tc));
  if (tau > tc)
    y += 2 * A * tc / pi * (tau - tc);
  double lost = B / w * (step * tc + s - sin(w * s) / w);
  x[0] = synthetic_speed * time - 0.5 * synthetic_drag / m * time * time - lost;
  x[1] = 0.941 + y + b->slope * time;
  x[2] = 0.013 * sin(pi * time / T);
  v[0] = synthetic_speed - synthetic_drag / m * time - B / w * (1 - cos(w * s));
  v[1] = v0 - g * tau + A * tc / pi * (1 - cos(pi * s / tc)) + b->slope;
  v[2] = 0.013 * pi / T * cos(pi * time / T);
  force[0] = tau < tc ? -m * B * sin(w * tau) : 0;
  force[1] = tau < tc ? m * A * sin(pi * tau / tc) : 0;
  force[2] = 0;
  return step;
}

/// Bodies from their swings: attitude, mass centre and velocities relative to the pelvis.
static inline void synthetic_chain(synthetic_state *s, double time) {
  double origin[SYNTHETIC_JOINTS][3] = {{0}}, speed[SYNTHETIC_JOINTS][3] = {{0}};
  double w = synthetic_pi / synthetic_step, angle[SYNTHETIC_JOINTS], rate[SYNTHETIC_JOINTS];
  for (int i = 0, body = 0; i < SYNTHETIC_JOINTS; i++) {
    const synthetic_row *row = &synthetic_table[i];
    angle[i] = s->q[i] = row->swing * sin(w * time + row->phase);
    rate[i] = s->v[i] = row->swing * w * cos(w * time + row->phase);
    if (!row->link[0])
      continue;
    const synthetic_row *up = row->parent > 4 ? &synthetic_table[row->parent] : NULL;
    double arm[3] = {0}, spin[3] = {0}, add[3];
    if (up) {
      synthetic_turn(up->axis, angle[row->parent], row->offset, arm);
      for (int k = 0; k < 3; k++)
        spin[k] = rate[row->parent] * up->axis[k];
    }
    synthetic_cross(spin, arm, add);
    for (int k = 0; k < 3; k++) {
      origin[i][k] = (up ? origin[row->parent][k] : 0) + arm[k];
      speed[i][k] = (up ? speed[row->parent][k] : 0) + add[k];
      s->rate[body][k] = rate[i] * row->axis[k];
    }
    synthetic_turn(row->axis, angle[i], row->com, arm);
    synthetic_cross(s->rate[body], arm, add);
    s->quaternion[body][0] = cos(angle[i] / 2);
    for (int k = 0; k < 3; k++) {
      s->position[body][k] = origin[i][k] + arm[k];
      s->velocity[body][k] = speed[i][k] + add[k];
      s->quaternion[body][k + 1] = sin(angle[i] / 2) * row->axis[k];
    }
    body++;
  }
}

/// Angular momentum about the mass centre, by tensors turned with Rodrigues' formula.
static inline void synthetic_angular(const synthetic_body *b, synthetic_state *s) {
  memset(s->sample.angular_momentum, 0, sizeof s->sample.angular_momentum);
  for (int i = 0, body = 0; i < SYNTHETIC_JOINTS; i++) {
    const kc_joint *joint = &b->joint[i];
    if (!joint->link_name[0])
      continue;
    const double *I = joint->inertia;
    double angle = s->q[i], local[3], spin[3], turned[3], r[3], p[3], orbital[3];
    synthetic_turn(joint->axis, -angle, s->rate[body], local);
    spin[0] = I[0] * local[0] + I[3] * local[1] + I[4] * local[2];
    spin[1] = I[3] * local[0] + I[1] * local[1] + I[5] * local[2];
    spin[2] = I[4] * local[0] + I[5] * local[1] + I[2] * local[2];
    synthetic_turn(joint->axis, angle, spin, turned);
    for (int k = 0; k < 3; k++) {
      r[k] = s->position[body][k] - s->sample.com[k];
      p[k] = joint->mass * (s->velocity[body][k] - s->sample.com_velocity[k]);
    }
    synthetic_cross(r, p, orbital);
    for (int k = 0; k < 3; k++)
      s->sample.angular_momentum[k] += turned[k] + orbital[k];
    body++;
  }
}

/// Moves the bodies so that their mass centre is where synthetic_com says.
static inline void synthetic_place(const synthetic_body *b, synthetic_state *s) {
  for (int k = 0; k < 3; k++) {
    double x = 0, v = 0;
    for (int i = 5; i < SYNTHETIC_JOINTS; i++) {
      x += b->joint[i].mass / b->model.mass * s->position[i - 5][k];
      v += b->joint[i].mass / b->model.mass * s->velocity[i - 5][k];
    }
    for (int body = 0; body < SYNTHETIC_BODIES; body++) {
      s->position[body][k] += s->sample.com[k] - x;
      s->velocity[body][k] += s->sample.com_velocity[k] - v;
    }
  }
}

/// Means over the interval since the last sample that make the identity exact.
static inline void synthetic_means(const synthetic_body *b, synthetic_state *s, double dt) {
  kc_sample *x = &s->sample;
  int side = (int)floor((x->time - 0.5 * dt) / synthetic_step) & 1;
  memset(x->foot_force_mean, 0, sizeof x->foot_force_mean);
  memset(x->foot_moment_mean, 0, sizeof x->foot_moment_mean);
  x->drag_force_mean[0] = -synthetic_drag;
  x->drag_moment_mean[2] = 0.211;
  for (int k = 0; k < 3; k++) {
    double change = x->momentum[k] - s->last_momentum[k];
    double turn = x->angular_momentum[k] - s->last_angular[k];
    if (dt > 0) {
      x->foot_force_mean[side][k] =
          change / dt - x->drag_force_mean[k] + (k == 1 ? b->model.mass * synthetic_g : 0);
      x->foot_moment_mean[side][k] = turn / dt - x->drag_moment_mean[k];
    }
    s->last_momentum[k] = x->momentum[k];
    s->last_angular[k] = x->angular_momentum[k];
  }
}

/// Powers that are constant, energies that are sines: what a stride makes of them is known.
static inline void synthetic_energy(synthetic_state *s, double time) {
  kc_sample *x = &s->sample;
  const double w = synthetic_pi / synthetic_step;
  for (int i = 0; i < 2; i++) {
    s->band_flow[0][i] = 5.3 + 1.1 * i, s->band_flow[1][i] = 6.1 + 1.7 * i;
    s->metabolic[KC_LAW_bhargava][i] = 131.3 + 17.9 * i;
    s->metabolic[KC_LAW_umberger][i] = 117.1 + 23.3 * i;
    s->fibre[0][i] = 41.3 + 2.9 * i, s->fibre[1][i] = 37.7 + 3.7 * i;
    s->tendon[i] = 7.3 - (5.9 - 2.3 * i) * cos(w * time + 2.1);
    s->band_hip[i][0] = 3.1 + 0.7 * i, s->band_hip[i][1] = -2.3 + 0.9 * i;
  }
  for (int i = 0; i < SYNTHETIC_NODES; i++) {
    s->node[i][0] = 0.0013 * (1 + i), s->node[i][2] = -0.0027 * cos(w * time);
    s->node_flow[i] = -0.31 - 0.17 * i;
  }
  x->node_displacement = s->node[0], x->node_power = x->node_loss = s->node_flow;
  x->band_power_out = s->band_flow[0], x->band_power_in = s->band_flow[1];
  x->band_hip_moment = s->band_hip[0], x->metabolic_power = s->metabolic[0];
  x->fibre_power_out = s->fibre[0], x->fibre_power_in = s->fibre[1];
  x->tendon_energy = s->tendon;
  x->metabolic_energy[KC_LAW_bhargava] = (2 * 131.3 + 17.9) * time;
  x->metabolic_energy[KC_LAW_umberger] = (2 * 117.1 + 23.3) * time;
  x->fibre_work_out = (2 * 41.3 + 2.9) * time, x->fibre_work_in = (2 * 37.7 + 3.7) * time;
}

/// Loads that swing about a mean once a step, the left's larger by a tenth; head and shanks shake
/// at 15 Hz; arms and trunk turn against the legs.
static inline void synthetic_loads(synthetic_state *s, double time) {
  static const double direction[3] = {0.48, 0.64, -0.6};
  kc_sample *x = &s->sample;
  const double w = 2 * synthetic_pi / synthetic_step, shake = 2 * synthetic_pi * 15 * time;
  for (int e = 0; e < KC_N_LOAD_JOINT; e++) {
    double side = e / KC_N_LOAD_LEG == KC_LEFT ? 1.1 : 1;
    for (int k = 0; k < 3; k++)
      s->joint_force[e][k] =
          side * direction[k] * (1500 + 100 * (e % KC_N_LOAD_LEG) + 700 * sin(w * time));
  }
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int j = 0; j < KC_N_TORSION; j++) {
      s->torsion[0][k][j] = -(7.3 + 1.9 * j + k) * sin(w * time);
      s->torsion[1][k][j] = (11.7 + 2.3 * j + k) * sin(w * time);
    }
  for (int i = 0; i < KC_N_SENSOR; i++) {
    double size = i <= KC_SENSOR_shank_l ? 53.1 : 11.3 + i;
    s->acceleration[i][0] = 99, s->acceleration[i][2] = -99;
    s->acceleration[i][1] = size * sin(shake) + 3 * time;
  }
  s->spin[KC_PART_legs] = 2.3 * sin(0.5 * w * time);
  s->spin[KC_PART_arms] = -1.7 * sin(0.5 * w * time) + 0.6 * cos(0.5 * w * time);
  s->spin[KC_PART_trunk] = 0.2 * sin(0.5 * w * time) - 0.6 * cos(0.5 * w * time);
  x->joint_force = s->joint_force[0], x->acceleration = s->acceleration[0], x->spin = s->spin;
  x->torsion = s->torsion[0][0], x->torsion_net = s->torsion[1][0];
}

/// Puts what went along X onto the bend: coordinates, mass centre, forces of the feet. Momenta and
/// bodies stay where they were.
static inline void synthetic_bend(const synthetic_body *b, synthetic_state *s) {
  kc_sample *x = &s->sample;
  x->path_position = x->com[0], x->path_offset = x->com[2], x->heading = 0;
  if (b->bend == 0)
    return;
  double along = b->bend - x->com[2];
  x->heading = x->com[0] / b->bend;
  // as a frame on the course sees the ground
  kc_bend_place ground = {-x->heading, along * sin(x->heading), b->bend - along * cos(x->heading)};
  kc_bend_frame frame = kc_bend_make_frame(&ground, x->com);
  kc_bend_turn_body(&frame, s->q, s->v);
  kc_bend_turn_point(&frame, x->com, x->com);
  kc_bend_turn_vector(&frame, x->com_velocity, x->com_velocity);
  for (int k = 0; k < KC_N_SIDE; k++)
    kc_bend_turn_vector(&frame, x->foot_force[k], x->foot_force[k]);
}

/// Fills the state with the sample at `time`, dt after the last (0 for the first).
static inline void synthetic_sample(const synthetic_body *b, synthetic_state *s, double time,
                                    double dt) {
  kc_sample *x = &s->sample;
  double force[3];
  x->time = time;
  int side = synthetic_com(b, time, x->com, x->com_velocity, force) & 1;
  memset(x->foot_force, 0, sizeof x->foot_force);
  memcpy(x->foot_force[side], force, sizeof force);
  synthetic_chain(s, time);
  synthetic_place(b, s);
  synthetic_angular(b, s);
  for (int k = 0; k < 3; k++)
    x->momentum[k] = b->model.mass * x->com_velocity[k];
  synthetic_means(b, s, dt);
  x->q = s->q, x->v = s->v;
  x->a = x->torque = x->torque_command = x->torque_passive = s->zero;
  x->torque_observed = x->torque_unmet = x->power_joint = s->zero;
  x->body_position = s->position[0], x->body_quaternion = s->quaternion[0];
  x->body_velocity = s->velocity[0], x->body_rate = s->rate[0];
  s->band[0] = 100 + 57.3 * sin(time), s->band[1] = 90;
  x->band_length = x->band_force = x->band_energy = x->band_power = s->band;
  s->muscle[0] = 0.31 + 0.27 * sin(time), s->muscle[1] = 0.41;
  x->muscle_excitation = x->muscle_activation = x->muscle_length = s->muscle;
  x->muscle_force = x->muscle_power = x->fibre_length = x->fibre_velocity = s->muscle;
  synthetic_energy(s, time);
  synthetic_loads(s, time);
  x->work_positive[KC_POWER_actuator] = 213.7 * time;
  x->audit_residual = -0.173 * time;
  x->foot_cop[side][0] = x->com[0] + 0.05;
  x->phase = force[1] > 0 ? 1 + side : 0;
  synthetic_bend(b, s);
}

/// Runs for `duration`: samples every 5 ms, ticks every 2 ms.
static inline void synthetic_record(const synthetic_body *b, kc_recording *recording,
                                    double duration) {
  synthetic_state state = {.sample = {0}};
  for (int i = 0; i * 0.005 <= duration + 1e-9; i++) {
    synthetic_sample(b, &state, i * 0.005, i > 0 ? 0.005 : 0);
    kc_record_sample(recording, &state.sample);
  }
  synthetic_state tick = {.sample = {0}};
  for (int i = 0; i * 0.002 <= duration + 1e-9; i++) {
    synthetic_sample(b, &tick, i * 0.002, 0.002);
    kc_record_tick(recording, &tick.sample);
  }
}
