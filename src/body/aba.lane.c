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

/// Adds a rigid body: A, [mc]x and m 1.
KC_INLINE void add_rigid(const kc_tree *tree, int i, kc_inertia *I) {
  const real *mc = tree->moment[i].v, m = tree->mass[i];
  for (int k = 0; k < 6; k++)
    I->a[k] += tree->angular[i].s[k];
  I->b[1] -= mc[2], I->b[2] += mc[1], I->b[3] += mc[2];
  I->b[5] -= mc[0], I->b[6] -= mc[1], I->b[7] += mc[0];
  for (int k = 0; k < 3; k++)
    I->d[k] += m;
}

KC_INLINE void add_matrix(const kc_inertia *more, kc_inertia *I) {
  for (int k = 0; k < 6; k++)
    I->a[k] += more->a[k];
  for (int k = 0; k < 9; k++)
    I->b[k] += more->b[k];
  for (int k = 0; k < 6; k++)
    I->d[k] += more->d[k];
}

/// I^A and p^A of a link whose children are done.
KC_INLINE void gather(const kc_tree *tree, const kc_body_work *work, int i, kc_inertia *I,
                      kc_spatial *p) {
  int trait = tree->trait[i];
  *p = kc_link_bias_force(tree, work, i);
  if (trait & KC_LINK_LEAF) {
    for (int k = 0; k < 6; k++)
      I->a[k] = I->d[k] = kc_real(0);
    for (int k = 0; k < 9; k++)
      I->b[k] = kc_real(0);
  } else {
    const kc_inertia *sum = &work->art[tree->slot[i]];
    for (int k = 0; k < 6; k++)
      I->a[k] = sum->a[k], I->d[k] = sum->d[k];
    for (int k = 0; k < 9; k++)
      I->b[k] = sum->b[k];
    for (int k = 0; k < 6; k++)
      p->v[k] += work->art_force[tree->slot[i]].v[k];
  }
  if (trait & KC_LINK_MASSIVE)
    add_rigid(tree, i, I);
  if (trait & KC_LINK_IMPLICIT)
    add_matrix(&work->implicit[i], I);
}

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

/// Parent (r, c) += or = link (r, c), with the axes in another order: parent axis order[k] = link
/// axis k.
KC_INLINE void hand_over(const kc_inertia *I, const int order[3], int first, kc_inertia *parent) {
  static const int place[3][3] = {{0, 3, 4}, {3, 1, 5}, {4, 5, 2}};
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 3; c++) {
      int to = 3 * order[r] + order[c], sym = place[r][c], to_sym = place[order[r]][order[c]];
      parent->b[to] = first ? I->b[3 * r + c] : parent->b[to] + I->b[3 * r + c];
      if (c < r)
        continue;
      parent->a[to_sym] = first ? I->a[sym] : parent->a[to_sym] + I->a[sym];
      parent->d[to_sym] = first ? I->d[sym] : parent->d[to_sym] + I->d[sym];
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

/// The road for any turn; out of line, so that the common one stays in registers.
static __attribute__((noinline)) void hand_over_general(const real *T, kc_inertia *I, int first,
                                                        kc_inertia *parent) {
  static const int none[3] = {0, 1, 2};
  turn_sym_general(T, I->a), turn_general(T, I->b), turn_sym_general(T, I->d);
  if (first)
    hand_over(I, none, 1, parent);
  else
    hand_over(I, none, 0, parent);
}

KC_INLINE void hand_over_turned(const kc_tree *tree, int i, const kc_inertia *I,
                                kc_inertia *parent) {
  static const int none[3] = {0, 1, 2}, yzx[3] = {1, 2, 0}, zxy[3] = {2, 0, 1};
  int first = tree->trait[i] & KC_LINK_LAST_CHILD;
  switch (tree->turn[i]) {
  case KC_TURN_NONE:
    if (first)
      hand_over(I, none, 1, parent);
    else
      hand_over(I, none, 0, parent);
    break;
  case KC_TURN_XYZ_YZX:
    if (first)
      hand_over(I, yzx, 1, parent);
    else
      hand_over(I, yzx, 0, parent);
    break;
  case KC_TURN_XYZ_ZXY:
    if (first)
      hand_over(I, zxy, 1, parent);
    else
      hand_over(I, zxy, 0, parent);
    break;
  default: {
    kc_inertia copy = *I;
    hand_over_general(tree->turn_matrix[i].m, &copy, first, parent);
  }
  }
}

/// Moves I^a and p^a to the parent.
KC_INLINE void move_up(const kc_tree *tree, kc_body_work *work, int i, kc_inertia *I,
                       const kc_spatial *p) {
  int slot = tree->slot[tree->parent[i]];
  if (tree->type[i] == KC_REVOLUTE) {
    real s = work->sine[i], c = work->cosine[i], ss = s * s, sc = s * c;
    turn_sym(I->a, s, c, ss, sc);
    turn_coupling(I->b, s, c, ss, sc);
    turn_sym(I->d, s, c, ss, sc);
  }
  if (!(tree->trait[i] & KC_LINK_COINCIDENT)) {
    kc_vec3 r = kc_joint_arm(tree, work, i);
    shift_inertia(I, r.v);
  }
  hand_over_turned(tree, i, I, &work->art[slot]);
  if (tree->trait[i] & KC_LINK_LAST_CHILD)
    for (int k = 0; k < 6; k++)
      work->art_force[slot].v[k] = kc_real(0);
  kc_force_add_up(tree, work, i, p, &work->art_force[slot]);
}

/// One joint of the inward recursion.
KC_INLINE void reduce_link(const kc_tree *tree, const real *tau, kc_body_work *work, int i) {
  kc_inertia I;
  kc_spatial p, U, G;
  gather(tree, work, i, &I, &p);
  real rest = tree->rotor_inertia[i] + work->joint_implicit[i], force = tree->sign[i] * tau[i];
  const real *a = I.a, *b = I.b, *d = I.d;
  int hinge = tree->type[i] == KC_REVOLUTE;
  if (hinge)
    U = (kc_spatial){{a[4], a[5], a[2], b[6], b[7], b[8]}};
  else
    U = (kc_spatial){{b[2], b[5], b[8], d[4], d[5], d[2]}};
  int axis = hinge ? 2 : 5;
  real inverse = kc_real(1) / (U.v[axis] + rest), drive = (force - p.v[axis]) * inverse;
  for (int k = 0; k < 6; k++)
    G.v[k] = U.v[k] * inverse;
  for (int k = 0; k < 6; k++)
    work->gain[i].v[k] = G.v[k];
  work->drive[i] = drive;
  if (tree->parent[i] < 0)
    return;
  if (hinge) {
    eliminate_hinge(&I, U.v, G.v, rest * inverse);
  } else {
    eliminate_slide(&I, U.v, G.v, rest * inverse);
  }
  for (int k = 0; k < 6; k++)
    p.v[k] += U.v[k] * drive;
  move_up(tree, work, i, &I, &p);
}

void kc_body_compute_acceleration(const kc_tree *tree, const real *tau, kc_body_work *work,
                                  real *a) {
  const real zero = kc_real(0);
  for (int i = tree->n_joint - 1; i >= 0; i--)
    reduce_link(tree, tau, work, i);
  for (int i = 0; i < tree->n_joint; i++) {
    int p = tree->parent[i];
    kc_spatial acc = {{zero, zero, zero, zero, zero, zero}};
    if (p >= 0)
      acc = kc_motion_down(tree, work, i, &work->acc[p]);
    const real *g = work->gain[i].v;
    real felt = (g[0] * acc.v[0] + g[1] * acc.v[1] + g[2] * acc.v[2]) +
                (g[3] * acc.v[3] + g[4] * acc.v[4] + g[5] * acc.v[5]);
    real x = work->drive[i] - felt;
    kc_joint_add_motion(tree, i, x, &acc);
    for (int k = 0; k < 6; k++)
      work->acc[i].v[k] = acc.v[k];
    a[i] = tree->sign[i] * x + zero; // no negative zero
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
