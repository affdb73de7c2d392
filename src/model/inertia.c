/// @file
/// Body masses and inertias from parts.
///
/// I = m (k L)^2 about each axis of a segment (de Leva 1996), turned to body axes; parts are joined
/// by the parallel-axis theorem. L is the distance of the end points, or, for upright segments
/// (head, trunk), the table's own length times stature / mean stature, times the ratio of a single
/// length to its default where one is given. A bone made longer or shorter by a condition keeps its
/// mass; mass centre and radii of gyration scale with it.
#include "model/inertia.h"

#include <math.h>
#include <string.h>

void kc_model_sum_masses(const kc_model_def *def, double *fraction, double *direct) {
  *fraction = *direct = 0;
  for (int i = 0; i < def->n_body; i++)
    for (int k = 0; k < def->body[i].n_part; k++) {
      const kc_def_part *part = &def->body[i].part[k];
      int segment = kc_model_find_deleva(part->segment);
      if (segment < 0)
        *direct += part->mass;
      else
        *fraction += part->share * kc_model_deleva_row(def->sex, (kc_deleva_segment)segment)->mass;
    }
}

/// Body mass per unit of de Leva fraction.
static double mass_unit(const kc_model_def *def) {
  double fraction, direct;
  kc_model_sum_masses(def, &fraction, &direct);
  return (def->mass - direct) / fraction;
}

static int has_line(const kc_def_part *part) {
  return part->from[0] != part->to[0] || part->from[1] != part->to[1] ||
         part->from[2] != part->to[2];
}

/// Length of an upright segment: the table's, for this stature and this body's scale.
static double table_factor(const kc_model_def *def, const kc_def_body *body) {
  double factor = def->stature / kc_model_deleva_stature(def->sex);
  int i = kc_model_def_find_segment(def, body->scale);
  if (i < 0 || def->segment[i].length <= 0)
    return factor;
  const kc_def_segment *segment = &def->segment[i];
  double fraction = def->sex == KC_MALE ? segment->male : segment->female;
  return factor * segment->length / (fraction * def->stature);
}

/// I = sum over axes of m k^2 e e'.
static void add_axis(double inertia[6], const double e[3], double moment) {
  inertia[0] += moment * e[0] * e[0];
  inertia[1] += moment * e[1] * e[1];
  inertia[2] += moment * e[2] * e[2];
  inertia[3] += moment * e[0] * e[1];
  inertia[4] += moment * e[0] * e[2];
  inertia[5] += moment * e[1] * e[2];
}

/// A de Leva segment on the line from -> to.
static void place_segment(const kc_model_def *def, const kc_def_body *body, const kc_def_part *part,
                          const kc_deleva_row *row, int segment, kc_mass *out) {
  double scale = kc_model_body_scale(def, body), along[3], length = 0;
  for (int i = 0; i < 3; i++) {
    along[i] = scale * (part->to[i] - part->from[i]);
    length += along[i] * along[i];
  }
  length = sqrt(length);
  for (int i = 0; i < 3; i++)
    along[i] /= length;
  double at = row->com * length;
  if (row->upright) {
    double factor = table_factor(def, body);
    length = row->length * factor;
    at = kc_model_deleva_base(def->sex, (kc_deleva_segment)segment) * factor +
         (1 - row->com) * length;
  }
  for (int i = 0; i < 3; i++)
    out->com[i] = scale * part->from[i] + at * along[i];
  double flat = sqrt(along[0] * along[0] + along[1] * along[1]);
  double sagittal[3] = {along[1] / flat, -along[0] / flat, 0};
  double transverse[3] = {sagittal[1] * along[2], -sagittal[0] * along[2],
                          sagittal[0] * along[1] - sagittal[1] * along[0]};
  double unit = out->mass * length * length;
  add_axis(out->inertia, along, unit * row->k_long * row->k_long);
  add_axis(out->inertia, sagittal, unit * row->k_sagittal * row->k_sagittal);
  add_axis(out->inertia, transverse, unit * row->k_transverse * row->k_transverse);
}

static kc_mass compute_part(const kc_model_def *def, const kc_def_body *body,
                            const kc_def_part *part) {
  kc_mass out = {0};
  int segment = kc_model_find_deleva(part->segment);
  double scale = kc_model_body_scale(def, body);
  if (segment < 0) {
    out.mass = part->mass;
    for (int i = 0; i < 3; i++)
      out.com[i] = scale * part->com[i];
    for (int i = 0; i < 6; i++)
      out.inertia[i] = scale * scale * part->inertia[i];
    return out;
  }
  const kc_deleva_row *row = kc_model_deleva_row(def->sex, (kc_deleva_segment)segment);
  out.mass = part->share * row->mass * mass_unit(def);
  if (has_line(part)) {
    place_segment(def, body, part, row, segment, &out);
    return out;
  }
  for (int i = 0; i < 3; i++) {
    double k = scale * part->gyration[i];
    out.com[i] = scale * part->com[i];
    out.inertia[i] = out.mass * k * k;
  }
  return out;
}

/// Adds to `sum` the inertia of a point mass at distance d.
static void add_parallel(double sum[6], double mass, const double d[3]) {
  double square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
  for (int i = 0; i < 3; i++)
    sum[i] += mass * (square - d[i] * d[i]);
  sum[3] -= mass * d[0] * d[1];
  sum[4] -= mass * d[0] * d[2];
  sum[5] -= mass * d[1] * d[2];
}

kc_mass kc_model_compute_mass(const kc_model_def *def, const kc_def_body *body) {
  kc_mass part[KC_DEF_MAX_PART], sum = {0};
  if (body->n_part == 1)
    return compute_part(def, body, &body->part[0]);
  for (int k = 0; k < body->n_part; k++) {
    part[k] = compute_part(def, body, &body->part[k]);
    sum.mass += part[k].mass;
    for (int i = 0; i < 3; i++)
      sum.com[i] += part[k].mass * part[k].com[i];
  }
  if (sum.mass <= 0)
    return sum;
  for (int i = 0; i < 3; i++)
    sum.com[i] /= sum.mass;
  for (int k = 0; k < body->n_part; k++) {
    double d[3];
    for (int i = 0; i < 3; i++)
      d[i] = part[k].com[i] - sum.com[i];
    for (int i = 0; i < 6; i++)
      sum.inertia[i] += part[k].inertia[i];
    add_parallel(sum.inertia, part[k].mass, d);
  }
  return sum;
}

int kc_model_inertia_is_possible(const double inertia[6]) {
  double half = (inertia[0] + inertia[1] + inertia[2]) / 2, e = 1e-9 * half;
  double a = half - inertia[0] + e, b = half - inertia[1] + e, c = half - inertia[2] + e;
  double d = -inertia[3], f = -inertia[4], g = -inertia[5];
  double determinant = a * (b * c - g * g) - d * (d * c - g * f) + f * (d * g - b * f);
  return half >= 0 && a >= 0 && b >= 0 && c >= 0 && a * b - d * d >= -e * half &&
         a * c - f * f >= -e * half && b * c - g * g >= -e * half &&
         determinant >= -e * half * half;
}
