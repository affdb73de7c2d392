/// @file
/// The queue of runs: every run once, by slot, whatever the width and threads; groups by topology;
/// stop and engine failures.
#include "near.h"
#include "study/parallel.h"

#include "fake_engine.h"

enum { N_RUN = 37 };

typedef struct {
  int visits, index;
  double result;
} slot;

static volatile int stop_flag;
static int stop_after = -1; // runs after which the flag is raised

static void fake_run(kc_run *run, const volatile int *stop) {
  slot *s = run->user;
  if (stop && *stop) {
    run->outcome = (kc_outcome){.kind = KC_INTERRUPTED, .time = 0.5};
    return;
  }
  s->visits++;
  double x = run->scenario->task.speed;
  for (int i = 0; i < 2000 * (1 + s->index % 5); i++)
    x = 3.7 * x * (1 - x); // chaotic: any mix shows
  s->result = x;
  run->outcome = (kc_outcome){.kind = s->index % 7 == 3 ? KC_FELL : KC_COMPLETED, .time = s->index};
}

typedef struct {
  kc_joint joint[2][N_JOINT];
  kc_sphere sphere[2][3];
  kc_model model[2];
  kc_scenario scenario[N_RUN];
  kc_run run[N_RUN], *list[N_RUN];
  slot slots[N_RUN];
} fixture;

static void make_runs(fixture *f) {
  memset(f, 0, sizeof *f);
  for (int i = 0; i < 2; i++)
    f->model[i] = fake_model(f->joint[i], f->sphere[i]);
  for (int i = 0; i < N_RUN; i++) {
    kc_task *task = &f->scenario[i].task;
    task->speed = 0.1 + 0.8 * i / N_RUN;
    task->step = 1e-3;
    task->ground.n_wave = i % 3; // three topologies, interleaved
    f->scenario[i].body = f->scenario[i].internal = &f->model[i % 2];
    f->slots[i].index = i;
    f->run[i] = (kc_run){.scenario = &f->scenario[i], .user = &f->slots[i]};
    f->list[i] = &f->run[i];
  }
  stop_flag = 0;
}

static int last_done;
static void count_progress(void *user, int n_done, int n, const kc_run *run) {
  assert_true(n_done == last_done + 1 && n == N_RUN && run->outcome.kind != KC_RUNNING);
  last_done = n_done;
  if (n_done == stop_after)
    *(volatile int *)user = 1;
}

static void test_every_run_once_and_the_same_everywhere(void **unused) {
  (void)unused;
  static fixture f;
  double first[N_RUN];
  for (int width = 1; width <= 8; width *= 2)
    for (int threads = 1; threads <= 3; threads++) {
      make_runs(&f);
      last_done = 0;
      kc_error error = kc_error_default();
      kc_study_parallel p = kc_study_default_parallel();
      p.width = width, p.threads = threads, p.progress = count_progress;
      assert_int_equal(kc_study_run_parallel(&p, f.list, N_RUN, &error), KC_OK);
      assert_int_equal(last_done, N_RUN);
      for (int i = 0; i < N_RUN; i++) {
        assert_int_equal(f.slots[i].visits, 1);
        assert_int_equal(f.run[i].outcome.kind, i % 7 == 3 ? KC_FELL : KC_COMPLETED);
        assert_true(f.run[i].outcome.time == i);
        if (width == 1 && threads == 1)
          first[i] = f.slots[i].result;
        assert_true(f.slots[i].result == first[i]);
      }
      kc_error_destroy(&error);
    }
}

static void test_stops_and_says_what_never_started(void **unused) {
  (void)unused;
  static fixture f;
  make_runs(&f);
  last_done = 0;
  stop_after = 9;
  kc_error error = kc_error_default();
  kc_study_parallel p = kc_study_default_parallel();
  p.width = 1, p.threads = 2, p.stop = &stop_flag, p.progress = count_progress;
  p.user = (void *)(uintptr_t)&stop_flag;
  assert_int_equal(kc_study_run_parallel(&p, f.list, N_RUN, &error), KC_ERR_INTERRUPTED);
  stop_after = -1;
  int finished = 0, unstarted = 0;
  for (int i = 0; i < N_RUN; i++) {
    finished += f.slots[i].visits;
    unstarted += f.run[i].outcome.kind == KC_INTERRUPTED &&
                 strcmp(f.run[i].outcome.reason, "not started") == 0;
  }
  assert_true(finished >= 9 && finished <= 10);
  assert_true(unstarted >= N_RUN - 11);
  assert_int_equal(error.n_finding, 0);
  kc_error_destroy(&error);
}

static void test_hands_on_what_the_engine_says(void **unused) {
  (void)unused;
  static fixture f;
  make_runs(&f);
  kc_error error = kc_error_default();
  kc_study_parallel p = kc_study_default_parallel();
  p.width = 7, p.threads = 2;
  assert_int_equal(kc_study_run_parallel(&p, f.list, N_RUN, &error), KC_ERR_INPUT);
  assert_true(error.n_finding >= 1);
  assert_string_equal(error.finding[0].text, "has no width 7");
  assert_int_equal(f.slots[0].visits, 0);
  kc_error_destroy(&error);
  assert_int_equal(kc_study_run_parallel(&p, NULL, 0, &error), KC_OK);
}

static void test_tells_topologies_apart(void **unused) {
  (void)unused;
  static fixture f;
  make_runs(&f);
  kc_scenario *a = &f.scenario[0], *b = &f.scenario[3]; // same waves, other model object
  assert_true(kc_study_is_same_topology(a, b));
  f.joint[1][HIP_R].mass = 9.3; // numbers are no topology
  f.joint[1][HIP_R].axis[0] = 0.31;
  assert_true(kc_study_is_same_topology(a, b));
  f.joint[1][KNEE_R].parent = ROTATION;
  assert_false(kc_study_is_same_topology(a, b));
  f.joint[1][KNEE_R].parent = HIP_R;
  f.sphere[1][0].link = HIP_R;
  assert_false(kc_study_is_same_topology(a, b));
  f.sphere[1][0].link = KNEE_R;
  b->task.integrator = KC_STEP_RK4;
  assert_false(kc_study_is_same_topology(a, b));
  b->task.integrator = a->task.integrator;
  b->task.step = 5e-4;
  assert_false(kc_study_is_same_topology(a, b));
  b->task.step = a->task.step;
  b->task.duration = 99;
  assert_true(kc_study_is_same_topology(a, b));
  assert_false(kc_study_is_same_topology(a, &f.scenario[1]));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_run_once_and_the_same_everywhere),
      cmocka_unit_test(test_stops_and_says_what_never_started),
      cmocka_unit_test(test_hands_on_what_the_engine_says),
      cmocka_unit_test(test_tells_topologies_apart),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
