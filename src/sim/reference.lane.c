// What the reference road asks of a batch: its state and sums as plain numbers, and their rates.
//
// Layout of y, one lane: q, v, actuators (n each), activations, fibre lengths (n_muscle each),
// places of nodes (3 n_node), then impulses, works, positive works. The rate of a sum is what it
// gains in one second, so the engine's own accounting gives it.
#include "sim/batch.lane.h"

enum { N_IMPULSE = sizeof(kc_impulse) / sizeof(real), N_SUM = N_IMPULSE + 2 * KC_N_POWER };

static real *sum_at(kc_batch *b, int i) {
  if (i < N_IMPULSE)
    return (real *)(void *)&b->impulse + i;
  i -= N_IMPULSE;
  return i < KC_N_POWER ? &b->work[i] : &b->work_positive[i - KC_N_POWER];
}

enum { N_PART = 6, N_MOST = 3 * KC_MAX_RUNNER_JOINT + 2 * KC_MAX_RUNNER_MUSCLE + 3 * KC_MAX_NODE };

static int part(const kc_batch *b, int k, real **x) {
  real *const all[N_PART] = {b->q,
                             b->v,
                             b->actuator,
                             b->muscle.activation,
                             b->muscle.fibre,
                             (real *)(void *)b->node.place};
  const int count[N_PART] = {b->n, b->n, b->n, b->n_muscle, b->n_muscle, 3 * b->n_node};
  *x = all[k];
  return count[k];
}

static int sums_at(const kc_batch *b) { return 3 * b->n + 2 * b->n_muscle + 3 * b->n_node; }

int kc_batch_state_size(const kc_batch *b, int *n_sum) {
  *n_sum = N_SUM;
  return sums_at(b) + N_SUM;
}

void kc_batch_get_state(kc_batch *b, int lane, double *y) {
  for (int k = 0; k < N_PART; k++) {
    real *x;
    for (int i = 0, n = part(b, k, &x); i < n; i++)
      *y++ = kc_get(x[i], lane);
  }
  for (int i = 0; i < N_SUM; i++)
    *y++ = kc_get(*sum_at(b, i), lane);
}

static void put_state(kc_batch *b, double time, const double *y) {
  b->time = kc_real(time);
  for (int k = 0; k < N_PART; k++) {
    real *x;
    for (int i = 0, n = part(b, k, &x); i < n; i++)
      x[i] = kc_real(*y++);
  }
}

static void evaluate(kc_batch *b) {
  kc_batch_place(b);
  kc_force_span span = kc_force_span_of_step(b->v, b->body, kc_real(0.0));
  kc_batch_evaluate(b, &span);
  for (int i = 0; i < N_SUM; i++)
    *sum_at(b, i) = kc_real(0.0);
  kc_batch_account(b, kc_real(1.0), &span);
}

void kc_batch_compute_rates(kc_batch *b, int lane, double time, const double *y, double *rates) {
  put_state(b, time, y);
  evaluate(b);
  real slope[N_MOST];
  kc_batch_compute_slopes(b, slope);
  for (int i = 0; i < sums_at(b); i++)
    rates[i] = kc_get(slope[i], lane);
  for (int i = 0; i < N_SUM; i++)
    rates[sums_at(b) + i] = kc_get(*sum_at(b, i), lane);
}

void kc_batch_set_command(kc_batch *b, const double *command, double *y) {
  for (int j = 0; j < b->n; j++) {
    if (command)
      b->command[j] = kc_real(command[j]);
    if (!(kc_get(b->actuator_rate[j], 0) > 0))
      y[2 * b->n + j] = kc_get(kc_batch_drive(b, j), 0);
  }
  for (int m = 0; m < b->n_muscle && command; m++)
    b->muscle.excitation[m] = kc_real(command[b->n + m]);
}

void kc_batch_sample_state(kc_batch *b, int lane, double time, double since, const double *y,
                           kc_sample *sample) {
  put_state(b, time, y);
  b->load_due = 1;
  evaluate(b);
  b->load_due = 0;
  for (int i = 0; i < N_SUM; i++)
    *sum_at(b, i) = kc_real(y[sums_at(b) + i]);
  kc_energy_hold_instant(b->energy, b->muscles, &b->muscle, b->muscle_work, b->force_work,
                         kc_real(since));
  kc_batch_prepare_sample(b);
  kc_batch_sample(b, lane, time, since, sample);
}
