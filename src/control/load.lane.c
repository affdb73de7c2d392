// A scenario into one lane of the controller: parameters, the body it believes in, a fresh state.
#include "control/parts.lane.h"
#include <math.h>

static void load_params(kc_control *c, int lane, const kc_control_params *p) {
#define X(name, value, lower, upper, scale, unit, meaning) kc_set(&c->p.name, lane, p->name);
  KC_CONTROL_PARAMS(X)
#undef X
}

// model frame -> link frame, one lane
static void set_link_point(const kc_control *c, int link, int lane, const double *x, kc_vec3 *out) {
  const kc_mat3 *T = &c->tree->to_link[link];
  for (int i = 0; i < 3; i++) {
    double sum = 0;
    for (int j = 0; j < 3; j++)
      sum += kc_get(T->m[3 * i + j], lane) * x[j];
    kc_set(&out->v[i], lane, sum);
  }
}

static void load_leg(kc_control *c, int k, int lane, const kc_model *model, const kc_leg_map *leg) {
  double span = leg->ball[0] - leg->heel[0];
  kc_set(&c->thigh[k], lane, leg->thigh);
  kc_set(&c->shank[k], lane, leg->shank);
  kc_set(&c->straight[k], lane, leg->straight);
  kc_set(&c->ankle_height[k], lane, -model->joint[leg->joint[5]].offset[1] - leg->heel[1]);
  set_link_point(c, leg->foot, lane, leg->heel, &c->heel[k]);
  set_link_point(c, leg->foot, lane, leg->ball, &c->ball[k]);
  kc_set(&c->sole_share0[k], lane, (leg->ankle_x - leg->heel[0]) / span);
  kc_set(&c->sole_share1[k], lane, 1 / span);
}

// A running start: 20 ms before the right foot lands, as level running settles to be on motors
// (mean of 18 strides at 3.3 m/s) and on muscles (23 strides at 3.1 m/s). Velocities, and angles of
// the legs' and arms' swing, are taken in proportion to the speed, up to 3.3 m/s: who is to run
// faster gathers speed. Where the left foot is to land first, its mirror image.
typedef struct {
  double leg_q[KC_N_SIDE][KC_N_LEG_JOINT], leg_v[KC_N_SIDE][KC_N_LEG_JOINT];
  double pelvis_q[3], pelvis_v[3], spine_q[6], spine_v[6], arm_q[KC_N_SIDE][4];
  double share, sink, gap; // of the speed asked for; downward speed, m/s; sole over ground, m
  double takeoff_q[KC_N_LEG_JOINT], takeoff_v[KC_N_LEG_JOINT]; // where each leg's swing began
} start_state;

static const double start_clock[KC_N_SIDE] = {0.933, 0.24};

static const start_state start_on_motors = {
    .leg_q = {{0.704, 0.184, -0.004, 0.419, -0.181, -0.011},
              {-0.374, 0.067, -0.031, 0.584, -0.101, 0.285}},
    .leg_v = {{-2.77, 0.10, 0.14, -1.37, -1.72, -0.70}, {8.13, 0.63, 1.02, 17.97, 6.58, -3.08}},
    .pelvis_q = {-0.088, -0.029, -0.037},
    .pelvis_v = {-0.53, 0.44, -0.07},
    .spine_q = {0.056, 0.024, -0.035, -0.042, 0.016, -0.008},
    .spine_v = {-0.43, 0.16, -0.24, 0.22, -0.22, -0.56},
    .arm_q = {{0.285, -0.181, 0.012, 1.52}, {0.268, -0.171, -0.001, 1.52}},
    .share = 0.95,
    .sink = 0.29,
    .gap = 0.008,
    .takeoff_q = {-0.249, 0.092, 0, 0.198, 0.160, 0.123},
    .takeoff_v = {-10.6, -2.34, -2.18, -10.8, -7.87, 5.82}};

static const start_state start_on_muscles = {
    .leg_q = {{0.632, 0.084, 0.070, 0.492, -0.012, 0.005},
              {-0.310, 0.169, -0.025, 0.673, 0, -0.025}},
    .leg_v = {{-1.73, -0.08, -0.24, -2.00, -0.16, -0.31}, {4.94, -0.21, -0.14, 8.04, 2.95, 0.33}},
    .pelvis_q = {-0.034, 0.070, -0.051},
    .pelvis_v = {-0.80, 0.13, 0.19},
    .spine_q = {-0.234, -0.091, -0.006, 0.085, 0.031, -0.010},
    .spine_v = {0.64, 0.01, 0.08, -0.52, -0.06, -0.19},
    .arm_q = {{0.427, -0.158, -0.017, 1.53}, {0.432, -0.147, -0.035, 1.53}},
    .share = 0.93,
    .sink = 0.62,
    .gap = 0.0144,
    .takeoff_q = {-0.297, 0.142, 0.062, 0.338, 0.015, 0.112},
    .takeoff_v = {-6.33, 0.75, -2.57, -5.74, -8.07, -0.46}};

static const start_state *choose_start(const kc_scenario *scenario) {
  return scenario->task.actuation == KC_ACTUATION_MUSCLE ? &start_on_muscles : &start_on_motors;
}

// the side that the tables above have for a side of the runner
static int side_in_table(const kc_scenario *scenario, int side) {
  return scenario->task.first_foot == KC_LEFT ? 1 - side : side;
}

static void reset_state(kc_control *c, int lane, const kc_scenario *scenario,
                        const kc_runner_map *map) {
  const start_state *start = choose_start(scenario);
  int first = (int)scenario->task.first_foot;
  c->phase[lane] = (kc_phase){.leg = first};
  kc_set(&c->time, lane, 0);
  kc_set(&c->pace, lane, fmin(scenario->task.speed, kc_nominal_speed));
  kc_set(&c->stance_time, lane, 0.22);
  kc_set(&c->touchdown_length, lane, map->leg[first].straight);
  kc_set(&c->extend_time, lane, 0);
  kc_set(&c->leg_force, lane, 0);
  kc_set(&c->energy_integral, lane, 0);
  kc_set(&c->place_integral, lane, 0);
  kc_set(&c->slope, lane, scenario->task.ground.grade); // the runner sees the ground it starts on
  kc_set(&c->camber, lane, scenario->task.ground.camber);
  c->bend[lane] = scenario->task.bend, c->heading[lane] = 0;
  kc_set(&c->curve, lane, c->bend[lane] != 0 ? 1 / c->bend[lane] : 0);
  c->noise_sd[lane] = scenario->task.sense_noise;
  kc_mask_set(&c->mc.as_believed, lane,
              scenario->body->hash == scenario->internal->hash && !(c->noise_sd[lane] > 0));
  c->noise[lane] = kc_random_default(scenario->task.seed, 0);
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int i = 0; i < 3; i++)
      kc_set(&c->ground[k].v[i], lane, 0);
  for (int j = 0; j < c->n; j++)
    kc_set(&c->observed[j], lane, 0);
  for (int k = 0; k < KC_N_SIDE; k++) {
    kc_set(&c->clock[k], lane, start_clock[side_in_table(scenario, k)]);
    for (int j = 0; j < KC_N_LEG_JOINT; j++) {
      kc_set(&c->start_angle[k][j], lane, start->takeoff_q[j]);
      kc_set(&c->start_rate[k][j], lane, start->takeoff_v[j]);
    }
  }
}

kc_ground kc_control_believed_ground(const kc_ground *ground) {
  kc_ground plane = *ground;
  plane.n_wave = 0;
  return plane;
}

void kc_control_load(kc_control *c, int lane, const kc_scenario *scenario,
                     const kc_runner_map *map) {
  const kc_model *model = scenario->internal;
  const kc_task *task = &scenario->task;
  kc_tree_load(c->tree, lane, model);
  kc_ground plane = kc_control_believed_ground(&task->ground);
  kc_force_load(c->force, c->tree, lane, model, &plane);
  load_params(c, lane, scenario->params);
  kc_set(&c->mass, lane, model->mass);
  kc_set(&c->mass_scale, lane, model->mass / 75.0);
  double lag = model->joint[map->leg[0].joint[0]].actuator_lag;
  kc_set(&c->lag, lane, lag);
  kc_set(&c->horizon, lane, scenario->params->predict_share * lag);
  if (c->muscles)
    kc_control_load_muscles(c, lane, model);
  kc_set(&c->speed, lane, task->speed);
  kc_set(&c->interval, lane, task->control_interval);
  for (int j = 0; j < c->n; j++)
    kc_set(&c->torque_limit[j], lane, model->joint[j].torque_limit);
  for (int k = 0; k < KC_N_SIDE; k++)
    load_leg(c, k, lane, model, &map->leg[k]);
  reset_state(c, lane, scenario, map);
  c->fresh[lane] = 2;
}

double kc_control_start_pose(const kc_scenario *scenario, const kc_runner_map *map, double *q,
                             double *v) {
  const start_state *start = choose_start(scenario);
  double pace = fmin(scenario->task.speed / kc_nominal_speed, 1), speed = pace * kc_nominal_speed;
  // the mirror image turns over what leads aside: list, bending, rotations
  double aside = scenario->task.first_foot == KC_LEFT ? -1 : 1;
  for (int j = 0; j < scenario->body->n_joint; j++)
    q[j] = v[j] = 0;
  for (int i = 0; i < 3; i++) {
    double sign = i ? aside : 1;
    q[map->tilt + i] = sign * start->pelvis_q[i];
    v[map->tilt + i] = sign * pace * start->pelvis_v[i];
  }
  for (int i = 0; i < 6; i++) {
    double sign = i % 3 ? aside : 1;
    q[map->spine[i]] = sign * start->spine_q[i], v[map->spine[i]] = sign * pace * start->spine_v[i];
  }
  for (int k = 0; k < KC_N_SIDE; k++) {
    int from = side_in_table(scenario, k);
    for (int i = 0; i < KC_N_LEG_JOINT; i++) {
      q[map->leg[k].joint[i]] = start->leg_q[from][i] * (i == 0 ? pace : 1);
      v[map->leg[k].joint[i]] = pace * start->leg_v[from][i];
    }
    for (int i = 0; i < 4; i++)
      q[map->arm[k][i]] = start->arm_q[from][i] * (i == 0 ? pace : 1);
  }
  v[0] = start->share * speed;
  v[1] = -start->sink + speed * scenario->task.ground.grade;
  return start->gap;
}
