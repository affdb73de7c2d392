/// @file
/// The walk of a YAML tree along tables of fields. Scalars are read by binding_scalar.c.
#include "model/binding.h"
#include "base/text.h"
#include "base/units.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FINDINGS = 200 };

/// What the walk carries along.
typedef struct {
  kc_yaml *yaml;
  kc_error *error;
  kc_status status;
} reading;

static void *member(void *object, size_t offset) { return (char *)object + offset; }

/// Adds a finding; after very many, says so and falls silent.
static void refuse(reading *r, const yaml_node_t *node, const char *key, const char *text) {
  r->status = r->status == KC_OK ? KC_ERR_INPUT : r->status;
  if (r->error->n_finding == MOST_FINDINGS)
    kc_error_add(r->error, KC_ERR_INPUT, r->yaml->name, "has more problems; mend these first");
  if (r->error->n_finding >= MOST_FINDINGS)
    return;
  kc_yaml_add(r->error, r->yaml->name, kc_yaml_place(node), key, "%s", text);
}

static const char *kind_of(const yaml_node_t *node) {
  return node->type == YAML_SCALAR_NODE    ? "a single value"
         : node->type == YAML_MAPPING_NODE ? "a table of keys"
                                           : "a list";
}

/// Refuses a node that is not of the wanted type.
static int check_type(reading *r, const yaml_node_t *node, yaml_node_type_t type, const char *key,
                      const char *wanted) {
  if (node->type == type)
    return 1;
  char text[160];
  const char *scalar = kc_yaml_scalar(node);
  if (scalar && !*scalar)
    snprintf(text, sizeof text, "has no value; %s was expected", wanted);
  else
    snprintf(text, sizeof text, "is %s; %s was expected", kind_of(node), wanted);
  refuse(r, node, key, text);
  return 0;
}

int kc_binding_find(const kc_table *table, const char *key) {
  for (int i = 0; i < table->n_field; i++)
    if (strcmp(table->field[i].key, key) == 0)
      return i;
  return -1;
}

static void default_field(const kc_field *f, void *object) {
  void *at = member(object, f->offset);
  double factor = kc_units_find_factor(kc_binding_unit(f));
  switch (f->kind) {
  case KC_FIELD_QUANTITY:
  case KC_FIELD_SLOPE:
    *(double *)at = f->value * factor;
    break;
  case KC_FIELD_VECTOR:
    for (int i = 0; i < f->count; i++)
      ((double *)at)[i] = f->value * factor;
    break;
  case KC_FIELD_INTEGER:
  case KC_FIELD_BOOL:
  case KC_FIELD_ENUM:
    *(int *)at = (int)f->value;
    break;
  case KC_FIELD_SEED:
    *(unsigned long long *)at = (unsigned long long)f->value;
    break;
  case KC_FIELD_STRING:
    if (f->count)
      snprintf(at, (size_t)f->count, "%s", f->text ? f->text : "");
    else
      *(char **)at = f->text ? strdup(f->text) : NULL;
    break;
  case KC_FIELD_TABLE:
    kc_binding_default(f->table, at);
    break;
  case KC_FIELD_LIST:
  case KC_FIELD_MAP:
    *(void **)at = NULL;
    *(int *)member(object, f->count_offset) = 0;
    break;
  }
}

void kc_binding_default(const kc_table *table, void *object) {
  memset(object, 0, table->size);
  for (int i = 0; i < table->n_field; i++)
    default_field(&table->field[i], object);
}

static void read_table(reading *r, const kc_table *table, const yaml_node_t *node, const char *key,
                       void *object);

/// A sequence of scalars as a vector: each element with its unit.
static void read_sequence(reading *r, const kc_field *f, const yaml_node_t *node, void *object) {
  const yaml_node_item_t *item = node->data.sequence.items.start;
  int n = (int)(node->data.sequence.items.top - item);
  char text[256];
  if (n != f->count) {
    snprintf(text, sizeof text, "has %d values; %d were expected", n, f->count);
    refuse(r, node, f->key, text);
    return;
  }
  for (int i = 0; i < n; i++) {
    const yaml_node_t *element = kc_yaml_node(r->yaml, item[i]);
    if (!check_type(r, element, YAML_SCALAR_NODE, f->key, "a number with its unit"))
      continue;
    kc_field one = *f;
    one.kind = KC_FIELD_QUANTITY;
    one.offset = f->offset + (size_t)i * sizeof(double);
    if (kc_binding_set(&one, kc_yaml_scalar(element), object, text, sizeof text) != KC_OK)
      refuse(r, element, f->key, text);
  }
}

static void read_scalar(reading *r, const kc_field *f, const yaml_node_t *node, void *object) {
  char text[256];
  if (f->kind == KC_FIELD_VECTOR && node->type == YAML_SEQUENCE_NODE) {
    read_sequence(r, f, node, object);
    return;
  }
  if (!check_type(r, node, YAML_SCALAR_NODE, f->key, "a single value"))
    return;
  kc_status status = kc_binding_set(f, kc_yaml_scalar(node), object, text, sizeof text);
  if (status == KC_ERR_MEMORY)
    r->status = KC_ERR_MEMORY;
  if (status != KC_OK)
    refuse(r, node, f->key, text);
}

/// Allocates the elements of a list or map, filled with defaults; NULL if there are none or too
/// many.
static char *create_elements(reading *r, const kc_field *f, const yaml_node_t *node, int n,
                             void *object) {
  char text[128];
  if (n > f->count) {
    snprintf(text, sizeof text, "has %d elements; at most %d are allowed", n, f->count);
    refuse(r, node, f->key, text);
    return NULL;
  }
  if (n == 0)
    return NULL;
  char *element = calloc((size_t)n, f->table->size);
  if (!element) {
    r->status = KC_ERR_MEMORY;
    kc_error_add(r->error, KC_ERR_MEMORY, r->yaml->name, "no memory for %d of '%s'", n, f->key);
    return NULL;
  }
  for (int i = 0; i < n; i++)
    kc_binding_default(f->table, element + (size_t)i * f->table->size);
  *(void **)member(object, f->offset) = element;
  *(int *)member(object, f->count_offset) = n;
  return element;
}

static void read_list(reading *r, const kc_field *f, const yaml_node_t *node, void *object) {
  if (f->table->has_short && kc_yaml_scalar(node)) {
    char *one = create_elements(r, f, node, 1, object);
    if (one)
      read_table(r, f->table, node, f->key, one);
    return;
  }
  if (!check_type(r, node, YAML_SEQUENCE_NODE, f->key, "a list"))
    return;
  const yaml_node_item_t *item = node->data.sequence.items.start;
  int n = (int)(node->data.sequence.items.top - item);
  char *element = create_elements(r, f, node, n, object);
  for (int i = 0; element && i < n; i++)
    read_table(r, f->table, kc_yaml_node(r->yaml, item[i]), f->key,
               element + (size_t)i * f->table->size);
}

/// The text of a key, NULL (refused) where it is no plain, new one.
static const char *check_key(reading *r, const yaml_node_t *node, const yaml_node_pair_t *pair) {
  const yaml_node_t *key = kc_yaml_node(r->yaml, pair->key);
  if (!check_type(r, key, YAML_SCALAR_NODE, "", "a key"))
    return NULL;
  const char *text = kc_yaml_scalar(key);
  for (const yaml_node_pair_t *p = node->data.mapping.pairs.start; p < pair; p++) {
    const yaml_node_t *other = kc_yaml_node(r->yaml, p->key);
    const char *before = kc_yaml_scalar(other);
    if (!before || strcmp(before, text) != 0)
      continue;
    char problem[128];
    snprintf(problem, sizeof problem, "stands twice, first in line %d; keep one",
             kc_yaml_place(other).line);
    refuse(r, key, text, problem);
    return NULL;
  }
  return text;
}

/// The key of an element as its name.
static void read_name(reading *r, const kc_table *table, const yaml_node_t *node, void *element) {
  const char *key = kc_yaml_scalar(node);
  size_t size = table->name_size ? table->name_size : KC_BINDING_NAME_SIZE;
  char text[64];
  snprintf(text, sizeof text, "is too long a name; at most %zu letters", size - 1);
  if (strlen(key) >= size)
    refuse(r, node, key, text);
  else if (table->has_name)
    snprintf(member(element, table->name_offset), size, "%s", key);
}

static void read_map(reading *r, const kc_field *f, const yaml_node_t *node, void *object) {
  if (!check_type(r, node, YAML_MAPPING_NODE, f->key, "a table 'name: {...}'"))
    return;
  const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
  int n = (int)(node->data.mapping.pairs.top - pair);
  char *element = create_elements(r, f, node, n, object);
  for (int i = 0; element && i < n; i++, pair++) {
    void *at = element + (size_t)i * f->table->size;
    const char *key = check_key(r, node, pair);
    if (!key)
      continue;
    read_name(r, f->table, kc_yaml_node(r->yaml, pair->key), at);
    read_table(r, f->table, kc_yaml_node(r->yaml, pair->value), key, at);
  }
}

static void read_field(reading *r, const kc_field *f, const yaml_node_t *node, void *object) {
  if (f->kind == KC_FIELD_TABLE)
    read_table(r, f->table, node, f->key, member(object, f->offset));
  else if (f->kind == KC_FIELD_LIST)
    read_list(r, f, node, object);
  else if (f->kind == KC_FIELD_MAP)
    read_map(r, f, node, object);
  else
    read_scalar(r, f, node, object);
}

static void refuse_unknown(reading *r, const kc_table *table, const yaml_node_t *key) {
  char near[96], text[512];
  kc_nearest nearest = kc_nearest_default(kc_yaml_scalar(key));
  for (int i = 0; i < table->n_field; i++)
    kc_nearest_add(&nearest, table->field[i].key);
  kc_nearest_write(&nearest, near, sizeof near);
  size_t used = (size_t)snprintf(text, sizeof text, "is not a key of '%s'%s", table->name, near);
  if (!nearest.name) // nothing near: name them all
    for (int i = 0; i < table->n_field && used < sizeof text - 64; i++)
      used += (size_t)snprintf(text + used, sizeof text - used, "%s%s",
                               i ? ", " : "; its keys are: ", table->field[i].key);
  refuse(r, key, kc_yaml_scalar(key), text);
}

static void check_required(reading *r, const kc_table *table, const yaml_node_t *node) {
  for (int i = 0; i < table->n_field; i++) {
    const kc_field *f = &table->field[i];
    if (!f->required || kc_yaml_find(r->yaml, node, f->key))
      continue;
    char text[256];
    snprintf(text, sizeof text, "is missing in '%s'%s%s; add it", table->name,
             f->meaning ? ": " : "", f->meaning ? f->meaning : "");
    refuse(r, node, f->key, text);
  }
}

static void read_table(reading *r, const kc_table *table, const yaml_node_t *node, const char *key,
                       void *object) {
  if (table->has_place)
    *(kc_place *)object = kc_yaml_place(node);
  if (table->has_short && kc_yaml_scalar(node)) {
    kc_field only = table->field[0];
    only.key = key;
    read_scalar(r, &only, node, object);
    return;
  }
  if (!check_type(r, node, YAML_MAPPING_NODE, key, "a table of keys"))
    return;
  for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
       pair < node->data.mapping.pairs.top; pair++) {
    const char *text = check_key(r, node, pair);
    if (!text)
      continue;
    int index = kc_binding_find(table, text);
    if (index < 0)
      refuse_unknown(r, table, kc_yaml_node(r->yaml, pair->key));
    else
      read_field(r, &table->field[index], kc_yaml_node(r->yaml, pair->value), object);
  }
  check_required(r, table, node);
}

kc_status kc_binding_read(const kc_table *table, kc_yaml *yaml, const yaml_node_t *node,
                          void *object, kc_error *error) {
  reading r = {.yaml = yaml, .error = error, .status = KC_OK};
  read_table(&r, table, node, "", object);
  return r.status;
}

static kc_status own_parts(const kc_table *table, void *object);

/// Gives a list its own memory; empty where there is none.
static kc_status own_list(const kc_field *f, void *object) {
  void **at = member(object, f->offset), *old = *at;
  int *n = member(object, f->count_offset), count = *n;
  *n = 0;
  *at = count ? malloc((size_t)count * f->table->size) : NULL;
  if (!*at)
    return count ? KC_ERR_MEMORY : KC_OK;
  memcpy(*at, old, (size_t)count * f->table->size);
  *n = count;
  kc_status status = KC_OK;
  for (int i = 0; i < count; i++)
    if (own_parts(f->table, (char *)*at + (size_t)i * f->table->size) != KC_OK)
      status = KC_ERR_MEMORY;
  return status;
}

/// Gives a struct that was copied byte for byte its own texts and arrays, to the last.
static kc_status own_parts(const kc_table *table, void *object) {
  kc_status status = KC_OK;
  for (int i = 0; i < table->n_field; i++) {
    const kc_field *f = &table->field[i];
    char **text = member(object, f->offset);
    kc_status one = KC_OK;
    if (f->kind == KC_FIELD_TABLE)
      one = own_parts(f->table, text);
    else if (f->kind == KC_FIELD_LIST || f->kind == KC_FIELD_MAP)
      one = own_list(f, object);
    else if (f->kind == KC_FIELD_STRING && !f->count && *text)
      one = (*text = strdup(*text)) ? KC_OK : KC_ERR_MEMORY;
    status = one == KC_OK ? status : one;
  }
  return status;
}

kc_status kc_binding_copy(const kc_table *table, const void *from, void *to) {
  memcpy(to, from, table->size);
  return own_parts(table, to);
}

void kc_binding_destroy(const kc_table *table, void *object) {
  for (int i = 0; i < table->n_field; i++) {
    const kc_field *f = &table->field[i];
    void *at = member(object, f->offset);
    if (f->kind == KC_FIELD_TABLE) {
      kc_binding_destroy(f->table, at);
    } else if (f->kind == KC_FIELD_STRING && !f->count) {
      free(*(char **)at);
      *(char **)at = NULL;
    } else if (f->kind == KC_FIELD_LIST || f->kind == KC_FIELD_MAP) {
      char **element = at;
      int *n = member(object, f->count_offset);
      for (int k = 0; k < *n; k++)
        kc_binding_destroy(f->table, *element + (size_t)k * f->table->size);
      free(*element);
      *element = NULL;
      *n = 0;
    }
  }
}
