/// @file
/// Dynamics of given states, KC_LANES states at a time. Where the last batch is not full, its free
/// lanes repeat the last state; what they give is not read.
#include "sim/dynamics.h"
#include "body/tree.lane.h"
#include <stdlib.h>

#define kc_sim_batch_dynamics KC_LANE(kc_sim_batch_dynamics)

/// Buffers of one batch, n joints each; output has the size of a mass matrix.
typedef struct {
  kc_tree *tree;
  kc_body_work *work;
  real *q, *v, *input, *output;
} batch_work;

static real *take(size_t count) { return aligned_alloc(64, (count * KC_REAL_SIZE + 63) / 64 * 64); }

static void destroy(batch_work *b) {
  kc_body_work_destroy(b->work);
  kc_tree_destroy(b->tree);
  free(b->q);
  free(b->v);
  free(b->input);
  free(b->output);
}

static kc_status create(const kc_model *model, batch_work *b) {
  size_t n = (size_t)model->n_joint;
  *b = (batch_work){.tree = kc_tree_create(model)};
  if (b->tree)
    b->work = kc_body_work_create(b->tree);
  b->q = take(n), b->v = take(n), b->input = take(n), b->output = take(n * n);
  if (b->work && b->q && b->v && b->input && b->output)
    return KC_OK;
  destroy(b);
  return KC_ERR_MEMORY;
}

// rows first .. first + KC_LANES - 1 of a table with n columns
static void load(const double *table, int n, int first, int n_row, real *out) {
  for (int lane = 0; lane < KC_LANES; lane++) {
    int row = first + lane < n_row ? first + lane : n_row - 1;
    for (int j = 0; j < n; j++)
      kc_set(&out[j], lane, table ? table[(size_t)row * (size_t)n + (size_t)j] : 0.0);
  }
}

static void store(const real *in, int n, int first, int n_row, double *table) {
  for (int lane = 0; lane < KC_LANES && first + lane < n_row; lane++)
    for (int j = 0; j < n; j++)
      table[(size_t)(first + lane) * (size_t)n + (size_t)j] = kc_get(in[j], lane);
}

kc_status kc_sim_batch_dynamics(const kc_model *model, const kc_dynamics *dynamics) {
  batch_work b;
  KC_TRY(create(model, &b));
  int n = model->n_joint, n_state = dynamics->n_state;
  int n_out = dynamics->kind == KC_DYNAMICS_MASS ? n * n : n;
  for (int first = 0; first < n_state; first += KC_LANES) {
    load(dynamics->q, n, first, n_state, b.q);
    load(dynamics->v, n, first, n_state, b.v);
    load(dynamics->input, n, first, n_state, b.input);
    kc_body_compute_pose(b.tree, b.q, b.work);
    kc_body_compute_velocity(b.tree, b.v, b.work);
    kc_body_clear_forces(b.tree, b.work);
    switch (dynamics->kind) {
    case KC_DYNAMICS_FORWARD:
      kc_body_compute_acceleration(b.tree, b.input, b.work, b.output);
      break;
    case KC_DYNAMICS_INVERSE:
      kc_body_compute_forces(b.tree, b.input, b.work, b.output);
      break;
    case KC_DYNAMICS_MASS:
      kc_body_compute_mass_matrix(b.tree, b.work, b.output);
      break;
    }
    store(b.output, n_out, first, n_state, dynamics->output);
  }
  destroy(&b);
  return KC_OK;
}
