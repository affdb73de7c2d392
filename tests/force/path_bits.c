// The same eight runners in 1, 4 and 8 lanes have the same lengths, rates and arms in bits.
#include "path_digest.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check_width(path_digest *digest, const char *name) {
  static double want[N_PATH_RUNNER][N_PATH_NUMBER], got[N_PATH_RUNNER][N_PATH_NUMBER];
  memset(want, 0, sizeof want), memset(got, 0, sizeof got);
  path_digest_l1(want);
  digest(got);
  int moving = 0;
  for (int i = 0; i < N_PATH_RUNNER; i++)
    for (int k = 0; k < N_PATH_NUMBER; k++) {
      assert_true(isfinite(want[i][k]));
      moving += fabs(want[i][k]) > 0.0;
      if (memcmp(&want[i][k], &got[i][k], sizeof(double)) == 0)
        continue;
      print_error("%s: runner %d number %d: %.17g, one lane %.17g\n", name, i, k, got[i][k],
                  want[i][k]);
      fail();
    }
  assert_true(moving > N_PATH_RUNNER * 14 * 5 * 3);
}

static void test_widths_agree(void **state) {
  (void)state;
#ifdef KC_HAS_L4
  check_width(path_digest_l4, "l4");
  check_width(path_digest_l8, "l8");
#endif
#ifdef KC_HAS_L8X
  check_width(path_digest_l8x, "l8x");
#endif
  check_width(path_digest_l1, "l1");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_widths_agree)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
