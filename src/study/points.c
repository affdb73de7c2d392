/// @file
/// Points of designs in the unit cube (see points.h).
///
/// Streams are numbered by kind and index, so that two designs of one seed share no numbers.
#include "study/points.h"
#include "math/random.h"
#include <gsl/gsl_qrng.h>
#include <stdint.h>
#include <stdlib.h>

/// Bits of GSL's Sobol numbers.
enum { SOBOL_BITS = 30 };

static kc_random make_stream(const kc_points_choice *choice, kc_design_kind kind, int index) {
  return kc_random_default(choice->seed, (uint64_t)kind << 48 | (uint64_t)index);
}

/// A share strictly between 0 and 1.
static double eval_open(double share) {
  const double least = 0x1p-53;
  return share < least ? least : share > 1 - least ? 1 - least : share;
}

static int draw_whole(kc_random *random, int n) {
  int drawn = (int)(kc_random_eval_uniform(random) * n);
  return drawn < n ? drawn : n - 1;
}

/// A random order of 0..n-1 (Fisher and Yates).
static void draw_order(kc_random *random, int n, int *order) {
  for (int i = 0; i < n; i++) {
    int k = draw_whole(random, i + 1);
    if (k < i)
      order[i] = order[k];
    order[k] = i;
  }
}

long long kc_points_count(const kc_points_choice *choice) {
  long long n = choice->n;
  switch (choice->kind) {
  case KC_DESIGN_saltelli:
    return n * (choice->n_factor + 2);
  case KC_DESIGN_morris:
    return n * (choice->n_factor + 1);
  default:
    return n;
  }
}

static void make_random(const kc_points *p) {
  for (int i = 0; i < p->choice.n; i++) {
    kc_random stream = make_stream(&p->choice, KC_DESIGN_random, i);
    double *row = p->share + (size_t)i * (size_t)p->n_dimension;
    for (int k = 0; k < p->n_dimension; k++)
      row[k] = eval_open(kc_random_eval_uniform(&stream));
  }
}

static kc_status make_latin_hypercube(const kc_points *p) {
  int n = p->choice.n;
  int *order = malloc((size_t)n * sizeof *order);
  if (!order)
    return KC_ERR_MEMORY;
  for (int k = 0; k < p->n_dimension; k++) {
    kc_random stream = make_stream(&p->choice, KC_DESIGN_latin_hypercube, k);
    draw_order(&stream, n, order);
    for (int i = 0; i < n; i++) {
      double place = order[i] + kc_random_eval_uniform(&stream);
      p->share[(size_t)i * (size_t)p->n_dimension + (size_t)k] = eval_open(place / n);
    }
  }
  free(order);
  return KC_OK;
}

/// The sequence from its first point, 0, which GSL leaves out; each number's bits are turned over
/// where those of its dimension's shift are set.
static kc_status make_sobol(const kc_points *p) {
  gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)p->n_dimension);
  if (!sequence)
    return KC_ERR_MEMORY;
  double point[KC_POINTS_MAX_SOBOL] = {0};
  uint64_t shift[KC_POINTS_MAX_SOBOL];
  kc_random stream = make_stream(&p->choice, KC_DESIGN_sobol, 0);
  for (int k = 0; k < p->n_dimension; k++)
    shift[k] = kc_random_eval_bits(&stream) >> (64 - SOBOL_BITS);
  int failed = 0;
  for (int i = 0; i < p->choice.n; i++) {
    double *row = p->share + (size_t)i * (size_t)p->n_dimension;
    for (int k = 0; k < p->n_dimension; k++)
      row[k] = ((double)((uint64_t)(point[k] * 0x1p30) ^ shift[k]) + 0.5) * 0x1p-30;
    failed |= gsl_qrng_get(sequence, point);
  }
  gsl_qrng_free(sequence);
  return failed ? KC_ERR_SINGULAR : KC_OK;
}

/// One trajectory: from a random point of the levels, one factor after another in random order by
/// half the levels, up from the lower half, down from the upper.
static kc_status make_morris(const kc_points *p) {
  int n = p->n_dimension, levels = p->choice.n_level;
  int *level = calloc(2 * (size_t)n, sizeof *level), *order = level + n;
  if (!level)
    return KC_ERR_MEMORY;
  for (int t = 0; t < p->choice.n; t++) {
    kc_random stream = make_stream(&p->choice, KC_DESIGN_morris, t);
    for (int k = 0; k < n; k++)
      level[k] = draw_whole(&stream, levels);
    draw_order(&stream, n, order);
    double *row = p->share + (size_t)t * (size_t)(n + 1) * (size_t)n;
    for (int i = 0; i <= n; i++, row += n) {
      if (i > 0)
        level[order[i - 1]] += level[order[i - 1]] < levels / 2 ? levels / 2 : -(levels / 2);
      for (int k = 0; k < n; k++)
        row[k] = (double)level[k] / (levels - 1);
    }
  }
  free(level);
  return KC_OK;
}

static kc_status make_shares(const kc_points *p) {
  kc_design_kind kind = p->choice.kind;
  switch (kind == KC_DESIGN_saltelli ? p->choice.sample : kind) {
  case KC_DESIGN_latin_hypercube:
    return make_latin_hypercube(p);
  case KC_DESIGN_sobol:
    return make_sobol(p);
  case KC_DESIGN_morris:
    return make_morris(p);
  default:
    make_random(p);
    return KC_OK;
  }
}

static kc_status refuse_dimensions(const kc_points_choice *choice, const char *place,
                                   kc_error *error) {
  if (choice->kind == KC_DESIGN_sobol)
    return kc_error_add(error, KC_ERR_INPUT, place,
                        "has %d factors; the Sobol sequence of GSL ends at %d dimensions; write "
                        "'kind: latin_hypercube', which has no end",
                        choice->n_factor, KC_POINTS_MAX_SOBOL);
  return kc_error_add(error, KC_ERR_INPUT, place,
                      "has %d factors, two dimensions each; the Sobol sequence of GSL ends at %d "
                      "dimensions; write 'sample: latin_hypercube', which has no end",
                      choice->n_factor, KC_POINTS_MAX_SOBOL);
}

kc_status kc_points_create(const kc_points_choice *choice, const char *place, kc_points **points,
                           kc_error *error) {
  *points = NULL;
  int pairs = choice->kind == KC_DESIGN_saltelli, n = choice->n_factor * (pairs ? 2 : 1);
  int is_sobol = choice->kind == KC_DESIGN_sobol || (pairs && choice->sample == KC_DESIGN_sobol);
  if (is_sobol && n > KC_POINTS_MAX_SOBOL)
    return refuse_dimensions(choice, place, error);
  long long rows = pairs ? choice->n : kc_points_count(choice);
  if (n < 1 || rows < 1 || rows > KC_POINTS_MAX_SHARE / n)
    return kc_error_add(error, KC_ERR_INPUT, place,
                        "asks for %lld points in %d dimensions; their product may be up to %d: "
                        "take fewer points or factors",
                        rows, n, KC_POINTS_MAX_SHARE);
  kc_points *made = malloc(sizeof *made);
  kc_status status = KC_ERR_MEMORY;
  if (made) {
    *made = (kc_points){.choice = *choice, .n_point = (int)kc_points_count(choice)};
    made->n_dimension = n;
    made->share = malloc((size_t)rows * (size_t)n * sizeof *made->share);
    status = made->share ? make_shares(made) : KC_ERR_MEMORY;
  }
  if (status == KC_OK) {
    *points = made;
    return KC_OK;
  }
  kc_points_destroy(made);
  return kc_error_add(error, status, place, "%s for %lld points in %d dimensions",
                      status == KC_ERR_MEMORY ? "no memory" : "no Sobol sequence", rows, n);
}

void kc_points_destroy(kc_points *points) {
  if (points)
    free(points->share);
  free(points);
}

void kc_points_find_ends(const kc_points *points, int factor, double *least, double *greatest) {
  int pairs = points->choice.kind == KC_DESIGN_saltelli, n = points->n_dimension;
  int rows = pairs ? points->choice.n : points->n_point;
  *least = 1, *greatest = 0;
  for (int i = 0; i < rows; i++)
    for (int k = factor; k < n; k += points->choice.n_factor) {
      double share = points->share[(size_t)i * (size_t)n + (size_t)k];
      *least = share < *least ? share : *least;
      *greatest = share > *greatest ? share : *greatest;
    }
}

void kc_points_eval(const kc_points *points, int index, double *share) {
  int n = points->choice.n_factor, block = n + 2;
  int pairs = points->choice.kind == KC_DESIGN_saltelli, part = pairs ? index % block : 0;
  const double *row =
      points->share + (size_t)(pairs ? index / block : index) * (size_t)points->n_dimension;
  for (int k = 0; k < n; k++)
    share[k] = row[part == 1 || part == k + 2 ? k + n : k];
}
