/// @file
/// Times of the parts of a step. Each part runs in blocks of about a millisecond, from the same
/// state; the median over the blocks stands for it. Time is that of the thread on its core, so that
/// other work on the machine counts little.
#include "sim/bench.h"
#include "sim/batch.lane.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define kc_sim_bench KC_LANE(kc_sim_bench)

enum { N_BLOCK = 101, MAX_JOINT = 256 };

// a batch and the state that every block starts from
typedef struct {
  kc_batch *batch;
  real q[MAX_JOINT], v[MAX_JOINT], held[MAX_JOINT], actuator[MAX_JOINT];
  kc_vec3 com, momentum, momentum_held;
} bench_work;

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void save(bench_work *w) {
  size_t size = (size_t)w->batch->n * sizeof(real);
  memcpy(w->q, w->batch->q, size);
  memcpy(w->v, w->batch->v, size);
  memcpy(w->held, w->batch->held, size);
  memcpy(w->actuator, w->batch->actuator, size);
  w->com = w->batch->com, w->momentum = w->batch->momentum;
  w->momentum_held = w->batch->momentum_held;
}

static void restore(bench_work *w) {
  size_t size = (size_t)w->batch->n * sizeof(real);
  memcpy(w->batch->q, w->q, size);
  memcpy(w->batch->v, w->v, size);
  memcpy(w->batch->held, w->held, size);
  memcpy(w->batch->actuator, w->actuator, size);
  w->batch->com = w->com, w->batch->momentum = w->momentum;
  w->batch->momentum_held = w->momentum_held;
}

static void do_aba(kc_batch *b) {
  kc_body_compute_pose(b->tree, b->q, b->body);
  kc_body_compute_velocity(b->tree, b->v, b->body);
  kc_body_compute_acceleration(b->tree, b->tau, b->body, b->a);
}

static void do_rhs(kc_batch *b) {
  kc_vec3 com, linear;
  kc_batch_compute_kinematics(b, &com, &linear);
  real half = 0.5 * b->step;
  kc_force_span span = {b->held, b->held_vel, half, half};
  kc_batch_evaluate(b, &span);
}

static void do_tree(kc_batch *b) {
  kc_vec3 com, linear;
  kc_batch_compute_kinematics(b, &com, &linear);
  kc_body_compute_twists(b->tree, b->held, b->body, b->held_vel);
  kc_body_compute_acceleration(b->tree, b->tau, b->body, b->a);
}

static void do_contact(kc_batch *b) {
  real half = 0.5 * b->step;
  kc_force_span span = {b->held, b->held_vel, half, half};
  kc_body_clear_forces(b->tree, b->body);
  kc_force_compute(b->force, b->q, &span, b->body, b->force_work, b->passive);
  kc_force_complete(b->force, &span, b->a, b->body, b->force_work);
}

static void do_paths(kc_batch *b) {
  if (b->muscles)
    kc_path_compute(kc_muscle_set_paths(b->muscles), b->q, b->body, b->muscle_work->path);
}

// with the paths, which are taken off
static void do_muscles(kc_batch *b) {
  real half = 0.5 * b->step;
  kc_force_span span = {b->held, b->held_vel, half, half};
  if (!b->muscles)
    return;
  kc_muscle_set_approach(b->muscles, b->step, b->q, b->body, b->muscle_work, &b->muscle);
  kc_muscle_set_step(b->muscles, b->step, b->tree, b->body, b->muscle_work, &b->muscle);
  kc_muscle_set_complete(b->muscles, &span, b->a, NULL, b->body, b->muscle_work);
}

static void do_sample(kc_batch *b) {
  kc_sample sample;
  if (b->load)
    kc_joint_load_compute(b->load, b->tree, b->body, b->force_work, b->muscles, b->muscle_work);
  kc_batch_prepare_sample(b);
  for (int i = 0; i < KC_LANES; i++)
    kc_batch_sample(b, i, 0, 0, &sample);
}

static void do_tick(kc_batch *b) {
  kc_control_output output = {b->command, b->muscle.excitation, b->unmet};
  if (b->control)
    kc_control_compute(b->control, &b->sense, &output);
}

static void do_energy(kc_batch *b) {
  kc_energy_begin_tick(b->energy, b->muscles, &b->muscle, b->muscle_work, b->step);
}

static void do_step(kc_batch *b) { kc_batch_step(b, NULL); }

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// median time of one call, per runner
static double time_part(bench_work *w, void (*part)(kc_batch *batch), int repeats) {
  double block[N_BLOCK];
  for (int i = 0; i < N_BLOCK; i++) {
    restore(w);
    double start = now();
    for (int j = 0; j < repeats; j++)
      part(w->batch);
    block[i] = now() - start;
  }
  qsort(block, N_BLOCK, sizeof *block, compare);
  return block[N_BLOCK / 2] / repeats / KC_LANES;
}

// what the runner feels at the start: its own state, no load on the feet
static void fill_senses(kc_batch *b) {
  for (int j = 0; j < b->n; j++) {
    b->sense.q[j] = b->q[j], b->sense.v[j] = b->v[j];
    b->sense.torque[j] = b->actuator[j], b->sense.torque_mean[j] = b->actuator[j];
  }
  for (int m = 0; m < b->n_muscle; m++) {
    b->sense.activation[m] = b->muscle.activation[m];
    b->sense.fibre[m] = b->muscle.fibre[m], b->sense.fibre_velocity[m] = b->muscle.velocity[m];
    b->sense.stretch[m] = kc_muscle_compute_stretch(
        &kc_muscle_set_numbers(b->muscles)[m], b->muscle.fibre[m], b->muscle_work->path->length[m]);
  }
}

static void time_all(bench_work *w, kc_bench *bench) {
  kc_batch *b = w->batch;
  kc_body_clear_forces(b->tree, b->body);
  memset(b->tau, 0, (size_t)b->n * sizeof(real));
  bench->aba = time_part(w, do_aba, 200);
  bench->rhs = time_part(w, do_rhs, 100);
  bench->step = time_part(w, do_step, 50);
  bench->tree = time_part(w, do_tree, 100);
  bench->contact = time_part(w, do_contact, 100);
  bench->paths = time_part(w, do_paths, 100);
  bench->muscles = fmax(0, time_part(w, do_muscles, 50) - bench->paths);
  restore(w);
  fill_senses(b);
  bench->tick = time_part(w, do_tick, 20);
  bench->energy = time_part(w, do_energy, 20);
  bench->sample = time_part(w, do_sample, 20);
}

kc_status kc_sim_bench(const kc_scenario *scenario, kc_bench *bench, kc_error *error) {
  kc_run run = {.scenario = scenario};
  size_t size = (sizeof(bench_work) + 63) / 64 * 64;
  bench_work *w = aligned_alloc(64, size);
  if (!w || scenario->body->n_joint > MAX_JOINT) {
    free(w);
    return kc_error_add(error, KC_ERR_MEMORY, scenario->name, "no memory for timing %d joints",
                        scenario->body->n_joint);
  }
  kc_status status = kc_batch_create(&run, &w->batch, error);
  if (status == KC_OK) {
    save(w);
    time_all(w, bench);
    kc_batch_destroy(w->batch);
  }
  free(w);
  return status;
}
