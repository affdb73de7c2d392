// Moment arms: what unit tension does to a coordinate.
//
// The generalized force on a joint is its axis times the sum of the wrenches on all links beyond
// it. With the joint's screw in the frame of link k, z its axis and o the way to its origin,
//   S = (z, o x z),  arm = sum over links k beyond the joint of S_k . pull_k
// As all wrenches of a muscle are in equilibrium, the near side gives the same with the other sign;
// the side with fewer links is taken.
#include "force/path_parts.lane.h"
#include <string.h>

static kc_spatial eval_screw(const kc_tree *tree, const kc_body_work *body, int joint, int link) {
  const kc_mat3 *J = &body->rot[joint], *L = &body->rot[link];
  const kc_vec3 zero = kc_vec3_make(0.0, 0.0, 0.0);
  kc_vec3 axis = kc_vec3_scale(tree->sign[joint], (kc_vec3){{J->m[2], J->m[5], J->m[8]}});
  kc_vec3 z = kc_mat3_apply_transposed(L, axis);
  if (tree->type[joint] == KC_PRISMATIC)
    return kc_spatial_make(zero, z);
  kc_vec3 way = kc_vec3_sub(body->local[joint], body->local[link]);
  return kc_spatial_make(z, kc_vec3_cross(kc_mat3_apply_transposed(L, way), z));
}

static real eval_arm(const kc_paths *paths, const path_crossing *crossing, const kc_spatial *screw,
                     const kc_spatial *pull) {
  real sum = kc_real(0.0);
  for (int t = crossing->term_adr; t < crossing->term_adr + crossing->n_term; t++) {
    const real *S = screw[paths->term_screw[t]].v, *f = pull[paths->term_contact[t]].v;
    sum += S[0] * f[0] + S[1] * f[1] + S[2] * f[2] + (S[3] * f[3] + S[4] * f[4] + S[5] * f[5]);
  }
  return crossing->sign * sum;
}

int kc_path_crosses(const kc_paths *paths, int muscle, int joint) {
  int crosses = 0;
  for (int i = paths->crossing_adr[muscle]; i < paths->crossing_adr[muscle + 1]; i++)
    crosses |= paths->crossing[i].joint == joint;
  for (int i = paths->guide_adr[muscle]; i < paths->guide_adr[muscle + 1]; i++)
    crosses |= paths->guide_joint[i] == joint;
  return crosses;
}

// columns of the joints that are asked for, and their screws
static void prepare(const kc_paths *paths, int n, const int *joint, const kc_tree *tree,
                    const kc_body_work *body, path_scratch *scratch) {
  int *column = scratch->column;
  for (int j = 0; j < paths->n_joint; j++)
    column[j] = -1;
  for (int i = 0; i < n; i++)
    column[joint[i]] = i;
  for (int i = 0; i < paths->n_screw; i++)
    if (column[paths->screw_joint[i]] >= 0)
      scratch->screw[i] = eval_screw(tree, body, paths->screw_joint[i], paths->screw_link[i]);
}

// arms of one muscle, `stride` apart; those of joints it does not cross stay as they are, zero
static void add_arms(const kc_paths *paths, int muscle, const kc_path_work *work, size_t stride,
                     real *arm) {
  const path_scratch *scratch = work->scratch;
  const int *column = scratch->column;
  for (int i = paths->crossing_adr[muscle]; i < paths->crossing_adr[muscle + 1]; i++) {
    const path_crossing *crossing = &paths->crossing[i];
    int k = column[crossing->joint];
    if (k >= 0)
      arm[(size_t)k * stride] = eval_arm(paths, crossing, scratch->screw, work->pull);
  }
  for (int i = paths->guide_adr[muscle]; i < paths->guide_adr[muscle + 1]; i++) {
    int k = column[paths->guide_joint[i]];
    if (k >= 0)
      arm[(size_t)k * stride] += work->guide_pull[i];
  }
}

void kc_path_compute_arms(const kc_paths *paths, int n, const int *joint, const kc_tree *tree,
                          const kc_body_work *body, const kc_path_work *work, real *arm) {
  prepare(paths, n, joint, tree, body, work->scratch);
  memset(arm, 0, (size_t)paths->n_muscle * (size_t)n * sizeof *arm);
  for (int m = 0; m < paths->n_muscle; m++)
    add_arms(paths, m, work, 1, arm + (size_t)m * (size_t)n);
}

void kc_path_compute_group_arms(const kc_paths *paths, int n_muscle, const int *muscle, int n,
                                const int *joint, const kc_tree *tree, const kc_body_work *body,
                                const kc_path_work *work, real *arm) {
  prepare(paths, n, joint, tree, body, work->scratch);
  memset(arm, 0, (size_t)n_muscle * (size_t)n * sizeof *arm);
  for (int i = 0; i < n_muscle; i++)
    add_arms(paths, muscle[i], work, (size_t)n_muscle, arm + i);
}
