// Fascial nodes: massless points in viscous tissue, moved by the bands and muscles that end there.
//
//   c w + k x = sum of tensions T_i p_i,   w = dx/dt
// x is the displacement from home in the frame of the node's link, p_i the unit pull of an end. The
// node has no mass, so its link takes the sum of the tensions where the node is: with the pulls on
// the far ends all forces are internal. Powers: an element does -T times its whole rate, nodes'
// motion included; a node does -(c w + k x) . w, of which -c w . w is lost.
//
// Law: tensions depend on w through the viscous loss of bands, so w solves a linear system.
// Step: BDF2 written with the mean velocity m of the last step (as fibres in muscle.lane.c),
//   x' = x + h (m + 2 w') / 3,  balance at x' and the pose of the step's end,  m' = (m + 2 w') / 3
// of second order and L-stable. The balance is linear about the place x + h m that an unchanged
// velocity leads to, with the stiffness of bands and tendons, the turning of their pulls and the
// bands' loss; what is left out is of the square of h^2. Muscles' fibres are then stepped with the
// node at x'; the balance has them where their own mean velocity leads to.
//
// A node's matrix is 3 x 3; nodes joined by bands are coupled by 3 x 3 blocks, and the whole is
// eliminated in an order found at creation. It is symmetric and positive for every stiffness. Where
// bands join nodes like the branches of a tree, as in the runner, nothing is filled in.
//
// Source: model after design of this program (numbers.md B1, B2: assumptions); BDF2 as in Hairer
// and Wanner 1996, Solving ODEs II, ch. V.
#include "force/force_parts.lane.h"

enum { N_SETTLE = 90 };
// least span by which a muscle's pull turns, m; first time of a round of settling, s, and its
// growth
static const double least_span = 0.03, settle_first = 1e-3, settle_growth = 1.2;

static int find_pair(const force_order *order, int a, int b) {
  for (int k = 0; k < order->n_pair; k++)
    if ((order->pair[k][0] == a && order->pair[k][1] == b) ||
        (order->pair[k][0] == b && order->pair[k][1] == a))
      return k;
  return -1;
}

// of those that are left, the node with the fewest neighbours among them
static int find_loosest(const kc_force *force, char joined[KC_MAX_NODE][KC_MAX_NODE],
                        const int *gone) {
  int best = -1, fewest = KC_MAX_NODE;
  for (int n = 0; n < force->n_node; n++) {
    int count = 0;
    for (int m = 0; m < force->n_node; m++)
      count += joined[n][m] && !gone[m];
    if (gone[n] || count >= fewest)
      continue;
    best = n, fewest = count;
  }
  return best;
}

void kc_force_order_nodes(kc_force *force) {
  char joined[KC_MAX_NODE][KC_MAX_NODE] = {{0}};
  int gone[KC_MAX_NODE] = {0};
  force_order *order = &force->order;
  for (int t = 0; t < force->n_tied; t++) {
    const int *end = force->band_node[force->tied[t]];
    if (end[0] >= 0 && end[1] >= 0)
      joined[end[0]][end[1]] = joined[end[1]][end[0]] = 1;
  }
  order->n_pair = 0;
  for (int place = 0; place < force->n_node; place++) {
    int n = find_loosest(force, joined, gone), first = order->n_pair;
    order->node[place] = n, order->pair_adr[place] = first, gone[n] = 1;
    for (int m = 0; m < force->n_node; m++)
      if (joined[n][m] && !gone[m])
        order->pair[order->n_pair][0] = n, order->pair[order->n_pair++][1] = m;
    for (int k = first; k < order->n_pair; k++)
      for (int l = first; l < order->n_pair; l++)
        joined[order->pair[k][1]][order->pair[l][1]] |= k != l;
  }
  order->pair_adr[force->n_node] = order->n_pair;
}

void kc_force_load_nodes(kc_force *force, const kc_tree *tree, int lane, const kc_model *model) {
  for (int i = 0; i < force->n_node; i++) {
    force_node *to = &force->node[i];
    vec_load(&to->home, lane, &tree->to_link[force->node_link[i]], model->node[i].position);
    kc_set(&to->drag, lane, model->node[i].drag);
    kc_set(&to->stiffness, lane, model->node[i].stiffness);
  }
}

void kc_force_place_node(const kc_force *force, const kc_tree *tree, int node, int lane,
                         const double *displacement, kc_node_state *state) {
  vec_load(&state->place[node], lane, &tree->to_link[force->node_link[node]], displacement);
  for (int i = 0; i < 3; i++)
    kc_set(&state->mean[node].v[i], lane, 0);
}

kc_vec3 kc_force_node_displacement(const kc_force *force, const kc_tree *tree, int node,
                                   const kc_node_state *state) {
  return kc_mat3_apply_transposed(&tree->to_link[force->node_link[node]], state->place[node]);
}

// adds a p p' + b (I - p p') to a matrix
static void add_stiffness(real *matrix, kc_vec3 p, real along, real across) {
  real rest = along - across;
  for (int i = 0, k = 0; i < 3; i++)
    for (int j = 0; j <= i; j++, k++)
      matrix[k] += rest * p.v[i] * p.v[j];
  matrix[0] += across, matrix[2] += across, matrix[5] += across;
}

// drag and the tissue at home about the velocity `guess` at the place of the work
static void start_balance(const kc_force *force, real reach, const kc_vec3 *guess,
                          kc_force_work *work) {
  for (int n = 0; n < force->n_node; n++) {
    const force_node *node = &force->node[n];
    force_balance *to = &work->scratch->balance[n];
    real diagonal = node->drag + reach * node->stiffness;
    for (int k = 0; k < 6; k++)
      to->matrix[k] = kc_real(0.0);
    to->matrix[0] = to->matrix[2] = to->matrix[5] = diagonal;
    for (int i = 0; i < 3; i++) {
      to->load.v[i] = kc_real(0.0);
      if (guess)
        to->load.v[i] -= node->drag * guess[n].v[i];
      if (work->node.place)
        to->load.v[i] -= node->stiffness * work->node.place[n].v[i];
    }
  }
}

// measured bands; `reach` is how far a change of velocity carries a node, s
static void add_bands(const kc_force *force, real reach, kc_force_work *work) {
  struct kc_force_scratch *scratch = work->scratch;
  for (int t = 0; t < force->n_tied; t++) {
    int b = force->tied[t];
    force_band_law law =
        kc_force_eval_band(&force->band[b], work->band_length[b], work->band_rate[b]);
    scratch->gain[b] = reach * law.by_length + law.by_rate;
    for (int e = 0; e < 2; e++) {
      int n = force->band_node[b][e];
      if (n < 0)
        continue;
      kc_vec3 p = kc_spatial_linear(&scratch->pull[band_end(force, b, e)]);
      force_balance *to = &scratch->balance[n];
      add_stiffness(to->matrix, p, scratch->gain[b],
                    reach * law.tension * scratch->end_inverse[b][e]);
      to->load = vec_add_scaled(to->load, law.tension, p);
    }
  }
}

static void add_ties(real reach, kc_force_work *work) {
  const kc_node_input *in = &work->node;
  for (int t = 0; t < in->n_tie; t++) {
    const kc_node_tie *tie = &in->tie[t];
    force_balance *to = &work->scratch->balance[in->tie_node[t]];
    add_stiffness(to->matrix, tie->pull, reach * tie->stiffness,
                  reach * tie->tension * (1.0 / least_span));
    to->load = vec_add_scaled(to->load, tie->tension, tie->pull);
  }
}

// blocks of bands that join two nodes
static void add_couplings(const kc_force *force, kc_force_work *work) {
  struct kc_force_scratch *scratch = work->scratch;
  const kc_vec3 zero = kc_vec3_make(0.0, 0.0, 0.0);
  for (int k = 0; k < force->order.n_pair; k++)
    for (int i = 0; i < 3; i++)
      scratch->coupling[k].row[i] = zero;
  for (int t = 0; t < force->n_tied; t++) {
    int b = force->tied[t], near = force->band_node[b][0], far = force->band_node[b][1];
    if (near < 0 || far < 0)
      continue;
    int k = find_pair(&force->order, near, far), swap = force->order.pair[k][0] != near;
    kc_vec3 p = kc_spatial_linear(&scratch->pull[band_end(force, b, swap)]);
    kc_vec3 q = kc_spatial_linear(&scratch->pull[band_end(force, b, !swap)]);
    for (int i = 0; i < 3; i++)
      scratch->coupling[k].row[i] =
          vec_add_scaled(scratch->coupling[k].row[i], scratch->gain[b] * p.v[i], q);
  }
}

// a later pair, or a later node's own matrix, less what the earlier node passes on
static void pass_on(const kc_force *force, const force_coupling *one, const force_coupling *other,
                    int to_one, int to_other, kc_force_work *work) {
  real sum[3][3]; // row of the one, column of the other
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++) {
      sum[i][j] = one->row[0].v[i] * other->column[j].v[0];
      for (int m = 1; m < 3; m++)
        sum[i][j] += one->row[m].v[i] * other->column[j].v[m];
    }
  if (to_one == to_other) {
    for (int i = 0, k = 0; i < 3; i++)
      for (int j = 0; j <= i; j++, k++)
        work->scratch->balance[to_one].matrix[k] -= sum[i][j];
    return;
  }
  int pair = find_pair(&force->order, to_one, to_other);
  int swap = force->order.pair[pair][0] != to_one;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      work->scratch->coupling[pair].row[i].v[j] -= swap ? sum[j][i] : sum[i][j];
}

// a node out of the equations of those that come later
static void eliminate(const kc_force *force, int place, kc_force_work *work) {
  const force_order *order = &force->order;
  force_coupling *coupling = work->scratch->coupling;
  force_balance *own = &work->scratch->balance[order->node[place]];
  own->factor = kc_small_factor3(own->matrix);
  own->change = own->load;
  kc_small_solve3(&own->factor, own->change.v);
  for (int k = order->pair_adr[place]; k < order->pair_adr[place + 1]; k++) {
    kc_vec3 *load = &work->scratch->balance[order->pair[k][1]].load;
    for (int j = 0; j < 3; j++) {
      for (int i = 0; i < 3; i++)
        coupling[k].column[j].v[i] = coupling[k].row[i].v[j];
      kc_small_solve3(&own->factor, coupling[k].column[j].v);
    }
    for (int i = 0; i < 3; i++)
      *load = vec_add_scaled(*load, -own->change.v[i], coupling[k].row[i]);
    for (int l = order->pair_adr[place]; l <= k; l++)
      pass_on(force, &coupling[k], &coupling[l], order->pair[k][1], order->pair[l][1], work);
  }
}

// changes of velocity
static void solve(const kc_force *force, kc_force_work *work) {
  const force_order *order = &force->order;
  force_balance *balance = work->scratch->balance;
  add_couplings(force, work);
  for (int place = 0; place < force->n_node; place++)
    eliminate(force, place, work);
  for (int place = force->n_node - 1; place >= 0; place--) {
    kc_vec3 *change = &balance[order->node[place]].change;
    for (int k = order->pair_adr[place]; k < order->pair_adr[place + 1]; k++)
      for (int j = 0; j < 3; j++)
        *change = vec_add_scaled(*change, -balance[order->pair[k][1]].change.v[j],
                                 work->scratch->coupling[k].column[j]);
  }
}

void kc_force_find_node_rates(const kc_force *force, kc_force_work *work) {
  int moves = work->node.moves;
  for (int n = 0; n < force->n_node && !moves; n++)
    work->node_rate[n] = kc_vec3_make(0.0, 0.0, 0.0);
  if (force->n_node == 0 || !moves)
    return;
  real none = kc_real(0.0);
  start_balance(force, none, NULL, work);
  add_bands(force, none, work);
  add_ties(none, work);
  solve(force, work);
  for (int n = 0; n < force->n_node; n++)
    work->node_rate[n] = work->scratch->balance[n].change;
  for (int t = 0; t < force->n_tied; t++) {
    int b = force->tied[t];
    work->band_rate[b] -= band_closing(force, work, b, work->node_rate);
  }
}

void kc_force_complete_nodes(const kc_force *force, kc_force_work *work) {
  for (int n = 0; n < force->n_node; n++) {
    const force_node *node = &force->node[n];
    kc_vec3 w = work->node_rate[n];
    work->node_loss[n] = -node->drag * kc_vec3_dot(w, w);
    work->node_power[n] = work->node_loss[n];
    if (work->node.place)
      work->node_power[n] -= node->stiffness * kc_vec3_dot(work->node.place[n], w);
  }
}

static void measure_tied(const kc_force *force, const kc_body_work *body, int at_rest,
                         kc_force_work *work) {
  for (int t = 0; t < force->n_tied; t++) {
    kc_force_measure_band(force, body, force->tied[t], work);
    if (at_rest)
      work->band_rate[force->tied[t]] = kc_real(0.0);
  }
}

void kc_force_predict_nodes(const kc_force *force, real step, kc_node_state *state) {
  for (int n = 0; n < force->n_node; n++)
    state->place[n] = vec_add_scaled(state->place[n], step, state->mean[n]);
}

void kc_force_step_nodes(const kc_force *force, real step, const kc_body_work *body,
                         kc_force_work *work, kc_node_state *state) {
  if (force->n_node == 0)
    return;
  const real reach = step * (2.0 / 3.0);
  work->node.place = state->place;
  measure_tied(force, body, 0, work);
  for (int t = 0; t < force->n_tied; t++)
    work->band_rate[force->tied[t]] -= band_closing(force, work, force->tied[t], state->mean);
  start_balance(force, reach, state->mean, work);
  add_bands(force, reach, work);
  add_ties(reach, work);
  solve(force, work);
  for (int n = 0; n < force->n_node; n++) {
    kc_vec3 change = work->scratch->balance[n].change;
    state->place[n] = vec_add_scaled(state->place[n], reach, change);
    state->mean[n] = vec_add_scaled(state->mean[n], kc_real(2.0 / 3.0), change);
  }
}

// implicit steps from rest, each longer than the one before
void kc_force_settle_nodes(const kc_force *force, const kc_body_work *body, kc_force_work *work,
                           kc_node_state *state) {
  const kc_vec3 zero = kc_vec3_make(0.0, 0.0, 0.0);
  double time = settle_first;
  for (int n = 0; n < force->n_node; n++)
    state->place[n] = state->mean[n] = zero;
  work->node.place = state->place;
  for (int round = 0; round < N_SETTLE && force->n_node > 0; round++, time *= settle_growth) {
    measure_tied(force, body, 1, work);
    start_balance(force, kc_real(time), NULL, work);
    add_bands(force, kc_real(time), work);
    add_ties(kc_real(time), work);
    solve(force, work);
    for (int n = 0; n < force->n_node; n++)
      state->place[n] =
          vec_add_scaled(state->place[n], kc_real(time), work->scratch->balance[n].change);
  }
  measure_tied(force, body, 0, work);
  work->node.moves = 1;
  kc_force_find_node_rates(force, work);
  for (int n = 0; n < force->n_node; n++)
    state->mean[n] = work->node_rate[n];
}
