// Recruitment against its optimality conditions, coordinate descent and closed forms.
#include "legs.h"
#include "near.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  real y[LEG_MOMENT], a[LEG_MUSCLE], unmet[LEG_MOMENT], left;
} answer;

static void solve(const limb *l, answer *x, int calls) {
  for (int i = 0; i < calls; i++)
    x->left = kc_recruit_solve(&l->problem, x->y, x->a, x->unmet);
}

static void fill_all(limb *l, int trunk, uint64_t seed, double lag, double load) {
  for (int lane = 0; lane < KC_LANES; lane++)
    limb_fill(l, lane, trunk, seed + (uint64_t)lane * 613, lag, load);
}

/// w a - C' y: zero inside the bounds, >= 0 at the lower, <= 0 at the upper, for y = unmet /
/// softness.
static void check_conditions(const limb *l, const answer *x, int lane) {
  const kc_recruit_problem *p = &l->problem;
  for (int j = 0; j < p->n_muscle; j++) {
    double a = kc_get(x->a[j], lane), low = kc_get(p->lower[j], lane);
    double up = kc_get(p->upper[j], lane), slope = kc_get(p->weight[j], lane) * a, size = slope;
    for (int m = 0; m < p->n_moment; m++) {
      double part = kc_get(p->gain[m * p->n_muscle + j], lane) * kc_get(x->unmet[m], lane) /
                    kc_get(p->softness[m], lane);
      slope -= part, size += fabs(part);
    }
    assert_true(a >= low && a <= up);
    if (a > low)
      assert_true(slope <= 1e-9 * (size + 1));
    if (a < up)
      assert_true(slope >= -1e-9 * (size + 1));
  }
  for (int m = 0; m < p->n_moment; m++) {
    double sum = kc_get(p->demand[m], lane);
    for (int j = 0; j < p->n_muscle; j++)
      sum -= kc_get(p->gain[m * p->n_muscle + j], lane) * kc_get(x->a[j], lane);
    assert_near(kc_get(x->unmet[m], lane), sum, 1e-9 * (1 + fabs(kc_get(p->demand[m], lane))));
  }
}

static void test_meets_the_conditions_of_the_optimum(void **unused) {
  (void)unused;
  static limb l;
  int n = 0, one_call = 0, two_calls = 0;
  for (uint64_t seed = 1; seed <= 240; seed++) {
    fill_all(&l, seed % 4 == 0, seed * 7919, seed % 3 ? 0.4 : 0, seed % 5 ? 0.9 : 1.7);
    answer x = {0};
    solve(&l, &x, 1);
    for (int lane = 0; lane < KC_LANES; lane++)
      n++, one_call += kc_get(x.left, lane) < 1e-6;
    solve(&l, &x, 1);
    for (int lane = 0; lane < KC_LANES; lane++)
      two_calls += kc_get(x.left, lane) < 1e-6;
    solve(&l, &x, 14);
    for (int lane = 0; lane < KC_LANES; lane++) {
      assert_true(kc_get(x.left, lane) < 1e-6);
      check_conditions(&l, &x, lane);
    }
  }
  print_message("from nothing: %.1f %% solved by one call, %.1f %% by two\n", 100.0 * one_call / n,
                100.0 * two_calls / n);
  assert_true(one_call > 0.5 * n && two_calls > 0.95 * n);
}

/// Coordinate descent on the activations: exact along one of them at a time.
static void descend(const limb *l, int lane, double *a) {
  const kc_recruit_problem *p = &l->problem;
  double unmet[LEG_MOMENT];
  for (int m = 0; m < p->n_moment; m++)
    unmet[m] = kc_get(p->demand[m], lane);
  for (int j = 0; j < p->n_muscle; j++) {
    a[j] = kc_get(p->lower[j], lane);
    for (int m = 0; m < p->n_moment; m++)
      unmet[m] -= kc_get(p->gain[m * p->n_muscle + j], lane) * a[j];
  }
  for (int sweep = 0; sweep < 40000; sweep++)
    for (int j = 0; j < p->n_muscle; j++) {
      double w = kc_get(p->weight[j], lane), slope = w * a[j], bend = w;
      for (int m = 0; m < p->n_moment; m++) {
        double c = kc_get(p->gain[m * p->n_muscle + j], lane), s = kc_get(p->softness[m], lane);
        slope -= c * unmet[m] / s, bend += c * c / s;
      }
      double next =
          fmin(fmax(a[j] - slope / bend, kc_get(p->lower[j], lane)), kc_get(p->upper[j], lane));
      for (int m = 0; m < p->n_moment; m++)
        unmet[m] -= kc_get(p->gain[m * p->n_muscle + j], lane) * (next - a[j]);
      a[j] = next;
    }
}

static void test_agrees_with_coordinate_descent(void **unused) {
  (void)unused;
  static limb l;
  for (uint64_t seed = 1; seed <= 3; seed++) {
    fill_all(&l, seed == 3, seed * 104729, 0.4, seed == 1 ? 0.9 : 1.6);
    answer x = {0};
    solve(&l, &x, 16);
    double a[LEG_MUSCLE];
    descend(&l, 0, a);
    for (int j = 0; j < l.problem.n_muscle; j++)
      assert_near(kc_get(x.a[j], 0), a[j], 1e-6);
  }
}

/// A demand that drifts by 1.5 % and gains by 0.5 % a tick are followed to round-off.
static void test_follows_a_moving_demand(void **unused) {
  (void)unused;
  static limb l;
  uint64_t seed = 41;
  int n = 0, solved = 0;
  for (int leg = 0; leg < 20; leg++) {
    fill_all(&l, 0, 31 * (uint64_t)leg + 5, 0.4, 0.9);
    answer x = {0};
    solve(&l, &x, 2);
    for (int tick = 0; tick < 30; tick++) {
      for (int m = 0; m < LEG_MOMENT; m++)
        l.demand[m] *= kc_real(limb_draw(&seed, 0.985, 1.015));
      for (int i = 0; i < LEG_MOMENT * LEG_MUSCLE; i++)
        l.gain[i] *= kc_real(limb_draw(&seed, 0.995, 1.005));
      solve(&l, &x, 1);
      for (int lane = 0; lane < KC_LANES; lane++)
        n++, solved += kc_get(x.left, lane) < 1e-9;
    }
  }
  print_message("%.2f %% of moving demands solved by the one call of a tick\n", 100.0 * solved / n);
  assert_true(solved > 0.99 * n);
}

static void test_starting_from_the_solution_changes_nothing(void **unused) {
  (void)unused;
  static limb l;
  for (uint64_t seed = 1; seed <= 20; seed++) {
    fill_all(&l, seed % 2 == 0, seed * 15485863, 0.3, seed % 3 ? 0.9 : 1.6);
    answer x = {0};
    solve(&l, &x, 16);
    answer again = x;
    solve(&l, &again, 1);
    for (int j = 0; j < l.problem.n_muscle; j++)
      for (int lane = 0; lane < KC_LANES; lane++)
        assert_near(kc_get(again.a[j], lane), kc_get(x.a[j], lane), 1e-10);
  }
}

/// Three muscles about one joint, two of them alike.
static void fill_simple(limb *l, double demand, double softness) {
  static const double gain[3] = {41.3, 41.3, -57.9};
  limb_set_problem(l, 1, 3);
  for (int j = 0; j < 3; j++) {
    l->gain[j] = kc_real(gain[j]);
    l->weight[j] = kc_real(j == 1 ? 0.62 : 0.31);
    l->lower[j] = kc_real(0), l->upper[j] = kc_real(1);
  }
  l->demand[0] = kc_real(demand);
  l->softness[0] = kc_real(softness);
}

static void test_one_joint_in_closed_form(void **unused) {
  (void)unused;
  limb l;
  answer x = {0};
  // y = d / (softness + sum c^2 / w); the half as costly one works twice
  const double sum = 41.3 * 41.3 / 0.31 + 41.3 * 41.3 / 0.62;
  fill_simple(&l, 47.1, 3.7);
  solve(&l, &x, 1);
  double y = 47.1 / (3.7 + sum);
  assert_near(kc_get(x.a[0], 0), 41.3 * y / 0.31, 1e-12);
  assert_near(kc_get(x.a[1], 0), 41.3 * y / 0.62, 1e-12);
  assert_near(kc_get(x.a[2], 0), 0, 0);
  assert_near(kc_get(x.unmet[0], 0), 3.7 * y, 1e-10);
  // beyond reach: all they have, and the rest is unmet
  fill_simple(&l, 103.9, 3.7);
  solve(&l, &x, 2);
  assert_near(kc_get(x.a[0], 0), 1, 0);
  assert_near(kc_get(x.a[1], 0), 1, 0);
  assert_near(kc_get(x.unmet[0], 0), 103.9 - 82.6, 1e-10);
  fill_simple(&l, -71.3, 3.7);
  solve(&l, &x, 2);
  assert_near(kc_get(x.a[2], 0), 1, 0);
  assert_near(kc_get(x.unmet[0], 0), -71.3 + 57.9, 1e-10);
}

/// One muscle about two joints, free of cost: its moment is the nearest point of a line.
static void test_two_joints_out_of_reach_in_closed_form(void **unused) {
  (void)unused;
  limb l;
  limb_set_problem(&l, 2, 1);
  const double c[2] = {83.1, 27.7}, d[2] = {31.9, 44.3}, s[2] = {9.1, 1.3};
  for (int m = 0; m < 2; m++) {
    l.gain[m] = kc_real(c[m]), l.demand[m] = kc_real(d[m]);
    l.softness[m] = kc_real(s[m]);
  }
  l.weight[0] = kc_real(1e-9), l.lower[0] = kc_real(0), l.upper[0] = kc_real(1);
  double a = (c[0] * d[0] / s[0] + c[1] * d[1] / s[1]) / (c[0] * c[0] / s[0] + c[1] * c[1] / s[1]);
  answer x = {0};
  solve(&l, &x, 4);
  assert_near(kc_get(x.a[0], 0), a, 1e-8);
  assert_near(kc_get(x.unmet[0], 0), d[0] - c[0] * a, 1e-6);
  assert_near(kc_get(x.unmet[1], 0), d[1] - c[1] * a, 1e-6);
}

static void test_softness_is_the_price_of_what_is_unmet(void **unused) {
  (void)unused;
  static limb l;
  fill_all(&l, 0, 77, 0, 0.8);
  double last[LEG_MOMENT] = {0};
  for (int i = 0; i < 4; i++) {
    double share = 1e-4 * pow(10, i);
    kc_recruit_compute_softness(LEG_MOMENT, LEG_MUSCLE, l.gain, share, l.softness);
    answer x = {0};
    solve(&l, &x, 8);
    double square = 0, before = 0;
    for (int m = 0; m < LEG_MOMENT; m++) {
      double part = kc_get(x.unmet[m], 0) / sqrt(kc_get(l.softness[m], 0) / share);
      square += part * part, before += last[m] * last[m], last[m] = part;
    }
    assert_true(sqrt(square) < 0.6 * share * 10 && square > before);
  }
}

static void test_muscle_or_joint_without_strength(void **unused) {
  (void)unused;
  static limb l;
  fill_all(&l, 0, 909, 0.4, 0.9);
  for (int m = 0; m < LEG_MOMENT; m++)
    l.gain[m * LEG_MUSCLE + 12] = kc_real(0);
  for (int j = 0; j < LEG_MUSCLE; j++)
    l.gain[6 * LEG_MUSCLE + j] = kc_real(0);
  kc_recruit_compute_softness(LEG_MOMENT, LEG_MUSCLE, l.gain, 0.01, l.softness);
  answer x = {0};
  solve(&l, &x, 10);
  for (int lane = 0; lane < KC_LANES; lane++) {
    assert_true(kc_get(x.left, lane) < 1e-6);
    assert_near(kc_get(x.a[12], lane), kc_get(l.lower[12], lane), 0);
    assert_near(kc_get(x.unmet[6], lane), kc_get(l.demand[6], lane), 1e-9);
    check_conditions(&l, &x, lane);
  }
}

static void test_leaving_out_zeros_changes_no_bit(void **unused) {
  (void)unused;
  static limb l;
  for (uint64_t seed = 1; seed <= 20; seed++) {
    fill_all(&l, 0, seed * 7727, 0.4, seed % 3 ? 0.9 : 1.6);
    answer all = {0}, fewer = {0};
    solve(&l, &all, 2);
    limb_leave_out_zeros(&l);
    solve(&l, &fewer, 2);
    for (int lane = 0; lane < KC_LANES; lane++) {
      for (int j = 0; j < LEG_MUSCLE; j++)
        assert_true(kc_get(all.a[j], lane) == kc_get(fewer.a[j], lane));
      for (int m = 0; m < LEG_MOMENT; m++)
        assert_true(kc_get(all.y[m], lane) == kc_get(fewer.y[m], lane));
    }
  }
}

static void test_a_lane_of_nan_harms_no_other(void **unused) {
  (void)unused;
  static limb l;
  fill_all(&l, 0, 4241, 0.4, 0.9);
  answer good = {0}, bad = {0};
  solve(&l, &good, 2);
  kc_set(&l.gain[37], KC_LANES - 1, NAN);
  kc_set(&l.demand[2], KC_LANES - 1, NAN);
  kc_set(&bad.y[1], 0, NAN); // a start that is none counts as zero
  solve(&l, &bad, 2);
  for (int lane = 0; lane < KC_LANES - 1; lane++)
    for (int j = 0; j < LEG_MUSCLE; j++)
      assert_true(kc_get(good.a[j], lane) == kc_get(bad.a[j], lane));
  for (int j = 0; j < LEG_MUSCLE; j++) {
    double a = kc_get(bad.a[j], KC_LANES - 1);
    assert_true(a >= 0 && a <= 1);
  }
  assert_true(isnan(kc_get(bad.unmet[2], KC_LANES - 1)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_meets_the_conditions_of_the_optimum),
      cmocka_unit_test(test_agrees_with_coordinate_descent),
      cmocka_unit_test(test_follows_a_moving_demand),
      cmocka_unit_test(test_starting_from_the_solution_changes_nothing),
      cmocka_unit_test(test_one_joint_in_closed_form),
      cmocka_unit_test(test_two_joints_out_of_reach_in_closed_form),
      cmocka_unit_test(test_softness_is_the_price_of_what_is_unmet),
      cmocka_unit_test(test_muscle_or_joint_without_strength),
      cmocka_unit_test(test_leaving_out_zeros_changes_no_bit),
      cmocka_unit_test(test_a_lane_of_nan_harms_no_other),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
