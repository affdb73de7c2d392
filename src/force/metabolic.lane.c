// Metabolic power of a muscle: heat of activation, maintenance, shortening, and work.
//
// u excitation, a activation, r share of slow fibres, m mass, l length over optimal, v velocity
// (lengthening positive), F force of the contractile element, F_iso = a f_l F0 that at rest.
// Bhargava 2004, in W:
//   A = m (40 r s + 133 (1 - r) c),  M = m f(l) (74 r s + 111 (1 - r) c)
//     s = sin(pi u / 2), c = 1 - cos(pi u / 2), f by lines through (0.5, 0.5) (1, 1) (1.5, 0)
//   S = (0.16 F_iso + 0.18 F) |v| shortening, -0.157 F v lengthening,  W = -F v
// Umberger 2010, in W, with A = max(u, (u + a) / 2), v over v_max in S, aerobic factor 1.5:
//   AM = 1.5 m (128 (1 - r) + 25) A^0.6            times 0.4 + 0.6 f_l where l > 1
//   S  = 1.5 m A^2 (r min(250 |v|, 100) + (1 - r) 153 |v|) shortening,
//        1.5 m A 75 v lengthening                  times f_l where l > 1
//   W  = -F v shortening, 0 lengthening
// The published 153 / v_max and 100 / (v_max / 2.5) are per lopt/s; here v is over v_max, that of
// fast fibres, so that v_max drops out.
// Both: heat (all but W) at least 1 W/kg, power at least 0 (Bhargava's heat then makes up for the
// work done on the muscle). m = 1059.7 kg/m3 times F0 lopt / specific tension.
//
// F is the force of the tendon along the fibre less the fibre's passive force and damping, so that
// work is what the tendon was given. Both laws are for l of about 0.5 to 1.5 and |v| to v_max; they
// stay finite beyond. The published laws are continuous where f_l(1) = 1, as it is here to
// round-off.
// Sources: Bhargava 2004 (J Biomech 37:81), Umberger 2003 (CMBBE 6:99) and 2010 (J R Soc Interface
// 7:1329), coefficients as in OpenSim's probes (numbers.md A9), which also give the floors and the
// cap of 100 W/kg. Departures: Bhargava's decay of activation heat is 1, as in the probes.
#include "force/metabolic.lane.h"
#include "base/block.h"
#include "force/muscle_curve.lane.h"
#include "math/sincos.lane.h"

static const double density = 1059.7, least_heat = 1.0; // kg/m3, W/kg
static const double half_turn = 1.57079632679489661923;

void kc_metabolic_load_muscle(kc_metabolic_numbers *numbers, int lane, const kc_muscle *muscle) {
  double slow = muscle->slow_fraction, fast = 1.0 - slow;
  double volume =
      muscle->max_isometric_force * muscle->optimal_fibre_length / muscle->specific_tension;
  double m = density * volume, aerobic = 1.5 * m;
  kc_set(&numbers->mass, lane, m);
  kc_set(&numbers->activation_slow, lane, 40.0 * m * slow);
  kc_set(&numbers->activation_fast, lane, 133.0 * m * fast);
  kc_set(&numbers->maintenance_slow, lane, 74.0 * m * slow);
  kc_set(&numbers->maintenance_fast, lane, 111.0 * m * fast);
  kc_set(&numbers->maintain, lane, aerobic * (128.0 * fast + 25.0));
  kc_set(&numbers->shorten_slow, lane, aerobic * slow);
  kc_set(&numbers->shorten_fast, lane, aerobic * 153.0 * fast);
  kc_set(&numbers->lengthen, lane, aerobic * 75.0);
  kc_set(&numbers->speed, lane, muscle->max_velocity * muscle->optimal_fibre_length);
}

// shortening and lengthening, both positive
typedef struct {
  real back, on;
} split;

KC_INLINE split split_rate(real rate) {
  const real zero = kc_real(0.0);
  return (split){kc_max(zero - rate, zero), kc_max(rate, zero)};
}

KC_INLINE kc_metabolic_parts eval_bhargava(const kc_metabolic_numbers *n,
                                           const kc_metabolic_input *in) {
  kc_metabolic_parts p;
  split v = split_rate(in->rate * n->speed);
  real rising = kc_max(in->fibre, kc_real(0.5)), falling = 3.0 - 2.0 * in->fibre;
  real shape = kc_max(kc_min(rising, falling), kc_real(0.0));
  p.activation = n->activation_slow * in->sine + n->activation_fast * in->fall;
  p.maintenance = shape * (n->maintenance_slow * in->sine + n->maintenance_fast * in->fall);
  p.shortening = (0.16 * in->isometric + 0.18 * in->force) * v.back - 0.157 * in->force * v.on;
  p.work = in->force * (v.back - v.on);
  real sum = ((p.activation + p.maintenance) + p.shortening) + p.work;
  p.power = kc_max(kc_max(sum, kc_real(0.0)), least_heat * n->mass + p.work);
  return p;
}

// x^0.6 of 0 <= x <= 1; the logarithm is for numbers from 1 on, so that of 2^100 x
KC_INLINE real eval_power(real x) {
  real log = kc_math_log_rough(kc_max(x * 1.2676506002282294e+30, kc_real(1.0)));
  return kc_math_exp(0.6 * log - 60.0 * 0.69314718055994531);
}

KC_INLINE kc_metabolic_parts eval_umberger(const kc_metabolic_numbers *n,
                                           const kc_metabolic_input *in) {
  const real one = kc_real(1.0);
  kc_metabolic_parts p;
  split v = split_rate(in->rate);
  real A = kc_max(in->excitation, 0.5 * (in->excitation + in->activation));
  real shape = kc_select(kc_lt(one, in->fibre), in->active, one);
  real slow = n->shorten_slow * kc_min(250.0 * v.back, kc_real(100.0));
  p.activation = n->maintain * eval_power(A) * (0.4 + 0.6 * shape);
  p.maintenance = kc_real(0.0);
  p.shortening = A * shape * (A * (slow + n->shorten_fast * v.back) + n->lengthen * v.on);
  p.work = in->force * (v.back * n->speed);
  p.power = kc_max(p.activation + p.shortening, least_heat * n->mass) + p.work;
  return p;
}

kc_metabolic_parts kc_metabolic_eval_bhargava(const kc_metabolic_numbers *numbers,
                                              const kc_metabolic_input *input) {
  return eval_bhargava(numbers, input);
}

kc_metabolic_parts kc_metabolic_eval_umberger(const kc_metabolic_numbers *numbers,
                                              const kc_metabolic_input *input) {
  return eval_umberger(numbers, input);
}

static kc_metabolic *lay_out(kc_block *block, int n) {
  kc_metabolic m = {.n = n};
  size_t count = (size_t)n, wide = count + KC_WIDE_ITEMS;
  kc_metabolic *metabolic = kc_block_take(block, 1, sizeof *metabolic);
  m.numbers = kc_block_take(block, count, sizeof *m.numbers);
  for (int k = 0; k < KC_N_FLOW; k++) {
    m.rate[k] = kc_block_take(block, count, sizeof(real));
    m.sum[k] = kc_block_take(block, count, sizeof(real));
    m.total_rate[k] = m.total[k] = kc_real(0.0);
  }
  m.angle = kc_block_take(block, wide, sizeof(real));
  m.sine = kc_block_take(block, wide, sizeof(real));
  m.cosine = kc_block_take(block, wide, sizeof(real));
  if (metabolic)
    *metabolic = m;
  return metabolic;
}

kc_metabolic *kc_metabolic_create(int n) {
  kc_block block = {0};
  lay_out(&block, n);
  if (kc_block_create(&block) != KC_OK)
    return NULL;
  return lay_out(&block, n);
}

void kc_metabolic_destroy(kc_metabolic *metabolic) { kc_block_destroy(metabolic); }

void kc_metabolic_load(kc_metabolic *metabolic, int lane, const kc_model *model) {
  for (int i = 0; i < metabolic->n; i++)
    kc_metabolic_load_muscle(&metabolic->numbers[i], lane, &model->muscle[i]);
  for (int k = 0; k < KC_N_FLOW; k++) {
    for (int i = 0; i < metabolic->n; i++) {
      kc_set(&metabolic->rate[k][i], lane, 0);
      kc_set(&metabolic->sum[k][i], lane, 0);
    }
    kc_set(&metabolic->total_rate[k], lane, 0);
    kc_set(&metabolic->total[k], lane, 0);
  }
}

// flows of one muscle; state of the muscle in lanes
KC_INLINE void eval_flows(const kc_metabolic *m, const kc_muscle_numbers *numbers,
                          const kc_muscle_state *state, const real *tension, int i, real *flow) {
  const real zero = kc_real(0.0), one = kc_real(1.0);
  const kc_metabolic_numbers *n = &m->numbers[i];
  const kc_muscle_numbers *muscle = &numbers[i];
  real l = kc_clamp(state->fibre[i], muscle->least, kc_real(3.0));
  real v = kc_clamp(state->velocity[i], kc_real(-2.0), kc_real(2.0));
  real fibre = tension[i] * l / kc_sqrt(l * l - muscle->sine * muscle->sine);
  real passive = kc_muscle_eval_passive(muscle, l).value + muscle->damping * v;
  kc_metabolic_input in = {.excitation = kc_clamp(state->excitation[i], zero, one),
                           .activation = kc_clamp(state->activation[i], zero, one),
                           .sine = m->sine[i],
                           .fall = 1.0 - m->cosine[i],
                           .fibre = l,
                           .rate = v,
                           .active = kc_muscle_eval_active(l).value};
  in.isometric = in.activation * in.active * muscle->force;
  in.force = kc_max(fibre - muscle->force * passive, zero);
  split power = split_rate(fibre * (v * n->speed));
  flow[KC_FLOW_BHARGAVA] = eval_bhargava(n, &in).power;
  flow[KC_FLOW_UMBERGER] = eval_umberger(n, &in).power;
  flow[KC_FLOW_OUT] = power.back, flow[KC_FLOW_IN] = power.on;
}

void kc_metabolic_compute(kc_metabolic *metabolic, const kc_muscle_numbers *numbers,
                          const kc_muscle_state *state, const real *tension) {
  const real zero = kc_real(0.0), one = kc_real(1.0);
  kc_metabolic *m = metabolic;
  for (int i = 0; i < m->n; i++)
    m->angle[i] = half_turn * kc_clamp(state->excitation[i], zero, one);
  kc_math_compute_sincos(m->n, m->angle, m->sine, m->cosine);
  real total[KC_N_FLOW] = {zero, zero, zero, zero}, flow[2][KC_N_FLOW];
  for (int i = 0; i < m->n; i += 2) { // side by side: each waits for its own divisions
    int last = i + 1 < m->n ? i + 1 : i;
    eval_flows(m, numbers, state, tension, i, flow[0]);
    eval_flows(m, numbers, state, tension, last, flow[1]);
    for (int k = 0; k < KC_N_FLOW; k++) {
      m->rate[k][i] = flow[0][k], total[k] += flow[0][k];
      m->rate[k][last] = flow[1][k], total[k] += last > i ? flow[1][k] : zero;
    }
  }
  for (int k = 0; k < KC_N_FLOW; k++)
    m->total_rate[k] = total[k];
}

void kc_metabolic_add(kc_metabolic *metabolic, real time) {
  for (int k = 0; k < KC_N_FLOW; k++) {
    for (int i = 0; i < metabolic->n; i++)
      metabolic->sum[k][i] += time * metabolic->rate[k][i];
    metabolic->total[k] += time * metabolic->total_rate[k];
  }
}
