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
/// gradient of the length. The cylinder is endless.
///
/// Ends near or inside the surface: the published paths have some, and other programs then take the
/// path off the surface at once. Here the surface shrinks so that the end stays outside, once
/// differentiably: r^2 becomes R_p R_s / r^2 with
///   R(q) = q                                    q = p^2 <= r^2 - e,  e = PATH_SHELL r^2
///        = q - (q - r^2 + e)^2 / (4 e)          between
///        = r^2                                  q >= r^2 + e
/// As d length / d r = theta, the pulls gain -theta dr/dp; where the path leaves, theta = 0, both
/// length and pull go over into those of the straight way.
#pragma once
#include "force/path_parts.lane.h"
#include "math/atan2.lane.h"

/// A way round a surface; numbers in the surface's frame.
typedef struct {
  mask engaged;
  real length;     ///< m
  real inverse;    ///< 1 / length
  real planar;     ///< m, of a way that is engaged
  kc_vec3 normal;  ///< about which the path turns
  kc_vec3 span;    ///< s - p
  real radius;     ///< shrunk where an end is near, m
  real tangent[2]; ///< at p and s, m
  int is_near;     ///< some lane has an end near the surface
  real swell[2];   ///< theta dr/dq_p and dq_s times 2, 1/m; set where is_near
} path_arc;

/// A path round two surfaces while its cut is sought: p, b round the first, a, s round the second.
struct path_trial {
  path_pose across; ///< frame of the first surface -> of the second
  kc_vec3 own[2], home[2];
  path_foot front_foot[2], rear_foot[2];
  path_arc front, rear;
  kc_vec3 b, last, last_move; ///< frame of the second surface
  mask moving;
};

/// Quotients stay finite: shortest length of a span, m.
#define PATH_SHORTEST 1e-9
/// Half the thickness of the shell in which ends shrink a surface, over the squared radius.
#define PATH_SHELL 0.05

/// What is known of a point given in the surface's frame.
KC_INLINE path_foot path_foot_of(kc_wrap_shape shape, real radius, kc_vec3 at) {
  real square = at.v[0] * at.v[0] + at.v[1] * at.v[1];
  if (shape == KC_WRAP_SPHERE)
    square += at.v[2] * at.v[2];
  path_foot foot;
  foot.at = at, foot.square = square;
  foot.tangent = kc_sqrt(kc_max(square - radius * radius, kc_real(0.0)));
  foot.inverse = 1.0 / kc_max(square, kc_real(PATH_SHORTEST * PATH_SHORTEST));
  return foot;
}

/// n x a, for a cylinder n = (0, 0, sense).
KC_INLINE kc_vec3 path_turned(kc_wrap_shape shape, kc_vec3 n, kc_vec3 a) {
  if (shape == KC_WRAP_SPHERE)
    return kc_vec3_cross(n, a);
  return (kc_vec3){{-n.v[2] * a.v[1], n.v[2] * a.v[0], kc_real(0.0)}};
}

/// Whether an end with this squared distance shrinks the surface. Written once: what a lane does is
/// decided by the same bits as whether any lane does it.
KC_INLINE mask path_is_near(real radius, real square) {
  return kc_lt(square, (1.0 + PATH_SHELL) * radius * radius);
}

/// Shrinks the surface where an end is near: radius and tangents of the arc; swell without theta.
static inline void path_shrink(real radius, const path_foot foot[2], path_arc *arc) {
  const real zero = kc_real(0.0), r2 = radius * radius, e = PATH_SHELL * r2;
  const real tiny = kc_real(PATH_SHORTEST * PATH_SHORTEST);
  real square[2], slope[2];
  mask near[2];
  for (int i = 0; i < 2; i++) {
    real w = kc_max(foot[i].square - r2 + e, zero), share = w / kc_max(e + e, tiny);
    near[i] = path_is_near(radius, foot[i].square);
    square[i] = kc_select(near[i], foot[i].square - 0.5 * share * w, r2);
    slope[i] = kc_select(near[i], 1.0 - share, zero);
  }
  mask any = near[0] | near[1];
  real shrunk = square[0] * square[1] / kc_max(r2, tiny);
  arc->radius = kc_select(any, kc_sqrt(shrunk), radius);
  for (int i = 0; i < 2; i++) {
    real tangent = kc_sqrt(kc_max(foot[i].square - shrunk, zero));
    arc->tangent[i] = kc_select(any, tangent, arc->tangent[i]);
    real swell = slope[i] * square[1 - i] / kc_max(arc->radius * r2, kc_real(1e-24));
    arc->swell[i] = kc_select(any, swell, zero);
  }
}

/// The way from foot[0] to foot[1].
KC_INLINE void path_solve(kc_wrap_shape shape, real radius, real sense, const path_foot foot[2],
                          path_arc *arc) {
  const real zero = kc_real(0.0), *a = foot[0].at.v, *b = foot[1].at.v;
  arc->span = kc_vec3_sub(foot[1].at, foot[0].at);
  arc->radius = radius, arc->tangent[0] = foot[0].tangent, arc->tangent[1] = foot[1].tangent;
  const real *x = arc->span.v;
  real c = a[0] * b[0] + a[1] * b[1], d, axial = x[2] * x[2];
  if (shape == KC_WRAP_SPHERE) {
    c += a[2] * b[2];
    kc_vec3 across = kc_vec3_cross(foot[0].at, foot[1].at);
    d = kc_sqrt(kc_vec3_dot(across, across));
    arc->normal = kc_vec3_scale(1.0 / kc_max(d, kc_real(1e-15)), across);
  } else {
    d = sense * (a[0] * b[1] - a[1] * b[0]);
    arc->normal = (kc_vec3){{zero, zero, sense}};
  }
  arc->is_near = kc_any(path_is_near(radius, kc_min(foot[0].square, foot[1].square)));
  if (arc->is_near)
    path_shrink(radius, foot, arc);
  real k = arc->radius * arc->radius - arc->tangent[0] * arc->tangent[1];
  real m = arc->radius * (arc->tangent[0] + arc->tangent[1]);
  real im = d * k - c * m, re = c * k + d * m;
  mask back = kc_lt(d, zero);
  arc->engaged = (~back & kc_gt(im, zero)) | (back & kc_lt(c, zero));
  arc->planar = zero;
  real square = x[0] * x[0] + x[1] * x[1] + axial;
  if (kc_any(arc->engaged)) {
    real theta = kc_math_atan2(im, re);
    theta = kc_select(kc_lt(theta, zero), theta + 6.28318530717958647693, theta);
    arc->planar = arc->tangent[0] + arc->tangent[1] + arc->radius * theta;
    real wrapped = arc->planar * arc->planar;
    if (shape != KC_WRAP_SPHERE)
      wrapped += axial;
    square = kc_select(arc->engaged, wrapped, square);
    for (int i = 0; i < (arc->is_near ? 2 : 0); i++)
      arc->swell[i] = arc->swell[i] * theta;
  }
  arc->length = kc_sqrt(square);
  arc->inverse = 1.0 / kc_max(arc->length, kc_real(PATH_SHORTEST));
}

/// Pull of unit tension on end e, surface axes.
KC_INLINE kc_vec3 path_pull_at(kc_wrap_shape shape, const path_arc *arc, const path_foot foot[2],
                               int e) {
  const double way = e == 0 ? 1.0 : -1.0;
  kc_vec3 pull = kc_vec3_scale(arc->inverse * way, arc->span);
  if (!kc_any(arc->engaged))
    return pull;
  real gain = arc->planar * arc->inverse, inverse = foot[e].inverse;
  real along = gain * inverse * way * arc->radius, inward = gain * inverse * arc->tangent[e];
  if (arc->is_near)
    inward += gain * arc->swell[e];
  kc_vec3 turned = path_turned(shape, arc->normal, foot[e].at);
  for (int i = 0; i < (shape == KC_WRAP_SPHERE ? 3 : 2); i++)
    pull.v[i] = kc_select(arc->engaged, along * turned.v[i] - inward * foot[e].at.v[i], pull.v[i]);
  return pull;
}

/// Where the path leaves the surface towards end e; where it does not wrap, the other end.
KC_INLINE kc_vec3 path_touch_at(kc_wrap_shape shape, const path_arc *arc, const path_foot foot[2],
                                int e) {
  const double way = e == 0 ? 1.0 : -1.0;
  real gain = arc->radius * foot[e].inverse;
  kc_vec3 turned = path_turned(shape, arc->normal, foot[e].at), touch;
  for (int i = 0; i < 3; i++)
    touch.v[i] = gain * (arc->radius * foot[e].at.v[i] + way * arc->tangent[e] * turned.v[i]);
  if (shape != KC_WRAP_SPHERE)
    touch.v[2] = foot[e].at.v[2] + way * arc->span.v[2] * arc->tangent[e] /
                                       kc_max(arc->planar, kc_real(PATH_SHORTEST));
  for (int i = 0; i < 3; i++)
    touch.v[i] = kc_select(arc->engaged, touch.v[i], foot[1 - e].at.v[i]);
  return touch;
}

/// A point of the surface's link in the surface's frame.
KC_INLINE kc_vec3 path_to_surface(const path_surface *surface, kc_vec3 at) {
  return kc_mat3_apply_transposed(&surface->axes, kc_vec3_sub(at, surface->centre));
}
