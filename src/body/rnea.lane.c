/// @file
/// Recursive Newton-Euler: the joint torques that a motion asks for.
///
/// Outward: acc_i = X_i acc_parent + S_i a_i. Inward: f_i = I_i (acc_i + bias_i) + v_i x* I_i v_i -
/// external + forces of the children; tau_i = S_i' f_i + rotor a_i.
/// Source: Featherstone 2008, table 5.1.
#include "body/recursion.lane.h"

/// acc of one link and what its motion asks for.
KC_INLINE void move_link(const kc_tree *tree, kc_body_work *work, int i, kc_kind kind, real x,
                         const kc_spatial *parent) {
  kc_spatial acc = kc_motion_down_kind(tree, work, i, kind, parent);
  kc_joint_add_motion_kind(tree, i, kind, x, &acc);
  kc_spatial_store(&work->acc[i], &acc);
}

KC_INLINE void ask_link(const kc_tree *tree, kc_body_work *work, int i) {
  kc_spatial *sum = &work->wrench[i];
  const real *inertial = work->inertial[tree->base[i]].v, *external = work->force[i].v;
  for (int k = 0; k < 6; k++)
    sum->v[k] = inertial[k] - external[k];
  if (!(tree->trait[i] & KC_LINK_MASSIVE))
    return;
  kc_spatial own = kc_link_momentum(tree, i, &work->acc[i]); // I acc
  for (int k = 0; k < 6; k++)
    sum->v[k] += own.v[k];
}

KC_INLINE real load_parent(const kc_tree *tree, kc_body_work *work, int i, kc_kind kind) {
  const kc_spatial *own = &work->wrench[i];
  if (tree->parent[i] >= 0) {
    kc_spatial up = kc_force_up(tree, work, i, kind, own);
    for (int k = 0; k < 6; k++)
      work->wrench[tree->parent[i]].v[k] += up.v[k];
  }
  return kc_joint_component(tree, i, kind, own);
}

// what the wrenches ask for at every joint, from the leaves to the root
static void load_joints(const kc_tree *tree, kc_body_work *work, real *tau) {
  for (int k = tree->n_joint - 1; k >= 0; k--) {
    int i = tree->order[k];
    real own;
#define KERNEL(kind) own = load_parent(tree, work, i, kind)
    KC_BY_KIND(tree->kind[i], KERNEL)
#undef KERNEL
    tau[i] = tree->sign[i] * own;
  }
}

void kc_body_compute_forces(const kc_tree *tree, const real *a, kc_body_work *work, real *tau) {
  const kc_spatial rest = kc_spatial_make(kc_vec3_make(0, 0, 0), kc_vec3_make(0, 0, 0));
  for (int k = 0; k < tree->n_joint; k++) {
    int i = tree->order[k], p = tree->parent[i];
    const kc_spatial *parent = p < 0 ? &rest : &work->acc[p];
    real x = tree->sign[i] * a[i];
#define KERNEL(kind) move_link(tree, work, i, kind, x, parent)
    KC_BY_KIND(tree->kind[i], KERNEL)
#undef KERNEL
    ask_link(tree, work, i);
  }
  load_joints(tree, work, tau);
  for (int i = 0; i < tree->n_joint; i++)
    tau[i] += tree->rotor_inertia[i] * a[i];
}

void kc_body_project_forces(const kc_tree *tree, const kc_spatial *force, kc_body_work *work,
                            real *tau) {
  for (int i = 0; i < tree->n_joint; i++)
    kc_spatial_store(&work->wrench[i], &force[i]);
  load_joints(tree, work, tau);
}
