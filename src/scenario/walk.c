/// @file
/// Addresses of scenario, conditions and controller, from the tables of their fields.
#include "scenario/walk.h"
#include <stdio.h>
#include <string.h>

int kc_scenario_wants(const kc_visitor *visitor, const char *path) {
  size_t n = strlen(path), m = strlen(visitor->prefix);
  return strncmp(visitor->prefix, path, n < m ? n : m) == 0;
}

static void walk_table(const kc_visitor *visitor, const char *path, const kc_table *table,
                       void *object);

/// Elements of a list by number from 1, of a map by name.
static void walk_elements(const kc_visitor *visitor, const char *path, const kc_field *field,
                          void *object) {
  char *element = *(char **)((char *)object + field->offset), inner[KC_ADDRESS_SIZE];
  int n = *(int *)((char *)object + field->count_offset);
  for (int i = 0; i < n; i++) {
    char *at = element + (size_t)i * field->table->size;
    if (field->kind == KC_FIELD_MAP)
      snprintf(inner, sizeof inner, "%s/%s", path, at + field->table->name_offset);
    else
      snprintf(inner, sizeof inner, "%s/%d", path, i + 1);
    walk_table(visitor, inner, field->table, at);
  }
}

static void walk_table(const kc_visitor *visitor, const char *path, const kc_table *table,
                       void *object) {
  char inner[KC_ADDRESS_SIZE];
  for (int i = 0; i < table->n_field; i++) {
    const kc_field *field = &table->field[i];
    if (field->table == &kc_condition_table)
      continue;
    int alone = table->has_short && table->n_field == 1; // its key needs no saying
    snprintf(inner, sizeof inner, "%.100s%s%s", path, *path && !alone ? "/" : "",
             alone ? "" : field->key);
    if (!kc_scenario_wants(visitor, inner))
      continue;
    if (field->kind == KC_FIELD_TABLE)
      walk_table(visitor, inner, field->table, (char *)object + field->offset);
    else if (field->kind == KC_FIELD_LIST || field->kind == KC_FIELD_MAP)
      walk_elements(visitor, inner, field, object);
    else
      visitor->visit(visitor->user,
                     &(kc_stop){inner, field, object, field->source ? field->source : "", NULL, 0});
  }
}

/// The conditions of one kind: those that are there, or one with defaults to show what there is.
static void walk_kind(const kc_visitor *visitor, kc_scenario_def *def, const kc_field *kind) {
  char path[KC_ADDRESS_SIZE];
  int n = 0;
  snprintf(path, sizeof path, "condition/%s", kind->key);
  if (!kc_scenario_wants(visitor, path))
    return;
  for (int i = 0; i < def->n_condition; i++) {
    char *at = (char *)&def->condition[i] + kind->offset;
    if (((kc_place *)(void *)at)->line == 0)
      continue;
    if (++n == 1)
      snprintf(path, sizeof path, "condition/%s", kind->key);
    else
      snprintf(path, sizeof path, "condition/%s.%d", kind->key, n);
    walk_table(visitor, path, kind->table, at);
  }
  if (n)
    return;
  kc_condition absent;
  kc_binding_default(&kc_condition_table, &absent);
  snprintf(path, sizeof path, "condition/%s", kind->key);
  walk_table(visitor, path, kind->table, (char *)&absent + kind->offset);
  kc_binding_destroy(&kc_condition_table, &absent);
}

void kc_scenario_walk(kc_scenario_def *def, const kc_visitor *visitor) {
  walk_table(visitor, "", &kc_scenario_table, def);
  for (int i = 0; kc_scenario_wants(visitor, "condition") && i < kc_condition_table.n_field; i++)
    walk_kind(visitor, def, &kc_condition_table.field[i]);
  if (kc_scenario_wants(visitor, "control"))
    walk_table(visitor, "control", &kc_param_table, &def->params);
  if (def->body)
    kc_scenario_walk_body(def->body, visitor);
}
