// Two roads to every answer: recursions in link axes against a plain one in ground axes, inverse
// against forward dynamics, mass matrix against articulated bodies, differences, budgets.
#include "body/tree.lane.h"
#include "math/small.lane.h"
#include "model/read.h"
#include "near.h"
#include "reference.h"
#include "samples.h"
#include <string.h>

enum { N_TREE = 8 }; // the shipped runner, one by hand, a free body, random trees

typedef struct {
  sample lane_sample[KC_LANES];
  int n;
  kc_tree *tree;
  kc_body_work *work;
  uint64_t seed;
  real q[MAX_JOINT], v[MAX_JOINT], a[MAX_JOINT], tau[MAX_JOINT];
  int is_runner; ///< all its ranges, torques within its limits
  double q1[MAX_JOINT], v1[MAX_JOINT], a1[MAX_JOINT], tau1[MAX_JOINT]; // one lane
} fixture;

/// Lanes of one topology with their own masses and lengths.
static void load(fixture *f, const sample *base) {
  f->n = base->model.n_joint;
  f->tree = kc_tree_create(&base->model);
  assert_non_null(f->tree);
  for (int lane = 0; lane < KC_LANES; lane++) {
    sample *s = &f->lane_sample[lane];
    *s = *base;
    s->model.joint = s->joint, s->model.sphere = s->sphere;
    for (int i = 0; i < f->n; i++) {
      double factor = 1 + 0.0713 * lane;
      s->joint[i].mass *= factor;
      for (int k = 0; k < 3; k++)
        s->joint[i].offset[k] *= factor, s->joint[i].com[k] /= factor;
      for (int k = 0; k < 6; k++)
        s->joint[i].inertia[k] *= factor;
    }
    kc_tree_load(f->tree, lane, &s->model);
  }
  f->work = kc_body_work_create(f->tree);
  assert_non_null(f->work);
}

static void unload(fixture *f) {
  kc_body_work_destroy(f->work);
  kc_tree_destroy(f->tree);
}

/// Gives the lanes axes of their own, so that their turns differ in kind.
static void turn_axes(fixture *f) {
  for (int lane = 1; lane < KC_LANES; lane++) {
    sample *s = &f->lane_sample[lane];
    for (int i = lane % 3; i < f->n; i += 3)
      set_axis(&s->joint[i], draw(&f->seed, 0.1, 1), draw(&f->seed, -1, 1), draw(&f->seed, -1, 1));
    kc_tree_load(f->tree, lane, &s->model);
  }
}

static void read_runner(sample *s) {
  kc_error error = kc_error_default();
  kc_model *model = NULL;
  assert_int_equal(kc_model_read(KC_TEST_SOURCE_DIR "/models/runner.yaml", &model, &error), KC_OK);
  assert_true(model->n_joint <= MAX_JOINT);
  copy_model(s, model);
  kc_model_destroy(model);
}

static void make(fixture *f, int index) {
  sample base;
  memset(f, 0, sizeof *f);
  f->seed = 7919u * (unsigned)(index + 1) + 104729u;
  f->is_runner = index == 0;
  if (f->is_runner)
    read_runner(&base);
  else if (index == 1)
    make_free_body(&base, f->seed);
  else if (index == 2)
    make_runner_tree(&base, f->seed);
  else
    make_random_tree(&base, 5 + 7 * (index - 3), f->seed + 17, index == 4);
  load(f, &base);
  if (index == N_TREE - 1)
    turn_axes(f);
}

static int is_middle(const fixture *f, int i) {
  return i + 1 < f->n && f->tree->trait[i] & f->tree->trait[i + 1] & KC_LINK_COINCIDENT;
}

static void draw_state(fixture *f) {
  const kc_joint *joint = f->lane_sample[0].joint;
  for (int i = 0; i < f->n; i++) {
    // where three hinges meet; the runner's ranges stop short of their lock at a right angle
    double most = !f->is_runner && is_middle(f, i) ? 1.45 : 10;
    double own = joint[i].torque_limit > 0 ? joint[i].torque_limit : i < 6 ? 300 : 10;
    double lower = fmax(joint[i].range_lower, -most), upper = fmin(joint[i].range_upper, most);
    for (int lane = 0; lane < KC_LANES; lane++) {
      kc_set(&f->q[i], lane, draw(&f->seed, lower, upper));
      kc_set(&f->v[i], lane, draw(&f->seed, -6, 7));
      kc_set(&f->a[i], lane, draw(&f->seed, -90, 80));
      kc_set(&f->tau[i], lane,
             f->is_runner ? draw(&f->seed, -own, own) : draw(&f->seed, -150, 170));
    }
  }
}

static void take_lane(fixture *f, int lane) {
  for (int i = 0; i < f->n; i++) {
    f->q1[i] = kc_get(f->q[i], lane), f->v1[i] = kc_get(f->v[i], lane);
    f->a1[i] = kc_get(f->a[i], lane), f->tau1[i] = kc_get(f->tau[i], lane);
  }
}

static void place(fixture *f) {
  kc_body_compute_pose(f->tree, f->q, f->work);
  kc_body_compute_velocity(f->tree, f->v, f->work);
  kc_body_clear_forces(f->tree, f->work);
}

static kc_vec3 draw_point(fixture *f) {
  kc_vec3 p;
  for (int k = 0; k < 3; k++)
    for (int lane = 0; lane < KC_LANES; lane++)
      kc_set(&p.v[k], lane, draw(&f->seed, -0.4, 0.5));
  return p;
}

static void push_links(fixture *f, double size) {
  for (int i = 0; i < f->n; i++) {
    if (!(f->tree->trait[i] & KC_LINK_MASSIVE))
      continue;
    kc_vec3 point = draw_point(f), force = draw_point(f);
    for (int k = 0; k < 3; k++)
      force.v[k] *= kc_real(size);
    kc_body_add_force_g(f->work, i, &point, &force);
  }
}

static double scale_of(const fixture *f, const real *x, int lane) {
  double most = 1;
  for (int i = 0; i < f->n; i++)
    most = fmax(most, 1 + fabs(kc_get(x[i], lane)));
  return most;
}

static void check_close(const fixture *f, const real *got, const real *expected, const real *size,
                        double tolerance) {
  for (int lane = 0; lane < KC_LANES; lane++)
    for (int i = 0; i < f->n; i++)
      assert_near(kc_get(got[i], lane), kc_get(expected[i], lane),
                  tolerance * scale_of(f, size, lane));
}

static void matches_plain_newton_euler(void **state) {
  (void)state;
  const double g[3] = {0.61, -9.31, 1.73};
  for (int t = 0; t < N_TREE; t++) {
    fixture f;
    reference ref;
    make(&f, t);
    f.tree->gravity = kc_vec3_make(g[0], g[1], g[2]);
    for (int trial = 0; trial < 40; trial++) {
      real tau[MAX_JOINT];
      double expected[MAX_JOINT];
      draw_state(&f);
      place(&f);
      kc_body_compute_forces(f.tree, f.a, f.work, tau);
      for (int lane = 0; lane < KC_LANES; lane++) {
        take_lane(&f, lane);
        ref_kinematics(&f.lane_sample[lane].model, f.q1, f.v1, f.a1, &ref);
        ref_inverse(&f.lane_sample[lane].model, &ref, f.a1, g, expected);
        for (int i = 0; i < f.n; i++)
          assert_near(kc_get(tau[i], lane), expected[i], 2e-12 * scale_of(&f, tau, lane));
      }
    }
    unload(&f);
  }
}

static void point_motion_matches_plain(void **state) {
  (void)state;
  for (int t = 0; t < N_TREE; t++) {
    fixture f;
    reference ref;
    make(&f, t);
    draw_state(&f);
    place(&f);
    real tau[MAX_JOINT];
    kc_body_compute_forces(f.tree, f.a, f.work, tau); // fills acc
    for (int i = 0; i < f.n; i++) {
      kc_vec3 point = draw_point(&f), pos = kc_body_point_position(f.work, i, &point);
      kc_vec3 vel = kc_body_point_velocity(f.work, i, &point);
      kc_vec3 acc = kc_body_point_acceleration(f.tree, f.work, i, &point);
      for (int lane = 0; lane < KC_LANES; lane++) {
        double p[3], to[9], arm[3], v[3], a[3], c[3];
        take_lane(&f, lane);
        ref_kinematics(&f.lane_sample[lane].model, f.q1, f.v1, f.a1, &ref);
        for (int k = 0; k < 3; k++)
          p[k] = kc_get(point.v[k], lane);
        for (int k = 0; k < 9; k++)
          to[k] = kc_get(f.tree->to_link[i].m[k], lane);
        ref_apply_transposed(to, p, arm); // link frame -> model frame
        ref_apply(ref.R[i], arm, arm);
        memcpy(v, ref.v[i], sizeof v), memcpy(a, ref.a[i], sizeof a);
        ref_move(ref.w[i], arm, v), ref_move(ref.e[i], arm, a);
        ref_cross(ref.w[i], arm, c), ref_move(ref.w[i], c, a);
        for (int k = 0; k < 3; k++) {
          assert_near(kc_get(pos.v[k], lane), ref.o[i][k] + arm[k], 1e-13);
          assert_near(kc_get(vel.v[k], lane), v[k], 1e-12 * (1 + fabs(v[k])));
          assert_near(kc_get(acc.v[k], lane), a[k], 2e-10);
        }
      }
    }
    unload(&f);
  }
}

/// a = ABA(tau); RNEA(a) = tau; (M) a = tau - RNEA(0) by Cholesky.
static void check_two_roads(fixture *f) {
  real a[MAX_JOINT], back[MAX_JOINT], rest[MAX_JOINT], M[MAX_JOINT * MAX_JOINT], zero[MAX_JOINT];
  draw_state(f);
  place(f);
  push_links(f, 900);
  kc_body_compute_acceleration(f->tree, f->tau, f->work, a);
  kc_body_compute_forces(f->tree, a, f->work, back);
  check_close(f, back, f->tau, f->tau, 1e-10);
  for (int i = 0; i < f->n; i++)
    zero[i] = kc_real(0);
  kc_body_compute_forces(f->tree, zero, f->work, rest);
  for (int i = 0; i < f->n; i++)
    rest[i] = f->tau[i] - rest[i];
  kc_body_compute_mass_matrix(f->tree, f->work, M);
  for (int i = 0; i < f->n; i++)
    for (int j = 0; j < i; j++)
      for (int lane = 0; lane < KC_LANES; lane++)
        assert_true(kc_get(M[i * f->n + j], lane) >= kc_get(M[j * f->n + i], lane) &&
                    kc_get(M[i * f->n + j], lane) <= kc_get(M[j * f->n + i], lane));
  kc_small_cholesky(f->n, M); // NaN unless positive
  kc_small_cholesky_solve(f->n, M, rest);
  check_close(f, rest, a, f->is_runner ? f->tau : a, 1e-10);
}

static void roads_agree(void **state) {
  (void)state;
  for (int t = 0; t < N_TREE; t++) {
    fixture f;
    make(&f, t);
    for (int trial = 0; trial < 1000 / KC_LANES; trial++)
      check_two_roads(&f);
    unload(&f);
  }
}

/// Random symmetric positive 6x6 as a kc_inertia.
static kc_inertia draw_implicit(fixture *f) {
  static const int row[6] = {0, 1, 2, 0, 0, 1}, column[6] = {0, 1, 2, 1, 2, 2};
  kc_inertia C;
  for (int lane = 0; lane < KC_LANES; lane++) {
    double G[6][6], S[6][6];
    for (int k = 0; k < 36; k++)
      G[k / 6][k % 6] = draw(&f->seed, -2.5, 2.5);
    for (int i = 0; i < 6; i++)
      for (int j = 0; j < 6; j++) {
        S[i][j] = 0;
        for (int k = 0; k < 6; k++)
          S[i][j] += G[i][k] * G[j][k];
      }
    for (int k = 0; k < 6; k++) {
      kc_set(&C.a[k], lane, S[row[k]][column[k]]);
      kc_set(&C.d[k], lane, S[3 + row[k]][3 + column[k]]);
    }
    for (int k = 0; k < 9; k++)
      kc_set(&C.b[k], lane, S[k / 3][3 + k % 3]);
  }
  return C;
}

/// J' C J x for one link, through ground-axes Jacobians.
static void add_implicit_force(fixture *f, int link, const real *x, real *sum) {
  real J[6 * MAX_JOINT];
  kc_vec3 zero = kc_vec3_make(0, 0, 0), part[2];
  kc_body_compute_jacobian(f->tree, f->work, link, &zero, J);
  for (int h = 0; h < 2; h++) {
    kc_vec3 g = zero;
    for (int k = 0; k < 3; k++)
      for (int j = 0; j < f->n; j++)
        g.v[k] += J[(3 * h + k) * f->n + j] * x[j];
    part[h] = kc_mat3_apply_transposed(&f->work->rot[link], g);
  }
  kc_spatial motion = kc_spatial_make(part[0], part[1]);
  kc_spatial force = kc_inertia_apply(&f->work->implicit[link], &motion);
  part[0] = kc_mat3_apply(&f->work->rot[link], kc_spatial_angular(&force));
  part[1] = kc_mat3_apply(&f->work->rot[link], kc_spatial_linear(&force));
  for (int j = 0; j < f->n; j++)
    for (int k = 0; k < 6; k++)
      sum[j] += J[k * f->n + j] * part[k / 3].v[k % 3];
}

static void implicit_terms_act_on_joint_accelerations(void **state) {
  (void)state;
  for (int t = 0; t < N_TREE; t++) {
    fixture f;
    make(&f, t);
    int link[2] = {f.n - 1, f.n / 2};
    for (int trial = 0; trial < 20; trial++) {
      real a[MAX_JOINT], back[MAX_JOINT];
      draw_state(&f);
      for (int k = 0; k < 2; k++)
        kc_tree_mark_implicit(f.tree, link[k]);
      place(&f);
      push_links(&f, 300);
      for (int k = 0; k < 2; k++)
        f.work->implicit[link[k]] = draw_implicit(&f);
      for (int i = 0; i < f.n; i++)
        f.work->joint_implicit[i] = kc_abs(f.q[i]);
      kc_body_compute_acceleration(f.tree, f.tau, f.work, a);
      kc_body_compute_forces(f.tree, a, f.work, back);
      for (int k = 0; k < 2; k++)
        add_implicit_force(&f, link[k], a, back);
      for (int i = 0; i < f.n; i++)
        back[i] += f.work->joint_implicit[i] * a[i];
      check_close(&f, back, f.tau, f.tau, 1e-10);
    }
    unload(&f);
  }
}

static void jacobian_is_the_derivative(void **state) {
  (void)state;
  const double h = 1e-5;
  for (int t = 0; t < N_TREE; t++) {
    fixture f;
    make(&f, t);
    draw_state(&f);
    place(&f);
    int link = f.n - 1;
    real J[6 * MAX_JOINT], q[MAX_JOINT], v[MAX_JOINT];
    kc_vec3 point = draw_point(&f), side[2];
    kc_spatial bias;
    kc_body_compute_jacobian(f.tree, f.work, link, &point, J);
    kc_body_compute_bias_acceleration(f.tree, f.work, link, &point, &bias);
    kc_vec3 vel = kc_body_point_velocity(f.work, link, &point);
    kc_vec3 spin = kc_mat3_apply(&f.work->rot[link], kc_spatial_angular(&f.work->vel[link]));
    for (int k = 0; k < 3; k++) { // J v
      real w = kc_real(0), u = kc_real(0);
      for (int j = 0; j < f.n; j++)
        w += J[k * f.n + j] * f.v[j], u += J[(3 + k) * f.n + j] * f.v[j];
      for (int lane = 0; lane < KC_LANES; lane++) {
        assert_near(kc_get(w, lane), kc_get(spin.v[k], lane), 1e-11);
        assert_near(kc_get(u, lane), kc_get(vel.v[k], lane), 1e-11);
      }
    }
    for (int j = 0; j < f.n; j++) { // d pos / d q
      for (int s = 0; s < 2; s++) {
        memcpy(q, f.q, sizeof q);
        q[j] += kc_real(s ? h : -h);
        kc_body_compute_pose(f.tree, q, f.work);
        side[s] = kc_body_point_position(f.work, link, &point);
      }
      for (int k = 0; k < 3; k++)
        for (int lane = 0; lane < KC_LANES; lane++)
          assert_near(kc_get(J[(3 + k) * f.n + j], lane),
                      kc_get(side[1].v[k] - side[0].v[k], lane) / (2 * h), 2e-9);
    }
    kc_vec3 turned[2]; // dJ/dt v: velocity along q + v t
    for (int s = 0; s < 2; s++) {
      for (int i = 0; i < f.n; i++)
        q[i] = f.q[i] + kc_real(s ? h : -h) * f.v[i], v[i] = f.v[i];
      kc_body_compute_pose(f.tree, q, f.work);
      kc_body_compute_velocity(f.tree, v, f.work);
      side[s] = kc_body_point_velocity(f.work, link, &point);
      turned[s] = kc_mat3_apply(&f.work->rot[link], kc_spatial_angular(&f.work->vel[link]));
    }
    for (int k = 0; k < 3; k++)
      for (int lane = 0; lane < KC_LANES; lane++) {
        double angular = kc_get(turned[1].v[k] - turned[0].v[k], lane) / (2 * h);
        double linear = kc_get(side[1].v[k] - side[0].v[k], lane) / (2 * h);
        assert_near(kc_get(bias.v[k], lane), angular, 1e-5 * (1 + fabs(angular)));
        assert_near(kc_get(bias.v[3 + k], lane), linear, 1e-5 * (1 + fabs(linear)));
      }
    unload(&f);
  }
}

static void energy_and_momentum_match_sums(void **state) {
  (void)state;
  for (int t = 0; t < N_TREE; t++) {
    fixture f;
    reference ref;
    make(&f, t);
    draw_state(&f);
    place(&f);
    real M[MAX_JOINT * MAX_JOINT], kinetic, potential, twice = kc_real(0);
    kc_vec3 com, p, h;
    kc_body_compute_mass_matrix(f.tree, f.work, M);
    kc_body_compute_energy(f.tree, f.work, &kinetic, &potential);
    real mass = kc_body_compute_momentum(f.tree, f.work, &com, &p, &h);
    for (int i = 0; i < f.n; i++) {
      for (int j = 0; j < f.n; j++)
        twice += f.v[i] * M[i * f.n + j] * f.v[j];
      twice -= f.tree->rotor_inertia[i] * f.v[i] * f.v[i]; // rotors are not links
    }
    for (int lane = 0; lane < KC_LANES; lane++) {
      const kc_model *model = &f.lane_sample[lane].model;
      const double none[3] = {0, 0, 0};
      double sum[3] = {0}, linear[3] = {0}, angular[3] = {0}, total = 0, zero[MAX_JOINT] = {0};
      take_lane(&f, lane);
      // momenta are the wrenches of a motion that starts from rest with acceleration v
      ref_kinematics(model, f.q1, zero, f.v1, &ref);
      for (int i = 0; i < f.n; i++) {
        double centre[3], force[3], moment[3], c[3];
        ref_wrench(model, &ref, i, none, centre, force, moment);
        ref_cross(centre, force, c);
        total += model->joint[i].mass;
        for (int k = 0; k < 3; k++) {
          sum[k] += model->joint[i].mass * centre[k];
          linear[k] += force[k], angular[k] += moment[k] + c[k];
        }
      }
      for (int k = 0; k < 3; k++)
        sum[k] /= total;
      double carried[3];
      ref_cross(sum, linear, carried);
      assert_near(kc_get(mass, lane), total, 1e-12 * total);
      assert_near(kc_get(kinetic, lane), 0.5 * kc_get(twice, lane), 1e-12 * kc_get(twice, lane));
      assert_near(kc_get(potential, lane), 9.80665 * total * sum[1], 1e-11 * total);
      for (int k = 0; k < 3; k++) {
        assert_near(kc_get(com.v[k], lane), sum[k], 1e-13 * (1 + fabs(sum[k])));
        assert_near(kc_get(p.v[k], lane), linear[k], 1e-11 * (1 + total));
        assert_near(kc_get(h.v[k], lane), angular[k] - carried[k], 1e-11 * (1 + total));
      }
    }
    unload(&f);
  }
}

static void derivative(fixture *f, const real *q, const real *v, real *a) {
  kc_body_compute_pose(f->tree, q, f->work);
  kc_body_compute_velocity(f->tree, v, f->work);
  kc_body_clear_forces(f->tree, f->work);
  kc_body_compute_acceleration(f->tree, f->tau, f->work, a);
}

/// One classical Runge-Kutta step of q, v.
static void step_rk4(fixture *f, double h) {
  static const double part[4] = {0, 0.5, 0.5, 1}, weight[4] = {1. / 6, 1. / 3, 1. / 3, 1. / 6};
  real dq[MAX_JOINT], dv[MAX_JOINT], q[MAX_JOINT], v[MAX_JOINT], sq[MAX_JOINT], sv[MAX_JOINT];
  for (int i = 0; i < f->n; i++)
    dq[i] = dv[i] = kc_real(0), sq[i] = f->q[i], sv[i] = f->v[i];
  for (int s = 0; s < 4; s++) {
    for (int i = 0; i < f->n; i++) {
      q[i] = f->q[i] + kc_real(part[s] * h) * dq[i];
      v[i] = f->v[i] + kc_real(part[s] * h) * dv[i];
    }
    derivative(f, q, v, dv);
    for (int i = 0; i < f->n; i++) {
      dq[i] = v[i];
      sq[i] += kc_real(weight[s] * h) * dq[i], sv[i] += kc_real(weight[s] * h) * dv[i];
    }
  }
  memcpy(f->q, sq, sizeof sq), memcpy(f->v, sv, sizeof sv);
}

static void flight_conserves(void **state) {
  (void)state;
  for (int t = 0; t < 2; t++) { // the runner and one rigid body, flying
    fixture f;
    make(&f, t);
    draw_state(&f);
    for (int i = 0; i < f.n; i++) {
      f.tau[i] = kc_real(0);
      f.q[i] *= kc_real(0.3), f.v[i] *= kc_real(t ? 1 : 0.3);
    }
    real kinetic[2], potential[2], mass;
    kc_vec3 com[2], p[2], h[2];
    for (int end = 0; end < 2; end++) {
      for (int k = 0; end && k < 200; k++)
        step_rk4(&f, 2e-4);
      place(&f);
      kc_body_compute_energy(f.tree, f.work, &kinetic[end], &potential[end]);
      mass = kc_body_compute_momentum(f.tree, f.work, &com[end], &p[end], &h[end]);
    }
    for (int lane = 0; lane < KC_LANES; lane++) {
      double before = kc_get(kinetic[0] + potential[0], lane), m = kc_get(mass, lane);
      assert_near(kc_get(kinetic[1] + potential[1], lane), before, 1e-8 * kc_get(kinetic[0], lane));
      for (int k = 0; k < 3; k++) {
        double fall = k == 1 ? -9.80665 * 0.04 : 0;
        assert_near(kc_get(p[1].v[k] - p[0].v[k], lane), m * fall, 1e-8 * m);
        assert_near(kc_get(h[1].v[k] - h[0].v[k], lane), 0, 1e-8 * m);
        assert_near(kc_get(com[1].v[k] - com[0].v[k], lane),
                    0.04 * kc_get(p[0].v[k], lane) / m + 0.02 * fall, 1e-9);
      }
    }
    unload(&f);
  }
}

static void pendulum_matches_closed_form(void **state) {
  (void)state;
  const double m = 1.37, l = 0.83, g = 9.80665;
  fixture f = {.seed = 99991};
  sample s;
  make_pendulum(&s, m, l);
  f.lane_sample[0] = s, f.n = 2, f.tree = kc_tree_create(&s.model),
  f.work = kc_body_work_create(f.tree);
  real a[MAX_JOINT];
  draw_state(&f);
  derivative(&f, f.q, f.v, a);
  for (int lane = 0; lane < KC_LANES; lane++) {
    take_lane(&f, lane);
    // absolute angles from the vertical: (1/3 + 1) m l2 A + m l2/2 cos B + ..., equal rods
    double A = f.q1[0], B = f.q1[0] + f.q1[1], u = f.v1[0], w = f.v1[0] + f.v1[1], ml = m * l * l;
    double M11 = 4 * ml / 3, M12 = ml / 2 * cos(A - B), M22 = ml / 3;
    double r1 = f.tau1[0] - f.tau1[1] - ml / 2 * sin(A - B) * w * w - 1.5 * m * g * l * sin(A);
    double r2 = f.tau1[1] + ml / 2 * sin(A - B) * u * u - 0.5 * m * g * l * sin(B);
    double det = M11 * M22 - M12 * M12;
    double x = (M22 * r1 - M12 * r2) / det, y = (M11 * r2 - M12 * r1) / det;
    assert_near(kc_get(a[0], lane), x, 1e-12 * (1 + fabs(x)));
    assert_near(kc_get(a[1], lane), y - x, 1e-12 * (1 + fabs(x) + fabs(y)));
  }
  unload(&f);
}

static void poison(kc_body_work *work, const fixture *f) {
  int n = f->n;
  real *field[] = {work->angle, work->sine,  work->cosine,   work->slide,
                   work->rate,  work->drive, work->body_mass};
  for (unsigned k = 0; k < sizeof field / sizeof *field; k++)
    memset(field[k], 0xff, (size_t)n * KC_REAL_SIZE);
  void *wide[] = {work->rot,         work->pos,          work->local,   work->vel,
                  work->bias,        work->acc,          work->gain,    work->wrench,
                  work->body_moment, work->body_angular, work->inertial};
  size_t size[] = {9, 3, 3, 6, 6, 6, 6, 6, 3, 6, 6};
  for (unsigned k = 0; k < sizeof wide / sizeof *wide; k++)
    memset(wide[k], 0xff, (size_t)n * size[k] * KC_REAL_SIZE);
  memset(&work->inertial[n], 0xff, sizeof *work->inertial);
  memset(work->art, 0xff, (size_t)(f->tree->n_slot + 1) * sizeof *work->art);
  memset(work->art_force, 0xff, (size_t)f->tree->n_slot * sizeof *work->art_force);
}

static void cache_may_be_poisoned(void **state) {
  (void)state;
  fixture f;
  make(&f, 0);
  draw_state(&f);
  real a[2][MAX_JOINT], tau[2][MAX_JOINT], M[2][MAX_JOINT * MAX_JOINT];
  for (int round = 0; round < 2; round++) {
    if (round)
      poison(f.work, &f);
    kc_body_compute_pose(f.tree, f.q, f.work);
    kc_body_compute_velocity(f.tree, f.v, f.work);
    kc_body_compute_acceleration(f.tree, f.tau, f.work, a[round]);
    kc_body_compute_forces(f.tree, f.a, f.work, tau[round]);
    kc_body_compute_mass_matrix(f.tree, f.work, M[round]);
  }
  assert_memory_equal(a[0], a[1], (size_t)f.n * KC_REAL_SIZE);
  assert_memory_equal(tau[0], tau[1], (size_t)f.n * KC_REAL_SIZE);
  assert_memory_equal(M[0], M[1], (size_t)(f.n * f.n) * KC_REAL_SIZE);
  unload(&f);
}

static void far_from_the_start_nothing_changes(void **state) {
  (void)state;
  fixture f;
  make(&f, 0);
  draw_state(&f);
  real a[2][MAX_JOINT], J[2][6 * MAX_JOINT];
  kc_vec3 point = draw_point(&f), com[2], p[2], h[2];
  for (int far = 0; far < 2; far++) {
    if (far)
      f.q[0] += kc_real(512.37), f.q[2] -= kc_real(87.1);
    place(&f);
    kc_body_compute_acceleration(f.tree, f.tau, f.work, a[far]);
    kc_body_compute_jacobian(f.tree, f.work, f.n - 1, &point, J[far]);
    kc_body_compute_momentum(f.tree, f.work, &com[far], &p[far], &h[far]);
  }
  assert_memory_equal(a[0], a[1], (size_t)f.n * KC_REAL_SIZE);
  assert_memory_equal(J[0], J[1], (size_t)(6 * f.n) * KC_REAL_SIZE);
  assert_memory_equal(&h[0], &h[1], sizeof h[0]);
  unload(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(matches_plain_newton_euler),
      cmocka_unit_test(point_motion_matches_plain),
      cmocka_unit_test(roads_agree),
      cmocka_unit_test(implicit_terms_act_on_joint_accelerations),
      cmocka_unit_test(jacobian_is_the_derivative),
      cmocka_unit_test(energy_and_momentum_match_sums),
      cmocka_unit_test(flight_conserves),
      cmocka_unit_test(pendulum_matches_closed_form),
      cmocka_unit_test(cache_may_be_poisoned),
      cmocka_unit_test(far_from_the_start_nothing_changes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
