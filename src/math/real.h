/// @file
/// `real`: one double, or four, or eight, from one source.
///
/// A lane file (`*.lane.c`) is compiled once per width. The build passes KC_LANES (1, 4, 8) and
/// KC_LANE_TAG (l1, l4, l8, l8x); every function that leaves a lane file is named through
/// KC_LANE(), so that the widths live beside each other in one library:
///
///     #define kc_body_compute_pose KC_LANE(kc_body_compute_pose)
///     void kc_body_compute_pose(...);
///
/// Rules: no branch on a `real`; compare to a `mask`, combine masks with & | ~, choose by
/// kc_select(). Elementary functions are SLEEF's reproducible ones, which give the same bits for
/// every width and processor; + - * / and sqrt are exact by IEEE 754. Contraction is off.
#pragma once
#include <math.h>
#include <sleef.h>
#include <stdint.h>

#if !defined(KC_LANES) || !defined(KC_LANE_TAG)
#error "a lane file is compiled with KC_LANES and KC_LANE_TAG"
#endif

#define KC_LANE_PASTE2(name, tag) name##_##tag
#define KC_LANE_PASTE(name, tag) KC_LANE_PASTE2(name, tag)
#define KC_LANE(name) KC_LANE_PASTE(name, KC_LANE_TAG)

#if KC_LANES == 1
/// One runner: plain numbers.
typedef double real;
typedef int64_t mask;
#else
/// One runner in each lane.
typedef double real __attribute__((vector_size(8 * KC_LANES), aligned(8 * KC_LANES)));
typedef int64_t mask __attribute__((vector_size(8 * KC_LANES), aligned(8 * KC_LANES)));
#endif

#define KC_REAL_SIZE ((size_t)(8 * KC_LANES))

/// All lanes hold x.
static inline real kc_real(double x) {
#if KC_LANES == 1
  return x;
#else
  return x - (real){0};
#endif
}

/// The value of one lane.
static inline double kc_get(real a, int lane) {
#if KC_LANES == 1
  (void)lane;
  return a;
#else
  return a[lane];
#endif
}

/// Writes one lane and leaves the others.
static inline void kc_set(real *a, int lane, double x) {
#if KC_LANES == 1
  (void)lane;
  *a = x;
#else
  (*a)[lane] = x;
#endif
}

/// Masks: all bits of a lane set where the comparison holds; false where either side is NaN.
static inline mask kc_lt(real a, real b) {
#if KC_LANES == 1
  return -(mask)(a < b);
#else
  return (mask)(a < b);
#endif
}
static inline mask kc_le(real a, real b) {
#if KC_LANES == 1
  return -(mask)(a <= b);
#else
  return (mask)(a <= b);
#endif
}
static inline mask kc_gt(real a, real b) { return kc_lt(b, a); }
static inline mask kc_ge(real a, real b) { return kc_le(b, a); }

/// A mask from one truth value for every lane.
static inline mask kc_mask(int truth) {
#if KC_LANES == 1
  return -(mask)(truth != 0);
#else
  return (mask){0} - (int64_t)(truth != 0);
#endif
}
static inline int kc_mask_get(mask m, int lane) {
#if KC_LANES == 1
  (void)lane;
  return m != 0;
#else
  return m[lane] != 0;
#endif
}
static inline void kc_mask_set(mask *m, int lane, int truth) {
#if KC_LANES == 1
  (void)lane;
  *m = -(mask)(truth != 0);
#else
  (*m)[lane] = -(int64_t)(truth != 0);
#endif
}
static inline int kc_any(mask m) {
#if KC_LANES == 4 && defined(__AVX__)
  return _mm256_movemask_pd((__m256d)m) != 0;
#else
  int any = 0;
  for (int i = 0; i < KC_LANES; i++)
    any |= kc_mask_get(m, i);
  return any;
#endif
}
static inline int kc_all(mask m) { return !kc_any(~m); }

/// a where the mask is set, else b.
static inline real kc_select(mask m, real a, real b) {
#if KC_LANES == 1
  return m ? a : b;
#elif KC_LANES == 4 && defined(__AVX__)
  return (real)_mm256_blendv_pd((__m256d)b, (__m256d)a, (__m256d)m);
#else
  return (real)((m & (mask)a) | (~m & (mask)b));
#endif
}

/// The smaller and the larger; b where a is NaN.
static inline real kc_min(real a, real b) {
#if KC_LANES == 4 && defined(__AVX__)
  return (real)_mm256_min_pd((__m256d)a, (__m256d)b);
#else
  return kc_select(kc_lt(a, b), a, b);
#endif
}
static inline real kc_max(real a, real b) {
#if KC_LANES == 4 && defined(__AVX__)
  return (real)_mm256_max_pd((__m256d)a, (__m256d)b);
#else
  return kc_select(kc_gt(a, b), a, b);
#endif
}
static inline real kc_clamp(real a, real lo, real hi) { return kc_min(kc_max(a, lo), hi); }

static inline real kc_abs(real a) {
#if KC_LANES == 1
  return fabs(a);
#else
  return (real)((mask)a & (kc_mask(1) ^ (mask)kc_real(-0.0)));
#endif
}

static inline real kc_sqrt(real a) {
#if KC_LANES == 1
  return sqrt(a);
#elif KC_LANES == 4 && defined(__AVX__)
  return (real)_mm256_sqrt_pd((__m256d)a);
#else
  real r;
  for (int i = 0; i < KC_LANES; i++)
    r[i] = sqrt(a[i]);
  return r;
#endif
}

// elementary functions: SLEEF's reproducible cinz family, 1.0 ulp
#if KC_LANES == 1
#define KC_SLEEF1(name) Sleef_cinz_##name##d1_u10purec
#define KC_ELEMENTARY1(ours, theirs)                                                               \
  static inline real ours(real a) { return KC_SLEEF1(theirs)(a); }
#define KC_ELEMENTARY2(ours, theirs)                                                               \
  static inline real ours(real a, real b) { return KC_SLEEF1(theirs)(a, b); }
#elif KC_LANES == 4
#define KC_SLEEF4(name) Sleef_cinz_##name##d4_u10avx
#define KC_ELEMENTARY1(ours, theirs)                                                               \
  static inline real ours(real a) { return (real)KC_SLEEF4(theirs)((__m256d)a); }
#define KC_ELEMENTARY2(ours, theirs)                                                               \
  static inline real ours(real a, real b) {                                                        \
    return (real)KC_SLEEF4(theirs)((__m256d)a, (__m256d)b);                                        \
  }
#elif defined(__AVX512F__)
#define KC_SLEEF8(name) Sleef_cinz_##name##d8_u10avx512fnofma
#define KC_ELEMENTARY1(ours, theirs)                                                               \
  static inline real ours(real a) { return (real)KC_SLEEF8(theirs)((__m512d)a); }
#define KC_ELEMENTARY2(ours, theirs)                                                               \
  static inline real ours(real a, real b) {                                                        \
    return (real)KC_SLEEF8(theirs)((__m512d)a, (__m512d)b);                                        \
  }
#else // eight lanes as two fours
#define KC_SLEEF4(name) Sleef_cinz_##name##d4_u10avx
typedef union {
  real all;
  __m256d half[2];
} kc_halves;
#define KC_ELEMENTARY1(ours, theirs)                                                               \
  static inline real ours(real a) {                                                                \
    kc_halves x = {.all = a};                                                                      \
    x.half[0] = KC_SLEEF4(theirs)(x.half[0]);                                                      \
    x.half[1] = KC_SLEEF4(theirs)(x.half[1]);                                                      \
    return x.all;                                                                                  \
  }
#define KC_ELEMENTARY2(ours, theirs)                                                               \
  static inline real ours(real a, real b) {                                                        \
    kc_halves x = {.all = a}, y = {.all = b};                                                      \
    x.half[0] = KC_SLEEF4(theirs)(x.half[0], y.half[0]);                                           \
    x.half[1] = KC_SLEEF4(theirs)(x.half[1], y.half[1]);                                           \
    return x.all;                                                                                  \
  }
#endif
KC_ELEMENTARY1(kc_sin, sin)
KC_ELEMENTARY1(kc_cos, cos)
KC_ELEMENTARY1(kc_exp, exp)
KC_ELEMENTARY1(kc_log, log)
KC_ELEMENTARY1(kc_asin, asin)
KC_ELEMENTARY1(kc_acos, acos)
KC_ELEMENTARY1(kc_atan, atan)
KC_ELEMENTARY1(kc_tanh, tanh)
KC_ELEMENTARY2(kc_atan2, atan2)
KC_ELEMENTARY2(kc_pow, pow)

/// Sine and cosine of one angle.
static inline void kc_sincos(real a, real *s, real *c) {
#if KC_LANES == 1
  Sleef_double_2 r = Sleef_cinz_sincosd1_u10purec(a);
  *s = r.x, *c = r.y;
#elif KC_LANES == 4
  Sleef___m256d_2 r = Sleef_cinz_sincosd4_u10avx((__m256d)a);
  *s = (real)r.x, *c = (real)r.y;
#elif defined(__AVX512F__)
  Sleef___m512d_2 r = Sleef_cinz_sincosd8_u10avx512fnofma((__m512d)a);
  *s = (real)r.x, *c = (real)r.y;
#else
  kc_halves x = {.all = a}, sine, cosine;
  for (int i = 0; i < 2; i++) {
    Sleef___m256d_2 r = Sleef_cinz_sincosd4_u10avx(x.half[i]);
    sine.half[i] = r.x, cosine.half[i] = r.y;
  }
  *s = sine.all, *c = cosine.all;
#endif
}
