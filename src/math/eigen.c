/// @file
/// Cyclic Jacobi (see eigen.h).
///
///   theta = (a_qq - a_pp) / (2 a_pq),  t = sgn(theta) / (|theta| + sqrt(theta^2 + 1)),
///   c = 1 / sqrt(t^2 + 1), s = t c;    A <- J^T A J, V <- J^T V
/// Convergence is quadratic at the end; 6 to 10 sweeps are usual, 60 are allowed.
#include "math/eigen.h"
#include <math.h>

enum { MAX_SWEEP = 60 };

static void rotate_rows(int n, double *p, double *q, double c, double s) {
  for (int k = 0; k < n; k++) {
    double x = p[k], y = q[k];
    p[k] = c * x - s * y;
    q[k] = s * x + c * y;
  }
}

static void annihilate(int n, double *a, double *vector, int p, int q) {
  double apq = a[p * n + q];
  double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
  double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
  double c = 1 / sqrt(t * t + 1), s = t * c;
  for (int k = 0; k < n; k++) {
    double x = a[k * n + p], y = a[k * n + q];
    a[k * n + p] = c * x - s * y;
    a[k * n + q] = s * x + c * y;
  }
  rotate_rows(n, a + p * n, a + q * n, c, s);
  rotate_rows(n, vector + p * n, vector + q * n, c, s);
  a[p * n + q] = a[q * n + p] = 0;
}

/// One sweep; returns the number of rotations made.
static int sweep_all(int n, double *a, double *vector) {
  int n_rotation = 0;
  for (int p = 0; p < n; p++) {
    for (int q = p + 1; q < n; q++) {
      // an element that no longer changes either diagonal is done with
      double small = 1e-18 * sqrt(fabs(a[p * n + p])) * sqrt(fabs(a[q * n + q]));
      if (fabs(a[p * n + q]) <= small) {
        a[p * n + q] = a[q * n + p] = 0;
        continue;
      }
      annihilate(n, a, vector, p, q);
      n_rotation++;
    }
  }
  return n_rotation;
}

kc_status kc_eigen_compute_symmetric(int n, double *a, double *value, double *vector) {
  for (int i = 0; i < n * n; i++) {
    if (!isfinite(a[i]))
      return KC_ERR_SINGULAR;
    vector[i] = i % (n + 1) == 0;
  }
  int sweep = 0;
  while (sweep < MAX_SWEEP && sweep_all(n, a, vector) > 0)
    sweep++;
  for (int i = 0; i < n; i++)
    value[i] = a[i * n + i];
  return sweep < MAX_SWEEP ? KC_OK : KC_ERR_SINGULAR;
}
