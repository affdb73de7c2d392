/// @file
/// Where the load goes: joints whose forces are looked at, sensors of acceleration, parts of the
/// body. Found by the names of OpenSim's coordinates, so that a model needs no list of them.
#pragma once
#include "model/model.h"

#define KC_LOAD_LEG(X, side)                                                                       \
  X(hip_##side, "hip_flexion_" #side)                                                              \
  X(tibiofemoral_##side, "knee_angle_" #side)                                                      \
  X(patellofemoral_##side, "knee_angle_" #side)                                                    \
  X(ankle_##side, "ankle_angle_" #side)
/// X(name, coordinate): a joint with the first of its coordinates, whose origin is its centre.
#define KC_LOAD_JOINT_LIST(X)                                                                      \
  KC_LOAD_LEG(X, r) KC_LOAD_LEG(X, l) X(l5_s1, "lumbar_extension") X(t12_l1, "thorax_extension")
typedef enum {
#define X(name, coordinate) KC_LOAD_##name,
  KC_LOAD_JOINT_LIST(X)
#undef X
      KC_N_LOAD_JOINT
} kc_load_joint;
/// Joints of a leg in that list: entry side * KC_N_LOAD_LEG + one of these.
typedef enum {
  KC_LOAD_HIP,
  KC_LOAD_TIBIOFEMORAL,
  KC_LOAD_PATELLOFEMORAL,
  KC_LOAD_ANKLE,
  KC_N_LOAD_LEG
} kc_load_leg;

/// X(name, text): joints through which torsion is looked at, and the long axis it is about.
#define KC_TORSION_LIST(X) X(hip, "thigh") X(knee, "shank") X(ankle, "shank")
typedef enum {
#define X(name, axis) KC_TORSION_##name,
  KC_TORSION_LIST(X)
#undef X
      KC_N_TORSION
} kc_torsion_joint;

/// X(name, place): points fixed in bodies where acceleration is looked at.
#define KC_SENSOR_LIST(X)                                                                          \
  X(shank_r, "4/5 of the way from knee to ankle centre")                                           \
  X(shank_l, "4/5 of the way from knee to ankle centre")                                           \
  X(pelvis, "L5/S1 joint")                                                                         \
  X(thorax, "joint of the neck")                                                                   \
  X(head, "mass centre of the head")
typedef enum {
#define X(name, place) KC_SENSOR_##name,
  KC_SENSOR_LIST(X)
#undef X
      KC_N_SENSOR
} kc_sensor;

/// X(name, text): parts whose angular momentum is looked at.
#define KC_PART_LIST(X)                                                                            \
  X(legs, "both legs from the hips down")                                                          \
  X(arms, "both arms from the shoulders down")                                                     \
  X(trunk, "pelvis, spine, thorax and head")
typedef enum {
#define X(name, text) KC_PART_##name,
  KC_PART_LIST(X)
#undef X
      KC_N_PART
} kc_part;

/// Indices into a model; -1 where it has no such thing.
typedef struct {
  int n_joint;                         ///< joints found; 0: no loads are looked at
  int joint[KC_N_LOAD_JOINT];          ///< hinge whose origin is the joint centre
  int link[KC_N_LOAD_JOINT];           ///< first body below it: the distal one
  int guide[KC_N_SIDE];                ///< patella
  int sensor_link[KC_N_SENSOR];        ///< that carries it
  double sensor_point[KC_N_SENSOR][3]; ///< link frame, m
} kc_load_map;

/// Finds what there is; joint, link and guide of a patellofemoral joint only where there are
/// muscles, which alone load it.
kc_load_map kc_model_find_loads(const kc_model *model);
/// Part that the link of a joint belongs to.
kc_part kc_model_find_part(const kc_model *model, int joint);
