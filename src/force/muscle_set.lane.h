/// @file
/// All muscles of a body: paths, fibres and activations stepped together, forces, powers.
///
/// Use within one step (see sim/step.lane.c), at a new pose:
///   kc_muscle_set_approach paths with fascial nodes where they are predicted; ties
///   kc_force_step_nodes
///   kc_muscle_set_step     activations and fibres over the step to this pose; tensions
///   kc_body_compute_acceleration, with work->moment among the torques
///   kc_muscle_set_complete powers
/// Tensions depend on pose and state alone, so nothing of them is implicit in the skeleton's step.
#pragma once
#include "force/force.lane.h"
#include "force/muscle.lane.h"
#include "force/path.lane.h"

/// Constants of the muscles of KC_LANES bodies of one topology.
typedef struct kc_muscle_set kc_muscle_set;

/// By muscle; excitation is an input, the rest is state that a restart needs.
typedef struct {
  real *excitation;    ///< 0..1
  real *activation;    ///< 0..1
  real *fibre;         ///< length over optimal
  real *velocity;      ///< of the fibre over max_velocity
  const kc_vec3 *node; ///< as kc_path_work.node; another's state
} kc_muscle_state;

/// What muscles do; a cache.
typedef struct {
  kc_path_work *path;
  real *tension;     ///< (n_muscle) N
  real *power;       ///< (n_muscle) work done on the skeleton, W, after kc_muscle_set_complete
  real *moment;      ///< (n_joint) generalized force of all muscles
  real *guided;      ///< (n_joint) the part of it that guides bring
  kc_node_tie *tie;  ///< (n_tie) what muscles do to fascial nodes
  kc_spatial *force; ///< (n_joint) wrench of all muscles on each link
  kc_spatial *twist; ///< (n_joint) scratch: velocities at which powers are taken
  real *rate;        ///< (n_joint) likewise
} kc_muscle_work;

#define kc_muscle_set_create KC_LANE(kc_muscle_set_create)
#define kc_muscle_set_destroy KC_LANE(kc_muscle_set_destroy)
#define kc_muscle_set_load KC_LANE(kc_muscle_set_load)
#define kc_muscle_set_fits KC_LANE(kc_muscle_set_fits)
#define kc_muscle_set_paths KC_LANE(kc_muscle_set_paths)
#define kc_muscle_set_numbers KC_LANE(kc_muscle_set_numbers)
#define kc_muscle_work_create KC_LANE(kc_muscle_work_create)
#define kc_muscle_work_destroy KC_LANE(kc_muscle_work_destroy)
#define kc_muscle_set_start KC_LANE(kc_muscle_set_start)
#define kc_muscle_set_tie_nodes KC_LANE(kc_muscle_set_tie_nodes)
#define kc_muscle_set_start_ties KC_LANE(kc_muscle_set_start_ties)
#define kc_muscle_set_extrapolate_ties KC_LANE(kc_muscle_set_extrapolate_ties)
#define kc_muscle_set_approach KC_LANE(kc_muscle_set_approach)
#define kc_muscle_set_step KC_LANE(kc_muscle_set_step)
#define kc_muscle_set_evaluate KC_LANE(kc_muscle_set_evaluate)
#define kc_muscle_set_gather KC_LANE(kc_muscle_set_gather)
#define kc_muscle_set_complete KC_LANE(kc_muscle_set_complete)

/// Allocates for a model's muscles and loads them into every lane; NULL if no memory.
kc_muscle_set *kc_muscle_set_create(const kc_tree *tree, const kc_model *model);
void kc_muscle_set_destroy(kc_muscle_set *set);
/// Writes the numbers of a model of the same topology into one lane.
void kc_muscle_set_load(kc_muscle_set *set, const kc_tree *tree, int lane, const kc_model *model);
/// True where a model's muscles have the topology of this set.
int kc_muscle_set_fits(const kc_muscle_set *set, const kc_model *model);
const kc_paths *kc_muscle_set_paths(const kc_muscle_set *set);
/// (n_muscle)
const kc_muscle_numbers *kc_muscle_set_numbers(const kc_muscle_set *set);
kc_muscle_work *kc_muscle_work_create(const kc_muscle_set *set);
void kc_muscle_work_destroy(kc_muscle_work *work);
/// pose, velocity, activation -> fibre, velocity in balance in the lanes of a mask: the start of a
/// run.
void kc_muscle_set_start(const kc_muscle_set *set, mask lanes, const real *q, const real *v,
                         const kc_body_work *body, kc_muscle_work *work, kc_muscle_state *state);
/// Tells nodes, but for where they are, which muscles end in them: work->tie, to be kept.
void kc_muscle_set_tie_nodes(const kc_muscle_set *set, const kc_muscle_work *work,
                             kc_node_input *node);
/// Tensions of ties in the lanes of a mask as if they had long been so.
void kc_muscle_set_start_ties(const kc_muscle_set *set, mask lanes, kc_muscle_work *work);
/// Tensions of ties between two steps of the muscles, as they went on: a share of a step after the
/// last.
void kc_muscle_set_extrapolate_ties(const kc_muscle_set *set, double share, kc_muscle_work *work);
/// pose at the end of the step, nodes as predicted -> paths; ties with fibres as predicted.
void kc_muscle_set_approach(const kc_muscle_set *set, real step, const real *q,
                            const kc_body_work *body, kc_muscle_work *work,
                            const kc_muscle_state *state);
/// approached paths, nodes where they came to lie, excitation -> state at the end of the step,
/// tension, force, moment, ties.
void kc_muscle_set_step(const kc_muscle_set *set, real step, const kc_tree *tree,
                        kc_body_work *body, kc_muscle_work *work, kc_muscle_state *state);
/// pose, state -> tension, force, moment: without a step.
void kc_muscle_set_evaluate(const kc_muscle_set *set, const kc_tree *tree, const real *q,
                            kc_body_work *body, kc_muscle_work *work, const kc_muscle_state *state);
/// tension, pulls of the paths -> force, moment.
void kc_muscle_set_gather(const kc_muscle_set *set, const kc_tree *tree, kc_body_work *body,
                          kc_muscle_work *work);
/// span, accelerations, velocity of nodes (n_node; NULL: at rest) -> power.
void kc_muscle_set_complete(const kc_muscle_set *set, const kc_force_span *span, const real *a,
                            const kc_vec3 *node_rate, const kc_body_work *body,
                            kc_muscle_work *work);
