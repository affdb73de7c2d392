/// @file
/// The plain tuner: CMA-ES on the parameters of the gait controller.
///
/// Every generation, lambda candidates run all scenarios (lambda x n_scenario runs over lanes and
/// threads). What a run costs, how scenarios are weighed, which parameters move and within which
/// bounds is said by objectives; by default 0.7 mean(c_j) + 0.3 max(c_j) over scenarios c_j. To it
/// comes 2 sum ((x - y) / step)^2 where a parameter x lies outside its bounds and is held at y. One
/// unit of the search space is the parameter's step; those of step 0 are left alone. The first
/// generation contains the starting point itself (held within the bounds), so the result is never
/// worse than the start.
///
/// Common random numbers: the noise of the senses follows from the scenario's seed alone, so all
/// candidates of all generations meet the same noise.
/// Same scenarios, options and seed give the same parameters, whatever the lanes and threads (a
/// budget in seconds decides only when it ends).
///
/// With restarts a search that has converged, or stagnates (cma.h), is followed by one that starts
/// anew from the best, with the first step and twice the candidates (Auger and Hansen 2005,
/// doi:10.1109/CEC.2005.1554902; departure: they start from a random point).
///
/// With a curriculum the scenarios get harder: the share of the way rises by a step after each
/// generation in which enough candidates ran all scenarios whole. Costs are compared within a share
/// only: at a new one the best so far runs again as one of the candidates, and the best of that
/// generation takes its place. So what is kept in the end is the best at the highest share.
#pragma once
#include "control/params.h"
#include "scenario/scenario.h"
#include "study/curriculum.h"
#include "study/objectives.h"
#include <stdint.h>
#include <stdio.h>

/// Most restarts: the last search has 2^9 times the candidates of the first.
enum { KC_TUNE_MAX_RESTART = 9 };

/// Gives the scenarios at a share: n_scenario, of the caller, that last until the next call.
typedef kc_status kc_tune_stage(void *user, double share, const kc_scenario *const **scenario,
                                kc_error *error);

/// How far a tuning has got.
typedef struct {
  int generations, restart;     ///< over all searches; restarts so far
  long evaluations;             ///< runs
  double start_cost, best_cost; ///< of the starting point; of the best
  double elapsed, left;         ///< s: of this call; until a limit is reached, NaN without one
} kc_tune_progress;

/// How to search and where to write.
typedef struct {
  int lambda;        ///< candidates per generation, >= 4; 0 = 4 + floor(3 ln n)
  double sigma;      ///< initial step in units of the scale column, > 0
  double sigma_max;  ///< ceiling of the step
  double sigma_stop; ///< ends when the step falls below
  uint64_t seed;
  int width, threads;  ///< lanes and threads; 0 = what the processor has
  int restarts;        ///< most restarts, 0..KC_TUNE_MAX_RESTART
  double budget;       ///< wall clock, s; 0 = no limit
  int budget_in_all;   ///< 1: the budget counts resumed calls too; 0: this one only
  long evaluations;    ///< runs in all, resumed ones included; 0 = no limit
  const char *output;  ///< parameter file, written after each improvement, and beside it
                       ///< `output.mean`, the mean of the distribution; may be NULL
  const char *state;   ///< state file, written after each generation and gone on from; may be NULL
  const char *command; ///< named in the parameter file; may be NULL
  FILE *log;           ///< a line per generation; may be NULL
  /// Called after each generation with `progress_user`; may be NULL.
  void (*progress)(void *progress_user, const kc_tune_progress *progress);
  void *progress_user;
  const kc_objectives *objectives; ///< NULL: the defaults
  const kc_curriculum *curriculum; ///< may be NULL; else `stage` is asked for the scenarios
  kc_tune_stage *stage;
  void *user;               ///< of stage
  const volatile int *stop; ///< nonzero ends it after what is done; may be NULL
} kc_tune_options;

/// What was found.
typedef struct {
  kc_control_params best;   ///< of the best candidate
  kc_control_params mean;   ///< mean of the last distribution, held within bounds; never run itself
  double start_cost;        ///< of the starting point (at the first share of a curriculum)
  double best_cost;         ///< infinity if no generation was finished
  double share, best_share; ///< of the curriculum: reached; at which the best was found
  int generations, restarts;
  long evaluations;   ///< runs
  int is_interrupted; ///< 1: by the stop flag; what is left can be resumed
  const char *reason; ///< why it ended
} kc_tune_result;

/// sigma 0.3 (ceiling 1.5, end at 0.005), seed 1, no limits, no files, silent.
kc_tune_options kc_tune_default_options(void);

/// Tunes from the parameters of the first scenario (the table's defaults where it has none).
///
/// @param scenario  (n_scenario) read only: bodies are shared, not compiled again; NULL with a
///                  curriculum, which gives them
/// @return KC_OK when a limit or the stop flag ended it; KC_ERR_INPUT for options out of range or a
///         state file of other scenarios; KC_ERR_FILE, KC_ERR_MEMORY, or what the engine said. What
///         was found until then stays in the files.
kc_status kc_tune_run(const kc_scenario *const *scenario, int n_scenario,
                      const kc_tune_options *options, kc_tune_result *result,
                      kc_error *error) KC_WARN_UNUSED;

/// Writes a parameter file (as scenario/params.h) through a temporary name, so that a file of that
/// name is always whole.
///
/// @param comment  lines that start with "# "; may be empty
kc_status kc_tune_write_params(const char *path, const kc_control_params *params,
                               const char *comment, kc_error *error) KC_WARN_UNUSED;
