/// @file
/// The queue of tickets, the runs set aside, and the threads that empty both (see stream.h).
///
/// All that is shared is looked at and changed under one lock; runs are made and taken back outside
/// of it.
#include "study/stream.h"
#include "base/hash.h"
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// A run that waits for a batch of its topology.
typedef struct {
  kc_run *run;
  unsigned long long topology;
} waiting;

typedef struct {
  omp_lock_t lock;
  const kc_study_stream *stream;
  int next; // ticket
  int n_aside, max_aside;
  waiting *aside;
  int interrupted;  // a run was kept from its end
  kc_status status; // of the first engine that failed
  kc_error *error;
} queue;

/// What one thread is at.
typedef struct {
  queue *shared;
  int has_group; // a batch is under way: `group` is its topology
  unsigned long long group;
  kc_run *last; // handed out last: where an engine cannot begin, this is the run it refused
} worker;

static unsigned long long add_number(unsigned long long hash, int number) {
  return kc_hash_add(hash, &number, sizeof number);
}

static unsigned long long hash_body(unsigned long long hash, const kc_model *m) {
  const int count[] = {m->n_joint,  m->n_sphere,  m->n_band,   m->n_point,
                       m->n_muscle, m->free_root, m->drag_link};
  hash = kc_hash_add(hash, count, sizeof count);
  for (int i = 0; i < m->n_joint; i++) {
    hash = add_number(hash, m->joint[i].parent);
    hash = add_number(hash, (int)m->joint[i].type);
    hash = kc_hash_add_text(hash, m->joint[i].name);
  }
  for (int i = 0; i < m->n_sphere; i++) {
    hash = add_number(hash, m->sphere[i].link);
    hash = add_number(hash, (int)m->sphere[i].side);
  }
  for (int i = 0; i < m->n_band; i++) {
    hash = add_number(hash, m->band[i].point_adr);
    hash = add_number(hash, m->band[i].n_point);
  }
  for (int i = 0; i < m->n_point; i++)
    hash = add_number(hash, m->point[i].link);
  return hash;
}

unsigned long long kc_study_hash_topology(const kc_scenario *scenario) {
  const kc_task *t = &scenario->task;
  const int choice[] = {t->ground.n_wave,        t->muscle_steps, (int)t->integrator,
                        (int)t->actuation,       t->predictor,    t->observer,
                        scenario->params != NULL};
  const double time[] = {t->step, t->control_interval, t->record_interval, t->sense_delay};
  unsigned long long hash = kc_hash_add(KC_HASH_START, choice, sizeof choice);
  hash = kc_hash_add(hash, time, sizeof time);
  hash = hash_body(hash, scenario->body);
  return scenario->internal == scenario->body ? hash_body(hash, scenario->body)
                                              : hash_body(hash, scenario->internal);
}

static int is_raised(const volatile int *flag) { return flag && *flag; }

static int is_held(const queue *q) {
  return q->status != KC_OK || is_raised(q->stream->hold) || is_raised(q->stream->stop);
}

/// Under the lock: a run set aside of the thread's topology, or the first where it has none.
static kc_run *take_aside(queue *q, worker *w) {
  for (int i = 0; i < q->n_aside; i++) {
    if (w->has_group && q->aside[i].topology != w->group)
      continue;
    waiting found = q->aside[i];
    q->n_aside--;
    memmove(&q->aside[i], &q->aside[i + 1], (size_t)(q->n_aside - i) * sizeof found);
    w->group = found.topology;
    w->has_group = 1;
    return found.run;
  }
  return NULL;
}

/// A run set aside, or else a ticket (-1 where none is left).
static kc_run *take_ticket(queue *q, worker *w, int *ticket) {
  *ticket = -1;
  kc_run *run = NULL;
  omp_set_lock(&q->lock);
  if (!is_held(q)) {
    run = take_aside(q, w);
    if (!run && q->next < q->stream->n)
      *ticket = q->next++;
  } else if (q->next < q->stream->n) {
    q->interrupted = 1;
  }
  omp_unset_lock(&q->lock);
  return run;
}

/// Sets a run aside; 0 where there is no room.
static int put_aside(queue *q, kc_run *run, unsigned long long topology) {
  omp_set_lock(&q->lock);
  int room = q->n_aside < q->max_aside;
  if (room)
    q->aside[q->n_aside++] = (waiting){run, topology};
  omp_unset_lock(&q->lock);
  return room;
}

static kc_run *take_next(void *user) {
  worker *w = user;
  queue *q = w->shared;
  for (int ticket;;) {
    kc_run *run = take_ticket(q, w, &ticket);
    if (!run && ticket < 0)
      return NULL;
    if (!run) {
      run = q->stream->open(q->stream->user, ticket);
      if (!run)
        continue;
      unsigned long long topology = kc_study_hash_topology(run->scenario);
      if (w->has_group && topology != w->group && put_aside(q, run, topology))
        continue;
      // the first of a group, one that fits, or one for which the engine begins another batch
      w->group = topology;
      w->has_group = 1;
    }
    return w->last = run;
  }
}

static void give_back(void *user, kc_run *run) {
  worker *w = user;
  queue *q = w->shared;
  if (w->last == run)
    w->last = NULL;
  if (run->outcome.kind == KC_INTERRUPTED) {
    omp_set_lock(&q->lock);
    q->interrupted = 1;
    omp_unset_lock(&q->lock);
  }
  q->stream->close(q->stream->user, run);
}

/// Keeps the first failure and every finding.
static void report(queue *q, kc_status status, kc_error *findings) {
  omp_set_lock(&q->lock);
  if (q->status == KC_OK)
    q->status = status;
  for (int i = 0; i < findings->n_finding; i++)
    (void)kc_error_add(q->error, findings->status, findings->finding[i].place, "%s",
                       findings->finding[i].text);
  omp_unset_lock(&q->lock);
}

/// An engine that could not begin: its run fails, or all end.
static void end_refused(worker *w, kc_status status, kc_error *findings) {
  queue *q = w->shared;
  kc_run *run = w->last;
  int spare = q->stream->tolerant && run && status != KC_ERR_MEMORY;
  if (!spare)
    report(q, status, findings);
  if (!run)
    return;
  run->outcome = (kc_outcome){.kind = spare ? KC_FAILED : KC_INTERRUPTED};
  if (findings->n_finding > 0)
    snprintf(run->outcome.reason, sizeof run->outcome.reason, "%s: %s", findings->finding[0].place,
             findings->finding[0].text);
  give_back(w, run);
}

static int has_work(queue *q) {
  omp_set_lock(&q->lock);
  int work = !is_held(q) && (q->n_aside > 0 || q->next < q->stream->n);
  if (is_held(q) && q->next < q->stream->n)
    q->interrupted = 1;
  omp_unset_lock(&q->lock);
  return work;
}

static void work_through(queue *q, int width) {
  while (has_work(q)) {
    kc_error findings = kc_error_default();
    worker w = {.shared = q};
    kc_status status = kc_sim_run(width, take_next, give_back, &w, q->stream->stop, &findings);
    if (status != KC_OK && status != KC_ERR_INTERRUPTED)
      end_refused(&w, status, &findings);
    kc_error_destroy(&findings);
  }
}

/// What still waits when all has ended.
static void close_aside(queue *q) {
  for (int i = 0; i < q->n_aside; i++) {
    kc_run *run = q->aside[i].run;
    run->outcome = (kc_outcome){.kind = KC_INTERRUPTED, .reason = "not started"};
    q->interrupted = 1;
    q->stream->close(q->stream->user, run);
  }
}

kc_status kc_study_run_stream(const kc_study_stream *stream, kc_error *error) {
  int threads = stream->threads > 0 ? stream->threads : omp_get_num_procs();
  if (threads > stream->n)
    threads = stream->n;
  if (threads == 0)
    return KC_OK;
  // lanes pay once a thread has more runs than one; the results are the same
  int width = stream->width > 0 ? stream->width : stream->n > threads ? kc_sim_native_width() : 1;
  queue q = {.stream = stream, .error = error, .max_aside = stream->max_aside};
  if (q.max_aside <= 0)
    q.max_aside = 4 * threads;
  q.aside = malloc((size_t)q.max_aside * sizeof *q.aside);
  if (!q.aside)
    return kc_error_add(error, KC_ERR_MEMORY, "runs", "no memory for a queue of %d runs",
                        stream->n);
  omp_init_lock(&q.lock);
#pragma omp parallel num_threads(threads) default(none) shared(q, width)
  work_through(&q, width);
  close_aside(&q);
  omp_destroy_lock(&q.lock);
  free(q.aside);
  return q.status != KC_OK ? q.status : q.interrupted ? KC_ERR_INTERRUPTED : KC_OK;
}
