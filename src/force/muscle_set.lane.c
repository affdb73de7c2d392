// The muscles of a body as one: arrays over muscles around the laws of muscle.lane.c and the paths
// of path.lane.c.
#include "force/muscle_set.lane.h"
#include "base/block.h"
#include "base/hash.h"
#include <string.h>

struct kc_muscle_set {
  int n, n_joint, n_tie;
  const int *tie_node, *tie_muscle; // (n_tie)
  unsigned long long topology;
  kc_paths *paths;
  kc_muscle_numbers *numbers; // (n)
};

// of which muscle runs over which links, guides and surfaces
static unsigned long long hash_topology(const kc_model *model) {
  unsigned long long hash = KC_HASH_START;
  const int count[] = {model->n_joint,     model->n_muscle, model->n_path_point,
                       model->n_path_wrap, model->n_wrap,   model->n_guide};
  hash = kc_hash_add(hash, count, sizeof count);
  for (int i = 0; i < model->n_muscle; i++) {
    const kc_muscle *m = &model->muscle[i];
    const int part[] = {m->point_adr, m->n_point, m->wrap_adr, m->n_wrap, m->node[0], m->node[1]};
    hash = kc_hash_add(hash, part, sizeof part);
  }
  for (int i = 0; i < model->n_path_point; i++) {
    const int part[] = {model->path_point[i].link, model->path_point[i].guide};
    hash = kc_hash_add(hash, part, sizeof part);
  }
  for (int i = 0; i < model->n_path_wrap; i++) {
    const kc_path_wrap *w = &model->path_wrap[i];
    const int part[] = {w->wrap, w->after, model->wrap[w->wrap].link,
                        (int)model->wrap[w->wrap].shape};
    hash = kc_hash_add(hash, part, sizeof part);
  }
  for (int i = 0; i < model->n_guide; i++) {
    const int part[] = {model->guide[i].link, model->guide[i].joint};
    hash = kc_hash_add(hash, part, sizeof part);
  }
  return hash;
}

kc_muscle_set *kc_muscle_set_create(const kc_tree *tree, const kc_model *model) {
  kc_block block = {0};
  kc_muscle_set *set = NULL;
  kc_muscle_numbers *numbers = NULL;
  for (int pass = 0; pass < 2; pass++) {
    set = kc_block_take(&block, 1, sizeof *set);
    numbers = kc_block_take(&block, (size_t)model->n_muscle, sizeof *numbers);
    if (pass == 0 && kc_block_create(&block) != KC_OK)
      return NULL;
  }
  *set = (kc_muscle_set){.n = model->n_muscle, .n_joint = model->n_joint, .numbers = numbers};
  set->topology = hash_topology(model);
  set->paths = kc_path_create(tree, model);
  if (!set->paths) {
    kc_muscle_set_destroy(set);
    return NULL;
  }
  kc_path_topology topology = kc_path_topology_of(set->paths);
  set->n_tie = topology.n_node_contact;
  set->tie_node = topology.node_contact, set->tie_muscle = topology.node_muscle;
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_muscle_set_load(set, tree, lane, model);
  return set;
}

void kc_muscle_set_destroy(kc_muscle_set *set) {
  if (!set)
    return;
  kc_path_destroy(set->paths);
  kc_block_destroy(set);
}

void kc_muscle_set_load(kc_muscle_set *set, const kc_tree *tree, int lane, const kc_model *model) {
  kc_path_load(set->paths, tree, lane, model);
  for (int i = 0; i < set->n; i++)
    kc_muscle_load(&set->numbers[i], lane, &model->muscle[i]);
}

int kc_muscle_set_fits(const kc_muscle_set *set, const kc_model *model) {
  return hash_topology(model) == set->topology;
}

const kc_paths *kc_muscle_set_paths(const kc_muscle_set *set) { return set->paths; }

const kc_muscle_numbers *kc_muscle_set_numbers(const kc_muscle_set *set) { return set->numbers; }

static kc_muscle_work *lay_out_work(kc_block *block, const kc_muscle_set *set) {
  kc_muscle_work w = {0};
  size_t n = (size_t)set->n, n_joint = (size_t)set->n_joint;
  kc_muscle_work *work = kc_block_take(block, 1, sizeof *work);
  w.tension = kc_block_take(block, n, sizeof *w.tension);
  w.power = kc_block_take(block, n, sizeof *w.power);
  w.tie = kc_block_take(block, (size_t)set->n_tie, sizeof *w.tie);
  w.moment = kc_block_take(block, n_joint, sizeof *w.moment);
  w.guided = kc_block_take(block, n_joint, sizeof *w.guided);
  w.force = kc_block_take(block, n_joint, sizeof *w.force);
  w.twist = kc_block_take(block, n_joint, sizeof *w.twist);
  w.rate = kc_block_take(block, n_joint, sizeof *w.rate);
  if (work)
    *work = w;
  return work;
}

kc_muscle_work *kc_muscle_work_create(const kc_muscle_set *set) {
  kc_block block = {0};
  lay_out_work(&block, set);
  if (kc_block_create(&block) != KC_OK)
    return NULL;
  kc_muscle_work *work = lay_out_work(&block, set);
  work->path = kc_path_work_create(set->paths);
  if (work->path)
    return work;
  kc_block_destroy(work);
  return NULL;
}

void kc_muscle_work_destroy(kc_muscle_work *work) {
  if (!work)
    return;
  kc_path_work_destroy(work->path);
  kc_block_destroy(work);
}

void kc_muscle_set_start(const kc_muscle_set *set, mask lanes, const real *q, const real *v,
                         const kc_body_work *body, kc_muscle_work *work, kc_muscle_state *state) {
  work->path->node = state->node;
  kc_path_compute(set->paths, q, body, work->path);
  kc_path_compute_rates(set->paths, v, body->vel, work->path);
  for (int i = 0; i < set->n; i++) {
    const kc_muscle_numbers *m = &set->numbers[i];
    real length = work->path->length[i], activation = state->activation[i];
    real fibre = kc_muscle_compute_balance(m, activation, length, work->path->rate[i]);
    real velocity = kc_muscle_compute_rate(m, activation, fibre, length);
    state->fibre[i] = kc_select(lanes, fibre, state->fibre[i]);
    state->velocity[i] = kc_select(lanes, velocity, state->velocity[i]);
  }
}

void kc_muscle_set_gather(const kc_muscle_set *set, const kc_tree *tree, kc_body_work *body,
                          kc_muscle_work *work) {
  memset((void *)work->force, 0, (size_t)set->n_joint * sizeof *work->force);
  memset((void *)work->guided, 0, (size_t)set->n_joint * sizeof *work->guided);
  kc_path_apply(set->paths, work->tension, work->path, work->force, work->guided);
  kc_body_project_forces(tree, work->force, body, work->moment);
  for (int j = 0; j < set->n_joint; j++)
    work->moment[j] += work->guided[j];
}

static void pull(const kc_muscle_set *set, kc_muscle_work *work, const kc_muscle_state *state) {
  kc_muscle_compute_tensions(set->n, set->numbers, state->fibre, work->path->length, work->tension);
  for (int t = 0; t < set->n_tie; t++) {
    work->tie[t].pull = work->path->node_pull[t];
    work->tie[t].tension = work->tension[set->tie_muscle[t]];
    work->tie[t].stiffness = kc_real(0.0);
  }
}

void kc_muscle_set_tie_nodes(const kc_muscle_set *set, const kc_muscle_work *work,
                             kc_node_input *node) {
  node->n_tie = set->n_tie, node->tie_node = set->tie_node, node->tie = work->tie;
}

void kc_muscle_set_start_ties(const kc_muscle_set *set, mask lanes, kc_muscle_work *work) {
  for (int t = 0; t < set->n_tie; t++)
    work->tie[t].before = kc_select(lanes, work->tie[t].tension, work->tie[t].before);
}

void kc_muscle_set_extrapolate_ties(const kc_muscle_set *set, double share, kc_muscle_work *work) {
  for (int t = 0; t < set->n_tie; t++) {
    real tension = work->tension[set->tie_muscle[t]];
    work->tie[t].tension = tension + share * (tension - work->tie[t].before);
  }
}

void kc_muscle_set_approach(const kc_muscle_set *set, real step, const real *q,
                            const kc_body_work *body, kc_muscle_work *work,
                            const kc_muscle_state *state) {
  work->path->node = state->node;
  kc_path_compute(set->paths, q, body, work->path);
  for (int t = 0; t < set->n_tie; t++) {
    int m = set->tie_muscle[t];
    const kc_muscle_numbers *numbers = &set->numbers[m];
    kc_node_tie *tie = &work->tie[t];
    real fibre = state->fibre[m] + step * numbers->max_velocity * state->velocity[m];
    tie->pull = work->path->node_pull[t];
    tie->tension =
        kc_muscle_compute_tension(numbers, fibre, work->path->length[m], &tie->stiffness);
  }
}

void kc_muscle_set_step(const kc_muscle_set *set, real step, const kc_tree *tree,
                        kc_body_work *body, kc_muscle_work *work, kc_muscle_state *state) {
  kc_path_compute_tied(set->paths, work->path);
  for (int t = 0; t < set->n_tie; t++)
    work->tie[t].before = work->tension[set->tie_muscle[t]];
  kc_muscle_step_activations(set->n, set->numbers, step, state->excitation, state->activation);
  kc_muscle_step_fibres(set->n, set->numbers, step, state->activation, work->path->length,
                        state->fibre, state->velocity);
  pull(set, work, state);
  kc_muscle_set_gather(set, tree, body, work);
}

void kc_muscle_set_evaluate(const kc_muscle_set *set, const kc_tree *tree, const real *q,
                            kc_body_work *body, kc_muscle_work *work,
                            const kc_muscle_state *state) {
  work->path->node = state->node;
  kc_path_compute(set->paths, q, body, work->path);
  pull(set, work, state);
  kc_muscle_set_gather(set, tree, body, work);
}

void kc_muscle_set_complete(const kc_muscle_set *set, const kc_force_span *span, const real *a,
                            const kc_vec3 *node_rate, const kc_body_work *body,
                            kc_muscle_work *work) {
  for (int j = 0; j < set->n_joint; j++) {
    work->rate[j] = span->v[j] + span->mean * a[j];
    for (int k = 0; k < 6; k++)
      work->twist[j].v[k] = span->vel[j].v[k] + span->mean * body->acc[j].v[k];
  }
  kc_path_compute_rates(set->paths, work->rate, work->twist, work->path);
  if (node_rate)
    kc_path_add_node_rates(set->paths, node_rate, work->path);
  for (int i = 0; i < set->n; i++)
    work->power[i] = -work->tension[i] * work->path->rate[i];
}
