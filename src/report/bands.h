/// @file
/// Curves of a run on the bands of a reference, as a drawing.
#pragma once
#include "lab/score_run.h"

/// Draws one panel for each curve that the reference has: bands of mean +- 1 and 2 SD, the mean,
/// the run, title with unit, score; and one panel of the numbers in SD from their means.
///
/// @param title  of the run
/// @return KC_OK; KC_ERR_MEMORY; as kc_io_write_bytes
kc_status kc_report_draw_bands(const char *path, const char *title, const kc_measure *measure,
                               const kc_reference *reference, const kc_score score[KC_N_QUANTITY],
                               kc_error *error) KC_WARN_UNUSED;
