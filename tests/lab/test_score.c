/// @file
/// Scores, filter and attitudes against closed forms.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab/filter.h"
#include "lab/measure.h"
#include "lab/score.h"
#include "near.h"

static const double pi = 3.14159265358979323846;

typedef struct {
  double percent[KC_N_POINT], mean[KC_N_POINT], sd[KC_N_POINT], value[KC_N_POINT];
} curves;

// a bump whose peak of 37.2 is at 41 %, and a deviation that varies
static double bump(double percent) { return 37.2 * exp(-pow((percent - 41) / 13.7, 2)); }

static curves make_curves(void) {
  curves c;
  for (int i = 0; i < KC_N_POINT; i++) {
    c.percent[i] = i;
    c.mean[i] = bump(i);
    c.sd[i] = 1.385 + 0.013 * i;
    c.value[i] = c.mean[i];
  }
  return c;
}

static kc_score score(const curves *c, double period) {
  return kc_lab_score_curve(KC_N_POINT, c->percent, c->mean, c->sd, c->value, period);
}

static void some_deviations_off_everywhere_give_that_rms(void **state) {
  (void)state;
  static const struct {
    double off, within_1, within_2;
  } table[] = {{0, 1, 1}, {0.93, 1, 1}, {-1.27, 0, 1}, {2.41, 0, 0}};
  for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
    curves c = make_curves();
    for (int i = 0; i < KC_N_POINT; i++)
      c.value[i] += table[k].off * c.sd[i];
    kc_score s = score(&c, 0);
    assert_int_equal(s.n, KC_N_POINT);
    assert_near(s.share.rms, fabs(table[k].off), 1e-13);
    assert_near(s.share.within_1, table[k].within_1, 0);
    assert_near(s.share.within_2, table[k].within_2, 0);
  }
}

static void far_points_are_cut_off(void **state) {
  (void)state;
  curves c = make_curves();
  for (int i = 0; i < KC_N_POINT; i++)
    c.value[i] += (i < 20 ? -8.2 : 1.7) * c.sd[i];
  kc_score s[KC_N_QUANTITY] = {{0}};
  s[KC_QUANTITY_knee_angle] = score(&c, 0);
  assert_near(s[KC_QUANTITY_knee_angle].share.rms, sqrt((20 * 67.24 + 81 * 2.89) / 101), 1e-12);
  assert_near(s[KC_QUANTITY_knee_angle].share.clipped, sqrt((20 * 36 + 81 * 2.89) / 101), 1e-12);
  s[KC_QUANTITY_hip_flexion] = s[KC_QUANTITY_knee_angle];
  s[KC_QUANTITY_hip_flexion].share.clipped = 0.5;
  assert_near(kc_lab_sum_scores(s, KC_GROUP_sagittal).share.clipped,
              sqrt(((20 * 36 + 81 * 2.89) / 101 + 0.25) / 2), 1e-12);
}

static void shares_count_points(void **state) {
  (void)state;
  curves c = make_curves();
  for (int i = 0; i < 17; i++) // 17 of 101 beyond two, 23 more beyond one
    c.value[i] += 2.6 * c.sd[i];
  for (int i = 17; i < 40; i++)
    c.value[i] -= 1.5 * c.sd[i];
  kc_score s = score(&c, 0);
  assert_near(s.share.within_1, 61 / 101.0, 1e-15);
  assert_near(s.share.within_2, 84 / 101.0, 1e-15);
  assert_near(s.share.rms, sqrt((17 * 2.6 * 2.6 + 23 * 1.5 * 1.5) / 101), 1e-13);
}

static void an_offset_is_told_and_taken_from_the_shape(void **state) {
  (void)state;
  curves c = make_curves();
  for (int i = 0; i < KC_N_POINT; i++)
    c.value[i] += -8.615;
  kc_score s = score(&c, 0);
  assert_near(s.offset, -8.615, 1e-13);
  assert_near(s.shape.rms, 0, 1e-13);
  assert_near(s.shape.within_1, 1, 0);
  assert_true(s.share.rms > 3);
  assert_near(s.most.error, -8.615, 1e-13);
}

static void a_later_peak_is_told_by_how_much(void **state) {
  (void)state;
  curves c = make_curves();
  for (int i = 0; i < KC_N_POINT; i++)
    c.value[i] = 1.13 * bump(i - 7);
  kc_score s = score(&c, 0);
  assert_near(s.most.shift, 7, 0);
  assert_near(s.most.error, 0.13 * 37.2, 1e-12);
  // the least of the mean is at its end, which is no peak
  assert_true(isnan(s.least.error) && isnan(s.least.shift));
}

static void a_peak_before_the_strike_is_near_one_after_it(void **state) {
  (void)state;
  curves c = make_curves();
  for (int i = 0; i < KC_N_POINT; i++) {
    c.mean[i] = sin(2 * pi * (i + 23) / 100.0);  // most at 2 %, least at 52 %
    c.value[i] = sin(2 * pi * (i + 30) / 100.0); // most at 95 %, least at 45 %
  }
  kc_score s = score(&c, 100);
  assert_near(s.most.shift, -7, 1e-12);
  assert_near(s.least.shift, -7, 1e-12);
  s = score(&c, 0); // a curve that does not repeat has no peak within 5 % of its ends
  assert_true(isnan(s.most.error) && isnan(s.most.shift));
  assert_near(s.least.shift, -7, 1e-12);
}

static void groups_weigh_each_quantity_the_same(void **state) {
  (void)state;
  kc_score list[KC_N_QUANTITY] = {{0}};
  list[KC_QUANTITY_hip_flexion] =
      (kc_score){.n = 101, .share = {0.31, 0.62, 1.7}, .shape = {0.5, 0.9, 1.1}};
  list[KC_QUANTITY_knee_angle] =
      (kc_score){.n = 21, .share = {0.73, 0.94, 0.6}, .shape = {0.8, 1, 0.3}};
  list[KC_QUANTITY_step_rate] = kc_lab_score_number(166.6, 7.62, 166.6 + 1.5 * 7.62);
  kc_score_sum sum = kc_lab_sum_scores(list, KC_GROUP_sagittal);
  assert_int_equal(sum.n_quantity, 2);
  assert_near(sum.share.within_1, 0.52, 1e-15);
  assert_near(sum.share.rms, sqrt((1.7 * 1.7 + 0.6 * 0.6) / 2), 1e-15);
  assert_near(sum.shape.within_2, 0.95, 1e-15);
  sum = kc_lab_sum_scores(list, KC_N_GROUP);
  assert_int_equal(sum.n_quantity, 3);
  assert_int_equal(sum.n_shape, 2);
  assert_near(sum.share.within_2, (0.62 + 0.94 + 1) / 3, 1e-15);
  assert_near(sum.share.rms, sqrt((1.7 * 1.7 + 0.6 * 0.6 + 1.5 * 1.5) / 3), 1e-12);
  assert_int_equal(kc_lab_sum_scores(list, KC_GROUP_arms).n_quantity, 0);
}

enum { N_SIGNAL = 4001 };

// gain and delay of the filter at a frequency, from the middle of a long sine at 200 Hz
static void find_response(double frequency, double cutoff, double *gain, double *sine_part) {
  static double x[N_SIGNAL];
  double with_cosine = 0, with_sine = 0;
  for (int i = 0; i < N_SIGNAL; i++)
    x[i] = cos(2 * pi * frequency * i / 200);
  kc_lab_filter_lowpass(x, N_SIGNAL, 200, cutoff);
  for (int i = 1000; i < 3000; i++) { // whole periods
    with_cosine += x[i] * cos(2 * pi * frequency * i / 200) / 1000;
    with_sine += x[i] * sin(2 * pi * frequency * i / 200) / 1000;
  }
  *gain = hypot(with_cosine, with_sine);
  *sine_part = with_sine;
}

static void filter_has_the_gain_of_two_passes_and_no_delay(void **state) {
  (void)state;
  static const double cutoff = 17.3;
  static const double frequency[] = {1.7, 9.1, 17.3, 25.4, 41.9};
  for (size_t k = 0; k < sizeof frequency / sizeof *frequency; k++) {
    double gain, sine;
    find_response(frequency[k], cutoff, &gain, &sine);
    // each pass of the bilinear transform: 1 / sqrt(1 + (tan / tan)^4)
    double ratio = tan(pi * frequency[k] / 200) / tan(pi * cutoff / 200);
    assert_near(gain, 1 / (1 + pow(ratio, 4)), 1e-9);
    assert_near(sine, 0, 1e-9);
  }
}

static void filter_keeps_constants_and_halves_the_cut_off(void **state) {
  (void)state;
  double x[] = {-3.71, -3.71, -3.71, -3.71}, gain, sine;
  kc_lab_filter_lowpass(x, 4, 200, 20);
  for (int i = 0; i < 4; i++)
    assert_near(x[i], -3.71, 1e-14);
  kc_lab_filter_lowpass(x, 0, 200, 20);
  find_response(20, 20, &gain, &sine);
  assert_near(gain, 0.5, 1e-9);
}

// quaternion of turns about the axes one after the other, each about the axis already turned
static void turn(double q[4], int axis, double angle) {
  double w = cos(angle / 2), s = sin(angle / 2), v[3] = {0, 0, 0};
  v[axis] = s;
  double p[4] = {q[0], q[1], q[2], q[3]};
  q[0] = p[0] * w - p[1] * v[0] - p[2] * v[1] - p[3] * v[2];
  q[1] = p[0] * v[0] + p[1] * w + p[2] * v[2] - p[3] * v[1];
  q[2] = p[0] * v[1] - p[1] * v[2] + p[2] * w + p[3] * v[0];
  q[3] = p[0] * v[2] + p[1] * v[1] - p[2] * v[0] + p[3] * w;
}

static void attitude_is_that_of_turns_about_z_x_y(void **state) {
  (void)state;
  double base[4] = {1, 0, 0, 0};
  turn(base, 1, 0.83), turn(base, 2, -0.41), turn(base, 0, 1.27);
  static const double wanted[][3] = {
      {0, 0, 0}, {-0.213, 0.159, 0.407}, {0.618, -0.522, -1.311}, {2.9, 1.1, -2.7}};
  for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
    double body[4] = {base[0], base[1], base[2], base[3]}, angle[3];
    turn(body, 2, wanted[k][0]), turn(body, 0, wanted[k][1]), turn(body, 1, wanted[k][2]);
    kc_lab_eval_attitude(base, body, angle);
    for (int i = 0; i < 3; i++)
      assert_near(angle[i], wanted[k][i], 1e-13);
  }
}

static void curves_are_straight_between_points(void **state) {
  (void)state;
  double curve[KC_N_POINT];
  for (int i = 0; i < KC_N_POINT; i++)
    curve[i] = i * i;
  assert_near(kc_lab_eval_curve(curve, 0), 0, 0);
  assert_near(kc_lab_eval_curve(curve, 41.25), 41 * 41 + 0.25 * 83, 1e-11);
  assert_near(kc_lab_eval_curve(curve, 100), 10000, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(some_deviations_off_everywhere_give_that_rms),
      cmocka_unit_test(far_points_are_cut_off),
      cmocka_unit_test(shares_count_points),
      cmocka_unit_test(an_offset_is_told_and_taken_from_the_shape),
      cmocka_unit_test(a_later_peak_is_told_by_how_much),
      cmocka_unit_test(a_peak_before_the_strike_is_near_one_after_it),
      cmocka_unit_test(groups_weigh_each_quantity_the_same),
      cmocka_unit_test(filter_has_the_gain_of_two_passes_and_no_delay),
      cmocka_unit_test(filter_keeps_constants_and_halves_the_cut_off),
      cmocka_unit_test(attitude_is_that_of_turns_about_z_x_y),
      cmocka_unit_test(curves_are_straight_between_points),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
