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
// Forces are explicit in the step. An end may be a fascial node (node.lane.c), whose link then
// takes its pull where the node is; the rate counts the node's motion. Source: toe and linear
// regions after Fung 1993, Biomechanics, ch. 7; loss as for ligaments in Blankevoort 1991 form, all
// stiffnesses are assumptions (numbers.md B1, B2).
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

// wrench of a force (ground axes) at a point of a link
static kc_spatial eval_wrench(const kc_body_work *body, int link, kc_vec3 arm, kc_vec3 pull) {
  kc_vec3 linear = kc_mat3_apply_transposed(&body->rot[link], pull);
  kc_vec3 angular = kc_vec3_cross(arm, linear);
  return kc_spatial_make(angular, linear);
}

// a via point in its link; ends may be nodes
static kc_vec3 find_arm(const kc_force *force, const kc_force_work *work, int band, int point) {
  kc_vec3 arm = force->point[point];
  for (int e = 0; e < 2 && work->node.place; e++) {
    int node = force->band_node[band][e];
    if (node >= 0 && point == band_end(force, band, e))
      arm = kc_vec3_add(arm, work->node.place[node]);
  }
  return arm;
}

// spans of the polyline: directions and length; positions from the free root's origin, so that the
// tension does not feel how far the runner is
static real measure_spans(int n, force_via *via, real end_inverse[2]) {
  real length = kc_real(0.0);
  for (int i = 0; i + 1 < n; i++) {
    kc_vec3 span = kc_vec3_sub(via[i + 1].at, via[i].at);
    real part = kc_sqrt(kc_vec3_dot(span, span));
    // two via points in one place pull in no direction
    real inverse = kc_real(1.0) / kc_max(part, kc_real(shortest));
    via[i].ahead = kc_vec3_scale(inverse, span);
    end_inverse[1] = inverse;
    if (i == 0)
      end_inverse[0] = inverse;
    length += part;
  }
  return length;
}

force_band_law kc_force_eval_band(const force_band *band, real length, real rate) {
  const real zero = kc_real(0.0);
  force_band_law law;
  real x = length - band->length_0;
  real y = kc_clamp(x, zero, band->toe), z = kc_max(x - band->toe, zero);
  real half = y * y / (band->toe + band->toe);
  real elastic = band->stiffness * (half + z);
  real factor = kc_max(kc_real(1.0) + band->loss * rate, zero);
  law.tension = band->on * (elastic * factor);
  law.energy =
      band->on * band->stiffness * (half * y / kc_real(3.0) + kc_real(0.5) * z * (band->toe + z));
  law.by_length = band->on * (band->stiffness * (y / band->toe) * factor);
  law.by_rate = kc_select(kc_gt(factor, zero), band->on * elastic * band->loss, zero);
  return law;
}

// one pass for points, one for spans, one for wrenches: point by point, each would wait for the
// root and quotient of its span
void kc_force_measure_band(const kc_force *force, const kc_body_work *body, int band,
                           kc_force_work *work) {
  const kc_vec3 zero = kc_vec3_make(0.0, 0.0, 0.0);
  int first = force->band_adr[band], n = force->band_n_point[band];
  const int *link = &force->point_link[first];
  force_via *via = work->scratch->via;
  kc_spatial *pull = &work->scratch->pull[first];
  for (int i = 0; i < n; i++) {
    via[i].arm = find_arm(force, work, band, first + i);
    kc_vec3 turned = kc_mat3_apply(&body->rot[link[i]], via[i].arm);
    via[i].at = kc_vec3_add(body->local[link[i]], turned);
  }
  work->band_length[band] = measure_spans(n, via, work->scratch->end_inverse[band]);
  via[n - 1].ahead = zero;
  real rate = kc_real(0.0);
  for (int i = 0; i < n; i++) {
    kc_vec3 back = i > 0 ? via[i - 1].ahead : zero;
    pull[i] = eval_wrench(body, link[i], via[i].arm, kc_vec3_sub(via[i].ahead, back));
    rate -= wrench_power(&pull[i], &body->vel[link[i]]);
  }
  work->band_rate[band] = rate;
}

void kc_force_compute_bands(const kc_force *force, kc_body_work *body, kc_force_work *work) {
  for (int b = 0; b < force->n_band; b++)
    kc_force_measure_band(force, body, b, work);
  kc_force_find_node_rates(force, work);
  for (int b = 0; b < force->n_band; b++) {
    force_band_law law =
        kc_force_eval_band(&force->band[b], work->band_length[b], work->band_rate[b]);
    work->band_force[b] = law.tension, work->band_energy[b] = law.energy;
    int first = force->band_adr[b], end = first + force->band_n_point[b];
    for (int i = first; i < end; i++) {
      kc_spatial *to = &body->force[force->point_link[i]];
      for (int k = 0; k < 6; k++)
        to->v[k] += law.tension * work->scratch->pull[i].v[k];
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
    real rate = held + span->mean * change - band_closing(force, work, b, work->node_rate);
    work->band_power[b] = -work->band_force[b] * rate;
  }
}
