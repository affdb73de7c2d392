/// @file
/// The tuner's loop (see tune.h): ask, run, weigh, tell, write.
#include "base/file.h"
#include "study/parallel.h"
#include "study/tune_parts.h"
#include <math.h>
#include <string.h>

/// Sets up the runs of candidate k.
static kc_status prepare(kc_tuner *t, int k) {
  const kc_cost_weights *weights = &t->objectives.cost;
  for (int j = 0; j < t->n_scenario; j++) {
    int i = k * t->n_scenario + j;
    t->copy[i] = *t->scenario[j];
    t->copy[i].params = &t->params[k];
    KC_TRY(kc_cost_begin(t->accumulator[i], &t->copy[i], weights));
    t->run[i] = (kc_run){.scenario = &t->copy[i],
                         .tick = kc_cost_add_tick,
                         .tick_loads = kc_cost_needs_loads(weights),
                         .energy = 1,
                         .user = t->accumulator[i]};
    t->run_list[i] = &t->run[i];
  }
  return KC_OK;
}

/// Mean and worst over the scenarios of candidate k, as the objectives weigh them.
static double weigh(kc_tuner *t, int k) {
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
  return t->objectives.mean * sum / t->n_scenario + t->objectives.worst * worst;
}

/// Whether the best so far has not run at this share of the curriculum yet.
static int best_is_old(const kc_tuner *t) { return t->state.best_stage < t->state.stage; }

/// Draws the candidates. In the first generation of a search one of them is where it starts, the
/// best so far; so it is where the cost of the best is of an easier share.
static kc_status draw(kc_tuner *t) {
  kc_cma_ask(t->cma, t->x);
  int holds_best = kc_cma_generation(t->cma) == 0 || best_is_old(t);
  if (holds_best) {
    kc_tuner_make_point(t, &t->state.best, t->x);
    kc_cma_inject(t->cma, 0, t->x);
  }
  for (int k = 0; k < t->lambda; k++) {
    t->f[k] = kc_tuner_make_params(t, t->x + k * t->n, &t->params[k]);
    if (k == 0 && holds_best)
      t->params[0] = t->state.best, t->f[0] = 0; // to the last bit
    if (prepare(t, k) != KC_OK)
      return kc_error_add(t->error, KC_ERR_MEMORY, "tune", "no memory for a run");
  }
  return KC_OK;
}

/// Draws, runs and weighs one generation; f is filled.
static kc_status evaluate(kc_tuner *t) {
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

/// Keeps the best candidate of the generation if it is the best of all, or the first at its share.
static kc_status keep_best(kc_tuner *t, int *first) {
  *first = 0;
  for (int k = 1; k < t->lambda; k++)
    if (t->f[k] < t->f[*first])
      *first = k;
  if (t->state.generations == 0)
    t->state.start_cost = t->f[0];
  if (!best_is_old(t) && !(t->f[*first] < t->state.best_cost))
    return KC_OK;
  t->state.best_stage = t->state.stage;
  t->state.best_cost = t->f[*first];
  t->state.best = t->params[*first];
  memcpy(t->best_cost, t->cost + *first * t->n_scenario,
         (size_t)t->n_scenario * sizeof *t->best_cost);
  return t->options->output ? kc_tuner_write_found(t) : KC_OK;
}

/// Goes a step on in the curriculum where enough candidates ran all scenarios whole.
static kc_status advance(kc_tuner *t) {
  const kc_curriculum *c = t->options->curriculum;
  if (!c || kc_tuner_find_share(t, t->state.stage) >= 1 || t->whole < c->survivors * t->lambda)
    return KC_OK;
  t->state.stage++;
  kc_cma_forget_best(t->cma);
  return kc_tuner_set_share(t, kc_tuner_find_share(t, t->state.stage));
}

static kc_status run_generation(kc_tuner *t) {
  int first = 0;
  KC_TRY(evaluate(t));
  KC_TRY(keep_best(t, &first));
  if (kc_cma_tell(t->cma, t->f) != KC_OK)
    return kc_error_add(t->error, KC_ERR_SINGULAR, "tune",
                        "the search distribution has collapsed; start again with another seed");
  t->state.generations++;
  t->state.elapsed = t->elapsed_before + kc_tuner_read_clock() - t->begin;
  kc_tuner_tell(t, first);
  KC_TRY(advance(t));
  if (t->options->state)
    return kc_tune_write_state(t->options->state, &t->state, t->cma, t->error);
  return KC_OK;
}

/// Why the search in hand leads no further, or NULL.
static const char *find_exhaustion(const kc_tuner *t) {
  int can_restart = t->state.restart < t->options->restarts;
  unsigned flags = kc_cma_stop_flags(t->cma);
  if (kc_cma_sigma(t->cma) < t->options->sigma_stop)
    return "step below sigma_stop";
  if (flags & ~(unsigned)KC_CMA_STOP_STAGNATION)
    return "the search has converged";
  // nothing better to do with what is left of the budget than to go on, but for a restart
  return flags && can_restart ? "the search stagnates" : NULL;
}

/// Why to end now, or NULL.
static const char *find_reason(const kc_tuner *t) {
  const kc_tune_options *o = t->options;
  if (o->stop && *o->stop)
    return "interrupted";
  if (o->budget > 0 && kc_tuner_find_elapsed(t) >= o->budget)
    return "time budget used up";
  if (o->evaluations > 0 && t->state.evaluations >= o->evaluations)
    return "runs used up";
  return t->state.restart < o->restarts ? NULL : find_exhaustion(t);
}

/// Rows that move, and how many candidates that takes.
static void find_active(kc_tuner *t) {
  for (int i = 0; i < KC_SPACE_N; i++)
    if (t->objectives.space.step[i] > 0)
      t->active[t->n++] = i;
  t->lambda = t->options->lambda ? t->options->lambda : kc_cma_default_lambda(t->n);
}

static void fill_result(const kc_tuner *t, kc_tune_result *result) {
  result->best = t->state.best;
  result->start_cost = t->state.start_cost;
  result->best_cost = t->state.best_cost;
  result->generations = (int)t->state.generations;
  result->restarts = (int)t->state.restart;
  result->evaluations = (long)t->state.evaluations;
  result->share = kc_tuner_find_share(t, t->state.stage);
  result->best_share = kc_tuner_find_share(t, t->state.best_stage);
  (void)kc_tuner_make_params(t, kc_cma_mean(t->cma), &result->mean);
}

static kc_status search(kc_tuner *t, kc_tune_result *result) {
  find_active(t);
  KC_TRY(kc_tuner_start(t));
  kc_status status = KC_OK;
  while (status == KC_OK && !(result->reason = find_reason(t)))
    status = find_exhaustion(t) ? kc_tuner_restart(t) : run_generation(t);
  // the generation that was cut off is asked again when the search goes on
  if (status == KC_ERR_INTERRUPTED) {
    result->reason = "interrupted";
    status = KC_OK;
  }
  result->is_interrupted = result->reason && strcmp(result->reason, "interrupted") == 0;
  fill_result(t, result);
  return status;
}

kc_status kc_tune_run(const kc_scenario *const *scenario, int n_scenario,
                      const kc_tune_options *options, kc_tune_result *result, kc_error *error) {
  *result = (kc_tune_result){.best_cost = HUGE_VAL, .reason = "failed"};
  KC_TRY(kc_tuner_check(n_scenario, options, error));
  kc_tuner t = {.scenario = scenario,
                .n_scenario = n_scenario,
                .options = options,
                .objectives = options->objectives ? *options->objectives : kc_objectives_default(),
                .error = error,
                .begin = kc_tuner_read_clock()};
  // what the curriculum leads to is read first: a value that is refused there is told now
  kc_status status = kc_tuner_set_share(&t, 1);
  if (status == KC_OK)
    status = kc_tuner_check_reference(&t);
  if (status == KC_OK)
    status = kc_tuner_set_share(&t, 0);
  if (status == KC_OK)
    status = search(&t, result);
  kc_tuner_release(&t);
  return status;
}
