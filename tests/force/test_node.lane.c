// Fascial nodes against closed forms, a direct solve, budgets of power and of force.
#include "force/force_parts.lane.h"
#include "force_rig.h"

enum { N_NODE_MOST = 2, N_BAND_MOST = 5, N_POINT_MOST = 12 };

// link 0 slides along X, link 1 along X on it; the other numbers are the test's
typedef struct {
  kc_model model;
  kc_joint joint[2];
  kc_node node[N_NODE_MOST];
  kc_band band[N_BAND_MOST];
  kc_point point[N_POINT_MOST];
  kc_tree *tree;
  kc_body_work *body;
  kc_force *force;
  kc_force_work *work;
  kc_vec3 place[N_NODE_MOST], mean[N_NODE_MOST];
  kc_node_state state;
  real q[2], v[2], a[2], tau[2];
} rig;

static void add_node(rig *r, int link, const double *at, double drag, double stiffness) {
  kc_node *node = &r->node[r->model.n_node++];
  node->link = link, node->drag = drag, node->stiffness = stiffness;
  memcpy(node->position, at, sizeof node->position);
}

// a straight band between two points; node -1: fixed in the link at `at`
static void add_band(rig *r, const int node[2], const int link[2], const double at[2][3],
                     const kc_band *like) {
  kc_band *band = &r->band[r->model.n_band++];
  *band = *like;
  band->point_adr = r->model.n_point, band->n_point = 2;
  for (int e = 0; e < 2; e++) {
    kc_point *p = &r->point[r->model.n_point++];
    band->node[e] = node[e] + 1;
    p->link = node[e] < 0 ? link[e] : r->node[node[e]].link;
    memcpy(p->position, node[e] < 0 ? at[e] : r->node[node[e]].position, sizeof p->position);
  }
}

static void begin(rig *r) {
  memset((void *)r, 0, sizeof *r);
  r->joint[0] = rig_joint(-1, KC_PRISMATIC, 1, 0, 0);
  r->joint[1] = rig_joint(0, KC_PRISMATIC, 1, 0, 0);
  rig_mass(&r->joint[0], 2.3, 0, 0, 0, 0.1);
  rig_mass(&r->joint[1], 1.9, 0, 0, 0, 0.1);
  r->model = (kc_model){.n_joint = 2,
                        .joint = r->joint,
                        .node = r->node,
                        .band = r->band,
                        .point = r->point,
                        .drag_link = -1};
}

static void finish(rig *r) {
  kc_ground ground = kc_ground_default();
  r->tree = kc_tree_create(&r->model);
  r->body = kc_body_work_create(r->tree);
  r->force = kc_force_create(r->tree, &r->model, &ground);
  r->work = kc_force_work_create(r->force);
  r->state = (kc_node_state){r->place, r->mean};
  r->work->node = (kc_node_input){.place = r->place, .moves = 1};
}

static void end(rig *r) {
  kc_force_work_destroy(r->work);
  kc_force_destroy(r->force);
  kc_body_work_destroy(r->body);
  kc_tree_destroy(r->tree);
}

// kinematics with link 1 at x, moving with v
static void pose(rig *r, double x, double v) {
  r->q[0] = kc_real(0.137), r->q[1] = kc_real(x), r->v[0] = kc_real(-0.31), r->v[1] = kc_real(v);
  kc_body_compute_pose(r->tree, r->q, r->body);
  kc_body_compute_velocity(r->tree, r->v, r->body);
  kc_body_clear_forces(r->tree, r->body);
}

static void compute(rig *r) {
  kc_force_span span = kc_force_span_of_step(r->v, r->body, kc_real(0.0));
  kc_force_compute(r->force, r->q, &span, r->body, r->work, r->tau);
  kc_body_compute_acceleration(r->tree, r->tau, r->body, r->a);
  kc_force_complete(r->force, &span, r->a, r->body, r->work);
}

static void step(rig *r, double h) {
  kc_force_predict_nodes(r->force, kc_real(h), &r->state);
  kc_force_step_nodes(r->force, kc_real(h), r->body, r->work, &r->state);
}

static double displacement(const rig *r, int node, int axis) {
  kc_vec3 x = kc_force_node_displacement(r->force, r->tree, node, &r->state);
  return kc_get(x.v[axis], KC_LANES - 1);
}

// displacement in the model's axes -> state
static void displace(rig *r, int node, const double *x) {
  for (int lane = 0; lane < KC_LANES; lane++)
    vec_load(&r->place[node], lane, &r->tree->to_link[r->node[node].link], x);
}

static double tension_of(const kc_band *band, double length) {
  double x = length - band->slack_length, toe = band->toe_strain * band->slack_length;
  double y = fmin(fmax(x, 0), toe), z = fmax(x - toe, 0);
  return band->stiffness * (y * y / (2 * toe) + z);
}

// two nodes, one on either link, joined by a band, three anchors and tissue at one
static void create_net(rig *r, double scale) {
  static const double home[2][3] = {{0.02, 0.11, -0.03}, {0.29, 0.07, 0.05}};
  static const double bone[3][3] = {{-0.21, 0.17, 0.04}, {0.05, -0.13, 0.09}, {0.51, 0.12, -0.14}};
  static const int none[2] = {0, 0};
  kc_band like = {.on = 1, .stiffness = 7300 * scale, .toe_strain = 0.037};
  begin(r);
  add_node(r, 0, home[0], 57, 2385 * scale);
  add_node(r, 1, home[1], 31, 1731 * scale);
  const int joined[2] = {0, 1}, ends[3] = {0, 0, 1}, link[3] = {0, 1, 1};
  like.slack_length = 0.251;
  add_band(r, joined, none, home, &like);
  for (int i = 0; i < 3; i++) {
    const double at[2][3] = {{0}, {bone[i][0], bone[i][1], bone[i][2]}};
    const int node[2] = {ends[i], -1}, links[2] = {0, link[i]};
    like.slack_length = i == 0 ? 0.227 : i == 1 ? 0.236 : 0.271, like.stiffness *= 1.37;
    add_band(r, node, links, at, &like);
  }
  finish(r);
}

// net force on both nodes by this file's own arithmetic
static void balance(const rig *r, double shift, const double x[6], double out[6]) {
  for (int n = 0; n < 2; n++)
    for (int i = 0; i < 3; i++)
      out[3 * n + i] = -r->node[n].stiffness * x[3 * n + i];
  for (int b = 0; b < r->model.n_band; b++) {
    double p[2][3], length = 0;
    for (int e = 0; e < 2; e++)
      for (int i = 0; i < 3; i++) {
        const kc_point *at = &r->point[2 * b + e];
        int node = r->band[b].node[e] - 1;
        p[e][i] = at->position[i] + (i == 0 && at->link == 1 ? shift : 0);
        p[e][i] += node >= 0 ? x[3 * node + i] : 0;
      }
    for (int i = 0; i < 3; i++)
      length += (p[1][i] - p[0][i]) * (p[1][i] - p[0][i]);
    length = sqrt(length);
    double tension = tension_of(&r->band[b], length);
    for (int e = 0; e < 2; e++)
      for (int i = 0; i < 3 && r->band[b].node[e]; i++)
        out[3 * (r->band[b].node[e] - 1) + i] += tension * (p[1 - e][i] - p[e][i]) / length;
  }
}

// Newton by finite differences and elimination with pivots: the direct solve
static void solve_directly(const rig *r, double shift, double x[6]) {
  memset(x, 0, 6 * sizeof *x);
  for (int round = 0; round < 200; round++) {
    double f[6], A[6][7], moved[6];
    balance(r, shift, x, f);
    for (int j = 0; j < 6; j++) {
      double g[6], y[6];
      memcpy(y, x, sizeof y);
      y[j] += 1e-7;
      balance(r, shift, y, g);
      for (int i = 0; i < 6; i++)
        A[i][j] = (f[i] - g[i]) / 1e-7 + (i == j ? 20.0 / (1 + round) / (1 + round) : 0);
    }
    for (int i = 0; i < 6; i++)
      A[i][6] = f[i];
    for (int c = 0; c < 6; c++) {
      int best = c;
      for (int i = c; i < 6; i++)
        best = fabs(A[i][c]) > fabs(A[best][c]) ? i : best;
      for (int j = 0; j < 7; j++) {
        double swap = A[c][j];
        A[c][j] = A[best][j], A[best][j] = swap;
      }
      for (int i = c + 1; i < 6; i++)
        for (int j = 6; j >= c; j--)
          A[i][j] -= A[c][j] * A[i][c] / A[c][c];
    }
    for (int i = 5; i >= 0; i--) {
      moved[i] = A[i][6];
      for (int j = i + 1; j < 6; j++)
        moved[i] -= A[i][j] * moved[j];
      moved[i] /= A[i][i];
      x[i] += moved[i];
    }
  }
}

static void test_balance_is_that_of_a_direct_solve(void **state) {
  (void)state;
  for (int k = 0; k < 6; k++) {
    rig r;
    create_net(&r, 0.4 + 0.5 * k);
    double shift = 0.011 * k - 0.007, x[6], left[6];
    pose(&r, shift, 0);
    kc_force_settle_nodes(r.force, r.body, r.work, &r.state);
    solve_directly(&r, shift, x);
    balance(&r, shift, x, left);
    for (int i = 0; i < 6; i++) {
      near("direct solve", left[i], 0, 1e-9);
      near("balance", displacement(&r, i / 3, i % 3), x[i], 1e-8);
    }
    assert_true(fabs(x[0]) + fabs(x[3]) > 1e-4);
    // steps come to rest in the same place, whatever their length
    for (double h = 0.0005; h < 0.3; h *= 7)
      for (int i = 0; i < 4000; i++)
        step(&r, h);
    for (int i = 0; i < 6; i++)
      near("steps", displacement(&r, i / 3, i % 3), x[i], 1e-8);
    end(&r);
  }
}

// c dx/dt = -k x, to second order in the step
static void test_relaxes_in_the_time_that_is_set(void **state) {
  (void)state;
  const double home[3] = {0.1, 0.2, 0.3}, from[3] = {0.011, -0.007, 0.0043};
  double error[3];
  for (int k = 0; k < 3; k++) {
    rig r;
    begin(&r);
    add_node(&r, 1, home, 47.0, 3900.0);
    finish(&r);
    pose(&r, 0, 0.7);
    displace(&r, 0, from);
    double h = 0.002 / (1 << k), rate = 3900.0 / 47.0;
    for (int i = 0; i < 3; i++) // the step before, so that the first is not of first order
      r.mean[0].v[i] = r.place[0].v[i] * kc_real(-(exp(rate * h) - 1) / h);
    for (int i = 0; i < 16 << k; i++)
      step(&r, h);
    error[k] = displacement(&r, 0, 0) - from[0] * exp(-rate * 0.032);
    near("relaxation", displacement(&r, 0, 1), from[1] * exp(-rate * 0.032), 1e-4 / (1 << 2 * k));
    end(&r);
  }
  assert_true(fabs(error[1] / error[0]) < 0.3 && fabs(error[2] / error[1]) < 0.28);
}

// a linear band drags a node to and fro: work over a cycle is the loss, and both are those of a
// spring before a spring and a damper side by side
static void test_loop_loses_what_the_drag_takes(void **state) {
  (void)state;
  const double home[3] = {0, 0, 0}, far[2][3] = {{0}, {0.4, 0, 0}};
  const double k = 8300, held = 5100, c = 61, amplitude = 0.006, turn = 6.283185307179586;
  const int node[2] = {0, -1}, link[2] = {0, 1};
  kc_band like = {.on = 1, .stiffness = k, .toe_strain = 0.01, .slack_length = 0.3, .loss = 0.0};
  rig r;
  begin(&r);
  add_node(&r, 0, home, c, held);
  add_band(&r, node, link, far, &like);
  finish(&r);
  double h = 0.0005, omega = turn * 2.5, work = 0, loss = 0, into_node = 0;
  int period = 800;
  r.v[0] = kc_real(0);
  pose(&r, 0, 0);
  kc_force_settle_nodes(r.force, r.body, r.work, &r.state);
  for (int i = 1; i <= 4 * period; i++) {
    pose(&r, amplitude * sin(omega * h * i), amplitude * omega * cos(omega * h * i));
    step(&r, h);
    compute(&r);
    if (i <= 3 * period)
      continue;
    double tension = kc_get(r.work->band_force[0], 0);
    work += tension * amplitude * omega * cos(omega * h * i) * h;
    loss -= kc_get(r.work->node_loss[0], 0) * h;
    into_node -= kc_get(r.work->band_power[0] + r.work->node_power[0], 0) * h;
  }
  double want = turn / 2 * amplitude * amplitude * k * k * c * omega /
                ((k + held) * (k + held) + c * c * omega * omega);
  assert_true(want > 0.01);
  near("loss over a cycle", loss, want, 1e-3 * want);
  near("work over a cycle", work, want, 1e-3 * want);
  near("work on bodies", into_node, work, 1e-5 * want);
  end(&r);
}

// whatever stiffness, drag and step: finite, and no further out than where it began
static void test_stays_where_it_can(void **state) {
  (void)state;
  uint64_t draw = 2385;
  const double from[3] = {0.023, -0.017, 0.031};
  for (int k = 0; k < 200; k++) {
    rig r;
    create_net(&r, exp(6.0 * rig_draw(&draw)));
    for (int n = 0; n < 2; n++)
      r.node[n].drag = exp(4.0 + 9.0 * rig_draw(&draw));
    kc_ground ground = kc_ground_default();
    for (int lane = 0; lane < KC_LANES; lane++)
      kc_force_load(r.force, r.tree, lane, &r.model, &ground);
    double h = 0.0005 * exp(4.0 * rig_draw(&draw)), most = 0;
    pose(&r, 0.02 * rig_draw(&draw), rig_draw(&draw));
    displace(&r, 0, from);
    displace(&r, 1, from);
    for (int i = 0; i < 600; i++) {
      step(&r, h);
      for (int n = 0; n < 6; n++)
        most = fmax(most, fabs(displacement(&r, n / 3, n % 3)));
      assert_true(isfinite(displacement(&r, 0, 0) + displacement(&r, 1, 2)));
    }
    assert_true(most < 0.2);
    end(&r);
  }
}

// all forces are internal; what elements and nodes do is what bodies take up, to round-off
static void test_budgets_of_force_and_power_close(void **state) {
  (void)state;
  uint64_t draw = 77;
  for (int k = 0; k < 30; k++) {
    rig r;
    create_net(&r, 1.3);
    for (int b = 0; b < r.model.n_band; b++)
      r.band[b].loss = 0.06 + 0.02 * b;
    kc_ground ground = kc_ground_default();
    for (int lane = 0; lane < KC_LANES; lane++)
      kc_force_load(r.force, r.tree, lane, &r.model, &ground);
    for (int n = 0; n < 2; n++) {
      const double x[3] = {0.01 * rig_draw(&draw), 0.01 * rig_draw(&draw), 0.01 * rig_draw(&draw)};
      displace(&r, n, x);
    }
    pose(&r, 0.02 * rig_draw(&draw), 2 * rig_draw(&draw));
    compute(&r);
    real taken = kc_real(0), given = kc_real(0);
    kc_vec3 force = kc_vec3_make(0, 0, 0), moment = kc_vec3_make(0, 0, 0);
    for (int j = 0; j < 2; j++) {
      taken += wrench_power(&r.body->force[j], &r.body->vel[j]);
      kc_vec3 f = kc_mat3_apply(&r.body->rot[j], kc_spatial_linear(&r.body->force[j]));
      kc_vec3 m = kc_mat3_apply(&r.body->rot[j], kc_spatial_angular(&r.body->force[j]));
      force = kc_vec3_add(force, f);
      moment = kc_vec3_add(moment, kc_vec3_add(m, kc_vec3_cross(r.body->pos[j], f)));
    }
    for (int b = 0; b < r.model.n_band; b++)
      given += r.work->band_power[b];
    for (int n = 0; n < 2; n++)
      given += r.work->node_power[n];
    near("power", kc_get(given, 0), kc_get(taken, 0), 1e-8 * (1 + fabs(kc_get(taken, 0))));
    for (int i = 0; i < 3; i++) {
      near("force", kc_get(force.v[i], 0), 0, 1e-10);
      near("moment", kc_get(moment.v[i], 0), 0, 1e-10);
    }
    // the law: drag and tissue bear the tensions
    assert_true(kc_get(r.work->node_loss[0], 0) < 0 && kc_get(r.work->node_loss[1], 0) < 0);
    end(&r);
  }
}

// off is no force and no node's motion but home, with the same topology
static void test_off_leaves_the_node_at_home(void **state) {
  (void)state;
  rig r;
  create_net(&r, 1.0);
  for (int b = 0; b < r.model.n_band; b++)
    r.band[b].on = 0;
  kc_ground ground = kc_ground_default();
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_force_load(r.force, r.tree, lane, &r.model, &ground);
  pose(&r, 0.03, 0.4);
  kc_force_settle_nodes(r.force, r.body, r.work, &r.state);
  compute(&r);
  for (int i = 0; i < 6; i++) {
    assert_true(displacement(&r, i / 3, i % 3) == 0);
    assert_true(kc_get(r.body->force[1].v[i], 0) == 0);
  }
  end(&r);
}

// nodes that rest (internal models) have no velocity and lose nothing
static void test_resting_nodes_do_not_move(void **state) {
  (void)state;
  const double x[3] = {0.004, -0.002, 0.003};
  rig r;
  create_net(&r, 1.0);
  displace(&r, 0, x);
  pose(&r, 0.01, 1.1);
  r.work->node.moves = 0;
  compute(&r);
  assert_true(kc_get(r.work->node_loss[0], 0) == 0 && kc_get(r.work->node_rate[1].v[0], 0) == 0);
  assert_true(kc_get(r.work->band_force[0], 0) > 0);
  end(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_balance_is_that_of_a_direct_solve),
      cmocka_unit_test(test_relaxes_in_the_time_that_is_set),
      cmocka_unit_test(test_loop_loses_what_the_drag_takes),
      cmocka_unit_test(test_stays_where_it_can),
      cmocka_unit_test(test_budgets_of_force_and_power_close),
      cmocka_unit_test(test_off_leaves_the_node_at_home),
      cmocka_unit_test(test_resting_nodes_do_not_move),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
