/// @file
/// Places of points; see place.h.
///
/// A body's points are in the reference geometry; scale = segment length / reference length, where
/// the length is a fraction of stature or a single length. Joint centres scale with the parent.
///
/// Conditions: a changed bone scales all that belongs to it; a rotated innominate carries the hip
/// centre and the points marked innominate about the sacroiliac axis, then its up-slip lifts them.
#include "model/place.h"

#include <math.h>
#include <sleef.h>
#include <string.h>

double kc_model_place_scale(const kc_model_def *def, const kc_def_body *body,
                            kc_geometry geometry) {
  int i = kc_model_def_find_segment(def, body->scale);
  if (i < 0 || geometry == KC_GEOMETRY_REFERENCE)
    return 1;
  const kc_def_segment *segment = &def->segment[i];
  double fraction = def->sex == KC_MALE ? segment->male : segment->female;
  double length = segment->length > 0 ? segment->length : fraction * def->stature;
  double change = geometry >= KC_GEOMETRY_GROWN ? body->length_change : 0;
  return (length + change) / segment->reference;
}

double kc_model_body_scale(const kc_model_def *def, const kc_def_body *body) {
  return kc_model_place_scale(def, body, KC_GEOMETRY_CHANGED);
}

/// Adds to a vector what the innominate's rotation changes of `arm`.
static void add_turn(const kc_model_def *def, kc_side side, const double arm[3], double out[3]) {
  const double *axis = def->sacroiliac_axis;
  double length = sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]);
  if (!(length > 0))
    return;
  double angle = def->innominate_angle[side], e[3], dot = 0;
  double s = Sleef_cinz_sind1_u10purec(angle), c = Sleef_cinz_cosd1_u10purec(angle);
  for (int i = 0; i < 3; i++) {
    e[i] = axis[i] / length;
    dot += e[i] * arm[i];
  }
  const double cross[3] = {e[1] * arm[2] - e[2] * arm[1], e[2] * arm[0] - e[0] * arm[2],
                           e[0] * arm[1] - e[1] * arm[0]};
  // the rotation's change alone is added, so that no angle changes no bit
  for (int i = 0; i < 3; i++)
    out[i] += (1 - c) * (dot * e[i] - arm[i]) + s * cross[i];
}

void kc_model_turn_with_innominate(const kc_model_def *def, kc_side side, double direction[3]) {
  const double before[3] = {direction[0], direction[1], direction[2]};
  add_turn(def, side, before, direction);
}

/// Turns a point (m) about the sacroiliac axis by the innominate's angle; then its up-slip.
static void turn_point(const kc_model_def *def, double scale, kc_side side, double point[3]) {
  double arm[3];
  for (int i = 0; i < 3; i++)
    arm[i] = point[i] - scale * def->sacroiliac_at[i];
  add_turn(def, side, arm, point);
  point[1] += def->innominate_slip[side];
}

void kc_model_place_point(const kc_model_def *def, const kc_def_body *body, const double at[3],
                          int innominate, kc_geometry geometry, double out[3]) {
  double scale = kc_model_place_scale(def, body, geometry);
  for (int i = 0; i < 3; i++)
    out[i] = scale * at[i];
  if (innominate && geometry == KC_GEOMETRY_CHANGED)
    turn_point(def, scale, at[2] > 0 ? KC_RIGHT : KC_LEFT, out);
}

void kc_model_place_body(const kc_model_def *def, const kc_def_body *body, kc_geometry geometry,
                         double out[3]) {
  int parent = kc_model_def_find_body(def, body->parent);
  if (parent < 0)
    memcpy(out, body->at, 3 * sizeof out[0]);
  else
    kc_model_place_point(def, &def->body[parent], body->at, body->innominate, geometry, out);
}

void kc_model_place_origin(const kc_model_def *def, const kc_def_body *body, kc_geometry geometry,
                           double out[3]) {
  double step[3];
  kc_model_place_body(def, body, geometry, out);
  for (int i = kc_model_def_find_body(def, body->parent); i >= 0;
       i = kc_model_def_find_body(def, def->body[i].parent)) {
    kc_model_place_body(def, &def->body[i], geometry, step);
    for (int k = 0; k < 3; k++)
      out[k] += step[k];
  }
}
