// Foot spheres on the smooth surface y = h(x, z): Hunt-Crossley with regularised Coulomb friction.
//
//   n    = (-dh/dx, 1, -dh/dz) / |.|  at the sphere's centre      gap = (y - h) n_y - R
//   d    = max(-gap, 0)               d' = -v . n                 (v: material point at -R n)
//   f_n  = max(k d^1.5 (1 + c d'), 0) f_t = -b v_t,  b = mu f_n / sqrt(v_t^2 + slip_speed^2)
// Damping used implicitly: D = k d^1.5 c n n' (where f_n > 0) + b (I - n n'); the secant of
// friction, so D is positive semidefinite and always dissipates. Over a step the force is that at
// the point's velocity v_held + settle J a with coefficients from (q, v); J a: change of the
// point's velocity at frozen configuration.
// Assumptions: the surface is flat over a sphere (gap exact on a plane, first order in curvature x
// depth else; d' leaves out the turning of n along the way). The end of a step may pull for that
// one step by at most settle D J a. No rolling resistance, no stick spring: under load a foot
// creeps at about slip_speed f_t / (mu f_n).
// Source: Hunt and Crossley 1975 (doi:10.1115/1.3423596); smooth form as in numbers.md A8, with
// k = 4/3 sqrt(R) E* and 1.5 c of that source written k and c here.
#include "force/force_parts.lane.h"

void kc_force_load_contact(kc_force *force, const kc_tree *tree, int lane, const kc_model *model,
                           const kc_ground *ground) {
  for (int i = 0; i < force->n_sphere; i++) {
    const kc_sphere *from = &model->sphere[i];
    force_sphere *to = &force->sphere[i];
    vec_load(&to->position, lane, &tree->to_link[force->sphere_link[i]], from->position);
    kc_set(&to->radius, lane, from->radius);
    kc_set(&to->stiffness, lane, from->stiffness * ground->stiffness_scale);
    kc_set(&to->dissipation, lane, from->dissipation * ground->damping_scale);
  }
}

// depth below the ground, and the ground's normal (ground axes)
static real eval_depth(const kc_force *force, const force_sphere *sphere, real offset,
                       kc_vec3 centre, kc_vec3 *normal) {
  real height, slope_x, slope_z;
  kc_ground_compute_height(force, centre.v[0], centre.v[2], &height, &slope_x, &slope_z);
  real inverse = kc_real(1.0) / kc_sqrt(kc_real(1.0) + slope_x * slope_x + slope_z * slope_z);
  *normal = (kc_vec3){{-slope_x * inverse, inverse, -slope_z * inverse}};
  return kc_max(sphere->radius - (centre.v[1] - height - offset) * inverse, kc_real(0.0));
}

// the law in the link frame: coefficients at the velocity `now`, forces at `held`
static void eval_sphere(const kc_force *force, int index, const kc_mat3 *rot, const kc_vec3 *pos,
                        const kc_spatial *now, const kc_spatial *held, force_sphere_kept *kept) {
  const force_sphere *sphere = &force->sphere[index];
  kc_vec3 normal, centre = kc_vec3_add(*pos, kc_mat3_apply(rot, sphere->position));
  real offset = force->ground_offset[force->sphere_side[index]];
  real depth = eval_depth(force, sphere, offset, centre, &normal);
  normal = kc_mat3_apply_transposed(rot, normal);
  kc_vec3 arm = vec_add_scaled(sphere->position, -sphere->radius, normal);
  kc_vec3 velocity = twist_at(now, arm), from = twist_at(held, arm);

  // along the normal
  real speed = kc_vec3_dot(normal, velocity), speed_held = kc_vec3_dot(normal, from);
  real spring = sphere->stiffness * depth * kc_sqrt(depth);
  real push = spring * (kc_real(1.0) - sphere->dissipation * speed);
  mask pushing = kc_gt(push, kc_real(0.0));
  push = kc_select(pushing, push, kc_real(0.0));
  spring = kc_select(pushing, spring, kc_real(0.0));
  kept->damping_normal = spring * sphere->dissipation;
  real push_held = spring - kept->damping_normal * speed_held;

  // across it
  kc_vec3 slip = vec_add_scaled(velocity, -speed, normal);
  kc_vec3 slip_held = vec_add_scaled(from, -speed_held, normal);
  real regular = kc_vec3_dot(slip, slip) + force->slip_speed * force->slip_speed;
  kept->damping_tangent = force->friction * push / kc_sqrt(regular);

  kept->normal = normal, kept->arm = arm, kept->velocity = from;
  kept->force = vec_add_scaled(kc_vec3_scale(push_held, normal), -kept->damping_tangent, slip_held);
}

// time times D, from the contact point to the link's origin: [r]D[r]', [r]D, D with
// D = b I + e n n' and m = r x n
static void add_implicit(const force_sphere_kept *kept, const kc_force_span *span, kc_inertia *to) {
  static const int row[6] = {0, 1, 2, 0, 0, 1}, column[6] = {0, 1, 2, 1, 2, 2};
  const real *r = kept->arm.v, *n = kept->normal.v;
  real b = span->settle * kept->damping_tangent;
  real e = span->settle * kept->damping_normal - b;
  kc_vec3 m = kc_vec3_cross(kept->arm, kept->normal);
  real rr = kc_vec3_dot(kept->arm, kept->arm);
  for (int k = 0; k < 6; k++) {
    int i = row[k], j = column[k];
    real angular = e * m.v[i] * m.v[j] - b * r[i] * r[j];
    real linear = e * n[i] * n[j];
    to->a[k] += k < 3 ? angular + b * rr : angular;
    to->d[k] += k < 3 ? linear + b : linear;
  }
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      to->b[3 * i + j] += e * m.v[i] * n[j];
  to->b[1] -= b * r[2], to->b[2] += b * r[1];
  to->b[3] += b * r[2], to->b[5] -= b * r[0];
  to->b[6] -= b * r[1], to->b[7] += b * r[0];
}

void kc_force_compute_contact(const kc_force *force, const kc_force_span *span, kc_body_work *body,
                              kc_force_work *work) {
  for (int i = 0; i < force->n_sphere; i++) {
    int link = force->sphere_link[i];
    force_sphere_kept *kept = &work->scratch->sphere[i];
    eval_sphere(force, i, &body->rot[link], &body->pos[link], &body->vel[link], &span->vel[link],
                kept);
    wrench_add(&body->force[link], kept->arm, kept->force);
    add_implicit(kept, span, &body->implicit[link]);
  }
}

// the wrench of the feet about the ground point under the first massive link
static void sum_feet(const kc_force *force, const kc_body_work *body, kc_force_work *work) {
  const kc_vec3 *above = &body->pos[force->origin_link];
  work->foot_origin = (kc_vec3){{above->v[0], kc_real(0.0), above->v[2]}};
  for (int side = 0; side < KC_N_SIDE; side++) {
    kc_spatial sum = {
        {kc_real(0.0), kc_real(0.0), kc_real(0.0), kc_real(0.0), kc_real(0.0), kc_real(0.0)}};
    for (int i = 0; i < force->n_sphere; i++)
      if (force->sphere_side[i] == side)
        wrench_add(&sum, kc_vec3_sub(work->sphere_point[i], work->foot_origin),
                   work->sphere_force[i]);
    work->foot_moment[side] = (kc_vec3){{sum.v[0], sum.v[1], sum.v[2]}};
    work->foot_force[side] = (kc_vec3){{sum.v[3], sum.v[4], sum.v[5]}};
  }
}

void kc_force_complete_contact(const kc_force *force, const kc_force_span *span,
                               const kc_body_work *body, kc_force_work *work) {
  for (int i = 0; i < force->n_sphere; i++) {
    int link = force->sphere_link[i];
    const force_sphere_kept *kept = &work->scratch->sphere[i];
    kc_vec3 gain = twist_at(&body->acc[link], kept->arm);
    kc_vec3 gain_settle = kc_vec3_scale(span->settle, gain);
    real along =
        (kept->damping_normal - kept->damping_tangent) * kc_vec3_dot(kept->normal, gain_settle);
    kc_vec3 applied = vec_add_scaled(kept->force, -kept->damping_tangent, gain_settle);
    applied = vec_add_scaled(applied, -along, kept->normal);
    kc_vec3 mean = vec_add_scaled(kept->velocity, span->mean, gain);
    work->sphere_power[i] = kc_vec3_dot(applied, mean);
    work->sphere_force[i] = kc_mat3_apply(&body->rot[link], applied);
    work->sphere_point[i] =
        kc_vec3_add(body->pos[link], kc_mat3_apply(&body->rot[link], kept->arm));
  }
  sum_feet(force, body, work);
}
