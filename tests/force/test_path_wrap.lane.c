// Ways round cylinders and spheres against closed forms: tangents and arcs worked out by hand, with
// the C library's inverse functions; continuity at first touch; points inside.
#include "force/path_wrap.lane.h"
#include "path_rig.h"

// one straight joint; a surface and the first point on ground's link, the other end on the slide
typedef struct {
  kc_model model;
  kc_joint joint[2];
  kc_muscle muscle;
  kc_path_point point[2];
  kc_path_wrap bend[2];
  kc_wrap surface[2];
  kc_tree *tree;
  kc_body_work *body;
  kc_paths *paths;
  kc_path_work *work;
} bench_state;

static const double pi = 3.14159265358979323846;

static void bench_create(bench_state *b, kc_wrap_shape shape, double radius, int n_wrap) {
  memset(b, 0, sizeof *b);
  b->joint[0] = rig_joint(-1, KC_REVOLUTE, 0, 1, 0);
  b->joint[1] = rig_joint(0, KC_PRISMATIC, 0.3, -0.5, 0.7);
  b->joint[1].offset[0] = 0.137;
  rig_mass(&b->joint[0], 2.3, 0, 0, 0, 0.1), rig_mass(&b->joint[1], 1.9, 0, 0, 0, 0.1);
  for (int i = 0; i < 2; i++) {
    b->surface[i] = (kc_wrap){.shape = shape, .radius = radius};
    path_set_axes(&b->surface[i], 0.0, 0.0);
    b->bend[i] = (kc_path_wrap){i, 0, 1.0};
  }
  b->muscle = (kc_muscle){.n_point = 2, .n_wrap = n_wrap};
  b->point[0].guide = b->point[1].guide = -1, b->point[1].link = 1;
  b->model = (kc_model){.n_joint = 2,
                        .n_muscle = 1,
                        .n_path_point = 2,
                        .n_path_wrap = n_wrap,
                        .n_wrap = n_wrap,
                        .joint = b->joint,
                        .muscle = &b->muscle,
                        .path_point = b->point,
                        .path_wrap = b->bend,
                        .wrap = b->surface,
                        .drag_link = -1};
  b->tree = kc_tree_create(&b->model);
  b->body = kc_body_work_create(b->tree);
  b->paths = kc_path_create(b->tree, &b->model);
  b->work = kc_path_work_create(b->paths);
}

static void bench_destroy(bench_state *b) {
  kc_path_work_destroy(b->work);
  kc_path_destroy(b->paths);
  kc_body_work_destroy(b->body);
  kc_tree_destroy(b->tree);
}

// length between p and s in the frame of the first link, all lanes alike
static double bench_run(bench_state *b, const double p[3], const double s[3]) {
  real q[2] = {kc_real(0.71), kc_real(0.0)};
  for (int i = 0; i < 3; i++) {
    b->point[0].position[i] = p[i];
    b->point[1].position[i] = s[i] - b->joint[1].offset[i];
  }
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_path_load(b->paths, b->tree, lane, &b->model);
  kc_body_compute_pose(b->tree, q, b->body);
  kc_path_compute(b->paths, q, b->body, b->work);
  double length = kc_get(b->work->length[0], 0);
  for (int lane = 1; lane < KC_LANES; lane++)
    assert_true(kc_get(b->work->length[0], lane) == length);
  return length;
}

static double hypot3(const double a[3], const double b[3]) {
  double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
  return sqrt(x * x + y * y + z * z);
}

// planar points by distance and angle; the helix by hand
static void test_cylinder(void **state) {
  (void)state;
  bench_state b;
  const double r = 0.0385;
  bench_create(&b, KC_WRAP_CYLINDER, r, 1);
  for (int sense = -1; sense <= 1; sense += 2)
    for (int i = -43; i < 131; i++) {
      double phi = 0.0357 * i, p = 0.0571, s = 0.0893, start = 0.61;
      double dz = 0.0223 * (i % 5);
      double from[3] = {p * cos(start), p * sin(start), -0.031};
      double to[3] = {s * cos(start + sense * phi), s * sin(start + sense * phi), dz - 0.031};
      b.bend[0].sense = sense;
      double theta = phi - acos(r / p) - acos(r / s);
      double planar = sqrt(p * p - r * r) + sqrt(s * s - r * r) + r * theta;
      double want = theta > 0 ? sqrt(planar * planar + dz * dz) : hypot3(from, to);
      near("cylinder", bench_run(&b, from, to), want, 1e-15);
    }
  bench_destroy(&b);
}

static void test_quarter_turn(void **state) {
  (void)state;
  bench_state b;
  bench_create(&b, KC_WRAP_CYLINDER, 3.0, 1);
  const double p[3] = {3.0, -4.0, 1.0}, s[3] = {-4.0, 3.0, 13.0};
  // tangents of 4, a quarter turn between them; 12 along the axis
  near("helix", bench_run(&b, p, s), sqrt((8 + 1.5 * pi) * (8 + 1.5 * pi) + 144), 1e-14);
  b.bend[0].sense = -1.0;
  double far = acos(-24.0 / 25) - 2 * acos(0.6);
  near("other side", bench_run(&b, p, s), sqrt((8 + 3 * far) * (8 + 3 * far) + 144), 1e-14);
  bench_destroy(&b);
}

static void test_sphere(void **state) {
  (void)state;
  bench_state b;
  const double r = 0.0385;
  bench_create(&b, KC_WRAP_SPHERE, r, 1);
  uint64_t dice = 31;
  int met = 0;
  for (int i = 0; i < 500; i++) {
    double from[3], to[3], p = 0.0, s = 0.0, dot = 0.0;
    for (int k = 0; k < 3; k++)
      from[k] = 0.09 * rig_draw(&dice), to[k] = 0.09 * rig_draw(&dice);
    for (int k = 0; k < 3; k++)
      p += from[k] * from[k], s += to[k] * to[k], dot += from[k] * to[k];
    p = sqrt(p), s = sqrt(s);
    if (p < 1.025 * r || s < 1.025 * r) // nearer ends shrink the sphere
      continue;
    double theta = acos(dot / p / s) - acos(r / p) - acos(r / s);
    double way = sqrt(p * p - r * r) + sqrt(s * s - r * r) + r * theta;
    met += theta > 0;
    near("sphere", bench_run(&b, from, to), theta > 0 ? way : hypot3(from, to), 2e-15);
  }
  assert_true(met > 30 && met < 400);
  bench_destroy(&b);
}

// length and slope do not jump where a path touches its surface
static void test_first_touch(void **state) {
  (void)state;
  bench_state b;
  for (int shape = 0; shape < 2; shape++) {
    bench_create(&b, shape ? KC_WRAP_SPHERE : KC_WRAP_CYLINDER, 0.0385, 1);
    double length[5];
    for (int k = 0; k < 5; k++) {
      // the straight way from (-0.1, h) to (0.07, h) touches at h = r; below it wraps
      double h = 0.0385 + 1e-6 * (k - 2);
      const double s[3] = {-0.1, h, 0.01 * !shape}, p[3] = {0.07, h, 0.0};
      length[k] = bench_run(&b, p, s);
    }
    near("touch", length[3], length[2], 1e-12);
    near("slope", (length[2] - length[1]) / 1e-6, (length[3] - length[2]) / 1e-6, 1e-4);
    near("curve", length[0] - length[2], length[1] - length[2], 1e-10);
    bench_destroy(&b);
  }
}

// points on and inside the surface: finite, the pull bounded
static void test_points_inside(void **state) {
  (void)state;
  bench_state b;
  bench_create(&b, KC_WRAP_CYLINDER, 0.0385, 1);
  const double depth[] = {1.0, 0.97, 0.5, 0.11, 0.02, 0.0};
  for (int i = 0; i < 6; i++)
    for (int k = 0; k < 40; k++) {
      double phi = 0.157 * k, p = 0.0385 * depth[i];
      const double at[3] = {p, 0, 0}, to[3] = {0.07 * cos(phi), 0.07 * sin(phi), 0.01};
      double length = bench_run(&b, at, to), force = 0.0;
      assert_true(isfinite(length) && length > 0.02 && length < 0.4);
      for (int c = 3; c < 6; c++)
        force += kc_get(b.work->pull[0].v[c] * b.work->pull[0].v[c], 0);
      assert_true(sqrt(force) < 4.9); // sqrt(1 + theta^2)
      bench_run(&b, to, at);
    }
  bench_destroy(&b);
}

// ends near, on and inside the surface: the force on the slide is still minus the slope of the
// length
static void test_slope_inside(void **state) {
  (void)state;
  bench_state b;
  uint64_t dice = 77;
  const double h = 1e-6;
  const int joint = 1;
  for (int shape = 0; shape < 2; shape++) {
    bench_create(&b, shape ? KC_WRAP_SPHERE : KC_WRAP_CYLINDER, 0.0385, 1);
    int bent = 0;
    for (int i = 0; i < 2000; i++) {
      double p[3], s[3], length[2];
      for (int k = 0; k < 3; k++)
        p[k] = 0.06 * rig_draw(&dice), s[k] = 0.04 * rig_draw(&dice);
      if (!shape) // the cut of the sense lies elsewhere
        p[0] = 0.02 + fabs(p[0]), p[1] = -0.5 * fabs(p[1]), s[1] = fabs(s[1]);
      real arm, q[2] = {kc_real(0.71), kc_real(0.0)};
      double straight = hypot3(p, s), at = bench_run(&b, p, s);
      kc_path_compute_arms(b.paths, 1, &joint, b.tree, b.body, b.work, &arm);
      for (int k = 0; k < 2; k++) {
        q[1] = kc_real(k ? h : -h);
        kc_body_compute_pose(b.tree, q, b.body);
        kc_path_compute(b.paths, q, b.body, b.work);
        length[k] = kc_get(b.work->length[0], 0);
      }
      bent += at > straight + 1e-9;
      near("slope inside", kc_get(arm, 0), -(length[1] - length[0]) / (2 * h), 2e-5);
    }
    assert_true(bent > 300);
    bench_destroy(&b);
  }
}

// two wheels of a belt: tangents in common, arcs on both; then only one of them, then none
static void test_two_cylinders(void **state) {
  (void)state;
  bench_state b;
  const double r = 0.03, apart = 0.19;
  bench_create(&b, KC_WRAP_CYLINDER, r, 2);
  b.surface[1].position[0] = apart;
  b.bend[0].sense = b.bend[1].sense = -1.0; // over the top
  const double p[3] = {-0.05, 0.0, 0.0}, s[3] = {apart + 0.06, -0.01, 0.0};
  double t_p = sqrt(0.05 * 0.05 - r * r), d = sqrt(0.06 * 0.06 + 1e-4), t_s = sqrt(d * d - r * r);
  double arc_p = pi / 2 - acos(r / 0.05), arc_s = pi / 2 + atan2(0.01, 0.06) - acos(r / d);
  near("belt", bench_run(&b, p, s), t_p + r * arc_p + apart + r * arc_s + t_s, 1e-13);
  const double high[3] = {apart + 0.06, 0.2, 0.0}; // misses the second
  double far = sqrt(high[0] * high[0] + high[1] * high[1]);
  double turn = pi - atan2(high[1], high[0]) - acos(r / 0.05) - acos(r / far);
  double want = t_p + r * turn + sqrt(far * far - r * r);
  near("first only", bench_run(&b, p, high), turn > 0 ? want : hypot3(p, high), 1e-14);
  const double up[3] = {-0.05, 0.3, 0.02}, beyond[3] = {apart + 0.06, 0.3, -0.07};
  near("none", bench_run(&b, up, beyond), hypot3(up, beyond), 1e-15);
  bench_destroy(&b);
}

// an end just at the edge of the shell: its lane goes the same way whatever its neighbour does
static void test_edge_beside_a_neighbour(void **state) {
  (void)state;
  for (int i = 0; i < 4000; i++) {
    double r = 0.0137 + 1.37e-5 * i, edge = (1.0 + PATH_SHELL) * r * r;
    for (int k = -2; k <= 2; k++) {
      path_foot foot[2];
      foot[0] = path_foot_of(KC_WRAP_CYLINDER, kc_real(r), kc_vec3_make(sqrt(edge), 0.0, 0.0));
      foot[0].square = kc_real(edge * (1.0 + k * 1.2e-16));
      foot[1] = path_foot_of(KC_WRAP_CYLINDER, kc_real(r), kc_vec3_make(-2.1 * r, -0.7 * r, 0.01));
      path_arc alone, beside;
      path_solve(KC_WRAP_CYLINDER, kc_real(r), kc_real(1.0), foot, &alone);
      kc_set(&foot[0].square, KC_LANES - 1, KC_LANES > 1 ? 0.7 * r * r : kc_get(foot[0].square, 0));
      path_solve(KC_WRAP_CYLINDER, kc_real(r), kc_real(1.0), foot, &beside);
      double want = kc_get(alone.length, 0), got = kc_get(beside.length, 0);
      if (memcmp(&want, &got, sizeof want) != 0)
        fail_msg("radius %.17g, %d: %.17g alone, %.17g beside", r, k, want, got);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_edge_beside_a_neighbour),
                                     cmocka_unit_test(test_cylinder),
                                     cmocka_unit_test(test_quarter_turn),
                                     cmocka_unit_test(test_sphere),
                                     cmocka_unit_test(test_first_touch),
                                     cmocka_unit_test(test_points_inside),
                                     cmocka_unit_test(test_slope_inside),
                                     cmocka_unit_test(test_two_cylinders)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
