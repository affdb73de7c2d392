/// @file
/// Scenarios: values, conditions on the body, what the naive controller believes, and refusals with
/// their place and remedy.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
//
#include "scenario/address.h"
#include "scenario/definition.h"
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE KC_TEST_SOURCE_DIR "/scenarios/x.yaml"
#define START "speed: 3.17 m/s\nduration: 2.6 s\n"

static kc_scenario *read_text(const char *text, kc_error *error) {
  kc_scenario_def *def;
  kc_scenario *scenario = NULL;
  if (kc_scenario_read_def_text(text, strlen(text), PLACE, NULL, 0, &def, error) != KC_OK)
    return NULL;
  if (kc_scenario_compile_def(def, &scenario, error) != KC_OK)
    scenario = NULL;
  kc_scenario_destroy_def(def);
  return scenario;
}

/// A scenario that must be taken.
static kc_scenario *read_good(const char *text) {
  kc_error error = kc_error_default();
  kc_scenario *scenario = read_text(text, &error);
  if (!scenario)
    fail_msg("%s: %s", error.finding[0].place, error.finding[0].text);
  return scenario;
}

static void check_near(const char *what, double found, double expected) {
  if (!(fabs(found - expected) <= 1e-12 * (1 + fabs(expected))))
    fail_msg("%s: %.17g, expected %.17g", what, found, expected);
}

static void test_values(void **state) {
  (void)state;
  kc_scenario *s = read_good(
      "name: full\nspeed: 12.6 km/h\nduration: 0.5 min\nseed: 77\n"
      "runner: {mass: 61.7 kg, stature: 1.663 m, sex: female, lengths: {shank: 391 mm}}\n"
      "course:\n  grade: -4.5 deg\n  camber: 2 %\n"
      "  waves: [{amplitude: 20 mm, wavelength: 7.5 m, direction: 90 deg, phase: 0.25 rad}]\n"
      "  roughness: {rms: 9 mm, shortest: 0.6 m, longest: 8 m, seed: 5}\n"
      "surface: {stiffness: 0.4, damping: 120 %, friction: 0.55}\n"
      "controller: {mode: informed, observer: false, sense_delay: 12 ms, sense_noise: 0.1 deg}\n"
      "numerics: {integrator: rk4, step: 0.25 ms, control_interval: 1.5 ms, settle: 4 s}\n"
      "start: {first_foot: left}\n"
      "push: {time: 5 s, duration: 150 ms, force: 0 0 180 N}\n");
  const kc_task *t = &s->task;
  check_near("speed", t->speed, 3.5);
  check_near("duration", t->duration, 30);
  check_near("grade", t->ground.grade, -0.078701706824618447);
  check_near("camber", t->ground.camber, 0.02);
  check_near("control interval", t->control_interval, 0.0015);
  check_near("sense delay", t->sense_delay, 0.012);
  assert_true(t->seed == 77 && t->mode == KC_MODE_INFORMED && t->first_foot == KC_LEFT &&
              t->integrator == KC_STEP_RK4);
  assert_true(t->observer == 0 && t->predictor == 1 && t->push_force[2] == 180);
  assert_int_equal(t->ground.n_wave, 1 + KC_N_ROUGHNESS_WAVE);
  check_near("kz", t->ground.kz[0], 6.283185307179586 / 7.5);
  if (!(fabs(t->ground.kx[0]) < 1e-15))
    fail_msg("kx %g", t->ground.kx[0]);
  double sum = 0; // of the squares of the rough waves
  for (int i = 1; i < t->ground.n_wave; i++)
    sum += 0.5 * t->ground.amplitude[i] * t->ground.amplitude[i];
  check_near("roughness", sqrt(sum), 0.009);
  if (!(fabs(s->body->mass - 61.7) < 1e-9))
    fail_msg("mass %.12g", s->body->mass);
  kc_scenario_destroy(s);
}

/// A scenario that must be refused with a text of which this is part.
static void check_refused(const char *text, const char *part) {
  kc_error error = kc_error_default();
  assert_null(read_text(text, &error));
  int found = 0;
  for (int i = 0; i < error.n_finding; i++)
    found |= strstr(error.finding[i].text, part) != NULL;
  if (!found)
    fail_msg("'%s' is not in: %s", part, error.n_finding ? error.finding[0].text : "nothing");
  kc_error_destroy(&error);
}

static void test_bends(void **state) {
  (void)state;
  kc_scenario *s = read_good(START "course: {bend: -17.3 m, roughness: {rms: 3 mm}}\n");
  assert_true(s->task.bend == -17.3 && s->task.ground.n_wave == KC_N_ROUGHNESS_WAVE);
  kc_scenario_destroy(s);
  s = read_good(START "course: {bend: 0 m, grade: 3 %}\n");
  assert_true(s->task.bend == 0);
  kc_scenario_destroy(s);
  check_refused(START "course: {bend: 4.9 m}\n", "at least 5 m to either side");
  check_refused(START "course: {bend: 20 m, grade: 3 %}\n", "take grade out");
  check_refused(START "course: {bend: 20 m, camber: 3 %}\n", "take camber out");
  check_refused(START "course: {bend: 20 m, grade: 1 %, camber: 3 %}\n",
                "take grade and camber out");
  check_refused(START "course: {bend: 20}\n", "unit");
  check_refused(START "model: double_pendulum.yaml\ncourse: {bend: 20 m}\n",
                "'double_pendulum' is not: run it straight");
}

static void test_shipped(void **state) {
  (void)state;
  static const char *const name[] = {
      "level",     "uphill",       "downhill",        "hip_misalignment", "leg_length",
      "no_slings", "stiff_slings", "one_sling_slack", "arms_restrained"};
  enum { N_SHIPPED = sizeof name / sizeof name[0] };
  static const double speed[N_SHIPPED] = {3.3, 3.0, 3.3, 3.3, 3.3, 3.3, 3.3, 3.3, 3.3};
  static const double grade[N_SHIPPED] = {0, 0.08, -0.08};
  for (int i = 0; i < N_SHIPPED; i++) {
    char path[512];
    snprintf(path, sizeof path, "%s/scenarios/%s.yaml", KC_TEST_SOURCE_DIR, name[i]);
    kc_error error = kc_error_default();
    kc_scenario *s;
    if (kc_scenario_read(path, NULL, 0, &s, &error) != KC_OK)
      fail_msg("%s: %s", error.finding[0].place, error.finding[0].text);
    assert_string_equal(s->name, name[i]);
    assert_true(s->task.mode == KC_MODE_NAIVE && s->task.duration == 23 && s->task.settle == 3);
    check_near("speed", s->task.speed, speed[i]);
    check_near("grade", s->task.ground.grade, grade[i]);
    kc_scenario_destroy(s);
  }
}

/// Courses and the push, on muscles.
static void test_shipped_courses(void **state) {
  (void)state;
  static const struct {
    const char *name;
    double grade, camber, bend, rms, push;
  } row[] = {{"camber", 0, 0.10510423526567647, 0, 0, 0},
             {"bend", 0, 0, 20, 0, 0},
             {"trail", 0, 0, 0, 0.0106, 0},
             {"trail_downhill", -0.08, 0, 0, 0.0106, 0},
             {"push", 0, 0, 0, 0, 25}};
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    char path[512];
    snprintf(path, sizeof path, "%s/scenarios/%s.yaml", KC_TEST_SOURCE_DIR, row[i].name);
    kc_error error = kc_error_default();
    kc_scenario *s;
    if (kc_scenario_read(path, NULL, 0, &s, &error) != KC_OK)
      fail_msg("%s: %s", error.finding[0].place, error.finding[0].text);
    const kc_task *t = &s->task;
    assert_string_equal(s->name, row[i].name);
    assert_true(t->actuation == KC_ACTUATION_MUSCLE && t->duration == 63 && t->settle == 3);
    check_near("speed", t->speed, 3.3);
    check_near("grade", t->ground.grade, row[i].grade);
    check_near("camber", t->ground.camber, row[i].camber);
    check_near("bend", t->bend, row[i].bend);
    check_near("impulse", t->push_force[2] * t->push_duration, row[i].push);
    double square = 0;
    for (int k = 0; k < t->ground.n_wave; k++)
      square += 0.5 * t->ground.amplitude[k] * t->ground.amplitude[k];
    check_near("roughness", sqrt(square), row[i].rms);
    kc_scenario_destroy(s);
  }
}

/// The first byte at which two compiled models differ, as a text; NULL if none does.
static const char *find_difference(const kc_model *a, const kc_model *b) {
  kc_model x = *a, y = *b;
  x.joint = y.joint = NULL, x.sphere = y.sphere = NULL, x.band = y.band = NULL;
  x.node = y.node = NULL, x.point = y.point = NULL, x.muscle = y.muscle = NULL,
  x.path_point = y.path_point = NULL;
  x.path_wrap = y.path_wrap = NULL, x.wrap = y.wrap = NULL, x.guide = y.guide = NULL;
  if (memcmp(&x, &y, sizeof x) != 0)
    return "model";
  if (memcmp(a->joint, b->joint, (size_t)a->n_joint * sizeof *a->joint) != 0)
    return "joint";
  if (memcmp(a->sphere, b->sphere, (size_t)a->n_sphere * sizeof *a->sphere) != 0)
    return "sphere";
  if (memcmp(a->node, b->node, (size_t)a->n_node * sizeof *a->node) != 0)
    return "node";
  if (memcmp(a->band, b->band, (size_t)a->n_band * sizeof *a->band) != 0)
    return "band";
  if (memcmp(a->point, b->point, (size_t)a->n_point * sizeof *a->point) != 0)
    return "point";
  if (memcmp(a->muscle, b->muscle, (size_t)a->n_muscle * sizeof *a->muscle) != 0)
    return "muscle";
  if (memcmp(a->path_point, b->path_point, (size_t)a->n_path_point * sizeof *a->path_point) != 0)
    return "path point";
  if (memcmp(a->path_wrap, b->path_wrap, (size_t)a->n_path_wrap * sizeof *a->path_wrap) != 0)
    return "path wrap";
  if (memcmp(a->wrap, b->wrap, (size_t)a->n_wrap * sizeof *a->wrap) != 0)
    return "wrap";
  if (memcmp(a->guide, b->guide, (size_t)a->n_guide * sizeof *a->guide) != 0)
    return "guide";
  return NULL;
}

static const char *const condition_text[] = {
    "leg_length: {side: left, shank: -15 mm}",
    "leg_length: {side: both, total: 12 mm}",
    "hip_misalignment: {side: left, rotation: 6 deg}",
    "hip_misalignment: {side: right, upslip: 7 mm}",
    "joint_spring: {joints: leg, stiffness: 20 Nm/rad}",
    "joint_spring: {joints: [knee_angle, ankle_angle_l], damping: 0.7 Nm s/rad}",
    "sling: {name: posterior_oblique, side: left, on: false}",
    "sling: {name: lateral, stiffness: 250 %}",
    "sling: {name: anterior_oblique, side: right, slack: -8 mm}",
    "sling: {name: deep_longitudinal, shortening: 3 %}",
    "sling: {name: transversus, pretension: 11 N}",
    "sling: {name: posterior_oblique, side: right, adhesion: 20 %}",
    "arms: {side: left, stiffness: 117 Nm/rad}",
    "weak: {joints: hip, side: left, strength: 80 %}",
    "weak: {muscles: quadriceps, side: left, strength: 70 %}",
    "weak: {muscles: [glmed1, soleus_l, abdominals], strength: 70 %}",
    "weak: {joints: hip, muscles: gluteals, strength: 65 %}",
    "tight: {muscles: hamstrings, side: right, length: 95 %}",
    "tight: {muscles: quadlumb, stiffness: 1.7}",
    "restricted: {joint: ankle_angle, side: right, upper: 10 deg, steepness: 1.5}",
    "change: {address: muscle/glmed1_r/optimal_fibre_length, value: 71 mm}",
    "change: {address: joint/knee_angle_l/torque_limit, value: 137 Nm}",
};

/// A condition changes the body and no byte of what the naive controller is given.
static void test_naive(void **state) {
  (void)state;
  kc_scenario *plain = read_good(START);
  assert_null(find_difference(plain->body, plain->internal));
  for (size_t i = 0; i < sizeof condition_text / sizeof condition_text[0]; i++) {
    char text[512];
    snprintf(text, sizeof text, START "conditions:\n  - %s\n", condition_text[i]);
    kc_scenario *s = read_good(text);
    if (!find_difference(s->body, plain->body))
      fail_msg("no change by %s", condition_text[i]);
    if (find_difference(s->internal, plain->internal))
      fail_msg("%s is known to the naive controller: %s", condition_text[i],
               find_difference(s->internal, plain->internal));
    assert_memory_equal(s->params, plain->params, sizeof *s->params);
    assert_memory_equal(&s->task, &plain->task, sizeof s->task);
    assert_int_equal(s->body->n_joint, plain->body->n_joint);
    assert_int_equal(s->body->n_band, plain->body->n_band);
    kc_scenario_destroy(s);
    snprintf(text, sizeof text, START "controller: {mode: informed}\nconditions:\n  - %s\n",
             condition_text[i]);
    s = read_good(text);
    if (find_difference(s->body, s->internal))
      fail_msg("%s is unknown to the informed controller", condition_text[i]);
    kc_scenario_destroy(s);
    // adapting changes parameters, not what is believed
    snprintf(text, sizeof text,
             START "controller: {mode: adapted, evaluations: 9}\nconditions:\n  - %s\n",
             condition_text[i]);
    s = read_good(text);
    if (find_difference(s->internal, plain->internal) || s->task.mode != KC_MODE_NAIVE)
      fail_msg("%s is known to the adapted controller", condition_text[i]);
    kc_scenario_destroy(s);
  }
  kc_scenario_destroy(plain);
}

static double offset_of(const kc_model *model, const char *joint) {
  const double *d = model->joint[kc_model_find_joint(model, joint)].offset;
  return sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
}

static void test_leg_length(void **state) {
  (void)state;
  kc_scenario *s =
      read_good(START "conditions: [leg_length: {side: left, shank: -15.5 mm, thigh: 4 mm}]");
  double shank = offset_of(s->body, "ankle_angle_l") - offset_of(s->internal, "ankle_angle_l");
  double thigh = offset_of(s->body, "knee_angle_l") - offset_of(s->internal, "knee_angle_l");
  if (!(fabs(shank + 0.0155) < 2e-4))
    fail_msg("shank changed by %g", shank);
  if (!(fabs(thigh - 0.004) < 2e-4))
    fail_msg("thigh changed by %g", thigh);
  check_near("right", offset_of(s->body, "ankle_angle_r"), offset_of(s->internal, "ankle_angle_r"));
  kc_scenario_destroy(s);
  s = read_good(START "conditions: [leg_length: {side: left, total: -15 mm}]");
  double total = s->body->leg_length[KC_LEFT] - s->internal->leg_length[KC_LEFT];
  if (!(fabs(total + 0.015) < 3e-4))
    fail_msg("leg changed by %g", total);
  kc_scenario_destroy(s);
}

static void test_springs(void **state) {
  (void)state;
  kc_scenario *s = read_good(START "conditions:\n  - joint_spring: {joints: leg, stiffness: 20 "
                                   "Nm/rad, rest: 10 deg}\n  - joint_spring: {joints: knee_angle_r"
                                   ", stiffness: 5 Nm/rad, rest: 40 deg}\n");
  int n = 0;
  for (int i = 0; i < s->body->n_joint; i++) {
    const kc_passive *p = &s->body->joint[i].passive, *q = &s->internal->joint[i].passive;
    double added = p->stiffness - q->stiffness, angle = 0.31;
    int right_knee = strcmp(s->body->joint[i].name, "knee_angle_r") == 0;
    if (added == 0)
      continue;
    n++;
    check_near(s->body->joint[i].name, added, right_knee ? 25 : 20);
    double torque = -p->stiffness * (angle - p->rest) + q->stiffness * (angle - q->rest);
    double degree = 0.017453292519943295, expected = -20 * (angle - 10 * degree);
    if (right_knee)
      expected -= 5 * (angle - 40 * degree);
    check_near("torque of the springs", torque, expected);
  }
  assert_int_equal(n, 12);
  kc_scenario_destroy(s);
}

static void test_composed(void **state) {
  (void)state;
  kc_scenario *s =
      read_good(START "conditions:\n"
                      "  - sling: {name: posterior_oblique, side: left, on: false}\n"
                      "  - sling: {name: posterior_oblique, side: right, stiffness: 1.5}\n"
                      "  - weak: {joints: [hip_flexion], side: right, strength: 80 %}\n"
                      "  - weak: {joints: hip, side: right, strength: 50 %}\n"
                      "  - restricted: {joint: knee_angle_l, lower: 5 deg}\n");
  const kc_model *a = s->body, *b = s->internal;
  int left = kc_model_find_band(a, "posterior_oblique_gluteal_l");
  int right = kc_model_find_band(a, "posterior_oblique_gluteal_r");
  assert_true(left >= 0 && right >= 0 && a->band[left].on == 0 && b->band[left].on == 1);
  check_near("stiffness", a->band[right].stiffness, 1.5 * b->band[right].stiffness);
  int hip = kc_model_find_joint(a, "hip_flexion_r"), knee = kc_model_find_joint(a, "knee_angle_l");
  check_near("hip", a->joint[hip].torque_limit, 0.4 * b->joint[hip].torque_limit);
  check_near("knee lower", a->joint[knee].range_lower, 5 * 0.017453292519943295);
  check_near("knee end", a->joint[knee].passive.lower - b->joint[knee].passive.lower,
             a->joint[knee].range_lower - b->joint[knee].range_lower);
  kc_scenario_destroy(s);
}

/// Slack is shared by length, shortening is of each length, lost glide holds the nodes; bands that
/// belong to no sling stay.
static void test_slings(void **state) {
  (void)state;
  kc_scenario *s = read_good(
      START "conditions:\n"
            "  - sling: {name: posterior_oblique, side: right, slack: 23.85 mm, adhesion: 20 %}\n"
            "  - sling: {name: lateral, shortening: 2 %}\n"
            "  - sling: {name: transversus, pretension: -40 N}\n");
  const kc_model *a = s->body, *b = s->internal;
  double added = 0;
  for (int i = 0; i < a->n_band; i++) {
    double change = a->band[i].slack_length - b->band[i].slack_length;
    if (strcmp(a->band[i].sling, "posterior_oblique_r") == 0)
      added += change;
    else if (strncmp(a->band[i].sling, "lateral", 7) == 0)
      check_near("shorter", a->band[i].slack_length, 0.98 * b->band[i].slack_length);
    else
      assert_true(change == 0);
    if (strncmp(a->band[i].sling, "transversus", 11) == 0)
      assert_true(a->band[i].pretension == 0 && b->band[i].pretension > 0);
  }
  check_near("slack", added, 0.02385);
  int held = kc_model_find_node(a, "thoracolumbar_sacral"), free = kc_model_find_node(a, "pubic");
  check_near("drag", a->node[held].drag, 1.25 * b->node[held].drag);
  check_near("stiffness", a->node[held].stiffness, 1.25 * b->node[held].stiffness);
  assert_true(a->node[free].drag == b->node[free].drag);
  kc_scenario_destroy(s);
}

/// Springs at shoulders and elbows, and nowhere else.
static void test_arms(void **state) {
  (void)state;
  kc_scenario *s = read_good(
      START "conditions:\n  - arms: {side: left, stiffness: 117 Nm/rad, elbow: 75 deg}\n");
  int n = 0;
  for (int j = 0; j < s->body->n_joint; j++) {
    const kc_passive *p = &s->body->joint[j].passive, *q = &s->internal->joint[j].passive;
    if (p->stiffness == q->stiffness)
      continue;
    n++;
    const char *name = s->body->joint[j].name;
    double rest = strcmp(name, "elbow_flex_l") == 0 ? 75 * 0.017453292519943295 : 0;
    assert_true(s->body->joint[j].side == KC_LEFT);
    check_near("stiffness", p->stiffness - q->stiffness, 117);
    check_near("torque at rest", p->stiffness * (rest - p->rest), q->stiffness * (rest - q->rest));
  }
  assert_int_equal(n, 4);
  kc_scenario_destroy(s);
}

/// Number of muscles that differ between the body and what the controller believes.
static int count_changed(const kc_scenario *s) {
  int n = 0;
  for (int i = 0; i < s->body->n_muscle; i++)
    n += memcmp(&s->body->muscle[i], &s->internal->muscle[i], sizeof(kc_muscle)) != 0;
  return n;
}

#define MUSCLES START "actuation: muscle\n"

static void test_muscles(void **state) {
  (void)state;
  static const struct {
    const char *choice;
    int n;
  } choices[] = {
      {"quadriceps", 8},       {"hamstrings", 8}, {"gluteals", 18},          {"hip_flexors", 10},
      {"calves", 6},           {"abdominals", 6}, {"adductors", 14},         {"abductors", 14},
      {"spinal_extensors", 4}, {"evertors", 4},   {"dorsiflexors", 6},       {"plantarflexors", 16},
      {"soleus", 2},           {"soleus_r", 1},   {"[soleus_r, tibant]", 3}, {"all", 92}};
  for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
    char text[256];
    snprintf(text, sizeof text, MUSCLES "conditions: [weak: {muscles: %s, strength: 70 %%}]\n",
             choices[i].choice);
    kc_scenario *s = read_good(text);
    if (count_changed(s) != choices[i].n)
      fail_msg("%s: %d muscles", choices[i].choice, count_changed(s));
    kc_scenario_destroy(s);
  }
  kc_scenario *s = read_good(
      MUSCLES "conditions:\n  - weak: {muscles: calves, side: left, strength: 70 %}\n"
              "  - weak: {muscles: soleus, side: left, strength: 50 %}\n"
              "  - tight: {muscles: soleus, side: left, length: 94 %, stiffness: 1.25}\n");
  int i = kc_model_find_muscle(s->body, "soleus_l");
  const kc_muscle *a = &s->body->muscle[i], *b = &s->internal->muscle[i];
  check_near("strength", a->strength, 0.35);
  check_near("fibre", a->optimal_fibre_length, 0.94 * b->optimal_fibre_length);
  check_near("tendon", a->tendon_slack_length, 0.94 * b->tendon_slack_length);
  check_near("passive", a->passive_strain, b->passive_strain / 1.25);
  assert_int_equal(count_changed(s), 3);
  check_near("joints", s->body->joint[20].torque_limit, s->internal->joint[20].torque_limit);
  kc_scenario_destroy(s);
}

/// Factors on all muscles are part of the runner: the naive controller knows them.
static void test_muscle_factors(void **state) {
  (void)state;
  kc_scenario *plain = read_good(START);
  assert_true(plain->task.actuation == KC_ACTUATION_TORQUE);
  kc_scenario *s = read_good(START "actuation: muscle\nmuscles: {strength: 1.6, activation_scale: "
                                   "0.7, velocity_scale: 1.3}\n");
  assert_true(s->task.actuation == KC_ACTUATION_MUSCLE);
  assert_null(find_difference(s->body, s->internal));
  for (int i = 0; i < s->body->n_muscle; i++) {
    const kc_muscle *a = &s->body->muscle[i], *b = &plain->body->muscle[i];
    check_near("strength", a->strength, 1.6 * b->strength);
    check_near("rise", a->activation_time, 0.7 * b->activation_time);
    check_near("fall", a->deactivation_time, 0.7 * b->deactivation_time);
    check_near("velocity", a->max_velocity, 1.3 * b->max_velocity);
    check_near("force", a->max_isometric_force, b->max_isometric_force);
  }
  kc_scenario_destroy(s);
  kc_scenario_destroy(plain);
}

/// One wrong scenario: place (after the file name) and words of one of its findings.
static const struct {
  const char *yaml, *place, *text;
} refusal[] = {
    {"duration: 2 s", ":1:1: speed", "is missing in 'scenario': speed asked for; add it"},
    {"speed: 3 m/s", ":1:1: duration", "is missing"},
    {START "course: {grade: 8}", ":3:17: grade", "is 800 %; allowed is -40 % to 40 %"},
    {START "course: {grad: 8 %}", ":3:10: grad", "did you mean 'grade'?"},
    {START "course: {waves: [{amplitude: 3 mm}]}", ":3:18: wavelength", "is missing in 'waves'"},
    {START "course: {roughness: {rms: 5 mm, shortest: 20 m}}", ":3:21: course/roughness/longest",
     "is 10 m, less than shortest (20 m)"},
    {"speed: 7 m/s\nduration: 2 s", ":1:8: speed", "allowed is 0 m/s to 6 m/s"},
    {"speed: 3 m/s\nduration: 0 s", ":2:11: duration", "allowed is 0.001 s to 86400 s"},
    {"speed: 3 m/s\nduration: 2 ms", ": duration", "less than one record_interval of 0.005 s"},
    {START "numerics: {step: 0.3 ms}", ":3:11: numerics/control_interval",
     "is 2 ms, not a whole number of steps of 0.3 ms; write 1.8 ms or 2.1 ms"},
    {START "numerics: {control_interval: 1 ms, step: 1 ms, record_interval: 2.5 ms}",
     ":3:11: numerics/record_interval", "write 2 ms or 3 ms"},
    {START "actuation: muscle\nnumerics: {control_interval: 2.5 ms}",
     ":4:11: numerics/control_interval",
     "is 2.5 ms, not a whole number of the muscles' steps of 1 ms; write 2 ms or 3 ms"},
    {START "actuation: muscle\nnumerics: {muscle_step: 1.6 ms, control_interval: 3 ms}",
     ":4:11: numerics/record_interval", "the muscles' steps of 1.5 ms; write 4.5 ms or 6 ms"},
    {START "actuation: muscle\nnumerics: {record_interval: 0.5 ms}",
     ":4:11: numerics/record_interval",
     "less than one of the muscles' steps of 1 ms; write 1 ms, or a shorter muscle_step"},
    {START "actuation: muscle\nconditions:\n  - weak: {joints: [arm, hip], strength: 60 %}",
     ":5:26: weak/joints", "muscles move 'hip' here (actuation: muscle)"},
    {START "numerics: {integrator: euler}", ":3:24: integrator",
     "write leapfrog or rk4 or adaptive"},
    {START "controller: {mode: adaptive}", ":3:20: mode", "write naive or informed or adapted"},
    {START "controller: {mode: adapted}", ":3:13: controller/mode", "write budget: 300 s"},
    {START "controller: {mode: adapted, evaluations: -1}", ":3:42: evaluations", "allowed"},
    {START "controller: {parameters: none.params}", ":3:13: controller/parameters",
     "'none.params' is neither beside the scenario nor in models/controllers/"},
    {START "model: runer.yaml", ":1:1: model", "neither beside the scenario nor in models/"},
    {START "runner: {mass: -75 kg}", ":3:16: mass", "is -75 kg; allowed is 30 kg to 200 kg"},
    {START "runner: {lengths: {shnk: 400 mm}}", ":3:26: shnk", "did you mean 'shank'?"},
    {START "model: double_pendulum.yaml\nrunner: {mass: 70 kg}", ":4:9: runner", "has no size"},
    {START "push: {time: 3 s, duration: 0.1 s, force: 0 0 90 N}", ":3:7: push/time",
     "is 3 s, after the end of the run at 2.6 s"},
    {START "conditions: {sling: {name: all}}", ":3:13: conditions", "a list was expected"},
    {START "conditions:\n  - {}\n", ":4:5: conditions", "has 0 kinds in one entry"},
    {START "conditions:\n  - weak: {joints: leg}\n    sling: {name: all}", ":4:5: conditions",
     "has 2 kinds in one entry"},
    {START "conditions:\n  - weka: {joints: leg}", ":4:5: weka", "did you mean 'weak'?"},
    {START "conditions:\n  - weak: {muscles: [quadricep], strength: 70 %}", ":4:22: quadricep",
     "did you mean 'quadriceps'?"},
    {START "conditions:\n  - weak: {muscles: soleus_r, side: left}", ":4:21: soleus_r",
     "on that side of the model 'runner'"},
    {START "conditions:\n  - weak: {strength: 70 %}", ":4:11: weak", "names nothing to weaken"},
    {START "conditions:\n  - tight: {length: 90 %}", ":4:12: muscles", "is missing"},
    {START "conditions:\n  - tight: {muscles: all, length: 30 %}", ":4:35: length",
     "allowed is 50 % to 150 %"},
    {START "start: {first_foot: both}", ":3:21: first_foot", "write right or left"},
    {START "actuation: magic", ":3:12: actuation", "write torque or muscle"},
    {START "model: double_pendulum.yaml\nactuation: muscle", ":1:1: actuation",
     "the model 'double_pendulum' has none"},
    {START "muscles: {strength: -1}", ":3:21: strength", "allowed is 0 to 10"},
    {START "conditions:\n  - leg_length: {shank: 3 mm}", ":4:17: side", "is missing"},
    {START "conditions:\n  - leg_length: {side: up, shank: 3 mm}", ":4:24: side",
     "write right or left or both"},
    {START "conditions:\n  - joint_spring: {joints: [knee, ankle], stiffness: 3 Nm/rad}",
     ":4:29: knee", "is no rotating joint coordinate on that side of the model 'runner'"},
    {START "conditions:\n  - joint_spring: {joints: knee_angle_r, side: left}",
     ":4:28: knee_angle_r", "on that side"},
    {START "conditions:\n  - joint_spring: {joints: leg, stiffness: 3 Nm}", "stiffness",
     "wrong dimension"},
    {START "conditions:\n  - sling: {name: posterior_obliqe}", ":4:12: posterior_obliqe",
     "did you mean 'posterior_oblique_"},
    {START "conditions:\n  - restricted: {joint: knee_angle, lower: 50 deg, upper: 20 deg}",
     ":4:17: restricted", "lower must be less than upper"},
    {START "conditions:\n  - change: {address: joint/knee_angel_l/torque_limit, value: 1 Nm}",
     ":4:13: change", "did you mean 'joint/knee_angle_l/torque_limit'?"},
    {START "conditions:\n  - change: {address: joint/knee_angle_l/torque_limit, value: 1 N}",
     ":4:13: change", "wrong dimension"},
    {START "model: double_pendulum.yaml\nconditions:\n  - leg_length: {side: left, shank: 1 mm}",
     ":5:17: leg_length", "has no body 'femur_l'"},
    {START "model: double_pendulum.yaml\nconditions:\n  - hip_misalignment: {side: left}",
     ":5:23: hip_misalignment", "has no sacroiliac axis"},
};

static void test_refusals(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof refusal / sizeof refusal[0]; i++) {
    kc_error error = kc_error_default();
    kc_scenario *s = read_text(refusal[i].yaml, &error);
    if (s)
      fail_msg("taken: %s", refusal[i].yaml);
    assert_int_equal(error.status, KC_ERR_INPUT);
    int found = 0;
    for (int k = 0; k < error.n_finding; k++)
      found |= strncmp(error.finding[k].place, PLACE, strlen(PLACE)) == 0 &&
               strstr(error.finding[k].place, refusal[i].place) &&
               strstr(error.finding[k].text, refusal[i].text);
    if (!found)
      fail_msg("'%s':\n  found    %s: %s\n  expected %s: %s", refusal[i].yaml,
               error.finding[0].place, error.finding[0].text, refusal[i].place, refusal[i].text);
    kc_error_destroy(&error);
  }
}

static void check_read_refusal(const char *path, const char *text) {
  kc_error error = kc_error_default();
  kc_scenario *s;
  assert_int_equal(kc_scenario_read(path, NULL, 0, &s, &error), KC_ERR_INPUT);
  assert_null(s);
  assert_string_equal(error.finding[0].place, path);
  if (!strstr(error.finding[0].text, text))
    fail_msg("%s", error.finding[0].text);
  kc_error_destroy(&error);
}

static void test_files(void **state) {
  (void)state;
  check_read_refusal("/nowhere/level.yaml", "cannot be found");
  check_read_refusal(KC_TEST_SOURCE_DIR, "is a directory");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_values),   cmocka_unit_test(test_shipped),
      cmocka_unit_test(test_naive),    cmocka_unit_test(test_leg_length),
      cmocka_unit_test(test_springs),  cmocka_unit_test(test_composed),
      cmocka_unit_test(test_slings),   cmocka_unit_test(test_arms),
      cmocka_unit_test(test_muscles),  cmocka_unit_test(test_muscle_factors),
      cmocka_unit_test(test_refusals), cmocka_unit_test(test_files),
      cmocka_unit_test(test_bends),    cmocka_unit_test(test_shipped_courses)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
