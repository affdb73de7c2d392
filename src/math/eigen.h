/// @file
/// Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations.
///
/// Uses + - * / and sqrt alone, so that the result is the same bits on every machine. GSL's three
/// symmetric solvers call the C library's hypot (seen with nm), which is not exact and is free to
/// change from one version to the next.
#pragma once
#include "base/error.h"

/// A = V^T diag(d) V for a symmetric A.
///
/// @param n      rows, >= 1
/// @param a      (n x n) [in] the matrix, both triangles; [out] destroyed
/// @param value  (n) eigenvalues, not sorted
/// @param vector (n x n) row i is the unit eigenvector of value[i]
/// @return KC_OK; KC_ERR_SINGULAR if it does not converge (a non-finite element)
/// @source Golub and Van Loan, Matrix Computations, 8.5; rotations chosen by cyclic rows
kc_status kc_eigen_compute_symmetric(int n, double *a, double *value,
                                     double *vector) KC_WARN_UNUSED;
