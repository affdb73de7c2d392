/// @file
/// Forces on a tree: foot contact, passive joints, air drag, fascial bands and nodes. Each element
/// gives its force, its energy (where it stores any) and its power.
///
/// Use within one step (see sim/step.lane.c):
///   kc_body_compute_pose, kc_body_compute_velocity, kc_body_clear_forces
///   kc_force_compute   adds to work->force, work->implicit, work->joint_implicit,
///                      fills tau_passive
///   kc_body_compute_acceleration
///   kc_force_complete  with the acceleration: forces as applied over the step (implicit part
///                      included) and their powers at the mean velocity of the step.
///
/// A step moves the velocity it holds, v_held, by the acceleration times a time; forces that damp
/// are those at a velocity on that way, and so are powers:
///   powers                             at v_held + mean a
///   damping of contact and of joints   at v_held + settle a
/// Their coefficients are taken at (q, v), the best guess of the velocity at q. With both times
/// zero nothing is implicit and forces are the laws at (q, v_held).
#pragma once
#include "body/tree.lane.h"
#include "force/ground.h"

/// The velocity a step holds, and how far along its way forces and powers are taken.
typedef struct {
  const real *v;         ///< (n_joint) v_held
  const kc_spatial *vel; ///< (n_joint) velocity of links at v_held, as body->vel
  real mean, settle;     ///< s
} kc_force_span;

typedef struct kc_force kc_force; // constants of KC_LANES bodies and grounds of one topology

/// What a muscle does to a fascial node that it ends in.
typedef struct {
  kc_vec3 pull;   ///< of unit tension on the node, frame of the node's link
  real tension;   ///< N
  real stiffness; ///< change of tension with length, fibre held, N/m
  real before;    ///< tension a step of the muscles ago, N
} kc_node_tie;

/// State of fascial nodes, in the frames of their links.
typedef struct {
  kc_vec3 *place; ///< (n_node) displacement from home, m
  kc_vec3 *mean;  ///< (n_node) mean velocity over the last step, m/s
} kc_node_state;

/// What nodes are told from outside; all zero: they lie still at home.
typedef struct {
  const kc_vec3 *place;   ///< (n_node) displacement from home, m; NULL: at home
  int moves;              ///< 1: they move as the law says; 0: they rest (internal models)
  int n_tie;              ///< muscles' ends in nodes
  const int *tie_node;    ///< (n_tie) node of each
  const kc_node_tie *tie; ///< (n_tie)
} kc_node_input;

/// What the elements do, one entry per element. Valid after kc_force_complete.
typedef struct {
  // foot spheres (n_sphere)
  kc_vec3 *sphere_force; // on the foot, ground axes, N
  kc_vec3 *sphere_point; // contact point, ground, m
  real *sphere_power;    // W
  // feet (KC_N_SIDE)
  kc_vec3 foot_force[KC_N_SIDE];  // sum over the foot's spheres, ground axes, N
  kc_vec3 foot_moment[KC_N_SIDE]; // about the ground point under the pelvis origin: see foot_origin
  kc_vec3 foot_origin;            // that point, ground, m (x, 0, z of the first massive link)
  // passive joints (n_joint): limit torques, springs, damping
  real *passive_torque; // Nm
  real *passive_power;  // W
  // bands (n_band)
  real *band_length, *band_rate; // m, m/s
  real *band_force;              // N, never negative
  real *band_energy;             // stored, J
  real *band_power;              // W, work done by the band on the body
  int bands_off;                 // 1, set by the owner: compute leaves them out
  // fascial nodes (n_node)
  kc_node_input node; // set by the owner before kc_force_compute
  kc_vec3 *node_rate; // velocity from home, frame of the link, m/s
  real *node_loss;    // W, power of the drag: never positive
  real *node_power;   // W, that and the power of the tissue that holds the node at home
  // drag
  kc_vec3 drag_force;               // ground axes, N
  kc_vec3 drag_point;               // ground, m
  real drag_power;                  // W
  struct kc_force_scratch *scratch; // what kc_force_compute leaves for kc_force_complete
} kc_force_work;

#define kc_force_create KC_LANE(kc_force_create)
#define kc_force_destroy KC_LANE(kc_force_destroy)
#define kc_force_load KC_LANE(kc_force_load)
#define kc_force_work_create KC_LANE(kc_force_work_create)
#define kc_force_work_destroy KC_LANE(kc_force_work_destroy)
#define kc_force_compute KC_LANE(kc_force_compute)
#define kc_force_complete KC_LANE(kc_force_complete)
#define kc_force_compute_tissue KC_LANE(kc_force_compute_tissue)
#define kc_force_compute_band_torques KC_LANE(kc_force_compute_band_torques)
#define kc_force_compute_band_moments KC_LANE(kc_force_compute_band_moments)
#define kc_force_node_displacement KC_LANE(kc_force_node_displacement)
#define kc_force_place_node KC_LANE(kc_force_place_node)
#define kc_force_predict_nodes KC_LANE(kc_force_predict_nodes)
#define kc_force_step_nodes KC_LANE(kc_force_step_nodes)
#define kc_force_settle_nodes KC_LANE(kc_force_settle_nodes)
#define kc_force_set_plane KC_LANE(kc_force_set_plane)
#define kc_force_n_wave KC_LANE(kc_force_n_wave)
#define kc_ground_compute_height KC_LANE(kc_ground_compute_height)

/// Allocates for the topology of model and ground, loads them into every lane; NULL if no memory.
kc_force *kc_force_create(const kc_tree *tree, const kc_model *model, const kc_ground *ground);
void kc_force_destroy(kc_force *force);
/// Writes the numbers of one runner into one lane.
void kc_force_load(kc_force *force, const kc_tree *tree, int lane, const kc_model *model,
                   const kc_ground *ground);
/// Sets grade, camber and the height at the origin under each foot (KC_N_SIDE, m) in every lane: an
/// internal model's ground as it is believed to be.
void kc_force_set_plane(kc_force *force, real grade, real camber, const real *height);
/// Number of waves of the ground: topology.
int kc_force_n_wave(const kc_force *force);
kc_force_work *kc_force_work_create(const kc_force *force);
void kc_force_work_destroy(kc_force_work *work);
/// Span of a step that holds the velocity at its begin and damps at its end; 0: nothing implicit.
static inline kc_force_span kc_force_span_of_step(const real *v, const kc_body_work *body,
                                                  real step) {
  return (kc_force_span){v, body->vel, kc_real(0.5) * step, step};
}
/// pose, velocity -> adds contact, bands, drag to body->force, time times damping to body->implicit
/// and body->joint_implicit; writes passive torques (explicit part) to tau_passive (n), added to
/// whatever the caller has in tau by the caller.
void kc_force_compute(const kc_force *force, const real *q, const kc_force_span *span,
                      kc_body_work *body, kc_force_work *work, real *tau_passive);
/// Without the ground: passive torques, bands and drag at (q, v), nothing implicit; as an internal
/// model wants them, which feels the ground instead of computing it.
void kc_force_compute_tissue(const kc_force *force, const real *q, const real *v,
                             kc_body_work *body, kc_force_work *work, real *tau_passive);
/// Puts a node of one lane at a displacement (3, m) from its home in the axes of its body, at rest.
void kc_force_place_node(const kc_force *force, const kc_tree *tree, int node, int lane,
                         const double *displacement, kc_node_state *state);
/// Displacement of a node from its home in the axes of its body, m.
kc_vec3 kc_force_node_displacement(const kc_force *force, const kc_tree *tree, int node,
                                   const kc_node_state *state);
/// First half of a step of the nodes: where the mean velocity of the last step leads to.
void kc_force_predict_nodes(const kc_force *force, real step, kc_node_state *state);
/// Second half, at the pose and velocities of the step's end, ties at the predicted place -> state
/// there.
void kc_force_step_nodes(const kc_force *force, real step, const kc_body_work *body,
                         kc_force_work *work, kc_node_state *state);
/// Pose, velocities, ties -> place at which nodes are in balance with all at rest, and, as mean
/// velocity, the one that the law gives there: the start of a run.
void kc_force_settle_nodes(const kc_force *force, const kc_body_work *body, kc_force_work *work,
                           kc_node_state *state);
/// acc and a from the articulated-body algorithm -> applied forces and powers (see above).
void kc_force_complete(const kc_force *force, const kc_force_span *span, const real *a,
                       const kc_body_work *body, kc_force_work *work);
/// Generalized forces of all bands together (n_joint, Nm or N). Pose, and what kc_force_compute
/// left for the bands, go in; zero where the tree has none.
void kc_force_compute_band_torques(const kc_force *force, const kc_tree *tree, kc_body_work *body,
                                   kc_force_work *work, real *torque);
/// Generalized force of every band on the coordinates in joint[0 .. n), each once: moment (n_band x
/// n, row-major, Nm or N). Pose, and what kc_force_compute left for the bands, go in.
void kc_force_compute_band_moments(const kc_force *force, int n, const int *joint,
                                   const kc_tree *tree, const kc_body_work *body,
                                   const kc_force_work *work, real *moment);
/// Height of the ground and its slope (dh/dx, dh/dz) at (x, z).
void kc_ground_compute_height(const kc_force *force, real x, real z, real *height, real *slope_x,
                              real *slope_z);
