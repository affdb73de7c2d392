/// @file
/// Beginning and end of a tuning (see tune.h): options, memory, a new search or a resumed one.
///
/// All memory is taken before the first generation: for each of lambda x n_scenario runs a shallow
/// copy of its scenario with the candidate's parameters in place, and an accumulator of its cost.
#include "base/file.h"
#include "base/hash.h"
#include "study/distance.h"
#include "study/tune_parts.h"
#include <math.h>
#include <stdlib.h>
#include <time.h>

kc_tune_options kc_tune_default_options(void) {
  return (kc_tune_options){.sigma = 0.3, .sigma_max = 1.5, .sigma_stop = 0.005, .seed = 1};
}

double kc_tuner_read_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

kc_status kc_tuner_check(int n_scenario, const kc_tune_options *o, kc_error *error) {
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
  if (o->restarts < 0 || o->restarts > KC_TUNE_MAX_RESTART)
    status = kc_error_add(error, KC_ERR_INPUT, "tune: restarts", "is %d; give 0 to %d", o->restarts,
                          KC_TUNE_MAX_RESTART);
  if (o->curriculum && !o->stage)
    status = kc_error_add(error, KC_ERR_INPUT, "tune: curriculum", "needs a stage function");
  if (o->output && kc_tune_check_path(o->output, error) != KC_OK)
    status = KC_ERR_FILE;
  if (o->state && kc_tune_check_path(o->state, error) != KC_OK)
    status = KC_ERR_FILE;
  return status;
}

kc_status kc_tuner_check_reference(const kc_tuner *t) {
  const kc_reference *reference = t->objectives.cost.reference;
  if (!reference || !kc_cost_needs_reference(&t->objectives.cost))
    return KC_OK;
  int n_near = 0;
  for (int j = 0; j < t->n_scenario; j++) {
    const kc_task *task = &t->scenario[j]->task;
    if (!kc_distance_applies(reference, t->scenario[j]))
      continue;
    n_near++;
    if (!(4 * reference->filter * task->control_interval >= 1))
      continue;
    return kc_error_add(t->error, KC_ERR_INPUT, "reference",
                        "has forces filtered at %.4g Hz, which takes more ticks than one in %.4g "
                        "ms; shorten numerics/control_interval of %s",
                        reference->filter, task->control_interval * 1e3, t->scenario[j]->name);
  }
  if (n_near == 0)
    return kc_error_add(t->error, KC_ERR_INPUT, "reference",
                        "is of %.4g m/s, and no scenario runs the unchanged body straight on over "
                        "level ground within 0.3 m/s of that, so nothing would count; name another "
                        "table, or tune with such a scenario too",
                        reference->speed);
  return KC_OK;
}

/// Tells searches apart: what decides the course of a search, and nothing else.
static uint64_t find_fingerprint(const kc_tuner *t) {
  const kc_tune_options *o = t->options;
  unsigned long long hash = KC_HASH_START;
  for (int j = 0; j < t->n_scenario; j++) {
    const kc_scenario *s = t->scenario[j];
    hash = kc_hash_add_text(hash, s->text ? s->text : "");
    hash = kc_hash_add(hash, &s->task.duration, sizeof s->task.duration);
    hash = kc_hash_add(hash, &s->task.speed, sizeof s->task.speed);
    hash = kc_hash_add(hash, &s->body->hash, sizeof s->body->hash);
  }
  hash = kc_hash_add(hash, &t->state.start, sizeof t->state.start);
  hash = kc_objectives_hash(&t->objectives, hash);
  if (o->curriculum)
    hash = kc_curriculum_hash(o->curriculum, hash);
  hash = kc_hash_add(hash, &t->lambda, sizeof t->lambda);
  hash = kc_hash_add(hash, &o->sigma, sizeof o->sigma);
  return kc_hash_add(hash, &o->seed, sizeof o->seed);
}

/// Takes the memory of all runs.
static kc_status allocate(kc_tuner *t) {
  size_t n_run = (size_t)t->lambda * (size_t)t->n_scenario, lambda = (size_t)t->lambda;
  t->x = calloc(lambda * (size_t)t->n, sizeof *t->x);
  t->f = calloc(lambda, sizeof *t->f);
  t->cost = calloc(n_run, sizeof *t->cost);
  t->params = calloc(lambda, sizeof *t->params);
  t->copy = calloc(n_run, sizeof *t->copy);
  t->run = calloc(n_run, sizeof *t->run);
  t->run_list = calloc(n_run, sizeof *t->run_list);
  t->accumulator = calloc(n_run, sizeof(kc_cost *));
  int good =
      t->x && t->f && t->cost && t->params && t->copy && t->run && t->run_list && t->accumulator;
  for (size_t i = 0; good && i < n_run; i++) {
    t->accumulator[i] = kc_cost_create();
    good = t->accumulator[i] != NULL;
  }
  if (good)
    return KC_OK;
  return kc_error_add(t->error, KC_ERR_MEMORY, "tune", "no memory for %zu runs", n_run);
}

/// Gives the memory of all runs back.
static void free_runs(kc_tuner *t) {
  int n_run = t->lambda * t->n_scenario;
  for (int i = 0; t->accumulator && i < n_run; i++)
    kc_cost_destroy(t->accumulator[i]);
  void *block[] = {t->x, t->f, t->cost, t->params, t->copy, t->run, t->run_list, t->accumulator};
  for (size_t i = 0; i < sizeof block / sizeof block[0]; i++)
    free(block[i]);
  t->x = t->f = t->cost = NULL;
  t->params = NULL;
  t->copy = NULL;
  t->run = NULL;
  t->run_list = NULL;
  t->accumulator = NULL;
}

void kc_tuner_release(kc_tuner *t) {
  free_runs(t);
  free(t->best_cost);
  kc_cma_destroy(t->cma);
}

double kc_tuner_find_share(const kc_tuner *t, int64_t stage) {
  const kc_curriculum *c = t->options->curriculum;
  return c ? kc_curriculum_share(c, (int)stage) : 1;
}

kc_status kc_tuner_set_share(kc_tuner *t, double share) {
  const kc_tune_options *o = t->options;
  return o->curriculum ? o->stage(o->user, share, &t->scenario, t->error) : KC_OK;
}

/// The parameters of the first scenario, held within the bounds of those that move.
static kc_control_params find_start(const kc_tuner *t) {
  const kc_control_params *own = t->scenario[0]->params;
  kc_control_params start = own ? *own : kc_control_default_params();
  double *value = (double *)&start;
  const kc_space *space = &t->objectives.space;
  for (int k = 0; k < t->n; k++) {
    int i = t->active[k];
    value[i] = fmin(fmax(value[i], space->lower[i]), space->upper[i]);
  }
  return start;
}

/// A search from a point of the search space.
static kc_status create_search(kc_tuner *t, const double *x, int lambda) {
  kc_cma_definition definition = kc_cma_default_definition(t->n);
  definition.lambda = lambda;
  definition.sigma = t->options->sigma;
  definition.sigma_max = t->options->sigma_max;
  // another stream for each search, none of which another seed has
  definition.seed = t->options->seed + ((uint64_t)t->state.restart << 48);
  kc_cma *cma = kc_cma_create(&definition, x);
  if (!cma)
    return kc_error_add(t->error, KC_ERR_MEMORY, "tune", "no memory for %d parameters", t->n);
  kc_cma_destroy(t->cma);
  t->cma = cma;
  return KC_OK;
}

static kc_status resume(kc_tuner *t, uint64_t fingerprint) {
  KC_TRY(kc_tune_read_state(t->options->state, fingerprint, &t->state, &t->cma, t->error));
  t->lambda = kc_cma_lambda(t->cma);
  t->elapsed_before = t->state.elapsed;
  t->evaluations_before = t->state.evaluations;
  return t->state.stage > 0 ? kc_tuner_set_share(t, kc_tuner_find_share(t, t->state.stage)) : KC_OK;
}

kc_status kc_tuner_start(kc_tuner *t) {
  t->state.start = t->state.best = find_start(t);
  t->state.fingerprint = find_fingerprint(t);
  t->state.start_cost = t->state.best_cost = HUGE_VAL;
  t->best_cost = calloc((size_t)t->n_scenario, sizeof *t->best_cost);
  if (!t->best_cost)
    return kc_error_add(t->error, KC_ERR_MEMORY, "tune", "no memory");
  if (t->options->state && kc_file_exists(t->options->state)) {
    KC_TRY(resume(t, t->state.fingerprint));
  } else {
    static const double origin[KC_SPACE_N]; // the start itself
    KC_TRY(create_search(t, origin, t->lambda));
  }
  return allocate(t);
}

kc_status kc_tuner_restart(kc_tuner *t) {
  double x[KC_SPACE_N];
  kc_tuner_make_point(t, &t->state.best, x);
  t->state.restart++;
  KC_TRY(create_search(t, x, 2 * t->lambda));
  free_runs(t);
  t->lambda *= 2;
  if (t->options->log)
    fprintf(t->options->log, "restart %ld of %d from the best, with %d candidates\n",
            (long)t->state.restart, t->options->restarts, t->lambda);
  return allocate(t);
}

void kc_tuner_make_point(const kc_tuner *t, const kc_control_params *params, double *x) {
  const double *start = (const double *)&t->state.start, *value = (const double *)params;
  for (int i = 0; i < t->n; i++) {
    int row = t->active[i];
    x[i] = (value[row] - start[row]) / t->objectives.space.step[row];
  }
}

double kc_tuner_make_params(const kc_tuner *t, const double *x, kc_control_params *params) {
  double penalty = 0, *value = (double *)params;
  const kc_space *space = &t->objectives.space;
  *params = t->state.start;
  for (int i = 0; i < t->n; i++) {
    int row = t->active[i];
    double wanted = value[row] + x[i] * space->step[row];
    double held = fmin(fmax(wanted, space->lower[row]), space->upper[row]);
    double excess = (wanted - held) / space->step[row];
    penalty += 2 * excess * excess;
    value[row] = held;
  }
  return penalty;
}
