/// @file
/// Times of the parts of a step, for `kinchain bench`: medians on one core, per runner.
#pragma once
#include "scenario/scenario.h"
#include "sim/width.h"

/// X(name, meaning): what is timed.
#define KC_BENCH_LIST(X)                                                                           \
  X(aba, "kinematics and articulated-body algorithm, no forces")                                   \
  X(rhs, "one right-hand side: kinematics, contact, slings, passive joints, drag, ABA, powers")    \
  X(step, "one step: right-hand side, advance, paths and muscles, audit")                          \
  X(tree, "of a step: kinematics, momentum, articulated-body algorithm")                           \
  X(contact, "of a step: contact, slings, passive joints, drag")                                   \
  X(paths, "of a step of muscles: their paths")                                                    \
  X(muscles, "of a step of muscles: activations, fibres, tensions, forces and powers")             \
  X(tick, "one control tick")                                                                      \
  X(energy, "metabolic power and fibres' work, once a tick")                                       \
  X(sample, "one sample handed out")

/// Median times per runner, s.
typedef struct {
#define X(name, meaning) double name;
  KC_BENCH_LIST(X)
#undef X
} kc_bench;

/// Times one variant, which the processor must have, with every lane on the scenario's start.
/// @param bench [out]
/// @return KC_OK; KC_ERR_MEMORY
kc_status kc_sim_time_parts(kc_variant variant, const kc_scenario *scenario, kc_bench *bench,
                            kc_error *error) KC_WARN_UNUSED;

/// One variant of kc_sim_time_parts for each lane tag.
#define X(tag, lanes)                                                                              \
  kc_status kc_sim_bench_##tag(const kc_scenario *scenario, kc_bench *bench, kc_error *error)      \
      KC_WARN_UNUSED;
KC_VARIANT_LIST(X)
#undef X
