/// @file
/// Polynomials of guided frames by least squares.
///
///   f(s) = sum_k c_k p_k(s),  c_k = <f, p_k> / <p_k, p_k>,  <f, g> = sum over the knots
///   p_{k+1} = (s - a_k) p_k - b_k p_{k-1},  a_k = <s p_k, p_k> / <p_k, p_k>,
///   b_k = <p_k, p_k> / <p_{k-1}, p_{k-1}>
/// The p_k are orthogonal on the knots, so nothing is solved and nothing is ill-conditioned; they
/// are kept as powers of s. Arithmetic alone: the same bits on every processor.
///
/// Source: Forsythe 1957, J SIAM 5:74.
#include "model/guide.h"

#include <string.h>

/// Sum of c[k] s^k over n terms.
static double eval_terms(const double *c, int n, double s) {
  double sum = 0;
  for (int k = n - 1; k >= 0; k--)
    sum = sum * s + c[k];
  return sum;
}

/// Coefficients of the polynomial of KC_GUIDE_TERMS terms nearest to f on the knots.
static void fit_terms(const double *s, const double *f, int n, double *c) {
  double p[KC_GUIDE_TERMS + 1] = {1}, before[KC_GUIDE_TERMS + 1] = {0}, norm_before = 0;
  memset(c, 0, KC_GUIDE_TERMS * sizeof *c);
  for (int k = 0; k < KC_GUIDE_TERMS; k++) {
    double norm = 0, along = 0, moment = 0, next[KC_GUIDE_TERMS + 1] = {0};
    for (int i = 0; i < n; i++) {
      double value = eval_terms(p, k + 1, s[i]);
      norm += value * value;
      along += value * f[i];
      moment += s[i] * value * value;
    }
    double a = moment / norm, b = k ? norm / norm_before : 0;
    for (int i = 0; i <= k; i++)
      c[i] += along / norm * p[i];
    for (int i = 0; i <= k + 1; i++)
      next[i] = (i ? p[i - 1] : 0) - a * p[i] - b * before[i];
    memcpy(before, p, sizeof p);
    memcpy(p, next, sizeof p);
    norm_before = norm;
  }
}

void kc_model_fit_guide(const kc_def_guide *def, double scale, kc_guide *guide) {
  int n = def->n_knot;
  double s[KC_DEF_MAX_KNOT], x[KC_DEF_MAX_KNOT], y[KC_DEF_MAX_KNOT], turn[KC_DEF_MAX_KNOT];
  memcpy(guide->name, def->name, sizeof guide->name);
  guide->middle = (def->knot[n - 1].angle + def->knot[0].angle) / 2;
  guide->half_range = (def->knot[n - 1].angle - def->knot[0].angle) / 2;
  for (int i = 0; i < n; i++) {
    s[i] = (def->knot[i].angle - guide->middle) / guide->half_range;
    x[i] = scale * (def->at[0] + def->knot[i].at[0]);
    y[i] = scale * (def->at[1] + def->knot[i].at[1]);
    turn[i] = def->knot[i].turn;
  }
  fit_terms(s, x, n, guide->x);
  fit_terms(s, y, n, guide->y);
  fit_terms(s, turn, n, guide->turn);
  guide->z = scale * def->at[2];
}

/// A polynomial within -1..1, its tangent beyond.
static double eval_clamped(const double *c, double s) {
  double inside = s < -1 ? -1 : s > 1 ? 1 : s, slope = 0;
  for (int k = KC_GUIDE_TERMS - 1; k > 0; k--)
    slope = slope * inside + k * c[k];
  return eval_terms(c, KC_GUIDE_TERMS, inside) + slope * (s - inside);
}

void kc_model_eval_guide(const kc_guide *guide, double q, double origin[3], double *turn) {
  double s = (q - guide->middle) / guide->half_range;
  origin[0] = eval_clamped(guide->x, s);
  origin[1] = eval_clamped(guide->y, s);
  origin[2] = guide->z;
  *turn = eval_clamped(guide->turn, s);
}
