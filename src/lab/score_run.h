/// @file
/// A run's figures against a reference table's.
#pragma once
#include "lab/measure.h"
#include "lab/reference.h"
#include "lab/score.h"

/// Scores every quantity that the table has, at the table's points; `shape` only of angles.
///
/// @param score [out] (KC_N_QUANTITY)
void kc_lab_score_run(const kc_measure *measure, const kc_reference *reference,
                      kc_score score[KC_N_QUANTITY]);
/// Writes a run's figures as a reference table: means and standard deviations over its strides, to
/// score other runs against. Points that never vary are left out, for want of a deviation.
///
/// @param source what the table says of its source
/// @return KC_OK; KC_ERR_INPUT if there is only one stride; as kc_io_write_bytes
kc_status kc_lab_write_reference(const char *path, const char *source, const kc_measure *measure,
                                 const kc_measure_options *options, kc_error *error) KC_WARN_UNUSED;
