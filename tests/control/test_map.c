/// @file
/// Where the controller finds a runner's parts, and what it refuses to run.
#include "control/map.h"
#include "model/runner.h"

static kc_model *compile_shipped(void) {
  kc_model_def *def = read_def();
  kc_model *model = compile(def);
  kc_model_destroy_def(def);
  return model;
}

static void test_whose_muscle_it_is(void **unused) {
  (void)unused;
  kc_model *model = compile_shipped();
  kc_runner_map map;
  kc_error error = kc_error_default();
  assert_int_equal(kc_control_find_map(model, &map, &error), KC_OK);
  int n[KC_N_SIDE + 1] = {0};
  for (int m = 0; m < model->n_muscle; m++) {
    int group = kc_control_find_group(model, &map, m), side = (int)model->muscle[m].side;
    assert_true(group == KC_N_SIDE || group == side);
    n[group]++;
  }
  assert_int_equal(n[KC_RIGHT], 40);
  assert_int_equal(n[KC_LEFT], 40);
  assert_int_equal(n[KC_N_SIDE], 12);
  kc_model_destroy(model);
}

static void test_more_muscles_than_it_recruits(void **unused) {
  (void)unused;
  kc_model *model = compile_shipped();
  kc_runner_map map;
  kc_error error = kc_error_default();
  for (int i = 0; i < model->n_path_point; i++)
    model->path_point[i].link = kc_model_find_link(model, "femur_r");
  assert_int_equal(kc_control_find_map(model, &map, &error), KC_ERR_INPUT);
  assert_non_null(strstr(error.finding[0].text, "the right leg has 92 muscles"));
  assert_non_null(strstr(error.finding[0].text, "up to 64"));
  kc_error_destroy(&error);
  kc_model_destroy(model);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_whose_muscle_it_is),
      cmocka_unit_test(test_more_muscles_than_it_recruits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
