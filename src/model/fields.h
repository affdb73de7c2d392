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
  char sling[KC_NAME_SIZE];
  double on, rest_strain, slack_length, stiffness, toe_strain, pretension, loss;
  kc_note note;
} kc_file_band;

/// A guide with a list of its own.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  char body[KC_NAME_SIZE], joint[KC_NAME_SIZE];
  double at[3];
  int n_knot;
  kc_def_knot *knot;
  kc_note note;
} kc_file_guide;

/// A muscle with lists of its own.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  char groups[96];
  int n_point, n_wrap;
  kc_def_point *point;
  kc_def_wrap_use *wrap;
  kc_def_tissue tissue;
  kc_note note;
} kc_file_muscle;

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
  int n_segment, n_body, n_sphere, n_node, n_sling, n_band;
  kc_def_segment *segment;
  kc_file_body *body;
  kc_def_sphere *sphere;
  kc_def_node *node;
  kc_def_sling *sling;
  kc_file_band *band;
  double muscle_mass;
  int n_guide, n_wrap, n_muscle;
  kc_file_guide *guide;
  kc_def_wrap *wrap;
  kc_file_muscle *muscle;
} kc_file_model;

/// Tables of points, nodes, slings and bands (fascia_fields.c), and of guides, wraps and muscles
/// (muscle_fields.c).
extern const kc_table kc_point_table, kc_node_table, kc_sling_table, kc_band_table;
extern const kc_table kc_guide_table, kc_wrap_table, kc_muscle_table;
/// Copies what a file says of nodes, slings and bands into a definition.
void kc_model_copy_fascia(const kc_file_model *from, kc_model_def *to);
/// Copies what a file says of guides, wraps and muscles into a definition.
void kc_model_copy_muscles(const kc_file_model *from, kc_model_def *to);
