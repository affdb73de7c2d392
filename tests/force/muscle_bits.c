// The same eight muscles in 1, 4 and 8 lanes give the same bits.
#include "muscle_digest.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check_width(muscle_digest *digest, const char *name) {
  static double want[N_UNIT][N_FIGURE], got[N_UNIT][N_FIGURE];
  memset(want, 0, sizeof want), memset(got, 0, sizeof got);
  muscle_digest_l1(want);
  digest(got);
  int moving = 0;
  for (int i = 0; i < N_UNIT; i++)
    for (int k = 0; k < N_FIGURE; k++) {
      assert_true(isfinite(want[i][k]));
      moving += fabs(want[i][k]) > 0.0;
      if (memcmp(&want[i][k], &got[i][k], sizeof(double)) == 0)
        continue;
      print_error("%s: muscle %d number %d: %.17g, one lane %.17g\n", name, i, k, got[i][k],
                  want[i][k]);
      fail();
    }
  assert_true(moving > N_UNIT * 80);
}

static void widths_agree(void **state) {
  (void)state;
#ifdef KC_HAS_L4
  check_width(muscle_digest_l4, "l4");
  check_width(muscle_digest_l8, "l8");
#endif
#ifdef KC_HAS_L8X
  check_width(muscle_digest_l8x, "l8x");
#endif
  check_width(muscle_digest_l1, "l1");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(widths_agree)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
