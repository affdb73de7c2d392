/// @file
/// Reading a curriculum by the binding, and the scenarios of a share (see curriculum.h).
#include "study/curriculum.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/units.h"
#include "model/binding.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const kc_field number_field[] = {
    {.key = "address",
     .kind = KC_FIELD_STRING,
     .offset = offsetof(kc_curriculum_number, address),
     .count = sizeof((kc_curriculum_number *)0)->address,
     .required = 1,
     .meaning = "any address that --set takes"},
    {.key = "from",
     .kind = KC_FIELD_STRING,
     .offset = offsetof(kc_curriculum_number, from_text),
     .count = sizeof((kc_curriculum_number *)0)->from_text,
     .required = 1,
     .meaning = "value at share 0"},
    {.key = "to",
     .kind = KC_FIELD_STRING,
     .offset = offsetof(kc_curriculum_number, to_text),
     .count = sizeof((kc_curriculum_number *)0)->to_text,
     .required = 1,
     .meaning = "value at share 1"},
};
static const kc_table number_table = KC_TABLE("number", kc_curriculum_number, number_field);

static const kc_field curriculum_field[] = {
    {.key = "step",
     .kind = KC_FIELD_QUANTITY,
     .offset = offsetof(kc_curriculum, step),
     .unit = "1",
     .value = 0.03,
     .lower = 1e-4,
     .upper = 1,
     .meaning = "by which the share rises"},
    {.key = "survivors",
     .kind = KC_FIELD_QUANTITY,
     .offset = offsetof(kc_curriculum, survivors),
     .unit = "1",
     .value = 0.6,
     .lower = 0,
     .upper = 1,
     .meaning = "share of a generation that must run all scenarios whole"},
    {.key = "numbers",
     .kind = KC_FIELD_LIST,
     .offset = offsetof(kc_curriculum, number),
     .count_offset = offsetof(kc_curriculum, n_number),
     .count = KC_CURRICULUM_MAX,
     .table = &number_table,
     .required = 1,
     .meaning = "what moves"},
};
static const kc_table curriculum_table =
    KC_TABLE_BARE("curriculum", kc_curriculum, curriculum_field);

/// Number and unit of a value; KC_ERR_INPUT if it does not start with a number.
static kc_status split(const char *text, double *value, const char **unit) {
  *unit = kc_units_parse_number(text, value);
  if (!*unit)
    return KC_ERR_INPUT;
  *unit += strspn(*unit, " ");
  return KC_OK;
}

/// Values with one unit, no address twice, none that the search would overwrite.
static kc_status check_number(kc_curriculum *c, int index, const char *name, kc_error *error) {
  kc_curriculum_number *n = &c->number[index];
  const char *from_unit = "", *to_unit = "";
  kc_status status = KC_OK;
  if (split(n->from_text, &n->from, &from_unit) != KC_OK)
    status = kc_yaml_add(error, name, n->place, n->address,
                         "'from: %s' is no number; a curriculum moves numbers only", n->from_text);
  if (split(n->to_text, &n->to, &to_unit) != KC_OK)
    status = kc_yaml_add(error, name, n->place, n->address,
                         "'to: %s' is no number; a curriculum moves numbers only", n->to_text);
  if (status == KC_OK && strcmp(from_unit, to_unit) != 0)
    status = kc_yaml_add(error, name, n->place, n->address,
                         "goes from '%s' to '%s'; write both in the same unit", n->from_text,
                         n->to_text);
  if (strncmp(n->address, "control/", 8) == 0)
    status = kc_yaml_add(error, name, n->place, n->address,
                         "is a parameter of the controller, which the search itself sets; bound it "
                         "by --objectives (parameters: bounds), or leave it out");
  for (int i = 0; i < index; i++)
    if (strcmp(c->number[i].address, n->address) == 0)
      status = kc_yaml_add(error, name, n->place, n->address,
                           "stands twice (first in line %d); leave one of them out",
                           c->number[i].place.line);
  (void)snprintf(n->unit, sizeof n->unit, "%s", from_unit);
  return status;
}

kc_status kc_curriculum_read_text(const char *text, size_t size, const char *name,
                                  kc_curriculum *curriculum, kc_error *error) {
  kc_binding_default(&curriculum_table, curriculum);
  kc_yaml *yaml;
  KC_TRY(kc_yaml_read_text(text, size, name, &yaml, error));
  kc_status status =
      kc_binding_read(&curriculum_table, yaml, kc_yaml_root(yaml), curriculum, error);
  kc_place top = {.line = 1, .column = 1};
  if (status == KC_OK && curriculum->n_number == 0)
    status = kc_yaml_add(error, name, top, "numbers",
                         "names none; write - {address: muscles/strength, from: 3, to: 1}");
  for (int i = 0, bad = status != KC_OK; !bad && i < curriculum->n_number; i++)
    if (check_number(curriculum, i, name, error) != KC_OK)
      status = KC_ERR_INPUT;
  kc_yaml_destroy(yaml);
  return status;
}

kc_status kc_curriculum_read(const char *path, kc_curriculum *curriculum, kc_error *error) {
  char *text;
  size_t size;
  kc_binding_default(&curriculum_table, curriculum);
  KC_TRY(kc_file_read_text(path, KC_FILE_TEXT_LIMIT, &text, &size, error));
  kc_status status = kc_curriculum_read_text(text, size, path, curriculum, error);
  free(text);
  return status;
}

void kc_curriculum_destroy(kc_curriculum *curriculum) {
  kc_binding_destroy(&curriculum_table, curriculum);
}

double kc_curriculum_share(const kc_curriculum *curriculum, int stage) {
  double share = stage * curriculum->step;
  return share < 1 - 1e-9 ? share : 1;
}

void kc_curriculum_write_value(const kc_curriculum_number *number, double share, char *text,
                               size_t size) {
  double value = share >= 1 ? number->to : number->from + share * (number->to - number->from);
  kc_units_write_exact(value, number->unit, text, size);
}

unsigned long long kc_curriculum_hash(const kc_curriculum *c, unsigned long long hash) {
  hash = kc_hash_add(hash, &c->step, sizeof c->step);
  hash = kc_hash_add(hash, &c->survivors, sizeof c->survivors);
  for (int i = 0; i < c->n_number; i++) {
    const kc_curriculum_number *n = &c->number[i];
    hash = kc_hash_add_text(kc_hash_add_text(hash, n->address), n->unit);
    hash = kc_hash_add(kc_hash_add(hash, &n->from, sizeof n->from), &n->to, sizeof n->to);
  }
  return hash;
}

static void free_scenarios(kc_scenario **scenario, int n) {
  for (int i = 0; scenario && i < n; i++)
    kc_scenario_destroy(scenario[i]);
  free(scenario);
}

void kc_curriculum_release(kc_curriculum_class *class) {
  free_scenarios(class->scenario, class->n_scenario);
  class->scenario = NULL;
}

static kc_status read_all(const kc_curriculum_class *class, const kc_setting *setting, int n,
                          double share, kc_scenario **scenario, kc_error *error) {
  kc_status status = KC_OK;
  for (int i = 0; i < class->n_scenario; i++) {
    kc_status one = kc_scenario_read(class->path[i], setting, n, &scenario[i], error);
    if (one != KC_OK)
      status = kc_error_add(error, one, class->path[i],
                            "cannot be read at share %.4g of the curriculum", share);
  }
  return status;
}

kc_status kc_curriculum_stage(kc_curriculum_class *class, double share, kc_error *error) {
  const kc_curriculum *c = class->curriculum;
  int n = class->n_setting;
  char value[KC_CURRICULUM_MAX][100];
  kc_setting *setting = calloc((size_t)(n + KC_CURRICULUM_MAX), sizeof *setting);
  kc_scenario **scenario = calloc((size_t) class->n_scenario, sizeof *scenario);
  kc_status status = KC_OK;
  if (!setting || !scenario) {
    status = kc_error_add(error, KC_ERR_MEMORY, "curriculum", "no memory for its scenarios");
  } else {
    for (int i = 0; i < n; i++)
      setting[i] = class->setting[i];
    for (int i = 0; i < c->n_number; i++) {
      kc_curriculum_write_value(&c->number[i], share, value[i], sizeof value[i]);
      setting[n++] = (kc_setting){.address = c->number[i].address, .value = value[i]};
    }
    status = read_all(class, setting, n, share, scenario, error);
  }
  free(setting);
  if (status != KC_OK) {
    free_scenarios(scenario, class->n_scenario);
    return status;
  }
  kc_curriculum_release(class);
  class->scenario = scenario;
  return KC_OK;
}
