// The runner's tree as seen from a bend: turning its six coordinates turns all of it, and nothing
// else. Momentum, energy, places and velocities of every body in one frame and in the other.
#include "body/tree.lane.h"
#include "math/bend.h"
#include "model/read.h"
#include "near.h"
#include "samples.h"

typedef struct {
  kc_model *model;
  kc_tree *tree;
  kc_body_work *work;
  real q[MAX_JOINT], v[MAX_JOINT];
  kc_vec3 com, linear, angular, place[MAX_JOINT], speed[MAX_JOINT], own[MAX_JOINT];
  real kinetic, potential;
} fixture;

static void compute(fixture *f) {
  kc_vec3 zero = {{kc_real(0.0), kc_real(0.0), kc_real(0.0)}};
  kc_body_compute_pose(f->tree, f->q, f->work);
  kc_body_compute_velocity(f->tree, f->v, f->work);
  kc_body_compute_momentum(f->tree, f->work, &f->com, &f->linear, &f->angular);
  kc_body_compute_energy(f->tree, f->work, &f->kinetic, &f->potential);
  for (int j = 0; j < f->model->n_joint; j++) {
    f->place[j] = f->work->pos[j];
    f->speed[j] = kc_body_point_velocity(f->work, j, &zero);
    for (int i = 0; i < 3; i++)
      f->own[j].v[i] = f->work->vel[j].v[i];
  }
}

static void get(const kc_vec3 *from, int lane, double *to) {
  for (int i = 0; i < 3; i++)
    to[i] = kc_get(from->v[i], lane);
}

static void check_vector(const kc_bend_frame *frame, int lane, const kc_vec3 *a, const kc_vec3 *b,
                         double size) {
  double x[3], y[3];
  get(a, lane, x), get(b, lane, y);
  kc_bend_turn_vector(frame, x, x);
  for (int i = 0; i < 3; i++)
    assert_near(y[i], x[i], 1e-12 * size);
}

static void check_point(const kc_bend_frame *frame, int lane, const kc_vec3 *a, const kc_vec3 *b) {
  double x[3], y[3];
  get(a, lane, x), get(b, lane, y);
  kc_bend_turn_point(frame, x, x);
  for (int i = 0; i < 3; i++)
    assert_near(y[i], x[i], 1e-12);
}

static kc_bend_frame turn(fixture *f, int lane, double radius) {
  double q[6], v[6];
  for (int i = 0; i < 6; i++)
    q[i] = kc_get(f->q[i], lane), v[i] = kc_get(f->v[i], lane);
  kc_bend_place place = kc_bend_find_place(radius, q, 0);
  kc_bend_frame frame = kc_bend_make_frame(&place, q);
  kc_bend_turn_body(&frame, q, v);
  for (int i = 0; i < 6; i++)
    kc_set(&f->q[i], lane, q[i]), kc_set(&f->v[i], lane, v[i]);
  return frame;
}

static void test_turned_tree(void **unused) {
  (void)unused;
  fixture f, g;
  kc_error error = kc_error_default();
  assert_int_equal(kc_model_read(KC_TEST_SOURCE_DIR "/models/runner.yaml", &f.model, &error),
                   KC_OK);
  f.tree = kc_tree_create(f.model);
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_tree_load(f.tree, lane, f.model);
  f.work = kc_body_work_create(f.tree);
  uint64_t seed = 91173;
  for (int j = 0; j < f.model->n_joint; j++)
    for (int lane = 0; lane < KC_LANES; lane++) {
      kc_set(&f.q[j], lane, draw(&seed, -0.7, 0.9) * (j < 3 ? 7 : 1));
      kc_set(&f.v[j], lane, draw(&seed, -5, 5));
    }
  g = f;
  compute(&f);
  for (int lane = 0; lane < KC_LANES; lane++) {
    // others in the other lanes
    kc_bend_frame frame = turn(&g, lane, lane % 2 ? -8.3 : 11.7);
    compute(&g);
    assert_true(frame.turned && fabs(frame.sine) > 1e-3);
    check_point(&frame, lane, &f.com, &g.com);
    check_vector(&frame, lane, &f.linear, &g.linear, f.model->mass * 5);
    check_vector(&frame, lane, &f.angular, &g.angular, f.model->mass * 5);
    assert_near(kc_get(g.kinetic, lane), kc_get(f.kinetic, lane), 1e-12 * kc_get(f.kinetic, lane));
    assert_near(kc_get(g.potential, lane), kc_get(f.potential, lane), 1e-12 * f.model->mass * 20);
    for (int j = 5; j < f.model->n_joint; j++) {
      check_point(&frame, lane, &f.place[j], &g.place[j]);
      check_vector(&frame, lane, &f.speed[j], &g.speed[j], 20);
      // angular velocity in the body's own axes is the same
      for (int i = 0; i < 3; i++)
        assert_near(kc_get(g.own[j].v[i], lane), kc_get(f.own[j].v[i], lane), 1e-12 * 20);
    }
  }
  kc_body_work_destroy(f.work);
  kc_tree_destroy(f.tree);
  kc_model_destroy(f.model);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_turned_tree)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
