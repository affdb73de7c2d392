// Eight muscles on moving paths, in as many batches as the width asks for.
#include "force/metabolic.lane.h"
#include "muscle_digest.h"
#include "muscle_rig.h"
#include <stdlib.h>

#define digest_width KC_LANE(digest)

static void take(double out[N_RUNNER][N_NUMBER], int first, int *n, real x) {
  for (int lane = 0; lane < KC_LANES; lane++)
    out[first + lane][*n] = kc_get(x, lane);
  ++*n;
}

void digest_width(double out[N_RUNNER][N_NUMBER]) {
  for (int first = 0; first < N_RUNNER; first += KC_LANES) {
    kc_muscle_numbers numbers;
    kc_metabolic *cost = kc_metabolic_create(1);
    if (!cost)
      abort();
    real a, e, path, stiffness, h = kc_real(0.0007);
    for (int lane = 0; lane < KC_LANES; lane++) {
      int unit = first + lane;
      const kc_muscle *muscle = &rig_muscle[unit % N_KIND];
      kc_muscle_load(&numbers, lane, muscle);
      kc_metabolic_load_muscle(&cost->numbers[0], lane, muscle);
      kc_set(&a, lane, 0.02 + 0.11 * unit), kc_set(&e, lane, 0.93 - 0.12 * unit);
      kc_set(&path, lane, rig_length(muscle, 0.62 + 0.11 * unit, 0.43));
    }
    int n = 0;
    real l = kc_muscle_compute_balance(&numbers, a, path, 0.1 * a);
    real v = kc_muscle_compute_rate(&numbers, a, l, path);
    take(out, first, &n, l), take(out, first, &n, v);
    for (int k = 0; k < 10; k++) {
      a = kc_muscle_step_activation(&numbers, h, e, a);
      path = path * (1.0 + 0.004 * (e - 0.5));
      l = kc_muscle_step_fibre(&numbers, h, a, path, l, &v);
      kc_muscle_forces f = kc_muscle_compute_forces(&numbers, a, l, v, path);
      kc_muscle_capacity can = kc_muscle_compute_capacity(&numbers, l, v);
      real *figures[] = {&a, &l, &v, &f.force, &f.stiffness, &f.fibre_force, &can.passive};
      for (int i = 0; i < 7; i++)
        take(out, first, &n, *figures[i]);
      real tension = kc_muscle_compute_tension(&numbers, l, path, &stiffness);
      take(out, first, &n, tension);
      take(out, first, &n, kc_muscle_compute_rate(&numbers, a, l, path));
      take(out, first, &n, kc_muscle_tendon_energy(&numbers, l, path));
      kc_muscle_state state = {&e, &a, &l, &v, NULL};
      kc_metabolic_compute(cost, &numbers, &state, &tension);
      kc_metabolic_add(cost, h);
      take(out, first, &n, cost->rate[KC_FLOW_BHARGAVA][0]);
      take(out, first, &n, cost->rate[KC_FLOW_UMBERGER][0]);
    }
    for (int k = 0; k < KC_N_FLOW; k++)
      take(out, first, &n, cost->total[k]);
    kc_metabolic_destroy(cost);
  }
}
