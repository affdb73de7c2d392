/// @file
/// The runner on muscles: same bits in every company, budgets that close, second order against the
/// adaptive reference, nothing left of a lane's last run.
#include "sim/reference.h"
#include "sim_rig.h"
#include <gsl/gsl_errno.h>

#define MUSCLES RIG_LEVEL "actuation: muscle\nnumerics: {settle: 0 s}\n"

static const double gravity = 9.80665;

static kc_scenario *make(double duration, double strength) {
  kc_scenario *s = rig_scenario(MUSCLES "duration: %g s\n", duration);
  assert_int_equal(s->body->n_muscle, 92);
  for (int i = 0; i < s->body->n_muscle; i++)
    s->body->muscle[i].strength *= strength;
  return s;
}

// alone, among unlike runners, in a lane that another has left
static void test_bits(void **unused) {
  (void)unused;
  enum { N = 6 };
  kc_scenario *s[N];
  rig_log alone[N], log[N];
  for (int i = 0; i < N; i++) {
    s[i] = make(i % 2 ? 0.06 : 0.09, 1 - 0.07 * i);
    (void)rig_run(s[i], &alone[i], NULL, NULL);
  }
  for (int width = 1; width <= 8; width *= width == 1 ? 4 : 2) {
    kc_run run[N], *list[N];
    for (int i = 0; i < N; i++) {
      log[i] = rig_log_for(s[i]);
      run[i] = (kc_run){.scenario = s[i], .sample = rig_sample, .tick = rig_tick, .user = &log[i]};
      list[i] = &run[i];
    }
    rig_run_all(width, list, N);
    for (int i = 0; i < N; i++) {
      rig_check_same(&alone[i], &log[i]);
      rig_log_free(&log[i]);
    }
  }
  for (int i = 0; i < N; i++) {
    rig_log_free(&alone[i]);
    kc_scenario_destroy(s[i]);
  }
}

static double total_positive(const kc_sample *s) {
  return s->work_positive[KC_POWER_actuator] + s->work_positive[KC_POWER_muscle];
}

static void test_budgets(void **unused) {
  (void)unused;
  kc_scenario *s = make(0.4, 1);
  rig_log log;
  (void)rig_run(s, &log, NULL, NULL);
  const kc_sample *first = &log.sample[0], *last = &log.sample[log.n_sample - 1];
  double residual = 0, flipped = 0, impulse[3] = {0}, most = 0;
  for (int i = 0; i < log.n_sample; i++) {
    const kc_sample *k = &log.sample[i];
    residual = fmax(residual, fabs(k->audit_residual));
    flipped = fmax(flipped, fabs(k->audit_residual + 2 * k->work[KC_POWER_muscle]));
    double span = i ? k->time - log.sample[i - 1].time : 0;
    for (int x = 0; x < 3; x++) {
      impulse[x] += span * (k->foot_force_mean[0][x] + k->foot_force_mean[1][x] +
                            k->drag_force_mean[x] - (x == 1 ? gravity * s->body->mass : 0));
      most = fmax(most, fabs(k->momentum[x] - first->momentum[x] - impulse[x]));
    }
    double power = 0, size = 1;
    for (int m = 0; m < log.n_muscle; m++) {
      power += k->muscle_power[m], size += fabs(k->muscle_power[m]);
      assert_true(k->muscle_force[m] >= 0 && isfinite(k->muscle_force[m]));
      assert_true(k->muscle_activation[m] >= 0 && k->muscle_activation[m] <= 1);
    }
    // tensions times lengthening rates against moments times velocities
    assert_near(k->power[KC_POWER_muscle] / size, power / size, 1e-10);
  }
  double all = total_positive(last), weight = gravity * s->body->mass;
  print_message("%.0f J of positive work, residual %.3g, with muscles flipped %.3g; momentum %.3g "
                "BW s\n",
                all, residual / all, flipped / all, most / weight);
  assert_near(residual / all, 0, 0.01);
  assert_true(flipped / all > 0.1);
  assert_near(most / weight, 0, 1e-9);
  rig_log_free(&log);
  kc_scenario_destroy(s);
}

enum { N_MOST = 256, N_HALVING = 3 };

// q, v and fibres at the end of a flight under constant excitations
static int fly(kc_scenario *s, double step, int muscle_steps, kc_integrator integrator,
               double *state) {
  int n = s->body->n_joint, n_muscle = s->body->n_muscle;
  double q[N_MOST] = {0}, v[N_MOST] = {0}, row[N_MOST] = {0};
  for (int j = 0; j < n; j++)
    q[j] = j < 3 ? 6.3 : 0.05 * sin(2.3 * j), v[j] = j < 3 ? 0.4 : 1.3 * cos(1.3 * j);
  for (int m = 0; m < n_muscle; m++)
    row[n + m] = 0.2 + 0.15 * sin(1.7 * m);
  s->task.step = step, s->task.muscle_steps = muscle_steps, s->task.integrator = integrator;
  rig_log log = rig_log_for(s);
  kc_run run = {.scenario = s,
                .sample = rig_sample,
                .user = &log,
                .start_q = q,
                .start_v = v,
                .replay = row,
                .n_replay = 1};
  kc_run *list[] = {&run};
  kc_reference reference = {.method = KC_REFERENCE_RK8PD, .tolerance = 1e-11};
  kc_error error = kc_error_default();
  if (integrator == KC_STEP_ADAPTIVE)
    assert_int_equal(kc_sim_run_reference(&run, &reference, NULL, &error), KC_OK);
  else
    rig_run_all(1, list, 1);
  assert_int_equal(run.outcome.kind, KC_COMPLETED);
  const kc_sample *end = &log.sample[log.n_sample - 1];
  for (int j = 0; j < n; j++)
    state[j] = end->q[j], state[n + j] = 0.1 * end->v[j];
  for (int m = 0; m < n_muscle; m++)
    state[2 * n + m] = end->fibre_length[m];
  rig_log_free(&log);
  return 2 * n + n_muscle;
}

static double distance(const double *a, const double *b, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sqrt(sum / n);
}

static void test_order(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario("model: runner.yaml\nspeed: 0 m/s\nduration: 1 s\n"
                                "actuation: muscle\n");
  free(s->params);
  s->params = NULL;
  s->task.duration = s->task.control_interval = s->task.record_interval = 0.032;
  double exact[N_MOST], state[N_MOST], error[N_HALVING];
  int n = fly(s, 1e-3, 1, KC_STEP_ADAPTIVE, exact);
  for (int muscle_steps = 1; muscle_steps <= 2; muscle_steps++) {
    for (int i = 0; i < N_HALVING; i++) {
      fly(s, 1e-3 / (1 << i), muscle_steps, KC_STEP_LEAPFROG, state);
      error[i] = distance(state, exact, n);
    }
    double order = log2(error[0] / error[N_HALVING - 1]) / (N_HALVING - 1);
    print_message("leapfrog, muscles every %d steps: errors %.3g %.3g %.3g, order %.2f\n",
                  muscle_steps, error[0], error[1], error[2], order);
    assert_true(order > 1.7);
  }
  fly(s, 2.5e-4, 1, KC_STEP_RK4, state);
  double rk4 = distance(state, exact, n);
  print_message("RK4 with muscles: error %.3g\n", rk4);
  assert_true(rk4 < 0.1 * error[N_HALVING - 1]);
  kc_scenario_destroy(s);
}

int main(void) {
  gsl_set_error_handler_off();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bits),
      cmocka_unit_test(test_budgets),
      cmocka_unit_test(test_order),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
