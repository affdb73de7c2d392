/// @file
/// Files of controller parameters: `name: value unit`, one a line.
#pragma once
#include "base/error.h"
#include "control/params.h"
#include <stdio.h>

/// Reads parameters; names that are not in the file keep the defaults of the table.
kc_status kc_scenario_read_params(const char *path, kc_control_params *params,
                                  kc_error *error) KC_WARN_UNUSED;
/// The same from memory; `name` stands for the file in messages.
kc_status kc_scenario_read_params_text(const char *text, size_t size, const char *name,
                                       kc_control_params *params, kc_error *error) KC_WARN_UNUSED;
/// Writes all parameters, to the last digit, under a comment (lines of which start with "# ").
/// @return KC_OK, or KC_ERR_FILE if the stream failed
kc_status kc_scenario_write_params(FILE *file, const kc_control_params *params,
                                   const char *comment) KC_WARN_UNUSED;
