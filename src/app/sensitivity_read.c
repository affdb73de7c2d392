/// @file
/// A sweep's file as sensitivity needs it: its design, made again from its text, and what each run
/// was. Figures rest on which run is which point of the design, so the file's own columns of
/// factors are held against the design, run by run.
#include "app/sensitivity.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 120 };

// what is shown unless others are asked for
static const char *const usual[] = {
    "step_rate",          "contact_time",       "peak_force_bw",
    "com_oscillation",    "positive_work_rate", "cost_net_bhargava",
    "sling_force_max",    "hip_contact_peak",   "tibiofemoral_contact_peak",
    "ankle_contact_peak", "l5_s1_contact_peak", "shank_shock",
};

static kc_status check_kind(const kc_app_sensitivity *s, kc_error *error) {
  int kind = s->sweep->design.kind;
  if (kind == KC_DESIGN_saltelli || kind == KC_DESIGN_morris)
    return KC_OK;
  static const char *const word[] = {
#define X(name) #name,
      KC_DESIGN_LIST(X)
#undef X
  };
  return kc_error_add(
      error, KC_ERR_INPUT, s->path,
      "is a sweep of design '%s', whose runs do not part the factors' shares; make "
      "one with 'design: {kind: saltelli, points: 64}' (Sobol' indices) or 'design: "
      "{kind: morris, trajectories: 20}' (elementary effects, fewer runs)",
      word[kind]);
}

static kc_status check_runs(const kc_app_sensitivity *s, kc_error *error) {
  const int *run = s->root->dimension[0].value;
  int n = s->root->dimension[0].size, good = n == s->sweep->n_run;
  for (int i = 0; good && i < n; i++)
    good = run[i] == i;
  if (good)
    return KC_OK;
  return kc_error_add(error, KC_ERR_INPUT, s->path,
                      "its %d runs are not the %d of its design, in order; the file was changed: "
                      "make the sweep again",
                      n, s->sweep->n_run);
}

static kc_status read_design(kc_app_sensitivity *s, kc_error *error) {
  const char *text = kc_io_sweep_text(s->file, "sweep_text");
  const char *shard = kc_io_sweep_text(s->file, "shard");
  if (!text)
    return kc_error_add(error, KC_ERR_INPUT, s->path,
                        "does not hold the text of its sweep; the file is damaged");
  if (shard)
    return kc_error_add(error, KC_ERR_INPUT, s->path,
                        "is part %s of a sweep; put all parts together first: kinchain merge "
                        "PART.h5... -o all.h5",
                        shard);
  KC_TRY(kc_sweep_read_design(text, strlen(text), s->path, &s->sweep, error));
  KC_TRY(check_kind(s, error));
  return check_runs(s, error);
}

static int find_address(const kc_app_sensitivity *s, const char *address) {
  for (int i = 0; i < s->root->n_variable; i++) {
    const char *one = kc_io_sweep_address(s->file, 0, i);
    if (one && strcmp(one, address) == 0)
      return i;
  }
  return -1;
}

static int find_column(const kc_app_sensitivity *s, const char *name) {
  for (int i = 0; i < s->root->n_variable; i++)
    if (strcmp(s->root->variable[i].label.name, name) == 0)
      return i;
  return -1;
}

static int is_same(const kc_factor *factor, double value, const void *column, int run) {
  char text[2 * KC_FACTOR_TEXT_SIZE];
  if (!factor->is_word)
    return ((const double *)column)[run] == value;
  kc_sweep_write_value(factor, value, text, sizeof text);
  const char *has = ((const char *const *)column)[run];
  return has && strcmp(has, text) == 0;
}

/// One factor's column against what the design gives; `column` is room for it, `value` for the
/// factors of one run.
static kc_status check_factor(kc_app_sensitivity *s, int k, double *column, double *value,
                              kc_error *error) {
  const kc_factor *f = &s->sweep->factor[k];
  int at = find_address(s, f->address), n = s->sweep->n_run;
  const kc_variable *v = at < 0 ? NULL : &s->root->variable[at];
  if (!v || v->n_dimension != 1 || v->dimension[0] != 0 ||
      v->store != (f->is_word ? KC_STORE_TEXT : KC_STORE_F64) ||
      !kc_io_sweep_fetch(s->file, 0, at, 0, n, column))
    return kc_error_add(error, KC_ERR_INPUT, s->path,
                        "has no column of its factor %s; the file is damaged", f->address);
  for (int i = 0; i < n; i++) {
    if (i % s->sweep->n_replicate == 0)
      kc_sweep_eval(s->sweep, i, value, NULL, NULL);
    if (!is_same(f, value[k], column, i))
      return kc_error_add(
          error, KC_ERR_INPUT, s->path,
          "column '%s' of run %d is not what the design gives; the file was changed, "
          "or made by another version: make the sweep again",
          v->label.name, i);
  }
  return KC_OK;
}

static kc_status check_factors(kc_app_sensitivity *s, kc_error *error) {
  double *column = malloc((size_t)s->sweep->n_run * sizeof *column);
  double *value = malloc((size_t)s->sweep->n_factor * sizeof *value);
  kc_status status =
      column && value ? KC_OK : kc_error_add(error, KC_ERR_MEMORY, s->path, "no memory");
  for (int k = 0; status == KC_OK && k < s->sweep->n_factor; k++)
    status = check_factor(s, k, column, value, error);
  free(value);
  free(column);
  return status;
}

/// What a run that was not completed gave is of another length of running, and does not count.
static kc_status read_outcomes(kc_app_sensitivity *s, kc_error *error) {
  int n = s->sweep->n_run, at = find_column(s, "outcome");
  const char **outcome = malloc((size_t)n * sizeof *outcome);
  s->is_whole = calloc((size_t)n, 1);
  kc_status status = KC_OK;
  if (!outcome || !s->is_whole)
    status = kc_error_add(error, KC_ERR_MEMORY, s->path, "no memory");
  else if (at < 0 || s->root->variable[at].store != KC_STORE_TEXT ||
           s->root->variable[at].n_dimension != 1 ||
           !kc_io_sweep_fetch(s->file, 0, at, 0, n, (void *)outcome))
    status = kc_error_add(error, KC_ERR_INPUT, s->path,
                          "does not say how its runs ended; the file is damaged");
  for (int i = 0; status == KC_OK && i < n; i++) {
    const char *word = outcome[i] ? outcome[i] : "";
    s->is_whole[i] = strcmp(word, "completed") == 0;
    s->n_fell += strcmp(word, "fell") == 0;
    s->n_diverged += strcmp(word, "diverged") == 0;
    s->n_failed += !s->is_whole[i] && strcmp(word, "fell") != 0 && strcmp(word, "diverged") != 0;
  }
  free(outcome);
  return status;
}

kc_status kc_app_open_sensitivity(kc_app_sensitivity *s, const char *path, kc_error *error) {
  int n;
  *s = (kc_app_sensitivity){.path = path, .bootstrap = kc_sensitivity_default_bootstrap()};
  KC_TRY(kc_io_open_sweep(path, &s->file, error));
  s->root = kc_io_sweep_groups(s->file, &n)[0];
  KC_TRY(read_design(s, error));
  KC_TRY(check_factors(s, error));
  return read_outcomes(s, error);
}

static int is_metric(const kc_app_sensitivity *s, int variable) {
  const kc_variable *v = &s->root->variable[variable];
  return v->store == KC_STORE_F64 && v->n_dimension == 1 && v->dimension[0] == 0 &&
         !kc_io_sweep_address(s->file, 0, variable) && strcmp(v->label.name, "outcome_time") != 0;
}

/// Marks the columns that a name or pattern fits: 2 for a name, 1 for a pattern.
static int mark(const kc_app_sensitivity *s, const char *word, char *chosen) {
  int n = 0, exact = !strchr(word, '*');
  for (int i = 0; i < s->root->n_variable; i++) {
    if (!is_metric(s, i) || !kc_text_match(word, s->root->variable[i].label.name))
      continue;
    chosen[i] = (char)(exact || chosen[i] == 2 ? 2 : 1);
    n++;
  }
  return n;
}

static kc_status refuse_word(const kc_app_sensitivity *s, const char *word, kc_error *error) {
  char near[NAME_SIZE];
  kc_nearest nearest = kc_nearest_default(word);
  for (int i = 0; i < s->root->n_variable; i++)
    if (is_metric(s, i))
      kc_nearest_add(&nearest, s->root->variable[i].label.name);
  kc_nearest_write(&nearest, near, sizeof near);
  return kc_error_add(error, KC_ERR_INPUT, "--metric",
                      "%s has no metric '%s'%s ('kinchain list --metrics' has them all)", s->path,
                      word, near);
}

static kc_status mark_words(const kc_app_sensitivity *s, const char *words, char *chosen,
                            kc_error *error) {
  kc_status status = KC_OK;
  while (*words) {
    char word[NAME_SIZE];
    size_t n = strcspn(words, ",");
    snprintf(word, sizeof word, "%.*s", (int)(n < NAME_SIZE ? n : NAME_SIZE), words);
    words += n + (words[n] == ',');
    if (word[0] && !mark(s, word, chosen))
      status = refuse_word(s, word, error);
  }
  return status;
}

static kc_status mark_columns(const kc_app_sensitivity *s, const char *words, char *chosen,
                              kc_error *error) {
  int n = 0;
  if (words && strcmp(words, "all") != 0)
    KC_TRY(mark_words(s, words, chosen, error));
  else if (words)
    (void)mark(s, "*", chosen);
  for (size_t i = 0; !words && i < sizeof usual / sizeof *usual; i++)
    if (mark(s, usual[i], chosen))
      chosen[find_column(s, usual[i])] = 1;
  for (int i = 0; i < s->root->n_variable; i++)
    n += chosen[i] != 0;
  return n ? KC_OK
           : kc_error_add(error, KC_ERR_INPUT, "--metric",
                          "none of %s is chosen; name metrics ('kinchain list --metrics'), or "
                          "'all'",
                          s->path);
}

kc_status kc_app_choose_sensitivity(kc_app_sensitivity *s, const char *words, kc_error *error) {
  char chosen[KC_GROUP_MAX_VARIABLE] = {0};
  KC_TRY(mark_columns(s, words, chosen, error));
  s->metric = calloc((size_t)s->root->n_variable, sizeof *s->metric);
  if (!s->metric)
    return kc_error_add(error, KC_ERR_MEMORY, s->path, "no memory");
  for (int i = 0; i < s->root->n_variable; i++) {
    const kc_label *label = &s->root->variable[i].label;
    if (chosen[i])
      s->metric[s->n_metric++] =
          (kc_app_sensitivity_metric){.variable = i,
                                      .name = label->name,
                                      .unit = label->unit ? label->unit : "1",
                                      .is_asked = chosen[i] == 2};
  }
  return KC_OK;
}

void kc_app_close_sensitivity(kc_app_sensitivity *s) {
  for (int i = 0; i < s->n_metric; i++) {
    free(s->metric[i].sobol);
    free(s->metric[i].morris);
    free(s->metric[i].order);
    free(s->metric[i].reason);
  }
  free(s->metric);
  free(s->is_whole);
  kc_sweep_destroy(s->sweep);
  kc_io_close_sweep(s->file);
}
