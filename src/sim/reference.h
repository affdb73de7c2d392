/// @file
/// The reference road: one run integrated by GSL's adaptive methods, nothing implicit.
///
///   y = (q, v, actuators | impulses, works),  y' by the engine's own right-hand side, one lane
/// The integrator is restarted at each control tick, where the commands jump. The sums are carried
/// along as part of y, but do not steer the step. Contact friction is stiff (slip speed 0.05 m/s),
/// so a second of running takes about 1.5 s, and a minute or two where a body thrashes on the
/// ground: for comparisons, not for daily use. Outside of the bit promise, as GSL's arithmetic is
/// its own.
/// Source: GSL manual, ordinary differential equations (Prince and Dormand 8(9), Cash and Karp
/// 4(5), Fehlberg 4(5)).
#pragma once
#include "sim/engine.h"

/// Methods of GSL; their order in front of that of the error estimate.
typedef enum { KC_REFERENCE_RK8PD, KC_REFERENCE_RKCK, KC_REFERENCE_RKF45 } kc_reference_method;

/// How the reference is computed.
typedef struct {
  kc_reference_method method;
  double tolerance; ///< of each step, relative, and absolute in rad, m, 10 rad/s, kNm; > 0
} kc_reference;

/// Prince and Dormand's method at 1e-10.
kc_reference kc_sim_default_reference(void);

/// Runs one run along the reference road; its sinks are called as by kc_sim_run.
///
/// Commands are replayed (run->replay), or there is no controller. As with all replays nothing is
/// called a fall; a run whose step vanishes has diverged.
/// @return KC_OK with the outcome filled in; KC_ERR_INPUT for a run that needs a controller;
///         KC_ERR_MEMORY
kc_status kc_sim_run_reference(kc_run *run, const kc_reference *reference, const volatile int *stop,
                               kc_error *error) KC_WARN_UNUSED;
