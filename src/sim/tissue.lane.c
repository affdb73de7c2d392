// Nodes, fibres and moments of muscles at the start of runs: the lanes of a mask in balance, the
// others left as they are. Lanes that begin together are done together, for what one would take.
//
// Fibres that are not given are in balance with the activations. Muscles draw the nodes that they
// end in, and a node's place is part of their length, so both come to rest by turns. Where fibres
// are given, nodes should be too.
#include "sim/batch.lane.h"

enum { N_TURN = 3 };

// in balance with bands and, where they pull, muscles as they are
static void settle_nodes(kc_batch *b, mask lanes, int with_muscles) {
  kc_vec3 place[KC_MAX_NODE], mean[KC_MAX_NODE];
  kc_node_state settled = {place, mean};
  kc_node_input told = b->force_work->node;
  if (!with_muscles)
    b->force_work->node.n_tie = 0;
  kc_force_settle_nodes(b->force, b->body, b->force_work, &settled);
  b->force_work->node = told;
  for (int n = 0; n < b->n_node; n++)
    for (int i = 0; i < 3; i++) {
      real *at = &b->node.place[n].v[i], *moving = &b->node.mean[n].v[i];
      *at = kc_select(lanes, place[n].v[i], *at);
      *moving = kc_select(lanes, mean[n].v[i], *moving);
    }
}

// moments and ties as if they had long been so
static void start_moments(kc_batch *b, mask lanes) {
  kc_batch_evaluate_muscles(b);
  kc_muscle_set_start_ties(b->muscles, lanes, b->muscle_work);
  for (int j = 0; j < b->n; j++)
    b->moment_before[j] = kc_select(lanes, b->muscle_torque[j], b->moment_before[j]);
}

void kc_batch_warm_muscles(kc_batch *b, mask lanes) {
  for (int turn = 0; turn <= N_TURN; turn++) {
    if (turn > 0 && b->n_node > 0)
      settle_nodes(b, lanes, 1);
    kc_muscle_set_start(b->muscles, lanes, b->q, b->v, b->body, b->muscle_work, &b->muscle);
    start_moments(b, lanes);
  }
}

void kc_batch_start_tissue(kc_batch *b, mask lanes) {
  mask given = kc_mask(0); // with fibres
  settle_nodes(b, lanes, 0);
  for (int i = 0; i < KC_LANES; i++) {
    const kc_run *run = b->slot[i].run;
    if (!kc_mask_get(lanes, i))
      continue;
    kc_mask_set(&given, i, run->start_muscle != NULL);
    for (int n = 0; n < b->n_node && run->start_node; n++)
      kc_force_place_node(b->force, b->tree, n, i, run->start_node + 3 * n, &b->node);
  }
  if (b->muscles && kc_any(given))
    start_moments(b, given);
  if (b->muscles && kc_any(lanes & ~given))
    kc_batch_warm_muscles(b, lanes & ~given);
}
