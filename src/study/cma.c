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
#include "math/eigen.h"
#include "study/cma_parts.h"
#include <math.h>
#include <sleef.h>
#include <stdlib.h>
#include <string.h>

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
void kc_cma_set_parameters(kc_cma *cma) {
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
  kc_cma_remember(cma, f);
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

void kc_cma_forget_best(kc_cma *cma) {
  cma->s.best_cost = HUGE_VAL;
  cma->s.n_history = cma->s.n_trend = 0;
}

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
