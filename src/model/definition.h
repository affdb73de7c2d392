/// @file
/// The definition of a body: what a model file says, editable, both sides present.
///
/// Points are written in the geometry of the source skeleton ("reference geometry") and scaled by
/// their body's segment when compiled: scale = segment length / reference length. A definition is
/// read, changed (size, conditions), and compiled; it has a fixed size and no pointers, so it may
/// be copied by assignment. SI units and radians.
#pragma once
#include "model/deleva.h"
#include "model/model.h"
#include "model/yaml.h"

#define KC_NOTE_SIZE 240

/// Where the numbers of an item come from.
typedef struct {
  char source[KC_NOTE_SIZE], assumption[KC_NOTE_SIZE];
} kc_note;

/// Capacities of a definition, both sides counted.
enum {
  KC_DEF_MAX_SEGMENT = 16,
  KC_DEF_MAX_BODY = 48,
  KC_DEF_MAX_AXIS = 6,
  KC_DEF_MAX_PART = 3,
  KC_DEF_MAX_SPHERE = 48,
  KC_DEF_MAX_NODE = KC_MAX_NODE,
  KC_DEF_MAX_SLING = 24,
  KC_DEF_MAX_BAND = 64,
  KC_DEF_MAX_BAND_POINT = 14,
  KC_DEF_MAX_GUIDE = 4,
  KC_DEF_MAX_KNOT = 24,
  KC_DEF_MAX_WRAP = 64,
  KC_DEF_MAX_MUSCLE = 112,
  KC_DEF_MAX_MUSCLE_POINT = 10,
  KC_DEF_MAX_MUSCLE_WRAP = 2
};

/// A length by which bodies are scaled.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  double reference;    ///< length in the reference geometry, m
  double male, female; ///< length as a fraction of stature
  double length;       ///< a single length that overrides the fraction, m; 0 = none
  kc_note note;
} kc_def_segment;

/// One axis of a joint.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  kc_joint_type type;
  double axis[3];                  ///< any length but zero, parent frame
  double range_lower, range_upper; ///< rad or m
  kc_passive passive;
  double rotor_inertia; ///< kg m2
  double torque_limit;  ///< Nm or N; 0 = no actuator
  double actuator_lag;  ///< s
  kc_note note;
} kc_def_axis;

/// A share of a body's mass: a de Leva segment, or direct figures.
///
/// With a segment and end points: mass, mass centre and inertia of the table. With a segment and no
/// end points: the table's mass times share, mass centre `com`, radii of gyration `gyration` (both
/// reference geometry). Without a segment: mass, com, inertia as they stand.
typedef struct {
  kc_place place;
  char segment[KC_NAME_SIZE]; ///< de Leva name, or empty
  double share;               ///< of the segment's mass
  double from[3], to[3];      ///< end points (upright: origin and direction), equal = not given
  double mass;                ///< kg
  double com[3];              ///< m
  double gyration[3];         ///< about x, y, z through com, m
  double inertia[6];          ///< Ixx Iyy Izz Ixy Ixz Iyz about com, kg m2
  kc_note note;
} kc_def_part;

/// A body and the joint that carries it.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  char parent[KC_NAME_SIZE]; ///< body name, or ground
  char scale[KC_NAME_SIZE];  ///< segment whose scale its points take; empty = 1
  double at[3];              ///< joint centre in the parent's frame, reference geometry, m
  int innominate;            ///< the joint sits on the innominate bone of its side
  int n_axis, n_part;
  kc_def_axis axis[KC_DEF_MAX_AXIS];
  kc_def_part part[KC_DEF_MAX_PART];
  double length_change; ///< condition: added length of this bone, m
  kc_note note;
} kc_def_body;

/// A contact sphere; the suffix of its name says whose foot it belongs to.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  char body[KC_NAME_SIZE];
  double at[3];                          ///< centre, reference geometry, m
  double radius, stiffness, dissipation; ///< as kc_sphere
  kc_note note;
} kc_def_sphere;

/// A point of a band or muscle; its first and last may be a fascial node, whose body and place it
/// then takes.
typedef struct {
  kc_place place;
  char node[KC_NAME_SIZE]; ///< empty: none
  char body[KC_NAME_SIZE];
  double at[3];   ///< reference geometry, m
  int innominate; ///< on the innominate bone on the side of its z
} kc_def_point;

/// A fascial node: where bands and muscles end that pull on one another.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  char body[KC_NAME_SIZE];
  double at[3];           ///< home, reference geometry, m
  int innominate;         ///< on the innominate bone on the side of its z
  double drag, stiffness; ///< as kc_node
  kc_note note;
} kc_def_node;

/// A sling: what all the bands that name it have in common.
///
/// Adhesion, the share of glide lost, holds the nodes at its bands' ends: their drag and stiffness
/// are divided by 1 - adhesion, of the slings that share a node by the largest.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  double on;         ///< 1 or 0, for all its bands
  double stiffness;  ///< factor
  double slack;      ///< added to the slack length of the whole, m: by length among its bands
  double pretension; ///< added to each band's, N; the sum is not less than 0
  double shortening; ///< share of their slack lengths that its bands lose
  double adhesion;   ///< share of glide lost, 0 to 0.95
  kc_note note;
} kc_def_sling;

/// A band of fascia, from its upper end down.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  char sling[KC_NAME_SIZE]; ///< that it is part of; empty: of none
  int n_point;
  kc_def_point point[KC_DEF_MAX_BAND_POINT];
  double on;           ///< 1 or 0
  double rest_strain;  ///< strain of the unchanged body in neutral posture; negative = slack
  double slack_length; ///< m; 0 = from rest_strain
  double slack_change; ///< condition: added to the slack length, m
  double stiffness, toe_strain, pretension, loss; ///< as kc_band
  kc_note note;
} kc_def_band;

/// Where a guided frame stands at one angle of its coordinate.
typedef struct {
  kc_place place;
  double angle; ///< rad
  double at[2]; ///< x and y beside the guide's `at`, reference geometry, m
  double turn;  ///< about z, rad
} kc_def_knot;

/// A frame that a body carries and a coordinate guides (a patella); scales with that body.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  char body[KC_NAME_SIZE];
  char joint[KC_NAME_SIZE]; ///< coordinate
  double at[3];             ///< what the knots are relative to, reference geometry, m
  int n_knot;
  kc_def_knot knot[KC_DEF_MAX_KNOT]; ///< by rising angle
  kc_note note;
} kc_def_guide;

/// A surface that muscles go round; scales with its body.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  char body[KC_NAME_SIZE];
  int shape;             ///< kc_wrap_shape
  double at[3];          ///< centre, reference geometry, m
  double turn[3];        ///< rotations about x, then the new y, then the new z, rad
  double radius, length; ///< reference geometry, m; length of a cylinder
  int innominate;        ///< on the innominate bone on the side of its z
  kc_note note;
} kc_def_wrap;

/// Side of a cylinder on which a path passes, in the cylinder's axes; all: see compile_muscle.c.
typedef enum {
  KC_QUADRANT_ALL,
  KC_QUADRANT_X,
  KC_QUADRANT_MINUS_X,
  KC_QUADRANT_Y,
  KC_QUADRANT_MINUS_Y
} kc_quadrant;

/// A muscle's use of a surface.
typedef struct {
  kc_place place;
  char wrap[KC_NAME_SIZE];
  int after; ///< of the muscle's points, counted from 1: between this one and the next
  int side;  ///< kc_quadrant
} kc_def_wrap_use;

/// X(name, unit, default, lower, upper, meaning): the numbers of a muscle, as in kc_muscle. Forces
/// and lengths are those of the reference geometry and mass, before the body's size scales them.
#define KC_TISSUE_LIST(X)                                                                          \
  X(strength, "1", 1, 0, 100, "factor on max_isometric_force; 0 = off")                            \
  X(max_isometric_force, "N", 0, 0, 1e5,                                                           \
    "at optimal fibre length, before the body's mass scales it")                                   \
  X(optimal_fibre_length, "mm", 0, 0, 1e4,                                                         \
    "fibre length of the largest force, before the body's size scales it")                         \
  X(tendon_slack_length, "mm", 0, 0, 1e4,                                                          \
    "tendon and aponeurosis without force, before the body's size scales it")                      \
  X(pennation, "deg", 0, 0, 80, "of the fibre at optimal length")                                  \
  X(max_velocity, "1/s", 10, 0.01, 1000, "of shortening, optimal fibre lengths per second")        \
  X(tendon_strain, "%", 4.9, 0.01, 100, "at max_isometric_force")                                  \
  X(passive_strain, "%", 60, 0.1, 1000, "of the fibre whose passive force is max_isometric_force") \
  X(damping, "1", 0.1, 0.001, 10, "share of max_isometric_force at max_velocity")                  \
  X(activation_time, "ms", 10, 0.1, 1000, "time constant")                                         \
  X(deactivation_time, "ms", 40, 0.1, 1000, "time constant")                                       \
  X(slow_fraction, "1", 0.5, 0, 1, "share of slow fibres")                                         \
  X(specific_tension, "MPa", 0.6, 0.01, 10, "for the muscle's volume")

/// The numbers of a muscle.
typedef struct {
#define X(name, unit, value, lower, upper, meaning) double name;
  KC_TISSUE_LIST(X)
#undef X
} kc_def_tissue;

/// A muscle. Its lengths and force are those of the reference geometry and mass.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  char groups[96]; ///< words, such as "hamstrings hip_extensors"
  int n_point, n_wrap;
  kc_def_point point[KC_DEF_MAX_MUSCLE_POINT]; ///< `body` may also name a guide
  kc_def_wrap_use wrap[KC_DEF_MAX_MUSCLE_WRAP];
  kc_def_tissue tissue;
  double length_factor;  ///< condition: on optimal fibre and tendon slack length
  double passive_factor; ///< condition: on the stiffness of the passive fibre
  kc_note note;
} kc_def_muscle;

/// A whole definition.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  char path[256];       ///< for messages
  int has_size;         ///< mass, stature and sex are meaningful
  double mass, stature; ///< kg, m
  kc_sex sex;
  int n_segment, n_body, n_sphere, n_node, n_sling, n_band;
  kc_def_segment segment[KC_DEF_MAX_SEGMENT];
  kc_def_body body[KC_DEF_MAX_BODY];
  kc_def_sphere sphere[KC_DEF_MAX_SPHERE];
  kc_def_node node[KC_DEF_MAX_NODE];
  kc_def_sling sling[KC_DEF_MAX_SLING];
  kc_def_band band[KC_DEF_MAX_BAND];
  int n_guide, n_wrap, n_muscle;
  kc_def_guide guide[KC_DEF_MAX_GUIDE];
  kc_def_wrap wrap[KC_DEF_MAX_WRAP];
  kc_def_muscle muscle[KC_DEF_MAX_MUSCLE];
  double muscle_mass;     ///< of the body whose muscles the definition has, kg; 0 = no scaling
  double muscle_strength; ///< factor on the strength of all muscles
  double muscle_activation_scale, muscle_velocity_scale; ///< on both times; on max_velocity
  char drag_body[KC_NAME_SIZE];                          ///< empty = no drag
  double drag_area;                                      ///< frontal area, m2
  double drag_coefficient;
  double drag_at[3];                  ///< m
  char innominate_body[KC_NAME_SIZE]; ///< the body that carries the innominates; empty = none
  double sacroiliac_at[3];            ///< a point of the axis, reference geometry, m
  double sacroiliac_axis[3];          ///< positive turn = anterior rotation of an innominate
  double innominate_angle[KC_N_SIDE]; ///< condition: anterior rotation, rad
  double innominate_slip[KC_N_SIDE];  ///< condition: up-slip, m
  kc_note note;
} kc_model_def;

/// An empty definition on the heap; NULL if there is no memory. Free with kc_model_destroy_def.
kc_model_def *kc_model_create_def(void);
/// Frees a definition; takes NULL.
void kc_model_destroy_def(kc_model_def *def);
/// A copy on the heap; NULL if there is no memory.
kc_model_def *kc_model_copy_def(const kc_model_def *def);

/// Adds the left side of everything whose name ends in _r.
///
/// z -> -z for points; wraps and guides: mirror_muscle.c; a hinge's axis (x, y, z) -> (-x, -y, z),
/// a slide's (x, y, z) -> (x, y, -z); suffixes _r and _l change places. The left copy of a chain of
/// right bodies follows that chain.
/// @param def   [in,out] right side and midline only
/// @return KC_OK; KC_ERR_INPUT if a name ends in _l or the left side does not fit
kc_status kc_model_mirror_def(kc_model_def *def, kc_error *error) KC_WARN_UNUSED;

/// Every problem of a definition: names, parents, cycles, masses, inertias, axes, spheres, nodes,
/// slings, bands, guides, wraps, muscles.
///
/// @return KC_OK or KC_ERR_INPUT with one finding per problem
kc_status kc_model_check_def(const kc_model_def *def, kc_error *error) KC_WARN_UNUSED;

/// Checks, scales and compiles.
///
/// @param def   mirrored definition with its conditions
/// @param model [out] to be freed with kc_model_destroy; NULL on failure
/// @return KC_OK, KC_ERR_INPUT (see error), KC_ERR_MEMORY
kc_status kc_model_compile_def(const kc_model_def *def, kc_model **model,
                               kc_error *error) KC_WARN_UNUSED;
/// A definition with the model that it compiles to.
typedef struct {
  const kc_model_def *def;
  const kc_model *model; ///< as kc_model_compile_def made it
} kc_model_pair;
/// The same where the definition may be one of those that are compiled already, byte for byte: then
/// that model is copied.
///
/// @param known (n_known) may be NULL where n_known is 0
kc_status kc_model_compile_again(const kc_model_def *def, const kc_model_pair *known, int n_known,
                                 kc_model **model, kc_error *error) KC_WARN_UNUSED;

/// The scale of a body's points (1 without a segment).
double kc_model_body_scale(const kc_model_def *def, const kc_def_body *body);
/// Index of a body by name, or -1.
int kc_model_def_find_body(const kc_model_def *def, const char *name);
/// Index of a fascial node by name, or -1.
int kc_model_def_find_node(const kc_model_def *def, const char *name);
/// Index of a sling by name, or -1.
int kc_model_def_find_sling(const kc_model_def *def, const char *name);
/// Index of a band by name, or -1.
int kc_model_def_find_band(const kc_model_def *def, const char *name);
/// Index of a guide by name, or -1.
int kc_model_def_find_guide(const kc_model_def *def, const char *name);
/// Index of a wrap by name, or -1.
int kc_model_def_find_wrap(const kc_model_def *def, const char *name);
/// Index of a muscle by name, or -1.
int kc_model_def_find_muscle(const kc_model_def *def, const char *name);
/// Whether a muscle belongs to a group.
int kc_model_muscle_is_in_group(const kc_def_muscle *muscle, const char *group);
/// Index of a segment by name, or -1.
int kc_model_def_find_segment(const kc_model_def *def, const char *name);
/// The axis with that coordinate name, or NULL.
kc_def_axis *kc_model_def_find_axis(kc_model_def *def, const char *name);
/// Swaps the suffix _r and _l; names of the midline stay.
void kc_model_mirror_name(char *name);
/// The side a name belongs to by its suffix.
kc_side kc_model_name_side(const char *name);
