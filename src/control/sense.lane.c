// What the runner feels: its senses a neural delay ago, with noise on the angles.
//
// A ring keeps the senses and the commands of the last n_delay + 1 ticks. The delay is a whole
// number of ticks; both delay and noise are 0 by default (an assumption). Noise is normal, white
// from tick to tick, on joint angles and pelvis attitude, and ten times as large per second on
// their velocities; its streams are numbered by joint.
#include "control/parts.lane.h"

static kc_memory *slot(kc_control *c, long age) {
  return &c->memory[(c->n_tick - age) % c->n_memory];
}

static void copy_feet(const kc_sense *from, int lane, kc_sense *to) {
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int i = 0; i < 3; i++) {
      kc_set(&to->foot_force[k].v[i], lane, kc_get(from->foot_force[k].v[i], lane));
      kc_set(&to->foot_moment[k].v[i], lane, kc_get(from->foot_moment[k].v[i], lane));
      kc_set(&to->foot_load[k].v[i], lane, kc_get(from->foot_load[k].v[i], lane));
    }
}

static void remember_pose(kc_memory *memory, const kc_control *c, const kc_sense *now, int lane) {
  kc_sense *s = &memory->sense;
  for (int j = 0; j < c->n; j++) {
    kc_set(&s->q[j], lane, kc_get(now->q[j], lane));
    kc_set(&s->v[j], lane, kc_get(now->v[j], lane));
  }
  for (int i = 0; i < 3 * c->n_node; i++)
    kc_set(&s->node[i / 3].v[i % 3], lane, kc_get(now->node[i / 3].v[i % 3], lane));
  copy_feet(now, lane, s);
}

static void remember_effort(kc_memory *memory, const kc_control *c, const kc_sense *now, int lane) {
  kc_sense *s = &memory->sense;
  for (int j = 0; j < c->n; j++) {
    kc_set(&s->torque[j], lane, kc_get(now->torque[j], lane));
    kc_set(&s->torque_mean[j], lane, kc_get(now->torque_mean[j], lane));
  }
  for (int i = 0; i < c->n_muscle; i++) {
    kc_set(&s->activation[i], lane, kc_get(now->activation[i], lane));
    kc_set(&s->fibre[i], lane, kc_get(now->fibre[i], lane));
    kc_set(&s->fibre_velocity[i], lane, kc_get(now->fibre_velocity[i], lane));
    kc_set(&s->stretch[i], lane, kc_get(now->stretch[i], lane));
  }
}

// a runner that has just been put there has felt this for as long as it remembers; so it remembers
// the same in a lane that others have used before
static void fill_memory(kc_control *c, const kc_sense *now, int lane) {
  for (int m = 0; m < c->n_memory; m++) {
    remember_pose(&c->memory[m], c, now, lane);
    remember_effort(&c->memory[m], c, now, lane);
    for (int j = 0; j < c->n; j++)
      kc_set(&c->memory[m].command[j], lane, 0);
    for (int i = 0; i < c->n_muscle; i++)
      kc_set(&c->memory[m].excitation[i], lane, 0);
  }
  for (int j = 0; j < c->n; j++) {
    kc_set(&c->q_before[j], lane, kc_get(now->q[j], lane));
    kc_set(&c->v_before[j], lane, kc_get(now->v[j], lane));
  }
  for (int i = 0; i < 6; i++) {
    kc_set(&c->root_before[i], lane, kc_get(now->q[i], lane));
    kc_set(&c->root_before[6 + i], lane, kc_get(now->v[i], lane));
  }
}

// a run begins with the torques and activations that its first command asks for: as if that
// command, and what it did, were as old as the memory
static void fill_effort(kc_control *c, const kc_sense *now, int lane) {
  const kc_memory *last = slot(c, 1);
  for (int m = 0; m < c->n_memory; m++) {
    kc_memory *memory = &c->memory[m];
    remember_effort(memory, c, now, lane);
    for (int j = 0; j < c->n; j++)
      kc_set(&memory->command[j], lane, kc_get(last->command[j], lane));
    for (int i = 0; i < c->n_muscle; i++)
      kc_set(&memory->excitation[i], lane, kc_get(last->excitation[i], lane));
  }
}

static void add_noise(kc_control *c, kc_sense *s) {
  for (int i = 0; i < KC_LANES; i++) {
    double sd = c->noise_sd[i];
    if (!(sd > 0))
      continue;
    for (int j = c->map.tilt; j < c->n; j++) {
      double angle = kc_random_eval_normal(&c->noise[i]),
             rate = kc_random_eval_normal(&c->noise[i]);
      kc_set(&s->q[j], i, kc_get(s->q[j], i) + sd * angle);
      kc_set(&s->v[j], i, kc_get(s->v[j], i) + 10 * sd * rate);
    }
  }
}

const kc_sense *kc_control_feel(kc_control *c, const kc_sense *now) {
  for (int i = 0; i < KC_LANES; i++) {
    if (c->fresh[i] == 2)
      fill_memory(c, now, i);
    else if (c->fresh[i])
      fill_effort(c, now, i);
    c->fresh[i] -= c->fresh[i] > 0;
  }
  kc_sense *kept = &slot(c, 0)->sense;
  for (int j = 0; j < c->n; j++) {
    kept->q[j] = now->q[j], kept->v[j] = now->v[j];
    kept->torque[j] = now->torque[j], kept->torque_mean[j] = now->torque_mean[j];
  }
  for (int i = 0; i < c->n_muscle; i++) {
    kept->activation[i] = now->activation[i], kept->fibre[i] = now->fibre[i];
    kept->fibre_velocity[i] = now->fibre_velocity[i], kept->stretch[i] = now->stretch[i];
  }
  for (int i = 0; i < c->n_node; i++)
    kept->node[i] = now->node[i];
  for (int k = 0; k < KC_N_SIDE; k++) {
    kept->foot_force[k] = now->foot_force[k];
    kept->foot_moment[k] = now->foot_moment[k];
    kept->foot_load[k] = now->foot_load[k];
  }
  add_noise(c, kept);
  return &slot(c, c->n_delay)->sense;
}

const real *kc_control_recall_command(kc_control *c, long age) { return slot(c, age)->command; }

const real *kc_control_recall_excitation(kc_control *c, long age) {
  return slot(c, age)->excitation;
}

void kc_control_keep_command(kc_control *c, const kc_control_output *output) {
  kc_memory *kept = slot(c, 0);
  for (int j = 0; j < c->n; j++)
    kept->command[j] = output->command[j];
  for (int m = 0; m < c->n_muscle; m++)
    kept->excitation[m] = output->excitation[m];
  c->n_tick++;
}
