/// @file
/// The clock and the order statistics of the benches.
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/// Now, us.
static inline double bench_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static inline int bench_compare(const void *a, const void *b) {
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/// Sorts figures, least first.
static inline void bench_sort(double *figure, int n) {
  qsort(figure, (size_t)n, sizeof *figure, bench_compare);
}
