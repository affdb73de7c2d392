/// @file
/// kinchain run: one scenario or several at once, each to its result file.
#include "app/job.h"
#include "app/summary.h"
#include "base/progress.h"
#include "io/result.h"
#include "record/course.h"
#include "study/parallel.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// all runs of the command, and what the progress line shows
typedef struct {
  const kc_app_arguments *arguments;
  int n;
  kc_app_job *job;
  kc_progress progress;
  atomic_int n_done;
  int n_step, last_phase; // of the run that the line shows
  kc_run shown;           // that run, with its own sinks
  double wall;            // s
  int interrupted;        // while a scenario adapted
} session;

// the first run is shown as it goes: its samples come on one thread at a time
static void show_sample(void *user, const kc_sample *sample) {
  session *s = user;
  s->shown.sample(s->shown.user, sample);
  if (sample->phase != 0 && s->last_phase == 0)
    s->n_step++;
  s->last_phase = sample->phase;
  double velocity[3];
  kc_bend_frame frame = kc_record_frame(sample);
  kc_bend_turn_vector(&frame, sample->com_velocity, velocity);
  kc_progress_show(&s->progress, "%s: %.2f of %.2f s, %.2f m/s, %d steps; %d of %d runs done",
                   s->job[0].scenario->name, sample->time, s->job[0].scenario->task.duration,
                   velocity[0], s->n_step, atomic_load(&s->n_done), s->n);
}

static void record_tick(void *user, const kc_sample *sample) {
  session *s = user;
  s->shown.tick(s->shown.user, sample);
}

static void count_run(void *user, int n_done, int n, const kc_run *run) {
  session *s = user;
  (void)n;
  (void)run;
  atomic_store(&s->n_done, n_done);
}

/// Scenarios, or one run of a sweep's file.
static kc_status check_words(const kc_app_arguments *a, kc_error *error) {
  if (a->from && a->n_word > 0)
    return kc_error_add(error, KC_ERR_INPUT, a->word[0],
                        "--from FILE --run N repeats a run of a sweep; leave the scenario out");
  if (a->from && !a->output)
    return kc_error_add(error, KC_ERR_INPUT, "--output", "say where the run goes: -o run.h5");
  if (!a->from && a->n_word == 0)
    return kc_error_add(error, KC_ERR_INPUT, "run", "needs SCENARIO...; see 'kinchain run --help'");
  return KC_OK;
}

static kc_status open_session(session *s, kc_error *error) {
  KC_TRY(check_words(s->arguments, error));
  s->job = calloc((size_t)s->n, sizeof *s->job);
  if (!s->job)
    return kc_error_add(error, KC_ERR_MEMORY, "run", "no memory for %d runs", s->n);
  for (int i = 0; i < s->n; i++) {
    s->job[i].source = s->arguments->from ? s->arguments->from : s->arguments->word[i];
    // every file's problems are told, then none is run
    if (kc_app_open_job(&s->job[i], s->arguments, error) != KC_OK)
      continue;
  }
  if (error->n_finding)
    return error->status;
  KC_TRY(kc_app_place_jobs(s->arguments, s->job, s->n, error));
  s->progress = kc_progress_default(s->arguments->quiet);
  s->shown = s->job[0].run;
  s->job[0].run.sample = show_sample;
  s->job[0].run.tick = record_tick;
  s->job[0].run.user = s;
  return KC_OK;
}

/// One scenario after the other, each on all threads. An interruption ends it: what has adapted
/// runs all the same, the rest is left out.
static kc_status adapt(session *s, kc_error *error) {
  for (int i = 0; i < s->n; i++) {
    kc_app_job *job = &s->job[i];
    if (s->interrupted) {
      job->left_out = 1;
      continue;
    }
    KC_TRY(kc_app_adapt_job(job, s->arguments, &s->progress, error));
    s->interrupted = job->adaptation && job->adaptation->result.is_interrupted;
  }
  for (int i = 0; i < s->n && s->interrupted; i++)
    if (!s->job[i].adaptation)
      s->job[i].left_out = 1;
  if (s->interrupted)
    kc_app_forget_interrupt();
  return KC_OK;
}

/// Runs to be made: each scenario's, and where it adapted the naive one beside it.
static int list_runs(session *s, kc_run **run) {
  int n = 0;
  for (int i = 0; i < s->n; i++) {
    kc_app_job *job = &s->job[i];
    if (job->left_out)
      continue;
    run[n++] = &job->run;
    if (job->adaptation)
      run[n++] = &job->adaptation->run;
  }
  return n;
}

static kc_status simulate(session *s, kc_error *error) {
  kc_run **run = calloc(2 * (size_t)s->n, sizeof *run);
  if (!run)
    return kc_error_add(error, KC_ERR_MEMORY, "run", "no memory for %d runs", s->n);
  int n = list_runs(s, run);
  kc_study_parallel parallel = kc_study_default_parallel();
  parallel.width = s->arguments->lanes;
  parallel.threads = s->arguments->threads;
  parallel.stop = kc_app_watch_interrupt();
  parallel.progress = count_run;
  parallel.user = s;
  double start = kc_app_read_clock();
  kc_status status = kc_study_run_parallel(&parallel, run, n, error);
  s->wall = kc_app_read_clock() - start;
  kc_progress_clear(&s->progress);
  free(run);
  return status == KC_OK && s->interrupted ? KC_ERR_INTERRUPTED : status;
}

static kc_status write_log(const session *s, const kc_app_job *job, kc_error *error) {
  char command[4000] = "kinchain run", date[40] = "";
  size_t used = strlen(command);
  for (int i = 0; i < s->n && used + 2 < sizeof command; i++)
    used += (size_t)snprintf(command + used, sizeof command - used, " %s", s->job[i].source);
  time_t t = time(NULL);
  struct tm utc;
  if (gmtime_r(&t, &utc))
    (void)strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc);
  const kc_io_log_entry entry[] = {
      {"command", command, 0},
      {"date", date, 0},
      {"lanes", NULL, s->arguments->lanes ? s->arguments->lanes : kc_sim_native_width()},
      {"threads", s->arguments->threads ? NULL : "all", s->arguments->threads},
      {"runs", NULL, s->n},
      {"wall_time_s", NULL, s->wall},
      {"adaptation_wall_time_s", NULL, job->adaptation ? job->adaptation->wall : 0},
  };
  int n = (int)(sizeof entry / sizeof *entry) - !job->adaptation;
  return kc_io_write_log(job->path, entry, n, error);
}

static kc_status write_results(session *s, kc_error *error) {
  for (int i = 0; i < s->n; i++) {
    if (s->job[i].left_out)
      continue;
    KC_TRY(kc_app_write_job(&s->job[i], error));
    KC_TRY(write_log(s, &s->job[i], error));
  }
  return KC_OK;
}

static void print_json_adaptation(const kc_app_job *job) {
  const kc_app_adaptation *a = job->adaptation;
  printf(",\n  \"adaptation\": {\"evaluations\": %ld, \"cost_naive\": ", a->result.evaluations);
  kc_app_print_json_number(stdout, kc_app_find_cost(a, &a->run_of, &a->run.outcome, NULL));
  fputs(", \"cost_adapted\": ", stdout);
  kc_app_print_json_number(stdout, kc_app_find_cost(a, &job->watch, &job->run.outcome, NULL));
  printf(",\n   \"naive\": {\"outcome\": \"%s\", \"time\": ",
         kc_app_outcome_name(a->run.outcome.kind));
  kc_app_print_json_number(stdout, a->run.outcome.time);
  fputs(", \"metrics\": {", stdout);
  kc_app_print_json_metrics(stdout, (const double *)&a->analysis->metrics);
  fputs("}}}", stdout);
}

static void print_json(const session *s) {
  fputs("{\"runs\": [", stdout);
  for (int i = 0, n = 0; i < s->n; i++) {
    const kc_app_job *job = &s->job[i];
    if (job->left_out)
      continue;
    fputs(n++ ? ",\n {\"scenario\": " : "\n {\"scenario\": ", stdout);
    kc_app_print_json_text(stdout, job->scenario->name);
    fputs(", \"file\": ", stdout);
    kc_app_print_json_text(stdout, job->path);
    printf(", \"outcome\": \"%s\", \"time\": ", kc_app_outcome_name(job->run.outcome.kind));
    kc_app_print_json_number(stdout, job->run.outcome.time);
    fputs(", \"reason\": ", stdout);
    kc_app_print_json_text(stdout, job->run.outcome.reason);
    fputs(",\n  \"metrics\": {", stdout);
    kc_app_print_json_metrics(stdout, (const double *)&job->analysis->metrics);
    putchar('}');
    if (job->adaptation)
      print_json_adaptation(job);
    putchar('}');
  }
  puts("\n]}");
}

// the muscles that cost most, both sides together
static void print_muscles(const kc_app_job *job) {
  enum { N_SHOWN = 6 };
  int n_muscle = job->scenario->body->n_muscle;
  kc_gait_muscle_cost *rank = calloc((size_t)n_muscle + 1, sizeof *rank);
  if (!rank)
    return;
  int n = kc_gait_rank_muscles(job->recording, job->analysis->settle, KC_LAW_bhargava, rank);
  for (int i = 0; i < n && i < N_SHOWN; i++)
    printf("%s%s %.3g", i ? ", " : "\nCost by muscle, J/(kg m): ", rank[i].name, rank[i].cost);
  if (n > 0)
    printf(" (%s)\n", job->scenario->name);
  free(rank);
}

static kc_summary_column make_column(const char *name, const kc_run *run,
                                     const kc_gait_analysis *analysis) {
  return (kc_summary_column){.name = name,
                             .outcome = kc_app_outcome_name(run->outcome.kind),
                             .reason = run->outcome.reason,
                             .time = run->outcome.time,
                             .value = (const double *)&analysis->metrics};
}

/// A column for each run, the naive one before the adapted one.
static int list_columns(const session *s, kc_summary_column *column) {
  int n = 0;
  for (int i = 0; i < s->n; i++) {
    const kc_app_job *job = &s->job[i];
    if (job->left_out)
      continue;
    if (job->adaptation)
      column[n++] = make_column("naive", &job->adaptation->run, job->adaptation->analysis);
    column[n++] = make_column(job->scenario->name, &job->run, job->analysis);
  }
  return n;
}

static void print_adaptation(const kc_app_job *job) {
  const kc_app_adaptation *a = job->adaptation;
  printf("\n%s: adapted in %ld runs of %.10g s, %.0f s (%s): cost %.6g -> %.6g",
         job->scenario->name, a->result.evaluations, a->trial, a->wall, a->result.reason,
         a->result.start_cost, a->result.best_cost);
  if (a->trial != job->scenario->task.duration)
    printf("; of the whole run %.6g -> %.6g",
           kc_app_find_cost(a, &a->run_of, &a->run.outcome, NULL),
           kc_app_find_cost(a, &job->watch, &job->run.outcome, NULL));
  putchar('\n');
}

static kc_status print_results(const session *s, kc_error *error) {
  if (s->arguments->json) {
    print_json(s);
    return KC_OK;
  }
  if (s->arguments->quiet)
    return KC_OK;
  kc_summary_column *column = calloc(2 * (size_t)s->n, sizeof *column);
  if (!column)
    return kc_error_add(error, KC_ERR_MEMORY, "summary", "no memory for %d runs", s->n);
  int n = list_columns(s, column);
  double simulated = 0;
  for (int i = 0; i < n; i++)
    simulated += column[i].time;
  kc_app_print_summary(stdout, column, n, s->arguments->all);
  free(column);
  for (int i = 0; i < s->n; i++)
    if (!s->job[i].left_out)
      print_muscles(&s->job[i]);
  for (int i = 0; i < s->n; i++)
    if (s->job[i].adaptation && !s->job[i].left_out)
      print_adaptation(&s->job[i]);
  printf("\n%.1f s simulated in %.1f s (%.1f times real time)\n", simulated, s->wall,
         s->wall > 0 ? simulated / s->wall : 0.0);
  for (int i = 0, k = 0; i < s->n; i++)
    if (!s->job[i].left_out)
      printf("%s %s\n", k++ ? "       " : "Result:", s->job[i].path);
  return KC_OK;
}

static int has_unfinished(const session *s) {
  for (int i = 0; i < s->n; i++)
    if (s->job[i].run.outcome.kind != KC_COMPLETED)
      return 1;
  return 0;
}

static int run(const kc_app_arguments *arguments) {
  kc_error error = kc_error_default();
  session s = {.arguments = arguments, .n = arguments->from ? 1 : arguments->n_word};
  kc_status status = open_session(&s, &error);
  if (status == KC_OK)
    status = adapt(&s, &error);
  if (status == KC_OK) {
    status = simulate(&s, &error);
    // Ctrl-C keeps what is done
    if (status == KC_OK || status == KC_ERR_INTERRUPTED) {
      kc_status written = write_results(&s, &error);
      if (written == KC_OK)
        written = print_results(&s, &error);
      if (written != KC_OK)
        status = written;
    }
  }
  int unfinished = status == KC_OK && arguments->must_finish && has_unfinished(&s);
  for (int i = 0; s.job && i < s.n; i++)
    kc_app_close_job(&s.job[i]);
  free(s.job);
  int code = kc_app_finish(status, &error);
  return code == 0 && unfinished ? KC_APP_EXIT_FELL : code;
}

static const kc_app_option options[] = {
    {"--output", 'o', KC_APP_TEXT, "FILE|DIR",
     "the result file, or for several scenarios the folder of their result\n"
     "files (default: <scenario>.h5 in the working folder)",
     KC_APP_FIELD(output), 0, 0},
    KC_APP_OPTION_SET,
    {"--from", 0, KC_APP_TEXT, "SWEEP.h5",
     "repeats one run of a sweep in full, from its file alone", KC_APP_FIELD(from), 0, 0},
    {"--run", 0, KC_APP_INT, "N", "which one (default: 0, the first)", KC_APP_FIELD(run), 0, 1e9},
    KC_APP_OPTION_THREADS,
    KC_APP_OPTION_LANES,
    {"--must-finish", 0, KC_APP_FLAG, NULL, "exit code 3 if a run fell or diverged",
     KC_APP_FIELD(must_finish), 0, 0},
    {"--all", 'a', KC_APP_FLAG, NULL, "show all metrics, not only the main ones", KC_APP_FIELD(all),
     0, 0},
    KC_APP_OPTION_JSON,
    KC_APP_OPTION_QUIET,
    KC_APP_OPTION_HELP,
    KC_APP_OPTION_END,
};

const kc_app_command kc_app_command_run = {
    .name = "run",
    .words = "SCENARIO...",
    .summary = "runs scenarios to HDF5 files and sums them up",
    .description =
        "Simulates each scenario and writes its result file (HDF5, opened by h5py, "
        "xarray, netCDF-4,\n"
        "MATLAB, R, Julia) and beside it <file>.log.json with date, command and wall "
        "time. A run that\n"
        "falls is a result: its time and cause are told and recorded. Ctrl-C keeps what "
        "is done.\n\n"
        "A scenario with controller: {mode: adapted, evaluations: 2000} (or budget: 300 s) "
        "first tunes\n"
        "its parameters on in the changed body; the file holds both runs, the naive one "
        "in the group\n"
        "naive. After a kill or Ctrl-C the same command goes on, from FILE.adapt.\n\n"
        "  kinchain run scenarios/level.yaml -o level.h5\n"
        "  kinchain run scenarios/*.yaml -o results --threads 2\n"
        "  kinchain run scenarios/level.yaml -o steep.h5 --set course/grade=\"4 %\"\n"
        "  kinchain run --from sweep.h5 --run 417 -o run417.h5\n",
    .min_words = 0,
    .max_words = KC_APP_MAX_WORDS,
    .option = options,
    .run = run,
};
