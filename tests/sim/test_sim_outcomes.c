/// @file
/// How runs end: completed at their duration, fallen with time and cause, diverged with the name of
/// a coordinate, interrupted by the flag; sinks are called in time order until then.
#include "sim/reference.h"
#include "sim_rig.h"
#include <gsl/gsl_errno.h>

static void check_times(const rig_log *log, const kc_task *task) {
  for (int i = 0; i < log->n_sample; i++)
    assert_near(log->sample[i].time, i * task->record_interval, 1e-12);
  for (int i = 0; i < log->n_tick; i++)
    assert_near(log->tick_time[i], i * task->control_interval, 1e-12);
}

static void test_completed(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario(RIG_LEVEL "duration: 0.317 s\n");
  rig_log log;
  kc_run run = rig_run(s, &log, NULL, NULL);
  assert_int_equal(run.outcome.kind, KC_COMPLETED);
  assert_near(run.outcome.time, 0.317, 1e-12);
  assert_string_equal(run.outcome.reason, "");
  assert_int_equal(log.n_sample, 64); // 0, 5, ... 315 ms
  check_times(&log, &s->task);
  rig_log_free(&log);
  kc_scenario_destroy(s);
}

static void test_fallen(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario(RIG_LEVEL "duration: 6 s\n"
                                          "conditions: [weak: {joints: [leg], strength: 0.1}]\n");
  rig_log log;
  kc_run run = rig_run(s, &log, NULL, NULL);
  assert_int_equal(run.outcome.kind, KC_FELL);
  assert_true(run.outcome.time > 0.1 && run.outcome.time < 3);
  assert_true(strstr(run.outcome.reason, "the pelvis") || strstr(run.outcome.reason, "the trunk"));
  // the samples go on to the end and no further
  assert_near(log.sample[log.n_sample - 1].time, run.outcome.time, 1.001 * s->task.record_interval);
  check_times(&log, &s->task);
  rig_log_free(&log);
  kc_scenario_destroy(s);
}

/// Where a leg takes off it goes on as it went: what the hips are asked for does not leap.
static void test_take_off_is_smooth(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario(RIG_LEVEL "duration: 3 s\n");
  rig_log log;
  kc_run run = rig_run(s, &log, NULL, NULL);
  assert_int_equal(run.outcome.kind, KC_COMPLETED);
  static const char *const name[] = {"hip_flexion_r", "hip_flexion_l"};
  int n_take_off = 0;
  for (int i = 1; i < log.n_tick; i++)
    if (log.tick[i].phase == 0 && log.tick[i - 1].phase != 0) {
      n_take_off++;
      for (int k = 0; k < 2; k++) {
        const double *now = log.command + i * log.n + kc_model_find_joint(log.model, name[k]);
        double leap = fabs(now[0] - now[-log.n]);
        if (leap > 110)
          fail_msg("%s leaps by %.0f Nm at tick %d", name[k], leap, i);
      }
    }
  assert_true(n_take_off > 6);
  rig_log_free(&log);
  kc_scenario_destroy(s);
}

static void test_causes_of_falls(void **unused) {
  (void)unused;
  static const struct {
    int joint;
    double q, v;
    const char *cause;
  } row[] = {
      {1, 0.31, 0, "the pelvis sank to"},
      {1, 2.37, 0, "the pelvis flew to"},
      {3, 1.13, 0, "the pelvis tipped beyond 60 degrees"},
      {2, 5.61, 0, "it strayed 5.6 m from its line"},
  };
  for (size_t i = 0; i < 2 * sizeof row / sizeof *row; i++) {
    const size_t k = i / 2;
    kc_scenario *s =
        rig_scenario(RIG_LEVEL "duration: 1 s\ncourse: {bend: %d m}\n", i % 2 ? 20 : 0);
    double q[64] = {0}, v[64] = {0};
    q[1] = 0.95;
    q[row[k].joint] = row[k].q, v[row[k].joint] = row[k].v;
    rig_log log;
    kc_run run = rig_run(s, &log, q, v);
    assert_int_equal(run.outcome.kind, KC_FELL);
    assert_true(run.outcome.time <= s->task.control_interval);
    if (!strstr(run.outcome.reason, row[k].cause))
      fail_msg("'%s' instead of '%s'", run.outcome.reason, row[k].cause);
    rig_log_free(&log);
    kc_scenario_destroy(s);
  }
}

static void test_too_large(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario(RIG_LEVEL "duration: 1 s\n"), large = *s;
  kc_model body = *s->body;
  body.n_joint = 65, large.body = &body;
  kc_run run = {.scenario = &large}, *list[] = {&run};
  rig_queue queue = {list, 1, 0};
  kc_error error = kc_error_default();
  assert_int_equal(kc_sim_run(1, rig_next, NULL, &queue, NULL, &error), KC_ERR_INPUT);
  assert_non_null(strstr(error.finding[0].text, "65 joint axes"));
  kc_error_destroy(&error);
  kc_scenario_destroy(s);
}

static void test_diverged(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario(RIG_LEVEL "duration: 1 s\n");
  double q[64] = {0}, v[64] = {0};
  int knee = kc_model_find_joint(s->body, "knee_angle_l");
  q[1] = 0.95, v[knee] = 1.7e3;
  rig_log log;
  kc_run run = rig_run(s, &log, q, v);
  assert_int_equal(run.outcome.kind, KC_DIVERGED);
  assert_true(run.outcome.time == 0);
  assert_string_equal(run.outcome.reason, "knee_angle_l: position 0, velocity 1.7e+03");
  rig_log_free(&log);
  kc_scenario_destroy(s);
  // RK4 at a step that friction's damping does not allow
  s = rig_scenario(RIG_LEVEL "duration: 1 s\nnumerics: {integrator: rk4, step: 2 ms, "
                             "record_interval: 4 ms}\n");
  run = rig_run(s, &log, NULL, NULL);
  assert_int_equal(run.outcome.kind, KC_DIVERGED);
  char name[KC_NAME_SIZE] = "";
  assert_int_equal(sscanf(run.outcome.reason, "%39[^:]", name), 1);
  assert_true(kc_model_find_joint(s->body, name) >= 0);
  rig_log_free(&log);
  kc_scenario_destroy(s);
}

typedef struct {
  volatile int stop;
  int n_tick, at;
} stopper;

static void stop_at(void *user, const kc_sample *sample) {
  stopper *s = user;
  (void)sample;
  s->stop = ++s->n_tick >= s->at;
}

static int n_finished;
static void count_finished(void *context, kc_run *run) {
  (void)context;
  n_finished++;
  assert_true(run->outcome.kind != KC_RUNNING);
}

static void test_interrupted(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario(RIG_LEVEL "duration: 2 s\n");
  for (int width = 1; width <= 4; width += 3) {
    stopper user = {.at = 23};
    kc_run run[6], *list[6];
    for (int i = 0; i < 6; i++) {
      run[i] = (kc_run){.scenario = s};
      list[i] = &run[i];
    }
    run[0].tick = stop_at, run[0].user = &user;
    rig_queue queue = {list, 6, 0};
    kc_error error = kc_error_default();
    n_finished = 0;
    assert_int_equal(kc_sim_run(width, rig_next, count_finished, &queue, &user.stop, &error),
                     KC_OK);
    assert_int_equal(n_finished, width);
    assert_int_equal(user.n_tick, 23);
    for (int i = 0; i < width; i++) {
      assert_int_equal(run[i].outcome.kind, KC_INTERRUPTED);
      assert_near(run[i].outcome.time, 23 * s->task.control_interval, 1e-12);
    }
  }
  kc_scenario_destroy(s);
}

// the reference road ends in the same ways
static void test_reference_outcomes(void **unused) {
  (void)unused;
  kc_scenario *s = rig_body("double_pendulum.yaml", 0.02, 1e-3);
  s->task.control_interval = s->task.record_interval = 5e-3;
  double q[2] = {0.3, 0.1}, v[2] = {0.2, 1.3e3};
  kc_reference reference = kc_sim_default_reference();
  kc_error error = kc_error_default();
  kc_run run = {.scenario = s, .start_q = q, .start_v = v};
  assert_int_equal(kc_sim_run_reference(&run, &reference, NULL, &error), KC_OK);
  assert_int_equal(run.outcome.kind, KC_DIVERGED);
  assert_string_equal(run.outcome.reason, "q2: position 0.1, velocity 1.3e+03");
  v[1] = 1.3;
  volatile int stop = 1;
  assert_int_equal(kc_sim_run_reference(&run, &reference, &stop, &error), KC_OK);
  assert_int_equal(run.outcome.kind, KC_INTERRUPTED);
  // through the engine, by the scenario's choice
  s->task.integrator = KC_STEP_ADAPTIVE;
  rig_log log;
  run = rig_run(s, &log, q, v);
  assert_int_equal(run.outcome.kind, KC_COMPLETED);
  assert_near(run.outcome.time, 0.02, 1e-15);
  assert_int_equal(log.n_sample, 5);
  check_times(&log, &s->task);
  rig_log_free(&log);
  kc_scenario_destroy(s);
}

int main(void) {
  gsl_set_error_handler_off();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_completed),          cmocka_unit_test(test_fallen),
      cmocka_unit_test(test_take_off_is_smooth), cmocka_unit_test(test_causes_of_falls),
      cmocka_unit_test(test_too_large),          cmocka_unit_test(test_diverged),
      cmocka_unit_test(test_interrupted),        cmocka_unit_test(test_reference_outcomes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
