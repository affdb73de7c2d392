/// @file
/// A model file as the YAML binding fills it: lists of their own memory, before they are copied
/// into a definition.
#pragma once
#include "model/binding.h"
#include "model/definition.h"

/// One axis as a file has it: ranges of hinges and of slides under their own keys.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  int slide; ///< index into the words hinge, slide
  double axis[3];
  double range[2], travel[2]; ///< rad, m
  kc_passive passive;
  double rotor_inertia, torque_limit, actuator_lag;
  kc_note note;
} kc_file_axis;

/// A body with lists of its own.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  char parent[KC_NAME_SIZE], scale[KC_NAME_SIZE];
  double at[3];
  int innominate;
  int n_axis, n_part;
  kc_file_axis *axis;
  kc_def_part *part;
  kc_note note;
} kc_file_body;

/// A band with a list of its own.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  int n_point;
  kc_def_point *point;
  double on, rest_strain, slack_length, stiffness, toe_strain, pretension, loss;
  kc_note note;
} kc_file_band;

/// Size of the body.
typedef struct {
  kc_place place;
  int sex;
  double mass, stature;
} kc_file_size;

/// Air drag.
typedef struct {
  kc_place place;
  char body[KC_NAME_SIZE];
  double area, coefficient, at[3];
  kc_note note;
} kc_file_drag;

/// The axis of innominate rotation.
typedef struct {
  kc_place place;
  char body[KC_NAME_SIZE];
  double at[3], axis[3];
  kc_note note;
} kc_file_sacroiliac;

/// A whole file.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  kc_note note;
  kc_file_size size;
  kc_file_drag drag;
  kc_file_sacroiliac sacroiliac;
  int n_segment, n_body, n_sphere, n_band;
  kc_def_segment *segment;
  kc_file_body *body;
  kc_def_sphere *sphere;
  kc_file_band *band;
} kc_file_model;
