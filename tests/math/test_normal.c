/// @file
/// The normal distribution against the C library, published values, and its own inverse.
#include "math/normal.h"
#include "near.h"

static void test_probability(void **unused) {
  (void)unused;
  for (double x = -37; x < 9; x += 0.0717) {
    double p = 0.5 * erfc(-x * sqrt(0.5));
    assert_near(kc_normal_eval_probability(x), p, 1e-15 * p + 1e-320);
  }
}

/// Quantiles to 16 digits: Wichura 1988, table of checks; and 0.975 as everybody knows it.
static void test_quantile(void **unused) {
  (void)unused;
  assert_near(kc_normal_eval_quantile(0.25), -0.6744897501960817, 1e-15);
  assert_near(kc_normal_eval_quantile(0.001), -3.090232306167814, 1e-14);
  assert_near(kc_normal_eval_quantile(1e-20), -9.262340089798408, 1e-14);
  assert_near(kc_normal_eval_quantile(0.975), 1.959963984540054, 1e-14);
  assert_true(kc_normal_eval_quantile(0.5) == 0);
  assert_true(isinf(kc_normal_eval_quantile(0)) && kc_normal_eval_quantile(0) < 0);
  assert_true(isinf(kc_normal_eval_quantile(1)) && kc_normal_eval_quantile(1) > 0);
}

static void test_inverse_of_each_other(void **unused) {
  (void)unused;
  for (double x = -8.13; x < 0; x += 0.0391) {
    double p = kc_normal_eval_probability(x);
    assert_near(kc_normal_eval_quantile(p), x, 4e-15 * fabs(x) + 1e-15);
    assert_near(kc_normal_eval_quantile(1 - p), -x, 1e-16 / p + 1e-14);
  }
}

/// The share below x of what lies between the ends comes back, in the middle and far out in either
/// tail, where 1 - p has no digits left; ends and mirror image hold.
static void test_truncated(void **unused) {
  (void)unused;
  static const double end[][2] = {{-1.3, 0.4}, {-0.2, 7.1}, {4.1, 4.9}, {9.2, 11.7}, {-13, -9}};
  for (int i = 0; i < 5; i++) {
    double lower = end[i][0], upper = end[i][1];
    double sign = lower + upper > 0 ? -1 : 1; // measured from the nearer tail
    double below = kc_normal_eval_probability(sign > 0 ? lower : -upper),
           whole = kc_normal_eval_probability(sign > 0 ? upper : -lower) - below;
    for (double p = 0.013; p < 1; p += 0.0371) {
      double x = kc_normal_eval_truncated(p, lower, upper);
      assert_true(x > lower && x < upper);
      double share = (kc_normal_eval_probability(sign * x) - below) / whole;
      assert_near(sign > 0 ? share : 1 - share, p, 1e-12);
      assert_true(x == -kc_normal_eval_truncated(1 - p, -upper, -lower) ||
                  fabs(x + kc_normal_eval_truncated(1 - p, -upper, -lower)) < 1e-13);
    }
    assert_near(kc_normal_eval_truncated(0, lower, upper), lower, 1e-12);
    assert_near(kc_normal_eval_truncated(1, lower, upper), upper, 1e-12);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_probability),
      cmocka_unit_test(test_quantile),
      cmocka_unit_test(test_inverse_of_each_other),
      cmocka_unit_test(test_truncated),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
