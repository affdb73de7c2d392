/// @file
/// Activation over a horizon and its inverse (see reach.lane.h).
///
/// With da/dt = k(e, a) (e - a) the gap closes by exp(-integral of k): the integral by the
/// two-point Radau rule over the whole horizon, k at two thirds of it from the gap that k at its
/// begin gives. It stays between a and e whatever the times. The exponential is
/// (1 + x/4 + x^2/32)^-4, which is 1 % off at x = 1 and falls to zero like it.
#include "control/reach.lane.h"
#include "math/exp.lane.h"

/// About exp(-x) for x >= 0.
KC_INLINE real find_decay(real x) {
  real d = kc_real(1) + x * (kc_real(0.25) + x * kc_real(1.0 / 32));
  d *= d;
  return kc_real(1) / (d * d);
}

/// k of kc_muscle_activation_rate: s / (rise q) + (1 - s) q / fall over one denominator, where
/// s = E / (E + 1) is the switch between rise and fall and q = 0.5 + 1.5 a.
KC_INLINE real find_rate(const kc_muscle_numbers *n, real e, real a) {
  real q = kc_real(0.5) + kc_real(1.5) * a, E = kc_math_exp(kc_real(20) * (e - a));
  return (E * n->rise + q * q * n->fall) / (q * (E + kc_real(1)));
}

/// a(h; e).
KC_INLINE real advance(const kc_muscle_numbers *n, real horizon, real e, real a) {
  real gap = a - e, first = find_rate(n, e, a);
  real later = find_rate(n, e, e + gap * find_decay(first * horizon * kc_real(2.0 / 3)));
  return e + gap * find_decay((first + kc_real(3) * later) * (horizon * kc_real(0.25)));
}

real kc_reach_advance(const kc_muscle_numbers *numbers, real time, real excitation,
                      real activation) {
  return advance(numbers, time, excitation, activation);
}

kc_reach kc_reach_compute(const kc_muscle_numbers *numbers, real horizon, real activation) {
  real zero = kc_real(0), one = kc_real(1), a = kc_clamp(activation, zero, one);
  return (kc_reach){.lower = advance(numbers, horizon, zero, a),
                    .upper = advance(numbers, horizon, one, a)};
}

real kc_reach_find_excitation(const kc_muscle_numbers *numbers, real horizon, real activation,
                              const kc_reach *reach, real target) {
  real zero = kc_real(0), one = kc_real(1), a = kc_clamp(activation, zero, one);
  mask rising = kc_gt(target, a);
  real end = kc_select(rising, one, zero);
  real span = kc_select(rising, reach->upper, reach->lower) - a;
  span = kc_select(kc_gt(kc_abs(span), kc_real(1e-12)), span, one);
  // y: wanted share of the reachable change; z: what e at that share of the way gives
  real y = kc_clamp((target - a) / span, zero, one);
  real z = kc_clamp((advance(numbers, horizon, a + y * (end - a), a) - a) / span, zero, one);
  // share of the way as a quadratic in the change, through (0, 0), (z, y) and (1, 1)
  real bend = (y - z) / kc_max(z * (one - z), kc_real(1e-9));
  real x = kc_clamp(y + bend * y * (one - y), zero, one);
  return a + x * (end - a);
}
