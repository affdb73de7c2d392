/// @file
/// The scalars of a binding: text to value with unit and range, and back.
#include "base/units.h"
#include "model/binding.h"
#include <errno.h>
#include <sleef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *kc_binding_unit(const kc_field *field) {
  if (field->kind == KC_FIELD_SLOPE)
    return "%";
  return field->unit ? field->unit : "1";
}

/// Checks an SI value against the bounds, which stand in the field's unit.
static kc_status check_range(const kc_field *f, double value, char *problem, size_t size) {
  const char *unit = kc_binding_unit(f);
  double factor = kc_units_find_factor(unit), lower = f->lower * factor, upper = f->upper * factor;
  if ((f->lower == 0 && f->upper == 0) || (value >= lower && value <= upper))
    return KC_OK;
  char found[64], low[64], high[64];
  kc_units_write(value, unit, found, sizeof found);
  kc_units_write(lower, unit, low, sizeof low);
  kc_units_write(upper, unit, high, sizeof high);
  snprintf(problem, size, "is %s; allowed is %s to %s", found, low, high);
  return KC_ERR_INPUT;
}

static kc_status set_quantities(const kc_field *f, const char *text, double *at, char *problem,
                                size_t size) {
  enum { MOST = 16 };
  double value[MOST];
  int n = f->kind == KC_FIELD_VECTOR ? f->count : 1;
  if (n > MOST)
    n = MOST;
  KC_TRY(kc_units_parse_quantities(text, kc_binding_unit(f), n, value, problem, size));
  for (int i = 0; i < n; i++)
    KC_TRY(check_range(f, value[i], problem, size));
  for (int i = 0; i < n; i++)
    at[i] = value[i];
  return KC_OK;
}

/// A tangent, or an angle whose tangent is taken.
static kc_status set_slope(const kc_field *f, const char *text, double *at, char *problem,
                           size_t size) {
  double value;
  if (kc_units_parse_quantity(text, "rad", &value, problem, size) == KC_OK) {
    if (fabs(value) > 1.2) {
      snprintf(problem, size, "'%.40s' is steeper than 68 deg", text);
      return KC_ERR_INPUT;
    }
    value = Sleef_cinz_tand1_u10purec(value);
  } else if (kc_units_parse_quantity(text, "1", &value, problem, size) != KC_OK) {
    snprintf(problem, size, "'%.40s' is not a slope; write '8 %%' or '4.6 deg'", text);
    return KC_ERR_INPUT;
  }
  KC_TRY(check_range(f, value, problem, size));
  *at = value;
  return KC_OK;
}

static kc_status set_integer(const kc_field *f, const char *text, int *at, char *problem,
                             size_t size) {
  char *end;
  errno = 0;
  long value = strtol(text, &end, 10);
  if (end == text || *end || errno || value != (int)value) {
    snprintf(problem, size, "'%.40s' is not a whole number", text);
    return KC_ERR_INPUT;
  }
  KC_TRY(check_range(f, (double)value, problem, size));
  *at = (int)value;
  return KC_OK;
}

static kc_status set_seed(const char *text, unsigned long long *at, char *problem, size_t size) {
  char *end;
  errno = 0;
  unsigned long long value = strtoull(text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end || errno) {
    snprintf(problem, size, "'%.40s' is not a whole number from 0 to 2^64 - 1", text);
    return KC_ERR_INPUT;
  }
  *at = value;
  return KC_OK;
}

static kc_status set_word(const kc_field *f, const char *text, int *at, char *problem,
                          size_t size) {
  static const char *const truth[] = {"false", "true", NULL};
  const char *const *word = f->kind == KC_FIELD_BOOL ? truth : f->word;
  for (int i = 0; word[i]; i++) {
    if (strcmp(word[i], text) != 0)
      continue;
    *at = i;
    return KC_OK;
  }
  size_t used = (size_t)snprintf(problem, size, "'%.40s' is not allowed; write ", text);
  for (int i = 0; word[i] && used < size; i++)
    used += (size_t)snprintf(problem + used, size - used, "%s%s", i ? " or " : "", word[i]);
  return KC_ERR_INPUT;
}

static kc_status set_string(const kc_field *f, const char *text, void *at, char *problem,
                            size_t size) {
  if (!*text) {
    snprintf(problem, size, "has no value; write a text");
    return KC_ERR_INPUT;
  }
  if (f->count && strlen(text) >= (size_t)f->count) {
    snprintf(problem, size, "'%.40s...' is too long; at most %d bytes", text, f->count - 1);
    return KC_ERR_INPUT;
  }
  if (f->count) {
    snprintf(at, (size_t)f->count, "%s", text);
    return KC_OK;
  }
  char *copy = strdup(text);
  if (!copy) {
    snprintf(problem, size, "no memory");
    return KC_ERR_MEMORY;
  }
  free(*(char **)at);
  *(char **)at = copy;
  return KC_OK;
}

kc_status kc_binding_set(const kc_field *field, const char *text, void *object, char *problem,
                         size_t size) {
  void *at = (char *)object + field->offset;
  switch (field->kind) {
  case KC_FIELD_QUANTITY:
  case KC_FIELD_VECTOR:
    return set_quantities(field, text, at, problem, size);
  case KC_FIELD_SLOPE:
    return set_slope(field, text, at, problem, size);
  case KC_FIELD_INTEGER:
    return set_integer(field, text, at, problem, size);
  case KC_FIELD_SEED:
    return set_seed(text, at, problem, size);
  case KC_FIELD_BOOL:
  case KC_FIELD_ENUM:
    return set_word(field, text, at, problem, size);
  case KC_FIELD_STRING:
    return set_string(field, text, at, problem, size);
  default:
    snprintf(problem, size, "is a group of values; name one of them");
    return KC_ERR_INPUT;
  }
}

static void write_quantities(const kc_field *f, const double *value, char *text, size_t size) {
  const char *unit = kc_binding_unit(f);
  double factor = kc_units_find_factor(unit);
  int n = f->kind == KC_FIELD_VECTOR ? f->count : 1, plain = strcmp(unit, "1") == 0;
  size_t used = 0;
  text[0] = 0;
  for (int i = 0; i < n; i++) {
    if (isnan(value[i]))
      return;
    used += (size_t)snprintf(text + used, size - used, "%s%.10g", i ? " " : "", value[i] / factor);
    if (used >= size)
      return;
  }
  if (!plain)
    snprintf(text + used, size - used, " %s", unit);
}

void kc_binding_write(const kc_field *field, const void *object, char *text, size_t size) {
  const void *at = (const char *)object + field->offset;
  text[0] = 0;
  switch (field->kind) {
  case KC_FIELD_QUANTITY:
  case KC_FIELD_SLOPE:
  case KC_FIELD_VECTOR:
    write_quantities(field, at, text, size);
    break;
  case KC_FIELD_INTEGER:
    snprintf(text, size, "%d", *(const int *)at);
    break;
  case KC_FIELD_SEED:
    snprintf(text, size, "%llu", *(const unsigned long long *)at);
    break;
  case KC_FIELD_BOOL:
    snprintf(text, size, "%s", *(const int *)at ? "true" : "false");
    break;
  case KC_FIELD_ENUM:
    snprintf(text, size, "%s", field->word[*(const int *)at]);
    break;
  case KC_FIELD_STRING: {
    const char *own = field->count ? (const char *)at : *(char *const *)at;
    snprintf(text, size, "%s", own ? own : "");
    break;
  }
  default:
    break;
  }
}

void kc_binding_write_initial(const kc_field *field, char *text, size_t size) {
  union {
    double number[16];
    char text[256];
    void *pointer;
  } scratch;
  kc_field alone = *field;
  text[0] = 0;
  if (field->table)
    return;
  alone.offset = 0;
  kc_table table = {.size = sizeof scratch, .n_field = 1, .field = &alone};
  kc_binding_default(&table, &scratch);
  kc_binding_write(&alone, &scratch, text, size);
  kc_binding_destroy(&table, &scratch);
}

void kc_binding_write_range(const kc_field *field, char *text, size_t size) {
  text[0] = 0;
  if (field->kind == KC_FIELD_BOOL) {
    snprintf(text, size, "false or true");
  } else if (field->kind == KC_FIELD_ENUM) {
    size_t used = 0;
    for (int i = 0; field->word[i] && used < size; i++)
      used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " or " : "", field->word[i]);
  } else if (field->lower != 0 || field->upper != 0) {
    const char *unit = kc_binding_unit(field);
    int plain = strcmp(unit, "1") == 0;
    snprintf(text, size, "%.10g to %.10g%s%s", field->lower, field->upper, plain ? "" : " ",
             plain ? "" : unit);
  }
}
