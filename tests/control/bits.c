// Recruitment for the same eight runners in 1, 4 and 8 lanes give the same bits.
#include "digest.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check_width(recruit_digest *digest, const char *name) {
  static double want[N_RUNNER][N_NUMBER], got[N_RUNNER][N_NUMBER];
  memset(want, 0, sizeof want), memset(got, 0, sizeof got);
  recruit_digest_l1(want);
  digest(got);
  int moving = 0;
  for (int i = 0; i < N_RUNNER; i++)
    for (int k = 0; k < N_NUMBER; k++) {
      assert_true(isfinite(want[i][k]));
      moving += fabs(want[i][k]) > 0.0;
      if (memcmp(&want[i][k], &got[i][k], sizeof(double)) == 0)
        continue;
      print_error("%s: runner %d number %d: %.17g, one lane %.17g\n", name, i, k, got[i][k],
                  want[i][k]);
      fail();
    }
  assert_true(moving > N_RUNNER * 60);
}

static void test_widths_agree(void **state) {
  (void)state;
  check_width(recruit_digest_l1, "l1");
#ifdef KC_HAS_L4
  check_width(recruit_digest_l4, "l4");
  check_width(recruit_digest_l8, "l8");
#endif
#ifdef KC_HAS_L8X
  check_width(recruit_digest_l8x, "l8x");
#endif
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_widths_agree)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
