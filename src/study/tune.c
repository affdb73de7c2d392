/// @file
/// The tuner's loop (see tune.h): ask, run, weigh, tell, write.
///
/// All memory is taken before the first generation: for each of lambda x n_scenario runs a shallow
/// copy of its scenario with the candidate's parameters in place, and an accumulator of its cost.
#include "study/tune.h"
#include "base/file.h"
#include "base/hash.h"
#include "study/cost.h"
#include "study/parallel.h"
#include "study/tune_file.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  const kc_scenario *const *scenario;
  int n_scenario, n, lambda; // n: parameters that move
  const kc_tune_options *options;
  kc_error *error;
  kc_cma *cma;
  kc_tune_state state;
  double begin, elapsed_before; // s
  int survivors, whole; // of the last generation: runs; candidates that ran all scenarios whole
  int *active;          // (n) table rows
  double *x, *f;        // (lambda x n), (lambda)
  double *cost;         // (lambda x n_scenario)
  double *best_cost;    // (n_scenario) of the best candidate of this call
  kc_control_params *params; // (lambda)
  kc_scenario *copy;         // (lambda x n_scenario)
  kc_run *run, **run_list;   // the same
  kc_cost **accumulator;     // the same
} tuner;

kc_tune_options kc_tune_default_options(void) {
  return (kc_tune_options){.sigma = 0.3, .sigma_max = 1.5, .sigma_stop = 0.005, .seed = 1};
}

static double read_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static kc_status check_options(int n_scenario, const kc_tune_options *o, kc_error *error) {
  kc_status status = KC_OK;
  if (n_scenario < 1)
    status = kc_error_add(error, KC_ERR_INPUT, "tune", "needs at least one scenario");
  if (o->lambda != 0 && (o->lambda < 4 || o->lambda > 10000))
    status = kc_error_add(error, KC_ERR_INPUT, "tune: lambda",
                          "is %d; give 4 to 10000 candidates, or 0 for the rule", o->lambda);
  if (!(o->sigma > 0 && isfinite(o->sigma)))
    status = kc_error_add(error, KC_ERR_INPUT, "tune: sigma",
                          "is %g; give a step above 0, such as 0.3", o->sigma);
  if (!(o->sigma_max >= o->sigma))
    status = kc_error_add(error, KC_ERR_INPUT, "tune: sigma_max",
                          "is %g, below the initial step %g", o->sigma_max, o->sigma);
  if (!(o->budget >= 0) || o->evaluations < 0)
    status = kc_error_add(error, KC_ERR_INPUT, "tune: budget, evaluations",
                          "are %g s and %ld; give numbers above 0, or 0 for no limit", o->budget,
                          o->evaluations);
  if (o->curriculum && !o->stage)
    status = kc_error_add(error, KC_ERR_INPUT, "tune: curriculum", "needs a stage function");
  if (o->output && kc_tune_check_path(o->output, error) != KC_OK)
    status = KC_ERR_FILE;
  if (o->state && kc_tune_check_path(o->state, error) != KC_OK)
    status = KC_ERR_FILE;
  return status;
}

/// Tells searches apart: what decides the course of a search, and nothing else.
static uint64_t find_fingerprint(const tuner *t) {
  const kc_tune_options *o = t->options;
  unsigned long long hash = KC_HASH_START;
  for (int j = 0; j < t->n_scenario; j++) {
    const kc_scenario *s = t->scenario[j];
    hash = kc_hash_add_text(hash, s->text ? s->text : "");
    hash = kc_hash_add(hash, &s->task.duration, sizeof s->task.duration);
    hash = kc_hash_add(hash, &s->task.speed, sizeof s->task.speed);
    hash = kc_hash_add(hash, &s->body->hash, sizeof s->body->hash);
  }
  for (int i = 0; i < t->n; i++)
    hash = kc_hash_add_text(hash, kc_control_param(t->active[i])->name);
  if (o->curriculum)
    hash = kc_curriculum_hash(o->curriculum, hash);
  hash = kc_hash_add(hash, &t->lambda, sizeof t->lambda);
  hash = kc_hash_add(hash, &o->sigma, sizeof o->sigma);
  return kc_hash_add(hash, &o->seed, sizeof o->seed);
}

static kc_status allocate(tuner *t) {
  size_t n_run = (size_t)t->lambda * (size_t)t->n_scenario, lambda = (size_t)t->lambda;
  t->x = calloc(lambda * (size_t)t->n, sizeof *t->x);
  t->f = calloc(lambda, sizeof *t->f);
  t->cost = calloc(n_run, sizeof *t->cost);
  t->best_cost = calloc((size_t)t->n_scenario, sizeof *t->best_cost);
  t->params = calloc(lambda, sizeof *t->params);
  t->copy = calloc(n_run, sizeof *t->copy);
  t->run = calloc(n_run, sizeof *t->run);
  t->run_list = calloc(n_run, sizeof *t->run_list);
  t->accumulator = calloc(n_run, sizeof(kc_cost *));
  int good = t->x && t->f && t->cost && t->best_cost && t->params && t->copy && t->run &&
             t->run_list && t->accumulator;
  for (size_t i = 0; good && i < n_run; i++) {
    t->accumulator[i] = kc_cost_create();
    good = t->accumulator[i] != NULL;
  }
  if (good)
    return KC_OK;
  return kc_error_add(t->error, KC_ERR_MEMORY, "tune", "no memory for %zu runs", n_run);
}

static void release(tuner *t) {
  int n_run = t->lambda * t->n_scenario;
  for (int i = 0; t->accumulator && i < n_run; i++)
    kc_cost_destroy(t->accumulator[i]);
  void *block[] = {t->active, t->x,    t->f,   t->cost,     t->best_cost,
                   t->params, t->copy, t->run, t->run_list, t->accumulator};
  for (size_t i = 0; i < sizeof block / sizeof block[0]; i++)
    free(block[i]);
  kc_cma_destroy(t->cma);
}

/// Rows with a scale; KC_ERR_INPUT if nothing moves.
static kc_status find_active(tuner *t) {
  t->active = calloc((size_t)kc_control_n_param(), sizeof *t->active);
  if (!t->active)
    return kc_error_add(t->error, KC_ERR_MEMORY, "tune", "no memory");
  for (int i = 0; i < kc_control_n_param(); i++)
    if (kc_control_param(i)->scale > 0)
      t->active[t->n++] = i;
  t->lambda = t->options->lambda ? t->options->lambda : kc_cma_default_lambda(t->n);
  return KC_OK;
}

/// How far a number of steps leads; 1 without a curriculum.
static double find_share(const tuner *t, int64_t stage) {
  const kc_curriculum *c = t->options->curriculum;
  return c ? kc_curriculum_share(c, (int)stage) : 1;
}

/// Takes the scenarios of a share.
static kc_status set_share(tuner *t, double share) {
  const kc_tune_options *o = t->options;
  return o->curriculum ? o->stage(o->user, share, &t->scenario, t->error) : KC_OK;
}

/// A new search, or the one of the state file.
static kc_status start_search(tuner *t) {
  uint64_t fingerprint = find_fingerprint(t);
  if (t->options->state && kc_file_exists(t->options->state)) {
    KC_TRY(kc_tune_read_state(t->options->state, fingerprint, &t->state, &t->cma, t->error));
    return t->state.stage > 0 ? set_share(t, find_share(t, t->state.stage)) : KC_OK;
  }
  const kc_control_params *own = t->scenario[0]->params;
  t->state.start = t->state.best = own ? *own : kc_control_default_params();
  t->state.fingerprint = fingerprint;
  t->state.best_cost = HUGE_VAL;
  kc_cma_definition definition = kc_cma_default_definition(t->n);
  definition.lambda = t->lambda;
  definition.sigma = t->options->sigma;
  definition.sigma_max = t->options->sigma_max;
  definition.seed = t->options->seed;
  t->cma = kc_cma_create(&definition, t->x); // x is zero: the start itself
  if (t->cma)
    return KC_OK;
  return kc_error_add(t->error, KC_ERR_MEMORY, "tune", "no memory for %d parameters", t->n);
}

/// Parameters of a point of the search space, held within bounds.
/// @return the penalty of what had to be held
static double make_params(const tuner *t, const double *x, kc_control_params *params) {
  double penalty = 0, *value = (double *)params;
  *params = t->state.start;
  for (int i = 0; i < t->n; i++) {
    const kc_control_param_info *info = kc_control_param(t->active[i]);
    double wanted = value[t->active[i]] + x[i] * info->scale;
    double held = fmin(fmax(wanted, info->lower), info->upper);
    double excess = (wanted - held) / info->scale;
    penalty += 2 * excess * excess;
    value[t->active[i]] = held;
  }
  return penalty;
}

/// Sets up the runs of candidate k.
static kc_status prepare(tuner *t, int k) {
  for (int j = 0; j < t->n_scenario; j++) {
    int i = k * t->n_scenario + j;
    t->copy[i] = *t->scenario[j];
    t->copy[i].params = &t->params[k];
    KC_TRY(kc_cost_begin(t->accumulator[i], &t->copy[i]));
    t->run[i] = (kc_run){
        .scenario = &t->copy[i], .tick = kc_cost_add_tick, .energy = 1, .user = t->accumulator[i]};
    t->run_list[i] = &t->run[i];
  }
  return KC_OK;
}

/// 0.7 mean + 0.3 worst over the scenarios of candidate k.
static double weigh(tuner *t, int k) {
  double sum = 0, worst = 0;
  int completed = 0;
  for (int j = 0; j < t->n_scenario; j++) {
    int i = k * t->n_scenario + j;
    double cost = kc_cost_compute(t->accumulator[i], &t->run[i].outcome, NULL);
    t->cost[i] = cost;
    sum += cost;
    worst = fmax(worst, cost);
    completed += t->run[i].outcome.kind == KC_COMPLETED;
  }
  t->survivors += completed;
  t->whole += completed == t->n_scenario;
  return 0.7 * sum / t->n_scenario + 0.3 * worst;
}

/// Whether the best so far has not run at this share of the curriculum yet.
static int best_is_old(const tuner *t) { return t->state.best_stage < t->state.stage; }

/// Draws the candidates. One of them is the start in the first generation, and the best so far
/// where its cost is of an easier share.
static kc_status draw(tuner *t) {
  kc_cma_ask(t->cma, t->x);
  int is_first = kc_cma_generation(t->cma) == 0;
  for (int i = 0; (is_first || best_is_old(t)) && i < t->n; i++) {
    int row = t->active[i];
    const double *start = (const double *)&t->state.start, *best = (const double *)&t->state.best;
    t->x[i] = is_first ? 0 : (best[row] - start[row]) / kc_control_param(row)->scale;
  }
  if (is_first || best_is_old(t))
    kc_cma_inject(t->cma, 0, t->x);
  for (int k = 0; k < t->lambda; k++) {
    t->f[k] = make_params(t, t->x + k * t->n, &t->params[k]);
    if (k == 0 && best_is_old(t))
      t->params[0] = t->state.best, t->f[0] = 0; // to the last bit
    if (prepare(t, k) != KC_OK)
      return kc_error_add(t->error, KC_ERR_MEMORY, "tune", "no memory for a run");
  }
  return KC_OK;
}

/// Draws, runs and weighs one generation; f is filled.
static kc_status evaluate(tuner *t) {
  KC_TRY(draw(t));
  kc_study_parallel parallel = kc_study_default_parallel();
  parallel.width = t->options->width;
  parallel.threads = t->options->threads;
  parallel.stop = t->options->stop;
  int n_run = t->lambda * t->n_scenario;
  KC_TRY(kc_study_run_parallel(&parallel, t->run_list, n_run, t->error));
  t->survivors = t->whole = 0;
  for (int k = 0; k < t->lambda; k++)
    t->f[k] += weigh(t, k);
  t->state.evaluations += n_run;
  return KC_OK;
}

/// The share at which the best was found, and what it stands for.
static void print_stage(const tuner *t, FILE *file) {
  const kc_curriculum *c = t->options->curriculum;
  double share = find_share(t, t->state.best_stage);
  fprintf(file, "# at share %.4g of the curriculum:", share);
  for (int i = 0; i < c->n_number; i++) {
    char value[100];
    kc_curriculum_write_value(&c->number[i], share, value, sizeof value);
    fprintf(file, "%s %s=%s", i ? "," : "", c->number[i].address, value);
  }
  fputc('\n', file);
}

static void print_comment(const tuner *t, int is_mean, FILE *file) {
  fprintf(file, "# Parameters of the gait controller, found by\n#   %s\n",
          t->options->command ? t->options->command : "kinchain tune");
  if (is_mean)
    fprintf(file, "# Mean of the search distribution, never run itself; the best has\n");
  if (t->options->curriculum)
    print_stage(t, file);
  fprintf(file, "# cost %.6g after %ld runs, generation %d; by scenario:", t->state.best_cost,
          (long)t->state.evaluations, kc_cma_generation(t->cma) + 1);
  for (int j = 0; j < t->n_scenario; j++)
    fprintf(file, "%s %s %.6g", j ? "," : "", t->scenario[j]->name, t->best_cost[j]);
  fputc('\n', file);
}

static kc_status write_commented(const tuner *t, const char *path, const kc_control_params *params,
                                 int is_mean) {
  char *comment = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&comment, &size);
  if (!file)
    return kc_error_add(t->error, KC_ERR_MEMORY, path, "no memory for its text");
  print_comment(t, is_mean, file);
  kc_status status = KC_OK;
  if (fclose(file) != 0)
    status = kc_error_add(t->error, KC_ERR_MEMORY, path, "no memory for its text");
  else
    status = kc_tune_write_params(path, params, comment, t->error);
  free(comment);
  return status;
}

/// The best candidate, and beside it the mean of the distribution it was drawn from.
static kc_status write_found(const tuner *t) {
  const char *output = t->options->output;
  KC_TRY(write_commented(t, output, &t->state.best, 0));
  size_t length = strlen(output) + sizeof ".mean";
  char *path = malloc(length);
  if (!path)
    return kc_error_add(t->error, KC_ERR_MEMORY, output, "no memory for a file name");
  (void)snprintf(path, length, "%s.mean", output);
  kc_control_params mean;
  (void)make_params(t, kc_cma_mean(t->cma), &mean);
  kc_status status = write_commented(t, path, &mean, 1);
  free(path);
  return status;
}

/// Keeps the best candidate of the generation if it is the best of all, or the first at its share.
static kc_status keep_best(tuner *t, int *first) {
  *first = 0;
  for (int k = 1; k < t->lambda; k++)
    if (t->f[k] < t->f[*first])
      *first = k;
  if (!best_is_old(t) && !(t->f[*first] < t->state.best_cost))
    return KC_OK;
  t->state.best_stage = t->state.stage;
  t->state.best_cost = t->f[*first];
  t->state.best = t->params[*first];
  memcpy(t->best_cost, t->cost + *first * t->n_scenario,
         (size_t)t->n_scenario * sizeof *t->best_cost);
  return t->options->output ? write_found(t) : KC_OK;
}

static void print_line(const tuner *t, int first) {
  if (!t->options->log)
    return;
  fprintf(t->options->log,
          "generation %4d  runs %7ld  %6.0f s  best %.4f  this %.4f  sigma %.4f  survivors %d/%d",
          kc_cma_generation(t->cma), (long)t->state.evaluations, t->state.elapsed,
          t->state.best_cost, t->f[first], kc_cma_sigma(t->cma), t->survivors,
          t->lambda * t->n_scenario);
  if (t->options->curriculum)
    fprintf(t->options->log, "  whole %d/%d  share %.2f", t->whole, t->lambda,
            find_share(t, t->state.stage));
  fputc('\n', t->options->log);
  fflush(t->options->log);
}

/// Goes a step on in the curriculum where enough candidates ran all scenarios whole.
static kc_status advance(tuner *t) {
  const kc_curriculum *c = t->options->curriculum;
  if (!c || find_share(t, t->state.stage) >= 1 || t->whole < c->survivors * t->lambda)
    return KC_OK;
  t->state.stage++;
  kc_cma_forget_best(t->cma);
  return set_share(t, find_share(t, t->state.stage));
}

static kc_status run_generation(tuner *t) {
  int first = 0;
  KC_TRY(evaluate(t));
  KC_TRY(keep_best(t, &first));
  if (kc_cma_tell(t->cma, t->f) != KC_OK)
    return kc_error_add(t->error, KC_ERR_SINGULAR, "tune",
                        "the search distribution has collapsed; start again with another seed");
  t->state.elapsed = t->elapsed_before + read_clock() - t->begin;
  print_line(t, first);
  KC_TRY(advance(t));
  if (t->options->state)
    return kc_tune_write_state(t->options->state, &t->state, t->cma, t->error);
  return KC_OK;
}

/// Why to end now, or NULL.
static const char *find_reason(const tuner *t) {
  const kc_tune_options *o = t->options;
  if (o->stop && *o->stop)
    return "interrupted";
  if (o->budget > 0 && read_clock() - t->begin >= o->budget)
    return "time budget used up";
  if (o->evaluations > 0 && t->state.evaluations >= o->evaluations)
    return "runs used up";
  if (kc_cma_sigma(t->cma) < o->sigma_stop)
    return "step below sigma_stop";
  if (kc_cma_stop_flags(t->cma))
    return "the search has converged";
  return NULL;
}

static kc_status search(tuner *t, kc_tune_result *result) {
  KC_TRY(find_active(t));
  KC_TRY(allocate(t));
  KC_TRY(start_search(t));
  t->elapsed_before = t->state.elapsed;
  kc_status status = KC_OK;
  while (status == KC_OK && !(result->reason = find_reason(t)))
    status = run_generation(t);
  // the generation that was cut off is asked again when the search goes on
  if (status == KC_ERR_INTERRUPTED) {
    result->reason = "interrupted";
    status = KC_OK;
  }
  result->best = t->state.best;
  result->best_cost = t->state.best_cost;
  result->generations = kc_cma_generation(t->cma);
  result->evaluations = (long)t->state.evaluations;
  result->share = find_share(t, t->state.stage);
  result->best_share = find_share(t, t->state.best_stage);
  (void)make_params(t, kc_cma_mean(t->cma), &result->mean);
  return status;
}

kc_status kc_tune_run(const kc_scenario *const *scenario, int n_scenario,
                      const kc_tune_options *options, kc_tune_result *result, kc_error *error) {
  *result = (kc_tune_result){.best_cost = HUGE_VAL, .reason = "failed"};
  KC_TRY(check_options(n_scenario, options, error));
  tuner t = {.scenario = scenario,
             .n_scenario = n_scenario,
             .options = options,
             .error = error,
             .begin = read_clock()};
  // what the curriculum leads to is read first: a value that is refused there is told now
  kc_status status = set_share(&t, 1);
  if (status == KC_OK)
    status = set_share(&t, 0);
  if (status == KC_OK)
    status = search(&t, result);
  release(&t);
  return status;
}
