// Generalized forces of bands: of all together, and of each about single joints, such as what a
// band does to a hip.
//
// A band pulls on the links of its via points; about a joint's axis z through its origin o
//   moment = z . sum over points p beyond the joint of (p - o) x f_p
// with f_p the pull at p. Powers about joints follow from it: moment times joint velocity.
#include "force/force_parts.lane.h"
#include <string.h>

// wrench of unit tension at a via point about the origin of its link, ground axes
static kc_spatial eval_pull(const kc_body_work *body, int link, const kc_spatial *pull) {
  const kc_mat3 *L = &body->rot[link];
  return kc_spatial_make(kc_mat3_apply(L, kc_spatial_angular(pull)),
                         kc_mat3_apply(L, kc_spatial_linear(pull)));
}

// its moment about an axis (hinge) or component along it (slide)
static real eval_lever(const kc_tree *tree, const kc_body_work *body, int joint, int link,
                       const kc_spatial *pull) {
  const kc_mat3 *J = &body->rot[joint];
  kc_vec3 axis = kc_vec3_scale(tree->sign[joint], (kc_vec3){{J->m[2], J->m[5], J->m[8]}});
  kc_vec3 force = kc_spatial_linear(pull);
  if (tree->type[joint] == KC_PRISMATIC)
    return kc_vec3_dot(axis, force);
  kc_vec3 arm = kc_vec3_sub(body->local[link], body->local[joint]);
  return kc_vec3_dot(axis, kc_vec3_add(kc_spatial_angular(pull), kc_vec3_cross(arm, force)));
}

// of unit tension at one via point, added in the columns of the joints above it
static void add_levers(const kc_tree *tree, const kc_body_work *body, int link,
                       const kc_spatial *pull, const int *column, real *row) {
  kc_spatial turned;
  int is_turned = 0;
  for (int above = link; above >= 0; above = tree->parent[above]) {
    if (column[above] < 0)
      continue;
    if (!is_turned)
      turned = eval_pull(body, link, pull), is_turned = 1;
    row[column[above]] += eval_lever(tree, body, above, link, &turned);
  }
}

void kc_force_compute_band_moments(const kc_force *force, int n, const int *joint,
                                   const kc_tree *tree, const kc_body_work *body,
                                   const kc_force_work *work, real *moment) {
  int *column = work->scratch->column;
  for (int j = 0; j < force->n_joint; j++)
    column[j] = -1;
  for (int k = 0; k < n; k++)
    column[joint[k]] = k;
  for (int b = 0; b < force->n_band; b++) {
    real *row = moment + (size_t)b * (size_t)n;
    for (int k = 0; k < n; k++)
      row[k] = kc_real(0.0);
    int first = force->band_adr[b], end = first + force->band_n_point[b];
    for (int i = first; i < end; i++)
      add_levers(tree, body, force->point_link[i], &work->scratch->pull[i], column, row);
    for (int k = 0; k < n; k++)
      row[k] *= work->band_force[b];
  }
}

void kc_force_compute_band_torques(const kc_force *force, const kc_tree *tree, kc_body_work *body,
                                   kc_force_work *work, real *torque) {
  kc_spatial *sum = work->scratch->band_pull;
  memset((void *)sum, 0, (size_t)force->n_joint * sizeof *sum);
  for (int b = 0; b < force->n_band; b++) {
    int first = force->band_adr[b], end = first + force->band_n_point[b];
    for (int i = first; i < end; i++)
      for (int k = 0; k < 6; k++)
        sum[force->point_link[i]].v[k] += work->band_force[b] * work->scratch->pull[i].v[k];
  }
  kc_body_project_forces(tree, sum, body, torque);
}
