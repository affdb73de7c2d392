// Air drag at one point of one link, in still air.
//
//   f = -1/2 rho CdA |v| v,   rho = 1.204 kg/m3
// Density of dry air at 20 C and 101.325 kPa (CRC Handbook of Chemistry and Physics). The drag area
// of the whole runner is put at one point; explicit in the step (its damping is below 1 N s/m).
#include "force/force_parts.lane.h"

static const double air_density = 1.204; // kg/m3

void kc_force_load_drag(kc_force *force, const kc_tree *tree, int lane, const kc_model *model) {
  if (force->drag_link < 0)
    return;
  vec_load(&force->drag_point, lane, &tree->to_link[force->drag_link], model->drag_point);
  kc_set(&force->drag_gain, lane, 0.5 * air_density * model->drag_area);
}

void kc_force_compute_drag(const kc_force *force, kc_body_work *body, kc_force_work *work) {
  if (force->drag_link < 0)
    return;
  kc_vec3 velocity = twist_at(&body->vel[force->drag_link], force->drag_point);
  real speed = kc_sqrt(kc_vec3_dot(velocity, velocity));
  kc_vec3 pull = kc_vec3_scale(-force->drag_gain * speed, velocity);
  wrench_add(&body->force[force->drag_link], force->drag_point, pull);
  work->scratch->drag_explicit = pull;
}

void kc_force_complete_drag(const kc_force *force, const kc_force_span *span,
                            const kc_body_work *body, kc_force_work *work) {
  const kc_vec3 zero = kc_vec3_make(0.0, 0.0, 0.0);
  if (force->drag_link < 0) {
    work->drag_force = zero, work->drag_point = zero;
    work->drag_power = kc_real(0.0);
    return;
  }
  int link = force->drag_link;
  const struct kc_force_scratch *scratch = work->scratch;
  kc_vec3 gain = twist_at(&body->acc[link], force->drag_point);
  kc_vec3 mean = vec_add_scaled(twist_at(&span->vel[link], force->drag_point), span->mean, gain);
  work->drag_power = kc_vec3_dot(scratch->drag_explicit, mean);
  work->drag_force = kc_mat3_apply(&body->rot[link], scratch->drag_explicit);
  work->drag_point =
      kc_vec3_add(body->pos[link], kc_mat3_apply(&body->rot[link], force->drag_point));
}
