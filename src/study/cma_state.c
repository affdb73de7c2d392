/// @file
/// Memory of a search, and its state as bytes (see cma.h).
#include "study/cma_parts.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STATE_MAGIC 0x32414d43636b0001u

/// Memory for a definition; parameters set, state not.
kc_cma *kc_cma_allocate(const kc_cma_definition *definition) {
  kc_cma *cma = calloc(1, sizeof *cma);
  if (!cma)
    return NULL;
  size_t n = (size_t)definition->n, lambda = (size_t)definition->lambda;
  cma->s.definition = *definition;
  cma->mu = definition->lambda / 2;
  cma->history_size = 10 + (int)ceil(30.0 * definition->n / definition->lambda);
  cma->trend_size = 120 + (int)ceil(30.0 * definition->n / definition->lambda);
  size_t history = (size_t)cma->history_size, trend = (size_t)cma->trend_size;
  cma->n_block = 5 * n + 2 * n * n + history + 2 * trend;
  cma->block = calloc(cma->n_block, sizeof(double));
  size_t n_cache = 2 * lambda * n + lambda + n * n + 2 * n + trend;
  cma->y = calloc(n_cache, sizeof(double));
  cma->rank = calloc(lambda, sizeof(int));
  if (!cma->block || !cma->y || !cma->rank) {
    kc_cma_destroy(cma);
    return NULL;
  }
  double **field[] = {&cma->mean, &cma->best, &cma->p_s, &cma->p_c, &cma->D};
  for (size_t i = 0; i < 5; i++)
    *field[i] = cma->block + i * n;
  cma->C = cma->block + 5 * n;
  cma->B = cma->C + n * n;
  cma->history = cma->B + n * n;
  cma->trend[0] = cma->history + history;
  cma->trend[1] = cma->trend[0] + trend;
  cma->z = cma->y + lambda * n;
  cma->weight = cma->z + lambda * n;
  cma->work = cma->weight + lambda;
  cma->sorted = cma->work + n * n + 2 * n;
  kc_cma_set_parameters(cma);
  return cma;
}

int kc_cma_is_valid(const kc_cma_definition *d) {
  return d->n >= 1 && d->n <= 10000 && d->lambda >= 4 && d->lambda <= 1000000 && d->sigma > 0 &&
         isfinite(d->sigma) && d->sigma_max > 0;
}

kc_cma *kc_cma_create(const kc_cma_definition *definition, const double *x0) {
  kc_cma_definition d = *definition;
  if (d.n >= 1 && d.lambda == 0)
    d.lambda = kc_cma_default_lambda(d.n);
  if (!kc_cma_is_valid(&d))
    return NULL;
  kc_cma *cma = kc_cma_allocate(&d);
  if (!cma)
    return NULL;
  cma->s.random = kc_random_default(d.seed, 0);
  cma->s.sigma = fmin(d.sigma, d.sigma_max);
  cma->s.best_cost = HUGE_VAL;
  cma->s.decay = 1;
  for (int i = 0; i < d.n; i++) {
    cma->mean[i] = cma->best[i] = x0[i];
    cma->D[i] = cma->C[i * d.n + i] = cma->B[i * d.n + i] = 1;
  }
  return cma;
}

void kc_cma_destroy(kc_cma *cma) {
  if (!cma)
    return;
  free(cma->block);
  free(cma->y);
  free(cma->rank);
  free(cma);
}

size_t kc_cma_state_size(const kc_cma *cma) {
  return sizeof cma->s + cma->n_block * sizeof(double);
}

void kc_cma_save(const kc_cma *cma, void *state) {
  kc_cma_scalars s;
  memset(&s, 0, sizeof s);
  memcpy(&s, &cma->s, sizeof s);
  s.magic = STATE_MAGIC;
  s.size = kc_cma_state_size(cma);
  s.asked = 0;
  memcpy(state, &s, sizeof s);
  memcpy((char *)state + sizeof s, cma->block, cma->n_block * sizeof(double));
}

kc_cma *kc_cma_restore(const void *state, size_t size) {
  kc_cma_scalars s;
  if (size < sizeof s)
    return NULL;
  memcpy(&s, state, sizeof s);
  if (s.magic != STATE_MAGIC || s.size != size || !kc_cma_is_valid(&s.definition))
    return NULL;
  kc_cma *cma = kc_cma_allocate(&s.definition);
  if (!cma || kc_cma_state_size(cma) != size) {
    kc_cma_destroy(cma);
    return NULL;
  }
  cma->s = s;
  memcpy(cma->block, (const char *)state + sizeof s, cma->n_block * sizeof(double));
  return cma;
}
