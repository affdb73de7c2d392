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

/// Appends the mirror image of every guide, wrap and muscle whose name ends in _r.
kc_status kc_model_mirror_muscles(kc_model_def *def, kc_error *error) KC_WARN_UNUSED;
