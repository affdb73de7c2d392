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
