/// @file
/// The angle of a vector in the plane, inline in lanes.
///
/// One quotient t in -tan(pi/8)..tan(pi/8), about 0, pi/4 or pi/2, then the polynomial of fdlibm's
/// s_atan.c (Sun Microsystems 1993), which holds for |t| < 7/16. Only + - * / in a fixed order, so
/// every lane width gives the same bits. Written out here because a call of the library's function
/// empties all vector registers.
#pragma once
#include "math/spatial.lane.h"

/// atan(t) for |t| < 7/16.
KC_INLINE real kc_math_atan_small(real t) {
  real z = t * t, w = z * z;
  real even =
      z * (3.33333333333329318027e-01 +
           w * (1.42857142725034663711e-01 +
                w * (9.09088713343650656196e-02 +
                     w * (6.66107313738753120669e-02 +
                          w * (4.97687799461593236017e-02 + w * 1.62858201153657823623e-02)))));
  real odd = w * (-1.99999999998764832476e-01 +
                  w * (-1.11111104054623557880e-01 +
                       w * (-7.69187620504482999495e-02 +
                            w * (-5.83357013379057348645e-02 + w * -3.65315727442169155270e-02))));
  return t - t * (even + odd);
}

/// Angle of (x, y) from the x axis towards the y axis, -pi..pi; 0 for (0, 0).
///
/// @valid |x|, |y| from 1e-290 to 1e290, or 0; the error is under 2 ulp
KC_INLINE real kc_math_atan2(real y, real x) {
  const real zero = kc_real(0.0);
  real ay = kc_abs(y), ax = kc_abs(x);
  mask steep = kc_gt(ay, 2.41421356237309504880 * ax);
  mask middle = kc_gt(ay, 0.41421356237309504880 * ax);
  real above = kc_select(steep, -ax, kc_select(middle, ay - ax, ay));
  real below = kc_select(steep, ay, kc_select(middle, ay + ax, ax));
  real base = kc_select(steep, kc_real(1.57079632679489661923),
                        kc_select(middle, kc_real(0.78539816339744830962), zero));
  real angle = base + kc_math_atan_small(above / kc_max(below, kc_real(1e-300)));
  angle = kc_select(kc_lt(x, zero), 3.14159265358979323846 - angle, angle);
  return kc_select(kc_lt(y, zero), -angle, angle);
}
