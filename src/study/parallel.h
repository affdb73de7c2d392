/// @file
/// Many runs at once: OpenMP threads, each an engine of lanes, fed from one queue.
///
/// Results go by slot (each run has its own sink and outcome), so they do not depend on threads,
/// lanes or order. Runs are grouped by topology; within a group the next run goes to whichever lane
/// is free first. stream.h is the same for runs that are made as they are asked for.
#pragma once
#include "sim/engine.h"

/// How runs are spread.
typedef struct {
  int width;   ///< lanes: 1, 4 or 8; 0 = as pays: 1 where every thread has a single run
  int threads; ///< 0 = all processors
  const volatile int
      *stop; ///< nonzero: what runs ends as interrupted, nothing new starts; may be NULL
  /// Called as each run ends, one at a time, with how many of n have ended; may be NULL.
  void (*progress)(void *user, int n_done, int n, const kc_run *run);
  void *user;
} kc_study_parallel;

/// The processor's own width, all processors, no stop, no progress.
kc_study_parallel kc_study_default_parallel(void);

/// Whether two scenarios can share lanes: they have one fingerprint of topology (stream.h).
int kc_study_is_same_topology(const kc_scenario *a, const kc_scenario *b);

/// Runs all of them; each run's outcome is filled in.
///
/// @param run  (n) pointers; sample and tick sinks are called on the thread that steps the run
/// @return KC_OK; KC_ERR_INTERRUPTED if the stop flag ended it (runs never started are then
///         interrupted at t = 0); what the engine said otherwise, with its findings in `error`
kc_status kc_study_run_parallel(const kc_study_parallel *parallel, kc_run **run, int n,
                                kc_error *error) KC_WARN_UNUSED;
