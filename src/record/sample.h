/// @file
/// What the simulation hands out at a sample time: one runner, doubles, SI, ground axes unless
/// said.
#pragma once
#include "model/load_map.h"

/// Groups of the energy audit.
#define KC_POWER_LIST(X)                                                                           \
  X(actuator, "joint actuators")                                                                   \
  X(muscle, "muscles")                                                                             \
  X(passive, "passive joint tissue")                                                               \
  X(contact, "foot contact")                                                                       \
  X(sling, "fascial bands and nodes")                                                              \
  X(drag, "air drag")                                                                              \
  X(push, "push")
typedef enum {
#define X(name, text) KC_POWER_##name,
  KC_POWER_LIST(X)
#undef X
      KC_N_POWER
} kc_power_group;

/// Laws of metabolic power.
#define KC_LAW_LIST(X)                                                                             \
  X(bhargava, "Bhargava 2004")                                                                     \
  X(umberger, "Umberger 2010")
typedef enum {
#define X(name, text) KC_LAW_##name,
  KC_LAW_LIST(X)
#undef X
      KC_N_LAW
} kc_law;

/// Pointers into buffers of the simulation, valid during the call.
typedef struct {
  double time;             ///< s
  const double *q, *v, *a; ///< (n_joint) coordinates, velocities, accelerations over the last step
  const double *torque;    ///< (n_joint) of motors and muscles, Nm
  const double *torque_command;            ///< (n_joint) what the controller asked for, Nm
  const double *torque_passive;            ///< (n_joint) Nm
  const double *torque_observed;           ///< (n_joint) disturbance observer's estimate, Nm
  const double *torque_unmet;              ///< (n_joint) asked of muscles beyond their reach, Nm
  const double *power_joint;               ///< (n_joint) power of that torque, W
  const double *body_position;             ///< (n_link x 3) mass centres of the named links, m
  const double *body_quaternion;           ///< (n_link x 4) w x y z: model frame -> ground
  const double *body_velocity;             ///< (n_link x 3) of the mass centre, m/s
  const double *body_rate;                 ///< (n_link x 3) angular velocity, ground axes, rad/s
  double com[3], com_velocity[3];          ///< whole body, m, m/s
  double momentum[3], angular_momentum[3]; ///< kg m/s; about the mass centre, kg m2/s
  /// where the mass centre is on the course, and how the course runs there (kc_bend_place): rad, m,
  /// m
  double heading, path_position, path_offset;
  /// (side x 3) force on the foot and free moment, and centre of pressure, at the sample
  double foot_force[KC_N_SIDE][3], foot_cop[KC_N_SIDE][3], foot_free_moment[KC_N_SIDE];
  /// means over the interval since the last sample: force, and moment about the moving mass centre
  double foot_force_mean[KC_N_SIDE][3], foot_moment_mean[KC_N_SIDE][3];
  double drag_force_mean[3], drag_moment_mean[3];
  double push_force_mean[3], push_moment_mean[3];
  const double *band_length, *band_force, *band_energy, *band_power; ///< (n_band)
  /// (n_band) W, means since the last sample: work of a band on the body, and of the body on it
  const double *band_power_out, *band_power_in;
  const double *band_hip_moment; ///< (n_band x hip) generalized force about each hip coordinate, Nm
  const double *node_displacement;      ///< (n_node x 3) from home, axes of its body, m
  const double *node_power, *node_loss; ///< (n_node) W: of its tissue, and of that lost in drag
  /// (n_muscle) 0..1, m, N, W (work on the skeleton), length over optimal, rate over max velocity
  const double *muscle_excitation, *muscle_activation, *muscle_length, *muscle_force, *muscle_power;
  const double *fibre_length, *fibre_velocity;
  const double *tendon_energy;   ///< (n_muscle) J
  const double *metabolic_power; ///< (law x n_muscle) W, mean since the last sample
  /// (n_muscle) W, means since the last sample: work of a fibre on its tendon, and of the tendon on
  /// it
  const double *fibre_power_out, *fibre_power_in;
  const double *joint_force; ///< (KC_N_LOAD_JOINT x 3) between bones, distal body's frame, N
  const double *torsion, *torsion_net; ///< (side x KC_N_TORSION) about long axes, Nm
  const double *acceleration;          ///< (KC_N_SENSOR x 3) of points, body's frame, m/s2
  const double *spin; ///< (KC_N_PART) angular momentum about the mass centre, vertical, kg m2/s
  double kinetic, potential;            ///< J
  double power[KC_N_POWER];             ///< W at the sample
  double work[KC_N_POWER];              ///< J since t = 0
  double work_positive[KC_N_POWER];     ///< J since t = 0, positive part of each element's power
  double metabolic_energy[KC_N_LAW];    ///< J since t = 0, all muscles, without the basal rate
  double fibre_work_out, fibre_work_in; ///< J since t = 0, all muscles
  double audit_residual; ///< change of kinetic + potential minus all work since t = 0, J
  int phase;             ///< controller: 0 flight, 1 stance right, 2 stance left
} kc_sample;
