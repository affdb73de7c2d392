/// @file
/// Metrics of a run: one number each, from one list that names them everywhere (summary, compare,
/// figures.csv, /metrics of a result file).
#pragma once
#include "gait/steps.h"

/// Quantities of a step whose asymmetry is a metric, beside those of loads: R(X, name, unit,
/// meaning).
#define KC_GAIT_SIDED_LIST(R, X)                                                                   \
  R(X, contact_time, "s", "")                                                                      \
  R(X, flight_time, "s", "")                                                                       \
  R(X, step_time, "s", "")                                                                         \
  R(X, step_length, "m", "")                                                                       \
  R(X, duty_factor, "1", "")                                                                       \
  R(X, peak_force_bw, "BW", "")                                                                    \
  R(X, braking_peak_bw, "BW", "")                                                                  \
  R(X, propulsive_peak_bw, "BW", "")                                                               \
  R(X, braking_impulse, "BW s", "")                                                                \
  R(X, propulsive_impulse, "BW s", "")                                                             \
  R(X, vertical_impulse, "BW s", "")                                                               \
  R(X, com_oscillation, "m", "")                                                                   \
  R(X, achilles_stored, "J", "")                                                                   \
  R(X, achilles_returned, "J", "")                                                                 \
  R(X, ankle_out, "J", "")                                                                         \
  R(X, plantar_stored, "J", "")                                                                    \
  R(X, plantar_out, "J", "")                                                                       \
  R(X, iliotibial_stored, "J", "")                                                                 \
  R(X, iliotibial_out, "J", "")                                                                    \
  R(X, hip_sling, "J", "")                                                                         \
  R(X, hip_muscle, "J", "")                                                                        \
  R(X, hip_passive, "J", "")

/// X(name, unit, meaning). Means over both feet unless a side is named; only steps whose strike is
/// after `settle` count, and NaN stands where there were none.
#define KC_GAIT_METRIC_LIST(X)                                                                     \
  X(duration, "s", "time from the end of settling to the end of the run")                          \
  X(speed, "m/s", "mean speed along the course")                                                   \
  X(speed_slope, "1", "change of stride speed over 10 s, fitted to the last 10 s, over the speed") \
  X(n_step, "1", "foot strikes")                                                                   \
  X(alternating, "1", "1 where every strike is of the other foot than the last")                   \
  X(step_rate, "1/min", "steps per minute")                                                        \
  X(step_length, "m", "way of the mass centre along the course in a step")                         \
  X(contact_time, "s", "foot strike to toe-off")                                                   \
  X(contact_time_sd, "s", "standard deviation of contact time")                                    \
  X(contact_time_r, "s", "contact time, right")                                                    \
  X(contact_time_l, "s", "contact time, left")                                                     \
  X(flight_time, "s", "toe-off to the next foot strike")                                           \
  X(flight_time_sd, "s", "standard deviation of flight time")                                      \
  X(flight_time_r, "s", "flight time after right contacts")                                        \
  X(flight_time_l, "s", "flight time after left contacts")                                         \
  X(flight_time_min, "s", "shortest flight; negative: both feet were down")                        \
  X(duty_factor, "1", "contact time over stride time")                                             \
  X(duty_factor_r, "1", "duty factor, right")                                                      \
  X(duty_factor_l, "1", "duty factor, left")                                                       \
  X(peak_force_bw, "BW", "largest vertical ground reaction force of a step")                       \
  X(peak_force_bw_sd, "BW", "standard deviation of the vertical peak")                             \
  X(peak_force_bw_r, "BW", "vertical peak, right")                                                 \
  X(peak_force_bw_l, "BW", "vertical peak, left")                                                  \
  X(braking_peak_bw, "BW", "largest backward ground reaction force of a step")                     \
  X(braking_peak_bw_r, "BW", "braking peak, right")                                                \
  X(braking_peak_bw_l, "BW", "braking peak, left")                                                 \
  X(propulsive_peak_bw, "BW", "largest forward ground reaction force of a step")                   \
  X(propulsive_peak_bw_r, "BW", "propulsive peak, right")                                          \
  X(propulsive_peak_bw_l, "BW", "propulsive peak, left")                                           \
  X(braking_impulse, "BW s", "impulse of backward ground reaction force of a step")                \
  X(propulsive_impulse, "BW s", "impulse of forward ground reaction force of a step")              \
  X(vertical_impulse, "BW s", "impulse of vertical ground reaction force of a step")               \
  X(vertical_impulse_r, "BW s", "vertical impulse, right")                                         \
  X(vertical_impulse_l, "BW s", "vertical impulse, left")                                          \
  X(com_oscillation, "m", "range of mass centre height in a step about its mean slope")            \
  X(com_oscillation_sd, "m", "standard deviation of the oscillation")                              \
  X(drift, "m", "largest way of the mass centre aside from where it began on the course")          \
  X(positive_work, "J", "positive work of muscles and motors, whole run")                          \
  X(positive_work_rate, "J/(kg m)", "positive work of muscles and motors per mass and way")        \
  X(audit_residual, "1", "largest residual of the energy audit over positive_work")                \
  X(momentum_residual, "BW s", "largest change of momentum less impulse of all forces, whole run") \
  X(angular_residual, "BW m s", "the same for angular momentum about the mass centre")             \
  X(sling_force_max, "N", "largest tension of any fascial band after settling")                    \
  X(sling_work_positive, "J", "positive work of all fascial bands, whole run")                     \
  X(momentum_correlation, "1",                                                                     \
    "correlation of the vertical angular momenta of legs and of arms and trunk")                   \
  X(momentum_correlation_arms, "1", "correlation of those of legs and arms")                       \
  X(momentum_legs, "kg m2/s", "root mean square of the vertical angular momentum of the legs")     \
  X(momentum_arms, "kg m2/s", "root mean square of that of the arms")                              \
  X(momentum_trunk, "kg m2/s", "root mean square of that of pelvis, trunk and head")               \
  KC_GAIT_LOAD_TABLE(KC_GAIT_LOAD_METRICS, X)                                                      \
  KC_GAIT_SIDED_LIST(KC_GAIT_LOAD_ASYMMETRY, X)                                                    \
  KC_GAIT_LOAD_TABLE(KC_GAIT_LOAD_ASYMMETRY, X)                                                    \
  KC_GAIT_ENERGY_TABLE(KC_GAIT_ROW, X)                                                             \
  KC_GAIT_ENERGY_TABLE(KC_GAIT_ROW_SD, X)

typedef struct {
#define X(name, unit, meaning) double name;
  KC_GAIT_METRIC_LIST(X)
#undef X
} kc_gait_metrics;

/// Steps and metrics of one run.
typedef struct {
  int n_step;
  kc_gait_step *step; ///< in order of strike, settling included
  double settle;      ///< s
  kc_gait_metrics metrics;
} kc_gait_analysis;

/// Number of metrics, and the row of each (doubles of kc_gait_metrics in this order).
int kc_gait_n_metric(void);
const kc_gait_info *kc_gait_metric_info(int index);
/// Steps and metrics of a recording; a recording without samples gives NaN everywhere.
///
/// @param settle  s: start of the run that the metrics leave out
/// @return KC_OK and an analysis to be freed with kc_gait_destroy; KC_ERR_MEMORY
kc_status kc_gait_analyse(const kc_recording *recording, double settle, kc_gait_analysis **analysis,
                          kc_error *error) KC_WARN_UNUSED;
/// Frees an analysis; takes NULL.
void kc_gait_destroy(kc_gait_analysis *analysis);
/// Group "metrics" of a result file: one number each; NULL if there is no memory.
kc_group *kc_gait_create_metrics_group(const kc_gait_analysis *analysis);
/// Group "strides": step quantities by stride and side, with the scales it needs; rows are the
/// strikes of each foot in order, settling included, NaN where a foot has fewer.
kc_group *kc_gait_create_strides_group(const kc_recording *recording,
                                       const kc_gait_analysis *analysis);
/// Adds energies by muscle and by band to the group "strides", n_stride rows of both sides.
void kc_gait_add_stride_energies(kc_group *group, const kc_recording *recording,
                                 const kc_gait_analysis *analysis, int n_stride);
/// Group "curves": mean (`x`) and standard deviation (`x_sd`) of coordinates, torques, powers, foot
/// forces and loads on 101 points from right foot strike to right foot strike, over the strides
/// after settling.
kc_group *kc_gait_create_curves_group(const kc_recording *recording,
                                      const kc_gait_analysis *analysis);
