/// @file
/// Reading a sweep file: its keys, what goes together, the base scenario, the points (see
/// design.h). Goes on past a problem as far as that makes sense, so that all are told at once.
#include "study/design.h"
#include "base/file.h"
#include "base/hash.h"
#include "scenario/address.h"
#include "study/design_parts.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS = 4 };

void kc_sweep_write_place(const char *path, kc_place place, const char *key, char *text,
                          size_t size) {
  if (place.line)
    (void)snprintf(text, size, "%.300s:%d:%d: %.160s", path, place.line, place.column, key);
  else
    (void)snprintf(text, size, "%.300s: %.160s", path, key);
}

const char *kc_sweep_find_factor_file(const kc_sweep *sweep) {
  return sweep->row ? sweep->design.file : sweep->path;
}

/// Refuses a key of the design; always KC_ERR_INPUT.
static kc_status refuse(const kc_sweep *s, const char *key, kc_error *error, const char *text) {
  return kc_yaml_add(error, s->path, s->design.place, key, "%s", text);
}

/// A key that a kind needs, or that says nothing of it.
static kc_status check_key(const kc_sweep *s, const char *key, int given, int wanted,
                           kc_error *error) {
  char text[160];
  const char *kind = kc_sweep_kind_word[s->design.kind];
  if (given == wanted)
    return KC_OK;
  (void)snprintf(text, sizeof text,
                 wanted ? "is missing; '%s' needs it" : "says nothing of '%s'; leave it out", kind);
  return refuse(s, key, error, text);
}

static kc_status check_keys(const kc_sweep *s, kc_error *error) {
  int kind = s->design.kind, morris = kind == KC_DESIGN_morris, list = kind == KC_DESIGN_list;
  int drawn = kind >= KC_DESIGN_random && !morris;
  kc_status status = KC_OK;
  if (!s->design.place.line)
    return refuse(s, "design", error, "is missing; write 'design: {kind: grid}' or another kind");
  const struct {
    const char *key;
    int given, wanted;
  } key[] = {
      {"points", s->design.n_point > 0, drawn},
      {"trajectories", s->design.n_trajectory > 0, morris},
      {"levels", s->design.n_level > 0, morris && s->design.n_level > 0},
      {"sample", s->design.sample > 0, kind == KC_DESIGN_saltelli && s->design.sample > 0},
      {"file", s->design.file[0] != 0, list},
      {"factors", s->n_factor > 0, !list},
  };
  for (size_t i = 0; i < sizeof key / sizeof key[0]; i++)
    if (check_key(s, key[i].key, key[i].given, key[i].wanted, error) != KC_OK)
      status = KC_ERR_INPUT;
  if (s->runners.place.line && s->runners.n_spread == 0)
    status = kc_yaml_add(error, s->path, s->runners.place, "runners/spreads",
                         "names nothing that differs; write {runner/mass: {distribution: ...}}");
  if (s->design.n_level % 2)
    status = refuse(s, "levels", error, "must be an even number, such as 4 or 6");
  return status;
}

/// What a design asks of each factor.
static kc_status check_factor(const kc_sweep *s, const kc_factor *f, kc_error *error) {
  int kind = s->design.kind;
  const char *text = NULL;
  if ((kind == KC_DESIGN_grid || kind == KC_DESIGN_one_at_a_time) && !f->n_value)
    text = "has any value between its ends; this design wants single ones: write 'list', or "
           "'points' beside 'from' and 'to'";
  if (kind == KC_DESIGN_morris && (f->n_value || kc_factor_is_unbounded(f)))
    text = "has a list or no ends; morris steps along a range: write 'from' and 'to' without "
           "'points', or a truncated_normal distribution";
  return text ? kc_yaml_add(error, s->path, f->place, f->address, "%s", text) : KC_OK;
}

/// A number may be set in one way only.
static kc_status check_double(const kc_sweep *s, const kc_factor *f, const char *path,
                              const char *what, kc_error *error) {
  kc_status status = KC_OK;
  for (int i = 0; i < s->n_setting; i++)
    if (strcmp(s->setting[i].address, f->address) == 0)
      status = kc_yaml_add(error, path, f->place, f->address,
                           "is %s and is set to '%s' for all runs; leave one of them out", what,
                           s->setting[i].value);
  return status;
}

static kc_status check_factors(kc_sweep *s, kc_error *error) {
  kc_status status = KC_OK;
  for (int i = 0; i < s->n_factor; i++) {
    kc_factor *f = &s->factor[i];
    if ((s->design.kind != KC_DESIGN_list && kc_factor_complete(f, s->path, error) != KC_OK) ||
        check_factor(s, f, error) != KC_OK ||
        check_double(s, f, kc_sweep_find_factor_file(s), "a factor", error) != KC_OK)
      status = KC_ERR_INPUT;
  }
  for (int i = 0; i < s->runners.n_spread; i++) {
    kc_factor *f = &s->runners.spread[i];
    if (kc_factor_complete(f, s->path, error) != KC_OK ||
        check_double(s, f, s->path, "a number of the virtual runners", error) != KC_OK)
      status = KC_ERR_INPUT;
    for (int k = 0; k < s->n_factor; k++)
      if (strcmp(f->address, s->factor[k].address) == 0)
        status = kc_yaml_add(error, s->path, f->place, f->address,
                             "is a factor and a number of the virtual runners; leave one out");
  }
  return status;
}

/// Those of the file, then those that were given; a later one of the same address counts.
static kc_status copy_settings(kc_sweep *s, const kc_setting *setting, int n, kc_error *error) {
  s->setting = calloc((size_t)(s->n_fixed + n) + 1, sizeof *s->setting);
  for (int i = 0; s->setting && i < s->n_fixed + n; i++) {
    int own = i < s->n_fixed;
    kc_setting *to = &s->setting[s->n_setting++];
    to->address = strdup(own ? s->fixed[i].address : setting[i - s->n_fixed].address);
    to->value = strdup(own ? s->fixed[i].value : setting[i - s->n_fixed].value);
    if (!to->address || !to->value)
      return kc_error_add(error, KC_ERR_MEMORY, s->path, "no memory");
  }
  return s->setting ? KC_OK : kc_error_add(error, KC_ERR_MEMORY, s->path, "no memory");
}

static int is_file(const char *address) {
  return strcmp(address, "model") == 0 || strcmp(address, "controller/parameters") == 0;
}

/// Files can be chosen only while the base is read, all other numbers with their place afterwards.
static kc_status read_base(kc_sweep *s, kc_error *error) {
  char *path = kc_scenario_find_file(s->path, "scenarios", s->base), where[512];
  if (!path || strlen(path) >= sizeof s->base) {
    free(path);
    return kc_yaml_add(error, s->path, s->place, "base",
                       "'%s' is neither beside the sweep file nor in scenarios/", s->base);
  }
  (void)snprintf(s->base, sizeof s->base, "%s", path);
  free(path);
  kc_setting file[2 * KC_SWEEP_MAX_SETTING];
  int n = 0;
  for (int i = 0; i < s->n_setting; i++)
    if (is_file(s->setting[i].address) && n < 2 * KC_SWEEP_MAX_SETTING)
      file[n++] = s->setting[i];
  KC_TRY(kc_scenario_read_def(s->base, file, n, &s->def, error));
  kc_status status = KC_OK;
  for (int i = 0; i < s->n_setting; i++) {
    const kc_setting *one = &s->setting[i];
    if (is_file(one->address))
      continue;
    if (i < s->n_fixed)
      kc_sweep_write_place(s->path, s->fixed[i].place, one->address, where, sizeof where);
    else
      (void)snprintf(where, sizeof where, "--set %.180s", one->address);
    if (kc_scenario_set_address(s->def, one->address, one->value, where, error) != KC_OK)
      status = KC_ERR_INPUT;
    else if (kc_scenario_note_settings(s->def, one, 1, error) != KC_OK)
      return KC_ERR_MEMORY;
  }
  return status;
}

static kc_status count_runs(kc_sweep *s, const kc_points_choice *choice, kc_error *error) {
  double n = (double)kc_points_count(choice);
  if (s->design.kind == KC_DESIGN_grid || s->design.kind == KC_DESIGN_one_at_a_time) {
    n = 1;
    for (int i = 0; i < s->n_factor; i++)
      n = s->design.kind == KC_DESIGN_grid ? n * s->factor[i].n_value : n + s->factor[i].n_value;
  } else if (s->design.kind == KC_DESIGN_list) {
    n = s->n_point;
  }
  s->n_replicate = s->runners.number ? s->runners.number : 1;
  if (n * s->n_replicate > KC_SWEEP_MAX_RUN)
    return kc_yaml_add(error, s->path, s->design.place, "design",
                       "makes %.0f points times %d runners = %.4g runs; at most %d are made: take "
                       "fewer values, points or runners",
                       n, s->n_replicate, n * s->n_replicate, KC_SWEEP_MAX_RUN);
  s->n_point = (int)n;
  s->n_run = s->n_point * s->n_replicate;
  return KC_OK;
}

static kc_status make_points(kc_sweep *s, kc_error *error) {
  int kind = s->design.kind;
  kc_points_choice choice = {
      .kind = (kc_design_kind)kind,
      .n_factor = s->n_factor,
      .n = kind == KC_DESIGN_morris ? s->design.n_trajectory : s->design.n_point,
      .n_level = s->design.n_level ? s->design.n_level : LEVELS,
      .sample = kc_sweep_sample_kind[s->design.sample],
      .seed = s->design.seed,
  };
  KC_TRY(count_runs(s, &choice, error));
  if (kind < KC_DESIGN_random)
    return KC_OK;
  char where[512];
  kc_sweep_write_place(s->path, s->design.place, "design", where, sizeof where);
  return kc_points_create(&choice, where, &s->points, error);
}

static void add_hashes(kc_sweep *s) {
  unsigned long long hash = kc_hash_add_text(KC_HASH_START, s->def->text);
  hash = kc_hash_add_text(hash, s->def->model_text);
  s->base_hash = kc_hash_add(hash, &s->def->params, sizeof s->def->params);
  const int number[] = {s->design.kind,    s->design.n_point, s->design.n_trajectory,
                        s->design.n_level, s->design.sample,  s->n_factor,
                        s->runners.number, s->n_point};
  hash = kc_hash_add(KC_HASH_START, number, sizeof number);
  hash = kc_hash_add(hash, &s->design.seed, sizeof s->design.seed);
  hash = kc_hash_add(hash, &s->runners.seed, sizeof s->runners.seed);
  for (int i = 0; i < s->n_factor; i++)
    hash = kc_factor_hash(&s->factor[i], hash);
  for (int i = 0; i < s->runners.n_spread; i++)
    hash = kc_factor_hash(&s->runners.spread[i], hash);
  if (s->row)
    hash = kc_hash_add(hash, s->row, (size_t)s->n_point * (size_t)s->n_factor * sizeof *s->row);
  s->design_hash = hash;
  s->hash = kc_hash_add(hash, &s->base_hash, sizeof s->base_hash);
}

/// What the text says by itself.
static kc_status read_keys(kc_sweep *s, size_t size, kc_error *error) {
  kc_yaml *yaml;
  KC_TRY(kc_yaml_read_text(s->text, size, s->path, &yaml, error));
  kc_status status = kc_binding_read(&kc_sweep_table, yaml, kc_yaml_root(yaml), s, error);
  kc_yaml_destroy(yaml);
  return status;
}

/// Everything after the text is there.
static kc_status complete(kc_sweep *s, size_t size, const kc_setting *setting, int n_setting,
                          kc_error *error) {
  KC_TRY(read_keys(s, size, error));
  KC_TRY(copy_settings(s, setting, n_setting, error));
  kc_status keys = check_keys(s, error);
  if (keys == KC_OK && s->design.kind == KC_DESIGN_list)
    keys = kc_sweep_read_list(s, error);
  kc_status factors = check_factors(s, error);
  kc_status base = read_base(s, error);
  KC_TRY(keys);
  KC_TRY(factors);
  KC_TRY(base);
  KC_TRY(kc_scenario_refuse_adapted(s->def, "a sweep", error));
  KC_TRY(make_points(s, error));
  KC_TRY(kc_sweep_check_values(s, error));
  add_hashes(s);
  kc_scenario *unchanged;
  KC_TRY(kc_model_compile_def(s->def->body, &s->body, error));
  KC_TRY(
      kc_scenario_compile_from(s->def, &(kc_model_pair){s->def->body, s->body}, &unchanged, error));
  kc_scenario_destroy(unchanged);
  return KC_OK;
}

/// A sweep that has its text and nothing else; NULL if there is no memory.
static kc_sweep *create(const char *text, size_t size, const char *path, kc_error *error) {
  kc_sweep *made = malloc(sizeof *made);
  if (made) {
    kc_binding_default(&kc_sweep_table, made);
    made->path = strdup(path);
    made->text = malloc(size + 1);
  }
  if (!made || !made->path || !made->text) {
    (void)kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
    kc_sweep_destroy(made);
    return NULL;
  }
  memcpy(made->text, text, size);
  made->text[size] = 0;
  return made;
}

/// A sweep that was read, or none.
static kc_status finish(kc_sweep *made, kc_status status, kc_sweep **sweep) {
  if (status == KC_OK)
    *sweep = made;
  else
    kc_sweep_destroy(made);
  return status;
}

kc_status kc_sweep_read_text(const char *text, size_t size, const char *path,
                             const kc_setting *setting, int n_setting, kc_sweep **sweep,
                             kc_error *error) {
  *sweep = NULL;
  kc_sweep *made = create(text, size, path, error);
  if (!made)
    return KC_ERR_MEMORY;
  return finish(made, complete(made, size, setting, n_setting, error), sweep);
}

kc_status kc_sweep_read_design(const char *text, size_t size, const char *path, kc_sweep **sweep,
                               kc_error *error) {
  *sweep = NULL;
  kc_sweep *made = create(text, size, path, error);
  if (!made)
    return KC_ERR_MEMORY;
  kc_status status = read_keys(made, size, error);
  if (status == KC_OK)
    status = check_keys(made, error);
  if (status == KC_OK)
    status = check_factors(made, error);
  if (status == KC_OK)
    status = make_points(made, error);
  return finish(made, status, sweep);
}

kc_status kc_sweep_read(const char *path, const kc_setting *setting, int n_setting,
                        kc_sweep **sweep, kc_error *error) {
  *sweep = NULL;
  char *found = kc_file_exists(path) ? NULL : kc_scenario_find_file("", "scenarios/sweeps", path);
  const char *place = found ? found : path;
  char *text;
  size_t size;
  kc_status status = kc_file_read_text(place, KC_FILE_TEXT_LIMIT, &text, &size, error);
  if (status == KC_OK) {
    status = kc_sweep_read_text(text, size, place, setting, n_setting, sweep, error);
    free(text);
  }
  free(found);
  return status;
}

void kc_sweep_destroy(kc_sweep *sweep) {
  if (!sweep)
    return;
  for (int i = 0; i < sweep->n_setting; i++) {
    free((char *)(uintptr_t)sweep->setting[i].address);
    free((char *)(uintptr_t)sweep->setting[i].value);
  }
  free(sweep->setting);
  kc_binding_destroy(&kc_sweep_table, sweep);
  kc_scenario_destroy_def(sweep->def);
  kc_model_destroy(sweep->body);
  kc_points_destroy(sweep->points);
  free(sweep->row);
  free(sweep->row_line);
  free(sweep->path);
  free(sweep->text);
  free(sweep);
}
