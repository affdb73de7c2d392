/// @file
/// The runner's own numbers on the body: mass, stature, sex, single lengths.
#pragma once
#include "scenario/definition.h"

/// Writes the numbers that the scenario gives into the body, and the others back from it.
///
/// @return KC_OK; KC_ERR_INPUT where the model has no size or no such segment
kc_status kc_scenario_apply_size(kc_scenario_def *def, kc_model_def *body,
                                 kc_error *error) KC_WARN_UNUSED;
