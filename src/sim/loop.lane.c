// The queue of a batch: controller ticks, samples, ends of runs, refills.
//
// Lanes are loaded and released at ticks only, so every lane has its own clock but all share the
// grid of steps. A run that falls or diverges leaves its lane to the next one; an idle lane goes on
// stepping what it held, which harms nobody.
#include "math/bend.h"
#include "sim/batch.lane.h"
#include <math.h>
#include <stdio.h>

static void end_run(kc_batch *b, int lane, kc_outcome_kind kind, const char *reason) {
  const kc_slot *slot = &b->slot[lane];
  kc_run *run = slot->run;
  // steps times their length, not their sum, which rounding has touched
  long n = kind == KC_COMPLETED ? slot->n_step : slot->step;
  run->outcome = (kc_outcome){.kind = kind, .time = (double)n * run->scenario->task.step};
  snprintf(run->outcome.reason, sizeof run->outcome.reason, "%s", reason);
}

static int find_divergence(kc_batch *b, int lane) {
  for (int j = 0; j < b->n; j++) {
    double q = kc_get(b->q[j], lane), v = kc_get(b->v[j], lane);
    if (isfinite(q) && fabs(v) < 1e3)
      continue;
    char reason[120];
    snprintf(reason, sizeof reason, "%s: position %.3g, velocity %.3g",
             b->slot[lane].run->scenario->body->joint[j].name, q, v);
    end_run(b, lane, KC_DIVERGED, reason);
    return 1;
  }
  return 0;
}

// vertical component of a link's long axis
static double uprightness(const kc_batch *b, int link, int lane) {
  const kc_mat3 *R = &b->body->rot[link], *T = &b->tree->to_link[link];
  double up = 0;
  for (int i = 0; i < 3; i++)
    up += kc_get(R->m[3 + i], lane) * kc_get(T->m[3 * i + 1], lane);
  return up;
}

static int find_fall(kc_batch *b, int lane) {
  if (!b->control)
    return 0;
  const kc_vec3 *p = &b->body->pos[b->map.pelvis];
  real height, slope_x, slope_z;
  kc_ground_compute_height(b->force, p->v[0], p->v[2], &height, &slope_x, &slope_z);
  const double pelvis[3] = {kc_get(p->v[0], lane), 0, kc_get(p->v[2], lane)};
  double above = kc_get(p->v[1] - height, lane);
  double aside = kc_bend_find_place(b->slot[lane].bend, pelvis, 0).offset;
  char reason[120] = "";
  if (above < kc_get(b->pelvis_lowest, lane))
    snprintf(reason, sizeof reason, "the pelvis sank to %.2f m above the ground", above);
  else if (above > kc_get(b->pelvis_highest, lane))
    snprintf(reason, sizeof reason, "the pelvis flew to %.2f m above the ground", above);
  else if (uprightness(b, b->map.pelvis, lane) < 0.5)
    snprintf(reason, sizeof reason, "the pelvis tipped beyond 60 degrees");
  else if (uprightness(b, b->map.trunk, lane) < 0.34)
    snprintf(reason, sizeof reason, "the trunk tipped beyond 70 degrees");
  else if (fabs(aside) > 5)
    snprintf(reason, sizeof reason, "it strayed %.1f m from its line", aside);
  if (!reason[0])
    return 0;
  end_run(b, lane, KC_FELL, reason);
  return 1;
}

static int has_ended(kc_batch *b, int lane, int stopped) {
  const kc_slot *slot = &b->slot[lane];
  if (find_divergence(b, lane) || find_fall(b, lane))
    return 1;
  if (slot->step > slot->n_step)
    end_run(b, lane, KC_COMPLETED, "");
  else if (stopped)
    end_run(b, lane, KC_INTERRUPTED, "stopped by the user");
  else
    return 0;
  return 1;
}

// called between the forces and the advance of a step
static void sample_lanes(kc_batch *b) {
  int prepared = 0;
  for (int i = 0; i < KC_LANES; i++) {
    kc_slot *slot = &b->slot[i];
    if (!slot->run || slot->step % b->steps_per_sample != 0 || slot->step > slot->n_step)
      continue;
    const kc_task *task = &slot->run->scenario->task;
    kc_sample sample;
    if (slot->run->sample) {
      if (!prepared++)
        kc_batch_prepare_sample(b);
      double since = slot->step ? task->record_interval : 0;
      kc_batch_sample(b, i, (double)slot->step * task->step, since, &sample);
      slot->run->sample(slot->run->user, &sample);
    }
    kc_batch_clear_impulse(b, i);
  }
}

static void replay_commands(kc_batch *b) {
  for (int i = 0; i < KC_LANES; i++) {
    const kc_run *run = b->slot[i].run;
    if (!run || !run->replay || run->n_replay <= 0)
      continue;
    long tick = b->slot[i].step / b->steps_per_tick;
    if (tick >= run->n_replay)
      tick = run->n_replay - 1;
    const double *row = run->replay + tick * (b->n + b->n_muscle);
    for (int j = 0; j < b->n; j++)
      kc_set(&b->command[j], i, row[j]);
    for (int m = 0; m < b->n_muscle; m++)
      kc_set(&b->muscle.excitation[m], i, row[b->n + m]);
  }
}

static void clear_senses(kc_batch *b) {
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int i = 0; i < 3; i++)
      b->sense.foot_force[k].v[i] = b->sense.foot_moment[k].v[i] = kc_real(0.0);
  for (int j = 0; j < b->n; j++)
    b->sense.torque_mean[j] = kc_real(0.0);
  b->sense_time = kc_real(0.0);
}

// a run begins with the torques and activations that its first command asks for (assumption: it was
// running before)
static void warm_starters(kc_batch *b) {
  mask starting = kc_mask(0);
  for (int i = 0; i < KC_LANES; i++) {
    const kc_run *run = b->slot[i].run;
    if (!run || b->slot[i].step)
      continue;
    for (int j = 0; j < b->n && !run->start_actuator; j++)
      kc_set(&b->actuator[j], i, kc_get(kc_batch_drive(b, j), i));
    for (int m = 0; m < b->n_muscle && !run->start_muscle; m++)
      kc_set(&b->muscle.activation[m], i, kc_get(b->muscle.excitation[m], i));
    kc_mask_set(&starting, i, !run->start_muscle);
  }
  if (b->muscles && kc_any(starting))
    kc_batch_warm_muscles(b, starting);
}

static void control(kc_batch *b) {
  if (!b->control) {
    replay_commands(b);
    return;
  }
  real share = 1.0 / kc_max(b->sense_time, kc_real(1e-9));
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int i = 0; i < 3; i++) {
      b->sense.foot_force[k].v[i] *= share;
      b->sense.foot_moment[k].v[i] *= share;
    }
  for (int j = 0; j < b->n; j++) {
    b->sense.torque_mean[j] *= share;
    b->sense.q[j] = b->q[j], b->sense.v[j] = b->v[j], b->sense.torque[j] = kc_batch_torque(b, j);
  }
  for (int m = 0; m < b->n_muscle; m++) {
    b->sense.activation[m] = b->muscle.activation[m];
    b->sense.fibre[m] = b->muscle.fibre[m], b->sense.fibre_velocity[m] = b->muscle.velocity[m];
    b->sense.stretch[m] = kc_muscle_compute_stretch(
        &kc_muscle_set_numbers(b->muscles)[m], b->muscle.fibre[m], b->muscle_work->path->length[m]);
  }
  for (int i = 0; i < b->n_node; i++)
    b->sense.node[i] = b->node.place[i];
  kc_control_output output = {b->command, b->muscle.excitation, b->unmet};
  kc_control_compute(b->control, &b->sense, &output);
  warm_starters(b);
  clear_senses(b);
}

static void report_ticks(kc_batch *b) {
  for (int i = 0; i < KC_LANES; i++) {
    const kc_slot *slot = &b->slot[i];
    if (!slot->run || !slot->run->tick)
      continue;
    kc_sample sample;
    kc_batch_sample_tick(b, i, (double)slot->step * slot->run->scenario->task.step, &sample);
    slot->run->tick(slot->run->user, &sample);
  }
}

// metabolic power acts on nothing: only for those who ask
static void begin_energy(kc_batch *b) {
  int wanted = 0;
  for (int i = 0; i < KC_LANES; i++)
    wanted |= b->slot[i].run && (b->slot[i].run->sample || b->slot[i].run->energy);
  if (wanted)
    kc_energy_begin_tick(b->energy, b->muscles, &b->muscle, b->muscle_work,
                         (double)b->steps_per_tick * b->step);
}

// the loads of a tick are those of the step that leads to it
static int want_loads(const kc_batch *b) {
  int wanted = 0;
  for (int i = 0; i < KC_LANES; i++)
    wanted |= b->slot[i].run && b->slot[i].run->tick && b->slot[i].run->tick_loads;
  return wanted;
}

static void step_tick(kc_batch *b) {
  control(b);
  begin_energy(b);
  report_ticks(b);
  int ticks = want_loads(b);
  for (int s = 0; s < b->steps_per_tick; s++) {
    int due = 0;
    b->energy->since_tick = (double)s * b->step;
    for (int i = 0; i < KC_LANES; i++)
      due |= b->slot[i].run && b->slot[i].step % b->steps_per_sample == 0;
    b->load_due = due || (ticks && s == b->steps_per_tick - 1);
    kc_batch_step(b, due ? sample_lanes : NULL);
    for (int i = 0; i < KC_LANES; i++)
      b->slot[i].step++;
  }
}

// fills idle lanes and marks them; returns a run that does not fit, NULL otherwise
static kc_run *refill(kc_batch *b, kc_run *(*next)(void *context), void *context, int *empty,
                      mask *filled) {
  for (int i = 0; i < KC_LANES && !*empty; i++) {
    if (b->slot[i].run)
      continue;
    kc_run *run = next(context);
    if (!run)
      *empty = 1;
    else if (!kc_batch_fits(b, run))
      return run;
    else
      kc_batch_load(b, i, run), kc_mask_set(filled, i, 1);
  }
  return NULL;
}

kc_run *kc_batch_run(kc_batch *b, kc_run *first, kc_run *(*next)(void *context),
                     void (*finished)(void *context, kc_run *run), void *context,
                     const volatile int *stop) {
  kc_run *misfit = NULL;
  mask filled = kc_mask(0);
  kc_batch_load(b, 0, first), kc_mask_set(&filled, 0, 1);
  kc_batch_start_tissue(b, filled);
  for (int empty = 0;;) {
    filled = kc_mask(0);
    int stopped = stop && *stop, active = 0;
    for (int i = 0; i < KC_LANES; i++) {
      if (!b->slot[i].run || !has_ended(b, i, stopped))
        continue;
      kc_run *run = b->slot[i].run;
      b->slot[i].run = NULL;
      if (finished)
        finished(context, run);
    }
    if (!misfit && !stopped)
      misfit = refill(b, next, context, &empty, &filled);
    if (kc_any(filled))
      kc_batch_start_tissue(b, filled);
    for (int i = 0; i < KC_LANES; i++)
      active |= b->slot[i].run != NULL;
    if (!active)
      return misfit;
    step_tick(b);
  }
}
