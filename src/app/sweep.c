/// @file
/// kinchain sweep: all runs of a sweep file, journalled one by one, then one result file.
#include "app/job.h"
#include "app/sweep_file.h"
#include "base/file.h"
#include "base/progress.h"
#include "io/result.h"
#include "study/sweep_run.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// One call of the command.
typedef struct {
  const kc_app_arguments *arguments;
  kc_app_sweep sweep;
  char *journal_path;
  kc_io_journal *journal;
  int n_record;                 // of the journal
  int n_before, n_due, n_done;  // kept before, to do, done in this call
  int *due;                     // (n_due) numbers of runs
  int n_outcome[KC_FAILED + 1]; // of this shard, kept ones too
  kc_progress progress;
  double start, wall, simulated; // s
  const volatile int *interrupted;
} session;

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int read_variable(const char *name, int *value) {
  const char *text = getenv(name);
  char *end;
  long number = text && *text ? strtol(text, &end, 10) : -1;
  if (number < 0 || number > 1 << 20 || *end)
    return 0;
  *value = (int)number;
  return 1;
}

/// "2/4", else what Slurm says of a task of an array, else all.
static kc_status find_shard(const char *text, int *shard, int *n_shard, kc_error *error) {
  int first = 0, step = 1, task, n;
  *shard = 0;
  *n_shard = 1;
  if (text) {
    char rest;
    if (sscanf(text, "%7d/%7d%c", &task, &n, &rest) != 2 || n < 1 || task < 1 || task > n)
      return kc_error_add(error, KC_ERR_INPUT, "--shard",
                          "'%.40s' is no part i of N; write for example --shard 1/4", text);
    *shard = task - 1;
    *n_shard = n;
    return KC_OK;
  }
  if (!read_variable("SLURM_ARRAY_TASK_ID", &task) || !read_variable("SLURM_ARRAY_TASK_COUNT", &n))
    return KC_OK;
  if (!read_variable("SLURM_ARRAY_TASK_MIN", &first))
    first = 0;
  if (!read_variable("SLURM_ARRAY_TASK_STEP", &step) || step < 1)
    step = 1;
  if (n < 1 || task < first || (task - first) % step != 0 || (task - first) / step >= n)
    return kc_error_add(error, KC_ERR_INPUT, "SLURM_ARRAY_TASK_ID",
                        "task %d is none of %d from %d by %d; say --shard i/N", task, n, first,
                        step);
  *shard = (task - first) / step;
  *n_shard = n;
  return KC_OK;
}

static kc_status check_arguments(const kc_app_arguments *a, kc_error *error) {
  if (!a->output || !a->output[0])
    return kc_error_add(error, KC_ERR_INPUT, "--output", "say where the results go: -o sweep.h5");
  return kc_io_check_output(a->output, error);
}

/// A file that is there already: that of this very sweep, whole, or in the way.
static kc_status check_output(session *s, int *whole, kc_error *error) {
  const char *path = s->arguments->output;
  *whole = 0;
  FILE *there = fopen(path, "rb");
  if (!there)
    return KC_OK;
  (void)fclose(there);
  kc_io_sweep *file;
  kc_status status = kc_io_open_sweep(path, &file, error);
  if (status == KC_OK) {
    const char *header = kc_io_sweep_text(file, "header");
    int different = kc_io_compare_headers(path, header ? header : "", s->sweep.header, error);
    kc_io_close_sweep(file);
    *whole = different == 0;
    if (*whole)
      return KC_OK;
  }
  return kc_error_add(error, KC_ERR_INPUT, path,
                      "is there already and not of this sweep; choose another place with -o, or "
                      "remove it");
}

static void count_outcome(session *s, const kc_sweep_row *row) { s->n_outcome[row->kind]++; }

/// What the journal holds: which record is which run.
static kc_status read_journal(session *s, int n_record, kc_error *error) {
  void *bytes = NULL;
  size_t room = 0;
  for (int i = 0; i < n_record; i++) {
    size_t size = kc_io_journal_size(s->journal, i);
    if (size > room) {
      void *more = realloc(bytes, size);
      if (!more) {
        free(bytes);
        return kc_error_add(error, KC_ERR_MEMORY, s->journal_path, "no memory to read it");
      }
      bytes = more;
      room = size;
    }
    kc_sweep_row row;
    kc_status status = kc_io_journal_read(s->journal, i, bytes, error);
    if (status != KC_OK) {
      free(bytes);
      return status;
    }
    const kc_app_sweep *w = &s->sweep;
    if (kc_sweep_row_read(bytes, size, &row) != KC_OK || row.index >= w->sweep->n_run ||
        row.index % w->n_shard != w->shard || row.n_metric != kc_gait_n_metric()) {
      free(bytes);
      return kc_error_add(error, KC_ERR_INPUT, s->journal_path,
                          "its record %d is of another program; remove it to begin anew", i);
    }
    int *record = &s->sweep.record[row.index / w->n_shard];
    if (*record < 0) {
      count_outcome(s, &row);
      s->n_before++;
    }
    *record = i;
  }
  free(bytes);
  return KC_OK;
}

static kc_status list_due(session *s, kc_error *error) {
  const kc_app_sweep *w = &s->sweep;
  s->due = malloc((size_t)(w->n + 1) * sizeof *s->due);
  if (!s->due)
    return kc_error_add(error, KC_ERR_MEMORY, "sweep", "no memory for %d runs", w->n);
  int limit = s->arguments->limit > 0 ? s->arguments->limit : w->n;
  for (int i = 0; i < w->n && s->n_due < limit; i++)
    if (w->record[i] < 0)
      s->due[s->n_due++] = i * w->n_shard + w->shard;
  return KC_OK;
}

static kc_status open_journal(session *s, kc_error *error) {
  int n_record = 0;
  KC_TRY(kc_io_journal_open(s->journal_path, s->sweep.header, &s->journal, &n_record, error));
  s->n_record = n_record;
  KC_TRY(read_journal(s, n_record, error));
  return list_due(s, error);
}

static void write_duration(double seconds, char *text, size_t size) {
  if (seconds < 100)
    snprintf(text, size, "%.0f s", seconds);
  else if (seconds < 6000)
    snprintf(text, size, "%.0f min", seconds / 60);
  else
    snprintf(text, size, "%.1f h", seconds / 3600);
}

static void show_progress(session *s) {
  double wall = now() - s->start, rate = s->n_done / (wall > 0 ? wall : 1);
  char left[40];
  write_duration((s->n_due - s->n_done) / (rate > 0 ? rate : 1), left, sizeof left);
  kc_progress_show(&s->progress,
                   "%d of %d runs done, %d fell, %d failed; %.3g runs/s, %.3g times real time; %s "
                   "left",
                   s->n_before + s->n_done, s->sweep.n, s->n_outcome[KC_FELL],
                   s->n_outcome[KC_FAILED], rate, s->simulated / (wall > 0 ? wall : 1), left);
}

static kc_status keep_row(void *user, const kc_sweep_row *row, const kc_sweep_bytes *bytes,
                          kc_error *error) {
  session *s = user;
  KC_TRY(kc_io_journal_append(s->journal, bytes->data, bytes->size, error));
  s->sweep.record[row->index / s->sweep.n_shard] = s->n_record++;
  count_outcome(s, row);
  s->n_done++;
  s->simulated += row->time;
  show_progress(s);
  return KC_OK;
}

static kc_status simulate(session *s, kc_error *error) {
  kc_sweep_job job = {.width = s->arguments->lanes,
                      .threads = s->arguments->threads,
                      .n = s->n_due,
                      .index = s->due,
                      .interrupted = s->interrupted,
                      .row = keep_row,
                      .user = s};
  s->progress = kc_progress_default(s->arguments->quiet);
  s->start = now();
  kc_status status = kc_sweep_run(s->sweep.sweep, &job, error);
  s->wall = now() - s->start;
  kc_progress_clear(&s->progress);
  return status;
}

static kc_status write_log(const session *s, kc_error *error) {
  char date[40] = "";
  time_t t = time(NULL);
  struct tm utc;
  if (gmtime_r(&t, &utc))
    (void)strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc);
  char command[1000];
  snprintf(command, sizeof command, "kinchain sweep %s", s->arguments->word[0]);
  const kc_io_log_entry entry[] = {
      {"command", command, 0},
      {"date", date, 0},
      {"lanes", NULL, s->arguments->lanes ? s->arguments->lanes : kc_sim_native_width()},
      {"threads", s->arguments->threads ? NULL : "all", s->arguments->threads},
      {"runs_of_last_call", NULL, s->n_done},
      {"wall_time_of_last_call_s", NULL, s->wall},
      {"simulated_in_last_call_s", NULL, s->simulated},
  };
  return kc_io_write_log(s->arguments->output, entry, sizeof entry / sizeof *entry, error);
}

static void print_summary(const session *s, int written) {
  if (s->arguments->quiet)
    return;
  const int *n = s->n_outcome;
  if (s->sweep.n_shard > 1)
    printf("Part %d of %d: ", s->sweep.shard + 1, s->sweep.n_shard);
  printf("%d of %d runs done: %d completed, %d fell, %d diverged, %d failed\n",
         s->n_before + s->n_done, s->sweep.n, n[KC_COMPLETED], n[KC_FELL], n[KC_DIVERGED],
         n[KC_FAILED]);
  if (s->n_done > 0)
    printf("%.1f s simulated in %.1f s (%.1f times real time, %.3g runs/s)\n", s->simulated,
           s->wall, s->wall > 0 ? s->simulated / s->wall : 0.0,
           s->wall > 0 ? s->n_done / s->wall : 0.0);
  if (written)
    printf("Result: %s\n", s->arguments->output);
}

/// What is done stays in the journal; says how to go on.
static void tell_rest(const session *s) {
  if (!s->arguments->quiet)
    fprintf(stderr, "%s keeps %d of %d runs; start the same command again to go on\n",
            s->journal_path, s->n_before + s->n_done, s->sweep.n);
}

static kc_status finish(session *s, kc_status status, kc_error *error) {
  int complete = s->n_before + s->n_done == s->sweep.n;
  double start = now();
  if (complete)
    status = kc_app_write_sweep(&s->sweep, s->journal, error);
  if (s->journal) {
    kc_status closed = kc_io_journal_close(s->journal, complete && status == KC_OK, error);
    status = status == KC_OK ? closed : status;
    s->journal = NULL;
  }
  if (complete && status == KC_OK) {
    s->wall += now() - start;
    status = write_log(s, error);
  }
  print_summary(s, complete && status == KC_OK);
  if (!complete || status != KC_OK)
    tell_rest(s);
  return status;
}

/// The file is there: what is left is a journal where the program ended before it removed it.
static kc_status end_whole(session *s, kc_error *error) {
  if (!s->arguments->quiet)
    printf("%s is done: %d runs\n", s->arguments->output, s->sweep.n);
  if (!kc_file_exists(s->journal_path))
    return KC_OK;
  int n_record;
  KC_TRY(kc_io_journal_open(s->journal_path, s->sweep.header, &s->journal, &n_record, error));
  kc_status status = kc_io_journal_close(s->journal, 1, error);
  s->journal = NULL;
  return status;
}

static kc_status sweep(session *s, kc_error *error) {
  int whole = 0;
  size_t size = strlen(s->arguments->output) + sizeof ".journal";
  s->journal_path = malloc(size);
  if (!s->journal_path)
    return kc_error_add(error, KC_ERR_MEMORY, "sweep", "no memory");
  snprintf(s->journal_path, size, "%s.journal", s->arguments->output);
  KC_TRY(check_output(s, &whole, error));
  if (whole)
    return end_whole(s, error);
  (void)signal(SIGXFSZ, SIG_IGN); // a limit on the size of files is told as a full disk is
  KC_TRY(open_journal(s, error));
  kc_io_remove_parts(s->arguments->output);
  s->interrupted = kc_app_watch_interrupt();
  return finish(s, simulate(s, error), error);
}

static int run(const kc_app_arguments *arguments) {
  kc_error error = kc_error_default();
  session s = {.arguments = arguments};
  kc_sweep *read = NULL;
  kc_status status = check_arguments(arguments, &error);
  if (status == KC_OK)
    status = find_shard(arguments->shard, &s.sweep.shard, &s.sweep.n_shard, &error);
  char *path = status == KC_OK ? kc_app_find_file(arguments->word[0]) : NULL;
  if (status == KC_OK && !path)
    status = kc_error_add(&error, KC_ERR_MEMORY, "sweep", "no memory");
  if (status == KC_OK)
    status = kc_sweep_read(path, arguments->setting, arguments->n_setting, &read, &error);
  if (status == KC_OK) {
    s.sweep.sweep = read;
    s.sweep.path = arguments->output;
    status = kc_app_open_sweep(&s.sweep, &error);
  }
  if (status == KC_OK)
    status = sweep(&s, &error);
  if (s.journal && kc_io_journal_close(s.journal, 0, &error) != KC_OK)
    status = error.status;
  kc_app_close_sweep(&s.sweep);
  kc_sweep_destroy(read);
  free(path);
  free(s.due);
  free(s.journal_path);
  return kc_app_finish(status, &error);
}

static const kc_app_option options[] = {
    {"--output", 'o', KC_APP_TEXT, "FILE",
     "the result file; while the sweep runs, FILE.journal keeps every\n"
     "finished run",
     KC_APP_FIELD(output), 0, 0},
    KC_APP_OPTION_SET,
    KC_APP_OPTION_THREADS,
    KC_APP_OPTION_LANES,
    {"--limit", 'n', KC_APP_INT, "N", "ends after N runs; the rest when started again",
     KC_APP_FIELD(limit), 1, 1e9},
    {"--shard", 0, KC_APP_TEXT, "i/N",
     "only part i of N, for `kinchain merge` (default: all, or the part\n"
     "that SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT name)",
     KC_APP_FIELD(shard), 0, 0},
    KC_APP_OPTION_QUIET,
    KC_APP_OPTION_HELP,
    KC_APP_OPTION_END,
};

const kc_app_command kc_app_command_sweep = {
    .name = "sweep",
    .words = "SWEEP.yaml",
    .summary = "runs all points of a sweep to one HDF5 file; goes on after any end",
    .description =
        "Every finished run is kept at once: after Ctrl-C, a full disk or a loss of power the "
        "same\n"
        "command goes on, and the file is byte for byte the one of an undisturbed sweep, for any\n"
        "number of threads, lanes and parts. Ctrl-C gives runs in flight a second to end; those "
        "that\n"
        "do not are run again later. `kinchain check SWEEP.yaml` says beforehand how many runs "
        "there\n"
        "are and what they take. A run that falls or cannot be made is a row with its reason.\n\n"
        "  kinchain sweep scenarios/sweeps/slope_by_speed.yaml -o slopes.h5\n"
        "  kinchain sweep SWEEP.yaml -o part1.h5 --shard 1/4\n"
        "  kinchain run --from slopes.h5 --run 17 -o run17.h5\n",
    .min_words = 1,
    .max_words = 1,
    .option = options,
    .run = run,
};
