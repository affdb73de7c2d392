/// @file
/// Conditions as the compiled model sees them: what moves, what stays, to the bit.
#include "model/hash.h"
#include "model/pose.h"
#include "runner.h"

#include <float.h>

enum { N = 37 };

static double distance(const double a[3], const double b[3]) {
  return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
              (a[2] - b[2]) * (a[2] - b[2]));
}

static void innominate_carries_hip_and_its_points(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  kc_model *plain = compile(def);
  double angle = 6 * M_PI / 180;
  def->innominate_angle[KC_LEFT] = angle;
  kc_model *turned = compile(def);
  int hip = kc_model_find_joint(plain, "hip_flexion_l");
  const kc_joint *a = &plain->joint[hip], *b = &turned->joint[hip];
  // the hip turns about the axis at its distance from it: chord = 2 r sin(angle / 2)
  double scale = a->offset[2] / -0.07726;
  double r = scale * hypot(-0.05628 + 0.12, -0.07849 - 0.03);
  assert_near(distance(a->offset, b->offset), 2 * r * sin(angle / 2), 1e-15);
  assert_near(distance(a->offset, b->offset), 0.013, 0.001);
  assert_true(b->offset[0] < a->offset[0] && b->offset[1] < a->offset[1]);
  assert_near(b->passive.upper, a->passive.upper - angle, 1e-15);
  assert_near(b->passive.lower, a->passive.lower - angle, 1e-15);
  assert_near(b->range_lower, a->range_lower - angle, 1e-15);
  // everything else of the tree stays, to the bit
  for (int i = 0; i < N; i++)
    if (i != hip)
      assert_memory_equal(&plain->joint[i], &turned->joint[i], sizeof(kc_joint));
  int moved = 0;
  for (int k = 0; k < plain->n_point; k++) {
    const kc_point *p = &plain->point[k], *q = &turned->point[k];
    if (distance(p->position, q->position) == 0)
      continue;
    assert_string_equal(plain->joint[p->link].link_name, "pelvis");
    assert_true(p->position[2] < 0);
    moved++;
  }
  // glmax1 twice, pubis, both crests, ischium
  assert_int_equal(moved, 6);
  for (int k = 0; k < plain->n_band; k++)
    assert_true(plain->band[k].slack_length == turned->band[k].slack_length);
  assert_true(plain->hash != turned->hash);
  kc_model_destroy(plain);
  kc_model_destroy(turned);
  kc_model_destroy_def(def);
}

static void up_slip_lifts_the_hip(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  kc_model *plain = compile(def);
  def->innominate_slip[KC_RIGHT] = 0.0077;
  kc_model *slipped = compile(def);
  int hip = kc_model_find_joint(plain, "hip_flexion_r");
  assert_near(slipped->joint[hip].offset[1] - plain->joint[hip].offset[1], 0.0077, 1e-15);
  assert_true(slipped->joint[hip].offset[0] == plain->joint[hip].offset[0]);
  kc_model_destroy(plain);
  kc_model_destroy(slipped);
  kc_model_destroy_def(def);
}

static void shorter_bones_shorten_one_leg_only(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  kc_model *plain = compile(def);
  def->body[kc_model_def_find_body(def, "femur_l")].length_change = -0.0082;
  def->body[kc_model_def_find_body(def, "tibia_l")].length_change = -0.0068;
  kc_model *shorter = compile(def);
  // bones stand a little aslant: the height changes by slightly less than the length
  assert_near(plain->leg_length[KC_LEFT] - shorter->leg_length[KC_LEFT], 0.015, 1e-5);
  assert_true(plain->leg_length[KC_RIGHT] == shorter->leg_length[KC_RIGHT]);
  assert_near(plain->mass, shorter->mass, 1e-12);
  int knee = kc_model_find_joint(plain, "knee_angle_l");
  const double zero[3] = {0};
  assert_near(distance(plain->joint[knee].offset, zero) -
                  distance(shorter->joint[knee].offset, zero),
              0.0082, 1e-6);
  int feet = plain->n_sphere;
  for (int i = 0; i < feet; i++)
    assert_memory_equal(&plain->sphere[i], &shorter->sphere[i], sizeof(kc_sphere));
  for (int i = 0; i < N; i++)
    if (plain->joint[i].side != KC_LEFT)
      assert_memory_equal(&plain->joint[i], &shorter->joint[i], sizeof(kc_joint));
  kc_model_destroy(plain);
  kc_model_destroy(shorter);
  kc_model_destroy_def(def);
}

static void no_condition_changes_no_bit(void **state) {
  (void)state;
  kc_model_def *def = read_def(), *copy = kc_model_copy_def(def);
  kc_model *a = compile(def), *b = compile(copy);
  assert_true(a->hash == b->hash);
  copy->body[kc_model_def_find_body(copy, "femur_l")].length_change = DBL_EPSILON;
  kc_model *c = compile(copy);
  assert_true(a->hash != c->hash);
  kc_model_destroy(a);
  kc_model_destroy(b);
  kc_model_destroy(c);
  kc_model_destroy_def(def);
  kc_model_destroy_def(copy);
}

/// What is known is copied whole, to live by itself; a definition that differs in one bit is
/// compiled.
static void known_definitions_are_copied(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  kc_model_def *def = read_def(), *copy = kc_model_copy_def(def);
  kc_model *model = compile(def), *again, *other;
  kc_model_pair known[2] = {{copy, NULL}, {def, model}};
  copy->band[0].loss += 1;
  expect_good(kc_model_compile_again(def, known, 2, &again, &error), &error);
  unsigned long long hash = model->hash;
  assert_true(again->muscle != model->muscle && again->n_muscle == model->n_muscle);
  assert_int_equal((char *)again->guide - (char *)again, (char *)model->guide - (char *)model);
  copy->band[0].loss -= 0.5;
  known[0] = known[1];
  expect_good(kc_model_compile_again(copy, known, 2, &other, &error), &error);
  kc_model_destroy(model);
  assert_true(again->hash == hash && kc_model_compute_hash(again) == hash);
  assert_true(other->hash != hash && other->band[0].loss == copy->band[0].loss);
  kc_model_destroy(other);
  kc_model_destroy(again);
  kc_model_destroy_def(copy);
  kc_model_destroy_def(def);
}

static void single_length_overrides_stature(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  kc_model *plain = compile(def);
  def->segment[kc_model_def_find_segment(def, "thigh")].length = 0.4637;
  def->segment[kc_model_def_find_segment(def, "trunk")].length = 0.5612;
  kc_model *other = compile(def);
  const double zero[3] = {0};
  int knee = kc_model_find_joint(other, "knee_angle_r");
  assert_near(distance(other->joint[knee].offset, zero), 0.4637, 1e-5);
  assert_near(other->mass, plain->mass, 1e-12);
  int chest = kc_model_find_link(other, "thorax");
  assert_near(other->joint[chest].inertia[0] / plain->joint[chest].inertia[0],
              pow(0.5612 / (0.2961 * 1.78), 2), 1e-12);
  kc_model_destroy(plain);
  kc_model_destroy(other);
  kc_model_destroy_def(def);
}

/// Length of a band in a posture.
static double band_length(const kc_model *model, const kc_band *band, const double *q) {
  test_frame frame[N];
  double length = 0, before[3] = {0}, at[3];
  test_pose(model, q, frame);
  for (int k = 0; k < band->n_point; k++) {
    const kc_point *point = &model->point[band->point_adr + k];
    test_point(&frame[point->link], point->position, at);
    if (k > 0)
      length += distance(at, before);
    memcpy(before, at, sizeof at);
  }
  return length;
}

static void slings_rest_at_their_strain_and_stretch_as_they_should(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  kc_model *model = compile(def);
  double q[N] = {0};
  for (int i = 0; i < model->n_band; i++) {
    const kc_band *band = &model->band[i];
    assert_near(band_length(model, band, q) / band->slack_length - 1, def->band[i].rest_strain,
                1e-12);
  }
  kc_model_destroy_def(def);
  // posterior oblique r: right arm forward, left hip flexed
  const kc_band *arm = &model->band[kc_model_find_band(model, "posterior_oblique_latissimus_r")];
  const kc_band *hip = &model->band[kc_model_find_band(model, "posterior_oblique_gluteal_r")];
  double neutral = band_length(model, arm, q), hip_neutral = band_length(model, hip, q);
  q[kc_model_find_joint(model, "arm_flex_r")] = 0.7;
  assert_true(band_length(model, arm, q) > neutral + 0.002);
  assert_near(band_length(model, hip, q), hip_neutral, 1e-12);
  q[kc_model_find_joint(model, "hip_flexion_l")] = 0.7;
  assert_true(band_length(model, hip, q) > hip_neutral + 0.01);
  // lateral r: right hip adducted
  memset(q, 0, sizeof q);
  const kc_band *side = &model->band[kc_model_find_band(model, "lateral_gluteal_r")];
  neutral = band_length(model, side, q);
  q[kc_model_find_joint(model, "hip_adduction_r")] = 0.2;
  assert_true(band_length(model, side, q) > neutral + 0.005);
  kc_model_destroy(model);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(innominate_carries_hip_and_its_points),
      cmocka_unit_test(up_slip_lifts_the_hip),
      cmocka_unit_test(shorter_bones_shorten_one_leg_only),
      cmocka_unit_test(no_condition_changes_no_bit),
      cmocka_unit_test(known_definitions_are_copied),
      cmocka_unit_test(single_length_overrides_stature),
      cmocka_unit_test(slings_rest_at_their_strain_and_stretch_as_they_should),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
