// Eight runners with their own masses, lengths and states, in as many batches as the width asks
// for.
#include "digest.h"
#include "body/tree.lane.h"
#include "samples.h"

#define digest_width KC_LANE(digest)

typedef struct {
  kc_tree *tree;
  kc_body_work *work;
  real q[MAX_JOINT], v[MAX_JOINT], tau[MAX_JOINT], a[MAX_JOINT];
} flock;

static void load(flock *f, const sample *base, int first) {
  f->tree = kc_tree_create(&base->model);
  f->work = kc_body_work_create(f->tree);
  kc_tree_mark_implicit(f->tree, 9);
  for (int lane = 0; lane < KC_LANES; lane++) {
    uint64_t seed = 611953u + 977u * (unsigned)(first + lane);
    sample s = *base;
    s.model.joint = s.joint;
    for (int i = 0; i < base->model.n_joint; i++) {
      s.joint[i].mass *= draw(&seed, 0.8, 1.3);
      for (int k = 0; k < 3; k++)
        s.joint[i].offset[k] *= draw(&seed, 0.9, 1.1);
      kc_set(&f->q[i], lane, draw(&seed, -1, 1.1));
      kc_set(&f->v[i], lane, draw(&seed, -4, 5));
      kc_set(&f->tau[i], lane, draw(&seed, -60, 50));
    }
    kc_tree_load(f->tree, lane, &s.model);
  }
}

/// One step with a pushed, damped link.
static void step(flock *f, real h) {
  kc_vec3 point = kc_vec3_make(0.03, -0.21, 0.017), force = kc_vec3_make(-31.7, 97.3, 12.9);
  kc_body_compute_pose(f->tree, f->q, f->work);
  kc_body_compute_velocity(f->tree, f->v, f->work);
  kc_body_clear_forces(f->tree, f->work);
  kc_body_add_force_g(f->work, 9, &point, &force);
  for (int k = 0; k < 3; k++)
    f->work->implicit[9].a[k] = kc_real(0.11), f->work->implicit[9].d[k] = kc_real(1.9);
  for (int i = 6; i < f->tree->n_joint; i++)
    f->work->joint_implicit[i] = kc_real(0.021);
  kc_body_compute_acceleration(f->tree, f->tau, f->work, f->a);
  for (int i = 0; i < f->tree->n_joint; i++) {
    f->v[i] += h * f->a[i];
    f->q[i] += h * f->v[i];
  }
}

static void take(double out[N_RUNNER][N_NUMBER], int *n, int first, const real *x, int count) {
  for (int i = 0; i < count; i++, ++*n)
    for (int lane = 0; lane < KC_LANES; lane++)
      out[first + lane][*n] = kc_get(x[i], lane);
}

static void report(flock *f, int first, double out[N_RUNNER][N_NUMBER]) {
  int n = 0, n_joint = f->tree->n_joint;
  real tau[MAX_JOINT], M[MAX_JOINT * MAX_JOINT], J[6 * MAX_JOINT], energy[2];
  kc_vec3 momentum[3], point = kc_vec3_make(0.011, 0.13, -0.019);
  kc_spatial bias;
  kc_body_compute_forces(f->tree, f->a, f->work, tau);
  kc_body_compute_mass_matrix(f->tree, f->work, M);
  kc_body_compute_jacobian(f->tree, f->work, 12, &point, J);
  kc_body_compute_bias_acceleration(f->tree, f->work, 12, &point, &bias);
  kc_body_compute_energy(f->tree, f->work, &energy[0], &energy[1]);
  kc_body_compute_momentum(f->tree, f->work, &momentum[0], &momentum[1], &momentum[2]);
  take(out, &n, first, f->q, n_joint);
  take(out, &n, first, f->a, n_joint);
  take(out, &n, first, tau, n_joint);
  take(out, &n, first, M + 5 * n_joint, n_joint);
  take(out, &n, first, J, 6 * n_joint);
  take(out, &n, first, bias.v, 6);
  take(out, &n, first, energy, 2);
  for (int k = 0; k < 3; k++)
    take(out, &n, first, momentum[k].v, 3);
}

void digest_width(double out[N_RUNNER][N_NUMBER]) {
  sample base;
  make_runner_tree(&base, 48611);
  for (int first = 0; first < N_RUNNER; first += KC_LANES) {
    flock f = {0};
    load(&f, &base, first);
    for (int k = 0; k < 50; k++)
      step(&f, kc_real(0.0004));
    report(&f, first, out);
    kc_body_work_destroy(f.work);
    kc_tree_destroy(f.tree);
  }
}
