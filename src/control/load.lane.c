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

// as in the air before the right foot lands, the left leg early in its swing
static void reset_state(kc_control *c, int lane, const kc_scenario *scenario,
                        const kc_runner_map *map) {
  double q[KC_MAX_RUNNER_JOINT], v[KC_MAX_RUNNER_JOINT];
  kc_control_start_pose(scenario, map, q, v);
  c->phase[lane] = (kc_phase){.leg = KC_RIGHT};
  kc_set(&c->time, lane, 0);
  kc_set(&c->stance_time, lane, 0.24);
  kc_set(&c->clock[KC_RIGHT], lane, 0.95);
  kc_set(&c->clock[KC_LEFT], lane, 0.30);
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
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int j = 0; j < KC_N_LEG_JOINT; j++) {
      kc_set(&c->start_angle[k][j], lane, q[map->leg[k].joint[j]]);
      kc_set(&c->start_rate[k][j], lane, 0);
    }
  kc_set(&c->start_angle[KC_LEFT][0], lane, -0.35);
  kc_set(&c->start_angle[KC_LEFT][3], lane, 0.4);
  kc_set(&c->start_rate[KC_LEFT][0], lane, -2);
  kc_set(&c->start_rate[KC_LEFT][3], lane, 6);
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
  kc_set(&c->lag, lane, model->joint[map->leg[0].joint[0]].actuator_lag);
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
  double pace = scenario->task.speed / 3.3;
  for (int j = 0; j < scenario->body->n_joint; j++)
    q[j] = v[j] = 0;
  const int *land = map->leg[KC_RIGHT].joint, *swing = map->leg[KC_LEFT].joint;
  q[land[0]] = 0.15 + 0.35 * pace, q[land[3]] = 0.42, v[land[0]] = -2 * pace;
  q[swing[0]] = 0.05, q[swing[3]] = 0.8 + pace, v[swing[0]] = 7 * pace;
  q[map->arm[KC_LEFT][0]] = 0.4 * pace, q[map->arm[KC_RIGHT][0]] = -0.4 * pace;
  q[map->arm[KC_LEFT][3]] = q[map->arm[KC_RIGHT][3]] = 1.5;
  v[0] = scenario->task.speed;
  v[1] = scenario->task.speed * scenario->task.ground.grade;
}
