/// @file
/// Tuning on from the naive parameters (see adapt.h).
#define _GNU_SOURCE // asprintf
#include "app/adapt.h"
#include "base/file.h"
#include "base/hash.h"
#include "study/sweep_run.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void watch_sample(void *user, const kc_sample *sample) {
  const kc_app_watch *watch = user;
  kc_record_sample(watch->recording, sample);
}

static void watch_tick(void *user, const kc_sample *sample) {
  const kc_app_watch *watch = user;
  kc_record_tick(watch->recording, sample);
  if (watch->cost)
    kc_cost_add_tick(watch->cost, sample);
}

void kc_app_watch_run(kc_run *run, kc_app_watch *watch) {
  run->sample = watch_sample;
  run->tick = watch_tick;
  run->user = watch;
}

/// What a file says of the table that was adapted to.
static kc_status name_reference(kc_app_adaptation *a, kc_error *error) {
  const kc_reference *r = a->objectives.reference;
  if (r && asprintf(&a->reference, "%s (%016llx): %s", a->objectives.reference_name,
                    kc_lab_hash_reference(r, KC_HASH_START), r->source) < 0)
    a->reference = NULL;
  return !r || a->reference ? KC_OK : kc_error_add(error, KC_ERR_MEMORY, "reference", "no memory");
}

static kc_status read_objectives(const kc_scenario_def *def, kc_app_adaptation *a,
                                 kc_error *error) {
  a->objectives = kc_objectives_default();
  const char *name = def->controller.objectives;
  if (!name || !name[0])
    return KC_OK;
  char *path = kc_scenario_find_file(def->path, "scenarios", name);
  if (!path)
    return kc_yaml_add(error, def->path, def->controller.place, "controller/objectives",
                       "'%s' is neither beside the scenario nor in scenarios/", name);
  size_t size;
  kc_status status = kc_file_read_text(path, KC_FILE_TEXT_LIMIT, &a->objectives_text, &size, error);
  if (status == KC_OK)
    status = kc_objectives_read_text(a->objectives_text, size, path, &a->objectives, error);
  if (status == KC_OK)
    status = name_reference(a, error);
  free(path);
  return status;
}

kc_status kc_app_open_adaptation(const kc_scenario_def *def, kc_app_adaptation **adaptation,
                                 kc_error *error) {
  *adaptation = NULL;
  const kc_controller_choice *c = &def->controller;
  if (c->mode != KC_CHOICE_ADAPTED)
    return KC_OK;
  kc_app_adaptation *a = calloc(1, sizeof *a);
  if (!a)
    return kc_error_add(error, KC_ERR_MEMORY, def->path, "no memory");
  a->options = kc_tune_default_options();
  a->options.budget = c->budget;
  a->options.budget_in_all = 1;
  a->options.evaluations = c->evaluations;
  a->options.sigma = c->search_step;
  a->options.sigma_stop = fmin(a->options.sigma_stop, 0.1 * c->search_step);
  a->options.sigma_max = fmax(a->options.sigma_max, c->search_step);
  a->options.seed = c->search_seed;
  a->trial = isnan(c->trial) ? def->duration : c->trial;
  kc_status status = read_objectives(def, a, error);
  if (status == KC_OK)
    *adaptation = a;
  else
    kc_app_close_adaptation(a);
  return status;
}

/// What the progress line needs.
typedef struct {
  kc_progress *line;
  const char *name;
  const kc_tune_options *options;
} shown;

static void show_progress(void *user, const kc_tune_progress *p) {
  const shown *s = user;
  char limit[40] = "", left[40] = "";
  if (s->options->evaluations > 0)
    (void)snprintf(limit, sizeof limit, " of %ld", s->options->evaluations);
  if (!isnan(p->left))
    (void)snprintf(left, sizeof left, ", %.0f s left", p->left);
  kc_progress_show(s->line, "%s: adapting, %ld%s runs, cost %.4g -> %.4g%s", s->name,
                   p->evaluations, limit, p->start_cost, p->best_cost, left);
}

/// The naive run, and the accumulators of both costs.
static kc_status prepare(kc_app_adaptation *a, const kc_scenario *scenario, kc_app_watch *watch,
                         kc_error *error) {
  int n_sample, n_tick;
  KC_TRY(kc_study_count_samples(&scenario->task, &n_sample, &n_tick, error));
  KC_TRY(kc_record_create(scenario->body, n_sample, n_tick, &a->run_of.recording, error));
  a->start = *scenario->params;
  a->naive = *scenario;
  a->naive.params = &a->start;
  a->run = kc_study_default_run(&a->naive, a->run_of.recording);
  kc_app_watch_run(&a->run, &a->run_of);
  a->run_of.cost = kc_cost_create();
  watch->cost = kc_cost_create();
  const kc_cost_weights *weights = &a->objectives.cost;
  if (!a->run_of.cost || !watch->cost ||
      kc_cost_begin(a->run_of.cost, &a->naive, weights) != KC_OK ||
      kc_cost_begin(watch->cost, scenario, weights) != KC_OK)
    return kc_error_add(error, KC_ERR_MEMORY, scenario->name, "no memory");
  return KC_OK;
}

kc_status kc_app_adapt(kc_app_adaptation *a, kc_scenario *scenario, const char *state,
                       const kc_app_arguments *arguments, kc_progress *progress,
                       kc_app_watch *watch, kc_error *error) {
  KC_TRY(prepare(a, scenario, watch, error));
  kc_scenario trial = *scenario;
  const kc_scenario *list[] = {&trial};
  trial.task.duration = a->trial;
  shown line = {.line = progress, .name = scenario->name, .options = &a->options};
  a->options.width = arguments->lanes;
  a->options.threads = arguments->threads;
  a->options.stop = kc_app_watch_interrupt();
  a->options.state = state;
  a->options.objectives = &a->objectives;
  a->options.progress = show_progress;
  a->options.progress_user = &line;
  double begin = kc_app_read_clock();
  kc_status status = kc_tune_run(list, 1, &a->options, &a->result, error);
  a->wall = kc_app_read_clock() - begin;
  kc_progress_clear(progress);
  if (status == KC_OK)
    *scenario->params = a->result.best;
  return status;
}

double kc_app_find_cost(const kc_app_adaptation *a, const kc_app_watch *watch,
                        const kc_outcome *outcome, double *quantity) {
  return (a->objectives.mean + a->objectives.worst) *
         kc_cost_compute(watch->cost, outcome, quantity);
}

/// Terms that count, by name, with their quantities in both runs.
static void add_terms(kc_group *group, const kc_app_adaptation *a, const double *naive,
                      const double *adapted) {
  int n = 0, index[KC_N_COST];
  for (int i = 0; i < KC_N_COST; i++)
    if (a->objectives.cost.weight[i] > 0)
      index[n++] = i;
  const char **name = kc_record_group_keep(group, KC_N_COST, sizeof *name);
  const char **unit = kc_record_group_keep(group, KC_N_COST, sizeof *unit);
  double *column = kc_record_group_keep(group, 4 * KC_N_COST, sizeof *column);
  if (!name || !unit || !column)
    return;
  for (int k = 0; k < n; k++) {
    name[k] = kc_cost_term_info(index[k])->name;
    unit[k] = kc_cost_term_info(index[k])->unit;
    column[k] = a->objectives.cost.weight[index[k]];
    column[n + k] = a->objectives.cost.cap[index[k]];
    column[2 * n + k] = naive[index[k]];
    column[3 * n + k] = adapted[index[k]];
  }
  (void)kc_record_group_add_dimension(
      group,
      &(kc_dimension){.label = {.name = "term", .unit = "1", .long_name = "term of the cost"},
                      .size = n,
                      .store = KC_STORE_TEXT,
                      .value = name});
  static const char *const what[4][2] = {
      {"weight", "cost per unit of the term"},
      {"cap", "largest value that counts, in the unit of the term"},
      {"quantity_naive", "the term in the naive run, in its unit"},
      {"quantity_adapted", "the term in the adapted run, in its unit"}};
  kc_record_group_add_variable(
      group, &(kc_label){.name = "term_unit", .unit = "1", .long_name = "unit of each term"},
      KC_STORE_TEXT, "term", unit);
  for (int i = 0; i < 4; i++)
    kc_record_group_add_variable(
        group, &(kc_label){.name = what[i][0], .unit = "1", .long_name = what[i][1]}, KC_STORE_F64,
        "term", column + i * n);
}

kc_group *kc_app_create_adaptation_group(const kc_app_adaptation *a, const kc_app_watch *adapted,
                                         const kc_outcome *outcome) {
  kc_group *group = kc_record_group_create("adaptation");
  if (!group)
    return NULL;
  double quantity[2][KC_N_COST];
  const kc_tune_result *r = &a->result;
  const struct {
    const char *name, *unit, *meaning;
    double value;
  } number[] = {
      {"cost_naive", "1", "cost of the naive run",
       kc_app_find_cost(a, &a->run_of, &a->run.outcome, quantity[0])},
      {"cost_adapted", "1", "cost of the adapted run",
       kc_app_find_cost(a, adapted, outcome, quantity[1])},
      {"trial_cost_naive", "1", "cost of the naive parameters in tuning", r->start_cost},
      {"trial_cost_adapted", "1", "cost of the adapted parameters in tuning", r->best_cost},
      {"trial_duration", "s", "duration of a run of tuning", a->trial},
      {"evaluations", "1", "runs that tuning took", (double)r->evaluations},
      {"generations", "1", "generations of candidates", r->generations},
      {"interrupted", "1", "1 where tuning was interrupted before its budget was used up",
       r->is_interrupted},
  };
  for (size_t i = 0; i < sizeof number / sizeof *number; i++)
    kc_record_group_add_number(
        group,
        &(kc_label){.name = number[i].name, .unit = number[i].unit, .long_name = number[i].meaning},
        number[i].value);
  add_terms(group, a, quantity[0], quantity[1]);
  return group;
}

kc_group *kc_app_create_params_group(const char *name, const kc_control_params *params) {
  kc_group *group = kc_record_group_create(name);
  for (int i = 0; group && i < kc_control_n_param(); i++) {
    const kc_control_param_info *info = kc_control_param(i);
    kc_record_group_add_number(
        group, &(kc_label){.name = info->name, .unit = info->unit, .long_name = info->meaning},
        ((const double *)params)[i]);
  }
  return group;
}

void kc_app_close_adaptation(kc_app_adaptation *a) {
  if (!a)
    return;
  kc_gait_destroy(a->analysis);
  kc_record_destroy(a->run_of.recording);
  kc_cost_destroy(a->run_of.cost);
  kc_objectives_destroy(&a->objectives);
  free(a->objectives_text);
  free(a->reference);
  free(a);
}
