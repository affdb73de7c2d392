// What the reference road asks of a batch: its state and sums as plain numbers, and their rates.
//
// Layout of y, one lane: q, v, actuators (n each), then impulses, works, positive works. The rate
// of a sum is what it gains in one second, so the engine's own accounting gives it.
#include "sim/batch.lane.h"

enum { N_IMPULSE = sizeof(kc_impulse) / sizeof(real), N_SUM = N_IMPULSE + 2 * KC_N_POWER };

static real *sum_at(kc_batch *b, int i) {
  if (i < N_IMPULSE)
    return (real *)(void *)&b->impulse + i;
  i -= N_IMPULSE;
  return i < KC_N_POWER ? &b->work[i] : &b->work_positive[i - KC_N_POWER];
}

int kc_batch_state_size(const kc_batch *b, int *n_sum) {
  *n_sum = N_SUM;
  return 3 * b->n + N_SUM;
}

void kc_batch_get_state(kc_batch *b, int lane, double *y) {
  real *part[3] = {b->q, b->v, b->actuator};
  for (int k = 0; k < 3; k++)
    for (int j = 0; j < b->n; j++)
      *y++ = kc_get(part[k][j], lane);
  for (int i = 0; i < N_SUM; i++)
    *y++ = kc_get(*sum_at(b, i), lane);
}

static void put_state(kc_batch *b, double time, const double *y) {
  real *part[3] = {b->q, b->v, b->actuator};
  b->time = kc_real(time);
  for (int k = 0; k < 3; k++)
    for (int j = 0; j < b->n; j++)
      part[k][j] = kc_real(*y++);
}

static void evaluate(kc_batch *b) {
  kc_batch_compute_kinematics(b, &b->com, &b->momentum);
  kc_force_span span = kc_force_span_of_step(b->v, b->body, kc_real(0.0));
  kc_batch_evaluate(b, &span);
  for (int i = 0; i < N_SUM; i++)
    *sum_at(b, i) = kc_real(0.0);
  kc_batch_account(b, kc_real(1.0), &span);
}

void kc_batch_compute_rates(kc_batch *b, int lane, double time, const double *y, double *rates) {
  put_state(b, time, y);
  evaluate(b);
  for (int j = 0; j < b->n; j++) {
    rates[j] = kc_get(b->v[j], lane);
    rates[b->n + j] = kc_get(b->a[j], lane);
    rates[2 * b->n + j] =
        kc_get(b->actuator_rate[j] * (kc_batch_drive(b, j) - b->actuator[j]), lane);
  }
  for (int i = 0; i < N_SUM; i++)
    rates[3 * b->n + i] = kc_get(*sum_at(b, i), lane);
}

void kc_batch_set_command(kc_batch *b, const double *command, double *y) {
  for (int j = 0; j < b->n; j++) {
    if (command)
      b->command[j] = kc_real(command[j]);
    if (!(kc_get(b->actuator_rate[j], 0) > 0))
      y[2 * b->n + j] = kc_get(kc_batch_drive(b, j), 0);
  }
}

void kc_batch_sample_state(kc_batch *b, int lane, double time, double since, const double *y,
                           kc_sample *sample) {
  put_state(b, time, y);
  evaluate(b);
  for (int i = 0; i < N_SUM; i++)
    *sum_at(b, i) = kc_real(y[3 * b->n + i]);
  kc_batch_sample(b, lane, time, since, sample);
}
