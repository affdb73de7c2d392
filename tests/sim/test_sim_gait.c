// The gait that the controller makes of its parameters: what each is for is seen in the motion.
#include "control/params.h"
#include "sim_rig.h"

// a running start and a few steps on motors
static kc_scenario *make(double speed, const char *course) {
  return rig_scenario("model: runner.yaml\nspeed: %g m/s\nduration: 0.9 s\n%s"
                      "controller: {parameters: running.yaml}\n",
                      speed, course);
}

static rig_log run(kc_scenario *scenario) {
  rig_log log = rig_log_for(scenario);
  kc_run one = {.scenario = scenario, .sample = rig_sample, .tick = rig_tick, .user = &log};
  kc_run *list[] = {&one};
  rig_run_all(1, list, 1);
  assert_int_equal(one.outcome.kind, KC_COMPLETED);
  return log;
}

static int is_same(const rig_log *a, const rig_log *b) {
  return a->n_tick == b->n_tick &&
         memcmp(a->state, b->state, sizeof(double) * 3 * (size_t)(a->n_tick * a->n)) == 0;
}

// what goes with the speed is nought at the nominal one, and something off it
static void test_curves_over_speed(void **state) {
  (void)state;
  static const double speed[] = {3.3, 3.0};
  for (int i = 0; i < 2; i++) {
    kc_scenario *plain = make(speed[i], ""), *bent = make(speed[i], "");
    bent->params->speed_stiffness += 900, bent->params->speed_stiffness_2 += 2000;
    bent->params->speed_knee_2 += 0.1, bent->params->speed_place_2 += 0.02;
    rig_log a = run(plain), b = run(bent);
    assert_int_equal(is_same(&a, &b), speed[i] == 3.3);
    rig_log_free(&a), rig_log_free(&b);
    kc_scenario_destroy(plain), kc_scenario_destroy(bent);
  }
}

// a parabola: at -0.2 m/s, a rise of 0.1 and a bend of 0.5 take each other off
static void test_rise_and_bend_are_a_parabola(void **state) {
  (void)state;
  kc_scenario *plain = make(3.1, ""), *bent = make(3.1, "");
  plain->params->speed_knee = 0, bent->params->speed_knee = 0.1;
  plain->params->speed_knee_2 = 0, bent->params->speed_knee_2 = 0.5;
  rig_log a = run(plain), b = run(bent);
  const double *p = a.state + 3 * (a.n_tick - 1) * a.n, *q = b.state + 3 * (b.n_tick - 1) * b.n;
  for (int j = 0; j < a.n; j++)
    assert_near(p[j], q[j], 1e-6);
  rig_log_free(&a), rig_log_free(&b);
  kc_scenario_destroy(plain), kc_scenario_destroy(bent);
}

// knee angle at the first landing after a swing from its begin
static double knee_at_landing(const rig_log *log) {
  int left = -1, flown = 0;
  for (int j = 0; j < log->n; j++)
    if (!strcmp(log->model->joint[j].name, "knee_angle_l"))
      left = j;
  assert_true(left >= 0);
  for (int k = 1; k < log->n_tick; k++) {
    if (flown && log->tick[k].phase == 1 + KC_LEFT)
      return log->state[3 * k * log->n + left];
    flown |= log->tick[k].phase == 0;
  }
  fail_msg("no landing on the left");
  return 0;
}

// who expects the ground sooner has swung further when it comes: the knee is straighter
static void test_landing_height_hastens_the_swing(void **state) {
  (void)state;
  double knee[2];
  for (int i = 0; i < 2; i++) {
    kc_scenario *s = make(3.3, "");
    s->params->landing_height += 0.02 * i;
    rig_log log = run(s);
    knee[i] = knee_at_landing(&log);
    rig_log_free(&log);
    kc_scenario_destroy(s);
  }
  print_message("knee at landing %.4f rad, expecting the ground 20 mm higher %.4f rad\n", knee[0],
                knee[1]);
  assert_true(knee[1] < knee[0] - 0.005);
}

// uphill it may be slower than asked for
static void test_pace_uphill(void **state) {
  (void)state;
  double way[2];
  for (int i = 0; i < 2; i++) {
    kc_scenario *s = make(3.0, "course: {grade: 8 %}\n");
    s->params->slope_pace = 2.0 * i;
    rig_log log = run(s);
    way[i] = log.state[3 * (log.n_tick - 1) * log.n];
    rig_log_free(&log);
    kc_scenario_destroy(s);
  }
  assert_true(way[1] < way[0] - 0.01);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_curves_over_speed),
      cmocka_unit_test(test_rise_and_bend_are_a_parabola),
      cmocka_unit_test(test_landing_height_hastens_the_swing),
      cmocka_unit_test(test_pace_uphill),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
