/// @file
/// Order of convergence of both integrators where the motion is smooth, and what flight conserves.
///
/// Three cases against the adaptive reference at 1e-12: the runner in flight under constant
/// commands, the double pendulum, a body that rocks on three spheres and never leaves the ground.
#include "sim/reference.h"
#include "sim_rig.h"
#include <gsl/gsl_errno.h>

enum { N_MOST = 64, N_HALVING = 3 };

typedef struct {
  const char *name;
  kc_scenario *scenario;
  double q[N_MOST], v[N_MOST], command[N_MOST];
  double longest[2]; ///< s: the longest step, leapfrog and RK4
} smooth_case;

static kc_run make_run(const smooth_case *c, rig_log *log) {
  *log = rig_log_for(c->scenario);
  kc_run run = {.scenario = c->scenario, .sample = rig_sample, .user = log};
  run.start_q = c->q, run.start_v = c->v;
  run.replay = c->command, run.n_replay = 1;
  return run;
}

// the last sample's q and v
static void end_state(const smooth_case *c, double step, kc_integrator integrator, double *state) {
  c->scenario->task.step = step;
  c->scenario->task.integrator = integrator;
  rig_log log;
  kc_run run = make_run(c, &log), *list[] = {&run};
  if (integrator == KC_STEP_ADAPTIVE) {
    kc_reference reference = {.method = KC_REFERENCE_RK8PD, .tolerance = 1e-12};
    kc_error error = kc_error_default();
    assert_int_equal(kc_sim_run_reference(&run, &reference, NULL, &error), KC_OK);
  } else {
    rig_run_all(1, list, 1);
  }
  assert_int_equal(run.outcome.kind, KC_COMPLETED);
  assert_int_equal(log.n_sample, 2);
  memcpy(state, log.sample[1].q, (size_t)log.n * sizeof *state);
  memcpy(state + log.n, log.sample[1].v, (size_t)log.n * sizeof *state);
  rig_log_free(&log);
}

static double distance(const double *a, const double *b, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sqrt(sum / n);
}

static void check_order(const smooth_case *c, kc_integrator integrator, double expected) {
  int n = 2 * c->scenario->body->n_joint;
  double exact[2 * N_MOST], state[2 * N_MOST], error[N_HALVING], step = c->longest[integrator];
  end_state(c, step, KC_STEP_ADAPTIVE, exact);
  for (int i = 0; i < N_HALVING; i++, step *= 0.5) {
    end_state(c, step, integrator, state);
    error[i] = distance(state, exact, n);
  }
  double order = log2(error[N_HALVING - 2] / error[N_HALVING - 1]);
  print_message("%s, integrator %d: errors %.3g %.3g %.3g, order %.3f\n", c->name, integrator,
                error[0], error[1], error[2], order);
  if (!(fabs(order - expected) <= 0.2))
    fail_msg("%s, integrator %d: order %.3f, expected %.0f", c->name, integrator, order, expected);
}

static void check_both(smooth_case *c) {
  check_order(c, KC_STEP_LEAPFROG, 2);
  check_order(c, KC_STEP_RK4, 4);
  kc_scenario_destroy(c->scenario);
}

// high above the ground, turning; every joint so far inside of its range that the passive torques
// stay short of their linear continuation, whose start is only once differentiable
static void put_in_flight(smooth_case *c) {
  const kc_model *m = c->scenario->body;
  for (int j = 0; j < m->n_joint; j++) {
    double middle = 0.5 * (m->joint[j].range_lower + m->joint[j].range_upper);
    double half = fmin(0.5 * (m->joint[j].range_upper - m->joint[j].range_lower), 0.6);
    int spine =
        strncmp(m->joint[j].name, "lumbar", 6) == 0 || strncmp(m->joint[j].name, "thorax", 6) == 0;
    double share = spine ? 0.05 : 0.5;
    c->q[j] = j < 3 ? 6.31 + j : middle + half * share * sin(2.39 * j + 0.3);
    c->v[j] = (j < 3 ? 2.1 : 1.7) * cos(1.31 * j + 0.7);
    c->command[j] = m->joint[j].torque_limit > 0 ? 3.7 * sin(0.83 * j) : 0;
  }
}

static void test_flight(void **unused) {
  (void)unused;
  smooth_case c = {.name = "flight", .longest = {2e-3, 1.6e-4}};
  c.scenario = rig_body("runner.yaml", 0.08, 1e-3);
  for (int i = 0; i < c.scenario->body->n_band; i++)
    c.scenario->body->band[i].on = 0; // their tension is only once differentiable
  put_in_flight(&c);
  check_both(&c);
}

static void test_pendulum(void **unused) {
  (void)unused;
  smooth_case c = {.name = "pendulum", .longest = {1e-3, 1e-2}};
  c.scenario = rig_body("double_pendulum.yaml", 0.72, 1e-3);
  c.q[0] = 2.117, c.q[1] = -0.731, c.v[0] = 1.349, c.v[1] = -2.927;
  check_both(&c);
}

static void test_contact(void **unused) {
  (void)unused;
  smooth_case c = {.name = "contact", .longest = {2e-4, 1e-3}};
  c.scenario = rig_body("free_body.yaml", 0.06, 1e-3);
  // about the mass centre, so that all three bear load throughout
  kc_sphere sphere[3] = {{.position = {0.213, -0.11, 0.071}},
                         {.position = {-0.131, -0.1104, 0.167}},
                         {.position = {0.014, -0.1097, -0.172}}};
  for (int i = 0; i < 3; i++)
    sphere[i].link = 5, sphere[i].radius = 0.03, sphere[i].stiffness = 6.1e4,
    sphere[i].dissipation = 0.4;
  kc_model own = *c.scenario->body, *kept = c.scenario->body;
  own.n_sphere = 3, own.sphere = sphere;
  c.scenario->body = &own;
  c.scenario->task.ground.slip_speed = 0.31;
  c.q[1] = 0.1371, c.q[3] = 0.0013, c.v[0] = 0.23, c.v[1] = -0.021, c.v[2] = -0.11, c.v[5] = 0.4;
  check_order(&c, KC_STEP_LEAPFROG, 2);
  check_order(&c, KC_STEP_RK4, 4);
  c.scenario->body = kept;
  kc_scenario_destroy(c.scenario);
}

// drift of energy and of angular momentum, and of linear momentum less gravity's impulse
static void drift_in_flight(const smooth_case *c, double step, kc_integrator integrator,
                            double *drift) {
  c->scenario->task.step = step;
  c->scenario->task.integrator = integrator;
  rig_log log;
  kc_run run = make_run(c, &log), *list[] = {&run};
  rig_run_all(1, list, 1);
  assert_int_equal(log.n_sample, 2);
  const kc_sample *a = &log.sample[0], *b = &log.sample[1];
  double fall = 9.80665 * c->scenario->body->mass * b->time;
  drift[0] = fabs(b->kinetic + b->potential - a->kinetic - a->potential);
  drift[1] = distance(a->angular_momentum, b->angular_momentum, 3);
  double p[3] = {a->momentum[0], a->momentum[1] - fall, a->momentum[2]};
  drift[2] = distance(p, b->momentum, 3);
  rig_log_free(&log);
}

static void test_flight_conserves(void **unused) {
  (void)unused;
  static const char *const what[3] = {"energy", "angular momentum", "linear momentum"};
  smooth_case c = {.name = "conservation", .longest = {2e-3, 8e-3}};
  c.scenario = rig_body("runner.yaml", 0.08, 1e-3);
  rig_make_free(c.scenario->body);
  put_in_flight(&c);
  memset(c.command, 0, sizeof c.command);
  for (int k = KC_STEP_LEAPFROG; k <= KC_STEP_RK4; k++) {
    double coarse[3], fine[3], expected = k == KC_STEP_RK4 ? 4 : 2;
    drift_in_flight(&c, c.longest[k], (kc_integrator)k, coarse);
    drift_in_flight(&c, 0.5 * c.longest[k], (kc_integrator)k, fine);
    for (int i = 0; i < 3; i++) {
      double order = log2(coarse[i] / fine[i]);
      print_message("%s, integrator %d: drift %.3g %.3g, order %.2f\n", what[i], k, coarse[i],
                    fine[i], order);
      int exact = i == 2 && fine[i] < 1e-10;
      if (!exact && !(order >= expected - 0.2))
        fail_msg("%s, integrator %d: drifts by %.3g and %.3g, order %.2f", what[i], k, coarse[i],
                 fine[i], order);
    }
  }
  kc_scenario_destroy(c.scenario);
}

// the methods of the reference agree far below the engines' errors
static void test_reference_methods_agree(void **unused) {
  (void)unused;
  double state[3][8];
  for (int m = 0; m < 3; m++) {
    kc_scenario *s = rig_body("double_pendulum.yaml", 0.72, 1e-3);
    rig_log log = rig_log_for(s);
    double q[2] = {2.117, -0.731}, v[2] = {1.349, -2.927};
    kc_run run = {.scenario = s, .sample = rig_sample, .user = &log, .start_q = q, .start_v = v};
    kc_reference reference = {.method = (kc_reference_method)m, .tolerance = 1e-11};
    kc_error error = kc_error_default();
    assert_int_equal(kc_sim_run_reference(&run, &reference, NULL, &error), KC_OK);
    for (int j = 0; j < 2; j++)
      state[m][j] = log.sample[1].q[j], state[m][2 + j] = log.sample[1].v[j];
    assert_near(log.sample[1].audit_residual, 0, 1e-9);
    rig_log_free(&log);
    kc_scenario_destroy(s);
  }
  for (int m = 1; m < 3; m++)
    for (int i = 0; i < 4; i++)
      assert_near(state[m][i], state[0][i], 1e-8);
}

static void test_reference_refuses(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario(RIG_LEVEL "duration: 1 s\nnumerics: {integrator: adaptive}\n");
  kc_run run = {.scenario = s}, *list[] = {&run};
  rig_queue queue = {list, 1, 0};
  kc_error error = kc_error_default();
  assert_int_equal(kc_sim_run(4, rig_next, NULL, &queue, NULL, &error), KC_ERR_INPUT);
  assert_int_equal(error.n_finding, 1);
  assert_non_null(strstr(error.finding[0].text, "has no controller; write leapfrog or rk4"));
  kc_reference reference = kc_sim_default_reference();
  double command[N_MOST] = {0};
  reference.tolerance = 0, run.replay = command, run.n_replay = 1;
  assert_int_equal(kc_sim_run_reference(&run, &reference, NULL, &error), KC_ERR_INPUT);
  assert_non_null(strstr(error.finding[1].text, "must be above 0"));
  kc_error_destroy(&error);
  kc_scenario_destroy(s);
}

int main(void) {
  gsl_set_error_handler_off();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_flight),
      cmocka_unit_test(test_pendulum),
      cmocka_unit_test(test_contact),
      cmocka_unit_test(test_flight_conserves),
      cmocka_unit_test(test_reference_methods_agree),
      cmocka_unit_test(test_reference_refuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
