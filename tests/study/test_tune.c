/// @file
/// The tuner on a fake engine whose runner slows down and falls with distance from good parameters:
/// finds them, keeps within bounds, same bits for widths and threads, resumes, refuses.
#include "fake_tuning.h"
#include "scenario/params.h"
#include <unistd.h>

static void make_scenarios(void) {
  make_situations(1);
  reset_runs();
}

static kc_tune_result tune(const kc_tune_options *options, kc_status expected) {
  return tune_situations(SITUATION, options, expected);
}

static void test_finds_good_parameters_within_bounds(void **unused) {
  (void)unused;
  make_scenarios();
  kc_tune_options o = kc_tune_default_options();
  o.evaluations = 6000;
  o.sigma = 0.5;
  kc_tune_result r = tune(&o, KC_OK);
  kc_control_params start = kc_control_default_params();
  print_message("distance %.3f -> %.3f, cost %.3f, %ld runs\n", find_distance(&start, 1),
                find_distance(&r.best, 1), r.best_cost, r.evaluations);
  assert_true(find_distance(&r.best, 1) < 0.5 * find_distance(&start, 1));
  assert_true(find_distance(&r.mean, 1) < 0.5 * find_distance(&start, 1));
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
  for (int i = 0, k = 0; k < N_TUNED; i++)
    if (kc_control_param(i)->scale > 0)
      value[i] = find_best_value(i, k++, 1); // perfect already
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

/// Restarts: from the best, with twice the candidates, the same after stops in the middle.
static void test_starts_anew_where_it_has_converged(void **unused) {
  (void)unused;
  char state[64];
  make_path(state, sizeof state, "restarts");
  kc_tune_options o = kc_tune_default_options();
  o.sigma_stop = 0.27, o.lambda = 6, o.stop = &stop_flag;
  make_scenarios();
  kc_tune_result none = tune(&o, KC_OK);
  assert_string_equal(none.reason, "step below sigma_stop");
  assert_int_equal(none.evaluations, none.generations * 6 * 2);
  o.restarts = 3;
  make_scenarios();
  kc_tune_result whole = tune(&o, KC_OK);
  print_message("%d restarts, %ld runs, cost %.4g -> %.4g -> %.4g\n", whole.restarts,
                whole.evaluations, whole.start_cost, none.best_cost, whole.best_cost);
  assert_int_equal(whole.restarts, 3);
  assert_string_equal(whole.reason, "step below sigma_stop");
  assert_true(whole.start_cost == none.start_cost && none.best_cost < none.start_cost);
  assert_true(whole.best_cost < none.best_cost && !whole.is_interrupted);
  // at least a generation of 6, 12, 24 and 48 candidates
  assert_true(whole.evaluations >= none.evaluations + 2 * (12 + 24 + 48));
  o.state = state, o.width = 1;
  long done = 0;
  for (int i = 0; i < 40 && done < whole.evaluations; i++) {
    make_scenarios();
    stop_after = 2 * 61;
    kc_tune_result r = tune(&o, KC_OK);
    assert_true(r.evaluations >= done);
    done = r.evaluations;
    if (r.is_interrupted)
      continue;
    assert_memory_equal(&r.best, &whole.best, sizeof r.best);
    assert_memory_equal(&r.mean, &whole.mean, sizeof r.mean);
    assert_true(r.start_cost == whole.start_cost && r.best_cost == whole.best_cost);
    assert_int_equal(r.restarts, 3);
  }
  assert_int_equal(done, whole.evaluations);
  unlink(state);
}

static kc_tune_progress last_progress;
static int n_progress;
static void keep_progress(void *user, const kc_tune_progress *progress) {
  assert_ptr_equal(user, &n_progress);
  assert_true(progress->best_cost <= progress->start_cost);
  last_progress = *progress;
  n_progress++;
}

static void test_tells_how_far_it_is(void **unused) {
  (void)unused;
  make_scenarios();
  kc_tune_options o = kc_tune_default_options();
  o.evaluations = 330, o.progress = keep_progress, o.progress_user = &n_progress;
  n_progress = 0;
  kc_tune_result r = tune(&o, KC_OK);
  assert_int_equal(n_progress, r.generations);
  assert_int_equal(last_progress.evaluations, r.evaluations);
  assert_true(last_progress.best_cost == r.best_cost && last_progress.left == 0);
  o.evaluations = 0, o.budget = 0.05; // s
  r = tune(&o, KC_OK);
  assert_string_equal(r.reason, "time budget used up");
  assert_true(last_progress.left >= 0 && last_progress.left < 0.05);
}

static void test_the_budget_may_count_resumed_calls(void **unused) {
  (void)unused;
  char state[64];
  make_path(state, sizeof state, "budget");
  make_scenarios();
  kc_tune_options o = kc_tune_default_options();
  o.state = state, o.evaluations = 1000, o.progress = keep_progress, o.progress_user = &n_progress;
  kc_tune_result first = tune(&o, KC_OK);
  o.evaluations = 0, o.budget = 0.5 * last_progress.elapsed, o.budget_in_all = 1;
  kc_tune_result second = tune(&o, KC_OK);
  assert_string_equal(second.reason, "time budget used up");
  assert_int_equal(second.evaluations, first.evaluations);
  o.budget_in_all = 0;
  assert_true(tune(&o, KC_OK).evaluations > first.evaluations);
  unlink(state);
}

/// What noise the candidates meet follows from the scenario alone.
static void test_candidates_meet_the_same_noise(void **unused) {
  (void)unused;
  make_scenarios();
  base[0].task.seed = 4711, base[1].task.seed = 99;
  base[0].task.sense_delay = 0.02;
  n_seed = 0, n_other_seed = 0;
  kc_tune_options o = kc_tune_default_options();
  o.evaluations = 300;
  kc_tune_result r = tune(&o, KC_OK);
  assert_int_equal(n_seed, r.evaluations);
  assert_int_equal(n_other_seed, 0);
}

/// Objectives hold: only what they name moves, within their bounds, though it starts outside.
static void test_moves_what_objectives_name(void **unused) {
  (void)unused;
  make_scenarios();
  kc_objectives objectives = kc_objectives_default();
  int first = -1;
  for (int i = 0; i < KC_SPACE_N; i++) {
    if (objectives.space.step[i] > 0 && first < 0)
      first = i;
    objectives.space.step[i] = 0;
  }
  const kc_control_param_info *info = kc_control_param(first);
  double upper = info->value - 0.3 * info->scale;
  kc_space_free(&objectives.space, first, upper - 2 * info->scale, upper);
  kc_tune_options o = kc_tune_default_options();
  o.evaluations = 300, o.objectives = &objectives;
  kc_tune_result r = tune(&o, KC_OK);
  kc_control_params start = kc_control_default_params();
  const double *best = (const double *)&r.best, *initial = (const double *)&start;
  for (int i = 0; i < KC_SPACE_N; i++)
    if (i != first)
      assert_true(best[i] == initial[i]);
  assert_true(best[first] <= upper && best[first] >= upper - 2 * info->scale);
  assert_near(best[first], find_best_value(first, 0, 1), 0.1 * info->scale);
}

/// Scenarios are weighed as objectives say: worst alone, and mean alone.
static void test_weighs_scenarios(void **unused) {
  (void)unused;
  double cost[3];
  static const double share[3][2] = {{1, 0}, {0, 1}, {0.7, 0.3}};
  for (int i = 0; i < 3; i++) {
    make_scenarios();
    kc_objectives objectives = kc_objectives_default();
    objectives.mean = share[i][0], objectives.worst = share[i][1];
    kc_tune_options o = kc_tune_default_options();
    o.evaluations = 1, o.sigma = 1e-9, o.sigma_stop = 0, o.objectives = &objectives;
    cost[i] = tune(&o, KC_OK).best_cost;
  }
  assert_true(cost[1] > cost[0] + 1e-3);
  assert_near(cost[2], 0.7 * cost[0] + 0.3 * cost[1], 1e-6 * cost[2]);
}

/// A table belongs to the search that its state file goes on with, and must be near a scenario.
static void test_reference_curves_are_part_of_a_search(void **unused) {
  (void)unused;
  make_scenarios();
  for (int i = 0; i < 2; i++)
    base[i].task.control_interval = 0.01;
  double numbers[] = {0, 100, 11, 12, 4, 4};
  kc_reference table = {.speed = 3.1, .threshold = 30, .filter = 20};
  table.curve[KC_QUANTITY_knee_angle] = (kc_reference_curve){2, numbers, numbers + 2, numbers + 4};
  kc_objectives objectives = kc_objectives_default();
  objectives.cost.weight[KC_COST_reference_sagittal] = 5;
  objectives.cost.reference = &table;
  char state[600];
  make_path(state, sizeof state, "reference.state");
  (void)remove(state);
  kc_tune_options o = kc_tune_default_options();
  o.evaluations = 60, o.objectives = &objectives, o.state = state;
  double cost = tune(&o, KC_OK).start_cost;
  o.evaluations = 90;
  (void)tune(&o, KC_OK);
  numbers[3] = 12.5;
  (void)tune(&o, KC_ERR_INPUT);
  o.state = NULL, o.evaluations = 1;
  // it never strides: the cap, in both scenarios
  objectives.cost.reference = NULL;
  assert_near(cost - tune(&o, KC_OK).start_cost, 5 * 6, 1e-9);
  objectives.cost.reference = &table;
  table.speed = 3.9;
  (void)tune(&o, KC_ERR_INPUT);
  table.speed = 3.1, table.filter = 25;
  (void)tune(&o, KC_ERR_INPUT);
  (void)remove(state);
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
  bad = good, bad.restarts = 10;
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
      cmocka_unit_test(test_starts_anew_where_it_has_converged),
      cmocka_unit_test(test_tells_how_far_it_is),
      cmocka_unit_test(test_the_budget_may_count_resumed_calls),
      cmocka_unit_test(test_candidates_meet_the_same_noise),
      cmocka_unit_test(test_moves_what_objectives_name),
      cmocka_unit_test(test_weighs_scenarios),
      cmocka_unit_test(test_reference_curves_are_part_of_a_search),
      cmocka_unit_test(test_refuses_what_cannot_work),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
