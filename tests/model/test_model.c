/// @file
/// The runner as compiled: masses, symmetry, directions of every joint, soles, de Leva's table.
#include "model/inertia.h"
#include "model/pose.h"
#include "runner.h"

enum { N = 37 };

static kc_model *read_model(const char *path) {
  kc_error error = kc_error_default();
  kc_model *model = NULL;
  expect_good(kc_model_read(path, &model, &error), &error);
  return model;
}

static const char *const joint_order[N] = {
    "pelvis_tx",        "pelvis_ty",        "pelvis_tz",        "pelvis_tilt",
    "pelvis_list",      "pelvis_rotation",  "lumbar_extension", "lumbar_bending",
    "lumbar_rotation",  "thorax_extension", "thorax_bending",   "thorax_rotation",
    "neck_extension",   "neck_bending",     "neck_rotation",    "arm_flex_r",
    "arm_add_r",        "arm_rot_r",        "elbow_flex_r",     "arm_flex_l",
    "arm_add_l",        "arm_rot_l",        "elbow_flex_l",     "hip_flexion_r",
    "hip_adduction_r",  "hip_rotation_r",   "knee_angle_r",     "ankle_angle_r",
    "subtalar_angle_r", "mtp_angle_r",      "hip_flexion_l",    "hip_adduction_l",
    "hip_rotation_l",   "knee_angle_l",     "ankle_angle_l",    "subtalar_angle_l",
    "mtp_angle_l"};

static void runner_has_its_joints_in_order(void **state) {
  (void)state;
  kc_model *model = read_model(RUNNER);
  assert_int_equal(model->n_joint, N);
  for (int i = 0; i < N; i++) {
    assert_string_equal(model->joint[i].name, joint_order[i]);
    assert_true(model->joint[i].parent < i);
  }
  assert_true(model->free_root);
  assert_int_equal(model->n_sphere, 12);
  assert_int_equal(model->n_node, 8);
  assert_int_equal(model->n_band, 32);
  assert_int_equal(kc_model_find_joint(model, "knee_angle_l"), 33);
  assert_int_equal(kc_model_find_joint(model, "knee_angle"), -1);
  assert_int_equal(kc_model_find_link(model, "talus_r"), 27);
  assert_int_equal(kc_model_find_link(model, ""), -1);
  assert_true(kc_model_find_band(model, "lateral_gluteal_l") >= 0);
  kc_model_destroy(model);
  kc_model_destroy(NULL);
}

/// Coordinate, value, point (body, where), direction it must move in.
typedef struct {
  const char *joint, *body;
  double at[3], direction[3];
} motion;

static const motion motions[] = {
    {"pelvis_tilt", "pelvis", {0, 1, 0}, {-1, 0, 0}},
    {"pelvis_list", "pelvis", {0, 1, 0}, {0, 0, 1}},
    {"pelvis_rotation", "pelvis", {1, 0, 0}, {0, 0, -1}},
    {"lumbar_extension", "thorax", {0, 0.3, 0}, {-1, 0, 0}},
    {"lumbar_bending", "thorax", {0, 0.3, 0}, {0, 0, 1}},
    {"lumbar_rotation", "thorax", {0.5, 0, 0}, {0, 0, -1}},
    {"thorax_extension", "head", {0, 0.2, 0}, {-1, 0, 0}},
    {"neck_extension", "head", {0, 0.2, 0}, {-1, 0, 0}},
    {"arm_flex_r", "forearm_r", {0, 0, 0}, {1, 0, 0}},
    {"arm_flex_l", "forearm_l", {0, 0, 0}, {1, 0, 0}},
    {"arm_add_r", "forearm_r", {0, 0, 0}, {0, 0, -1}},
    {"arm_add_l", "forearm_l", {0, 0, 0}, {0, 0, 1}},
    {"arm_rot_r", "humerus_r", {0.1, 0, 0}, {0, 0, -1}},
    {"arm_rot_l", "humerus_l", {0.1, 0, 0}, {0, 0, 1}},
    {"elbow_flex_r", "forearm_r", {0, -0.25, 0}, {1, 0, 0}},
    {"hip_flexion_r", "tibia_r", {0, 0, 0}, {1, 0, 0}},
    {"hip_adduction_r", "calcn_r", {0, 0, 0}, {0, 0, -1}},
    {"hip_adduction_l", "calcn_l", {0, 0, 0}, {0, 0, 1}},
    {"hip_rotation_r", "toes_r", {0, 0, 0}, {0, 0, -1}},
    {"hip_rotation_l", "toes_l", {0, 0, 0}, {0, 0, 1}},
    {"knee_angle_r", "calcn_r", {0, 0, 0}, {-1, 0, 0}},
    {"knee_angle_l", "calcn_l", {0, 0, 0}, {-1, 0, 0}},
    {"ankle_angle_r", "toes_r", {0, 0, 0}, {0, 1, 0}},
    {"ankle_angle_l", "toes_l", {0, 0, 0}, {0, 1, 0}},
    {"subtalar_angle_r", "calcn_r", {0.05, 0, -0.1}, {0, 1, 0}},
    {"subtalar_angle_l", "calcn_l", {0.05, 0, 0.1}, {0, 1, 0}},
    {"mtp_angle_r", "toes_r", {0.06, 0, 0}, {0, 1, 0}},
    {"mtp_angle_l", "toes_l", {0.06, 0, 0}, {0, 1, 0}},
};

static void every_joint_moves_as_its_name_says(void **state) {
  (void)state;
  kc_model *model = read_model(RUNNER);
  for (size_t k = 0; k < sizeof motions / sizeof motions[0]; k++) {
    const motion *m = &motions[k];
    double q[N] = {0}, before[3], after[3], along = 0;
    test_frame frame[N];
    int link = kc_model_find_link(model, m->body);
    assert_true(link >= 0);
    test_pose(model, q, frame);
    test_point(&frame[link], m->at, before);
    q[kc_model_find_joint(model, m->joint)] = 0.137;
    test_pose(model, q, frame);
    test_point(&frame[link], m->at, after);
    for (int i = 0; i < 3; i++)
      along += (after[i] - before[i]) * m->direction[i];
    if (along < 0.005)
      fail_msg("%s moves %s by %g m the wrong way", m->joint, m->body, along);
  }
  kc_model_destroy(model);
}

/// The coordinates of the mirrored posture.
static void mirror_coordinates(const kc_model *model, const double *q, double *out) {
  for (int i = 0; i < N; i++) {
    char name[KC_NAME_SIZE];
    memcpy(name, model->joint[i].name, sizeof name);
    size_t n = strlen(name);
    double sign = 1;
    if (model->joint[i].side != KC_MIDLINE)
      name[n - 1] = model->joint[i].side == KC_RIGHT ? 'l' : 'r';
    else if (model->joint[i].type == KC_PRISMATIC)
      sign = model->joint[i].axis[2] != 0 ? -1 : 1;
    else
      sign = model->joint[i].axis[2] != 0 ? 1 : -1;
    out[kc_model_find_joint(model, name)] = sign * q[i];
  }
}

static void base_model_is_its_own_mirror_image(void **state) {
  (void)state;
  kc_model *model = read_model(RUNNER);
  double q[N], p[N], com[3], image[3];
  test_frame frame[N], other[N];
  for (int i = 0; i < N; i++)
    q[i] = 0.31 * sin(1.7 + 2.39 * i);
  mirror_coordinates(model, q, p);
  test_pose(model, q, frame);
  test_pose(model, p, other);
  for (int i = 0; i < N; i++) {
    char name[KC_NAME_SIZE];
    memcpy(name, model->joint[i].name, sizeof name);
    if (model->joint[i].side != KC_MIDLINE)
      name[strlen(name) - 1] = model->joint[i].side == KC_RIGHT ? 'l' : 'r';
    int k = kc_model_find_joint(model, name);
    for (int c = 0; c < 3; c++)
      assert_near(frame[i].pos[c], (c == 2 ? -1 : 1) * other[k].pos[c], 1e-14);
    assert_true(model->joint[i].mass == model->joint[k].mass);
    assert_true(model->joint[i].torque_limit == model->joint[k].torque_limit);
    assert_memory_equal(&model->joint[i].passive, &model->joint[k].passive, sizeof(kc_passive));
  }
  test_com(model, frame, com);
  test_com(model, other, image);
  assert_near(com[0], image[0], 1e-14);
  assert_near(com[1], image[1], 1e-14);
  assert_near(com[2], -image[2], 1e-14);
  for (int i = 0; i < model->n_band; i++) {
    char twin[KC_NAME_SIZE];
    memcpy(twin, model->band[i].name, sizeof twin);
    kc_model_mirror_name(twin);
    const kc_band *other_band = &model->band[kc_model_find_band(model, twin)];
    assert_near(model->band[i].slack_length, other_band->slack_length, 1e-14);
    for (int e = 0; e < 2 && model->band[i].node[e]; e++) {
      memcpy(twin, model->node[model->band[i].node[e] - 1].name, sizeof twin);
      kc_model_mirror_name(twin);
      assert_string_equal(twin, model->node[other_band->node[e] - 1].name);
    }
  }
  assert_true(model->leg_length[0] == model->leg_length[1]);
  kc_model_destroy(model);
}

static void masses_sum_to_what_is_asked(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  def->mass = 61.37;
  def->stature = 1.682;
  for (int sex = 0; sex < KC_N_SEX; sex++) {
    def->sex = (kc_sex)sex;
    kc_model *model = compile(def);
    assert_near(model->mass, 61.37, 1e-12);
    double q[N] = {0}, com[3];
    test_frame frame[N];
    test_pose(model, q, frame);
    test_com(model, frame, com);
    double height =
        com[1] - frame[kc_model_find_joint(model, "hip_flexion_r")].pos[1] + model->leg_length[0];
    if (height < 0.54 * 1.682 || height > 0.58 * 1.682)
      fail_msg("mass centre %g of stature above the sole", height / 1.682);
    kc_model_destroy(model);
  }
  kc_model_destroy_def(def);
}

static void soles_stand_on_one_plane(void **state) {
  (void)state;
  kc_model *model = read_model(RUNNER);
  double q[N] = {0};
  test_frame frame[N];
  test_pose(model, q, frame);
  double hip = frame[kc_model_find_joint(model, "hip_flexion_r")].pos[1];
  for (int i = 0; i < model->n_sphere; i++) {
    double p[3];
    test_point(&frame[model->sphere[i].link], model->sphere[i].position, p);
    assert_near(hip - p[1] + model->sphere[i].radius, model->leg_length[0], 1e-12);
    assert_int_equal(model->sphere[i].side, p[2] > 0 ? KC_RIGHT : KC_LEFT);
  }
  kc_model_destroy(model);
}

static void de_leva_table_has_its_sums(void **state) {
  (void)state;
  const double sum[KC_N_SEX] = {1.0, 0.9999}, trunk[KC_N_SEX] = {0.4346, 0.4257};
  for (int s = 0; s < KC_N_SEX; s++) {
    double all = 0, middle = 0;
    for (int i = 0; i < KC_N_DELEVA; i++) {
      double mass = kc_model_deleva_row((kc_sex)s, (kc_deleva_segment)i)->mass;
      int paired = i >= KC_DELEVA_UPPER_ARM;
      all += paired ? 2 * mass : mass;
      if (i >= KC_DELEVA_UPPER_TRUNK && i <= KC_DELEVA_LOWER_TRUNK)
        middle += mass;
    }
    assert_near(all, sum[s], 1e-12);
    assert_near(middle, trunk[s], 1e-12);
  }
  // the trunk's mass centre by its thirds: 44.86 % of 531.9 mm from suprasternale (table row);
  // its separately adjusted rows differ by 3 mm
  double moment = 0;
  for (int i = KC_DELEVA_UPPER_TRUNK; i <= KC_DELEVA_LOWER_TRUNK; i++) {
    const kc_deleva_row *row = kc_model_deleva_row(KC_MALE, (kc_deleva_segment)i);
    moment += row->mass *
              (kc_model_deleva_base(KC_MALE, (kc_deleva_segment)i) + (1 - row->com) * row->length);
  }
  assert_near(moment / 0.4346, 0.5319 * (1 - 0.4486), 0.004);
}

static void thigh_has_de_levas_figures(void **state) {
  (void)state;
  kc_model *model = read_model(RUNNER);
  const kc_joint *thigh = &model->joint[kc_model_find_link(model, "femur_r")];
  double length = 0.245 * 1.78, mass = 0.1416 * 75;
  assert_near(thigh->mass, mass, 1e-12);
  const double *c = thigh->com;
  assert_near(sqrt(c[0] * c[0] + c[1] * c[1] + c[2] * c[2]), 0.4095 * length, 2e-5);
  double trace = thigh->inertia[0] + thigh->inertia[1] + thigh->inertia[2];
  double k = 2 * 0.329 * 0.329 + 0.149 * 0.149;
  assert_near(trace, mass * length * length * k, 1e-4 * trace);
  kc_model_destroy(model);
}

static void every_shipped_model_compiles(void **state) {
  (void)state;
  kc_model *pendulum = read_model(KC_TEST_SOURCE_DIR "/models/double_pendulum.yaml");
  kc_model *body = read_model(KC_TEST_SOURCE_DIR "/models/free_body.yaml");
  assert_int_equal(pendulum->n_joint, 2);
  assert_int_equal(pendulum->free_root, 0);
  assert_int_equal(body->n_joint, 6);
  assert_int_equal(body->free_root, 1);
  assert_true(pendulum->hash != body->hash);
  kc_model_destroy(pendulum);
  kc_model_destroy(body);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(runner_has_its_joints_in_order),
      cmocka_unit_test(every_joint_moves_as_its_name_says),
      cmocka_unit_test(base_model_is_its_own_mirror_image),
      cmocka_unit_test(masses_sum_to_what_is_asked),
      cmocka_unit_test(soles_stand_on_one_plane),
      cmocka_unit_test(de_leva_table_has_its_sums),
      cmocka_unit_test(thigh_has_de_levas_figures),
      cmocka_unit_test(every_shipped_model_compiles),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
