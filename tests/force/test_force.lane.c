// All forces together on a walker: what is reported is what moved the body; powers; mirror image;
// poisoned work; neighbours in lanes; energy over a bounce.
#include "force_rig.h"

#include "force/force_parts.lane.h"

// puts the reported forces (ground axes) on the links as plain external forces
static void apply_reported(rig_state *r) {
  const kc_force_work *w = r->work;
  for (int i = 0; i <= N_SPHERE; i++) {
    int link = i < N_SPHERE ? r->lane[0].sphere[i].link : TRUNK;
    const kc_vec3 *force = i < N_SPHERE ? &w->sphere_force[i] : &w->drag_force;
    kc_vec3 arm = kc_mat3_apply_transposed(
        &r->body->rot[link],
        kc_vec3_sub(i < N_SPHERE ? w->sphere_point[i] : w->drag_point, r->body->pos[link]));
    kc_body_add_force_g(r->body, link, &arm, force);
  }
  // tension along the polyline, from positions alone
  for (int b = 0; b < N_BAND; b++)
    for (int i = 3 * b; i < 3 * b + 2; i++) {
      kc_vec3 at[2], end[2];
      for (int k = 0; k < 2; k++) {
        const int link = r->lane[0].point[i + k].link;
        for (int lane = 0; lane < KC_LANES; lane++)
          for (int x = 0; x < 3; x++)
            kc_set(&end[k].v[x], lane, r->lane[lane].point[i + k].position[x]);
        end[k] = kc_mat3_apply(&r->tree->to_link[link], end[k]);
        at[k] = kc_body_point_position(r->body, link, &end[k]);
      }
      kc_vec3 span = kc_vec3_sub(at[1], at[0]);
      real scale = w->band_force[b] / kc_sqrt(kc_vec3_dot(span, span));
      for (int k = 0; k < 2; k++) {
        kc_vec3 pull = kc_vec3_scale(k ? -scale : scale, span);
        kc_body_add_force_g(r->body, r->lane[0].point[i + k].link, &end[k], &pull);
      }
    }
}

static double largest(const real *x, int n, int lane) {
  double top = 0.0;
  for (int i = 0; i < n; i++)
    if (fabs(kc_get(x[i], lane)) > top)
      top = fabs(kc_get(x[i], lane));
  return top;
}

// RNEA with the accelerations found and the forces reported asks for the actuator and the passive
// torques, with and without the implicit step
static void test_reported_forces_moved_the_body(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 4);
  int taut = 0;
  for (uint64_t seed = 1; seed < 60; seed++) {
    real tau[N_JOINT];
    r.step = kc_real(seed % 3 == 0 ? 0.0 : seed % 3 == 1 ? 0.00071 : 0.0043);
    rig_draw_state(&r, seed, 2.7);
    rig_run(&r);
    kc_body_clear_forces(r.tree, r.body);
    apply_reported(&r);
    kc_body_compute_forces(r.tree, r.a, r.body, tau);
    for (int lane = 0; lane < KC_LANES; lane++) {
      double size = 1.0 + largest(tau, N_JOINT, lane);
      for (int i = 0; i < N_SPHERE; i++)
        size += largest(r.work->sphere_force[i].v, 3, lane);
      for (int i = 0; i < N_JOINT; i++)
        near("tau", kc_get(tau[i], lane), kc_get(r.tau[i] + r.work->passive_torque[i], lane),
             1e-11 * size);
      taut += kc_get(r.work->band_force[0], lane) > 5.0;
    }
  }
  assert_true(taut > 5);
  rig_destroy(&r);
}

// all powers times step are the change of kinetic energy at frozen configuration, less that of
// gravity and velocity products: mean velocity times (M a + bias)
static void test_powers_are_the_rate_of_energy(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 2);
  for (uint64_t seed = 1; seed < 60; seed++) {
    real tau[N_JOINT];
    r.step = kc_real(seed % 3 == 0 ? 0.0 : 0.0019);
    rig_draw_state(&r, seed, 1.9);
    rig_run(&r);
    kc_body_clear_forces(r.tree, r.body);
    kc_body_compute_forces(r.tree, r.a, r.body, tau);
    real want = kc_real(0.0), got = r.work->drag_power, size = kc_real(1.0);
    for (int i = 0; i < N_JOINT; i++) {
      real mean = r.v[i] + kc_real(0.5) * r.step * r.a[i];
      want += mean * (tau[i] - r.tau[i]);
      got += r.work->passive_power[i];
      size += kc_abs(mean * tau[i]) + kc_abs(r.work->passive_power[i]);
    }
    for (int i = 0; i < N_SPHERE; i++)
      got += r.work->sphere_power[i];
    for (int i = 0; i < N_BAND; i++)
      got += r.work->band_power[i];
    for (int lane = 0; lane < KC_LANES; lane++)
      near("power", kc_get(got, lane), kc_get(want, lane), 1e-11 * kc_get(size, lane));
  }
  rig_destroy(&r);
}

// the feet's wrench is that of their spheres about the stated point
static void test_foot_wrench(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 3);
  rig_draw_state(&r, 23, 1.1);
  rig_run(&r);
  for (int lane = 0; lane < KC_LANES; lane++) {
    near("x", kc_get(r.work->foot_origin.v[0], lane), kc_get(r.body->pos[PELVIS].v[0], lane), 0);
    near("y", kc_get(r.work->foot_origin.v[1], lane), 0, 0);
    near("z", kc_get(r.work->foot_origin.v[2], lane), kc_get(r.body->pos[PELVIS].v[2], lane), 0);
    for (int side = 0; side < KC_N_SIDE; side++) {
      double f[3] = {0, 0, 0}, m[3] = {0, 0, 0};
      for (int i = 3 * side; i < 3 * side + 3; i++) {
        double p[3], g[3];
        for (int k = 0; k < 3; k++) {
          g[k] = kc_get(r.work->sphere_force[i].v[k], lane);
          p[k] = kc_get(r.work->sphere_point[i].v[k] - r.work->foot_origin.v[k], lane);
          f[k] += g[k];
        }
        for (int k = 0; k < 3; k++)
          m[k] += p[(k + 1) % 3] * g[(k + 2) % 3] - p[(k + 2) % 3] * g[(k + 1) % 3];
      }
      for (int k = 0; k < 3; k++) {
        near("force", kc_get(r.work->foot_force[side].v[k], lane), f[k], 1e-10);
        near("moment", kc_get(r.work->foot_moment[side].v[k], lane), m[k], 1e-10);
      }
    }
  }
  rig_destroy(&r);
}

// the mirror image of a state has the mirror image of the forces
static void test_mirror_image(void **state) {
  (void)state;
  static const int partner[N_JOINT] = {0, 1, 2, 3, 4, 5, 6, 10, 11, 12, 7, 8, 9};
  rig_state one, two;
  rig_create(&one, 0);
  for (int lane = 0; lane < KC_LANES; lane++)
    one.ground[lane].camber = 0.0;
  rig_load(&one);
  rig_create(&two, 0);
  for (int lane = 0; lane < KC_LANES; lane++)
    two.ground[lane].camber = 0.0;
  rig_load(&two);
  one.step = two.step = kc_real(0.0013);
  rig_draw_state(&one, 31, 1.7);
  for (int i = 0; i < N_JOINT; i++) {
    real sign = kc_real(i == 2 || i == 4 || i == 5 ? -1.0 : 1.0);
    int j = partner[i];
    two.q[i] = sign * one.q[j], two.v[i] = sign * one.v[j], two.tau[i] = sign * one.tau[j];
  }
  rig_run(&one);
  rig_run(&two);
  for (int lane = 0; lane < KC_LANES; lane++) {
    for (int i = 0; i < N_SPHERE; i++)
      for (int k = 0; k < 3; k++)
        near("sphere", kc_get(two.work->sphere_force[(i + 3) % 6].v[k], lane),
             (k == 2 ? -1 : 1) * kc_get(one.work->sphere_force[i].v[k], lane), 1e-8);
    for (int i = 0; i < N_BAND; i++) {
      near("band", kc_get(two.work->band_force[1 - i], lane), kc_get(one.work->band_force[i], lane),
           1e-8);
      near("band power", kc_get(two.work->band_power[1 - i], lane),
           kc_get(one.work->band_power[i], lane), 1e-8);
    }
    for (int k = 0; k < 3; k++)
      near("moment", kc_get(two.work->foot_moment[1].v[k], lane),
           (k == 2 ? 1 : -1) * kc_get(one.work->foot_moment[0].v[k], lane), 1e-8);
  }
  rig_destroy(&one);
  rig_destroy(&two);
}

// what a run gives out, lane by lane
typedef struct {
  double x[16 * N_JOINT];
  int n;
} output;

static void put(output *out, const real *x, int n, int lane) {
  for (int i = 0; i < n; i++)
    out->x[out->n++] = kc_get(x[i], lane);
}

static output gather(const rig_state *r, int lane) {
  output out;
  memset(&out, 0, sizeof out);
  const kc_force_work *w = r->work;
  put(&out, r->a, N_JOINT, lane);
  for (int i = 0; i < N_SPHERE; i++)
    put(&out, w->sphere_force[i].v, 3, lane);
  for (int i = 0; i < N_SPHERE; i++)
    put(&out, w->sphere_point[i].v, 3, lane);
  put(&out, w->sphere_power, N_SPHERE, lane);
  for (int i = 0; i < KC_N_SIDE; i++)
    put(&out, w->foot_force[i].v, 3, lane);
  for (int i = 0; i < KC_N_SIDE; i++)
    put(&out, w->foot_moment[i].v, 3, lane);
  put(&out, w->foot_origin.v, 3, lane);
  put(&out, w->passive_torque, N_JOINT, lane);
  put(&out, w->passive_power, N_JOINT, lane);
  put(&out, w->band_length, N_BAND, lane);
  put(&out, w->band_rate, N_BAND, lane);
  put(&out, w->band_force, N_BAND, lane);
  put(&out, w->band_energy, N_BAND, lane);
  put(&out, w->band_power, N_BAND, lane);
  put(&out, w->drag_force.v, 3, lane);
  put(&out, w->drag_point.v, 3, lane);
  put(&out, &w->drag_power, 1, lane);
  return out;
}

static void poison(rig_state *r) {
  kc_force_work *w = r->work;
  struct kc_force_scratch *s = w->scratch;
  real bad = kc_real((double)NAN);
  for (int i = 0; i < N_SPHERE; i++) {
    for (int k = 0; k < 3; k++)
      w->sphere_force[i].v[k] = w->sphere_point[i].v[k] = bad;
    w->sphere_power[i] = bad;
  }
  for (int i = 0; i < N_JOINT; i++)
    w->passive_torque[i] = w->passive_power[i] = bad;
  for (int i = 0; i < N_BAND; i++)
    w->band_length[i] = w->band_rate[i] = w->band_force[i] = w->band_energy[i] = w->band_power[i] =
        bad;
  for (int k = 0; k < 3; k++) {
    w->drag_force.v[k] = w->drag_point.v[k] = w->foot_origin.v[k] = bad;
    for (int side = 0; side < 2; side++)
      w->foot_force[side].v[k] = w->foot_moment[side].v[k] = bad;
  }
  w->drag_power = bad;
  memset(s->sphere, 0xFF, N_SPHERE * sizeof *s->sphere);
  memset(s->pull, 0xFF, N_POINT * sizeof *s->pull);
  memset(s->passive_explicit, 0xFF, N_JOINT * sizeof *s->passive_explicit);
  memset(&s->drag_explicit, 0xFF, sizeof s->drag_explicit);
}

static void test_poisoned_work_changes_nothing(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 2);
  r.step = kc_real(0.0013);
  rig_draw_state(&r, 8, 1.3);
  rig_run(&r);
  output first[KC_LANES];
  for (int lane = 0; lane < KC_LANES; lane++)
    first[lane] = gather(&r, lane);
  poison(&r);
  rig_run(&r);
  for (int lane = 0; lane < KC_LANES; lane++) {
    output again = gather(&r, lane);
    for (int i = 0; i < again.n; i++)
      assert_true(isfinite(again.x[i]));
    assert_memory_equal(first[lane].x, again.x, sizeof again.x);
  }
  rig_destroy(&r);
}

// a lane gives the same bits whatever its neighbours are, also neighbours gone to NaN, and with
// joints that have exponentials where it has none
static void test_neighbours_do_not_matter(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 2);
  r.step = kc_real(0.0013);
  rig_draw_state(&r, 8, 1.3);
  rig_run(&r);
  output first = gather(&r, 0);
  for (int lane = 1; lane < KC_LANES; lane++) {
    for (int i = 0; i < N_JOINT; i++)
      kc_set(&r.q[i], lane, lane == 1 ? (double)NAN : 0.3 * lane - 0.01 * i);
    for (int i = 0; i < N_JOINT; i++)
      r.lane[lane].joint[i].passive.k1 = -0.37;
    for (int i = 0; i < N_JOINT; i++)
      r.lane[lane].joint[i].passive.k3 = 0.29;
  }
  rig_load(&r);
  rig_run(&r);
  output again = gather(&r, 0);
  assert_memory_equal(first.x, again.x, sizeof again.x);
  rig_destroy(&r);
}

// kinetic and potential energy of all lanes
static void eval_energy(rig_state *r, double *energy) {
  real kinetic, potential;
  kc_body_compute_pose(r->tree, r->q, r->body);
  kc_body_compute_velocity(r->tree, r->v, r->body);
  kc_body_compute_energy(r->tree, r->body, &kinetic, &potential);
  for (int lane = 0; lane < KC_LANES; lane++)
    energy[lane] = kc_get(kinetic + potential, lane);
}

// falls for 0.12 s onto its feet; what remains of the audit falls with the step
static void fall(double step, double *residual, double *work_done) {
  rig_state r;
  double before[KC_LANES], after[KC_LANES];
  real work = kc_real(0.0), size = kc_real(0.0);
  rig_create(&r, 2);
  r.step = kc_real(step);
  rig_draw_state(&r, 12, 0.4);
  r.q[1] += kc_real(0.015);
  r.v[1] = kc_real(-0.6);
  eval_energy(&r, before);
  for (int n = (int)(0.12 / step + 0.5); n > 0; n--) {
    rig_run(&r);
    real power = r.work->drag_power;
    for (int i = 0; i < N_SPHERE; i++)
      power += r.work->sphere_power[i];
    for (int i = 0; i < N_BAND; i++)
      power += r.work->band_power[i];
    for (int i = 0; i < N_JOINT; i++) {
      power += r.work->passive_power[i];
      power += r.tau[i] * (r.v[i] + kc_real(0.5) * r.step * r.a[i]);
      r.v[i] += r.step * r.a[i];
      r.q[i] += r.step * r.v[i];
    }
    work += r.step * power, size += r.step * kc_abs(power);
  }
  eval_energy(&r, after);
  for (int lane = 0; lane < KC_LANES; lane++) {
    residual[lane] = after[lane] - before[lane] - kc_get(work, lane);
    work_done[lane] = kc_get(size, lane);
  }
  rig_destroy(&r);
}

static void test_audit_closes_with_the_step(void **state) {
  (void)state;
  double coarse[KC_LANES], fine[KC_LANES], size[KC_LANES], sum[2] = {0.0, 0.0};
  fall(2e-4, coarse, size);
  fall(1e-4, fine, size);
  for (int lane = 0; lane < KC_LANES; lane++) {
    assert_true(size[lane] > 5.0);
    near("audit", fine[lane], 0.0, 0.01 * size[lane]);
    sum[0] += coarse[lane] * coarse[lane], sum[1] += fine[lane] * fine[lane];
  }
  // over all lanes, as the residual of a single run may pass through zero
  near("order", sqrt(sum[0] / sum[1]), 2.0, 0.3);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_reported_forces_moved_the_body),
                                     cmocka_unit_test(test_powers_are_the_rate_of_energy),
                                     cmocka_unit_test(test_foot_wrench),
                                     cmocka_unit_test(test_mirror_image),
                                     cmocka_unit_test(test_poisoned_work_changes_nothing),
                                     cmocka_unit_test(test_neighbours_do_not_matter),
                                     cmocka_unit_test(test_audit_closes_with_the_step)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
