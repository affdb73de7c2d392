/// @file
/// What tuning minimises: one number for one run, from its control ticks and its outcome.
///
/// cost = sum over terms of weight * min(quantity, cap), each quantity zero where the run is as
/// wanted. Weights and caps are the table's unless objectives (objectives.h) say others; what needs
/// extra work (steadiness of head and pelvis, loads of joints) is found only where it has a weight,
/// and is 0 elsewhere. Terms marked "late" need some strides and count only where the run lasted 60
/// % of its duration; a shorter run pays 60 instead. Quantities leave out the start (the smaller of
/// 2 s and 30 % of the duration). Contact is found from the vertical foot force: on above 5 %, off
/// below 3 % of body weight. On a bend forward, sideways and the angles of the pelvis are those of
/// the course where the mass centre is.
///
/// Terms named reference_* are distances to a table of measured runners, group by group, as
/// `kinchain score` finds them (distance.h): each quantity of a group counts the same, and a point
/// further off than 6 SD counts as 6, so that no curve alone can own the sum. They are 0 in
/// scenarios to which the table does not apply (kc_distance_applies), and their cap where the run
/// has no whole stride.
///
/// Sources: most terms and weights from the feasibility study of the controller; the wanted ranges
/// of contact, step rate, oscillation and swing are those of measured runners at 3 to 4 m/s.
#pragma once
#include "lab/reference.h"
#include "sim/engine.h"

/// X(name, weight, cap, late, unit, meaning)
#define KC_COST_LIST(X)                                                                            \
  X(missing_time, 100, 1e3, 0, "s", "duration wanted minus time run")                              \
  X(speed_error, 20, 3, 0, "m/s", "mean speed off the wanted one; 3 where it ran less than 1 s")   \
  X(late_speed, 40, 3, 1, "m/s", "mean speed over the second half off the wanted one")             \
  X(attitude, 20, 1, 0, "rad", "RMS of pelvis tilt about its mean, list and rotation")             \
  X(tilt_mean, 40, 1, 0, "rad", "mean pelvis tilt beyond 0.3 either way")                          \
  X(effort, 2e-5, 3e5, 0, "N2m2", "mean sum of squared joint torques")                             \
  X(torque_rate, 1e-4, 1e5, 0, "Nm/s", "RMS over time of the norm of the torque rates")            \
  X(knee_extension, 400, 0.05, 0, "rad",                                                           \
    "mean knee angle short of 0.05 rad of flexion, both legs")                                     \
  X(short_run, 60, 1, 0, "1", "1 where the run ended before 60 % of its duration")                 \
  X(trunk_rate, 1, 10, 1, "rad/s", "RMS angular velocity of the trunk, rotation counted half")     \
  X(lateral, 20, 2, 1, "m", "RMS distance of the mass centre from the line")                       \
  X(peak_force, 12, 3, 1, "BW", "mean over contacts of the vertical peak, above 2.6")              \
  X(contact_time, 200, 0.3, 1, "s", "mean contact time off 0.235 by more than 0.025")              \
  X(oscillation, 100, 0.5, 1, "m", "mean rise and fall of the mass centre off 0.09 by over 0.02")  \
  X(step_rate, 20, 2, 1, "1/s", "step rate off 2.75 by more than 0.25")                            \
  X(flight, 400, 0.07, 1, "s", "mean over steps of flight time short of 0.07")                     \
  X(swing_hip, 40, 1, 1, "rad", "mean over swings of peak hip flexion above 50 degrees")           \
  X(swing_knee, 30, 1, 1, "rad", "mean over swings of peak knee flexion above 110 degrees")        \
  X(stance_knee, 40, 1, 1, "rad", "mean over contacts of peak knee flexion above 48 degrees")      \
  X(foot_speed, 10, 4, 1, "m/s", "mean forward speed of the heel at touch-down, above 0.5")        \
  X(turning, 10, 5, 1, "kg m2/s", "RMS angular momentum about the vertical, whole body")           \
  X(cost_of_transport, 5, 30, 1, "J/(kg m)", "net metabolic cost by Bhargava 2004; 0 on motors")   \
  X(head_rate, 0, 10, 1, "rad/s", "RMS angular velocity of the head")                              \
  X(head_vertical, 0, 0.5, 1, "m", "SD of the head's height above the plane of the ground")        \
  X(head_lateral, 0, 0.5, 1, "m", "SD of the head's way sideways from the mass centre")            \
  X(pelvis_rate, 0, 10, 1, "rad/s", "RMS angular velocity of the pelvis")                          \
  X(pelvis_vertical, 0, 0.5, 1, "m", "SD of the height of L5/S1 above the plane of the ground")    \
  X(pelvis_lateral, 0, 0.5, 1, "m", "SD of the way of L5/S1 sideways from the mass centre")        \
  X(hip_load, 0, 30, 1, "BW", "mean over contacts of the peak force in the hip")                   \
  X(knee_load, 0, 30, 1, "BW", "the same, in the tibiofemoral joint")                              \
  X(patella_load, 0, 30, 1, "BW", "the same, in the patellofemoral joint; 0 on motors")            \
  X(ankle_load, 0, 30, 1, "BW", "the same, in the ankle")                                          \
  X(back_load, 0, 30, 1, "BW", "the same, in L5/S1")                                               \
  X(reference_spatiotemporal, 0, 6, 1, "SD",                                                       \
    "RMS distance of the spatiotemporal figures from the objectives' reference, each at most 6; "  \
    "0 where it does not apply: not level, not straight, changed body, speed over 0.3 m/s off")    \
  X(reference_forces, 0, 6, 1, "SD", "the same, of the curves of the ground reaction force")       \
  X(reference_sagittal, 0, 6, 1, "SD", "the same, of hip, knee and ankle in the sagittal plane")   \
  X(reference_hip, 0, 6, 1, "SD", "the same, of the hip's other axes")                             \
  X(reference_trunk, 0, 6, 1, "SD", "the same, of pelvis and trunk")                               \
  X(reference_arms, 0, 6, 1, "SD", "the same, of the arms")                                        \
  X(reference_attitude, 0, 6, 1, "SD", "the same, of trunk and thigh to the vertical")             \
  X(reference_spatiotemporal_out, 0, 1, 1, "1", "share of these figures outside 2 SD")             \
  X(reference_forces_out, 0, 1, 1, "1", "share of the points of these curves outside 2 SD")        \
  X(reference_sagittal_out, 0, 1, 1, "1", "the same, of hip, knee and ankle, sagittal")            \
  X(reference_hip_out, 0, 1, 1, "1", "the same, of the hip's other axes")                          \
  X(reference_trunk_out, 0, 1, 1, "1", "the same, of pelvis and trunk")                            \
  X(reference_arms_out, 0, 1, 1, "1", "the same, of the arms")                                     \
  X(reference_attitude_out, 0, 1, 1, "1", "the same, of trunk and thigh to the vertical")

/// Terms by number.
typedef enum {
#define X(name, weight, cap, late, unit, meaning) KC_COST_##name,
  KC_COST_LIST(X)
#undef X
      KC_N_COST
} kc_cost_term;

/// A row of the table.
typedef struct {
  const char *name;
  double weight, cap;
  int late;
  const char *unit, *meaning;
} kc_cost_info;

/// The row of a term.
const kc_cost_info *kc_cost_term_info(int term);

/// What the terms count, in place of the table's columns; weight 0 leaves a term out.
typedef struct {
  double weight[KC_N_COST], cap[KC_N_COST]; ///< >= 0; in the unit of the term
  const kc_reference *reference; ///< what reference_* are distances to; NULL: none, they are 0
} kc_cost_weights;

/// Those of the table.
kc_cost_weights kc_cost_default_weights(void);
/// Whether ticks must carry loads of joints (kc_run.tick_loads).
int kc_cost_needs_loads(const kc_cost_weights *weights);

/// The group of quantities that a term is the distance of, or -1.
int kc_cost_reference_group(int term);
/// Whether a term weighs the distance to the reference.
int kc_cost_needs_reference(const kc_cost_weights *weights);

/// Sums over the ticks of one run.
typedef struct kc_cost kc_cost;

/// An accumulator for one run at a time; NULL if there is no memory.
kc_cost *kc_cost_create(void);
/// Frees it; takes NULL.
void kc_cost_destroy(kc_cost *cost);
/// Makes ready for a run of the scenario, which must outlive it, as must the weights.
/// @return KC_OK; KC_ERR_MEMORY
kc_status kc_cost_begin(kc_cost *cost, const kc_scenario *scenario,
                        const kc_cost_weights *weights) KC_WARN_UNUSED;
/// The sink for kc_run.tick, user = the accumulator. Needs time, q, v, torque, com, foot_force, on
/// a bend the place on the course;
/// joint_force where kc_cost_needs_loads.
void kc_cost_add_tick(void *cost, const kc_sample *sample);
/// The cost of the run that ended so.
///
/// @param quantity  (KC_N_COST) [out] each term's quantity before weight and cap; may be NULL
/// @return the weighted sum, always finite
double kc_cost_compute(const kc_cost *cost, const kc_outcome *outcome, double *quantity);
