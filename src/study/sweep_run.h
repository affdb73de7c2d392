/// @file
/// Running a sweep: each run is made when a lane asks for it and gone once its row has been given.
///
/// Memory is that of the runs in flight: a slot holds one run with its scenario, recording and the
/// bytes of its row, and is used again. A run whose scenario cannot be made, or that the engine
/// refuses, gives a row with the outcome failed and the reason.
#pragma once
#include "record/recording.h"
#include "study/design.h"
#include "study/sweep_row.h"

/// What is run and where rows go.
typedef struct {
  int width, threads; ///< as in stream.h
  int n;
  const int *index; ///< (n) runs of the sweep, in the order in which they are begun
  /// Nonzero: nothing new starts, what runs has a second to end and is then given up without a row;
  /// may be NULL.
  const volatile int *interrupted;
  /// Takes a row as bytes of sweep_row.h, one at a time; anything but KC_OK ends the sweep.
  kc_status (*row)(void *user, const kc_sweep_row *row, const kc_sweep_bytes *bytes,
                   kc_error *error);
  void *user;
} kc_sweep_job;

/// Runs them.
///
/// @return KC_OK; KC_ERR_INTERRUPTED; what `row` returned; KC_ERR_MEMORY
kc_status kc_sweep_run(const kc_sweep *sweep, const kc_sweep_job *job,
                       kc_error *error) KC_WARN_UNUSED;
/// The room that the recording of a run needs.
/// @return KC_OK; KC_ERR_INPUT where it is more than 5e7 samples or ticks
kc_status kc_study_count_samples(const kc_task *task, int *n_sample, int *n_tick,
                                 kc_error *error) KC_WARN_UNUSED;
/// A run that is recorded with all that its metrics need.
kc_run kc_study_default_run(const kc_scenario *scenario, kc_recording *recording);
