/// @file
/// Adapting: a scenario's controller parameters tuned on before it runs, and the naive run beside
/// the adapted one.
///
/// What tuning has found is kept in `<result>.adapt` after each generation; the same command goes
/// on from there, and ends with the same bytes where the number of runs ends it.
#pragma once
#include "app/app.h"
#include "base/progress.h"
#include "gait/metrics.h"
#include "scenario/definition.h"
#include "sim/engine.h"
#include "study/tune.h"

/// One run whose cost is found as it is recorded.
typedef struct {
  kc_recording *recording;
  kc_cost *cost; ///< NULL: recorded only
} kc_app_watch;

/// One adaptation.
typedef struct {
  kc_objectives objectives;
  char *objectives_text; ///< of their file; NULL where there is none
  char *reference;       ///< the table of measured runners that they name; NULL where there is none
  kc_tune_options options;
  double trial; ///< s: duration of a run of tuning
  kc_tune_result result;
  double wall;             ///< s
  kc_control_params start; ///< the naive parameters
  kc_scenario naive;       ///< the scenario with these; borrows all from it
  kc_gait_analysis *analysis;
  kc_run run;          ///< naive
  kc_app_watch run_of; ///< naive; the recording is its own
} kc_app_adaptation;

/// Sets a run up to be recorded, and its cost found where `cost` is not NULL.
void kc_app_watch_run(kc_run *run, kc_app_watch *watch);
/// Reads what a definition asks for; NULL where its mode is not adapted.
kc_status kc_app_open_adaptation(const kc_scenario_def *def, kc_app_adaptation **adaptation,
                                 kc_error *error) KC_WARN_UNUSED;
/// Tunes; the scenario has the best parameters afterwards.
///
/// @param state  file kept while it lasts; stays where it was interrupted
/// @param watch  of the adapted run: gets its cost
/// @return KC_OK, also where it was interrupted (result.is_interrupted); what tuning said
kc_status kc_app_adapt(kc_app_adaptation *adaptation, kc_scenario *scenario, const char *state,
                       const kc_app_arguments *arguments, kc_progress *progress,
                       kc_app_watch *watch, kc_error *error) KC_WARN_UNUSED;
/// Group "adaptation" of a result file: costs of both runs, term by term, and what tuning took.
kc_group *kc_app_create_adaptation_group(const kc_app_adaptation *adaptation,
                                         const kc_app_watch *adapted, const kc_outcome *outcome);
/// Group of that name with the parameters of the controller.
kc_group *kc_app_create_params_group(const char *name, const kc_control_params *params);
/// Cost of a finished run, in all, as tuning weighs a single scenario.
double kc_app_find_cost(const kc_app_adaptation *adaptation, const kc_app_watch *watch,
                        const kc_outcome *outcome, double *quantity);
/// Frees it; takes NULL.
void kc_app_close_adaptation(kc_app_adaptation *adaptation);
