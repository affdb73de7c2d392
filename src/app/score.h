/// @file
/// What `kinchain score` prints.
#pragma once
#include "lab/score_run.h"
#include <stdio.h>

/// One run scored.
typedef struct {
  const char *file, *title, *outcome; ///< of the run
  const char *reference_file;
  const kc_measure *measure;
  const kc_measure_options *options;
  const kc_reference *reference;
  kc_score score[KC_N_QUANTITY];
} kc_scored;

/// Prints tables: numbers, curves, groups.
void kc_app_print_score(FILE *out, const kc_scored *scored);
/// Prints the same as one JSON object.
void kc_app_print_json_score(FILE *out, const kc_scored *scored);
/// The shipped table whose speed is nearest.
///
/// @param path      set to its path, to be freed
/// @param reference set to what kc_lab_destroy_reference frees
/// @return KC_OK; KC_ERR_INPUT if no table is found, or one that is wrong
kc_status kc_app_choose_reference(double speed, char **path, kc_reference **reference,
                                  kc_error *error) KC_WARN_UNUSED;
