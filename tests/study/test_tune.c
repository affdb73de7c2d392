/// @file
/// The tuner on a fake engine whose runner slows down and falls with distance from good parameters:
/// finds them, keeps within bounds, same bits for widths and threads, resumes, refuses.
#include "control/params.h"
#include "near.h"
#include "scenario/params.h"
#include "study/tune.h"

#include "fake_engine.h"
#include <math.h>
#include <unistd.h>

static kc_joint joint[N_JOINT];
static kc_sphere sphere[3];
static kc_model model;
static volatile int stop_flag;
static long n_run, stop_after = -1;

/// Distance of a few parameters from where the fake runner is best, in scales.
static double find_distance(const kc_control_params *params) {
  const double *value = (const double *)params;
  double sum = 0;
  for (int i = 0, k = 0; k < 5; i++) {
    const kc_control_param_info *info = kc_control_param(i);
    if (info->scale <= 0)
      continue;
    double d = (value[i] - info->value) / info->scale - (k % 2 ? 0.8 : -0.7);
    sum += d * d;
    k++;
  }
  return sqrt(sum);
}

static void fake_run(kc_run *run, const volatile int *stop) {
  const kc_task *task = &run->scenario->task;
#pragma omp atomic
  n_run++;
  if (stop_after >= 0 && n_run > stop_after)
    stop_flag = 1;
  if (stop && *stop) {
    run->outcome = (kc_outcome){.kind = KC_INTERRUPTED};
    return;
  }
  double distance = find_distance(run->scenario->params), q[N_JOINT] = {0}, zero[N_JOINT] = {0};
  double end = fmin(task->duration, task->duration * 1.6 / (1 + 0.4 * distance));
  for (int i = 0; i * 0.01 <= end; i++) {
    kc_sample s = {.time = i * 0.01, .q = q, .v = zero, .torque = zero};
    s.com[0] = s.time * task->speed * (1 - 0.1 * distance);
    run->tick(run->user, &s);
  }
  run->outcome = (kc_outcome){.kind = end < task->duration ? KC_FELL : KC_COMPLETED, .time = end};
}

static kc_scenario base[2];
static const kc_scenario *const SITUATION[2] = {&base[0], &base[1]};

static void make_scenarios(void) {
  model = fake_model(joint, sphere);
  for (int i = 0; i < 2; i++) {
    base[i] = (kc_scenario){.body = &model, .internal = &model};
    (void)snprintf(base[i].name, sizeof base[i].name, "case_%d", i);
    base[i].task.speed = i ? 3.0 : 3.3;
    base[i].task.duration = i ? 4 : 5;
    base[i].task.step = 1e-3;
  }
  stop_flag = 0, stop_after = -1, n_run = 0;
}

static kc_tune_result tune(const kc_tune_options *options, kc_status expected) {
  kc_tune_result result;
  kc_error error = kc_error_default();
  kc_status status = kc_tune_run(SITUATION, 2, options, &result, &error);
  if (status != expected)
    fail_msg("status %d: %s", status, error.n_finding ? error.finding[0].text : "no finding");
  assert_true((status == KC_OK) == (error.n_finding == 0));
  kc_error_destroy(&error);
  return result;
}

static void test_finds_good_parameters_within_bounds(void **unused) {
  (void)unused;
  make_scenarios();
  kc_tune_options o = kc_tune_default_options();
  o.evaluations = 6000;
  o.sigma = 0.5;
  kc_tune_result r = tune(&o, KC_OK);
  kc_control_params start = kc_control_default_params();
  print_message("distance %.3f -> %.3f, cost %.3f, %ld runs\n", find_distance(&start),
                find_distance(&r.best), r.best_cost, r.evaluations);
  assert_true(find_distance(&r.best) < 0.5 * find_distance(&start));
  assert_true(find_distance(&r.mean) < 0.5 * find_distance(&start));
  assert_true(r.evaluations >= 6000 && r.evaluations == n_run);
  assert_string_equal(r.reason, "runs used up");
  for (int i = 0; i < kc_control_n_param(); i++) {
    const kc_control_param_info *info = kc_control_param(i);
    double best = ((const double *)&r.best)[i], mean = ((const double *)&r.mean)[i];
    assert_true(best >= info->lower && best <= info->upper);
    assert_true(mean >= info->lower && mean <= info->upper);
    if (info->scale == 0)
      assert_true(best == info->value);
  }
}

static void test_starts_from_the_scenario_and_never_loses_it(void **unused) {
  (void)unused;
  make_scenarios();
  kc_control_params own = kc_control_default_params();
  double *value = (double *)&own;
  for (int i = 0, k = 0; k < 5; i++) {
    const kc_control_param_info *info = kc_control_param(i);
    if (info->scale <= 0)
      continue;
    value[i] = info->value + info->scale * (k++ % 2 ? 0.8 : -0.7); // perfect already
  }
  base[0].params = &own;
  kc_tune_options o = kc_tune_default_options();
  o.evaluations = 1; // one generation
  kc_tune_result r = tune(&o, KC_OK);
  assert_int_equal(r.generations, 1);
  assert_memory_equal(&r.best, &own, sizeof own);
}

static void test_same_bits_for_widths_and_threads(void **unused) {
  (void)unused;
  kc_tune_result first = {0};
  for (int i = 0; i < 3; i++) {
    make_scenarios();
    kc_tune_options o = kc_tune_default_options();
    o.evaluations = 400;
    o.width = i == 1 ? 1 : 4;
    o.threads = i + 1;
    kc_tune_result r = tune(&o, KC_OK);
    if (i == 0)
      first = r;
    assert_memory_equal(&r.best, &first.best, sizeof r.best);
    assert_memory_equal(&r.mean, &first.mean, sizeof r.mean);
    assert_true(r.best_cost == first.best_cost);
  }
}

static void make_path(char *path, size_t size, const char *name) {
  (void)snprintf(path, size, "test_tune_%ld_%s", (long)getpid(), name);
}

static void test_goes_on_after_a_stop_as_if_undisturbed(void **unused) {
  (void)unused;
  char state[64], output[80];
  make_path(state, sizeof state, "state");
  make_path(output, sizeof output, "best.yaml");
  make_scenarios();
  kc_tune_options o = kc_tune_default_options();
  o.evaluations = 1000;
  kc_tune_result whole = tune(&o, KC_OK);
  make_scenarios();
  o.state = state, o.output = output, o.stop = &stop_flag, o.command = "kinchain tune case_0.yaml";
  stop_after = 333; // in the middle of a generation
  kc_tune_result part = tune(&o, KC_OK);
  assert_string_equal(part.reason, "interrupted");
  assert_true(part.evaluations < 334);
  make_scenarios();
  kc_tune_result rest = tune(&o, KC_OK);
  assert_memory_equal(&rest.best, &whole.best, sizeof rest.best);
  assert_memory_equal(&rest.mean, &whole.mean, sizeof rest.mean);
  assert_int_equal(rest.evaluations, whole.evaluations);
  kc_tune_options other = o;
  other.seed = 99;
  (void)tune(&other, KC_ERR_INPUT);
  FILE *file = fopen(state, "r+b");
  assert_non_null(file);
  fseek(file, 200, SEEK_SET);
  fputc(0x5a, file);
  fclose(file);
  (void)tune(&o, KC_ERR_INPUT);
  unlink(state);
  unlink(output);
  strcat(output, ".mean");
  unlink(output);
}

static void test_writes_what_it_found(void **unused) {
  (void)unused;
  char output[80], line[400];
  make_path(output, sizeof output, "found.yaml");
  make_scenarios();
  kc_tune_options o = kc_tune_default_options();
  o.evaluations = 200, o.output = output, o.command = "kinchain tune case_0.yaml --seed 1";
  kc_tune_result r = tune(&o, KC_OK);
  kc_control_params best, mean;
  kc_error error = kc_error_default();
  assert_int_equal(kc_scenario_read_params(output, &best, &error), KC_OK);
  assert_memory_equal(&best, &r.best, sizeof best); // written to the last digit
  FILE *file = fopen(output, "r");
  assert_non_null(file);
  int named = 0;
  while (fgets(line, sizeof line, file))
    named |= strcmp(line, "#   kinchain tune case_0.yaml --seed 1\n") == 0;
  fclose(file);
  assert_true(named);
  unlink(output);
  strcat(output, ".mean");
  assert_int_equal(kc_scenario_read_params(output, &mean, &error), KC_OK);
  assert_memory_not_equal(&mean, &best, sizeof best);
  unlink(output);
  kc_error_destroy(&error);
}

static void test_refuses_what_cannot_work(void **unused) {
  (void)unused;
  make_scenarios();
  kc_tune_options good = kc_tune_default_options(), bad;
  bad = good, bad.lambda = 3;
  (void)tune(&bad, KC_ERR_INPUT);
  bad = good, bad.sigma = 0;
  (void)tune(&bad, KC_ERR_INPUT);
  bad = good, bad.sigma_max = 0.1;
  (void)tune(&bad, KC_ERR_INPUT);
  bad = good, bad.budget = -1;
  (void)tune(&bad, KC_ERR_INPUT);
  bad = good, bad.output = "no_such_folder/best.yaml";
  (void)tune(&bad, KC_ERR_FILE);
  bad = good, bad.state = "no_such_folder/state";
  (void)tune(&bad, KC_ERR_FILE);
  bad = good, bad.width = 7;
  (void)tune(&bad, KC_ERR_INPUT);
  kc_tune_result result;
  kc_error error = kc_error_default();
  assert_int_equal(kc_tune_run(SITUATION, 0, &good, &result, &error), KC_ERR_INPUT);
  kc_error_destroy(&error);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_finds_good_parameters_within_bounds),
      cmocka_unit_test(test_starts_from_the_scenario_and_never_loses_it),
      cmocka_unit_test(test_same_bits_for_widths_and_threads),
      cmocka_unit_test(test_goes_on_after_a_stop_as_if_undisturbed),
      cmocka_unit_test(test_writes_what_it_found),
      cmocka_unit_test(test_refuses_what_cannot_work),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
