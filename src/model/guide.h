/// @file
/// Guided frames: polynomials fitted to knots, and their values.
#pragma once
#include "model/definition.h"

/// Fits the polynomials of a guide (link and joint indices are the caller's).
///
/// @param scale of the body that carries it
void kc_model_fit_guide(const kc_def_guide *def, double scale, kc_guide *guide);
/// Origin (m) and turn (rad) of a guided frame in its link at a coordinate.
void kc_model_eval_guide(const kc_guide *guide, double q, double origin[3], double *turn);
