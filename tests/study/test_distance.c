/// @file
/// The distance of a run to measured runners, found as it runs, against the one from its samples:
/// a real runner, both roads in one run. What is not counted: other speeds, short runs.
#include "lab/motion.h"
#include "lab/score_run.h"
#include "near.h"
#include "study/chain.h"
#include "study/cost.h"
#include "study/distance.h"
#include <math.h>
#include <string.h>

static const double SETTLE = 1.5; // s: 30 % of the duration

/// One run, looked at in two ways.
typedef struct {
  const kc_scenario *scenario;
  kc_cost *cost;
  kc_motion *motion; // of samples, as a file has them
  int pelvis, thorax;
} watch;

static kc_reference *table;
static kc_scenario *level;

static void watch_tick(void *user, const kc_sample *s) {
  const watch *w = user;
  kc_cost_add_tick(w->cost, s);
}

static void watch_sample(void *user, const kc_sample *s) {
  const watch *w = user;
  kc_lab_sample sample = {
      .time = s->time, .q = s->q, .com = s->com, .force = s->foot_force_mean[0]};
  kc_lab_eval_attitude(s->body_quaternion + 4 * w->pelvis, s->body_quaternion + 4 * w->thorax,
                       sample.trunk);
  kc_lab_add_sample(w->motion, &sample);
}

/// Where a body stands among those with a name.
static int find_body(const kc_model *model, const char *name) {
  int n = 0;
  for (int i = 0; i < kc_model_find_link(model, name); i++)
    n += model->joint[i].link_name[0] != 0;
  return n;
}

static kc_motion *create_motion(const kc_scenario *scenario) {
  kc_motion *m;
  kc_error error = kc_error_default();
  assert_int_equal(kc_lab_create_motion(2000, &m, &error), KC_OK);
  m->weight = scenario->body->mass * 9.80665;
  m->settle = SETTLE;
  char name[40];
  for (int q = 0; q < KC_N_QUANTITY; q++)
    for (int side = 0; side < KC_N_SIDE; side++)
      if (kc_lab_write_coordinate(q, side, name, sizeof name)) {
        m->column[q][side] = kc_model_find_joint(scenario->body, name);
        assert_true(m->column[q][side] >= 0);
      }
  return m;
}

static kc_run *only_run;

static kc_run *next_run(void *context) {
  (void)context;
  kc_run *run = only_run;
  only_run = NULL;
  return run;
}

static kc_outcome run_scenario(watch *w, const kc_cost_weights *weights) {
  kc_error error = kc_error_default();
  assert_int_equal(kc_cost_begin(w->cost, w->scenario, weights), KC_OK);
  kc_run run = {.scenario = w->scenario, .tick = watch_tick, .user = w};
  if (w->motion)
    run.sample = watch_sample;
  only_run = &run;
  assert_int_equal(kc_sim_run(1, next_run, NULL, NULL, NULL, &error), KC_OK);
  assert_int_equal(run.outcome.kind, KC_COMPLETED);
  return run.outcome;
}

/// All reference terms weigh, and nothing else.
static kc_cost_weights reference_weights(void) {
  kc_cost_weights weights = kc_cost_default_weights();
  for (int i = 0; i < KC_N_COST; i++)
    weights.weight[i] = kc_cost_reference_group(i) >= 0;
  weights.reference = table;
  return weights;
}

static int open_level(void **unused) {
  (void)unused;
  kc_error error = kc_error_default();
  static const kc_setting setting[] = {
      {"duration", "5 s"}, {"speed", "3.1 m/s"}, {"numerics/record_interval", "4 ms"}};
  if (kc_scenario_read(KC_TEST_SOURCE_DIR "/scenarios/level.yaml", setting, 3, &level, &error) !=
      KC_OK)
    return 1;
  return kc_lab_read_reference(KC_TEST_SOURCE_DIR "/tests/validation/running/hamner2013_3.0.csv",
                               &table, &error) != KC_OK;
}

static int close_level(void **unused) {
  (void)unused;
  kc_scenario_destroy(level);
  kc_lab_destroy_reference(table);
  return 0;
}

/// Forces of ticks are means by trapezoids, those of samples over all steps: hence the tolerance.
static void test_ticks_score_as_samples_do(void **unused) {
  (void)unused;
  kc_cost_weights weights = reference_weights();
  watch w = {.scenario = level,
             .cost = kc_cost_create(),
             .motion = create_motion(level),
             .pelvis = find_body(level->body, "pelvis"),
             .thorax = find_body(level->body, "thorax")};
  kc_outcome outcome = run_scenario(&w, &weights);
  double y[KC_N_COST], again[KC_N_COST], sum = kc_cost_compute(w.cost, &outcome, y), expected = 0;

  static kc_measure measure;
  kc_score score[KC_N_QUANTITY];
  kc_measure_options options = {
      .threshold = table->threshold, .filter = table->filter, .side = KC_N_SIDE};
  kc_error error = kc_error_default();
  assert_int_equal(kc_lab_finish_motion(w.motion, options.filter, &error), KC_OK);
  assert_int_equal(kc_lab_measure_motion("run", w.motion, &options, &measure, &error), KC_OK);
  assert_true(measure.n_stride[KC_RIGHT] >= 3 && measure.n_stride[KC_LEFT] >= 3);
  kc_lab_score_run(&measure, table, score);
  int n = 0;
  for (int i = 0; i < KC_N_COST; i++) {
    int group = kc_cost_reference_group(i);
    if (group < 0)
      continue;
    n++;
    expected += fmin(y[i], kc_cost_term_info(i)->cap);
    kc_score_sum all = kc_lab_sum_scores(score, group);
    int is_share = strstr(kc_cost_term_info(i)->name, "_out") != NULL;
    double wanted = is_share ? 1 - all.share.within_2 : all.share.clipped;
    if (!(fabs(y[i] - wanted) <= (is_share ? 0.01 : 0.005 * wanted)))
      fail_msg("%s is %g, of samples %g", kc_cost_term_info(i)->name, y[i], wanted);
    assert_true(is_share || y[i] > 0.3);
  }
  assert_int_equal(n, 2 * KC_N_GROUP);
  assert_near(sum, expected, 1e-12);
  // asked twice, and in the same memory once more
  assert_true(kc_cost_compute(w.cost, &outcome, again) == sum);
  kc_lab_destroy_motion(w.motion);
  w.motion = NULL;
  outcome = run_scenario(&w, &weights);
  assert_true(kc_cost_compute(w.cost, &outcome, again) == sum);
  assert_memory_equal(y, again, sizeof y);
  // a run that ended early pays elsewhere
  outcome = (kc_outcome){.kind = KC_FELL, .time = 2.3};
  assert_true(kc_cost_compute(w.cost, &outcome, NULL) == 0);
  kc_cost_destroy(w.cost);
}

/// The value of a reference term with a scenario of that speed; the run itself stays the same.
static double term_at(double speed, const kc_reference *reference) {
  kc_scenario other = *level;
  other.task.speed = speed;
  kc_cost_weights weights = reference_weights();
  weights.reference = reference;
  kc_cost *cost = kc_cost_create();
  assert_int_equal(kc_cost_begin(cost, &other, &weights), KC_OK);
  double q[100] = {0}, y[KC_N_COST];
  assert_true(level->body->n_joint <= 100);
  for (int i = 0; i <= 2500; i++) { // stands still: no stride
    kc_sample s = {.time = 0.002 * i, .q = q, .v = q, .torque = q};
    s.foot_force[KC_RIGHT][1] = s.foot_force[KC_LEFT][1] = 400;
    kc_cost_add_tick(cost, &s);
  }
  kc_outcome outcome = {.kind = KC_COMPLETED, .time = 5};
  double sum = kc_cost_compute(cost, &outcome, y);
  assert_true(isfinite(sum));
  kc_cost_destroy(cost);
  return fmin(y[KC_COST_reference_sagittal], weights.cap[KC_COST_reference_sagittal]);
}

static void test_counts_near_the_table_only(void **unused) {
  (void)unused;
  assert_near(table->speed, 3, 0);
  assert_true(term_at(3.3, table) == 6 && term_at(2.7, table) == 6); // the cap: no whole stride
  assert_true(term_at(3.31, table) == 0 && term_at(2.69, table) == 0 && term_at(4, table) == 0);
  assert_true(term_at(3, NULL) == 0);
}

/// A link's axes by its points, against those of a link above it.
static void find_axes(int link, const double *q, double R[9]) {
  static const double zero[100];
  for (int k = 0; k < 3; k++) {
    double at[3] = {0};
    kc_study_motion from = kc_study_compute_motion(level->body, link, at, q, zero);
    at[k] = 1;
    kc_study_motion to = kc_study_compute_motion(level->body, link, at, q, zero);
    for (int i = 0; i < 3; i++)
      R[3 * i + k] = to.position[i] - from.position[i];
  }
}

static void test_attitude_of_a_link_in_one_above(void **unused) {
  (void)unused;
  double q[100], A[9], B[9], R[9];
  for (int i = 0; i < level->body->n_joint; i++)
    q[i] = 0.31 * sin(2.385 * i + 0.7);
  int pelvis = kc_model_find_link(level->body, "pelvis");
  int thorax = kc_model_find_link(level->body, "thorax");
  find_axes(pelvis, q, A);
  find_axes(thorax, q, B);
  kc_study_compute_turn(level->body, pelvis, thorax, q, R);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      assert_near(R[3 * i + j], A[i] * B[j] + A[3 + i] * B[3 + j] + A[6 + i] * B[6 + j], 1e-13);
  kc_study_compute_turn(level->body, thorax, thorax, q, R);
  assert_true(R[0] == 1 && R[4] == 1 && R[8] == 1 && R[1] == 0 && R[5] == 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_ticks_score_as_samples_do),
      cmocka_unit_test(test_counts_near_the_table_only),
      cmocka_unit_test(test_attitude_of_a_link_in_one_above),
  };
  return cmocka_run_group_tests(tests, open_level, close_level);
}
