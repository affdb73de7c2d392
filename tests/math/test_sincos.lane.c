// Sines and cosines against long double, in every lane; the same bits wherever an angle stands.
#include "math/sincos.lane.h"
#include "near.h"
#include <string.h>

enum { N = 4096 };

static real angle[N], sine[N], cosine[N];

/// Within one unit in the last place, and the little that the reduction leaves near a zero.
static void check_one(double got, long double want) {
  double size = fabs((double)want), ulp = nextafter(size, 2) - size;
  assert_near((double)(got - want), 0, 0.9 * ulp + 1e-19);
}

static void check_range(double lower, double upper) {
  double step = (upper - lower) / (N * KC_LANES);
  for (int i = 0; i < N; i++)
    for (int lane = 0; lane < KC_LANES; lane++)
      kc_set(&angle[i], lane, lower + step * (i * KC_LANES + lane));
  kc_math_compute_sincos(N, angle, sine, cosine);
  for (int i = 0; i < N; i++)
    for (int lane = 0; lane < KC_LANES; lane++) {
      check_one(kc_get(sine[i], lane), sinl(kc_get(angle[i], lane)));
      check_one(kc_get(cosine[i], lane), cosl(kc_get(angle[i], lane)));
    }
}

static void matches_long_double(void **state) {
  (void)state;
  check_range(-0.8, 0.8);
  check_range(-7.1, 6.9);
  check_range(-1311.7, 1297.3);
  check_range(-9.7e5, 9.9e5);
}

static void every_place_gives_the_same_bits(void **state) {
  (void)state;
  const double x = -2.38517361;
  for (int i = 0; i < 7; i++)
    angle[i] = kc_real(i == 2 ? 1e300 : x); // a wild neighbour does no harm
  kc_math_compute_sincos(6, angle, sine, cosine);
  for (int i = 0; i < 6; i++)
    for (int lane = 0; lane < KC_LANES && i != 2; lane++) {
      double pair[2] = {kc_get(sine[i], lane), kc_get(cosine[i], lane)};
      double first[2] = {kc_get(sine[0], 0), kc_get(cosine[0], 0)};
      assert_memory_equal(pair, first, sizeof pair);
    }
}

static void zero_and_not_a_number(void **state) {
  (void)state;
  angle[0] = kc_real(0), angle[1] = kc_real(NAN);
  kc_math_compute_sincos(2, angle, sine, cosine);
  assert_near(kc_get(sine[0], 0), 0, 0);
  assert_near(kc_get(cosine[0], 0), 1, 0);
  assert_true(isnan(kc_get(sine[1], 0)) && isnan(kc_get(cosine[1], 0)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(matches_long_double),
      cmocka_unit_test(every_place_gives_the_same_bits),
      cmocka_unit_test(zero_and_not_a_number),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
