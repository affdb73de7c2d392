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
/// Every function is finite for every input: what lies outside the law's range, or is not a number,
/// counts as the nearest end of it.
#pragma once
#include "math/real.h"
#include "model/model.h"

/// Numbers of a muscle in lanes.
typedef struct {
  real force;          ///< strength times max isometric force, N
  real optimal, slack; ///< m
  real sine;           ///< of the pennation at optimal length: thickness over optimal length
  real least;          ///< shortest fibre, over optimal
  real max_velocity;   ///< lopt / s
  real tendon_gain;    ///< exponent of the tendon's curve, per strain
  real tendon_rate;    ///< the same per length, 1/m
  real passive_gain;   ///< of the fibre's passive curve, per strain
  real passive_offset, passive_scale;
  real damping;
  real rise, fall; ///< one over activation and deactivation time, 1/s
} kc_muscle_numbers;

/// What a muscle does at an instant.
typedef struct {
  real force;                     ///< of the tendon, N, never negative
  real stiffness;                 ///< d force / d length at fixed fibre length, N/m
  real fibre_force;               ///< along the fibre by its own laws, N, never negative
  real cosine;                    ///< of the pennation
  real active, passive, velocity; ///< f_l, f_p, f_v
} kc_muscle_forces;

/// Force along the tendon that a fibre gives at its length and velocity: capacity a + passive.
typedef struct {
  real capacity; ///< N per unit of activation, >= 0
  real passive;  ///< N, without activation: passive curve and damping
} kc_muscle_capacity;

#define kc_muscle_load KC_LANE(kc_muscle_load)
#define kc_muscle_compute_tension KC_LANE(kc_muscle_compute_tension)
#define kc_muscle_compute_forces KC_LANE(kc_muscle_compute_forces)
#define kc_muscle_compute_capacity KC_LANE(kc_muscle_compute_capacity)
#define kc_muscle_compute_rate KC_LANE(kc_muscle_compute_rate)
#define kc_muscle_compute_balance KC_LANE(kc_muscle_compute_balance)
#define kc_muscle_compute_tensions KC_LANE(kc_muscle_compute_tensions)
#define kc_muscle_compute_stretch KC_LANE(kc_muscle_compute_stretch)
#define kc_muscle_compute_length KC_LANE(kc_muscle_compute_length)
#define kc_muscle_predict_force KC_LANE(kc_muscle_predict_force)
#define kc_muscle_predict_forces KC_LANE(kc_muscle_predict_forces)
#define kc_muscle_step_fibres KC_LANE(kc_muscle_step_fibres)
#define kc_muscle_step_fibre KC_LANE(kc_muscle_step_fibre)
#define kc_muscle_activation_rate KC_LANE(kc_muscle_activation_rate)
#define kc_muscle_step_activation KC_LANE(kc_muscle_step_activation)
#define kc_muscle_step_activations KC_LANE(kc_muscle_step_activations)
#define kc_muscle_tendon_energy KC_LANE(kc_muscle_tendon_energy)

/// Writes the numbers of a muscle into one lane.
///
/// @valid lengths, max_velocity, strains and times positive; a damping under 0.001 counts as 0.001
void kc_muscle_load(kc_muscle_numbers *numbers, int lane, const kc_muscle *muscle);
/// Fibre length l and path length (m) -> force of the tendon (N), and its stiffness at fixed fibre
/// length (N/m): the force and stiffness of kc_muscle_compute_forces to the bit, at less cost.
real kc_muscle_compute_tension(const kc_muscle_numbers *numbers, real fibre, real length,
                               real *stiffness);
/// Tensions of n muscles, bit by bit the same, in less time than one by one.
void kc_muscle_compute_tensions(int n, const kc_muscle_numbers *numbers, const real *fibre,
                                const real *length, real *tension);
/// Fibre length l and path length (m) -> length of the tendon over its slack length.
real kc_muscle_compute_stretch(const kc_muscle_numbers *numbers, real fibre, real length);
/// Fibre length l and stretch of the tendon -> path length (m): its inverse.
real kc_muscle_compute_length(const kc_muscle_numbers *numbers, real fibre, real stretch);
/// State (activation, fibre length l, its velocity v) and path length (m) -> forces. The power that
/// the fibre gives is -fibre_force v max_velocity optimal.
kc_muscle_forces kc_muscle_compute_forces(const kc_muscle_numbers *numbers, real activation,
                                          real fibre, real velocity, real length);
/// What the fibre can do at its length l and velocity v.
kc_muscle_capacity kc_muscle_compute_capacity(const kc_muscle_numbers *numbers, real fibre,
                                              real velocity);
/// Fibre velocity v at which the unit is in balance, to round-off: the right-hand side of the
/// reference road. Balances beyond twice max_velocity are cut off there.
real kc_muscle_compute_rate(const kc_muscle_numbers *numbers, real activation, real fibre,
                            real length);
/// Fibre length l in balance at a path length and lengthening rate (m/s) with the fibre moving as
/// the path asks for with the tendon's length at rest; always found, finite for every input. A path
/// too short to tighten the tendon gives the shortest fibre.
real kc_muscle_compute_balance(const kc_muscle_numbers *numbers, real activation, real length,
                               real rate);
/// Fibre length after an implicit step to the new activation and path length. Fixed work.
///
/// @param step     [in] s, > 0; the same as that of the last step, or the order drops to first once
/// @param velocity [in,out] mean fibre velocity v over the last step (at a start the velocity
///                 itself), then over this one: a state, kept with the fibre length
/// @return the fibre length, at which the balance holds at the end of the step
real kc_muscle_step_fibre(const kc_muscle_numbers *numbers, real step, real activation, real length,
                          real fibre, real *velocity);
/// The same for n muscles, bit by bit, in less time than one by one.
void kc_muscle_step_fibres(int n, const kc_muscle_numbers *numbers, real step,
                           const real *activation, const real *length, real *fibre, real *velocity);
/// Tendon force (N) after a step as kc_muscle_step_fibre makes it, solved by one more iteration:
/// for steps of an internal model, which are long.
///
/// @param by_activation [out] its derivative by the activation, N, >= 0; 0 where the tendon is
/// slack
real kc_muscle_predict_force(const kc_muscle_numbers *numbers, real step, real activation,
                             real length, real fibre, real velocity, real *by_activation);
/// The same for n muscles, bit by bit, in less time than one by one.
void kc_muscle_predict_forces(int n, const kc_muscle_numbers *numbers, real step,
                              const real *activation, const real *length, const real *fibre,
                              const real *velocity, real *force, real *by_activation);
/// da/dt, 1/s.
real kc_muscle_activation_rate(const kc_muscle_numbers *numbers, real excitation, real activation);
/// Activation after a step at constant excitation, unconditionally stable, within 0..1.
real kc_muscle_step_activation(const kc_muscle_numbers *numbers, real step, real excitation,
                               real activation);
/// The same for n muscles, bit by bit, in less time than one by one.
void kc_muscle_step_activations(int n, const kc_muscle_numbers *numbers, real step,
                                const real *excitation, real *activation);
/// Energy stored in the tendon at a fibre length l and path length (m), J: the integral of force
/// over its length.
real kc_muscle_tendon_energy(const kc_muscle_numbers *numbers, real fibre, real length);
