// Paths on a walker: arms against finite differences, work, invariance of the world, mirror,
// poison; all kinds of spans.
#include "force/path_wrap.lane.h"
#include "path_rig.h"

// arms are minus the slope of the length, for every coordinate
static void test_arms_are_slopes(void **state) {
  (void)state;
  static path_state r;
  path_create(&r, 0);
  const double h = 1e-5;
  real arm[N_MUSCLE][N_JOINT], less[N_MUSCLE];
  for (uint64_t seed = 1; seed < 400; seed++) {
    path_draw(&r, seed);
    path_run(&r);
    path_arms(&r, arm);
    for (int i = 0; i < N_JOINT; i++) {
      real q = r.q[i];
      r.q[i] = q - h;
      path_run(&r);
      memcpy(less, r.work->length, sizeof less);
      r.q[i] = q + h;
      path_run(&r);
      r.q[i] = q;
      for (int m = 0; m < N_MUSCLE; m++)
        for (int lane = 0; lane < KC_LANES; lane++) {
          char name[80];
          snprintf(name, sizeof name, "arm of muscle %d, joint %d, seed %d lane %d", m, i,
                   (int)seed, lane);
          double slope = kc_get((r.work->length[m] - less[m]) / (2 * h), lane);
          near(name, kc_get(arm[m][i], lane), -slope, 1e-6);
        }
    }
  }
  path_destroy(&r);
}

// each kind of surface is met by some postures and missed by others
static void test_surfaces_are_met_and_missed(void **state) {
  (void)state;
  static path_state with, without;
  path_create(&with, 0), path_create(&without, 0);
  for (int lane = 0; lane < KC_LANES; lane++)
    for (int i = 0; i < 2 * N_SIDE_SURFACE; i++) // out of the way
      without.lane[lane].surface[i].position[0] += 7.0, without.lane[lane].surface[i].radius = 0.0;
  path_load_all(&without);
  int met[N_MUSCLE] = {0}, n = 0;
  for (uint64_t seed = 1; seed < 400; seed++, n += KC_LANES) {
    path_draw(&with, seed), path_draw(&without, seed);
    path_run(&with), path_run(&without);
    for (int m = 0; m < N_MUSCLE; m++)
      for (int lane = 0; lane < KC_LANES; lane++)
        met[m] += kc_get(with.work->length[m] - without.work->length[m], lane) > 1e-9;
  }
  for (int m = 0; m < N_MUSCLE; m++) {
    int wraps = with.lane[0].muscle[m].n_wrap > 0;
    if (wraps ? met[m] > n / 20 && met[m] < n : met[m] == 0)
      continue;
    print_error("muscle %d: %d of %d postures meet its surfaces\n", m, met[m], n);
    fail();
  }
  path_destroy(&with), path_destroy(&without);
}

// forces on links give the arms, on every coordinate, and the power of the rates
static void test_work_balance(void **state) {
  (void)state;
  static path_state r;
  path_create(&r, 0);
  real arm[N_MUSCLE][N_JOINT], tension[N_MUSCLE], with[N_JOINT], without[N_JOINT];
  real zero[N_JOINT], tau[N_JOINT];
  for (int i = 0; i < N_JOINT; i++)
    zero[i] = kc_real(0.0);
  for (uint64_t seed = 1; seed < 60; seed++) {
    path_draw(&r, seed);
    path_run(&r);
    path_arms(&r, arm);
    for (int m = 0; m < N_MUSCLE; m++)
      tension[m] = kc_real(211.7 * (m + 1) - 13.9 * (double)seed);
    memcpy(tau, zero, sizeof tau);
    kc_body_clear_forces(r.tree, r.body);
    kc_body_compute_forces(r.tree, zero, r.body, without);
    kc_path_apply(r.paths, tension, r.work, r.body->force, tau);
    kc_body_compute_forces(r.tree, zero, r.body, with);
    for (int lane = 0; lane < KC_LANES; lane++) {
      double power = 0.0, shortening = 0.0;
      for (int i = 0; i < N_JOINT; i++) {
        double got = kc_get(without[i] - with[i] + tau[i], lane), want = 0.0;
        for (int m = 0; m < N_MUSCLE; m++)
          want += kc_get(tension[m] * arm[m][i], lane);
        near("generalized force", got, want, 1e-9);
        power += got * kc_get(r.v[i], lane);
      }
      for (int m = 0; m < N_MUSCLE; m++)
        shortening -= kc_get(tension[m] * r.work->rate[m], lane);
      near("power", power, shortening, 1e-8);
    }
  }
  path_destroy(&r);
}

static void test_mean_rate(void **state) {
  (void)state;
  static path_state r;
  path_create(&r, 0);
  real arm[N_MUSCLE][N_JOINT], a[N_JOINT], tau[N_JOINT];
  path_draw(&r, 5);
  path_run(&r);
  path_arms(&r, arm);
  for (int i = 0; i < N_JOINT; i++)
    tau[i] = kc_real(3.7 * i - 9.1);
  kc_body_clear_forces(r.tree, r.body);
  kc_body_compute_acceleration(r.tree, tau, r.body, a);
  real v[N_JOINT];
  kc_spatial twist[N_JOINT];
  for (int i = 0; i < N_JOINT; i++) {
    v[i] = r.v[i] + 0.0013 * a[i];
    for (int k = 0; k < 6; k++)
      twist[i].v[k] = r.body->vel[i].v[k] + 0.0013 * r.body->acc[i].v[k];
  }
  kc_path_compute_rates(r.paths, v, twist, r.work);
  for (int m = 0; m < N_MUSCLE; m++)
    for (int lane = 0; lane < KC_LANES; lane++) {
      double want = 0.0;
      for (int i = 0; i < N_JOINT; i++)
        want -= kc_get(arm[m][i] * (r.v[i] + 0.0013 * a[i]), lane);
      near("mean rate", kc_get(r.work->rate[m], lane), want, 1e-11);
    }
  path_destroy(&r);
}

// far away and turned about the vertical: the same lengths and arms; shifted: the same bits
static void test_world_invariance(void **state) {
  (void)state;
  static path_state r;
  path_create(&r, 0);
  real arm[N_MUSCLE][N_JOINT], arm_0[N_MUSCLE][N_JOINT], length[N_MUSCLE];
  for (uint64_t seed = 1; seed < 30; seed++) {
    path_draw(&r, seed);
    path_run(&r);
    path_arms(&r, arm_0);
    memcpy(length, r.work->length, sizeof length);
    r.q[0] = r.q[0] + 523.7, r.q[1] = r.q[1] - 71.3, r.q[2] = r.q[2] + 1e5;
    path_run(&r);
    path_arms(&r, arm);
    assert_memory_equal(length, r.work->length, sizeof length);
    assert_memory_equal(arm_0, arm, sizeof arm);
    r.q[3] = r.q[3] - 0.93, r.q[4] = r.q[4] + 0.41, r.q[5] = r.q[5] + 2.71;
    path_run(&r);
    path_arms(&r, arm);
    for (int m = 0; m < N_MUSCLE; m++)
      for (int lane = 0; lane < KC_LANES; lane++) {
        near("length", kc_get(r.work->length[m], lane), kc_get(length[m], lane), 1e-14);
        for (int i = 0; i < N_JOINT; i++)
          near("arm", kc_get(arm[m][i], lane), kc_get(arm_0[m][i], lane), 1e-12);
      }
  }
  path_destroy(&r);
}

// the mirrored posture gives the other side's lengths
static void test_mirror(void **state) {
  (void)state;
  static path_state r;
  path_create(&r, 0);
  real length[N_MUSCLE], q[N_JOINT];
  // sense of a mirrored cylinder turns over with its z axis, which the mirror image keeps as a
  // rotation by turning z: the numbers of sense stay
  for (uint64_t seed = 1; seed < 60; seed++) {
    path_draw(&r, seed);
    path_run(&r);
    memcpy(length, r.work->length, sizeof length), memcpy(q, r.q, sizeof q);
    r.q[2] = -q[2], r.q[4] = -q[4], r.q[5] = -q[5];
    for (int i = 7; i < 10; i++)
      r.q[i] = q[i + 3], r.q[i + 3] = q[i];
    path_run(&r);
    for (int m = 0; m < N_MUSCLE; m++)
      for (int lane = 0; lane < KC_LANES; lane++)
        near("mirrored length", kc_get(r.work->length[(m + N_SIDE_MUSCLE) % N_MUSCLE], lane),
             kc_get(length[m], lane), 1e-13);
  }
  path_destroy(&r);
}

static void poison(void *first, size_t bytes) { memset(first, 0xff, bytes); }

static void test_poisoned_work(void **state) {
  (void)state;
  static path_state r;
  path_create(&r, 0);
  const kc_paths *p = r.paths;
  real arm[N_MUSCLE][N_JOINT], arm_0[N_MUSCLE][N_JOINT], length[N_MUSCLE], rate[N_MUSCLE];
  path_draw(&r, 8);
  path_run(&r);
  path_arms(&r, arm_0);
  memcpy(length, r.work->length, sizeof length), memcpy(rate, r.work->rate, sizeof rate);
  path_scratch *s = r.work->scratch;
  poison(r.work->length, sizeof length), poison(r.work->rate, sizeof rate);
  poison(r.work->pull, (size_t)p->n_contact * sizeof(kc_spatial));
  poison(r.work->guide_pull, (size_t)p->n_guide_contact * sizeof(real));
  poison(s->pose, (size_t)p->n_relative * sizeof *s->pose);
  poison(s->guide, (size_t)p->n_guide * sizeof *s->guide);
  poison(s->angle, (size_t)p->n_guide * sizeof(real)), poison(s->sine, sizeof(real));
  poison(s->trial, (size_t)p->n_pair * sizeof *s->trial);
  poison(s->screw, (size_t)p->n_screw * sizeof *s->screw);
  poison(s->column, (size_t)p->n_joint * sizeof *s->column);
  path_run(&r);
  path_arms(&r, arm);
  assert_memory_equal(length, r.work->length, sizeof length);
  assert_memory_equal(rate, r.work->rate, sizeof rate);
  assert_memory_equal(arm_0, arm, sizeof arm);
  path_destroy(&r);
}

static void test_topology(void **state) {
  (void)state;
  static path_state r;
  path_create(&r, 0);
  kc_path_topology t = kc_path_topology_of(r.paths);
  assert_int_equal(t.n_muscle, N_MUSCLE);
  assert_int_equal(t.contact_adr[N_MUSCLE], t.n_contact);
  for (int m = 0; m < N_MUSCLE; m++) {
    assert_true(t.contact_adr[m + 1] - t.contact_adr[m] <= 3);
    assert_int_equal(t.guide_adr[m + 1] - t.guide_adr[m],
                     m % N_SIDE_MUSCLE / 3 == 1 && m % N_SIDE_MUSCLE != PAIR);
    for (int i = t.contact_adr[m]; i < t.contact_adr[m + 1]; i++)
      for (int k = i + 1; k < t.contact_adr[m + 1]; k++)
        assert_true(t.contact_link[i] != t.contact_link[k]);
  }
  // some coordinates only: the same numbers
  const int joint[3] = {SHANK, TRUNK, SHANK + 3};
  real arm[N_MUSCLE][N_JOINT], some[N_MUSCLE][3];
  path_draw(&r, 3);
  path_run(&r);
  path_arms(&r, arm);
  kc_path_compute_arms(r.paths, 3, joint, r.tree, r.body, r.work, &some[0][0]);
  for (int m = 0; m < N_MUSCLE; m++)
    for (int i = 0; i < 3; i++)
      assert_memory_equal(&some[m][i], &arm[m][joint[i]], sizeof(real));
  path_destroy(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_arms_are_slopes),  cmocka_unit_test(test_surfaces_are_met_and_missed),
      cmocka_unit_test(test_work_balance),     cmocka_unit_test(test_mean_rate),
      cmocka_unit_test(test_world_invariance), cmocka_unit_test(test_mirror),
      cmocka_unit_test(test_poisoned_work),    cmocka_unit_test(test_topology)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
