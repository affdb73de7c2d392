/// @file
/// Trees of one-axis joints in lanes: constants, kinematics, dynamics.
///
/// Inside, every link frame is turned so that its joint axis is its z axis; rotations by cyclic
/// permutation are done by moving data. Symmetric inertias are kept as 6 + 9 + 6 numbers (angular,
/// coupling, linear). Spatial vectors are (angular, linear) about the link's origin. Recursions are
/// in link axes, so nothing depends on how far the runner has come.
///
/// "Link frame" below is this turned frame; "model frame" is that of model.h (parallel to ground at
/// zero coordinates). Names after Featherstone 2008: q v a tau X S I.
#pragma once
#include "math/real.h"
#include "model/model.h"

typedef struct kc_tree kc_tree;           // constants of KC_LANES bodies of one topology
typedef struct kc_body_work kc_body_work; // a cache: every field is recomputed from q, v

/// How the constant rotation between a parent's and a child's link frame is carried out.
typedef enum { KC_TURN_NONE, KC_TURN_XYZ_YZX, KC_TURN_XYZ_ZXY, KC_TURN_GENERAL } kc_turn;

typedef struct { real m[9]; } kc_mat3; // row-major
/// Three components in some frame.
typedef struct { real v[3]; } kc_vec3;
typedef struct { real v[6]; } kc_spatial;     // angular 0..2, linear 3..5
typedef struct { real a[6], b[9], d[6]; } kc_inertia; // symmetric 6x6: [A B; B' D], A, D as xx yy zz xy xz yz; f = I v

struct kc_tree {
  int n_joint;
  int free_root;
  const kc_joint_type *type; // (n)
  const int *parent;         // (n)
  kc_turn *turn;             // (n) constant rotation before the joint
  real *sign;                // (n) +1 or -1: a hinge about -x is one about x turned the other way
  kc_mat3 *turn_matrix;      // (n) parent link frame -> link frame at q = 0 (used for KC_TURN_GENERAL)
  kc_mat3 *to_link;          // (n) model frame -> link frame at q = 0, constant
  kc_vec3 *offset;           // (n) joint position in the parent's link frame, m
  real *mass;                // (n) kg
  kc_vec3 *moment;           // (n) mass times mass centre, link frame, kg m
  kc_inertia *inertia;       // (n) about the link's origin, link frame
  real *rotor_inertia;       // (n)
  kc_vec3 gravity;           // ground frame, m/s2
};

struct kc_body_work {
  kc_mat3 *rel;      // (n) E: parent link frame -> link frame
  kc_vec3 *arm;      // (n) link origin from the parent's origin, parent's link frame
  real *sine, *cosine; // (n)
  kc_mat3 *rot;      // (n) link frame -> ground
  kc_vec3 *pos;      // (n) link origin, ground, m
  kc_spatial *vel;   // (n) link velocity, link frame
  kc_spatial *bias;  // (n) c_j = v x S qd: velocity-product acceleration of the joint, link frame
  kc_spatial *acc;   // (n) link acceleration (without gravity offset: true acceleration), link frame
  kc_spatial *force; // (n) external force on each link about its origin, link frame: an input
  kc_inertia *implicit; // (n) step times damping, added to the articulated inertia: an input
  real *joint_implicit; // (n) step times joint damping, added to the pivot: an input
  kc_inertia *art;   // (n) scratch of the recursions
  kc_spatial *art_force; // (n)
  real *pivot;       // (n)
  void *scratch;
};

#define kc_tree_create KC_LANE(kc_tree_create)
#define kc_tree_destroy KC_LANE(kc_tree_destroy)
#define kc_tree_load KC_LANE(kc_tree_load)
#define kc_body_work_create KC_LANE(kc_body_work_create)
#define kc_body_work_destroy KC_LANE(kc_body_work_destroy)
#define kc_body_compute_pose KC_LANE(kc_body_compute_pose)
#define kc_body_compute_velocity KC_LANE(kc_body_compute_velocity)
#define kc_body_clear_forces KC_LANE(kc_body_clear_forces)
#define kc_body_compute_acceleration KC_LANE(kc_body_compute_acceleration)
#define kc_body_compute_forces KC_LANE(kc_body_compute_forces)
#define kc_body_compute_mass_matrix KC_LANE(kc_body_compute_mass_matrix)
#define kc_body_compute_jacobian KC_LANE(kc_body_compute_jacobian)
#define kc_body_compute_bias_acceleration KC_LANE(kc_body_compute_bias_acceleration)
#define kc_body_compute_momentum KC_LANE(kc_body_compute_momentum)
#define kc_body_compute_energy KC_LANE(kc_body_compute_energy)
#define kc_body_point_position KC_LANE(kc_body_point_position)
#define kc_body_point_velocity KC_LANE(kc_body_point_velocity)
#define kc_body_add_force_g KC_LANE(kc_body_add_force_g)

/// Allocates one block for the topology of `model` and loads it into every lane; NULL if no memory.
kc_tree *kc_tree_create(const kc_model *model);
void kc_tree_destroy(kc_tree *tree);
/// Writes the numbers of `model` (same topology) into one lane.
void kc_tree_load(kc_tree *tree, int lane, const kc_model *model);

/// Allocates work for a tree, to be freed with kc_body_work_destroy; NULL if no memory.
kc_body_work *kc_body_work_create(const kc_tree *tree);
void kc_body_work_destroy(kc_body_work *work);

/// q (n) -> rel arm sine cosine rot pos.
void kc_body_compute_pose(const kc_tree *tree, const real *q, kc_body_work *work);
/// pose, v (n) -> vel bias.
void kc_body_compute_velocity(const kc_tree *tree, const real *v, kc_body_work *work);
/// Zeroes force, implicit, joint_implicit.
void kc_body_clear_forces(const kc_tree *tree, kc_body_work *work);
/// Articulated-body algorithm: pose, velocity, tau (n), force, implicit, joint_implicit -> a (n), acc.
///
/// (M + H) a = tau + J' force - bias, H from implicit and joint_implicit.
void kc_body_compute_acceleration(const kc_tree *tree, const real *tau, kc_body_work *work, real *a);
/// Recursive Newton-Euler: pose, velocity, a (n), force -> tau (n) (force is subtracted; implicit ignored).
void kc_body_compute_forces(const kc_tree *tree, const real *a, kc_body_work *work, real *tau);
/// Composite rigid bodies: pose -> M (n x n, row-major, both triangles).
void kc_body_compute_mass_matrix(const kc_tree *tree, kc_body_work *work, real *M);
/// pose -> J (6 x n, row-major): angular velocity (rows 0-2) of `link` and velocity (rows 3-5) of the
/// point fixed in it (link frame, m), both in ground axes.
void kc_body_compute_jacobian(const kc_tree *tree, const kc_body_work *work, int link,
                              const kc_vec3 *point, real *J);
/// pose, velocity -> dJ/dt v (6) of that point, ground axes (gravity not included).
void kc_body_compute_bias_acceleration(const kc_tree *tree, const kc_body_work *work, int link,
                                       const kc_vec3 *point, kc_spatial *out);
/// pose, velocity -> mass centre (ground, m), linear momentum, angular momentum about the mass centre
/// (ground axes); returns mass.
real kc_body_compute_momentum(const kc_tree *tree, const kc_body_work *work, kc_vec3 *com,
                              kc_vec3 *linear, kc_vec3 *angular);
/// pose, velocity -> kinetic energy and potential energy in gravity (zero at ground height 0), J.
void kc_body_compute_energy(const kc_tree *tree, const kc_body_work *work, real *kinetic, real *potential);
/// Ground position of a point fixed in a link (link frame).
kc_vec3 kc_body_point_position(const kc_body_work *work, int link, const kc_vec3 *point);
/// Velocity in ground axes of a point fixed in a link (link frame).
kc_vec3 kc_body_point_velocity(const kc_body_work *work, int link, const kc_vec3 *point);
/// Adds a force (ground axes, N) at a point fixed in a link (link frame) to work->force.
void kc_body_add_force_g(kc_body_work *work, int link, const kc_vec3 *point, const kc_vec3 *force);
