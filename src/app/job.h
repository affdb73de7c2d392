/// @file
/// One run of `kinchain run`: scenario, recording, analysis and where the file goes.
#pragma once
#include "app/adapt.h"
#include "gait/metrics.h"
#include "record/recording.h"
#include "sim/engine.h"

/// Everything that belongs to one scenario on the command line.
typedef struct {
  const char *source; ///< the scenario file
  char *path;         ///< the result file
  kc_scenario *scenario;
  kc_recording *recording;
  kc_gait_analysis *analysis;
  kc_run run;
  kc_app_watch watch;            ///< of the run
  kc_app_adaptation *adaptation; ///< NULL unless the scenario adapts
  int left_out;                  ///< 1: was not run, and has no file
} kc_app_job;

/// Says where each result goes: FILE for one scenario, DIR/<scenario>.h5 for several (the folder is
/// made), <scenario>.h5 in the working folder without -o.
/// @return KC_OK; KC_ERR_INPUT where two would have one name or -o does not fit; KC_ERR_FILE
kc_status kc_app_place_jobs(const kc_app_arguments *arguments, kc_app_job *job, int n,
                            kc_error *error) KC_WARN_UNUSED;
/// Reads the scenario and takes the memory of its recording.
kc_status kc_app_open_job(kc_app_job *job, const kc_app_arguments *arguments,
                          kc_error *error) KC_WARN_UNUSED;
/// Adapts, where the scenario asks for that; returns KC_OK where that was interrupted.
kc_status kc_app_adapt_job(kc_app_job *job, const kc_app_arguments *arguments,
                           kc_progress *progress, kc_error *error) KC_WARN_UNUSED;
/// Metrics of the finished run, and its result file.
kc_status kc_app_write_job(kc_app_job *job, kc_error *error) KC_WARN_UNUSED;
/// Frees what the job holds.
void kc_app_close_job(kc_app_job *job);
/// completed, fell, diverged, interrupted.
const char *kc_app_outcome_name(kc_outcome_kind kind);
