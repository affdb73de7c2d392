/// @file
/// Rows to bytes and back (see sweep_row.h).
#include "study/sweep_row.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// The start of a row's bytes; the parts follow in this order: reason, metrics, steps, series.
typedef struct {
  int32_t index, kind, n_reason, n_metric, n_step, n_value, n_sample, n_series;
  double time, interval;
  int32_t width[KC_N_SERIES + KC_N_SERIES % 2];
} row_head;

kc_channel kc_sweep_series_channel(int series) {
  static const kc_channel channel[KC_N_SERIES] = {
#define X(name) KC_CHANNEL_##name,
      KC_SWEEP_SERIES(X)
#undef X
  };
  return channel[series];
}

void kc_sweep_copy_text(char *to, size_t size, const char *from) {
  size_t n = strlen(from);
  if (n >= size) {
    n = size - 1;
    while (n > 0 && ((unsigned char)from[n] & 0xc0) == 0x80)
      n--;
  }
  memcpy(to, from, n);
  to[n] = 0;
}

static size_t round_up(size_t size) { return (size + 7) / 8 * 8; }

static void put(kc_sweep_bytes *bytes, const void *data, size_t size) {
  if (size > 0)
    memcpy(bytes->data + bytes->size, data, size);
  memset(bytes->data + bytes->size + size, 0, round_up(size) - size);
  bytes->size += round_up(size);
}

static size_t series_size(const row_head *h, int i) {
  return (size_t)h->n_sample * (size_t)h->width[i] * sizeof(float);
}

static size_t row_size(const row_head *h) {
  size_t size = sizeof *h + round_up((size_t)h->n_reason) + sizeof(double) * (size_t)h->n_metric +
                sizeof(double) * (size_t)h->n_step * (size_t)(1 + h->n_value);
  for (int i = 0; i < KC_N_SERIES; i++)
    size += round_up(series_size(h, i));
  return size;
}

kc_status kc_sweep_row_write(const kc_sweep_row *row, kc_sweep_bytes *bytes, kc_error *error) {
  row_head h = {.index = row->index,
                .kind = (int32_t)row->kind,
                .n_reason = (int32_t)strlen(row->reason),
                .n_metric = row->n_metric,
                .n_step = row->n_step,
                .n_value = kc_gait_n_step_value(),
                .n_sample = row->n_sample,
                .n_series = KC_N_SERIES,
                .time = row->time,
                .interval = row->interval};
  for (int i = 0; i < KC_N_SERIES; i++)
    h.width[i] = row->width[i];
  size_t size = row_size(&h);
  if (size > bytes->capacity) {
    unsigned char *data = realloc(bytes->data, size);
    if (!data)
      return kc_error_add(error, KC_ERR_MEMORY, "sweep", "no memory for what is kept of a run");
    bytes->data = data;
    bytes->capacity = size;
  }
  bytes->size = 0;
  put(bytes, &h, sizeof h);
  put(bytes, row->reason, (size_t)h.n_reason);
  put(bytes, row->metric, sizeof(double) * (size_t)h.n_metric);
  put(bytes, row->step, sizeof(double) * (size_t)h.n_step * (size_t)(1 + h.n_value));
  for (int i = 0; i < KC_N_SERIES; i++)
    put(bytes, row->series[i], series_size(&h, i));
  return KC_OK;
}

static int is_head(const row_head *h) {
  const int32_t limit = 1 << 28;
  if (h->index < 0 || h->kind < 0 || h->kind > (int32_t)KC_FAILED || h->n_reason < 0 ||
      h->n_reason >= KC_ROW_REASON_SIZE || h->n_metric < 0 || h->n_metric > limit ||
      h->n_step < 0 || h->n_step > limit || h->n_value != kc_gait_n_step_value() ||
      h->n_sample < 0 || h->n_sample > limit || h->n_series != KC_N_SERIES)
    return 0;
  for (int i = 0; i < KC_N_SERIES; i++)
    if (h->width[i] < 0 || h->width[i] > 1 << 16)
      return 0;
  return 1;
}

kc_status kc_sweep_row_read(const void *data, size_t size, kc_sweep_row *row) {
  row_head h;
  if (size < sizeof h)
    return KC_ERR_INPUT;
  memcpy(&h, data, sizeof h);
  if (!is_head(&h) || row_size(&h) != size)
    return KC_ERR_INPUT;
  const unsigned char *at = (const unsigned char *)data + sizeof h;
  *row = (kc_sweep_row){.index = h.index,
                        .kind = (kc_outcome_kind)h.kind,
                        .time = h.time,
                        .n_metric = h.n_metric,
                        .n_step = h.n_step,
                        .interval = h.interval,
                        .n_sample = h.n_sample};
  if (memchr(at, 0, (size_t)h.n_reason))
    return KC_ERR_INPUT;
  memcpy(row->reason, at, (size_t)h.n_reason);
  at += round_up((size_t)h.n_reason);
  row->metric = (const double *)(const void *)at;
  at += sizeof(double) * (size_t)h.n_metric;
  row->step = (const double *)(const void *)at;
  at += sizeof(double) * (size_t)h.n_step * (size_t)(1 + h.n_value);
  for (int i = 0; i < KC_N_SERIES; i++) {
    row->width[i] = h.width[i];
    row->series[i] = (const float *)(const void *)at;
    at += round_up(series_size(&h, i));
  }
  return KC_OK;
}
