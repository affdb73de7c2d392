/// @file
/// Steps: what one contact and the flight after it amount to.
#pragma once
#include "gait/energy.h"
#include "gait/loads.h"

/// X(name, unit, meaning): quantities of a step, from this foot's strike to the next strike of the
/// other; a stride goes to the next strike of the same foot. NaN where the run ended before.
#define KC_GAIT_STEP_LIST(X)                                                                       \
  X(strike_time, "s", "time of foot strike")                                                       \
  X(contact_time, "s", "foot strike to toe-off")                                                   \
  X(flight_time, "s", "toe-off to the next foot strike; negative: both feet down")                 \
  X(step_time, "s", "foot strike to the next foot strike")                                         \
  X(stride_time, "s", "foot strike to the next strike of the same foot")                           \
  X(duty_factor, "1", "contact time over stride time")                                             \
  X(step_rate, "1/min", "steps per minute")                                                        \
  X(step_length, "m", "way of the mass centre along the course in a step")                         \
  X(speed, "m/s", "mean speed along the course over the stride")                                   \
  X(peak_force_bw, "BW", "largest vertical ground reaction force")                                 \
  X(braking_peak_bw, "BW", "largest backward ground reaction force")                               \
  X(propulsive_peak_bw, "BW", "largest forward ground reaction force")                             \
  X(braking_impulse, "BW s", "impulse of backward ground reaction force")                          \
  X(propulsive_impulse, "BW s", "impulse of forward ground reaction force")                        \
  X(vertical_impulse, "BW s", "impulse of vertical ground reaction force")                         \
  X(com_oscillation, "m", "range of mass centre height in a step about its mean slope")            \
  X(com_lateral, "m", "mass centre to the right of where it began on the course, at foot strike")  \
  KC_GAIT_LOAD_TABLE(KC_GAIT_LOAD_ROW, X)                                                          \
  KC_GAIT_ENERGY_TABLE(KC_GAIT_ROW, X)

typedef struct {
#define X(name, unit, meaning) double name;
  KC_GAIT_STEP_LIST(X)
#undef X
} kc_gait_step_values;

/// One step: its contact and its quantities.
typedef struct {
  kc_side side;
  kc_gait_contact contact;
  kc_gait_step_values value;
} kc_gait_step;

/// The stride that begins with a step; NaN where it is cut.
static inline kc_gait_stride kc_gait_stride_of(const kc_gait_step *step) {
  const kc_gait_step_values *v = &step->value;
  return (kc_gait_stride){step->side, v->strike_time, v->strike_time + v->contact_time,
                          v->strike_time + v->stride_time, v->speed * v->stride_time};
}

/// Name, unit and meaning of a quantity.
typedef struct {
  const char *name, *unit, *meaning;
} kc_gait_info;

/// Number of values of a step, and the row of each (doubles of kc_gait_step_values in this order).
int kc_gait_n_step_value(void);
const kc_gait_info *kc_gait_step_info(int index);
/// Steps of all contacts whose strike was seen, in order of strike.
///
/// @param weight  body weight, N (> 0)
/// @param step    set to an array of n_step that the caller frees; NULL if there is no memory
kc_status kc_gait_compute_steps(const kc_tick *tick, int n_tick, const kc_gait_contact *contact,
                                int n_contact, double weight, kc_gait_step **step, int *n_step,
                                kc_error *error) KC_WARN_UNUSED;
