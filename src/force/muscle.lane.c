// Hill muscle-tendon unit: forces, balance, and steps of fibre and activation.
//
//   balance   (a f_l(l) f_v(v) + f_p(l) + d v) cos(alpha) = f_t(y)
//   tendon    y = k ((L - lopt x) / slack - 1)
//   geometry  x = l cos(alpha) = sqrt(l^2 - sin(alpha0)^2)     constant thickness
//   fibre     dl/dt = max_velocity v
//
// Balances are solved for u = asinh(D2 v + D3), in which f_v is a line and the damping a sinh: left
// less right rises with u, so there is one solution. At a fixed length it is A u + B sinh u = C,
// whose Newton iteration from the outer bound min(C / A, asinh(C / B)) cannot overshoot.
//
// Step: BDF2 written with the mean velocity w of the last step,
//   l' = l + h max_velocity (w + 2 v') / 3,  balance at l', a', L',  w' = (w + 2 v') / 3
// of second order, L-stable, one balance per step. f_l, f_p and the geometry are taken with their
// slopes at the length l + h max_velocity w that an unchanged velocity leads to (what is left out
// is of fourth order in h); the tendon's curve is followed in full. Two iterations from w were
// measured on made-up paths like those of running (sines at stride rate, ripple, bursts of
// excitation), four muscles, 0.5 ms: under 1e-6 of the largest force left in 99.9 % of the steps,
// 2e-4 at worst, where a slack tendon tightens or an excitation jumps, mended by the next step. At
// 1 ms up to 4 % of the steps leave more than 1e-6, 8e-3 at worst. A third iteration would leave
// 3e-6 and 1e-4 at worst, for about a quarter more time.
//
// Ranges: fibre from max(0.2, sin(alpha0) / sin(acos 0.3)) to 3 optimal lengths, so that the cosine
// is at least 0.3, and |v| to 2: neither end is met in running; both keep the arithmetic finite.
// With a slack tendon the fibre runs freely against its damping.
//
// Activation: da/dt = (s / (rise q) + (1 - s) q / fall) (e - a), q = 0.5 + 1.5 a,
//   s = 0.5 + 0.5 tanh(b (e - a)), b = 10. The source has b = 0.1, with which s never leaves
//   0.45..0.55 and rise and fall are alike; 10 is what the authors of OpenSim advise to obtain the
//   named times (opensim-core issue 3990).
//
// Source: De Groote et al. 2016 (doi:10.1007/s10439-016-1591-9), see muscle_curve.lane.h.
#include "force/muscle_curve.lane.h"

enum { RATE_ITERATIONS = 12, BALANCE_HALVINGS = 56 };

static const double least_fibre = 0.2, most_fibre = 3.0, most_length = 100.0, most_velocity = 2.0;
// D2 most_velocity, and its asinh
static const double most_s = 16.298, most_u = 3.48514;
static const double least_cosine = 0.3, least_damping = 0.001;

void kc_muscle_load(kc_muscle_numbers *numbers, int lane, const kc_muscle *muscle) {
  double sine = Sleef_cinz_sind1_u10purec(muscle->pennation), gain = 4.0 / muscle->passive_strain;
  double steepest = sine / sqrt(1.0 - least_cosine * least_cosine);
  double tendon = Sleef_cinz_logd1_u10purec(6.0) / muscle->tendon_strain;
  double offset = Sleef_cinz_expd1_u10purec(-(1.0 - least_fibre) * gain);
  double damping = muscle->damping > least_damping ? muscle->damping : least_damping;
  kc_set(&numbers->force, lane, muscle->strength * muscle->max_isometric_force);
  kc_set(&numbers->optimal, lane, muscle->optimal_fibre_length);
  kc_set(&numbers->slack, lane, muscle->tendon_slack_length);
  kc_set(&numbers->sine, lane, sine);
  kc_set(&numbers->least, lane, steepest > least_fibre ? steepest : least_fibre);
  kc_set(&numbers->max_velocity, lane, muscle->max_velocity);
  kc_set(&numbers->tendon_gain, lane, tendon);
  kc_set(&numbers->tendon_rate, lane, tendon / muscle->tendon_slack_length);
  kc_set(&numbers->passive_gain, lane, gain);
  kc_set(&numbers->passive_offset, lane, offset);
  kc_set(&numbers->passive_scale, lane, 1.0 / (Sleef_cinz_expd1_u10purec(4.0) - offset));
  kc_set(&numbers->damping, lane, damping);
  kc_set(&numbers->rise, lane, 1.0 / muscle->activation_time);
  kc_set(&numbers->fall, lane, 1.0 / muscle->deactivation_time);
}

KC_INLINE real clamp_to(real x, double lower, double upper) {
  return kc_clamp(x, kc_real(lower), kc_real(upper));
}
KC_INLINE real clamp_fibre(const kc_muscle_numbers *n, real l) {
  return kc_clamp(l, n->least, kc_real(most_fibre));
}

// x = l cos(alpha), over optimal length
KC_INLINE real eval_reach(const kc_muscle_numbers *n, real l) {
  return kc_sqrt(l * l - n->sine * n->sine);
}

// y of the tendon when the fibre reaches x along it
KC_INLINE real eval_strain(const kc_muscle_numbers *n, real x, real length) {
  return n->tendon_rate * (length - n->optimal * x) - n->tendon_gain;
}

real kc_muscle_compute_tension(const kc_muscle_numbers *numbers, real fibre, real length,
                               real *stiffness) {
  const kc_muscle_numbers *n = numbers;
  real l = clamp_fibre(n, fibre);
  real y = eval_strain(n, eval_reach(n, l), clamp_to(length, 0.0, most_length));
  kc_muscle_curve tendon = kc_muscle_eval_tendon(y);
  *stiffness = n->force * tendon.slope * n->tendon_rate;
  return n->force * tendon.value;
}

// roots in one pass and exponentials in another: muscle by muscle, each would wait for its own root
void kc_muscle_compute_tensions(int n, const kc_muscle_numbers *numbers, const real *fibre,
                                const real *length, real *tension) {
  for (int m = 0; m < n; m++) { // y
    real l = clamp_fibre(&numbers[m], fibre[m]), x = eval_reach(&numbers[m], l);
    tension[m] = eval_strain(&numbers[m], x, clamp_to(length[m], 0.0, most_length));
  }
  for (int m = 0; m < n; m++)
    tension[m] = numbers[m].force * kc_muscle_eval_tendon(tension[m]).value;
}

real kc_muscle_compute_stretch(const kc_muscle_numbers *numbers, real fibre, real length) {
  const kc_muscle_numbers *n = numbers;
  return (length - n->optimal * eval_reach(n, clamp_fibre(n, fibre))) / n->slack;
}

real kc_muscle_compute_length(const kc_muscle_numbers *numbers, real fibre, real stretch) {
  const kc_muscle_numbers *n = numbers;
  return n->slack * stretch + n->optimal * eval_reach(n, clamp_fibre(n, fibre));
}

kc_muscle_forces kc_muscle_compute_forces(const kc_muscle_numbers *numbers, real activation,
                                          real fibre, real velocity, real length) {
  const kc_muscle_numbers *n = numbers;
  kc_muscle_forces f;
  real l = clamp_fibre(n, fibre), v = clamp_to(velocity, -most_velocity, most_velocity);
  f.force = kc_muscle_compute_tension(n, fibre, length, &f.stiffness);
  f.cosine = eval_reach(n, l) / l;
  f.active = kc_muscle_eval_active(l).value;
  f.passive = kc_muscle_eval_passive(n, l).value;
  f.velocity = kc_muscle_eval_velocity(v).value;
  real gain = clamp_to(activation, 0.0, 1.0) * f.active * f.velocity;
  f.fibre_force = n->force * kc_max(gain + f.passive + n->damping * v, kc_real(0.0));
  return f;
}

kc_muscle_capacity kc_muscle_compute_capacity(const kc_muscle_numbers *numbers, real fibre,
                                              real velocity) {
  const kc_muscle_numbers *n = numbers;
  real l = clamp_fibre(n, fibre), v = clamp_to(velocity, -most_velocity, most_velocity);
  real along = n->force * (eval_reach(n, l) / l);
  real speed = kc_max(kc_muscle_eval_velocity(v).value, kc_real(0.0));
  real passive = kc_muscle_eval_passive(n, l).value + n->damping * v;
  return (kc_muscle_capacity){along * kc_muscle_eval_active(l).value * speed, along * passive};
}

real kc_muscle_tendon_energy(const kc_muscle_numbers *numbers, real fibre, real length) {
  const kc_muscle_numbers *n = numbers;
  real l = clamp_fibre(n, fibre);
  real y = eval_strain(n, eval_reach(n, l), clamp_to(length, 0.0, most_length));
  real middle = clamp_to(y, 0.0, KC_MUSCLE_KNEE), e = kc_math_exp(middle);
  real beyond = kc_max(y - KC_MUSCLE_KNEE, kc_real(0.0));
  real curve = (e - 1.0) - middle, line = beyond * (e * (1.0 + 0.5 * beyond) - 1.0);
  return n->force * (0.2 * (curve + line)) / n->tendon_rate;
}

// u of A u + B sinh u = C, A, B >= 0 and not both 0
KC_INLINE real solve_velocity(real A, real B, real C) {
  real size = kc_abs(C), q = size / B;
  real u = kc_min(kc_log(q + kc_sqrt(q * q + 1.0)), kc_real(most_u));
  u = kc_min(size / A, u);
  for (int i = 0; i < RATE_ITERATIONS; i++) {
    real e = kc_math_exp(u), back = 1.0 / e;
    real excess = A * u + B * (0.5 * (e - back)) - size;
    u = kc_max(u - excess / (A + B * (0.5 * (e + back))), kc_real(0.0));
  }
  // where the bound cuts the solution off, the first iterate was below it
  u = kc_min(u, kc_real(most_u));
  return kc_select(kc_lt(C, kc_real(0.0)), -u, u);
}

real kc_muscle_compute_rate(const kc_muscle_numbers *numbers, real activation, real fibre,
                            real length) {
  const kc_muscle_numbers *n = numbers;
  real l = clamp_fibre(n, fibre), x = eval_reach(n, l);
  real y = eval_strain(n, x, clamp_to(length, 0.0, most_length));
  real active = clamp_to(activation, 0.0, 1.0) * kc_muscle_eval_active(l).value;
  real B = n->damping / KC_MUSCLE_D2;
  real C = kc_muscle_eval_tendon(y).value * (l / x) - kc_muscle_eval_passive(n, l).value;
  C += B * KC_MUSCLE_D3 - active * KC_MUSCLE_D4;
  real u = solve_velocity(active * KC_MUSCLE_D1, B, C), e = kc_math_exp(u);
  return (0.5 * (e - 1.0 / e) - KC_MUSCLE_D3) / KC_MUSCLE_D2;
}

// fibre less tendon, over F0, at length l of a fibre that lengthens as its path
static real eval_excess(const kc_muscle_numbers *n, real activation, real l, real length,
                        real rate) {
  real x = eval_reach(n, l), cosine = x / l;
  real v = clamp_to(rate * cosine / (n->optimal * n->max_velocity), -most_velocity, most_velocity);
  real fibre = activation * kc_muscle_eval_active(l).value * kc_muscle_eval_velocity(v).value;
  fibre += kc_muscle_eval_passive(n, l).value + n->damping * v;
  return fibre * cosine - kc_muscle_eval_tendon(eval_strain(n, x, length)).value;
}

real kc_muscle_compute_balance(const kc_muscle_numbers *numbers, real activation, real length,
                               real rate) {
  const kc_muscle_numbers *n = numbers;
  real a = clamp_to(activation, 0.0, 1.0), L = clamp_to(length, 0.0, most_length);
  // a fibre this long leaves the tendon slack and is held by its passive curve
  real span = kc_max((L - n->slack) / n->optimal, kc_real(0.0));
  real lower = n->least, upper = kc_sqrt(span * span + n->sine * n->sine);
  upper = clamp_fibre(n, kc_max(upper, kc_real(2.0)));
  for (int i = 0; i < BALANCE_HALVINGS; i++) {
    real middle = 0.5 * (lower + upper);
    mask above = kc_ge(eval_excess(n, a, middle, L, rate), kc_real(0.0));
    upper = kc_select(above, middle, upper);
    lower = kc_select(above, lower, middle);
  }
  return 0.5 * (lower + upper);
}

// The balance of a step over s = sinh u, expanded about a fibre length: pairs are value and slope
// of lines in s, but for f_l, whose line goes with f_v(u).
typedef struct {
  real active[2], passive[2], cosine[2];
  real strain[2];           // y of the tendon
  real middle, exponential; // y within the exponential's range, exp(y) / 5 there
} balance;

// an iterate: u with its sinh and cosh
typedef struct {
  real u, s, c;
} iterate;

// f = value + slope (offset + reach v) as a line in s = D2 v + D3
KC_INLINE void make_line(real *line, real value, real slope, real offset, real reach) {
  line[1] = slope * reach;
  line[0] = value + (slope * offset - KC_MUSCLE_D3 * line[1]);
}

// about length l; the fibre's length is l + offset + reach v
KC_INLINE balance expand_at(const kc_muscle_numbers *n, real activation, real l, real length,
                            real offset, real reach) {
  balance at;
  real x = eval_reach(n, l), inverse = 1.0 / (l * x);
  real secant = l * l * inverse, cosine = x * x * inverse;
  kc_muscle_curve active = kc_muscle_eval_active(l), passive = kc_muscle_eval_passive(n, l);
  reach = reach * (1.0 / KC_MUSCLE_D2);
  make_line(at.active, activation * active.value, activation * active.slope, offset, reach);
  make_line(at.passive, passive.value, passive.slope, offset, reach);
  real damping = n->damping * (1.0 / KC_MUSCLE_D2);
  at.passive[0] -= damping * KC_MUSCLE_D3, at.passive[1] += damping;
  make_line(at.cosine, cosine, (secant - cosine) * (x * inverse), offset, reach);
  real y = eval_strain(n, x, length), rate = n->tendon_rate * n->optimal * secant;
  make_line(at.strain, y, kc_real(0.0) - rate, offset, reach);
  at.middle = clamp_to(y, 0.0, KC_MUSCLE_KNEE);
  at.exponential = 0.2 * kc_math_exp(at.middle);
  return at;
}

// f_t at y and its slope where it bears, its exponential by a series about the expansion's, which
// rises everywhere
KC_INLINE kc_muscle_curve eval_tendon_near(const balance *at, real y) {
  real d = clamp_to(y, 0.0, KC_MUSCLE_KNEE) - at->middle, dd = d * d;
  real low = (1.0 + d) + dd * (1.0 / 2 + d * (1.0 / 6));
  real high = 1.0 / 24 + d * (1.0 / 120);
  return kc_muscle_eval_tendon_exp(y, at->exponential * (low + dd * dd * high));
}

// Excess of the fibre over the tendon at an iterate, and its rise with u: a part by f_v, which is a
// line in u, and one by what is a line in s; of that, the tendon's share.
typedef struct {
  real excess, by_u, by_s, by_tendon;
} slopes;

// The tendon counts as a line as steep as its curve between now and the force of the fibre (its
// slope is its force and 0.2), ending where it is slack; of fibre alone and fibre against this
// line, the smaller step holds.
KC_INLINE slopes eval_slopes(const balance *at, iterate i) {
  const real zero = kc_real(0.0);
  real active = kc_max(at->active[0] + at->active[1] * i.s, zero);
  real speed = KC_MUSCLE_D1 * i.u + KC_MUSCLE_D4;
  real cosine = at->cosine[0] + at->cosine[1] * i.s;
  real fibre = active * speed + (at->passive[0] + at->passive[1] * i.s);
  real along = fibre * cosine, by_u = (KC_MUSCLE_D1 * active) * cosine;
  real in_line = kc_max(at->active[1] * speed + at->passive[1], zero);
  real by_s = in_line * cosine + kc_max(fibre, zero) * at->cosine[1];
  real y = at->strain[0] + at->strain[1] * i.s;
  kc_muscle_curve tendon = eval_tendon_near(at, y);
  real steep = 0.5 * (tendon.slope + (clamp_to(along, 0.0, 3.8) + 0.2));
  real against = (along - tendon.value) - steep * kc_min(y, zero);
  real by_tendon = kc_real(0.0) - steep * at->strain[1], by_both = by_s + by_tendon;
  mask slack = kc_lt(along * (by_u + by_both * i.c), against * (by_u + by_s * i.c));
  return (slopes){kc_select(slack, along, against), by_u, kc_select(slack, by_s, by_both),
                  kc_select(slack, kc_real(0.0), by_tendon)};
}

// iterate with the s given
KC_INLINE iterate iterate_at(real s) {
  iterate i = {.s = s, .c = kc_sqrt(s * s + 1.0)};
  real u = kc_math_log_rough(kc_abs(s) + i.c);
  i.u = kc_select(kc_lt(s, kc_real(0.0)), -u, u);
  return i;
}

// sinh(u + d) by series: |d| <= 1
KC_INLINE real eval_sinh_near(iterate i, real d) {
  real dd = d * d;
  real s = d * (1.0 + dd * (1.0 / 6 + dd * (1.0 / 120)));
  return i.s + (i.c * s + i.s * (dd * (1.0 / 2 + dd * (1.0 / 24))));
}

// From afar: a step in u (Halley's), where f_v rules, or in s (Newton's), where the tendon does.
KC_INLINE iterate approach(const balance *at, iterate i) {
  slopes f = eval_slopes(at, i);
  real rise = f.by_u + f.by_s * i.c, square = rise * rise, newton = f.excess / rise;
  real d = f.excess * rise / kc_max(square - 0.5 * (f.excess * (f.by_s * i.s)), 0.5 * square);
  real s = eval_sinh_near(i, kc_real(0.0) - clamp_to(d, -1.0, 1.0));
  real share = f.by_s / (f.by_u + f.by_s) * kc_min(newton * newton, kc_real(1.0));
  s += share * (i.s - i.c * newton - s);
  return iterate_at(clamp_to(s, -most_s, most_s));
}

// nearby, with the slopes there: s after a Newton step in u
KC_INLINE real settle(slopes f, iterate i) {
  real d = f.excess / (f.by_u + f.by_s * i.c);
  return clamp_to(eval_sinh_near(i, kc_real(0.0) - clamp_to(d, -1.0, 1.0)), -most_s, most_s);
}

// what a step of one muscle holds between its stages
typedef struct {
  real l, w, base, reach;
  balance at;
  iterate i;
} stage;

KC_INLINE stage begin_step(const kc_muscle_numbers *n, real step, real activation, real length,
                           real fibre, real velocity) {
  stage s;
  s.l = clamp_fibre(n, fibre), s.w = clamp_to(velocity, -most_velocity, most_velocity);
  real gain = step * n->max_velocity, ahead = clamp_fibre(n, s.l + gain * s.w);
  s.base = s.l + gain * s.w * (1.0 / 3.0), s.reach = gain * (2.0 / 3.0);
  s.at = expand_at(n, clamp_to(activation, 0.0, 1.0), ahead, clamp_to(length, 0.0, most_length),
                   s.base - ahead, s.reach);
  s.i = iterate_at(KC_MUSCLE_D2 * s.w + KC_MUSCLE_D3);
  return s;
}

KC_INLINE real end_step(const kc_muscle_numbers *n, const stage *s, slopes f, real *velocity) {
  real v = (settle(f, s->i) - KC_MUSCLE_D3) * (1.0 / KC_MUSCLE_D2);
  real to = s->base + s->reach * v, next = clamp_fibre(n, to);
  // at the ends of its range the fibre stands
  mask within = kc_le(to, next) & kc_le(next, to);
  *velocity = kc_select(within, (s->w + 2.0 * v) * (1.0 / 3.0), kc_real(0.0));
  return next;
}

real kc_muscle_step_fibre(const kc_muscle_numbers *numbers, real step, real activation, real length,
                          real fibre, real *velocity) {
  stage s = begin_step(numbers, step, activation, length, fibre, *velocity);
  s.i = approach(&s.at, s.i);
  return end_step(numbers, &s, eval_slopes(&s.at, s.i), velocity);
}

void kc_muscle_step_fibres(int n, const kc_muscle_numbers *numbers, real step,
                           const real *activation, const real *length, real *fibre,
                           real *velocity) {
  int m = 0;
  for (; m + 2 <= n; m += 2) { // side by side: each waits for its own divisions
    const kc_muscle_numbers *a = &numbers[m], *b = a + 1;
    stage s = begin_step(a, step, activation[m], length[m], fibre[m], velocity[m]);
    stage t = begin_step(b, step, activation[m + 1], length[m + 1], fibre[m + 1], velocity[m + 1]);
    s.i = approach(&s.at, s.i), t.i = approach(&t.at, t.i);
    fibre[m] = end_step(a, &s, eval_slopes(&s.at, s.i), &velocity[m]);
    fibre[m + 1] = end_step(b, &t, eval_slopes(&t.at, t.i), &velocity[m + 1]);
  }
  for (; m < n; m++)
    fibre[m] =
        kc_muscle_step_fibre(&numbers[m], step, activation[m], length[m], fibre[m], &velocity[m]);
}

// a step at an activation of 1 and at the one given, which enters by the active force's line alone
typedef struct {
  stage s;
  real full[2];
} prediction;

KC_INLINE prediction begin_prediction(const kc_muscle_numbers *n, real step, real activation,
                                      real length, real fibre, real velocity) {
  prediction p = {.s = begin_step(n, step, kc_real(1.0), length, fibre, velocity)};
  real a = clamp_to(activation, 0.0, 1.0);
  for (int k = 0; k < 2; k++)
    p.full[k] = p.s.at.active[k], p.s.at.active[k] *= a;
  return p;
}

KC_INLINE real end_prediction(const kc_muscle_numbers *n, const prediction *p, real length,
                              real *by_activation) {
  const stage *s = &p->s;
  slopes f = eval_slopes(&s->at, s->i);
  // more activation shortens the fibre until the tendon takes it
  real more = kc_max(p->full[0] + p->full[1] * s->i.s, kc_real(0.0)), moving;
  more *= (KC_MUSCLE_D1 * s->i.u + KC_MUSCLE_D4) * (s->at.cosine[0] + s->at.cosine[1] * s->i.s);
  real share = f.by_tendon * s->i.c / (f.by_u + f.by_s * s->i.c);
  *by_activation = n->force * kc_max(share * more, kc_real(0.0));
  real next = end_step(n, s, f, &moving);
  real y = eval_strain(n, eval_reach(n, next), clamp_to(length, 0.0, most_length));
  return n->force * kc_muscle_eval_tendon(y).value;
}

real kc_muscle_predict_force(const kc_muscle_numbers *numbers, real step, real activation,
                             real length, real fibre, real velocity, real *by_activation) {
  prediction p = begin_prediction(numbers, step, activation, length, fibre, velocity);
  p.s.i = approach(&p.s.at, p.s.i);
  p.s.i = iterate_at(settle(eval_slopes(&p.s.at, p.s.i), p.s.i));
  return end_prediction(numbers, &p, length, by_activation);
}

void kc_muscle_predict_forces(int n, const kc_muscle_numbers *numbers, real step,
                              const real *activation, const real *length, const real *fibre,
                              const real *velocity, real *force, real *by_activation) {
  int m = 0;
  for (; m + 2 <= n; m += 2) { // side by side, as steps
    const kc_muscle_numbers *a = &numbers[m], *b = a + 1;
    int k = m + 1;
    prediction p = begin_prediction(a, step, activation[m], length[m], fibre[m], velocity[m]);
    prediction q = begin_prediction(b, step, activation[k], length[k], fibre[k], velocity[k]);
    p.s.i = approach(&p.s.at, p.s.i), q.s.i = approach(&q.s.at, q.s.i);
    p.s.i = iterate_at(settle(eval_slopes(&p.s.at, p.s.i), p.s.i));
    q.s.i = iterate_at(settle(eval_slopes(&q.s.at, q.s.i), q.s.i));
    force[m] = end_prediction(a, &p, length[m], &by_activation[m]);
    force[k] = end_prediction(b, &q, length[k], &by_activation[k]);
  }
  for (; m < n; m++)
    force[m] = kc_muscle_predict_force(&numbers[m], step, activation[m], length[m], fibre[m],
                                       velocity[m], &by_activation[m]);
}

// switch between the times of rise and fall
static const double steepness = 10.0;

real kc_muscle_activation_rate(const kc_muscle_numbers *numbers, real excitation, real activation) {
  real a = clamp_to(activation, 0.0, 1.0), e = clamp_to(excitation, 0.0, 1.0);
  real q = 0.5 + 1.5 * a, E = kc_math_exp((2.0 * steepness) * (e - a));
  real s = E / (E + 1.0);
  return (s * numbers->rise / q + (1.0 - s) * q * numbers->fall) * (e - a);
}

// a step of an activation: exponential, with the rate's own slope, which is at least that of a
// constant time; between its stages
typedef struct {
  real a, gap, q, E; // q, E: as above
  real k, decay;     // rate, and what it decays with
} activating;

KC_INLINE activating begin_activation(real excitation, real activation) {
  real a = clamp_to(activation, 0.0, 1.0), gap = clamp_to(excitation, 0.0, 1.0) - a;
  return (activating){
      .a = a, .gap = gap, .q = 0.5 + 1.5 * a, .E = kc_math_exp((2.0 * steepness) * gap)};
}

KC_INLINE void find_decay(const kc_muscle_numbers *n, activating *of) {
  real s = of->E / (of->E + 1.0), inverse = 1.0 / of->q;
  real up = n->rise * inverse, down = n->fall * of->q;
  of->k = s * up + (1.0 - s) * down;
  real slope = 1.5 * ((1.0 - s) * n->fall - s * up * inverse);
  slope -= (2.0 * steepness) * s * (1.0 - s) * (up - down);
  of->decay = kc_max(of->k - slope * of->gap, of->k);
}

KC_INLINE real end_activation(real step, const activating *of) {
  real share = (1.0 - kc_math_exp(-step * of->decay)) * (of->k / of->decay);
  return clamp_to(of->a + share * of->gap, 0.0, 1.0);
}

real kc_muscle_step_activation(const kc_muscle_numbers *numbers, real step, real excitation,
                               real activation) {
  activating of = begin_activation(excitation, activation);
  find_decay(numbers, &of);
  return end_activation(step, &of);
}

void kc_muscle_step_activations(int n, const kc_muscle_numbers *numbers, real step,
                                const real *excitation, real *activation) {
  int m = 0;
  for (; m + 2 <= n; m += 2) { // side by side, as fibres
    activating p = begin_activation(excitation[m], activation[m]);
    activating q = begin_activation(excitation[m + 1], activation[m + 1]);
    find_decay(&numbers[m], &p), find_decay(&numbers[m + 1], &q);
    activation[m] = end_activation(step, &p), activation[m + 1] = end_activation(step, &q);
  }
  for (; m < n; m++)
    activation[m] = kc_muscle_step_activation(&numbers[m], step, excitation[m], activation[m]);
}
