/// @file
/// kinchain bench: times of the parts of a step and times real time, per lane width and threads.
#include "sim/bench.h"
#include "app/app.h"
#include "app/summary.h"
#include "sim/engine.h"
#include "study/parallel.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const int widths[] = {1, 4, 8};
enum { N_WIDTH = 3, MAX_THREADS = 2, N_REPEAT = 3 };

// what one width gave; whole[t] with t + 1 threads, simulated over real time
typedef struct {
  int width;
  kc_variant variant;
  kc_bench part;
  double whole[MAX_THREADS];
} result;

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void look(void *user, const kc_sample *sample) { *(double *)user += sample->kinetic; }

// as many runs as fill all lanes of all threads twice
static kc_status run_once(const kc_scenario *scenario, int width, int threads, double *speed,
                          kc_error *error) {
  int n = 2 * width * threads;
  kc_run *run = calloc((size_t)n, sizeof *run);
  kc_run **pointer = calloc((size_t)n, sizeof *pointer);
  double *seen = calloc((size_t)n, sizeof *seen);
  kc_status status = KC_ERR_MEMORY;
  if (run && pointer && seen) {
    for (int i = 0; i < n; i++)
      run[i] = (kc_run){.scenario = scenario, .sample = look, .tick = look, .user = &seen[i]},
      pointer[i] = &run[i];
    kc_study_parallel parallel = kc_study_default_parallel();
    parallel.width = width, parallel.threads = threads;
    double start = now(), simulated = 0;
    status = kc_study_run_parallel(&parallel, pointer, n, error);
    for (int i = 0; i < n; i++)
      simulated += run[i].outcome.time;
    *speed = simulated / (now() - start);
  }
  free(run);
  free(pointer);
  free(seen);
  return status;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static kc_status time_whole(const kc_scenario *scenario, int width, int threads, double *speed,
                            kc_error *error) {
  double sample[N_REPEAT];
  for (int i = 0; i < N_REPEAT; i++)
    KC_TRY(run_once(scenario, width, threads, &sample[i], error));
  qsort(sample, N_REPEAT, sizeof *sample, compare);
  *speed = sample[N_REPEAT / 2];
  return KC_OK;
}

static kc_status time_width(const kc_scenario *scenario, result *r, kc_error *error) {
  KC_TRY(kc_sim_time_parts(r->variant, scenario, &r->part, error));
  for (int t = 0; t < MAX_THREADS; t++)
    KC_TRY(time_whole(scenario, r->width, t + 1, &r->whole[t], error));
  return KC_OK;
}

// share of a simulated second that each part takes, %
static void print_shares(const kc_scenario *s, const result *r, int n) {
  static const char *const name[] = {"tree",    "contact",   "paths",     "muscles",
                                     "control", "recording", "the others"};
  enum { N = sizeof name / sizeof *name };
  for (int k = 0; k < N; k++) {
    printf("share of %-10s %%       ", name[k]);
    for (int i = 0; i < n; i++) {
      const kc_bench *p = &r[i].part;
      double step = 1 / s->task.step, tick = 1 / s->task.control_interval;
      double muscle_step = step / s->task.muscle_steps;
      double part[N] = {p->tree * step,         p->contact * step,
                        p->paths * muscle_step, p->muscles * muscle_step,
                        p->tick * tick,         p->sample / s->task.record_interval};
      double all = p->step * step + part[4] + part[5];
      part[N - 1] = all;
      for (int other = 0; other < N - 1; other++)
        part[N - 1] -= part[other];
      printf(" %15.1f", 100 * part[k] / all);
    }
    putchar('\n');
  }
}

static void print_table(const kc_scenario *s, const result *r, int n) {
  const kc_model *m = s->body;
  printf("%s: %d coordinates, %d muscles, %d contact spheres, %d bands, controller; step %.3g ms, "
         "of muscles %.3g ms, control every %.3g ms\nmedians per runner on one core\n\n%-28s",
         s->name, m->n_joint, m->n_muscle, m->n_sphere, m->n_band, 1e3 * s->task.step,
         1e3 * s->task.step * s->task.muscle_steps, 1e3 * s->task.control_interval, "");
  for (int i = 0; i < n; i++)
    printf(" %4d lanes (%s)", r[i].width, kc_sim_variant_name(r[i].variant));
  putchar('\n');
#define X(name, meaning)                                                                           \
  printf("%-8s us                 ", #name);                                                       \
  for (int i = 0; i < n; i++)                                                                      \
    printf(" %15.3f", 1e6 * r[i].part.name);                                                       \
  putchar('\n');
  KC_BENCH_LIST(X)
#undef X
  print_shares(s, r, n);
  for (int t = 0; t < MAX_THREADS; t++) {
    printf("times real time, %d thread%s ", t + 1, t ? "s" : " ");
    for (int i = 0; i < n; i++)
      printf(" %15.1f", r[i].whole[t]);
    putchar('\n');
  }
  putchar('\n');
#define X(name, meaning) printf("%-8s %s\n", #name, meaning);
  KC_BENCH_LIST(X)
#undef X
}

static void print_json(const kc_scenario *s, const result *r, int n) {
  fputs("{\"scenario\": ", stdout);
  kc_app_print_json_text(stdout, s->name);
  printf(", \"coordinates\": %d, \"widths\": [", s->body->n_joint);
  for (int i = 0; i < n; i++) {
    printf("%s\n {\"lanes\": %d, \"variant\": \"%s\"", i ? "," : "", r[i].width,
           kc_sim_variant_name(r[i].variant));
#define X(name, meaning) printf(", \"%s_us\": %.6g", #name, 1e6 * r[i].part.name);
    KC_BENCH_LIST(X)
#undef X
    for (int t = 0; t < MAX_THREADS; t++)
      printf(", \"times_real_time_%d\": %.6g", t + 1, r[i].whole[t]);
    putchar('}');
  }
  puts("]}");
}

static kc_status time_scenario(const kc_app_arguments *arguments, const kc_scenario *scenario,
                               kc_error *error) {
  result r[N_WIDTH];
  int n = 0;
  for (int i = 0; i < N_WIDTH; i++) {
    kc_variant variant = kc_sim_choose_variant(widths[i]);
    if ((arguments->lanes && arguments->lanes != widths[i]) ||
        kc_sim_variant_lanes(variant) != widths[i])
      continue;
    r[n] = (result){.width = widths[i], .variant = variant};
    KC_TRY(time_width(scenario, &r[n++], error));
  }
  if (arguments->json)
    print_json(scenario, r, n);
  else
    print_table(scenario, r, n);
  return KC_OK;
}

static int run(const kc_app_arguments *arguments) {
  kc_error error = kc_error_default();
  kc_scenario *scenario;
  kc_status status = kc_scenario_read(arguments->word[0], arguments->setting, arguments->n_setting,
                                      &scenario, &error);
  if (status == KC_OK) {
    if (scenario->task.duration > 3)
      scenario->task.duration = 3;
    status = time_scenario(arguments, scenario, &error);
    kc_scenario_destroy(scenario);
  }
  return kc_app_finish(status, &error);
}

static const kc_app_option options[] = {
    {"--lanes", 'l', KC_APP_CHOICE, "1|4|8", "only this width", KC_APP_FIELD(lanes), 0, 0},
    KC_APP_OPTION_SET,
    KC_APP_OPTION_JSON,
    KC_APP_OPTION_HELP,
    KC_APP_OPTION_END,
};

const kc_app_command kc_app_command_bench = {
    .name = "bench",
    .words = "SCENARIO",
    .summary = "times of the parts of a step, and times real time",
    .description =
        "Times, per runner and lane width: the articulated-body algorithm, a right-hand side, a\n"
        "step and its parts, a control tick, a sample (medians on one core), and the share of "
        "each;\n"
        "and how much faster than real time the first 3 s of the scenario run with 1 and 2\n"
        "threads, samples handed out but not kept.\n\n"
        "  kinchain bench scenarios/level.yaml\n",
    .min_words = 1,
    .max_words = 1,
    .option = options,
    .run = run,
};
