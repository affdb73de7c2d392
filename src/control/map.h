/// @file
/// Where the gait controller finds hips, knees and soles in a compiled model.
#pragma once
#include "model/model.h"

enum { KC_MAX_RUNNER_JOINT = 64 };   ///< most joints of a model that the controller can run
enum { KC_MAX_RUNNER_MUSCLE = 128 }; ///< and most muscles
enum { KC_MAX_GROUP_MUSCLE = 64 };   ///< and most muscles of a leg, or of the trunk
enum { KC_N_LEG_JOINT = 6 };         ///< hip flexion, adduction, rotation, knee, ankle, subtalar

typedef struct {
  int joint[KC_N_LEG_JOINT]; ///< joint indices in that order
  int mtp;
  int hip;                 ///< joint index of the hip's first hinge: its origin is the hip centre
  int foot;                ///< link of the rear foot (calcn)
  double thigh, shank;     ///< lengths, m
  double heel[3], ball[3]; ///< sole points on the foot's centre line, foot's model frame, m
  double ankle_x;          ///< ankle ahead of the foot's origin at neutral, m
  double straight;         ///< straight leg: hip centre to the sole 0.10 m ahead of the ankle, m
} kc_leg_map;

typedef struct {
  int tilt, list, rotation; ///< pelvis; slides are joints 0 1 2
  int pelvis;               ///< link of the pelvis
  int trunk;                ///< link whose uprightness decides about falling (thorax)
  int spine[9];             ///< lumbar, thorax, neck: extension, bending, rotation of each
  kc_leg_map leg[KC_N_SIDE];
  int arm[KC_N_SIDE][4]; ///< flexion, adduction, rotation, elbow
} kc_runner_map;

/// Finds the runner's joints by name.
///
/// @return KC_OK; KC_ERR_INPUT naming every joint, link or sole point that the model lacks, and
/// every leg or trunk with more than KC_MAX_GROUP_MUSCLE muscles
kc_status kc_control_find_map(const kc_model *model, kc_runner_map *map,
                              kc_error *error) KC_WARN_UNUSED;
/// Whose muscle it is: of the side whose thigh, shank or foot it has a point on, or KC_N_SIDE, of
/// the trunk.
int kc_control_find_group(const kc_model *model, const kc_runner_map *map, int muscle);
