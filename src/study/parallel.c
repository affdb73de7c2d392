/// @file
/// The queue of runs and the threads that empty it (see parallel.h).
///
/// Runs are sorted by group (a counting sort, so that the order within a group is the caller's).
/// Every thread walks through the groups and lets an engine take runs of that group until none is
/// left. All that is shared is taken and given under one lock.
#include "study/parallel.h"
#include <omp.h>
#include <stdlib.h>
#include <string.h>

/// Shared by all threads; looked at and changed under the lock alone.
typedef struct {
  omp_lock_t lock;
  const kc_study_parallel *parallel;
  kc_run **run;   // (n) in order of groups
  int *group_end; // (n_group) index behind the last run of a group
  int *next;      // (n_group) the next to be given out
  int n, n_group, n_done;
  kc_status status; // of the first engine that failed
  kc_error *error;
} queue;

typedef struct {
  queue *shared;
  int group;
} context;

kc_study_parallel kc_study_default_parallel(void) { return (kc_study_parallel){.width = 0}; }

static int is_same_body(const kc_model *a, const kc_model *b) {
  if (a->n_joint != b->n_joint || a->n_sphere != b->n_sphere || a->n_band != b->n_band ||
      a->n_point != b->n_point || a->free_root != b->free_root || a->drag_link != b->drag_link)
    return 0;
  for (int i = 0; i < a->n_joint; i++)
    if (a->joint[i].parent != b->joint[i].parent || a->joint[i].type != b->joint[i].type ||
        strcmp(a->joint[i].name, b->joint[i].name) != 0)
      return 0;
  for (int i = 0; i < a->n_sphere; i++)
    if (a->sphere[i].link != b->sphere[i].link || a->sphere[i].side != b->sphere[i].side)
      return 0;
  for (int i = 0; i < a->n_band; i++)
    if (a->band[i].point_adr != b->band[i].point_adr || a->band[i].n_point != b->band[i].n_point)
      return 0;
  for (int i = 0; i < a->n_point; i++)
    if (a->point[i].link != b->point[i].link)
      return 0;
  return 1;
}

int kc_study_is_same_topology(const kc_scenario *a, const kc_scenario *b) {
  const kc_task *s = &a->task, *t = &b->task;
  return s->ground.n_wave == t->ground.n_wave && s->integrator == t->integrator &&
         s->step == t->step && s->control_interval == t->control_interval &&
         s->record_interval == t->record_interval && !a->params == !b->params &&
         (a->body == b->body || is_same_body(a->body, b->body)) &&
         (a->internal == b->internal || is_same_body(a->internal, b->internal));
}

static int is_stopped(const queue *q) {
  return q->status != KC_OK || (q->parallel->stop && *q->parallel->stop);
}

static kc_run *take_next(void *user) {
  context *c = user;
  queue *q = c->shared;
  kc_run *run = NULL;
  omp_set_lock(&q->lock);
  if (!is_stopped(q) && q->next[c->group] < q->group_end[c->group])
    run = q->run[q->next[c->group]++];
  omp_unset_lock(&q->lock);
  return run;
}

static void give_back(void *user, kc_run *run) {
  queue *q = ((context *)user)->shared;
  omp_set_lock(&q->lock);
  q->n_done++;
  if (q->parallel->progress)
    q->parallel->progress(q->parallel->user, q->n_done, q->n, run);
  omp_unset_lock(&q->lock);
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

static int has_work(queue *q, int group) {
  omp_set_lock(&q->lock);
  int work = !is_stopped(q) && q->next[group] < q->group_end[group];
  omp_unset_lock(&q->lock);
  return work;
}

static void work_through(queue *q, int width) {
  for (int group = 0; group < q->n_group; group++) {
    if (!has_work(q, group))
      continue;
    kc_error findings = kc_error_default();
    context c = {q, group};
    kc_status status = kc_sim_run(width, take_next, give_back, &c, q->parallel->stop, &findings);
    if (status != KC_OK && status != KC_ERR_INTERRUPTED)
      report(q, status, &findings);
    kc_error_destroy(&findings);
  }
}

/// group[i] of each run, by comparison with the first run of each group; returns their number.
static int find_groups(kc_run **run, int n, int *group, int *first) {
  int n_group = 0;
  for (int i = 0; i < n; i++) {
    int g = 0;
    while (g < n_group && !kc_study_is_same_topology(run[i]->scenario, run[first[g]]->scenario))
      g++;
    if (g == n_group)
      first[n_group++] = i;
    group[i] = g;
  }
  return n_group;
}

/// Fills q->run, q->next and q->group_end in order of groups.
static void sort_runs(queue *q, kc_run **run, int n, const int *group) {
  int at = 0;
  for (int g = 0; g < q->n_group; g++) {
    q->next[g] = at;
    for (int i = 0; i < n; i++)
      if (group[i] == g)
        q->run[at++] = run[i];
    q->group_end[g] = at;
  }
}

// lanes pay once a thread has more runs than one; the results are the same
static int choose_width(const queue *q, int threads) {
  if (q->parallel->width > 0)
    return q->parallel->width;
  return q->n > threads ? kc_sim_native_width() : 1;
}

static kc_status run_queue(queue *q) {
  int threads = q->parallel->threads > 0 ? q->parallel->threads : omp_get_num_procs();
  if (threads > q->n)
    threads = q->n;
  int width = choose_width(q, threads);
#pragma omp parallel num_threads(threads) default(none) shared(q, width)
  work_through(q, width);
  if (q->status != KC_OK)
    return q->status;
  for (int i = 0; i < q->n; i++)
    if (q->run[i]->outcome.kind == KC_INTERRUPTED)
      return KC_ERR_INTERRUPTED;
  return KC_OK;
}

kc_status kc_study_run_parallel(const kc_study_parallel *parallel, kc_run **run, int n,
                                kc_error *error) {
  if (n == 0)
    return KC_OK;
  size_t size = (size_t)n;
  int *numbers = malloc(4 * size * sizeof *numbers);
  kc_run **sorted = malloc(size * sizeof *sorted);
  if (!numbers || !sorted) {
    free(numbers);
    free(sorted);
    return kc_error_add(error, KC_ERR_MEMORY, "runs", "no memory for a queue of %d runs", n);
  }
  int *group = numbers + 2 * size, *first = numbers + 3 * size;
  queue q = {.parallel = parallel,
             .run = sorted,
             .group_end = numbers,
             .next = numbers + size,
             .n = n,
             .error = error};
  q.n_group = find_groups(run, n, group, first);
  sort_runs(&q, run, n, group);
  for (int i = 0; i < n; i++) {
    run[i]->outcome = (kc_outcome){.kind = KC_INTERRUPTED};
    strcpy(run[i]->outcome.reason, "not started");
  }
  omp_init_lock(&q.lock);
  kc_status status = run_queue(&q);
  omp_destroy_lock(&q.lock);
  free(numbers);
  free(sorted);
  return status;
}
