// Times of the muscle paths on the shipped runner, one core: nanoseconds per muscle and batch,
// least and median of many rounds, at postures within the means of running. Not a test. Usage:
// bench_path [models/runner.yaml]
#include "bench_tree.h"
#include "force/path_parts.lane.h"

enum { MAX_MUSCLE = 128 };

typedef struct {
  kc_tree *tree;
  kc_body_work *body;
  kc_paths *paths;
  kc_path_work *work;
  int n_joint, joint[MAX_JOINT];
  real q[N_STATE][MAX_JOINT], v[N_STATE][MAX_JOINT], tau[MAX_JOINT], tension[MAX_MUSCLE];
  real arm[MAX_MUSCLE * MAX_JOINT];
  double sink;
} bench;

static void pose(void *user, int s) {
  bench *b = user;
  kc_body_compute_pose(b->tree, b->q[s], b->body);
}
static void lengths(void *user, int s) {
  bench *b = user;
  kc_path_compute(b->paths, b->q[s], b->body, b->work);
}
static void rates(void *user, int s) {
  bench *b = user;
  kc_path_compute_rates(b->paths, b->v[s], b->body->vel, b->work);
}
static void forces(void *user, int s) {
  bench *b = user;
  (void)s;
  kc_path_apply(b->paths, b->tension, b->work, b->body->force, b->tau);
}
static void arms(void *user, int s) {
  bench *b = user;
  (void)s;
  kc_path_compute_arms(b->paths, b->n_joint, b->joint, b->tree, b->body, b->work, b->arm);
}
static void step(void *user, int s) {
  pose(user, s), lengths(user, s), rates(user, s), forces(user, s);
}

static void measure(bench *b, const char *name, void (*run)(void *, int)) {
  double least, median;
  bench_time(b, run, &least, &median);
  b->sink += kc_get(b->work->length[0], 0);
  printf("%-28s least %7.3f  median %7.3f us per batch of %d, %6.3f per runner, %6.1f ns per "
         "muscle and batch\n",
         name, least, median, KC_LANES, median / KC_LANES, median * 1e3 / b->paths->n_muscle);
}

int main(int argc, char **argv) {
  static bench b;
  kc_model *model = bench_read(argc, argv);
  if (!model)
    return 1;
  b.tree = kc_tree_create(model), b.body = b.tree ? kc_body_work_create(b.tree) : NULL;
  b.paths = b.body ? kc_path_create(b.tree, model) : NULL;
  b.work = b.paths ? kc_path_work_create(b.paths) : NULL;
  if (!b.work || model->n_muscle > MAX_MUSCLE)
    return 1;
  for (int i = 6; i < model->n_joint && b.n_joint < 21; i++)
    b.joint[b.n_joint++] = i;
  for (int s = 0; s < N_STATE; s++)
    for (int i = 0; i < model->n_joint; i++)
      for (int lane = 0; lane < KC_LANES; lane++) {
        double x = bench_draw(s, i, lane);
        if (model->joint[i].name[0] == 'k') // the knee does not bend forwards
          x += 0.6;
        kc_set(&b.q[s][i], lane, x), kc_set(&b.v[s][i], lane, 3.7 * x - 0.6);
      }
  for (int m = 0; m < model->n_muscle; m++)
    b.tension[m] = kc_real(11.3 * m);
  printf(
      "%d muscles, %d straight spans, %d round one surface, %d round two, %d poses, %d contacts, "
      "%d arms\n",
      model->n_muscle, b.paths->n_span, b.paths->n_bend, b.paths->n_pair, b.paths->n_relative,
      b.paths->n_contact, b.paths->n_crossing);
  kc_body_compute_pose(b.tree, b.q[0], b.body), kc_body_compute_velocity(b.tree, b.v[0], b.body);
  kc_body_clear_forces(b.tree, b.body);
  measure(&b, "pose", pose);
  measure(&b, "paths", lengths);
  measure(&b, "rates", rates);
  measure(&b, "forces", forces);
  measure(&b, "pose, paths, rates, forces", step);
  measure(&b, "arms on 21 coordinates", arms);
  printf("(%.17g)\n", b.sink);
  kc_path_work_destroy(b.work), kc_path_destroy(b.paths), kc_body_work_destroy(b.body);
  kc_tree_destroy(b.tree), kc_model_destroy(model);
  return 0;
}
