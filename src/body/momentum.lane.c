/// @file
/// Mass centre, linear and angular momentum, kinetic and potential energy of the whole body.
///
/// Sums over massive links in link axes, turned to ground; moments are taken about the free root's
/// origin (work->local) and carried to the mass centre at the end.
#include "body/recursion.lane.h"

real kc_body_compute_momentum(const kc_tree *tree, const kc_body_work *work, kc_vec3 *com,
                              kc_vec3 *linear, kc_vec3 *angular) {
  const kc_vec3 zero = kc_vec3_make(0, 0, 0);
  real mass = kc_real(0);
  kc_vec3 moment = zero, p = zero, h = zero;
  for (int i = 0; i < tree->n_joint; i++) {
    if (!(tree->trait[i] & KC_LINK_MASSIVE))
      continue;
    kc_spatial own = kc_link_momentum(tree, i, &work->vel[i]);
    kc_vec3 turning = kc_mat3_apply(&work->rot[i], kc_spatial_angular(&own));
    kc_vec3 moving = kc_mat3_apply(&work->rot[i], kc_spatial_linear(&own));
    mass += tree->mass[i];
    moment = kc_vec3_add(moment, kc_vec3_scale(tree->mass[i], work->local[i]));
    moment = kc_vec3_add(moment, kc_mat3_apply(&work->rot[i], tree->moment[i]));
    p = kc_vec3_add(p, moving);
    h = kc_vec3_add(h, kc_vec3_add(turning, kc_vec3_cross(work->local[i], moving)));
  }
  // the free root's origin in ground: any link's pos less its local
  kc_vec3 root = tree->free_root ? work->pos[2] : zero;
  kc_vec3 centre = kc_vec3_scale(kc_real(1) / mass, moment);
  *com = kc_vec3_add(root, centre);
  *linear = p;
  *angular = kc_vec3_sub(h, kc_vec3_cross(centre, p));
  return mass;
}

void kc_body_compute_energy(const kc_tree *tree, const kc_body_work *work, real *kinetic,
                            real *potential) {
  real twice = kc_real(0), weight = kc_real(0);
  for (int i = 0; i < tree->n_joint; i++) {
    if (!(tree->trait[i] & KC_LINK_MASSIVE))
      continue;
    kc_spatial own = kc_link_momentum(tree, i, &work->vel[i]);
    for (int k = 0; k < 6; k++)
      twice += own.v[k] * work->vel[i].v[k];
    kc_vec3 moment = kc_vec3_add(kc_vec3_scale(tree->mass[i], work->pos[i]),
                                 kc_mat3_apply(&work->rot[i], tree->moment[i]));
    weight += kc_vec3_dot(tree->gravity, moment);
  }
  *kinetic = kc_real(0.5) * twice;
  *potential = -weight;
}
