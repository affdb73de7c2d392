/// @file
/// Values of a sweep against what the base scenario takes: each is set on a copy, where the
/// address's own range, unit and kind decide. Lists value by value, ranges by their ends, unbounded
/// distributions by the outermost values that the design draws, tables by the values at their ends
/// and those that are not whole (a long table is a million of values), the rows only where these
/// fail.
#include "base/units.h"
#include "scenario/address.h"
#include "study/design_parts.h"
#include <sleef.h>
#include <stdio.h>
#include <string.h>

/// Problems that are told of each factor.
enum { MOST_TOLD = 3 };

/// What the check of one factor carries along.
typedef struct {
  kc_sweep *sweep;
  const char *path; ///< of the file that names the factor
  const kc_factor *factor;
  kc_scenario_def *copy;
  kc_error *error;
  int n_problem;
} work;

/// Sets one value; where it is refused, says so at `where`, after `what`.
static int try_text(work *w, const char *text, const char *where, const char *what) {
  kc_error found = kc_error_default();
  kc_status status = kc_scenario_set_address(w->copy, w->factor->address, text, where, &found);
  if (status == KC_OK && strcmp(w->factor->address, "controller/mode") == 0)
    status = kc_scenario_refuse_adapted(w->copy, "a sweep", &found);
  if (status != KC_OK && ++w->n_problem <= MOST_TOLD)
    (void)kc_error_add(w->error, status, where, "%s%s", what,
                       found.n_finding ? found.finding[0].text : "is refused");
  kc_error_destroy(&found);
  return status == KC_OK;
}

static int try_value(work *w, double value, const char *where, const char *what) {
  char text[2 * KC_FACTOR_TEXT_SIZE];
  kc_sweep_write_value(w->factor, value, text, sizeof text);
  return try_text(w, text, where, what);
}

/// A word may be allowed and yet choose nothing: a muscle group that the model has not.
static void try_conditions(work *w, const char *text, const char *where) {
  kc_scenario_def *def = kc_scenario_copy_def(w->sweep->def);
  kc_error found = kc_error_default(), before = kc_error_default();
  kc_status status =
      def ? kc_scenario_set_address(def, w->factor->address, text, where, &found) : KC_ERR_MEMORY;
  // only what the word brings: the base's own problems are told when it is compiled
  kc_model_def *body = kc_model_copy_def(w->sweep->def->body);
  if (status == KC_OK && body &&
      kc_scenario_apply_conditions(w->sweep->def, body, &before) == KC_OK &&
      kc_scenario_apply_conditions(def, def->body, &found) != KC_OK && ++w->n_problem <= MOST_TOLD)
    (void)kc_error_add(w->error, KC_ERR_INPUT, where, "'%s' %s", text, found.finding[0].text);
  if (!def || !body)
    (void)kc_error_add(w->error, KC_ERR_MEMORY, where, "no memory");
  kc_model_destroy_def(body);
  kc_scenario_destroy_def(def);
  kc_error_destroy(&found);
  kc_error_destroy(&before);
}

static void try_list(work *w) {
  char where[512];
  const kc_factor *f = w->factor;
  for (int i = 0; i < f->n_value; i++) {
    kc_sweep_write_place(w->path, f->value[i].place, f->address, where, sizeof where);
    if (try_value(w, f->value[i].value, where, "") && f->is_word)
      try_conditions(w, f->value[i].text, where);
  }
}

/// Rows of a table: all of them only where the least, the greatest or the first broken is refused.
static void try_rows(work *w, int column) {
  const kc_sweep *s = w->sweep;
  const double *row = s->row + column;
  double seen[3] = {row[0], row[0], row[0]};
  for (int i = 1; i < s->n_point; i++) {
    double x = row[(size_t)i * (size_t)s->n_factor];
    seen[0] = x < seen[0] ? x : seen[0];
    seen[1] = x > seen[1] ? x : seen[1];
    seen[2] = seen[2] == floor(seen[2]) ? x : seen[2];
  }
  kc_error quiet = kc_error_default();
  work ends = *w;
  ends.error = &quiet;
  for (int i = 0; i < 3; i++)
    (void)try_value(&ends, seen[i], "", "");
  kc_error_destroy(&quiet);
  for (int i = 0; ends.n_problem > w->n_problem && i < s->n_point; i++) {
    char where[512];
    kc_sweep_write_place(s->design.file, (kc_place){.line = s->row_line[i], .column = column + 1},
                         w->factor->address, where, sizeof where);
    ends.n_problem += !try_value(w, row[(size_t)i * (size_t)s->n_factor], where, "");
  }
}

/// The ends of a range; where there are none, the outermost values drawn, at shares of their own.
static void try_ends(work *w, double least, double greatest) {
  const kc_factor *f = w->factor;
  int drawn = kc_factor_is_unbounded(f);
  char where[512], value[2 * KC_FACTOR_TEXT_SIZE], what[256];
  kc_sweep_write_place(w->path, f->place, f->address, where, sizeof where);
  for (int i = 0; i < 2; i++) {
    double x = kc_factor_eval(f, i ? (drawn ? greatest : 1) : (drawn ? least : 0));
    if (!drawn)
      x = i ? f->to : f->from;
    kc_sweep_write_value(f, x, value, sizeof value);
    (void)snprintf(what, sizeof what, drawn ? "draws %s: it " : "ends at %s: it ", value);
    if (!try_value(w, x, where, what) && drawn && w->n_problem == 1)
      (void)kc_error_add(w->error, KC_ERR_INPUT, where,
                         "has no ends; a truncated_normal distribution has");
  }
}

static void tell_rest(const work *w) {
  char where[512];
  kc_sweep_write_place(w->path, w->factor->place, w->factor->address, where, sizeof where);
  if (w->n_problem > MOST_TOLD)
    (void)kc_error_add(w->error, KC_ERR_INPUT, where, "and %d more values are refused",
                       w->n_problem - MOST_TOLD);
}

/// A number in another unit; NAN where that is of another kind.
static double convert(double value, const char *from, const char *to) {
  kc_unit_dimension has, wants;
  double has_factor, wants_factor;
  if (strcmp(from, to) == 0)
    return value;
  if (kc_units_parse_unit(from, &has, &has_factor) != KC_OK ||
      kc_units_parse_unit(to, &wants, &wants_factor) != KC_OK)
    return NAN;
  value *= has_factor;
  if (wants.radian != has.radian) // a slope, written as an angle
    value = Sleef_cinz_atand1_u10purec(value);
  return value / wants_factor;
}

/// What the base has, in the unit of the factor.
static void find_base(const kc_sweep *s, kc_factor *f) {
  char text[256];
  double value;
  if (kc_scenario_get_address(s->def, f->address, text, sizeof text) != KC_OK)
    return;
  (void)snprintf(f->base_text, sizeof f->base_text, "%.79s", text);
  const char *unit = kc_units_parse_number(text, &value);
  if (f->is_word) {
    f->base = -1;
    for (int i = 0; i < f->n_value; i++)
      if (strcmp(f->value[i].text, text) == 0)
        f->base = i;
  } else if (unit) {
    unit += strspn(unit, " ");
    f->base = convert(value, *unit ? unit : "1", f->unit);
  }
}

/// An address that is none is told once, with the nearest.
static int is_known(work *w) {
  char text[256], where[512];
  if (kc_scenario_get_address(w->sweep->def, w->factor->address, text, sizeof text) == KC_OK)
    return 1;
  kc_sweep_write_place(w->path, w->factor->place, w->factor->address, where, sizeof where);
  return kc_scenario_set_address(w->copy, w->factor->address, "", where, w->error) == KC_OK;
}

static kc_status check_factor(kc_sweep *s, kc_scenario_def *copy, int index, kc_error *error) {
  kc_factor *f = &s->factor[index];
  work w = {
      .sweep = s, .path = kc_sweep_find_factor_file(s), .factor = f, .copy = copy, .error = error};
  double least = 0, greatest = 1;
  if (!is_known(&w))
    return KC_ERR_INPUT;
  find_base(s, f);
  if (s->row) {
    try_rows(&w, index);
  } else if (f->n_value) {
    try_list(&w);
  } else {
    kc_points_find_ends(s->points, index, &least, &greatest);
    try_ends(&w, least, greatest);
  }
  tell_rest(&w);
  return w.n_problem ? KC_ERR_INPUT : KC_OK;
}

/// A number of the virtual runners, over all that are drawn.
static kc_status check_spread(kc_sweep *s, kc_scenario_def *copy, int index, kc_error *error) {
  kc_factor *f = &s->runners.spread[index];
  work w = {.sweep = s, .path = s->path, .factor = f, .copy = copy, .error = error};
  if (!is_known(&w))
    return KC_ERR_INPUT;
  find_base(s, f);
  if (f->n_value) {
    try_list(&w);
  } else {
    double least = 1, greatest = 0;
    for (int i = 0; i < s->runners.number; i++) {
      double share = kc_sweep_eval_runner_share(s, i, index);
      least = share < least ? share : least;
      greatest = share > greatest ? share : greatest;
    }
    try_ends(&w, least, greatest);
  }
  tell_rest(&w);
  return w.n_problem ? KC_ERR_INPUT : KC_OK;
}

kc_status kc_sweep_check_values(kc_sweep *s, kc_error *error) {
  kc_scenario_def *copy = kc_scenario_copy_def(s->def);
  if (!copy)
    return kc_error_add(error, KC_ERR_MEMORY, s->path, "no memory");
  kc_status status = KC_OK;
  for (int i = 0; i < s->n_factor; i++)
    if (check_factor(s, copy, i, error) != KC_OK)
      status = KC_ERR_INPUT;
  for (int i = 0; i < s->runners.n_spread; i++)
    if (check_spread(s, copy, i, error) != KC_OK)
      status = KC_ERR_INPUT;
  kc_scenario_destroy_def(copy);
  return status;
}
