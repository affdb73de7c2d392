// Every muscle of the shipped runner: arms against finite differences of length, mirror, continuity
// within the envelope of measured running.
#include "force/path.lane.h"
#include "force/path_check.h"
#include "force_rig.h"
#include "model/read.h"

#define kc_path_find_jumps KC_LANE(kc_path_find_jumps)

enum { MAX_JOINT = 64, MAX_MUSCLE = 128, N_POSTURE = 96 };

typedef struct {
  kc_model *model;
  double lower[MAX_JOINT], upper[MAX_JOINT];
  kc_path_sweep sweep;
  kc_tree *tree;
  kc_body_work *body;
  kc_paths *paths;
  kc_path_work *work;
  real q[MAX_JOINT];
  kc_vec3 node[KC_MAX_NODE]; // displacements of fascial nodes
} runner_state;

static runner_state r;

static int create(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  if (kc_model_read(KC_TEST_SOURCE_DIR "/models/runner.yaml", &r.model, &error) != KC_OK)
    return 1;
  kc_path_find_envelope(r.model, r.lower, r.upper);
  r.sweep = (kc_path_sweep){r.lower, r.upper, N_POSTURE, 150};
  r.tree = kc_tree_create(r.model), r.body = kc_body_work_create(r.tree);
  r.paths = kc_path_create(r.tree, r.model), r.work = kc_path_work_create(r.paths);
  return r.model->n_muscle > MAX_MUSCLE || r.model->n_joint > MAX_JOINT;
}

static int destroy(void **state) {
  (void)state;
  kc_path_work_destroy(r.work), kc_path_destroy(r.paths);
  kc_body_work_destroy(r.body), kc_tree_destroy(r.tree), kc_model_destroy(r.model);
  return 0;
}

static void draw(int first) {
  double q[MAX_JOINT];
  uint64_t state = 2385 + (uint64_t)first;
  for (int i = 0; i < 3 * KC_MAX_NODE; i++)
    r.node[i / 3].v[i % 3] = kc_real(0.015 * rig_draw(&state));
  r.work->node = r.node;
  for (int lane = 0; lane < KC_LANES; lane++) {
    kc_path_draw_posture(r.model, &r.sweep, first + lane, q);
    for (int j = 0; j < r.model->n_joint; j++)
      kc_set(&r.q[j], lane, q[j]);
  }
}

static void run(void) {
  kc_body_compute_pose(r.tree, r.q, r.body);
  kc_path_compute(r.paths, r.q, r.body, r.work);
}

// central differences with a step whose own error is some 1e-8 m
static void test_arms_are_slopes(void **state) {
  (void)state;
  static real arm[MAX_MUSCLE * MAX_JOINT], less[MAX_MUSCLE];
  const double h = 2e-5;
  int n = r.model->n_joint, joint[MAX_JOINT];
  double worst = 0.0;
  for (int j = 0; j < n; j++)
    joint[j] = j;
  for (int first = 0; first < N_POSTURE / 2; first += KC_LANES) {
    draw(first);
    run();
    kc_path_compute_arms(r.paths, n, joint, r.tree, r.body, r.work, arm);
    for (int j = 0; j < n; j++) {
      real q = r.q[j];
      r.q[j] = q - h;
      run();
      memcpy(less, r.work->length, sizeof(real) * (size_t)r.model->n_muscle);
      r.q[j] = q + h;
      run();
      r.q[j] = q;
      for (int m = 0; m < r.model->n_muscle; m++)
        for (int lane = 0; lane < KC_LANES; lane++) {
          double slope = kc_get((r.work->length[m] - less[m]) / (2 * h), lane);
          double got = kc_get(arm[m * n + j], lane);
          char name[160];
          snprintf(name, sizeof name, "arm of %s on %s, posture %d", r.model->muscle[m].name,
                   r.model->joint[j].name, first + lane);
          near(name, got, -slope, 1e-6);
          worst = fmax(worst, fabs(got + slope));
        }
    }
  }
  print_message("largest difference of an arm: %.2g m\n", worst);
}

// a node that moves along its pull shortens the path
static void test_pulls_on_nodes_are_slopes(void **state) {
  (void)state;
  const double h = 2e-5;
  kc_path_topology t = kc_path_topology_of(r.paths);
  assert_int_equal(t.n_node_contact, 10);
  draw(7);
  for (int c = 0; c < t.n_node_contact; c++)
    for (int i = 0; i < 3; i++) {
      int m = t.node_muscle[c];
      real *x = &r.node[t.node_contact[c]].v[i], kept = *x;
      run();
      real pull = r.work->node_pull[c].v[i];
      *x = kept - h;
      run();
      real less = r.work->length[m];
      *x = kept + h;
      run();
      *x = kept;
      for (int lane = 0; lane < KC_LANES; lane++)
        near(r.model->muscle[m].name, kc_get(pull, lane),
             kc_get((less - r.work->length[m]) / (2 * h), lane), 1e-6);
    }
}

static void test_mirror(void **state) {
  (void)state;
  r.work->node = NULL;
  double q[MAX_JOINT];
  for (int number = 0; number < 40; number++) {
    kc_path_draw_posture(r.model, &r.sweep, number, q);
    for (int j = 0; j < r.model->n_joint; j++) {
      char other[KC_NAME_SIZE];
      snprintf(other, sizeof other, "%s", r.model->joint[j].name);
      size_t end = strlen(other) - 1;
      int left = end > 1 && other[end - 1] == '_' && other[end] == 'l';
      if (left) // the left takes the right's angles; the midline stands straight
        other[end] = 'r', q[j] = q[kc_model_find_joint(r.model, other)];
      else if (strstr(other, "bending") || strstr(other, "rotation"))
        q[j] *= r.model->joint[j].side == KC_MIDLINE ? 0.0 : 1.0;
      r.q[j] = kc_real(q[j]);
    }
    run();
    for (int m = 0; m < r.model->n_muscle; m++) {
      char other[KC_NAME_SIZE];
      snprintf(other, sizeof other, "%s", r.model->muscle[m].name);
      size_t end = strlen(other) - 1;
      if (other[end] != 'r')
        continue;
      other[end] = 'l';
      int twin = kc_model_find_muscle(r.model, other);
      assert_true(twin >= 0);
      near(other, kc_get(r.work->length[twin], 0), kc_get(r.work->length[m], 0), 1e-13);
    }
  }
}

static void test_no_jumps_in_running(void **state) {
  (void)state;
  static kc_path_jump jump[MAX_MUSCLE * MAX_JOINT];
  static double depth[4 * MAX_MUSCLE];
  assert_int_equal(kc_path_find_jumps(r.model, &r.sweep, jump, depth), KC_OK);
  int n = r.model->n_joint;
  for (int m = 0; m < r.model->n_muscle; m++)
    for (int j = 0; j < n; j++) {
      const kc_path_jump *found = &jump[m * n + j];
      if (found->n == 0)
        continue;
      print_error("%s jumps by %.3g mm where %s = %.1f deg, posture %d\n", r.model->muscle[m].name,
                  1e3 * found->size, r.model->joint[j].name, found->at * 57.29578, found->posture);
      fail();
    }
}

// a cylinder put across the way of the hamstrings, turned the wrong way round, is found
static void test_jumps_are_found(void **state) {
  (void)state;
  static kc_path_jump jump[MAX_MUSCLE * MAX_JOINT];
  static double depth[4 * MAX_MUSCLE];
  int m = kc_model_find_muscle(r.model, "semimem_r");
  assert_true(m >= 0 && r.model->muscle[m].n_wrap > 0);
  kc_path_wrap *wrap = &r.model->path_wrap[r.model->muscle[m].wrap_adr];
  kc_path_sweep few = r.sweep;
  few.n_posture = 16;
  wrap->sense = -wrap->sense;
  assert_int_equal(kc_path_find_jumps(r.model, &few, jump, depth), KC_OK);
  wrap->sense = -wrap->sense;
  int found = 0;
  for (int j = 0; j < r.model->n_joint; j++)
    found += jump[m * r.model->n_joint + j].n;
  assert_true(found > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_arms_are_slopes), cmocka_unit_test(test_pulls_on_nodes_are_slopes),
      cmocka_unit_test(test_mirror), cmocka_unit_test(test_no_jumps_in_running),
      cmocka_unit_test(test_jumps_are_found)};
  return cmocka_run_group_tests(tests, create, destroy);
}
