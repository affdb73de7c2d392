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

kc_status kc_app_open_job(kc_app_job *job, const kc_app_arguments *arguments, kc_error *error) {
  int n_sample, n_tick;
  KC_TRY(arguments->from
             ? kc_app_read_run(job->source, arguments->run, arguments, &job->scenario, error)
             : kc_scenario_read(job->source, arguments->setting, arguments->n_setting,
                                &job->scenario, error));
  KC_TRY(kc_study_count_samples(&job->scenario->task, &n_sample, &n_tick, error));
  KC_TRY(kc_record_create(job->scenario->body, n_sample, n_tick, &job->recording, error));
  job->run = kc_study_default_run(job->scenario, job->recording);
  return KC_OK;
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

kc_status kc_app_write_job(kc_app_job *job, kc_error *error) {
  const kc_scenario *s = job->scenario;
  KC_TRY(kc_gait_analyse(job->recording, s->task.settle, &job->analysis, error));
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
      .mode = s->task.mode == KC_MODE_NAIVE ? "naive" : "informed",
      .outcome = kc_app_outcome_name(job->run.outcome.kind),
      .outcome_reason = job->run.outcome.reason,
      .model_hash = model_hash,
      .scenario_hash = scenario_hash,
      .model_text = s->model_text,
      .scenario_text = s->text,
      .seed = s->task.seed,
      .outcome_time = job->run.outcome.time,
  };
  kc_group *group[] = {kc_record_create_group(job->recording),
                       kc_gait_create_metrics_group(job->analysis),
                       kc_gait_create_strides_group(job->recording, job->analysis),
                       kc_gait_create_curves_group(job->recording, job->analysis)};
  int n = (int)(sizeof group / sizeof *group);
  kc_status status = write_groups(job, &header, group, n, error);
  for (int i = n; i-- > 0;)
    kc_record_group_destroy(group[i]);
  return status;
}

void kc_app_close_job(kc_app_job *job) {
  kc_gait_destroy(job->analysis);
  kc_record_destroy(job->recording);
  kc_scenario_destroy(job->scenario);
  free(job->path);
  *job = (kc_app_job){0};
}
