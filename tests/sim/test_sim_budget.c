/// @file
/// The books of a running runner: momentum against impulses, energy against works; the energy audit
/// notices any group of elements whose power has the wrong sign.
#include "sim_rig.h"

static const double gravity = 9.80665;
static const char *const group_name[KC_N_POWER] = {
#define X(name, text) #name,
    KC_POWER_LIST(X)
#undef X
};

static kc_scenario *make_level(double step_ms, const char *more) {
  return rig_scenario(RIG_LEVEL "duration: 2 s\n%snumerics: {step: %g ms}\n", more, step_ms);
}

static double total_positive(const rig_log *log) {
  return log->sample[log->n_sample - 1].work_positive[KC_POWER_actuator];
}

// largest distance between momentum and the impulses of all forces since the start, BW s
static double momentum_error(const rig_log *log, double interval) {
  double weight = log->model->mass * gravity, sum[3] = {0}, worst = 0;
  const kc_sample *first = &log->sample[0];
  for (int i = 1; i < log->n_sample; i++) {
    const kc_sample *s = &log->sample[i];
    for (int k = 0; k < 3; k++) {
      double force = s->foot_force_mean[KC_RIGHT][k] + s->foot_force_mean[KC_LEFT][k] +
                     s->drag_force_mean[k] + s->push_force_mean[k] - (k == 1 ? weight : 0);
      sum[k] += interval * force;
      worst = fmax(worst, fabs(s->momentum[k] - first->momentum[k] - sum[k]) / weight);
    }
  }
  return worst;
}

// the same about the moving mass centre, BW m s
static double turning_error(const rig_log *log, double interval) {
  double weight = log->model->mass * gravity, sum[3] = {0}, worst = 0;
  const kc_sample *first = &log->sample[0];
  for (int i = 1; i < log->n_sample; i++) {
    const kc_sample *s = &log->sample[i];
    for (int k = 0; k < 3; k++) {
      sum[k] += interval * (s->foot_moment_mean[KC_RIGHT][k] + s->foot_moment_mean[KC_LEFT][k] +
                            s->drag_moment_mean[k] + s->push_moment_mean[k]);
      worst = fmax(worst, fabs(s->angular_momentum[k] - first->angular_momentum[k] - sum[k]));
    }
  }
  return worst / weight;
}

static double audit_error(const rig_log *log, int flipped) {
  double worst = 0;
  for (int i = 0; i < log->n_sample; i++) {
    double residual = log->sample[i].audit_residual;
    if (flipped >= 0)
      residual += 2 * log->sample[i].work[flipped];
    worst = fmax(worst, fabs(residual));
  }
  return worst / total_positive(log);
}

// momentum of the links, from masses and velocities alone, against the recorded one, BW s
static double link_momentum_error(const rig_log *log) {
  double worst = 0;
  for (int i = 0; i < log->n_sample; i++) {
    double sum[3] = {0};
    for (int j = 0, l = 0; j < log->n; j++)
      if (log->model->joint[j].link_name[0]) {
        for (int k = 0; k < 3; k++)
          sum[k] += log->model->joint[j].mass * log->sample[i].body_velocity[3 * l + k];
        l++;
      }
    for (int k = 0; k < 3; k++)
      worst = fmax(worst, fabs(sum[k] - log->sample[i].momentum[k]));
  }
  return worst / (log->model->mass * gravity);
}

static void test_momentum(void **unused) {
  (void)unused;
  kc_scenario *s = make_level(0.5, "push: {time: 0.7 s, duration: 0.1 s, force: 20 0 90 N}\n");
  rig_log log;
  kc_run run = rig_run(s, &log, NULL, NULL);
  assert_int_equal(run.outcome.kind, KC_COMPLETED);
  double linear = momentum_error(&log, s->task.record_interval);
  double turning = turning_error(&log, s->task.record_interval);
  print_message("momentum %.3g BW s, angular %.3g BW m s over 2 s\n", linear, turning);
  assert_near(linear, 0, 1e-9); // asked for: 1e-6
  assert_near(link_momentum_error(&log), 0, 1e-12);
  assert_near(turning, 0, 0.01);
  rig_log_free(&log);
  kc_scenario_destroy(s);
}

// the audit closes, and does not with the power of any group that matters turned round
static int check_audit(kc_scenario *s) {
  rig_log log;
  (void)rig_run(s, &log, NULL, NULL);
  double error = audit_error(&log, -1);
  print_message("audit: %.3g of %.0f J of positive work\n", error, total_positive(&log));
  assert_near(error, 0, 0.01);
  int noticed = 0;
  for (int g = 0; g < KC_N_POWER; g++) {
    double largest = 0, flipped = audit_error(&log, g);
    for (int i = 0; i < log.n_sample; i++)
      largest = fmax(largest, fabs(log.sample[i].work[g]) / total_positive(&log));
    print_message("%s: work to %.3g, flipped %.3g\n", group_name[g], largest, flipped);
    if (largest < 0.006) // no flip of such a work could reach 1 %
      continue;
    noticed |= 1 << g;
    if (!(flipped > 0.01))
      fail_msg("%s flipped goes unnoticed: residual %.3g", group_name[g], flipped);
  }
  rig_log_free(&log);
  kc_scenario_destroy(s);
  return noticed;
}

static void test_audit(void **unused) {
  (void)unused;
  int noticed = check_audit(make_level(0.5, ""));
  int large = 1 << KC_POWER_actuator | 1 << KC_POWER_passive | 1 << KC_POWER_contact;
  assert_int_equal(noticed & large, large);
  // what is small in daily running made large: slings, drag, a push
  kc_scenario *s = make_level(0.5, "push: {time: 0.3 s, duration: 0.1 s, force: 150 0 60 N}\n");
  s->task.duration = 0.6;
  s->body->drag_area *= 6;
  for (int i = 0; i < s->body->n_band; i++)
    s->body->band[i].stiffness *= 40, s->body->band[i].loss *= 3;
  noticed = check_audit(s);
  assert_int_equal(noticed, ((1 << KC_N_POWER) - 1) & ~(1 << KC_POWER_muscle));
}

static void test_audit_falls_with_the_step(void **unused) {
  (void)unused;
  enum { N = 4 };
  double audit[N], turning[N];
  for (int i = 0; i < N; i++) {
    kc_scenario *s = make_level(1.0 / (1 << i), "");
    s->task.duration = 1.5;
    rig_log log;
    (void)rig_run(s, &log, NULL, NULL);
    audit[i] = audit_error(&log, -1);
    turning[i] = turning_error(&log, s->task.record_interval);
    print_message("step %g ms: audit %.3g, angular %.3g BW m s\n", 1.0 / (1 << i), audit[i],
                  turning[i]);
    rig_log_free(&log);
    kc_scenario_destroy(s);
  }
  for (int i = 0; i + 1 < N; i++)
    assert_near(log2(audit[i] / audit[i + 1]), 2, 0.7); // each step size is a run of its own
  assert_near(log2(audit[0] / audit[N - 1]), 2 * (N - 1), 0.5);
  assert_true(turning[N - 1] < 0.1 * turning[0]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_momentum),
      cmocka_unit_test(test_audit),
      cmocka_unit_test(test_audit_falls_with_the_step),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
