// Creation of a batch and loading of its lanes.
#include "sim/batch.lane.h"
#include "base/hash.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_STATE_ARRAY = 19, N_MUSCLE_ARRAY = 8, N_NODE_ARRAY = 3 };

static real **state_array(kc_batch *b, int i) {
  real **array[N_STATE_ARRAY] = {&b->actuator_share,
                                 &b->actuator_rate,
                                 &b->q,
                                 &b->v,
                                 &b->actuator,
                                 &b->a,
                                 &b->tau,
                                 &b->passive,
                                 &b->command,
                                 &b->rate,
                                 &b->sense.q,
                                 &b->sense.v,
                                 &b->sense.torque,
                                 &b->sense.torque_mean,
                                 &b->torque_limit,
                                 &b->held,
                                 &b->unmet,
                                 &b->moment_before,
                                 &b->muscle_torque};
  return array[i];
}

static real **muscle_array(kc_batch *b, int i) {
  real **array[N_MUSCLE_ARRAY] = {&b->muscle.excitation,    &b->muscle.activation, &b->muscle.fibre,
                                  &b->muscle.velocity,      &b->sense.activation,  &b->sense.fibre,
                                  &b->sense.fibre_velocity, &b->sense.stretch};
  return array[i];
}

static int allocate(kc_batch *b) {
  size_t n = (size_t)b->n, n_link = (size_t)b->n_link, n_muscle = (size_t)b->n_muscle;
  size_t n_node = (size_t)b->n_node, spatial = 6 * n + 3 * n_link + N_NODE_ARRAY * 3 * n_node;
  size_t size = (N_STATE_ARRAY * n + N_MUSCLE_ARRAY * n_muscle + spatial) * sizeof(real);
  size_t tail = n_link * sizeof(int) + kc_batch_sample_size(b) * sizeof(double);
  char *block = aligned_alloc(64, (size + tail + 127) / 64 * 64);
  if (!block)
    return 0;
  memset(block, 0, size + tail);
  b->block = block;
  for (int i = 0; i < N_STATE_ARRAY; i++)
    *state_array(b, i) = (real *)(void *)block + (size_t)i * n;
  real *muscle = (real *)(void *)block + N_STATE_ARRAY * n;
  for (int i = 0; i < N_MUSCLE_ARRAY; i++, muscle += n_muscle)
    *muscle_array(b, i) = muscle;
  b->held_vel = (kc_spatial *)(void *)muscle;
  b->com_link = (kc_vec3 *)(void *)(b->held_vel + n);
  b->node.place = b->com_link + n_link, b->node.mean = b->node.place + n_node;
  b->sense.node = b->node.mean + n_node;
  b->muscle.node = b->node.place;
  b->buffer = (double *)(void *)(block + size);
  b->link = (int *)(void *)(block + size + kc_batch_sample_size(b) * sizeof(double));
  return 1;
}

static void copy_topology(kc_batch *b, const kc_model *model) {
  for (int j = 0, l = 0; j < model->n_joint; j++)
    if (model->joint[j].link_name[0])
      b->link[l++] = j;
  for (int s = 0; s < model->n_sphere; s++)
    b->sphere_side[s] = (int)model->sphere[s].side;
}

static int count_links(const kc_model *model) {
  int n = 0;
  for (int j = 0; j < model->n_joint; j++)
    n += model->joint[j].link_name[0] != 0;
  return n;
}

static unsigned long long add_number(unsigned long long hash, int number) {
  return kc_hash_add(hash, &number, sizeof number);
}

// what hangs on what: joints, spheres, nodes, bands, drag (muscles tell for themselves)
static unsigned long long hash_topology(const kc_model *model) {
  const int count[] = {model->n_joint, model->n_sphere,  model->n_node,   model->n_band,
                       model->n_point, model->drag_link, model->free_root};
  unsigned long long hash = kc_hash_add(KC_HASH_START, count, sizeof count);
  for (int j = 0; j < model->n_joint; j++) {
    hash = add_number(hash, model->joint[j].parent);
    hash = add_number(hash, (int)model->joint[j].type);
    hash = add_number(hash, model->joint[j].link_name[0] != 0);
  }
  for (int s = 0; s < model->n_sphere; s++) {
    hash = add_number(hash, model->sphere[s].link);
    hash = add_number(hash, (int)model->sphere[s].side);
  }
  for (int i = 0; i < model->n_node; i++)
    hash = add_number(hash, model->node[i].link);
  for (int i = 0; i < model->n_band; i++) {
    hash = add_number(hash, model->band[i].n_point);
    hash = add_number(add_number(hash, model->band[i].node[0]), model->band[i].node[1]);
  }
  for (int i = 0; i < model->n_point; i++)
    hash = add_number(hash, model->point[i].link);
  return hash;
}

static long whole(double span, double step) { return lround(span / step); }

static int create_muscles(kc_batch *b, const kc_model *model) {
  if (!b->n_muscle)
    return 1;
  b->muscles = kc_muscle_set_create(b->tree, model);
  b->muscle_work = b->muscles ? kc_muscle_work_create(b->muscles) : NULL;
  return b->muscle_work != NULL;
}

static int count_muscles(const kc_scenario *s) {
  return s->task.actuation == KC_ACTUATION_MUSCLE ? s->body->n_muscle : 0;
}

static int create_parts(kc_batch *b, kc_run *run) {
  const kc_scenario *s = run->scenario;
  b->tree = kc_tree_create(s->body);
  b->body = b->tree ? kc_body_work_create(b->tree) : NULL;
  b->force = b->tree ? kc_force_create(b->tree, s->body, &s->task.ground) : NULL;
  b->force_work = b->force ? kc_force_work_create(b->force) : NULL;
  b->energy = kc_energy_create(s->body, b->n_muscle);
  int has_loads = kc_model_find_loads(s->body).n_joint > 0;
  b->load = b->tree && has_loads ? kc_joint_load_create(b->tree, s->body) : NULL;
  if (has_loads && !b->load)
    return 0;
  if (!b->body || !b->force_work || !b->energy || !allocate(b) || !create_muscles(b, s->body))
    return 0;
  b->force_work->node = (kc_node_input){.place = b->node.place, .moves = 1};
  if (b->muscles)
    kc_muscle_set_tie_nodes(b->muscles, b->muscle_work, &b->force_work->node);
  if (!s->params || run->replay)
    return 1;
  b->control = kc_control_create(s, &b->map);
  return b->control != NULL;
}

kc_status kc_batch_create(kc_run *run, kc_batch **batch, kc_error *error) {
  const kc_scenario *s = run->scenario;
  const kc_model *model = s->body;
  size_t size = (sizeof(kc_batch) + 63) / 64 * 64;
  *batch = NULL;
  if (model->n_joint > KC_MAX_RUNNER_JOINT || model->n_muscle > KC_MAX_RUNNER_MUSCLE)
    return kc_error_add(error, KC_ERR_INPUT, model->name,
                        "%d joint axes and %d muscles; a run takes up to %d and %d, so lock joints "
                        "or merge muscles",
                        model->n_joint, model->n_muscle, KC_MAX_RUNNER_JOINT, KC_MAX_RUNNER_MUSCLE);
  kc_batch *b = aligned_alloc(64, size);
  if (!b)
    return kc_error_add(error, KC_ERR_MEMORY, s->name, "no memory for the simulation");
  memset((void *)b, 0, size);
  b->n = model->n_joint, b->n_link = count_links(model);
  b->n_sphere = model->n_sphere, b->n_node = model->n_node, b->n_band = model->n_band;
  b->n_muscle = count_muscles(s);
  b->topology = hash_topology(model);
  b->integrator = s->task.integrator;
  b->steps_per_tick = (int)whole(s->task.control_interval, s->task.step);
  b->steps_per_sample = (int)whole(s->task.record_interval, s->task.step);
  b->muscle_steps = s->task.muscle_steps;
  if (s->params) {
    kc_status status = kc_control_find_map(s->internal, &b->map, error);
    if (status != KC_OK) {
      free((void *)b);
      return status;
    }
  }
  if (!create_parts(b, run)) {
    kc_batch_destroy(b);
    return kc_error_add(error, KC_ERR_MEMORY, s->name, "no memory for the simulation");
  }
  copy_topology(b, model);
  for (int i = 0; i < KC_LANES; i++)
    kc_batch_load(b, i, run);
  kc_batch_start_tissue(b, kc_mask(1));
  for (int i = 0; i < KC_LANES; i++)
    b->slot[i].run = NULL;
  *batch = b;
  return KC_OK;
}

void kc_batch_destroy(kc_batch *b) {
  if (!b)
    return;
  kc_control_destroy(b->control);
  free(b->block);
  kc_energy_destroy(b->energy);
  kc_joint_load_destroy(b->load);
  kc_muscle_work_destroy(b->muscle_work);
  kc_muscle_set_destroy(b->muscles);
  kc_force_work_destroy(b->force_work);
  kc_force_destroy(b->force);
  kc_body_work_destroy(b->body);
  kc_tree_destroy(b->tree);
  free((void *)b);
}

int kc_batch_fits(const kc_batch *b, const kc_run *run) {
  const kc_task *t = &run->scenario->task;
  return t->integrator == b->integrator &&
         whole(t->control_interval, t->step) == b->steps_per_tick &&
         whole(t->record_interval, t->step) == b->steps_per_sample &&
         t->muscle_steps == b->muscle_steps &&
         (run->scenario->params && !run->replay) == (b->control != NULL) &&
         (!b->control || kc_control_fits(b->control, run->scenario)) &&
         count_muscles(run->scenario) == b->n_muscle &&
         (!b->muscles || kc_muscle_set_fits(b->muscles, run->scenario->body)) &&
         kc_force_n_wave(b->force) == t->ground.n_wave &&
         hash_topology(run->scenario->body) == b->topology;
}

// lifts the runner until its lowest sphere hangs this far above the ground
static void place_above_ground(kc_batch *b, int lane, double gap) {
  double lowest = 1e9;
  const kc_model *model = b->slot[lane].run->scenario->body;
  for (int s = 0; s < b->n_sphere; s++) {
    int link = model->sphere[s].link;
    const kc_mat3 *T = &b->tree->to_link[link];
    kc_vec3 local;
    for (int i = 0; i < 3; i++) {
      local.v[i] = kc_real(0.0);
      for (int j = 0; j < 3; j++)
        local.v[i] += T->m[3 * i + j] * model->sphere[s].position[j];
    }
    kc_vec3 p = kc_body_point_position(b->body, link, &local);
    real height, sx, sz;
    kc_ground_compute_height(b->force, p.v[0], p.v[2], &height, &sx, &sz);
    double rise = kc_get(p.v[1] - height, lane) - model->sphere[s].radius;
    if (rise < lowest)
      lowest = rise;
  }
  if (b->n_sphere)
    kc_set(&b->q[1], lane, kc_get(b->q[1], lane) + gap - lowest);
}

static void load_start(kc_batch *b, int lane, const kc_run *run) {
  double q[KC_MAX_RUNNER_JOINT] = {0}, v[KC_MAX_RUNNER_JOINT] = {0}, gap = 0.012;
  if (run->start_q) {
    for (int j = 0; j < b->n; j++)
      q[j] = run->start_q[j], v[j] = run->start_v[j];
  } else if (run->scenario->params) {
    gap = kc_control_start_pose(run->scenario, &b->map, q, v);
  }
  for (int j = 0; j < b->n; j++) {
    kc_set(&b->q[j], lane, q[j]);
    kc_set(&b->v[j], lane, v[j]);
    kc_set(&b->held[j], lane, v[j]);
    kc_set(&b->actuator[j], lane, run->start_actuator ? run->start_actuator[j] : 0);
  }
  kc_body_compute_pose(b->tree, b->q, b->body);
  if (!run->start_q)
    place_above_ground(b, lane, gap);
}

// activations of a runner at rest, until the controller's first tick warms them
static void load_muscles(kc_batch *b, int lane, const kc_run *run) {
  const double *start = run->start_muscle;
  if (!b->muscles)
    return;
  kc_muscle_set_load(b->muscles, b->tree, lane, run->scenario->body);
  for (int m = 0; m < b->n_muscle; m++) {
    kc_set(&b->muscle.excitation[m], lane, 0);
    kc_set(&b->muscle.activation[m], lane, start ? start[m] : 0.05);
    kc_set(&b->muscle.fibre[m], lane, start ? start[b->n_muscle + m] : 1);
    kc_set(&b->muscle.velocity[m], lane, start ? start[2 * b->n_muscle + m] : 0);
  }
}

// joints that muscles move have no motor
static int has_motor(const kc_batch *b, const kc_runner_map *map, int j) {
  for (int i = 0; i < 6 && b->muscles; i++)
    if (map->spine[i] == j)
      return 0;
  for (int k = 0; k < KC_N_SIDE && b->muscles; k++)
    for (int i = 0; i < KC_N_LEG_JOINT; i++)
      if (map->leg[k].joint[i] == j || map->leg[k].mtp == j)
        return 0;
  return 1;
}

static void load_limits(kc_batch *b, int lane, const kc_scenario *s, const kc_runner_map *map) {
  double leg = b->control ? map->leg[KC_RIGHT].straight : 0;
  kc_set(&b->pelvis_lowest, lane, b->control ? 0.62 * leg : -1e9);
  kc_set(&b->pelvis_highest, lane, b->control ? 1.7 * leg : 1e9);
  kc_set(&b->push_begin, lane, s->task.push_time);
  kc_set(&b->push_end, lane, s->task.push_time + s->task.push_duration);
  for (int i = 0; i < 3; i++)
    kc_set(&b->push_force.v[i], lane, s->task.push_force[i]);
  for (int j = 0; j < b->n; j++) {
    double lag = s->body->joint[j].actuator_lag;
    double limit = has_motor(b, map, j) ? s->body->joint[j].torque_limit : 0;
    kc_set(&b->torque_limit[j], lane, limit);
    double share = lag > 0 ? 1 - Sleef_cinz_expd1_u10purec(-s->task.step / lag) : 1;
    kc_set(&b->actuator_share[j], lane, share);
    kc_set(&b->actuator_rate[j], lane, lag > 0 ? 1 / lag : 0);
  }
}

static void load_links(kc_batch *b, int lane, const kc_model *model) {
  for (int l = 0, j = 0; j < model->n_joint; j++) {
    if (!model->joint[j].link_name[0])
      continue;
    const kc_mat3 *T = &b->tree->to_link[j];
    for (int i = 0; i < 3; i++) {
      double sum = 0;
      for (int k = 0; k < 3; k++)
        sum += kc_get(T->m[3 * i + k], lane) * model->joint[j].com[k];
      kc_set(&b->com_link[l].v[i], lane, sum);
    }
    l++;
  }
}

void kc_batch_clear_impulse(kc_batch *b, int lane) {
  real *sum = (real *)(void *)&b->impulse;
  for (size_t i = 0; i < sizeof b->impulse / sizeof(real); i++)
    kc_set(&sum[i], lane, 0);
  const kc_run *run = b->slot[lane].run;
  kc_energy_clear(b->energy, lane, run && run->brief);
}

static void clear_lane(kc_batch *b, int lane) {
  real *sums[] = {b->power, b->work, b->work_positive};
  for (int k = 0; k < 3; k++)
    for (int g = 0; g < KC_N_POWER; g++)
      kc_set(&sums[k][g], lane, 0);
  kc_batch_clear_impulse(b, lane);
  kc_set(&b->time, lane, 0);
  kc_set(&b->lead, lane, 0);
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int i = 0; i < 3; i++) {
      kc_set(&b->sense.foot_force[k].v[i], lane, 0);
      kc_set(&b->sense.foot_moment[k].v[i], lane, 0);
      kc_set(&b->sense.foot_load[k].v[i], lane, 0);
    }
  for (int j = 0; j < b->n; j++) {
    kc_set(&b->a[j], lane, 0);
    kc_set(&b->command[j], lane, 0);
    kc_set(&b->unmet[j], lane, 0);
    kc_set(&b->sense.torque_mean[j], lane, 0);
  }
}

// ticks and samples before the first step find no load of the lane's last run
static void clear_contact(kc_batch *b, int lane) {
  kc_force_work *w = b->force_work;
  for (int i = 0; i < 3; i++) {
    for (int s = 0; s < b->n_sphere; s++)
      kc_set(&w->sphere_force[s].v[i], lane, 0);
    for (int k = 0; k < KC_N_SIDE; k++)
      kc_set(&w->foot_force[k].v[i], lane, 0);
  }
}

void kc_batch_load(kc_batch *b, int lane, kc_run *run) {
  const kc_scenario *s = run->scenario;
  kc_runner_map map = b->map;
  b->slot[lane] =
      (kc_slot){.run = run, .n_step = whole(s->task.duration, s->task.step), .bend = s->task.bend};
  kc_tree_load(b->tree, lane, s->body);
  kc_force_load(b->force, b->tree, lane, s->body, &s->task.ground);
  if (b->control) {
    kc_error ignored = kc_error_default(); // the topology fits: the map was found before
    if (kc_control_find_map(s->internal, &map, &ignored) == KC_OK)
      kc_control_load(b->control, lane, s, &map);
    kc_error_destroy(&ignored);
  }
  kc_set(&b->step, lane, s->task.step);
  kc_set(&b->mass, lane, s->body->mass);
  load_limits(b, lane, s, &map);
  load_links(b, lane, s->body);
  clear_lane(b, lane);
  clear_contact(b, lane);
  load_start(b, lane, run);
  load_muscles(b, lane, run);
  kc_energy_load(b->energy, lane, s->body);
  if (b->load)
    kc_joint_load_load(b->load, b->tree, lane, s->body);
  // the other lanes' kinematics come out with the bits they have; what is not of q, v alone is kept
  kc_vec3 com, linear, turning = b->angular_momentum;
  real kinetic, potential;
  kc_batch_compute_kinematics(b, &com, &linear);
  kc_body_compute_energy(b->tree, b->body, &kinetic, &potential);
  kc_body_compute_twists(b->tree, b->held, b->body, b->held_vel);
  for (int i = 0; i < 3; i++) {
    kc_set(&turning.v[i], lane, kc_get(b->angular_momentum.v[i], lane));
    kc_set(&b->com.v[i], lane, kc_get(com.v[i], lane));
    kc_set(&b->momentum.v[i], lane, kc_get(linear.v[i], lane));
    kc_set(&b->momentum_held.v[i], lane, kc_get(linear.v[i], lane));
  }
  b->angular_momentum = turning;
  kc_set(&b->energy_start, lane, kc_get(kinetic + potential, lane));
}
