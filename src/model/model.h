/// @file
/// The compiled model: immutable numbers and topology of one body.
///
/// A tree of one-axis joints in index order (a parent before its children). Each joint carries one
/// link; a link without mass stands between the axes of a compound joint and has an empty name.
/// At zero coordinates every link frame is parallel to ground (X forward, Y up, Z right), and all
/// vectors below are given in those frames. SI units, radians.
#pragma once
#include "base/error.h"

#define KC_NAME_SIZE 40

/// A hinge or a slide.
typedef enum { KC_REVOLUTE, KC_PRISMATIC } kc_joint_type;
/// Side of the body; right and left also index arrays of KC_N_SIDE.
typedef enum { KC_RIGHT, KC_LEFT, KC_MIDLINE } kc_side;
/// Right and left.
enum { KC_N_SIDE = 2 };

/// Passive torque of one coordinate:
///   T(q) = k1 exp(k2 (q - upper)) + k3 exp(k4 (q - lower)) - stiffness (q - rest) - damping v.
/// Exponents are continued linearly beyond 5 so that the torque stays finite for every q.
typedef struct {
  double k1, k2, upper; ///< Nm, 1/rad, rad: end of range in the positive direction (k1 <= 0)
  double k3, k4, lower; ///< Nm, 1/rad, rad: end of range in the negative direction (k3 >= 0)
  double stiffness;     ///< Nm/rad
  double rest;          ///< rad
  double damping;       ///< Nm s/rad
} kc_passive;

typedef struct {
  char name[KC_NAME_SIZE];      ///< coordinate name, such as hip_flexion_r
  char link_name[KC_NAME_SIZE]; ///< body name, such as femur_r; empty for a massless link between
                                ///< axes
  int parent;                   ///< joint index of the parent link, -1 for ground
  kc_joint_type type;
  kc_side side;
  double axis[3];       ///< unit vector, parent frame
  double offset[3];     ///< joint position in the parent's frame, m
  double mass;          ///< kg
  double com[3];        ///< mass centre in the link's frame, m
  double inertia[6];    ///< about the mass centre: Ixx Iyy Izz Ixy Ixz Iyz, kg m2
  double rotor_inertia; ///< added inertia of the axis, kg m2 (0 unless the model says so)
  double range_lower, range_upper; ///< anatomical range, rad or m
  kc_passive passive;
  double torque_limit; ///< ideal actuator: largest torque, Nm; 0 = no actuator
  double actuator_lag; ///< first-order time constant of the actuator, s; >= 0
} kc_joint;

/// A contact sphere under a foot (smooth Hunt-Crossley).
typedef struct {
  char name[KC_NAME_SIZE];
  int link;           ///< joint index of its link
  kc_side side;       ///< whose foot it belongs to
  double position[3]; ///< centre, link frame, m
  double radius;      ///< m
  double stiffness;   ///< k in f = k d^1.5, N/m^1.5
  double dissipation; ///< c in f (1 + c d'), s/m
} kc_sphere;

typedef struct {
  int link;
  double position[3]; ///< link frame, m
} kc_point;

/// Most fascial nodes of a model.
enum { KC_MAX_NODE = 24 };

/// A fascial node: a massless point in viscous tissue, where bands and muscles end.
///
/// Its place is home + x; x, in the frame of its link, is a state:
///   drag dx/dt + stiffness x = sum of the tensions that end in it
typedef struct {
  char name[KC_NAME_SIZE]; ///< such as thoracolumbar_sacral
  int link;                ///< in whose tissue it lies, and which bears what pulls at it
  double position[3];      ///< home, link frame, m
  double drag;             ///< N s/m, > 0
  double stiffness;        ///< of the tissue that holds it at home, N/m
} kc_node;

/// A tension-only band of fascia along via points. A sling is one or more bands.
typedef struct {
  char name[KC_NAME_SIZE];  ///< such as posterior_oblique_gluteal_r
  char sling[KC_NAME_SIZE]; ///< that it is part of; empty: of none
  int point_adr, n_point;
  int node[2]; ///< fascial node at its first and last point, counted from 1; 0: fixed in a link
  double on;   ///< 1 or 0: a switch that does not change topology
  double slack_length; ///< m
  double stiffness;    ///< linear region, N/m
  double toe_strain;   ///< strain at which the linear region begins, > 0
  double pretension;   ///< tension at the neutral posture, N
  double loss;         ///< viscous loss: force x (1 + loss * rate of strain), s
} kc_band;

/// Coefficients of a guide's polynomials.
enum { KC_GUIDE_TERMS = 10 };

/// A massless frame carried by a link and guided by one coordinate (a patella): its origin and its
/// turn about the link's z axis are polynomials of s = (q - middle) / half_range with s clamped to
/// -1..1, continued linearly beyond.
typedef struct {
  char name[KC_NAME_SIZE];                     ///< such as patella_r
  int link;                                    ///< that carries it
  int joint;                                   ///< whose coordinate guides it
  double middle, half_range;                   ///< rad
  double x[KC_GUIDE_TERMS], y[KC_GUIDE_TERMS]; ///< origin, link frame, m; power k of s at [k]
  double z;                                    ///< m
  double turn[KC_GUIDE_TERMS];                 ///< rad
} kc_guide;

/// What a surface is.
typedef enum { KC_WRAP_CYLINDER, KC_WRAP_SPHERE } kc_wrap_shape;

/// A surface that muscles go round: a cylinder along its z axis, taken as endless, or a sphere.
///
/// A path keeps the side of a cylinder that the published quadrant, or else the shorter way in the
/// neutral posture, gives it: kc_path_wrap.sense.
typedef struct {
  char name[KC_NAME_SIZE]; ///< such as Gmax1_at_pelvis_r
  int link;
  kc_wrap_shape shape;
  double position[3]; ///< centre, link frame, m
  double axes[9];     ///< row-major; columns are the surface's x, y, z axes in the link frame
  double radius;      ///< m
  double length;      ///< of the published cylinder, m: for pictures
} kc_wrap;

/// A point of a muscle's path.
typedef struct {
  int link;           ///< that carries it (of a guided point: the guide's link)
  int guide;          ///< index, or -1: fixed in the link
  double position[3]; ///< link frame, or guide frame, m
} kc_path_point;

/// A muscle's path goes round a surface between two neighbouring points.
typedef struct {
  int wrap;     ///< index
  int after;    ///< of the muscle's points (0 ..): between this one and the next
  double sense; ///< +1: the path turns about the cylinder's z from first to last point, -1: against
} kc_path_wrap;

/// A muscle: path, architecture, activation (force/muscle.lane.h has the laws).
typedef struct {
  char name[KC_NAME_SIZE]; ///< such as soleus_r
  kc_side side;
  int point_adr, n_point; ///< into path_point
  int wrap_adr, n_wrap;   ///< into path_wrap; at most two, in the order of the path
  int node[2];     ///< fascial node at its first and last point, counted from 1; 0: fixed in a link
  double strength; ///< factor on max_isometric_force; 0 is off
  double max_isometric_force;  ///< N
  double optimal_fibre_length; ///< m
  double tendon_slack_length;  ///< m
  double pennation;            ///< at optimal fibre length, rad
  double max_velocity;         ///< optimal fibre lengths per s
  double tendon_strain;        ///< at max_isometric_force
  double passive_strain;       ///< of the fibre at which its passive force is max_isometric_force
  double damping;              ///< share of max_isometric_force at max_velocity
  double activation_time, deactivation_time; ///< s
  double slow_fraction;                      ///< of slow fibres
  double specific_tension; ///< Pa: volume = max_isometric_force optimal_fibre_length / it
} kc_muscle;

/// A rigid body that carries quantities people ask about; index into links with a name.
typedef struct kc_model {
  char name[KC_NAME_SIZE];
  int n_joint; ///< = n_q = n_v
  int n_sphere, n_node, n_band, n_point;
  int n_muscle, n_path_point, n_path_wrap, n_wrap, n_guide;
  int free_root; ///< joints 0..2 are slides from ground along X, Y, Z
  kc_joint *joint;
  kc_sphere *sphere;
  kc_node *node;
  kc_band *band;
  kc_point *point;
  kc_muscle *muscle;
  kc_path_point *path_point;
  kc_path_wrap *path_wrap;
  kc_wrap *wrap;
  kc_guide *guide;
  double mass;                  ///< whole body, kg
  double stature;               ///< m; 0 where the model has none
  double leg_length[KC_N_SIDE]; ///< hip centre to sole, straight leg, m; 0 where there is none
  double drag_area;             ///< area times drag coefficient, m2
  int drag_link;                ///< joint index of the link that carries the drag, -1 for none
  double drag_point[3];
  unsigned long long hash; ///< of everything above
} kc_model;

/// Index of the joint with that coordinate name, or -1.
int kc_model_find_joint(const kc_model *model, const char *name);
/// Index of the joint whose link has that body name, or -1.
int kc_model_find_link(const kc_model *model, const char *name);
/// Most coordinates of both hips: flexion, adduction, rotation of each.
enum { KC_MAX_HIP = 6 };

/// Joints of the hip coordinates that the model has, in the order of their names' table:
/// hip_flexion hip_adduction hip_rotation, right (_r) before left; returns how many.
int kc_model_find_hips(const kc_model *model, int joint[KC_MAX_HIP]);
/// Index of the fascial node with that name, or -1.
int kc_model_find_node(const kc_model *model, const char *name);
/// Index of the band with that name, or -1.
int kc_model_find_band(const kc_model *model, const char *name);
/// Name of a sling of the bands, slings counted in the order of their first bands; NULL beyond the
/// last.
const char *kc_model_sling_name(const kc_model *model, int index);
/// Index of the muscle with that name, or -1.
int kc_model_find_muscle(const kc_model *model, const char *name);
/// Frees a compiled model; takes NULL.
void kc_model_destroy(kc_model *model);
