// The classical Runge-Kutta step on (q, v, actuators, activations, fibres, nodes), nothing
// implicit; works and impulses with the weights of the stages.
#include "sim/batch.lane.h"

enum { N_PART = 6, N_MOST = 3 * KC_MAX_RUNNER_JOINT + 2 * KC_MAX_RUNNER_MUSCLE + 3 * KC_MAX_NODE };

typedef struct {
  real *x[N_PART];
  int n[N_PART];
} parts;

static parts find_parts(const kc_batch *b) {
  return (parts){{b->q, b->v, b->actuator, b->muscle.activation, b->muscle.fibre,
                  (real *)(void *)b->node.place},
                 {b->n, b->n, b->n, b->n_muscle, b->n_muscle, 3 * b->n_node}};
}

// the parts one after another: copied out, or set to start + factor * slope
static void keep(const parts *p, real *to) {
  for (int k = 0; k < N_PART; k++)
    for (int i = 0; i < p->n[k]; i++)
      *to++ = p->x[k][i];
}

static void set(const parts *p, const real *start, real factor, const real *slope) {
  for (int k = 0; k < N_PART; k++)
    for (int i = 0; i < p->n[k]; i++)
      p->x[k][i] = *start++ + factor * *slope++;
}

void kc_batch_compute_slopes(kc_batch *b, real *slope) {
  for (int j = 0; j < b->n; j++) {
    *slope++ = b->v[j];
    slope[b->n - 1] = b->a[j];
    slope[2 * b->n - 1] = b->actuator_rate[j] * (kc_batch_drive(b, j) - b->actuator[j]);
  }
  slope += 2 * b->n;
  const kc_muscle_state *s = &b->muscle;
  for (int i = 0; i < b->n_muscle; i++) {
    const kc_muscle_numbers *m = &kc_muscle_set_numbers(b->muscles)[i];
    s->velocity[i] =
        kc_muscle_compute_rate(m, s->activation[i], s->fibre[i], b->muscle_work->path->length[i]);
    slope[i] = kc_muscle_activation_rate(m, s->excitation[i], s->activation[i]);
    slope[b->n_muscle + i] = m->max_velocity * s->velocity[i];
  }
  slope += 2 * b->n_muscle;
  for (int i = 0; i < 3 * b->n_node; i++)
    slope[i] = b->force_work->node_rate[i / 3].v[i % 3];
}

void kc_batch_step_rk4(kc_batch *b, void (*sample)(kc_batch *batch)) {
  static const double node[4] = {0, 0.5, 0.5, 1}, weight[4] = {1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0};
  real start[N_MOST], slope[N_MOST], sum[N_MOST];
  real h = b->step, none = kc_real(0.0);
  parts p = find_parts(b);
  int n = 3 * b->n + 2 * b->n_muscle + 3 * b->n_node;
  for (int j = 0; j < b->n; j++) {
    mask lags = kc_gt(b->actuator_rate[j], none);
    b->actuator[j] = kc_select(lags, b->actuator[j], kc_batch_drive(b, j));
  }
  keep(&p, start);
  for (int i = 0; i < n; i++)
    slope[i] = sum[i] = none;
  int load_due = b->load_due;
  for (int s = 0; s < 4; s++) {
    b->load_due = load_due && s == 0;
    set(&p, start, node[s] * h, slope);
    kc_batch_place(b);
    kc_force_span span = kc_force_span_of_step(b->v, b->body, none);
    kc_batch_evaluate(b, &span);
    if (s == 0 && sample)
      sample(b);
    kc_batch_account(b, weight[s] * h, &span);
    kc_batch_compute_slopes(b, slope);
    for (int i = 0; i < n; i++)
      sum[i] += weight[s] * slope[i];
  }
  set(&p, start, h, sum);
  b->time += h;
  kc_batch_place(b);
}
