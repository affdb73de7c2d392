/// @file
/// Sweep files: which runs a sweep makes of a base scenario.
///
///     name: slope_by_speed
///     base: ../level.yaml          # beside this file, or shipped
///     set: {duration: 13 s}        # the same in all runs
///     factors:                     # see factor.h
///       course/grade: {from: -8 %, to: 8 %, points: 5}
///       speed: {list: [2.8 m/s, 3.3 m/s, 3.8 m/s]}
///     design: {kind: grid}         # grid, one_at_a_time, list, random, latin_hypercube, sobol,
///                                  # saltelli, morris; points, seed, ... as `list --sweep` tells
///     runners:                     # virtual runners: every point with the same n of them
///       number: 8
///       spreads: {runner/mass: {distribution: normal, mean: 70 kg, sd: 9 kg}}
///     keep: {strides: true}
///
/// `design: {kind: list, file: rows.csv}` takes its factors from the columns of a table, each named
/// "ADDRESS [UNIT]". Order of setting: base, `set`, --set, virtual runner, factors. Every value is
/// set on a copy of the base when the file is read; what can only be seen when a run is compiled is
/// told by kc_sweep_make_scenario. Run = point x n_replicate + replicate; a grid counts its last
/// factor first; one at a time begins with the base itself.
#pragma once
#include "scenario/definition.h"
#include "study/factor.h"
#include "study/points.h"

/// Most runs of a sweep, most factors, most fixed settings.
enum { KC_SWEEP_MAX_RUN = 10000000, KC_SWEEP_MAX_FACTOR = 256, KC_SWEEP_MAX_SETTING = 256 };

/// One fixed setting of a file.
typedef struct {
  kc_place place;
  char address[KC_ADDRESS_SIZE];
  char *value;
} kc_sweep_setting;

/// What a sweep file says.
typedef struct {
  kc_place place;
  char *text; ///< the YAML as read
  char *path; ///< of the sweep file, for messages
  char name[KC_NAME_SIZE];
  char base[1024]; ///< path of the base scenario, resolved
  int n_fixed;     ///< settings of `set:`
  kc_sweep_setting *fixed;
  int n_setting;       ///< those of `set:`, then those that the reader was given
  kc_setting *setting; ///< texts of their own
  int n_factor;        ///< columns that differ from point to point
  kc_factor *factor;
  struct {
    kc_place place;
    int kind; ///< kc_design_kind
    int n_point, n_trajectory, n_level;
    int sample; ///< of Saltelli: index into the words sobol, latin_hypercube, random
    char file[1024];
    unsigned long long seed;
  } design;
  struct {
    kc_place place;
    int number; ///< 0 = none
    unsigned long long seed;
    int n_spread;
    kc_factor *spread; ///< numbers of a virtual runner
  } runners;
  int keep_strides, keep_series; ///< what is kept of each run beside outcome and metrics
  int n_point;
  int n_replicate; ///< virtual runners, paired: every design point with the same n runners; 1 =
                   ///< none
  int n_run;       ///< points times replicates
  unsigned long long base_hash;   ///< of the base with its settings: scenario, model, parameters
  unsigned long long design_hash; ///< of factors, points and runners
  unsigned long long hash;        ///< of everything that decides a run's values: both
  kc_scenario_def *def;           ///< the base with its settings
  kc_model *body;                 ///< its unchanged body, compiled
  kc_points *points;              ///< designs from random on
  double *row;                    ///< (n_point x n_factor) of a list
  int *row_line;                  ///< (n_point) where each row stands
} kc_sweep;

/// The keys of a sweep file.
extern const kc_table kc_sweep_table;

/// Reads a sweep file with its base scenario.
///
/// @param setting of --set: before the factors, after `set:`
/// @return KC_OK and a sweep to be freed with kc_sweep_destroy; KC_ERR_INPUT with every problem;
///         *sweep NULL on failure
kc_status kc_sweep_read(const char *path, const kc_setting *setting, int n_setting,
                        kc_sweep **sweep, kc_error *error) KC_WARN_UNUSED;
/// The same from memory; `path` stands for the file in messages and for the place of other files.
kc_status kc_sweep_read_text(const char *text, size_t size, const char *path,
                             const kc_setting *setting, int n_setting, kc_sweep **sweep,
                             kc_error *error) KC_WARN_UNUSED;
/// Reads what a sweep's text says of its factors, points and runners, without its base scenario:
/// enough for kc_sweep_eval and kc_sweep_eval_runner, not for kc_sweep_make_scenario. Of the kind
/// `list`, whose table is a file of its own, factors and points stay empty; of one_at_a_time, the
/// values of the base are NAN.
///
/// @return as kc_sweep_read_text
kc_status kc_sweep_read_design(const char *text, size_t size, const char *path, kc_sweep **sweep,
                               kc_error *error) KC_WARN_UNUSED;
/// Frees a sweep; takes NULL.
void kc_sweep_destroy(kc_sweep *sweep);

/// Values of run `index` (n_factor), each in the factor's unit; a pure function of both.
///
/// One at a time: what is not varied has the base's value (NAN where the base has none; -1 for a
/// word that is not in the list).
/// @param point     [out] index of the design point; may be NULL
/// @param replicate [out] of the virtual runner; may be NULL
void kc_sweep_eval(const kc_sweep *sweep, int index, double *value, int *point, int *replicate);
/// Numbers of virtual runner `replicate` (runners.n_spread), each in its spread's unit.
void kc_sweep_eval_runner(const kc_sweep *sweep, int replicate, double *value);
/// Writes a value as --set takes it, with its unit, to the last digit; "" for NAN.
void kc_sweep_write_value(const kc_factor *factor, double value, char *text, size_t size);
/// Scenario of run `index`: base, settings, the virtual runner's numbers, factors.
///
/// Reads no file; may be called by several threads at once.
/// @return KC_OK and a scenario to be freed with kc_scenario_destroy, its text with every value as
///         a comment; KC_ERR_INPUT where the values admit none, with the reason; KC_ERR_MEMORY
kc_status kc_sweep_make_scenario(const kc_sweep *sweep, int index, kc_scenario **scenario,
                                 kc_error *error) KC_WARN_UNUSED;
