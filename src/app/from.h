/// @file
/// One run of a sweep made again from the sweep's file alone.
#pragma once
#include "app/app.h"

/// Makes the scenario of run `number` of a sweep's file: base scenario, model and parameters as the
/// file keeps them, with its settings and that run's values, then those of --set.
///
/// @return KC_OK and a scenario to be freed; KC_ERR_INPUT where the file has no such run or its
///         values admit none; KC_ERR_MEMORY
kc_status kc_app_read_run(const char *path, int number, const kc_app_arguments *arguments,
                          kc_scenario **scenario, kc_error *error) KC_WARN_UNUSED;
