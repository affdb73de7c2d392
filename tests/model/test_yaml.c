/// @file
/// The YAML binding: values of every kind, and every refusal with its place and remedy.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
//
#include "model/binding.h"
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  kc_place place;
  char body[40];
  double at[3];
} via;
typedef struct {
  kc_place place;
  char name[40];
  double slack;
  int n_via;
  via *via;
} band;
typedef struct {
  kc_place place;
  double force[3];
} push;
typedef struct {
  double speed, grade, ratio, mass;
  int count, on, mode;
  unsigned long long seed;
  char label[12];
  char *model;
  push push;
  int n_band, n_via;
  band *band;
  via *via;
} thing;

static const kc_field via_field[] = {{.key = "body",
                                      .kind = KC_FIELD_STRING,
                                      .offset = offsetof(via, body),
                                      .count = 40,
                                      .required = 1,
                                      .meaning = "body that carries the point"},
                                     {.key = "at",
                                      .kind = KC_FIELD_VECTOR,
                                      .offset = offsetof(via, at),
                                      .count = 3,
                                      .unit = "mm",
                                      .lower = -2000,
                                      .upper = 2000}};
static const kc_table via_table = KC_TABLE("via", via, via_field);
static const kc_field band_field[] = {{.key = "slack",
                                       .kind = KC_FIELD_QUANTITY,
                                       .offset = offsetof(band, slack),
                                       .unit = "mm",
                                       .value = 250,
                                       .lower = 1,
                                       .upper = 2000},
                                      {.key = "via",
                                       .kind = KC_FIELD_LIST,
                                       .offset = offsetof(band, via),
                                       .count_offset = offsetof(band, n_via),
                                       .count = 3,
                                       .table = &via_table}};
static const kc_table band_table = KC_TABLE_NAMED("band", band, band_field);
static const kc_field push_field[] = {{.key = "force",
                                       .kind = KC_FIELD_VECTOR,
                                       .unit = "N",
                                       .offset = offsetof(push, force),
                                       .count = 3}};
static const kc_table push_table = KC_TABLE("push", push, push_field);
static const char *const mode_word[] = {"naive", "informed", NULL};
static const kc_field thing_field[] = {
    {.key = "speed",
     .kind = KC_FIELD_QUANTITY,
     .offset = offsetof(thing, speed),
     .unit = "m/s",
     .value = 3.3,
     .lower = 0,
     .upper = 6},
    {.key = "grade",
     .kind = KC_FIELD_SLOPE,
     .offset = offsetof(thing, grade),
     .lower = -30,
     .upper = 30,
     .value = 2},
    {.key = "ratio", .kind = KC_FIELD_QUANTITY, .offset = offsetof(thing, ratio)},
    {.key = "mass",
     .kind = KC_FIELD_QUANTITY,
     .offset = offsetof(thing, mass),
     .unit = "kg",
     .value = NAN,
     .lower = 20,
     .upper = 200},
    {.key = "count",
     .kind = KC_FIELD_INTEGER,
     .offset = offsetof(thing, count),
     .lower = 1,
     .upper = 9,
     .value = 4},
    {.key = "on", .kind = KC_FIELD_BOOL, .offset = offsetof(thing, on), .value = 1},
    {.key = "mode", .kind = KC_FIELD_ENUM, .offset = offsetof(thing, mode), .word = mode_word},
    {.key = "seed", .kind = KC_FIELD_SEED, .offset = offsetof(thing, seed)},
    {.key = "label",
     .kind = KC_FIELD_STRING,
     .offset = offsetof(thing, label),
     .count = 12,
     .text = "plain"},
    {.key = "model",
     .kind = KC_FIELD_STRING,
     .offset = offsetof(thing, model),
     .text = "runner.yaml"},
    {.key = "push", .kind = KC_FIELD_TABLE, .offset = offsetof(thing, push), .table = &push_table},
    {.key = "bands",
     .kind = KC_FIELD_MAP,
     .offset = offsetof(thing, band),
     .count_offset = offsetof(thing, n_band),
     .count = 4,
     .table = &band_table},
    {.key = "vias",
     .kind = KC_FIELD_LIST,
     .offset = offsetof(thing, via),
     .count_offset = offsetof(thing, n_via),
     .count = 4,
     .table = &via_table}};
static const kc_table thing_table = KC_TABLE_BARE("thing", thing, thing_field);

static kc_status read_thing(const char *text, thing *t, kc_error *error) {
  kc_yaml *yaml;
  kc_binding_default(&thing_table, t);
  kc_status status = kc_yaml_read_text(text, strlen(text), "x.yaml", &yaml, error);
  if (status == KC_OK)
    status = kc_binding_read(&thing_table, yaml, kc_yaml_root(yaml), t, error);
  kc_yaml_destroy(yaml);
  return status;
}

static void test_values(void **state) {
  (void)state;
  thing t;
  kc_error error = kc_error_default();
  kc_status status = read_thing("speed: 4.25 m/s\ngrade: -4.5 deg\nratio: 85 %\ncount: 7\n"
                                "on: false\nmode: informed\nseed: 18446744073709551615\n"
                                "model: \"my runner.yaml\"\npush: {force: [1 N, -2 N, 0.3 kN]}\n"
                                "bands:\n  left:\n    slack: 312.5 mm\n    via:\n"
                                "      - {body: pelvis, at: -56.3 -78.5 77.26 mm}\n"
                                "      - {body: femur, at: [1 cm, 2 mm, 1.25 m]}\n  right: {}\n",
                                &t, &error);
  if (status != KC_OK)
    fail_msg("%s: %s", error.finding[0].place, error.finding[0].text);
  assert_true(t.speed == 4.25 && fabs(t.grade + 0.078701706824618447) < 1e-16);
  assert_true(t.ratio == 85 * 0.01 && isnan(t.mass));
  assert_true(t.count == 7 && t.on == 0 && t.mode == 1 && t.seed == UINT64_MAX);
  assert_string_equal(t.label, "plain");
  assert_string_equal(t.model, "my runner.yaml");
  assert_true(t.push.force[0] == 1 && t.push.force[2] == 300 && t.push.place.line == 9);
  assert_int_equal(t.n_band, 2);
  assert_string_equal(t.band[0].name, "left");
  assert_true(t.band[0].n_via == 2 && t.band[0].via[1].at[2] == 1.25 && t.band[1].n_via == 0);
  assert_true(t.band[1].slack == 250 * 1e-3);
  assert_int_equal(t.band[0].via[1].place.line, 15);
  assert_int_equal(t.band[0].via[1].place.column, 9);
  kc_binding_destroy(&thing_table, &t);
  kc_error_destroy(&error);
}

static void test_defaults(void **state) {
  (void)state;
  thing t;
  kc_error error = kc_error_default();
  assert_int_equal(read_thing("{}", &t, &error), KC_OK);
  assert_true(t.speed == 3.3 && t.grade == 2 * 1e-2 && t.count == 4 && t.on == 1);
  assert_int_equal(t.push.place.line, 0);
  kc_binding_destroy(&thing_table, &t);
}

/// One wrong text, the place and the words of its finding.
static const struct {
  const char *yaml, *place, *text;
} refusal[] = {
    {"speed: 3.3", "x.yaml:1:8: speed", "has no unit; write '3.3 m/s'"},
    {"ratio: 1\nspeed: 3 kg", "x.yaml:2:8: speed", "wrong dimension; a unit such as 'm/s'"},
    {"speed: 7.5 m/s", "x.yaml:1:8: speed", "is 7.5 m/s; allowed is 0 m/s to 6 m/s"},
    {"speed: .nan", "x.yaml:1:8: speed", "not a finite number"},
    {"speed: 1e400 m/s", "x.yaml:1:8: speed", "too large"},
    {"speed: [1 m/s]", "x.yaml:1:8: speed", "is a list; a single value was expected"},
    {"speed: {a: 1}", "x.yaml:1:8: speed", "is a table of keys; a single value"},
    {"sped: 3 m/s", "x.yaml:1:1: sped", "is not a key of 'thing'; did you mean 'speed'?"},
    {"zebra: 3 m/s", "x.yaml:1:1: zebra", "; its keys are: speed, grade"},
    {"speed: 3 m/s\nspeed: 4 m/s", "x.yaml:2:1: speed", "stands twice, first in line 1"},
    {"grade: 31 %", "x.yaml:1:8: grade", "is 31 %; allowed is -30 % to 30 %"},
    {"grade: 5 kg", "x.yaml:1:8: grade", "is not a slope; write '8 %' or '4.6 deg'"},
    {"grade: 90 deg", "x.yaml:1:8: grade", "steeper than"},
    {"mass: -75 kg", "x.yaml:1:7: mass", "is -75 kg; allowed is 20 kg to 200 kg"},
    {"count: 2.5", "x.yaml:1:8: count", "is not a whole number"},
    {"count: 10", "x.yaml:1:8: count", "is 10; allowed is 1 to 9"},
    {"count: 99999999999999999999", "x.yaml:1:8: count", "is not a whole number"},
    {"seed: -1", "x.yaml:1:7: seed", "whole number from 0"},
    {"on: maybe", "x.yaml:1:5: on", "'maybe' is not allowed; write false or true"},
    {"mode: smart", "x.yaml:1:7: mode", "write naive or informed"},
    {"label: averyveryverylongname", "x.yaml:1:8: label", "is too long; at most 11 bytes"},
    {"label:", "x.yaml:1:7: label", "has no value"},
    {"push: 12 N", "x.yaml:1:7: push", "is a single value; a table of keys was expected"},
    {"push:\nspeed: 3 m/s", "x.yaml:1:6: push", "has no value; a table of keys"},
    {"push: {force: 1 2 N}", "x.yaml:1:15: force", "does not start with 3 numbers"},
    {"push: {force: [1 N, 2 N]}", "x.yaml:1:15: force", "has 2 values; 3 were expected"},
    {"push: {force: [1 N, 2 N, 3]}", "x.yaml:1:26: force", "has no unit"},
    {"push: {force: [1 N, 2 N, [3 N]]}", "x.yaml:1:26: force", "is a list"},
    {"vias: {a: 1}", "x.yaml:1:7: vias", "is a table of keys; a list was expected"},
    {"vias:\n  - {at: 1 2 3 mm}", "x.yaml:2:5: body", "is missing in 'via': body that carries"},
    {"vias: [{body: a},{body: a},{body: a},{body: a},{body: a}]", "x.yaml:1:7: vias",
     "has 5 elements; at most 4"},
    {"bands: {a: {}, a: {}}", "x.yaml:1:16: a", "stands twice"},
    {"bands: {aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: {}}", "x.yaml:1:9", "too long a name"},
    {"[1, 2]", "x.yaml:1:1", "is a list; a table of keys was expected"},
    {"# nothing\n", "x.yaml", "holds no document"},
    {"---\n", "x.yaml:2:1", "has no value; a table of keys"},
    {"speed: 3 m/s\n---\nspeed: 4 m/s", "x.yaml:2:1", "a second document"},
    {"a: &x 1\nb: *x", "x.yaml:1:4", "anchors (&name) are not read"},
    {"b: *x", "x.yaml:1:4", "aliases (*name) are not read"},
    {"speed: !!float 3", "x.yaml:1:8", "tags (!name) are not read"},
    {"? {a: 1}\n: 3", "x.yaml:1:3", "is a table of keys; a key was expected"},
    {"speed: [1", "x.yaml:2:1", "is not YAML here"},
    {"speed: 3 m/s\n\tgrade: 1", "x.yaml:2:1", "is not YAML here"},
    {"a: \x01", "x.yaml", "is not text (byte 0x01 at offset 3)"},
};

static void test_refusals(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof refusal / sizeof refusal[0]; i++) {
    thing t;
    kc_error error = kc_error_default();
    if (read_thing(refusal[i].yaml, &t, &error) != KC_ERR_INPUT)
      fail_msg("taken: %s", refusal[i].yaml);
    const kc_finding *f = &error.finding[0];
    if (strncmp(f->place, refusal[i].place, strlen(refusal[i].place)) != 0)
      fail_msg("'%s': at '%s', expected '%s'", refusal[i].yaml, f->place, refusal[i].place);
    if (!strstr(f->text, refusal[i].text))
      fail_msg("'%s': '%s' lacks '%s'", refusal[i].yaml, f->text, refusal[i].text);
    kc_binding_destroy(&thing_table, &t);
    kc_error_destroy(&error);
  }
}

static void test_all_at_once(void **state) {
  (void)state;
  thing t;
  kc_error error = kc_error_default();
  assert_int_equal(read_thing("speed: 3\nsped: 1\ncount: x\nvias: [{}, {}]\n", &t, &error),
                   KC_ERR_INPUT);
  assert_int_equal(error.n_finding, 5);
  kc_binding_destroy(&thing_table, &t);
  kc_error_destroy(&error);
}

static void test_limits(void **state) {
  (void)state;
  static char text[1 << 20];
  thing t;
  kc_error error = kc_error_default();
  memset(text, '[', 25);
  text[25] = 0;
  assert_int_equal(read_thing(text, &t, &error), KC_ERR_INPUT);
  assert_non_null(strstr(error.finding[0].text, "nested deeper than 24"));
  assert_string_equal(error.finding[0].place, "x.yaml:1:25");
  kc_error_destroy(&error);
  kc_binding_destroy(&thing_table, &t);
  for (int i = 0; i < 210000; i++)
    memcpy(text + 2 * i, i ? ",1" : "[1", 3);
  assert_int_equal(read_thing(text, &t, &error), KC_ERR_INPUT);
  assert_non_null(strstr(error.finding[0].text, "more than 200000 values"));
  kc_error_destroy(&error);
  kc_binding_destroy(&thing_table, &t);
  char *end = text;
  for (int i = 0; i < 300; i++)
    end += sprintf(end, "k%d: 1\n", i);
  assert_int_equal(read_thing(text, &t, &error), KC_ERR_INPUT);
  assert_int_equal(error.n_finding, 201);
  assert_non_null(strstr(error.finding[200].text, "more problems"));
  kc_error_destroy(&error);
  kc_binding_destroy(&thing_table, &t);
}

static void test_round_trip(void **state) {
  (void)state;
  thing t, back;
  char text[128], problem[128];
  kc_binding_default(&thing_table, &t);
  kc_binding_default(&thing_table, &back);
  t.speed = 2.385, t.mode = 1, t.push.force[1] = -81.5, t.seed = 77, t.mass = 61.7;
  for (int i = 0; i < 10; i++) {
    const kc_field *f = &thing_field[i];
    kc_binding_write(f, &t, text, sizeof text);
    if (kc_binding_set(f, text, &back, problem, sizeof problem) != KC_OK)
      fail_msg("%s '%s': %s", f->key, text, problem);
  }
  assert_true(back.speed == t.speed && back.mode == 1 && back.seed == 77 && back.mass == t.mass);
  kc_binding_write(&push_field[0], &t.push, text, sizeof text);
  assert_string_equal(text, "0 -81.5 0 N");
  kc_binding_destroy(&thing_table, &t);
  kc_binding_destroy(&thing_table, &back);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_values),   cmocka_unit_test(test_defaults),
      cmocka_unit_test(test_refusals), cmocka_unit_test(test_all_at_once),
      cmocka_unit_test(test_limits),   cmocka_unit_test(test_round_trip)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
