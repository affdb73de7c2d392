// Guided frames: polynomials of one coordinate.
//
//   s = gain (q - middle), c = clamp(s, -1, 1);  f(s) = P(c) + (s - c) P'(c)
//   df/dq = gain P'(c)
// so the value and its derivative are continuous and finite for every q.
#include "force/path_parts.lane.h"
#include "math/sincos.lane.h"

// f(s) and df/ds
static real eval_polynomial(const real *term, real c, real excess, real *slope) {
  real value = term[KC_GUIDE_TERMS - 1], rate = kc_real(0.0);
  for (int k = KC_GUIDE_TERMS - 2; k >= 0; k--) {
    rate = rate * c + value;
    value = value * c + term[k];
  }
  *slope = rate;
  return value + excess * rate;
}

void kc_path_compute_guides(const kc_paths *paths, const real *q, path_scratch *scratch) {
  int n = paths->n_guide;
  for (int i = 0; i < n; i++) {
    const path_guide *guide = &paths->guide[i];
    path_guide_pose *pose = &scratch->guide[i];
    real s = guide->gain * (q[guide->joint] - guide->middle), slope[3];
    real c = kc_clamp(s, kc_real(-1.0), kc_real(1.0)), excess = s - c;
    real x = eval_polynomial(guide->x, c, excess, &slope[0]);
    real y = eval_polynomial(guide->y, c, excess, &slope[1]);
    scratch->angle[i] = eval_polynomial(guide->turn, c, excess, &slope[2]);
    kc_vec3 origin = {{x, y, guide->z}};
    kc_vec3 rate = {{guide->gain * slope[0], guide->gain * slope[1], kc_real(0.0)}};
    pose->origin = kc_mat3_apply(&guide->to_link, origin);
    pose->origin_rate = kc_mat3_apply(&guide->to_link, rate);
    pose->turn_rate = guide->gain * slope[2];
  }
  for (int i = n; i % KC_WIDE_ITEMS; i++)
    scratch->angle[i] = kc_real(0.0);
  kc_math_compute_sincos(n, scratch->angle, scratch->sine, scratch->cosine);
  for (int i = 0; i < n; i++) {
    const kc_mat3 *A = &paths->guide[i].to_link;
    real s = scratch->sine[i], c = scratch->cosine[i];
    for (int k = 0; k < 3; k++) {
      real ex = A->m[3 * k], ey = A->m[3 * k + 1];
      scratch->guide[i].e[0].v[k] = c * ex + s * ey;
      scratch->guide[i].e[1].v[k] = c * ey - s * ex;
      scratch->guide[i].e[2].v[k] = A->m[3 * k + 2];
    }
  }
}
