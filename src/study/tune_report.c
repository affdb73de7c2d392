/// @file
/// What the tuner tells and writes (see tune.h): a line a generation, and parameter files.
#include "study/tune_parts.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/// The share at which the best was found, and what it stands for.
static void print_stage(const kc_tuner *t, FILE *file) {
  const kc_curriculum *c = t->options->curriculum;
  double share = kc_tuner_find_share(t, t->state.best_stage);
  fprintf(file, "# at share %.4g of the curriculum:", share);
  for (int i = 0; i < c->n_number; i++) {
    char value[100];
    kc_curriculum_write_value(&c->number[i], share, value, sizeof value);
    fprintf(file, "%s %s=%s", i ? "," : "", c->number[i].address, value);
  }
  fputc('\n', file);
}

static void print_comment(const kc_tuner *t, int is_mean, FILE *file) {
  fprintf(file, "# Parameters of the gait controller, found by\n#   %s\n",
          t->options->command ? t->options->command : "kinchain tune");
  if (is_mean)
    fprintf(file, "# Mean of the search distribution, never run itself; the best has\n");
  kc_objectives_print(&t->objectives, file);
  if (t->options->curriculum)
    print_stage(t, file);
  fprintf(file, "# cost %.6g after %ld runs, generation %ld; by scenario:", t->state.best_cost,
          (long)t->state.evaluations, (long)t->state.generations + 1);
  for (int j = 0; j < t->n_scenario; j++)
    fprintf(file, "%s %s %.6g", j ? "," : "", t->scenario[j]->name, t->best_cost[j]);
  fputc('\n', file);
}

static kc_status write_commented(const kc_tuner *t, const char *path,
                                 const kc_control_params *params, int is_mean) {
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
kc_status kc_tuner_write_found(const kc_tuner *t) {
  const char *output = t->options->output;
  KC_TRY(write_commented(t, output, &t->state.best, 0));
  size_t length = strlen(output) + sizeof ".mean";
  char *path = malloc(length);
  if (!path)
    return kc_error_add(t->error, KC_ERR_MEMORY, output, "no memory for a file name");
  (void)snprintf(path, length, "%s.mean", output);
  kc_control_params mean;
  (void)kc_tuner_make_params(t, kc_cma_mean(t->cma), &mean);
  kc_status status = write_commented(t, path, &mean, 1);
  free(path);
  return status;
}

double kc_tuner_find_elapsed(const kc_tuner *t) {
  double elapsed = kc_tuner_read_clock() - t->begin;
  return t->options->budget_in_all ? t->elapsed_before + elapsed : elapsed;
}

/// Time until the budget or the runs are used up, s; NaN where neither is limited.
static double find_left(const kc_tuner *t) {
  const kc_tune_options *o = t->options;
  double left = NAN, runs = (double)(t->state.evaluations - t->evaluations_before);
  if (o->budget > 0)
    left = fmax(0, o->budget - kc_tuner_find_elapsed(t));
  if (o->evaluations > 0 && runs > 0) {
    double rest = fmax(0, (double)o->evaluations - (double)t->state.evaluations);
    left = fmin(left, rest * (kc_tuner_read_clock() - t->begin) / runs);
  }
  return left;
}

static void print_line(const kc_tuner *t, int first, double left) {
  fprintf(t->options->log,
          "generation %4ld  runs %7ld  %6.0f s  best %.4f  this %.4f  sigma %.4f  survivors %d/%d",
          (long)t->state.generations, (long)t->state.evaluations, t->state.elapsed,
          t->state.best_cost, t->f[first], kc_cma_sigma(t->cma), t->survivors,
          t->lambda * t->n_scenario);
  if (t->options->curriculum)
    fprintf(t->options->log, "  whole %d/%d  share %.2f", t->whole, t->lambda,
            kc_tuner_find_share(t, t->state.stage));
  if (!isnan(left))
    fprintf(t->options->log, "  left %.0f s", left);
  fputc('\n', t->options->log);
  fflush(t->options->log);
}

void kc_tuner_tell(const kc_tuner *t, int first) {
  double left = find_left(t);
  if (t->options->log)
    print_line(t, first, left);
  kc_tune_progress progress = {.generations = (int)t->state.generations,
                               .restart = (int)t->state.restart,
                               .evaluations = (long)t->state.evaluations,
                               .start_cost = t->state.start_cost,
                               .best_cost = t->state.best_cost,
                               .elapsed = kc_tuner_read_clock() - t->begin,
                               .left = left};
  if (t->options->progress)
    t->options->progress(t->options->progress_user, &progress);
}
