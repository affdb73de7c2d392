// One tick of the controller, and its creation and loading. See control.lane.h for the parts.
#include "control/parts.lane.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GRAVITY 9.80665
#define DELAY_STEP 0.00125            // s, longest step of the prediction over the delay
#define LAG_STEP 0.004                // s, the same over the lag of motors
static const double gathering = 0.4;  // m/s2, rise of the speed aimed at after the start: a choice
static const double least_pace = 0.4; // share of the speed asked for, however steep: a choice
enum { N_MUSCLE_STEP = 2 };           // steps over the horizon of muscles

// pose, velocities and passive torques of the internal model at c->q, c->v; slings once a tick,
// where it begins: their torques are held from there
void kc_control_compute_model(kc_control *c) {
  kc_body_compute_pose(c->tree, c->q, c->body);
  kc_body_compute_velocity(c->tree, c->v, c->body);
  kc_body_clear_forces(c->tree, c->body);
  for (int j = 0; j < c->n; j++)
    c->passive[j] = kc_real(0.0);
  kc_force_compute_tissue(c->force, c->q, c->v, c->body, c->force_work, c->passive);
  for (int j = 0; j < c->n && c->force_work->bands_off; j++)
    c->passive[j] += c->sling[j];
}

static void compute_leg_state(kc_control *c, int k) {
  const kc_leg_map *m = &c->map.leg[k];
  kc_leg_state *leg = &c->leg[k];
  kc_vec3 zero = {0}, sole = kc_sole_point(c, k, kc_real(0.10));
  kc_vec3 p = kc_body_point_position(c->body, m->foot, &sole);
  kc_vec3 vp = kc_body_point_velocity(c->body, m->foot, &sole);
  kc_vec3 vh = kc_body_point_velocity(c->body, m->hip, &zero);
  leg->hip = c->body->pos[m->hip];
  real square = kc_real(0.0), product = kc_real(0.0);
  for (int i = 0; i < 3; i++) {
    real d = leg->hip.v[i] - p.v[i];
    square += d * d;
    product += d * (vh.v[i] - vp.v[i]);
  }
  leg->length = kc_sqrt(square);
  leg->rate = product / leg->length;
  leg->angle = c->q[m->joint[0]] - 0.5 * c->q[m->joint[3]];
  leg->turn = c->v[m->joint[0]] - 0.5 * c->v[m->joint[3]];
}

// a parabola through 0 over the slope or over the speed above the nominal one
static real curve(real x, real rise, real bend) { return x * (rise + bend * x); }

// the gait for the speed that is wanted and the slope that was felt
static void adapt_gait(kc_control *c) {
  const kc_gait_params *p = &c->p;
  real slope = c->slope, over = c->pace - kc_nominal_speed;
#define SLOPE(name) curve(slope, p->slope_##name, p->slope_##name##_2)
#define SPEED(name) curve(over, p->speed_##name, p->speed_##name##_2)
  real knee = p->knee_touchdown + SLOPE(knee) + SPEED(knee);
  c->knee_touchdown = kc_max(kc_real(0.1), knee);
  c->takeoff_length = p->takeoff_length + SLOPE(length) + SPEED(length);
  c->place_offset = p->place_x_offset + SLOPE(place) + SPEED(place);
  c->lean = p->trunk_lean + SLOPE(lean) + SPEED(lean);
  c->level_takeoff = kc_max(kc_real(0.1), p->takeoff_speed + SPEED(takeoff));
  c->takeoff_speed = c->level_takeoff + SLOPE(takeoff);
  c->knee_swing = p->knee_swing + SLOPE(swing) + SPEED(swing);
  c->leg_stiffness = kc_max(kc_real(4000.0), p->leg_stiffness + SPEED(stiffness));
  c->retraction = p->retraction + SPEED(retraction);
#undef SLOPE
#undef SPEED
}

static void compute_state(kc_control *c) {
  kc_vec3 linear, angular;
  real mass = kc_body_compute_momentum(c->tree, c->body, &c->com, &linear, &angular);
  for (int i = 0; i < 3; i++)
    c->com_velocity.v[i] = linear.v[i] / mass;
  c->climb = c->com_velocity.v[1] - c->com_velocity.v[0] * c->slope;
  c->bank = c->com_velocity.v[0] * c->com_velocity.v[0] * c->curve / GRAVITY;
  for (int k = 0; k < KC_N_SIDE; k++)
    compute_leg_state(c, k);
}

void kc_control_compute(kc_control *c, const kc_sense *sense, const kc_control_output *output) {
  const kc_sense *felt = kc_control_face(c, kc_control_feel(c, sense));
  // fascial nodes rest where they are felt
  c->force_work->node.place = felt->node;
  if (c->muscles)
    c->mc.path->node = c->mc.felt->path->node = felt->node;
  c->force_work->bands_off = 0;
  kc_control_observe(c, felt);
  c->force_work->bands_off = 1;
  kc_control_predict(c, felt);
  adapt_gait(c);
  kc_control_compute_model(c);
  compute_state(c);
  kc_control_step_phase(c, felt);
  kc_control_compute_swing(c);
  kc_control_compute_stance(c);
  for (int j = 0; j < c->n; j++) {
    real tau = c->tau[j] - c->passive[j] - c->observed[j];
    output->command[j] = kc_clamp(tau, -c->torque_limit[j], c->torque_limit[j]);
  }
  if (c->muscles)
    kc_control_recruit(c, felt, output);
  kc_control_keep_command(c, output);
  c->time += c->interval;
  real most = gathering * c->interval, share = c->p.slope_pace * kc_max(c->slope, kc_real(0.0));
  real wanted = c->speed * kc_max(kc_real(least_pace), 1.0 - share);
  c->pace += kc_clamp(wanted - c->pace, -most, most);
}

int kc_control_phase(const kc_control *c, int lane) {
  const kc_phase *s = &c->phase[lane];
  return s->stance ? 1 + s->leg : 0;
}

const real *kc_control_observed(const kc_control *c) { return c->observed; }

enum { N_ARRAY = 14, N_MEMORY_ARRAY = 5, N_MUSCLE_ARRAY = 5 };

static void place_arrays(kc_control *c, real *block) {
  real **array[N_ARRAY] = {
      &c->torque_limit, &c->q_before, &c->v_before, &c->observed, &c->q,       &c->v,
      &c->torque,       &c->qdd,      &c->tau,      &c->passive,  &c->lacking, &c->sling,
      &c->faced.q,      &c->faced.v};
  size_t n = (size_t)c->n;
  for (int i = 0; i < N_ARRAY; i++, block += n)
    *array[i] = block;
  c->mass_rows = block;
  c->jacobian = block += 6 * n;
  block += 6 * n;
  for (int m = 0; m < c->n_memory; m++) {
    kc_memory *memory = &c->memory[m];
    real **kept[N_MEMORY_ARRAY] = {&memory->sense.q, &memory->sense.v, &memory->sense.torque,
                                   &memory->sense.torque_mean, &memory->command};
    for (int i = 0; i < N_MEMORY_ARRAY; i++, block += n)
      *kept[i] = block;
    real **felt[N_MUSCLE_ARRAY] = {&memory->sense.activation, &memory->sense.fibre,
                                   &memory->sense.fibre_velocity, &memory->sense.stretch,
                                   &memory->excitation};
    for (int i = 0; i < N_MUSCLE_ARRAY; i++, block += c->n_muscle)
      *felt[i] = block;
    memory->sense.node = (kc_vec3 *)(void *)block;
    block += 3 * c->n_node;
  }
}

static void *allocate(size_t size) {
  size = (size + 63) / 64 * 64;
  void *block = aligned_alloc(64, size);
  if (block)
    memset(block, 0, size);
  return block;
}

static int allocate_arrays(kc_control *c) {
  size_t n = (size_t)c->n, memory = (size_t)c->n_memory;
  size_t count = N_ARRAY * n + 12 * n + memory * N_MEMORY_ARRAY * n +
                 memory * (N_MUSCLE_ARRAY * (size_t)c->n_muscle + 3 * (size_t)c->n_node);
  c->memory = allocate(memory * sizeof(kc_memory));
  c->block = c->memory ? allocate(count * sizeof(real)) : NULL;
  c->in_mass_row = c->block ? allocate(n * sizeof *c->in_mass_row) : NULL;
  if (!c->in_mass_row)
    return 0;
  place_arrays(c, c->block);
  for (int j = 0; j < 6; j++)
    c->in_mass_row[j] = 1;
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int l = 0; l < KC_N_LEG_JOINT; l++)
      c->in_mass_row[c->map.leg[k].joint[l]] = 1;
  return 1;
}

static int create_parts(kc_control *c, const kc_scenario *scenario) {
  const kc_model *model = scenario->internal;
  kc_ground plane = kc_control_believed_ground(&scenario->task.ground);
  c->tree = kc_tree_create(model);
  c->body = c->tree ? kc_body_work_create(c->tree) : NULL;
  c->force = c->tree ? kc_force_create(c->tree, model, &plane) : NULL;
  c->force_work = c->force ? kc_force_work_create(c->force) : NULL;
  if (!c->body || !c->force_work)
    return 0;
  if (scenario->task.actuation == KC_ACTUATION_MUSCLE && !kc_control_create_muscles(c, model))
    return 0;
  return allocate_arrays(c);
}

static int count_delay_ticks(const kc_task *task) {
  return (int)lround(task->sense_delay / task->control_interval);
}

static int count_delay_steps(const kc_task *task) {
  return (int)ceil(task->control_interval / DELAY_STEP - 1e-9);
}

static int count_lag_steps(const kc_scenario *scenario, const kc_runner_map *map) {
  double lag = scenario->internal->joint[map->leg[0].joint[0]].actuator_lag;
  if (scenario->task.actuation == KC_ACTUATION_MUSCLE)
    return N_MUSCLE_STEP;
  return (int)fmax(1, ceil(0.8 * lag / LAG_STEP - 1e-9));
}

int kc_control_fits(const kc_control *c, const kc_scenario *scenario) {
  const kc_task *task = &scenario->task;
  return scenario->internal->n_joint == c->n && scenario->internal->n_node == c->n_node &&
         count_delay_ticks(task) == c->n_delay && count_delay_steps(task) == c->n_delay_step &&
         count_lag_steps(scenario, &c->map) == c->n_lag_step &&
         (task->actuation == KC_ACTUATION_MUSCLE) == (c->muscles != NULL) &&
         (!c->muscles || kc_muscle_set_fits(c->muscles, scenario->internal)) &&
         task->predictor == c->use_predictor && task->observer == c->use_observer;
}

kc_control *kc_control_create(const kc_scenario *scenario, const kc_runner_map *map) {
  kc_control *c = allocate(sizeof(kc_control));
  if (!c)
    return NULL;
  c->n = scenario->internal->n_joint, c->n_node = scenario->internal->n_node;
  c->map = *map;
  c->use_predictor = scenario->task.predictor;
  c->use_observer = scenario->task.observer;
  c->n_delay = count_delay_ticks(&scenario->task);
  c->n_memory = c->n_delay + 2;
  c->n_tick = c->n_memory; // as if the ring had gone round once: see fill_memory
  c->n_delay_step = count_delay_steps(&scenario->task);
  c->n_lag_step = count_lag_steps(scenario, map);
  if (!create_parts(c, scenario)) {
    kc_control_destroy(c);
    return NULL;
  }
  for (int i = 0; i < KC_LANES; i++)
    kc_control_load(c, i, scenario, map);
  return c;
}

void kc_control_destroy(kc_control *c) {
  if (!c)
    return;
  kc_control_destroy_muscles(c);
  free(c->in_mass_row);
  free(c->block);
  free((void *)c->memory);
  kc_force_work_destroy(c->force_work);
  kc_force_destroy(c->force);
  kc_body_work_destroy(c->body);
  kc_tree_destroy(c->tree);
  free((void *)c);
}
