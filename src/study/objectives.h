/// @file
/// What a tuning minimises and moves, as a file says it.
///
///     base: none             # weights of terms that are not named: 0; default: those of the table
///     terms:                 # `kinchain list --terms` prints them
///       missing_time: 100    # a weight
///       head_rate: {weight: 2, cap: 5}
///     mean: 0.7              # scenarios are weighed by mean and worst cost (defaults)
///     worst: 0.3
///     reference: hamner2013_3.0.csv  # what terms reference_* are distances to: a file as
///     `kinchain
///                            # score --reference` takes, beside this one, or the name of a shipped
///                            one
///     parameters:            # `kinchain list --params` prints them
///       include: [knee_*, place_*]   # those that move (default: all that have a tuning scale)
///       exclude: knee_swing_phase    # of these
///       bounds:                      # these move too
///         knee_touchdown: {from: 0.3 rad, to: 0.4 rad}
/// Weights and caps are per and in the unit of the term; `*` stands for any letters.
#pragma once
#include "base/error.h"
#include "study/cost.h"
#include "study/space.h"
#include <stdio.h>

/// Terms, how scenarios are weighed, and the space that is searched.
typedef struct {
  kc_cost_weights cost;
  double mean, worst; ///< cost of a candidate = mean * mean(c_j) + worst * max(c_j) over scenarios
  kc_space space;
  char *reference_name;    ///< as the file says it; NULL without one
  kc_reference *reference; ///< the memory behind cost.reference
} kc_objectives;

/// The table's terms, 0.7 mean + 0.3 worst, the default space.
kc_objectives kc_objectives_default(void);
/// Reads a file, and the table it names.
/// @param objectives to be freed with kc_objectives_destroy; holds nothing after a failure
/// @return KC_OK; KC_ERR_INPUT with every problem
kc_status kc_objectives_read(const char *path, kc_objectives *objectives,
                             kc_error *error) KC_WARN_UNUSED;
/// The same from memory; `name` stands for the file in messages, and its folder is looked into.
kc_status kc_objectives_read_text(const char *text, size_t size, const char *name,
                                  kc_objectives *objectives, kc_error *error) KC_WARN_UNUSED;
/// Frees what reading took.
void kc_objectives_destroy(kc_objectives *objectives);
/// Fingerprint of what decides the course of a search.
unsigned long long kc_objectives_hash(const kc_objectives *objectives, unsigned long long hash);
/// Writes what differs from the defaults, as comments of a parameter file; nothing where all is as
/// by default.
void kc_objectives_print(const kc_objectives *objectives, FILE *file);
