/// @file
/// kinchain tune: searches parameters of the controller for one scenario or several.
#include "study/tune.h"
#include "app/app.h"
#include "io/result.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// the command that found the parameters, for the head of their file
static void write_command(const kc_app_arguments *a, char *text, size_t size) {
  size_t used = (size_t)snprintf(text, size, "kinchain tune");
  for (int i = 0; i < a->n_word && used < size; i++)
    used += (size_t)snprintf(text + used, size - used, " %s", a->word[i]);
  for (int i = 0; i < a->n_setting && used < size; i++)
    used += (size_t)snprintf(text + used, size - used, " --set %s=\"%s\"", a->setting[i].address,
                             a->setting[i].value);
  if (a->objectives && used < size)
    used += (size_t)snprintf(text + used, size - used, " --objectives %s", a->objectives);
  if (a->curriculum && used < size)
    used += (size_t)snprintf(text + used, size - used, " --curriculum %s", a->curriculum);
  if (a->evaluations && used < size)
    used += (size_t)snprintf(text + used, size - used, " --evaluations %d", a->evaluations);
  if (a->population && used < size)
    used += (size_t)snprintf(text + used, size - used, " --lambda %d", a->population);
  if (a->sigma > 0 && used < size)
    used += (size_t)snprintf(text + used, size - used, " --sigma %.10g", a->sigma);
  if (a->restarts && used < size)
    used += (size_t)snprintf(text + used, size - used, " --restarts %d", a->restarts);
  if (a->seed && used < size)
    snprintf(text + used, size - used, " --seed %d", a->seed);
}

static kc_tune_options make_options(const kc_app_arguments *a) {
  kc_tune_options o = kc_tune_default_options();
  if (a->population)
    o.lambda = a->population;
  if (a->sigma > 0) {
    o.sigma = a->sigma;
    o.sigma_stop = fmin(o.sigma_stop, 0.1 * a->sigma);
  }
  if (a->seed)
    o.seed = (uint64_t)a->seed;
  o.width = a->lanes;
  o.threads = a->threads;
  o.restarts = a->restarts;
  o.budget = a->budget;
  o.evaluations = a->evaluations;
  o.output = a->output;
  o.state = a->state;
  o.log = a->quiet ? NULL : stderr;
  o.stop = kc_app_watch_interrupt();
  return o;
}

static kc_status check_arguments(const kc_app_arguments *a, kc_error *error) {
  if (!a->output)
    return kc_error_add(error, KC_ERR_INPUT, "--output",
                        "say where the parameters go: -o params.yaml");
  if (a->budget <= 0 && a->evaluations <= 0)
    return kc_error_add(error, KC_ERR_INPUT, "--budget",
                        "say when to end: --budget SECONDS, or --evaluations N (the same result "
                        "whatever the machine)");
  return kc_io_check_output(a->output, error);
}

static kc_status search(const kc_app_arguments *a, const kc_scenario *const *scenario,
                        kc_tune_options *o, kc_error *error) {
  char command[2000];
  write_command(a, command, sizeof command);
  o->command = command;
  kc_tune_result result;
  KC_TRY(kc_tune_run(scenario, a->n_word, o, &result, error));
  if (a->quiet)
    return KC_OK;
  printf("%d generations, %ld runs, %d restarts, cost %.6g -> %.6g (%s)\n", result.generations,
         result.evaluations, result.restarts, result.start_cost, result.best_cost, result.reason);
  if (o->curriculum)
    printf("Curriculum: the best is of share %.4g, the last share was %.4g\n", result.best_share,
           result.share);
  printf("Parameters: %s\n", a->output);
  return KC_OK;
}

static kc_status tune_plain(const kc_app_arguments *a, kc_tune_options *o, kc_scenario **scenario,
                            kc_error *error) {
  for (int i = 0; i < a->n_word; i++)
    if (kc_scenario_read(a->word[i], a->setting, a->n_setting, &scenario[i], error) != KC_OK)
      continue; // every file's problems are told
  if (error->n_finding)
    return error->status;
  return search(a, (const kc_scenario *const *)scenario, o, error);
}

static kc_status stage(void *user, double share, const kc_scenario *const **scenario,
                       kc_error *error) {
  kc_curriculum_class *class = user;
  KC_TRY(kc_curriculum_stage(class, share, error));
  *scenario = (const kc_scenario *const *)class->scenario;
  return KC_OK;
}

static kc_status tune_curriculum(const kc_app_arguments *a, kc_tune_options *o, kc_error *error) {
  kc_curriculum curriculum;
  kc_status status = kc_curriculum_read(a->curriculum, &curriculum, error);
  kc_curriculum_class class = {.curriculum = &curriculum,
                               .path = a->word,
                               .n_scenario = a->n_word,
                               .setting = a->setting,
                               .n_setting = a->n_setting};
  o->curriculum = &curriculum;
  o->stage = stage;
  o->user = &class;
  if (status == KC_OK)
    status = search(a, NULL, o, error);
  kc_curriculum_release(&class);
  kc_curriculum_destroy(&curriculum);
  return status;
}

static kc_status tune(const kc_app_arguments *a, kc_scenario **scenario, kc_error *error) {
  KC_TRY(check_arguments(a, error));
  kc_tune_options o = make_options(a);
  kc_objectives objectives = kc_objectives_default();
  if (a->objectives)
    KC_TRY(kc_objectives_read(a->objectives, &objectives, error));
  o.objectives = &objectives;
  kc_status status =
      a->curriculum ? tune_curriculum(a, &o, error) : tune_plain(a, &o, scenario, error);
  kc_objectives_destroy(&objectives);
  return status;
}

static int run(const kc_app_arguments *arguments) {
  kc_error error = kc_error_default();
  kc_scenario **scenario = calloc((size_t)arguments->n_word, sizeof *scenario);
  kc_status status = scenario ? tune(arguments, scenario, &error)
                              : kc_error_add(&error, KC_ERR_MEMORY, "tune", "no memory");
  for (int i = 0; scenario && i < arguments->n_word; i++)
    kc_scenario_destroy(scenario[i]);
  free(scenario);
  return kc_app_finish(status, &error);
}

static const kc_app_option options[] = {
    {"--output", 'o', KC_APP_TEXT, "PARAMS.yaml",
     "where the best parameters go, rewritten at each improvement", KC_APP_FIELD(output), 0, 0},
    {"--budget", 'b', KC_APP_NUMBER, "SECONDS", "ends after so long", KC_APP_FIELD(budget), 0.1,
     1e7},
    {"--evaluations", 'n', KC_APP_INT, "N", "ends after so many runs", KC_APP_FIELD(evaluations), 1,
     100000000},
    {"--seed", 0, KC_APP_INT, "N", "seed of the search (default: 1)", KC_APP_FIELD(seed), 1,
     2000000000},
    {"--lambda", 0, KC_APP_INT, "N", "candidates per generation (default: by dimension)",
     KC_APP_FIELD(population), 4, 100000},
    {"--sigma", 0, KC_APP_NUMBER, "X",
     "first step, in units of each parameter's tuning scale (default: 0.3)", KC_APP_FIELD(sigma),
     1e-6, 10},
    {"--restarts", 0, KC_APP_INT, "N",
     "where the search converges or stagnates, start anew from the best\n"
     "with twice the candidates, N times at most (default: 0)",
     KC_APP_FIELD(restarts), 0, KC_TUNE_MAX_RESTART},
    {"--state", 0, KC_APP_TEXT, "FILE", "kept after each generation, and gone on from",
     KC_APP_FIELD(state), 0, 0},
    {"--objectives", 0, KC_APP_TEXT, "FILE.yaml",
     "what counts how much, and which parameters move within which bounds",
     KC_APP_FIELD(objectives), 0, 0},
    {"--curriculum", 'c', KC_APP_TEXT, "FILE.yaml",
     "numbers that go from easy to true values as enough candidates run\n"
     "all scenarios to their end",
     KC_APP_FIELD(curriculum), 0, 0},
    KC_APP_OPTION_SET,
    KC_APP_OPTION_THREADS,
    KC_APP_OPTION_LANES,
    KC_APP_OPTION_QUIET,
    KC_APP_OPTION_HELP,
    KC_APP_OPTION_END,
};

const kc_app_command kc_app_command_tune = {
    .name = "tune",
    .words = "SCENARIO...",
    .summary = "searches parameters of the controller (CMA-ES, all cores)",
    .description =
        "Starts from the parameters of the first scenario and looks for some that run all the\n"
        "scenarios better; the result is never worse than the start. Ctrl-C keeps the best so "
        "far.\n\n"
        "An objectives file weighs terms (kinchain list --terms) and scenarios, and says which\n"
        "parameters move (kinchain list --params); all of it may be left out:\n\n"
        "  base: default          # or none: only terms that are named count\n"
        "  terms: {effort: 0, cost_of_transport: {weight: 8, cap: 20}, head_rate: 2,\n"
        "          reference_sagittal: 40}\n"
        "  reference: hamner2013_3.0.csv   # measured runners, for terms reference_*\n"
        "  mean: 0.7              # of the scenarios' costs\n"
        "  worst: 0.3\n"
        "  parameters:\n"
        "    include: [knee_*, place_*]\n"
        "    exclude: knee_swing_phase\n"
        "    bounds: {knee_touchdown: {from: 0.3 rad, to: 0.4 rad}}\n\n"
        "Terms reference_* are the distance to a table of measured runners, as kinchain score\n"
        "finds it: RMS of a group in SD, each point at most 6, or the share of points outside 2 "
        "SD\n"
        "(_out). `reference` names the table: a file, or a shipped one. They count only\n"
        "where the unchanged body runs straight on over level ground, within 0.3 m/s of the\n"
        "table's speed, and are 0 in other scenarios, which stay predictions.\n\n"
        "A curriculum file names numbers by their address, with the values to start from and to\n"
        "end at; step (0.03) and survivors (60 %) say how far the share of the way rises, and\n"
        "after how good a generation. What is kept is the best at the highest share:\n\n"
        "  step: 0.03\n"
        "  survivors: 60 %\n"
        "  numbers:\n"
        "    - {address: muscles/strength, from: 3, to: 1}\n\n"
        "  kinchain tune scenarios/level.yaml -o tuned.yaml --evaluations 20000 --seed 3\n"
        "  kinchain tune scenarios/level.yaml -o tuned.yaml --budget 3600 \\\n"
        "    --curriculum scenarios/training/muscles.yaml\n",
    .min_words = 1,
    .max_words = KC_APP_MAX_WORDS,
    .option = options,
    .run = run,
};
