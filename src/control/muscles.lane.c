// From desired moments to excitations.
//
// What is felt of a muscle is its fibre's length over optimal and its tendon's stretch, so the
// internal model's muscle is as long as these make it, whatever its path says; the path tells how
// the length will change. Where the body is as believed and felt without noise, both agree but for
// rounding and what moments are carried on between steps of muscles: nothing is computed of it.
// Moments are wanted a horizon ahead, where the prediction stands. What each muscle can pull there
// is asked of the internal model: its fibre is stepped over the horizon to the predicted length,
// with the activation it has, and its force taken as linear in the activation. Activations that
// give the moments are recruited for each leg and for the trunk (recruit.lane.c); excitations are
// those that reach them at the horizon. Moments of latissimus dorsi about the shoulders are taken
// off the arms' motors.
#include "control/parts.lane.h"
#include <stdlib.h>
#include <string.h>

static const double nominal_time = 0.010; // s, activation time at which horizon and lag are meant
static const double long_time = 1;        // s, in which fibres come to rest

static void add_joint(kc_muscle_control *mc, int group, int joint) {
  kc_muscle_group *g = &mc->group[group];
  g->joint[g->n_moment++] = joint;
}

// the group's joints between the first and the last that a muscle crosses
static kc_recruit_span find_crossed(const kc_paths *paths, const kc_muscle_group *g, int muscle) {
  kc_recruit_span crossed = {g->n_moment, 0};
  for (int j = g->n_moment - 1; j >= 0; j--) {
    if (!kc_path_crosses(paths, muscle, g->joint[j]))
      continue;
    crossed.begin = j;
    if (crossed.end == 0)
      crossed.end = j + 1;
  }
  return crossed;
}

// into the order of the joints, so that few stand between those that cross the same
static void insert_muscle(const kc_paths *paths, kc_muscle_group *g, int muscle) {
  kc_recruit_span own = find_crossed(paths, g, muscle), *other = g->crossed;
  int at = g->n_muscle++;
  for (; at > 0; at--) {
    if (other[at - 1].begin + other[at - 1].end <= own.begin + own.end)
      break;
    g->muscle[at] = g->muscle[at - 1], other[at] = other[at - 1];
  }
  g->muscle[at] = muscle, other[at] = own;
}

static void find_rows(kc_muscle_group *g) {
  for (int j = 0; j < g->n_moment; j++) {
    kc_recruit_span *row = &g->row[j];
    *row = (kc_recruit_span){0, 0};
    for (int i = 0; i < g->n_muscle; i++) {
      if (j < g->crossed[i].begin || j >= g->crossed[i].end)
        continue;
      if (row->end == 0)
        row->begin = i;
      row->end = i + 1;
    }
  }
}

static void find_groups(kc_control *c, const kc_model *model) {
  kc_muscle_control *mc = &c->mc;
  const kc_paths *paths = kc_muscle_set_paths(c->muscles);
  for (int k = 0; k < KC_N_SIDE; k++) {
    for (int i = 0; i < KC_N_LEG_JOINT; i++)
      add_joint(mc, k, c->map.leg[k].joint[i]);
    add_joint(mc, k, c->map.leg[k].mtp);
  }
  for (int i = 0; i < 6; i++)
    add_joint(mc, KC_N_SIDE, c->map.spine[i]);
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int i = 0; i < 4; i++)
      mc->arm_joint[mc->n_arm_joint++] = c->map.arm[k][i];
  for (int m = 0; m < model->n_muscle; m++) {
    insert_muscle(paths, &mc->group[kc_control_find_group(model, &c->map, m)], m);
    int crosses = 0;
    for (int i = 0; i < mc->n_arm_joint; i++)
      crosses |= kc_path_crosses(paths, m, mc->arm_joint[i]);
    if (crosses)
      mc->arm_muscle[mc->n_arm_muscle++] = m;
  }
  for (int k = 0; k < KC_N_MUSCLE_GROUP; k++)
    find_rows(&mc->group[k]);
}

static void *allocate(size_t size) {
  void *block = aligned_alloc(64, (size + 63) / 64 * 64);
  if (block)
    memset(block, 0, (size + 63) / 64 * 64);
  return block;
}

int kc_control_create_muscles(kc_control *c, const kc_model *model) {
  kc_muscle_control *mc = &c->mc;
  c->n_muscle = model->n_muscle;
  c->muscles = kc_muscle_set_create(c->tree, model);
  mc->path = c->muscles ? kc_path_work_create(kc_muscle_set_paths(c->muscles)) : NULL;
  mc->felt = c->muscles ? kc_muscle_work_create(c->muscles) : NULL;
  if (!mc->path || !mc->felt)
    return 0;
  find_groups(c, model);
  size_t n = (size_t)c->n_muscle;
  real **array[] = {&mc->weight, &mc->activation, &mc->lower, &mc->upper,  &mc->gain,    &mc->base,
                    &mc->target, &mc->offset,     &mc->here,  &mc->length, &mc->velocity};
  enum { N = sizeof array / sizeof *array };
  mc->weight = allocate(N * n * sizeof(real));
  mc->reach = allocate(n * sizeof *mc->reach);
  for (size_t i = 1; i < N && mc->weight; i++)
    *array[i] = mc->weight + i * n;
  return mc->weight && mc->reach;
}

void kc_control_destroy_muscles(kc_control *c) {
  free(c->mc.weight);
  free(c->mc.reach);
  kc_path_work_destroy(c->mc.path);
  kc_muscle_work_destroy(c->mc.felt);
  kc_muscle_set_destroy(c->muscles);
}

void kc_control_load_muscles(kc_control *c, int lane, const kc_model *model) {
  kc_muscle_control *mc = &c->mc;
  kc_muscle_set_load(c->muscles, c->tree, lane, model);
  for (int k = 0; k < KC_N_MUSCLE_GROUP; k++) {
    const kc_muscle_group *g = &mc->group[k];
    double sum = 0;
    for (int pass = 0; pass < 2; pass++)
      for (int i = 0; i < g->n_muscle; i++) {
        const kc_muscle *m = &model->muscle[g->muscle[i]];
        double volume = m->max_isometric_force * m->optimal_fibre_length / m->specific_tension;
        if (pass == 0)
          sum += volume;
        else
          kc_set(&mc->weight[g->muscle[i]], lane, volume / sum);
      }
    for (int i = 0; i < KC_RECRUIT_MAX_MOMENT; i++)
      kc_set(&mc->group[k].multiplier[i], lane, 0);
  }
  double pace = 0.4 + 0.6 * model->muscle[0].activation_time / nominal_time;
  kc_set(&c->lag, lane, pace * kc_get(c->p.muscle_lag, lane));
  kc_set(&c->horizon, lane, pace * kc_get(c->p.muscle_horizon, lane));
}

void kc_control_expect_torque(kc_control *c, const kc_sense *felt) {
  for (int j = 0; j < c->n; j++)
    c->lacking[j] = kc_real(0.0);
  for (int m = 0; m < c->n_muscle; m++)
    c->mc.offset[m] = kc_real(0.0);
  if (!c->muscles || kc_all(c->mc.as_believed))
    return;
  const kc_muscle_numbers *numbers = kc_muscle_set_numbers(c->muscles);
  kc_muscle_work *work = c->mc.felt;
  kc_body_compute_pose(c->tree, felt->q, c->body);
  kc_path_compute(kc_muscle_set_paths(c->muscles), felt->q, c->body, work->path);
  for (int m = 0; m < c->n_muscle; m++) {
    real length = kc_muscle_compute_length(&numbers[m], felt->fibre[m], felt->stretch[m]);
    c->mc.length[m] = length;
    c->mc.offset[m] = kc_select(c->mc.as_believed, kc_real(0.0), length - work->path->length[m]);
  }
  kc_muscle_compute_tensions(c->n_muscle, numbers, felt->fibre, c->mc.length, work->tension);
  kc_muscle_set_gather(c->muscles, c->tree, c->body, work);
  for (int k = 0; k < KC_N_MUSCLE_GROUP; k++)
    for (int i = 0; i < c->mc.group[k].n_moment; i++) {
      int j = c->mc.group[k].joint[i];
      c->lacking[j] = kc_select(c->mc.as_believed, kc_real(0.0), work->moment[j] - felt->torque[j]);
    }
}

// what commands sent since made of the activations that are felt
static void find_activations(kc_control *c, const kc_sense *felt) {
  const kc_muscle_numbers *numbers = kc_muscle_set_numbers(c->muscles);
  for (int m = 0; m < c->n_muscle; m++)
    c->mc.activation[m] = felt->activation[m];
  for (int age = c->n_delay; age >= 1; age--) {
    const real *sent = kc_control_recall_excitation(c, age);
    for (int m = 0; m < c->n_muscle; m++)
      c->mc.activation[m] =
          kc_reach_advance(&numbers[m], c->interval, sent[m], c->mc.activation[m]);
  }
}

// activations that can be reached at the horizon; a run that begins may choose any
static void find_reach(kc_control *c) {
  kc_muscle_control *mc = &c->mc;
  const kc_muscle_numbers *numbers = kc_muscle_set_numbers(c->muscles);
  const real least = kc_real(0.01), one = kc_real(1.0);
  for (int m = 0; m < c->n_muscle; m++) {
    kc_reach reach = kc_reach_compute(&numbers[m], c->horizon, mc->activation[m]);
    mc->reach[m] = reach;
    mc->lower[m] = kc_select(mc->begins, least, kc_max(reach.lower, least));
    mc->upper[m] = kc_select(mc->begins, one, kc_max(reach.upper, mc->lower[m] + least));
  }
}

// forces at the horizon as lines over the activation
static void find_forces(kc_control *c, const kc_sense *felt) {
  kc_muscle_control *mc = &c->mc;
  const kc_muscle_numbers *numbers = kc_muscle_set_numbers(c->muscles);
  // fibres of a run that begins come to rest; others are felt a delay ago
  real since = c->horizon + (double)c->n_delay * c->interval;
  real horizon = kc_select(mc->begins, kc_real(long_time), since);
  for (int m = 0; m < c->n_muscle; m++) {
    mc->here[m] = kc_clamp(mc->activation[m], mc->lower[m], mc->upper[m]);
    mc->velocity[m] = kc_select(mc->begins, kc_real(0.0), felt->fibre_velocity[m]);
    mc->length[m] = mc->path->length[m] + mc->offset[m];
  }
  kc_muscle_predict_forces(c->n_muscle, numbers, horizon, mc->here, mc->length, felt->fibre,
                           mc->velocity, mc->base, mc->gain);
  for (int m = 0; m < c->n_muscle; m++)
    mc->base[m] -= mc->gain[m] * mc->here[m];
}

// recruits one group for its moments; what is not met is taken off the command
static void recruit_group(kc_control *c, kc_muscle_group *g, real *command, real *unmet) {
  kc_muscle_control *mc = &c->mc;
  real gain[KC_RECRUIT_MAX_MOMENT * KC_RECRUIT_MAX_MUSCLE], demand[KC_RECRUIT_MAX_MOMENT];
  real weight[KC_RECRUIT_MAX_MUSCLE], lower[KC_RECRUIT_MAX_MUSCLE], upper[KC_RECRUIT_MAX_MUSCLE];
  real target[KC_RECRUIT_MAX_MUSCLE], soft[KC_RECRUIT_MAX_MOMENT], left[KC_RECRUIT_MAX_MOMENT];
  kc_path_compute_group_arms(kc_muscle_set_paths(c->muscles), g->n_muscle, g->muscle, g->n_moment,
                             g->joint, c->tree, c->body, mc->path, gain);
  for (int j = 0; j < g->n_moment; j++) {
    demand[j] = command[g->joint[j]];
    for (int i = g->row[j].begin; i < g->row[j].end; i++) {
      real *at = &gain[j * g->n_muscle + i], arm = *at;
      *at = arm * mc->gain[g->muscle[i]];
      demand[j] -= arm * mc->base[g->muscle[i]];
    }
  }
  for (int i = 0; i < g->n_muscle; i++) {
    weight[i] = mc->weight[g->muscle[i]];
    lower[i] = mc->lower[g->muscle[i]], upper[i] = mc->upper[g->muscle[i]];
  }
  kc_recruit_compute_softness(g->n_moment, g->n_muscle, gain, 1, soft);
  for (int j = 0; j < g->n_moment; j++)
    soft[j] *= c->p.recruit_softness;
  kc_recruit_problem problem = {g->n_moment, g->n_muscle, g->row, g->crossed, gain,
                                weight,      lower,       upper,  demand,     soft};
  kc_recruit_solve(&problem, g->multiplier, target, left);
  for (int i = 0; i < g->n_muscle; i++)
    mc->target[g->muscle[i]] = target[i];
  for (int j = 0; j < g->n_moment; j++) {
    unmet[g->joint[j]] = left[j];
    command[g->joint[j]] -= left[j];
  }
}

// takes what muscles do to the arms off their motors
static void spare_arms(kc_control *c, real *command) {
  const kc_muscle_control *mc = &c->mc;
  real arm[KC_N_SIDE * 4 * KC_N_MUSCLE_GROUP * KC_RECRUIT_MAX_MUSCLE];
  kc_path_compute_group_arms(kc_muscle_set_paths(c->muscles), mc->n_arm_muscle, mc->arm_muscle,
                             mc->n_arm_joint, mc->arm_joint, c->tree, c->body, mc->path, arm);
  for (int j = 0; j < mc->n_arm_joint; j++)
    for (int i = 0; i < mc->n_arm_muscle; i++) {
      int m = mc->arm_muscle[i];
      command[mc->arm_joint[j]] -=
          arm[j * mc->n_arm_muscle + i] * (mc->base[m] + mc->gain[m] * mc->target[m]);
    }
}

static void excite(kc_control *c, real *excitation) {
  const kc_muscle_control *mc = &c->mc;
  const kc_muscle_numbers *numbers = kc_muscle_set_numbers(c->muscles);
  kc_reach_find_excitations(c->n_muscle, numbers, c->horizon, mc->activation, mc->reach, mc->target,
                            excitation);
  for (int m = 0; m < c->n_muscle; m++)
    excitation[m] = kc_select(mc->begins, mc->target[m], excitation[m]);
}

void kc_control_recruit(kc_control *c, const kc_sense *felt, const kc_control_output *out) {
  kc_muscle_control *mc = &c->mc;
  const kc_paths *paths = kc_muscle_set_paths(c->muscles);
  real first = kc_real(0.0);
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_set(&first, lane, c->phase[lane].run_time < 1.5 * kc_get(c->interval, lane));
  mc->begins = kc_gt(first, kc_real(0.0));
  kc_path_compute(paths, c->q, c->body, mc->path);
  find_activations(c, felt);
  find_reach(c);
  find_forces(c, felt);
  for (int k = 0; k < KC_N_MUSCLE_GROUP; k++)
    recruit_group(c, &mc->group[k], out->command, out->unmet);
  spare_arms(c, out->command);
  excite(c, out->excitation);
}
