// The same runners in 1, 4 and 8 lanes give the same bits: main of every digest (KC_DIGEST is its
// header).
#include KC_DIGEST
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check_width(digest *digest_width, const char *name) {
  static double want[N_RUNNER][N_NUMBER], got[N_RUNNER][N_NUMBER];
  memset(want, 0, sizeof want), memset(got, 0, sizeof got);
  digest_l1(want);
  digest_width(got);
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
  assert_true(moving > N_RUNNER * N_MOVING);
}

static void widths_agree(void **state) {
  (void)state;
#ifdef KC_HAS_L4
  check_width(digest_l4, "l4");
  check_width(digest_l8, "l8");
#endif
#ifdef KC_HAS_L8X
  check_width(digest_l8x, "l8x");
#endif
  check_width(digest_l1, "l1"); // again, after the others
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(widths_agree)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
