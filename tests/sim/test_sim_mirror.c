/// @file
/// Left and right: a run from the mirror image of the start is the mirror image of the run, on a
/// straight course, and on a bend to the other side.
///
/// Nothing but rounding may tell the sides apart. Sums over the sides are taken in another order in
/// the mirror, which changes last bits, and running multiplies them from stride to stride.
#include "sim_rig.h"

static const double gravity = 9.80665;

// where the mirror image of each has its number, and its sign
typedef struct {
  int at[128];
  double sign[128];
} mirror;

static int is_odd(const char *name) {
  static const char *const odd[] = {"pelvis_tz", "pelvis_list", "_rotation", "_bending"};
  size_t n = strlen(name);
  if (n > 2 && name[n - 2] == '_' && (name[n - 1] == 'r' || name[n - 1] == 'l'))
    return 0;
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
    if (strstr(name, odd[i]))
      return 1;
  return 0;
}

static int find_image(const kc_model *model, const char *name,
                      int (*find)(const kc_model *model, const char *name)) {
  char image[KC_NAME_SIZE];
  size_t n = strlen(name);
  strcpy(image, name);
  if (n > 2 && image[n - 2] == '_' && (image[n - 1] == 'r' || image[n - 1] == 'l'))
    image[n - 1] = image[n - 1] == 'r' ? 'l' : 'r';
  int at = find(model, image);
  assert_true(at >= 0);
  return at;
}

static mirror mirror_joints(const kc_model *model) {
  mirror m = {{0}, {0}};
  for (int j = 0; j < model->n_joint; j++) {
    m.at[j] = find_image(model, model->joint[j].name, kc_model_find_joint);
    m.sign[j] = is_odd(model->joint[j].name) ? -1 : 1;
  }
  return m;
}

static mirror mirror_muscles(const kc_model *model) {
  mirror m = {{0}, {0}};
  for (int i = 0; i < model->n_muscle; i++) {
    m.at[i] = find_image(model, model->muscle[i].name, kc_model_find_muscle);
    m.sign[i] = 1;
  }
  return m;
}

// largest difference between one and the mirror image of the other
static double differ(const mirror *m, int n, const double *a, const double *b) {
  double most = 0;
  for (int i = 0; i < n; i++) {
    assert_true(isfinite(a[i]) && isfinite(b[i]));
    most = fmax(most, fabs(a[i] - m->sign[i] * b[m->at[i]]));
  }
  return most;
}

// X and Y as they are, Z turned over
static double differ_sides(double (*a)[3], double (*b)[3]) {
  double most = 0;
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int i = 0; i < 3; i++)
      most = fmax(most, fabs(a[k][i] - (i == 2 ? -1 : 1) * b[1 - k][i]));
  return most;
}

// between bones, X and Y as they are, Z turned over
static double differ_joints(const double *a, const double *b) {
  const int leg = KC_N_SIDE * KC_N_LOAD_LEG;
  double most = 0;
  for (int e = 0; e < KC_N_LOAD_JOINT; e++) {
    int other = e < leg ? (e + KC_N_LOAD_LEG) % leg : e;
    for (int i = 0; i < 3; i++) {
      double x = a[3 * e + i], y = (i == 2 ? -1 : 1) * b[3 * other + i];
      most = isnan(x) && isnan(y) ? most : fmax(most, fabs(x - y)); // no patella on motors
    }
  }
  return most;
}

// metabolic energy so far, J, and power of each muscle, W over gravity
static double differ_energy(const mirror *m, int n_muscle, const kc_sample *x, const kc_sample *y) {
  double most = 0;
  for (int law = 0; law < KC_N_LAW; law++) {
    const int first = law * n_muscle;
    most = fmax(most, fabs(x->metabolic_energy[law] - y->metabolic_energy[law]));
    if (n_muscle)
      most =
          fmax(most, differ(m, n_muscle, x->metabolic_power + first, y->metabolic_power + first) /
                         gravity);
  }
  return most;
}

static double largest(const double *x, int n) {
  double most = 0;
  for (int i = 0; i < n; i++)
    most = isnan(x[i]) ? most : fmax(most, fabs(x[i]));
  return most;
}

typedef struct {
  double q;                   // rad or m
  double foot, muscle, joint; // over the largest force of its kind in the run
  double energy;              // metabolic energy since the start, over mass, J/kg
} difference;

static kc_scenario *make(const char *parameters, const char *actuation, const char *foot,
                         double duration, double bend) {
  return rig_scenario("name: mirror\nmodel: runner.yaml\nspeed: 3.3 m/s\n"
                      "controller: {parameters: %s}\nactuation: %s\n"
                      "start: {first_foot: %s}\nduration: %g s\ncourse: {bend: %g m}\n"
                      "numerics: {settle: 0 s, record_interval: 3 ms, "
                      "control_interval: 3 ms}\n",
                      parameters, actuation, foot, duration, bend);
}

// largest differences over a run
static difference run_both(const char *parameters, const char *actuation, double duration,
                           double bend) {
  kc_scenario *right = make(parameters, actuation, "right", duration, bend),
              *left = make(parameters, actuation, "left", duration, -bend);
  rig_log a, b;
  assert_int_equal(rig_run(right, &a, NULL, NULL).outcome.kind, KC_COMPLETED);
  assert_int_equal(rig_run(left, &b, NULL, NULL).outcome.kind, KC_COMPLETED);
  mirror joint = mirror_joints(right->body), muscle = mirror_muscles(right->body);
  difference most = {0}, size = {0, 1, 1, 1, 1};
  int strikes[KC_N_SIDE] = {0};
  assert_int_equal(a.n_sample, b.n_sample);
  for (int i = 0; i < a.n_sample; i++) {
    kc_sample *x = &a.sample[i], *y = &b.sample[i];
    most.q = fmax(most.q, differ(&joint, a.n, x->q, y->q));
    most.foot = fmax(most.foot, differ_sides(x->foot_force, y->foot_force));
    most.muscle = fmax(most.muscle, differ(&muscle, a.n_muscle, x->muscle_force, y->muscle_force));
    most.joint = fmax(most.joint, differ_joints(x->joint_force, y->joint_force));
    size.foot = fmax(size.foot, largest(x->foot_force[0], 6));
    size.muscle = fmax(size.muscle, largest(x->muscle_force, a.n_muscle));
    size.joint = fmax(size.joint, largest(x->joint_force, 3 * KC_N_LOAD_JOINT));
    most.energy = fmax(most.energy, differ_energy(&muscle, a.n_muscle, x, y) / right->body->mass);
    most.q = fmax(most.q, fabs(x->heading + y->heading));
    most.q = fmax(most.q, fabs(x->path_position - y->path_position));
    most.q = fmax(most.q, fabs(x->path_offset + y->path_offset));
    int phase = x->phase, last = i ? a.sample[i - 1].phase : 0;
    if (phase > 0 && last != phase)
      strikes[phase - 1]++;
    assert_int_equal(y->phase, phase ? 3 - phase : 0);
  }
  assert_true(strikes[KC_RIGHT] > 4 && strikes[KC_LEFT] > 3); // four strides
  most.foot /= size.foot, most.muscle /= size.muscle, most.joint /= size.joint;
  print_message("%s: q %.1e; of the largest: foot %.1e, muscles %.1e, joints %.1e; metabolism %.1e "
                "J/kg\n",
                actuation, most.q, most.foot, most.muscle, most.joint, most.energy);
  rig_log_free(&a), rig_log_free(&b);
  kc_scenario_destroy(right), kc_scenario_destroy(left);
  return most;
}

static void test_motors(void **unused) {
  (void)unused;
  difference most = run_both("running.yaml", "torque", 3.2, 0);
  assert_true(most.q < 1e-9 && most.foot < 1e-9 && most.joint < 1e-9);
}

static void test_bend_on_motors(void **unused) {
  (void)unused;
  difference most = run_both("running.yaml", "torque", 3.2, 9.7);
  assert_true(most.q < 1e-9 && most.foot < 1e-9 && most.joint < 1e-9);
}

static void test_muscles(void **unused) {
  (void)unused;
  difference most = run_both("running_muscle.yaml", "muscle", 3.3, 0);
  // rounding grows with the runner's own instability: 2e-9 of the largest muscle force with these
  // parameters, 5e-9 with others near them; a true asymmetry is many orders above it
  assert_true(most.q < 5e-9 && most.foot < 5e-9 && most.muscle < 5e-9 && most.joint < 1e-9);
  assert_true(most.energy < 1e-7);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_motors),
      cmocka_unit_test(test_bend_on_motors),
      cmocka_unit_test(test_muscles),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
