/// @file
/// The accumulator behind the cost of one run (see cost.h).
///
/// Sums over ticks are weighted by the time since the last tick. A step runs from one touch-down to
/// the next of either foot; flight is the time before a touch-down in which no foot was down. The
/// heel's speed at touch-down is that of the last tick before contact, by forward kinematics of the
/// chain from the root to the rear foot.
#include "study/cost.h"
#include "record/course.h"
#include "study/distance.h"
#include "study/steadiness.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GRAVITY 9.80665
#define DEGREE 0.017453292519943295

/// Loads that are terms: those of a leg, then that of the back.
enum { KC_LOAD_BACK = KC_N_LOAD_LEG, KC_N_LOAD };

/// One foot: what is going on, and sums over its contacts and swings after the start.
typedef struct {
  int down, seen_liftoff;
  double since;           // time of the last touch-down or lift-off
  double peak;            // N, of this contact
  double hip, knee;       // largest flexion of this swing
  double bend;            // largest knee flexion of this contact
  int n_contact, n_swing; // counted
  double contact, force, hip_excess, knee_excess, bend_excess, speed;
  double load_peak[KC_N_LOAD], load[KC_N_LOAD]; // N, of this contact; BW, sum over contacts
} foot;

/// A point whose steadiness is looked at.
typedef struct {
  int wanted, link;
  const double *at; // link frame, m
  kc_steadiness sums;
} steady_point;

struct kc_cost {
  const kc_scenario *scenario;
  const kc_cost_weights *weights;
  int needs_loads;
  kc_load_map map;
  steady_point head, pelvis;
  double skip, weight;      // s, N
  int tilt, list, rotation; // joints of the pelvis, -1 where there is none
  int hip[KC_N_SIDE], knee[KC_N_SIDE];
  int trunk[3][3], heel[KC_N_SIDE]; // joints that turn the trunk by axis; sphere
  double *q, *v, *torque;           // (n_joint) of the last tick
  double *turned;                   // (2 n_joint) q, v of this tick in course axes
  int capacity, n_tick;
  double time, first_time, first_x, x; // s, s, m, m
  double half_time, half_x;            // at half the duration: s, m
  // sums over time
  double span, tilt1, tilt2, list2, rotation2, effort, rate2, knee_short;
  double late_span, trunk2, lateral2, turning2;
  double late_energy, energy, late_x; // metabolic, J: when the start is over, now; m: there
  // steps
  foot foot[KC_N_SIDE];
  double last_liftoff, first_step, last_step, low, high;
  int has_liftoff, n_step, n_flight, n_oscillation;
  double flight_short, oscillation;
  int measured;          // whether there is a distance to the reference
  kc_distance *distance; // NULL until one was wanted
};

static const kc_cost_info table[] = {
#define X(name, weight, cap, late, unit, meaning) {#name, weight, cap, late, unit, meaning},
    KC_COST_LIST(X)
#undef X
};

const kc_cost_info *kc_cost_term_info(int term) { return &table[term]; }

kc_cost_weights kc_cost_default_weights(void) {
  kc_cost_weights weights = {.reference = NULL};
  for (int i = 0; i < KC_N_COST; i++) {
    weights.weight[i] = table[i].weight;
    weights.cap[i] = table[i].cap;
  }
  return weights;
}

int kc_cost_needs_loads(const kc_cost_weights *weights) {
  const double *w = weights->weight;
  return w[KC_COST_hip_load] > 0 || w[KC_COST_knee_load] > 0 || w[KC_COST_patella_load] > 0 ||
         w[KC_COST_ankle_load] > 0 || w[KC_COST_back_load] > 0;
}

/// Terms of the distance to the reference by group.
static const struct {
  kc_cost_term rms, out;
} reference_term[KC_N_GROUP] = {
#define X(name, title) {KC_COST_reference_##name, KC_COST_reference_##name##_out},
    KC_GROUP_LIST(X)
#undef X
};

int kc_cost_reference_group(int term) {
  for (int g = 0; g < KC_N_GROUP; g++)
    if ((int)reference_term[g].rms == term || (int)reference_term[g].out == term)
      return g;
  return -1;
}

int kc_cost_needs_reference(const kc_cost_weights *weights) {
  for (int i = 0; i < KC_N_COST; i++)
    if (weights->weight[i] > 0 && kc_cost_reference_group(i) >= 0)
      return 1;
  return 0;
}

kc_cost *kc_cost_create(void) { return calloc(1, sizeof(kc_cost)); }

void kc_cost_destroy(kc_cost *cost) {
  if (!cost)
    return;
  kc_distance_destroy(cost->distance);
  free(cost->q);
  free(cost);
}

static void find_joints(kc_cost *cost, const kc_model *model) {
  static const char *const trunk[3][3] = {{"pelvis_list", "lumbar_bending", "thorax_bending"},
                                          {"pelvis_rotation", "lumbar_rotation", "thorax_rotation"},
                                          {"pelvis_tilt", "lumbar_extension", "thorax_extension"}};
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      cost->trunk[i][j] = kc_model_find_joint(model, trunk[i][j]);
  cost->list = cost->trunk[0][0];
  cost->rotation = cost->trunk[1][0];
  cost->tilt = cost->trunk[2][0];
  cost->hip[KC_RIGHT] = kc_model_find_joint(model, "hip_flexion_r");
  cost->hip[KC_LEFT] = kc_model_find_joint(model, "hip_flexion_l");
  cost->knee[KC_RIGHT] = kc_model_find_joint(model, "knee_angle_r");
  cost->knee[KC_LEFT] = kc_model_find_joint(model, "knee_angle_l");
  for (int side = 0; side < KC_N_SIDE; side++)
    cost->heel[side] = kc_study_find_heel(model, side);
}

/// Head and pelvis where a weight asks for them and the model has them.
static void find_points(kc_cost *cost, const kc_model *model) {
  const double *w = cost->weights->weight;
  cost->map = kc_model_find_loads(model);
  cost->head.link = cost->map.sensor_link[KC_SENSOR_head];
  cost->head.at = cost->map.sensor_point[KC_SENSOR_head];
  cost->head.wanted =
      w[KC_COST_head_rate] > 0 || w[KC_COST_head_vertical] > 0 || w[KC_COST_head_lateral] > 0;
  cost->pelvis.link = cost->map.sensor_link[KC_SENSOR_pelvis];
  cost->pelvis.at = cost->map.sensor_point[KC_SENSOR_pelvis];
  cost->pelvis.wanted =
      w[KC_COST_pelvis_rate] > 0 || w[KC_COST_pelvis_vertical] > 0 || w[KC_COST_pelvis_lateral] > 0;
}

kc_status kc_cost_begin(kc_cost *cost, const kc_scenario *scenario,
                        const kc_cost_weights *weights) {
  int n = scenario->body->n_joint;
  double *block = cost->q;
  int capacity = cost->capacity;
  if (n > capacity) {
    block = realloc(block, 5 * (size_t)n * sizeof *block);
    if (!block)
      return KC_ERR_MEMORY;
    capacity = n;
  }
  kc_distance *distance = cost->distance;
  memset(cost, 0, sizeof *cost);
  cost->distance = distance;
  cost->q = block;
  cost->v = block + n;
  cost->torque = block + 2 * n;
  cost->turned = block + 3 * n;
  cost->capacity = capacity;
  cost->scenario = scenario;
  cost->weights = weights;
  cost->needs_loads = kc_cost_needs_loads(weights);
  cost->skip = fmin(2, 0.3 * scenario->task.duration);
  cost->weight = scenario->body->mass * GRAVITY;
  find_joints(cost, scenario->body);
  find_points(cost, scenario->body);
  const kc_reference *reference = weights->reference;
  cost->measured =
      reference && kc_cost_needs_reference(weights) && kc_distance_applies(reference, scenario);
  return cost->measured ? kc_distance_begin(&cost->distance, scenario, reference, cost->skip)
                        : KC_OK;
}

static double square(double x) { return x * x; }
static double pick(const double *x, int joint) { return joint < 0 ? 0 : x[joint]; }

/// Height of the mass centre above the plane of the ground; waves average out.
static double find_height(const kc_cost *cost, const kc_sample *s) {
  const kc_ground *g = &cost->scenario->task.ground;
  return s->com[1] - g->grade * s->com[0] - g->camber * s->com[2];
}

static void add_point(const kc_cost *cost, steady_point *point, const kc_sample *s, double dt) {
  if (!point->wanted || point->link < 0)
    return;
  kc_study_motion motion =
      kc_study_compute_motion(cost->scenario->body, point->link, point->at, s->q, s->v);
  kc_steadiness_add(&point->sums, &motion, s->com, &cost->scenario->task.ground, dt);
}

/// Terms that are sums over time.
static void add_time(kc_cost *cost, const kc_sample *s, double dt) {
  int n = cost->scenario->body->n_joint;
  double effort = 0, rate2 = 0;
  for (int i = 0; i < n; i++) {
    effort += square(s->torque[i]);
    rate2 += square((s->torque[i] - cost->torque[i]) / dt);
  }
  double tilt = pick(s->q, cost->tilt);
  cost->span += dt;
  cost->tilt1 += tilt * dt;
  cost->tilt2 += square(tilt) * dt;
  cost->list2 += square(pick(s->q, cost->list)) * dt;
  cost->rotation2 += square(pick(s->q, cost->rotation)) * dt;
  cost->effort += effort * dt;
  cost->rate2 += rate2 * dt;
  for (int side = 0; side < KC_N_SIDE; side++)
    if (cost->knee[side] >= 0)
      cost->knee_short += fmax(0, 0.05 - s->q[cost->knee[side]]) * dt;
  if (s->time < cost->skip) {
    cost->late_energy = s->metabolic_energy[KC_LAW_bhargava];
    cost->late_x = s->com[0];
    return;
  }
  cost->energy = s->metabolic_energy[KC_LAW_bhargava];
  static const double weight[3] = {1, 0.5, 1};
  cost->late_span += dt;
  cost->lateral2 += square(s->com[2]) * dt;
  cost->turning2 += square(s->angular_momentum[1]) * dt;
  for (int i = 0; i < 3; i++) {
    double rate = 0;
    for (int j = 0; j < 3; j++)
      rate += pick(s->v, cost->trunk[i][j]);
    cost->trunk2 += weight[i] * square(rate) * dt;
  }
  add_point(cost, &cost->head, s, dt);
  add_point(cost, &cost->pelvis, s, dt);
}

static void end_step(kc_cost *cost, const kc_sample *s, int in_flight) {
  if (cost->n_step == 0)
    cost->first_step = s->time;
  cost->last_step = s->time;
  if (cost->n_step > 0) {
    double flight = in_flight && cost->has_liftoff ? s->time - cost->last_liftoff : 0;
    cost->flight_short += fmax(0, 0.07 - flight);
    cost->n_flight++;
    cost->oscillation += cost->high - cost->low;
    cost->n_oscillation++;
  }
  cost->n_step++;
  cost->low = HUGE_VAL;
  cost->high = -HUGE_VAL;
}

static void touch_down(kc_cost *cost, const kc_sample *s, int side) {
  foot *f = &cost->foot[side];
  if (s->time >= cost->skip) {
    end_step(cost, s, !cost->foot[!side].down);
    if (f->seen_liftoff) {
      f->n_swing++;
      f->hip_excess += fmax(0, f->hip - 50 * DEGREE);
      f->knee_excess += fmax(0, f->knee - 110 * DEGREE);
      double speed =
          kc_study_compute_sphere_speed(cost->scenario->body, cost->heel[side], cost->q, cost->v);
      f->speed += fmax(0, speed - 0.5);
    }
  }
  f->down = 1;
  f->since = s->time;
  f->peak = 0;
  memset(f->load_peak, 0, sizeof f->load_peak);
  f->bend = -HUGE_VAL;
}

static void lift_off(kc_cost *cost, const kc_sample *s, int side) {
  foot *f = &cost->foot[side];
  if (f->since >= cost->skip && f->since > cost->first_time) {
    f->n_contact++;
    f->contact += s->time - f->since;
    f->force += f->peak / cost->weight;
    for (int i = 0; i < KC_N_LOAD; i++)
      f->load[i] += f->load_peak[i] / cost->weight;
    f->bend_excess += fmax(0, f->bend - 48 * DEGREE);
  }
  f->down = 0;
  f->seen_liftoff = 1;
  f->since = cost->last_liftoff = s->time;
  f->hip = f->knee = -HUGE_VAL;
  cost->has_liftoff = 1;
}

/// Peaks of this contact; a joint that the model has not got stays at 0.
static void add_loads(kc_cost *cost, const kc_sample *s, int side) {
  foot *f = &cost->foot[side];
  for (int i = 0; i < KC_N_LOAD; i++) {
    int joint = i == KC_LOAD_BACK ? KC_LOAD_l5_s1 : side * KC_N_LOAD_LEG + i;
    const double *force = s->joint_force + 3 * joint;
    if (cost->map.joint[joint] >= 0)
      f->load_peak[i] =
          fmax(f->load_peak[i], sqrt(square(force[0]) + square(force[1]) + square(force[2])));
  }
}

static void add_foot(kc_cost *cost, const kc_sample *s, int side) {
  foot *f = &cost->foot[side];
  double force = s->foot_force[side][1];
  if (!f->down && force > 0.05 * cost->weight)
    touch_down(cost, s, side);
  else if (f->down && force < 0.03 * cost->weight)
    lift_off(cost, s, side);
  f->peak = fmax(f->peak, force);
  if (cost->needs_loads && f->down)
    add_loads(cost, s, side);
  f->hip = fmax(f->hip, pick(s->q, cost->hip[side]));
  f->knee = fmax(f->knee, pick(s->q, cost->knee[side]));
  f->bend = fmax(f->bend, pick(s->q, cost->knee[side]));
}

static void add_tick(kc_cost *cost, const kc_sample *s) {
  if (cost->n_tick == 0) {
    cost->first_time = s->time;
    cost->first_x = s->com[0];
  } else if (s->time > cost->time) {
    add_time(cost, s, s->time - cost->time);
  }
  if (s->time <= 0.5 * cost->scenario->task.duration) {
    cost->half_time = s->time;
    cost->half_x = s->com[0];
  }
  for (int side = 0; side < KC_N_SIDE; side++)
    add_foot(cost, s, side);
  double height = find_height(cost, s);
  cost->low = fmin(cost->low, height);
  cost->high = fmax(cost->high, height);
  size_t size = (size_t)cost->scenario->body->n_joint * sizeof(double);
  memcpy(cost->q, s->q, size);
  memcpy(cost->v, s->v, size);
  memcpy(cost->torque, s->torque, size);
  if (cost->measured)
    kc_distance_add_tick(cost->distance, s);
  cost->time = s->time;
  cost->x = s->com[0];
  cost->n_tick++;
}

void kc_cost_add_tick(void *user, const kc_sample *sample) {
  kc_cost *cost = user;
  kc_sample on_course;
  if (cost->scenario->task.bend != 0) {
    kc_record_turn_sample(sample, cost->scenario->body->n_joint, &on_course, cost->turned);
    sample = &on_course;
  }
  add_tick(cost, sample);
}

static double mean(double sum, double n) { return n > 0 ? sum / n : 0; }
static double outside(double x, double middle, double free) {
  return fmax(0, fabs(x - middle) - free);
}

static void compute_early(const kc_cost *cost, const kc_outcome *outcome, double *y) {
  const kc_task *task = &cost->scenario->task;
  double t = outcome->time, run = cost->time - cost->first_time;
  int completed = outcome->kind == KC_COMPLETED;
  y[KC_COST_missing_time] = completed ? 0 : fmax(0, task->duration - t);
  y[KC_COST_speed_error] = run > 1 ? fabs((cost->x - cost->first_x) / run - task->speed) : 3;
  double tilt = mean(cost->tilt1, cost->span);
  double tilt2 = fmax(0, mean(cost->tilt2, cost->span) - square(tilt));
  y[KC_COST_attitude] = sqrt(tilt2 + mean(cost->list2 + cost->rotation2, cost->span));
  y[KC_COST_tilt_mean] = outside(tilt, 0, 0.3);
  y[KC_COST_effort] = mean(cost->effort, cost->span);
  y[KC_COST_torque_rate] = sqrt(mean(cost->rate2, cost->span));
  y[KC_COST_knee_extension] = mean(cost->knee_short, cost->span);
  y[KC_COST_short_run] = !completed && t <= 0.6 * task->duration;
}

/// Terms of head, pelvis and joints.
static void compute_extra(const kc_cost *cost, double *y) {
  const foot *r = &cost->foot[KC_RIGHT], *l = &cost->foot[KC_LEFT];
  static const kc_cost_term load[KC_N_LOAD] = {
      [KC_LOAD_HIP] = KC_COST_hip_load,
      [KC_LOAD_TIBIOFEMORAL] = KC_COST_knee_load,
      [KC_LOAD_PATELLOFEMORAL] = KC_COST_patella_load,
      [KC_LOAD_ANKLE] = KC_COST_ankle_load,
      [KC_LOAD_BACK] = KC_COST_back_load,
  };
  for (int i = 0; i < KC_N_LOAD; i++)
    y[load[i]] = mean(r->load[i] + l->load[i], r->n_contact + l->n_contact);
  y[KC_COST_head_rate] = kc_steadiness_rate(&cost->head.sums);
  y[KC_COST_head_vertical] = kc_steadiness_vertical(&cost->head.sums);
  y[KC_COST_head_lateral] = kc_steadiness_lateral(&cost->head.sums);
  y[KC_COST_pelvis_rate] = kc_steadiness_rate(&cost->pelvis.sums);
  y[KC_COST_pelvis_vertical] = kc_steadiness_vertical(&cost->pelvis.sums);
  y[KC_COST_pelvis_lateral] = kc_steadiness_lateral(&cost->pelvis.sums);
}

static void compute_distance(const kc_cost *cost, double *y) {
  if (!cost->measured)
    return;
  const kc_distance_values *values = kc_distance_compute(cost->distance);
  for (int g = 0; g < KC_N_GROUP; g++) {
    y[reference_term[g].rms] = values->rms[g];
    y[reference_term[g].out] = values->out[g];
  }
}

static void compute_late(const kc_cost *cost, double *y) {
  const foot *r = &cost->foot[KC_RIGHT], *l = &cost->foot[KC_LEFT];
  double n_contact = r->n_contact + l->n_contact, n_swing = r->n_swing + l->n_swing;
  double steps = cost->n_step - 1, time = cost->last_step - cost->first_step;
  double half = cost->time - cost->half_time;
  y[KC_COST_late_speed] =
      half > 0 ? fabs((cost->x - cost->half_x) / half - cost->scenario->task.speed) : 0;
  y[KC_COST_trunk_rate] = sqrt(mean(cost->trunk2, cost->late_span));
  y[KC_COST_lateral] = sqrt(mean(cost->lateral2, cost->late_span));
  y[KC_COST_turning] = sqrt(mean(cost->turning2, cost->late_span));
  y[KC_COST_peak_force] = fmax(0, mean(r->force + l->force, n_contact) - 2.6);
  y[KC_COST_contact_time] = outside(mean(r->contact + l->contact, n_contact), 0.235, 0.025);
  y[KC_COST_oscillation] = outside(mean(cost->oscillation, cost->n_oscillation), 0.09, 0.02);
  y[KC_COST_step_rate] = outside(mean(steps, time), 2.75, 0.25);
  y[KC_COST_flight] = cost->n_flight ? mean(cost->flight_short, cost->n_flight) : 0.07;
  y[KC_COST_swing_hip] = mean(r->hip_excess + l->hip_excess, n_swing);
  y[KC_COST_swing_knee] = mean(r->knee_excess + l->knee_excess, n_swing);
  y[KC_COST_stance_knee] = mean(r->bend_excess + l->bend_excess, n_contact);
  y[KC_COST_foot_speed] = mean(r->speed + l->speed, n_swing);
  double way = cost->scenario->body->mass * (cost->x - cost->late_x);
  y[KC_COST_cost_of_transport] = way > 0 ? (cost->energy - cost->late_energy) / way : HUGE_VAL;
}

double kc_cost_compute(const kc_cost *cost, const kc_outcome *outcome, double *quantity) {
  double y[KC_N_COST] = {0}, sum = 0;
  compute_early(cost, outcome, y);
  if (y[KC_COST_short_run] == 0) {
    compute_late(cost, y);
    compute_extra(cost, y);
    compute_distance(cost, y);
  }
  // fmin gives the cap for NaN
  for (int i = 0; i < KC_N_COST; i++)
    sum += cost->weights->weight[i] * fmin(y[i], cost->weights->cap[i]);
  if (quantity)
    memcpy(quantity, y, sizeof y);
  return sum;
}
