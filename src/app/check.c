/// @file
/// kinchain check: every problem of scenario, sweep, model and parameter files, with line and
/// column.
#include "app/adapt.h"
#include "app/check_sweep.h"
#include "base/file.h"
#include "model/read.h"
#include "scenario/params.h"
#include "study/curriculum.h"
#include "study/objectives.h"
#include <stdlib.h>
#include <string.h>

typedef enum {
  KIND_SCENARIO,
  KIND_SWEEP,
  KIND_MODEL,
  KIND_PARAMETERS,
  KIND_OBJECTIVES,
  KIND_CURRICULUM
} file_kind;

// whether a line of the text begins with the key
static int has_key(const char *text, const char *key) {
  size_t n = strlen(key);
  for (const char *line = text; line; line = strchr(line, '\n')) {
    line += *line == '\n';
    if (strncmp(line, key, n) == 0 && line[n] == ':')
      return 1;
  }
  return 0;
}

// by content: a model has bodies, objectives have terms or parameters, a curriculum has numbers, a
// sweep a base; a parameter file names a parameter of the controller
static file_kind find_kind(const char *text) {
  if (has_key(text, "bodies"))
    return KIND_MODEL;
  if (has_key(text, "terms") || has_key(text, "parameters"))
    return KIND_OBJECTIVES;
  if (has_key(text, "numbers"))
    return KIND_CURRICULUM;
  if (has_key(text, "base"))
    return KIND_SWEEP;
  if (has_key(text, "model") || has_key(text, "speed"))
    return KIND_SCENARIO;
  for (int i = 0; i < kc_control_n_param(); i++)
    if (has_key(text, kc_control_param(i)->name))
      return KIND_PARAMETERS;
  return KIND_SCENARIO;
}

// what tuning may take, where the scenario adapts
static void print_adaptation(const kc_app_adaptation *a) {
  fputs(", adapts within ", stdout);
  if (a->options.budget > 0)
    printf("%.10g s%s", a->options.budget, a->options.evaluations ? " or " : "");
  if (a->options.evaluations)
    printf("%ld runs", a->options.evaluations);
  printf(" of %.10g s, %d parameters", a->trial, kc_space_count(&a->objectives.space));
}

static kc_status check_scenario(const char *path, kc_error *error) {
  kc_scenario_def *def;
  kc_scenario *scenario;
  kc_app_adaptation *adaptation;
  KC_TRY(kc_scenario_read_def(path, NULL, 0, &def, error));
  kc_status status = kc_app_open_adaptation(def, &adaptation, error);
  kc_status compiled = kc_scenario_compile_def(def, &scenario, error);
  kc_scenario_destroy_def(def);
  if (status == KC_OK && compiled == KC_OK) {
    printf("%s: OK: scenario %s, %.10g m/s for %.10g s", path, scenario->name, scenario->task.speed,
           scenario->task.duration);
    if (adaptation)
      print_adaptation(adaptation);
    putchar('\n');
  }
  kc_app_close_adaptation(adaptation);
  kc_scenario_destroy(scenario);
  return status != KC_OK ? status : compiled;
}

static kc_status check_model(const char *path, int muscles, kc_error *error) {
  kc_model *model;
  KC_TRY(kc_model_read(path, &model, error));
  printf("%s: OK: model %s, %d joints, %d spheres, %d bands, %.10g kg\n", path, model->name,
         model->n_joint, model->n_sphere, model->n_band, model->mass);
  kc_status status = muscles ? kc_app_print_muscles(path, model, error) : KC_OK;
  kc_model_destroy(model);
  return status;
}

static kc_status check_params(const char *path, kc_error *error) {
  kc_control_params params;
  KC_TRY(kc_scenario_read_params(path, &params, error));
  printf("%s: OK: parameters of the controller\n", path);
  return KC_OK;
}

static kc_status check_objectives(const char *path, kc_error *error) {
  kc_objectives objectives;
  KC_TRY(kc_objectives_read(path, &objectives, error));
  int n = 0;
  for (int i = 0; i < KC_N_COST; i++)
    n += objectives.cost.weight[i] > 0;
  printf("%s: OK: objectives of tuning, %d terms count, %d parameters move\n", path, n,
         kc_space_count(&objectives.space));
  kc_objectives_destroy(&objectives);
  return KC_OK;
}

static kc_status check_curriculum(const char *path, kc_error *error) {
  kc_curriculum curriculum;
  kc_status status = kc_curriculum_read(path, &curriculum, error);
  if (status == KC_OK)
    printf("%s: OK: curriculum of tuning, %d numbers\n", path, curriculum.n_number);
  kc_curriculum_destroy(&curriculum);
  return status;
}

static kc_status check_text(const char *path, int muscles, kc_error *error) {
  char *text;
  KC_TRY(kc_file_read_text(path, KC_FILE_TEXT_LIMIT, &text, NULL, error));
  file_kind kind = find_kind(text);
  free(text);
  if (muscles && kind != KIND_MODEL)
    return kc_error_add(error, KC_ERR_INPUT, path, "--muscles wants a model, a file with bodies");
  switch (kind) {
  case KIND_MODEL:
    return check_model(path, muscles, error);
  case KIND_PARAMETERS:
    return check_params(path, error);
  case KIND_SWEEP:
    return kc_app_check_sweep(path, error);
  case KIND_OBJECTIVES:
    return check_objectives(path, error);
  case KIND_CURRICULUM:
    return check_curriculum(path, error);
  case KIND_SCENARIO:
    break;
  }
  return check_scenario(path, error);
}

static kc_status check_file(const char *word, int muscles, kc_error *error) {
  char *path = kc_app_find_file(word);
  if (!path)
    return kc_error_add(error, KC_ERR_MEMORY, word, "no memory for its path");
  kc_status status = check_text(path, muscles, error);
  free(path);
  return status;
}

static int run(const kc_app_arguments *arguments) {
  kc_error error = kc_error_default();
  for (int i = 0; i < arguments->n_word; i++)
    if (check_file(arguments->word[i], arguments->muscles, &error) != KC_OK)
      continue;
  int n = error.n_finding;
  int code = kc_app_finish(error.status, &error);
  if (n > 0)
    fprintf(stderr, "%d problem%s\n", n, n == 1 ? "" : "s");
  return code;
}

static const kc_app_option options[] = {
    {"--muscles", 0, KC_APP_FLAG, NULL,
     "of a model: greatest isometric moments over joint angles, moment\n"
     "arms at some postures, fibres and paths in the neutral one, jumps\n"
     "of paths and points inside surfaces; CSV tables",
     KC_APP_FIELD(muscles), 0, 0},
    KC_APP_OPTION_HELP,
    KC_APP_OPTION_END};

const kc_app_command kc_app_command_check = {
    .name = "check",
    .words = "FILE...",
    .summary = "tells every problem of scenario, sweep, model, parameter and tuning files",
    .description =
        "What a file is shows in its content. Of a sweep, a second is run to tell what all of it\n"
        "will take: runs, time, sizes of journal and file.\n\n"
        "  kinchain check scenarios/level.yaml models/runner.yaml\n"
        "  kinchain check --muscles models/runner.yaml\n",
    .min_words = 1,
    .max_words = KC_APP_MAX_WORDS,
    .option = options,
    .run = run,
};
