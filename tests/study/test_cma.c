/// @file
/// CMA-ES: evaluation counts against published ones, invariances, same bits, save and restore.
///
/// Counts for f < 1e-9 or 1e-10 from the tutorial's reference code and from Hansen and Kern (2004):
/// sphere 10-D about 1.8e3, ellipsoid 10-D about 6e3, Rosenbrock 10-D about 7e3 evaluations. Means
/// over seeds from N. Hansen's own program (github.com/CMA-ES/pycma, revision 8d1650543a,
/// cma/purecma.py), Rastrigin with restarts from its documentation (cma/evolution_strategy.py).
#include "math/random.h"
#include "near.h"
#include "study/cma.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef double (*cost_function)(int n, const double *x);

static double sphere(int n, const double *x) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += x[i] * x[i];
  return sum;
}
static double ellipsoid(int n, const double *x) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += pow(1e6, i / (n - 1.0)) * x[i] * x[i];
  return sum;
}
static double rosenbrock(int n, const double *x) {
  double sum = 0;
  for (int i = 0; i + 1 < n; i++) {
    double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
    sum += 100 * a * a + b * b;
  }
  return sum;
}
static double rastrigin(int n, const double *x) {
  double sum = 10 * n;
  for (int i = 0; i < n; i++)
    sum += x[i] * x[i] - 10 * cos(2 * M_PI * x[i]);
  return sum;
}

/// Evaluations until the best cost is below target; -1 when it stops or reaches the limit before.
static int count_evaluations(kc_cma_definition definition, double start, cost_function cost,
                             double target, int limit) {
  int n = definition.n;
  double *x0 = calloc((size_t)n, sizeof *x0);
  for (int i = 0; i < n; i++)
    x0[i] = start;
  kc_cma *cma = kc_cma_create(&definition, x0);
  assert_non_null(cma);
  int lambda = kc_cma_lambda(cma), count = 0;
  double *x = calloc((size_t)(lambda * n), sizeof *x), *f = calloc((size_t)lambda, sizeof *f);
  while (kc_cma_best_cost(cma) > target && count < limit && !kc_cma_stop_flags(cma)) {
    kc_cma_ask(cma, x);
    for (int k = 0; k < lambda; k++)
      f[k] = cost(n, x + k * n);
    assert_int_equal(kc_cma_tell(cma, f), KC_OK);
    count += lambda;
  }
  if (kc_cma_best_cost(cma) > target)
    count = -1;
  else
    assert_near(cost(n, kc_cma_best(cma)), kc_cma_best_cost(cma), 1e-12 + 1e-6 * target);
  kc_cma_destroy(cma);
  free(x0);
  free(x);
  free(f);
  return count;
}

/// Mean over three seeds, each of which must arrive; within the band.
static void check_counts(const char *name, kc_cma_definition definition, double start,
                         cost_function cost, double target, double low, double high) {
  double mean = 0;
  for (uint64_t seed = 1; seed <= 3; seed++) {
    definition.seed = seed;
    int count = count_evaluations(definition, start, cost, target, (int)(3 * high));
    if (count < 0)
      fail_msg("%s: seed %d did not arrive", name, (int)seed);
    mean += count / 3.0;
  }
  print_message("%s %d-D active %d: %.0f evaluations\n", name, definition.n, definition.active,
                mean);
  if (mean < low || mean > high)
    fail_msg("%s: %.0f evaluations, expected %.0f to %.0f", name, mean, low, high);
}

static void test_counts_as_published(void **unused) {
  (void)unused;
  for (int active = 0; active <= 1; active++) {
    kc_cma_definition d = kc_cma_default_definition(10);
    d.active = active;
    d.sigma = 0.5;
    check_counts("sphere", d, 1, sphere, 1e-10, 1300, 2500);
    check_counts("ellipsoid", d, 1, ellipsoid, 1e-10, 3500, 7500);
    d.sigma = 0.1;
    check_counts("rosenbrock", d, 0, rosenbrock, 1e-10, 4500, 9000);
    d = kc_cma_default_definition(20);
    d.active = active;
    d.sigma = 0.5;
    check_counts("sphere", d, 1, sphere, 1e-10, 2500, 4500);
  }
}

static void test_finds_the_middle_of_many_valleys(void **unused) {
  (void)unused;
  kc_cma_definition d = kc_cma_default_definition(10);
  d.sigma = 2;
  d.lambda = 300;
  check_counts("rastrigin", d, 2.7, rastrigin, 1e-8, 15000, 90000);
}

/// Means over seeds beside those of pycma's purecma.py (no negative weights), run on the same.
static void test_counts_of_purecma(void **unused) {
  (void)unused;
  static const struct {
    const char *name;
    cost_function cost;
    int n;
    double start, sigma, target, purecma; // mean of 15 to 30 seeds
  } row[] = {
      {"ellipsoid", ellipsoid, 3, 0.5, 0.3, 4.8e-13, 1342},
      {"rosenbrock", rosenbrock, 4, 0.5, 0.5, 1e-13, 1846},
      {"sphere", sphere, 10, 1, 0.5, 1e-10, 1769},
      {"ellipsoid", ellipsoid, 10, 1, 0.5, 1e-10, 6161},
      {"rosenbrock", rosenbrock, 10, 0, 0.1, 1e-10, 6326},
      {"rosenbrock", rosenbrock, 10, 0.1, 0.3, 1e-12, 6941},
  };
  enum { N_SEED = 15 };
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    kc_cma_definition d = kc_cma_default_definition(row[i].n);
    d.sigma = row[i].sigma, d.active = 0;
    double mean = 0;
    for (d.seed = 1; d.seed <= N_SEED; d.seed++) {
      int count = count_evaluations(d, row[i].start, row[i].cost, row[i].target, 20000);
      if (count < 0)
        fail_msg("%s: seed %d did not arrive", row[i].name, (int)d.seed);
      mean += (double)count / N_SEED;
    }
    print_message("%s %d-D to %g: %.0f evaluations, purecma %.0f\n", row[i].name, row[i].n,
                  row[i].target, mean, row[i].purecma);
    assert_near(mean / row[i].purecma, 1, 0.15);
  }
}

/// Searches with twice the candidates each time, from random points of [-2, 6], until the cost is
/// below target. @return how many it took, -1 where they were not enough
static int count_searches(uint64_t seed, int n, int n_search, double target) {
  kc_random random = kc_random_default(seed, 77);
  double x0[10];
  for (int k = 0; k < n_search; k++) {
    for (int i = 0; i < n; i++)
      x0[i] = 6 - 8 * kc_random_eval_uniform(&random);
    kc_cma_definition d = kc_cma_default_definition(n);
    d.sigma = 5, d.lambda = 10 << k, d.seed = seed * 100 + (uint64_t)k;
    kc_cma *cma = kc_cma_create(&d, x0);
    size_t lambda = (size_t)kc_cma_lambda(cma), width = (size_t)n;
    double *x = calloc(lambda * width, sizeof *x), *f = calloc(lambda, sizeof *f);
    while (kc_cma_best_cost(cma) > target && !kc_cma_stop_flags(cma)) {
      kc_cma_ask(cma, x);
      for (size_t i = 0; i < lambda; i++)
        f[i] = rastrigin(n, x + i * width);
      assert_int_equal(kc_cma_tell(cma, f), KC_OK);
    }
    int found = kc_cma_best_cost(cma) <= target;
    kc_cma_destroy(cma);
    free(x);
    free(f);
    if (found)
      return k + 1;
  }
  return -1;
}

/// "On the Rastrigin function, usually after five restarts the global optimum is located" (4-D,
/// from 6 - 8 u, sigma 5, 10 to 1280 candidates).
static void test_restarts_with_more_candidates_find_the_lowest_valley(void **unused) {
  (void)unused;
  int within_six = 0, sum = 0;
  enum { N_SEED = 20 };
  for (uint64_t seed = 1; seed <= N_SEED; seed++) {
    int n = count_searches(seed, 4, 8, 1e-8);
    assert_true(n > 0);
    within_six += n <= 6;
    sum += n;
  }
  print_message("rastrigin 4-D: %.1f searches, %d of %d within six\n", sum / (double)N_SEED,
                within_six, N_SEED);
  assert_true(within_six >= 0.9 * N_SEED);
}

enum { TURN_N = 8 };
static double turn_matrix[TURN_N * TURN_N];

/// The ellipsoid in turned coordinates, x' = R x.
static double turned_ellipsoid(int n, const double *x) {
  double y[TURN_N] = {0};
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      y[i] += turn_matrix[i * n + j] * x[j];
  return ellipsoid(n, y);
}

static void make_turn(void) {
  kc_random random = kc_random_default(11, 4);
  for (int i = 0; i < TURN_N; i++) {
    double *row = turn_matrix + i * TURN_N, length = 0;
    for (int j = 0; j < TURN_N; j++)
      row[j] = kc_random_eval_normal(&random);
    for (int k = 0; k < i; k++) {
      double dot = 0;
      for (int j = 0; j < TURN_N; j++)
        dot += row[j] * turn_matrix[k * TURN_N + j];
      for (int j = 0; j < TURN_N; j++)
        row[j] -= dot * turn_matrix[k * TURN_N + j];
    }
    for (int j = 0; j < TURN_N; j++)
      length += row[j] * row[j];
    for (int j = 0; j < TURN_N; j++)
      row[j] /= sqrt(length);
  }
}

static void test_does_not_care_how_the_axes_lie(void **unused) {
  (void)unused;
  make_turn();
  double straight = 0, turned = 0;
  kc_cma_definition d = kc_cma_default_definition(TURN_N);
  for (uint64_t seed = 1; seed <= 5; seed++) {
    d.seed = seed;
    straight += count_evaluations(d, 0.8, ellipsoid, 1e-9, 40000) / 5.0;
    turned += count_evaluations(d, 0.8, turned_ellipsoid, 1e-9, 40000) / 5.0;
  }
  print_message("ellipsoid %.0f, turned %.0f evaluations\n", straight, turned);
  assert_near(turned / straight, 1, 0.15);
}

static double warped_sphere(int n, const double *x) { return -1 / (1e-3 + sphere(n, x)); }

/// Runs `generations` and copies the mean.
static void run_generations(kc_cma *cma, cost_function cost, int generations, double *mean) {
  int n = kc_cma_n(cma), lambda = kc_cma_lambda(cma);
  double *x = calloc((size_t)(lambda * n), sizeof *x), *f = calloc((size_t)lambda, sizeof *f);
  for (int g = 0; g < generations; g++) {
    kc_cma_ask(cma, x);
    for (int k = 0; k < lambda; k++)
      f[k] = cost(n, x + k * n);
    assert_int_equal(kc_cma_tell(cma, f), KC_OK);
  }
  memcpy(mean, kc_cma_mean(cma), (size_t)n * sizeof *mean);
  free(x);
  free(f);
}

static const double X0[6] = {1.37, -0.59, 2.21, 0.13, -1.77, 0.94};

static void test_same_seed_same_bits_and_only_ranks_matter(void **unused) {
  (void)unused;
  kc_cma_definition d = kc_cma_default_definition(6);
  d.seed = 2385;
  double mean[4][6];
  cost_function cost[4] = {sphere, sphere, warped_sphere, sphere};
  for (int i = 0; i < 4; i++) {
    if (i == 3)
      d.seed++;
    kc_cma *cma = kc_cma_create(&d, X0);
    run_generations(cma, cost[i], 30, mean[i]);
    kc_cma_destroy(cma);
  }
  assert_memory_equal(mean[0], mean[1], sizeof mean[0]);
  assert_memory_equal(mean[0], mean[2], sizeof mean[0]);
  assert_memory_not_equal(mean[0], mean[3], sizeof mean[0]);
}

static void test_goes_on_from_a_saved_state(void **unused) {
  (void)unused;
  kc_cma_definition d = kc_cma_default_definition(6);
  kc_cma *cma = kc_cma_create(&d, X0);
  double first[6], second[6];
  run_generations(cma, rosenbrock, 23, first);
  size_t size = kc_cma_state_size(cma);
  char *state = malloc(size);
  kc_cma_save(cma, state);
  kc_cma *other = kc_cma_restore(state, size);
  assert_non_null(other);
  run_generations(cma, rosenbrock, 40, first);
  run_generations(other, rosenbrock, 40, second);
  assert_memory_equal(first, second, sizeof first);
  assert_true(kc_cma_best_cost(cma) == kc_cma_best_cost(other));
  assert_true(kc_cma_sigma(cma) == kc_cma_sigma(other));
  assert_null(kc_cma_restore(state, size - 8));
  state[0] ^= 1;
  assert_null(kc_cma_restore(state, size));
  kc_cma_destroy(cma);
  kc_cma_destroy(other);
  free(state);
}

static void test_takes_nan_costs_and_an_injected_point(void **unused) {
  (void)unused;
  kc_cma_definition d = kc_cma_default_definition(6);
  d.lambda = 8;
  kc_cma *cma = kc_cma_create(&d, X0);
  double x[48], f[8] = {NAN, 3, INFINITY, 2, NAN, 2.5, 9, 4}, good[6];
  for (int i = 0; i < 6; i++)
    good[i] = 0.9 * X0[i] + 0.05;
  assert_int_equal(kc_cma_tell(cma, f), KC_ERR_INPUT);
  kc_cma_ask(cma, x);
  kc_cma_inject(cma, 3, good);
  assert_int_equal(kc_cma_tell(cma, f), KC_OK);
  assert_true(kc_cma_best_cost(cma) == 2);
  for (int i = 0; i < 6; i++) {
    assert_near(kc_cma_best(cma)[i], good[i], 1e-15);
    assert_true(isfinite(kc_cma_mean(cma)[i]));
  }
  kc_cma_forget_best(cma);
  assert_true(isinf(kc_cma_best_cost(cma)));
  for (int k = 0; k < 8; k++)
    f[k] = NAN;
  kc_cma_ask(cma, x);
  assert_int_equal(kc_cma_tell(cma, f), KC_ERR_SINGULAR);
  kc_cma_destroy(cma);
}

static double flat(int n, const double *x) { return n + 0 * x[0]; }
static double slope(int n, const double *x) { return n + x[0]; }

static void test_says_why_it_stops(void **unused) {
  (void)unused;
  double mean[6];
  kc_cma_definition d = kc_cma_default_definition(6);
  kc_cma *cma = kc_cma_create(&d, X0);
  assert_int_equal(kc_cma_stop_flags(cma), 0);
  run_generations(cma, flat, 40, mean);
  assert_true(kc_cma_stop_flags(cma) & KC_CMA_STOP_TOL_FUN);
  kc_cma_destroy(cma);
  cma = kc_cma_create(&d, X0);
  for (int g = 0; g < 300 && !kc_cma_stop_flags(cma); g++)
    run_generations(cma, slope, 1, mean);
  assert_true(kc_cma_stop_flags(cma) & (KC_CMA_STOP_TOL_UP | KC_CMA_STOP_CONDITION));
  kc_cma_destroy(cma);
  d.sigma_max = 0.7;
  cma = kc_cma_create(&d, X0);
  run_generations(cma, slope, 60, mean);
  assert_true(kc_cma_sigma(cma) <= 0.7);
  kc_cma_destroy(cma);
}

static kc_random noise;
static double noisy(int n, const double *x) {
  return n + 0 * x[0] + kc_random_eval_uniform(&noise);
}

/// Pure noise leads nowhere; a slope, however slow, does.
static void test_tells_stagnation(void **unused) {
  (void)unused;
  double mean[6];
  noise = kc_random_default(5, 1);
  kc_cma_definition d = kc_cma_default_definition(6);
  d.sigma_max = d.sigma;
  int window = 120 + (int)ceil(30.0 * 6 / kc_cma_default_lambda(6));
  kc_cma *cma = kc_cma_create(&d, X0);
  run_generations(cma, noisy, window - 1, mean);
  assert_int_equal(kc_cma_stop_flags(cma) & KC_CMA_STOP_STAGNATION, 0);
  int told = 0;
  for (int g = 0; g < 200 && !told; g++) {
    run_generations(cma, noisy, 1, mean);
    told = (kc_cma_stop_flags(cma) & KC_CMA_STOP_STAGNATION) != 0;
  }
  assert_true(told);
  kc_cma_forget_best(cma); // another cost: all begins anew
  assert_int_equal(kc_cma_stop_flags(cma) & KC_CMA_STOP_STAGNATION, 0);
  kc_cma_destroy(cma);
  d.sigma = d.sigma_max = 1e-3;
  cma = kc_cma_create(&d, X0);
  for (int g = 0; g < 2 * window; g++) {
    run_generations(cma, slope, 1, mean);
    assert_int_equal(kc_cma_stop_flags(cma) & KC_CMA_STOP_STAGNATION, 0);
  }
  kc_cma_destroy(cma);
}

static void test_refuses_definitions_out_of_range(void **unused) {
  (void)unused;
  kc_cma_definition good = kc_cma_default_definition(6), bad;
  bad = good, bad.n = 0;
  assert_null(kc_cma_create(&bad, X0));
  bad = good, bad.lambda = 3;
  assert_null(kc_cma_create(&bad, X0));
  bad = good, bad.sigma = 0;
  assert_null(kc_cma_create(&bad, X0));
  bad = good, bad.sigma = NAN;
  assert_null(kc_cma_create(&bad, X0));
  bad = good, bad.sigma_max = -1;
  assert_null(kc_cma_create(&bad, X0));
  assert_int_equal(kc_cma_default_lambda(10), 10);
  assert_int_equal(kc_cma_default_lambda(70), 16);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_counts_as_published),
      cmocka_unit_test(test_counts_of_purecma),
      cmocka_unit_test(test_restarts_with_more_candidates_find_the_lowest_valley),
      cmocka_unit_test(test_finds_the_middle_of_many_valleys),
      cmocka_unit_test(test_does_not_care_how_the_axes_lie),
      cmocka_unit_test(test_same_seed_same_bits_and_only_ranks_matter),
      cmocka_unit_test(test_goes_on_from_a_saved_state),
      cmocka_unit_test(test_takes_nan_costs_and_an_injected_point),
      cmocka_unit_test(test_says_why_it_stops),
      cmocka_unit_test(test_tells_stagnation),
      cmocka_unit_test(test_refuses_definitions_out_of_range),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
