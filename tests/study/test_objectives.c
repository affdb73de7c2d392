/// @file
/// Objectives: files read and refused, the space they leave, what is told of them.
#include "near.h"
#include "study/objectives.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static kc_status read_text(const char *text, kc_objectives *o, kc_error *error) {
  return kc_objectives_read_text(text, strlen(text), "o.yaml", o, error);
}

static kc_objectives read_good(const char *text) {
  kc_objectives o;
  kc_error error = kc_error_default();
  if (read_text(text, &o, &error) != KC_OK)
    fail_msg("%s: %s", error.finding[0].place, error.finding[0].text);
  kc_error_destroy(&error);
  return o;
}

static void test_default_is_the_table(void **unused) {
  (void)unused;
  kc_objectives o = read_good("base: default\n"), table = kc_objectives_default();
  assert_memory_equal(&o, &table, sizeof o);
  int n = 0;
  for (int i = 0; i < KC_SPACE_N; i++)
    n += kc_control_param(i)->scale > 0;
  assert_int_equal(kc_space_count(&o.space), n);
  assert_int_equal(kc_control_n_param(), KC_SPACE_N);
  assert_true(o.mean == 0.7 && o.worst == 0.3);
  for (int i = 0; i < KC_N_COST; i++)
    assert_true(o.cost.weight[i] == kc_cost_term_info(i)->weight &&
                o.cost.cap[i] == kc_cost_term_info(i)->cap);
}

static void test_terms_change_the_table_or_stand_alone(void **unused) {
  (void)unused;
  kc_objectives o = read_good("terms: {effort: 0, head_rate: {weight: 2.5, cap: 4}, lateral: {cap: "
                              "0.6}}\nmean: 0.2\nworst: 0.9\n");
  assert_true(o.cost.weight[KC_COST_effort] == 0 && o.cost.weight[KC_COST_head_rate] == 2.5);
  assert_true(o.cost.cap[KC_COST_head_rate] == 4 && o.cost.cap[KC_COST_lateral] == 0.6);
  assert_true(o.cost.weight[KC_COST_lateral] == kc_cost_term_info(KC_COST_lateral)->weight);
  assert_true(o.cost.weight[KC_COST_flight] == kc_cost_term_info(KC_COST_flight)->weight);
  assert_true(o.mean == 0.2 && o.worst == 0.9);
  o = read_good("base: none\nterms: {effort: 3e-5}\n");
  for (int i = 0; i < KC_N_COST; i++)
    assert_true(o.cost.weight[i] == (i == KC_COST_effort ? 3e-5 : 0));
}

static void test_chooses_what_moves(void **unused) {
  (void)unused;
  kc_objectives o = read_good(
      "parameters:\n  include: [knee_*, observer_time]\n  exclude: [knee_swing_*, knee_lift*]\n"
      "  bounds:\n    knee_swing: {from: 1.4 rad, to: 2 rad}\n"
      "    arm_flexion: {from: -10 deg, to: 0.2 rad}\n");
  static const char *const moves[] = {"observer_time", "knee_touchdown", "knee_swing",
                                      "knee_extend_phase", "arm_flexion"};
  assert_int_equal(kc_space_count(&o.space), 5);
  for (int k = 0; k < 5; k++)
    assert_true(o.space.step[kc_space_find(moves[k])] > 0);
  int swing = kc_space_find("knee_swing"), arm = kc_space_find("arm_flexion");
  assert_true(o.space.lower[swing] == 1.4 && o.space.upper[swing] == 2);
  assert_near(o.space.step[swing], fmin(kc_control_param(swing)->scale, 0.15), 1e-15);
  assert_near(o.space.lower[arm], -10 * M_PI / 180, 1e-12);
  assert_near(o.space.step[arm], 0.25 * (0.2 + 10 * M_PI / 180), 1e-12); // a quarter of the range
  const kc_control_param_info *gain = kc_control_param(kc_space_find("observer_time"));
  assert_true(gain->scale == 0);
  assert_near(o.space.step[kc_space_find("observer_time")], 0.1 * (gain->upper - gain->lower),
              1e-15);
  assert_int_equal(kc_space_find("knee"), -1);
}

static unsigned long long hash_of(const char *text) {
  kc_objectives o = read_good(text);
  unsigned long long hash = kc_objectives_hash(&o, 7);
  kc_objectives_destroy(&o);
  return hash;
}

static void test_fingerprint_follows_what_matters(void **unused) {
  (void)unused;
  static const char *const text[] = {
      "base: default\n",
      "terms: {effort: 0}\n",
      "terms: {effort: {cap: 7}}\n",
      "mean: 0.71\n",
      "worst: 0.31\n",
      "parameters: {exclude: arm_swing}\n",
      "parameters: {bounds: {arm_swing: {from: 0, to: 1}}}\n",
      "parameters: {bounds: {arm_swing: {from: 0, to: 1.1}}}\n",
      "terms: {reference_sagittal: 9}\nreference: hamner2013_3.0.csv\n",
      "terms: {reference_sagittal: 9}\nreference: hamner2013_4.0.csv\n",
      "terms: {reference_sagittal: 8}\nreference: hamner2013_3.0.csv\n",
      "terms: {reference_sagittal_out: 9}\nreference: hamner2013_3.0.csv\n",
  };
  enum { N = sizeof text / sizeof *text };
  for (int i = 0; i < N; i++)
    for (int j = 0; j < i; j++)
      if (hash_of(text[i]) == hash_of(text[j]))
        fail_msg("'%s' and '%s' have one fingerprint", text[i], text[j]);
  assert_true(hash_of(text[0]) == hash_of("mean: 0.7\n"));
}

/// What would be written at the head of a parameter file, to be freed.
static char *print(const char *text) {
  kc_objectives o = read_good(text);
  char *out = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&out, &size);
  kc_objectives_print(&o, file);
  kc_objectives_destroy(&o);
  fclose(file);
  return out;
}

static void test_tells_what_differs(void **unused) {
  (void)unused;
  char *text = print("base: default\n");
  assert_string_equal(text, "");
  free(text);
  text = print("terms: {effort: 0, head_rate: {weight: 2, cap: 5}, flight: 3}\nworst: 0.5\n"
               "parameters: {include: arm_s*, bounds: {arm_swing: {from: 0, to: 1}}}\n");
  assert_string_equal(text, "# weights: flight 3, head_rate 2 (cap 5)\n"
                            "# terms left out: effort\n"
                            "# scenarios weighed by 0.7 mean + 0.5 worst\n"
                            "# parameters that moved: arm_stiffness, arm_swing\n"
                            "# bounds: arm_swing 0 to 1\n");
  free(text);
}

static void write_table(double mean) {
  FILE *file = fopen("objectives_table.csv", "w");
  assert_non_null(file);
  fprintf(file,
          "# source: of nobody\n# speed: 2.9 m/s\n# threshold: 30 N\n"
          "quantity,percent,mean,sd,unit\nknee_angle,0,%.17g,4.3,deg\nknee_angle,100,12,4,deg\n",
          mean);
  fclose(file);
}

/// The table is found beside the objectives too, decides the fingerprint, and is named.
static void test_reads_the_table_of_reference_curves(void **unused) {
  (void)unused;
  static const char *const text =
      "base: none\nterms: {reference_sagittal: 40, reference_sagittal_out: {weight: 3, cap: "
      "0.4}}\nreference: objectives_table.csv\n";
  write_table(11.4);
  kc_objectives o = read_good(text);
  assert_true(o.cost.reference && o.cost.reference == o.reference && o.reference->speed == 2.9);
  assert_int_equal(o.reference->curve[KC_QUANTITY_knee_angle].n, 2);
  assert_true(kc_cost_needs_reference(&o.cost));
  assert_true(o.cost.cap[KC_COST_reference_sagittal] == 6);
  assert_true(o.cost.cap[KC_COST_reference_sagittal_out] == 0.4);
  kc_objectives_destroy(&o);
  assert_true(!o.cost.reference);
  unsigned long long hash = hash_of(text);
  assert_true(hash == hash_of(text));
  char *head = print(text);
  assert_non_null(strstr(
      head, "# tuned towards reference curves: objectives_table.csv, 2.9 m/s\n#   of nobody\n"));
  free(head);
  write_table(11.400000000000002);
  assert_true(hash != hash_of(text));
  kc_objectives plain = kc_objectives_default();
  assert_true(!kc_cost_needs_reference(&plain.cost));
  remove("objectives_table.csv");
}

static void test_refuses_with_place_and_remedy(void **unused) {
  (void)unused;
  FILE *table = fopen("objectives_bad.csv", "w");
  assert_non_null(table);
  fputs("quantity,percent,mean,sd,unit\nknee_angle,0,11,4,deg\nknee_angle,9,11,4,deg\n", table);
  fclose(table);
  static const struct {
    const char *text, *place, *wanted;
  } bad[] = {
      {"base: nothing\n", "o.yaml:1", "default or none"},
      {"base: none\n", "terms", "missing_time: 100"},
      {"terms:\n  efort: 0\n", "o.yaml:2", "did you mean 'effort'"},
      {"terms: {effort: -1}\n", "effort", "0 to"},
      {"terms: {effort: 1 N}\n", "effort", "plain number"},
      {"terms: {head_rate: {cap: 2}}\n", "head_rate", "no weight"},
      {"terms: {effort: {cap: 0}}\n", "cap", "allowed"},
      {"terms: {effort: {weigth: 0}}\n", "weigth", "weight"},
      {"mean: 0\nworst: 0\n", "mean", "both 0"},
      {"mean: -1\n", "mean", "0 to"},
      {"parameters: {include: nee_*}\n", "nee_*", "fits no parameter"},
      {"parameters: {exclude: knee_lifoff}\n", "knee_lifoff", "knee_liftoff"},
      {"parameters: {exclude: '*'}\n", "parameters", "nothing that moves"},
      {"parameters: {bounds: {knee_swingg: {from: 1 rad, to: 2 rad}}}\n", "o.yaml", "knee_swing"},
      {"parameters: {bounds: {knee_swing: {from: 1.4, to: 2 rad}}}\n", "knee_swing", "no unit"},
      {"parameters: {bounds: {knee_swing: {from: 1.4 rad, to: 2 m}}}\n", "knee_swing", "to"},
      {"parameters: {bounds: {knee_swing: {from: 2 rad, to: 1.4 rad}}}\n", "knee_swing", "lesser"},
      {"parameters: {bounds: {knee_swing: {from: 1 rad, to: 2 rad}}}\n", "knee_swing",
       "1.3 and 2.2"},
      {"parameters: {bounds: {knee_swing: {from: 1 rad}}}\n", "to", "missing"},
      {"parameters: {exclude: knee_*, bounds: {knee_swing: {from: 1.4 rad, to: 2 rad}}}\n",
       "knee_swing", "excluded"},
      {"- 1\n", "o.yaml", "table"},
      {"terms: {reference_sagittal: 40}\n", "reference", "hamner2013_3.0.csv"},
      {"reference: hamner2013_3.0.csv\n", "reference", "reference_sagittal: 40"},
      {"terms: {reference_sagittal: 4}\nreference: hamner_9.csv\n", "reference", "hamner_9.csv"},
      {"terms: {reference_arms_out: 4}\nreference: fukuchi2017_2.5.csv\n", "reference_arms_out",
       "nothing of 'arms'"},
      {"terms: {reference_hip: 4}\nreference: objectives_bad.csv\n", "objectives_bad.csv", "speed"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    kc_objectives o;
    kc_error error = kc_error_default();
    assert_int_equal(read_text(bad[i].text, &o, &error), KC_ERR_INPUT);
    int named = 0;
    for (int k = 0; k < error.n_finding; k++)
      named |= strstr(error.finding[k].place, bad[i].place) &&
               strstr(error.finding[k].text, bad[i].wanted);
    if (!named)
      fail_msg("'%s': %s: %s", bad[i].text, error.finding[0].place, error.finding[0].text);
    kc_error_destroy(&error);
  }
  kc_objectives o;
  kc_error error = kc_error_default();
  assert_int_not_equal(kc_objectives_read("no_such_file.yaml", &o, &error), KC_OK);
  assert_true(error.n_finding == 1);
  kc_error_destroy(&error);
  remove("objectives_bad.csv");
  // all at once
  assert_int_equal(
      read_text("terms: {efort: 0}\nmean: 0\nworst: 0\nparameters: {include: x}\n", &o, &error),
      KC_ERR_INPUT);
  assert_int_equal(error.n_finding, 3);
  kc_error_destroy(&error);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_default_is_the_table),
      cmocka_unit_test(test_terms_change_the_table_or_stand_alone),
      cmocka_unit_test(test_chooses_what_moves),
      cmocka_unit_test(test_fingerprint_follows_what_matters),
      cmocka_unit_test(test_tells_what_differs),
      cmocka_unit_test(test_reads_the_table_of_reference_curves),
      cmocka_unit_test(test_refuses_with_place_and_remedy),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
