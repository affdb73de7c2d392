/// @file
/// The stream of runs: every ticket once, lanes of one topology, few runs at a time, refused runs
/// and stops.
#include "near.h"
#include "study/stream.h"
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { N_TICKET = 431, N_KIND = 5 };

/// One ticket's run with its scenario; made and freed as the stream asks.
typedef struct {
  kc_run run;
  kc_scenario scenario;
  int ticket;
} made;

typedef struct {
  int visits[N_TICKET];
  kc_outcome_kind kind[N_TICKET];
  char reason[N_TICKET][120];
  int n_live, most_live, n_closed, stop_after;
  volatile int hold, stop;
  omp_lock_t lock;
} fixture;

static kc_model body = {.n_joint = 0};

/// Which of five topologies a ticket has: unevenly mixed.
static int kind_of(int ticket) { return ticket % 7 == 3 ? 1 + ticket % (N_KIND - 1) : 0; }

/// Like the real engine: lanes of one topology, a run that does not fit begins another batch.
kc_status kc_sim_run(int width, kc_run *(*next)(void *context),
                     void (*finished)(void *context, kc_run *run), void *context,
                     const volatile int *stop, kc_error *error) {
  kc_run *waiting = next(context);
  while (waiting) {
    kc_run *lane[8] = {waiting};
    int kind = waiting->scenario->task.ground.n_wave, empty = 0, busy = 1;
    waiting = NULL;
    made *first = (made *)lane[0];
    if (first->ticket % 50 == 49)
      return kc_error_add(error, KC_ERR_INPUT, "engine", "will not have ticket %d", first->ticket);
    while (busy) {
      busy = 0;
      for (int i = 0; i < width; i++) {
        if (lane[i]) {
          lane[i]->outcome.kind = stop && *stop ? KC_INTERRUPTED : KC_COMPLETED;
          finished(context, lane[i]);
          lane[i] = NULL;
        }
        if (empty || waiting)
          continue;
        kc_run *run = next(context);
        if (!run)
          empty = 1;
        else if (run->scenario->task.ground.n_wave != kind || ((made *)run)->ticket % 50 == 49)
          waiting = run;
        else
          lane[i] = run;
      }
      for (int i = 0; i < width; i++)
        busy |= lane[i] != NULL;
    }
  }
  return KC_OK;
}

int kc_sim_native_width(void) { return 4; }

static kc_run *open_run(void *user, int ticket) {
  fixture *f = user;
  omp_set_lock(&f->lock);
  f->visits[ticket]++;
  omp_unset_lock(&f->lock);
  if (ticket % 100 == 17)
    return NULL; // there is nothing to run
  made *m = calloc(1, sizeof *m);
  m->ticket = ticket;
  m->scenario.body = m->scenario.internal = &body;
  m->scenario.task.ground.n_wave = kind_of(ticket);
  m->run.scenario = &m->scenario;
  omp_set_lock(&f->lock);
  f->n_live++;
  f->most_live = f->n_live > f->most_live ? f->n_live : f->most_live;
  omp_unset_lock(&f->lock);
  return &m->run;
}

static void close_run(void *user, kc_run *run) {
  fixture *f = user;
  made *m = (made *)run;
  omp_set_lock(&f->lock);
  f->kind[m->ticket] = run->outcome.kind;
  memcpy(f->reason[m->ticket], run->outcome.reason, sizeof run->outcome.reason);
  f->n_live--;
  if (++f->n_closed == f->stop_after)
    f->hold = 1;
  omp_unset_lock(&f->lock);
  free(m);
}

static kc_status run_stream(fixture *f, kc_study_stream stream, kc_error *error) {
  memset(f, 0, sizeof *f);
  f->stop_after = stream.n < 0 ? -stream.n : -1;
  omp_init_lock(&f->lock);
  stream.n = N_TICKET;
  stream.open = open_run;
  stream.close = close_run;
  stream.user = f;
  stream.hold = &f->hold;
  stream.stop = &f->stop;
  kc_status status = kc_study_run_stream(&stream, error);
  omp_destroy_lock(&f->lock);
  assert_int_equal(f->n_live, 0);
  return status;
}

static void test_every_ticket_once(void **unused) {
  (void)unused;
  static fixture f;
  for (int width = 1; width <= 8; width *= 2)
    for (int threads = 1; threads <= 3; threads++)
      for (int aside = 1; aside <= 9; aside += 4) {
        kc_error error = kc_error_default();
        kc_study_stream stream = {
            .width = width, .threads = threads, .max_aside = aside, .tolerant = 1};
        assert_int_equal(run_stream(&f, stream, &error), KC_OK);
        assert_int_equal(error.n_finding, 0);
        for (int i = 0; i < N_TICKET; i++) {
          assert_int_equal(f.visits[i], 1);
          if (i % 100 == 17)
            assert_int_equal(f.kind[i], KC_RUNNING);
          else if (i % 50 == 49)
            assert_int_equal(f.kind[i], KC_FAILED);
          else
            assert_int_equal(f.kind[i], KC_COMPLETED);
        }
        assert_string_equal(f.reason[149], "engine: will not have ticket 149");
        // lanes, one that begins the next batch and one being made on each thread, those aside
        assert_true(f.most_live <= threads * (width + 2) + aside);
      }
}

static void test_ends_where_a_refusal_counts(void **unused) {
  (void)unused;
  static fixture f;
  kc_error error = kc_error_default();
  kc_study_stream stream = {.width = 4, .threads = 2};
  assert_int_equal(run_stream(&f, stream, &error), KC_ERR_INPUT);
  assert_true(error.n_finding >= 1);
  assert_non_null(strstr(error.finding[0].text, "will not have ticket"));
  kc_error_destroy(&error);
}

static void test_holds(void **unused) {
  (void)unused;
  static fixture f;
  kc_error error = kc_error_default();
  kc_study_stream stream = {.width = 4, .threads = 2, .tolerant = 1, .n = -30};
  assert_int_equal(run_stream(&f, stream, &error), KC_ERR_INTERRUPTED);
  int begun = 0, whole = 0;
  for (int i = 0; i < N_TICKET; i++) {
    begun += f.visits[i];
    whole += f.kind[i] == KC_COMPLETED || f.kind[i] == KC_FAILED;
    if (f.kind[i] == KC_INTERRUPTED)
      assert_string_equal(f.reason[i], "not started");
  }
  assert_true(whole >= 30);
  assert_true(begun <= 30 + 2 * 6 + 8 + 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_ticket_once),
      cmocka_unit_test(test_ends_where_a_refusal_counts),
      cmocka_unit_test(test_holds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
