/// @file
/// Trees of one-axis joints in lanes: constants, kinematics, dynamics.
///
/// Inside, every link frame is turned so that its joint axis is its z axis; rotations by cyclic
/// permutation are done by moving data. Spatial vectors are (angular, linear) about the link's
/// origin. Recursions are in link axes, so nothing depends on how far the runner has come.
///
/// "Link frame" below is this turned frame; "model frame" is that of model.h (parallel to ground at
/// zero coordinates). Coordinates q, v, a, tau are the model's. Names after Featherstone 2008.
#pragma once
#include "math/spatial.lane.h"
#include "model/model.h"

/// Constants of KC_LANES bodies of one topology.
typedef struct kc_tree kc_tree;
/// A cache: recomputed from q, v but for the inputs named.
typedef struct kc_body_work kc_body_work;

/// How the constant rotation between a parent's and a link's frame is carried out; link (x, y, z)
/// is parent (y, z, x) for KC_TURN_XYZ_YZX and parent (z, x, y) for KC_TURN_XYZ_ZXY.
/// KC_TURN_TILT turns about x.
typedef enum {
  KC_TURN_NONE,
  KC_TURN_XYZ_YZX,
  KC_TURN_XYZ_ZXY,
  KC_TURN_TILT,
  KC_TURN_GENERAL
} kc_turn;

/// Topology of a link, bits of kc_tree.trait.
enum {
  KC_LINK_COINCIDENT = 1, ///< its origin is the parent's in every lane: no offset, a hinge
  KC_LINK_MASSIVE = 2,    ///< has mass or inertia in some lane
  KC_LINK_IMPLICIT = 4,   ///< work->implicit is read for it
  KC_LINK_LEAF = 8,       ///< has no children
  KC_LINK_FIRST_IN = 16   ///< the inward recursions meet it before its parent's other children
};

/// Kernels: a hinge with its turn, its origin apart from the parent's or coincident; else any
/// joint.
typedef enum {
  KC_KIND_NONE,
  KC_KIND_NONE_COINCIDENT,
  KC_KIND_YZX,
  KC_KIND_YZX_COINCIDENT,
  KC_KIND_ZXY,
  KC_KIND_ZXY_COINCIDENT,
  KC_KIND_SLIDE_NONE,
  KC_KIND_SLIDE_YZX,
  KC_KIND_SLIDE_ZXY,
  KC_KIND_TILT,
  KC_KIND_ANY
} kc_kind;

/// Constants, by joint; arrays over joints unless said otherwise.
struct kc_tree {
  int n_joint;
  int free_root;       ///< 1 where joints 0..2 are slides from ground
  int n_slot;          ///< accumulators that the backward recursions need at once
  kc_joint_type *type; ///< (n)
  int *parent;         ///< (n)
  kc_turn *turn;       ///< (n) constant rotation before the joint
  int *trait;          ///< (n) KC_LINK_ bits
  int *order;          ///< (n) links by depth, so that neighbours in the recursions are independent
  int *only_child;     ///< (n) the one child of a link; -1 for none, -2 for several
  int *kind;           ///< (n) kc_kind: which kernel of the recursions serves it
  int *base;           ///< (n) entry of inertia and work->inertial: the link, or n without mass
  int *slot;           ///< (n) accumulator of the link, -1 for a leaf
  real *sign;          ///< (n) +1 or -1: a hinge about -x is one about x turned the other way
  real *angle_offset;  ///< (n) signed joint angle at q = 0, rad
  kc_mat3 *turn_matrix; ///< (n) parent's link frame -> axes before the joint turns
  kc_mat3 *to_link;     ///< (n) model frame -> link frame, constant
  kc_vec3 *offset;  ///< (n) joint position from the parent's origin, in the axes before the joint
                    ///< turns, m
  real *mass;       ///< (n) kg
  kc_vec3 *moment;  ///< (n) mass times mass centre, link frame, kg m
  kc_sym3 *angular; ///< (n) rotational inertia about the link's origin, link frame, kg m2
  kc_inertia *inertia; ///< (n + 1) the same as 6x6; the last is zero
  real *rotor_inertia; ///< (n) kg m2 (kg for a slide)
  kc_vec3 gravity;     ///< ground frame, m/s2
};

/// Inputs, kinematics and scratch, by joint.
struct kc_body_work {
  // inputs
  kc_spatial *force;    ///< (n) external force on each link about its origin, link frame
  kc_inertia *implicit; ///< (n) step times damping, added to the articulated inertia of links with
                        ///< KC_LINK_IMPLICIT; the link's force is then force - implicit J a
  real *joint_implicit; ///< (n) step times joint damping, added to the pivot
  // pose
  real *angle;         ///< (n + 1) signed coordinates
  real *sine, *cosine; ///< (n + 1) of the signed joint angle
  real *slide;         ///< (n) signed displacement of a slide, m; 0 for a hinge
  kc_mat3 *rot;        ///< (n) link frame -> ground
  kc_vec3 *pos;        ///< (n) link origin, ground, m
  kc_vec3 *local; ///< (n) link origin from the free root's origin (else ground's), ground axes, m
  // velocity
  real *rate;       ///< (n) signed joint velocity
  kc_spatial *vel;  ///< (n) link velocity, link frame
  kc_spatial *bias; ///< (n) dJ/dt v less gravity: spatial acceleration at a = 0 as felt, link frame
  kc_spatial *inertial; ///< (n + 1) force that motion and weight ask for at a = 0; the last is zero
  // acceleration
  kc_spatial *acc; ///< (n) J a, link frame; acc + bias is what an accelerometer feels, and the true
                   ///< spatial acceleration less gravity
  // scratch of the recursions
  kc_spatial *gain;      ///< (n) articulated I S / pivot
  real *drive;           ///< (n) (tau - S' bias force) / pivot
  kc_inertia *art;       ///< (n_slot + 1) the last is for a leaf with implicit
  kc_spatial *art_force; ///< (n_slot)
  kc_spatial *wrench;    ///< (n)
  real *body_mass;       ///< (n) of the composite body
  kc_vec3 *body_moment;  ///< (n)
  kc_sym3 *body_angular; ///< (n)
};

#define kc_tree_create KC_LANE(kc_tree_create)
#define kc_tree_destroy KC_LANE(kc_tree_destroy)
#define kc_tree_load KC_LANE(kc_tree_load)
#define kc_tree_mark_implicit KC_LANE(kc_tree_mark_implicit)
#define kc_body_work_create KC_LANE(kc_body_work_create)
#define kc_body_work_destroy KC_LANE(kc_body_work_destroy)
#define kc_body_compute_pose KC_LANE(kc_body_compute_pose)
#define kc_body_move_root KC_LANE(kc_body_move_root)
#define kc_body_compute_velocity KC_LANE(kc_body_compute_velocity)
#define kc_body_compute_twists KC_LANE(kc_body_compute_twists)
#define kc_body_clear_forces KC_LANE(kc_body_clear_forces)
#define kc_body_compute_acceleration KC_LANE(kc_body_compute_acceleration)
#define kc_body_compute_forces KC_LANE(kc_body_compute_forces)
#define kc_body_project_forces KC_LANE(kc_body_project_forces)
#define kc_body_compute_mass_matrix KC_LANE(kc_body_compute_mass_matrix)
#define kc_body_compute_mass_rows KC_LANE(kc_body_compute_mass_rows)
#define kc_body_compute_jacobian KC_LANE(kc_body_compute_jacobian)
#define kc_body_compute_bias_acceleration KC_LANE(kc_body_compute_bias_acceleration)
#define kc_body_compute_momentum KC_LANE(kc_body_compute_momentum)
#define kc_body_compute_energy KC_LANE(kc_body_compute_energy)
#define kc_body_point_position KC_LANE(kc_body_point_position)
#define kc_body_point_velocity KC_LANE(kc_body_point_velocity)
#define kc_body_point_acceleration KC_LANE(kc_body_point_acceleration)
#define kc_body_add_force_g KC_LANE(kc_body_add_force_g)

/// Allocates one block for the topology of `model` and loads it into every lane; NULL if no memory.
///
/// Gravity is (0, -9.80665, 0) until the caller sets another.
kc_tree *kc_tree_create(const kc_model *model);
/// Frees a tree; takes NULL.
void kc_tree_destroy(kc_tree *tree);
/// Writes the numbers of `model` (same topology) into one lane.
void kc_tree_load(kc_tree *tree, int lane, const kc_model *model);
/// From now on work->implicit is read for this link (links with contact spheres are marked at
/// creation).
void kc_tree_mark_implicit(kc_tree *tree, int link);

/// Allocates one block for a tree, inputs zero; NULL if no memory.
kc_body_work *kc_body_work_create(const kc_tree *tree);
/// Frees a work; takes NULL.
void kc_body_work_destroy(kc_body_work *work);

/// q (n) -> sine cosine slide rot pos local.
void kc_body_compute_pose(const kc_tree *tree, const real *q, kc_body_work *work);
/// pos after the slides of a free root alone have changed in q: the bits of kc_body_compute_pose.
void kc_body_move_root(const kc_tree *tree, const real *q, kc_body_work *work);
/// pose, v (n), gravity -> rate vel bias inertial.
void kc_body_compute_velocity(const kc_tree *tree, const real *v, kc_body_work *work);
/// pose, v (n) -> velocity of every link about its origin, link frame, to twist (n); the work's own
/// velocities stay.
void kc_body_compute_twists(const kc_tree *tree, const real *v, const kc_body_work *work,
                            kc_spatial *twist);
/// Zeroes force, implicit, joint_implicit.
void kc_body_clear_forces(const kc_tree *tree, kc_body_work *work);
/// Articulated-body algorithm: pose, velocity, tau (n), force, implicit, joint_implicit -> a (n),
/// acc.
///
/// (M + H) a = tau + J' force - bias, H = J' implicit J + joint_implicit.
void kc_body_compute_acceleration(const kc_tree *tree, const real *tau, kc_body_work *work,
                                  real *a);
/// Recursive Newton-Euler: pose, velocity, a (n), force -> tau (n) (force is subtracted; implicit
/// ignored).
void kc_body_compute_forces(const kc_tree *tree, const real *a, kc_body_work *work, real *tau);
/// pose, wrenches on the links about their origins, link frame (n) -> generalized forces J' force
/// to tau (n).
void kc_body_project_forces(const kc_tree *tree, const kc_spatial *force, kc_body_work *work,
                            real *tau);
/// Composite rigid bodies: pose -> M (n x n, row-major, both triangles).
void kc_body_compute_mass_matrix(const kc_tree *tree, kc_body_work *work, real *M);
/// The same bits of its first rows alone (n_row x n), in the columns of joints with 1 in `wanted`
/// (n); what lies in others is not looked after.
///
/// @valid the joints 0 .. n_row are a chain from the root, and all joints wanted hang on its end
void kc_body_compute_mass_rows(const kc_tree *tree, kc_body_work *work, int n_row,
                               const int *wanted, real *M);
/// pose -> J (6 x n, row-major): angular velocity (rows 0-2) of `link` and velocity (rows 3-5) of
/// the point fixed in it (link frame, m), both in ground axes.
void kc_body_compute_jacobian(const kc_tree *tree, const kc_body_work *work, int link,
                              const kc_vec3 *point, real *J);
/// pose, velocity -> dJ/dt v (6) of that point, ground axes (gravity not included).
void kc_body_compute_bias_acceleration(const kc_tree *tree, const kc_body_work *work, int link,
                                       const kc_vec3 *point, kc_spatial *out);
/// pose, velocity -> mass centre (ground, m), linear momentum, angular momentum about the mass
/// centre (ground axes); returns mass.
real kc_body_compute_momentum(const kc_tree *tree, const kc_body_work *work, kc_vec3 *com,
                              kc_vec3 *linear, kc_vec3 *angular);
/// pose, velocity -> kinetic energy and potential energy in gravity (zero at ground height 0), J.
void kc_body_compute_energy(const kc_tree *tree, const kc_body_work *work, real *kinetic,
                            real *potential);
/// Ground position of a point fixed in a link (link frame).
kc_vec3 kc_body_point_position(const kc_body_work *work, int link, const kc_vec3 *point);
/// Velocity in ground axes of a point fixed in a link (link frame).
kc_vec3 kc_body_point_velocity(const kc_body_work *work, int link, const kc_vec3 *point);
/// Acceleration in ground axes of a point fixed in a link (link frame): the true one (an
/// accelerometer there feels it less tree->gravity). Needs acc of kc_body_compute_acceleration or
/// _forces.
kc_vec3 kc_body_point_acceleration(const kc_tree *tree, const kc_body_work *work, int link,
                                   const kc_vec3 *point);
/// Adds a force (ground axes, N) at a point fixed in a link (link frame) to work->force.
void kc_body_add_force_g(kc_body_work *work, int link, const kc_vec3 *point, const kc_vec3 *force);
