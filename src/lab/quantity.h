/// @file
/// What of a run is compared with measured runners: one table gives names, units, groups and over
/// what part of the gait each is taken.
#pragma once

/// Points of a curve: 0, 1, .. 100 % of the stride or of the stance.
enum { KC_N_POINT = 101 };

/// X(name, title): groups that scores are summed by.
#define KC_GROUP_LIST(X)                                                                           \
  X(spatiotemporal, "spatiotemporal")                                                              \
  X(forces, "forces")                                                                              \
  X(sagittal, "hip, knee, ankle sagittal")                                                         \
  X(hip, "hip, other axes")                                                                        \
  X(trunk, "pelvis and trunk")                                                                     \
  X(arms, "arms")                                                                                  \
  X(attitude, "trunk, thigh to vertical")
typedef enum {
#define X(name, title) KC_GROUP_##name,
  KC_GROUP_LIST(X)
#undef X
      KC_N_GROUP
} kc_score_group;

/// Over what a quantity is taken.
typedef enum {
  KC_OVER_STEPS,  ///< one number
  KC_OVER_STANCE, ///< a curve from foot strike to toe-off of a foot
  KC_OVER_STRIDE, ///< a curve from foot strike to the next strike of the same foot
} kc_score_span;

/// X(name, unit, group, span, left, meaning): `left` is the factor that turns the value at a left
/// foot's step to that of its mirror image. Names, axes and signs are those of the model's
/// coordinates (OpenSim); joints and arm are those of the foot that strikes.
#define KC_QUANTITY_LIST(X)                                                                        \
  X(step_rate, "1/min", spatiotemporal, STEPS, 1, "steps per minute")                              \
  X(step_length, "m", spatiotemporal, STEPS, 1, "way of the mass centre in a step")                \
  X(contact_time, "s", spatiotemporal, STEPS, 1, "foot strike to toe-off")                         \
  X(flight_time, "s", spatiotemporal, STEPS, 1, "toe-off to the next foot strike")                 \
  X(duty_factor, "1", spatiotemporal, STEPS, 1, "contact time over stride time")                   \
  X(com_oscillation, "m", spatiotemporal, STEPS, 1, "range of mass centre height in a step")       \
  X(pelvis_oscillation, "m", spatiotemporal, STEPS, 1, "range of pelvis height in a stride")       \
  X(peak_force_bw, "BW", spatiotemporal, STEPS, 1, "largest vertical force")                       \
  X(braking_peak_bw, "BW", spatiotemporal, STEPS, 1, "largest backward force")                     \
  X(propulsive_peak_bw, "BW", spatiotemporal, STEPS, 1, "largest forward force")                   \
  X(force_vertical, "BW", forces, STANCE, 1, "ground reaction force, up")                          \
  X(force_forward, "BW", forces, STANCE, 1, "ground reaction force, forward")                      \
  X(force_lateral, "BW", forces, STANCE, -1, "ground reaction force, to the foot's own side")      \
  X(hip_flexion, "deg", sagittal, STRIDE, 1, "hip flexion")                                        \
  X(knee_angle, "deg", sagittal, STRIDE, 1, "knee flexion")                                        \
  X(ankle_angle, "deg", sagittal, STRIDE, 1, "ankle dorsiflexion")                                 \
  X(hip_adduction, "deg", hip, STRIDE, 1, "hip adduction")                                         \
  X(hip_rotation, "deg", hip, STRIDE, 1, "hip internal rotation")                                  \
  X(pelvis_tilt, "deg", trunk, STRIDE, 1, "pelvis to ground, backward tilt")                       \
  X(pelvis_list, "deg", trunk, STRIDE, -1, "pelvis to ground, side of the foot down")              \
  X(pelvis_rotation, "deg", trunk, STRIDE, -1, "pelvis to ground, side of the foot forward")       \
  X(pelvis_height, "m", trunk, STRIDE, 1, "pelvis height less its mean over the stride")           \
  X(trunk_extension, "deg", trunk, STRIDE, 1, "thorax to pelvis, backward")                        \
  X(trunk_bending, "deg", trunk, STRIDE, -1, "thorax to pelvis, to the side of the foot")          \
  X(trunk_rotation, "deg", trunk, STRIDE, -1, "thorax to pelvis, side of the foot forward")        \
  X(arm_flex, "deg", arms, STRIDE, 1, "shoulder flexion")                                          \
  X(arm_add, "deg", arms, STRIDE, 1, "shoulder adduction")                                         \
  X(arm_rot, "deg", arms, STRIDE, 1, "shoulder internal rotation")                                 \
  X(elbow_flex, "deg", arms, STRIDE, 1, "elbow flexion")                                           \
  X(trunk_pitch, "deg", attitude, STRIDE, 1, "pelvis_tilt + trunk_extension")                      \
  X(thigh_pitch, "deg", attitude, STRIDE, 1, "pelvis_tilt + hip_flexion")
typedef enum {
#define X(name, ...) KC_QUANTITY_##name,
  KC_QUANTITY_LIST(X)
#undef X
      KC_N_QUANTITY
} kc_quantity;

/// The row of a quantity.
typedef struct {
  const char *name, *unit, *meaning;
  kc_score_group group;
  kc_score_span span;
  double left;
} kc_quantity_info;

/// Rows of all quantities, KC_N_QUANTITY of them.
const kc_quantity_info *kc_lab_quantity_info(int quantity);
/// Title of a group.
const char *kc_lab_group_title(int group);
