/// @file
/// Parameters of the gait controller: one table gives name, default, bounds, scale, unit, meaning.
#pragma once

/// X(name, default, lower, upper, scale of a tuning step, unit, meaning)
#define KC_CONTROL_PARAMS(X)                                                                       \
  X(leg_stiffness, 12579, 6000, 25000, 1500, "N/m", "virtual leg in compression")                  \
  X(leg_damping, 430, 0, 1500, 150, "N s/m", "virtual leg while it shortens")                      \
  X(takeoff_speed, 0.60, 0.30, 0.95, 0.12, "m/s", "vertical take-off speed aimed at")              \
  X(takeoff_length, 1.0, 0.95, 1.08, 0.02, "1", "take-off leg length over straight length")        \
  X(takeoff_energy, -10, -80, 80, 10, "J", "added to the energy of extension")                     \
  X(energy_gain, 0.5, 0, 1.5, 0.1, "1",                                                            \
    "share of a take-off energy error mended in the next step")                                    \
  X(force_rate, 51800, 15000, 80000, 8000, "N/s", "largest rise of the leg force")                 \
  X(extend_blend, 0.015, 0, 0.06, 0.012, "s", "blend from compression to extension")               \
  X(force_liftoff, 60, 1, 400, 60, "N", "leg force below which extension ends")                    \
  X(knee_liftoff, 0.30, -0.5, 0.4, 0.06, "rad", "knee angle below which extension ends")           \
  X(knee_touchdown, 0.42, 0.12, 0.45, 0.08, "rad", "knee angle at touch-down")                     \
  X(knee_swing, 1.85, 1.3, 2.2, 0.2, "rad", "peak knee flexion of swing")                          \
  X(knee_swing_phase, 0.45, 0.25, 0.6, 0.06, "1", "swing phase of that peak")                      \
  X(knee_extend_phase, 0.95, 0.85, 1.0, 0.05, "1", "swing phase at which the knee is extended")    \
  X(retraction, 1.2, -2, 6, 0.8, "1/s", "backward leg speed at touch-down")                        \
  X(landing_height, 0, -0.1, 0.25, 0.03, "m", "hip over that of neutral placement at landing")     \
  X(place_x_neutral, 0.45, 0.2, 0.8, 0.06, "1", "forward placement per speed times stance time")   \
  X(place_x_speed, 0.06, 0, 0.4, 0.04, "s", "forward placement per speed error")                   \
  X(place_x_offset, -0.055, -0.2, 0.2, 0.03, "m", "forward placement offset")                      \
  X(place_x_integral, 0.004, 0.001, 0.03, 0.002, "s", "forward placement per step-averaged error") \
  X(place_z_neutral, 0.15, 0, 1, 0.1, "1", "sideways placement per speed times stance time")       \
  X(place_z_speed, 0.20, 0, 0.6, 0.05, "s", "sideways placement per speed")                        \
  X(place_z_line, 0.06, 0, 0.3, 0.03, "1", "sideways placement per distance from the line")        \
  X(step_width, 0.045, 0, 0.25, 0.03, "m", "distance between the lines of both feet")              \
  X(trunk_lean, 0.075, -0.05, 0.25, 0.04, "rad", "forward lean of the pelvis")                     \
  X(tilt_stiffness, 140, 0, 500, 50, "1/s2", "pelvis tilt servo")                                  \
  X(tilt_damping, 28, 0, 80, 6, "1/s", "pelvis tilt servo")                                        \
  X(list_stiffness, 120, 0, 500, 60, "1/s2", "pelvis list servo")                                  \
  X(list_damping, 25, 0, 80, 6, "1/s", "pelvis list servo")                                        \
  X(rotation_stiffness, 90, 0, 500, 40, "1/s2", "pelvis rotation servo")                           \
  X(rotation_damping, 26, 0, 80, 5, "1/s", "pelvis rotation servo")                                \
  X(swing_stiffness, 1000, 100, 2500, 250, "1/s2", "swing leg servo")                              \
  X(swing_damping, 45, 5, 120, 12, "1/s", "swing leg servo")                                       \
  X(arm_stiffness, 40, 0, 400, 30, "1/s2", "arm servo")                                            \
  X(arm_damping, 27, 0, 80, 5, "1/s", "arm servo")                                                 \
  X(trunk_stiffness, 425, 50, 1500, 80, "1/s2", "spine servo")                                     \
  X(trunk_damping, 45, 5, 120, 6, "1/s", "spine servo")                                            \
  X(trunk_extension, 0, -0.5, 0.5, 0.06, "rad", "extension of the spine")                          \
  X(arm_swing, 0.9, -0.5, 2.5, 0.2, "1", "arm flexion per opposite leg angle")                     \
  X(arm_flexion, 0.0, -1, 1, 0.15, "rad", "mean arm flexion")                                      \
  X(arm_abduction, 0.12, 0.05, 0.5, 0.05, "rad", "arm abduction")                                  \
  X(elbow_flexion, 1.6, 0.8, 2.1, 0.2, "rad", "elbow flexion")                                     \
  X(swing_lead, 0, -0.5, 1.5, 0.2, "1", "share of the legs' rates that arms and trunk follow")     \
  X(trunk_rotation, 0.2, -0.3, 0.8, 0.1, "1", "trunk rotation per difference of leg angles")       \
  X(trunk_bending, 0, -1, 4, 0.3, "1", "bending of the spine against the pelvis' list")            \
  X(list_swing, 0, -0.3, 0.3, 0.03, "1", "pelvis list per angle between the legs")                 \
  X(list_lead, 0, -0.05, 0.05, 0.002, "s", "pelvis list per rate of that angle")                   \
  X(rotation_swing, 0, -0.5, 0.5, 0.03, "1", "pelvis rotation per angle between the legs")         \
  X(rotation_lead, 0, -0.05, 0.05, 0.003, "s", "pelvis rotation per rate of that angle")           \
  X(cop_start, 0.02, -0.05, 0.14, 0.02, "m", "centre of pressure ahead of the ankle, touch-down")  \
  X(cop_end, 0.11, 0.03, 0.20, 0.02, "m", "centre of pressure ahead of the ankle, take-off")       \
  X(cop_power, 1.25, 0.3, 2.5, 0.2, "1", "its course over stance")                                 \
  X(foot_touchdown, -0.03, -0.3, 0.35, 0.08, "rad", "foot pitch at touch-down, toes up positive")  \
  X(ankle_swing, 0.15, -0.4, 0.5, 0.15, "rad", "ankle angle of swing")                             \
  X(heel_rise_onset, 0.30, 0.1, 0.8, 0.08, "1", "stance phase at which the heel rises")            \
  X(heel_rise, 1.0, 0, 1.6, 0.15, "rad", "foot pitch at take-off, toes down")                      \
  X(foot_damping, 35, 0, 120, 15, "1/s", "linear velocity servo of the stance foot")               \
  X(foot_stiffness, 450, 50, 1000, 120, "1/s2", "attitude servo of the stance foot")               \
  X(foot_rotation_damping, 25, 0, 80, 10, "1/s", "attitude servo of the stance foot")              \
  X(leg_regularisation, 0.0095, 0.0005, 0.03, 0.002, "m2", "damped least squares of stance")       \
  X(friction_use, 0.66, 0.3, 0.75, 0.08, "1", "largest horizontal over vertical force")            \
  X(moment_x, 0.06, 0, 0.5, 0.03, "1", "force line may miss the mass centre, fore-aft")            \
  X(moment_z, 0.18, 0, 0.6, 0.05, "1", "force line may miss the mass centre, sideways")            \
  X(slope_knee, 0.0, -2, 2, 0.3, "rad", "touch-down knee per slope")                               \
  X(slope_length, 0.13, -1, 1, 0.1, "1", "take-off length per slope")                              \
  X(slope_place, 0.60, -2, 2, 0.2, "m", "forward placement per slope")                             \
  X(slope_lean, 1.2, -1, 4, 0.4, "rad", "lean per slope")                                          \
  X(slope_takeoff, 0.35, -2, 3, 0.3, "m/s", "take-off speed per slope")                            \
  X(slope_swing, -0.2, -4, 4, 0.5, "rad", "swing knee per slope")                                  \
  X(slope_pace, 0, -1, 7, 0.4, "1", "share of the speed given up per slope uphill")                \
  X(slope_knee_2, 0, -10, 10, 1, "rad", "touch-down knee per square of the slope")                 \
  X(slope_length_2, 0, -5, 5, 0.4, "1", "take-off length per square of the slope")                 \
  X(slope_place_2, 0, -10, 10, 0.8, "m", "forward placement per square of the slope")              \
  X(slope_lean_2, 0, -20, 20, 1.5, "rad", "lean per square of the slope")                          \
  X(slope_takeoff_2, 0, -15, 15, 1.2, "m/s", "take-off speed per square of the slope")             \
  X(slope_swing_2, 0, -20, 20, 2, "rad", "swing knee per square of the slope")                     \
  X(speed_stiffness, 0, -5000, 5000, 800, "N s/m2", "leg stiffness per speed above 3.3 m/s")       \
  X(speed_takeoff, 0, -0.4, 0.4, 0.05, "1", "take-off speed per speed above 3.3 m/s")              \
  X(speed_knee, 0, -0.3, 0.3, 0.03, "rad s/m", "touch-down knee per speed above 3.3 m/s")          \
  X(speed_length, 0, -0.05, 0.05, 0.006, "s/m", "take-off length per speed above 3.3 m/s")         \
  X(speed_place, 0, -0.1, 0.1, 0.012, "s", "forward placement per speed above 3.3 m/s")            \
  X(speed_lean, 0, -0.15, 0.15, 0.02, "rad s/m", "lean per speed above 3.3 m/s")                   \
  X(speed_swing, 0, -0.6, 0.6, 0.08, "rad s/m", "swing knee per speed above 3.3 m/s")              \
  X(speed_retraction, 0, -2, 2, 0.3, "1/m", "backward leg speed per speed above 3.3 m/s")          \
  X(speed_stiffness_2, 0, -5000, 5000, 800, "N s2/m3", "leg stiffness per square of that")         \
  X(speed_takeoff_2, 0, -0.4, 0.4, 0.05, "s/m", "take-off speed per square of that")               \
  X(speed_knee_2, 0, -0.3, 0.3, 0.03, "rad s2/m2", "touch-down knee per square of that")           \
  X(speed_length_2, 0, -0.05, 0.05, 0.006, "s2/m2", "take-off length per square of that")          \
  X(speed_place_2, 0, -0.1, 0.1, 0.012, "s2/m", "forward placement per square of that")            \
  X(speed_lean_2, 0, -0.15, 0.15, 0.02, "rad s2/m2", "lean per square of that")                    \
  X(speed_swing_2, 0, -0.6, 0.6, 0.08, "rad s2/m2", "swing knee per square of that")               \
  X(speed_retraction_2, 0, -2, 2, 0.3, "s/m2", "backward leg speed per square of that")            \
  X(muscle_horizon, 0.010, 0.003, 0.03, 0.0015, "s", "time ahead for which muscles are recruited") \
  X(muscle_lag, 0.010, 0.002, 0.04, 0.002, "s", "lag of muscles' torque in the prediction")        \
  X(recruit_softness, 0.04, 0.003, 0.4, 0.04, "1",                                                 \
    "moments traded for effort: softness share of recruitment")                                    \
  X(predict_share, 0.8, 0, 1.5, 0.1, "1", "prediction horizon over actuator lag")                  \
  X(observer_time, 0.04, 0.01, 0.2, 0, "s", "time constant of the disturbance observer")

typedef struct kc_control_params {
#define X(name, value, lower, upper, scale, unit, meaning) double name;
  KC_CONTROL_PARAMS(X)
#undef X
} kc_control_params;

/// One row of the table; scale 0: left alone by tuning.
typedef struct {
  const char *name;
  double value, lower, upper, scale;
  const char *unit, *meaning;
} kc_control_param_info;

/// Number of parameters (the fields of kc_control_params in table order, all doubles).
int kc_control_n_param(void);
/// Row `index` of the table.
const kc_control_param_info *kc_control_param(int index);
/// The defaults of the table.
kc_control_params kc_control_default_params(void);
