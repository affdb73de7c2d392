/// @file
/// A stream of runs: OpenMP threads, each an engine of lanes, fed from one queue of tickets.
///
/// A run is made when a lane asks for its next one and handed back as soon as it has ended, so that
/// memory is that of the runs in flight, however long the queue. Results go by ticket and do not
/// depend on threads, lanes or order. Lanes take runs of one topology; a run of another waits aside
/// (a bounded number of them, first come first served) until a batch of its own begins.
#pragma once
#include "sim/engine.h"

/// Where runs come from and go to. `open` and `close` are called by several threads at once.
typedef struct {
  int width;                ///< lanes: 1, 4 or 8; 0 = as pays: 1 where every thread has one run
  int threads;              ///< 0 = all processors
  int n;                    ///< tickets are 0..n-1
  int max_aside;            ///< most runs of other topologies made ahead; 0 = a few for each thread
  const volatile int *hold; ///< nonzero: nothing new starts; may be NULL
  const volatile int *stop; ///< nonzero: what runs ends as interrupted too; may be NULL
  int tolerant; ///< a run that the engine refuses ends as KC_FAILED, the others go on; else all end
  /// Makes the run of a ticket; NULL where there is nothing to run.
  kc_run *(*open)(void *user, int ticket);
  /// Takes back a run with its outcome; one that never started is interrupted at t = 0.
  void (*close)(void *user, kc_run *run);
  void *user;
} kc_study_stream;

/// Fingerprint of what runs must share to share lanes: tree, spheres, bands, muscles and waves,
/// integrator, step, intervals, delay, what moves the joints, and whether there is a controller.
unsigned long long kc_study_hash_topology(const kc_scenario *scenario);

/// Runs all tickets.
///
/// @return KC_OK; KC_ERR_INTERRUPTED if `hold` or `stop` kept a ticket from its end; what the
///         engine said otherwise, with its findings in `error`
kc_status kc_study_run_stream(const kc_study_stream *stream, kc_error *error) KC_WARN_UNUSED;
