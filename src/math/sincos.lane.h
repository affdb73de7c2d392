/// @file
/// Sine and cosine of many angles at once.
///
/// Reduction x = n pi/2 + r, |r| <= pi/4, with pi/2 as 33 bits and a tail (Cody and Waite), then
/// the polynomials of fdlibm's __kernel_sin and __kernel_cos (Sun Microsystems 1993) on r and its
/// tail. Only + - * in a fixed order, so every lane width gives the same bits; errors are under 1
/// ulp. Written out here because the library's function costs a call per angle and bars the angles
/// from being worked on side by side; a single lane takes two angles at a time in the 16-byte
/// registers that every x86-64 has.
#pragma once
#include "math/spatial.lane.h"

#if KC_LANES == 1
/// Two angles of one lane.
typedef double kc_wide __attribute__((vector_size(16), aligned(8)));
/// Its comparison.
typedef int64_t kc_wide_mask __attribute__((vector_size(16), aligned(8)));
/// Angles worked on at once.
enum { KC_WIDE_ITEMS = 2 };
#else
/// One angle of every lane.
typedef real kc_wide;
/// Its comparison.
typedef mask kc_wide_mask;
/// Angles worked on at once.
enum { KC_WIDE_ITEMS = 1 };
#endif

/// a where the mask is set, else b.
KC_INLINE kc_wide kc_wide_select(kc_wide_mask m, kc_wide a, kc_wide b) {
#if KC_LANES == 1
  return (kc_wide)((m & (kc_wide_mask)a) | (~m & (kc_wide_mask)b));
#else
  return kc_select(m, a, b);
#endif
}

/// Sine and cosine of x.
KC_INLINE void kc_wide_sincos(kc_wide x, kc_wide *sine, kc_wide *cosine) {
  // adding 1.5 2^52 rounds to an integer and leaves it in the low bits
  const double round = 6755399441055744.0;
  kc_wide shifted = x * 6.36619772367581382433e-01 + round;
  kc_wide_mask quarter = (kc_wide_mask)shifted;
  kc_wide n = shifted - round;
  kc_wide head = x - n * 1.57079632673412561417e+00, carry = n * 6.07710050650619224932e-11;
  kc_wide r = head - carry, tail = (head - r) - carry, z = r * r;
  // sin(r + tail)
  kc_wide p = 8.33333333332248946124e-03 +
              z * (-1.98412698298579493134e-04 +
                   z * (2.75573137070700676789e-06 +
                        z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
  kc_wide cube = z * r;
  kc_wide s = r - ((z * (0.5 * tail - cube * p) - tail) - cube * -1.66666666666666324348e-01);
  // cos(r + tail)
  kc_wide q =
      z * (4.16666666666666019037e-02 +
           z * (-1.38888888888741095749e-03 +
                z * (2.48015872894767294178e-05 +
                     z * (-2.75573143513906633035e-07 +
                          z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
  kc_wide half = 0.5 * z, w = 1.0 - half;
  kc_wide c = w + (((1.0 - w) - half) + (z * q - r * tail));
  // quarter turns: odd ones swap, the second bit is the sign
  kc_wide_mask odd = -(quarter & 1);
  kc_wide_mask sign_s = (quarter & 2) << 62, sign_c = ((quarter + 1) & 2) << 62;
  *sine = (kc_wide)((kc_wide_mask)kc_wide_select(odd, c, s) ^ sign_s);
  *cosine = (kc_wide)((kc_wide_mask)kc_wide_select(odd, s, c) ^ sign_c);
}

/// Sines and cosines of n angles; the arrays have room for n rounded up to KC_WIDE_ITEMS.
///
/// @valid |angle| < 1e6; the error is under 1 ulp there
KC_INLINE void kc_math_compute_sincos(int n, const real *angle, real *sine, real *cosine) {
  for (int i = 0; i < n; i += KC_WIDE_ITEMS) {
    const kc_wide *x = (const kc_wide *)(const void *)(angle + i);
    kc_wide_sincos(*x, (kc_wide *)(void *)(sine + i), (kc_wide *)(void *)(cosine + i));
  }
}
