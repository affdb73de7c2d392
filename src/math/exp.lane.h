/// @file
/// The exponential function written out, so that several of them are worked on side by side.
///
/// x = n ln 2 + r, |r| <= ln 2 / 2, ln 2 as 33 bits and a tail (Cody and Waite); exp(r) by a
/// polynomial of degree 8 fitted at Chebyshev nodes; 2^n put into the exponent. Only + - * in a
/// fixed order, so every lane width gives the same bits. The library's function (real.h) is exact
/// to 1 ulp, but costs a call, and every register across it.
#pragma once
#include "math/spatial.lane.h"

/// The bits of a number, as an integer.
KC_INLINE mask kc_math_bits(real x) {
#if KC_LANES == 1
  union {
    real number;
    mask bits;
  } both = {.number = x};
  return both.bits;
#else
  return (mask)x;
#endif
}

/// The number of these bits.
KC_INLINE real kc_math_of_bits(mask bits) {
#if KC_LANES == 1
  union {
    mask bits;
    real number;
  } both = {.bits = bits};
  return both.number;
#else
  return (real)bits;
#endif
}

/// exp(x); beyond the range, and for NaN, that of the nearest end: always finite, never denormal.
///
/// @valid |x| <= 600; the relative error is under 5e-12 there, the value under 1e-260 or over 1e260
/// beyond
KC_INLINE real kc_math_exp(real x) {
  // adding 1.5 2^52 rounds to an integer and leaves it in the low bits
  const double round = 6755399441055744.0;
  x = kc_clamp(x, kc_real(-600.0), kc_real(600.0));
  real shifted = x * 1.44269504088896338700e+00 + round;
  real n = shifted - round;
  real r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10, z = r * r;
  // 1 + r + r^2 p(r), in pairs
  real p01 = 4.99999999999475066213e-01 + r * 1.66666667191547977460e-01;
  real p23 = 4.16666667540657213219e-02 + r * 8.33329841394145526713e-03;
  real p45 = 1.38888481698571919075e-03 + r * 1.98993320565640834102e-04;
  real p = (p01 + z * p23) + (z * z) * (p45 + z * 2.48623975783252835022e-05);
#if KC_LANES == 1 // bits that leave at the top are meant to
  mask exponent = (mask)((uint64_t)kc_math_bits(shifted) << 52);
#else
  mask exponent = kc_math_bits(shifted) << 52;
#endif
  return (1.0 + (r + z * p)) * kc_math_of_bits(exponent + 0x3ff0000000000000);
}

/// log(x) of x >= 1, by exponent and a polynomial of degree 9 of the mantissa.
///
/// @valid 1 <= x < 1e300; the error is under 1e-8
KC_INLINE real kc_math_log_rough(real x) {
  mask bits = kc_math_bits(x);
  real power = kc_math_of_bits((bits >> 52) | 0x4330000000000000) - (4503599627370496.0 + 1023.0);
  real m = kc_math_of_bits((bits & 0x000fffffffffffff) | 0x3ff0000000000000) - 1.5;
  real mm = m * m, m4 = mm * mm;
  real p01 = 4.05465103898773306e-01 + m * 6.66666669227252960e-01;
  real p23 = m * 9.87649209501892936e-02 - 2.22221381913783403e-01;
  real p45 = m * 2.63536429502576117e-02 - 4.94093427981018186e-02;
  real p67 = m * 8.18367670641346733e-03 - 1.43401132954834205e-02;
  real p89 = m * 3.66224216885430220e-03 - 6.14791724942339273e-03;
  real p = (p01 + mm * p23) + m4 * ((p45 + mm * p67) + m4 * p89);
  return power * 6.93147180559945310e-01 + p;
}
