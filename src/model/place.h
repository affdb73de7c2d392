/// @file
/// Where the points of a definition lie: in their body's frame, and in neutral posture.
#pragma once
#include "model/definition.h"

/// Which geometry of a definition: each goes one step further than the one before.
typedef enum {
  KC_GEOMETRY_REFERENCE, ///< of the source skeleton: all scales 1
  KC_GEOMETRY_SCALED,    ///< segments at the runner's size
  KC_GEOMETRY_GROWN,     ///< with changed bone lengths
  KC_GEOMETRY_CHANGED    ///< with every condition: innominates turned and slipped
} kc_geometry;

/// Scale of a body's points in a geometry.
double kc_model_place_scale(const kc_model_def *def, const kc_def_body *body, kc_geometry geometry);
/// Position in the body's frame, m, of a point written in reference geometry.
void kc_model_place_point(const kc_model_def *def, const kc_def_body *body, const double at[3],
                          int innominate, kc_geometry geometry, double out[3]);
/// Joint centre of a body in its parent's frame, m.
void kc_model_place_body(const kc_model_def *def, const kc_def_body *body, kc_geometry geometry,
                         double out[3]);
/// Origin of a body in ground in neutral posture (all coordinates zero), m.
void kc_model_place_origin(const kc_model_def *def, const kc_def_body *body, kc_geometry geometry,
                           double out[3]);
/// Turns a direction with the innominate bone of a side.
void kc_model_turn_with_innominate(const kc_model_def *def, kc_side side, double direction[3]);
