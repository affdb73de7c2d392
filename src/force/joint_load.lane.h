/// @file
/// Loads within the body: forces between bones, torsion, accelerations, angular momentum of parts.
///
/// Measured, not acting: nothing of it moves the body.
///
/// Force between bones. What joint i transmits to all links below it follows from their motion
/// (Newton-Euler):
///   W_i = sum over links below i of (I a + v x* I v - weight - forces that act on them)
/// with muscles, bands, ground, drag and push among the forces, so W is what is left for bones and
/// ligaments: contact force (bone on bone with ligaments; passive tissue about a coordinate is a
/// couple and adds none), given as force of the proximal on the distal bone in the distal body's
/// frame. Where motors move a joint no muscle pulls on the bones, and it is the net intersegmental
/// force. A patella has no mass: the femur pushes on it against the sum of all pulls of quadriceps
/// and patellar tendon. What its track takes along the knee's coordinate acts as a couple between
/// femur and tibia (departure: a real patella's track gives the tibia a force too).
///
/// Torsion. The moment about the joint centre, along the long axis of the segment: thigh (hip
/// centre to knee centre) at the hip, shank (knee to ankle centre) at knee and ankle, positive
/// where it turns the distal segment inward.
///   transmitted  of W: what bones and ligaments, and passive tissue and motors about the
///                coordinates, carry
///   net          of W without muscles and bands among the forces: all that crosses the joint
///
/// Acceleration: of points fixed in bodies, in the body's frame: what an accelerometer there feels,
/// less gravity.
///
/// Angular momentum: of a part about the mass centre of the whole body, velocities relative to it,
/// about the upward vertical; the parts sum to the whole.
/// Source: Featherstone 2008, 5.3; the sums are in ground axes about the free root.
#pragma once
#include "force/muscle_set.lane.h"
#include "model/load_map.h"

/// Topology, sensors of KC_LANES bodies, and their loads.
typedef struct {
  kc_load_map map;
  int n_joint, n_link;
  int *link;                         ///< (n_link) links with mass or a name
  kc_part *part;                     ///< (n_joint)
  kc_vec3 sensor_point[KC_N_SENSOR]; ///< link frame, m
  kc_vec3 force[KC_N_LOAD_JOINT];    ///< distal body's frame (of a patella: its own), N
  real torsion[KC_N_SIDE][KC_N_TORSION], torsion_net[KC_N_SIDE][KC_N_TORSION]; ///< Nm
  kc_vec3 acceleration[KC_N_SENSOR]; ///< body's frame, m/s2
  real spin[KC_N_PART];              ///< kg m2/s
  // scratch, about the free root's origin, ground axes
  kc_spatial *demand; ///< (n_joint) what motion and weight of all links below ask for
  kc_spatial *acting; ///< (n_joint) forces that act on them
} kc_joint_load;

#define kc_joint_load_create KC_LANE(kc_joint_load_create)
#define kc_joint_load_destroy KC_LANE(kc_joint_load_destroy)
#define kc_joint_load_load KC_LANE(kc_joint_load_load)
#define kc_joint_load_compute KC_LANE(kc_joint_load_compute)
#define kc_joint_load_compute_spin KC_LANE(kc_joint_load_compute_spin)

/// For a model, loaded into every lane; NULL if no memory. What the model lacks is NaN.
kc_joint_load *kc_joint_load_create(const kc_tree *tree, const kc_model *model);
/// Frees it; takes NULL.
void kc_joint_load_destroy(kc_joint_load *load);
/// Takes a model's sensors into one lane, whose loads begin at 0.
void kc_joint_load_load(kc_joint_load *load, const kc_tree *tree, int lane, const kc_model *model);
/// Pose, velocity, acceleration and forces as the articulated-body algorithm had them, forces
/// completed -> force, torsion, torsion_net, acceleration. Without muscles both are NULL.
void kc_joint_load_compute(kc_joint_load *load, const kc_tree *tree, const kc_body_work *body,
                           const kc_force_work *force, const kc_muscle_set *muscles,
                           const kc_muscle_work *muscle_work);
/// Pose, velocity -> spin.
void kc_joint_load_compute_spin(kc_joint_load *load, const kc_tree *tree, const kc_body_work *body);
