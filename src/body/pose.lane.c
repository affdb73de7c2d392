/// @file
/// Positions and velocities of links, and of points fixed in them.
///
///   rot_i = rot_parent turn' Rz(signed q),  origin_i = origin_parent + rot_parent turn' arm
///   vel_i = X_i vel_parent + S_i v_i,  bias_i = X_i bias_parent + vel_i x S_i v_i
/// The bias of ground is minus gravity: so weight needs no other place.
/// Positions are summed from the free root's origin (local) and placed in the ground frame at the
/// end, so that the body's shape is computed as exactly anywhere. Source: Featherstone 2008, 5.2.
#include "body/recursion.lane.h"
#include "math/sincos.lane.h"

/// Signed angles, their sines and cosines; displacements of slides.
static void compute_joints(const kc_tree *tree, const real *q, kc_body_work *work) {
  int n = tree->n_joint;
  for (int i = 0; i < n; i++)
    work->angle[i] = tree->sign[i] * q[i] + tree->angle_offset[i];
  for (int i = n; i % KC_WIDE_ITEMS; i++)
    work->angle[i] = kc_real(0);
  kc_math_compute_sincos(n, work->angle, work->sine, work->cosine);
  for (int i = 0; i < n; i++) {
    work->slide[i] = kc_real(0);
    if (tree->type[i] == KC_REVOLUTE)
      continue;
    work->slide[i] = work->angle[i];
    work->sine[i] = kc_real(0), work->cosine[i] = kc_real(1);
  }
}

/// rot and local of one link from its parent's axes R and place.
KC_INLINE void place_link(const kc_tree *tree, kc_body_work *work, int i, kc_kind kind,
                          const kc_mat3 *R, const kc_vec3 *place) {
  real s = work->sine[i], c = work->cosine[i];
  kc_vec3 arm = kc_joint_arm(tree, work, i, kind);
  for (int k = 0; k < 3; k++) {
    kc_vec3 row = kc_turn_down(tree, i, kind, R->m + 3 * k); // (R T')_k = T R_k
    real at = place->v[k];
    if (kc_kind_is_apart(tree, i, kind))
      at += kc_vec3_dot(row, arm);
    work->local[i].v[k] = at;
    work->rot[i].m[3 * k] = c * row.v[0] + s * row.v[1];
    work->rot[i].m[3 * k + 1] = c * row.v[1] - s * row.v[0];
    work->rot[i].m[3 * k + 2] = row.v[2];
  }
}

/// The slides of a free root: their pos, and local as seen from the place they lead to.
static kc_vec3 place_root(kc_body_work *work) {
  kc_vec3 root = work->local[2];
  for (int i = 0; i < 3; i++) {
    work->pos[i] = work->local[i];
    work->local[i] = kc_vec3_sub(work->local[i], root);
  }
  return root;
}

/// pos of all links but the slides, from the root's place.
static void place_body(const kc_tree *tree, kc_vec3 root, kc_body_work *work) {
  for (int i = tree->free_root ? 3 : 0; i < tree->n_joint; i++)
    for (int k = 0; k < 3; k++)
      work->pos[i].v[k] = root.v[k] + work->local[i].v[k];
}

void kc_body_move_root(const kc_tree *tree, const real *q, kc_body_work *work) {
  const real one = kc_real(1), zero = kc_real(0);
  const kc_mat3 ground = {{one, zero, zero, zero, one, zero, zero, zero, one}};
  const kc_vec3 origin = {{zero, zero, zero}};
  for (int i = 0; i < 3; i++) {
    work->angle[i] = work->slide[i] = tree->sign[i] * q[i];
    const kc_mat3 *R = i == 0 ? &ground : &work->rot[i - 1];
    const kc_vec3 *place = i == 0 ? &origin : &work->local[i - 1];
    place_link(tree, work, i, KC_KIND_ANY, R, place);
  }
  place_body(tree, place_root(work), work);
}

void kc_body_compute_pose(const kc_tree *tree, const real *q, kc_body_work *work) {
  const real one = kc_real(1), zero = kc_real(0);
  const kc_mat3 ground = {{one, zero, zero, zero, one, zero, zero, zero, one}};
  const kc_vec3 origin = {{zero, zero, zero}};
  kc_vec3 root = origin;
  compute_joints(tree, q, work);
  for (int k = 0; k < tree->n_joint; k++) {
    int i = tree->order[k], p = tree->parent[i];
    const kc_mat3 *R = p < 0 ? &ground : &work->rot[p];
    const kc_vec3 *place = p < 0 ? &origin : &work->local[p];
#define KERNEL(kind) place_link(tree, work, i, kind, R, place)
    KC_BY_KIND(tree->kind[i], KERNEL)
#undef KERNEL
    if (k == 2 && tree->free_root)
      root = place_root(work);
  }
  place_body(tree, root, work);
}

/// vel and bias of one link.
KC_INLINE void move_link(const kc_tree *tree, const real *v, kc_body_work *work, int i,
                         kc_kind kind, const kc_spatial *parent, const kc_spatial *parent_bias) {
  real rate = tree->sign[i] * v[i];
  kc_spatial vel = kc_motion_down_kind(tree, work, i, kind, parent);
  kc_spatial bias = kc_motion_down_kind(tree, work, i, kind, parent_bias);
  kc_joint_add_bias(tree, i, kind, rate, &vel, &bias);
  kc_joint_add_motion_kind(tree, i, kind, rate, &vel);
  work->rate[i] = rate;
  kc_spatial_store(&work->vel[i], &vel);
  kc_spatial_store(&work->bias[i], &bias);
}

/// What motion and weight ask for at a = 0, with the bias acceleration (e, b), gravity taken off:
///   y = w x v + b;  n = A e + w x (A w) + mc x y,  f = m y + e x mc + w x (w x mc).
KC_INLINE void compute_inertial(const kc_tree *tree, kc_body_work *work, int i) {
  kc_vec3 w = kc_spatial_angular(&work->vel[i]), v = kc_spatial_linear(&work->vel[i]);
  kc_vec3 e = kc_spatial_angular(&work->bias[i]), b = kc_spatial_linear(&work->bias[i]);
  kc_vec3 mc = tree->moment[i], y = kc_vec3_add(kc_vec3_cross(w, v), b);
  kc_vec3 n = kc_vec3_cross(w, kc_sym3_apply(&tree->angular[i], w));
  kc_vec3 f = kc_vec3_add(kc_vec3_cross(e, mc), kc_vec3_cross(w, kc_vec3_cross(w, mc)));
  n = kc_vec3_add(n, kc_vec3_add(kc_sym3_apply(&tree->angular[i], e), kc_vec3_cross(mc, y)));
  f = kc_vec3_add(f, kc_vec3_scale(tree->mass[i], y));
  kc_spatial all = kc_spatial_make(n, f);
  kc_spatial_store(&work->inertial[i], &all);
}

void kc_body_compute_velocity(const kc_tree *tree, const real *v, kc_body_work *work) {
  const kc_vec3 zero = kc_vec3_make(0, 0, 0);
  const kc_spatial rest = kc_spatial_make(zero, zero);
  const kc_spatial weight = kc_spatial_make(zero, kc_vec3_sub(zero, tree->gravity));
  for (int k = 0; k < tree->n_joint; k++) {
    int i = tree->order[k], p = tree->parent[i];
    const kc_spatial *vel = p < 0 ? &rest : &work->vel[p];
    const kc_spatial *bias = p < 0 ? &weight : &work->bias[p];
#define KERNEL(kind) move_link(tree, v, work, i, kind, vel, bias)
    KC_BY_KIND(tree->kind[i], KERNEL)
#undef KERNEL
  }
  for (int i = 0; i < tree->n_joint; i++)
    if (tree->trait[i] & KC_LINK_MASSIVE)
      compute_inertial(tree, work, i);
  kc_spatial_store(&work->inertial[tree->n_joint], &rest);
}

KC_INLINE void twist_link(const kc_tree *tree, real rate, const kc_body_work *work, int i,
                          kc_kind kind, const kc_spatial *parent, kc_spatial *twist) {
  kc_spatial vel = kc_motion_down_kind(tree, work, i, kind, parent);
  kc_joint_add_motion_kind(tree, i, kind, rate, &vel);
  kc_spatial_store(twist, &vel);
}

void kc_body_compute_twists(const kc_tree *tree, const real *v, const kc_body_work *work,
                            kc_spatial *twist) {
  const kc_vec3 zero = kc_vec3_make(0, 0, 0);
  const kc_spatial rest = kc_spatial_make(zero, zero);
  for (int k = 0; k < tree->n_joint; k++) {
    int i = tree->order[k], p = tree->parent[i];
    const kc_spatial *parent = p < 0 ? &rest : &twist[p];
    real rate = tree->sign[i] * v[i];
#define KERNEL(kind) twist_link(tree, rate, work, i, kind, parent, &twist[i])
    KC_BY_KIND(tree->kind[i], KERNEL)
#undef KERNEL
  }
}

kc_vec3 kc_body_point_position(const kc_body_work *work, int link, const kc_vec3 *point) {
  return kc_vec3_add(work->pos[link], kc_mat3_apply(&work->rot[link], *point));
}

kc_vec3 kc_body_point_velocity(const kc_body_work *work, int link, const kc_vec3 *point) {
  const kc_spatial *vel = &work->vel[link];
  kc_vec3 turning = kc_vec3_cross(kc_spatial_angular(vel), *point);
  return kc_mat3_apply(&work->rot[link], kc_vec3_add(kc_spatial_linear(vel), turning));
}

/// Classical acceleration of a point from the link's spatial one: b + e x p + w x (v + w x p).
KC_INLINE kc_vec3 point_acceleration(const kc_body_work *work, int link, const kc_spatial *acc,
                                     const kc_vec3 *point) {
  kc_vec3 w = kc_spatial_angular(&work->vel[link]), v = kc_spatial_linear(&work->vel[link]);
  v = kc_vec3_add(v, kc_vec3_cross(w, *point));
  kc_vec3 a = kc_vec3_add(kc_spatial_linear(acc), kc_vec3_cross(kc_spatial_angular(acc), *point));
  return kc_mat3_apply(&work->rot[link], kc_vec3_add(a, kc_vec3_cross(w, v)));
}

kc_vec3 kc_body_point_acceleration(const kc_tree *tree, const kc_body_work *work, int link,
                                   const kc_vec3 *point) {
  kc_spatial felt = work->bias[link];
  for (int k = 0; k < 6; k++)
    felt.v[k] += work->acc[link].v[k];
  return kc_vec3_add(point_acceleration(work, link, &felt, point), tree->gravity);
}

void kc_body_compute_bias_acceleration(const kc_tree *tree, const kc_body_work *work, int link,
                                       const kc_vec3 *point, kc_spatial *out) {
  const kc_spatial *bias = &work->bias[link];
  kc_vec3 turn = kc_mat3_apply(&work->rot[link], kc_spatial_angular(bias));
  *out = kc_spatial_make(turn,
                         kc_vec3_add(point_acceleration(work, link, bias, point), tree->gravity));
}

void kc_body_add_force_g(kc_body_work *work, int link, const kc_vec3 *point, const kc_vec3 *force) {
  kc_vec3 f = kc_mat3_apply_transposed(&work->rot[link], *force);
  kc_vec3 n = kc_vec3_cross(*point, f);
  real *sum = work->force[link].v;
  for (int k = 0; k < 3; k++)
    sum[k] += n.v[k], sum[3 + k] += f.v[k];
}
