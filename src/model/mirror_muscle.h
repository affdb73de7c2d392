/// @file
/// The left side of guides, wraps and muscles, and what a refusal to mirror says.
#pragma once
#include "model/definition.h"

/// What is said to an item of the left side.
static const char kc_left_text[] =
    "the left side is made by mirroring the right one; write this with the suffix _r";
/// What is said where the left side finds no room.
static const char kc_full_text[] =
    "too many of these once the left side is added; shorten the model";

/// Whether an item has a left image (n of at most `most` stand there already); refuses what stands
/// left, or does not fit.
kc_status kc_model_needs_image(const kc_model_def *def, const char *name, kc_place place, int n,
                               int most, int *needed, kc_error *error) KC_WARN_UNUSED;
/// Turns a point of a path into its mirror image.
void kc_model_mirror_point(kc_def_point *point);
/// Appends the mirror image of every guide, wrap and muscle whose name ends in _r.
kc_status kc_model_mirror_muscles(kc_model_def *def, kc_error *error) KC_WARN_UNUSED;
