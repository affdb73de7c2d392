/// @file
/// The bit promise of the engine: a run alone, in any lane width, among others, in a lane that
/// others have used, beside one that falls, diverges or never was possible, over threads, and with
/// its commands replayed.
#include "sim_rig.h"
#include "study/parallel.h"

enum { N_RUN = 12 };

#define NUMERICS "numerics: {record_interval: 10 ms}\n"

// other speeds, slopes, bodies, lengths of run: lanes are left and taken at different times
static kc_scenario *make_scenario(int i) {
  static const char *const text[N_RUN] = {
      "duration: 0.61 s\n",
      "duration: 0.33 s\ncourse: {grade: 4 %}\n",
      "duration: 0.47 s\nrunner: {mass: 61.3 kg, stature: 1.62 m, sex: female}\n",
      "duration: 0.9 s\ncontroller: {parameters: running.yaml, sense_noise: 0.3 deg}\nseed: 17\n",
      "duration: 0.29 s\nconditions: [hip_misalignment: {side: left, rotation: 6 deg}]\n",
      "duration: 0.4 s\npush: {time: 0.1 s, duration: 0.1 s, force: 30 0 -110 N}\n",
      "duration: 0.52 s\nconditions: [leg_length: {side: right, total: -17 mm}]\n",
      "duration: 3.1 s\nconditions: [weak: {joints: [leg], strength: 0.12}]\n", // falls
      "duration: 0.71 s\nrunner: {mass: 91.7 kg, stature: 1.93 m}\n",
      "duration: 0.37 s\ncourse: {grade: -6 %, camber: 2 %}\n",
      "duration: 0.45 s\nsurface: {stiffness: 0.6, friction: 0.7}\n",
      "duration: 0.57 s\ncourse: {bend: -9.3 m}\n",
  };
  int own = strstr(text[i], "controller:") != NULL;
  return rig_scenario("model: runner.yaml\nspeed: %.3f m/s\n%s" NUMERICS "%s", 2.9 + 0.07 * i,
                      own ? "" : "controller: {parameters: running.yaml}\n", text[i]);
}

typedef struct {
  kc_scenario *scenario[N_RUN];
  rig_log alone[N_RUN];
  kc_outcome outcome[N_RUN];
} fixture;

static int open_fixture(void **state) {
  static fixture f;
  for (int i = 0; i < N_RUN; i++) {
    f.scenario[i] = make_scenario(i);
    f.outcome[i] = rig_run(f.scenario[i], &f.alone[i], NULL, NULL).outcome;
  }
  *state = &f;
  return 0;
}

static int close_fixture(void **state) {
  fixture *f = *state;
  for (int i = 0; i < N_RUN; i++) {
    rig_log_free(&f->alone[i]);
    kc_scenario_destroy(f->scenario[i]);
  }
  return 0;
}

static void check(const fixture *f, int i, const kc_run *run, const rig_log *log) {
  assert_int_equal(run->outcome.kind, f->outcome[i].kind);
  assert_true(run->outcome.time == f->outcome[i].time);
  assert_string_equal(run->outcome.reason, f->outcome[i].reason);
  rig_check_same(&f->alone[i], log);
}

static void make_runs(const fixture *f, kc_run *run, rig_log *log) {
  for (int i = 0; i < N_RUN; i++) {
    log[i] = rig_log_for(f->scenario[i]);
    run[i] = (kc_run){.scenario = f->scenario[i], .sample = rig_sample, .tick = rig_tick};
    run[i].user = &log[i];
  }
}

static void test_outcomes_are_mixed(void **state) {
  const fixture *f = *state;
  int kinds = 0;
  for (int i = 0; i < N_RUN; i++)
    kinds |= 1 << f->outcome[i].kind;
  assert_true(kinds & 1 << KC_COMPLETED);
  assert_true(kinds & 1 << KC_FELL);
}

static void test_among_others_in_any_width(void **state) {
  const fixture *f = *state;
  for (int width = 1; width <= 8; width = width == 1 ? 4 : 2 * width)
    for (int turn = 0; turn < 2; turn++) {
      kc_run run[N_RUN], *list[N_RUN];
      rig_log log[N_RUN];
      make_runs(f, run, log);
      for (int i = 0; i < N_RUN; i++)
        list[i] = &run[turn ? N_RUN - 1 - i : i];
      rig_run_all(width, list, N_RUN);
      for (int i = 0; i < N_RUN; i++) {
        check(f, i, &run[i], &log[i]);
        rig_log_free(&log[i]);
      }
    }
}

static void test_over_threads(void **state) {
  const fixture *f = *state;
  for (int threads = 1; threads <= 2; threads++) {
    kc_run run[N_RUN], *list[N_RUN];
    rig_log log[N_RUN];
    make_runs(f, run, log);
    for (int i = 0; i < N_RUN; i++)
      list[i] = &run[i];
    kc_study_parallel p = kc_study_default_parallel();
    p.threads = threads, p.width = 4;
    kc_error error = kc_error_default();
    assert_int_equal(kc_study_run_parallel(&p, list, N_RUN, &error), KC_OK);
    for (int i = 0; i < N_RUN; i++) {
      check(f, i, &run[i], &log[i]);
      rig_log_free(&log[i]);
    }
  }
}

// neighbours that are NaN, enormous, or burst within a tick
static void test_beside_impossible_runs(void **state) {
  const fixture *f = *state;
  enum { N_BAD = 3, N = 3 * N_BAD + 3 };
  int n = f->scenario[0]->body->n_joint;
  double q[N_BAD][64] = {{0}}, v[N_BAD][64] = {{0}};
  q[0][n / 2] = NAN, q[1][7] = 3e15, v[2][9] = 9e2;
  q[1][1] = q[2][1] = 1;
  kc_run run[N], *list[N];
  rig_log log[3];
  for (int i = 0; i < N; i++) {
    int good = i % 4 == 1, k = i / 4;
    run[i] = (kc_run){.scenario = f->scenario[good ? k : 0]};
    if (good) {
      log[k] = rig_log_for(f->scenario[k]);
      run[i].sample = rig_sample, run[i].tick = rig_tick, run[i].user = &log[k];
    } else {
      run[i].start_q = q[i % N_BAD], run[i].start_v = v[i % N_BAD];
    }
    list[i] = &run[i];
  }
  for (int width = 4; width <= 8; width *= 2) {
    for (int k = 0; k < 3 && width == 8; k++) {
      rig_log_free(&log[k]);
      log[k] = rig_log_for(f->scenario[k]);
    }
    rig_run_all(width, list, N);
    for (int i = 0; i < N; i++) {
      if (i % 4 == 1)
        check(f, i / 4, &run[i], &log[i / 4]);
      else
        assert_true(run[i].outcome.kind == KC_DIVERGED || run[i].outcome.kind == KC_FELL);
    }
  }
  for (int k = 0; k < 3; k++)
    rig_log_free(&log[k]);
}

// a controller that senses with a delay, in a lane that another run has used
static void check_delayed(const char *runner) {
  kc_scenario *s[2];
  rig_log alone, log[3];
  for (int i = 0; i < 2; i++)
    s[i] = rig_scenario("%sduration: %s\n" NUMERICS, runner, i ? "0.3 s" : "0.1 s");
  kc_run first = rig_run(s[1], &alone, NULL, NULL);
  assert_int_equal(first.outcome.kind, KC_COMPLETED);
  kc_run run[3], *list[3];
  for (int i = 0; i < 3; i++) {
    log[i] = rig_log_for(s[i > 0]);
    run[i] = (kc_run){.scenario = s[i > 0], .sample = rig_sample, .tick = rig_tick};
    run[i].user = &log[i];
    list[i] = &run[i];
  }
  rig_run_all(1, list, 3);
  for (int i = 1; i < 3; i++)
    rig_check_same(&alone, &log[i]);
  for (int i = 0; i < 3; i++)
    rig_log_free(&log[i]);
  rig_log_free(&alone);
  for (int i = 0; i < 2; i++)
    kc_scenario_destroy(s[i]);
}

static void test_delayed_senses_in_a_used_lane(void **state) {
  (void)state;
  check_delayed("model: runner.yaml\nspeed: 3.1 m/s\n"
                "controller: {parameters: running.yaml, sense_delay: 6 ms}\n");
  check_delayed("model: runner.yaml\nactuation: muscle\nspeed: 3.1 m/s\n"
                "controller: {parameters: running_muscle.yaml, sense_delay: 6 ms}\n");
}

// what was commanded, replayed without the controller: the same motion, forces and works
static void test_replay(void **state) {
  const fixture *f = *state;
  for (int i = 0; i < N_RUN; i += 5) { // the last but one of them with a push
    const rig_log *first = &f->alone[i];
    rig_log log = rig_log_for(f->scenario[i]);
    kc_run run = {.scenario = f->scenario[i], .sample = rig_sample, .tick = rig_tick};
    run.user = &log, run.replay = first->command, run.n_replay = first->n_tick;
    run.start_actuator = first->state + 2 * first->n;
    kc_run *list[] = {&run};
    rig_run_all(4, list, 1);
    assert_int_equal(run.outcome.kind, KC_COMPLETED);
    for (int k = 0; k < first->n_sample; k++) { // what is the controller's own
      log.sample[k].phase = first->sample[k].phase;
      memcpy((void *)(uintptr_t)log.sample[k].torque_observed, first->sample[k].torque_observed,
             (size_t)log.n * sizeof(double));
    }
    rig_check_same(first, &log);
    rig_log_free(&log);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_outcomes_are_mixed),
      cmocka_unit_test(test_among_others_in_any_width),
      cmocka_unit_test(test_over_threads),
      cmocka_unit_test(test_beside_impossible_runs),
      cmocka_unit_test(test_delayed_senses_in_a_used_lane),
      cmocka_unit_test(test_replay),
  };
  return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
