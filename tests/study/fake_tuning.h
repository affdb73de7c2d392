/// @file
/// A runner for tests of the tuner, two situations of it, and a flag to stop them.
///
/// It slows down and falls with the distance of some of its parameters from where it runs best;
/// these lie a share (kept in task.sense_noise) of the way off their defaults, and cost it speed.
#pragma once
#include "control/params.h"
#include "near.h"
#include "study/tune.h"

#include "fake_engine.h"

/// Parameters that matter: the first ones that are tuned.
enum { N_TUNED = 4 };

static kc_joint fake_joints[N_JOINT];
static kc_sphere fake_spheres[3];
static kc_model fake_body;
static volatile int stop_flag;
static long n_run, stop_after = -1;
static long n_seed, n_other_seed; // runs with their scenario's own numbers of noise, and without
static kc_scenario base[2];
static const kc_scenario *const SITUATION[2] = {&base[0], &base[1]};

/// Value of the parameter in the table's row where the runner is best; k counts those that matter.
static inline double find_best_value(int row, int k, double share) {
  const kc_control_param_info *info = kc_control_param(row);
  return info->value + info->scale * share * (k % 2 ? 0.8 : -0.7);
}

/// Distance of the parameters that matter from the best ones, in scales.
static inline double find_distance(const kc_control_params *params, double share) {
  const double *value = (const double *)params;
  double sum = 0;
  for (int i = 0, k = 0; k < N_TUNED; i++) {
    double scale = kc_control_param(i)->scale;
    if (scale <= 0)
      continue;
    double d = (value[i] - find_best_value(i, k++, share)) / scale;
    sum += d * d;
  }
  return sqrt(sum);
}

static void count_seed(const kc_run *run) {
  const kc_task *own = &base[strcmp(run->scenario->name, base[0].name) != 0].task;
  const kc_task *task = &run->scenario->task;
  int same = task->seed == own->seed && task->sense_noise == own->sense_noise &&
             task->sense_delay == own->sense_delay;
#pragma omp atomic
  n_seed += same;
#pragma omp atomic
  n_other_seed += !same;
}

static void fake_run(kc_run *run, const volatile int *stop) {
  const kc_task *task = &run->scenario->task;
  count_seed(run);
#pragma omp atomic
  n_run++;
  if (stop_after >= 0 && n_run > stop_after)
    stop_flag = 1;
  if (stop && *stop) {
    run->outcome = (kc_outcome){.kind = KC_INTERRUPTED};
    return;
  }
  double q[N_JOINT] = {0}, zero[N_JOINT] = {0}, share = task->sense_noise;
  double distance = find_distance(run->scenario->params, share);
  double end = fmin(task->duration, task->duration * 1.5 / (1 + 0.5 * distance));
  for (int i = 0; i * 0.01 <= end; i++) {
    kc_sample s = {.time = i * 0.01, .q = q, .v = zero, .torque = zero};
    s.com[0] = s.time * task->speed * (1 - 0.1 * distance - 0.2 * share);
    run->tick(run->user, &s);
  }
  run->outcome = (kc_outcome){.kind = end < task->duration ? KC_FELL : KC_COMPLETED, .time = end};
}

/// Fills the situations, with the table's own parameters.
static inline void make_situations(double share) {
  fake_body = fake_model(fake_joints, fake_spheres);
  for (int i = 0; i < 2; i++) {
    base[i] = (kc_scenario){.body = &fake_body, .internal = &fake_body};
    (void)snprintf(base[i].name, sizeof base[i].name, "case_%d", i);
    base[i].task.speed = i ? 3.0 : 3.3;
    base[i].task.duration = i ? 4 : 5;
    base[i].task.step = 1e-3;
    base[i].task.sense_noise = share;
  }
}

/// Nothing has run and nothing stops it.
static inline void reset_runs(void) { stop_flag = 0, stop_after = -1, n_run = 0; }

/// Tunes; fails where the status is another, or findings do not go with it.
static inline kc_tune_result tune_situations(const kc_scenario *const *scenario,
                                             const kc_tune_options *options, kc_status expected) {
  kc_tune_result result;
  kc_error error = kc_error_default();
  kc_status status = kc_tune_run(scenario, 2, options, &result, &error);
  if (status != expected)
    fail_msg("status %d: %s", status, error.n_finding ? error.finding[0].text : "no finding");
  assert_true((status == KC_OK) == (error.n_finding == 0));
  kc_error_destroy(&error);
  return result;
}
