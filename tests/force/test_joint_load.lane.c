/// @file
/// Loads within the shipped runner: two roads to the force between bones, closed forms, finite
/// differences at the patella, parts that sum to the whole.
#include "load_rig.h"

static kc_vec3 of_link(int link, const real *x) {
  return kc_mat3_apply_transposed(&r.tree->to_link[link], (kc_vec3){{x[0], x[1], x[2]}});
}

// Newton-Euler in link axes from the same accelerations; forces as applied
static void recurse(void) {
  real tau[MAX_JOINT];
  for (int j = 0; j < r.model->n_joint; j++) {
    kc_spatial damped = kc_inertia_apply(&r.body->implicit[j], &r.body->acc[j]);
    for (int k = 0; k < 6; k++)
      r.body->force[j].v[k] += r.muscle->force[j].v[k];
    for (int k = 0; k < 6 && (r.tree->trait[j] & KC_LINK_IMPLICIT); k++)
      r.body->force[j].v[k] -= damped.v[k];
  }
  kc_body_compute_forces(r.tree, r.a, r.body, tau);
}

static int patella(int entry) {
  return entry < KC_N_SIDE * KC_N_LOAD_LEG && entry % KC_N_LOAD_LEG == KC_LOAD_PATELLOFEMORAL;
}

static double moment_along(const kc_vec3 *axis, int joint, int lane) {
  kc_vec3 n = kc_mat3_apply(&r.body->rot[joint], kc_spatial_angular(&r.body->wrench[joint]));
  return kc_get(kc_vec3_dot(*axis, n), lane);
}

// along the segment's long axis, upward
static kc_vec3 long_axis(int side, int joint) {
  static const char *const end[2][2][2] = {
      {{"hip_flexion_r", "knee_angle_r"}, {"hip_flexion_l", "knee_angle_l"}},
      {{"knee_angle_r", "ankle_angle_r"}, {"knee_angle_l", "ankle_angle_l"}}};
  const char *const *name = end[joint != KC_TORSION_hip][side];
  int upper = kc_model_find_joint(r.model, name[0]), lower = kc_model_find_joint(r.model, name[1]);
  kc_vec3 up = kc_vec3_sub(r.body->pos[upper], r.body->pos[lower]);
  return kc_vec3_scale(kc_real(1) / kc_sqrt(kc_vec3_dot(up, up)), up);
}

static int torsion_joint(int side, int joint) {
  static const char *const name[2][3] = {{"hip_flexion_r", "knee_angle_r", "ankle_angle_r"},
                                         {"hip_flexion_l", "knee_angle_l", "ankle_angle_l"}};
  return kc_model_find_joint(r.model, name[side][joint]);
}

static void check_torsion(real (*found)[KC_N_TORSION], const char *what) {
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int j = 0; j < KC_N_TORSION; j++) {
      kc_vec3 axis = long_axis(k, j);
      for (int lane = 0; lane < KC_LANES; lane++)
        near(what, kc_get(found[k][j], lane),
             (k ? -1 : 1) * moment_along(&axis, torsion_joint(k, j), lane), 1e-8);
    }
}

static void test_two_roads(void **unused) {
  (void)unused;
  double most = 0, apart = 0;
  for (int trial = 0; trial < N_TRIAL; trial++) {
    draw(trial * KC_LANES);
    evaluate();
    kc_joint_load load = *r.load;
    for (int k = 0; k < 6; k++) // nothing holds the root: what its links ask for acts on them
      for (int lane = 0; lane < KC_LANES; lane++)
        near("root", kc_get(load.demand[5].v[k] - load.acting[5].v[k], lane), 0, 1e-7);
    recurse();
    for (int e = 0; e < KC_N_LOAD_JOINT; e++)
      for (int k = 0; k < 3 && !patella(e); k++) {
        // the rest of the body pushes the other way: the same wrench, from the other side
        int joint = load.map.joint[e], link = load.map.link[e];
        kc_vec3 f = kc_mat3_apply(&r.body->rot[joint], kc_spatial_linear(&r.body->wrench[joint]));
        f = kc_mat3_apply_transposed(&r.body->rot[link], f);
        f = of_link(link, f.v);
        for (int lane = 0; lane < KC_LANES; lane++) {
          near("contact", kc_get(load.force[e].v[k], lane), kc_get(f.v[k], lane), 1e-8);
          most = fmax(most, fabs(kc_get(load.force[e].v[k], lane)));
        }
      }
    check_torsion(load.torsion, "transmitted");
    // the net moment: the same road without muscles and bands
    for (int j = 0; j < r.model->n_joint; j++)
      for (int k = 0; k < 6; k++)
        r.body->force[j].v[k] = kc_real(0);
    for (int s = 0; s < r.model->n_sphere; s++) {
      int link = r.model->sphere[s].link;
      kc_vec3 at = kc_vec3_sub(r.work->sphere_point[s], r.body->pos[link]);
      at = kc_mat3_apply_transposed(&r.body->rot[link], at);
      kc_body_add_force_g(r.body, link, &at, &r.work->sphere_force[s]);
    }
    real tau[MAX_JOINT];
    kc_body_compute_forces(r.tree, r.a, r.body, tau);
    check_torsion(load.torsion_net, "net");
    apart = fmax(apart, fabs(kc_get(load.torsion[0][0] - load.torsion_net[0][0], 0)));
  }
  assert_true(most > 2000 && apart > 5); // something is loaded, and muscles make a difference
}

// the ground on the right foot: weight, a push aside and ahead, at a point of the rear foot
static const double ground_force[3] = {37.3, 735.4987, -23.9}, ground_point[3] = {0.071, 0, 0.113};

// straight up, nobody moving, the whole weight on one foot
static void stand(void) {
  for (int j = 0; j < r.model->n_joint; j++)
    r.q[j] = r.v[j] = r.a[j] = kc_real(0);
  kc_body_compute_pose(r.tree, r.q, r.body);
  kc_body_compute_velocity(r.tree, r.v, r.body);
  kc_body_clear_forces(r.tree, r.body);
  memset(r.body->acc, 0, (size_t)r.model->n_joint * sizeof *r.body->acc);
  const double *f = ground_force, *p = ground_point;
  int foot = kc_model_find_link(r.model, "calcn_r");
  kc_vec3 force = kc_vec3_make(f[0], f[1], f[2]), point = kc_vec3_make(p[0], p[1], p[2]);
  kc_vec3 arm = kc_mat3_apply_transposed(&r.body->rot[foot], kc_vec3_sub(point, r.body->pos[foot]));
  kc_body_add_force_g(r.body, foot, &arm, &force);
  kc_vec3 none = kc_vec3_make(0, 0, 0);
  r.work->foot_origin = kc_vec3_make(0.31, 0, -0.07);
  r.work->foot_force[0] = force, r.work->foot_force[1] = r.work->foot_moment[1] = none;
  r.work->foot_moment[0] = kc_vec3_cross(kc_vec3_sub(point, r.work->foot_origin), force);
  kc_joint_load_compute(r.load, r.tree, r.body, r.work, NULL, NULL);
}

// moment of ground and weight of the right leg about the thigh at the hip, by hand
static double torsion_by_hand(void) {
  int hip = torsion_joint(0, KC_TORSION_hip);
  const double *f = ground_force;
  double h[3], arm[3], n[3] = {0}, sum = 0;
  for (int i = 0; i < 3; i++)
    h[i] = kc_get(r.body->pos[hip].v[i], 0), arm[i] = ground_point[i] - h[i];
  for (int j = hip; j < kc_model_find_joint(r.model, "hip_flexion_l"); j++) {
    const kc_joint *link = &r.model->joint[j];
    double x = kc_get(r.body->pos[j].v[0], 0) + link->com[0] - h[0];
    double z = kc_get(r.body->pos[j].v[2], 0) + link->com[2] - h[2];
    n[2] += x * link->mass * gravity, n[0] -= z * link->mass * gravity; // r x (0, m g, 0)
  }
  for (int i = 0; i < 3; i++)
    n[i] -= arm[(i + 1) % 3] * f[(i + 2) % 3] - arm[(i + 2) % 3] * f[(i + 1) % 3];
  kc_vec3 axis = long_axis(0, KC_TORSION_hip);
  for (int i = 0; i < 3; i++)
    sum += n[i] * kc_get(axis.v[i], 0);
  return sum;
}

// what is above weighs on every joint
static void test_weight_on_top(void **unused) {
  (void)unused;
  const double *f = ground_force;
  double mass[MAX_JOINT] = {0};
  for (int j = r.model->n_joint - 1; j >= 0; j--) {
    mass[j] += r.model->joint[j].mass;
    if (r.model->joint[j].parent >= 0)
      mass[r.model->joint[j].parent] += mass[j];
  }
  stand();
  for (int e = 0; e < KC_N_LOAD_JOINT; e++) {
    int standing = e < KC_N_LOAD_LEG, joint = r.load->map.joint[e];
    if (patella(e))
      continue;
    near("ahead", kc_get(r.load->force[e].v[0], 0), standing ? -f[0] : 0, 1e-9);
    near("up", kc_get(r.load->force[e].v[1], 0), gravity * mass[joint] - (standing ? f[1] : 0),
         1e-9);
    near("aside", kc_get(r.load->force[e].v[2], 0), standing ? -f[2] : 0, 1e-9);
  }
  double torsion = torsion_by_hand();
  near("torsion", kc_get(r.load->torsion[0][KC_TORSION_hip], 0), torsion, 1e-9);
  near("net torsion", kc_get(r.load->torsion_net[0][KC_TORSION_hip], 0), torsion, 1e-9);
  for (int s = 0; s < KC_N_SENSOR; s++)
    for (int i = 0; i < 3; i++)
      near("acceleration", kc_get(r.load->acceleration[s].v[i], 0), 0, 1e-12);
}

static void test_free_fall(void **unused) {
  (void)unused;
  draw(0);
  for (int j = 0; j < r.model->n_joint; j++)
    r.v[j] = r.tau[j] = kc_real(0);
  kc_body_compute_pose(r.tree, r.q, r.body);
  kc_body_compute_velocity(r.tree, r.v, r.body);
  kc_body_clear_forces(r.tree, r.body);
  kc_body_compute_acceleration(r.tree, r.tau, r.body, r.a);
  kc_vec3 none = kc_vec3_make(0, 0, 0);
  r.work->foot_origin = none;
  for (int k = 0; k < KC_N_SIDE; k++)
    r.work->foot_force[k] = r.work->foot_moment[k] = none;
  kc_joint_load_compute(r.load, r.tree, r.body, r.work, NULL, NULL);
  for (int lane = 0; lane < KC_LANES; lane++) {
    for (int e = 0; e < KC_N_LOAD_JOINT; e++)
      for (int i = 0; i < 3 && !patella(e); i++)
        near("force", kc_get(r.load->force[e].v[i], lane), 0, 1e-9);
    for (int k = 0; k < KC_N_SIDE; k++)
      for (int j = 0; j < KC_N_TORSION; j++) {
        near("torsion", kc_get(r.load->torsion[k][j], lane), 0, 1e-9);
        near("net torsion", kc_get(r.load->torsion_net[k][j], lane), 0, 1e-9);
      }
    for (int s = 0; s < KC_N_SENSOR; s++) {
      const kc_vec3 *a = &r.load->acceleration[s];
      near("falling", kc_get(kc_sqrt(kc_vec3_dot(*a, *a)), lane), gravity, 1e-10);
    }
  }
}

// lengths of all muscles with a patella shifted in its femur
static void find_lengths(int guide, int axis, double shift, real *length) {
  kc_guide *g = &r.model->guide[guide];
  double *at[3] = {&g->x[0], &g->y[0], &g->z}, keep = *at[axis];
  *at[axis] += shift;
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_muscle_set_load(r.set, r.tree, lane, r.model);
  kc_path_compute(kc_muscle_set_paths(r.set), r.q, r.body, r.muscle->path);
  memcpy(length, r.muscle->path->length, (size_t)r.model->n_muscle * sizeof *length);
  *at[axis] = keep;
}

// the work of a shift of the patella is the muscles' tensions times what it shortens them
static void test_patella(void **unused) {
  (void)unused;
  const double e = 1e-6;
  real more[MAX_MUSCLE], less[MAX_MUSCLE];
  draw(40);
  evaluate();
  for (int k = 0; k < KC_N_SIDE; k++) {
    int entry = k * KC_N_LOAD_LEG + KC_LOAD_PATELLOFEMORAL, knee = r.load->map.joint[entry];
    const kc_vec3 *found = &r.load->force[entry];
    kc_vec3 by_work;
    for (int axis = 0; axis < 3; axis++) {
      find_lengths(r.load->map.guide[k], axis, e, more);
      find_lengths(r.load->map.guide[k], axis, -e, less);
      by_work.v[axis] = kc_real(0);
      for (int m = 0; m < r.model->n_muscle; m++)
        by_work.v[axis] += r.muscle->tension[m] * (more[m] - less[m]) * (0.5 / e);
    }
    find_lengths(0, 0, 0, more);
    for (int lane = 0; lane < KC_LANES; lane++) {
      near("size", kc_get(kc_sqrt(kc_vec3_dot(*found, *found)), lane),
           kc_get(kc_sqrt(kc_vec3_dot(by_work, by_work)), lane), 1e-3);
      near("aside", kc_get(found->v[2], lane), kc_get(by_work.v[2], lane), 1e-3);
      double flexed = kc_get(r.q[knee], lane);
      if (flexed > 0.3) // the femur pushes the patella forward, and hard
        assert_true(kc_get(found->v[0], lane) > 50);
    }
  }
}

static void test_parts_sum_to_the_whole(void **unused) {
  (void)unused;
  draw(70);
  evaluate();
  kc_vec3 com, linear, angular;
  kc_body_compute_momentum(r.tree, r.body, &com, &linear, &angular);
  for (int lane = 0; lane < KC_LANES; lane++) {
    double sum = 0, size = 0;
    for (int k = 0; k < KC_N_PART; k++) {
      sum += kc_get(r.load->spin[k], lane);
      size = fmax(size, fabs(kc_get(r.load->spin[k], lane)));
    }
    near("angular momentum", sum, kc_get(angular.v[1], lane), 1e-10);
    assert_true(size > 0.1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_two_roads),
      cmocka_unit_test(test_weight_on_top),
      cmocka_unit_test(test_free_fall),
      cmocka_unit_test(test_patella),
      cmocka_unit_test(test_parts_sum_to_the_whole),
  };
  return cmocka_run_group_tests(tests, create, destroy);
}
