/// @file
/// The dual Newton method behind recruitment (see recruit.lane.h).
///
///   gradient  g = C a(y) + softness y - d
///   Hessian   H = C A C' + diag(softness),  A = 1/w where lower <= C'y/w <= upper, else 0
///   step      p = -H^-1 g,  y += t p
/// Each piece of the dual is quadratic: a full step that stays in its piece is the solution. The
/// slope of the dual along p, G(t) = g(y + t p)' p, rises with t and is piecewise linear: t = 1
/// where it is still downhill there, else regula falsi, Illinois rule, until G is small enough.
/// Muscles that come to a bound or leave it are taken out of H or put in one by one.
/// A lane is done, and stands still from then on, with the second full step in a row that stays in
/// its piece: the first solves but for rounding, the second mends that. So what a lane gets does
/// not depend on how long its neighbours take. Source: the method is that of Qi and Sun 1993
/// (10.1007/BF01581275) with a line search.
#include "control/recruit.lane.h"

// a slope at the end of a step counts as none below this share of that at its start, or of the sum
// of the sizes of its terms
#define SLOPE_LEFT 1e-9
#define NOISE 1e-13
// a search for the step's length ends downhill with a slope below this share of that at its start,
// uphill below that one: so the dual falls
#define DOWNHILL_ENOUGH 0.3
#define UPHILL_ENOUGH 0.01

enum { MAX_MOMENT = KC_RECRUIT_MAX_MOMENT, MAX_MUSCLE = KC_RECRUIT_MAX_MUSCLE };

typedef struct {
  const kc_recruit_problem *problem;
  real inverse[MAX_MUSCLE];        // 1 / w
  real drive[MAX_MUSCLE];          // C' y / w: activation before the bounds
  real pull[MAX_MUSCLE];           // C' p
  real turn[MAX_MUSCLE];           // C' p / w
  real curvature[MAX_MUSCLE];      // A
  real counted[MAX_MUSCLE];        // that of which H is made
  real activation[MAX_MUSCLE];     // a(y)
  real gradient[MAX_MOMENT];       // g
  real step[MAX_MOMENT];           // p
  real H[MAX_MOMENT * MAX_MOMENT]; // its lower triangle
  real L[MAX_MOMENT * MAX_MOMENT]; // below the diagonal
  real pivot[MAX_MOMENT];          // 1 / D
} search;

/// out = C' y.
static void compute_pull(const kc_recruit_problem *p, const real *y, real *out) {
  for (int j = 0; j < p->n_muscle; j++)
    out[j] = kc_real(0);
  for (int m = 0; m < p->n_moment; m++)
    for (int j = p->row[m].begin; j < p->row[m].end; j++)
      out[j] += p->gain[m * p->n_muscle + j] * y[m];
}

/// Activations, their curvature and the gradient at y; true where the piece is the last one's.
static mask compute_gradient(search *s, const real *y) {
  const kc_recruit_problem *p = s->problem;
  mask same = kc_mask(1);
  for (int j = 0; j < p->n_muscle; j++) {
    mask inside = kc_ge(s->drive[j], p->lower[j]) & kc_le(s->drive[j], p->upper[j]);
    real curvature = kc_select(inside, s->inverse[j], kc_real(0));
    same &= kc_ge(curvature, s->curvature[j]) & kc_le(curvature, s->curvature[j]);
    s->curvature[j] = curvature;
    s->activation[j] = kc_clamp(s->drive[j], p->lower[j], p->upper[j]);
  }
  for (int m = 0; m < p->n_moment; m++) {
    const real *row = p->gain + m * p->n_muscle;
    real sum = p->softness[m] * y[m] - p->demand[m];
    for (int j = p->row[m].begin; j < p->row[m].end; j++)
      sum += row[j] * s->activation[j];
    s->gradient[m] = sum;
  }
  return same;
}

/// H for the curvatures that have changed since it was last brought up to date.
static void update_hessian(search *s) {
  const kc_recruit_problem *p = s->problem;
  int n = p->n_moment;
  for (int j = 0; j < p->n_muscle; j++) {
    real change = s->curvature[j] - s->counted[j];
    if (!kc_any(kc_gt(kc_abs(change), kc_real(0))))
      continue;
    s->counted[j] = s->curvature[j];
    for (int m = p->crossed[j].begin; m < p->crossed[j].end; m++) {
      real x = p->gain[m * p->n_muscle + j] * change;
      for (int c = p->crossed[j].begin; c <= m; c++)
        s->H[m * n + c] += x * p->gain[c * p->n_muscle + j];
    }
  }
}

/// H = L D L' by its lower triangle; updates run outward from the pivot, so that none waits for
/// another.
static void factorise(search *s) {
  int n = s->problem->n_moment;
  real *L = s->L;
  update_hessian(s);
  for (int i = 0; i < n; i++)
    for (int j = 0; j <= i; j++)
      L[i * n + j] = s->H[i * n + j];
  for (int k = 0; k < n; k++) {
    s->pivot[k] = kc_real(1) / L[k * n + k];
    for (int i = k + 1; i < n; i++) {
      real factor = L[i * n + k] * s->pivot[k];
      for (int j = k + 1; j < i; j++)
        L[i * n + j] -= L[j * n + k] * L[i * n + k]; // rows above hold L in column k
      L[i * n + i] -= factor * L[i * n + k];
      L[i * n + k] = factor;
    }
  }
}

/// Solves H x = b in place.
static void solve(const search *s, real *b) {
  int n = s->problem->n_moment;
  for (int k = 0; k < n; k++)
    for (int i = k + 1; i < n; i++)
      b[i] -= s->L[i * n + k] * b[k];
  for (int k = 0; k < n; k++)
    b[k] *= s->pivot[k];
  for (int i = n - 1; i > 0; i--)
    for (int k = 0; k < i; k++)
      b[k] -= s->L[i * n + k] * b[i];
}

/// In a piece where the last step was made too, the Hessian is the last one.
static void compute_step(search *s, int same_piece) {
  int n = s->problem->n_moment;
  for (int m = 0; m < n; m++)
    s->step[m] = -s->gradient[m];
  if (!same_piece)
    factorise(s);
  solve(s, s->step);
  compute_pull(s->problem, s->step, s->pull);
  for (int j = 0; j < s->problem->n_muscle; j++)
    s->turn[j] = s->pull[j] * s->inverse[j];
}

/// Of one muscle: pull_j clip(drive_j + t turn_j).
static inline real compute_work(const search *s, int j, real t) {
  const kc_recruit_problem *p = s->problem;
  return s->pull[j] * kc_clamp(s->drive[j] + t * s->turn[j], p->lower[j], p->upper[j]);
}

/// G(t) = fixed + t bend + sum_j pull_j clip(drive_j + t turn_j).
static real compute_slope(const search *s, real fixed, real bend, real t) {
  const kc_recruit_problem *p = s->problem;
  real even = fixed + t * bend, odd = kc_real(0);
  int j = 0;
  for (; j + 2 <= p->n_muscle; j += 2) {
    even += compute_work(s, j, t);
    odd += compute_work(s, j + 1, t);
  }
  for (; j < p->n_muscle; j++)
    even += compute_work(s, j, t);
  return even + odd;
}

/// Step length within 0..1 at which the dual is about least along the step; 1 where `full`.
static real find_length(const search *s, const real *y, mask full) {
  const kc_recruit_problem *p = s->problem;
  if (kc_all(full))
    return kc_real(1);
  real fixed = kc_real(0), bend = kc_real(0), one = kc_real(1), half = kc_real(0.5);
  real low = kc_real(0), high = one, low_slope = kc_real(0), noise = kc_real(0);
  for (int m = 0; m < p->n_moment; m++) {
    fixed += (p->softness[m] * y[m] - p->demand[m]) * s->step[m];
    bend += p->softness[m] * s->step[m] * s->step[m];
    low_slope += s->gradient[m] * s->step[m];
    real part = kc_abs(p->demand[m]) + kc_abs(p->softness[m] * y[m]);
    noise += kc_real(NOISE) * kc_abs(s->step[m]) * part;
  }
  real high_slope = compute_slope(s, fixed, bend, one), t = one;
  mask beyond = kc_gt(high_slope, noise - kc_real(SLOPE_LEFT) * low_slope) & ~full;
  if (!kc_any(beyond))
    return one;
  mask was_low = kc_mask(0), was_high = kc_mask(0), open = beyond;
  const real least = kc_real(DOWNHILL_ENOUGH) * low_slope,
             most = kc_real(-UPHILL_ENOUGH) * low_slope;
  for (int k = 0; k < KC_RECRUIT_TRIALS && kc_any(open); k++) {
    real next = low - low_slope * (high - low) / (high_slope - low_slope);
    t = kc_select(open, kc_clamp(next, low, high), t);
    real slope = compute_slope(s, fixed, bend, t);
    mask is_low = kc_le(slope, kc_real(0));
    // an end that stays twice counts half
    high_slope = kc_select(is_low & was_low, half * high_slope, high_slope);
    low_slope = kc_select(~is_low & was_high, half * low_slope, low_slope);
    low = kc_select(is_low, t, low);
    low_slope = kc_select(is_low, slope, low_slope);
    high = kc_select(is_low, high, t);
    high_slope = kc_select(is_low, high_slope, slope);
    was_low = is_low;
    was_high = ~is_low;
    open &= kc_lt(slope, least) | kc_gt(slope, most);
  }
  return t;
}

/// The start, with zero for what is not finite.
static void begin(search *s, real *y) {
  const kc_recruit_problem *p = s->problem;
  for (int j = 0; j < p->n_muscle; j++) {
    s->inverse[j] = kc_real(1) / p->weight[j];
    s->curvature[j] = s->counted[j] = kc_real(0);
  }
  for (int m = 0; m < p->n_moment; m++)
    for (int c = 0; c <= m; c++)
      s->H[m * p->n_moment + c] = c < m ? kc_real(0) : p->softness[m];
  for (int m = 0; m < p->n_moment; m++)
    y[m] = kc_select(kc_le(kc_abs(y[m]), kc_real(1e100)), y[m], kc_real(0));
  compute_pull(p, y, s->drive);
  for (int j = 0; j < p->n_muscle; j++)
    s->drive[j] *= s->inverse[j];
}

real kc_recruit_solve(const kc_recruit_problem *problem, real *multiplier, real *activation,
                      real *unmet) {
  search s;
  s.problem = problem;
  begin(&s, multiplier);
  mask done = kc_mask(0), stayed = kc_mask(0);
  (void)compute_gradient(&s, multiplier);
  for (int i = 0; i < KC_RECRUIT_STEPS && !kc_all(done); i++) {
    compute_step(&s, kc_all(done | stayed));
    real t = find_length(&s, multiplier, done | stayed);
    for (int m = 0; m < problem->n_moment; m++)
      multiplier[m] = kc_select(done, multiplier[m], multiplier[m] + t * s.step[m]);
    for (int j = 0; j < problem->n_muscle; j++)
      s.drive[j] = kc_select(done, s.drive[j], s.drive[j] + t * s.turn[j]);
    mask stays = compute_gradient(&s, multiplier) & kc_ge(t, kc_real(1));
    done |= stays & stayed;
    stayed = stays;
  }
  real left = kc_real(0);
  for (int m = 0; m < problem->n_moment; m++) {
    left = kc_max(kc_abs(s.gradient[m]), left);
    unmet[m] = problem->softness[m] * multiplier[m] - s.gradient[m];
  }
  for (int j = 0; j < problem->n_muscle; j++)
    activation[j] = s.activation[j];
  return left;
}

void kc_recruit_compute_softness(int n_moment, int n_muscle, const real *gain, double share,
                                 real *softness) {
  for (int m = 0; m < n_moment; m++) {
    real sum = kc_real(0);
    for (int j = 0; j < n_muscle; j++)
      sum += kc_abs(gain[m * n_muscle + j]);
    sum *= kc_real(0.5);
    softness[m] = kc_real(share) * (sum * sum + kc_real(1));
  }
}
