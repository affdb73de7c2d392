/// @file
/// Muscles for the tests: four kinds, from a short fibre on a long soft tendon to a long one on a
/// short stiff tendon, and the lane-0 values of the laws.
#pragma once
#include "force/muscle.lane.h"
#include "near.h"

enum { N_KIND = 4 };

static const kc_muscle rig_muscle[N_KIND] = {
    {.name = "soleus_r", // short fibres, long tendon twice as soft
     .strength = 1.0,
     .max_isometric_force = 6195.0,
     .optimal_fibre_length = 0.0439,
     .tendon_slack_length = 0.2767,
     .pennation = 0.3842,
     .max_velocity = 10.0,
     .tendon_strain = 0.098,
     .passive_strain = 0.6,
     .damping = 0.01,
     .activation_time = 0.010,
     .deactivation_time = 0.040,
     .slow_fraction = 0.803,
     .specific_tension = 6.0e5},
    {.name = "psoas_r",
     .strength = 0.83,
     .max_isometric_force = 1427.0,
     .optimal_fibre_length = 0.1172,
     .tendon_slack_length = 0.0993,
     .pennation = 0.2155,
     .max_velocity = 10.0,
     .tendon_strain = 0.049,
     .passive_strain = 0.5,
     .damping = 0.01,
     .activation_time = 0.010,
     .deactivation_time = 0.040,
     .slow_fraction = 0.5,
     .specific_tension = 6.0e5},
    {.name = "sart_r", // long fibres, parallel
     .strength = 1.0,
     .max_isometric_force = 249.0,
     .optimal_fibre_length = 0.4027,
     .tendon_slack_length = 0.1205,
     .pennation = 0.0,
     .max_velocity = 10.0,
     .tendon_strain = 0.049,
     .passive_strain = 0.6,
     .damping = 0.01,
     .activation_time = 0.010,
     .deactivation_time = 0.040,
     .slow_fraction = 0.493,
     .specific_tension = 5.31e5},
    {.name = "stiff_r", // a tendon a seventh of the fibre, fast fibres, hardly damped
     .strength = 1.1,
     .max_isometric_force = 873.0,
     .optimal_fibre_length = 0.1391,
     .tendon_slack_length = 0.0203,
     .pennation = 0.4913,
     .max_velocity = 12.0,
     .tendon_strain = 0.033,
     .passive_strain = 0.7,
     .damping = 0.001,
     .activation_time = 0.015,
     .deactivation_time = 0.060,
     .slow_fraction = 0.2185,
     .specific_tension = 2.5e5},
};

/// The same muscle in every lane.
static inline kc_muscle_numbers rig_load(const kc_muscle *muscle) {
  kc_muscle_numbers numbers;
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_muscle_load(&numbers, lane, muscle);
  return numbers;
}

/// y of the tendon whose force is f (over F0), by the closed form of its curve.
static inline double rig_tendon_strain(double f) {
  double y = log(5 * fmax(f, 0) + 1);
  return y < 3 ? y : 3 + (f - 0.2 * (exp(3) - 1)) / (0.2 * exp(3));
}

/// Path length at which a fibre of length l bears the normalised force f along itself.
static inline double rig_length(const kc_muscle *m, double l, double f) {
  double sine = sin(m->pennation), x = sqrt(l * l - sine * sine);
  double y = rig_tendon_strain(f * x / l);
  return m->optimal_fibre_length * x + m->tendon_slack_length * (1 + y * m->tendon_strain / log(6));
}
