/// @file
/// What the files of the tuner share (tune.c: the loop; tune_start.c: beginning and end;
/// tune_report.c: what it tells and writes). Inside of src/study.
#pragma once
#include "study/tune.h"
#include "study/tune_file.h"

/// A search under way.
typedef struct {
  const kc_scenario *const *scenario;
  int n_scenario, n, lambda; // n: parameters that move
  const kc_tune_options *options;
  kc_objectives objectives;
  kc_error *error;
  kc_cma *cma;
  kc_tune_state state;
  double begin, elapsed_before; // s
  int64_t evaluations_before;
  int survivors, whole;   // of the last generation: runs; candidates that ran all scenarios whole
  int active[KC_SPACE_N]; // (n) table rows
  double *x, *f;          // (lambda x n), (lambda)
  double *cost;           // (lambda x n_scenario)
  double *best_cost;      // (n_scenario) of the best candidate of this call
  kc_control_params *params; // (lambda)
  kc_scenario *copy;         // (lambda x n_scenario)
  kc_run *run, **run_list;   // the same
  kc_cost **accumulator;     // the same
} kc_tuner;

/// Whether options are in range and files can be written.
kc_status kc_tuner_check(int n_scenario, const kc_tune_options *options,
                         kc_error *error) KC_WARN_UNUSED;
/// Whether the distance to a reference that is weighed can be found in some scenario.
kc_status kc_tuner_check_reference(const kc_tuner *tuner) KC_WARN_UNUSED;
/// Monotonic clock, s.
double kc_tuner_read_clock(void);
/// Gives back all that it holds.
void kc_tuner_release(kc_tuner *tuner);
/// Takes the scenarios of a share of the curriculum.
kc_status kc_tuner_set_share(kc_tuner *tuner, double share) KC_WARN_UNUSED;
/// How far a number of steps leads; 1 without a curriculum.
double kc_tuner_find_share(const kc_tuner *tuner, int64_t stage);
/// A new search, or the one of the state file, with the memory of its runs.
kc_status kc_tuner_start(kc_tuner *tuner) KC_WARN_UNUSED;
/// The next search, from the best, with twice the candidates.
kc_status kc_tuner_restart(kc_tuner *tuner) KC_WARN_UNUSED;
/// A point of the search space from parameters: the inverse of kc_tuner_make_params within bounds.
void kc_tuner_make_point(const kc_tuner *tuner, const kc_control_params *params, double *x);
/// Parameters of a point of the search space, held within bounds.
/// @return the penalty of what had to be held
double kc_tuner_make_params(const kc_tuner *tuner, const double *x, kc_control_params *params);
/// Writes the best candidate, and beside it the mean of the distribution it was drawn from.
kc_status kc_tuner_write_found(const kc_tuner *tuner) KC_WARN_UNUSED;
/// Time of this call, s, or of all where the budget counts all.
double kc_tuner_find_elapsed(const kc_tuner *tuner);
/// Tells of the generation whose best candidate is `first`, where that is wanted.
void kc_tuner_tell(const kc_tuner *tuner, int first);
