/// @file
/// Muscles in lanes: one muscle-tendon unit with an elastic tendon, its laws and its step.
///
///   F        = F0 f_t(l_t / slack)                      what pulls on the skeleton
///   balance    F0 (a f_l(l) f_v(v) + f_p(l) + d v) cos(alpha) = F0 f_t(l_t / slack)
///   geometry   length = l lopt cos(alpha) + l_t,  l lopt sin(alpha) = constant
///   activation da/dt(e, a)                              10 / 40 ms
/// l: fibre length over optimal, v: fibre velocity over max_velocity (lengthening positive).
/// The fibre is the only state of the contraction; its step is implicit, so that a stiff tendon on
/// a fibre of low activation does not limit the step. Force depends on state and length alone.
#pragma once
#include "math/real.h"
#include "model/model.h"

/// Numbers of a muscle in lanes.
typedef struct {
  real force;          ///< strength times max isometric force, N
  real optimal, slack; ///< m
  real height;         ///< lopt sin(pennation): constant thickness, m
  real max_velocity;   ///< lopt / s
  real tendon_gain;    ///< exponent of the tendon's curve
  real passive_gain;   ///< of the fibre's passive curve, per strain
  real damping;
  real rise, fall; ///< activation and deactivation time, s
} kc_muscle_numbers;

/// What a muscle does at an instant.
typedef struct {
  real force;                     ///< of the tendon, N, never negative
  real stiffness;                 ///< d force / d length at fixed fibre length, N/m
  real fibre_force;               ///< along the fibre, N
  real cosine;                    ///< of the pennation
  real active, passive, velocity; ///< f_l, f_p, f_v
} kc_muscle_forces;

#define kc_muscle_load KC_LANE(kc_muscle_load)
#define kc_muscle_compute_forces KC_LANE(kc_muscle_compute_forces)
#define kc_muscle_compute_rate KC_LANE(kc_muscle_compute_rate)
#define kc_muscle_compute_balance KC_LANE(kc_muscle_compute_balance)
#define kc_muscle_step_fibre KC_LANE(kc_muscle_step_fibre)
#define kc_muscle_activation_rate KC_LANE(kc_muscle_activation_rate)
#define kc_muscle_step_activation KC_LANE(kc_muscle_step_activation)

/// Writes the numbers of a muscle into one lane.
void kc_muscle_load(kc_muscle_numbers *numbers, int lane, const kc_muscle *muscle);
/// State (activation, fibre length l, its velocity v) and path length (m) -> forces.
kc_muscle_forces kc_muscle_compute_forces(const kc_muscle_numbers *numbers, real activation,
                                          real fibre, real velocity, real length);
/// Fibre velocity v at which the unit is in balance, to round-off: the right-hand side of the
/// reference road.
real kc_muscle_compute_rate(const kc_muscle_numbers *numbers, real activation, real fibre,
                            real length);
/// Fibre length l in balance at a path length and lengthening rate (m/s) with the fibre moving as
/// the path asks for with the tendon's length at rest; always found, finite for every input.
real kc_muscle_compute_balance(const kc_muscle_numbers *numbers, real activation, real length,
                               real rate);
/// Fibre length after an implicit step to the new activation and path length; `velocity` is that of
/// the last step in (a guess) and of this step out. Fixed work.
real kc_muscle_step_fibre(const kc_muscle_numbers *numbers, real step, real activation, real length,
                          real fibre, real *velocity);
/// da/dt, 1/s.
real kc_muscle_activation_rate(const kc_muscle_numbers *numbers, real excitation, real activation);
/// Activation after a step at constant excitation, unconditionally stable, within 0..1.
real kc_muscle_step_activation(const kc_muscle_numbers *numbers, real step, real excitation,
                               real activation);
