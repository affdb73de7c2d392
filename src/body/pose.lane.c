/// @file
/// Positions and velocities of links, and of points fixed in them.
///
///   rot_i = rot_parent turn' Rz(signed q),  origin_i = origin_parent + rot_parent turn' arm
///   vel_i = X_i vel_parent + S_i v_i,  bias_i = X_i bias_parent + vel_i x S_i v_i
/// The bias of ground is minus gravity: so weight needs no other place.
/// Positions are summed from the free root's origin (local) and placed in the ground frame at the
/// end, so that the body's shape is computed as exactly anywhere. Source: Featherstone 2008, 5.2.
#include "body/recursion.lane.h"

/// Axes of the link at q = 0 in ground: the parent's, turned.
KC_INLINE kc_mat3 turn_rotation(const kc_tree *tree, int i, const kc_mat3 *R) {
  kc_mat3 out;
  for (int k = 0; k < 9; k += 3) {
    kc_vec3 row = kc_turn_down(tree, i, R->m + k); // (R T')_k = T R_k
    for (int j = 0; j < 3; j++)
      out.m[k + j] = row.v[j];
  }
  return out;
}

/// R Rz.
KC_INLINE void rotate_columns(kc_mat3 *R, real s, real c) {
  for (int k = 0; k < 9; k += 3) {
    real x = R->m[k], y = R->m[k + 1];
    R->m[k] = c * x + s * y;
    R->m[k + 1] = c * y - s * x;
  }
}

static void compute_joints(const kc_tree *tree, const real *q, kc_body_work *work) {
  for (int i = 0; i < tree->n_joint; i++) {
    real x = tree->sign[i] * q[i];
    if (tree->type[i] == KC_REVOLUTE) {
      kc_sincos(x, &work->sine[i], &work->cosine[i]);
      work->slide[i] = kc_real(0);
    } else {
      work->sine[i] = kc_real(0), work->cosine[i] = kc_real(1);
      work->slide[i] = x;
    }
  }
}

void kc_body_compute_pose(const kc_tree *tree, const real *q, kc_body_work *work) {
  const real one = kc_real(1), zero = kc_real(0);
  const kc_mat3 ground = {{one, zero, zero, zero, one, zero, zero, zero, one}};
  const kc_vec3 origin = {{zero, zero, zero}};
  compute_joints(tree, q, work);
  kc_vec3 root = origin;
  int n_slide = tree->free_root ? 3 : 0;
  for (int i = 0; i < tree->n_joint; i++) {
    int p = tree->parent[i], slides = i < n_slide;
    kc_mat3 R = turn_rotation(tree, i, p < 0 ? &ground : &work->rot[p]);
    kc_vec3 from = p < 0 ? origin : work->local[p];
    if (!(tree->trait[i] & KC_LINK_COINCIDENT)) {
      kc_vec3 step = kc_mat3_apply(&R, kc_joint_arm(tree, work, i));
      if (slides)
        root = kc_vec3_add(root, step);
      else
        from = kc_vec3_add(from, step);
    }
    if (tree->type[i] == KC_REVOLUTE)
      rotate_columns(&R, work->sine[i], work->cosine[i]);
    work->rot[i] = R;
    work->local[i] = from;
    work->pos[i] = kc_vec3_add(root, from);
    if (i == n_slide - 1) // the slides' own links, seen from the root they have led to
      for (int j = 0; j < i; j++)
        work->local[j] = kc_vec3_sub(work->pos[j], root);
  }
}

void kc_body_compute_velocity(const kc_tree *tree, const real *v, kc_body_work *work) {
  const kc_vec3 zero = kc_vec3_make(0, 0, 0);
  const kc_spatial rest = kc_spatial_make(zero, zero);
  const kc_spatial weight = kc_spatial_make(zero, kc_vec3_sub(zero, tree->gravity));
  for (int i = 0; i < tree->n_joint; i++) {
    int p = tree->parent[i];
    kc_spatial vel = kc_motion_down(tree, work, i, p < 0 ? &rest : &work->vel[p]);
    kc_spatial bias = kc_motion_down(tree, work, i, p < 0 ? &weight : &work->bias[p]);
    real rate = tree->sign[i] * v[i];
    kc_joint_add_bias(tree, i, rate, &vel, &bias);
    kc_joint_add_motion(tree, i, rate, &vel);
    work->rate[i] = rate;
    work->vel[i] = vel;
    work->bias[i] = bias;
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
