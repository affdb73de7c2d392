/// @file
/// Composite rigid bodies: the mass matrix.
///
/// Each link with all that hangs on it is one rigid body (mass, moment, inertia about the link's
/// origin). F_i = I^c_i S_i is carried towards the root; M_ij = S_j' F. Rotor inertia is added to
/// the diagonal. Source: Featherstone 2008, table 6.2.
#include "body/recursion.lane.h"

/// Adds link i's composite body to its parent's.
KC_INLINE void add_to_parent(const kc_tree *tree, kc_body_work *work, int i, kc_kind kind) {
  static const int row[6] = {0, 1, 2, 0, 0, 1}, column[6] = {0, 1, 2, 1, 2, 2};
  int parent = tree->parent[i];
  real mass = work->body_mass[i], *sum = work->body_angular[parent].s;
  kc_vec3 mc = work->body_moment[i], columns[3];
  const real *s = work->body_angular[i].s;
  // rows turned to the axes before the joint turns, then columns: R A R'
  kc_vec3 full[3] = {{{s[0], s[3], s[4]}}, {{s[3], s[1], s[5]}}, {{s[4], s[5], s[2]}}};
  if (kc_kind_is_hinge(tree, i, kind)) {
    mc = kc_joint_up(work, i, mc.v);
    for (int k = 0; k < 3; k++)
      full[k] = kc_joint_up(work, i, full[k].v);
    for (int k = 0; k < 3; k++) {
      columns[k] = kc_joint_up(work, i, (real[3]){full[0].v[k], full[1].v[k], full[2].v[k]});
    }
  } else {
    for (int k = 0; k < 3; k++)
      columns[k] = full[k];
  }
  if (kc_kind_is_apart(tree, i, kind)) {
    // parallel axes: A += (2 mc.r + m r.r) 1 - (mc r' + r mc' + m r r')
    kc_vec3 r = kc_joint_arm(tree, work, i, kind), half = kc_vec3_scale(kc_real(0.5) * mass, r);
    kc_vec3 b = kc_vec3_add(mc, half);
    real trace = kc_vec3_dot(b, r);
    for (int k = 0; k < 3; k++) {
      for (int j = 0; j < 3; j++)
        columns[k].v[j] -= b.v[j] * r.v[k] + r.v[j] * b.v[k];
      columns[k].v[k] += trace + trace;
    }
    mc = kc_vec3_add(mc, kc_vec3_scale(mass, r));
  }
  for (int k = 0; k < 3; k++)
    columns[k] = kc_turn_up(tree, i, kind, columns[k]);
  kc_vec3 turned[3];
  for (int k = 0; k < 3; k++)
    turned[k] =
        kc_turn_up(tree, i, kind, (kc_vec3){{columns[0].v[k], columns[1].v[k], columns[2].v[k]}});
  for (int k = 0; k < 6; k++)
    sum[k] += turned[row[k]].v[column[k]];
  work->body_mass[parent] += mass;
  work->body_moment[parent] = kc_vec3_add(work->body_moment[parent], kc_turn_up(tree, i, kind, mc));
}

/// I S: a column of the composite inertia.
KC_INLINE kc_spatial axis_force(const kc_tree *tree, const kc_body_work *work, int i) {
  const real *s = work->body_angular[i].s, *mc = work->body_moment[i].v, zero = kc_real(0);
  if (tree->type[i] == KC_REVOLUTE)
    return (kc_spatial){{s[4], s[5], s[2], -mc[1], mc[0], zero}};
  return (kc_spatial){{mc[1], -mc[0], zero, zero, zero, work->body_mass[i]}};
}

/// Carries F from link i to its parent.
KC_INLINE void carry_up(const kc_tree *tree, const kc_body_work *work, int i, kc_kind kind,
                        kc_spatial *F) {
  kc_spatial up = kc_force_up(tree, work, i, kind, F);
  kc_spatial_store(F, &up);
}

/// Row and column i of M, up to the root, where the other index is below n_row (n_joint: all); M
/// has n_row rows.
static void fill_row(const kc_tree *tree, const kc_body_work *work, int i, int n_row, real *M) {
  int n = tree->n_joint;
  kc_spatial F = axis_force(tree, work, i);
  if (i < n_row)
    M[i * n + i] = kc_joint_component(tree, i, KC_KIND_ANY, &F) + tree->rotor_inertia[i];
  for (int j = i; tree->parent[j] >= 0;) {
#define KERNEL(kind) carry_up(tree, work, j, kind, &F)
    KC_BY_KIND(tree->kind[j], KERNEL)
#undef KERNEL
    j = tree->parent[j];
    if (j >= n_row)
      continue;
    real x = kc_joint_component(tree, j, KC_KIND_ANY, &F);
    M[j * n + i] = tree->sign[i] * tree->sign[j] * x + kc_real(0);
    if (i < n_row)
      M[i * n + j] = M[j * n + i];
  }
}

/// Composite bodies from the leaves up; `wanted` (n_joint; NULL: all): columns to be filled.
static void compute_matrix(const kc_tree *tree, kc_body_work *work, const int *wanted, int n_row,
                           real *M) {
  int n = tree->n_joint;
  for (int i = 0; i < n; i++) {
    work->body_mass[i] = tree->mass[i];
    for (int k = 0; k < 3; k++)
      work->body_moment[i].v[k] = tree->moment[i].v[k];
    for (int k = 0; k < 6; k++)
      work->body_angular[i].s[k] = tree->angular[i].s[k];
  }
  for (int k = n - 1; k >= 0; k--) {
    int i = tree->order[k];
    if (!wanted || wanted[i])
      fill_row(tree, work, i, n_row, M);
    if (tree->parent[i] < 0)
      continue;
#define KERNEL(kind) add_to_parent(tree, work, i, kind)
    KC_BY_KIND(tree->kind[i], KERNEL)
#undef KERNEL
  }
}

void kc_body_compute_mass_matrix(const kc_tree *tree, kc_body_work *work, real *M) {
  int n = tree->n_joint;
  for (int k = 0; k < n * n; k++)
    M[k] = kc_real(0);
  compute_matrix(tree, work, NULL, n, M);
}

void kc_body_compute_mass_rows(const kc_tree *tree, kc_body_work *work, int n_row,
                               const int *wanted, real *M) {
  compute_matrix(tree, work, wanted, n_row, M);
}
