/// @file
/// The channels of a recording: one table gives name, storage, shape, unit, meaning and axes.
#pragma once

#define KC_GROUND_AXES "ground: X forward, Y up, Z right"
/// Axes of what is measured on a bend; on a straight course those of the ground.
#define KC_COURSE_AXES "course where the mass centre is: X along it, Y up, Z to its right"
#define KC_ALONG "along the coordinate (right-hand rule about its axis)"
#define KC_ON_FOOT "force of the ground on the foot"

/// Shape of one sample of a channel; the file's array has time in front.
#define KC_SHAPE_LIST(X)                                                                           \
  X(scalar, "time")                                                                                \
  X(coordinate, "time coordinate")                                                                 \
  X(body_axis, "time body axis")                                                                   \
  X(body_quaternion, "time body quaternion")                                                       \
  X(axis, "time axis")                                                                             \
  X(side, "time side")                                                                             \
  X(side_axis, "time side axis")                                                                   \
  X(band, "time band")                                                                             \
  X(node, "time node")                                                                             \
  X(node_axis, "time node axis")                                                                   \
  X(muscle, "time muscle")                                                                         \
  X(element, "time element")                                                                       \
  X(band_hip, "time band hip")                                                                     \
  X(law, "time law")                                                                               \
  X(law_muscle, "time law muscle")                                                                 \
  X(load_joint_axis, "time load_joint axis")                                                       \
  X(torsion, "time side torsion_joint")                                                            \
  X(sensor_axis, "time sensor axis")                                                               \
  X(part, "time part")
typedef enum {
#define X(name, dimensions) KC_SHAPE_##name,
  KC_SHAPE_LIST(X)
#undef X
      KC_N_SHAPE
} kc_shape;

#define KC_UNMETERED                                                                               \
  "arms and neck are moved by motors, which cost nothing; muscle mass from its published volume, " \
  "whatever its strength"

#define KC_NO_MUSCLE                                                                               \
  "where motors move a joint no muscle pulls on its bones: the force is then the net "             \
  "intersegmental one, and there is none at the patella; ligaments count as bone"
#define KC_INWARD "on the distal segment, turning it inward"

/// X(name, store, shape, source, unit, long name, frame, positive, assumption); `s` is the sample.
/// What a restart or the momentum identity needs is float64, the rest float32.
#define KC_CHANNEL_LIST(X)                                                                         \
  X(q, F64, coordinate, s->q, "rad or m", "coordinates (units: coordinate_unit)", NULL, KC_ALONG,  \
    NULL)                                                                                          \
  X(v, F64, coordinate, s->v, "rad/s or m/s", "velocities of the coordinates", NULL, KC_ALONG,     \
    NULL)                                                                                          \
  X(a, F32, coordinate, s->a, "rad/s2 or m/s2",                                                    \
    "accelerations of the coordinates over the last step", NULL, KC_ALONG, NULL)                   \
  X(torque, F32, coordinate, s->torque, "N m", "torque of motors and muscles", NULL, KC_ALONG,     \
    "motors with a limit and a first-order lag move arms and neck, and stand in for muscles "      \
    "where "                                                                                       \
    "there are none")                                                                              \
  X(torque_command, F32, coordinate, s->torque_command, "N m", "torque the controller asked for",  \
    NULL, KC_ALONG, NULL)                                                                          \
  X(torque_passive, F32, coordinate, s->torque_passive, "N m", "torque of passive joint tissue",   \
    NULL, KC_ALONG, NULL)                                                                          \
  X(torque_observed, F32, coordinate, s->torque_observed, "N m",                                   \
    "disturbance observer's estimate", NULL, KC_ALONG, NULL)                                       \
  X(torque_unmet, F32, coordinate, s->torque_unmet, "N m",                                         \
    "torque asked of muscles beyond their reach", NULL, KC_ALONG, NULL)                            \
  X(power_joint, F32, coordinate, s->power_joint, "W", "power of that torque", NULL,               \
    "work done on the body", NULL)                                                                 \
  X(body_position, F64, body_axis, s->body_position, "m", "mass centre of each body",              \
    KC_GROUND_AXES, NULL, NULL)                                                                    \
  X(body_quaternion, F32, body_quaternion, s->body_quaternion, "1", "attitude of each body",       \
    "body axes (parallel to ground at zero coordinates) to ground", NULL, NULL)                    \
  X(body_velocity, F64, body_axis, s->body_velocity, "m/s", "velocity of each body's mass centre", \
    KC_GROUND_AXES, NULL, NULL)                                                                    \
  X(body_rate, F64, body_axis, s->body_rate, "rad/s", "angular velocity of each body",             \
    KC_GROUND_AXES, "right-hand rule", NULL)                                                       \
  X(com, F64, axis, s->com, "m", "mass centre of the whole body", KC_GROUND_AXES, NULL, NULL)      \
  X(com_velocity, F64, axis, s->com_velocity, "m/s", "velocity of the mass centre",                \
    KC_GROUND_AXES, NULL, NULL)                                                                    \
  X(heading, F64, scalar, &s->heading, "rad", "heading of the course where the mass centre is",    \
    KC_GROUND_AXES, "from +X towards +Z, to the right", NULL)                                      \
  X(path_position, F64, scalar, &s->path_position, "m", "mass centre along the course", NULL,      \
    "forward", NULL)                                                                               \
  X(path_offset, F64, scalar, &s->path_offset, "m", "mass centre to the right of the course",      \
    NULL, "right", NULL)                                                                           \
  X(momentum, F32, axis, s->momentum, "kg m/s", "linear momentum", KC_GROUND_AXES, NULL, NULL)     \
  X(angular_momentum, F64, axis, s->angular_momentum, "kg m2/s",                                   \
    "angular momentum about the mass centre", KC_GROUND_AXES, "right-hand rule", NULL)             \
  X(foot_force, F32, side_axis, s->foot_force[0], "N", "ground reaction force at the sample",      \
    KC_GROUND_AXES, KC_ON_FOOT, NULL)                                                              \
  X(foot_cop, F32, side_axis, s->foot_cop[0], "m", "centre of pressure at the sample",             \
    KC_GROUND_AXES, NULL, NULL)                                                                    \
  X(foot_free_moment, F32, side, s->foot_free_moment, "N m",                                       \
    "free moment at the centre of pressure", KC_GROUND_AXES,                                       \
    "about the upward vertical, on the foot", NULL)                                                \
  X(foot_force_mean, F32, side_axis, s->foot_force_mean[0], "N",                                   \
    "ground reaction force, mean since the last sample", KC_GROUND_AXES, KC_ON_FOOT, NULL)         \
  X(foot_moment_mean, F32, side_axis, s->foot_moment_mean[0], "N m",                               \
    "moment of the ground about the moving mass centre, mean since the last sample",               \
    KC_GROUND_AXES, "right-hand rule, on the foot", NULL)                                          \
  X(drag_force_mean, F32, axis, s->drag_force_mean, "N", "air drag, mean since the last sample",   \
    KC_GROUND_AXES, "force on the body", "one drag area at one point, still air")                  \
  X(drag_moment_mean, F32, axis, s->drag_moment_mean, "N m",                                       \
    "moment of air drag about the moving mass centre, mean since the last sample", KC_GROUND_AXES, \
    "right-hand rule, on the body", NULL)                                                          \
  X(push_force_mean, F32, axis, s->push_force_mean, "N", "push, mean since the last sample",       \
    KC_GROUND_AXES, "force on the body", NULL)                                                     \
  X(push_moment_mean, F32, axis, s->push_moment_mean, "N m",                                       \
    "moment of the push about the moving mass centre, mean since the last sample", KC_GROUND_AXES, \
    "right-hand rule, on the body", NULL)                                                          \
  X(band_length, F32, band, s->band_length, "m", "length of each fascial band", NULL, NULL, NULL)  \
  X(band_force, F32, band, s->band_force, "N", "tension of each fascial band", NULL, "tension",    \
    "sling stiffness is an assumption, not a measurement")                                         \
  X(band_energy, F32, band, s->band_energy, "J", "energy stored in each fascial band", NULL, NULL, \
    "sling stiffness is an assumption, not a measurement")                                         \
  X(band_power, F32, band, s->band_power, "W", "power of each fascial band", NULL,                 \
    "work done on the body", NULL)                                                                 \
  X(node_displacement, F32, node_axis, s->node_displacement, "m",                                  \
    "displacement of each fascial node from its home", "axes of the node's body", NULL,            \
    "drag and stiffness of the tissue round a node are assumptions, not measurements")             \
  X(node_power, F32, node, s->node_power, "W",                                                     \
    "power of the tissue round each fascial node: its drag, and what holds it at home", NULL,      \
    "work done on the body",                                                                       \
    "drag and stiffness of the tissue round a node are assumptions, not measurements")             \
  X(node_loss, F32, node, s->node_loss, "W", "power of the drag of each fascial node", NULL,       \
    "work done on the body",                                                                       \
    "drag and stiffness of the tissue round a node are assumptions, not measurements")             \
  X(muscle_excitation, F32, muscle, s->muscle_excitation, "1", "excitation of each muscle", NULL,  \
    NULL, NULL)                                                                                    \
  X(muscle_activation, F32, muscle, s->muscle_activation, "1", "activation of each muscle", NULL,  \
    NULL, NULL)                                                                                    \
  X(muscle_length, F32, muscle, s->muscle_length, "m", "length of each muscle's path", NULL, NULL, \
    NULL)                                                                                          \
  X(muscle_force, F32, muscle, s->muscle_force, "N", "tendon force of each muscle", NULL,          \
    "tension", NULL)                                                                               \
  X(muscle_power, F32, muscle, s->muscle_power, "W", "power of each muscle with its tendon", NULL, \
    "work done on the body", NULL)                                                                 \
  X(fibre_length, F32, muscle, s->fibre_length, "1", "fibre length over optimal", NULL, NULL,      \
    NULL)                                                                                          \
  X(fibre_velocity, F32, muscle, s->fibre_velocity, "1", "fibre velocity over the largest", NULL,  \
    "lengthening", NULL)                                                                           \
  X(band_power_out, F32, band, s->band_power_out, "W",                                             \
    "power of each band on the body, positive part, mean since the last sample", NULL,             \
    "work done on the body", NULL)                                                                 \
  X(band_power_in, F32, band, s->band_power_in, "W",                                               \
    "power of the body on each band, positive part, mean since the last sample", NULL,             \
    "work done on the band", NULL)                                                                 \
  X(band_hip_moment, F32, band_hip, s->band_hip_moment, "N m",                                     \
    "generalized force of each band about the hips' coordinates", NULL, KC_ALONG, NULL)            \
  X(tendon_energy, F32, muscle, s->tendon_energy, "J", "energy stored in each muscle's tendon",    \
    NULL, NULL, NULL)                                                                              \
  X(fibre_power_out, F32, muscle, s->fibre_power_out, "W",                                         \
    "power of each fibre on its tendon, positive part, mean since the last sample", NULL,          \
    "shortening", NULL)                                                                            \
  X(fibre_power_in, F32, muscle, s->fibre_power_in, "W",                                           \
    "power of each tendon on its fibre, positive part, mean since the last sample", NULL,          \
    "lengthening", NULL)                                                                           \
  X(metabolic_power, F32, law_muscle, s->metabolic_power, "W",                                     \
    "metabolic power of each muscle, mean since the last sample", NULL, NULL, KC_UNMETERED)        \
  X(metabolic_energy, F64, law, s->metabolic_energy, "J",                                          \
    "metabolic energy of all muscles since the start, without the basal rate", NULL, NULL,         \
    KC_UNMETERED)                                                                                  \
  X(fibre_work_out, F64, scalar, &s->fibre_work_out, "J",                                          \
    "work of all fibres on their tendons since the start, positive part", NULL, "shortening",      \
    NULL)                                                                                          \
  X(fibre_work_in, F64, scalar, &s->fibre_work_in, "J",                                            \
    "work of all tendons on their fibres since the start, positive part", NULL, "lengthening",     \
    NULL)                                                                                          \
  X(joint_contact_force, F32, load_joint_axis, s->joint_force, "N",                                \
    "force between the bones of a joint, with muscle forces in it",                                \
    "distal body (of the patellofemoral joint: patella), parallel to ground at zero coordinates",  \
    "force of the proximal on the distal bone", KC_NO_MUSCLE)                                      \
  X(joint_torsion, F32, torsion, s->torsion, "N m",                                                \
    "moment that bones and ligaments transmit about the segment's long axis (hip: thigh, knee "    \
    "and ankle: shank)",                                                                           \
    "line between the joint centres of the segment", KC_INWARD, NULL)                              \
  X(joint_torsion_net, F32, torsion, s->torsion_net, "N m",                                        \
    "net moment of all that crosses the joint about the same axis",                                \
    "line between the joint centres of the segment", KC_INWARD, NULL)                              \
  X(acceleration, F32, sensor_axis, s->acceleration, "m/s2",                                       \
    "acceleration of points fixed in bodies, without gravity",                                     \
    "body, parallel to ground at zero coordinates", NULL,                                          \
    "shank: 4/5 of the way from knee to ankle; pelvis: L5/S1; thorax: joint of the neck; head: "   \
    "its mass centre; bodies are rigid, no soft tissue swings")                                    \
  X(part_angular_momentum, F32, part, s->spin, "kg m2/s",                                          \
    "angular momentum of parts about the mass centre of the whole body, relative to it",           \
    "about the upward vertical", "right-hand rule", NULL)                                          \
  X(kinetic, F32, scalar, &s->kinetic, "J", "kinetic energy", NULL, NULL, NULL)                    \
  X(potential, F32, scalar, &s->potential, "J",                                                    \
    "potential energy in gravity, zero at ground height 0", NULL, NULL, NULL)                      \
  X(power, F32, element, s->power, "W", "power of each kind of element", NULL,                     \
    "work done on the body", NULL)                                                                 \
  X(work, F64, element, s->work, "J", "work of each kind of element since the start", NULL,        \
    "work done on the body", NULL)                                                                 \
  X(work_positive, F64, element, s->work_positive, "J",                                            \
    "work since the start, positive part of each element's power", NULL, NULL, NULL)               \
  X(audit_residual, F64, scalar, &s->audit_residual, "J",                                          \
    "change of kinetic and potential energy less all work since the start", NULL, NULL, NULL)      \
  X(phase, I8, scalar, &phase, "1",                                                                \
    "phase of the controller: 0 flight, 1 stance right, 2 stance left", NULL, NULL, NULL)

typedef enum {
#define X(name, ...) KC_CHANNEL_##name,
  KC_CHANNEL_LIST(X)
#undef X
      KC_N_CHANNEL
} kc_channel;
