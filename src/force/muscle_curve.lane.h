/// @file
/// Curves of a muscle-tendon unit: value and slope, finite for every argument.
///
///   active   f_l(l) = sum of i = 1..3 of b1i exp(-((l - b2i) / (b3i + b4i l))^2 / 2)
///   velocity f_v(v) = D1 asinh(D2 v + D3) + D4                 rising, 0 at v = -1, 1 at v = 0
///   passive  f_p(l) = (exp(g (l - 1)) - c) / (exp(4) - c)      c = exp(-0.8 g), g = 4 / strain
///   tendon   f_t(y) = (exp(y) - 1) / 5                         y = k (l_t / slack - 1)
/// k = ln 6 / strain, so that f_t is 1 at the tendon's strain.
/// Source: De Groote, Kinney, Rao and Fregly 2016 (doi:10.1007/s10439-016-1591-9), with the figures
/// of OpenSim's DeGrooteFregly2016Muscle (numbers.md A7): f_v(-1) = 0, f_p(0.2) = 0, f_t(0) = 0.
/// Departures: the exponentials go on linearly beyond y = 3 and g (l - 1) = 5.5, some four times
/// the largest isometric force; a slack tendon bears nothing (the source's would push); f_l, f_p
/// are for l >= 0.2, where f_p >= 0. f_v is fitted to |v| <= 1 and keeps its form beyond: a fibre
/// that shortens faster than its largest velocity is braked.
#pragma once
#include "force/muscle.lane.h"
#include "math/exp.lane.h"

/// Value of a curve and its derivative.
typedef struct {
  real value, slope;
} kc_muscle_curve;

/// f_v in the sense that rises with the velocity.
#define KC_MUSCLE_D1 0.3211346127989808
#define KC_MUSCLE_D2 8.149
#define KC_MUSCLE_D3 0.374
#define KC_MUSCLE_D4 0.8825327733249912

/// y at which the tendon's exponential becomes a line.
#define KC_MUSCLE_KNEE 3.0
/// Exponent at which the passive curve becomes a line.
#define KC_MUSCLE_PASSIVE_KNEE 5.5

/// f_l and its slope over fibre length l >= 0.2.
KC_INLINE kc_muscle_curve kc_muscle_eval_active(real l) {
  real w1 = 0.162384573599574 + 0.063303448465465 * l;
  real w2 = 0.200356847296188 * l - 0.029947116970696;
  real both = 1.0 / (w1 * w2), i1 = both * w2, i2 = both * w1;
  real r1 = (l - 1.055033428970575) * i1;
  real r2 = (l - 0.716775413397760) * i2;
  real r3 = (l - 1.0) * 2.82842712474619;
  real g1 = 0.8150671134243542 * kc_math_exp(-0.5 * (r1 * r1));
  real g2 = 0.433004984392647 * kc_math_exp(-0.5 * (r2 * r2));
  real g3 = 0.1 * kc_math_exp(-0.5 * (r3 * r3));
  real s1 = g1 * r1 * i1 * (1.0 - 0.063303448465465 * r1);
  real s2 = g2 * r2 * i2 * (1.0 - 0.200356847296188 * r2);
  real s3 = g3 * r3 * 2.82842712474619;
  return (kc_muscle_curve){(g1 + g2) + g3, kc_real(0.0) - ((s1 + s2) + s3)};
}

/// f_p and its slope over fibre length.
KC_INLINE kc_muscle_curve kc_muscle_eval_passive(const kc_muscle_numbers *numbers, real l) {
  real x = numbers->passive_gain * (l - 1.0);
  real e = kc_math_exp(kc_min(x, kc_real(KC_MUSCLE_PASSIVE_KNEE)));
  real beyond = kc_max(x - KC_MUSCLE_PASSIVE_KNEE, kc_real(0.0));
  real value = (e * (1.0 + beyond) - numbers->passive_offset) * numbers->passive_scale;
  return (kc_muscle_curve){value, e * numbers->passive_gain * numbers->passive_scale};
}

/// f_v and its slope over fibre velocity.
KC_INLINE kc_muscle_curve kc_muscle_eval_velocity(real v) {
  real z = KC_MUSCLE_D2 * v + KC_MUSCLE_D3, size = kc_abs(z);
  real root = kc_sqrt(size * size + 1.0), u = kc_log(size + root);
  u = kc_select(kc_lt(z, kc_real(0.0)), -u, u);
  return (kc_muscle_curve){KC_MUSCLE_D1 * u + KC_MUSCLE_D4, (KC_MUSCLE_D1 * KC_MUSCLE_D2) / root};
}

/// f_t and its slope over y = k (l_t / slack - 1), given exp(y) / 5 at y within 0..KC_MUSCLE_KNEE.
KC_INLINE kc_muscle_curve kc_muscle_eval_tendon_exp(real y, real e) {
  real beyond = kc_max(y - KC_MUSCLE_KNEE, kc_real(0.0));
  return (kc_muscle_curve){kc_max((e - 0.2) + e * beyond, kc_real(0.0)), e};
}

/// f_t and its slope over y; where the tendon tightens, y = 0, that of the slack one.
KC_INLINE kc_muscle_curve kc_muscle_eval_tendon(real y) {
  const real zero = kc_real(0.0);
  real e = 0.2 * kc_math_exp(kc_clamp(y, zero, kc_real(KC_MUSCLE_KNEE)));
  kc_muscle_curve f = kc_muscle_eval_tendon_exp(y, e);
  mask tight = kc_lt(zero, y);
  return (kc_muscle_curve){kc_select(tight, f.value, zero), kc_select(tight, f.slope, zero)};
}
