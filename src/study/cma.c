/// @file
/// CMA-ES (see cma.h), symbols of the tutorial.
///
///   x_k = m + sigma y_k,  y_k = B D z_k,  z_k ~ N(0, I),  C = B D^2 B^T            (38)-(40)
///   m <- m + sigma <y>_w,  <y>_w = sum_{i<=mu} w_i y_i                              (41), (42)
///   p_s <- (1 - c_s) p_s + sqrt(c_s (2 - c_s) mu_eff) C^-1/2 <y>_w                  (43)
///   sigma <- sigma exp(c_s / d_s (|p_s| / chi_n - 1))                               (44)
///   p_c <- (1 - c_c) p_c + h sqrt(c_c (2 - c_c) mu_eff) <y>_w                       (45)
///   C <- (1 + c_1 d(h) - c_1 - c_mu sum w) C + c_1 p_c p_c^T + c_mu sum w'_i y_i y_i^T   (46),
///   (47)
/// Departures: sigma has a ceiling; exp and log are SLEEF's; eigenvectors come from math/eigen.h.
#include "study/cma.h"
#include "math/eigen.h"
#include "math/random.h"
#include <float.h>
#include <math.h>
#include <sleef.h>
#include <stdlib.h>
#include <string.h>

#define STATE_MAGIC 0x31414d43636b0001u
/// The scalars that a restart needs.
typedef struct {
  uint64_t magic, size;
  kc_cma_definition definition;
  kc_random random;
  int32_t generation, eigen_generation, n_history, asked;
  double sigma, best_cost, decay; ///< decay = (1 - c_s)^(2 generation)
  double last_spread;             ///< of the costs of the last generation
} cma_scalars;

struct kc_cma {
  cma_scalars s;
  // strategy parameters, from n and lambda
  int mu, history_size, eigen_interval;
  double mu_eff, c_s, d_s, c_c, c_1, c_mu, chi_n, weight_sum;
  // state: `block` holds these one after the other
  double *block;
  size_t n_block;
  double *mean, *best, *p_s, *p_c; // (n)
  double *C, *B, *D;               // (n x n), rows of B are eigenvectors, (n) square roots
  double *history;                 // (history_size) best costs of the last generations, a ring
  double *y, *z, *weight;          // (lambda x n) twice, (lambda)
  double *work;                    // (n x n + 2 n)
  int *rank;                       // (lambda)
};

kc_cma_definition kc_cma_default_definition(int n) {
  return (kc_cma_definition){
      .n = n, .lambda = 0, .active = 1, .sigma = 0.3, .sigma_max = HUGE_VAL, .seed = 1};
}

int kc_cma_default_lambda(int n) {
  return 4 + (int)floor(3 * Sleef_cinz_logd1_u10purec((double)n));
}

/// Weights of equations (49)-(53).
static void set_weights(kc_cma *cma) {
  int n = cma->s.definition.n, lambda = cma->s.definition.lambda;
  double *w = cma->weight, plus = 0, plus2 = 0, minus = 0, minus2 = 0;
  for (int i = 0; i < lambda; i++) {
    w[i] = Sleef_cinz_logd1_u10purec(0.5 * (lambda + 1)) - Sleef_cinz_logd1_u10purec(i + 1.0);
    if (i < cma->mu)
      plus += w[i], plus2 += w[i] * w[i];
    else
      minus += w[i], minus2 += w[i] * w[i];
  }
  double m = cma->mu_eff = plus * plus / plus2;
  cma->c_1 = 2 / ((n + 1.3) * (n + 1.3) + m);
  cma->c_mu = fmin(1 - cma->c_1, 2 * (0.25 + m + 1 / m - 2) / ((n + 2.0) * (n + 2.0) + m));
  double a_mu = 1 + cma->c_1 / cma->c_mu;
  double a_eff = 1 + 2 * (minus * minus / minus2) / (m + 2);
  double a_positive = (1 - cma->c_1 - cma->c_mu) / (n * cma->c_mu);
  double scale = cma->s.definition.active ? fmin(a_mu, fmin(a_eff, a_positive)) / -minus : 0;
  cma->weight_sum = 0;
  for (int i = 0; i < lambda; i++) {
    w[i] *= i < cma->mu ? 1 / plus : scale;
    cma->weight_sum += w[i];
  }
}

/// Table 1.
static void set_parameters(kc_cma *cma) {
  double n = cma->s.definition.n;
  set_weights(cma);
  double m = cma->mu_eff;
  cma->c_s = (m + 2) / (n + m + 5);
  cma->d_s = 1 + 2 * fmax(0, sqrt((m - 1) / (n + 1)) - 1) + cma->c_s;
  cma->c_c = (4 + m / n) / (n + 4 + 2 * m / n);
  cma->chi_n = sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  double interval = floor(1 / (10 * n * (cma->c_1 + cma->c_mu)));
  cma->eigen_interval = interval > 1 ? (int)interval : 1;
}

/// Memory for a definition; parameters set, state not.
static kc_cma *allocate(const kc_cma_definition *definition) {
  kc_cma *cma = calloc(1, sizeof *cma);
  if (!cma)
    return NULL;
  size_t n = (size_t)definition->n, lambda = (size_t)definition->lambda;
  cma->s.definition = *definition;
  cma->mu = definition->lambda / 2;
  cma->history_size = 10 + (int)ceil(30.0 * definition->n / definition->lambda);
  cma->n_block = 5 * n + 2 * n * n + (size_t)cma->history_size;
  cma->block = calloc(cma->n_block, sizeof(double));
  size_t n_cache = 2 * lambda * n + lambda + n * n + 2 * n;
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
  cma->z = cma->y + lambda * n;
  cma->weight = cma->z + lambda * n;
  cma->work = cma->weight + lambda;
  set_parameters(cma);
  return cma;
}

static int is_valid(const kc_cma_definition *d) {
  return d->n >= 1 && d->n <= 10000 && d->lambda >= 4 && d->lambda <= 1000000 && d->sigma > 0 &&
         isfinite(d->sigma) && d->sigma_max > 0;
}

kc_cma *kc_cma_create(const kc_cma_definition *definition, const double *x0) {
  kc_cma_definition d = *definition;
  if (d.n >= 1 && d.lambda == 0)
    d.lambda = kc_cma_default_lambda(d.n);
  if (!is_valid(&d))
    return NULL;
  kc_cma *cma = allocate(&d);
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

void kc_cma_ask(kc_cma *cma, double *x) {
  int n = cma->s.definition.n, lambda = cma->s.definition.lambda;
  for (int k = 0; k < lambda; k++) {
    double *y = cma->y + k * n, *z = cma->z + k * n;
    memset(y, 0, (size_t)n * sizeof *y);
    for (int j = 0; j < n; j++) {
      z[j] = kc_random_eval_normal(&cma->s.random);
      double step = cma->D[j] * z[j];
      for (int i = 0; i < n; i++)
        y[i] += cma->B[j * n + i] * step;
    }
    for (int i = 0; i < n; i++)
      x[k * n + i] = cma->mean[i] + cma->s.sigma * y[i];
  }
  cma->s.asked = 1;
}

/// u = D^-1 B^T y: the standard normal number behind a step.
static void whiten(const kc_cma *cma, const double *y, double *u) {
  int n = cma->s.definition.n;
  for (int j = 0; j < n; j++) {
    double sum = 0;
    for (int i = 0; i < n; i++)
      sum += cma->B[j * n + i] * y[i];
    u[j] = sum / cma->D[j];
  }
}

void kc_cma_inject(kc_cma *cma, int index, const double *x) {
  int n = cma->s.definition.n;
  double *y = cma->y + index * n;
  for (int i = 0; i < n; i++)
    y[i] = (x[i] - cma->mean[i]) / cma->s.sigma;
  whiten(cma, y, cma->z + index * n);
}

/// Indices by rising cost; NaN last, equal costs by index.
static void rank_costs(int lambda, const double *f, int *rank) {
  for (int k = 0; k < lambda; k++) {
    int i = k;
    while (i > 0 && (f[k] < f[rank[i - 1]] || (isnan(f[rank[i - 1]]) && !isnan(f[k])))) {
      rank[i] = rank[i - 1];
      i--;
    }
    rank[i] = k;
  }
}

static void remember(kc_cma *cma, const double *f) {
  int n = cma->s.definition.n, lambda = cma->s.definition.lambda, first = cma->rank[0];
  if (f[first] < cma->s.best_cost) {
    cma->s.best_cost = f[first];
    for (int i = 0; i < n; i++)
      cma->best[i] = cma->mean[i] + cma->s.sigma * cma->y[first * n + i];
  }
  cma->history[cma->s.generation % cma->history_size] = f[first];
  if (cma->s.n_history < cma->history_size)
    cma->s.n_history++;
  cma->s.last_spread = f[cma->rank[lambda - 1]] - f[first];
}

static double norm2(int n, const double *x) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += x[i] * x[i];
  return sum;
}

/// Moves the mean and both paths; returns h of equation (45).
static int move_mean(kc_cma *cma) {
  int n = cma->s.definition.n;
  double *step = cma->work, *u = cma->work + n;
  memset(step, 0, (size_t)n * sizeof *step);
  for (int k = 0; k < cma->mu; k++)
    for (int i = 0; i < n; i++)
      step[i] += cma->weight[k] * cma->y[cma->rank[k] * n + i];
  whiten(cma, step, u);
  double k_s = sqrt(cma->c_s * (2 - cma->c_s) * cma->mu_eff);
  for (int i = 0; i < n; i++) {
    cma->mean[i] += cma->s.sigma * step[i];
    cma->p_s[i] *= 1 - cma->c_s;
  }
  for (int j = 0; j < n; j++)
    for (int i = 0; i < n; i++)
      cma->p_s[i] += k_s * cma->B[j * n + i] * u[j];
  cma->s.decay *= (1 - cma->c_s) * (1 - cma->c_s);
  double length = sqrt(norm2(n, cma->p_s));
  int h = length / sqrt(1 - cma->s.decay) < (1.4 + 2.0 / (n + 1)) * cma->chi_n;
  double k_c = h * sqrt(cma->c_c * (2 - cma->c_c) * cma->mu_eff);
  for (int i = 0; i < n; i++)
    cma->p_c[i] = (1 - cma->c_c) * cma->p_c[i] + k_c * step[i];
  double growth = (cma->c_s / cma->d_s) * (length / cma->chi_n - 1);
  cma->s.sigma *= Sleef_cinz_expd1_u10purec(fmin(1, growth));
  if (cma->s.sigma > cma->s.definition.sigma_max)
    cma->s.sigma = cma->s.definition.sigma_max;
  return h;
}

/// Equation (47), lower triangle mirrored.
static void adapt_covariance(kc_cma *cma, int h) {
  int n = cma->s.definition.n, lambda = cma->s.definition.lambda;
  double lost = h ? 0 : cma->c_1 * cma->c_c * (2 - cma->c_c);
  double keep = 1 + lost - cma->c_1 - cma->c_mu * cma->weight_sum;
  for (int i = 0; i < n; i++)
    for (int j = 0; j <= i; j++)
      cma->C[i * n + j] = keep * cma->C[i * n + j] + cma->c_1 * cma->p_c[i] * cma->p_c[j];
  for (int k = 0; k < lambda; k++) {
    const double *y = cma->y + cma->rank[k] * n;
    double w = cma->weight[k];
    // a step to be unlearnt counts with unit length, equation (46)
    double length2 = norm2(n, cma->z + cma->rank[k] * n);
    if (w < 0)
      w *= length2 > 1e-100 ? n / length2 : 0;
    for (int i = 0; i < n; i++)
      for (int j = 0; j <= i; j++)
        cma->C[i * n + j] += cma->c_mu * w * y[i] * y[j];
  }
  for (int i = 0; i < n; i++)
    for (int j = 0; j < i; j++)
      cma->C[j * n + i] = cma->C[i * n + j];
}

static kc_status decompose(kc_cma *cma) {
  int n = cma->s.definition.n;
  memcpy(cma->work, cma->C, (size_t)n * (size_t)n * sizeof(double));
  KC_TRY(kc_eigen_compute_symmetric(n, cma->work, cma->D, cma->B));
  for (int i = 0; i < n; i++) {
    if (!(cma->D[i] > 0))
      return KC_ERR_SINGULAR;
    cma->D[i] = sqrt(cma->D[i]);
  }
  cma->s.eigen_generation = cma->s.generation;
  return KC_OK;
}

kc_status kc_cma_tell(kc_cma *cma, const double *f) {
  if (!cma->s.asked)
    return KC_ERR_INPUT;
  rank_costs(cma->s.definition.lambda, f, cma->rank);
  if (isnan(f[cma->rank[0]]))
    return KC_ERR_SINGULAR;
  remember(cma, f);
  int h = move_mean(cma);
  adapt_covariance(cma, h);
  cma->s.generation++;
  cma->s.asked = 0;
  if (!isfinite(cma->s.sigma))
    return KC_ERR_SINGULAR;
  if (cma->s.generation - cma->s.eigen_generation >= cma->eigen_interval)
    return decompose(cma);
  return KC_OK;
}

int kc_cma_n(const kc_cma *cma) { return cma->s.definition.n; }
int kc_cma_lambda(const kc_cma *cma) { return cma->s.definition.lambda; }
int kc_cma_generation(const kc_cma *cma) { return cma->s.generation; }
const double *kc_cma_mean(const kc_cma *cma) { return cma->mean; }
const double *kc_cma_best(const kc_cma *cma) { return cma->best; }
double kc_cma_best_cost(const kc_cma *cma) { return cma->s.best_cost; }
double kc_cma_sigma(const kc_cma *cma) { return cma->s.sigma; }
void kc_cma_forget_best(kc_cma *cma) { cma->s.best_cost = HUGE_VAL; }

double kc_cma_deviation(const kc_cma *cma, int index) {
  return cma->s.sigma * sqrt(cma->C[index * cma->s.definition.n + index]);
}

double kc_cma_axis_ratio(const kc_cma *cma) {
  double low = cma->D[0], high = cma->D[0];
  for (int i = 1; i < cma->s.definition.n; i++) {
    low = fmin(low, cma->D[i]);
    high = fmax(high, cma->D[i]);
  }
  return high / low;
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
  return flags;
}

size_t kc_cma_state_size(const kc_cma *cma) {
  return sizeof cma->s + cma->n_block * sizeof(double);
}

void kc_cma_save(const kc_cma *cma, void *state) {
  cma_scalars s;
  memset(&s, 0, sizeof s);
  memcpy(&s, &cma->s, sizeof s);
  s.magic = STATE_MAGIC;
  s.size = kc_cma_state_size(cma);
  s.asked = 0;
  memcpy(state, &s, sizeof s);
  memcpy((char *)state + sizeof s, cma->block, cma->n_block * sizeof(double));
}

kc_cma *kc_cma_restore(const void *state, size_t size) {
  cma_scalars s;
  if (size < sizeof s)
    return NULL;
  memcpy(&s, state, sizeof s);
  if (s.magic != STATE_MAGIC || s.size != size || !is_valid(&s.definition))
    return NULL;
  kc_cma *cma = allocate(&s.definition);
  if (!cma || kc_cma_state_size(cma) != size) {
    kc_cma_destroy(cma);
    return NULL;
  }
  cma->s = s;
  memcpy(cma->block, (const char *)state + sizeof s, cma->n_block * sizeof(double));
  return cma;
}
