/// @file
/// Sobol' indices and Morris' figures (see sensitivity.h). A design's rows become a table of terms
/// whose means are wanted; a bootstrap sample is a list of rows of it. Sums run in row order; a
/// term that needs a number which no run gave is NAN and does not count.
#include "study/sensitivity.h"
#include "math/random.h"
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/// Of the streams of bootstrap samples.
enum { BOOTSTRAP_STREAM = 0x62 };

/// Terms by row: Sobol' f(A) + f(B), f(A)^2 + f(B)^2, then for each factor that of first and that
/// of total; Morris: for each factor its elementary effect and the size of it.
typedef struct {
  int n_row, n_term, n_factor;
  double *term;          ///< (n_row x n_term)
  double *mean;          ///< (n_term) of a sample, NAN where none counts
  int *count;            ///< (n_term) that count
  double *sample;        ///< (2 n_factor x n_sample) figures of all samples
  double *whole;         ///< (2 n_factor) of all rows
  kc_estimate *estimate; ///< (2 n_factor)
} table;

/// From means of terms to two figures of each factor.
typedef void figures(const double *mean, int n_factor, double *figure, size_t stride);

kc_bootstrap kc_sensitivity_default_bootstrap(void) {
  return (kc_bootstrap){.n_sample = 1000, .level = 0.95, .seed = 1};
}

static void sobol_figures(const double *mean, int n_factor, double *figure, size_t stride) {
  double center = 0.5 * mean[0], variance = 0.5 * mean[1] - center * center;
  for (int k = 0; k < n_factor; k++) {
    figure[2 * (size_t)k * stride] = mean[2 + 2 * k] / variance;
    figure[(2 * (size_t)k + 1) * stride] = 0.5 * mean[3 + 2 * k] / variance;
  }
}

static void morris_figures(const double *mean, int n_factor, double *figure, size_t stride) {
  for (int k = 0; k < 2 * n_factor; k++)
    figure[(size_t)k * stride] = mean[k];
}

/// Means over the rows of a stream's choice; over all rows where there is none.
static void find_means(const table *t, kc_random *random) {
  for (int k = 0; k < t->n_term; k++)
    t->mean[k] = 0, t->count[k] = 0;
  for (int i = 0; i < t->n_row; i++) {
    int row = random ? (int)(kc_random_eval_uniform(random) * t->n_row) : i;
    const double *term = t->term + (size_t)(row < t->n_row ? row : i) * (size_t)t->n_term;
    for (int k = 0; k < t->n_term; k++) {
      t->mean[k] += isnan(term[k]) ? 0 : term[k];
      t->count[k] += !isnan(term[k]);
    }
  }
  for (int k = 0; k < t->n_term; k++)
    t->mean[k] = t->count[k] ? t->mean[k] / t->count[k] : (double)NAN;
}

/// By size, NAN last.
static int compare_numbers(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  if (isnan(x) || isnan(y))
    return (isnan(x) != 0) - (isnan(y) != 0);
  return (x > y) - (x < y);
}

/// The value between the sorted samples at a share of those that are numbers.
static double find_percentile(const double *sorted, int n, double share) {
  while (n > 1 && isnan(sorted[n - 1]))
    n--;
  double at = share * (n - 1);
  int i = (int)at;
  return i >= n - 1 ? sorted[n - 1] : sorted[i] + (at - i) * (sorted[i + 1] - sorted[i]);
}

/// Figures of the design and of every sample.
static void estimate_figures(const table *t, const kc_bootstrap *b, figures *eval) {
  find_means(t, NULL);
  eval(t->mean, t->n_factor, t->whole, 1);
  for (int i = 0; i < b->n_sample; i++) {
    kc_random stream = kc_random_default(b->seed, (uint64_t)BOOTSTRAP_STREAM << 48 | (uint64_t)i);
    find_means(t, &stream);
    eval(t->mean, t->n_factor, t->sample + i, (size_t)b->n_sample);
  }
  for (int k = 0; k < 2 * t->n_factor; k++) {
    double *sample = t->sample + (size_t)k * (size_t)b->n_sample, tail = 0.5 * (1 - b->level);
    t->estimate[k] = (kc_estimate){.value = t->whole[k], .lower = NAN, .upper = NAN};
    if (b->n_sample < 1)
      continue;
    qsort(sample, (size_t)b->n_sample, sizeof *sample, compare_numbers);
    t->estimate[k].lower = find_percentile(sample, b->n_sample, tail);
    t->estimate[k].upper = find_percentile(sample, b->n_sample, 1 - tail);
  }
}

/// NAN for whatever is no number.
static double eval_number(double y) { return isfinite(y) ? y : (double)NAN; }

int kc_sensitivity_average_runs(const kc_points *points, const double *run, int n_replicate,
                                double *point) {
  int block = points->n_point / points->choice.n, n_whole = 0;
  for (int row = 0; row < points->choice.n; row++) {
    double *of_row = point + (size_t)row * (size_t)block;
    const double *y = run + (size_t)row * (size_t)block * (size_t)n_replicate;
    int n = 0;
    for (int i = 0; i < block; i++, y += n_replicate) {
      of_row[i] = 0;
      for (int k = 0; k < n_replicate; k++)
        of_row[i] += eval_number(y[k]);
      of_row[i] /= n_replicate;
      n += isfinite(of_row[i]);
    }
    n_whole += n == block;
    for (int i = 0; n < block && points->choice.kind == KC_DESIGN_saltelli && i < block; i++)
      of_row[i] = NAN;
  }
  return n_whole;
}

/// Mean of A and B over the rows that have both.
static double find_center(const kc_points *points, const double *y) {
  size_t block = (size_t)points->choice.n_factor + 2;
  double sum = 0;
  int n = 0;
  for (int i = 0; i < points->choice.n; i++) {
    double a = y[(size_t)i * block], b = y[(size_t)i * block + 1];
    if (isfinite(a) && isfinite(b))
      sum += 0.5 * (a + b), n++;
  }
  return n ? sum / n : 0;
}

/// Rows of a Saltelli design: A, B, AB_1 ... AB_k one after another.
static void fill_sobol(table *t, const double *y, double center) {
  int n = t->n_factor;
  for (int i = 0; i < t->n_row; i++) {
    const double *f = y + (size_t)i * (size_t)(n + 2);
    double *term = t->term + (size_t)i * (size_t)t->n_term;
    double a = eval_number(f[0]) - center, b = eval_number(f[1]) - center;
    term[0] = a + b;
    term[1] = a * a + b * b;
    for (int k = 0; k < n; k++) {
      double change = eval_number(f[2 + k]) - eval_number(f[0]);
      term[2 + 2 * k] = b * change;
      term[3 + 2 * k] = change * change;
    }
  }
}

/// Trajectories of a Morris design; share (2 x n_factor) is room.
static void fill_morris(table *t, const kc_points *points, const double *y, double *share) {
  int n = t->n_factor;
  for (int i = 0; i < t->n_row; i++) {
    const double *f = y + (size_t)i * (size_t)(n + 1);
    double *term = t->term + (size_t)i * (size_t)t->n_term;
    for (int step = 0; step < n; step++) {
      kc_points_eval(points, i * (n + 1) + step, share);
      kc_points_eval(points, i * (n + 1) + step + 1, share + n);
      double change = eval_number(f[step + 1]) - eval_number(f[step]);
      for (int k = 0; k < n; k++) {
        if (share[n + k] == share[k])
          continue;
        term[2 * k + 1] = change / (share[n + k] - share[k]);
        term[2 * k] = fabs(term[2 * k + 1]);
      }
    }
  }
}

static void destroy_table(table *t) {
  free(t->term);
  free(t->mean);
  free(t->count);
  free(t->sample);
  free(t->whole);
  free(t->estimate);
}

static kc_status create_table(table *t, const kc_points *points, int n_term,
                              const kc_bootstrap *bootstrap, kc_error *error) {
  int n = points->choice.n_factor;
  size_t samples = (size_t)(bootstrap->n_sample > 0 ? bootstrap->n_sample : 0) + 1;
  *t = (table){.n_row = points->choice.n, .n_term = n_term, .n_factor = n};
  t->term = calloc((size_t)points->choice.n * (size_t)n_term, sizeof *t->term);
  t->mean = calloc((size_t)n_term, sizeof *t->mean);
  t->count = calloc((size_t)n_term, sizeof *t->count);
  t->sample = calloc(2 * (size_t)n * samples, sizeof *t->sample);
  t->whole = calloc(2 * (size_t)n, sizeof *t->whole);
  t->estimate = calloc(2 * (size_t)n, sizeof *t->estimate);
  if (t->term && t->mean && t->count && t->sample && t->whole && t->estimate)
    return KC_OK;
  destroy_table(t);
  (void)kc_error_add(error, KC_ERR_MEMORY, "sensitivity", "no memory for %d rows",
                     points->choice.n);
  return KC_ERR_MEMORY;
}

/// Means over all rows; refuses what fewer than two rows say.
static kc_status check_counts(const table *t, kc_error *error) {
  find_means(t, NULL);
  for (int k = 0; k < t->n_term; k++)
    if (t->count[k] < 2)
      return kc_error_add(error, KC_ERR_SINGULAR, "sensitivity",
                          "only %d of %d rows have the numbers that factor %d needs; two at least "
                          "must have",
                          t->count[k], t->n_row, (k - (t->n_term - 2 * t->n_factor)) / 2 + 1);
  return KC_OK;
}

kc_status kc_sensitivity_compute_sobol(const kc_points *points, const double *y,
                                       const kc_bootstrap *bootstrap, kc_sobol_index *index,
                                       kc_error *error) {
  int n = points->choice.n_factor;
  if (points->choice.kind != KC_DESIGN_saltelli)
    return kc_error_add(error, KC_ERR_INPUT, "sensitivity",
                        "Sobol' indices need a design of kind saltelli");
  table t;
  KC_TRY(create_table(&t, points, 2 + 2 * n, bootstrap, error));
  double center = find_center(points, y);
  fill_sobol(&t, y, center);
  kc_status status = check_counts(&t, error);
  if (status == KC_OK && t.mean[1] <= 1e-28 * center * center) // round-off
    status = kc_error_add(error, KC_ERR_SINGULAR, "sensitivity",
                          "the runs all gave the same number: it hangs on none of the factors");
  for (int k = 0; status == KC_OK && k < n; k++)
    index[k].n_row = t.count[2 + 2 * k]; // of all rows: samples have their own
  if (status == KC_OK)
    estimate_figures(&t, bootstrap, sobol_figures);
  for (int k = 0; status == KC_OK && k < n; k++)
    index[k].first = t.estimate[2 * k], index[k].total = t.estimate[2 * k + 1];
  destroy_table(&t);
  return status;
}

/// Standard deviation of a term over the rows that count.
static double find_deviation(const table *t, int term, double mean) {
  double sum = 0;
  int n = 0;
  for (int i = 0; i < t->n_row; i++) {
    double off = t->term[(size_t)i * (size_t)t->n_term + (size_t)term] - mean;
    if (isnan(off))
      continue;
    sum += off * off;
    n++;
  }
  return sqrt(sum / (n - 1));
}

kc_status kc_sensitivity_compute_morris(const kc_points *points, const double *y,
                                        const kc_bootstrap *bootstrap, kc_morris_effect *effect,
                                        kc_error *error) {
  int n = points->choice.n_factor;
  if (points->choice.kind != KC_DESIGN_morris)
    return kc_error_add(error, KC_ERR_INPUT, "sensitivity",
                        "elementary effects need a design of kind morris");
  table t;
  KC_TRY(create_table(&t, points, 2 * n, bootstrap, error));
  fill_morris(&t, points, y, t.whole);
  kc_status status = check_counts(&t, error);
  for (int k = 0; status == KC_OK && k < n; k++)
    effect[k].n_effect = t.count[2 * k];
  if (status == KC_OK)
    estimate_figures(&t, bootstrap, morris_figures);
  for (int k = 0; status == KC_OK && k < n; k++) {
    effect[k].mu_star = t.estimate[2 * k];
    effect[k].mu = t.estimate[2 * k + 1].value;
    effect[k].sigma = find_deviation(&t, 2 * k + 1, effect[k].mu);
  }
  destroy_table(&t);
  return status;
}
