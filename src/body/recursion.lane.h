/// @file
/// One joint of the recursions: motions down to the link, forces and inertias up to the parent.
///
/// Three steps lead from a parent's frame to a link's: the constant turn (a permutation of axes in
/// nearly every joint of a runner), the shift by the joint's offset r, and the joint itself, a
/// rotation by the signed angle about z or a slide along z:
///   motion down:  v <- v + w x r, then (x, y) <- (c x + s y, c y - s x)
///   force up:     (x, y) <- (c x - s y, s x + c y), then n <- n + r x f
/// Branches are on topology alone; `kind` is a constant where it is not KC_KIND_ANY, so that each
/// kernel is straight code. Source: Featherstone 2008, 2.8 and table 4.1, with every axis
/// turned to z.
#pragma once
#include "body/tree.lane.h"

// clang-format off
/// Calls KERNEL(kind) with a constant.
#define KC_BY_KIND(kind, KERNEL)                                                                   \
  switch (kind) {                                                                                  \
  case KC_KIND_NONE: KERNEL(KC_KIND_NONE); break;                                                  \
  case KC_KIND_NONE_COINCIDENT: KERNEL(KC_KIND_NONE_COINCIDENT); break;                            \
  case KC_KIND_YZX: KERNEL(KC_KIND_YZX); break;                                                    \
  case KC_KIND_YZX_COINCIDENT: KERNEL(KC_KIND_YZX_COINCIDENT); break;                              \
  case KC_KIND_ZXY: KERNEL(KC_KIND_ZXY); break;                                                    \
  case KC_KIND_ZXY_COINCIDENT: KERNEL(KC_KIND_ZXY_COINCIDENT); break;                              \
  case KC_KIND_SLIDE_NONE: KERNEL(KC_KIND_SLIDE_NONE); break;                                      \
  case KC_KIND_SLIDE_YZX: KERNEL(KC_KIND_SLIDE_YZX); break;                                        \
  case KC_KIND_SLIDE_ZXY: KERNEL(KC_KIND_SLIDE_ZXY); break;                                        \
  case KC_KIND_TILT: KERNEL(KC_KIND_TILT); break;                                                  \
  default: KERNEL(KC_KIND_ANY);                                                                    \
  }
// clang-format on

/// How the joint's constant turn is carried out.
KC_INLINE kc_turn kc_kind_turn(const kc_tree *tree, int i, kc_kind kind) {
  if (kind == KC_KIND_ANY)
    return tree->turn[i];
  if (kind == KC_KIND_TILT)
    return KC_TURN_TILT;
  return (kc_turn)(kind < KC_KIND_SLIDE_NONE ? kind / 2 : kind - KC_KIND_SLIDE_NONE);
}
/// A hinge, not a slide.
KC_INLINE int kc_kind_is_hinge(const kc_tree *tree, int i, kc_kind kind) {
  return kind == KC_KIND_ANY ? tree->type[i] == KC_REVOLUTE
                             : kind < KC_KIND_SLIDE_NONE || kind == KC_KIND_TILT;
}
/// Its origin is apart from the parent's.
KC_INLINE int kc_kind_is_apart(const kc_tree *tree, int i, kc_kind kind) {
  if (kind == KC_KIND_ANY)
    return !(tree->trait[i] & KC_LINK_COINCIDENT);
  return kind >= KC_KIND_SLIDE_NONE || !(kind & 1);
}

/// A turn about x.
KC_INLINE kc_vec3 kc_tilt_down(const kc_mat3 *T, const real *p) {
  real c = T->m[4], s = T->m[7];
  return (kc_vec3){{p[0], c * p[1] - s * p[2], s * p[1] + c * p[2]}};
}

/// The other way.
KC_INLINE kc_vec3 kc_tilt_up(const kc_mat3 *T, const real *a) {
  real c = T->m[4], s = T->m[7];
  return (kc_vec3){{a[0], c * a[1] + s * a[2], c * a[2] - s * a[1]}};
}

/// A vector of the parent's link frame in the axes before the joint turns.
KC_INLINE kc_vec3 kc_turn_down(const kc_tree *tree, int i, kc_kind kind, const real *p) {
  switch (kc_kind_turn(tree, i, kind)) {
  case KC_TURN_NONE:
    return (kc_vec3){{p[0], p[1], p[2]}};
  case KC_TURN_XYZ_YZX:
    return (kc_vec3){{p[1], p[2], p[0]}};
  case KC_TURN_XYZ_ZXY:
    return (kc_vec3){{p[2], p[0], p[1]}};
  case KC_TURN_TILT:
    return kc_tilt_down(&tree->turn_matrix[i], p);
  default:
    return kc_mat3_apply(&tree->turn_matrix[i], (kc_vec3){{p[0], p[1], p[2]}});
  }
}

/// The other way.
KC_INLINE kc_vec3 kc_turn_up(const kc_tree *tree, int i, kc_kind kind, kc_vec3 a) {
  switch (kc_kind_turn(tree, i, kind)) {
  case KC_TURN_NONE:
    return a;
  case KC_TURN_XYZ_YZX:
    return (kc_vec3){{a.v[2], a.v[0], a.v[1]}};
  case KC_TURN_XYZ_ZXY:
    return (kc_vec3){{a.v[1], a.v[2], a.v[0]}};
  case KC_TURN_TILT:
    return kc_tilt_up(&tree->turn_matrix[i], a.v);
  default:
    return kc_mat3_apply_transposed(&tree->turn_matrix[i], a);
  }
}

/// Link origin from the parent's origin, axes before the joint turns.
KC_INLINE kc_vec3 kc_joint_arm(const kc_tree *tree, const kc_body_work *work, int i, kc_kind kind) {
  const real *r = tree->offset[i].v;
  if (kind < KC_KIND_SLIDE_NONE || kind == KC_KIND_TILT)
    return (kc_vec3){{r[0], r[1], r[2]}};
  return (kc_vec3){{r[0], r[1], r[2] + work->slide[i]}};
}

/// Axes before the joint turns -> link's axes.
KC_INLINE kc_vec3 kc_joint_down(const kc_body_work *work, int i, kc_vec3 a) {
  real s = work->sine[i], c = work->cosine[i];
  return (kc_vec3){{c * a.v[0] + s * a.v[1], c * a.v[1] - s * a.v[0], a.v[2]}};
}

/// Link's axes -> axes before the joint turns.
KC_INLINE kc_vec3 kc_joint_up(const kc_body_work *work, int i, const real *a) {
  real s = work->sine[i], c = work->cosine[i];
  return (kc_vec3){{c * a[0] - s * a[1], s * a[0] + c * a[1], a[2]}};
}

/// A motion of the parent (about its origin, its axes) as seen at the link's origin in its axes.
KC_INLINE kc_spatial kc_motion_down_kind(const kc_tree *tree, const kc_body_work *work, int i,
                                         kc_kind kind, const kc_spatial *parent) {
  kc_vec3 w = kc_turn_down(tree, i, kind, parent->v);
  kc_vec3 v = kc_turn_down(tree, i, kind, parent->v + 3);
  if (kc_kind_is_apart(tree, i, kind))
    v = kc_vec3_add(v, kc_vec3_cross(w, kc_joint_arm(tree, work, i, kind)));
  if (kc_kind_is_hinge(tree, i, kind))
    w = kc_joint_down(work, i, w), v = kc_joint_down(work, i, v);
  return kc_spatial_make(w, v);
}

/// The same for a kind that is not known when compiled.
KC_INLINE kc_spatial kc_motion_down(const kc_tree *tree, const kc_body_work *work, int i,
                                    const kc_spatial *parent) {
  return kc_motion_down_kind(tree, work, i, KC_KIND_ANY, parent);
}

/// A force on the link (about its origin, its axes) as it acts on the parent.
KC_INLINE kc_spatial kc_force_up(const kc_tree *tree, const kc_body_work *work, int i, kc_kind kind,
                                 const kc_spatial *force) {
  kc_vec3 n = kc_spatial_angular(force), f = kc_spatial_linear(force);
  if (kc_kind_is_hinge(tree, i, kind))
    n = kc_joint_up(work, i, force->v), f = kc_joint_up(work, i, force->v + 3);
  if (kc_kind_is_apart(tree, i, kind))
    n = kc_vec3_add(n, kc_vec3_cross(kc_joint_arm(tree, work, i, kind), f));
  return kc_spatial_make(kc_turn_up(tree, i, kind, n), kc_turn_up(tree, i, kind, f));
}

/// S' f: the component along the joint's axis.
KC_INLINE real kc_joint_component(const kc_tree *tree, int i, kc_kind kind, const kc_spatial *f) {
  return kc_kind_is_hinge(tree, i, kind) ? f->v[2] : f->v[5];
}

/// Adds the joint's own motion S x.
KC_INLINE void kc_joint_add_motion_kind(const kc_tree *tree, int i, kc_kind kind, real x,
                                        kc_spatial *motion) {
  if (kc_kind_is_hinge(tree, i, kind))
    motion->v[2] += x;
  else
    motion->v[5] += x;
}
/// The same for a kind that is not known when compiled.
KC_INLINE void kc_joint_add_motion(const kc_tree *tree, int i, real x, kc_spatial *motion) {
  kc_joint_add_motion_kind(tree, i, KC_KIND_ANY, x, motion);
}

/// Adds the velocity product vel x S rate; the joint's own part of vel makes no difference.
KC_INLINE void kc_joint_add_bias(const kc_tree *tree, int i, kc_kind kind, real rate,
                                 const kc_spatial *vel, kc_spatial *acc) {
  const real *v = vel->v;
  if (kc_kind_is_hinge(tree, i, kind)) {
    acc->v[0] += v[1] * rate, acc->v[1] -= v[0] * rate;
    acc->v[3] += v[4] * rate, acc->v[4] -= v[3] * rate;
  } else {
    acc->v[3] += v[1] * rate, acc->v[4] -= v[0] * rate;
  }
}

/// a[k] = b[k], element by element: a copy as one block would go through memory in halves.
KC_INLINE void kc_spatial_store(kc_spatial *a, const kc_spatial *b) {
  for (int k = 0; k < 6; k++)
    a->v[k] = b->v[k];
}

/// Momentum of a rigid body: (A w + m c x v, m v + w x m c).
KC_INLINE kc_spatial kc_link_momentum(const kc_tree *tree, int i, const kc_spatial *vel) {
  kc_vec3 w = kc_spatial_angular(vel), v = kc_spatial_linear(vel), mc = tree->moment[i];
  return kc_spatial_make(kc_vec3_add(kc_sym3_apply(&tree->angular[i], w), kc_vec3_cross(mc, v)),
                         kc_vec3_add(kc_vec3_scale(tree->mass[i], v), kc_vec3_cross(w, mc)));
}
