/// @file
/// Times, ways and loads of each step.
///
/// Impulses are trapezoids over the ticks of the contact; braking is ground reaction force against
/// the course's direction (ticks are in course axes), propulsion along it; body weight is mass
/// times 9.80665 m/s2. The oscillation of the mass centre is the range of its height after the
/// straight line between its heights at both strikes is taken away, so that a slope does not count.
#include "gait/steps.h"
#include <math.h>
#include <stdlib.h>

static const kc_gait_info step_info[] = {
#define X(name, unit, meaning) {#name, unit, meaning},
    KC_GAIT_STEP_LIST(X)
#undef X
};

int kc_gait_n_step_value(void) { return (int)(sizeof step_info / sizeof *step_info); }

const kc_gait_info *kc_gait_step_info(int index) { return &step_info[index]; }

// position of the mass centre at a time between ticks `i - 1` and `i`
static double com_at(const kc_tick *tick, int i, int axis, double time) {
  if (i == 0)
    return tick[0].com[axis];
  double part = (time - tick[i - 1].time) / (tick[i].time - tick[i - 1].time);
  return tick[i - 1].com[axis] + part * (tick[i].com[axis] - tick[i - 1].com[axis]);
}

// peaks and impulses of one contact
static void compute_loads(const kc_tick *tick, const kc_gait_contact *contact, double weight,
                          kc_gait_step_values *v) {
  kc_side side = contact->side;
  double up = 0, back = 0, forward = 0;
  v->braking_impulse = v->propulsive_impulse = v->vertical_impulse = 0;
  for (int i = contact->strike_tick; i < contact->off_tick; i++) {
    const double *force = tick[i].foot_force[side], *last = tick[i - 1].foot_force[side];
    double half = 0.5 * (tick[i].time - tick[i - 1].time) / weight;
    up = force[1] > up ? force[1] : up;
    forward = force[0] > forward ? force[0] : forward;
    back = -force[0] > back ? -force[0] : back;
    v->vertical_impulse += half * (force[1] + last[1]);
    v->propulsive_impulse += half * (fmax(force[0], 0) + fmax(last[0], 0));
    v->braking_impulse += half * (fmax(-force[0], 0) + fmax(-last[0], 0));
  }
  v->peak_force_bw = up / weight;
  v->braking_peak_bw = back / weight;
  v->propulsive_peak_bw = forward / weight;
}

// range of height between two strikes about the line through its ends
static double oscillation(const kc_tick *tick, int from, int to) {
  double lowest = 0, highest = 0, time = tick[from].time;
  double slope = (tick[to].com[1] - tick[from].com[1]) / (tick[to].time - time);
  for (int i = from; i <= to; i++) {
    double h = tick[i].com[1] - tick[from].com[1] - slope * (tick[i].time - time);
    lowest = h < lowest ? h : lowest;
    highest = h > highest ? h : highest;
  }
  return highest - lowest;
}

static const kc_gait_contact *find_next(const kc_gait_contact *contact, int n, int i, int same) {
  for (int k = i + 1; k < n; k++)
    if (!same || contact[k].side == contact[i].side)
      return &contact[k];
  return NULL;
}

static kc_gait_step_values compute_step(const kc_tick *tick, int n_tick,
                                        const kc_gait_contact *contact, int n, int i,
                                        double weight) {
  const kc_gait_contact *c = &contact[i], *next = find_next(contact, n, i, 0),
                        *same = find_next(contact, n, i, 1);
  kc_gait_step_values v;
  double *value = (double *)&v;
  for (int k = 0; k < kc_gait_n_step_value(); k++)
    value[k] = (double)NAN;
  v.strike_time = c->strike;
  v.com_lateral = com_at(tick, c->strike_tick, 2, c->strike) - tick[0].com[2];
  if (!isnan(c->off)) {
    v.contact_time = c->off - c->strike;
    compute_loads(tick, c, weight, &v);
  }
  double x = com_at(tick, c->strike_tick, 0, c->strike);
  if (next) {
    v.flight_time = next->strike - c->off;
    v.step_time = next->strike - c->strike;
    v.step_rate = v.step_time > 0 ? 60 / v.step_time : (double)NAN;
    v.step_length = com_at(tick, next->strike_tick, 0, next->strike) - x;
    if (next->strike_tick > c->strike_tick)
      v.com_oscillation = oscillation(tick, c->strike_tick, next->strike_tick);
  }
  kc_gait_loads loads = kc_gait_compute_loads(tick, n_tick, c, next ? next->strike_tick : n_tick,
                                              same ? same->strike_tick : n_tick, weight);
#define X(name, unit, meaning) v.name = loads.name;
  KC_GAIT_LOAD_TABLE(KC_GAIT_LOAD_ROW, X)
#undef X
  if (same) {
    v.stride_time = same->strike - c->strike;
    v.duty_factor = v.contact_time / v.stride_time;
    v.speed = (com_at(tick, same->strike_tick, 0, same->strike) - x) / v.stride_time;
  }
  return v;
}

kc_status kc_gait_compute_steps(const kc_tick *tick, int n_tick, const kc_gait_contact *contact,
                                int n_contact, double weight, kc_gait_step **step, int *n_step,
                                kc_error *error) {
  *n_step = 0;
  *step = calloc((size_t)n_contact + 1, sizeof **step);
  if (!*step)
    return kc_error_add(error, KC_ERR_MEMORY, "gait", "no memory for the steps");
  for (int i = 0; i < n_contact; i++) {
    if (isnan(contact[i].strike))
      continue;
    (*step)[(*n_step)++] = (kc_gait_step){
        contact[i].side, contact[i], compute_step(tick, n_tick, contact, n_contact, i, weight)};
  }
  return KC_OK;
}
