/// @file
/// Designs from a table: factors are its columns, "ADDRESS [UNIT]" (no unit: a plain number),
/// points its rows. Empty and non-finite fields are refused by the reader of tables, with their
/// place.
#include "io/csv.h"
#include "study/design_parts.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// The factor of one column: address and unit of its name.
static kc_status read_column(const char *path, const char *name, kc_factor *f, kc_error *error) {
  size_t n = strcspn(name, "["), end = strlen(name);
  const char *unit = name[n] ? name + n + 1 : "1]";
  while (n > 0 && name[n - 1] == ' ')
    n--;
  kc_binding_default(&kc_factor_table, f);
  f->base = NAN;
  if (n == 0 || n >= sizeof f->address || strlen(unit) > sizeof f->unit ||
      strchr(unit, ']') != (name[end - 1] == ']' ? name + end - 1 : unit + 1))
    return kc_error_add(error, KC_ERR_INPUT, path,
                        "the column '%.120s' is not named 'ADDRESS [UNIT]', such as "
                        "'course/grade [%%]' or 'band/plantar_fascia_r/loss [s]'",
                        name);
  memcpy(f->address, name, n);
  memcpy(f->unit, unit, strlen(unit) - 1);
  kc_factor_write_column(f->address, f->column, sizeof f->column);
  return KC_OK;
}

static kc_status read_columns(kc_sweep *s, const char *path, const kc_csv *csv, kc_error *error) {
  if (csv->n_column > KC_SWEEP_MAX_FACTOR)
    return kc_error_add(error, KC_ERR_INPUT, path, "has %d columns; at most %d factors are varied",
                        csv->n_column, KC_SWEEP_MAX_FACTOR);
  s->factor = calloc((size_t)csv->n_column, sizeof *s->factor);
  if (!s->factor)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory for %d factors", csv->n_column);
  s->n_factor = csv->n_column;
  kc_status status = KC_OK;
  for (int i = 0; i < csv->n_column; i++) {
    if (read_column(path, csv->name[i], &s->factor[i], error) != KC_OK)
      status = KC_ERR_INPUT;
    for (int k = 0; k < i && status == KC_OK; k++)
      if (strcmp(s->factor[k].address, s->factor[i].address) == 0)
        status = kc_error_add(error, KC_ERR_INPUT, path, "has two columns of '%s'; remove one",
                              s->factor[i].address);
  }
  return status;
}

kc_status kc_sweep_read_list(kc_sweep *s, kc_error *error) {
  char *path = kc_scenario_find_file(s->path, "scenarios/sweeps", s->design.file);
  if (!path || strlen(path) >= sizeof s->design.file) {
    free(path);
    return kc_yaml_add(error, s->path, s->design.place, "design/file",
                       "'%s' is neither beside the sweep file nor in scenarios/sweeps/",
                       s->design.file);
  }
  (void)snprintf(s->design.file, sizeof s->design.file, "%s", path);
  free(path);
  kc_csv csv;
  KC_TRY(kc_io_read_csv(s->design.file, &csv, error));
  kc_status status = read_columns(s, s->design.file, &csv, error);
  if (status == KC_OK) { // rows and their lines change hands
    s->n_point = csv.n_row;
    s->row = csv.value, csv.value = NULL;
    s->row_line = csv.line, csv.line = NULL;
  }
  kc_io_destroy_csv(&csv);
  return status;
}
