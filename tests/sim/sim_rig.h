/// @file
/// Runs for tests of the engine: scenarios from text, a queue, and a log of all that a run says.
#pragma once
#include "near.h"
#include "scenario/definition.h"
#include "sim/engine.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// X(array of kc_sample, its length)
#define RIG_ARRAYS(X)                                                                              \
  X(q, n)                                                                                          \
  X(v, n)                                                                                          \
  X(a, n)                                                                                          \
  X(torque, n)                                                                                     \
  X(torque_command, n)                                                                             \
  X(torque_passive, n) X(torque_observed, n) X(power_joint, n) X(body_position, 3 * n_link)        \
      X(body_quaternion, 4 * n_link) X(body_velocity, 3 * n_link) X(body_rate, 3 * n_link)         \
          X(band_length, n_band) X(band_force, n_band) X(band_energy, n_band)                      \
              X(band_power, n_band) X(torque_unmet, n) X(muscle_excitation, n_muscle)              \
                  X(muscle_activation, n_muscle) X(muscle_length, n_muscle)                        \
                      X(muscle_force, n_muscle) X(muscle_power, n_muscle)                          \
                          X(fibre_length, n_muscle) X(fibre_velocity, n_muscle)                    \
                              RIG_ENERGY_ARRAYS(X) RIG_LOAD_ARRAYS(X) RIG_NODE_ARRAYS(X)

/// Likewise, of fascial nodes.
#define RIG_NODE_ARRAYS(X)                                                                         \
  X(node_displacement, 3 * n_node)                                                                 \
  X(node_power, n_node)                                                                            \
  X(node_loss, n_node)

/// Likewise, of what sim/energy.lane.c hands out.
#define RIG_ENERGY_ARRAYS(X)                                                                       \
  X(band_power_out, n_band)                                                                        \
  X(band_power_in, n_band)                                                                         \
  X(band_hip_moment, n_hip *n_band)                                                                \
  X(tendon_energy, n_muscle)                                                                       \
  X(metabolic_power, 2 * n_muscle) X(fibre_power_out, n_muscle) X(fibre_power_in, n_muscle)

/// Likewise, of what force/joint_load.lane.c finds; empty where there are no loads.
#define RIG_LOAD_ARRAYS(X)                                                                         \
  X(joint_force, 3 * KC_N_LOAD_JOINT * n_load)                                                     \
  X(torsion, KC_N_SIDE *KC_N_TORSION *n_load)                                                      \
  X(torsion_net, KC_N_SIDE *KC_N_TORSION *n_load)                                                  \
  X(acceleration, 3 * KC_N_SENSOR * n_load)                                                        \
  X(spin, KC_N_PART *n_load)

/// Everything a run has handed out.
typedef struct {
  const kc_model *model;
  int n, n_link, n_node, n_band, n_muscle, n_hip, n_load;
  int n_sample, n_tick, room;
  kc_sample *sample; ///< (n_sample) with arrays of their own
  double *command;   ///< (n_tick x n) as commanded, for replay
  double *tick_time; ///< (n_tick)
  double *state;     ///< (n_tick x 3 n) q, v, actuators
  kc_sample *tick;   ///< (n_tick) without arrays
} rig_log;

static inline rig_log rig_log_for(const kc_scenario *scenario) {
  const kc_task *task = &scenario->task;
  rig_log log = {.model = scenario->body, .n = scenario->body->n_joint};
  for (int j = 0; j < log.n; j++)
    log.n_link += scenario->body->joint[j].link_name[0] != 0;
  log.n_band = scenario->body->n_band, log.n_muscle = scenario->body->n_muscle;
  log.n_node = scenario->body->n_node;
  int hip[KC_MAX_HIP];
  log.n_hip = kc_model_find_hips(scenario->body, hip);
  log.n_load = kc_model_find_loads(scenario->body).n_joint > 0;
  double least = fmin(task->control_interval, task->record_interval);
  log.room = (int)(task->duration / least) + 3;
  log.sample = calloc((size_t)log.room, sizeof *log.sample);
  log.tick = calloc((size_t)log.room, sizeof *log.tick);
  log.tick_time = calloc((size_t)log.room, sizeof *log.tick_time);
  log.command = calloc((size_t)(log.room * log.n), sizeof *log.command);
  log.state = calloc((size_t)(3 * log.room * log.n), sizeof *log.state);
  assert_true(log.sample && log.tick && log.tick_time && log.command && log.state);
  return log;
}

static inline void rig_log_free(rig_log *log) {
#define X(name, count) free((void *)(uintptr_t)log->sample[i].name);
  for (int i = 0; i < log->n_sample; i++) {
    RIG_ARRAYS(X)
  }
#undef X
  free(log->sample), free(log->tick), free(log->tick_time);
  free(log->command), free(log->state);
}

static inline double *rig_copy(const double *from, int n) {
  double *to = malloc((size_t)(n > 0 ? n : 1) * sizeof *to);
  assert_non_null(to);
  if (n > 0)
    memcpy(to, from, (size_t)n * sizeof *to);
  return to;
}

/// For kc_run.sample; user is the log.
static inline void rig_sample(void *user, const kc_sample *sample) {
  rig_log *log = user;
  const int n = log->n, n_link = log->n_link, n_band = log->n_band, n_muscle = log->n_muscle;
  const int n_node = log->n_node, n_hip = log->n_hip, n_load = log->n_load;
  assert_true(log->n_sample < log->room);
  kc_sample *to = &log->sample[log->n_sample++];
  *to = *sample;
#define X(name, count) to->name = rig_copy(sample->name, count);
  RIG_ARRAYS(X)
#undef X
}

/// For kc_run.tick; user is the log.
static inline void rig_tick(void *user, const kc_sample *sample) {
  rig_log *log = user;
  assert_true(log->n_tick < log->room);
  log->tick[log->n_tick] = *sample;
  log->tick_time[log->n_tick] = sample->time;
  double *state = log->state + 3 * log->n_tick * log->n;
  for (int j = 0; j < log->n; j++) {
    log->command[log->n_tick * log->n + j] = sample->torque_command[j];
    state[j] = sample->q[j], state[log->n + j] = sample->v[j];
    state[2 * log->n + j] = sample->torque[j];
  }
  log->n_tick++;
}

/// A scenario, from YAML in memory; printf-like.
__attribute__((format(printf, 1, 2))) static inline kc_scenario *rig_scenario(const char *format,
                                                                              ...) {
  char text[2000];
  va_list list;
  va_start(list, format);
  (void)vsnprintf(text, sizeof text, format, list);
  va_end(list);
  kc_error error = kc_error_default();
  kc_scenario_def *def;
  kc_scenario *scenario = NULL;
  if (kc_scenario_read_def_text(text, strlen(text), "test.yaml", NULL, 0, &def, &error) == KC_OK) {
    if (kc_scenario_compile_def(def, &scenario, &error) != KC_OK)
      scenario = NULL;
    kc_scenario_destroy_def(def);
  }
  if (!scenario)
    fail_msg("%s: %s", error.finding[0].place, error.finding[0].text);
  kc_error_destroy(&error);
  return scenario;
}

/// Level running with the parameters that the shipped scenarios are tuned with.
#define RIG_LEVEL                                                                                  \
  "name: level\nmodel: runner.yaml\nspeed: 3.3 m/s\ncontroller: {parameters: running.yaml}\n"

/// A body of its own without controller, one control tick and one interval of record per run.
static inline kc_scenario *rig_body(const char *model, double duration, double step) {
  kc_scenario *s = rig_scenario("model: %s\nspeed: 0 m/s\nduration: 1 s\n", model);
  free(s->params);
  s->params = NULL;
  s->task.duration = s->task.control_interval = s->task.record_interval = duration;
  s->task.step = step;
  return s;
}

/// Takes what could be lost or stored off a body: passive torques, bands, drag.
static inline void rig_make_free(kc_model *model) {
  for (int j = 0; j < model->n_joint; j++)
    model->joint[j].passive = (kc_passive){.upper = 9, .lower = -9};
  for (int i = 0; i < model->n_band; i++)
    model->band[i].on = 0;
  model->drag_area = 0;
}

typedef struct {
  kc_run **run;
  int n, next;
} rig_queue;

static inline kc_run *rig_next(void *context) {
  rig_queue *queue = context;
  return queue->next < queue->n ? queue->run[queue->next++] : NULL;
}

/// Runs them in one engine, the queue in their order.
static inline void rig_run_all(int width, kc_run **run, int n) {
  rig_queue queue = {run, n, 0};
  kc_error error = kc_error_default();
  kc_status status = kc_sim_run(width, rig_next, NULL, &queue, NULL, &error);
  if (status != KC_OK)
    fail_msg("%s: %s", error.finding[0].place, error.finding[0].text);
}

/// A run alone in its engine, logged.
static inline kc_run rig_run(kc_scenario *scenario, rig_log *log, const double *q,
                             const double *v) {
  *log = rig_log_for(scenario);
  kc_run run = {.scenario = scenario, .sample = rig_sample, .tick = rig_tick, .user = log};
  run.start_q = q, run.start_v = v;
  kc_run *list[] = {&run};
  rig_run_all(1, list, 1);
  return run;
}

static inline void rig_check_array(const char *name, int i, const double *a, const double *b,
                                   int count) {
  for (int j = 0; j < count; j++)
    if (memcmp(&a[j], &b[j], sizeof *a) != 0)
      fail_msg("sample %d: %s[%d] is %.17g and %.17g", i, name, j, a[j], b[j]);
}

#define RIG_PART(first, last)                                                                      \
  rig_check_array(                                                                                 \
      #first " ...", i, (const double *)(const void *)&a->sample[i].first,                         \
      (const double *)(const void *)&b->sample[i].first,                                           \
      (int)((offsetof(kc_sample, last) - offsetof(kc_sample, first)) / sizeof(double)))

/// Fails unless two logs have the same bits.
static inline void rig_check_same(const rig_log *a, const rig_log *b) {
  const int n = a->n, n_link = a->n_link, n_band = a->n_band, n_muscle = a->n_muscle;
  const int n_node = a->n_node, n_hip = a->n_hip, n_load = a->n_load;
  assert_int_equal(a->n_sample, b->n_sample);
  for (int i = 0; i < a->n_sample; i++) {
#define X(name, count) rig_check_array(#name, i, a->sample[i].name, b->sample[i].name, count);
    RIG_ARRAYS(X)
#undef X
    RIG_PART(time, q);
    RIG_PART(com, band_length);
    RIG_PART(kinetic, phase);
    assert_int_equal(a->sample[i].phase, b->sample[i].phase);
  }
  assert_int_equal(a->n_tick, b->n_tick);
  if (memcmp(a->command, b->command, (size_t)(a->n_tick * n) * sizeof(double)) != 0)
    fail_msg("the commands differ");
}
