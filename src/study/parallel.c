/// @file
/// Many runs that are all there at the start: a stream whose tickets are their places in the list.
#include "study/parallel.h"
#include "study/stream.h"
#include <omp.h>
#include <string.h>

/// What the stream's callbacks share.
typedef struct {
  omp_lock_t lock;
  const kc_study_parallel *parallel;
  kc_run **run; // (n)
  int n, n_done;
} list;

kc_study_parallel kc_study_default_parallel(void) { return (kc_study_parallel){.width = 0}; }

int kc_study_is_same_topology(const kc_scenario *a, const kc_scenario *b) {
  return kc_study_hash_topology(a) == kc_study_hash_topology(b);
}

static kc_run *give_run(void *user, int ticket) { return ((list *)user)->run[ticket]; }

static void count_run(void *user, kc_run *run) {
  list *l = user;
  if (run->outcome.kind == KC_INTERRUPTED && strcmp(run->outcome.reason, "not started") == 0)
    return;
  omp_set_lock(&l->lock);
  l->n_done++;
  if (l->parallel->progress)
    l->parallel->progress(l->parallel->user, l->n_done, l->n, run);
  omp_unset_lock(&l->lock);
}

kc_status kc_study_run_parallel(const kc_study_parallel *parallel, kc_run **run, int n,
                                kc_error *error) {
  list l = {.parallel = parallel, .run = run, .n = n};
  for (int i = 0; i < n; i++)
    run[i]->outcome = (kc_outcome){.kind = KC_INTERRUPTED, .reason = "not started"};
  kc_study_stream stream = {.width = parallel->width,
                            .threads = parallel->threads,
                            .n = n,
                            .max_aside = n,
                            .stop = parallel->stop,
                            .open = give_run,
                            .close = count_run,
                            .user = &l};
  omp_init_lock(&l.lock);
  kc_status status = kc_study_run_stream(&stream, error);
  omp_destroy_lock(&l.lock);
  return status;
}
