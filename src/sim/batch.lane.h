/// @file
/// A batch: KC_LANES runners of one topology stepped together. Inside of src/sim.
///
///   batch.lane.c   creates a batch, takes a run into a lane
///   tissue.lane.c  nodes and muscles at the start of a run
///   step.lane.c    the step: a whole step of physics told in one page
///   energy.lane.c  metabolic power, work of fibres, bands, tendons: measured, not acting
///   sample.lane.c  what one lane hands out
///   loop.lane.c    the queue: ticks, ends, refills
///   reference.lane.c  what the reference road asks of it
#pragma once
#include "body/tree.lane.h"
#include "control/control.lane.h"
#include "force/joint_load.lane.h"
#include "sim/energy.lane.h"
#include "sim/engine.h"

/// What one lane is doing.
typedef struct {
  kc_run *run;    ///< NULL: idle
  long step;      ///< steps done
  long n_step;    ///< steps to do
  double bend;    ///< of the course: radius, m
  double heading; ///< of the course at the last tick or sample, rad
} kc_slot;

/// Integrals since the last sample: forces, and moments about the moving mass centre.
typedef struct {
  kc_vec3 foot_force[KC_N_SIDE], foot_moment[KC_N_SIDE];
  kc_vec3 drag_force, drag_moment, push_force, push_moment;
} kc_impulse;

typedef struct kc_batch {
  int n, n_link, n_sphere, n_node, n_band, n_muscle, steps_per_tick, steps_per_sample;
  int muscle_steps; ///< steps in one of the muscles
  int muscle_age;   ///< steps since the muscles' last one; the same in every lane, 0 at ticks
  kc_integrator integrator;
  unsigned long long topology; ///< hash of what hangs on what
  int sphere_side[64];
  int *link; ///< (n_link) joint index of each named link
  kc_runner_map map;
  kc_tree *tree;
  kc_body_work *body;
  kc_force *force;
  kc_force_work *force_work;
  kc_muscle_set *muscles; ///< NULL: motors at every joint
  kc_muscle_work *muscle_work;
  kc_energy *energy;
  kc_joint_load *load; ///< NULL: the model has none of its joints
  int load_due;        ///< this step's loads are wanted
  kc_control *control; ///< NULL: no controller (a body left to itself, or commands replayed)
  kc_slot slot[KC_LANES];
  double *buffer; ///< of samples
  void *block;    ///< of the arrays below
  // constants in lanes
  real step, mass, pelvis_lowest, pelvis_highest, push_begin, push_end;
  kc_vec3 push_force;
  kc_vec3 *com_link;    ///< (n_link) mass centre, link frame
  real *actuator_share; ///< (n) 1 - exp(-step / lag)
  real *actuator_rate;  ///< (n) 1 / lag; 0 where there is none
  real *torque_limit;   ///< (n) of the body that runs, Nm
  // state: all that a restart needs, with the controller's
  real time;
  real *q, *v, *actuator; ///< v: best guess of the velocity at q
  real *held;             ///< (n) velocity that the step holds: of `lead` ago
  real lead;              ///< half a step, 0 at the start of a run
  kc_muscle_state muscle; ///< (n_muscle)
  real *moment_before;    ///< (n) moments of muscles a step of theirs ago, Nm
  real *muscle_torque;    ///< (n) moments of muscles that act now, Nm
  kc_node_state node;     ///< (n_node)
  kc_vec3 com, momentum;  ///< of the mass centre; integrated, the pelvis follows
  kc_vec3 momentum_held;  ///< of `lead` ago
  // this step
  kc_spatial *held_vel; ///< (n) velocity of links at `held`
  real *a, *tau, *passive, *command, *rate, *unmet;
  kc_vec3 angular_momentum, push_now;
  real power[KC_N_POWER], work[KC_N_POWER], work_positive[KC_N_POWER], energy_start;
  real kinetic, potential; ///< J, at a sample
  kc_sense sense;
  real sense_time;
  kc_impulse impulse;
} kc_batch;

#define kc_batch_create KC_LANE(kc_batch_create)
#define kc_batch_destroy KC_LANE(kc_batch_destroy)
#define kc_batch_load KC_LANE(kc_batch_load)
#define kc_batch_fits KC_LANE(kc_batch_fits)
#define kc_batch_compute_kinematics KC_LANE(kc_batch_compute_kinematics)
#define kc_batch_evaluate KC_LANE(kc_batch_evaluate)
#define kc_batch_account KC_LANE(kc_batch_account)
#define kc_batch_clear_impulse KC_LANE(kc_batch_clear_impulse)
#define kc_batch_step KC_LANE(kc_batch_step)
#define kc_batch_prepare_sample KC_LANE(kc_batch_prepare_sample)
#define kc_batch_sample KC_LANE(kc_batch_sample)
#define kc_batch_sample_tick KC_LANE(kc_batch_sample_tick)
#define kc_batch_sample_size KC_LANE(kc_batch_sample_size)
#define kc_batch_run KC_LANE(kc_batch_run)
#define kc_batch_step_rk4 KC_LANE(kc_batch_step_rk4)
#define kc_batch_compute_slopes KC_LANE(kc_batch_compute_slopes)
#define kc_batch_torque KC_LANE(kc_batch_torque)
#define kc_batch_evaluate_muscles KC_LANE(kc_batch_evaluate_muscles)
#define kc_batch_warm_muscles KC_LANE(kc_batch_warm_muscles)
#define kc_batch_start_tissue KC_LANE(kc_batch_start_tissue)
#define kc_batch_place KC_LANE(kc_batch_place)
#define kc_batch_drive KC_LANE(kc_batch_drive)
#define kc_batch_state_size KC_LANE(kc_batch_state_size)
#define kc_batch_get_state KC_LANE(kc_batch_get_state)
#define kc_batch_compute_rates KC_LANE(kc_batch_compute_rates)
#define kc_batch_set_command KC_LANE(kc_batch_set_command)
#define kc_batch_sample_state KC_LANE(kc_batch_sample_state)

/// A batch for runs like this one; every lane idle but loaded with it.
kc_status kc_batch_create(kc_run *run, kc_batch **batch, kc_error *error) KC_WARN_UNUSED;
void kc_batch_destroy(kc_batch *batch);
/// Takes a run into a lane, at its start; kc_batch_start_tissue is to follow.
void kc_batch_load(kc_batch *batch, int lane, kc_run *run);
/// True where the run has the batch's topology and step sizes.
int kc_batch_fits(const kc_batch *batch, const kc_run *run);
/// q, v -> pose, velocities; returns mass centre and momenta in com, linear,
/// batch->angular_momentum.
void kc_batch_compute_kinematics(kc_batch *batch, kc_vec3 *com, kc_vec3 *linear);
/// Kinematics -> forces, a, damping as implicit as the span says.
void kc_batch_evaluate(kc_batch *batch, const kc_force_span *span);
/// Adds what acted over a time to impulses, works, senses.
void kc_batch_account(kc_batch *batch, real time, const kc_force_span *span);
/// One step of the batch's integrator; `sample` is called between forces and advance.
void kc_batch_step(kc_batch *batch, void (*sample)(kc_batch *batch));
/// The classical Runge-Kutta step (rk4.lane.c).
void kc_batch_step_rk4(kc_batch *batch, void (*sample)(kc_batch *batch));
/// Kinematics at q, v with what muscles do there; mass centre and momentum as they come out.
void kc_batch_place(kc_batch *batch);
/// d/dt of q, v, actuators (n each), activations, fibre lengths (n_muscle each), places of nodes
/// (3 n_node) after kc_batch_evaluate, one after another.
void kc_batch_compute_slopes(kc_batch *batch, real *slope);
/// State of muscles -> tensions, moments that act.
void kc_batch_evaluate_muscles(kc_batch *batch);
/// Torque of motor and muscles about a joint, Nm.
real kc_batch_torque(const kc_batch *batch, int joint);
/// Fascial nodes in balance, fibres too unless the run gives them, in the lanes of a mask: the
/// start of their runs.
void kc_batch_start_tissue(kc_batch *batch, mask lanes);
/// Fibres and nodes in balance with activations and motion, in the lanes of a mask.
void kc_batch_warm_muscles(kc_batch *batch, mask lanes);
/// Begins a new interval of means in one lane.
void kc_batch_clear_impulse(kc_batch *batch, int lane);
/// What kc_batch_sample needs of all lanes, after the forces at the sample.
void kc_batch_prepare_sample(kc_batch *batch);
/// Fills a sample from one lane; after kc_batch_prepare_sample.
void kc_batch_sample(kc_batch *batch, int lane, double time, double since, kc_sample *sample);
/// Fills what a tick gives: coordinates, torques, mass centre, feet, phase.
void kc_batch_sample_tick(kc_batch *batch, int lane, double time, kc_sample *sample);
/// Doubles that samples of this batch need in its buffer.
size_t kc_batch_sample_size(const kc_batch *batch);
/// Runs `first` and the queue until it is empty or a run does not fit, which is then returned.
kc_run *kc_batch_run(kc_batch *batch, kc_run *first, kc_run *(*next)(void *context),
                     void (*finished)(void *context, kc_run *run), void *context,
                     const volatile int *stop);

// for the reference road (reference.c): y = q, v, actuators (n each), muscles, nodes, impulses,
// works, positive works
/// What the actuator of a joint heads for: the command within what the body can give, Nm.
real kc_batch_drive(const kc_batch *batch, int joint);
/// Length of y; n_sum of it are the sums at its end.
int kc_batch_state_size(const kc_batch *batch, int *n_sum);
/// y of one lane as it stands.
void kc_batch_get_state(kc_batch *batch, int lane, double *y);
/// y -> dy/dt of one lane, nothing implicit; the batch is left at y with its sums spoilt.
void kc_batch_compute_rates(kc_batch *batch, int lane, double time, const double *y, double *rates);
/// Sets the command (n, then excitations; NULL: as it was) of every lane; actuators without lag in
/// y follow at once.
void kc_batch_set_command(kc_batch *batch, const double *command, double *y);
/// Fills a sample from y; powers are those at this instant.
void kc_batch_sample_state(kc_batch *batch, int lane, double time, double since, const double *y,
                           kc_sample *sample);
