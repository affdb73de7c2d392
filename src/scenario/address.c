/// @file
/// Finding, listing and setting by address: one walk serves all.
#include "scenario/address.h"
#include "base/text.h"
#include "base/units.h"
#include "scenario/size.h"
#include "scenario/walk.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// A search for one address.
typedef struct {
  const char *wanted;
  const kc_field *field;
  void *object;
  kc_nearest nearest;
  char near[KC_ADDRESS_SIZE]; ///< the nearest one, kept
} search;

static void look(void *user, const kc_stop *stop) {
  search *s = user;
  if (strcmp(stop->address, s->wanted) != 0)
    return;
  s->field = stop->field;
  s->object = stop->object;
}

static void compare(void *user, const kc_stop *stop) {
  search *s = user;
  int before = s->nearest.distance;
  kc_nearest_add(&s->nearest, stop->address);
  if (s->nearest.distance == before)
    return;
  snprintf(s->near, sizeof s->near, "%s", stop->address);
  s->nearest.name = s->near;
}

/// Walks the scenario, or the body alone where there is no scenario.
static void walk(kc_scenario_def *def, kc_model_def *body, const kc_visitor *visitor) {
  if (def)
    kc_scenario_walk(def, visitor);
  else
    kc_scenario_walk_body(body, visitor);
}

static search find(kc_scenario_def *def, kc_model_def *body, const char *address) {
  search s = {.wanted = address};
  walk(def, body, &(kc_visitor){look, &s, address});
  return s;
}

static kc_status refuse_address(kc_scenario_def *def, kc_model_def *body, const char *address,
                                const char *where, kc_error *error) {
  search s = {.wanted = address, .nearest = kc_nearest_default(address)};
  walk(def, body, &(kc_visitor){compare, &s, ""});
  char text[KC_ADDRESS_SIZE + 32];
  kc_nearest_write(&s.nearest, text, sizeof text);
  return kc_error_add(error, KC_ERR_INPUT, where, "'%.120s' is not an address%s%s", address, text,
                      s.nearest.name         ? ""
                      : strchr(address, '*') ? "; no number of the model fits it; `kinchain list` "
                                               "prints them"
                                             : "; `kinchain list` prints them");
}

static kc_status set_found(const search *s, const char *value, const char *where, kc_error *error) {
  char problem[256];
  kc_status status = kc_binding_set(s->field, value, s->object, problem, sizeof problem);
  return status == KC_OK ? KC_OK : kc_error_add(error, status, where, "%s", problem);
}

/// A value on its way to every number of the body that fits.
typedef struct {
  const char *pattern, *value;
  int n_fitting;
  kc_status status;
  char problem[KC_ADDRESS_SIZE + 260]; ///< of the first that refused
} setting_all;

/// What every address that fits begins with.
static void write_prefix(const char *pattern, char prefix[KC_ADDRESS_SIZE]) {
  size_t n = strcspn(pattern, "*");
  n = n < KC_ADDRESS_SIZE - 1 ? n : KC_ADDRESS_SIZE - 1;
  memcpy(prefix, pattern, n);
  prefix[n] = 0;
}

static void set_if_fitting(void *user, const kc_stop *stop) {
  setting_all *s = user;
  char problem[256];
  if (!kc_text_match(s->pattern, stop->address))
    return;
  s->n_fitting++;
  kc_status status = kc_binding_set(stop->field, s->value, stop->object, problem, sizeof problem);
  if (status == KC_OK || s->status != KC_OK)
    return;
  s->status = status;
  snprintf(s->problem, sizeof s->problem, "%.159s: %s", stop->address, problem);
}

/// Sets every number of the body whose address fits; `def` is for the names in a refusal.
static kc_status set_fitting(kc_scenario_def *def, kc_model_def *body, const char *pattern,
                             const char *value, const char *where, kc_error *error) {
  setting_all s = {.pattern = pattern, .value = value};
  char prefix[KC_ADDRESS_SIZE];
  write_prefix(pattern, prefix);
  if (body)
    kc_scenario_walk_body(body, &(kc_visitor){set_if_fitting, &s, prefix});
  if (s.n_fitting == 0)
    return refuse_address(def, body, pattern, where, error);
  return s.status == KC_OK ? KC_OK : kc_error_add(error, s.status, where, "%s", s.problem);
}

kc_status kc_scenario_set_body_address(kc_model_def *body, const char *address, const char *value,
                                       const char *where, kc_error *error) {
  if (strchr(address, '*'))
    return set_fitting(NULL, body, address, value, where, error);
  search s = find(NULL, body, address);
  if (!s.field)
    return refuse_address(NULL, body, address, where, error);
  return set_found(&s, value, where, error);
}

/// Appends an empty condition of a kind that an address names and the scenario lacks.
static kc_status add_condition(kc_scenario_def *def, const char *address, kc_error *error) {
  for (int i = 0; i < kc_condition_table.n_field; i++) {
    const kc_field *kind = &kc_condition_table.field[i];
    size_t n = strlen(kind->key);
    if (strncmp(address, "condition/", 10) != 0 || strncmp(address + 10, kind->key, n) != 0 ||
        address[10 + n] != '/')
      continue;
    for (int k = 0; k < def->n_condition; k++)
      if (((const kc_place *)(const void *)((char *)&def->condition[k] + kind->offset))->line)
        return KC_OK;
    if (def->n_condition >= KC_MAX_CONDITION)
      return kc_error_add(error, KC_ERR_INPUT, address, "there are %d conditions already",
                          def->n_condition);
    kc_condition *grown = realloc(def->condition, (size_t)(def->n_condition + 1) * sizeof *grown);
    if (!grown)
      return kc_error_add(error, KC_ERR_MEMORY, address, "no memory");
    def->condition = grown;
    kc_condition *added = &grown[def->n_condition++];
    kc_binding_default(&kc_condition_table, added);
    *(kc_place *)(void *)((char *)added + kind->offset) = (kc_place){.line = -1};
  }
  return KC_OK;
}

kc_status kc_scenario_set_address(kc_scenario_def *def, const char *address, const char *value,
                                  const char *where, kc_error *error) {
  if (def->body && (strcmp(address, "model") == 0 || strcmp(address, "controller/parameters") == 0))
    return kc_error_add(error, KC_ERR_INPUT, where,
                        "a file can be chosen only while the scenario is read");
  if (strchr(address, '*'))
    return set_fitting(def, def->body, address, value, where, error);
  search s = find(def, NULL, address);
  if (!s.field)
    return refuse_address(def, NULL, address, where, error);
  KC_TRY(add_condition(def, address, error));
  s = find(def, NULL, address);
  KC_TRY(set_found(&s, value, where, error));
  if (def->body && (strncmp(address, "runner/", 7) == 0 || strncmp(address, "muscles/", 8) == 0))
    return kc_scenario_apply_size(def, def->body, error);
  return KC_OK;
}

/// A value on its way out.
typedef struct {
  const char *wanted;
  char *value;
  size_t size;
  int found;
} getting;

static void get(void *user, const kc_stop *stop) {
  getting *g = user;
  if (g->found || !kc_text_match(g->wanted, stop->address))
    return;
  kc_binding_write(stop->field, stop->object, g->value, g->size);
  g->found = 1;
}

kc_status kc_scenario_get_address(const kc_scenario_def *def, const char *address, char *value,
                                  size_t size) {
  getting g = {.wanted = address, .value = value, .size = size};
  kc_scenario_def view = *def; // this walk changes nothing
  char prefix[KC_ADDRESS_SIZE];
  write_prefix(address, prefix);
  if (!strchr(address, '*'))
    kc_scenario_walk(&view, &(kc_visitor){get, &g, address});
  else if (view.body)
    kc_scenario_walk_body(view.body, &(kc_visitor){get, &g, prefix});
  return g.found ? KC_OK : KC_ERR_INPUT;
}

/// A listing: the caller's visitor, and the prefix.
typedef struct {
  const char *prefix;
  void (*visit)(void *user, const kc_address_row *row);
  void *user;
} listing;

/// What a note says of where the number is from.
static void write_note(const kc_note *note, char *text, size_t size) {
  snprintf(text, size, "%s%s%s%s", note->source, note->source[0] && note->assumption[0] ? "; " : "",
           note->assumption[0] ? "assumption: " : "", note->assumption);
}

static void list(void *user, const kc_stop *stop) {
  const listing *l = user;
  char source[2 * KC_NOTE_SIZE + 32];
  if (strncmp(stop->address, l->prefix, strlen(l->prefix)) != 0)
    return;
  const kc_field *f = stop->field;
  char value[256], initial[256] = "", range[256];
  kc_binding_write(f, stop->object, value, sizeof value);
  if (stop->in_model == 0)
    kc_binding_write_initial(f, initial, sizeof initial);
  kc_binding_write_range(f, range, sizeof range);
  if (stop->note)
    write_note(stop->note, source, sizeof source);
  int number = f->kind == KC_FIELD_QUANTITY || f->kind == KC_FIELD_VECTOR ||
               f->kind == KC_FIELD_SLOPE || f->kind == KC_FIELD_INTEGER || f->kind == KC_FIELD_SEED;
  l->visit(l->user, &(kc_address_row){.address = stop->address,
                                      .unit = number ? kc_binding_unit(f) : "",
                                      .value = value,
                                      .initial = initial,
                                      .range = range,
                                      .meaning = f->meaning ? f->meaning : "",
                                      .source = stop->note ? source : stop->source});
}

void kc_scenario_list_addresses(const kc_scenario_def *def, const char *prefix,
                                void (*visit)(void *user, const kc_address_row *row), void *user) {
  listing l = {.prefix = prefix, .visit = visit, .user = user};
  kc_scenario_def view = *def; // this walk changes nothing
  kc_scenario_walk(&view, &(kc_visitor){list, &l, prefix});
}
