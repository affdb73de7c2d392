// Times of the body module on the shipped runner, one core: microseconds per batch, least and
// median of many rounds. Not a test. Usage: bench_body [models/runner.yaml]
#include "bench_tree.h"

typedef struct {
  kc_tree *tree;
  kc_body_work *work;
  real q[N_STATE][MAX_JOINT], v[N_STATE][MAX_JOINT], tau[N_STATE][MAX_JOINT];
  real a[MAX_JOINT], M[MAX_JOINT * MAX_JOINT];
  double sink;
} bench;

static void pose(void *user, int s) {
  bench *b = user;
  kc_body_compute_pose(b->tree, b->q[s], b->work);
}
static void velocity(void *user, int s) {
  bench *b = user;
  kc_body_compute_velocity(b->tree, b->v[s], b->work);
}
static void acceleration(void *user, int s) {
  bench *b = user;
  kc_body_compute_acceleration(b->tree, b->tau[s], b->work, b->a);
}
static void forward(void *user, int s) { pose(user, s), velocity(user, s), acceleration(user, s); }
static void clear(void *user, int s) {
  bench *b = user;
  (void)s;
  kc_body_clear_forces(b->tree, b->work);
}
static void inverse(void *user, int s) {
  bench *b = user;
  kc_body_compute_forces(b->tree, b->tau[s], b->work, b->a);
}
static void mass_matrix(void *user, int s) {
  bench *b = user;
  (void)s;
  kc_body_compute_mass_matrix(b->tree, b->work, b->M);
}

static void measure(bench *b, const char *name, void (*run)(void *, int)) {
  double least, median;
  bench_time(b, run, &least, &median);
  b->sink += kc_get(b->a[5], 0);
  printf("%-34s least %7.3f  median %7.3f us per batch of %d, %6.3f per runner\n", name, least,
         median, KC_LANES, median / KC_LANES);
}

int main(int argc, char **argv) {
  static bench b;
  kc_model *model = bench_read(argc, argv);
  if (!model)
    return 1;
  b.tree = kc_tree_create(model), b.work = b.tree ? kc_body_work_create(b.tree) : NULL;
  if (!b.work)
    return 1;
  for (int s = 0; s < N_STATE; s++)
    for (int i = 0; i < model->n_joint; i++)
      for (int lane = 0; lane < KC_LANES; lane++) {
        double x = bench_draw(s, i, lane);
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
