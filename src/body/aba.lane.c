/// @file
/// Articulated-body algorithm: accelerations from torques in O(n).
///
/// Velocity products and weight are in p from the start (work->bias), so only J a is left to find.
/// Inward, with I^A, p^A gathered from the children and h = rotor + implicit of the joint:
///   U = I^A S, d = S' U + h, u = tau - S' p^A
///   I^a = I^A - U U' / d,  p^a = p^A + U u / d,  both moved to the parent
/// Outward: a' = X a_parent, qdd = (u - U' a') / d, a = a' + S qdd.
/// With every axis on z, U is one column of I^A; that row and column of I^a is U h / d, exactly 0
/// without rotor and implicit damping. A rotation by theta about z moves the 2x2 block of B by
///   dg = -(s^2 g + s c k), dk = s c g - s^2 k  with g = Bxx - Byy, k = Bxy + Byx.
/// Source: Featherstone 2008, table 7.1.
#include "body/recursion.lane.h"

/// I - U U' / d for a hinge; the row and column of the axis are U h / d.
KC_INLINE void eliminate_hinge(kc_inertia *I, const real *U, const real *G, real rest) {
  I->a[0] -= U[0] * G[0], I->a[1] -= U[1] * G[1], I->a[3] -= U[0] * G[1];
  I->a[2] *= rest, I->a[4] *= rest, I->a[5] *= rest;
  for (int k = 0; k < 3; k++) {
    I->b[k] -= U[0] * G[3 + k];
    I->b[3 + k] -= U[1] * G[3 + k];
    I->b[6 + k] *= rest;
  }
  I->d[0] -= U[3] * G[3], I->d[1] -= U[4] * G[4], I->d[2] -= U[5] * G[5];
  I->d[3] -= U[3] * G[4], I->d[4] -= U[3] * G[5], I->d[5] -= U[4] * G[5];
}

/// The same for a slide.
KC_INLINE void eliminate_slide(kc_inertia *I, const real *U, const real *G, real rest) {
  I->d[0] -= U[3] * G[3], I->d[1] -= U[4] * G[4], I->d[3] -= U[3] * G[4];
  I->d[2] *= rest, I->d[4] *= rest, I->d[5] *= rest;
  for (int k = 0; k < 3; k++) {
    I->b[3 * k] -= U[k] * G[3];
    I->b[3 * k + 1] -= U[k] * G[4];
    I->b[3 * k + 2] *= rest;
  }
  I->a[0] -= U[0] * G[0], I->a[1] -= U[1] * G[1], I->a[2] -= U[2] * G[2];
  I->a[3] -= U[0] * G[1], I->a[4] -= U[0] * G[2], I->a[5] -= U[1] * G[2];
}

/// A symmetric 3x3 matrix turned by theta about z.
KC_INLINE void turn_sym(real *m, real s, real c, real ss, real sc) {
  real g = m[0] - m[1], k = m[3] + m[3], x = m[4], y = m[5];
  real dg = ss * g + sc * k;
  m[0] -= dg, m[1] += dg;
  m[3] += sc * g - ss * k;
  m[4] = c * x - s * y, m[5] = s * x + c * y;
}

KC_INLINE void turn_coupling(real *b, real s, real c, real ss, real sc) {
  real g = b[0] - b[4], k = b[1] + b[3];
  real dg = ss * g + sc * k, dk = sc * g - ss * k;
  b[0] -= dg, b[4] += dg, b[1] += dk, b[3] += dk;
  real x = b[2], y = b[5];
  b[2] = c * x - s * y, b[5] = s * x + c * y;
  x = b[6], y = b[7];
  b[6] = c * x - s * y, b[7] = s * x + c * y;
}

/// I about a point at -r: B' = B + rx D, A' = A - B rx + rx B''.
KC_INLINE void shift_inertia(kc_inertia *I, const real *r) {
  real *a = I->a, *d = I->d, *b = I->b, e[9];
  e[0] = b[0] + (r[1] * d[4] - r[2] * d[3]);
  e[1] = b[1] + (r[1] * d[5] - r[2] * d[1]);
  e[2] = b[2] + (r[1] * d[2] - r[2] * d[5]);
  e[3] = b[3] + (r[2] * d[0] - r[0] * d[4]);
  e[4] = b[4] + (r[2] * d[3] - r[0] * d[5]);
  e[5] = b[5] + (r[2] * d[4] - r[0] * d[2]);
  e[6] = b[6] + (r[0] * d[3] - r[1] * d[0]);
  e[7] = b[7] + (r[0] * d[1] - r[1] * d[3]);
  e[8] = b[8] + (r[0] * d[5] - r[1] * d[4]);
  a[0] += (b[2] * r[1] - b[1] * r[2]) + (r[1] * e[2] - r[2] * e[1]);
  a[1] += (b[3] * r[2] - b[5] * r[0]) + (r[2] * e[3] - r[0] * e[5]);
  a[2] += (b[7] * r[0] - b[6] * r[1]) + (r[0] * e[7] - r[1] * e[6]);
  a[3] += (b[0] * r[2] - b[2] * r[0]) + (r[1] * e[5] - r[2] * e[4]);
  a[4] += (b[1] * r[0] - b[0] * r[1]) + (r[1] * e[8] - r[2] * e[7]);
  a[5] += (b[4] * r[0] - b[3] * r[1]) + (r[2] * e[6] - r[0] * e[8]);
  for (int k = 0; k < 9; k++)
    b[k] = e[k];
}

/// to = from + I with the axes in another order: parent axis order[k] is link axis k.
KC_INLINE void hand_over(const kc_inertia *I, const int order[3], const kc_inertia *from,
                         kc_inertia *to) {
  static const int place[3][3] = {{0, 3, 4}, {3, 1, 5}, {4, 5, 2}};
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 3; c++) {
      int at = 3 * order[r] + order[c], sym = place[r][c], sym_at = place[order[r]][order[c]];
      to->b[at] = from->b[at] + I->b[3 * r + c];
      if (c < r)
        continue;
      to->a[sym_at] = from->a[sym_at] + I->a[sym];
      to->d[sym_at] = from->d[sym_at] + I->d[sym];
    }
}

/// T' M T of a 3x3 matrix.
static void turn_general(const real *T, real M[9]) {
  real half[9];
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 3; c++)
      half[3 * r + c] = M[3 * r] * T[c] + M[3 * r + 1] * T[3 + c] + M[3 * r + 2] * T[6 + c];
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 3; c++)
      M[3 * r + c] = T[r] * half[c] + T[3 + r] * half[3 + c] + T[6 + r] * half[6 + c];
}

static void turn_sym_general(const real *T, real m[6]) {
  real full[9] = {m[0], m[3], m[4], m[3], m[1], m[5], m[4], m[5], m[2]};
  turn_general(T, full);
  m[0] = full[0], m[1] = full[4], m[2] = full[8];
  m[3] = full[1], m[4] = full[2], m[5] = full[5];
}

/// The road for any turn, with the parent's sum from `from`; out of line and with its own copy, so
/// that the common road stays in registers.
static __attribute__((noinline)) void hand_over_general(const real *T, kc_inertia *I,
                                                        const kc_inertia *from, kc_inertia *to) {
  static const int none[3] = {0, 1, 2};
  turn_sym_general(T, I->a), turn_general(T, I->b), turn_sym_general(T, I->d);
  hand_over(I, none, from, to);
}

KC_INLINE void hand_over_turned(const kc_tree *tree, int i, kc_kind kind, const kc_inertia *I,
                                const kc_inertia *from, kc_inertia *to) {
  static const int none[3] = {0, 1, 2}, yzx[3] = {1, 2, 0}, zxy[3] = {2, 0, 1};
  switch (kc_kind_turn(tree, i, kind)) {
  case KC_TURN_NONE:
    hand_over(I, none, from, to);
    break;
  case KC_TURN_XYZ_YZX:
    hand_over(I, yzx, from, to);
    break;
  case KC_TURN_XYZ_ZXY:
    hand_over(I, zxy, from, to);
    break;
  default: {
    kc_inertia copy = *I;
    hand_over_general(tree->turn_matrix[i].m, &copy, from, to);
  }
  }
}

/// Moves I^a and p^a to the parent: its own part and this, or what is there and this.
KC_INLINE void move_up(const kc_tree *tree, kc_body_work *work, int i, kc_kind kind, kc_inertia *I,
                       const kc_spatial *p) {
  int parent = tree->parent[i], slot = tree->slot[parent];
  int first = tree->trait[i] & KC_LINK_FIRST_IN;
  const kc_inertia *from = first ? &tree->inertia[tree->base[parent]] : &work->art[slot];
  const kc_spatial *from_force =
      first ? &work->inertial[tree->base[parent]] : &work->art_force[slot];
  kc_spatial up = kc_force_up(tree, work, i, kind, p);
  for (int k = 0; k < 6; k++)
    work->art_force[slot].v[k] = from_force->v[k] + up.v[k];
  if (kc_kind_is_hinge(tree, i, kind)) {
    real s = work->sine[i], c = work->cosine[i], ss = s * s, sc = s * c;
    turn_sym(I->a, s, c, ss, sc);
    turn_coupling(I->b, s, c, ss, sc);
    turn_sym(I->d, s, c, ss, sc);
  }
  if (kc_kind_is_apart(tree, i, kind)) {
    kc_vec3 r = kc_joint_arm(tree, work, i, kind);
    shift_inertia(I, r.v);
  }
  hand_over_turned(tree, i, kind, I, from, &work->art[slot]);
}

/// Gain and drive of one joint; true inertias and forces to the parent.
KC_INLINE void reduce_link(const kc_tree *tree, kc_body_work *work, int i, kc_kind kind, real tau,
                           const kc_inertia *sum, const kc_spatial *sum_force) {
  kc_inertia I;
  kc_spatial p, U, G;
  int hinge = kc_kind_is_hinge(tree, i, kind);
  for (int k = 0; k < 6; k++)
    I.a[k] = sum->a[k], I.d[k] = sum->d[k];
  for (int k = 0; k < 9; k++)
    I.b[k] = sum->b[k];
  for (int k = 0; k < 6; k++)
    p.v[k] = sum_force->v[k] - work->force[i].v[k];
  const real *a = I.a, *b = I.b, *d = I.d;
  if (hinge)
    U = (kc_spatial){{a[4], a[5], a[2], b[6], b[7], b[8]}};
  else
    U = (kc_spatial){{b[2], b[5], b[8], d[4], d[5], d[2]}};
  real rest = tree->rotor_inertia[i] + work->joint_implicit[i];
  real inverse = kc_real(1) / (kc_joint_component(tree, i, kind, &U) + rest);
  real drive = (tau - kc_joint_component(tree, i, kind, &p)) * inverse;
  for (int k = 0; k < 6; k++)
    work->gain[i].v[k] = G.v[k] = U.v[k] * inverse;
  work->drive[i] = drive;
  if (tree->parent[i] < 0)
    return;
  if (hinge)
    eliminate_hinge(&I, U.v, G.v, rest * inverse);
  else
    eliminate_slide(&I, U.v, G.v, rest * inverse);
  for (int k = 0; k < 6; k++)
    p.v[k] += U.v[k] * drive;
  move_up(tree, work, i, kind, &I, &p);
}

/// Where a link's own inertia and that of its children stand.
KC_INLINE const kc_inertia *gather(const kc_tree *tree, kc_body_work *work, int i) {
  int slot = tree->slot[i], leaf = slot < 0;
  const kc_inertia *sum = leaf ? &tree->inertia[tree->base[i]] : &work->art[slot];
  if (!(tree->trait[i] & KC_LINK_IMPLICIT))
    return sum;
  kc_inertia *all = &work->art[leaf ? tree->n_slot : slot];
  const kc_inertia *more = &work->implicit[i];
  for (int k = 0; k < 6; k++)
    all->a[k] = sum->a[k] + more->a[k], all->d[k] = sum->d[k] + more->d[k];
  for (int k = 0; k < 9; k++)
    all->b[k] = sum->b[k] + more->b[k];
  return all;
}

/// Acceleration of one joint and link from its parent's.
KC_INLINE void accelerate_link(const kc_tree *tree, kc_body_work *work, int i, kc_kind kind,
                               const kc_spatial *parent, real *a) {
  kc_spatial acc = kc_motion_down_kind(tree, work, i, kind, parent);
  const real *g = work->gain[i].v;
  real felt = (g[0] * acc.v[0] + g[1] * acc.v[1] + g[2] * acc.v[2]) +
              (g[3] * acc.v[3] + g[4] * acc.v[4] + g[5] * acc.v[5]);
  real x = work->drive[i] - felt;
  kc_joint_add_motion_kind(tree, i, kind, x, &acc);
  kc_spatial_store(&work->acc[i], &acc);
  a[i] = tree->sign[i] * x + kc_real(0); // no negative zero
}

void kc_body_compute_acceleration(const kc_tree *tree, const real *tau, kc_body_work *work,
                                  real *a) {
  const kc_spatial rest = kc_spatial_make(kc_vec3_make(0, 0, 0), kc_vec3_make(0, 0, 0));
  for (int k = tree->n_joint - 1; k >= 0; k--) {
    int i = tree->order[k];
    real force = tree->sign[i] * tau[i];
    const kc_inertia *sum = gather(tree, work, i);
    const kc_spatial *sum_force = tree->trait[i] & KC_LINK_LEAF ? &work->inertial[tree->base[i]]
                                                                : &work->art_force[tree->slot[i]];
#define KERNEL(kind) reduce_link(tree, work, i, kind, force, sum, sum_force)
    KC_BY_KIND(tree->kind[i], KERNEL)
#undef KERNEL
  }
  for (int k = 0; k < tree->n_joint; k++) {
    int i = tree->order[k], p = tree->parent[i];
    const kc_spatial *parent = p < 0 ? &rest : &work->acc[p];
#define KERNEL(kind) accelerate_link(tree, work, i, kind, parent, a)
    KC_BY_KIND(tree->kind[i], KERNEL)
#undef KERNEL
  }
}

void kc_body_clear_forces(const kc_tree *tree, kc_body_work *work) {
  const real zero = kc_real(0);
  for (int i = 0; i < tree->n_joint; i++) {
    for (int k = 0; k < 6; k++)
      work->force[i].v[k] = zero;
    work->joint_implicit[i] = zero;
    if (!(tree->trait[i] & KC_LINK_IMPLICIT))
      continue;
    kc_inertia *H = &work->implicit[i];
    for (int k = 0; k < 6; k++)
      H->a[k] = H->d[k] = zero;
    for (int k = 0; k < 9; k++)
      H->b[k] = zero;
  }
}
