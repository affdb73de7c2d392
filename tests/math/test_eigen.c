/// @file
/// Symmetric eigenvectors: A = V^T D V, V V^T = I, known values, graded matrices, refusal of NaN.
#include "math/eigen.h"
#include "math/random.h"
#include "near.h"
#include <math.h>
#include <string.h>

enum { N = 23 };

static void check_decomposition(int n, const double *a, double tolerance) {
  double work[N * N], value[N], vector[N * N];
  memcpy(work, a, sizeof(double) * (size_t)(n * n));
  assert_int_equal(kc_eigen_compute_symmetric(n, work, value, vector), KC_OK);
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < n; j++) {
      double sum = 0, dot = 0;
      for (int k = 0; k < n; k++) {
        sum += vector[k * n + i] * value[k] * vector[k * n + j];
        dot += vector[i * n + k] * vector[j * n + k];
      }
      assert_near(sum, a[i * n + j], tolerance);
      assert_near(dot, i == j, 1e-14 * n);
    }
  }
}

static void test_puts_the_matrix_together_again(void **unused) {
  (void)unused;
  kc_random random = kc_random_default(3, 1);
  double a[N * N];
  for (int i = 0; i < N; i++)
    for (int j = 0; j <= i; j++)
      a[i * N + j] = a[j * N + i] = kc_random_eval_normal(&random);
  check_decomposition(N, a, 1e-13);
}

static void test_finds_known_values(void **unused) {
  (void)unused;
  // second differences: 2 - 2 cos(k pi / (n + 1)), all distinct
  double a[N * N] = {0}, value[N], vector[N * N];
  for (int i = 0; i < N; i++) {
    a[i * N + i] = 2;
    if (i > 0)
      a[i * N + i - 1] = a[(i - 1) * N + i] = -1;
  }
  assert_int_equal(kc_eigen_compute_symmetric(N, a, value, vector), KC_OK);
  for (int k = 1; k <= N; k++) {
    double expected = 2 - 2 * cos(k * M_PI / (N + 1)), nearest = HUGE_VAL;
    for (int i = 0; i < N; i++)
      nearest = fmin(nearest, fabs(value[i] - expected));
    assert_near(nearest, 0, 1e-13);
  }
}

static void test_keeps_small_values_of_a_graded_matrix(void **unused) {
  (void)unused;
  // diag(1, 1e-6, 1e-12) turned by nothing but scaled neighbours: small ones keep their digits
  double a[9] = {1, 1e-4, 1e-7, 1e-4, 1e-6, 1e-10, 1e-7, 1e-10, 1e-12}, value[3], vector[9];
  double b[9];
  memcpy(b, a, sizeof a);
  assert_int_equal(kc_eigen_compute_symmetric(3, a, value, vector), KC_OK);
  double product = value[0] * value[1] * value[2];
  double determinant = b[0] * (b[4] * b[8] - b[5] * b[7]) - b[1] * (b[3] * b[8] - b[5] * b[6]) +
                       b[2] * (b[3] * b[7] - b[4] * b[6]);
  assert_near(product / determinant, 1, 1e-9);
  for (int i = 0; i < 3; i++)
    assert_true(value[i] > 0);
}

static void test_takes_the_trivial_and_refuses_nan(void **unused) {
  (void)unused;
  double one = -3.7, value, vector;
  assert_int_equal(kc_eigen_compute_symmetric(1, &one, &value, &vector), KC_OK);
  assert_true(value == -3.7 && vector == 1);
  double zero[16] = {0};
  check_decomposition(4, zero, 0);
  double bad[4] = {1, NAN, NAN, 1}, values[2], vectors[4];
  assert_int_equal(kc_eigen_compute_symmetric(2, bad, values, vectors), KC_ERR_SINGULAR);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_puts_the_matrix_together_again),
      cmocka_unit_test(test_finds_known_values),
      cmocka_unit_test(test_keeps_small_values_of_a_graded_matrix),
      cmocka_unit_test(test_takes_the_trivial_and_refuses_nan),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
