// Foot spheres: closed form, normal and slope by finite differences, gradient of the energy,
// damping matrix by finite differences, friction.
#include "force_rig.h"

// at zero angles the pelvis hinges turn about Z, X, Y; a leg is still: velocities are known by hand
static void test_hunt_crossley_closed_form(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 0);
  for (int lane = 0; lane < KC_LANES; lane++) {
    r.ground[lane].grade = r.ground[lane].camber = 0.0;
    r.ground[lane].stiffness_scale = 0.71, r.ground[lane].damping_scale = 1.37;
    for (int i = 0; i < N_SPHERE; i++)
      r.lane[lane].sphere[i].radius = 0.027 + 0.002 * i;
    r.lane[lane].band[0].on = r.lane[lane].band[1].on = 0.0;
  }
  rig_load(&r);
  static const double speed[6] = {3.17, -0.83, 0.29, 1.13, -0.71, 0.53};
  for (int i = 0; i < N_JOINT; i++)
    r.q[i] = r.v[i] = kc_real(0.0);
  for (int i = 0; i < 6; i++)
    r.v[i] = kc_real(speed[i]);
  r.q[1] = kc_real(0.96);
  rig_run(&r);
  int touching = 0;
  for (int lane = 0; lane < KC_LANES; lane++)
    for (int i = 0; i < N_SPHERE; i++) {
      const rig_model *m = &r.lane[lane];
      const kc_sphere *s = &m->sphere[i];
      double at[3];
      for (int k = 0; k < 3; k++) {
        at[k] = s->position[k];
        for (int j = s->link; j > PELVIS; j = m->joint[j].parent)
          at[k] += m->joint[j].offset[k];
      }
      at[1] -= s->radius;
      double depth = -(0.96 + at[1]);
      double w[3] = {speed[4], speed[5], speed[3]};
      double v[3] = {speed[0] + w[1] * at[2] - w[2] * at[1], speed[1] + w[2] * at[0] - w[0] * at[2],
                     speed[2] + w[0] * at[1] - w[1] * at[0]};
      double push = depth > 0 ? 0.71 * s->stiffness * depth * sqrt(depth) *
                                    (1.0 - 1.37 * s->dissipation * v[1])
                              : 0.0;
      if (push < 0)
        push = 0;
      double drag = -0.8 * push / sqrt(v[0] * v[0] + v[2] * v[2] + 0.05 * 0.05);
      near("x", kc_get(r.work->sphere_force[i].v[0], lane), drag * v[0], 1e-10 * (1 + push));
      near("y", kc_get(r.work->sphere_force[i].v[1], lane), push, 1e-10 * (1 + push));
      near("z", kc_get(r.work->sphere_force[i].v[2], lane), drag * v[2], 1e-10 * (1 + push));
      near("point", kc_get(r.work->sphere_point[i].v[1], lane), 0.96 + at[1], 1e-13);
      near("power", kc_get(r.work->sphere_power[i], lane),
           drag * (v[0] * v[0] + v[2] * v[2]) + push * v[1], 1e-9 * (1 + push));
      touching += push > 10.0;
    }
  assert_true(touching >= 2);
  rig_destroy(&r);
}

static void test_slope_is_the_derivative_of_height(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 11);
  uint64_t seed = 3;
  for (int round = 0; round < 20; round++) {
    real x, z, h, hx, hz, up, down, slope, d = kc_real(1e-5);
    for (int lane = 0; lane < KC_LANES; lane++)
      kc_set(&x, lane, 90 * rig_draw(&seed)), kc_set(&z, lane, 3 * rig_draw(&seed));
    kc_ground_compute_height(r.force, x, z, &h, &hx, &hz);
    kc_ground_compute_height(r.force, x + d, z, &up, &slope, &slope);
    kc_ground_compute_height(r.force, x - d, z, &down, &slope, &slope);
    for (int lane = 0; lane < KC_LANES; lane++)
      near("dh/dx", kc_get((up - down) / (d + d), lane), kc_get(hx, lane), 1e-9);
    kc_ground_compute_height(r.force, x, z + d, &up, &slope, &slope);
    kc_ground_compute_height(r.force, x, z - d, &down, &slope, &slope);
    for (int lane = 0; lane < KC_LANES; lane++)
      near("dh/dz", kc_get((up - down) / (d + d), lane), kc_get(hz, lane), 1e-9);
  }
  rig_destroy(&r);
}

// at rest the force is along the normal of the slope, and stands at the sphere's lowest point to it
static void test_force_at_rest_is_normal(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 5);
  rig_draw_state(&r, 17, 0.0);
  rig_run(&r);
  int touching = 0;
  for (int i = 0; i < N_SPHERE; i++) {
    const kc_vec3 *f = &r.work->sphere_force[i], *p = &r.work->sphere_point[i];
    for (int lane = 0; lane < KC_LANES; lane++) {
      double n[3], size = 0.0, radius = r.lane[lane].sphere[i].radius;
      for (int k = 0; k < 3; k++)
        n[k] = kc_get(f->v[k], lane), size += n[k] * n[k];
      size = sqrt(size);
      if (size < 1.0)
        continue;
      touching++;
      real h, hx, hz;
      kc_ground_compute_height(r.force, p->v[0] + kc_real(radius * n[0] / size),
                               p->v[2] + kc_real(radius * n[2] / size), &h, &hx, &hz);
      near("n_x / n_y", n[0] / n[1], -kc_get(hx, lane), 1e-12);
      near("n_z / n_y", n[2] / n[1], -kc_get(hz, lane), 1e-12);
      double d = rig_depth(&r, i, lane), k = r.lane[lane].sphere[i].stiffness;
      near("size", size, k * d * sqrt(d), 1e-9 * size);
    }
  }
  assert_true(touching >= KC_LANES);
  rig_destroy(&r);
}

static void set_conservative(rig_state *r) {
  for (int lane = 0; lane < KC_LANES; lane++) {
    r->ground[lane].friction = 0.0;
    for (int i = 0; i < N_SPHERE; i++)
      r->lane[lane].sphere[i].dissipation = 0.0;
    for (int i = 0; i < N_BAND; i++)
      r->lane[lane].band[i].loss = 0.0;
    r->lane[lane].model.drag_area = 0.0;
  }
  rig_load(r);
}

// energy of spheres and bands at a pose
static void eval_energy(rig_state *r, double *energy) {
  real tau[N_JOINT], zero[N_JOINT];
  for (int i = 0; i < N_JOINT; i++)
    zero[i] = kc_real(0.0);
  kc_body_compute_pose(r->tree, r->q, r->body);
  kc_body_compute_velocity(r->tree, zero, r->body);
  kc_body_clear_forces(r->tree, r->body);
  kc_force_span span = kc_force_span_of_step(zero, r->body, kc_real(0.0));
  kc_force_compute(r->force, r->q, &span, r->body, r->work, tau);
  for (int lane = 0; lane < KC_LANES; lane++) {
    energy[lane] = 0.0;
    for (int i = 0; i < N_SPHERE; i++) {
      double d = rig_depth(r, i, lane);
      energy[lane] += 0.4 * r->lane[lane].sphere[i].stiffness * d * d * sqrt(d);
    }
    for (int i = 0; i < N_BAND; i++)
      energy[lane] += kc_get(r->work->band_energy[i], lane);
  }
}

// without loss the generalised force is minus the gradient of the stored energy (plane, bands)
static void test_force_is_minus_gradient_of_energy(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 0);
  set_conservative(&r);
  for (uint64_t seed = 1; seed < 6; seed++) {
    double up[KC_LANES], down[KC_LANES];
    real tau[N_JOINT], delta = kc_real(2e-6);
    rig_draw_state(&r, seed, 0.0);
    eval_energy(&r, up);
    rig_project(&r, tau);
    for (int j = 0; j < N_JOINT; j++) {
      real q = r.q[j];
      r.q[j] = q + delta, eval_energy(&r, up);
      r.q[j] = q - delta, eval_energy(&r, down);
      r.q[j] = q;
      for (int lane = 0; lane < KC_LANES; lane++) {
        double want = -(up[lane] - down[lane]) / 4e-6;
        near("-dE/dq", kc_get(tau[j], lane), want, 2e-5 * (10.0 + fabs(want)));
      }
    }
  }
  rig_destroy(&r);
}

// change of the force on each link for a change of joint velocity: minus implicit over step
static void check_damping(rig_state *r, uint64_t seed, double speed) {
  const double h = 0.0013, delta = 1e-7;
  r->step = kc_real(h);
  rig_draw_state(r, seed, speed);
  for (int j = 0; j < N_JOINT; j++) {
    kc_spatial force[2][N_JOINT], vel[2][N_JOINT];
    real v = r->v[j];
    for (int side = 0; side < 2; side++) {
      r->v[j] = v + kc_real(side ? -delta : delta);
      rig_run(r);
      for (int i = 0; i < N_JOINT; i++)
        force[side][i] = r->body->force[i], vel[side][i] = r->body->vel[i];
    }
    r->v[j] = v;
    rig_run(r);
    for (int link = 9; link < N_JOINT; link += 3) {
      real twist[6], damped[6];
      for (int k = 0; k < 6; k++)
        twist[k] = vel[0][link].v[k] - vel[1][link].v[k];
      const kc_inertia *H = &r->body->implicit[link];
      static const int at[9] = {0, 3, 4, 3, 1, 5, 4, 5, 2};
      for (int k = 0; k < 3; k++) {
        damped[k] = damped[3 + k] = kc_real(0.0);
        for (int l = 0; l < 3; l++) {
          damped[k] += H->a[at[3 * k + l]] * twist[l] + H->b[3 * k + l] * twist[3 + l];
          damped[3 + k] += H->b[3 * l + k] * twist[l] + H->d[at[3 * k + l]] * twist[3 + l];
        }
      }
      for (int k = 0; k < 6; k++)
        for (int lane = 0; lane < KC_LANES; lane++) {
          double want = kc_get(force[0][link].v[k] - force[1][link].v[k], lane) / (2 * delta);
          near("dF/dv", -kc_get(damped[k], lane) / h / (2 * delta), want,
               2e-5 * (100.0 + fabs(want)));
        }
    }
  }
}

// friction's secant equals its tangent at rest; the normal part is exact at any velocity
static void test_damping_is_the_derivative_of_force(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 3);
  for (int lane = 0; lane < KC_LANES; lane++)
    r.lane[lane].band[0].on = r.lane[lane].band[1].on = 0.0;
  rig_load(&r);
  check_damping(&r, 5, 0.0);
  for (int lane = 0; lane < KC_LANES; lane++)
    r.ground[lane].friction = 0.0;
  rig_load(&r);
  check_damping(&r, 6, 0.4);
  rig_destroy(&r);
}

static void test_friction_dissipates_within_its_cone(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 4);
  int sliding = 0;
  for (uint64_t seed = 1; seed < 40; seed++) {
    rig_draw_state(&r, seed, 0.02 * (double)(seed * seed));
    rig_run(&r);
    for (int i = 0; i < N_SPHERE; i++)
      for (int lane = 0; lane < KC_LANES; lane++) {
        real h, hx, hz;
        const kc_vec3 *p = &r.work->sphere_point[i];
        double radius = r.lane[lane].sphere[i].radius, f[3], n[3], along = 0.0, across = 0.0;
        // the normal belongs to the centre, which lies above the contact point by R n
        kc_ground_compute_height(r.force, p->v[0], p->v[2], &h, &hx, &hz);
        for (int round = 0; round < 30; round++) {
          double x = kc_get(hx, lane), z = kc_get(hz, lane), s = 1.0 / sqrt(1.0 + x * x + z * z);
          n[0] = -x * s, n[1] = s, n[2] = -z * s;
          kc_ground_compute_height(r.force, p->v[0] + kc_real(radius * n[0]),
                                   p->v[2] + kc_real(radius * n[2]), &h, &hx, &hz);
        }
        for (int k = 0; k < 3; k++)
          f[k] = kc_get(r.work->sphere_force[i].v[k], lane);
        for (int k = 0; k < 3; k++)
          along += f[k] * n[k];
        for (int k = 0; k < 3; k++)
          across += (f[k] - along * n[k]) * (f[k] - along * n[k]);
        assert_true(along >= -1e-9);
        if (sqrt(across) > 0.8 * along + 1e-7)
          near("cone", sqrt(across), 0.8 * along, 1e-7);
        sliding += sqrt(across) > 0.7 * along && along > 1.0;
        // slip power: no dissipation along the normal can hide it, as the normal's share is known
        kc_vec3 zero = {{kc_real(0), kc_real(0), kc_real(0)}}, v = zero;
        int link = r.lane[lane].sphere[i].link;
        kc_vec3 arm, off = *p;
        for (int k = 0; k < 3; k++)
          off.v[k] -= r.body->pos[link].v[k];
        for (int k = 0; k < 3; k++) {
          arm.v[k] = kc_real(0.0);
          for (int l = 0; l < 3; l++)
            arm.v[k] += r.body->rot[link].m[3 * l + k] * off.v[l];
        }
        v = kc_body_point_velocity(r.body, link, &arm);
        double normal_speed = 0.0;
        for (int k = 0; k < 3; k++)
          normal_speed += kc_get(v.v[k], lane) * n[k];
        double slip_power = kc_get(r.work->sphere_power[i], lane) - along * normal_speed;
        assert_true(slip_power <= 1e-9);
      }
  }
  assert_true(sliding > 10);
  rig_destroy(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_hunt_crossley_closed_form),
                                     cmocka_unit_test(test_slope_is_the_derivative_of_height),
                                     cmocka_unit_test(test_force_at_rest_is_normal),
                                     cmocka_unit_test(test_force_is_minus_gradient_of_energy),
                                     cmocka_unit_test(test_damping_is_the_derivative_of_force),
                                     cmocka_unit_test(test_friction_dissipates_within_its_cone)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
