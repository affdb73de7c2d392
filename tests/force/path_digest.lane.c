// Lengths, rates and arms of eight runners in five postures, in as many batches as the width asks.
#include "path_digest.h"
#include "path_rig.h"

#define digest_width KC_LANE(digest)

void digest_width(double out[N_RUNNER][N_NUMBER]) {
  static path_state r;
  for (int first = 0; first < N_RUNNER; first += KC_LANES) {
    path_create(&r, first);
    int n = 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
      real arm[N_MUSCLE][N_JOINT];
      path_draw(&r, seed);
      path_run(&r);
      path_arms(&r, arm);
      for (int m = 0; m < N_MUSCLE; m++)
        for (int k = 0; k < N_JOINT + 2; k++, n++)
          for (int lane = 0; lane < KC_LANES; lane++)
            out[first + lane][n] = kc_get(k == N_JOINT  ? r.work->length[m]
                                          : k > N_JOINT ? r.work->rate[m]
                                                        : arm[m][k],
                                          lane);
    }
    path_destroy(&r);
  }
}
