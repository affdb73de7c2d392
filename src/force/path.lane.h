/// @file
/// Paths of muscles in lanes: lengths, lengthening speeds, generalized forces, moment arms.
///
/// A path runs through points fixed in links or in guided frames (a patella) and round cylinders
/// and spheres; its length is exact, so is its derivative: the wrench of unit tension on every link
/// it touches, and on the coordinate of a guide.
#pragma once
#include "body/tree.lane.h"

/// Constants of the paths of KC_LANES bodies of one topology.
typedef struct kc_paths kc_paths;

/// By muscle; what kc_path_compute leaves. A cache, but for what it is told of nodes.
typedef struct {
  const kc_vec3 *node; ///< displacement of fascial nodes, frames of their links, m; NULL: at home
  real *length;        ///< (n_muscle) m
  real *rate;          ///< (n_muscle) m/s, after kc_path_compute_rates
  kc_spatial *pull;    ///< (n_contact) wrench of unit tension on link contact_link, link frame
  real *guide_pull; ///< (n_guide_contact) generalized force of unit tension on a guide's coordinate
  kc_vec3 *guide_force; ///< (n_guide_contact) force of unit tension on the guided points, axes of
                        ///< their link
  kc_vec3 *node_pull;   ///< (n_node_contact) pull of unit tension on a node, frame of its link
  void *scratch;
} kc_path_work;

/// Topology: muscle m pulls on links contact_link[contact_adr[m] .. contact_adr[m + 1]), one entry
/// per link it touches, and on coordinates guide_joint[guide_adr[m] .. guide_adr[m + 1]). End i of
/// muscle node_muscle[i] lies in the fascial node node_contact[i], whose link bears its pull.
typedef struct {
  int n_muscle, n_contact, n_guide_contact, n_node_contact;
  const int *contact_adr, *contact_link, *guide_adr, *guide_joint, *node_contact, *node_muscle;
} kc_path_topology;

#define kc_path_create KC_LANE(kc_path_create)
#define kc_path_destroy KC_LANE(kc_path_destroy)
#define kc_path_load KC_LANE(kc_path_load)
#define kc_path_work_create KC_LANE(kc_path_work_create)
#define kc_path_work_destroy KC_LANE(kc_path_work_destroy)
#define kc_path_topology_of KC_LANE(kc_path_topology_of)
#define kc_path_compute KC_LANE(kc_path_compute)
#define kc_path_compute_tied KC_LANE(kc_path_compute_tied)
#define kc_path_compute_rates KC_LANE(kc_path_compute_rates)
#define kc_path_add_node_rates KC_LANE(kc_path_add_node_rates)
#define kc_path_apply KC_LANE(kc_path_apply)
#define kc_path_crosses KC_LANE(kc_path_crosses)
#define kc_path_compute_arms KC_LANE(kc_path_compute_arms)
#define kc_path_compute_group_arms KC_LANE(kc_path_compute_group_arms)

/// Allocates for the topology of a model and loads it into every lane; NULL if no memory.
kc_paths *kc_path_create(const kc_tree *tree, const kc_model *model);
void kc_path_destroy(kc_paths *paths);
/// Writes the numbers of a model of the same topology into one lane.
void kc_path_load(kc_paths *paths, const kc_tree *tree, int lane, const kc_model *model);
kc_path_work *kc_path_work_create(const kc_paths *paths);
void kc_path_work_destroy(kc_path_work *work);
kc_path_topology kc_path_topology_of(const kc_paths *paths);
/// pose, q, node -> length, pull, guide_pull, node_pull.
void kc_path_compute(const kc_paths *paths, const real *q, const kc_body_work *body,
                     kc_path_work *work);
/// The same again for muscles that end in nodes, which have moved since kc_path_compute.
void kc_path_compute_tied(const kc_paths *paths, kc_path_work *work);
/// v (n_joint) and the velocities of links that go with it (n_joint, as body->vel) -> rate: minus
/// the power of unit tension, fascial nodes at rest.
void kc_path_compute_rates(const kc_paths *paths, const real *v, const kc_spatial *vel,
                           kc_path_work *work);
/// rate (n_node, velocity of nodes from their homes, frames of their links, m/s) -> adds to
/// work->rate what kc_path_compute_rates leaves out.
void kc_path_add_node_rates(const kc_paths *paths, const kc_vec3 *rate, kc_path_work *work);
/// tension (n_muscle, N) -> adds to the wrench on each link (n_joint, as body->force) and, through
/// guides, to tau (n_joint).
void kc_path_apply(const kc_paths *paths, const real *tension, const kc_path_work *work,
                   kc_spatial *force, real *tau);
/// Whether a muscle can have a moment about a joint.
int kc_path_crosses(const kc_paths *paths, int muscle, int joint);
/// Moment arms: generalized force of unit tension of every muscle on the coordinates in
/// joint[0 .. n): arm (n_muscle x n, row-major, m; 0 where a muscle does not cross).
void kc_path_compute_arms(const kc_paths *paths, int n, const int *joint, const kc_tree *tree,
                          const kc_body_work *body, const kc_path_work *work, real *arm);
/// The same of the muscles muscle[0 .. n_muscle) alone, one row a joint: arm (n x n_muscle).
void kc_path_compute_group_arms(const kc_paths *paths, int n_muscle, const int *muscle, int n,
                                const int *joint, const kc_tree *tree, const kc_body_work *body,
                                const kc_path_work *work, real *arm);
