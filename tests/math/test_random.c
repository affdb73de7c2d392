/// @file
/// Streams: published values of xoshiro256**, our own first values for good, moments, independence.
#include "math/random.h"
#include "near.h"
#include <math.h>
#include <stdio.h>

static void test_follows_the_published_generator(void **unused) {
  (void)unused;
  kc_random random = {.state = {1, 2, 3, 4}};
  const uint64_t expected[] = {11520, 0, 1509978240, 1215971899390074240u, 1216172134540287360u};
  for (int i = 0; i < 5; i++)
    assert_true(kc_random_eval_bits(&random) == expected[i]);
}

static void test_keeps_its_first_values(void **unused) {
  (void)unused;
  kc_random random = kc_random_default(20260301, 17);
  assert_true(kc_random_eval_bits(&random) == 0xba71a362a0ee18f4u);
  assert_true(kc_random_eval_uniform(&random) == 0x1.bdccedfd1776ap-2);
  assert_true(kc_random_eval_normal(&random) == -0x1.0146a9b55df0dp-2);
  assert_true(kc_random_eval_normal(&random) == 0x1.c5f6680f08308p-2);
}

static void test_has_the_moments_of_its_laws(void **unused) {
  (void)unused;
  enum { N = 400000 };
  kc_random random = kc_random_default(7, 3);
  double u1 = 0, u2 = 0, n1 = 0, n2 = 0, n3 = 0, n4 = 0, tail = 0;
  for (int i = 0; i < N; i++) {
    double u = kc_random_eval_uniform(&random), x = kc_random_eval_normal(&random);
    assert_true(u >= 0 && u < 1);
    u1 += u, u2 += u * u, n1 += x, n2 += x * x, n3 += x * x * x, n4 += x * x * x * x;
    tail += fabs(x) > 1.959963984540054;
  }
  // five standard errors
  assert_near(u1 / N, 0.5, 5 * sqrt(1. / 12 / N));
  assert_near(u2 / N, 1. / 3, 5 * sqrt(4. / 45 / N));
  assert_near(n1 / N, 0, 5 / sqrt(N));
  assert_near(n2 / N, 1, 5 * sqrt(2. / N));
  assert_near(n3 / N, 0, 5 * sqrt(15. / N));
  assert_near(n4 / N, 3, 5 * sqrt(96. / N));
  assert_near(tail / N, 0.05, 5 * sqrt(0.05 * 0.95 / N));
}

static double correlate(kc_random a, kc_random b, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += kc_random_eval_normal(&a) * kc_random_eval_normal(&b);
  return sum / n;
}

static void test_streams_do_not_meet(void **unused) {
  (void)unused;
  enum { N = 20000 };
  for (uint64_t i = 0; i < 5; i++) {
    kc_random a = kc_random_default(41, i), b = kc_random_default(41, i + 1);
    kc_random c = kc_random_default(42, i), d = kc_random_default(i, 41);
    assert_near(correlate(a, b, N), 0, 5 / sqrt(N));
    assert_near(correlate(a, c, N), 0, 5 / sqrt(N));
    assert_near(correlate(a, d, N), 0, 5 / sqrt(N));
  }
  kc_random a = kc_random_default(2, 1), b = kc_random_default(1, 2);
  assert_false(kc_random_eval_bits(&a) == kc_random_eval_bits(&b));
}

static void test_a_copy_goes_on_from_the_same_point(void **unused) {
  (void)unused;
  kc_random a = kc_random_default(5, 5);
  for (int i = 0; i < 7; i++)
    (void)kc_random_eval_normal(&a); // odd: half a pair is waiting
  kc_random b = a;
  for (int i = 0; i < 9; i++)
    assert_true(kc_random_eval_normal(&a) == kc_random_eval_normal(&b));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_follows_the_published_generator),
      cmocka_unit_test(test_keeps_its_first_values),
      cmocka_unit_test(test_has_the_moments_of_its_laws),
      cmocka_unit_test(test_streams_do_not_meet),
      cmocka_unit_test(test_a_copy_goes_on_from_the_same_point),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
