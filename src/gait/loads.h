/// @file
/// Loads of steps: where the force of a footfall goes. From the control ticks, so that peaks are
/// not those of the record interval.
///
/// What a leg bears counts from its foot's strike to its next strike (a stride); what the spine
/// bears and the sensors feel, from the strike to the next one of the other foot (a step) and to
/// toe-off (stance), and belongs to the foot that struck. Means and impulses are trapezoids over
/// the ticks. Forces are resultants unless a direction is named; torsion peaks are of either sign.
///   asymmetry = 2 (R - L) / (R + L)
/// of the means of right and left; NaN where |R + L| is less than 1 % of |R| + |L|, or both are 0.
///   shock_transfer = sum_f |H(f)|^2 / sum_f |S(f)|^2,  f = 10, 11 .. 20 Hz
/// with H, S the Fourier transforms over stance of the accelerations of head and shank along their
/// long axes, each less its straight-line trend (after Shorten and Winslow 1992, who take stance
/// and the ratio of power spectra; attenuation is 1 - shock_transfer).
#pragma once
#include "gait/events.h"

/// Three values of the resultant contact force of one joint.
#define KC_GAIT_CONTACT_ROWS(R, X, joint, text, span)                                              \
  R(X, joint##_contact_peak, "BW", "largest contact force at " text " in a " span)                 \
  R(X, joint##_contact_mean, "BW", "mean contact force at " text " over a " span)                  \
  R(X, joint##_contact_impulse, "BW s", "impulse of the contact force at " text " over a " span)
/// Loads of a step, R(X, name, unit, meaning); R makes of each what is wanted and hands it to X.
#define KC_GAIT_LOAD_TABLE(R, X)                                                                   \
  R(X, loading_rate, "BW/s", "steepest rise of the vertical ground reaction force between ticks")  \
  KC_GAIT_CONTACT_ROWS(R, X, hip, "the hip", "stride")                                             \
  KC_GAIT_CONTACT_ROWS(R, X, tibiofemoral, "the knee, tibia on femur", "stride")                   \
  KC_GAIT_CONTACT_ROWS(R, X, patellofemoral, "the patella", "stride")                              \
  KC_GAIT_CONTACT_ROWS(R, X, ankle, "the ankle", "stride")                                         \
  KC_GAIT_CONTACT_ROWS(R, X, l5_s1, "L5/S1", "step")                                               \
  R(X, l5_s1_compression_peak, "BW", "largest contact force at L5/S1 along the spine in a step")   \
  R(X, l5_s1_shear_peak, "BW", "largest contact force at L5/S1 across the spine in a step")        \
  KC_GAIT_CONTACT_ROWS(R, X, t12_l1, "T12/L1", "step")                                             \
  R(X, tibiofemoral_loading_rate, "BW/s", "steepest rise of that contact force between ticks")     \
  R(X, hip_torsion_peak, "N m", "largest moment transmitted about the thigh at the hip")           \
  R(X, knee_torsion_peak, "N m", "largest moment transmitted about the shank at the knee")         \
  R(X, ankle_torsion_peak, "N m", "largest moment transmitted about the shank at the ankle")       \
  R(X, hip_torsion_net_peak, "N m", "largest net moment about the thigh at the hip")               \
  R(X, knee_torsion_net_peak, "N m", "largest net moment about the shank at the knee")             \
  R(X, ankle_torsion_net_peak, "N m", "largest net moment about the shank at the ankle")           \
  R(X, shank_shock, "g", "largest upward acceleration along the landing shank in stance")          \
  R(X, pelvis_shock, "g", "largest upward acceleration along the pelvis in stance")                \
  R(X, thorax_shock, "g", "largest upward acceleration along the thorax in stance")                \
  R(X, head_shock, "g", "largest upward acceleration along the head in stance")                    \
  R(X, shock_transfer, "1", "energy of acceleration from 10 to 20 Hz in stance, head over shank")

/// For KC_GAIT_LOAD_TABLE: the row itself; mean, standard deviation and those of each side; the
/// asymmetry.
#define KC_GAIT_LOAD_ROW(X, name, unit, meaning) X(name, unit, meaning)
#define KC_GAIT_LOAD_METRICS(X, name, unit, meaning)                                               \
  X(name, unit, meaning)                                                                           \
  X(name##_sd, unit, "standard deviation of " #name)                                               \
  X(name##_r, unit, #name ", right")                                                               \
  X(name##_l, unit, #name ", left")
#define KC_GAIT_LOAD_ASYMMETRY(X, name, unit, meaning)                                             \
  X(name##_asymmetry, "1", "2 (R - L) / (R + L) of " #name)

/// Values of a step; NaN for what the model or the run has not.
typedef struct {
#define X(name, unit, meaning) double name;
  KC_GAIT_LOAD_TABLE(KC_GAIT_LOAD_ROW, X)
#undef X
} kc_gait_loads;

/// Loads of the step that begins with a contact.
///
/// @param next    strike of the other foot that follows (tick), or n_tick
/// @param same    next strike of the same foot (tick), or n_tick
/// @param weight  body weight, N (> 0)
kc_gait_loads kc_gait_compute_loads(const kc_tick *tick, int n_tick, const kc_gait_contact *contact,
                                    int next, int same, double weight);
/// 2 (right - left) / (right + left), NaN where the sum is nearly nothing.
double kc_gait_compute_asymmetry(double right, double left);
/// Correlation of two sums of parts' angular momentum over the samples from a time on, and root
/// mean square of each part.
typedef struct {
  double legs_with_arms;  ///< correlation of legs and arms
  double legs_with_upper; ///< of legs and the rest of the body
  double rms[KC_N_PART];  ///< kg m2/s
} kc_gait_spin;
/// NaN where the recording has no such channel or fewer than three samples.
kc_gait_spin kc_gait_compute_spin(const kc_recording *recording, double from);
