// The runner's fascia at rest: what one latissimus dorsi does to the other hip through it.
#include "force/muscle_set.lane.h"
#include "force_rig.h"
#include "model/read.h"

enum { MAX_JOINT = 64, MAX_MUSCLE = 128, N_TURN = 60 };

typedef struct {
  kc_model *model;
  kc_tree *tree;
  kc_body_work *body;
  kc_force *force;
  kc_force_work *work;
  kc_muscle_set *muscles;
  kc_muscle_work *muscle_work;
  real q[MAX_JOINT], torque[MAX_JOINT], muscle[4][MAX_MUSCLE];
  kc_vec3 place[KC_MAX_NODE], mean[KC_MAX_NODE];
} runner;

static void create(runner *r, int slings) {
  memset((void *)r, 0, sizeof *r);
  kc_error error = kc_error_default();
  assert_int_equal(kc_model_read(KC_TEST_SOURCE_DIR "/models/runner.yaml", &r->model, &error),
                   KC_OK);
  for (int i = 0; i < r->model->n_band; i++)
    if (r->model->band[i].sling[0])
      r->model->band[i].on *= slings;
  kc_ground ground = kc_ground_default();
  r->tree = kc_tree_create(r->model), r->body = kc_body_work_create(r->tree);
  r->force = kc_force_create(r->tree, r->model, &ground);
  r->work = kc_force_work_create(r->force);
  r->muscles = kc_muscle_set_create(r->tree, r->model);
  r->muscle_work = kc_muscle_work_create(r->muscles);
  r->work->node = (kc_node_input){.place = r->place};
  kc_muscle_set_tie_nodes(r->muscles, r->muscle_work, &r->work->node);
}

static void destroy(runner *r) {
  kc_muscle_work_destroy(r->muscle_work), kc_muscle_set_destroy(r->muscles);
  kc_force_work_destroy(r->work), kc_force_destroy(r->force);
  kc_body_work_destroy(r->body), kc_tree_destroy(r->tree), kc_model_destroy(r->model);
}

// standing still, every muscle at rest but one: torques of bands and muscles on all coordinates
static void rest(runner *r, const char *active, double activation) {
  real still[MAX_JOINT];
  kc_muscle_state state = {r->muscle[0], r->muscle[1], r->muscle[2], r->muscle[3], r->place};
  kc_node_state nodes = {r->place, r->mean};
  for (int j = 0; j < r->model->n_joint; j++)
    still[j] = r->q[j] = kc_real(0.0);
  for (int m = 0; m < r->model->n_muscle; m++)
    r->muscle[1][m] = kc_real(strcmp(r->model->muscle[m].name, active) == 0 ? activation : 0.01);
  kc_body_compute_pose(r->tree, r->q, r->body);
  kc_body_compute_velocity(r->tree, still, r->body);
  for (int turn = 0; turn < N_TURN; turn++) {
    kc_muscle_set_start(r->muscles, kc_mask(1), r->q, still, r->body, r->muscle_work, &state);
    kc_muscle_set_evaluate(r->muscles, r->tree, r->q, r->body, r->muscle_work, &state);
    kc_force_settle_nodes(r->force, r->body, r->work, &nodes);
  }
  real passive[MAX_JOINT];
  r->work->node.moves = 0;
  kc_body_clear_forces(r->tree, r->body);
  kc_force_compute_tissue(r->force, r->q, still, r->body, r->work, passive);
  real moment[MAX_JOINT];
  kc_body_project_forces(r->tree, r->body->force, r->body, moment);
  for (int j = 0; j < r->model->n_joint; j++)
    r->torque[j] = moment[j] + r->muscle_work->moment[j];
}

static double torque(const runner *r, const char *name) {
  return kc_get(r->torque[kc_model_find_joint(r->model, name)], KC_LANES - 1);
}

// torques that full activation of the right latissimus adds at a hip: flexion, adduction, rotation
static double find_change(runner *r, const char *side, double change[3]) {
  static const char *const hip[3] = {"hip_flexion", "hip_adduction", "hip_rotation"};
  char name[KC_NAME_SIZE];
  double square = 0;
  for (int pass = 0; pass < 2; pass++) {
    rest(r, "latdorsi_r", pass ? 1.0 : 0.01);
    for (int i = 0; i < 3; i++) {
      snprintf(name, sizeof name, "%s_%s", hip[i], side);
      change[i] = torque(r, name) - (pass ? change[i] : 0);
    }
  }
  for (int i = 0; i < 3; i++)
    square += change[i] * change[i];
  double tension = kc_get(r->muscle_work->tension[kc_model_find_muscle(r->model, "latdorsi_r")], 0);
  print_message("latissimus dorsi at %.0f N, hip_%s: flexion %+.2f, adduction %+.2f, rotation "
                "%+.2f, in all %.2f Nm\n",
                tension, side, change[0], change[1], change[2], sqrt(square));
  assert_true(tension > 250);
  return sqrt(square);
}

// 1 to 5 Nm (numbers.md B2): a check of an assumption, and of the way that the force takes
static void test_latissimus_tightens_the_other_buttock(void **state) {
  (void)state;
  runner r;
  double across[3], along[3], off[3];
  create(&r, 1);
  double change = find_change(&r, "l", across);
  assert_true(change >= 1 && change <= 5);
  assert_true(across[0] < 0); // extends
  assert_true(find_change(&r, "r", along) < 0.5 * change);
  destroy(&r);
  create(&r, 0);
  assert_true(find_change(&r, "l", off) < 0.1 * change);
  destroy(&r);
}

// what pulls at a midline node from both sides alike leaves it in the midline
static void test_rest_is_symmetric(void **state) {
  (void)state;
  runner r;
  create(&r, 1);
  rest(&r, "", 0);
  for (int j = 0; j < r.model->n_joint; j++) {
    char other[KC_NAME_SIZE];
    snprintf(other, sizeof other, "%s", r.model->joint[j].name);
    size_t end = strlen(other) - 1;
    if (other[end] != 'r' || other[end - 1] != '_')
      continue;
    other[end] = 'l';
    near(other, torque(&r, other), torque(&r, r.model->joint[j].name), 1e-7);
  }
  near("bending", torque(&r, "lumbar_bending"), 0, 1e-7);
  near("rotation", torque(&r, "thorax_rotation"), 0, 1e-7);
  destroy(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_latissimus_tightens_the_other_buttock),
      cmocka_unit_test(test_rest_is_symmetric),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
