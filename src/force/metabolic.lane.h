/// @file
/// Metabolic power of muscles by two laws, and the work of their fibres.
///
/// Heat and work of the contractile element at an instant; see metabolic.lane.c for the equations.
/// What flows (KC_FLOW_) is held between two calls of kc_metabolic_compute and summed in between by
/// kc_metabolic_add, so the laws need not be evaluated at every step.
#pragma once
#include "force/muscle_set.lane.h"

/// What flows in a muscle, W, never negative.
typedef enum {
  KC_FLOW_BHARGAVA, ///< metabolic power by Bhargava 2004
  KC_FLOW_UMBERGER, ///< metabolic power by Umberger 2010
  KC_FLOW_OUT,      ///< power of the whole fibre on its tendon while it shortens
  KC_FLOW_IN,       ///< power of the tendon on the whole fibre while it lengthens
  KC_N_FLOW
} kc_flow;

/// Numbers of a muscle in lanes.
typedef struct {
  real mass;                                 ///< kg
  real activation_slow, activation_fast;     ///< Bhargava: activation heat, W
  real maintenance_slow, maintenance_fast;   ///< Bhargava: maintenance heat, W
  real maintain;                             ///< Umberger: activation and maintenance heat, W
  real shorten_slow, shorten_fast, lengthen; ///< Umberger: kg, W, W
  real speed;                                ///< max_velocity, m/s
} kc_metabolic_numbers;

/// What the laws ask of a muscle.
typedef struct {
  real excitation, activation;
  real sine, fall; ///< sin(pi u / 2) and 1 - cos(pi u / 2) of the excitation u
  real fibre;      ///< length over optimal
  real rate;       ///< of the fibre over max_velocity, lengthening positive
  real active;     ///< f_l
  real isometric;  ///< force of the contractile element at this length and activation at rest, N
  real force;      ///< of the contractile element, N, >= 0
} kc_metabolic_input;

/// Parts of the power of one muscle, W. Heat is kept at 1 W/kg, power at 0, where the sum of the
/// parts would be less.
typedef struct {
  real activation, maintenance; ///< Umberger has them as one: activation
  real shortening;              ///< heat of shortening or lengthening
  real work;                    ///< of the contractile element
  real power;                   ///< heat and work
} kc_metabolic_parts;

/// Muscles of KC_LANES bodies of one topology.
typedef struct {
  int n;                         ///< muscles
  kc_metabolic_numbers *numbers; ///< (n)
  real *rate[KC_N_FLOW];         ///< (n) W, at the last kc_metabolic_compute
  real *sum[KC_N_FLOW];          ///< (n) J, since the caller cleared it
  real total_rate[KC_N_FLOW];    ///< of all muscles, W
  real total[KC_N_FLOW];         ///< of all muscles, J, since kc_metabolic_load
  real *angle, *sine, *cosine;   ///< (n rounded up) scratch
} kc_metabolic;

#define kc_metabolic_load_muscle KC_LANE(kc_metabolic_load_muscle)
#define kc_metabolic_eval_bhargava KC_LANE(kc_metabolic_eval_bhargava)
#define kc_metabolic_eval_umberger KC_LANE(kc_metabolic_eval_umberger)
#define kc_metabolic_create KC_LANE(kc_metabolic_create)
#define kc_metabolic_destroy KC_LANE(kc_metabolic_destroy)
#define kc_metabolic_load KC_LANE(kc_metabolic_load)
#define kc_metabolic_compute KC_LANE(kc_metabolic_compute)
#define kc_metabolic_add KC_LANE(kc_metabolic_add)

/// Writes the numbers of a muscle into one lane. Its mass is that of its whole volume, whatever its
/// strength: weakness is no loss of tissue (an assumption).
void kc_metabolic_load_muscle(kc_metabolic_numbers *numbers, int lane, const kc_muscle *muscle);
/// Bhargava, Pandy and Anderson 2004.
/// @source doi:10.1016/S0021-9290(03)00239-2
kc_metabolic_parts kc_metabolic_eval_bhargava(const kc_metabolic_numbers *numbers,
                                              const kc_metabolic_input *input);
/// Umberger 2010: that of 2003 without negative work, and with less heat of lengthening.
/// @source doi:10.1098/rsif.2010.0084
kc_metabolic_parts kc_metabolic_eval_umberger(const kc_metabolic_numbers *numbers,
                                              const kc_metabolic_input *input);
/// For n muscles; NULL if no memory.
kc_metabolic *kc_metabolic_create(int n);
void kc_metabolic_destroy(kc_metabolic *metabolic);
/// Numbers of a model's muscles into one lane; its rates, sums and totals begin at 0.
void kc_metabolic_load(kc_metabolic *metabolic, int lane, const kc_model *model);
/// State and tensions (n, N) -> rate, total_rate.
///
/// @param numbers  (n) of kc_muscle_set_numbers
void kc_metabolic_compute(kc_metabolic *metabolic, const kc_muscle_numbers *numbers,
                          const kc_muscle_state *state, const real *tension);
/// Adds a time (s) of the held rates to sum and total.
void kc_metabolic_add(kc_metabolic *metabolic, real time);
