// Random recruitment problems that look like legs and trunks: moment arms of centimetres, strengths
// of 100 to 6000 N, most muscles across one or two joints.
#pragma once
#include "control/recruit.lane.h"
#include <stdint.h>

enum { LEG_MOMENT = 7, LEG_MUSCLE = 40, TRUNK_MOMENT = 6, TRUNK_MUSCLE = 12 };

typedef struct {
  kc_recruit_problem problem;
  real gain[LEG_MOMENT * LEG_MUSCLE], weight[LEG_MUSCLE], lower[LEG_MUSCLE], upper[LEG_MUSCLE];
  real demand[LEG_MOMENT], softness[LEG_MOMENT];
  kc_recruit_span row[LEG_MOMENT], crossed[LEG_MUSCLE];
} limb;

/// Sets the problem's arrays, spans those of a matrix without zeros.
static inline void limb_set_problem(limb *l, int n_moment, int n) {
  l->problem = (kc_recruit_problem){n_moment,  n,        l->row,   l->crossed, l->gain,
                                    l->weight, l->lower, l->upper, l->demand,  l->softness};
  for (int m = 0; m < n_moment; m++)
    l->row[m] = (kc_recruit_span){0, n};
  for (int j = 0; j < n; j++)
    l->crossed[j] = (kc_recruit_span){0, n_moment};
}

/// Moments of the leg's muscles leave these out: see limb_leg_muscle.
static inline void limb_leave_out_zeros(limb *l) {
  static const kc_recruit_span row[LEG_MOMENT] = {{0, 27},  {0, 27},  {0, 27}, {0, 33},
                                                  {31, 40}, {31, 40}, {37, 40}};
  for (int m = 0; m < LEG_MOMENT; m++)
    l->row[m] = row[m];
  for (int j = 0; j < LEG_MUSCLE; j++) {
    int begin = j < 27 ? 0 : j < 33 ? 3 : 4, end = j < 9 ? 4 : j < 27 ? 3 : j < 31 ? 4 : 6;
    l->crossed[j] = (kc_recruit_span){begin, j < 37 ? end : 7};
  }
}

static inline double limb_draw(uint64_t *seed, double low, double high) {
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return low + (high - low) * (double)(*seed >> 11) * 0x1p-53;
}

/// 100 to 6000 N, more of the weak.
static inline double limb_force(uint64_t *seed) {
  double u = limb_draw(seed, 0, 1);
  return 100 + 5900 * u * u * u;
}

/// Moments of one muscle of a leg: hip flexion, adduction, rotation, knee, ankle, subtalar, toes.
static inline void limb_leg_muscle(uint64_t *seed, int j, double *c) {
  double force = limb_force(seed);
  for (int m = 0; m < LEG_MOMENT; m++) {
    double arm = limb_draw(seed, 0.02, 0.06) * (limb_draw(seed, 0, 1) < 0.5 ? -1 : 1);
    int hip = j < 27 && m < 3, across = j < 9 && m == 3, knee = j >= 27 && j < 31 && m == 3;
    int foot = j >= 31 && (m == 4 || m == 5), gastroc = j >= 31 && j < 33 && m == 3;
    int toes = j >= 37 && m == 6;
    c[m] = hip || across || foot ? force * arm * (m == 2 || m == 5 ? 0.4 : 1.0) : 0;
    c[m] += knee ? -fabs(force * arm) : gastroc ? 0.02 * force : toes ? 0.1 * force * arm : 0;
  }
}

/// Any muscle of the trunk works on every joint of it.
static inline void limb_trunk_muscle(uint64_t *seed, double *c) {
  double force = limb_force(seed);
  for (int m = 0; m < TRUNK_MOMENT; m++)
    c[m] = force * limb_draw(seed, -0.07, 0.07);
}

/// One lane: gains, weights of sum 1, bounds as an activation lag leaves them (`lag` > 0) or 0..1,
/// and the moments of random activations times `load`: beyond 1, mostly out of reach.
static inline void limb_fill(limb *l, int lane, int trunk, uint64_t seed, double lag, double load) {
  int n = trunk ? TRUNK_MUSCLE : LEG_MUSCLE, n_moment = trunk ? TRUNK_MOMENT : LEG_MOMENT;
  double c[LEG_MOMENT], demand[LEG_MOMENT] = {0}, weight[LEG_MUSCLE], sum = 0;
  limb_set_problem(l, n_moment, n);
  for (int j = 0; j < n; j++) {
    if (trunk)
      limb_trunk_muscle(&seed, c);
    else
      limb_leg_muscle(&seed, j, c);
    sum += weight[j] = limb_draw(&seed, 0.2, 3.1);
    double now = limb_draw(&seed, 0, 1) * limb_draw(&seed, 0, 1);
    double low = lag > 0 ? now * (1 - lag) : 0, up = lag > 0 ? 1 - (1 - now) * (1 - lag) : 1;
    double wanted = load * (low + (up - low) * limb_draw(&seed, 0, 1) * limb_draw(&seed, 0, 1));
    for (int m = 0; m < n_moment; m++) {
      kc_set(&l->gain[m * n + j], lane, c[m]);
      demand[m] += c[m] * wanted;
    }
    kc_set(&l->lower[j], lane, low);
    kc_set(&l->upper[j], lane, up);
  }
  for (int j = 0; j < n; j++)
    kc_set(&l->weight[j], lane, weight[j] / sum);
  for (int m = 0; m < n_moment; m++)
    kc_set(&l->demand[m], lane, demand[m]);
  kc_recruit_compute_softness(n_moment, n, l->gain, 0.01, l->softness);
}
