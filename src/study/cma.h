/// @file
/// CMA-ES: evolution strategy with covariance matrix adaptation, by ask and tell.
///
/// Minimises f(x) over R^n from values alone; ranks matter, not sizes. Bounds and penalties are the
/// caller's. Deterministic: the same seed and the same costs give the same bits on any machine.
///
///     kc_cma *cma = kc_cma_create(&definition, x0);
///     while (!kc_cma_stop_flags(cma)) {
///       kc_cma_ask(cma, x);
///       for (int k = 0; k < lambda; k++) f[k] = cost(x + k * n);
///       if (kc_cma_tell(cma, f) != KC_OK) break;
///     }
/// Source: N. Hansen, The CMA Evolution Strategy: A Tutorial, arXiv 1604.00772 (2023), equations
/// (38)-(47) and table 1.
#pragma once
#include "base/error.h"
#include <stdint.h>

/// What can be chosen; the other strategy parameters follow from n and lambda by table 1.
typedef struct {
  int n;            ///< dimensions, >= 1
  int lambda;       ///< candidates per generation, >= 4; 0 = 4 + floor(3 ln n)
  int active;       ///< 1: the worse half pushes the covariance away (negative weights)
  double sigma;     ///< initial step, > 0: a third of the distance to the optimum is a good guess
  double sigma_max; ///< the step is held at or below this; > 0, may be HUGE_VAL
  uint64_t seed;
} kc_cma_definition;

/// Reasons to stop, as bits.
typedef enum {
  KC_CMA_STOP_TOL_FUN = 1,    ///< costs of the last generations differ by less than 1e-12
  KC_CMA_STOP_TOL_X = 2,      ///< every standard deviation is below 1e-12 of the initial step
  KC_CMA_STOP_TOL_UP = 4,     ///< the distribution grew by 1e4: it diverges
  KC_CMA_STOP_CONDITION = 8,  ///< condition of the covariance above 1e14
  KC_CMA_STOP_NO_EFFECT = 16, ///< a fifth of a deviation no longer changes the mean
  /// neither best nor median costs fell over the last 120 + 30 n / lambda generations
  KC_CMA_STOP_STAGNATION = 32,
} kc_cma_stop;

/// A search: distribution, paths, random stream.
typedef struct kc_cma kc_cma;

/// n dimensions, lambda by the rule, active, step 0.3, no ceiling, seed 1.
kc_cma_definition kc_cma_default_definition(int n);
/// The rule of table 1: 4 + floor(3 ln n).
int kc_cma_default_lambda(int n);
/// Starts at x0 (n); NULL if a number of the definition is out of range or memory is short.
kc_cma *kc_cma_create(const kc_cma_definition *definition, const double *x0);
/// Frees it; takes NULL.
void kc_cma_destroy(kc_cma *cma);

/// Draws a generation: x (lambda x n). Asking again before telling draws a new one.
void kc_cma_ask(kc_cma *cma, double *x);
/// Puts a point of the caller's (n) in the place of candidate `index` of the generation just asked.
void kc_cma_inject(kc_cma *cma, int index, const double *x);
/// Costs of the generation (lambda), in the order asked; NaN and infinity rank last, equal costs by
/// index. @return KC_OK; KC_ERR_SINGULAR if the covariance lost its meaning (all costs NaN too)
kc_status kc_cma_tell(kc_cma *cma, const double *f) KC_WARN_UNUSED;

/// Dimensions.
int kc_cma_n(const kc_cma *cma);
/// Candidates per generation.
int kc_cma_lambda(const kc_cma *cma);
/// Generations told so far.
int kc_cma_generation(const kc_cma *cma);
/// Mean of the distribution (n).
const double *kc_cma_mean(const kc_cma *cma);
/// The best candidate ever told (n); the start before the first.
const double *kc_cma_best(const kc_cma *cma);
/// Its cost; infinity before the first.
double kc_cma_best_cost(const kc_cma *cma);
/// The overall step.
double kc_cma_sigma(const kc_cma *cma);
/// Longest over shortest axis of the distribution: square root of the covariance's condition.
double kc_cma_axis_ratio(const kc_cma *cma);
/// Standard deviation of one coordinate.
double kc_cma_deviation(const kc_cma *cma, int index);
/// Forgets the best candidate and all costs: where the caller has changed the cost.
void kc_cma_forget_best(kc_cma *cma);
/// Bits of kc_cma_stop; 0 while there is reason to go on.
unsigned kc_cma_stop_flags(const kc_cma *cma);

/// Bytes that kc_cma_save writes.
size_t kc_cma_state_size(const kc_cma *cma);
/// Writes the whole state between a tell and an ask; going on from it gives the same bits.
void kc_cma_save(const kc_cma *cma, void *state);
/// A new object from a saved state; NULL if the bytes are not one or memory is short.
kc_cma *kc_cma_restore(const void *state, size_t size);
