/// @file
/// Butterworth low-pass, forward and backward (see filter.h).
///
///   y_i = b (x_i + 2 x_i-1 + x_i-2) - a1 y_i-1 - a2 y_i-2
/// with w = tan(pi cutoff / rate), b = w^2 / (1 + sqrt(2) w + w^2), a1 = 2 (w^2 - 1) b / w^2,
/// a2 = (1 - sqrt(2) w + w^2) b / w^2. The gain at rest is 1, so that starting from the first value
/// as the past of both x and y starts without a transient on a constant.
#include "lab/filter.h"
#include <math.h>
#include <sleef.h>

// one pass over the samples from `x` on, `step` (1 or -1) at a time
static void pass(double *x, int n, int step, const double b, const double a[2]) {
  double x1 = x[0], x2 = x[0], y1 = x[0], y2 = x[0];
  for (int i = 0; i < n; i++, x += step) {
    double y = b * (*x + 2 * x1 + x2) - a[0] * y1 - a[1] * y2;
    x2 = x1, x1 = *x;
    y2 = y1, y1 = y;
    *x = y;
  }
}

void kc_lab_filter_lowpass(double *x, int n, double rate, double cutoff) {
  if (n < 1)
    return;
  const double pi = 3.14159265358979323846;
  double w = Sleef_cinz_tand1_u10purec(pi * cutoff / rate), root = sqrt(2.0) * w, square = w * w;
  double whole = 1 + root + square, b = square / whole;
  const double a[2] = {2 * (square - 1) / whole, (1 - root + square) / whole};
  pass(x, n, 1, b, a);
  pass(x + n - 1, n, -1, b, a);
}
