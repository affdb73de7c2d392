// Times of recruitment on random legs and trunks, one core: microseconds per batch, and what a
// demand that moves leaves after the fixed number of steps. Not a test.
#include "bench.h"
#include "control/legs.h"

enum { N_LIMB = 8, N_ROUND = 400, N_TICK = 20 };

/// Demand and gains drift by about 1 % a tick.
static void drift(limb *l, uint64_t *seed) {
  for (int m = 0; m < l->problem.n_moment; m++)
    l->demand[m] *= kc_real(limb_draw(seed, 0.985, 1.015));
  for (int i = 0; i < l->problem.n_moment * l->problem.n_muscle; i++)
    l->gain[i] *= kc_real(limb_draw(seed, 0.995, 1.005));
}

static void measure(const char *name, int trunk, double lag, double load) {
  static limb set[N_LIMB];
  static double time[N_ROUND], left[N_ROUND * N_LIMB * KC_LANES];
  real y[LEG_MOMENT], a[LEG_MUSCLE], unmet[LEG_MOMENT];
  uint64_t seed = 17;
  int n_left = 0;
  for (int round = 0; round < N_ROUND; round++) {
    time[round] = 0;
    for (int i = 0; i < N_LIMB; i++) {
      for (int lane = 0; round % N_TICK == 0 && lane < KC_LANES; lane++)
        limb_fill(&set[i], lane, trunk, (uint64_t)(round * 97 + i * 8 + lane), lag, load);
      static real start[N_LIMB][LEG_MOMENT];
      for (int m = 0; m < set[i].problem.n_moment; m++)
        y[m] = round % N_TICK ? start[i][m] : kc_real(0);
      drift(&set[i], &seed);
      double begin = bench_now();
      real e = kc_recruit_solve(&set[i].problem, y, a, unmet);
      time[round] += (bench_now() - begin) / N_LIMB;
      for (int m = 0; m < set[i].problem.n_moment; m++)
        start[i][m] = y[m];
      for (int lane = 0; round % N_TICK && lane < KC_LANES; lane++)
        left[n_left++] = kc_get(e, lane);
    }
  }
  bench_sort(time, N_ROUND);
  bench_sort(left, n_left);
  printf("%-22s least %6.2f, median %6.2f us per batch of %d, least %5.2f per runner; left: median "
         "%.1e, 95 %% %.1e, "
         "99 %% %.1e, most %.1e Nm\n",
         name, time[0], time[N_ROUND / 2], KC_LANES, time[0] / KC_LANES, left[n_left / 2],
         left[n_left * 95 / 100], left[n_left * 99 / 100], left[n_left - 1]);
}

int main(void) {
  measure("leg", 0, 0, 0.8);
  measure("leg, lag", 0, 0.4, 1);
  measure("leg, out of reach", 0, 0.4, 1.6);
  measure("trunk", 1, 0, 0.8);
  measure("trunk, lag", 1, 0.4, 1.2);
  return 0;
}
