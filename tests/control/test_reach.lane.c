// Reachable activations and excitations against the activation dynamics, stepped finely.
#include "control/reach.lane.h"
#include "near.h"

static kc_muscle_numbers make_numbers(double rise, double fall) {
  return (kc_muscle_numbers){.rise = kc_real(1 / rise), .fall = kc_real(1 / fall)};
}

/// Truth: midpoint steps of the muscle's own rate.
static real integrate(const kc_muscle_numbers *n, double horizon, real e, real a) {
  enum { STEPS = 300 };
  real step = kc_real(horizon / STEPS);
  for (int i = 0; i < STEPS; i++) {
    real middle = a + kc_real(0.5) * step * kc_muscle_activation_rate(n, e, a);
    a += step * kc_muscle_activation_rate(n, e, middle);
  }
  return a;
}

static double worst(real error) {
  double most = 0;
  for (int lane = 0; lane < KC_LANES; lane++)
    most = fmax(most, fabs(kc_get(error, lane)));
  return most;
}

static void test_bounds_and_round_trip(void **unused) {
  (void)unused;
  static const double horizon[] = {0.002, 0.005, 0.01, 0.02, 0.04};
  static const double allowed[] = {0.009, 0.015, 0.011, 0.027, 0.032};
  for (int scale = 0; scale < 2; scale++)
    for (int i = 0; i < 5; i++) {
      double size = scale ? 0.2 : 1, h = size * horizon[i], bounds = 0, trip = 0;
      kc_muscle_numbers n = make_numbers(0.01 * size, 0.04 * size);
      for (double at = 0; at <= 1.0001; at += 0.0625) {
        real a = kc_real(at);
        kc_reach r = kc_reach_compute(&n, kc_real(h), a);
        bounds = fmax(bounds, worst(r.lower - integrate(&n, h, kc_real(0), a)));
        bounds = fmax(bounds, worst(r.upper - integrate(&n, h, kc_real(1), a)));
        for (double share = 0; share <= 1.0001; share += 0.0625) {
          real target = r.lower + kc_real(share) * (r.upper - r.lower);
          real e = kc_reach_find_excitation(&n, kc_real(h), a, &r, target);
          trip = fmax(trip, worst(integrate(&n, h, e, a) - target));
        }
      }
      print_message("horizon %.4f s: bounds within %.4f, targets within %.4f\n", h, bounds, trip);
      assert_true(bounds <= allowed[i] && trip <= allowed[i]);
    }
}

/// Tick by tick under excitations that change, as a runner with delayed senses reckons: where the
/// dynamics themselves arrive.
static void test_advance_over_ticks(void **unused) {
  (void)unused;
  static const double excitation[] = {0.9, 1, 0.2, 0, 0.6, 0.05};
  kc_muscle_numbers n = make_numbers(0.01, 0.04);
  real reckoned = kc_real(0.1), true_one = kc_real(0.1);
  for (int i = 0; i < 6; i++) {
    real e = kc_real(excitation[i]);
    reckoned = kc_reach_advance(&n, kc_real(0.005), e, reckoned);
    true_one = integrate(&n, 0.005, e, true_one);
    assert_true(worst(reckoned - true_one) < 0.02);
  }
  assert_true(kc_get(true_one, 0) > 0.3); // it has moved
}

/// The muscle's own step, as the simulation takes it, arrives there too.
static void test_round_trip_through_the_step(void **unused) {
  (void)unused;
  kc_muscle_numbers n = make_numbers(0.01, 0.04);
  for (double at = 0.013; at < 1; at += 0.17)
    for (double share = 0.03; share < 1; share += 0.19) {
      real a = kc_real(at);
      kc_reach r = kc_reach_compute(&n, kc_real(0.01), a);
      real target = r.lower + kc_real(share) * (r.upper - r.lower);
      real e = kc_reach_find_excitation(&n, kc_real(0.01), a, &r, target);
      for (int i = 0; i < 40; i++)
        a = kc_muscle_step_activation(&n, kc_real(0.00025), e, a);
      assert_true(worst(a - target) < 0.02);
    }
}

static void test_ends_and_order(void **unused) {
  (void)unused;
  kc_muscle_numbers n = make_numbers(0.012, 0.05);
  for (double h = 1e-4; h < 10; h *= 3.1)
    for (double at = 0; at <= 1; at += 0.125) {
      real a = kc_real(at), last = kc_real(0);
      kc_reach r = kc_reach_compute(&n, kc_real(h), a);
      double low = kc_get(r.lower, 0), up = kc_get(r.upper, 0);
      assert_true(0 <= low && low <= at && at <= up && up <= 1);
      // staying takes what is there; out of reach takes all or nothing
      assert_near(kc_get(kc_reach_find_excitation(&n, kc_real(h), a, &r, a), 0), at, 1e-12);
      assert_near(kc_get(kc_reach_find_excitation(&n, kc_real(h), a, &r, kc_real(1.2)), 0), 1, 0);
      assert_near(kc_get(kc_reach_find_excitation(&n, kc_real(h), a, &r, kc_real(-1)), 0), 0, 0);
      for (double share = 0; share <= 1; share += 0.0625) {
        real target = r.lower + kc_real(share) * (r.upper - r.lower);
        real e = kc_reach_find_excitation(&n, kc_real(h), a, &r, target);
        assert_true(kc_get(e, 0) >= kc_get(last, 0) - 1e-9); // more takes more
        last = e;
      }
    }
}

static void test_a_lane_of_nan_harms_no_other(void **unused) {
  (void)unused;
  kc_muscle_numbers n = make_numbers(0.01, 0.04);
  real h = kc_real(0.01), a = kc_real(0.31), target = kc_real(0.42);
  kc_reach r = kc_reach_compute(&n, h, a);
  real e = kc_reach_find_excitation(&n, h, a, &r, target);
  kc_set(&a, KC_LANES - 1, NAN);
  kc_set(&target, KC_LANES - 1, NAN);
  kc_reach bad = kc_reach_compute(&n, h, a);
  real other = kc_reach_find_excitation(&n, h, a, &bad, target);
  for (int lane = 0; lane < KC_LANES - 1; lane++) {
    assert_true(kc_get(bad.lower, lane) == kc_get(r.lower, lane));
    assert_true(kc_get(bad.upper, lane) == kc_get(r.upper, lane));
    assert_true(kc_get(other, lane) == kc_get(e, lane));
  }
  double x = kc_get(other, KC_LANES - 1);
  assert_true(x >= 0 && x <= 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bounds_and_round_trip),
      cmocka_unit_test(test_advance_over_ticks),
      cmocka_unit_test(test_round_trip_through_the_step),
      cmocka_unit_test(test_ends_and_order),
      cmocka_unit_test(test_a_lane_of_nan_harms_no_other),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
