/// @file
/// Addresses: every one is found, reads back what it writes, and refuses with the nearest name;
/// parameter files come back to the bit.
#define _GNU_SOURCE // open_memstream
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
//
#include "scenario/address.h"
#include "scenario/params.h"
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE KC_TEST_SOURCE_DIR "/scenarios/x.yaml"
#define START "speed: 3.17 m/s\nduration: 2.6 s\n"

static kc_scenario_def *read_def(const char *text, const kc_setting *setting, int n,
                                 kc_error *error) {
  kc_scenario_def *def;
  if (kc_scenario_read_def_text(text, strlen(text), PLACE, setting, n, &def, error) != KC_OK)
    return NULL;
  return def;
}

static kc_scenario_def *read_good(const char *text) {
  kc_error error = kc_error_default();
  kc_scenario_def *def = read_def(text, NULL, 0, &error);
  if (!def)
    fail_msg("%s: %s", error.finding[0].place, error.finding[0].text);
  return def;
}

static void set_good(kc_scenario_def *def, const char *address, const char *value) {
  kc_error error = kc_error_default();
  if (kc_scenario_set_address(def, address, value, "test", &error) != KC_OK)
    fail_msg("%s = %s: %s", address, value, error.finding[0].text);
}

static void test_set(void **state) {
  (void)state;
  kc_scenario_def *def = read_good(START "course: {waves: [{amplitude: 3 mm, wavelength: 4 m}]}\n"
                                         "runner: {lengths: {thigh: 440 mm}}\n");
  set_good(def, "speed", "9 km/h");
  assert_true(def->speed == 2.5);
  set_good(def, "course/grade", "-8 %");
  assert_true(def->course.grade == -8 * 1e-2);
  set_good(def, "course/waves/1/amplitude", "25 mm");
  assert_true(def->course.wave[0].amplitude == 25 * 1e-3);
  set_good(def, "controller/mode", "informed");
  assert_int_equal(def->controller.mode, KC_MODE_INFORMED);
  set_good(def, "push/force", "1.5 -2 80 N");
  assert_true(def->push.force[1] == -2);
  set_good(def, "control/leg_stiffness", "13.25 kN/m");
  assert_true(def->params.leg_stiffness == 13250);
  set_good(def, "joint/knee_angle_r/torque_limit", "217 Nm");
  assert_true(kc_model_def_find_axis(def->body, "knee_angle_r")->torque_limit == 217);
  set_good(def, "sling/posterior_oblique_l/stiffness", "1.35");
  int sling = kc_model_def_find_sling(def->body, "posterior_oblique_l");
  assert_true(def->body->sling[sling].stiffness == 1.35);
  set_good(def, "band/iliotibial_tract_l/stiffness", "33.5 kN/m");
  int band = kc_model_def_find_band(def->body, "iliotibial_tract_l");
  assert_true(def->body->band[band].stiffness == 33500);
  set_good(def, "node/pubic/drag", "17.5 N s/m");
  int node = kc_model_def_find_node(def->body, "pubic");
  assert_true(def->body->node[node].drag == 17.5);
  set_good(def, "runner/mass", "58.3 kg");
  assert_true(def->body->mass == 58.3);
  set_good(def, "runner/lengths/thigh", "450 mm");
  int segment = kc_model_def_find_segment(def->body, "thigh");
  assert_true(def->body->segment[segment].length == 450 * 1e-3);
  kc_scenario_destroy_def(def);
}

/// Setting a condition that is not there makes it; a second of its kind has a number.
static void test_conditions(void **state) {
  (void)state;
  kc_scenario_def *def = read_good(START "conditions:\n  - weak: {joints: leg, strength: 90 %}\n"
                                         "  - weak: {joints: hip, strength: 70 %}\n");
  set_good(def, "condition/weak.2/strength", "60 %");
  assert_true(def->condition[1].weak.strength == 60 * 1e-2 && def->n_condition == 2);
  set_good(def, "condition/hip_misalignment/rotation", "4 deg");
  set_good(def, "condition/hip_misalignment/side", "right");
  assert_int_equal(def->n_condition, 3);
  kc_scenario *scenario;
  kc_error error = kc_error_default();
  assert_int_equal(kc_scenario_compile_def(def, &scenario, &error), KC_OK);
  int hip = kc_model_find_joint(scenario->body, "hip_flexion_r");
  const double *a = scenario->body->joint[hip].offset, *b = scenario->internal->joint[hip].offset;
  double moved = sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]));
  if (!(moved > 0.005 && moved < 0.02))
    fail_msg("4 degrees move the hip centre by %g m", moved);
  kc_scenario_destroy(scenario);
  char text[64];
  assert_int_equal(
      kc_scenario_get_address(def, "condition/hip_misalignment/rotation", text, sizeof text),
      KC_OK);
  assert_string_equal(text, "4 deg");
  kc_scenario_destroy_def(def);
}

/// What a listing found.
typedef struct {
  kc_scenario_def *def;
  int n, n_without_meaning;
} count;

/// Each listed address is found and reads as listed.
static void check_row(void *user, const kc_address_row *row) {
  count *c = user;
  char text[256];
  c->n++;
  c->n_without_meaning += row->meaning[0] == 0;
  if (kc_scenario_get_address(c->def, row->address, text, sizeof text) != KC_OK ||
      strcmp(text, row->value) != 0)
    fail_msg("%s: '%s', listed as '%s'", row->address, text, row->value);
}

/// All rows, kept: settings must not happen during the walk.
typedef struct {
  int n;
  char address[4000][160], value[4000][80];
} table;

static void keep(void *user, const kc_address_row *row) {
  table *t = user;
  if (t->n >= 4000)
    fail_msg("more addresses than expected");
  snprintf(t->address[t->n], 160, "%s", row->address);
  snprintf(t->value[t->n++], 80, "%s", row->value);
}

static void test_list(void **state) {
  (void)state;
  kc_scenario_def *def = read_good(START "conditions: [sling: {name: lateral, stiffness: 2}]\n");
  count c = {.def = def};
  kc_scenario_list_addresses(def, "course/", check_row, &c);
  assert_int_equal(c.n, 7);
  kc_scenario_list_addresses(def, "", check_row, &c);
  assert_true(c.n > 500 && c.n_without_meaning == 0);
  table *t = calloc(1, sizeof *t);
  assert_non_null(t);
  kc_scenario_list_addresses(def, "", keep, t);
  for (int i = 0; i < t->n; i++) {
    char text[160];
    for (int k = 0; k < i; k++)
      if (strcmp(t->address[i], t->address[k]) == 0)
        fail_msg("%s is listed twice", t->address[i]);
    if (!t->value[i][0] || strcmp(t->address[i], "model") == 0 ||
        strncmp(t->address[i], "condition/", 10) == 0)
      continue;
    set_good(def, t->address[i], t->value[i]);
    assert_int_equal(kc_scenario_get_address(def, t->address[i], text, sizeof text), KC_OK);
    assert_string_equal(text, t->value[i]);
  }
  free(t);
  kc_scenario_destroy_def(def);
}

/// Wrong settings, and words of what is said.
static const struct {
  const char *address, *value, *text;
} refusal[] = {
    {"course/grad", "8 %", "is not an address; did you mean 'course/grade'?"},
    {"sped", "3 m/s", "did you mean 'speed'?"},
    {"joint/knee_angel_r/torque_limit", "3 Nm", "did you mean 'joint/knee_angle_r/torque_limit'?"},
    {"sling/posterior_oblique_l/stifness", "3", "/stiffness'?"},
    {"sling/posterior_oblique_l/adhesion", "96 %", "allowed is 0 % to 95 %"},
    {"node/pubic/drag", "0 N s/m", "allowed is"},
    {"control/leg_stifness", "9 kN/m", "did you mean 'control/leg_stiffness'?"},
    {"zzzzzzzzzzz", "1", "`kinchain list` prints them"},
    {"course", "1", "is not an address"},
    {"", "1", "is not an address"},
    {"speed", "3.3", "has no unit"},
    {"speed", "3.3 kg", "wrong dimension"},
    {"speed", "", "is not a number"},
    {"speed", "nan m/s", "not a finite number"},
    {"speed", "-1 m/s", "allowed is 0 m/s to 6 m/s"},
    {"controller/mode", "clever", "write naive or informed or adapted"},
    {"control/leg_stiffness", "1 N/m", "allowed is 6000 N/m to 25000 N/m"},
    {"course/waves/1/amplitude", "1 mm", "is not an address"},
    {"condition/weak.2/strength", "50 %", "is not an address"},
    {"model", "none.yaml", "neither beside the scenario nor in models/"},
};

static void test_refusals(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof refusal / sizeof refusal[0]; i++) {
    kc_error error = kc_error_default();
    kc_setting setting = {refusal[i].address, refusal[i].value};
    kc_scenario_def *def = read_def(START, &setting, 1, &error);
    if (def)
      fail_msg("taken: %s = %s", refusal[i].address, refusal[i].value);
    if (!strstr(error.finding[0].text, refusal[i].text))
      fail_msg("%s = %s: '%s' lacks '%s'", refusal[i].address, refusal[i].value,
               error.finding[0].text, refusal[i].text);
    kc_error_destroy(&error);
  }
}

/// Numbers of muscles by address, single and all together.
static void test_muscles(void **state) {
  (void)state;
  kc_setting setting[] = {{"muscle/soleus_l/strength", "0.83"},
                          {"muscle/vaslat_r/optimal_fibre_length", "101 mm"},
                          {"muscles/strength", "1.7"},
                          {"actuation", "muscle"}};
  kc_error error = kc_error_default();
  kc_scenario_def *def = read_def(START, setting, 4, &error);
  assert_non_null(def);
  int i = kc_model_def_find_muscle(def->body, "soleus_l");
  int k = kc_model_def_find_muscle(def->body, "vaslat_r");
  assert_true(def->body->muscle[i].tissue.strength == 0.83);
  assert_true(fabs(def->body->muscle[k].tissue.optimal_fibre_length - 0.101) < 1e-15);
  assert_true(def->body->muscle_strength == 1.7 && def->actuation == KC_ACTUATION_MUSCLE);
  // later settings reach the body too
  assert_int_equal(kc_scenario_set_address(def, "muscles/velocity_scale", "1.4", "--set", &error),
                   KC_OK);
  assert_int_equal(kc_scenario_set_address(def, "muscles/activation_scale", "0.7", "--set", &error),
                   KC_OK);
  assert_true(def->body->muscle_velocity_scale == 1.4 && def->body->muscle_activation_scale == 0.7);
  char text[120];
  assert_int_equal(kc_scenario_get_address(def, "muscle/bflh_r/groups", text, sizeof text), KC_OK);
  assert_string_equal(text, "hamstrings");
  assert_int_equal(kc_scenario_set_address(def, "muscle/soleus_l/strenth", "1", "--set", &error),
                   KC_ERR_INPUT);
  assert_non_null(strstr(error.finding[0].text, "muscle/soleus_l/strength"));
  kc_error_destroy(&error);
  kc_scenario_destroy_def(def);
}

static void test_star_stands_for_letters_of_a_name(void **state) {
  (void)state;
  kc_scenario_def *def = read_good(START);
  const kc_model_def *body = def->body;
  int right = kc_model_def_find_muscle(body, "gaslat_r"), n = 0;
  int left = kc_model_def_find_muscle(body, "gaslat_l");
  kc_model_def *before = kc_model_copy_def(body);
  set_good(def, "muscle/gas*t_*/tendon_strain", "7.3 %");
  for (int i = 0; i < body->n_muscle; i++) {
    int changed = body->muscle[i].tissue.tendon_strain != before->muscle[i].tissue.tendon_strain;
    assert_int_equal(changed, i == right || i == left); // not gasmed
    n += changed;
  }
  assert_int_equal(n, 2);
  assert_true(body->muscle[left].tissue.tendon_strain == 7.3 * 1e-2);
  set_good(def, "band/*/loss", "0.21 s");
  for (int i = 0; i < body->n_band; i++)
    assert_true(body->band[i].loss == 0.21 && body->band[i].stiffness == before->band[i].stiffness);
  char value[80];
  assert_int_equal(kc_scenario_get_address(def, "muscle/**gaslat*/tendon_strain*", value, 80),
                   KC_OK);
  assert_string_equal(value, "7.3 %");
  // a star does not reach over a slash, nor beyond the model; each number refuses by itself
  static const struct {
    const char *address, *value, *wanted;
  } bad[] = {{"muscle*/strength", "1", "not an address"},
             {"muscle/soleus_*/strengt", "1", "not an address"},
             {"runner/*", "70 kg", "no number of the model fits"},
             {"condition/*/strength", "70 %", "not an address"},
             {"band/*/loss", "11 s", "band/posterior_oblique_latissimus_r/loss: is 11 s"},
             {"band/*/loss", "3", "no unit"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    kc_error error = kc_error_default();
    assert_int_equal(kc_scenario_set_address(def, bad[i].address, bad[i].value, "test", &error),
                     KC_ERR_INPUT);
    if (!strstr(error.finding[0].text, bad[i].wanted))
      fail_msg("%s: %s", bad[i].address, error.finding[0].text);
    kc_error_destroy(&error);
  }
  kc_model_destroy_def(before);
  kc_scenario_destroy_def(def);
}

static void test_settings_text(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  kc_setting setting[] = {{"joint/mtp_angle_l/stiffness", "31 Nm/rad"}, {"speed", "2.9 m/s"}};
  kc_scenario_def *def = read_def("speed: 3 m/s\nduration: 2 s", setting, 2, &error);
  if (!def)
    fail_msg("%s", error.finding[0].text);
  assert_string_equal(def->text, "speed: 3 m/s\nduration: 2 s\n"
                                 "# --set joint/mtp_angle_l/stiffness=31 Nm/rad\n"
                                 "# --set speed=2.9 m/s\n");
  assert_true(def->speed == 2.9);
  assert_true(kc_model_def_find_axis(def->body, "mtp_angle_l")->passive.stiffness == 31);
  assert_int_equal(kc_scenario_set_address(def, "model", "x.yaml", "test", &error), KC_ERR_INPUT);
  assert_non_null(strstr(error.finding[0].text, "only while the scenario is read"));
  kc_error_destroy(&error);
  kc_scenario_destroy_def(def);
}

static void test_params(void **state) {
  (void)state;
  kc_control_params params = kc_control_default_params(), back;
  double *value = (double *)&params;
  for (int i = 0; i < kc_control_n_param(); i++) {
    const kc_control_param_info *info = kc_control_param(i);
    value[i] = info->lower + (info->upper - info->lower) *
                                 (0.1 + 0.8 * (i * 0.6180339887 - floor(i * 0.6180339887)));
  }
  char *text = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&text, &size);
  assert_int_equal(kc_scenario_write_params(file, &params, "# found by a test"), KC_OK);
  fclose(file);
  assert_int_equal(strncmp(text, "# found by a test\nleg_stiffness: ", 33), 0);
  kc_error error = kc_error_default();
  if (kc_scenario_read_params_text(text, size, "x.params", &back, &error) != KC_OK)
    fail_msg("%s: %s", error.finding[0].place, error.finding[0].text);
  assert_memory_equal(&params, &back, sizeof params);
  free(text);
  assert_int_equal(kc_scenario_read_params_text("leg_stifness: 9 kN/m\ntakeoff_speed: 0.6", 39,
                                                "x.params", &back, &error),
                   KC_ERR_INPUT);
  assert_int_equal(error.n_finding, 2);
  assert_string_equal(error.finding[0].place, "x.params:1:1: leg_stifness");
  assert_non_null(strstr(error.finding[1].text, "has no unit; write '0.6 m/s'"));
  kc_error_destroy(&error);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_set),
                                     cmocka_unit_test(test_conditions),
                                     cmocka_unit_test(test_list),
                                     cmocka_unit_test(test_muscles),
                                     cmocka_unit_test(test_refusals),
                                     cmocka_unit_test(test_settings_text),
                                     cmocka_unit_test(test_star_stands_for_letters_of_a_name),
                                     cmocka_unit_test(test_params)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
