/// @file
/// The shortest way round a cylinder or a sphere, in the surface's frame.
///
/// Cylinder, in the plane across its axis: p and s are the ends, r the radius, phi the angle from p
/// to s turned in the path's sense, t_p = sqrt(p^2 - r^2) and t_s the lengths of the tangents.
///   theta  = phi - acos(r/p) - acos(r/s)    angle of contact; the path wraps where theta > 0
///   planar = t_p + t_s + r theta            length in the plane
///   length = sqrt(planar^2 + dz^2)          a helix, straight on the unrolled cylinder
/// theta is one angle, that of the complex number
///   z = (c + i d)(r - i t_p)(r - i t_s),   c = p . s,  d = sense (p x s)
/// with phi cut at -pi/2: for d >= 0 the path wraps where im z > 0, for d < 0 (more than half a
/// turn, or less than none) where c < 0. At first touch t_p + t_s is the straight distance and
/// theta 0: length and its derivative are continuous.
/// Sphere: the same in the plane of p, s and the centre, 0 <= phi <= pi, without dz.
///
/// The pulls at the ends follow the tangents, u_p = (r n x p - t_p p) / p^2; they are minus the
/// gradient of the length. A point inside the surface has t = 0 and acos(r/p) = 0; the gradient
/// stays that of this law. The cylinder is endless.
#pragma once
#include "force/path_parts.lane.h"
#include "math/atan2.lane.h"

/// A way round a surface; numbers in the surface's frame.
typedef struct {
  mask engaged;
  real length;    ///< m
  real inverse;   ///< 1 / length
  real planar;    ///< m, of a way that is engaged
  kc_vec3 normal; ///< about which the path turns
  kc_vec3 span;   ///< s - p
} path_arc;

/// Quotients stay finite: shortest length of a span, m.
#define PATH_SHORTEST 1e-9

/// Tangent and inverse square of a point given in the surface's frame.
KC_INLINE path_foot path_foot_of(kc_wrap_shape shape, real radius, kc_vec3 at) {
  real square = at.v[0] * at.v[0] + at.v[1] * at.v[1], r2 = radius * radius;
  if (shape == KC_WRAP_SPHERE)
    square += at.v[2] * at.v[2];
  path_foot foot = {.at = at};
  foot.tangent = kc_sqrt(kc_max(square - r2, kc_real(0.0)));
  foot.inverse = 1.0 / kc_max(square, 0.01 * r2 + PATH_SHORTEST * PATH_SHORTEST);
  return foot;
}

/// n x a, for a cylinder n = (0, 0, sense).
KC_INLINE kc_vec3 path_turned(kc_wrap_shape shape, kc_vec3 n, kc_vec3 a) {
  if (shape == KC_WRAP_SPHERE)
    return kc_vec3_cross(n, a);
  return (kc_vec3){{-n.v[2] * a.v[1], n.v[2] * a.v[0], kc_real(0.0)}};
}

/// The way from p to s.
KC_INLINE path_arc path_solve(kc_wrap_shape shape, real radius, real sense, const path_foot *p,
                              const path_foot *s) {
  const real zero = kc_real(0.0), *a = p->at.v, *b = s->at.v;
  path_arc arc = {.span = kc_vec3_sub(s->at, p->at)};
  const real *x = arc.span.v;
  real c = a[0] * b[0] + a[1] * b[1], d, axial = x[2] * x[2];
  if (shape == KC_WRAP_SPHERE) {
    c += a[2] * b[2];
    kc_vec3 across = kc_vec3_cross(p->at, s->at);
    d = kc_sqrt(kc_vec3_dot(across, across));
    arc.normal = kc_vec3_scale(1.0 / kc_max(d, kc_real(1e-15)), across);
  } else {
    d = sense * (a[0] * b[1] - a[1] * b[0]);
    arc.normal = (kc_vec3){{zero, zero, sense}};
  }
  real straight = x[0] * x[0] + x[1] * x[1];
  real k = radius * radius - p->tangent * s->tangent, m = radius * (p->tangent + s->tangent);
  real im = d * k - c * m, re = c * k + d * m;
  mask back = kc_lt(d, zero);
  arc.engaged = (~back & kc_gt(im, zero)) | (back & kc_lt(c, zero));
  arc.planar = zero;
  real square = straight + axial;
  if (kc_any(arc.engaged)) {
    real theta = kc_math_atan2(im, re);
    theta = kc_select(kc_lt(theta, zero), theta + 6.28318530717958647693, theta);
    arc.planar = p->tangent + s->tangent + radius * theta;
    real wrapped = arc.planar * arc.planar;
    if (shape != KC_WRAP_SPHERE)
      wrapped += axial;
    square = kc_select(arc.engaged, wrapped, square);
  }
  arc.length = kc_sqrt(square);
  arc.inverse = 1.0 / kc_max(arc.length, kc_real(PATH_SHORTEST));
  return arc;
}

/// Unit pull on the end at `foot`, surface axes; way +1 at the first end, -1 at the last.
KC_INLINE kc_vec3 path_pull_at(kc_wrap_shape shape, real radius, const path_arc *arc,
                               const path_foot *foot, double way) {
  kc_vec3 pull = kc_vec3_scale(arc->inverse * way, arc->span);
  if (!kc_any(arc->engaged))
    return pull;
  real gain = foot->inverse * arc->planar * arc->inverse;
  kc_vec3 turned = path_turned(shape, arc->normal, foot->at);
  for (int i = 0; i < (shape == KC_WRAP_SPHERE ? 3 : 2); i++) {
    real along = gain * (way * radius * turned.v[i] - foot->tangent * foot->at.v[i]);
    pull.v[i] = kc_select(arc->engaged, along, pull.v[i]);
  }
  return pull;
}

/// Where the path leaves the surface towards the end at `foot`; way +1 for the first end, -1 for
/// the last. Where it does not wrap: `other`, the far end.
KC_INLINE kc_vec3 path_touch_at(kc_wrap_shape shape, real radius, const path_arc *arc,
                                const path_foot *foot, const path_foot *other, double way) {
  real gain = radius * foot->inverse;
  kc_vec3 turned = path_turned(shape, arc->normal, foot->at), touch;
  for (int i = 0; i < 3; i++)
    touch.v[i] = gain * (radius * foot->at.v[i] + way * foot->tangent * turned.v[i]);
  if (shape != KC_WRAP_SPHERE)
    touch.v[2] = foot->at.v[2] +
                 way * arc->span.v[2] * foot->tangent / kc_max(arc->planar, kc_real(PATH_SHORTEST));
  for (int i = 0; i < 3; i++)
    touch.v[i] = kc_select(arc->engaged, touch.v[i], other->at.v[i]);
  return touch;
}

/// A point of the surface's link in the surface's frame.
KC_INLINE kc_vec3 path_to_surface(const path_surface *surface, kc_vec3 at) {
  return kc_mat3_apply_transposed(&surface->axes, kc_vec3_sub(at, surface->centre));
}
