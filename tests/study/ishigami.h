/// @file
/// The function that sensitivity is tried on: Ishigami and Homma 1990.
#pragma once
#include <math.h>

static const double pi = 3.14159265358979323846;

/// sin x + 7 sin^2 y + 0.1 z^4 sin x, each of -pi..pi.
static inline double eval_ishigami(const double *x) {
  return sin(x[0]) + 7 * sin(x[1]) * sin(x[1]) + 0.1 * pow(x[2], 4) * sin(x[0]);
}
