/// @file
/// Jacobian of a point fixed in a link, in ground axes.
///
///   column j (hinge): (e_j, e_j x (p - o_j)),  (slide): (0, e_j),  e_j = sign_j times the z axis
///   of link j, for j on the path from the root. Distances are taken in work->local.
#include "body/recursion.lane.h"

void kc_body_compute_jacobian(const kc_tree *tree, const kc_body_work *work, int link,
                              const kc_vec3 *point, real *J) {
  int n = tree->n_joint;
  kc_vec3 p = kc_vec3_add(work->local[link], kc_mat3_apply(&work->rot[link], *point));
  for (int k = 0; k < 6 * n; k++)
    J[k] = kc_real(0);
  for (int j = link; j >= 0; j = tree->parent[j]) {
    const real *R = work->rot[j].m;
    kc_vec3 e = kc_vec3_scale(tree->sign[j], (kc_vec3){{R[2], R[5], R[8]}}), v = e;
    if (tree->type[j] == KC_REVOLUTE) {
      v = kc_vec3_cross(e, kc_vec3_sub(p, work->local[j]));
      for (int k = 0; k < 3; k++)
        J[k * n + j] = e.v[k];
    }
    for (int k = 0; k < 3; k++)
      J[(3 + k) * n + j] = v.v[k];
  }
}
