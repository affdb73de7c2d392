/// @file
/// The shipped runner with its muscles in every lane, for tests of loads: postures of running on
/// the ground, forces and accelerations as a step has them, loads.
#pragma once
#include "force/joint_load.lane.h"
#include "force/path_check.h"
#include "force_rig.h"
#include "model/read.h"

enum { MAX_JOINT = 64, MAX_MUSCLE = 128, N_TRIAL = 6 };
static const double gravity = 9.80665, step = 5e-4;

typedef struct {
  kc_model *model;
  kc_tree *tree;
  kc_body_work *body;
  kc_force *force;
  kc_force_work *work;
  kc_muscle_set *set;
  kc_muscle_work *muscle;
  kc_joint_load *load;
  real q[MAX_JOINT], v[MAX_JOINT], a[MAX_JOINT], tau[MAX_JOINT], passive[MAX_JOINT];
  real excitation[MAX_MUSCLE], activation[MAX_MUSCLE], fibre[MAX_MUSCLE], velocity[MAX_MUSCLE];
} runner_state;

static runner_state r;

static inline int create(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  kc_ground ground = kc_ground_default();
  if (kc_model_read(KC_TEST_SOURCE_DIR "/models/runner.yaml", &r.model, &error) != KC_OK)
    return 1;
  r.tree = kc_tree_create(r.model), r.body = kc_body_work_create(r.tree);
  r.force = kc_force_create(r.tree, r.model, &ground), r.work = kc_force_work_create(r.force);
  r.set = kc_muscle_set_create(r.tree, r.model), r.muscle = kc_muscle_work_create(r.set);
  r.load = kc_joint_load_create(r.tree, r.model);
  return !r.load || r.model->n_joint > MAX_JOINT || r.model->n_muscle > MAX_MUSCLE;
}

static inline int destroy(void **state) {
  (void)state;
  kc_joint_load_destroy(r.load);
  kc_muscle_work_destroy(r.muscle), kc_muscle_set_destroy(r.set);
  kc_force_work_destroy(r.work), kc_force_destroy(r.force);
  kc_body_work_destroy(r.body), kc_tree_destroy(r.tree), kc_model_destroy(r.model);
  return 0;
}

// lifts every lane's runner until its lowest sphere sinks into the ground by a depth, m
static inline void set_down(double depth) {
  kc_body_compute_pose(r.tree, r.q, r.body);
  for (int lane = 0; lane < KC_LANES; lane++) {
    double lowest = 1e9;
    for (int s = 0; s < r.model->n_sphere; s++) {
      const kc_sphere *sphere = &r.model->sphere[s];
      const kc_mat3 *T = &r.tree->to_link[sphere->link];
      kc_vec3 at = {{kc_real(0), kc_real(0), kc_real(0)}};
      for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
          at.v[i] += T->m[3 * i + j] * sphere->position[j];
      at = kc_body_point_position(r.body, sphere->link, &at);
      lowest = fmin(lowest, kc_get(at.v[1], lane) - sphere->radius);
    }
    kc_set(&r.q[1], lane, kc_get(r.q[1], lane) - lowest - depth);
  }
}

// a posture of running on the ground, with velocities and activations, in every lane its own
static inline void draw(int first) {
  double lower[MAX_JOINT], upper[MAX_JOINT], q[MAX_JOINT];
  kc_path_find_envelope(r.model, lower, upper);
  kc_path_sweep sweep = {lower, upper, 97, 150};
  for (int lane = 0; lane < KC_LANES; lane++) {
    uint64_t seed = 977 + 131 * (uint64_t)(first + lane);
    kc_path_draw_posture(r.model, &sweep, first + lane, q);
    for (int j = 0; j < r.model->n_joint; j++) {
      double turn = j < 6 ? 0.15 * rig_draw(&seed) : q[j];
      kc_set(&r.q[j], lane, turn + 0.05 * rig_draw(&seed));
      kc_set(&r.v[j], lane, j == 0 ? 3.3 : 2.3 * rig_draw(&seed));
      kc_set(&r.tau[j], lane, j < 6 ? 0 : 11 * rig_draw(&seed));
    }
    for (int m = 0; m < r.model->n_muscle; m++)
      kc_set(&r.activation[m], lane, 0.26 + 0.24 * rig_draw(&seed));
  }
  set_down(0.009);
}

static inline kc_muscle_state muscles(void) {
  return (kc_muscle_state){r.excitation, r.activation, r.fibre, r.velocity, NULL};
}

// forces and accelerations as a step has them, then loads
static inline void evaluate(void) {
  kc_muscle_state state = muscles();
  kc_body_compute_pose(r.tree, r.q, r.body);
  kc_body_compute_velocity(r.tree, r.v, r.body);
  kc_muscle_set_start(r.set, kc_mask(1), r.q, r.v, r.body, r.muscle, &state);
  kc_muscle_set_evaluate(r.set, r.tree, r.q, r.body, r.muscle, &state);
  kc_body_clear_forces(r.tree, r.body);
  kc_force_span span = {r.v, r.body->vel, kc_real(0), kc_real(0.5 * step)};
  kc_force_compute(r.force, r.q, &span, r.body, r.work, r.passive);
  real tau[MAX_JOINT];
  for (int j = 0; j < r.model->n_joint; j++)
    tau[j] = r.tau[j] + r.passive[j];
  for (int j = 0; j < r.model->n_joint; j++)
    tau[j] += r.muscle->moment[j];
  kc_body_compute_acceleration(r.tree, tau, r.body, r.a);
  kc_force_complete(r.force, &span, r.a, r.body, r.work);
  kc_joint_load_compute(r.load, r.tree, r.body, r.work, r.set, r.muscle);
  kc_joint_load_compute_spin(r.load, r.tree, r.body);
}
