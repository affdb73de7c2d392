// Times of the body module on the shipped runner, one core: microseconds per batch, least and
// median of many rounds. Not a test. Usage: bench_body [models/runner.yaml]
#include "body/tree.lane.h"
#include "model/read.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_JOINT = 64, N_STATE = 16, N_ROUND = 2000 };

typedef struct {
  kc_tree *tree;
  kc_body_work *work;
  real q[N_STATE][MAX_JOINT], v[N_STATE][MAX_JOINT], tau[N_STATE][MAX_JOINT];
  real a[MAX_JOINT], M[MAX_JOINT * MAX_JOINT];
  double sink;
} bench;

static void pose(bench *b, int s) { kc_body_compute_pose(b->tree, b->q[s], b->work); }
static void velocity(bench *b, int s) { kc_body_compute_velocity(b->tree, b->v[s], b->work); }
static void acceleration(bench *b, int s) {
  kc_body_compute_acceleration(b->tree, b->tau[s], b->work, b->a);
}
static void forward(bench *b, int s) { pose(b, s), velocity(b, s), acceleration(b, s); }
static void clear(bench *b, int s) {
  (void)s;
  kc_body_clear_forces(b->tree, b->work);
}
static void inverse(bench *b, int s) { kc_body_compute_forces(b->tree, b->tau[s], b->work, b->a); }
static void mass_matrix(bench *b, int s) {
  (void)s;
  kc_body_compute_mass_matrix(b->tree, b->work, b->M);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static int compare(const void *a, const void *b) {
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static void measure(bench *b, const char *name, void (*run)(bench *, int)) {
  static double time[N_ROUND];
  for (int round = 0; round < N_ROUND; round++) {
    double start = now();
    for (int s = 0; s < N_STATE; s++)
      run(b, s);
    time[round] = (now() - start) / N_STATE;
    b->sink += kc_get(b->a[5], 0);
  }
  qsort(time, N_ROUND, sizeof *time, compare);
  printf("%-34s least %7.3f  median %7.3f us per batch of %d, %6.3f per runner\n", name, time[0],
         time[N_ROUND / 2], KC_LANES, time[N_ROUND / 2] / KC_LANES);
}

int main(int argc, char **argv) {
  static bench b;
  kc_error error = kc_error_default();
  kc_model *model = NULL;
  if (kc_model_read(argc > 1 ? argv[1] : "models/runner.yaml", &model, &error) != KC_OK)
    return 1;
  b.tree = kc_tree_create(model), b.work = b.tree ? kc_body_work_create(b.tree) : NULL;
  if (!b.work || model->n_joint > MAX_JOINT)
    return 1;
  for (int s = 0; s < N_STATE; s++)
    for (int i = 0; i < model->n_joint; i++)
      for (int lane = 0; lane < KC_LANES; lane++) {
        double x = (double)((s * 7919 + i * 104729 + lane * 31) % 1009) / 1009 - 0.481;
        kc_set(&b.q[s][i], lane, x), kc_set(&b.v[s][i], lane, 3.7 * x - 0.6);
        kc_set(&b.tau[s][i], lane, 91.3 * x + 4.1);
      }
  measure(&b, "pose", pose);
  measure(&b, "velocity", velocity);
  measure(&b, "acceleration", acceleration);
  measure(&b, "forward dynamics (all three)", forward);
  measure(&b, "clear forces", clear);
  measure(&b, "inverse dynamics", inverse);
  measure(&b, "mass matrix", mass_matrix);
  printf("(%.17g)\n", b.sink);
  kc_body_work_destroy(b.work), kc_tree_destroy(b.tree), kc_model_destroy(model);
  return 0;
}
