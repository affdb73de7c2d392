/// @file
/// The gait controller in lanes: sensed state in, torque commands out, once per control tick.
///
/// It owns an internal model (a tree and forces of its own) and never looks at the body that runs.
///   feel     senses a delay ago, with noise                                  (sense.lane.c)
///   face     the same as seen from the course, where that bends              (course.lane.c)
///   observe  torques that the internal model does not know                   (observe.lane.c)
///   predict  the state in which a command given now will act                 (predict.lane.c)
///   phase    flight and stance of each runner, scalar                        (phase.lane.c)
///   swing    foot placement, joint references of swing leg and upper body    (swing.lane.c)
///   stance   virtual-leg force; accelerations consistent with a foot at rest;
///            inverse dynamics                                                (stance.lane.c)
///   recruit  muscles for the joint torques, where muscles move the joints    (muscles.lane.c)
#pragma once
#include "body/tree.lane.h"
#include "control/map.h"
#include "force/muscle_set.lane.h"
#include "scenario/scenario.h"

/// What the runner feels, at a tick. Means are over the last control interval.
typedef struct {
  real *q, *v;                    ///< (n_joint) at the tick
  real *torque;                   ///< (n_joint) actuator torques now, Nm
  real *torque_mean;              ///< (n_joint) Nm
  kc_vec3 foot_force[KC_N_SIDE];  ///< mean force on each foot, ground axes, N
  kc_vec3 foot_moment[KC_N_SIDE]; ///< mean moment about the rear foot's origin, ground axes, Nm
  kc_vec3 foot_load[KC_N_SIDE];   ///< force on each foot at the tick, ground axes, N
  real *activation, *fibre,
      *fibre_velocity; ///< (n_muscle) as kc_muscle_state; own muscles are felt
  real *stretch;       ///< (n_muscle) length of the tendon over its slack length
  kc_vec3 *node;       ///< (n_node) displacement of fascial nodes, m; so is own tissue
} kc_sense;

/// What a tick gives.
typedef struct {
  real *command;    ///< (n_joint) torque asked of motors or expected of muscles, Nm; 0: of none
  real *excitation; ///< (n_muscle) 0..1
  real *unmet;      ///< (n_joint) torque beyond what muscles can reach, Nm
} kc_control_output;

/// Controllers of KC_LANES runners.
typedef struct kc_control kc_control;

#define kc_control_create KC_LANE(kc_control_create)
#define kc_control_destroy KC_LANE(kc_control_destroy)
#define kc_control_load KC_LANE(kc_control_load)
#define kc_control_compute KC_LANE(kc_control_compute)
#define kc_control_fits KC_LANE(kc_control_fits)
#define kc_control_phase KC_LANE(kc_control_phase)
#define kc_control_observed KC_LANE(kc_control_observed)
#define kc_control_start_pose KC_LANE(kc_control_start_pose)

/// Allocates a controller for the topology of a scenario; NULL if no memory.
kc_control *kc_control_create(const kc_scenario *scenario, const kc_runner_map *map);
void kc_control_destroy(kc_control *control);
/// Takes a scenario into one lane and resets the controller's state there.
void kc_control_load(kc_control *control, int lane, const kc_scenario *scenario,
                     const kc_runner_map *map);
/// One tick: sense -> output.
void kc_control_compute(kc_control *control, const kc_sense *sense,
                        const kc_control_output *output);
/// True where a scenario's controller has the same parts, delay and prediction steps as this one.
int kc_control_fits(const kc_control *control, const kc_scenario *scenario);
/// 0 flight, 1 stance right, 2 stance left.
int kc_control_phase(const kc_control *control, int lane);
/// (n_joint) torques the observer has found, Nm.
const real *kc_control_observed(const kc_control *control);
/// The posture and velocities of a running start: in the air before the right foot lands (scalar,
/// n_joint); returns how far the lowest sole hangs above the ground, m.
double kc_control_start_pose(const kc_scenario *scenario, const kc_runner_map *map, double *q,
                             double *v);
