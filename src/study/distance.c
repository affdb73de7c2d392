/// @file
/// Ticks to samples of src/lab, and their scores by group (see distance.h).
#include "study/distance.h"
#include "lab/score_run.h"
#include "study/chain.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GRAVITY 9.80665
static const double longest_interval = 5e-3; // s, of samples

struct kc_distance {
  const kc_model *body;
  const kc_reference *reference;
  kc_motion *motion;
  kc_measure measure;
  kc_score score[KC_N_QUANTITY];
  int pelvis, thorax; // links, -1 where there is none
  int ticks;          // from sample to sample
  int n_tick;
  double time, sampled;                                // s, of the last tick and sample
  double force[3 * KC_N_SIDE], impulse[3 * KC_N_SIDE]; // N at the last tick; Ns since the sample
  int is_done;
  kc_distance_values values;
};

int kc_distance_applies(const kc_reference *reference, const kc_scenario *scenario) {
  const kc_task *task = &scenario->task;
  const kc_ground *g = &task->ground;
  int straight = task->bend == 0 && g->grade == 0 && g->camber == 0 && g->n_wave == 0;
  return straight && !(task->push_duration > 0) &&
         scenario->body->hash == scenario->internal->hash && !kc_lab_is_far(reference, task->speed);
}

/// Ticks from one sample to the next.
static int find_ticks(double interval, double filter) {
  int n = (int)floor(longest_interval / interval * (1 + 1e-9));
  while (n > 1 && filter > 0 && !(filter < 0.25 / (n * interval)))
    n--;
  return n > 1 ? n : 1;
}

static void find_columns(kc_distance *d) {
  char name[40];
  for (int q = 0; q < KC_N_QUANTITY; q++)
    for (int side = 0; side < KC_N_SIDE; side++)
      if (kc_lab_write_coordinate(q, side, name, sizeof name))
        d->motion->column[q][side] = kc_model_find_joint(d->body, name);
  d->pelvis = kc_model_find_link(d->body, "pelvis");
  d->thorax = kc_model_find_link(d->body, "thorax");
}

/// A motion with room for so many samples.
static kc_status make_room(kc_distance *d, int n) {
  if (d->motion && d->motion->max_sample >= n) {
    kc_lab_restart_motion(d->motion);
    return KC_OK;
  }
  kc_lab_destroy_motion(d->motion);
  kc_error error = kc_error_default();
  kc_status status = kc_lab_create_motion(n, &d->motion, &error);
  kc_error_destroy(&error);
  return status;
}

kc_status kc_distance_begin(kc_distance **distance, const kc_scenario *scenario,
                            const kc_reference *reference, double settle) {
  const kc_task *task = &scenario->task;
  if (!*distance)
    *distance = calloc(1, sizeof **distance);
  kc_distance *d = *distance;
  if (!d)
    return KC_ERR_MEMORY;
  d->ticks = find_ticks(task->control_interval, reference->filter);
  KC_TRY(make_room(d, (int)(task->duration / (d->ticks * task->control_interval)) + 2));
  d->body = scenario->body;
  d->reference = reference;
  d->motion->weight = d->body->mass * GRAVITY;
  d->motion->settle = settle;
  d->n_tick = d->is_done = 0;
  find_columns(d);
  return KC_OK;
}

static void add_sample(kc_distance *d, const kc_sample *s) {
  kc_lab_sample sample = {.time = s->time, .q = s->q, .com = s->com, .force = d->impulse};
  double span = s->time - d->sampled;
  for (int i = 0; i < 3 * KC_N_SIDE; i++)
    d->impulse[i] = span > 0 ? d->impulse[i] / span : 0;
  if (d->pelvis >= 0 && d->thorax >= 0) {
    double R[9];
    kc_study_compute_turn(d->body, d->pelvis, d->thorax, s->q, R);
    kc_lab_eval_angles(R, sample.trunk);
  }
  kc_lab_add_sample(d->motion, &sample);
  memset(d->impulse, 0, sizeof d->impulse);
  d->sampled = s->time;
}

void kc_distance_add_tick(kc_distance *d, const kc_sample *s) {
  if (d->n_tick == 0) {
    d->time = d->sampled = s->time;
    memcpy(d->force, s->foot_force, sizeof d->force);
    memset(d->impulse, 0, sizeof d->impulse);
  }
  for (int i = 0; i < 3 * KC_N_SIDE; i++) {
    double force = s->foot_force[i / 3][i % 3];
    d->impulse[i] += 0.5 * (s->time - d->time) * (d->force[i] + force);
    d->force[i] = force;
  }
  d->time = s->time;
  if (d->n_tick++ % d->ticks == 0)
    add_sample(d, s);
}

static kc_status score(kc_distance *d, kc_error *error) {
  const kc_reference *r = d->reference;
  kc_measure_options options = {
      .threshold = r->threshold, .filter = r->filter > 0 ? r->filter : 0, .side = KC_N_SIDE};
  KC_TRY(kc_lab_finish_motion(d->motion, options.filter, error));
  KC_TRY(kc_lab_measure_motion("run", d->motion, &options, &d->measure, error));
  kc_lab_score_run(&d->measure, r, d->score);
  return KC_OK;
}

const kc_distance_values *kc_distance_compute(kc_distance *d) {
  if (d->is_done)
    return &d->values;
  kc_error error = kc_error_default();
  kc_status status = score(d, &error);
  kc_error_destroy(&error);
  for (int g = 0; g < KC_N_GROUP; g++) {
    d->values.rms[g] = d->values.out[g] = HUGE_VAL;
    if (status != KC_OK)
      continue;
    kc_score_sum sum = kc_lab_sum_scores(d->score, g);
    d->values.rms[g] = sum.n_quantity ? sum.share.clipped : 0;
    d->values.out[g] = sum.n_quantity ? 1 - sum.share.within_2 : 0;
  }
  d->is_done = 1;
  return &d->values;
}

void kc_distance_destroy(kc_distance *distance) {
  if (!distance)
    return;
  kc_lab_destroy_motion(distance->motion);
  free(distance);
}
