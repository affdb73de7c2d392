/// @file
/// Vectors, rotations and spatial algebra in lanes.
///
/// Spatial vectors are (angular, linear) about one point, in one set of axes: a motion (w, v) or a
/// force (moment, force). Symmetric 6x6 matrices are kept as [A B; B' D]: f = A w + B v,
/// g = B' w + D v. Notation of Featherstone, Rigid Body Dynamics Algorithms, 2008, chapter 2.
#pragma once
#include "math/real.h"

#define KC_INLINE static inline __attribute__((always_inline))

/// Three components.
typedef struct {
  real v[3];
} kc_vec3;
/// A 3x3 matrix, row-major.
typedef struct {
  real m[9];
} kc_mat3;
/// Angular 0..2, linear 3..5.
typedef struct {
  real v[6];
} kc_spatial;
/// A symmetric 3x3 matrix: xx yy zz xy xz yz.
typedef struct {
  real s[6];
} kc_sym3;
/// A symmetric 6x6 matrix [A B; B' D]; A, D as xx yy zz xy xz yz, B row-major.
typedef struct {
  real a[6], b[9], d[6];
} kc_inertia;

/// (x, y, z) in every lane.
KC_INLINE kc_vec3 kc_vec3_make(double x, double y, double z) {
  return (kc_vec3){{kc_real(x), kc_real(y), kc_real(z)}};
}
/// a + b.
KC_INLINE kc_vec3 kc_vec3_add(kc_vec3 a, kc_vec3 b) {
  return (kc_vec3){{a.v[0] + b.v[0], a.v[1] + b.v[1], a.v[2] + b.v[2]}};
}
/// a - b.
KC_INLINE kc_vec3 kc_vec3_sub(kc_vec3 a, kc_vec3 b) {
  return (kc_vec3){{a.v[0] - b.v[0], a.v[1] - b.v[1], a.v[2] - b.v[2]}};
}
/// s a.
KC_INLINE kc_vec3 kc_vec3_scale(real s, kc_vec3 a) {
  return (kc_vec3){{s * a.v[0], s * a.v[1], s * a.v[2]}};
}
/// a . b.
KC_INLINE real kc_vec3_dot(kc_vec3 a, kc_vec3 b) {
  return a.v[0] * b.v[0] + a.v[1] * b.v[1] + a.v[2] * b.v[2];
}
/// a x b.
KC_INLINE kc_vec3 kc_vec3_cross(kc_vec3 a, kc_vec3 b) {
  return (kc_vec3){{a.v[1] * b.v[2] - a.v[2] * b.v[1], a.v[2] * b.v[0] - a.v[0] * b.v[2],
                    a.v[0] * b.v[1] - a.v[1] * b.v[0]}};
}
/// M a.
KC_INLINE kc_vec3 kc_mat3_apply(const kc_mat3 *M, kc_vec3 a) {
  const real *m = M->m;
  return (kc_vec3){{m[0] * a.v[0] + m[1] * a.v[1] + m[2] * a.v[2],
                    m[3] * a.v[0] + m[4] * a.v[1] + m[5] * a.v[2],
                    m[6] * a.v[0] + m[7] * a.v[1] + m[8] * a.v[2]}};
}
/// M' a.
KC_INLINE kc_vec3 kc_mat3_apply_transposed(const kc_mat3 *M, kc_vec3 a) {
  const real *m = M->m;
  return (kc_vec3){{m[0] * a.v[0] + m[3] * a.v[1] + m[6] * a.v[2],
                    m[1] * a.v[0] + m[4] * a.v[1] + m[7] * a.v[2],
                    m[2] * a.v[0] + m[5] * a.v[1] + m[8] * a.v[2]}};
}
/// S a.
KC_INLINE kc_vec3 kc_sym3_apply(const kc_sym3 *S, kc_vec3 a) {
  const real *s = S->s;
  return (kc_vec3){{s[0] * a.v[0] + s[3] * a.v[1] + s[4] * a.v[2],
                    s[3] * a.v[0] + s[1] * a.v[1] + s[5] * a.v[2],
                    s[4] * a.v[0] + s[5] * a.v[1] + s[2] * a.v[2]}};
}
/// The angular part.
KC_INLINE kc_vec3 kc_spatial_angular(const kc_spatial *a) {
  return (kc_vec3){{a->v[0], a->v[1], a->v[2]}};
}
/// The linear part.
KC_INLINE kc_vec3 kc_spatial_linear(const kc_spatial *a) {
  return (kc_vec3){{a->v[3], a->v[4], a->v[5]}};
}
/// (angular, linear).
KC_INLINE kc_spatial kc_spatial_make(kc_vec3 angular, kc_vec3 linear) {
  return (kc_spatial){
      {angular.v[0], angular.v[1], angular.v[2], linear.v[0], linear.v[1], linear.v[2]}};
}
/// I a of a symmetric 6x6 matrix.
KC_INLINE kc_spatial kc_inertia_apply(const kc_inertia *I, const kc_spatial *x) {
  const real *a = I->a, *b = I->b, *d = I->d, *v = x->v;
  return (kc_spatial){{
      a[0] * v[0] + a[3] * v[1] + a[4] * v[2] + (b[0] * v[3] + b[1] * v[4] + b[2] * v[5]),
      a[3] * v[0] + a[1] * v[1] + a[5] * v[2] + (b[3] * v[3] + b[4] * v[4] + b[5] * v[5]),
      a[4] * v[0] + a[5] * v[1] + a[2] * v[2] + (b[6] * v[3] + b[7] * v[4] + b[8] * v[5]),
      b[0] * v[0] + b[3] * v[1] + b[6] * v[2] + (d[0] * v[3] + d[3] * v[4] + d[4] * v[5]),
      b[1] * v[0] + b[4] * v[1] + b[7] * v[2] + (d[3] * v[3] + d[1] * v[4] + d[5] * v[5]),
      b[2] * v[0] + b[5] * v[1] + b[8] * v[2] + (d[4] * v[3] + d[5] * v[4] + d[2] * v[5]),
  }};
}
