/// @file
/// The motion of a run's result file.
#pragma once
#include "lab/motion.h"

/// Reads a run.
///
/// Forces are the file's means from sample to sample, so that no impact falls between two samples;
/// such a mean over 5 ms takes 1.6 % off at 20 Hz. On a bend pelvis, mass centre and forces are as
/// seen from the course where the mass centre is; a file without `heading` is straight.
/// @param filter Hz, cut-off of the forces; 0 for none
/// @param motion set to what kc_lab_destroy_motion frees, NULL on failure
/// @return KC_OK; KC_ERR_INPUT if the file lacks something or its samples are too far apart for the
///         filter; KC_ERR_MEMORY
kc_status kc_lab_read_motion(const char *path, double filter, kc_motion **motion,
                             kc_error *error) KC_WARN_UNUSED;
