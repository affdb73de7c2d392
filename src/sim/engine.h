/// @file
/// The stepping engine as the rest of the program sees it: lane width is a number, not a type.
#pragma once
#include "record/sample.h"
#include "scenario/scenario.h"

/// How a run ended; an outcome is never an error.
typedef enum {
  KC_RUNNING,
  KC_COMPLETED,
  KC_FELL,
  KC_DIVERGED,
  KC_INTERRUPTED,
  KC_FAILED ///< never began: its scenario could not be made, or the engine refused it
} kc_outcome_kind;

typedef struct {
  kc_outcome_kind kind;
  double time;      ///< s: end of the run
  char reason[120]; ///< why it fell or which value went non-finite
} kc_outcome;

/// One run: a scenario and where its samples go. Called on one thread per run, in time order.
typedef struct {
  const kc_scenario *scenario;
  void (*sample)(void *user, const kc_sample *sample); ///< every record_interval; may be NULL
  /// Every control tick: time, q, v, torque, torque_command, com, momenta, feet, phase; may be
  /// NULL. With `energy` or `sample` set, also metabolic_energy, fibre_work_out, fibre_work_in.
  void (*tick)(void *user, const kc_sample *sample);
  /// Ticks give joint_force, torsion, torsion_net and acceleration too: of the step that led there,
  /// 0 at the start.
  int tick_loads;
  /// Samples leave out, as NULL, what only series are made of: accelerations, observed, unmet and
  /// joint powers, motion of bodies, lengths and powers of bands, states of nodes and muscles,
  /// powers of single muscles; for a brief recording (record/recording.h).
  int brief;
  int energy; ///< ticks give metabolic_energy and works of fibres, though `sample` be NULL
  void *user;
  const double *start_q, *start_v; ///< (n_joint) start state; NULL: a running start
  const double *start_actuator;    ///< (n_joint) actuator torques at the start, Nm; NULL: none
  /// (3 x n_muscle) activations, fibre lengths, fibre velocities at the start; NULL: in balance
  const double *start_muscle;
  /// (3 x n_node) displacements, as recorded, m; NULL: in balance with bands, and with muscles
  /// unless start_muscle is given, which then should come with them
  const double *start_node;
  /// (n_replay x (n_joint + n_muscle)) torque commands and excitations, one row a tick, instead of
  /// a controller; without the excitations where joints have motors
  const double *replay;
  long n_replay;      ///< rows; the last one stays on
  kc_outcome outcome; ///< out
} kc_run;

/// Runs of one topology, by slot: lanes are refilled in order as runs end.
///
/// @param width   1, 4 or 8; a width the processor lacks is served by narrower ones, same bits
/// @param next    gives the next run or NULL; called under the caller's own locking
/// @param stop    looked at once per tick: when it becomes nonzero all runs end as interrupted; may
/// be NULL
/// @param finished called when a run has ended, with its outcome filled in; may be NULL
kc_status kc_sim_run(int width, kc_run *(*next)(void *context),
                     void (*finished)(void *context, kc_run *run), void *context,
                     const volatile int *stop, kc_error *error) KC_WARN_UNUSED;

/// The widest engine this processor has natively: 1, 4 or 8.
int kc_sim_native_width(void);
