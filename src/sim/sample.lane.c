// What one lane hands out at a sample: doubles, ground axes.
#include "math/bend.h"
#include "sim/batch.lane.h"
#include <math.h>

enum { // doubles that loads take
  N_LOAD = 3 * KC_N_LOAD_JOINT + 2 * KC_N_SIDE * KC_N_TORSION + 3 * KC_N_SENSOR + KC_N_PART
};

size_t kc_batch_sample_size(const kc_batch *b) {
  return (size_t)(9 * b->n + 13 * b->n_link + 4 * b->n_band + 5 * b->n_node + 7 * b->n_muscle) +
         kc_energy_sample_size(b->energy) + N_LOAD;
}

// lane values into the buffer; returns where they are
static const double *copy_lane(const real *from, int n, int lane, double **buffer) {
  double *to = *buffer;
  for (int i = 0; i < n; i++)
    to[i] = from ? kc_get(from[i], lane) : 0;
  *buffer += n;
  return to;
}

static void get_vec(const kc_vec3 *from, int lane, double *to) {
  for (int i = 0; i < 3; i++)
    to[i] = kc_get(from->v[i], lane);
}

// rotation matrix -> unit quaternion w x y z, w >= 0 (Shepperd 1978: the largest term first)
static void write_quaternion(const double R[9], double *quat) {
  double trace = R[0] + R[4] + R[8], t[4] = {trace, R[0], R[4], R[8]};
  int most = 0;
  for (int i = 1; i < 4; i++)
    if (t[i] > t[most])
      most = i;
  double off[3] = {R[7] - R[5], R[2] - R[6], R[3] - R[1]};
  double sum[3] = {R[7] + R[5], R[2] + R[6], R[3] + R[1]}; // yz, xz, xy
  double s = sqrt(fmax(0, most == 0 ? 1 + trace : 1 + 2 * t[most] - trace));
  if (most == 0) {
    quat[0] = 0.5 * s;
    for (int i = 0; i < 3; i++)
      quat[1 + i] = off[i] / (2 * s);
  } else {
    int i = most - 1, j = (i + 1) % 3, k = (i + 2) % 3;
    quat[0] = off[i] / (2 * s);
    quat[1 + i] = 0.5 * s;
    quat[1 + j] = sum[k] / (2 * s);
    quat[1 + k] = sum[j] / (2 * s);
  }
  double sign = quat[0] < 0 ? -1 : 1;
  for (int i = 0; i < 4; i++)
    quat[i] *= sign;
}

static void sample_links(const kc_batch *b, int lane, kc_sample *sample, double **buffer) {
  double *position = *buffer, *quaternion = position + 3 * b->n_link;
  double *velocity = quaternion + 4 * b->n_link, *rate = velocity + 3 * b->n_link;
  *buffer += 13 * b->n_link;
  for (int l = 0; l < b->n_link; l++) {
    int j = b->link[l];
    const kc_mat3 *rot = &b->body->rot[j], *T = &b->tree->to_link[j];
    kc_vec3 p = kc_body_point_position(b->body, j, &b->com_link[l]);
    kc_vec3 v = kc_body_point_velocity(b->body, j, &b->com_link[l]);
    get_vec(&p, lane, position + 3 * l);
    get_vec(&v, lane, velocity + 3 * l);
    double R[9];
    for (int r = 0; r < 3; r++) {
      rate[3 * l + r] = 0;
      for (int i = 0; i < 3; i++)
        rate[3 * l + r] += kc_get(rot->m[3 * r + i], lane) * kc_get(b->body->vel[j].v[i], lane);
      for (int c = 0; c < 3; c++) {
        R[3 * r + c] = 0;
        for (int i = 0; i < 3; i++)
          R[3 * r + c] += kc_get(rot->m[3 * r + i], lane) * kc_get(T->m[3 * i + c], lane);
      }
    }
    write_quaternion(R, quaternion + 4 * l);
  }
  sample->body_position = position, sample->body_quaternion = quaternion;
  sample->body_velocity = velocity, sample->body_rate = rate;
}

// force, centre of pressure (force-weighted mean of contact points), free moment about the vertical
static void sample_foot(const kc_batch *b, int side, int lane, kc_sample *sample) {
  const kc_force_work *w = b->force_work;
  double load = 0, *cop = sample->foot_cop[side], moment = 0;
  get_vec(&w->foot_force[side], lane, sample->foot_force[side]);
  for (int i = 0; i < 3; i++)
    cop[i] = 0;
  for (int s = 0; s < b->n_sphere; s++) {
    double share = b->sphere_side[s] == side ? kc_get(w->sphere_force[s].v[1], lane) : 0;
    load += share;
    for (int i = 0; i < 3; i++)
      cop[i] += share * kc_get(w->sphere_point[s].v[i], lane);
  }
  for (int i = 0; i < 3; i++)
    cop[i] = load > 1 ? cop[i] / load : 0;
  for (int s = 0; s < b->n_sphere && load > 1; s++) {
    if (b->sphere_side[s] != side)
      continue;
    double f[3], p[3];
    get_vec(&w->sphere_force[s], lane, f);
    get_vec(&w->sphere_point[s], lane, p);
    moment += (p[2] - cop[2]) * f[0] - (p[0] - cop[0]) * f[2];
  }
  sample->foot_free_moment[side] = moment;
}

static void get_mean(const kc_vec3 *sum, int lane, double since, double *to) {
  for (int i = 0; i < 3; i++)
    to[i] = since > 0 ? kc_get(sum->v[i], lane) / since : 0;
}

static void sample_means(const kc_batch *b, int lane, double since, kc_sample *sample) {
  const kc_impulse *sum = &b->impulse;
  for (int k = 0; k < KC_N_SIDE; k++) {
    get_mean(&sum->foot_force[k], lane, since, sample->foot_force_mean[k]);
    get_mean(&sum->foot_moment[k], lane, since, sample->foot_moment_mean[k]);
  }
  get_mean(&sum->drag_force, lane, since, sample->drag_force_mean);
  get_mean(&sum->drag_moment, lane, since, sample->drag_moment_mean);
  get_mean(&sum->push_force, lane, since, sample->push_force_mean);
  get_mean(&sum->push_moment, lane, since, sample->push_moment_mean);
}

static void sample_energy(const kc_batch *b, int lane, kc_sample *sample) {
  sample->kinetic = kc_get(b->kinetic, lane), sample->potential = kc_get(b->potential, lane);
  double total = 0;
  for (int g = 0; g < KC_N_POWER; g++) {
    sample->power[g] = kc_get(b->power[g], lane);
    sample->work[g] = kc_get(b->work[g], lane);
    sample->work_positive[g] = kc_get(b->work_positive[g], lane);
    total += sample->work[g];
  }
  double energy = sample->kinetic + sample->potential - kc_get(b->energy_start, lane);
  sample->audit_residual = energy - total;
}

static void sample_place(kc_slot *slot, kc_sample *sample) {
  kc_bend_place place = kc_bend_find_place(slot->bend, sample->com, slot->heading);
  sample->heading = slot->heading = place.heading;
  sample->path_position = place.position, sample->path_offset = place.offset;
}

// what samples and ticks have in common; returns the rest of the buffer
static double *sample_state(kc_batch *b, int lane, double time, kc_sample *sample) {
  double *buffer = b->buffer;
  *sample = (kc_sample){.time = time};
  sample->q = copy_lane(b->q, b->n, lane, &buffer);
  sample->v = copy_lane(b->v, b->n, lane, &buffer);
  sample->torque = buffer;
  for (int j = 0; j < b->n; j++)
    *buffer++ = kc_get(kc_batch_torque(b, j), lane);
  sample->torque_command = copy_lane(b->command, b->n, lane, &buffer);
  get_vec(&b->com, lane, sample->com);
  get_vec(&b->momentum, lane, sample->momentum);
  get_vec(&b->angular_momentum, lane, sample->angular_momentum);
  sample_place(&b->slot[lane], sample);
  for (int i = 0; i < 3; i++)
    sample->com_velocity[i] = sample->momentum[i] / kc_get(b->mass, lane);
  for (int k = 0; k < KC_N_SIDE; k++)
    sample_foot(b, k, lane, sample);
  sample->phase = b->control ? kc_control_phase(b->control, lane) : 0;
  return buffer;
}

static void sample_muscles(const kc_batch *b, int lane, kc_sample *sample, double **buffer) {
  const kc_muscle_work *w = b->muscle_work;
  int n = b->n_muscle;
  sample->muscle_excitation = copy_lane(b->muscle.excitation, n, lane, buffer);
  sample->muscle_activation = copy_lane(b->muscle.activation, n, lane, buffer);
  sample->muscle_length = copy_lane(w->path->length, n, lane, buffer);
  sample->muscle_force = copy_lane(w->tension, n, lane, buffer);
  sample->muscle_power = copy_lane(w->power, n, lane, buffer);
  sample->fibre_length = copy_lane(b->muscle.fibre, n, lane, buffer);
  sample->fibre_velocity = copy_lane(b->muscle.velocity, n, lane, buffer);
}

static double *sample_loads(const kc_batch *b, int lane, double *buffer, kc_sample *sample) {
  const kc_joint_load *load = b->load;
  if (!load)
    return buffer;
  const int n_torsion = KC_N_SIDE * KC_N_TORSION;
  sample->joint_force = copy_lane(load->force[0].v, 3 * KC_N_LOAD_JOINT, lane, &buffer);
  sample->torsion = copy_lane(load->torsion[0], n_torsion, lane, &buffer);
  sample->torsion_net = copy_lane(load->torsion_net[0], n_torsion, lane, &buffer);
  sample->acceleration = copy_lane(load->acceleration[0].v, 3 * KC_N_SENSOR, lane, &buffer);
  return buffer;
}

void kc_batch_prepare_sample(kc_batch *b) {
  kc_body_compute_energy(b->tree, b->body, &b->kinetic, &b->potential);
  if (b->load)
    kc_joint_load_compute_spin(b->load, b->tree, b->body);
  kc_energy_prepare(b->energy, b->tree, b->body, b->force, b->force_work, b->muscles, &b->muscle,
                    b->muscle_work);
}

// displacements from link to body axes
static void sample_nodes(const kc_batch *b, int lane, kc_sample *sample, double **buffer) {
  double *at = *buffer;
  sample->node_displacement = at;
  for (int n = 0; n < b->n_node; n++, at += 3) {
    kc_vec3 x = kc_force_node_displacement(b->force, b->tree, n, &b->node);
    get_vec(&x, lane, at);
  }
  *buffer = at;
  sample->node_power = copy_lane(b->force_work->node_power, b->n_node, lane, buffer);
}

void kc_batch_sample_tick(kc_batch *b, int lane, double time, kc_sample *sample) {
  double *buffer = sample_state(b, lane, time, sample);
  if (b->slot[lane].run && b->slot[lane].run->tick_loads)
    (void)sample_loads(b, lane, buffer, sample);
  kc_energy_sample_totals(b->energy, lane, sample);
}

// what only series are made of; returns the rest of the buffer
static double *sample_series(const kc_batch *b, int lane, double *buffer, kc_sample *sample) {
  const kc_force_work *w = b->force_work;
  sample->a = copy_lane(b->a, b->n, lane, &buffer);
  sample->torque_observed =
      copy_lane(b->control ? kc_control_observed(b->control) : NULL, b->n, lane, &buffer);
  sample->torque_unmet = copy_lane(b->unmet, b->n, lane, &buffer);
  double *power = buffer;
  for (int j = 0; j < b->n; j++)
    power[j] = sample->torque[j] * sample->v[j];
  sample->power_joint = power;
  buffer += b->n;
  sample_links(b, lane, sample, &buffer);
  sample->band_length = copy_lane(w->band_length, b->n_band, lane, &buffer);
  sample->band_power = copy_lane(w->band_power, b->n_band, lane, &buffer);
  sample_nodes(b, lane, sample, &buffer);
  if (b->muscles)
    sample_muscles(b, lane, sample, &buffer);
  return buffer;
}

void kc_batch_sample(kc_batch *b, int lane, double time, double since, kc_sample *sample) {
  const kc_force_work *w = b->force_work;
  const kc_run *run = b->slot[lane].run;
  int brief = run && run->brief;
  double *buffer = sample_state(b, lane, time, sample);
  sample->torque_passive = copy_lane(w->passive_torque, b->n, lane, &buffer);
  sample->band_force = copy_lane(w->band_force, b->n_band, lane, &buffer);
  sample->band_energy = copy_lane(w->band_energy, b->n_band, lane, &buffer);
  sample->node_loss = copy_lane(w->node_loss, b->n_node, lane, &buffer);
  if (!brief)
    buffer = sample_series(b, lane, buffer, sample);
  buffer = kc_energy_sample(b->energy, lane, since, brief, buffer, sample);
  buffer = sample_loads(b, lane, buffer, sample);
  if (b->load)
    sample->spin = copy_lane(b->load->spin, KC_N_PART, lane, &buffer);
  sample_means(b, lane, since, sample);
  sample_energy(b, lane, sample);
}
