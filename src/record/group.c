/// @file
/// Groups of named arrays: bookkeeping only, no mechanics.
///
/// A dimension of size 0 (a model without bands) is remembered as absent, and arrays along it are
/// left out, because readers of the file format treat an empty scale as an unlimited one.
#include "record/group.h"
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef union kc_kept {
  union kc_kept *next;
  max_align_t align;
} kc_kept;

kc_group *kc_record_group_create(const char *name) {
  kc_group *group = calloc(1, sizeof *group);
  if (group)
    (void)snprintf(group->name, sizeof group->name, "%s", name);
  return group;
}

void kc_record_group_destroy(kc_group *group) {
  if (!group)
    return;
  for (kc_kept *block = group->owned; block;) {
    kc_kept *next = block->next;
    free(block);
    block = next;
  }
  free(group);
}

void *kc_record_group_keep(kc_group *group, size_t count, size_t size) {
  if (size == 0 || count > (SIZE_MAX - sizeof(kc_kept)) / size) {
    group->failed = 1;
    return NULL;
  }
  kc_kept *block = calloc(1, sizeof(kc_kept) + count * size);
  if (!block) {
    group->failed = 1;
    return NULL;
  }
  block->next = group->owned;
  group->owned = block;
  return block + 1;
}

const char *kc_record_group_text(kc_group *group, const char *format, ...) {
  char text[256];
  va_list list;
  va_start(list, format);
  (void)vsnprintf(text, sizeof text, format, list);
  va_end(list);
  size_t size = strlen(text) + 1;
  char *kept = kc_record_group_keep(group, size, 1);
  return kept ? memcpy(kept, text, size) : "";
}

int kc_record_group_add_dimension(kc_group *group, const kc_dimension *dimension) {
  if (group->n_dimension == KC_GROUP_MAX_DIMENSION || dimension->size < 0) {
    group->failed = 2;
    return -1;
  }
  group->dimension[group->n_dimension] = *dimension;
  return group->n_dimension++;
}

int kc_record_group_find_dimension(const kc_group *group, const char *name) {
  for (int i = 0; i < group->n_dimension; i++)
    if (!strcmp(group->dimension[i].label.name, name))
      return i;
  return -1;
}

// the dimensions named in a text; 0 if one is unknown or there are too many
static int read_dimensions(const kc_group *group, const char *text, kc_variable *variable) {
  for (const char *p = text; *p;) {
    char name[40];
    size_t n = strcspn(p, " ");
    if (n >= sizeof name || variable->n_dimension == KC_VARIABLE_MAX_DIMENSION)
      return 0;
    memcpy(name, p, n);
    name[n] = 0;
    int index = kc_record_group_find_dimension(group, name);
    if (index < 0)
      return 0;
    variable->dimension[variable->n_dimension++] = index;
    p += n + strspn(p + n, " ");
  }
  return 1;
}

void kc_record_group_add_variable(kc_group *group, const kc_label *label, kc_store store,
                                  const char *dimensions, const void *value) {
  kc_variable variable = {.label = *label, .store = store, .value = value};
  if (group->n_variable == KC_GROUP_MAX_VARIABLE ||
      !read_dimensions(group, dimensions, &variable)) {
    group->failed = 2;
    return;
  }
  for (int i = 0; i < variable.n_dimension; i++)
    if (group->dimension[variable.dimension[i]].size == 0)
      return;
  group->variable[group->n_variable++] = variable;
}

void kc_record_group_add_number(kc_group *group, const kc_label *label, double value) {
  double *kept = kc_record_group_keep(group, 1, sizeof *kept);
  if (!kept)
    return;
  *kept = value;
  kc_record_group_add_variable(group, label, KC_STORE_F64, "", kept);
}

kc_status kc_record_group_check(const kc_group *group, kc_error *error) {
  if (group && !group->failed)
    return KC_OK;
  const char *name = group && group->name[0] ? group->name : "result";
  if (group && group->failed == 2)
    return kc_error_add(error, KC_ERR_MEMORY, name,
                        "more than %d arrays, or one along an unknown dimension",
                        KC_GROUP_MAX_VARIABLE);
  return kc_error_add(
      error, KC_ERR_MEMORY, name,
      "no memory for the results; record at a longer interval or run fewer at once");
}
