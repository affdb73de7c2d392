/// @file
/// What a search remembers of its costs, and when it has reason to stop (see cma.h).
///
/// Stagnation after the tutorial, B.3, over the last 120 + 30 n / lambda generations; departure:
/// the window stays so long, where the tutorial lets it grow to a fifth of a long search.
#include "study/cma_parts.h"
#include <math.h>
#include <stdlib.h>

void kc_cma_remember(kc_cma *cma, const double *f) {
  int n = cma->s.definition.n, lambda = cma->s.definition.lambda, first = cma->rank[0];
  if (f[first] < cma->s.best_cost) {
    cma->s.best_cost = f[first];
    for (int i = 0; i < n; i++)
      cma->best[i] = cma->mean[i] + cma->s.sigma * cma->y[first * n + i];
  }
  cma->history[cma->s.generation % cma->history_size] = f[first];
  if (cma->s.n_history < cma->history_size)
    cma->s.n_history++;
  int at = cma->s.generation % cma->trend_size;
  cma->trend[0][at] = f[first];
  double median = f[cma->rank[lambda / 2]];
  cma->trend[1][at] = isnan(median) ? HUGE_VAL : median;
  if (cma->s.n_trend < cma->trend_size)
    cma->s.n_trend++;
  cma->s.last_spread = f[cma->rank[lambda - 1]] - f[first];
}

static int is_flat(const kc_cma *cma) {
  if (cma->s.n_history < cma->history_size)
    return 0;
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (int i = 0; i < cma->history_size; i++) {
    low = fmin(low, cma->history[i]);
    high = fmax(high, cma->history[i]);
  }
  return high - low < 1e-12 && cma->s.last_spread < 1e-12;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/// Median of `n` values of a ring, `offset` behind its oldest.
static double find_median(const kc_cma *cma, const double *ring, int offset, int n) {
  for (int i = 0; i < n; i++)
    cma->sorted[i] = ring[(cma->s.generation + offset + i) % cma->trend_size];
  qsort(cma->sorted, (size_t)n, sizeof *cma->sorted, compare);
  return cma->sorted[n / 2];
}

/// Neither best nor median costs have fallen, by the medians of the first and the last 30 %.
static int is_stagnant(const kc_cma *cma) {
  int size = cma->trend_size, n = (3 * size) / 10, stagnant = cma->s.n_trend == size;
  for (int i = 0; i < 2 && stagnant; i++)
    stagnant =
        find_median(cma, cma->trend[i], size - n, n) >= find_median(cma, cma->trend[i], 0, n);
  return stagnant;
}

unsigned kc_cma_stop_flags(const kc_cma *cma) {
  int n = cma->s.definition.n;
  double sigma0 = cma->s.definition.sigma, widest = 0, ratio = kc_cma_axis_ratio(cma);
  unsigned flags = is_flat(cma) ? KC_CMA_STOP_TOL_FUN : 0;
  int tiny = 1, no_effect = 0;
  for (int i = 0; i < n; i++) {
    double deviation = kc_cma_deviation(cma, i);
    tiny &= deviation < 1e-12 * sigma0 && fabs(cma->s.sigma * cma->p_c[i]) < 1e-12 * sigma0;
    volatile double moved = cma->mean[i] + 0.2 * deviation;
    no_effect |= moved == cma->mean[i];
    widest = fmax(widest, cma->D[i]);
  }
  if (tiny)
    flags |= KC_CMA_STOP_TOL_X;
  if (no_effect)
    flags |= KC_CMA_STOP_NO_EFFECT;
  if (cma->s.sigma * widest > 1e4 * sigma0)
    flags |= KC_CMA_STOP_TOL_UP;
  if (ratio > 1e7)
    flags |= KC_CMA_STOP_CONDITION;
  if (is_stagnant(cma))
    flags |= KC_CMA_STOP_STAGNATION;
  return flags;
}
