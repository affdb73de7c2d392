/// @file
/// Conditions of muscles: weak and tight.
#pragma once
#include "scenario/definition.h"

/// Changes the muscles that a condition chooses, by name, by group, or all of them, on its side.
///
/// @param change what is done to each
/// @return KC_OK; KC_ERR_INPUT where a choice names none, with the nearest name
kc_status kc_scenario_change_muscles(const kc_scenario_def *def, kc_model_def *body, int n,
                                     const kc_joint_choice *choice, int side,
                                     void (*change)(kc_def_muscle *muscle, const kc_condition *c),
                                     const kc_condition *c, kc_error *error) KC_WARN_UNUSED;
/// Makes a muscle weaker.
void kc_scenario_weaken_muscle(kc_def_muscle *muscle, const kc_condition *c);
/// Makes a muscle tight: shorter fibre and tendon, stiffer when stretched.
void kc_scenario_tighten_muscle(kc_def_muscle *muscle, const kc_condition *c);
