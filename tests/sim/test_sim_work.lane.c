/// @file
/// Work is a cache: filled with NaN between steps it changes no bit of what follows, once the
/// kinematics, which a step leaves behind for the next one, are recomputed from q and v; and those
/// are what the step had left.
#include "sim/batch.lane.h"
#include "sim_rig.h"

enum { N_STEP = 240, N_JOINT_MOST = 64 };

typedef struct {
  kc_batch *batch;
  kc_run run;
} fixture;

static fixture open_fixture(const kc_scenario *s) {
  fixture f = {.run = {.scenario = s}};
  kc_error error = kc_error_default();
  assert_int_equal(kc_batch_create(&f.run, &f.batch, &error), KC_OK);
  for (int i = 0; i < KC_LANES; i++)
    kc_batch_load(f.batch, i, &f.run);
  kc_batch_start_tissue(f.batch, kc_mask(1));
  return f;
}

static void poison(void *at, size_t size) {
  real *x = at;
  for (size_t i = 0; i < size / sizeof(real); i++)
    x[i] = kc_real(NAN);
}

// everything that a cache may hold, in body and forces
static void poison_work(kc_batch *b) {
  size_t n = (size_t)b->n, n_sphere = (size_t)b->n_sphere, n_band = (size_t)b->n_band;
  kc_body_work *w = b->body;
  poison(w->force, n * sizeof *w->force);
  poison(w->joint_implicit, n * sizeof *w->joint_implicit);
  poison(w->slide, n * sizeof *w->slide);
  poison(w->rot, n * sizeof *w->rot);
  poison(w->pos, n * sizeof *w->pos);
  poison(w->local, n * sizeof *w->local);
  poison(w->rate, n * sizeof *w->rate);
  poison(w->vel, n * sizeof *w->vel);
  poison(w->bias, n * sizeof *w->bias);
  poison(w->acc, n * sizeof *w->acc);
  poison(w->wrench, n * sizeof *w->wrench);
  kc_force_work *f = b->force_work;
  poison(f->sphere_force, n_sphere * sizeof *f->sphere_force);
  poison(f->sphere_point, n_sphere * sizeof *f->sphere_point);
  poison(f->sphere_power, n_sphere * sizeof *f->sphere_power);
  poison(f->passive_torque, n * sizeof *f->passive_torque);
  poison(f->passive_power, n * sizeof *f->passive_power);
  poison(f->band_length, n_band * sizeof *f->band_length);
  poison(f->band_force, n_band * sizeof *f->band_force);
  poison(f->band_power, n_band * sizeof *f->band_power);
  size_t n_node = (size_t)b->n_node;
  assert_true(n_node > 0);
  poison(f->band_rate, n_band * sizeof *f->band_rate);
  poison(f->node_rate, n_node * sizeof *f->node_rate);
  poison(f->node_loss, n_node * sizeof *f->node_loss);
  poison(f->node_power, n_node * sizeof *f->node_power);
  poison(f->foot_force, sizeof f->foot_force);
  poison(&f->drag_force, sizeof f->drag_force);
  poison(b->tau, n * sizeof *b->tau);
  poison(b->a, n * sizeof *b->a);
  poison(b->passive, n * sizeof *b->passive);
  poison(b->load->force, sizeof b->load->force);
  poison(b->load->torsion, sizeof b->load->torsion);
  poison(b->load->torsion_net, sizeof b->load->torsion_net);
  poison(b->load->acceleration, sizeof b->load->acceleration);
  poison(b->load->demand, n * sizeof *b->load->demand);
  poison(b->load->acting, n * sizeof *b->load->acting);
}

static void check_lanes(const char *name, const real *a, const real *b, int n) {
  for (int j = 0; j < n; j++)
    for (int i = 0; i < KC_LANES; i++) {
      double x = kc_get(a[j], i), y = kc_get(b[j], i);
      if (memcmp(&x, &y, sizeof x) != 0)
        fail_msg("%s[%d], lane %d: %.17g and %.17g", name, j, i, x, y);
    }
}

static void check_same(const kc_batch *a, const kc_batch *b) {
  check_lanes("q", a->q, b->q, a->n);
  check_lanes("v", a->v, b->v, a->n);
  check_lanes("a", a->a, b->a, a->n);
  check_lanes("node", a->node.place->v, b->node.place->v, 3 * a->n_node);
  check_lanes("actuator", a->actuator, b->actuator, a->n);
  check_lanes("com", a->com.v, b->com.v, 3);
  check_lanes("work", a->work, b->work, KC_N_POWER);
  const real *x = (const real *)(const void *)&a->impulse, *y = (const void *)&b->impulse;
  check_lanes("torsion", a->load->torsion[0], b->load->torsion[0], KC_N_SIDE * KC_N_TORSION);
  check_lanes("sensors", a->load->acceleration[0].v, b->load->acceleration[0].v, 3 * KC_N_SENSOR);
  for (int e = 0; e < KC_N_LOAD_JOINT; e++) // on motors there is none at the patellae
    if (a->load->map.joint[e] >= 0)
      check_lanes("joint", a->load->force[e].v, b->load->force[e].v, 3);
  check_lanes("impulse", x, y, (int)(sizeof a->impulse / sizeof(real)));
}

static void command(kc_batch *b, int step) {
  for (int j = 0; j < b->n; j++)
    b->command[j] = kc_real(9.7 * sin(0.37 * j + 0.011 * step)) + 0.3 * b->q[j];
}

static void run_both(const kc_scenario *s) {
  fixture clean = open_fixture(s), dirty = open_fixture(s);
  for (int step = 0; step < N_STEP; step++) {
    command(clean.batch, step);
    command(dirty.batch, step);
    poison_work(dirty.batch);
    clean.batch->load_due = dirty.batch->load_due = 1;
    kc_body_compute_pose(dirty.batch->tree, dirty.batch->q, dirty.batch->body);
    kc_body_compute_velocity(dirty.batch->tree, dirty.batch->v, dirty.batch->body);
    kc_batch_step(clean.batch, NULL);
    kc_batch_step(dirty.batch, NULL);
    check_same(clean.batch, dirty.batch);
  }
  // something has happened, and nothing is NaN
  double lift = kc_get(clean.batch->q[1], 0);
  assert_true(lift > 0 && lift < 3);
  assert_true(kc_get(clean.batch->work_positive[KC_POWER_actuator], KC_LANES - 1) > 1e-3);
  kc_batch_destroy(clean.batch);
  kc_batch_destroy(dirty.batch);
}

static void test_poisoned_work(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario(RIG_LEVEL "duration: 1 s\n");
  run_both(s);
  s->task.integrator = KC_STEP_RK4, s->task.step = 5e-5;
  run_both(s);
  kc_scenario_destroy(s);
}

// a refill recomputes the kinematics of all lanes: they come out as they were
static void test_load_leaves_neighbours(void **unused) {
  (void)unused;
  if (KC_LANES == 1)
    return;
  kc_scenario *s = rig_scenario(RIG_LEVEL "duration: 1 s\n");
  fixture f = open_fixture(s);
  for (int step = 0; step < N_STEP; step++) {
    command(f.batch, step);
    kc_batch_step(f.batch, NULL);
  }
  kc_vec3 pos[N_JOINT_MOST], turning = f.batch->angular_momentum;
  memcpy(pos, f.batch->body->pos, (size_t)f.batch->n * sizeof *pos);
  kc_batch_load(f.batch, KC_LANES - 1, &f.run);
  for (int j = 0; j < f.batch->n; j++)
    for (int k = 0; k < 3; k++)
      assert_true(kc_get(pos[j].v[k], 0) == kc_get(f.batch->body->pos[j].v[k], 0));
  for (int k = 0; k < 3; k++) {
    assert_true(kc_get(turning.v[k], 0) == kc_get(f.batch->angular_momentum.v[k], 0));
    assert_true(kc_get(turning.v[k], KC_LANES - 1) !=
                kc_get(f.batch->angular_momentum.v[k], KC_LANES - 1));
  }
  kc_batch_destroy(f.batch);
  kc_scenario_destroy(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_poisoned_work),
      cmocka_unit_test(test_load_leaves_neighbours),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
