/// @file
/// The recording keeps what it is given, and no more than it has room for.
#include "support/synthetic_run.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
// cmocka needs the four above first
#include <cmocka.h>

static kc_recording *create(const synthetic_body *body, int max_sample, int max_tick) {
  kc_error error = kc_error_default();
  kc_recording *recording = NULL;
  assert_int_equal(kc_record_create(&body->model, max_sample, max_tick, &recording, &error), KC_OK);
  return recording;
}

static void test_values_come_back(void **state) {
  (void)state;
  synthetic_body body;
  synthetic_create(&body);
  kc_recording *r = create(&body, 3, 0);
  synthetic_state s = {.sample = {0}};
  for (int i = 0; i < 3; i++) {
    synthetic_sample(&body, &s, 0.4137 * i, 0.4137);
    kc_record_append(r, &s.sample);
  }
  const kc_sample *x = &s.sample;
  assert_int_equal(r->n_body, SYNTHETIC_BODIES);
  // float64 to the bit, float32 to its own
  assert_true(kc_record_get(r, KC_CHANNEL_q, 2, 8) == x->q[8]);
  assert_true(kc_record_get(r, KC_CHANNEL_body_rate, 2, 3 * 8 + 2) == x->body_rate[26]);
  assert_true(kc_record_get(r, KC_CHANNEL_foot_force_mean, 2, 1) ==
              (double)(float)x->foot_force_mean[0][1]);
  assert_true(kc_record_get(r, KC_CHANNEL_work_positive, 2, 0) == x->work_positive[0]);
  assert_true(kc_record_get(r, KC_CHANNEL_phase, 2, 0) == x->phase);
  assert_true(r->time[2] == x->time);
  kc_record_destroy(r);
}

static void test_overflow_is_counted_and_harmless(void **state) {
  (void)state;
  synthetic_body body;
  synthetic_create(&body);
  kc_recording *r = create(&body, 2, 1);
  synthetic_state s = {.sample = {0}};
  for (int i = 0; i < 5; i++) {
    synthetic_sample(&body, &s, i, 1);
    kc_record_sample(r, &s.sample);
    kc_record_tick(r, &s.sample);
  }
  assert_int_equal(r->n_sample, 2);
  assert_int_equal(r->n_tick, 1);
  assert_int_equal(r->n_dropped, 3 + 4);
  kc_record_destroy(r);
}

static void test_refusals(void **state) {
  (void)state;
  synthetic_body body;
  synthetic_create(&body);
  kc_error error = kc_error_default();
  kc_recording *r = NULL;
  assert_int_equal(kc_record_create(&body.model, -1, 0, &r, &error), KC_ERR_INPUT);
  assert_non_null(strstr(error.finding[0].text, "-1 samples"));
  assert_null(r);
  kc_error_destroy(&error);
  kc_record_destroy(NULL);
  kc_record_group_destroy(NULL);
}

static void test_group_refuses_unknown_dimension(void **state) {
  (void)state;
  kc_group *group = kc_record_group_create("thing");
  kc_error error = kc_error_default();
  assert_int_equal(kc_record_group_check(group, &error), KC_OK);
  double value[3] = {0};
  kc_label label = {"x", "m", "x", NULL, NULL, NULL};
  kc_record_group_add_variable(group, &label, KC_STORE_F64, "time axis", value);
  assert_int_equal(kc_record_group_check(group, &error), KC_ERR_MEMORY);
  assert_int_equal(group->n_variable, 0);
  kc_error_destroy(&error);
  kc_record_group_destroy(group);
}

static void test_group_has_every_channel_with_unit(void **state) {
  (void)state;
  synthetic_body body;
  synthetic_create(&body);
  kc_recording *r = create(&body, 10, 0);
  kc_group *group = kc_record_create_group(r);
  kc_error error = kc_error_default();
  assert_int_equal(kc_record_group_check(group, &error), KC_OK);
  // no samples: time has size 0 and everything along it is left out
  int constants = group->n_variable;
  kc_record_group_destroy(group);
  synthetic_record(&body, r, 0.02);
  group = kc_record_create_group(r);
  assert_int_equal(group->n_variable, constants + KC_N_CHANNEL);
  for (int i = 0; i < group->n_variable; i++) {
    assert_non_null(group->variable[i].label.unit);
    assert_non_null(group->variable[i].label.long_name);
    assert_non_null(group->variable[i].value);
  }
  kc_record_group_destroy(group);
  kc_record_destroy(r);
}

static void test_ranges_are_the_single_values(void **state) {
  (void)state;
  static const kc_channel channel[] = {KC_CHANNEL_q, KC_CHANNEL_body_rate, KC_CHANNEL_foot_force,
                                       KC_CHANNEL_phase};
  synthetic_body body;
  synthetic_create(&body);
  kc_recording *r = create(&body, 20, 0);
  synthetic_record(&body, r, 0.02);
  for (size_t c = 0; c < sizeof channel / sizeof *channel; c++) {
    int n = r->width[channel[c]], first = n > 2 ? 2 : 0;
    double value[64];
    assert_in_range(n - first, 1, 64);
    kc_record_get_range(r, channel[c], 1, first, n - first, value);
    for (int k = first; k < n; k++)
      assert_true(value[k - first] == kc_record_get(r, channel[c], 1, k));
  }
  kc_record_destroy(r);
}

static void test_brief_leaves_series_out(void **state) {
  (void)state;
  synthetic_body body;
  synthetic_create(&body);
  kc_error error = kc_error_default();
  kc_recording *r = create(&body, 3, 0);
  assert_int_equal(kc_record_renew(&r, &body.model, 3, 0, 1, &error), KC_OK);
  assert_int_equal(r->width[KC_CHANNEL_body_position], 0);
  assert_null(r->data[KC_CHANNEL_body_position]);
  synthetic_state s = {.sample = {0}};
  synthetic_sample(&body, &s, 0.4137, 0.4137);
  s.sample.a = s.sample.body_position = s.sample.body_quaternion = NULL;
  s.sample.body_velocity = s.sample.body_rate = s.sample.power_joint = NULL;
  kc_record_append(r, &s.sample);
  assert_int_equal(r->n_sample, 1);
  assert_true(kc_record_get(r, KC_CHANNEL_q, 0, 8) == s.sample.q[8]);
  // room of a brief recording is none for a whole one
  assert_int_equal(kc_record_renew(&r, &body.model, 3, 0, 0, &error), KC_OK);
  assert_int_equal(r->width[KC_CHANNEL_body_position], 3 * SYNTHETIC_BODIES);
  kc_record_destroy(r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_values_come_back),
      cmocka_unit_test(test_overflow_is_counted_and_harmless),
      cmocka_unit_test(test_ranges_are_the_single_values),
      cmocka_unit_test(test_brief_leaves_series_out),
      cmocka_unit_test(test_refusals),
      cmocka_unit_test(test_group_refuses_unknown_dimension),
      cmocka_unit_test(test_group_has_every_channel_with_unit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
