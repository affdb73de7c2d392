/// @file
/// A bend: the runner follows it round, held on it by the ground alone.
///
/// Over whole strides the mean sideways force is m v^2 / R, whatever the runner does, and the
/// moment of the steady lean balances it: tan(lean) = v^2 / (g R) between foot and mass centre.
#include "record/course.h"
#include "sim_rig.h"

static const double gravity = 9.80665;

typedef struct {
  int n;
  double time, way, offset, aside, forward, list;
} sums;

static kc_scenario *make(const char *more) {
  return rig_scenario(RIG_LEVEL "duration: 6.5 s\nnumerics: {record_interval: 2 ms}\n%s", more);
}

// sums over the samples between the first and the last strike of a right foot after 2 s
static sums add_strides(const rig_log *log) {
  sums s = {0}, whole = {0};
  double buffer[128];
  for (int i = 1; i < log->n_sample; i++) {
    kc_sample x;
    kc_record_turn_sample(&log->sample[i], log->n, &x, buffer);
    int strikes = x.phase == 1 && log->sample[i - 1].phase != 1;
    if (x.time > 2 && strikes)
      whole = s;
    if (x.time <= 2 || (s.n == 0 && !strikes))
      continue;
    s.n++;
    s.time += x.time - log->sample[i - 1].time;
    s.way += x.com_velocity[0] * (x.time - log->sample[i - 1].time);
    s.offset += x.com[2], s.list += x.q[kc_model_find_joint(log->model, "pelvis_list")];
    for (int k = 0; k < KC_N_SIDE; k++)
      s.forward += x.foot_force_mean[k][0], s.aside += x.foot_force_mean[k][2];
  }
  return whole;
}

static void test_round_the_bend(void **unused) {
  (void)unused;
  const double R = 12.3;
  kc_scenario *s = make("course: {bend: 12.3 m}\n");
  rig_log log;
  assert_int_equal(rig_run(s, &log, NULL, NULL).outcome.kind, KC_COMPLETED);
  const kc_sample *end = &log.sample[log.n_sample - 1];
  assert_true(end->path_position > 19 && end->heading > 1.5);
  assert_near(end->path_position, R * end->heading, 1e-9);
  assert_true(fabs(end->path_offset) < 0.5);
  sums mean = add_strides(&log);
  double v = mean.way / mean.time, force = mean.aside / mean.n / s->body->mass;
  print_message("%.3f m/s: %.3f m/s2 towards the centre, v^2/R is %.3f; list %.3f, lean %.3f rad\n",
                v, force, v * v / R, mean.list / mean.n, atan(v * v / (gravity * R)));
  assert_near(force, v * v / R, 0.03 * v * v / R);
  assert_true(fabs(mean.forward / mean.n / s->body->mass) < 0.2);
  assert_near(mean.list / mean.n, atan(v * v / (gravity * R)), 0.06);
  rig_log_free(&log);
  kc_scenario_destroy(s);
}

static void test_senses_of_a_while_ago(void **unused) {
  (void)unused;
  kc_scenario *s = make("course: {bend: -15 m}\n");
  s->task.sense_delay = 2 * s->task.control_interval;
  rig_log log;
  assert_int_equal(rig_run(s, &log, NULL, NULL).outcome.kind, KC_COMPLETED);
  const kc_sample *end = &log.sample[log.n_sample - 1];
  assert_true(end->heading < -1.2 && fabs(end->path_offset) < 0.5);
  rig_log_free(&log);
  kc_scenario_destroy(s);
}

static void test_straight_is_the_ground(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario(RIG_LEVEL "duration: 0.5 s\ncourse: {grade: 3 %%}\n");
  rig_log log;
  assert_int_equal(rig_run(s, &log, NULL, NULL).outcome.kind, KC_COMPLETED);
  for (int i = 0; i < log.n_sample; i++) {
    const kc_sample *x = &log.sample[i];
    assert_true(x->heading == 0 && x->path_position == x->com[0] && x->path_offset == x->com[2]);
  }
  rig_log_free(&log);
  kc_scenario_destroy(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_the_bend),
      cmocka_unit_test(test_senses_of_a_while_ago),
      cmocka_unit_test(test_straight_is_the_ground),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
