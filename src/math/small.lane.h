/// @file
/// Small dense solves in lanes, sizes fixed at the call, without pivoting.
#pragma once
#include "math/real.h"

/// Cholesky factor of a symmetric positive matrix (n x n, row-major), in place, lower triangle.
static inline void kc_small_cholesky(int n, real *A) {
  for (int j = 0; j < n; j++) {
    for (int k = 0; k < j; k++)
      for (int i = j; i < n; i++)
        A[i * n + j] -= A[i * n + k] * A[j * n + k];
    real inverse = 1.0 / kc_sqrt(A[j * n + j]);
    for (int i = j; i < n; i++)
      A[i * n + j] *= inverse;
  }
}

/// Solves L L' x = b in place.
static inline void kc_small_cholesky_solve(int n, const real *L, real *b) {
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < i; k++)
      b[i] -= L[i * n + k] * b[k];
    b[i] /= L[i * n + i];
  }
  for (int i = n - 1; i >= 0; i--) {
    for (int k = i + 1; k < n; k++)
      b[i] -= L[k * n + i] * b[k];
    b[i] /= L[i * n + i];
  }
}

/// L D L' of a symmetric positive 3 x 3 matrix: unit L below the diagonal, 1 / D.
typedef struct {
  real l10, l20, l21, inverse[3];
} kc_small_ldl3;

/// Factor of the matrix with the lower triangle a = xx, yx, yy, zx, zy, zz.
static inline kc_small_ldl3 kc_small_factor3(const real *a) {
  kc_small_ldl3 f;
  f.inverse[0] = 1.0 / a[0];
  f.l10 = a[1] * f.inverse[0], f.l20 = a[3] * f.inverse[0];
  f.inverse[1] = 1.0 / (a[2] - f.l10 * a[1]);
  real zy = a[4] - f.l20 * a[1];
  f.l21 = zy * f.inverse[1];
  f.inverse[2] = 1.0 / (a[5] - f.l20 * a[3] - f.l21 * zy);
  return f;
}

/// Solves L D L' x = b in place.
static inline void kc_small_solve3(const kc_small_ldl3 *f, real *b) {
  b[1] -= f->l10 * b[0];
  b[2] -= f->l20 * b[0] + f->l21 * b[1];
  b[2] *= f->inverse[2];
  b[1] = b[1] * f->inverse[1] - f->l21 * b[2];
  b[0] = b[0] * f->inverse[0] - (f->l10 * b[1] + f->l20 * b[2]);
}

/// Solves A x = b in place by elimination in the given order; A is destroyed.
///
/// @valid the pivots in this order are away from zero: the caller orders rows and columns so
static inline void kc_small_solve(int n, real *A, real *b) {
  for (int c = 0; c < n; c++) {
    real inverse = 1.0 / A[c * n + c];
    for (int r = c + 1; r < n; r++) {
      real f = A[r * n + c] * inverse;
      for (int j = c; j < n; j++)
        A[r * n + j] -= f * A[c * n + j];
      b[r] -= f * b[c];
    }
  }
  for (int r = n - 1; r >= 0; r--) {
    for (int j = r + 1; j < n; j++)
      b[r] -= A[r * n + j] * b[j];
    b[r] /= A[r * n + r];
  }
}
