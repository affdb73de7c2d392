/// @file
/// Loads at ticks and samples: same bits in every company, those of a tick the sample's of the step
/// before, none where nobody asks, none at the patellae of a runner on motors.
#include "sim_rig.h"

enum { N_RUN = 5, N_LOAD = 3 * KC_N_LOAD_JOINT + 2 * KC_N_SIDE * KC_N_TORSION + 3 * KC_N_SENSOR };

typedef struct {
  int n_tick, n_sample, wanted;
  double tick[40][N_LOAD + 1], sample[400][N_LOAD + 1]; // the time, then loads
} load_log;

static void store(double *to, const kc_sample *s) {
  const struct {
    const double *x;
    int n;
  } part[] = {{&s->time, 1},
              {s->joint_force, 3 * KC_N_LOAD_JOINT},
              {s->torsion, KC_N_SIDE * KC_N_TORSION},
              {s->torsion_net, KC_N_SIDE * KC_N_TORSION},
              {s->acceleration, 3 * KC_N_SENSOR}};
  for (size_t i = 0; i < sizeof part / sizeof *part; to += part[i].n, i++)
    memcpy(to, part[i].x, (size_t)part[i].n * sizeof *to);
}

static void take_tick(void *user, const kc_sample *s) {
  load_log *log = user;
  if (!log->wanted) {
    assert_true(!s->joint_force && !s->torsion && !s->torsion_net && !s->acceleration);
    return;
  }
  assert_true(log->n_tick < 40);
  store(log->tick[log->n_tick++], s);
}

static void take_sample(void *user, const kc_sample *s) {
  load_log *log = user;
  assert_true(log->n_sample < 400 && s->spin);
  store(log->sample[log->n_sample++], s);
}

static kc_scenario *make(const char *actuation, int number) {
  kc_scenario *s = rig_scenario(RIG_LEVEL "actuation: %s\nduration: %g s\nnumerics: {settle: 0 s, "
                                          "record_interval: 0.5 ms, muscle_step: 0.5 ms}\n",
                                actuation, number % 2 ? 0.05 : 0.062);
  for (int i = 0; i < s->body->n_muscle; i++)
    s->body->muscle[i].strength *= 1 - 0.06 * number;
  for (int j = 0; j < s->body->n_joint; j++)
    s->body->joint[j].torque_limit *= 1 - 0.04 * number;
  return s;
}

static kc_run run_of(const kc_scenario *s, load_log *log, int wanted) {
  memset(log, 0, sizeof *log);
  log->wanted = wanted;
  return (kc_run){
      .scenario = s, .sample = take_sample, .tick = take_tick, .tick_loads = wanted, .user = log};
}

static void check_same(const load_log *a, const load_log *b) {
  assert_int_equal(a->n_tick, b->n_tick);
  assert_int_equal(a->n_sample, b->n_sample);
  assert_memory_equal(a->tick, b->tick, sizeof a->tick);
  assert_memory_equal(a->sample, b->sample, sizeof a->sample);
}

static void check_company(const char *actuation) {
  static load_log alone[N_RUN], log[N_RUN];
  kc_scenario *s[N_RUN];
  for (int i = 0; i < N_RUN; i++) {
    s[i] = make(actuation, i);
    kc_run run = run_of(s[i], &alone[i], i != 1), *list[] = {&run};
    rig_run_all(1, list, 1);
  }
  for (int width = 1; width <= 8; width *= width == 1 ? 4 : 2) {
    kc_run run[N_RUN], *list[N_RUN];
    for (int i = 0; i < N_RUN; i++)
      run[i] = run_of(s[i], &log[i], i != 1), list[i] = &run[i];
    rig_run_all(width, list, N_RUN);
    for (int i = 0; i < N_RUN; i++)
      check_same(&alone[i], &log[i]);
  }
  for (int i = 0; i < N_RUN; i++)
    kc_scenario_destroy(s[i]);
}

static void test_company(void **unused) {
  (void)unused;
  check_company("muscle");
  check_company("torque");
}

// a tick every four steps; the first has no step before it
static void check_ticks(const char *actuation, int patella) {
  static load_log log;
  kc_scenario *s = make(actuation, 0);
  kc_run run = run_of(s, &log, 1), *list[] = {&run};
  rig_run_all(1, list, 1);
  assert_true(log.n_tick > 20);
  double most = 0;
  for (int i = 1; i < log.n_tick; i++) {
    const double *tick = log.tick[i], *sample = log.sample[4 * i - 1];
    assert_near(tick[0] - sample[0], 5e-4, 1e-9);
    assert_memory_equal(tick + 1, sample + 1, N_LOAD * sizeof *tick);
    for (int k = 0; k < 3 * KC_N_LOAD_JOINT; k++) {
      int is_patella = k < 3 * 2 * KC_N_LOAD_LEG && k / 3 % KC_N_LOAD_LEG == KC_LOAD_PATELLOFEMORAL;
      assert_true(isfinite(tick[1 + k]) == (!is_patella || patella));
      most = isfinite(tick[1 + k]) ? fmax(most, fabs(tick[1 + k])) : most;
    }
  }
  for (int k = 0; k < N_LOAD; k++)
    assert_true(!(fabs(log.tick[0][1 + k]) > 0));
  assert_true(most > 1500);
  kc_scenario_destroy(s);
}

static void test_ticks_are_of_the_step_before(void **unused) {
  (void)unused;
  check_ticks("muscle", 1);
  check_ticks("torque", 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_company),
      cmocka_unit_test(test_ticks_are_of_the_step_before),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
