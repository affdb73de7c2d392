// Eight runners, each with a leg and a trunk of its own, in as many batches as the width asks for.
#include "digest.h"
#include "control/reach.lane.h"
#include "legs.h"

#define digest_width KC_LANE(digest)

static void take(double out[N_RUNNER][N_NUMBER], int *n, int first, const real *x, int count) {
  for (int i = 0; i < count; i++, ++*n)
    for (int lane = 0; lane < KC_LANES; lane++)
      out[first + lane][*n] = kc_get(x[i], lane);
}

void digest_width(double out[N_RUNNER][N_NUMBER]) {
  static limb l;
  for (int first = 0; first < N_RUNNER; first += KC_LANES) {
    int n = 0;
    for (int trunk = 0; trunk < 2; trunk++) {
      real y[LEG_MOMENT], a[LEG_MUSCLE], unmet[LEG_MOMENT];
      for (int lane = 0; lane < KC_LANES; lane++)
        limb_fill(&l, lane, trunk, 7561u * (unsigned)(first + lane + 1), 0.4, 1.2);
      for (int i = 0; i < LEG_MOMENT; i++)
        y[i] = kc_real(0);
      for (int tick = 0; tick < 3; tick++) {
        for (int m = 0; m < l.problem.n_moment; m++)
          l.demand[m] *= kc_real(1.013);
        kc_recruit_solve(&l.problem, y, a, unmet);
      }
      take(out, &n, first, a, l.problem.n_muscle);
      take(out, &n, first, unmet, l.problem.n_moment);
      take(out, &n, first, y, l.problem.n_moment);
      // the way to one of these activations
      kc_muscle_numbers numbers = {.rise = kc_real(1 / 0.011), .fall = kc_real(1 / 0.037)};
      real horizon = kc_real(0.0093);
      kc_reach reach = kc_reach_compute(&numbers, horizon, l.lower[3]);
      real excitation = kc_reach_find_excitation(&numbers, horizon, l.lower[3], &reach, a[3]);
      take(out, &n, first, &reach.upper, 1);
      take(out, &n, first, &excitation, 1);
    }
  }
}
