/// @file
/// Curricula: files read and refused, scenarios at a share, and the tuner on a fake engine whose
/// runner needs parameters further from the start the higher the share: advances, compares within a
/// share, resumes to the same bits.
#include "fake_tuning.h"
#include <stdlib.h>
#include <unistd.h>

static int n_stage;

/// The share goes where the fake engine looks for it.
static kc_status fake_stage(void *user, double share, const kc_scenario *const **scenario,
                            kc_error *error) {
  (void)user;
  (void)error;
  n_stage++;
  make_situations(share);
  *scenario = SITUATION;
  return KC_OK;
}

static kc_curriculum_number number = {.address = "numerics/step", .from = 5, .to = 2, .unit = "ms"};

static kc_curriculum make_curriculum(void) {
  reset_runs();
  n_stage = 0;
  return (kc_curriculum){.step = 0.07, .survivors = 0.6, .n_number = 1, .number = &number};
}

static kc_tune_options make_options(const kc_curriculum *curriculum) {
  kc_tune_options o = kc_tune_default_options();
  o.evaluations = 1600;
  o.curriculum = curriculum;
  o.stage = fake_stage;
  o.stop = &stop_flag;
  return o;
}

static kc_tune_result tune(const kc_tune_options *options, kc_status expected) {
  return tune_situations(NULL, options, expected);
}

static void test_rises_to_the_end_and_keeps_the_best_there(void **unused) {
  (void)unused;
  kc_curriculum c = make_curriculum();
  kc_tune_options o = make_options(&c);
  kc_tune_result r = tune(&o, KC_OK);
  print_message("share %.2f after %ld runs, %d stages, distance %.3f, cost %.3f\n", r.share,
                r.evaluations, n_stage, find_distance(&r.best, 1), r.best_cost);
  assert_true(r.share == 1 && r.best_share == 1);
  assert_int_equal(n_stage, 2 + 15); // both ends are looked at first; 0.07 to 1.05
  assert_true(find_distance(&r.best, 1) < 0.5);
  // the cost is that of the last share, though cheaper ones were found on the way
  (void)fake_stage(NULL, 1, &(const kc_scenario *const *){NULL}, NULL);
  base[0].params = &r.best;
  kc_tune_options still = kc_tune_default_options();
  still.evaluations = 1, still.sigma = 1e-9, still.sigma_stop = 0;
  kc_tune_result again;
  kc_error error = kc_error_default();
  assert_int_equal(kc_tune_run(SITUATION, 2, &still, &again, &error), KC_OK);
  assert_near(again.best_cost, r.best_cost, 1e-6 * r.best_cost);
  assert_true(again.share == 1 && again.best_share == 1); // no curriculum: the end itself
}

static void test_stays_where_too_few_survive(void **unused) {
  (void)unused;
  kc_curriculum c = make_curriculum();
  c.survivors = 1;
  kc_tune_options o = make_options(&c);
  o.sigma = o.sigma_max = 3; // some always fall
  o.evaluations = 300;
  kc_tune_result r = tune(&o, KC_OK);
  assert_true(r.share == 0 && r.best_share == 0);
  assert_int_equal(n_stage, 2);
}

/// With one candidate good and the rest far off, the best so far must run again to be kept.
static void test_the_best_runs_again_when_the_share_rises(void **unused) {
  (void)unused;
  kc_curriculum c = make_curriculum();
  c.survivors = 0, c.step = 0.001;
  kc_tune_options o = make_options(&c);
  o.sigma = o.sigma_max = 8; // nothing else comes near the start
  o.evaluations = 200;
  kc_tune_result r = tune(&o, KC_OK);
  kc_control_params start = kc_control_default_params();
  assert_true(r.share > 0 && r.best_share > 0);
  assert_memory_equal(&r.best, &start, sizeof start);
}

static void test_same_bits_after_a_stop_and_for_all_widths(void **unused) {
  (void)unused;
  char state[64];
  (void)snprintf(state, sizeof state, "test_curriculum_%ld_state", (long)getpid());
  kc_curriculum c = make_curriculum();
  kc_tune_options o = make_options(&c);
  o.evaluations = 900, o.width = 1, o.threads = 1;
  kc_tune_result whole = tune(&o, KC_OK);
  assert_true(whole.share > 0.2);
  o.width = 4, o.threads = 2, o.state = state;
  for (int i = 0; i < 4; i++) {
    c = make_curriculum();
    stop_after = i < 3 ? 251 : -1;
    kc_tune_result r = tune(&o, KC_OK);
    assert_string_equal(r.reason, i < 3 ? "interrupted" : "runs used up");
    if (i < 3)
      continue;
    assert_memory_equal(&r.best, &whole.best, sizeof r.best);
    assert_memory_equal(&r.mean, &whole.mean, sizeof r.mean);
    assert_true(r.best_cost == whole.best_cost && r.share == whole.share);
    assert_int_equal(r.evaluations, whole.evaluations);
  }
  c.step = 0.08; // another curriculum, another search
  (void)tune(&o, KC_ERR_INPUT);
  unlink(state);
}

static void test_says_in_the_file_what_the_share_stands_for(void **unused) {
  (void)unused;
  char output[80], line[400];
  (void)snprintf(output, sizeof output, "test_curriculum_%ld.yaml", (long)getpid());
  kc_curriculum c = make_curriculum();
  kc_tune_options o = make_options(&c);
  o.output = output, o.command = "kinchain tune a.yaml --curriculum c.yaml", o.evaluations = 1600;
  assert_true(tune(&o, KC_OK).best_share == 1);
  FILE *file = fopen(output, "r");
  assert_non_null(file);
  int share = 0, command = 0;
  while (fgets(line, sizeof line, file)) {
    share |= strcmp(line, "# at share 1 of the curriculum: numerics/step=2 ms\n") == 0;
    command |= strcmp(line, "#   kinchain tune a.yaml --curriculum c.yaml\n") == 0;
  }
  fclose(file);
  assert_true(share && command);
  unlink(output);
  strcat(output, ".mean");
  unlink(output);
}

static kc_status read_text(const char *text, kc_curriculum *c, kc_error *error) {
  return kc_curriculum_read_text(text, strlen(text), "c.yaml", c, error);
}

static void test_reads_numbers_with_units(void **unused) {
  (void)unused;
  kc_curriculum c;
  kc_error error = kc_error_default();
  assert_int_equal(read_text("numbers:\n"
                             "  - {address: muscles/strength, from: 3, to: 1}\n"
                             "  - {address: course/grade, from: 0 %, to: -8.5 %}\n",
                             &c, &error),
                   KC_OK);
  assert_int_equal(c.n_number, 2);
  assert_true(c.step == 0.03 && c.survivors == 0.6);
  char text[100];
  kc_curriculum_write_value(&c.number[0], 0.25, text, sizeof text);
  assert_string_equal(text, "2.5");
  kc_curriculum_write_value(&c.number[1], 1, text, sizeof text);
  assert_string_equal(text, "-8.5 %");
  assert_true(kc_curriculum_share(&c, 0) == 0 && kc_curriculum_share(&c, 34) == 1);
  assert_near(kc_curriculum_share(&c, 11), 0.33, 1e-15);
  kc_curriculum_destroy(&c);
  assert_int_equal(
      read_text("step: 0.1\nsurvivors: 75 %\nnumbers: [{address: speed, from: 2 m/s, to: 3 m/s}]\n",
                &c, &error),
      KC_OK);
  assert_near(c.survivors, 0.75, 1e-15);
  assert_true(kc_curriculum_share(&c, 10) == 1); // not 0.9999999999999999
  kc_curriculum_destroy(&c);
  kc_error_destroy(&error);
}

static void test_refuses_bad_files_with_a_message(void **unused) {
  (void)unused;
  static const struct {
    const char *text, *wanted;
  } bad[] = {
      {"step: 0.1\n", "numbers"},
      {"numbers: []\n", "numbers"},
      {"numbers: [{address: speed, from: 2 m/s}]\n", "to"},
      {"numbers: [{address: speed, from: 2 m/s, to: 3 km/h}]\n", "same unit"},
      {"numbers: [{address: mode, from: naive, to: informed}]\n", "numbers only"},
      {"numbers: [{address: a, from: 1, to: 2}, {address: a, from: 1, to: 3}]\n", "twice"},
      {"numbers: [{address: control/arm_swing, from: 1, to: 2}]\n", "search itself sets"},
      {"step: 0\nnumbers: [{address: a, from: 1, to: 2}]\n", "step"},
      {"step: 1.5\nnumbers: [{address: a, from: 1, to: 2}]\n", "step"},
      {"survivors: 120 %\nnumbers: [{address: a, from: 1, to: 2}]\n", "survivors"},
      {"stepp: 0.1\nnumbers: [{address: a, from: 1, to: 2}]\n", "step"},
      {"numbers: {a: 1}\n", "numbers"},
      {"- 1\n", "table"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    kc_curriculum c;
    kc_error error = kc_error_default();
    assert_int_equal(read_text(bad[i].text, &c, &error), KC_ERR_INPUT);
    assert_true(error.n_finding > 0);
    int named = 0;
    for (int k = 0; k < error.n_finding; k++)
      named |= strstr(error.finding[k].text, bad[i].wanted) ||
               strstr(error.finding[k].place, bad[i].wanted);
    if (!named)
      fail_msg("'%s': %s: %s", bad[i].text, error.finding[0].place, error.finding[0].text);
    kc_curriculum_destroy(&c);
    kc_error_destroy(&error);
  }
  kc_curriculum c;
  kc_error error = kc_error_default();
  assert_int_not_equal(kc_curriculum_read("no_such_file.yaml", &c, &error), KC_OK);
  kc_curriculum_destroy(&c);
  kc_error_destroy(&error);
}

static void test_sets_the_numbers_in_every_scenario(void **unused) {
  (void)unused;
  static const char *const path[2] = {KC_TEST_SOURCE_DIR "/scenarios/level.yaml",
                                      KC_TEST_SOURCE_DIR "/scenarios/training/push.yaml"};
  static const kc_setting setting[] = {{"duration", "7 s"}, {"speed", "4 m/s"}};
  kc_curriculum c;
  kc_error error = kc_error_default();
  assert_int_equal(
      read_text("numbers: [{address: speed, from: 2.5 m/s, to: 3.5 m/s}]\n", &c, &error), KC_OK);
  kc_curriculum_class class = {
      .curriculum = &c, .path = path, .n_scenario = 2, .setting = setting, .n_setting = 2};
  for (int i = 0; i < 3; i++) {
    assert_int_equal(kc_curriculum_stage(&class, 0.5 * i, &error), KC_OK);
    for (int j = 0; j < 2; j++) {
      assert_near(class.scenario[j]->task.speed, 2.5 + 0.5 * i, 1e-12); // after --set
      assert_near(class.scenario[j]->task.duration, 7, 1e-12);
    }
  }
  (void)snprintf(c.number[0].address, sizeof c.number[0].address, "course/gradient");
  assert_int_equal(kc_curriculum_stage(&class, 0.5, &error), KC_ERR_INPUT);
  assert_true(error.n_finding > 0 && strstr(error.finding[0].place, "course/gradient"));
  assert_near(class.scenario[1]->task.speed, 3.5, 1e-12); // the last ones stay
  kc_curriculum_release(&class);
  kc_curriculum_destroy(&c);
  kc_error_destroy(&error);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rises_to_the_end_and_keeps_the_best_there),
      cmocka_unit_test(test_stays_where_too_few_survive),
      cmocka_unit_test(test_the_best_runs_again_when_the_share_rises),
      cmocka_unit_test(test_same_bits_after_a_stop_and_for_all_widths),
      cmocka_unit_test(test_says_in_the_file_what_the_share_stands_for),
      cmocka_unit_test(test_reads_numbers_with_units),
      cmocka_unit_test(test_refuses_bad_files_with_a_message),
      cmocka_unit_test(test_sets_the_numbers_in_every_scenario),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
