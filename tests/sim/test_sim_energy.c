// What the engine hands out about energy agrees with itself: sums with means, muscles with their
// fibres and tendons, bands with the audit's works.
#include "sim_rig.h"
#include <gsl/gsl_errno.h>

#define MUSCLES                                                                                    \
  "name: level\nmodel: runner.yaml\nspeed: 3.3 m/s\nactuation: muscle\n"                           \
  "controller: {parameters: running_muscle.yaml}\n"

typedef struct {
  double law[KC_N_LAW], out, in, tendon, band_out, band_in; // J
} sums;

// one interval of means more
static void add(sums *s, const kc_sample *k, double span, const rig_log *log) {
  int n = log->n_muscle;
  for (int m = 0; m < n; m++) {
    for (int law = 0; law < KC_N_LAW; law++)
      s->law[law] += span * k->metabolic_power[law * n + m];
    s->out += span * k->fibre_power_out[m], s->in += span * k->fibre_power_in[m];
    assert_true(k->metabolic_power[m] >= 0 && k->metabolic_power[n + m] >= 0);
    assert_true(k->fibre_power_out[m] >= 0 && k->tendon_energy[m] >= 0);
  }
  for (int b = 0; b < log->n_band; b++)
    s->band_out += span * k->band_power_out[b], s->band_in += span * k->band_power_in[b];
}

static double tendons(const kc_sample *k, int n) {
  double sum = 0;
  for (int m = 0; m < n; m++)
    sum += k->tendon_energy[m];
  return sum;
}

static void test_sums(void **unused) {
  (void)unused;
  // samples within ticks; it ends where a foot stands and its tendons are taut
  kc_scenario *s = rig_scenario(MUSCLES "duration: 0.52 s\nnumerics: {muscle_step: 0.5 ms, "
                                        "record_interval: 3.5 ms}\n");
  rig_log log;
  (void)rig_run(s, &log, NULL, NULL);
  sums sum = {0};
  for (int i = 1; i < log.n_sample; i++)
    add(&sum, &log.sample[i], log.sample[i].time - log.sample[i - 1].time, &log);
  const kc_sample *first = &log.sample[0], *last = &log.sample[log.n_sample - 1];
  for (int law = 0; law < KC_N_LAW; law++)
    assert_near(sum.law[law] / last->metabolic_energy[law], 1, 1e-12);
  assert_near(sum.out / last->fibre_work_out, 1, 1e-12);
  assert_near(sum.in / last->fibre_work_in, 1, 1e-12);
  // what muscles give is what fibres give less what tendons keep
  double kept = tendons(last, log.n_muscle) - tendons(first, log.n_muscle);
  double gap = last->work[KC_POWER_muscle] - (sum.out - sum.in - kept);
  print_message("muscles %.5g J, fibres +%.5g -%.5g J, tendons %.4g J, gap %.3g J\n",
                last->work[KC_POWER_muscle], sum.out, sum.in, kept, gap);
  assert_near(gap / (sum.out + sum.in), 0, 2e-3);
  assert_true(sum.in > 20 && fabs(kept) > 0.02 * sum.in);
  rig_log_free(&log);
  kc_scenario_destroy(s);
}

// means of bands between samples at every step are their powers by the trapezoidal rule
static void test_bands(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario(RIG_LEVEL "duration: 0.4 s\nnumerics: {record_interval: 0.5 ms, "
                                          "settle: 0 s}\n");
  rig_log log;
  (void)rig_run(s, &log, NULL, NULL);
  double most = 0;
  for (int i = 1; i < log.n_sample; i++)
    for (int b = 0; b < log.n_band; b++) {
      const kc_sample *x = &log.sample[i - 1], *y = &log.sample[i];
      double p = x->band_power[b], q = y->band_power[b];
      assert_near(y->band_power_out[b], 0.5 * (fmax(p, 0) + fmax(q, 0)), 1e-9 * (1 + fabs(p)));
      assert_near(y->band_power_in[b], 0.5 * (fmax(-p, 0) + fmax(-q, 0)), 1e-9 * (1 + fabs(p)));
      most = fmax(most, fabs(p));
    }
  assert_true(most > 1);
  rig_log_free(&log);
  kc_scenario_destroy(s);
}

// a run keeps its sums where its neighbours end and others take their lanes
static void test_lanes_begin_anew(void **unused) {
  (void)unused;
  enum { N = 5 };
  kc_scenario *s[N];
  kc_run run[N], *list[N];
  rig_log log[N];
  for (int i = 0; i < N; i++) {
    s[i] = rig_scenario(MUSCLES "duration: %g s\n", i % 2 ? 0.02 : 0.032);
    log[i] = rig_log_for(s[i]);
    run[i] = (kc_run){.scenario = s[i], .sample = rig_sample, .user = &log[i]};
    list[i] = &run[i];
  }
  rig_run_all(4, list, N);
  for (int i = 0; i < N; i++) {
    const kc_sample *a = &log[i].sample[0], *b = &log[i].sample[4], *c = &log[0].sample[4];
    for (int law = 0; law < KC_N_LAW; law++) {
      assert_true(a->metabolic_energy[law] <= 0 && b->metabolic_energy[law] > 5);
      assert_true(!memcmp(&b->metabolic_energy[law], &c->metabolic_energy[law], sizeof(double)));
    }
  }
  for (int i = 0; i < N; i++) {
    rig_log_free(&log[i]);
    kc_scenario_destroy(s[i]);
  }
}

// ticks tell of energy where it is asked for, as samples do
static void test_ticks(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario(MUSCLES "duration: 0.1 s\nnumerics: {record_interval: 2 ms}\n");
  rig_log sampled = rig_log_for(s), asked = rig_log_for(s), silent = rig_log_for(s);
  kc_run run[3] = {
      {.scenario = s, .sample = rig_sample, .tick = rig_tick, .user = &sampled},
      {.scenario = s, .tick = rig_tick, .user = &asked, .energy = 1},
      {.scenario = s, .tick = rig_tick, .user = &silent},
  };
  for (int i = 0; i < 3; i++)
    rig_run_all(1, (kc_run *[]){&run[i]}, 1);
  assert_true(sampled.n_tick == asked.n_tick && asked.n_tick > 40);
  for (int i = 0; i < sampled.n_tick; i++) {
    const double *want = sampled.sample[i].metabolic_energy;
    assert_true(!memcmp(want, sampled.tick[i].metabolic_energy, sizeof(double[KC_N_LAW])));
    assert_true(!memcmp(want, asked.tick[i].metabolic_energy, sizeof(double[KC_N_LAW])));
    assert_true(silent.tick[i].metabolic_energy[0] <= 0);
  }
  assert_true(asked.tick[40].metabolic_energy[1] > 5);
  rig_log_free(&sampled), rig_log_free(&asked), rig_log_free(&silent);
  kc_scenario_destroy(s);
}

// motors have no metabolism; their samples still tell of bands
static void test_motors(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario(RIG_LEVEL "duration: 0.3 s\n");
  rig_log log;
  (void)rig_run(s, &log, NULL, NULL);
  const kc_sample *last = &log.sample[log.n_sample - 1];
  assert_int_equal(log.n_muscle, 0);
  assert_true(last->metabolic_energy[0] <= 0 && last->fibre_work_out <= 0);
  assert_int_equal(log.n_hip, KC_MAX_HIP);
  double most = 0;
  for (int i = 0; i < log.n_band * log.n_hip; i++)
    most = fmax(most, fabs(last->band_hip_moment[i]));
  assert_true(most > 0.01);
  rig_log_free(&log);
  kc_scenario_destroy(s);
}

int main(void) {
  gsl_set_error_handler_off();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sums),
      cmocka_unit_test(test_bands),
      cmocka_unit_test(test_lanes_begin_anew),
      cmocka_unit_test(test_ticks),
      cmocka_unit_test(test_motors),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
