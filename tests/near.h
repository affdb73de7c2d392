/// @file
/// cmocka with a comparison of doubles that prints both values, the error and the tolerance.
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

/// Fails unless |a - b| <= tolerance; NaN fails.
#define assert_near(a, b, tolerance)                                                               \
  do {                                                                                             \
    double near_a = (a), near_b = (b), near_t = (tolerance);                                       \
    if (!(fabs(near_a - near_b) <= near_t))                                                        \
      fail_msg("%s = %.17g, expected %.17g, error %.3g, tolerance %.3g", #a, near_a, near_b,       \
               fabs(near_a - near_b), near_t);                                                     \
  } while (0)
