/// @file
/// The insides of a CMA-ES search (cma.c: the algorithm; cma_stop.c: reasons to stop; cma_state.c:
/// memory, saving, restoring). Inside of src/study.
#pragma once
#include "math/random.h"
#include "study/cma.h"

/// The scalars that a restart needs.
typedef struct {
  uint64_t magic, size;
  kc_cma_definition definition;
  kc_random random;
  int32_t generation, eigen_generation, n_history, n_trend, asked, spare;
  double sigma, best_cost, decay; ///< decay = (1 - c_s)^(2 generation)
  double last_spread;             ///< of the costs of the last generation
} kc_cma_scalars;

/// Symbols of the tutorial.
struct kc_cma {
  kc_cma_scalars s;
  // strategy parameters, from n and lambda
  int mu, history_size, trend_size, eigen_interval;
  double mu_eff, c_s, d_s, c_c, c_1, c_mu, chi_n, weight_sum;
  // state: `block` holds these one after the other
  double *block;
  size_t n_block;
  double *mean, *best, *p_s, *p_c; // (n)
  double *C, *B, *D;               // (n x n), rows of B are eigenvectors, (n) square roots
  double *history;                 // (history_size) best costs of the last generations, a ring
  double *trend[2];                // (trend_size) best and median costs, rings
  double *y, *z, *weight;          // (lambda x n) twice, (lambda)
  double *work;                    // (n x n + 2 n)
  double *sorted;                  // (trend_size)
  int *rank;                       // (lambda)
};

/// Memory for a definition that is in range, and what follows from it; the state is zero. NULL if
/// there is none.
kc_cma *kc_cma_allocate(const kc_cma_definition *definition);
/// Whether the numbers of a definition are in range.
int kc_cma_is_valid(const kc_cma_definition *definition);
/// Sets weights and learning rates from n and lambda.
void kc_cma_set_parameters(kc_cma *cma);
/// Keeps the best candidate and the costs that reasons to stop are found from; `rank` is filled.
void kc_cma_remember(kc_cma *cma, const double *f);
