/// @file
/// The reference road: ticks, samples and GSL's driver over the one-lane engine (see reference.h).
#include "sim/reference.h"
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct kc_batch kc_batch;
kc_status kc_batch_create_l1(kc_run *run, kc_batch **batch, kc_error *error);
void kc_batch_destroy_l1(kc_batch *batch);
int kc_batch_state_size_l1(const kc_batch *batch, int *n_sum);
void kc_batch_get_state_l1(kc_batch *batch, int lane, double *y);
void kc_batch_compute_rates_l1(kc_batch *batch, int lane, double time, const double *y,
                               double *rates);
void kc_batch_set_command_l1(kc_batch *batch, const double *command, double *y);
void kc_batch_sample_state_l1(kc_batch *batch, int lane, double time, double since, const double *y,
                              kc_sample *sample);

enum { MOST_STEPS = 1000000 }; // within one tick

// one run on its way
typedef struct {
  kc_run *run;
  kc_batch *batch;
  gsl_odeiv2_driver *driver;
  gsl_odeiv2_system system;
  double *y, *scale;
  int n, n_state, n_sum, n_command;
  long steps_per_tick, steps_per_sample, n_step;
} road;

kc_reference kc_sim_default_reference(void) {
  return (kc_reference){.method = KC_REFERENCE_RK8PD, .tolerance = 1e-10};
}

static int compute_rates(double time, const double *y, double *rates, void *user) {
  const road *r = user;
  kc_batch_compute_rates_l1(r->batch, 0, time, y, rates);
  for (int i = 0; i < r->n_state; i++)
    if (!isfinite(rates[i]))
      return GSL_FAILURE; // a shorter step is tried
  return GSL_SUCCESS;
}

static const gsl_odeiv2_step_type *find_method(kc_reference_method method) {
  switch (method) {
  case KC_REFERENCE_RKCK:
    return gsl_odeiv2_step_rkck;
  case KC_REFERENCE_RKF45:
    return gsl_odeiv2_step_rkf45;
  case KC_REFERENCE_RK8PD:
    break;
  }
  return gsl_odeiv2_step_rk8pd;
}

// what an error of one tolerance means: coordinates, velocities, torques, activations and fibre
// lengths; sums do not count
static void fill_scale(road *r) {
  for (int i = 3 * r->n; i < r->n_state - r->n_sum; i++)
    r->scale[i] = 1;
  for (int j = 0; j < r->n; j++)
    r->scale[j] = 1, r->scale[r->n + j] = 10, r->scale[2 * r->n + j] = 1e3;
  for (int i = r->n_state - r->n_sum; i < r->n_state; i++)
    r->scale[i] = 1e12;
}

static kc_status open_road(road *r, const kc_reference *reference, kc_error *error) {
  const kc_scenario *s = r->run->scenario;
  KC_TRY(kc_batch_create_l1(r->run, &r->batch, error));
  r->n = s->body->n_joint;
  r->n_state = kc_batch_state_size_l1(r->batch, &r->n_sum);
  r->n_command = r->n + (s->task.actuation == KC_ACTUATION_MUSCLE ? s->body->n_muscle : 0);
  r->steps_per_tick = lround(s->task.control_interval / s->task.step);
  r->steps_per_sample = lround(s->task.record_interval / s->task.step);
  r->n_step = lround(s->task.duration / s->task.step);
  r->system = (gsl_odeiv2_system){compute_rates, NULL, (size_t)r->n_state, r};
  r->y = calloc(2 * (size_t)r->n_state, sizeof *r->y);
  r->scale = r->y + r->n_state;
  if (r->y) {
    fill_scale(r);
    kc_batch_get_state_l1(r->batch, 0, r->y);
    r->driver = gsl_odeiv2_driver_alloc_scaled_new(&r->system, find_method(reference->method), 1e-5,
                                                   reference->tolerance, reference->tolerance, 1, 0,
                                                   r->scale);
  }
  if (!r->driver)
    return kc_error_add(error, KC_ERR_MEMORY, s->name, "no memory for the reference");
  (void)gsl_odeiv2_driver_set_nmax(r->driver, MOST_STEPS);
  return KC_OK;
}

static void close_road(road *r) {
  if (r->driver)
    gsl_odeiv2_driver_free(r->driver);
  free(r->y);
  kc_batch_destroy_l1(r->batch);
}

static void end_run(road *r, kc_outcome_kind kind, double time, const char *reason) {
  r->run->outcome = (kc_outcome){.kind = kind, .time = time};
  snprintf(r->run->outcome.reason, sizeof r->run->outcome.reason, "%s", reason);
}

static void begin_tick(road *r, long step, double time) {
  kc_run *run = r->run;
  long tick = step / r->steps_per_tick;
  if (tick >= run->n_replay)
    tick = run->n_replay - 1;
  const double *command = run->replay && tick >= 0 ? run->replay + tick * r->n_command : NULL;
  kc_batch_set_command_l1(r->batch, command, r->y);
  (void)gsl_odeiv2_driver_reset(r->driver);
  if (!run->tick)
    return;
  kc_sample sample;
  kc_batch_sample_state_l1(r->batch, 0, time, 0, r->y, &sample);
  run->tick(run->user, &sample);
}

static void sample_run(road *r, long step, double time) {
  const kc_run *run = r->run;
  if (run->sample) {
    kc_sample sample;
    double since = step ? run->scenario->task.record_interval : 0;
    kc_batch_sample_state_l1(r->batch, 0, time, since, r->y, &sample);
    run->sample(run->user, &sample);
  }
  // impulses begin anew; works, the last of the sums, go on
  for (int i = r->n_state - r->n_sum; i < r->n_state - 2 * KC_N_POWER; i++)
    r->y[i] = 0;
}

static long find_next(const road *r, long step) {
  long tick = (step / r->steps_per_tick + 1) * r->steps_per_tick;
  long sample = (step / r->steps_per_sample + 1) * r->steps_per_sample;
  long next = tick < sample ? tick : sample;
  return next < r->n_step ? next : r->n_step;
}

static int has_diverged(road *r, double time) {
  for (int j = 0; j < r->n; j++) {
    double q = r->y[j], v = r->y[r->n + j];
    if (isfinite(q) && fabs(v) < 1e3)
      continue;
    char reason[120];
    snprintf(reason, sizeof reason, "%s: position %.3g, velocity %.3g",
             r->run->scenario->body->joint[j].name, q, v);
    end_run(r, KC_DIVERGED, time, reason);
    return 1;
  }
  return 0;
}

static void follow(road *r, const volatile int *stop) {
  const double h = r->run->scenario->task.step, end = (double)r->n_step * h;
  double time = 0;
  for (long step = 0;;) {
    if (has_diverged(r, time))
      return;
    if (stop && *stop) {
      end_run(r, KC_INTERRUPTED, time, "stopped by the user");
      return;
    }
    if (step % r->steps_per_tick == 0)
      begin_tick(r, step, time);
    if (step % r->steps_per_sample == 0)
      sample_run(r, step, time);
    if (step >= r->n_step)
      break;
    step = find_next(r, step);
    int status = gsl_odeiv2_driver_apply(r->driver, &time, (double)step * h, r->y);
    if (status == GSL_SUCCESS)
      continue;
    end_run(r, KC_DIVERGED, time, "no step of the adaptive integrator keeps the tolerance");
    return;
  }
  end_run(r, KC_COMPLETED, end, "");
}

kc_status kc_sim_run_reference(kc_run *run, const kc_reference *reference, const volatile int *stop,
                               kc_error *error) {
  const kc_scenario *s = run->scenario;
  if (s->params && !run->replay)
    return kc_error_add(error, KC_ERR_INPUT, s->name,
                        "numerics/integrator: adaptive is the reference road, which replays "
                        "commands and has no controller; write leapfrog or rk4");
  if (!(reference->tolerance > 0))
    return kc_error_add(error, KC_ERR_INPUT, s->name,
                        "the reference's tolerance is %g; it must be above 0, such as 1e-10",
                        reference->tolerance);
  road r = {.run = run};
  kc_status status = open_road(&r, reference, error);
  if (status == KC_OK)
    follow(&r, stop);
  close_road(&r);
  return status;
}
