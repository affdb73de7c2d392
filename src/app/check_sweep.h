/// @file
/// `kinchain check` of a sweep file.
#pragma once
#include "base/error.h"

/// Reads a sweep file, runs a second of it, and prints how many runs it has and what they will
/// take.
///
/// @return KC_OK; what reading it said; KC_ERR_INPUT where no run can be made
kc_status kc_app_check_sweep(const char *path, kc_error *error) KC_WARN_UNUSED;
