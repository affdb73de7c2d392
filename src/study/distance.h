/// @file
/// How far a run is from measured runners, found as it runs: what `kinchain score` tells of its
/// file, by the same measuring and scoring (src/lab).
///
/// A sample is taken at the most whole ticks within 5 ms (fewer where the table's filter needs
/// them); its force is the mean since the last one by trapezoids over the ticks between them, where
/// a file has the mean over all steps. Both feet count, the left mirrored.
#pragma once
#include "lab/reference.h"
#include "lab/score.h"
#include "record/sample.h"
#include "scenario/scenario.h"

/// Samples of one run at a time, and room to measure them.
typedef struct kc_distance kc_distance;

/// Distances by group of quantities; 0 for a group that the table has not got.
typedef struct {
  double rms[KC_N_GROUP]; ///< SD: kc_score_share.clipped over the group
  double out[KC_N_GROUP]; ///< share of points outside 2 SD
} kc_distance_values;

/// Whether a scenario's runs are measured: those that people ran in the laboratory, within 0.3 m/s
/// of the table's speed, straight on over level, even ground, not pushed, the body unchanged. What
/// other runs come to stays a prediction.
int kc_distance_applies(const kc_reference *reference, const kc_scenario *scenario);
/// Makes ready for a run of the scenario; takes memory where there is not enough from earlier runs.
///
/// @param distance  [in, out] NULL or of an earlier run; to be freed with kc_distance_destroy
/// @param settle    s: strides that begin earlier do not count
/// @return KC_OK; KC_ERR_MEMORY
kc_status kc_distance_begin(kc_distance **distance, const kc_scenario *scenario,
                            const kc_reference *reference, double settle) KC_WARN_UNUSED;
/// Adds a control tick: needs time, q, com, foot_force.
void kc_distance_add_tick(kc_distance *distance, const kc_sample *sample);
/// The distances of the run so far; adds no ticks afterwards.
///
/// HUGE_VAL where there is no whole stride, or no memory to find it.
const kc_distance_values *kc_distance_compute(kc_distance *distance);
/// Frees it; takes NULL.
void kc_distance_destroy(kc_distance *distance);
