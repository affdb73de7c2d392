/// @file
/// Loads within the shipped runner: two roads to the force between bones, closed forms, finite
/// differences at the patella, mirror image, parts that sum to the whole.
#include "force/joint_load.lane.h"
#include "force/path_check.h"
#include "force_rig.h"
#include "model/read.h"

enum { MAX_JOINT = 64, MAX_MUSCLE = 128, N_TRIAL = 6 };
static const double gravity = 9.80665, step = 5e-4;

typedef struct {
  kc_model *model;
  kc_tree *tree;
  kc_body_work *body;
  kc_force *force;
  kc_force_work *work;
  kc_muscle_set *set;
  kc_muscle_work *muscle;
  kc_joint_load *load;
  real q[MAX_JOINT], v[MAX_JOINT], a[MAX_JOINT], tau[MAX_JOINT], passive[MAX_JOINT];
  real excitation[MAX_MUSCLE], activation[MAX_MUSCLE], fibre[MAX_MUSCLE], velocity[MAX_MUSCLE];
} runner_state;

static runner_state r;

static int create(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  kc_ground ground = kc_ground_default();
  if (kc_model_read(KC_TEST_SOURCE_DIR "/models/runner.yaml", &r.model, &error) != KC_OK)
    return 1;
  r.tree = kc_tree_create(r.model), r.body = kc_body_work_create(r.tree);
  r.force = kc_force_create(r.tree, r.model, &ground), r.work = kc_force_work_create(r.force);
  r.set = kc_muscle_set_create(r.tree, r.model), r.muscle = kc_muscle_work_create(r.set);
  r.load = kc_joint_load_create(r.tree, r.model);
  return !r.load || r.model->n_joint > MAX_JOINT || r.model->n_muscle > MAX_MUSCLE;
}

static int destroy(void **state) {
  (void)state;
  kc_joint_load_destroy(r.load);
  kc_muscle_work_destroy(r.muscle), kc_muscle_set_destroy(r.set);
  kc_force_work_destroy(r.work), kc_force_destroy(r.force);
  kc_body_work_destroy(r.body), kc_tree_destroy(r.tree), kc_model_destroy(r.model);
  return 0;
}

// lifts every lane's runner until its lowest sphere sinks into the ground by a depth, m
static void set_down(double depth) {
  kc_body_compute_pose(r.tree, r.q, r.body);
  for (int lane = 0; lane < KC_LANES; lane++) {
    double lowest = 1e9;
    for (int s = 0; s < r.model->n_sphere; s++) {
      const kc_sphere *sphere = &r.model->sphere[s];
      const kc_mat3 *T = &r.tree->to_link[sphere->link];
      kc_vec3 at = {{kc_real(0), kc_real(0), kc_real(0)}};
      for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
          at.v[i] += T->m[3 * i + j] * sphere->position[j];
      at = kc_body_point_position(r.body, sphere->link, &at);
      lowest = fmin(lowest, kc_get(at.v[1], lane) - sphere->radius);
    }
    kc_set(&r.q[1], lane, kc_get(r.q[1], lane) - lowest - depth);
  }
}

// a posture of running on the ground, with velocities and activations, in every lane its own
static void draw(int first) {
  double lower[MAX_JOINT], upper[MAX_JOINT], q[MAX_JOINT];
  kc_path_find_envelope(r.model, lower, upper);
  kc_path_sweep sweep = {lower, upper, 97, 150};
  for (int lane = 0; lane < KC_LANES; lane++) {
    uint64_t seed = 977 + 131 * (uint64_t)(first + lane);
    kc_path_draw_posture(r.model, &sweep, first + lane, q);
    for (int j = 0; j < r.model->n_joint; j++) {
      double turn = j < 6 ? 0.15 * rig_draw(&seed) : q[j];
      kc_set(&r.q[j], lane, turn + 0.05 * rig_draw(&seed));
      kc_set(&r.v[j], lane, j == 0 ? 3.3 : 2.3 * rig_draw(&seed));
      kc_set(&r.tau[j], lane, j < 6 ? 0 : 11 * rig_draw(&seed));
    }
    for (int m = 0; m < r.model->n_muscle; m++)
      kc_set(&r.activation[m], lane, 0.26 + 0.24 * rig_draw(&seed));
  }
  set_down(0.009);
}

static kc_muscle_state muscles(void) {
  return (kc_muscle_state){r.excitation, r.activation, r.fibre, r.velocity};
}

// forces and accelerations as a step has them, then loads
static void evaluate(void) {
  kc_muscle_state state = muscles();
  kc_body_compute_pose(r.tree, r.q, r.body);
  kc_body_compute_velocity(r.tree, r.v, r.body);
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_muscle_set_start(r.set, lane, r.q, r.v, r.body, r.muscle, &state);
  kc_muscle_set_evaluate(r.set, r.tree, r.q, r.body, r.muscle, &state);
  kc_body_clear_forces(r.tree, r.body);
  kc_force_span span = {r.v, r.body->vel, kc_real(0), kc_real(0.5 * step)};
  kc_force_compute(r.force, r.q, &span, r.body, r.work, r.passive);
  real tau[MAX_JOINT];
  for (int j = 0; j < r.model->n_joint; j++)
    tau[j] = r.tau[j] + r.passive[j];
  kc_muscle_set_apply(r.set, r.muscle, r.body, tau);
  kc_body_compute_acceleration(r.tree, tau, r.body, r.a);
  kc_force_complete(r.force, &span, r.a, r.body, r.work);
  kc_joint_load_compute(r.load, r.tree, r.body, r.work, r.set, r.muscle);
  kc_joint_load_compute_spin(r.load, r.tree, r.body);
}

static kc_vec3 of_link(int link, const real *x) {
  return kc_mat3_apply_transposed(&r.tree->to_link[link], (kc_vec3){{x[0], x[1], x[2]}});
}

// Newton-Euler in link axes from the same accelerations; forces as applied
static void recurse(void) {
  real tau[MAX_JOINT];
  for (int j = 0; j < r.model->n_joint; j++) {
    kc_spatial damped = kc_inertia_apply(&r.body->implicit[j], &r.body->acc[j]);
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

// the whole weight on one foot, nobody moving: what is above weighs on every joint
static void test_weight_on_top(void **unused) {
  (void)unused;
  double mass[MAX_JOINT] = {0};
  for (int j = r.model->n_joint - 1; j >= 0; j--) {
    mass[j] += r.model->joint[j].mass;
    if (r.model->joint[j].parent >= 0)
      mass[r.model->joint[j].parent] += mass[j];
  }
  for (int j = 0; j < r.model->n_joint; j++)
    r.q[j] = r.v[j] = r.a[j] = kc_real(0);
  kc_body_compute_pose(r.tree, r.q, r.body);
  kc_body_compute_velocity(r.tree, r.v, r.body);
  kc_body_clear_forces(r.tree, r.body);
  memset(r.body->acc, 0, (size_t)r.model->n_joint * sizeof *r.body->acc);
  // the ground on the right foot: weight, a push aside and ahead, at a point of the rear foot
  const double f[3] = {37.3, r.model->mass * gravity, -23.9}, p[3] = {0.071, 0, 0.113};
  int foot = kc_model_find_link(r.model, "calcn_r");
  kc_vec3 force = kc_vec3_make(f[0], f[1], f[2]), point = kc_vec3_make(p[0], p[1], p[2]);
  kc_vec3 arm = kc_mat3_apply_transposed(&r.body->rot[foot], kc_vec3_sub(point, r.body->pos[foot]));
  kc_body_add_force_g(r.body, foot, &arm, &force);
  kc_vec3 none = kc_vec3_make(0, 0, 0);
  r.work->foot_origin = kc_vec3_make(0.31, 0, -0.07);
  r.work->foot_force[0] = force, r.work->foot_force[1] = r.work->foot_moment[1] = none;
  r.work->foot_moment[0] = kc_vec3_cross(kc_vec3_sub(point, r.work->foot_origin), force);
  kc_joint_load_compute(r.load, r.tree, r.body, r.work, NULL, NULL);
  for (int e = 0; e < KC_N_LOAD_JOINT; e++) {
    int standing = e < KC_N_LOAD_LEG, joint = r.load->map.joint[e];
    if (patella(e))
      continue;
    near("ahead", kc_get(r.load->force[e].v[0], 0), standing ? -f[0] : 0, 1e-9);
    near("up", kc_get(r.load->force[e].v[1], 0), gravity * mass[joint] - (standing ? f[1] : 0),
         1e-9);
    near("aside", kc_get(r.load->force[e].v[2], 0), standing ? -f[2] : 0, 1e-9);
  }
  // moment of ground and weight of the leg about the thigh, by hand
  int hip = torsion_joint(0, KC_TORSION_hip);
  double h[3], n[3] = {0}, want = 0;
  for (int i = 0; i < 3; i++)
    h[i] = kc_get(r.body->pos[hip].v[i], 0);
  for (int j = hip; j < kc_model_find_joint(r.model, "hip_flexion_l"); j++) {
    const kc_joint *link = &r.model->joint[j];
    double x = kc_get(r.body->pos[j].v[0], 0) + link->com[0] - h[0];
    double z = kc_get(r.body->pos[j].v[2], 0) + link->com[2] - h[2];
    n[2] += x * link->mass * gravity, n[0] -= z * link->mass * gravity; // r x (0, m g, 0)
  }
  const double arm_h[3] = {p[0] - h[0], p[1] - h[1], p[2] - h[2]};
  for (int i = 0; i < 3; i++)
    n[i] -= arm_h[(i + 1) % 3] * f[(i + 2) % 3] - arm_h[(i + 2) % 3] * f[(i + 1) % 3];
  kc_vec3 axis = long_axis(0, KC_TORSION_hip);
  for (int i = 0; i < 3; i++)
    want += n[i] * kc_get(axis.v[i], 0);
  near("torsion", kc_get(r.load->torsion[0][KC_TORSION_hip], 0), want, 1e-9);
  near("net torsion", kc_get(r.load->torsion_net[0][KC_TORSION_hip], 0), want, 1e-9);
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

static int image_of(const char *name, int (*find)(const kc_model *model, const char *name)) {
  char image[KC_NAME_SIZE];
  size_t n = strlen(name);
  strcpy(image, name);
  if (n > 2 && image[n - 2] == '_' && (image[n - 1] == 'r' || image[n - 1] == 'l'))
    image[n - 1] = image[n - 1] == 'r' ? 'l' : 'r';
  return find(r.model, image);
}

static double sign_of(const char *name) {
  size_t n = strlen(name);
  if (n > 2 && name[n - 2] == '_' && strchr("rl", name[n - 1]))
    return 1;
  return strstr(name, "_tz") || strstr(name, "_list") || strstr(name, "_bending") ||
                 strstr(name, "_rotation")
             ? -1
             : 1;
}

static void turn_over(void) {
  real q[MAX_JOINT], v[MAX_JOINT], tau[MAX_JOINT], activation[MAX_MUSCLE];
  memcpy(q, r.q, sizeof q), memcpy(v, r.v, sizeof v), memcpy(tau, r.tau, sizeof tau);
  memcpy(activation, r.activation, sizeof activation);
  for (int j = 0; j < r.model->n_joint; j++) {
    const char *name = r.model->joint[j].name;
    int from = image_of(name, kc_model_find_joint);
    r.q[j] = sign_of(name) * q[from], r.v[j] = sign_of(name) * v[from];
    r.tau[j] = sign_of(name) * tau[from];
  }
  for (int m = 0; m < r.model->n_muscle; m++)
    r.activation[m] = activation[image_of(r.model->muscle[m].name, kc_model_find_muscle)];
}

static void check_image(const char *what, kc_vec3 one, kc_vec3 other, double tolerance) {
  for (int i = 0; i < 3; i++)
    for (int lane = 0; lane < KC_LANES; lane++)
      near(what, kc_get(other.v[i], lane), (i == 2 ? -1 : 1) * kc_get(one.v[i], lane), tolerance);
}

static void test_mirror(void **unused) {
  (void)unused;
  static const int sensor[KC_N_SENSOR] = {KC_SENSOR_shank_l, KC_SENSOR_shank_r, KC_SENSOR_pelvis,
                                          KC_SENSOR_thorax, KC_SENSOR_head};
  for (int trial = 0; trial < N_TRIAL; trial++) {
    draw(200 + trial * KC_LANES);
    evaluate();
    kc_joint_load load = *r.load;
    real a[MAX_JOINT];
    memcpy(a, r.a, sizeof a);
    turn_over();
    evaluate();
    for (int j = 0; j < r.model->n_joint; j++) {
      const char *name = r.model->joint[j].name;
      int from = image_of(name, kc_model_find_joint);
      for (int lane = 0; lane < KC_LANES; lane++) {
        double most = 0; // accelerations as large as the largest are exact to its rounding
        for (int i = 0; i < r.model->n_joint; i++)
          most = fmax(most, fabs(kc_get(a[i], lane)));
        near(name, kc_get(r.a[j], lane), sign_of(name) * kc_get(a[from], lane), 1e-12 * most);
      }
    }
    for (int e = 0; e < KC_N_LOAD_JOINT; e++) {
      int leg = KC_N_SIDE * KC_N_LOAD_LEG, other = e < leg ? (e + KC_N_LOAD_LEG) % leg : e;
      check_image("contact", load.force[e], r.load->force[other], 1e-8);
    }
    for (int s = 0; s < KC_N_SENSOR; s++)
      check_image("sensor", load.acceleration[s], r.load->acceleration[sensor[s]], 1e-8);
    for (int k = 0; k < KC_N_SIDE; k++)
      for (int j = 0; j < KC_N_TORSION; j++)
        for (int lane = 0; lane < KC_LANES; lane++) {
          near("torsion", kc_get(r.load->torsion[1 - k][j], lane), kc_get(load.torsion[k][j], lane),
               1e-8);
          near("net torsion", kc_get(r.load->torsion_net[1 - k][j], lane),
               kc_get(load.torsion_net[k][j], lane), 1e-8);
        }
    for (int k = 0; k < KC_N_PART; k++)
      for (int lane = 0; lane < KC_LANES; lane++)
        near("part", kc_get(r.load->spin[k], lane), -kc_get(load.spin[k], lane), 1e-10);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_two_roads),
      cmocka_unit_test(test_weight_on_top),
      cmocka_unit_test(test_free_fall),
      cmocka_unit_test(test_patella),
      cmocka_unit_test(test_parts_sum_to_the_whole),
      cmocka_unit_test(test_mirror),
  };
  return cmocka_run_group_tests(tests, create, destroy);
}
