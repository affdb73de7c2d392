/// @file
/// Budgets of momentum and energy over a recorded run.
#pragma once
#include "record/recording.h"

/// Largest departures over the run, each of the whole sum since the start.
typedef struct {
  double momentum;       ///< |m dv - impulse of feet, gravity, drag, push|, N s
  double angular;        ///< |dL - angular impulse about the mass centre|, N m s
  double audit_residual; ///< |residual of the energy audit|, J
} kc_gait_budget;

/// Sums impulses from the means over each sample interval; zero for fewer than two samples.
kc_gait_budget kc_gait_compute_budget(const kc_recording *recording);
