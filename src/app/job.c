/// @file
/// One run from its scenario file to its result file.
#include "app/job.h"
#include "app/from.h"
#include "app/version.h"
#include "base/hash.h"
#include "io/result.h"
#include "study/sweep_run.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *kc_app_outcome_name(kc_outcome_kind kind) {
  static const char *const name[] = {"running",  "completed",   "fell",
                                     "diverged", "interrupted", "failed"};
  return name[kind];
}

static int is_folder(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

// folder/<name of the scenario file>.h5
static char *join(const char *folder, const char *source) {
  const char *slash = strrchr(source, '/'), *base = slash ? slash + 1 : source;
  size_t n = strlen(base), size = strlen(folder) + n + sizeof "/.h5";
  if (n > 5 && strcmp(base + n - 5, ".yaml") == 0)
    n -= 5;
  char *path = malloc(size);
  if (path)
    snprintf(path, size, "%s%s%.*s.h5", folder,
             folder[0] && folder[strlen(folder) - 1] != '/' ? "/" : "", (int)n, base);
  return path;
}

static kc_status make_folder(const char *path, kc_error *error) {
  if (is_folder(path) || mkdir(path, 0777) == 0)
    return KC_OK;
  int problem = errno;
  if (problem == EEXIST)
    return kc_error_add(error, KC_ERR_INPUT, path,
                        "is a file; several scenarios need a folder: -o DIR");
  return kc_error_add(error, KC_ERR_FILE, path,
                      "cannot be made a folder (%s); choose another with -o DIR",
                      strerror(problem));
}

kc_status kc_app_place_jobs(const kc_app_arguments *arguments, kc_app_job *job, int n,
                            kc_error *error) {
  const char *output = arguments->output ? arguments->output : "";
  size_t length = strlen(output);
  if (arguments->output && length == 0)
    return kc_error_add(error, KC_ERR_INPUT, "--output", "is empty; name a file or a folder");
  int folder = n > 1 || length == 0 || is_folder(output) || output[length - 1] == '/';
  if (n > 1 && length > 3 && strcmp(output + length - 3, ".h5") == 0 && !is_folder(output))
    return kc_error_add(error, KC_ERR_INPUT, output,
                        "is the name of one file; %d scenarios need a folder: -o DIR", n);
  if (folder && length > 0)
    KC_TRY(make_folder(output, error));
  for (int i = 0; i < n; i++) {
    job[i].path = folder ? join(output, job[i].source) : strdup(output);
    if (!job[i].path)
      return kc_error_add(error, KC_ERR_MEMORY, job[i].source, "no memory");
    for (int j = 0; j < i; j++)
      if (strcmp(job[i].path, job[j].path) == 0)
        (void)kc_error_add(error, KC_ERR_INPUT, job[i].source,
                           "its result would overwrite that of %s; give the files different names",
                           job[j].source);
    if (kc_io_check_output(job[i].path, error) != KC_OK)
      continue;
  }
  return error->n_finding ? error->status : KC_OK;
}

/// The scenario of a file, and what it asks of adapting.
static kc_status read_scenario(kc_app_job *job, const kc_app_arguments *arguments,
                               kc_error *error) {
  if (arguments->from)
    return kc_app_read_run(job->source, arguments->run, arguments, &job->scenario, error);
  kc_scenario_def *def;
  KC_TRY(kc_scenario_read_def(job->source, arguments->setting, arguments->n_setting, &def, error));
  kc_status status = kc_app_open_adaptation(def, &job->adaptation, error);
  kc_status compiled = kc_scenario_compile_def(def, &job->scenario, error);
  kc_scenario_destroy_def(def);
  return status != KC_OK ? status : compiled;
}

kc_status kc_app_open_job(kc_app_job *job, const kc_app_arguments *arguments, kc_error *error) {
  int n_sample, n_tick;
  KC_TRY(read_scenario(job, arguments, error));
  KC_TRY(kc_study_count_samples(&job->scenario->task, &n_sample, &n_tick, error));
  KC_TRY(kc_record_create(job->scenario->body, n_sample, n_tick, &job->recording, error));
  job->run = kc_study_default_run(job->scenario, job->recording);
  job->watch.recording = job->recording;
  kc_app_watch_run(&job->run, &job->watch);
  return KC_OK;
}

/// `<result>.adapt`, to be freed; NULL if there is no memory.
static char *name_state(const kc_app_job *job) {
  size_t size = strlen(job->path) + sizeof ".adapt";
  char *state = malloc(size);
  if (state)
    (void)snprintf(state, size, "%s.adapt", job->path);
  return state;
}

kc_status kc_app_adapt_job(kc_app_job *job, const kc_app_arguments *arguments,
                           kc_progress *progress, kc_error *error) {
  kc_app_adaptation *a = job->adaptation;
  if (!a)
    return KC_OK;
  char *state = name_state(job);
  if (!state)
    return kc_error_add(error, KC_ERR_MEMORY, job->path, "no memory");
  kc_status status = kc_app_adapt(a, job->scenario, state, arguments, progress, &job->watch, error);
  if (status == KC_OK && a->result.is_interrupted) {
    job->left_out = a->result.generations == 0;
    fprintf(stderr, "%s: %ld runs of tuning are kept in %s; the same command goes on from there\n",
            job->scenario->name, a->result.evaluations, state);
  }
  free(state);
  return status;
}

static kc_status write_groups(const kc_app_job *job, const kc_io_header *header,
                              kc_group *const *group, int n, kc_error *error) {
  for (int i = 0; i < n; i++) {
    if (!group[i])
      return kc_error_add(error, KC_ERR_MEMORY, job->path, "no memory for its tables");
    KC_TRY(kc_record_group_check(group[i], error));
  }
  return kc_io_write_result(job->path, header, (const kc_group *const *)group, n, error);
}

/// Groups of one run; the main one's prefix is "".
static int add_run_groups(kc_group **group, const kc_recording *recording,
                          const kc_gait_analysis *analysis, const char *prefix) {
  group[0] = kc_record_create_group(recording);
  group[1] = kc_gait_create_metrics_group(analysis);
  group[2] = kc_gait_create_strides_group(recording, analysis);
  group[3] = kc_gait_create_curves_group(recording, analysis);
  for (int i = 0; i < 4 && prefix[0]; i++) {
    char name[sizeof group[i]->name];
    if (!group[i])
      continue;
    (void)snprintf(name, sizeof name, "%.12s%s%.20s", prefix, group[i]->name[0] ? "/" : "",
                   group[i]->name);
    memcpy(group[i]->name, name, sizeof name);
  }
  return 4;
}

static int add_adaptation_groups(kc_group **group, const kc_app_job *job) {
  const kc_app_adaptation *a = job->adaptation;
  int n = add_run_groups(group, a->run_of.recording, a->analysis, "naive");
  group[n++] = kc_app_create_params_group("naive/parameters", &a->start);
  group[n++] = kc_app_create_params_group("parameters", job->scenario->params);
  group[n++] = kc_app_create_adaptation_group(a, &job->watch, &job->run.outcome);
  return n;
}

static kc_status write_file(const kc_app_job *job, const kc_io_header *header, kc_error *error) {
  kc_group *group[16];
  int n = add_run_groups(group, job->recording, job->analysis, "");
  if (job->adaptation)
    n += add_adaptation_groups(group + n, job);
  kc_status status = write_groups(job, header, group, n, error);
  for (int i = n; i-- > 0;)
    kc_record_group_destroy(group[i]);
  return status;
}

/// A finished adaptation leaves no state behind, once both of its runs are whole.
static void remove_state(const kc_app_job *job) {
  const kc_app_adaptation *a = job->adaptation;
  int finished = a && !a->result.is_interrupted && a->run.outcome.kind != KC_INTERRUPTED &&
                 job->run.outcome.kind != KC_INTERRUPTED;
  char *state = finished ? name_state(job) : NULL;
  if (state)
    (void)unlink(state);
  free(state);
}

kc_status kc_app_write_job(kc_app_job *job, kc_error *error) {
  const kc_scenario *s = job->scenario;
  kc_app_adaptation *a = job->adaptation;
  KC_TRY(kc_gait_analyse(job->recording, s->task.settle, &job->analysis, error));
  if (a)
    KC_TRY(kc_gait_analyse(a->run_of.recording, s->task.settle, &a->analysis, error));
  char model_hash[24], scenario_hash[24];
  snprintf(model_hash, sizeof model_hash, "%016llx", s->body->hash);
  snprintf(scenario_hash, sizeof scenario_hash, "%016llx",
           kc_hash_add_text(KC_HASH_START, s->text));
  kc_io_header header = {
      .title = s->name,
      .program = "kinchain",
      .version = kc_app_version(),
      .source_revision = kc_app_revision(),
      .build_flags = kc_app_build_flags(),
      .mode = a                               ? "adapted"
              : s->task.mode == KC_MODE_NAIVE ? "naive"
                                              : "informed",
      .outcome = kc_app_outcome_name(job->run.outcome.kind),
      .outcome_reason = job->run.outcome.reason,
      .model_hash = model_hash,
      .scenario_hash = scenario_hash,
      .model_text = s->model_text,
      .scenario_text = s->text,
      .objectives_text = a ? a->objectives_text : NULL,
      .reference = a ? a->reference : NULL,
      .seed = s->task.seed,
      .outcome_time = job->run.outcome.time,
  };
  kc_io_outcome naive = {.mode = "naive"};
  if (a) {
    naive.outcome = kc_app_outcome_name(a->run.outcome.kind);
    naive.outcome_reason = a->run.outcome.reason;
    naive.outcome_time = a->run.outcome.time;
    header.naive = &naive;
  }
  KC_TRY(write_file(job, &header, error));
  remove_state(job);
  return KC_OK;
}

void kc_app_close_job(kc_app_job *job) {
  kc_app_close_adaptation(job->adaptation);
  kc_cost_destroy(job->watch.cost);
  kc_gait_destroy(job->analysis);
  kc_record_destroy(job->recording);
  kc_scenario_destroy(job->scenario);
  free(job->path);
  *job = (kc_app_job){0};
}
