/// @file
/// Reading objectives by the binding (see objectives.h).
#include "study/objectives.h"
#include "base/file.h"
#include "base/text.h"
#include "base/units.h"
#include "model/binding.h"
#include "scenario/definition.h"
#include <stdlib.h>
#include <string.h>

#define AT(type, member) .offset = offsetof(type, member)

typedef struct {
  kc_place place;
  char name[KC_BINDING_NAME_SIZE];
  double weight, cap; // NaN = not given
} file_term;

typedef struct {
  kc_place place;
  char name[KC_BINDING_NAME_SIZE];
} file_name;

typedef struct {
  kc_place place;
  char name[KC_BINDING_NAME_SIZE], from[80], to[80];
} file_bounds;

typedef struct {
  kc_place place;
  int n_include, n_exclude, n_bounds;
  file_name *include, *exclude;
  file_bounds *bounds;
} file_space;

typedef struct {
  int base, n_term;
  file_term *term;
  double mean, worst;
  file_space space;
  char *reference;
} file_objectives;

/// One file being read.
typedef struct {
  const char *name;
  kc_error *error;
  kc_status status; // of what was found so far
  kc_objectives *objectives;
} reader;

enum { BASE_DEFAULT, BASE_NONE };
static const char *const base_word[] = {"default", "none", NULL};

static const kc_field term_field[] = {
    {.key = "weight",
     .kind = KC_FIELD_QUANTITY,
     AT(file_term, weight),
     .value = NAN,
     .lower = 0,
     .upper = 1e12,
     .meaning = "cost per unit of the term; 0 leaves it out"},
    {.key = "cap",
     .kind = KC_FIELD_QUANTITY,
     AT(file_term, cap),
     .value = NAN,
     .lower = 1e-12,
     .upper = 1e12,
     .meaning = "largest value that counts, in the unit of the term"},
};
static const kc_table term_table = {.name = "terms",
                                    .size = sizeof(file_term),
                                    .n_field = 2,
                                    .field = term_field,
                                    .has_short = 1,
                                    .has_place = 1,
                                    .has_name = 1,
                                    .name_offset = offsetof(file_term, name)};

static const kc_field name_field[] = {
    {.key = "name",
     .kind = KC_FIELD_STRING,
     AT(file_name, name),
     .count = KC_BINDING_NAME_SIZE,
     .required = 1,
     .meaning = "of a parameter; * stands for any letters"},
};
static const kc_table name_table = {.name = "names",
                                    .size = sizeof(file_name),
                                    .n_field = 1,
                                    .field = name_field,
                                    .has_short = 1,
                                    .has_place = 1};

static const kc_field bounds_field[] = {
    {.key = "from",
     .kind = KC_FIELD_STRING,
     AT(file_bounds, from),
     .count = sizeof((file_bounds *)0)->from,
     .required = 1,
     .meaning = "least value"},
    {.key = "to",
     .kind = KC_FIELD_STRING,
     AT(file_bounds, to),
     .count = sizeof((file_bounds *)0)->to,
     .required = 1,
     .meaning = "largest value"},
};
static const kc_table bounds_table = KC_TABLE_NAMED("bounds", file_bounds, bounds_field);

static const kc_field space_field[] = {
    {.key = "include",
     .kind = KC_FIELD_LIST,
     AT(file_space, include),
     .count_offset = offsetof(file_space, n_include),
     .count = KC_SPACE_N,
     .table = &name_table,
     .meaning = "parameters that move; all that have a tuning scale where not given"},
    {.key = "exclude",
     .kind = KC_FIELD_LIST,
     AT(file_space, exclude),
     .count_offset = offsetof(file_space, n_exclude),
     .count = KC_SPACE_N,
     .table = &name_table,
     .meaning = "of these, those that stay"},
    {.key = "bounds",
     .kind = KC_FIELD_MAP,
     AT(file_space, bounds),
     .count_offset = offsetof(file_space, n_bounds),
     .count = KC_SPACE_N,
     .table = &bounds_table,
     .meaning = "bounds by parameter, within those of the program"},
};
static const kc_table space_table = KC_TABLE("parameters", file_space, space_field);

static const kc_field objectives_field[] = {
    {.key = "base",
     .kind = KC_FIELD_ENUM,
     AT(file_objectives, base),
     .word = base_word,
     .meaning = "weights of terms that are not named: those of the program, or none"},
    {.key = "terms",
     .kind = KC_FIELD_MAP,
     AT(file_objectives, term),
     .count_offset = offsetof(file_objectives, n_term),
     .count = KC_N_COST,
     .table = &term_table,
     .meaning = "weight and cap by term"},
    {.key = "mean",
     .kind = KC_FIELD_QUANTITY,
     AT(file_objectives, mean),
     .value = 0.7,
     .lower = 0,
     .upper = 1e6,
     .meaning = "what the mean cost of the scenarios counts"},
    {.key = "worst",
     .kind = KC_FIELD_QUANTITY,
     AT(file_objectives, worst),
     .value = 0.3,
     .lower = 0,
     .upper = 1e6,
     .meaning = "what the cost of the worst scenario counts"},
    {.key = "parameters",
     .kind = KC_FIELD_TABLE,
     AT(file_objectives, space),
     .table = &space_table,
     .meaning = "what moves"},
    {.key = "reference",
     .kind = KC_FIELD_STRING,
     AT(file_objectives, reference),
     .meaning = "table of measured runners that terms reference_* are distances to: a file, or the "
                "name of a shipped one (kinchain score --help)"},
};
static const kc_table objectives_table =
    KC_TABLE_BARE("objectives", file_objectives, objectives_field);

kc_objectives kc_objectives_default(void) {
  return (kc_objectives){.cost = kc_cost_default_weights(),
                         .mean = objectives_field[2].value,
                         .worst = objectives_field[3].value,
                         .space = kc_space_default()};
}

void kc_objectives_destroy(kc_objectives *objectives) {
  free(objectives->reference_name);
  kc_lab_destroy_reference(objectives->reference);
  objectives->reference_name = NULL;
  objectives->cost.reference = objectives->reference = NULL;
}

static int find_term(const char *name) {
  for (int i = 0; i < KC_N_COST; i++)
    if (strcmp(kc_cost_term_info(i)->name, name) == 0)
      return i;
  return -1;
}

static void refuse_term(reader *r, const file_term *term) {
  char near[120];
  kc_nearest nearest = kc_nearest_default(term->name);
  for (int i = 0; i < KC_N_COST; i++)
    kc_nearest_add(&nearest, kc_cost_term_info(i)->name);
  kc_nearest_write(&nearest, near, sizeof near);
  r->status = kc_yaml_add(r->error, r->name, term->place, term->name,
                          "is no term%s; 'kinchain list --terms' prints them", near);
}

static void read_terms(reader *r, const file_objectives *file) {
  kc_cost_weights *cost = &r->objectives->cost;
  for (int i = 0; i < KC_N_COST && file->base == BASE_NONE; i++)
    cost->weight[i] = 0;
  for (int k = 0; k < file->n_term; k++) {
    const file_term *term = &file->term[k];
    int i = find_term(term->name);
    if (i < 0) {
      refuse_term(r, term);
      continue;
    }
    if (!isnan(term->weight))
      cost->weight[i] = term->weight;
    if (!isnan(term->cap))
      cost->cap[i] = term->cap;
    if (isnan(term->weight) && cost->weight[i] <= 0)
      r->status = kc_yaml_add(r->error, r->name, term->place, term->name,
                              "has a cap but no weight, so it counts nothing; give both");
  }
  double sum = 0;
  for (int i = 0; i < KC_N_COST; i++)
    sum += cost->weight[i];
  kc_place top = {.line = 1, .column = 1};
  if (!(sum > 0))
    r->status = kc_yaml_add(r->error, r->name, top, "terms",
                            "give no term a weight; write for example missing_time: 100");
  if (!(file->mean + file->worst > 0))
    r->status = kc_yaml_add(r->error, r->name, top, "mean, worst", "are both 0; give one a share");
}

/// Whether a table has a quantity of a group.
static int has_group(const kc_reference *reference, int group) {
  for (int q = 0; q < KC_N_QUANTITY; q++)
    if (reference->curve[q].n > 0 && (int)kc_lab_quantity_info(q)->group == group)
      return 1;
  return 0;
}

/// Terms that weigh what the table has not got.
static void check_groups(reader *r) {
  const kc_objectives *o = r->objectives;
  for (int i = 0; i < KC_N_COST; i++) {
    int group = kc_cost_reference_group(i);
    if (o->cost.weight[i] > 0 && group >= 0 && !has_group(o->reference, group))
      r->status = kc_yaml_add(r->error, r->name, (kc_place){.line = 1, .column = 1},
                              kc_cost_term_info(i)->name,
                              "has a weight, but the table %s has nothing of '%s'; leave the term "
                              "out, or name another table",
                              o->reference_name, kc_lab_group_title(group));
  }
}

/// The table that terms are distances to, where they are weighed.
static void read_reference(reader *r, const char *name) {
  kc_objectives *o = r->objectives;
  int wanted = kc_cost_needs_reference(&o->cost), given = name && *name;
  kc_place top = {.line = 1, .column = 1};
  if (wanted && !given)
    r->status = kc_yaml_add(r->error, r->name, top, "reference",
                            "is missing: terms weigh the distance to it; name a table of measured "
                            "runners, for example reference: hamner2013_3.0.csv");
  if (given && !wanted)
    r->status = kc_yaml_add(r->error, r->name, top, "reference",
                            "is named but no term weighs the distance to it; give one a weight, "
                            "for example reference_sagittal: 40, or leave it out");
  if (!wanted || !given)
    return;
  char *path = kc_scenario_find_file(r->name, "tests/validation/running", name);
  if (!path) {
    r->status = kc_yaml_add(r->error, r->name, top, "reference",
                            "'%.200s' is neither beside the file nor the name of a shipped table "
                            "('kinchain score --help' has them)",
                            name);
    return;
  }
  kc_status status = kc_lab_read_reference(path, &o->reference, r->error);
  free(path);
  o->reference_name = strdup(name);
  if (status == KC_OK && !o->reference_name)
    status = kc_error_add(r->error, KC_ERR_MEMORY, r->name, "no memory");
  o->cost.reference = o->reference;
  if (status == KC_OK)
    check_groups(r);
  else
    r->status = status;
}

static void refuse_name(reader *r, kc_place place, const char *name) {
  char near[120];
  kc_nearest nearest = kc_nearest_default(name);
  for (int i = 0; i < KC_SPACE_N; i++)
    kc_nearest_add(&nearest, kc_control_param(i)->name);
  kc_nearest_write(&nearest, near, sizeof near);
  r->status = kc_yaml_add(r->error, r->name, place, name,
                          "fits no parameter%s; 'kinchain list --params' prints them", near);
}

/// Marks the rows whose names fit one of the patterns.
static void mark_names(reader *r, const file_name *pattern, int n, int *mark) {
  for (int k = 0; k < n; k++) {
    int n_fitting = 0;
    for (int i = 0; i < KC_SPACE_N; i++) {
      int fits = kc_text_match(pattern[k].name, kc_control_param(i)->name);
      mark[i] |= fits;
      n_fitting += fits;
    }
    if (n_fitting == 0)
      refuse_name(r, pattern[k].place, pattern[k].name);
  }
}

static int read_bound(reader *r, const file_bounds *b, const char *key, const char *text,
                      const char *unit, double *value) {
  char problem[256];
  if (kc_units_parse_quantity(text, unit, value, problem, sizeof problem) == KC_OK)
    return 1;
  r->status = kc_yaml_add(r->error, r->name, b->place, b->name, "%s: %s", key, problem);
  return 0;
}

static void read_bounds(reader *r, const file_bounds *b, const int *excluded) {
  int row = kc_space_find(b->name);
  if (row < 0) {
    refuse_name(r, b->place, b->name);
    return;
  }
  const kc_control_param_info *info = kc_control_param(row);
  const char *unit = strcmp(info->unit, "1") == 0 ? "" : info->unit;
  double lower = 0, upper = 0;
  if (!read_bound(r, b, "from", b->from, info->unit, &lower) ||
      !read_bound(r, b, "to", b->to, info->unit, &upper))
    return;
  if (excluded[row])
    r->status = kc_yaml_add(r->error, r->name, b->place, b->name,
                            "is excluded and has bounds; leave one of them out");
  else if (!(lower < upper))
    r->status = kc_yaml_add(r->error, r->name, b->place, b->name,
                            "goes from %s to %s; the first must be the lesser", b->from, b->to);
  else if (lower < info->lower || upper > info->upper)
    r->status = kc_yaml_add(r->error, r->name, b->place, b->name,
                            "goes from %s to %s; stay within %.10g and %.10g %s", b->from, b->to,
                            info->lower, info->upper, unit);
  else
    kc_space_free(&r->objectives->space, row, lower, upper);
}

static void read_space(reader *r, const file_space *file) {
  kc_space *space = &r->objectives->space;
  int included[KC_SPACE_N] = {0}, excluded[KC_SPACE_N] = {0};
  mark_names(r, file->include, file->n_include, included);
  mark_names(r, file->exclude, file->n_exclude, excluded);
  for (int i = 0; i < KC_SPACE_N; i++) {
    if (file->n_include > 0 && included[i])
      kc_space_free(space, i, space->lower[i], space->upper[i]);
    else if (file->n_include > 0)
      space->step[i] = 0;
  }
  for (int k = 0; k < file->n_bounds; k++)
    read_bounds(r, &file->bounds[k], excluded);
  for (int i = 0; i < KC_SPACE_N; i++)
    if (excluded[i])
      space->step[i] = 0;
  if (r->status == KC_OK && kc_space_count(space) == 0)
    r->status = kc_yaml_add(r->error, r->name, file->place, "parameters",
                            "leave nothing that moves; exclude less");
}

kc_status kc_objectives_read_text(const char *text, size_t size, const char *name,
                                  kc_objectives *objectives, kc_error *error) {
  *objectives = kc_objectives_default();
  kc_yaml *yaml;
  KC_TRY(kc_yaml_read_text(text, size, name, &yaml, error));
  file_objectives file;
  kc_binding_default(&objectives_table, &file);
  kc_status status = kc_binding_read(&objectives_table, yaml, kc_yaml_root(yaml), &file, error);
  kc_yaml_destroy(yaml);
  if (status == KC_OK) {
    reader r = {.name = name, .error = error, .objectives = objectives};
    objectives->mean = file.mean;
    objectives->worst = file.worst;
    read_terms(&r, &file);
    read_reference(&r, file.reference);
    read_space(&r, &file.space);
    status = r.status;
  }
  if (status != KC_OK)
    kc_objectives_destroy(objectives);
  kc_binding_destroy(&objectives_table, &file);
  return status;
}

kc_status kc_objectives_read(const char *path, kc_objectives *objectives, kc_error *error) {
  char *text;
  size_t size;
  *objectives = kc_objectives_default();
  KC_TRY(kc_file_read_text(path, KC_FILE_TEXT_LIMIT, &text, &size, error));
  kc_status status = kc_objectives_read_text(text, size, path, objectives, error);
  free(text);
  return status;
}
