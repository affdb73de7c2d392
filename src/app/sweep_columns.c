/// @file
/// The columns of a sweep's file, block by block: factors from the design, metrics and outcomes
/// from memory, strides and series from the journal again.
#include "app/job.h"
#include "app/sweep_table.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

int kc_app_sweep_run(const kc_app_sweep_table *t, int i) { return i * t->s->n_shard + t->s->shard; }

const kc_factor *kc_app_sweep_factor(const kc_sweep *sweep, int k) {
  return k < sweep->n_factor ? &sweep->factor[k] : &sweep->runners.spread[k - sweep->n_factor];
}

/// Reads the record of a run; its row points into t->bytes.
int kc_app_sweep_read_row(kc_app_sweep_table *t, int i, kc_sweep_row *row) {
  int record = t->s->record[i];
  size_t size = kc_io_journal_size(t->journal, record);
  if (size > t->size) {
    void *bytes = realloc(t->bytes, size);
    if (!bytes)
      return 0;
    t->bytes = bytes;
    t->size = size;
  }
  return kc_io_journal_read(t->journal, record, t->bytes, t->error) == KC_OK &&
         kc_sweep_row_read(t->bytes, size, row) == KC_OK && row->n_metric == t->n_metric;
}

static int fetch_factor(kc_app_sweep_table *t, const kc_factor *factor, int k, int first, int n,
                        void *buffer) {
  const kc_sweep *sweep = t->s->sweep;
  if (factor->is_word && n > t->n_text) {
    void *text = realloc(t->text, (size_t)n * sizeof *t->text);
    if (!text)
      return 0;
    t->text = text;
    t->n_text = n;
  }
  for (int i = 0; i < n; i++) {
    int replicate;
    kc_sweep_eval(sweep, kc_app_sweep_run(t, first + i), t->value, NULL, &replicate);
    kc_sweep_eval_runner(sweep, replicate, t->value + sweep->n_factor);
    if (!factor->is_word) {
      ((double *)buffer)[i] = t->value[k];
      continue;
    }
    kc_sweep_write_value(factor, t->value[k], t->text[i], sizeof t->text[i]);
    ((const char **)buffer)[i] = t->text[i];
  }
  return 1;
}

static void fetch_design(const kc_app_sweep_table *t, int variable, int first, int n, int *buffer) {
  for (int i = 0; i < n; i++) {
    int point, replicate;
    kc_sweep_eval(t->s->sweep, kc_app_sweep_run(t, first + i), t->value, &point, &replicate);
    buffer[i] = variable == COLUMN_point ? point : replicate;
  }
}

static int fetch_root(kc_app_sweep_table *t, int variable, int first, int n, void *buffer) {
  if (variable < N_FIRST) {
    fetch_design(t, variable, first, n, buffer);
    return 1;
  }
  int k = variable - N_FIRST, m = k - t->n_value;
  if (m < 0)
    return fetch_factor(t, kc_app_sweep_factor(t->s->sweep, k), k, first, n, buffer);
  for (int i = 0; i < n; i++) {
    int at = first + i;
    if (m == COLUMN_outcome)
      ((const char **)buffer)[i] = kc_app_outcome_name(t->kind[at]);
    else if (m == COLUMN_reason)
      ((const char **)buffer)[i] = t->reason[at] ? t->reason[at] : "";
    else if (m == COLUMN_time)
      ((double *)buffer)[i] = t->time[at];
    else
      ((double *)buffer)[i] = t->metric[(size_t)at * (size_t)t->n_metric + (size_t)(m - N_MIDDLE)];
  }
  return 1;
}

/// (n x n_stride x side) of one value of steps.
static int fetch_strides(kc_app_sweep_table *t, int value, int first, int n, double *buffer) {
  size_t each = (size_t)t->n_stride * KC_N_SIDE;
  for (size_t i = 0; i < (size_t)n * each; i++)
    buffer[i] = (double)NAN;
  for (int i = 0; i < n; i++) {
    kc_sweep_row row;
    if (!kc_app_sweep_read_row(t, first + i, &row))
      return 0;
    size_t at[KC_N_SIDE] = {0};
    for (int k = 0; k < row.n_step; k++) {
      const double *step = row.step + (size_t)k * (size_t)(1 + kc_gait_n_step_value());
      size_t side = step[0] > 0;
      buffer[(size_t)i * each + at[side]++ * KC_N_SIDE + side] = step[1 + value];
    }
  }
  return 1;
}

/// (n x n_sample x width) of one series.
static int fetch_series(kc_app_sweep_table *t, int series, int first, int n, float *buffer) {
  size_t width = (size_t)t->width[series], each = (size_t)t->n_sample * width;
  for (size_t i = 0; i < (size_t)n * each; i++)
    buffer[i] = NAN;
  for (int i = 0; i < n; i++) {
    kc_sweep_row row;
    if (!kc_app_sweep_read_row(t, first + i, &row))
      return 0;
    if (row.width[series] == (int)width) // a body of another shape leaves gaps
      memcpy(buffer + (size_t)i * each, row.series[series],
             (size_t)row.n_sample * width * sizeof *buffer);
  }
  return 1;
}

static int fetch(void *user, const kc_group *group, int variable, int first, int n, void *buffer) {
  kc_app_sweep_table *t = user;
  if (group == t->group[0])
    return fetch_root(t, variable, first, n, buffer);
  if (strcmp(group->name, "strides") == 0)
    return fetch_strides(t, variable, first, n, buffer);
  return fetch_series(t, t->series[variable], first, n, buffer);
}

static const char *find_address(void *user, const kc_group *group, int variable) {
  const kc_app_sweep_table *t = user;
  int k = variable - N_FIRST;
  return group == t->group[0] && k >= 0 && k < t->n_value
             ? kc_app_sweep_factor(t->s->sweep, k)->address
             : NULL;
}

kc_io_source kc_app_sweep_source(kc_app_sweep_table *t) {
  return (kc_io_source){fetch, find_address, t};
}
