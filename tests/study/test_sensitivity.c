/// @file
/// Sensitivity: the Ishigami function through a sweep file, its design and the estimator against
/// the closed form; coverage of the intervals; Morris against effects known beforehand; runs that
/// gave nothing.
#include "near.h"
#include "study/design.h"
#include "study/ishigami.h"
#include "study/sensitivity.h"
#include <stdlib.h>
#include <string.h>

/// First, total of each factor for -pi..pi in closed form.
static void find_ishigami_indices(double first[3], double total[3]) {
  double a = 7, b = 0.1, v1 = 0.5 * pow(1 + b * pow(pi, 4) / 5, 2), v2 = a * a / 8,
         v13 = 8 * b * b * pow(pi, 8) / 225, v = v1 + v2 + v13;
  const double f[3] = {v1 / v, v2 / v, 0}, t[3] = {(v1 + v13) / v, v2 / v, v13 / v};
  memcpy(first, f, sizeof f);
  memcpy(total, t, sizeof t);
}

static kc_sweep *read_ishigami(const char *design) {
  char text[600];
  (void)snprintf(text, sizeof text,
                 "base: " KC_TEST_SOURCE_DIR "/scenarios/level.yaml\n"
                 "factors:\n"
                 "  joint/knee_angle_r/rest: {from: -180 deg, to: 180 deg}\n"
                 "  joint/knee_angle_l/rest: {from: -180 deg, to: 180 deg}\n"
                 "  joint/ankle_angle_r/rest: {from: -180 deg, to: 180 deg}\n"
                 "design: {%s}\n",
                 design);
  kc_sweep *sweep;
  kc_error error = kc_error_default();
  if (kc_sweep_read_text(text, strlen(text), "x.yaml", NULL, 0, &sweep, &error) != KC_OK)
    fail_msg("%s: %s", error.finding[0].place, error.finding[0].text);
  kc_error_destroy(&error);
  return sweep;
}

/// The function in every run of a sweep.
static double *run_ishigami(const kc_sweep *sweep) {
  double *y = malloc((size_t)sweep->n_run * sizeof *y), x[3];
  assert_non_null(y);
  for (int i = 0; i < sweep->n_run; i++) {
    kc_sweep_eval(sweep, i, x, NULL, NULL);
    for (int k = 0; k < 3; k++)
      x[k] *= pi / 180;
    y[i] = eval_ishigami(x);
  }
  return y;
}

static double find_largest_error(const kc_sobol_index index[3], int *covered) {
  double first[3], total[3], largest = 0;
  find_ishigami_indices(first, total);
  for (int k = 0; k < 3; k++) {
    const kc_estimate *e[2] = {&index[k].first, &index[k].total};
    const double truth[2] = {first[k], total[k]};
    for (int i = 0; i < 2; i++) {
      largest = fmax(largest, fabs(e[i]->value - truth[i]));
      *covered += truth[i] >= e[i]->lower && truth[i] <= e[i]->upper;
      assert_true(e[i]->lower <= e[i]->value && e[i]->value <= e[i]->upper);
    }
  }
  return largest;
}

/// 2^14 rows, and as many rows as fit in 2^14 runs all told.
static void test_ishigami_through_a_sweep(void **unused) {
  (void)unused;
  static const int rows[] = {1 << 14, 1 << 11};
  for (int i = 0; i < 2; i++) {
    char design[80];
    (void)snprintf(design, sizeof design, "kind: saltelli, points: %d", rows[i]);
    kc_sweep *sweep = read_ishigami(design);
    assert_int_equal(sweep->n_run, 5 * rows[i]);
    double *y = run_ishigami(sweep);
    kc_sobol_index index[3];
    kc_error error = kc_error_default();
    kc_bootstrap bootstrap = kc_sensitivity_default_bootstrap();
    bootstrap.n_sample = 300;
    int covered = 0;
    assert_int_equal(kc_sensitivity_compute_sobol(sweep->points, y, &bootstrap, index, &error),
                     KC_OK);
    assert_int_equal(index[2].n_row, rows[i]);
    double largest = find_largest_error(index, &covered);
    print_message("%d rows: largest error %.5f, %d of 6 intervals cover\n", rows[i], largest,
                  covered);
    assert_true(largest < 0.01);
    assert_int_equal(covered, 6);
    free(y);
    kc_sweep_destroy(sweep);
  }
}

/// Of random rows 95 % of the intervals hold the truth, but for what is chance.
static void test_intervals_cover_as_often_as_they_say(void **unused) {
  (void)unused;
  int covered = 0, n = 100;
  kc_error error = kc_error_default();
  for (int seed = 1; seed <= n; seed++) {
    kc_points *points;
    kc_points_choice choice = {.kind = KC_DESIGN_saltelli,
                               .n_factor = 3,
                               .n = 512,
                               .sample = KC_DESIGN_random,
                               .seed = (unsigned long long)seed};
    assert_int_equal(kc_points_create(&choice, "x", &points, &error), KC_OK);
    double y[5 * 512], x[3];
    for (int i = 0; i < points->n_point; i++) {
      kc_points_eval(points, i, x);
      for (int k = 0; k < 3; k++)
        x[k] = pi * (2 * x[k] - 1);
      y[i] = eval_ishigami(x);
    }
    kc_sobol_index index[3];
    kc_bootstrap bootstrap = {.n_sample = 200, .level = 0.95, .seed = 5};
    assert_int_equal(kc_sensitivity_compute_sobol(points, y, &bootstrap, index, &error), KC_OK);
    (void)find_largest_error(index, &covered);
    kc_points_destroy(points);
  }
  print_message("%d of %d intervals of 95 %% cover\n", covered, 6 * n);
  assert_true(covered > 0.9 * 6 * n && covered < 0.99 * 6 * n);
}

static kc_points *make_points(kc_design_kind kind, int n_factor, int n) {
  kc_points *points;
  kc_error error = kc_error_default();
  kc_points_choice choice = {.kind = kind,
                             .n_factor = n_factor,
                             .n = n,
                             .n_level = 4,
                             .sample = KC_DESIGN_sobol,
                             .seed = 23};
  assert_int_equal(kc_points_create(&choice, "x", &points, &error), KC_OK);
  return points;
}

/// 3.1 x - 2.7 y + 4 x z: effects 3.1 + 4 z (z on 0, 1/3, 2/3, 1), -2.7, 4 x, and 0 of the fourth.
static void test_morris_finds_known_effects(void **unused) {
  (void)unused;
  enum { N = 4, TRAJECTORIES = 600 };
  kc_points *points = make_points(KC_DESIGN_morris, N, TRAJECTORIES);
  double *y = malloc((size_t)points->n_point * sizeof *y), x[N];
  assert_int_equal(points->n_point, TRAJECTORIES * (N + 1));
  for (int i = 0; i < points->n_point; i++) {
    kc_points_eval(points, i, x);
    y[i] = 3.1 * x[0] - 2.7 * x[1] + 4 * x[0] * x[2];
  }
  y[7] = NAN; // of the second trajectory
  kc_morris_effect effect[N];
  kc_bootstrap bootstrap = {.n_sample = 200, .level = 0.99, .seed = 2};
  kc_error error = kc_error_default();
  int n_missing = 0;
  assert_int_equal(kc_sensitivity_compute_morris(points, y, &bootstrap, effect, &error), KC_OK);
  for (int k = 0; k < N; k++) // two steps meet in the point that is missing
    n_missing += TRAJECTORIES - effect[k].n_effect;
  assert_int_equal(n_missing, 2);
  double spread = 4 * sqrt(5.0 / 36); // of 0, 1/3, 2/3, 1, each as often
  assert_near(effect[0].mu, 5.1, 4 * spread / sqrt(TRAJECTORIES));
  assert_near(effect[0].sigma, spread, 0.1);
  assert_near(effect[1].mu, -2.7, 1e-12);
  assert_near(effect[1].mu_star.value, 2.7, 1e-12);
  assert_near(effect[1].sigma, 0, 1e-12);
  assert_near(effect[2].mu_star.value, 2, 4 * spread / sqrt(TRAJECTORIES));
  assert_true(effect[2].mu_star.lower < 2 && effect[2].mu_star.upper > 2);
  assert_true(effect[3].mu_star.value == 0 && effect[3].sigma == 0);
  free(y);
  kc_points_destroy(points);
}

/// Every step moves one factor by 2/3 within the levels; every factor once a trajectory.
static void test_morris_trajectories(void **unused) {
  (void)unused;
  kc_points *points = make_points(KC_DESIGN_morris, 5, 40);
  double x[5], before[5] = {0};
  int at_level[4] = {0};
  for (int t = 0; t < 40; t++) {
    int moved[5] = {0};
    for (int i = 0; i < 6; i++) {
      kc_points_eval(points, 6 * t + i, x);
      for (int k = 0; k < 5; k++) {
        assert_near(3 * x[k], round(3 * x[k]), 1e-15);
        at_level[(int)round(3 * x[k])]++;
        if (i > 0 && x[k] != before[k]) {
          moved[k]++;
          assert_near(fabs(x[k] - before[k]), 2.0 / 3, 1e-15);
        }
      }
      memcpy(before, x, sizeof x);
    }
    for (int k = 0; k < 5; k++)
      assert_int_equal(moved[k], 1);
  }
  for (int k = 0; k < 4; k++)
    assert_near(at_level[k], 300, 75);
  kc_points_destroy(points);
}

static void eval_rows(const kc_points *points, double *y) {
  double x[3];
  for (int i = 0; i < points->n_point; i++) {
    kc_points_eval(points, i, x);
    y[i] = x[0] + 2 * x[1] * x[2] - 1.3 * x[2];
  }
}

/// A row without any number is as if it had never been; one AB_i that is missing costs factor i
/// alone a row, a missing A costs all.
static void test_leaves_out_what_has_no_number(void **unused) {
  (void)unused;
  kc_points *points = make_points(KC_DESIGN_saltelli, 3, 65);
  double y[65 * 5];
  kc_sobol_index a[3], b[3];
  kc_bootstrap bootstrap = {.n_sample = 50, .level = 0.9, .seed = 1};
  kc_error error = kc_error_default();
  eval_rows(points, y);
  kc_points shorter = *points;
  shorter.choice.n = 64;
  assert_int_equal(kc_sensitivity_compute_sobol(&shorter, y, &bootstrap, a, &error), KC_OK);
  for (int k = 0; k < 5; k++)
    y[64 * 5 + k] = k % 2 ? (double)NAN : HUGE_VAL;
  assert_int_equal(kc_sensitivity_compute_sobol(points, y, &bootstrap, b, &error), KC_OK);
  for (int k = 0; k < 3; k++)
    assert_true(b[k].n_row == 64 && a[k].first.value == b[k].first.value &&
                a[k].total.value == b[k].total.value);
  y[7 * 5 + 2 + 1] = NAN;
  assert_int_equal(kc_sensitivity_compute_sobol(points, y, &bootstrap, b, &error), KC_OK);
  assert_true(b[0].n_row == 64 && b[1].n_row == 63 && b[2].n_row == 64);
  assert_true(a[0].total.value == b[0].total.value && a[1].total.value != b[1].total.value);
  y[8 * 5] = NAN;
  assert_int_equal(kc_sensitivity_compute_sobol(points, y, &bootstrap, b, &error), KC_OK);
  assert_true(b[0].n_row == 63 && b[1].n_row == 62 && b[2].n_row == 63);
  kc_points_destroy(points);
}

/// Two virtual runners: the mean where both gave a number; a gap takes its row of Saltelli's with
/// it, of Morris' its point alone.
static void test_averages_virtual_runners(void **unused) {
  (void)unused;
  static const kc_design_kind kind[] = {KC_DESIGN_saltelli, KC_DESIGN_morris};
  for (int d = 0; d < 2; d++) {
    kc_points *points = make_points(kind[d], 3, 6);
    int block = points->n_point / 6;
    double run[6 * 5 * 2], point[6 * 5];
    for (int i = 0; i < 2 * points->n_point; i++)
      run[i] = i % 2 ? 3.7 * i : 1.9 - i;
    run[2 * (2 * block + 1) + 1] = NAN;
    run[2 * (4 * block + 2)] = HUGE_VAL;
    assert_int_equal(kc_sensitivity_average_runs(points, run, 2, point), 4);
    for (int i = 0; i < points->n_point; i++) {
      int row = i / block, gap = i == 2 * block + 1 || i == 4 * block + 2;
      if (gap || (d == 0 && (row == 2 || row == 4)))
        assert_true(isnan(point[i]));
      else
        assert_near(point[i], (run[2 * i] + run[2 * i + 1]) / 2, 1e-12);
    }
    kc_points_destroy(points);
  }
}

/// A sweep's text gives the same points without its base scenario.
static void test_design_from_the_text_alone(void **unused) {
  (void)unused;
  kc_sweep *whole = read_ishigami("kind: saltelli, points: 8, seed: 3"), *alone;
  kc_error error = kc_error_default();
  double a[3], b[3];
  char *text = strdup(whole->text), *base = text ? strstr(text, "level.yaml") : NULL;
  assert_non_null(base);
  memcpy(base, "no_is.yaml", 10);
  assert_int_equal(kc_sweep_read_design(text, strlen(text), "x", &alone, &error), KC_OK);
  assert_int_equal(alone->n_run, whole->n_run);
  for (int i = 0; i < whole->n_run; i++) {
    kc_sweep_eval(whole, i, a, NULL, NULL);
    kc_sweep_eval(alone, i, b, NULL, NULL);
    assert_memory_equal(a, b, sizeof a);
  }
  kc_sweep_destroy(alone);
  *strstr(text, "to:") = 'f';
  assert_int_equal(kc_sweep_read_design(text, strlen(text), "x", &alone, &error), KC_ERR_INPUT);
  assert_null(alone);
  assert_non_null(strstr(error.finding[0].place, "x:3:"));
  kc_error_destroy(&error);
  free(text);
  kc_sweep_destroy(whole);
}

static void test_refuses_what_says_nothing(void **unused) {
  (void)unused;
  kc_points *points = make_points(KC_DESIGN_saltelli, 3, 65);
  double y[65 * 5];
  kc_sobol_index index[3];
  kc_morris_effect effect[3];
  kc_bootstrap bootstrap = kc_sensitivity_default_bootstrap();
  kc_error error = kc_error_default();
  for (int i = 0; i < points->n_point; i++)
    y[i] = 4.2;
  assert_int_equal(kc_sensitivity_compute_sobol(points, y, &bootstrap, index, &error),
                   KC_ERR_SINGULAR);
  assert_non_null(strstr(error.finding[0].text, "same number"));
  eval_rows(points, y);
  for (int i = 1; i < 65; i++)
    y[5 * i + 3] = NAN;
  assert_int_equal(kc_sensitivity_compute_sobol(points, y, &bootstrap, index, &error),
                   KC_ERR_SINGULAR);
  assert_non_null(strstr(error.finding[1].text, "only 1 of 65 rows"));
  assert_non_null(strstr(error.finding[1].text, "factor 2"));
  assert_int_equal(kc_sensitivity_compute_morris(points, y, &bootstrap, effect, &error),
                   KC_ERR_INPUT);
  kc_error_destroy(&error);
  kc_points_destroy(points);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_ishigami_through_a_sweep),
      cmocka_unit_test(test_intervals_cover_as_often_as_they_say),
      cmocka_unit_test(test_morris_finds_known_effects),
      cmocka_unit_test(test_morris_trajectories),
      cmocka_unit_test(test_leaves_out_what_has_no_number),
      cmocka_unit_test(test_averages_virtual_runners),
      cmocka_unit_test(test_design_from_the_text_alone),
      cmocka_unit_test(test_refuses_what_says_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
