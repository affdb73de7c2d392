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
#include <stddef.h>

/// A symmetric 3x3 matrix turned by theta about z.
KC_INLINE void turn_sym(real *m, real s, real c, real ss, real sc) {
  real g = m[0] - m[1], k = m[3] + m[3], x = m[4], y = m[5];
  real dg = ss * g + sc * k;
  m[0] -= dg, m[1] += dg;
  m[3] += sc * g - ss * k;
  m[4] = c * x - s * y, m[5] = s * x + c * y;
}

/// Two rows, x and y, of a 3x3 matrix turned by theta about z.
KC_INLINE void turn_rows(real *x, real *y, real s, real c, real ss, real sc) {
  real g = x[0] - y[1], k = x[1] + y[0], dg = ss * g + sc * k, dk = sc * g - ss * k;
  x[0] -= dg, y[1] += dg, x[1] += dk, y[0] += dk;
  real p = x[2], q = y[2];
  x[2] = c * p - s * q, y[2] = s * p + c * q;
}

/// to = from (if any) + a symmetric matrix, with the axes in another order: order[k] is the
/// parent's for k.
KC_INLINE void put_sym(const real *m, const int order[3], const real *from, real *to) {
  static const int place[3][3] = {{0, 3, 4}, {3, 1, 5}, {4, 5, 2}};
  for (int r = 0; r < 3; r++)
    for (int c = r; c < 3; c++) {
      int at = place[order[r]][order[c]];
      to[at] = from ? from[at] + m[place[r][c]] : m[place[r][c]];
    }
}

/// One row of B likewise.
KC_INLINE void put_row(const real *row, int r, const int order[3], const real *from, real *to) {
  for (int c = 0; c < 3; c++) {
    int at = 3 * order[r] + order[c];
    to[at] = from ? from[at] + row[c] : row[c];
  }
}

/// e = b + (rx D) of one row, for the axes r, s, t in cyclic order: (rx D)_r = r_s D_t - r_t D_s.
KC_INLINE void shift_row(const real *b, real rs, real rt, const real *Ds, const real *Dt, real *e) {
  for (int c = 0; c < 3; c++)
    e[c] = b[c] + (rs * Dt[c] - rt * Ds[c]);
}

/// Joint number, its kernel, and what the elimination of its axis needs.
typedef struct {
  int i;
  kc_kind kind;
  const real *U, *G;
  real rest; // h / d
} joint_step;

/// A symmetric 6x6 matrix taken apart: D, the rows of B, A.
typedef struct {
  real d[6], x[3], y[3], z[3], a[6];
} joint_parts;

/// Takes the axis out of D and turns it to the axes at q = 0.
KC_INLINE void reduce_d(joint_step step, int hinge, real s, real c, real *d) {
  const real *U = step.U, *G = step.G;
  if (hinge) {
    d[0] -= U[3] * G[3], d[1] -= U[4] * G[4], d[2] -= U[5] * G[5];
    d[3] -= U[3] * G[4], d[4] -= U[3] * G[5], d[5] -= U[4] * G[5];
    turn_sym(d, s, c, s * s, s * c);
  } else {
    d[0] -= U[3] * G[3], d[1] -= U[4] * G[4], d[3] -= U[3] * G[4];
    d[2] *= step.rest, d[4] *= step.rest, d[5] *= step.rest;
  }
}

/// B and A likewise.
KC_INLINE void reduce_ba(joint_step step, int hinge, real s, real c, joint_parts *m) {
  const real *U = step.U, *G = step.G;
  real ss = s * s, sc = s * c, rest = step.rest, *x = m->x, *y = m->y, *z = m->z, *a = m->a;
  if (hinge) {
    for (int k = 0; k < 3; k++)
      x[k] -= U[0] * G[3 + k], y[k] -= U[1] * G[3 + k], z[k] *= rest;
    turn_rows(x, y, s, c, ss, sc);
    real p = z[0], q = z[1];
    z[0] = c * p - s * q, z[1] = s * p + c * q;
    a[0] -= U[0] * G[0], a[1] -= U[1] * G[1], a[3] -= U[0] * G[1];
    a[2] *= rest, a[4] *= rest, a[5] *= rest;
    turn_sym(a, s, c, ss, sc);
  } else {
    x[0] -= U[0] * G[3], x[1] -= U[0] * G[4], x[2] *= rest;
    y[0] -= U[1] * G[3], y[1] -= U[1] * G[4], y[2] *= rest;
    z[0] -= U[2] * G[3], z[1] -= U[2] * G[4], z[2] *= rest;
    a[0] -= U[0] * G[0], a[1] -= U[1] * G[1], a[2] -= U[2] * G[2];
    a[3] -= U[0] * G[1], a[4] -= U[0] * G[2], a[5] -= U[1] * G[2];
  }
}

/// Moves B to an origin at -r, handing over each row, and A with it.
KC_INLINE void shift_ba(const real *r, joint_parts *m, const int order[3], const real *from,
                        real *to) {
  const real *d = m->d, *x = m->x, *y = m->y, *z = m->z;
  const real Dx[3] = {d[0], d[3], d[4]}, Dy[3] = {d[3], d[1], d[5]}, Dz[3] = {d[4], d[5], d[2]};
  real *a = m->a, e[3];
  shift_row(x, r[1], r[2], Dy, Dz, e);
  a[0] += (x[2] * r[1] - x[1] * r[2]) + (r[1] * e[2] - r[2] * e[1]);
  a[3] += x[0] * r[2] - x[2] * r[0];
  a[4] += x[1] * r[0] - x[0] * r[1];
  put_row(e, 0, order, from, to);
  shift_row(y, r[2], r[0], Dz, Dx, e);
  a[1] += (y[0] * r[2] - y[2] * r[0]) + (r[2] * e[0] - r[0] * e[2]);
  a[3] += r[1] * e[2] - r[2] * e[1];
  a[5] += y[1] * r[0] - y[0] * r[1];
  put_row(e, 1, order, from, to);
  shift_row(z, r[0], r[1], Dx, Dy, e);
  a[2] += (z[1] * r[0] - z[0] * r[1]) + (r[0] * e[1] - r[1] * e[0]);
  a[4] += r[1] * e[2] - r[2] * e[1];
  a[5] += r[2] * e[0] - r[0] * e[2];
  put_row(e, 2, order, from, to);
}

/// Eliminates the joint's axis, turns I to the axes at q = 0, moves it to the parent's origin and
/// adds it: B' = B + rx D, A' = A - B rx + rx B''. D first, then B by rows, then A: every number is
/// handed over as soon as it is ready, which keeps most of them in registers.
KC_INLINE void move_inertia(const kc_tree *tree, const kc_body_work *work, joint_step step,
                            const kc_inertia *restrict I, const int order[3],
                            const kc_inertia *from, kc_inertia *to) {
  const real *from_b = from ? from->b : NULL;
  int i = step.i, hinge = kc_kind_is_hinge(tree, i, step.kind);
  real s = work->sine[i], c = work->cosine[i];
  joint_parts m;
  for (int k = 0; k < 6; k++)
    m.d[k] = I->d[k], m.a[k] = I->a[k];
  for (int k = 0; k < 3; k++)
    m.x[k] = I->b[k], m.y[k] = I->b[3 + k], m.z[k] = I->b[6 + k];
  reduce_d(step, hinge, s, c, m.d);
  put_sym(m.d, order, from ? from->d : NULL, to->d);
  reduce_ba(step, hinge, s, c, &m);
  if (kc_kind_is_apart(tree, i, step.kind)) {
    kc_vec3 arm = kc_joint_arm(tree, work, i, step.kind);
    shift_ba(arm.v, &m, order, from_b, to->b);
  } else {
    put_row(m.x, 0, order, from_b, to->b);
    put_row(m.y, 1, order, from_b, to->b);
    put_row(m.z, 2, order, from_b, to->b);
  }
  put_sym(m.a, order, from ? from->a : NULL, to->a);
}

/// A tilt about x is a turn about z with the axes in the order y, z, x.
KC_INLINE void move_inertia_tilted(const kc_tree *tree, const kc_body_work *work, joint_step step,
                                   const kc_inertia *I, const kc_inertia *from, kc_inertia *to) {
  static const int none[3] = {0, 1, 2}, yzx[3] = {1, 2, 0};
  kc_inertia m;
  move_inertia(tree, work, step, I, none, NULL, &m);
  real s = -tree->turn_matrix[step.i].m[7], c = tree->turn_matrix[step.i].m[4];
  real ss = s * s, sc = s * c, *a = m.a, *b = m.b, *d = m.d;
  real dt[6] = {d[1], d[2], d[0], d[5], d[3], d[4]}, at[6] = {a[1], a[2], a[0], a[5], a[3], a[4]};
  real x[3] = {b[4], b[5], b[3]}, y[3] = {b[7], b[8], b[6]};
  real z[3] = {c * b[1] - s * b[2], s * b[1] + c * b[2], b[0]};
  turn_sym(dt, s, c, ss, sc);
  put_sym(dt, yzx, from->d, to->d);
  turn_rows(x, y, s, c, ss, sc);
  put_row(x, 0, yzx, from->b, to->b);
  put_row(y, 1, yzx, from->b, to->b);
  put_row(z, 2, yzx, from->b, to->b);
  turn_sym(at, s, c, ss, sc);
  put_sym(at, yzx, from->a, to->a);
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

/// The road for any turn; out of line and with its own copy, so that the common one stays in
/// registers.
static __attribute__((noinline)) void move_inertia_any(const kc_tree *tree,
                                                       const kc_body_work *work, joint_step step,
                                                       const kc_inertia *I, const kc_inertia *from,
                                                       kc_inertia *to) {
  static const int none[3] = {0, 1, 2};
  static const int order[3][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}};
  const real *T = tree->turn_matrix[step.i].m;
  kc_turn turn = tree->turn[step.i];
  kc_inertia moved;
  move_inertia(tree, work, step, I, none, NULL, &moved);
  if (turn == KC_TURN_TILT || turn == KC_TURN_GENERAL) {
    turn_sym_general(T, moved.a), turn_general(T, moved.b), turn_sym_general(T, moved.d);
    turn = KC_TURN_NONE;
  }
  put_sym(moved.d, order[turn], from->d, to->d);
  put_sym(moved.a, order[turn], from->a, to->a);
  for (int r = 0; r < 3; r++)
    put_row(moved.b + 3 * r, r, order[turn], from->b, to->b);
}

/// Moves p^a and I^a to the parent: its own part and this, or what is there and this.
KC_INLINE void move_up(const kc_tree *tree, kc_body_work *work, joint_step step,
                       const kc_inertia *I, const kc_spatial *p) {
  static const int none[3] = {0, 1, 2}, yzx[3] = {1, 2, 0}, zxy[3] = {2, 0, 1};
  int parent = tree->parent[step.i], slot = tree->slot[parent];
  int first = tree->trait[step.i] & KC_LINK_FIRST_IN, base = tree->base[parent];
  const kc_inertia *from = first ? &tree->inertia[base] : &work->art[slot];
  const kc_spatial *from_force = first ? &work->inertial[base] : &work->art_force[slot];
  kc_inertia *to = &work->art[slot];
  kc_spatial up = kc_force_up(tree, work, step.i, step.kind, p);
  for (int k = 0; k < 6; k++)
    work->art_force[slot].v[k] = from_force->v[k] + up.v[k];
  if (step.kind == KC_KIND_ANY) {
    kc_spatial copy[2];
    for (int k = 0; k < 6; k++)
      copy[0].v[k] = step.U[k], copy[1].v[k] = step.G[k];
    step.U = copy[0].v, step.G = copy[1].v;
    move_inertia_any(tree, work, step, I, from, to);
  } else if (step.kind == KC_KIND_TILT)
    move_inertia_tilted(tree, work, step, I, from, to);
  else if (kc_kind_turn(tree, step.i, step.kind) == KC_TURN_NONE)
    move_inertia(tree, work, step, I, none, from, to);
  else if (kc_kind_turn(tree, step.i, step.kind) == KC_TURN_XYZ_YZX)
    move_inertia(tree, work, step, I, yzx, from, to);
  else
    move_inertia(tree, work, step, I, zxy, from, to);
}

/// Gain and drive of one joint; articulated inertia and force to the parent.
KC_INLINE void reduce_link(const kc_tree *tree, kc_body_work *work, int i, kc_kind kind, real tau,
                           const kc_inertia *I, const kc_spatial *sum_force) {
  kc_spatial p, U, G;
  const real *a = I->a, *b = I->b, *d = I->d;
  if (kc_kind_is_hinge(tree, i, kind))
    U = (kc_spatial){{a[4], a[5], a[2], b[6], b[7], b[8]}};
  else
    U = (kc_spatial){{b[2], b[5], b[8], d[4], d[5], d[2]}};
  for (int k = 0; k < 6; k++)
    p.v[k] = sum_force->v[k] - work->force[i].v[k];
  real rest = tree->rotor_inertia[i] + work->joint_implicit[i];
  real inverse = kc_real(1) / (kc_joint_component(tree, i, kind, &U) + rest);
  real drive = (tau - kc_joint_component(tree, i, kind, &p)) * inverse;
  for (int k = 0; k < 6; k++)
    work->gain[i].v[k] = G.v[k] = U.v[k] * inverse;
  work->drive[i] = drive;
  if (tree->parent[i] < 0)
    return;
  for (int k = 0; k < 6; k++)
    p.v[k] += U.v[k] * drive;
  joint_step step = {i, kind, U.v, G.v, rest * inverse};
  move_up(tree, work, step, I, &p);
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
