/// @file
/// Reach in lanes: what activation can become within a horizon, and the excitation that leads
/// there.
///
/// Both by the activation dynamics of force/muscle.lane.h themselves, da/dt = k(e, a) (e - a), at
/// an excitation that is held:
///   lower = a(h; e = 0),  upper = a(h; e = 1),  and a(h; e = a) = a exactly.
/// Between these three points a(h; e) is inverted by a quadratic through the two ends of its side
/// and one point tried between them. Where k is one constant this is the law of a constant time,
/// e = a + (a* - a)/(1 - exp(-h/tau)), which with the times of rise and fall themselves misses
/// activations by up to 0.14: k changes fourfold with the activation.
#pragma once
#include "force/muscle.lane.h"

/// Activations that can be had at the end of the horizon.
typedef struct {
  real lower, upper;
} kc_reach;

#define kc_reach_advance KC_LANE(kc_reach_advance)
#define kc_reach_compute KC_LANE(kc_reach_compute)
#define kc_reach_find_excitation KC_LANE(kc_reach_find_excitation)
#define kc_reach_find_excitations KC_LANE(kc_reach_find_excitations)

/// Activation after `time` s of one excitation.
real kc_reach_advance(const kc_muscle_numbers *numbers, real time, real excitation,
                      real activation);
/// @param horizon    s, > 0
/// @param activation now, 0..1
kc_reach kc_reach_compute(const kc_muscle_numbers *numbers, real horizon, real activation);
/// Excitation, held over the horizon, after which the activation is `target`; 0 or 1 where that is
/// out of reach.
///
/// @param reach  of the same numbers, horizon and activation
/// @valid with 10/40 ms and horizons of 2, 5, 10, 20, 40 ms bounds and targets are within 0.009,
///        0.015, 0.011, 0.027, 0.032 of the exact ones; in proportion for other times
real kc_reach_find_excitation(const kc_muscle_numbers *numbers, real horizon, real activation,
                              const kc_reach *reach, real target);
/// The same for n muscles, bit by bit, in less time than one by one.
void kc_reach_find_excitations(int n, const kc_muscle_numbers *numbers, real horizon,
                               const real *activation, const kc_reach *reach, const real *target,
                               real *excitation);
