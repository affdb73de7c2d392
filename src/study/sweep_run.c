/// @file
/// Slots of a sweep and what happens to a run from its making to its row (see sweep_run.h).
#include "study/sweep_run.h"
#include "record/recording.h"
#include "study/stream.h"
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double grace = 1; // s that runs in flight have after an interrupt

typedef struct session session;

/// One run in flight. `run` comes first: the stream hands out its address.
typedef struct berth {
  kc_run run;
  session *shared;
  int index;
  kc_scenario *scenario;
  kc_recording *recording;
  kc_sweep_bytes bytes;
  struct berth *next_free, *next_all;
} berth;

struct session {
  omp_lock_t lock; // of the lists, and of giving rows
  const kc_sweep *sweep;
  const kc_sweep_job *job;
  berth *free, *all;
  volatile int stop;     // everything ends
  volatile int deadline; // the time of grace has begun
  double until;          // s, monotonic
  kc_status status;
  kc_error *error;
};

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static berth *take_slot(session *s) {
  omp_set_lock(&s->lock);
  berth *taken = s->free;
  if (taken)
    s->free = taken->next_free;
  else if ((taken = calloc(1, sizeof *taken)) != NULL)
    taken->shared = s, taken->next_all = s->all, s->all = taken;
  omp_unset_lock(&s->lock);
  return taken;
}

static void give_slot(berth *slot) {
  session *s = slot->shared;
  kc_scenario_destroy(slot->scenario);
  slot->scenario = NULL;
  omp_set_lock(&s->lock);
  slot->next_free = s->free;
  s->free = slot;
  omp_unset_lock(&s->lock);
}

/// The machine failed: keeps the first status and all findings, and ends everything.
static void end_all(session *s, kc_status status, const kc_error *findings) {
  omp_set_lock(&s->lock);
  if (s->status == KC_OK)
    s->status = status;
  for (int i = 0; i < findings->n_finding; i++)
    (void)kc_error_add(s->error, status, findings->finding[i].place, "%s",
                       findings->finding[i].text);
  __atomic_store_n(&s->stop, 1, __ATOMIC_RELAXED);
  omp_unset_lock(&s->lock);
}

// after an interrupt the runs in flight go on for the time of grace
static void watch(session *s) {
  const volatile int *interrupted = s->job->interrupted;
  if (!interrupted || !*interrupted)
    return;
  omp_set_lock(&s->lock);
  if (!s->deadline)
    s->deadline = 1, s->until = now() + grace;
  else if (now() > s->until)
    __atomic_store_n(&s->stop, 1, __ATOMIC_RELAXED);
  omp_unset_lock(&s->lock);
}

static void take_sample(void *user, const kc_sample *sample) {
  berth *slot = user;
  kc_record_append(slot->recording, sample);
  watch(slot->shared);
}

static void take_tick(void *user, const kc_sample *sample) {
  kc_record_append_tick(((berth *)user)->recording, sample);
}

kc_status kc_study_count_samples(const kc_task *task, int *n_sample, int *n_tick, kc_error *error) {
  double samples = task->duration / task->record_interval + 3;
  double ticks = task->duration / task->control_interval + 3;
  if (samples > 5e7 || ticks > 5e7)
    return kc_error_add(error, KC_ERR_INPUT, "duration",
                        "would record %.3g samples and %.3g control ticks; shorten the duration or "
                        "lengthen the intervals",
                        samples, ticks);
  *n_sample = (int)samples;
  *n_tick = (int)ticks;
  return KC_OK;
}

kc_run kc_study_default_run(const kc_scenario *scenario, kc_recording *recording) {
  return (kc_run){.scenario = scenario,
                  .sample = kc_record_sample,
                  .tick = kc_record_tick,
                  .tick_loads = 1,
                  .user = recording};
}

static void fill_metrics(kc_sweep_row *row, const kc_gait_analysis *analysis) {
  row->n_metric = kc_gait_n_metric();
  row->metric = (const double *)&analysis->metrics;
}

/// (n_step x (1 + values)), to be freed.
static double *copy_steps(const kc_gait_analysis *a) {
  size_t n_value = (size_t)kc_gait_n_step_value();
  double *step = malloc(((size_t)a->n_step * (1 + n_value) + 1) * sizeof *step), *at = step;
  for (int i = 0; step && i < a->n_step; i++, at += 1 + n_value) {
    at[0] = (double)a->step[i].side;
    memcpy(at + 1, &a->step[i].value, n_value * sizeof *at);
  }
  return step;
}

/// (n_sample x width) of one channel in float32, to be freed.
static float *copy_channel(const kc_recording *r, kc_channel channel) {
  size_t width = (size_t)r->width[channel], n = (size_t)r->n_sample * width;
  float *to = malloc((n + 1) * sizeof *to), *at = to;
  for (int i = 0; to && i < r->n_sample; i++)
    for (int k = 0; k < (int)width; k++)
      *at++ = (float)kc_record_get(r, channel, i, k);
  return to;
}

/// Encodes and gives a row; under the lock, so one at a time.
static kc_status give_row(session *s, const kc_sweep_row *row, kc_sweep_bytes *bytes,
                          kc_error *error) {
  KC_TRY(kc_sweep_row_write(row, bytes, error));
  omp_set_lock(&s->lock);
  kc_status status = s->status != KC_OK ? KC_OK : s->job->row(s->job->user, row, bytes, error);
  omp_unset_lock(&s->lock);
  return status;
}

/// The row of a run that has ended, with what the sweep keeps.
static kc_status give_result(berth *slot, kc_error *error) {
  session *s = slot->shared;
  const kc_outcome *outcome = &slot->run.outcome;
  const kc_recording *r = slot->recording;
  kc_gait_analysis *analysis;
  KC_TRY(kc_gait_analyse(r, slot->scenario->task.settle, &analysis, error));
  kc_sweep_row row = {.index = slot->index, .kind = outcome->kind, .time = outcome->time};
  kc_sweep_copy_text(row.reason, sizeof row.reason, outcome->reason);
  fill_metrics(&row, analysis);
  double *step = s->sweep->keep_strides ? copy_steps(analysis) : NULL;
  float *series[KC_N_SERIES] = {NULL};
  int complete = !s->sweep->keep_strides || step;
  if (step)
    row.step = step, row.n_step = analysis->n_step;
  for (int i = 0; s->sweep->keep_series && i < KC_N_SERIES; i++) {
    kc_channel channel = kc_sweep_series_channel(i);
    row.series[i] = series[i] = copy_channel(r, channel);
    row.width[i] = r->width[channel];
    complete = complete && series[i];
    row.n_sample = r->n_sample;
    row.interval = slot->scenario->task.record_interval;
  }
  kc_status status =
      complete ? give_row(s, &row, &slot->bytes, error)
               : kc_error_add(error, KC_ERR_MEMORY, "sweep", "no memory for what is kept of a run");
  for (int i = 0; i < KC_N_SERIES; i++)
    free(series[i]);
  free(step);
  kc_gait_destroy(analysis);
  return status;
}

/// The row of a run that never began.
static kc_status give_failure(berth *slot, const char *reason, kc_error *error) {
  kc_gait_analysis nothing = {0};
  for (int i = 0; i < kc_gait_n_metric(); i++)
    ((double *)&nothing.metrics)[i] = (double)NAN;
  kc_sweep_row row = {.index = slot->index, .kind = KC_FAILED};
  kc_sweep_copy_text(row.reason, sizeof row.reason, reason);
  fill_metrics(&row, &nothing);
  return give_row(slot->shared, &row, &slot->bytes, error);
}

static kc_status prepare(berth *slot, kc_error *error) {
  session *s = slot->shared;
  const kc_sweep *sweep = slot->shared->sweep;
  int n_sample = 0, n_tick = 0, brief = !sweep->keep_series;
  KC_TRY(kc_sweep_make_scenario(s->sweep, slot->index, &slot->scenario, error));
  KC_TRY(kc_study_count_samples(&slot->scenario->task, &n_sample, &n_tick, error));
  KC_TRY(kc_record_renew(&slot->recording, slot->scenario->body, n_sample, n_tick, brief, error));
  slot->run = kc_study_default_run(slot->scenario, slot->recording);
  slot->run.sample = take_sample;
  slot->run.tick = take_tick;
  slot->run.brief = brief;
  slot->run.user = slot;
  return KC_OK;
}

/// A place without the folder of the scenario or the model, so that rows are the same everywhere.
static const char *shorten(const kc_sweep *sweep, const char *place) {
  const char *const path[] = {sweep->def->path, sweep->def->body->path};
  for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
    const char *slash = path[i] ? strrchr(path[i], '/') : NULL;
    if (slash && strncmp(place, path[i], strlen(path[i])) == 0)
      return place + (slash + 1 - path[i]);
  }
  return place;
}

static void describe(const kc_sweep *sweep, const kc_error *error, char *text, size_t size) {
  size_t used = 0;
  text[0] = 0;
  for (int i = 0; i < error->n_finding && used < size; i++)
    used += (size_t)snprintf(text + used, size - used, "%s%s: %s", i ? "; " : "",
                             shorten(sweep, error->finding[i].place), error->finding[i].text);
}

static kc_run *open_run(void *user, int ticket) {
  session *s = user;
  kc_error error = kc_error_default();
  berth *slot = take_slot(s);
  if (!slot) {
    (void)kc_error_add(&error, KC_ERR_MEMORY, "sweep", "no memory for a run");
    end_all(s, KC_ERR_MEMORY, &error);
    kc_error_destroy(&error);
    return NULL;
  }
  slot->index = s->job->index[ticket];
  kc_status status = prepare(slot, &error);
  if (status == KC_OK)
    return &slot->run;
  if (status != KC_ERR_MEMORY) {
    char reason[2 * KC_ROW_REASON_SIZE];
    describe(s->sweep, &error, reason, sizeof reason);
    kc_error_destroy(&error);
    error = kc_error_default();
    status = give_failure(slot, reason, &error);
  }
  if (status != KC_OK)
    end_all(s, status, &error);
  kc_error_destroy(&error);
  give_slot(slot);
  return NULL;
}

static void close_run(void *user, kc_run *run) {
  session *s = user;
  berth *slot = run->user;
  kc_error error = kc_error_default();
  kc_status status = KC_OK;
  if (run->outcome.kind == KC_FAILED)
    status = give_failure(slot, run->outcome.reason, &error);
  else if (run->outcome.kind != KC_INTERRUPTED)
    status = give_result(slot, &error);
  if (status != KC_OK)
    end_all(s, status, &error);
  kc_error_destroy(&error);
  give_slot(slot);
}

static void free_slots(session *s) {
  for (berth *slot = s->all, *next; slot; slot = next) {
    next = slot->next_all;
    kc_scenario_destroy(slot->scenario);
    kc_record_destroy(slot->recording);
    free(slot->bytes.data);
    free(slot);
  }
}

kc_status kc_sweep_run(const kc_sweep *sweep, const kc_sweep_job *job, kc_error *error) {
  session s = {.sweep = sweep, .job = job, .error = error};
  kc_study_stream stream = {.width = job->width,
                            .threads = job->threads,
                            .n = job->n,
                            .hold = job->interrupted,
                            .stop = &s.stop,
                            .tolerant = 1,
                            .open = open_run,
                            .close = close_run,
                            .user = &s};
  omp_init_lock(&s.lock);
  kc_status status = kc_study_run_stream(&stream, error);
  omp_destroy_lock(&s.lock);
  free_slots(&s);
  return s.status != KC_OK ? s.status : status;
}
