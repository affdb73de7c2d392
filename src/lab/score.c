/// @file
/// Scores of curves and numbers (see score.h).
#include "lab/score.h"
#include <math.h>

static kc_score_share share_of(int n, const double *mean, const double *sd, const double *value,
                               double offset) {
  kc_score_share s = {0};
  double square = 0, clipped = 0;
  for (int i = 0; i < n; i++) {
    double z = (value[i] - offset - mean[i]) / sd[i];
    s.within_1 += fabs(z) <= 1;
    s.within_2 += fabs(z) <= 2;
    square += z * z;
    clipped += fmin(z * z, KC_SCORE_CLIP * KC_SCORE_CLIP);
  }
  s.within_1 /= n;
  s.within_2 /= n;
  s.rms = sqrt(square / n);
  s.clipped = sqrt(clipped / n);
  return s;
}

// index of the largest of sign * x
static int find_extreme(int n, const double *x, double sign) {
  int best = 0;
  for (int i = 1; i < n; i++)
    if (sign * x[i] > sign * x[best])
      best = i;
  return best;
}

static kc_score_extreme compare_extremes(int n, const double *percent, const double *mean,
                                         const double *value, double period, double sign) {
  int a = find_extreme(n, mean, sign), b = find_extreme(n, value, sign);
  double shift = percent[b] - percent[a];
  const double edge = 5; // %
  if (period <= 0 && fmin(percent[a] - percent[0], percent[n - 1] - percent[a]) < edge)
    return (kc_score_extreme){(double)NAN, (double)NAN};
  if (period > 0)
    shift -= period * floor(shift / period + 0.5);
  return (kc_score_extreme){value[b] - mean[a], shift};
}

kc_score kc_lab_score_curve(int n, const double *percent, const double *mean, const double *sd,
                            const double *value, double period) {
  kc_score s = {.n = n};
  for (int i = 0; i < n; i++)
    s.offset += (value[i] - mean[i]) / n;
  s.share = share_of(n, mean, sd, value, 0);
  s.shape = share_of(n, mean, sd, value, s.offset);
  s.most = compare_extremes(n, percent, mean, value, period, 1);
  s.least = compare_extremes(n, percent, mean, value, period, -1);
  return s;
}

kc_score kc_lab_score_number(double mean, double sd, double value) {
  const double none = (double)NAN;
  return (kc_score){.n = 1,
                    .share = share_of(1, &mean, &sd, &value, 0),
                    .offset = value - mean,
                    .shape = {none, none, none, none},
                    .most = {none, none},
                    .least = {none, none}};
}

static void add_share(kc_score_share *sum, const kc_score_share *share) {
  sum->within_1 += share->within_1;
  sum->within_2 += share->within_2;
  sum->rms += share->rms * share->rms;
  sum->clipped += share->clipped * share->clipped;
}

// from sums to means; 0 / 0 is NaN, as it should be
static void divide_share(kc_score_share *sum, int n) {
  sum->within_1 /= n;
  sum->within_2 /= n;
  sum->rms = sqrt(sum->rms / n);
  sum->clipped = sqrt(sum->clipped / n);
}

kc_score_sum kc_lab_sum_scores(const kc_score *score, int group) {
  kc_score_sum sum = {0};
  for (int q = 0; q < KC_N_QUANTITY; q++) {
    if (score[q].n == 0 || (group != KC_N_GROUP && (int)kc_lab_quantity_info(q)->group != group))
      continue;
    sum.n_quantity++;
    add_share(&sum.share, &score[q].share);
    if (!isnan(score[q].shape.rms)) {
      sum.n_shape++;
      add_share(&sum.shape, &score[q].shape);
    }
  }
  divide_share(&sum.share, sum.n_quantity);
  divide_share(&sum.shape, sum.n_shape);
  return sum;
}
