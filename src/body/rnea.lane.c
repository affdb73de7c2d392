/// @file
/// Recursive Newton-Euler: the joint torques that a motion asks for.
///
/// Outward: acc_i = X_i acc_parent + S_i a_i. Inward: f_i = I_i (acc_i + bias_i) + v_i x* I_i v_i -
/// external + forces of the children; tau_i = S_i' f_i + rotor a_i.
/// Source: Featherstone 2008, table 5.1.
#include "body/recursion.lane.h"

static void add_inertial_force(const kc_tree *tree, int i, const kc_spatial *acc, kc_spatial *f) {
  kc_spatial own = kc_link_momentum(tree, i, acc); // I acc
  for (int k = 0; k < 6; k++)
    f->v[k] += own.v[k];
}

void kc_body_compute_forces(const kc_tree *tree, const real *a, kc_body_work *work, real *tau) {
  for (int i = 0; i < tree->n_joint; i++) {
    int p = tree->parent[i];
    kc_spatial acc = kc_spatial_make(kc_vec3_make(0, 0, 0), kc_vec3_make(0, 0, 0));
    if (p >= 0)
      acc = kc_motion_down(tree, work, i, &work->acc[p]);
    kc_joint_add_motion(tree, i, tree->sign[i] * a[i], &acc);
    work->acc[i] = acc;
    work->wrench[i] = kc_link_bias_force(tree, work, i);
    if (tree->trait[i] & KC_LINK_MASSIVE)
      add_inertial_force(tree, i, &acc, &work->wrench[i]);
  }
  for (int i = tree->n_joint - 1; i >= 0; i--) {
    int p = tree->parent[i];
    real own = work->wrench[i].v[tree->type[i] == KC_REVOLUTE ? 2 : 5];
    tau[i] = tree->sign[i] * own + tree->rotor_inertia[i] * a[i];
    if (p >= 0)
      kc_force_add_up(tree, work, i, &work->wrench[i], &work->wrench[p]);
  }
}
