// The angle of a vector against long double, in every octant, on its borders and beside them.
#include "math/atan2.lane.h"
#include "near.h"
#include <string.h>

static void check(double y, double x) {
  real got = kc_math_atan2(kc_real(y), kc_real(x));
  double want = (double)atan2l(y, x);
  for (int lane = 0; lane < KC_LANES; lane++)
    assert_near(kc_get(got, lane), want, 4.5e-16 * fabs(want));
}

static void matches_long_double(void **state) {
  (void)state;
  const double scale[] = {1.0, 2.385e-7, 7.1e150, 1.3e-150};
  for (int k = 0; k < 4; k++)
    for (int i = -20000; i <= 20000; i++) {
      double angle = 3.14159 / 20000 * i + 1.7e-7;
      check(scale[k] * sin(angle), scale[k] * cos(angle));
    }
}

static void borders(void **state) {
  (void)state;
  const double step[] = {1.0,  1.0 + 1e-15, 1.0 - 1e-15, 0.41421356237309505, 2.414213562373095,
                         1e-9, 1e9};
  for (int k = 0; k < 7; k++)
    for (int i = 0; i < 4; i++)
      check(i & 1 ? step[k] : -step[k], i & 2 ? 1.0 : -1.0);
  check(0.0, 1.7), check(1.7, 0.0), check(-1.7, 0.0), check(0.0, -1.7);
  assert_true(kc_get(kc_math_atan2(kc_real(0.0), kc_real(0.0)), 0) == 0.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(matches_long_double),
                                     cmocka_unit_test(borders)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
