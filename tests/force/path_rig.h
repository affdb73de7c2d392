// Muscles on the walker of force_rig.h, right side and its mirror image: straight, round a cylinder
// seen from two other links, round a sphere, through a guided frame with and without a cylinder,
// round two cylinders. Every lane has its own numbers.
#pragma once
#include "force/path.lane.h"
#include "force_rig.h"

enum { N_SIDE_MUSCLE = 7, N_MUSCLE = 14, N_SIDE_POINT = 19, N_SIDE_BEND = 7, N_SIDE_SURFACE = 6 };
enum { THIGH = 7, SHANK = 8, FOOT = 9, PAIR = 5 };

typedef struct {
  rig_model rig;
  kc_muscle muscle[N_MUSCLE];
  kc_path_point point[2 * N_SIDE_POINT];
  kc_path_wrap bend[2 * N_SIDE_BEND];
  kc_wrap surface[2 * N_SIDE_SURFACE];
  kc_guide guide[2];
} path_model;

typedef struct {
  path_model lane[KC_LANES];
  kc_tree *tree;
  kc_body_work *body;
  kc_paths *paths;
  kc_path_work *work;
  real q[N_JOINT], v[N_JOINT];
  int first;
} path_state;

typedef struct {
  int n_point, n_wrap;
  kc_path_point point[5];
  kc_path_wrap wrap[2];
} path_recipe;

static const path_recipe path_recipes[N_SIDE_MUSCLE] = {
    {3,
     0,
     {{PELVIS, -1, {-0.12, 0.034, 0.056}},
      {PELVIS, -1, {-0.126, -0.024, 0.078}},
      {THIGH, -1, {-0.044, -0.033, 0.03}}},
     {{0, 0, 0}}},
    {2,
     1,
     {{PELVIS, -1, {-0.104, -0.119, 0.059}}, {SHANK, -1, {-0.031, -0.05, -0.023}}},
     {{0, 0, -1}}},
    {2, 1, {{TRUNK, -1, {-0.02, 0.09, 0.08}}, {THIGH, -1, {-0.03, -0.06, 0.02}}}, {{1, 0, 0}}},
    {4,
     1,
     {{PELVIS, -1, {-0.024, -0.039, 0.093}},
      {THIGH, 0, {0.01, 0.049, 0.001}},
      {THIGH, 0, {0.005, 0.0025, 0.0}},
      {SHANK, -1, {0.033, -0.063, -0.001}}},
     {{2, 0, 1}}},
    {3,
     1,
     {{THIGH, -1, {0.029, -0.192, 0.031}},
      {THIGH, 0, {0.006, 0.048, -0.001}},
      {SHANK, -1, {0.033, -0.063, 0.0}}},
     {{2, 0, 1}}},
    {2,
     2,
     {{THIGH, -1, {-0.003, -0.381, 0.028}}, {FOOT, -1, {-0.044, 0.031, -0.005}}},
     {{3, 0, 1}, {4, 0, 1}}},
    {3,
     1,
     {{TRUNK, -1, {-0.05, 0.12, 0.05}},
      {PELVIS, -1, {-0.01, 0.1, 0.04}},
      {THIGH, -1, {-0.01, -0.09, 0.02}}},
     {{5, 1, 1}}},
};

static inline void path_set_axes(kc_wrap *wrap, double a, double b) {
  double ca = cos(a), sa = sin(a), cb = cos(b), sb = sin(b);
  double axes[9] = {cb, sa * sb, ca * sb, 0, ca, -sa, -sb, sa * cb, ca * cb}; // Ry(b) Rx(a)
  memcpy(wrap->axes, axes, sizeof axes);
}

static inline void path_fill_surfaces(path_model *model, double s) {
  static const kc_wrap kind[N_SIDE_SURFACE] = {
      {"", THIGH, KC_WRAP_CYLINDER, {-0.003, -0.4, -0.001}, {0}, 0.03, 0.1},
      {"", PELVIS, KC_WRAP_SPHERE, {-0.05, 0.0, 0.07}, {0}, 0.055, 0},
      {"", THIGH, KC_WRAP_CYLINDER, {0.003, -0.4, -0.002}, {0}, 0.025, 0.1},
      {"", THIGH, KC_WRAP_CYLINDER, {0.004, -0.4, -0.002}, {0}, 0.017, 0.1},
      {"", SHANK, KC_WRAP_CYLINDER, {0.003, -0.09, -0.002}, {0}, 0.033, 0.1},
      {"", PELVIS, KC_WRAP_CYLINDER, {-0.04, -0.06, 0.07}, {0}, 0.036, 0.1}};
  for (int i = 0; i < N_SIDE_SURFACE; i++) {
    kc_wrap *right = &model->surface[i], *left = &model->surface[N_SIDE_SURFACE + i];
    *right = kind[i];
    right->radius *= s;
    path_set_axes(right, 0.07 * i - 0.11, 0.17 - 0.06 * i);
    *left = *right;
    if (left->link > TRUNK)
      left->link += 3;
    // mirrored axes stay a rotation: x and y keep, z turns over
    left->position[2] *= -1.0;
    for (int k = 0; k < 9; k++)
      left->axes[k] *= (k / 3 == 2 ? -1.0 : 1.0) * (k % 3 == 2 ? -1.0 : 1.0);
  }
}

static inline void path_fill_muscle(path_model *model, int m, int *n_point, int *n_bend) {
  int left = m >= N_SIDE_MUSCLE;
  const path_recipe *from = &path_recipes[m % N_SIDE_MUSCLE];
  kc_muscle *muscle = &model->muscle[m];
  snprintf(muscle->name, sizeof muscle->name, "m%d_%c", m % N_SIDE_MUSCLE, left ? 'l' : 'r');
  muscle->point_adr = *n_point, muscle->n_point = from->n_point;
  muscle->wrap_adr = *n_bend, muscle->n_wrap = from->n_wrap;
  for (int i = 0; i < from->n_point; i++) {
    kc_path_point *to = &model->point[(*n_point)++];
    *to = from->point[i];
    if (left && to->link > TRUNK)
      to->link += 3;
    if (left && to->guide >= 0)
      to->guide = 1;
    to->position[2] *= left ? -1.0 : 1.0;
  }
  for (int i = 0; i < from->n_wrap; i++) {
    kc_path_wrap *to = &model->bend[(*n_bend)++];
    *to = from->wrap[i];
    to->wrap += left * N_SIDE_SURFACE;
  }
}

static inline void path_fill(path_model *model, double s) {
  memset(model, 0, sizeof *model);
  rig_fill(&model->rig, s);
  path_fill_surfaces(model, s);
  int n_point = 0, n_bend = 0;
  for (int m = 0; m < N_MUSCLE; m++)
    path_fill_muscle(model, m, &n_point, &n_bend);
  for (int i = 0; i < 2; i++)
    model->guide[i] = (kc_guide){.link = THIGH + 3 * i,
                                 .joint = SHANK + 3 * i,
                                 .middle = 0.3,
                                 .half_range = 0.83,
                                 .x = {0.03, -0.031, -0.011, 0.004},
                                 .y = {-0.44, -0.021, 0.017, 0.003, -0.001},
                                 .z = i ? -0.003 : 0.003,
                                 .turn = {-0.4, -0.7, -0.2, 0.11}};
  kc_model *m = &model->rig.model;
  m->n_muscle = N_MUSCLE, m->n_path_point = n_point, m->n_path_wrap = n_bend;
  m->n_wrap = 2 * N_SIDE_SURFACE, m->n_guide = 2;
  m->muscle = model->muscle, m->path_point = model->point, m->path_wrap = model->bend;
  m->wrap = model->surface, m->guide = model->guide;
}

static inline void path_load_all(path_state *state) {
  for (int lane = 0; lane < KC_LANES; lane++) {
    kc_tree_load(state->tree, lane, &state->lane[lane].rig.model);
    kc_path_load(state->paths, state->tree, lane, &state->lane[lane].rig.model);
  }
}

static inline void path_create(path_state *state, int first) {
  state->first = first;
  for (int lane = 0; lane < KC_LANES; lane++)
    path_fill(&state->lane[lane], 1.0 + 0.013 * (first + lane));
  state->tree = kc_tree_create(&state->lane[0].rig.model);
  state->body = kc_body_work_create(state->tree);
  state->paths = kc_path_create(state->tree, &state->lane[0].rig.model);
  state->work = kc_path_work_create(state->paths);
  path_load_all(state);
}

static inline void path_destroy(path_state *state) {
  kc_path_work_destroy(state->work);
  kc_path_destroy(state->paths);
  kc_body_work_destroy(state->body);
  kc_tree_destroy(state->tree);
}

// a random posture and its velocities in each lane
static inline void path_draw(path_state *state, uint64_t seed) {
  for (int lane = 0; lane < KC_LANES; lane++) {
    uint64_t dice = seed * 1000003 + (uint64_t)(state->first + lane) * 7919 + 12345;
    for (int i = 0; i < N_JOINT; i++) {
      double middle = i == SHANK || i == SHANK + 3 ? 0.7 : 0.0;
      kc_set(&state->q[i], lane, middle + (i < 3 ? 1.7 : 0.75) * rig_draw(&dice));
      kc_set(&state->v[i], lane, 3.1 * rig_draw(&dice));
    }
  }
}

static inline void path_run(path_state *state) {
  kc_body_compute_pose(state->tree, state->q, state->body);
  kc_body_compute_velocity(state->tree, state->v, state->body);
  kc_path_compute(state->paths, state->q, state->body, state->work);
  kc_path_compute_rates(state->paths, state->v, state->body->vel, state->work);
}

// arms of all muscles on all coordinates
static inline void path_arms(path_state *state, real arm[N_MUSCLE][N_JOINT]) {
  int joint[N_JOINT];
  for (int i = 0; i < N_JOINT; i++)
    joint[i] = i;
  kc_path_compute_arms(state->paths, N_JOINT, joint, state->tree, state->body, state->work,
                       &arm[0][0]);
}
