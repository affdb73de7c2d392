/// @file
/// Factors: what their texts say, and values from shares (see factor.h).
#include "study/factor.h"
#include "base/hash.h"
#include "base/units.h"
#include "math/normal.h"
#include <sleef.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define T kc_factor
#include "model/field_macros.h"

static const char *const distribution_word[] = {"uniform", "normal", "lognormal",
                                                "truncated_normal", NULL};
enum { FROM, TO, MEAN, SD, MEDIAN, N_TEXT };
static const char *const text_key[N_TEXT] = {"from", "to", "mean", "sd", "median"};

static const kc_field value_field[] = {{.key = "value",
                                        .kind = KC_FIELD_STRING,
                                        .offset = offsetof(kc_factor_value, text),
                                        .count = KC_FACTOR_TEXT_SIZE,
                                        .required = 1,
                                        .meaning = "with its unit, or a word"}};
static const kc_table value_table = {.name = "list",
                                     .size = sizeof(kc_factor_value),
                                     .n_field = 1,
                                     .field = value_field,
                                     .has_short = 1,
                                     .has_place = 1};

static const kc_field factor_field[] = {
    LIST("list", KC_FIELD_LIST, value, n_value, KC_FACTOR_MAX_VALUE, &value_table,
         "values one by one, with units, or words"),
    TEXT("from", text[FROM], KC_FACTOR_TEXT_SIZE, "lower end, with its unit"),
    TEXT("to", text[TO], KC_FACTOR_TEXT_SIZE, "upper end"),
    {.key = "points",
     .kind = KC_FIELD_INTEGER,
     AT(n_point),
     .lower = 0,
     .upper = KC_FACTOR_MAX_VALUE,
     .meaning = "evenly spaced values from `from` to `to`, both included; without: any between"},
    {.key = "distribution",
     .kind = KC_FIELD_ENUM,
     AT(distribution),
     .word = distribution_word,
     .meaning = "how values are weighed"},
    TEXT("mean", text[MEAN], KC_FACTOR_TEXT_SIZE, "of a normal distribution"),
    TEXT("sd", text[SD], KC_FACTOR_TEXT_SIZE, "standard deviation of a normal distribution"),
    TEXT("median", text[MEDIAN], KC_FACTOR_TEXT_SIZE, "of a lognormal distribution"),
    NUMBER("spread", spread, "1", NAN, 1, 100,
           "of a lognormal distribution: two thirds lie between median / spread and median x "
           "spread"),
};
const kc_table kc_factor_table = {.name = "factor",
                                  .size = sizeof(kc_factor),
                                  .n_field = (int)(sizeof factor_field / sizeof factor_field[0]),
                                  .field = factor_field,
                                  .has_place = 1,
                                  .has_name = 1,
                                  .name_offset = offsetof(kc_factor, address),
                                  .name_size = KC_ADDRESS_SIZE};

/// Number and unit ("1" for none) of a value; 0 where it is no number with a unit that is known.
static int split(const char *text, double *value, const char **unit) {
  kc_unit_dimension dimension;
  double factor;
  const char *rest = kc_units_parse_number(text, value);
  if (!rest || !(fabs(*value) <= 1e100))
    return 0;
  rest += strspn(rest, " ");
  *unit = *rest ? rest : "1";
  return kc_units_parse_unit(*unit, &dimension, &factor) == KC_OK;
}

/// What the completion of one factor carries along.
typedef struct {
  kc_factor *factor;
  const char *name;
  kc_error *error;
  kc_status status;
} work;

__attribute__((format(printf, 2, 3))) static void refuse(work *w, const char *format, ...) {
  char text[400];
  va_list list;
  va_start(list, format);
  (void)vsnprintf(text, sizeof text, format, list);
  va_end(list);
  w->status = kc_yaml_add(w->error, w->name, w->factor->place, w->factor->address, "%s", text);
}

/// Takes a unit, or refuses one that differs from the first.
static void take_unit(work *w, const char *text, const char *unit) {
  kc_factor *f = w->factor;
  if (!f->unit[0])
    (void)snprintf(f->unit, sizeof f->unit, "%s", unit);
  else if (strcmp(f->unit, unit) != 0)
    refuse(w, "has '%s' beside values in '%s'; write all in the same unit", text, f->unit);
}

static void take_number(work *w, int which, double *value) {
  const char *text = w->factor->text[which], *unit = "";
  *value = NAN;
  if (!*text)
    return;
  if (split(text, value, &unit))
    take_unit(w, text, unit);
  else
    refuse(w, "'%s: %s' is no number with a unit that is known; write one such as '%s: 1.5 mm'",
           text_key[which], text, text_key[which]);
}

/// Numbers, if all are; else words, each its own.
static void complete_list(work *w) {
  kc_factor *f = w->factor;
  const char *unit;
  for (int i = 0; i < f->n_value && !f->is_word; i++)
    f->is_word = !split(f->value[i].text, &f->value[i].value, &unit);
  for (int i = 0; i < f->n_value; i++) {
    for (int k = 0; k < i && f->is_word; k++)
      if (strcmp(f->value[k].text, f->value[i].text) == 0)
        refuse(w, "lists '%s' twice; leave one of them out", f->value[i].text);
    if (f->is_word)
      f->value[i].value = i;
    else if (split(f->value[i].text, &f->value[i].value, &unit))
      take_unit(w, f->value[i].text, unit);
  }
}

/// The keys that belong to a distribution.
static void check_keys(work *w) {
  static const int needed[][N_TEXT] = {{[FROM] = 1, [TO] = 1},
                                       {[MEAN] = 1, [SD] = 1},
                                       {[MEDIAN] = 1},
                                       {[FROM] = 1, [TO] = 1, [MEAN] = 1, [SD] = 1}};
  const kc_factor *f = w->factor;
  const char *word = distribution_word[f->distribution];
  for (int i = 0; i < N_TEXT; i++) {
    int wanted = needed[f->distribution][i];
    if (wanted && !f->text[i][0])
      refuse(w, "has no '%s', which a %s distribution needs", text_key[i], word);
    if (!wanted && f->text[i][0])
      refuse(w, "has '%s', which says nothing of a %s distribution%s", text_key[i], word,
             f->distribution == KC_DISTRIBUTION_NORMAL && i < MEAN
                 ? "; write 'distribution: truncated_normal' for one with ends"
                 : "; leave it out, or say another 'distribution'");
  }
  int lognormal = f->distribution == KC_DISTRIBUTION_LOGNORMAL;
  if (lognormal && isnan(f->spread))
    refuse(w, "has no 'spread', which a lognormal distribution needs");
  if (!lognormal && !isnan(f->spread))
    refuse(w, "has 'spread', which says nothing of a %s distribution; leave it out", word);
  if (f->n_point && f->distribution != KC_DISTRIBUTION_UNIFORM)
    refuse(w, "has 'points', which are evenly spaced; leave out 'distribution', or 'points'");
}

static void check_numbers(work *w) {
  const kc_factor *f = w->factor;
  if (f->from >= f->to)
    refuse(w, "goes from %s to %s; 'from' must be less than 'to'", f->text[FROM], f->text[TO]);
  if (f->sd <= 0)
    refuse(w, "has a standard deviation of %s; it must be above 0", f->text[SD]);
  if (f->median <= 0)
    refuse(w, "has a median of %s; that of a lognormal distribution lies above 0", f->text[MEDIAN]);
  if (f->n_point == 1)
    refuse(w, "has 1 point; write 2 or more, or 'list: [%s]'", f->text[FROM]);
  if (f->distribution == KC_DISTRIBUTION_TRUNCATED_NORMAL &&
      (f->from > f->mean + 8 * f->sd || f->to < f->mean - 8 * f->sd))
    refuse(w, "lies more than 8 standard deviations from its mean; bring them together");
}

/// Evenly spaced values in place of a range; both ends exact.
static kc_status space_values(work *w) {
  kc_factor *f = w->factor;
  f->value = calloc((size_t)f->n_point, sizeof *f->value);
  if (!f->value)
    return kc_error_add(w->error, KC_ERR_MEMORY, f->address, "no memory for %d values", f->n_point);
  f->n_value = f->n_point;
  for (int i = 0; i < f->n_value; i++) {
    double share = (double)i / (f->n_value - 1);
    f->value[i].value = i == f->n_value - 1 ? f->to : f->from + share * (f->to - f->from);
    f->value[i].place = f->place;
  }
  return KC_OK;
}

void kc_factor_write_column(const char *address, char *column, size_t size) {
  (void)snprintf(column, size, "%s", address);
  for (char *c = column; *c; c++)
    if (*c == '/')
      *c = '.';
}

kc_status kc_factor_complete(kc_factor *factor, const char *name, kc_error *error) {
  work w = {.factor = factor, .name = name, .error = error};
  double *number[N_TEXT] = {&factor->from, &factor->to, &factor->mean, &factor->sd,
                            &factor->median};
  int n_given = factor->n_point > 0 || !isnan(factor->spread) || factor->distribution;
  for (int i = 0; i < N_TEXT; i++)
    n_given += factor->text[i][0] != 0;
  factor->base = NAN;
  kc_factor_write_column(factor->address, factor->column, sizeof factor->column);
  if (!factor->n_value && !n_given)
    refuse(&w, "has no values; write 'list: [...]' with one at least, 'from' and 'to', or a "
               "'distribution'");
  else if (factor->n_value && n_given)
    refuse(&w, "has a 'list' and other keys; write one or the other");
  else if (factor->n_value)
    complete_list(&w);
  for (int i = 0; i < N_TEXT; i++)
    take_number(&w, i, number[i]);
  if (w.status != KC_OK || factor->n_value)
    return w.status;
  check_keys(&w);
  check_numbers(&w);
  return w.status == KC_OK && factor->n_point ? space_values(&w) : w.status;
}

int kc_factor_is_unbounded(const kc_factor *factor) {
  return !factor->n_value && (factor->distribution == KC_DISTRIBUTION_NORMAL ||
                              factor->distribution == KC_DISTRIBUTION_LOGNORMAL);
}

double kc_factor_eval(const kc_factor *f, double u) {
  if (f->n_value) {
    int i = (int)(u * f->n_value);
    return f->value[i < f->n_value ? i : f->n_value - 1].value;
  }
  switch (f->distribution) {
  case KC_DISTRIBUTION_NORMAL:
    return f->mean + f->sd * kc_normal_eval_quantile(u);
  case KC_DISTRIBUTION_LOGNORMAL:
    return f->median * Sleef_cinz_expd1_u10purec(Sleef_cinz_logd1_u10purec(f->spread) *
                                                 kc_normal_eval_quantile(u));
  case KC_DISTRIBUTION_TRUNCATED_NORMAL: {
    double x = f->mean + f->sd * kc_normal_eval_truncated(u, (f->from - f->mean) / f->sd,
                                                          (f->to - f->mean) / f->sd);
    return x < f->from ? f->from : x > f->to ? f->to : x; // mean + sd x may round past an end
  }
  default:
    return u == 1 ? f->to : f->from + u * (f->to - f->from);
  }
}

unsigned long long kc_factor_hash(const kc_factor *f, unsigned long long hash) {
  hash = kc_hash_add_text(kc_hash_add_text(hash, f->address), f->unit);
  hash = kc_hash_add(hash, &f->distribution, sizeof f->distribution);
  hash = kc_hash_add(hash, &f->n_value, sizeof f->n_value);
  for (int i = 0; i < f->n_value; i++) {
    hash = kc_hash_add(hash, &f->value[i].value, sizeof f->value[i].value);
    hash = kc_hash_add_text(hash, f->is_word ? f->value[i].text : "");
  }
  const double number[] = {f->from, f->to, f->mean, f->sd, f->median, f->spread};
  return kc_hash_add(hash, number, sizeof number);
}
