// Nodes, fibres and moments of muscles at the start of a run: one lane in balance, the others left
// as they are.
//
// Fibres that are not given are in balance with the activations. Muscles draw the nodes that they
// end in, and a node's place is part of their length, so both come to rest by turns. Where fibres
// are given, nodes should be too.
#include "sim/batch.lane.h"

enum { N_TURN = 3 };

// in balance with bands and, where they pull, muscles as they are
static void settle_nodes(kc_batch *b, int lane, int with_muscles) {
  kc_vec3 place[KC_MAX_NODE], mean[KC_MAX_NODE];
  kc_node_state settled = {place, mean};
  kc_node_input told = b->force_work->node;
  if (!with_muscles)
    b->force_work->node.n_tie = 0;
  kc_force_settle_nodes(b->force, b->body, b->force_work, &settled);
  b->force_work->node = told;
  for (int n = 0; n < b->n_node; n++)
    for (int i = 0; i < 3; i++) {
      kc_set(&b->node.place[n].v[i], lane, kc_get(place[n].v[i], lane));
      kc_set(&b->node.mean[n].v[i], lane, kc_get(mean[n].v[i], lane));
    }
}

// moments and ties as if they had long been so
static void start_moments(kc_batch *b, int lane) {
  kc_batch_evaluate_muscles(b);
  kc_muscle_set_start_ties(b->muscles, lane, b->muscle_work);
  for (int j = 0; j < b->n; j++)
    kc_set(&b->moment_before[j], lane, kc_get(b->muscle_torque[j], lane));
}

void kc_batch_warm_muscles(kc_batch *b, int lane) {
  for (int turn = 0; turn <= N_TURN; turn++) {
    if (turn > 0 && b->n_node > 0)
      settle_nodes(b, lane, 1);
    kc_muscle_set_start(b->muscles, lane, b->q, b->v, b->body, b->muscle_work, &b->muscle);
    start_moments(b, lane);
  }
}

void kc_batch_start_tissue(kc_batch *b, int lane) {
  const kc_run *run = b->slot[lane].run;
  settle_nodes(b, lane, 0);
  for (int n = 0; n < b->n_node && run->start_node; n++)
    kc_force_place_node(b->force, b->tree, n, lane, run->start_node + 3 * n, &b->node);
  if (!b->muscles)
    return;
  if (run->start_muscle)
    start_moments(b, lane);
  else
    kc_batch_warm_muscles(b, lane);
}
