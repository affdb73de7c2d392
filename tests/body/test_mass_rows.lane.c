// The pelvis' rows of the mass matrix alone have the bits of the whole matrix.
#include "body/tree.lane.h"
#include "near.h"
#include "samples.h"

enum { N_ROW = 6, N_STATE = 5 };

static void check_rows(const kc_tree *tree, kc_body_work *work) {
  static real M[MAX_JOINT * MAX_JOINT], row[N_ROW * MAX_JOINT];
  int n = tree->n_joint, wanted[MAX_JOINT];
  for (int j = 0; j < n; j++)
    wanted[j] = j < N_ROW || j % 3 != 1;
  for (int i = 0; i < N_ROW * n; i++)
    row[i] = kc_real((double)NAN);
  kc_body_compute_mass_matrix(tree, work, M);
  kc_body_compute_mass_rows(tree, work, N_ROW, wanted, row);
  for (int i = 0; i < N_ROW; i++)
    for (int j = 0; j < n; j++)
      for (int lane = 0; lane < KC_LANES && wanted[j]; lane++) {
        double got = kc_get(row[i * n + j], lane), whole = kc_get(M[i * n + j], lane);
        assert_true(got >= whole && got <= whole);
      }
}

static void rows_are_the_matrix(void **state) {
  (void)state;
  sample base;
  uint64_t seed = 90173;
  make_runner_tree(&base, 48611);
  kc_tree *tree = kc_tree_create(&base.model);
  kc_body_work *work = tree ? kc_body_work_create(tree) : NULL;
  assert_non_null(work);
  for (int s = 0; s < N_STATE; s++) {
    real q[MAX_JOINT];
    for (int j = 0; j < tree->n_joint; j++)
      for (int lane = 0; lane < KC_LANES; lane++)
        kc_set(&q[j], lane, draw(&seed, -0.7, 0.9));
    kc_body_compute_pose(tree, q, work);
    check_rows(tree, work);
  }
  kc_body_work_destroy(work);
  kc_tree_destroy(tree);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(rows_are_the_matrix)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
