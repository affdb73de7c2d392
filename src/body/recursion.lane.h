/// @file
/// One joint of the recursions: motions down to the link, forces and inertias up to the parent.
///
/// Three steps lead from a parent's frame to a link's: the constant turn (a permutation of axes in
/// nearly every joint of a runner), the shift by the joint's offset r, and the joint itself, a
/// rotation by the signed angle about z or a slide along z:
///   motion down:  v <- v + w x r, then (x, y) <- (c x + s y, c y - s x)
///   force up:     (x, y) <- (c x - s y, s x + c y), then n <- n + r x f
/// Branches are on topology alone. Source: Featherstone 2008, 2.8 and table 4.1, with every axis
/// turned to z.
#pragma once
#include "body/tree.lane.h"

/// A vector of the parent's link frame in the link's axes at q = 0.
KC_INLINE kc_vec3 kc_turn_down(const kc_tree *tree, int i, const real *p) {
  switch (tree->turn[i]) {
  case KC_TURN_NONE:
    return (kc_vec3){{p[0], p[1], p[2]}};
  case KC_TURN_XYZ_YZX:
    return (kc_vec3){{p[1], p[2], p[0]}};
  case KC_TURN_XYZ_ZXY:
    return (kc_vec3){{p[2], p[0], p[1]}};
  default:
    return kc_mat3_apply(&tree->turn_matrix[i], (kc_vec3){{p[0], p[1], p[2]}});
  }
}

/// The other way.
KC_INLINE kc_vec3 kc_turn_up(const kc_tree *tree, int i, kc_vec3 a) {
  switch (tree->turn[i]) {
  case KC_TURN_NONE:
    return a;
  case KC_TURN_XYZ_YZX:
    return (kc_vec3){{a.v[2], a.v[0], a.v[1]}};
  case KC_TURN_XYZ_ZXY:
    return (kc_vec3){{a.v[1], a.v[2], a.v[0]}};
  default:
    return kc_mat3_apply_transposed(&tree->turn_matrix[i], a);
  }
}

/// Link origin from the parent's origin, link's axes at q = 0.
KC_INLINE kc_vec3 kc_joint_arm(const kc_tree *tree, const kc_body_work *work, int i) {
  const real *r = tree->offset[i].v;
  return (kc_vec3){{r[0], r[1], r[2] + work->slide[i]}};
}

/// Axes at q = 0 -> link's axes.
KC_INLINE kc_vec3 kc_joint_down(const kc_body_work *work, int i, kc_vec3 a) {
  real s = work->sine[i], c = work->cosine[i];
  return (kc_vec3){{c * a.v[0] + s * a.v[1], c * a.v[1] - s * a.v[0], a.v[2]}};
}

/// Link's axes -> axes at q = 0.
KC_INLINE kc_vec3 kc_joint_up(const kc_body_work *work, int i, const real *a) {
  real s = work->sine[i], c = work->cosine[i];
  return (kc_vec3){{c * a[0] - s * a[1], s * a[0] + c * a[1], a[2]}};
}

/// A motion of the parent (about its origin, its axes) as seen at the link's origin in its axes.
KC_INLINE kc_spatial kc_motion_down(const kc_tree *tree, const kc_body_work *work, int i,
                                    const kc_spatial *parent) {
  kc_vec3 w = kc_turn_down(tree, i, parent->v), v = kc_turn_down(tree, i, parent->v + 3);
  if (!(tree->trait[i] & KC_LINK_COINCIDENT))
    v = kc_vec3_add(v, kc_vec3_cross(w, kc_joint_arm(tree, work, i)));
  if (tree->type[i] == KC_REVOLUTE)
    w = kc_joint_down(work, i, w), v = kc_joint_down(work, i, v);
  return kc_spatial_make(w, v);
}

/// Adds a force on the link (about its origin, its axes) to that on the parent.
KC_INLINE void kc_force_add_up(const kc_tree *tree, const kc_body_work *work, int i,
                               const kc_spatial *force, kc_spatial *parent) {
  kc_vec3 n = kc_spatial_angular(force), f = kc_spatial_linear(force);
  if (tree->type[i] == KC_REVOLUTE)
    n = kc_joint_up(work, i, force->v), f = kc_joint_up(work, i, force->v + 3);
  if (!(tree->trait[i] & KC_LINK_COINCIDENT))
    n = kc_vec3_add(n, kc_vec3_cross(kc_joint_arm(tree, work, i), f));
  n = kc_turn_up(tree, i, n), f = kc_turn_up(tree, i, f);
  for (int k = 0; k < 3; k++)
    parent->v[k] += n.v[k], parent->v[3 + k] += f.v[k];
}

/// Adds the joint's own motion S x.
KC_INLINE void kc_joint_add_motion(const kc_tree *tree, int i, real x, kc_spatial *motion) {
  motion->v[tree->type[i] == KC_REVOLUTE ? 2 : 5] += x;
}

/// Adds the velocity product vel x S rate; the joint's own part of vel makes no difference.
KC_INLINE void kc_joint_add_bias(const kc_tree *tree, int i, real rate, const kc_spatial *vel,
                                 kc_spatial *acc) {
  const real *v = vel->v;
  if (tree->type[i] == KC_REVOLUTE) {
    acc->v[0] += v[1] * rate, acc->v[1] -= v[0] * rate;
    acc->v[3] += v[4] * rate, acc->v[4] -= v[3] * rate;
  } else {
    acc->v[3] += v[1] * rate, acc->v[4] -= v[0] * rate;
  }
}

/// Momentum of a rigid body: (A w + m c x v, m v + w x m c).
KC_INLINE kc_spatial kc_link_momentum(const kc_tree *tree, int i, const kc_spatial *vel) {
  kc_vec3 w = kc_spatial_angular(vel), v = kc_spatial_linear(vel), mc = tree->moment[i];
  return kc_spatial_make(kc_vec3_add(kc_sym3_apply(&tree->angular[i], w), kc_vec3_cross(mc, v)),
                         kc_vec3_add(kc_vec3_scale(tree->mass[i], v), kc_vec3_cross(w, mc)));
}

/// Force that a link's motion and weight ask for at a = 0, less the external one. With the bias
/// acceleration (e, b), gravity taken off:
///   y = w x v + b;  n = A e + w x (A w) + mc x y,  f = m y + e x mc + w x (w x mc).
KC_INLINE kc_spatial kc_link_bias_force(const kc_tree *tree, const kc_body_work *work, int i) {
  const real *external = work->force[i].v;
  kc_spatial p;
  if (!(tree->trait[i] & KC_LINK_MASSIVE)) {
    for (int k = 0; k < 6; k++)
      p.v[k] = -external[k];
    return p;
  }
  kc_vec3 w = kc_spatial_angular(&work->vel[i]), v = kc_spatial_linear(&work->vel[i]);
  kc_vec3 e = kc_spatial_angular(&work->bias[i]), b = kc_spatial_linear(&work->bias[i]);
  kc_vec3 mc = tree->moment[i], y = kc_vec3_add(kc_vec3_cross(w, v), b);
  kc_vec3 n = kc_vec3_cross(w, kc_sym3_apply(&tree->angular[i], w));
  kc_vec3 f = kc_vec3_add(kc_vec3_cross(e, mc), kc_vec3_cross(w, kc_vec3_cross(w, mc)));
  n = kc_vec3_add(n, kc_vec3_add(kc_sym3_apply(&tree->angular[i], e), kc_vec3_cross(mc, y)));
  f = kc_vec3_add(f, kc_vec3_scale(tree->mass[i], y));
  for (int k = 0; k < 3; k++)
    p.v[k] = n.v[k] - external[k], p.v[3 + k] = f.v[k] - external[3 + k];
  return p;
}
