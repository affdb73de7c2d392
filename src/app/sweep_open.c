/// @file
/// What a sweep's journal and file must say, found before the first run.
#include "app/sweep_file.h"
#include "app/version.h"
#include "base/file.h"
#include "gait/metrics.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// The lines by which a journal or a file is known; the shard comes last.
static char *make_header(const kc_app_sweep *s) {
  const kc_sweep *w = s->sweep;
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  if (!out)
    return NULL;
  fprintf(out, "layout: %s\n", KC_IO_SWEEP_SCHEMA);
  fprintf(out, "design (factors, points, virtual runners): %016llx, %d runs\n", w->design_hash,
          w->n_run);
  fprintf(out, "base (scenario, model, parameters, settings): %016llx\n", w->base_hash);
  fprintf(out, "what is kept of each run: metrics%s%s\n", w->keep_strides ? ", strides" : "",
          w->keep_series ? ", series" : "");
  fprintf(out, "program: %s, revision %s\n", kc_app_version(), kc_app_revision());
  fprintf(out, "shard: %d/%d\n", s->shard + 1, s->n_shard);
  if (fclose(out) == 0)
    return text;
  free(text);
  return NULL;
}

static char *list_settings(const kc_sweep *w) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  if (!out)
    return NULL;
  for (int i = 0; i < w->n_setting; i++)
    fprintf(out, "%s=%s\n", w->setting[i].address, w->setting[i].value);
  if (fclose(out) == 0)
    return text;
  free(text);
  return NULL;
}

/// The text of the controller's file, "" where the base names none.
static kc_status read_parameters(kc_app_sweep *s, kc_error *error) {
  const kc_scenario_def *def = s->sweep->def;
  if (!def->controller.parameters) {
    s->parameters = strdup("");
    return s->parameters ? KC_OK : kc_error_add(error, KC_ERR_MEMORY, s->path, "no memory");
  }
  char *path = kc_scenario_find_file(def->path, "models/controllers", def->controller.parameters);
  kc_status status =
      path ? kc_file_read_text(path, KC_FILE_TEXT_LIMIT, &s->parameters, NULL, error)
           : kc_error_add(error, KC_ERR_INPUT, def->controller.parameters, "is not found");
  free(path);
  return status;
}

double kc_app_estimate_row(const kc_sweep *sweep, const kc_scenario *s) {
  double size = 120 + 8.0 * kc_gait_n_metric();
  if (sweep->keep_strides)
    size += 3 * s->task.duration * 8.0 * (1 + kc_gait_n_step_value());
  if (sweep->keep_series) {
    const kc_model *m = s->body;
    double width = 2.0 * m->n_joint + 3 + 6 + m->n_band + 2.0 * m->n_muscle;
    size += (s->task.duration / s->task.record_interval + 1) * 4 * width;
  }
  return size;
}

double kc_app_estimate_file(int n, double row) {
  double metrics = 8.0 * kc_gait_n_metric(), rest = row > metrics ? row - metrics : 0;
  return n * (0.8 * metrics + 0.7 * rest) + 5e5; // deflated as sweeps of running are
}

double kc_app_estimate_memory(int n, double row) {
  return 8.0 * kc_gait_n_metric() * n + 2 * kc_app_estimate_file(n, row) + 2e7;
}

/// The file is made in memory: said before the first run where that will not do.
static kc_status check_memory(const kc_app_sweep *s, kc_error *error) {
  kc_scenario *base;
  KC_TRY(kc_scenario_compile_def(s->sweep->def, &base, error));
  double need = kc_app_estimate_memory(s->n, kc_app_estimate_row(s->sweep, base));
  kc_scenario_destroy(base);
  double have = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
  if (have <= 0 || need < 0.8 * have)
    return KC_OK;
  return kc_error_add(
      error, KC_ERR_INPUT, s->path,
      "writing the file of %d runs would take about %.3g GB of memory, this machine "
      "has %.3g GB; keep less of each run, or make the sweep in parts with --shard "
      "i/N",
      s->n, need * 1e-9, have * 1e-9);
}

/// Series share one time axis.
static kc_status check_series(const kc_app_sweep *s, kc_error *error) {
  const kc_sweep *w = s->sweep;
  for (int k = 0; w->keep_series && k < w->n_factor; k++)
    if (strcmp(w->factor[k].address, "numerics/record_interval") == 0)
      return kc_error_add(error, KC_ERR_INPUT, w->path,
                          "keeps series, whose runs share their times, and varies "
                          "numerics/record_interval; leave one of them out");
  return KC_OK;
}

kc_status kc_app_open_sweep(kc_app_sweep *s, kc_error *error) {
  const kc_sweep *w = s->sweep;
  s->n = (w->n_run - s->shard + s->n_shard - 1) / s->n_shard;
  if (s->n <= 0)
    return kc_error_add(error, KC_ERR_INPUT, "--shard", "%d/%d has no runs: the sweep has %d",
                        s->shard + 1, s->n_shard, w->n_run);
  KC_TRY(check_series(s, error));
  KC_TRY(check_memory(s, error));
  s->header = make_header(s);
  s->settings = list_settings(w);
  s->record = malloc((size_t)s->n * sizeof *s->record);
  if (!s->header || !s->settings || !s->record)
    return kc_error_add(error, KC_ERR_MEMORY, s->path, "no memory for %d runs", s->n);
  for (int i = 0; i < s->n; i++)
    s->record[i] = -1;
  KC_TRY(kc_file_read_text(w->def->path, KC_FILE_TEXT_LIMIT, &s->base_text, NULL, error));
  return read_parameters(s, error);
}

void kc_app_close_sweep(kc_app_sweep *s) {
  free(s->header);
  free(s->settings);
  free(s->base_text);
  free(s->parameters);
  free(s->record);
}
