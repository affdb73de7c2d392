// Bands of fascia: tension along a polyline of via points, no wrapping.
//
//   x = length - slack_length + x_0,  y = clamp(x, 0, t),  z = max(x - t, 0),  t = toe_strain slack
//   elastic tension   F_el = k (y^2 / (2 t) + z)                    0 where slack; slope k beyond t
//   stored energy     E    = k (y^3 / (6 t) + z t / 2 + z^2 / 2)    dE/dx = F_el
//   tension           F    = on max(F_el (1 + loss rate / slack), 0)
// The tension is once differentiable in length; it rises with the square of the strain in the toe
// region and linearly after it. Pre-tension is a shortening x_0 with F_el(x_0) = pretension: the
// band carries `pretension` at length = slack_length. The loss is proportional to the tension, so a
// slack band stays without force at any rate; it gives the hysteresis 2 loss rate / slack of a loop
// at that rate. The tension is constant along the band (no friction at via points).
// Forces are explicit in the step. Source: toe and linear regions after Fung 1993, Biomechanics,
// ch. 7; loss as for ligaments in Blankevoort 1991 form, all stiffnesses are assumptions
// (numbers.md B1, B2).
#include "force/force_parts.lane.h"

static const double shortest = 1e-9; // m: keeps quotients finite

// extension at which the elastic law carries the pre-tension
static double find_shift(const kc_band *band) {
  double toe = band->toe_strain * band->slack_length;
  if (!(band->stiffness > 0.0) || !(band->pretension > 0.0))
    return 0.0;
  double linear = band->pretension / band->stiffness;
  return linear <= 0.5 * toe ? sqrt(2.0 * toe * linear) : linear + 0.5 * toe;
}

void kc_force_load_bands(kc_force *force, const kc_tree *tree, int lane, const kc_model *model) {
  for (int i = 0; i < force->n_point; i++)
    vec_load(&force->point[i], lane, &tree->to_link[force->point_link[i]],
             model->point[i].position);
  for (int i = 0; i < force->n_band; i++) {
    const kc_band *from = &model->band[i];
    force_band *to = &force->band[i];
    kc_set(&to->on, lane, from->on);
    kc_set(&to->length_0, lane, from->slack_length - find_shift(from));
    kc_set(&to->stiffness, lane, from->stiffness);
    kc_set(&to->toe, lane, fmax(from->toe_strain * from->slack_length, shortest));
    kc_set(&to->loss, lane, from->loss / fmax(from->slack_length, shortest));
  }
}

// wrench of a force (ground axes) at a via point on its link
static kc_spatial eval_wrench(const kc_force *force, const kc_body_work *body, int point,
                              kc_vec3 pull) {
  kc_vec3 linear = kc_mat3_apply_transposed(&body->rot[force->point_link[point]], pull);
  kc_vec3 angular = kc_vec3_cross(force->point[point], linear);
  return kc_spatial_make(angular, linear);
}

static real wrench_power(const kc_spatial *wrench, const kc_spatial *twist) {
  real sum = wrench->v[0] * twist->v[0];
  for (int i = 1; i < 6; i++)
    sum += wrench->v[i] * twist->v[i];
  return sum;
}

// the polyline: its length, and the wrench of unit tension on the link of each via point
// positions from the free root's origin, so that the tension does not feel how far the runner is
static real eval_path(const kc_force *force, const kc_body_work *body, int band, kc_spatial *pull) {
  const kc_vec3 zero = kc_vec3_make(0.0, 0.0, 0.0);
  int first = force->band_adr[band], last = first + force->band_n_point[band] - 1;
  real length = kc_real(0.0);
  kc_vec3 here = zero, back = zero;
  for (int i = first; i <= last; i++) {
    int link = force->point_link[i];
    kc_vec3 next = kc_vec3_add(body->local[link], kc_mat3_apply(&body->rot[link], force->point[i]));
    if (i > first) {
      kc_vec3 span = kc_vec3_sub(next, here);
      real part = kc_sqrt(kc_vec3_dot(span, span));
      // two via points in one place pull in no direction
      real inverse = kc_real(1.0) / kc_max(part, kc_real(shortest));
      kc_vec3 ahead = kc_vec3_scale(inverse, span);
      pull[i - 1] = eval_wrench(force, body, i - 1, kc_vec3_sub(ahead, back));
      length += part;
      back = ahead;
    }
    here = next;
  }
  pull[last] = eval_wrench(force, body, last, kc_vec3_sub(zero, back));
  return length;
}

static void eval_band(const force_band *band, real length, real rate, real *tension, real *energy) {
  const real zero = kc_real(0.0);
  real x = length - band->length_0;
  real y = kc_clamp(x, zero, band->toe), z = kc_max(x - band->toe, zero);
  real half = y * y / (band->toe + band->toe);
  real elastic = band->stiffness * (half + z);
  *tension = band->on * kc_max(elastic * (kc_real(1.0) + band->loss * rate), zero);
  *energy =
      band->on * band->stiffness * (half * y / kc_real(3.0) + kc_real(0.5) * z * (band->toe + z));
}

void kc_force_compute_bands(const kc_force *force, kc_body_work *body, kc_force_work *work) {
  for (int b = 0; b < force->n_band; b++) {
    kc_spatial *pull = work->scratch->pull;
    int first = force->band_adr[b], end = first + force->band_n_point[b];
    real length = eval_path(force, body, b, pull);
    real rate = kc_real(0.0);
    for (int i = first; i < end; i++)
      rate -= wrench_power(&pull[i], &body->vel[force->point_link[i]]);
    eval_band(&force->band[b], length, rate, &work->band_force[b], &work->band_energy[b]);
    work->band_length[b] = length;
    work->band_rate[b] = rate;
    for (int i = first; i < end; i++) {
      kc_spatial *to = &body->force[force->point_link[i]];
      for (int k = 0; k < 6; k++)
        to->v[k] += work->band_force[b] * pull[i].v[k];
    }
  }
}

void kc_force_complete_bands(const kc_force *force, const kc_force_span *span,
                             const kc_body_work *body, kc_force_work *work) {
  for (int b = 0; b < force->n_band; b++) {
    int first = force->band_adr[b], end = first + force->band_n_point[b];
    real held = kc_real(0.0), change = kc_real(0.0);
    for (int i = first; i < end; i++) {
      int link = force->point_link[i];
      held -= wrench_power(&work->scratch->pull[i], &span->vel[link]);
      change -= wrench_power(&work->scratch->pull[i], &body->acc[link]);
    }
    work->band_power[b] = -work->band_force[b] * (held + span->mean * change);
  }
}
