/// @file
/// What a sweep's journal and file must say, found before the first run.
#include "app/sweep_file.h"
#include "app/version.h"
#include "base/file.h"
#include "gait/metrics.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

kc_status kc_app_open_sweep(kc_app_sweep *s, kc_error *error) {
  const kc_sweep *w = s->sweep;
  s->n = (w->n_run - s->shard + s->n_shard - 1) / s->n_shard;
  if (s->n <= 0)
    return kc_error_add(error, KC_ERR_INPUT, "--shard", "%d/%d has no runs: the sweep has %d",
                        s->shard + 1, s->n_shard, w->n_run);
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
