// Phases of each runner: flight until the landing foot bears load, stance until it bears none.
//
//   flight -> stance   load on the landing foot above 40 N
//   stance -> flight   after 80 ms: no load for 6 ms once the leg has begun to extend, or its force
//                      command or knee angle has run out
// The swing clock runs from 0 at take-off to 1 at the predicted landing: phi' = (1 - phi) / T_left,
// with T_left from the ballistic fall of the hips, the expected stance and the expected flight.
// At each take-off the expected stance time, the energy aimed at, the placement and the believed
// slope learn from the step that has ended. Scalar per runner; loads and times in SI.
// Source: control.md 3 (feasibility study of this project).
#include "control/parts.lane.h"
#include <math.h>

static const double gravity = 9.80665;
enum { LOAD_ON = 40, LOAD_OFF = 15 }; // N

static double clamp(double x, double lo, double hi) { return x < lo ? lo : x > hi ? hi : x; }

static void touch_down(kc_control *c, int i) {
  kc_phase *s = &c->phase[i];
  int k = s->leg;
  s->stance = 1, s->extending = 0, s->no_load = 0;
  kc_set(&c->time, i, 0);
  kc_set(&c->touchdown_length, i, kc_get(c->leg[k].length, i) + 0.002);
  kc_set(&c->leg_force, i, 0);
  for (int j = 0; j < KC_N_LEG_JOINT; j++)
    kc_set(&c->start_angle[k][j], i, kc_get(c->q[c->map.leg[k].joint[j]], i));
  // the ground is where the foot has met it
  double x = kc_get(c->sole[k].v[0], i), y = kc_get(c->sole[k].v[1], i);
  if (s->n_fall[k]++ > 0 && x - s->fall_x[k] > 0.5) {
    double seen = (y - s->fall_y[k]) / (x - s->fall_x[k]), old = kc_get(c->slope, i);
    kc_set(&c->slope, i, old + 0.3 * (clamp(seen, -0.3, 0.3) - old));
  }
  s->fall_x[k] = x, s->fall_y[k] = y;
  for (int j = 0; j < 3; j++)
    kc_set(&c->ground[k].v[j], i, kc_get(c->sole[k].v[j], i));
}

static void take_off(kc_control *c, int i) {
  kc_phase *s = &c->phase[i];
  int k = s->leg;
  double stance = kc_get(c->time, i), expected = kc_get(c->stance_time, i);
  double climb = kc_get(c->climb, i), aimed = kc_get(c->level_takeoff, i);
  kc_set(&c->stance_time, i, expected + 0.3 * (clamp(stance, 0.12, 0.4) - expected));
  double short_of = 0.5 * kc_get(c->mass, i) * (aimed * aimed - climb * fabs(climb));
  double energy = kc_get(c->energy_integral, i) + kc_get(c->p.energy_gain, i) * short_of;
  kc_set(&c->energy_integral, i, clamp(energy, -150, 200));
  double x = kc_get(c->com.v[0], i), span = s->run_time - s->t_last;
  double error = (x - s->x_last) / (span > 0.1 ? span : 0.1) - kc_get(c->pace, i);
  if (fabs(error) < 0.9) {
    double sum = kc_get(c->place_integral, i) + kc_get(c->p.place_x_integral, i) * error;
    kc_set(&c->place_integral, i, clamp(sum, -0.12, 0.12));
  }
  s->x_last = x, s->t_last = s->run_time;
  for (int j = 0; j < KC_N_LEG_JOINT; j++) {
    kc_set(&c->start_angle[k][j], i, kc_get(c->q[c->map.leg[k].joint[j]], i));
    kc_set(&c->start_rate[k][j], i, kc_get(c->v[c->map.leg[k].joint[j]], i));
  }
  kc_set(&c->clock[k], i, 0);
  kc_set(&c->time, i, 0);
  s->stance = 0, s->leg = 1 - k;
}

static int has_ended(const kc_control *c, int i) {
  const kc_phase *s = &c->phase[i];
  double time = kc_get(c->time, i), knee = kc_get(c->q[c->map.leg[s->leg].joint[3]], i);
  if (time <= 0.08)
    return 0;
  if (s->no_load > 0.006 && (s->extending || time > 0.2))
    return 1;
  double run_out = kc_get(c->mass_scale, i) * kc_get(c->p.force_liftoff, i);
  return s->extending && time > 0.1 &&
         (kc_get(c->leg_force, i) < run_out || knee < kc_get(c->p.knee_liftoff, i));
}

static void step_mode(kc_control *c, int i, const kc_sense *felt) {
  kc_phase *s = &c->phase[i];
  double load = kc_get(felt->foot_load[s->leg].v[1], i), interval = kc_get(c->interval, i);
  if (!s->stance) {
    if (load > LOAD_ON)
      touch_down(c, i);
    return;
  }
  double time = kc_get(c->time, i);
  s->no_load = load < LOAD_OFF ? s->no_load + interval : 0;
  if (!s->extending && time > 0.05 && kc_get(c->leg[s->leg].rate, i) > 0.02) {
    s->extending = 1;
    kc_set(&c->extend_time, i, time);
  }
  if (has_ended(c, i))
    take_off(c, i);
}

// time until the foot of leg k meets the ground
static double time_left(const kc_control *c, int i, int k) {
  const kc_phase *s = &c->phase[i];
  double flight = 2 * kc_get(c->level_takeoff, i) / gravity;
  double stance = kc_get(c->stance_time, i);
  if (s->stance)
    return fmax(0.02, stance - kc_get(c->time, i)) + flight;
  int land = s->leg;
  double thigh = kc_get(c->thigh[land], i), shank = kc_get(c->shank[land], i);
  double bent = kc_get(kc_cos(c->knee_touchdown), i);
  double reach = kc_get(c->p.place_x_neutral * c->com_velocity.v[0] * c->stance_time, i);
  double square = thigh * thigh + shank * shank + 2 * thigh * shank * bent - reach * reach;
  double slope = kc_get(c->slope, i), climb = kc_get(c->climb, i);
  double hip_land = sqrt(fmax(0.1, square)) + kc_get(c->ankle_height[land], i) + slope * reach +
                    kc_get(c->p.landing_height, i);
  double hip = 0.5 * kc_get(c->leg[0].hip.v[1] + c->leg[1].hip.v[1], i) -
               kc_get(kc_believed_height(c, land, c->com.v[0]), i);
  double fall = (climb + sqrt(climb * climb + 2 * gravity * fmax(0, hip - hip_land))) / gravity;
  fall = clamp(fall, 0.01, 0.5);
  return k == land ? fall : fall + stance + flight;
}

void kc_control_step_phase(kc_control *c, const kc_sense *felt) {
  for (int i = 0; i < KC_LANES; i++) {
    kc_phase *s = &c->phase[i];
    step_mode(c, i, felt);
    for (int k = 0; k < KC_N_SIDE; k++) {
      int down = s->stance && s->leg == k;
      kc_mask_set(&c->on_leg[k], i, down);
      if (down)
        continue;
      double clock = kc_get(c->clock[k], i);
      double rate = clamp((1 - clock) / fmax(0.02, time_left(c, i, k)), 0, 6);
      kc_set(&c->clock_rate[k], i, rate);
      kc_set(&c->clock[k], i, fmin(1, clock + rate * kc_get(c->interval, i)));
    }
    kc_mask_set(&c->stance, i, s->stance);
    kc_mask_set(&c->extending, i, s->extending);
    s->run_time += kc_get(c->interval, i);
  }
}
