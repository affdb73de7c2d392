/// @file
/// The file of a sweep: texts that say everything, and a table of its rows.
#include "app/sweep_table.h"
#include "app/version.h"
#include <stdlib.h>
#include <string.h>

// steps of one side, or of the side that has more
static int count_strides(const kc_sweep_row *row) {
  int n[KC_N_SIDE] = {0};
  for (int i = 0; i < row->n_step; i++)
    n[row->step[(size_t)i * (size_t)(1 + kc_gait_n_step_value())] > 0]++;
  return n[0] > n[1] ? n[0] : n[1];
}

/// Once through the journal: metrics and outcomes stay in memory, the sizes of the rest are found.
static kc_status read_rows(kc_app_sweep_table *t) {
  for (int i = 0; i < t->s->n; i++) {
    kc_sweep_row row;
    if (!kc_app_sweep_read_row(t, i, &row))
      return kc_error_add(t->error, KC_ERR_FILE, t->s->path,
                          "the journal's record of run %d cannot be read", kc_app_sweep_run(t, i));
    t->time[i] = row.time;
    t->kind[i] = row.kind;
    memcpy(t->metric + (size_t)i * (size_t)t->n_metric, row.metric,
           (size_t)t->n_metric * sizeof *row.metric);
    if (row.reason[0] && !(t->reason[i] = strdup(row.reason)))
      return kc_error_add(t->error, KC_ERR_MEMORY, t->s->path, "no memory for its reasons");
    int n_stride = count_strides(&row);
    t->n_stride = n_stride > t->n_stride ? n_stride : t->n_stride;
    t->n_sample = row.n_sample > t->n_sample ? row.n_sample : t->n_sample;
    if (row.n_sample > 0)
      t->interval = row.interval;
    for (int k = 0; k < KC_N_SERIES; k++)
      t->width[k] = row.width[k] > t->width[k] ? row.width[k] : t->width[k];
  }
  return KC_OK;
}

static kc_status write_file(kc_app_sweep_table *t) {
  const kc_app_sweep *s = t->s;
  char design[24], base[24], runs[24], factors[24], shard[40];
  snprintf(design, sizeof design, "%016llx", s->sweep->design_hash);
  snprintf(base, sizeof base, "%016llx", s->sweep->base_hash);
  snprintf(runs, sizeof runs, "%d", s->sweep->n_run);
  snprintf(factors, sizeof factors, "%d", s->sweep->n_factor);
  snprintf(shard, sizeof shard, "%d/%d", s->shard + 1, s->n_shard);
  const kc_scenario_def *def = s->sweep->def;
  const kc_io_text text[] = {
      {"schema", KC_IO_SWEEP_SCHEMA},
      {"title", s->sweep->name},
      {"program", "kinchain"},
      {"version", kc_app_version()},
      {"source_revision", kc_app_revision()},
      {"build_flags", kc_app_build_flags()},
      {"runs", runs},
      {"factors", factors},
      {"design_hash", design},
      {"base_hash", base},
      {"shard", s->n_shard > 1 ? shard : NULL},
      {"header", s->header},
      {"settings", s->settings},
      {"sweep_text", s->sweep->text},
      {"base_text", s->base_text},
      {"model_file", def->model},
      {"model_text", def->model_text},
      {"parameters_file", def->controller.parameters ? def->controller.parameters : ""},
      {"parameters_text", s->parameters},
  };
  kc_io_source source = kc_app_sweep_source(t);
  return kc_io_write_sweep(s->path, text, sizeof text / sizeof *text,
                           (const kc_group *const *)t->group, t->n_group, &source, t->error);
}

static int allocate(kc_app_sweep_table *t) {
  size_t n = (size_t)t->s->n;
  t->metric = malloc((n * (size_t)t->n_metric + 1) * sizeof *t->metric);
  t->time = malloc((n + 1) * sizeof *t->time);
  t->kind = malloc((n + 1) * sizeof *t->kind);
  t->reason = calloc(n + 1, sizeof *t->reason);
  t->value = malloc((size_t)(t->n_value + 1) * sizeof *t->value);
  return t->metric && t->time && t->kind && t->reason && t->value;
}

static void release(kc_app_sweep_table *t) {
  for (int i = 0; i < t->n_group; i++)
    kc_record_group_destroy(t->group[i]);
  for (int i = 0; t->reason && i < t->s->n; i++)
    free(t->reason[i]);
  free(t->reason);
  free(t->value);
  free(t->kind);
  free(t->time);
  free(t->metric);
  free(t->bytes);
  free(t->text);
}

kc_status kc_app_write_sweep(const kc_app_sweep *s, const kc_io_journal *journal, kc_error *error) {
  kc_app_sweep_table t = {.s = s,
                          .journal = journal,
                          .error = error,
                          .n_value = s->sweep->n_factor + s->sweep->runners.n_spread,
                          .n_metric = kc_gait_n_metric()};
  kc_status status = allocate(&t) ? read_rows(&t)
                                  : kc_error_add(error, KC_ERR_MEMORY, s->path,
                                                 "no memory for a table of %d runs", s->n);
  if (status == KC_OK)
    status = kc_app_sweep_make_groups(&t);
  if (status == KC_OK)
    status = write_file(&t);
  release(&t);
  return status;
}
