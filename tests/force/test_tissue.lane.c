// Bands, passive joints and drag against closed forms, quadrature and finite differences.
#include "force_rig.h"

// two slides along X; one band from the first to the second link
typedef struct {
  kc_model model;
  kc_joint joint[2];
  kc_band band;
  kc_point point[3];
  kc_tree *tree;
  kc_body_work *body;
  kc_force *force;
  kc_force_work *work;
} slide;

static void slide_create(slide *s) {
  memset(s, 0, sizeof *s);
  s->joint[0] = rig_joint(-1, KC_PRISMATIC, 1, 0, 0);
  s->joint[1] = rig_joint(0, KC_PRISMATIC, 1, 0, 0);
  rig_mass(&s->joint[0], 2.3, 0, 0, 0, 0.1);
  rig_mass(&s->joint[1], 1.9, 0, 0, 0, 0.1);
  s->point[0] = (kc_point){0, {0.02, 0.0, 0.0}};
  s->point[1] = (kc_point){0, {0.05, 0.0, 0.04}};
  s->point[2] = (kc_point){1, {0.05, 0.0, 0.04}};
  s->band = (kc_band){.n_point = 3,
                      .on = 1.0,
                      .slack_length = 0.2,
                      .stiffness = 16500.0,
                      .toe_strain = 0.043,
                      .pretension = 0.0,
                      .loss = 0.0};
  s->model = (kc_model){.n_joint = 2,
                        .n_band = 1,
                        .n_point = 3,
                        .joint = s->joint,
                        .band = &s->band,
                        .point = s->point,
                        .drag_link = -1};
  kc_ground ground = kc_ground_default();
  s->tree = kc_tree_create(&s->model);
  s->body = kc_body_work_create(s->tree);
  s->force = kc_force_create(s->tree, &s->model, &ground);
  s->work = kc_force_work_create(s->force);
}

static void slide_destroy(slide *s) {
  kc_force_work_destroy(s->work);
  kc_force_destroy(s->force);
  kc_body_work_destroy(s->body);
  kc_tree_destroy(s->tree);
}

// tension at a length and rate, all lanes alike
static double slide_run(slide *s, double length, double rate) {
  real q[2], v[2], tau[2], a[2];
  kc_ground ground = kc_ground_default();
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_force_load(s->force, s->tree, lane, &s->model, &ground);
  q[0] = kc_real(0.137), q[1] = kc_real(length - 0.05);
  v[0] = kc_real(-0.71), v[1] = kc_real(rate);
  kc_body_compute_pose(s->tree, q, s->body);
  kc_body_compute_velocity(s->tree, v, s->body);
  kc_body_clear_forces(s->tree, s->body);
  kc_force_span span = kc_force_span_of_step(v, s->body, kc_real(0.0));
  kc_force_compute(s->force, q, &span, s->body, s->work, tau);
  kc_body_compute_acceleration(s->tree, tau, s->body, a);
  kc_force_complete(s->force, &span, a, s->body, s->work);
  near("length", kc_get(s->work->band_length[0], 0), length, 1e-14);
  near("rate", kc_get(s->work->band_rate[0], 0), rate, 1e-14);
  double tension = kc_get(s->work->band_force[0], 0);
  near("power", kc_get(s->work->band_power[0], 0), -tension * rate, 1e-11 * (1 + tension));
  return tension;
}

static void test_band_law(void **state) {
  (void)state;
  slide s;
  slide_create(&s);
  const double k = 16500.0, toe = 0.043 * 0.2, slack = 0.2;
  assert_true(slide_run(&s, 0.2, 0.9) == 0.0 && slide_run(&s, 0.13, -3.0) == 0.0);
  near("toe", slide_run(&s, slack + 0.6 * toe, 0.0), k * 0.36 * toe / 2, 1e-9);
  near("linear", slide_run(&s, slack + 2.7 * toe, 0.0), k * 2.2 * toe, 1e-9);
  // once differentiable at both ends of the toe region
  for (int end = 0; end < 2; end++) {
    double at = slack + end * toe, d = 1e-6;
    double left = slide_run(&s, at, 0.0) - slide_run(&s, at - d, 0.0);
    double right = slide_run(&s, at + d, 0.0) - slide_run(&s, at, 0.0);
    near("slope", (right - left) / d, 0.0, 2.1 * k * d / toe);
    near("slope", right / d, end * k, 1.1 * k * d / toe);
  }
  // loss multiplies, and never makes the band push
  double still = slide_run(&s, 0.211, 0.0);
  s.band.loss = 0.083;
  near("loss", slide_run(&s, 0.211, 0.37), still * (1 + 0.083 * 0.37 / 0.2), 1e-9);
  assert_true(slide_run(&s, 0.211, -2.6) == 0.0);
  // off is exactly nothing
  s.band.on = 0.0;
  assert_true(slide_run(&s, 0.22, 0.37) == 0.0 && kc_get(s.work->band_energy[0], 0) == 0.0);
  for (int i = 0; i < 6; i++)
    assert_true(kc_get(s.body->force[1].v[i], 0) == 0.0);
  slide_destroy(&s);
}

static void test_band_pretension(void **state) {
  (void)state;
  slide s;
  slide_create(&s);
  const double pull[] = {0.0, 11.7, 70.9, 70.95, 213.0};
  for (int i = 0; i < 5; i++) {
    s.band.pretension = pull[i];
    near("pretension", slide_run(&s, 0.2, 0.0), pull[i], 1e-9);
  }
  s.band.stiffness = 0.0;
  assert_true(slide_run(&s, 0.25, 0.0) == 0.0);
  slide_destroy(&s);
}

// energy by Simpson's rule over the force; a cycle loses work
static void test_band_energy(void **state) {
  (void)state;
  slide s;
  slide_create(&s);
  s.band.pretension = 11.7;
  double sum = 0.0, from = 0.19, width = 0.03;
  int n = 600;
  for (int i = 0; i <= n; i++) {
    double weight = i == 0 || i == n ? 1.0 : i % 2 ? 4.0 : 2.0;
    sum += weight * slide_run(&s, from + width * i / n, 0.0) * width / n / 3.0;
  }
  near("energy", kc_get(s.work->band_energy[0], 0), sum, 1e-7 * sum);
  s.band.loss = 0.013;
  double loop = 0.0, top = 0.0, turn = 6.283185307179586;
  for (int i = 0; i < 400; i++) { // 2.6 Hz, as a stride
    double phase = turn * i / 400, rate = 0.01 * turn * 2.6 * cos(phase);
    double tension = slide_run(&s, 0.205 + 0.01 * sin(phase), rate);
    loop += tension * rate / 2.6 / 400;
    double energy = kc_get(s.work->band_energy[0], 0);
    if (energy > top)
      top = energy;
  }
  assert_true(loop > 0.0 && loop < 0.3 * top);
  slide_destroy(&s);
}

static double growth(double x) { return x <= 5.0 ? exp(x) : exp(5.0) * (x - 4.0); }

static void test_passive_closed_form(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 0);
  for (uint64_t seed = 1; seed < 30; seed++) {
    rig_draw_state(&r, seed, 2.3);
    for (int i = 6; i < N_JOINT; i++)
      r.q[i] = r.q[i] * kc_real(5.0);
    r.step = kc_real(seed % 2 ? 0.0 : 0.0021);
    rig_run(&r);
    for (int i = 0; i < N_JOINT; i++)
      for (int lane = 0; lane < KC_LANES; lane++) {
        const kc_passive *p = &r.lane[lane].joint[i].passive;
        double q = kc_get(r.q[i], lane), v = kc_get(r.v[i], lane), a = kc_get(r.a[i], lane);
        double h = kc_get(r.step, lane);
        double torque = p->k1 * growth(p->k2 * (q - p->upper)) +
                        p->k3 * growth(p->k4 * (q - p->lower)) - p->stiffness * (q - p->rest);
        double size = 1e-13 * (1 + fabs(torque) + p->damping * (fabs(v) + h * fabs(a)));
        near("explicit", kc_get(r.tau_passive[i], lane), torque - p->damping * v, size);
        torque -= p->damping * (v + h * a);
        near("applied", kc_get(r.work->passive_torque[i], lane), torque, size);
        near("power", kc_get(r.work->passive_power[i], lane), torque * (v + 0.5 * h * a),
             1e-12 + size * (fabs(v) + h * fabs(a)));
        near("implicit", kc_get(r.body->joint_implicit[i], lane), h * p->damping, 1e-16);
      }
  }
  rig_destroy(&r);
}

// finite far outside the range, and without a kink where the linear part begins
static void test_passive_stays_finite_and_smooth(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 0);
  for (int i = 0; i < N_JOINT; i++)
    r.v[i] = kc_real(0.0);
  double knee = 0.3 + 5.0 / 5.95, torque[5]; // joint 9
  const double at[5] = {knee - 1e-6, knee, knee + 1e-6, -1e6, 1e6};
  for (int k = 0; k < 5; k++) {
    for (int i = 0; i < N_JOINT; i++)
      r.q[i] = kc_real(i < 6 ? 0.0 : at[k]);
    kc_body_compute_pose(r.tree, r.q, r.body);
    kc_body_compute_velocity(r.tree, r.v, r.body);
    kc_body_clear_forces(r.tree, r.body);
    kc_force_span span = kc_force_span_of_step(r.v, r.body, r.step);
    kc_force_compute(r.force, r.q, &span, r.body, r.work, r.tau_passive);
    for (int i = 0; i < N_JOINT; i++)
      for (int lane = 0; lane < KC_LANES; lane++)
        assert_true(isfinite(kc_get(r.tau_passive[i], lane)));
    torque[k] = kc_get(r.tau_passive[9], 0);
  }
  near("kink", (torque[2] - 2 * torque[1] + torque[0]) / 1e-6, 0.0, 0.02);
  assert_true(torque[3] > 0.0 && torque[4] < 0.0);
  rig_destroy(&r);
}

// torques of all bands are the sum of their moments
static void check_sum(rig_state *r, int n, const int *joint, const real *moment) {
  real torque[64];
  kc_force_compute_band_torques(r->force, r->tree, r->body, r->work, torque);
  for (int j = 0; j < n; j++)
    for (int lane = 0; lane < KC_LANES; lane++) {
      double sum = 0, size = 1;
      for (int b = 0; b < r->lane[0].model.n_band; b++) {
        double part = kc_get(moment[b * n + j], lane);
        sum += part, size += fabs(part);
      }
      near("sum", kc_get(torque[joint[j]], lane), sum, 1e-12 * size);
    }
}

// moments of bands about joints: minus force times the slope of length; their powers sum to the
// band's
static void test_band_moments(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 0);
  enum { N_MOST = 64 };
  int n = r.tree->n_joint, n_band = r.lane[0].model.n_band, joint[N_MOST], pulling = 0;
  real moment[N_MOST * 4], shifted[2][4], force[4], rate[4];
  assert_true(n <= N_MOST && n_band <= 4 && n_band > 0);
  for (int j = 0; j < n; j++)
    joint[j] = (j + 3) % n;
  for (uint64_t seed = 1; seed < 6; seed++) {
    rig_draw_state(&r, seed, 1.3);
    rig_run(&r);
    kc_force_compute_band_moments(r.force, n, joint, r.tree, r.body, r.work, moment);
    check_sum(&r, n, joint, moment);
    memcpy(force, r.work->band_force, (size_t)n_band * sizeof *force);
    memcpy(rate, r.work->band_rate, (size_t)n_band * sizeof *rate);
    for (int b = 0; b < n_band; b++) {
      real power = kc_real(0.0);
      for (int j = 0; j < n; j++)
        power += moment[b * n + j] * r.v[joint[j]];
      for (int lane = 0; lane < KC_LANES; lane++) {
        double want = -kc_get(force[b] * rate[b], lane);
        near("power", kc_get(power, lane), want, 1e-10 * (1 + fabs(want)));
        pulling += fabs(want) > 0.01;
      }
    }
    for (int j = 0; j < n; j++) {
      const double h = 1e-6;
      real q = r.q[joint[j]];
      for (int i = 0; i < 2; i++) {
        r.q[joint[j]] = q + (i ? h : -h);
        rig_run(&r);
        memcpy(shifted[i], r.work->band_length, (size_t)n_band * sizeof *shifted[i]);
      }
      r.q[joint[j]] = q;
      for (int b = 0; b < n_band; b++) {
        double f = kc_get(force[b], 0);
        double slope = kc_get(shifted[1][b] - shifted[0][b], 0) / (2 * h);
        near("moment", kc_get(moment[b * n + j], 0), -f * slope, 1e-7 * (1 + f));
      }
    }
  }
  assert_true(pulling > 0);
  rig_destroy(&r);
}

static void test_drag_closed_form(void **state) {
  (void)state;
  rig_state r;
  rig_create(&r, 0);
  rig_draw_state(&r, 4, 1.9);
  rig_run(&r);
  for (int lane = 0; lane < KC_LANES; lane++) {
    kc_vec3 at;
    for (int i = 0; i < 3; i++) {
      at.v[i] = kc_real(0.0);
      for (int j = 0; j < 3; j++)
        at.v[i] += r.tree->to_link[TRUNK].m[3 * i + j] * kc_real(r.lane[0].model.drag_point[j]);
    }
    kc_vec3 v = kc_body_point_velocity(r.body, TRUNK, &at);
    kc_vec3 p = kc_body_point_position(r.body, TRUNK, &at);
    double speed = 0.0, power = 0.0;
    for (int i = 0; i < 3; i++)
      speed += kc_get(v.v[i] * v.v[i], lane);
    speed = sqrt(speed);
    for (int i = 0; i < 3; i++) {
      double want = -0.5 * 1.204 * 0.47 * (1.0 + 0.013 * lane) * speed * kc_get(v.v[i], lane);
      near("drag", kc_get(r.work->drag_force.v[i], lane), want, 1e-13);
      near("point", kc_get(r.work->drag_point.v[i], lane), kc_get(p.v[i], lane), 1e-14);
      power += want * kc_get(v.v[i], lane);
    }
    near("power", kc_get(r.work->drag_power, lane), power, 1e-12);
    assert_true(power < -0.1);
  }
  rig_destroy(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_band_law),
                                     cmocka_unit_test(test_band_pretension),
                                     cmocka_unit_test(test_band_energy),
                                     cmocka_unit_test(test_band_moments),
                                     cmocka_unit_test(test_passive_closed_form),
                                     cmocka_unit_test(test_passive_stays_finite_and_smooth),
                                     cmocka_unit_test(test_drag_closed_form)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
