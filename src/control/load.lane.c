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

// A running start: 20 ms before the right foot lands, as level running at 3.3 m/s settles to be
// (mean of 18 strides of the torque-driven runner). Velocities, and angles of the legs' and arms'
// swing, are taken in proportion to the speed.
static const double nominal_speed = 3.3;
static const double start_clock[KC_N_SIDE] = {0.933, 0.24};
static const double start_leg_q[KC_N_SIDE][KC_N_LEG_JOINT] = {
    {0.704, 0.184, -0.004, 0.419, -0.181, -0.011}, {-0.374, 0.067, -0.031, 0.584, -0.101, 0.285}};
static const double start_leg_v[KC_N_SIDE][KC_N_LEG_JOINT] = {
    {-2.77, 0.10, 0.14, -1.37, -1.72, -0.70}, {8.13, 0.63, 1.02, 17.97, 6.58, -3.08}};
static const double start_pelvis_q[3] = {-0.088, -0.029, -0.037};
static const double start_pelvis_v[3] = {-0.53, 0.44, -0.07};
static const double start_spine_q[6] = {0.056, 0.024, -0.035, -0.042, 0.016, -0.008};
static const double start_spine_v[6] = {-0.43, 0.16, -0.24, 0.22, -0.22, -0.56};
static const double start_arm_q[KC_N_SIDE][4] = {{0.285, -0.181, 0.012, 1.52},
                                                 {0.268, -0.171, -0.001, 1.52}};
// where the swing of each leg began: angles and velocities of its joints at take-off
static const double takeoff_q[KC_N_LEG_JOINT] = {-0.249, 0.092, 0, 0.198, 0.160, 0.123};
static const double takeoff_v[KC_N_LEG_JOINT] = {-10.6, -2.34, -2.18, -10.8, -7.87, 5.82};

static void reset_state(kc_control *c, int lane, const kc_scenario *scenario,
                        const kc_runner_map *map) {
  c->phase[lane] = (kc_phase){.leg = KC_RIGHT};
  kc_set(&c->time, lane, 0);
  kc_set(&c->stance_time, lane, 0.22);
  kc_set(&c->touchdown_length, lane, map->leg[0].straight);
  kc_set(&c->extend_time, lane, 0);
  kc_set(&c->leg_force, lane, 0);
  kc_set(&c->energy_integral, lane, 0);
  kc_set(&c->place_integral, lane, 0);
  kc_set(&c->slope, lane, scenario->task.ground.grade); // the runner sees the ground it starts on
  kc_set(&c->camber, lane, scenario->task.ground.camber);
  c->noise_sd[lane] = scenario->task.sense_noise;
  c->noise[lane] = kc_random_default(scenario->task.seed, 0);
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int i = 0; i < 3; i++)
      kc_set(&c->ground[k].v[i], lane, 0);
  for (int j = 0; j < c->n; j++)
    kc_set(&c->observed[j], lane, 0);
  for (int k = 0; k < KC_N_SIDE; k++) {
    kc_set(&c->clock[k], lane, start_clock[k]);
    for (int j = 0; j < KC_N_LEG_JOINT; j++) {
      kc_set(&c->start_angle[k][j], lane, takeoff_q[j]);
      kc_set(&c->start_rate[k][j], lane, takeoff_v[j]);
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
  c->fresh[lane] = 1;
}

void kc_control_start_pose(const kc_scenario *scenario, const kc_runner_map *map, double *q,
                           double *v) {
  double pace = scenario->task.speed / nominal_speed;
  for (int j = 0; j < scenario->body->n_joint; j++)
    q[j] = v[j] = 0;
  for (int i = 0; i < 3; i++) {
    q[map->tilt + i] = start_pelvis_q[i], v[map->tilt + i] = pace * start_pelvis_v[i];
  }
  for (int i = 0; i < 6; i++)
    q[map->spine[i]] = start_spine_q[i], v[map->spine[i]] = pace * start_spine_v[i];
  for (int k = 0; k < KC_N_SIDE; k++) {
    for (int i = 0; i < KC_N_LEG_JOINT; i++) {
      q[map->leg[k].joint[i]] = start_leg_q[k][i] * (i == 0 ? pace : 1);
      v[map->leg[k].joint[i]] = pace * start_leg_v[k][i];
    }
    for (int i = 0; i < 4; i++)
      q[map->arm[k][i]] = start_arm_q[k][i] * (i == 0 ? pace : 1);
  }
  v[0] = 0.95 * scenario->task.speed;
  v[1] = -0.29 + scenario->task.speed * scenario->task.ground.grade;
}
