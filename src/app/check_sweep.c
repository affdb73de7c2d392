/// @file
/// What a sweep will take: runs, time from a short measured run, sizes of journal and file.
#include "app/check_sweep.h"
#include "app/app.h"
#include "app/sweep_file.h"
#include "record/recording.h"
#include "study/parallel.h"
#include "study/sweep_run.h"
#include <omp.h>
#include <stdlib.h>
#include <time.h>

enum { N_PROBE = 16, MAX_LANES = 8 };
static const double probe_time = 1; // s, longest measured run

/// What a few runs of the sweep say of all.
typedef struct {
  int n_made, n_failed;
  double duration, make_time; // s, means
  double row;                 // bytes
  double speed;               // times real time on one core
  kc_scenario *first;         // that could be made; NULL if none
} probe;

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/// Makes a few runs spread over the sweep.
static void make_some(const kc_sweep *sweep, probe *p) {
  int n = sweep->n_run < N_PROBE ? sweep->n_run : N_PROBE;
  double start = now();
  for (int i = 0; i < n; i++) {
    kc_scenario *s;
    kc_error ignored = kc_error_default(); // such a run becomes a row with its reason
    int index = (int)((long long)i * sweep->n_run / n);
    if (kc_sweep_make_scenario(sweep, index, &s, &ignored) != KC_OK) {
      p->n_failed++;
    } else {
      p->n_made++;
      p->duration += s->task.duration;
      p->row += kc_app_estimate_row(sweep, s);
      if (!p->first)
        p->first = s;
      else
        kc_scenario_destroy(s);
    }
    kc_error_destroy(&ignored);
  }
  p->make_time = (now() - start) / n;
  if (p->n_made > 0) {
    p->duration /= p->n_made;
    p->row /= p->n_made;
  }
}

/// As many copies as there are lanes, on one core, recorded as in the sweep.
static kc_status measure(probe *p, kc_error *error) {
  kc_task *task = &p->first->task;
  if (task->duration > probe_time)
    task->duration = probe_time;
  kc_run run[MAX_LANES], *list[MAX_LANES];
  kc_recording *recording[MAX_LANES] = {NULL};
  int n = kc_sim_native_width(), n_sample, n_tick;
  kc_status status = kc_study_count_samples(task, &n_sample, &n_tick, error);
  for (int i = 0; i < n && status == KC_OK; i++) {
    status = kc_record_create(p->first->body, n_sample, n_tick, &recording[i], error);
    run[i] = kc_study_default_run(p->first, recording[i]);
    list[i] = &run[i];
  }
  kc_study_parallel parallel = {.width = n, .threads = 1};
  double start = now(), simulated = 0;
  if (status == KC_OK)
    status = kc_study_run_parallel(&parallel, list, n, error);
  double wall = now() - start;
  for (int i = 0; i < n; i++) {
    if (status == KC_OK)
      simulated += run[i].outcome.time;
    kc_record_destroy(recording[i]);
  }
  p->speed = wall > 0 ? simulated / wall : 0;
  return status;
}

static void print_size(const char *what, double bytes) {
  if (bytes < 1e6)
    printf("%s %.3g kB", what, bytes * 1e-3);
  else if (bytes < 1e9)
    printf("%s %.3g MB", what, bytes * 1e-6);
  else
    printf("%s %.3g GB", what, bytes * 1e-9);
}

static void print_plan(const kc_sweep *sweep, const probe *p) {
  double n = sweep->n_run, threads = omp_get_num_procs();
  double wall = n * (p->duration / p->speed + p->make_time) / threads;
  printf("  %.4g s of running in all; about ", n * p->duration);
  if (wall < 120)
    printf("%.2g s", wall);
  else if (wall < 7200)
    printf("%.2g min", wall / 60);
  else
    printf("%.2g h", wall / 3600);
  printf(" on %.0f cores (measured: %.3g times real time on one)\n", threads, p->speed);
  print_size("  journal about", n * (p->row + 24));
  print_size(", file about", kc_app_estimate_file(sweep->n_run, p->row));
  print_size(", memory to write it about", kc_app_estimate_memory(sweep->n_run, p->row));
  putchar('\n');
  if (p->n_failed > 0)
    printf("  note: %d of %d runs looked at cannot be made; they become rows with their reason\n",
           p->n_failed, p->n_failed + p->n_made);
}

kc_status kc_app_check_sweep(const char *path, kc_error *error) {
  kc_sweep *sweep;
  KC_TRY(kc_sweep_read(path, NULL, 0, &sweep, error));
  printf("%s: OK: sweep %s, %d runs", path, sweep->name, sweep->n_run);
  if (sweep->n_replicate > 1)
    printf(" (%d points, each with the same %d virtual runners)", sweep->n_point,
           sweep->n_replicate);
  printf(" of %d factor%s\n", sweep->n_factor, sweep->n_factor == 1 ? "" : "s");
  fflush(stdout);
  probe p = {0};
  make_some(sweep, &p);
  kc_status status = p.first ? measure(&p, error)
                             : kc_error_add(error, KC_ERR_INPUT, path,
                                            "none of %d runs looked at can be made", p.n_failed);
  if (status == KC_OK)
    print_plan(sweep, &p);
  kc_scenario_destroy(p.first);
  kc_sweep_destroy(sweep);
  return status;
}
