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

/// k at two thirds of the horizon.
KC_INLINE real find_later_rate(const kc_muscle_numbers *n, real horizon, real e, real gap,
                               real first) {
  return find_rate(n, e, e + gap * find_decay(first * horizon * kc_real(2.0 / 3)));
}

KC_INLINE real close_gap(real horizon, real e, real gap, real first, real later) {
  return e + gap * find_decay((first + kc_real(3) * later) * (horizon * kc_real(0.25)));
}

/// a(h; e).
KC_INLINE real advance(const kc_muscle_numbers *n, real horizon, real e, real a) {
  real gap = a - e, first = find_rate(n, e, a);
  return close_gap(horizon, e, gap, first, find_later_rate(n, horizon, e, gap, first));
}

real kc_reach_advance(const kc_muscle_numbers *numbers, real time, real excitation,
                      real activation) {
  return advance(numbers, time, excitation, activation);
}

/// a(h; e) of two, stage by stage: each alone would wait for its own divisions.
KC_INLINE void advance_two(const kc_muscle_numbers *const n[2], real horizon, const real e[2],
                           const real a[2], real to[2]) {
  real gap[2], first[2], later[2];
  for (int k = 0; k < 2; k++)
    gap[k] = a[k] - e[k], first[k] = find_rate(n[k], e[k], a[k]);
  for (int k = 0; k < 2; k++)
    later[k] = find_later_rate(n[k], horizon, e[k], gap[k], first[k]);
  for (int k = 0; k < 2; k++)
    to[k] = close_gap(horizon, e[k], gap[k], first[k], later[k]);
}

kc_reach kc_reach_compute(const kc_muscle_numbers *numbers, real horizon, real activation) {
  real zero = kc_real(0), one = kc_real(1), a = kc_clamp(activation, zero, one), to[2];
  advance_two((const kc_muscle_numbers *const[]){numbers, numbers}, horizon,
              (const real[]){zero, one}, (const real[]){a, a}, to);
  return (kc_reach){.lower = to[0], .upper = to[1]};
}

/// The search for an excitation, up to the one tried.
typedef struct {
  real a, end, span; ///< activation now; the excitation that its side ends at, the change by that
  real y, tried;     ///< wanted share of this change, and the excitation at that share of the way
} search;

KC_INLINE search begin_search(real activation, const kc_reach *reach, real target) {
  real zero = kc_real(0), one = kc_real(1);
  search of = {.a = kc_clamp(activation, zero, one)};
  mask rising = kc_gt(target, of.a);
  of.end = kc_select(rising, one, zero);
  real span = kc_select(rising, reach->upper, reach->lower) - of.a;
  of.span = kc_select(kc_gt(kc_abs(span), kc_real(1e-12)), span, one);
  of.y = kc_clamp((target - of.a) / of.span, zero, one);
  of.tried = of.a + of.y * (of.end - of.a);
  return of;
}

/// to: the activation that the tried excitation gives.
KC_INLINE real end_search(const search *of, real to) {
  real zero = kc_real(0), one = kc_real(1), y = of->y;
  real z = kc_clamp((to - of->a) / of->span, zero, one); // share of the change
  // share of the way as a quadratic in the change, through (0, 0), (z, y) and (1, 1)
  real bend = (y - z) / kc_max(z * (one - z), kc_real(1e-9));
  real x = kc_clamp(y + bend * y * (one - y), zero, one);
  return of->a + x * (of->end - of->a);
}

real kc_reach_find_excitation(const kc_muscle_numbers *numbers, real horizon, real activation,
                              const kc_reach *reach, real target) {
  search of = begin_search(activation, reach, target);
  return end_search(&of, advance(numbers, horizon, of.tried, of.a));
}

void kc_reach_find_excitations(int n, const kc_muscle_numbers *numbers, real horizon,
                               const real *activation, const kc_reach *reach, const real *target,
                               real *excitation) {
  int m = 0;
  for (; m + 2 <= n; m += 2) {
    search p = begin_search(activation[m], &reach[m], target[m]);
    search q = begin_search(activation[m + 1], &reach[m + 1], target[m + 1]);
    real to[2];
    advance_two((const kc_muscle_numbers *const[]){&numbers[m], &numbers[m + 1]}, horizon,
                (const real[]){p.tried, q.tried}, (const real[]){p.a, q.a}, to);
    excitation[m] = end_search(&p, to[0]), excitation[m + 1] = end_search(&q, to[1]);
  }
  for (; m < n; m++)
    excitation[m] =
        kc_reach_find_excitation(&numbers[m], horizon, activation[m], &reach[m], target[m]);
}
