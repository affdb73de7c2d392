/// @file
/// Foot strike and toe-off from vertical force with hysteresis.
///
/// A foot is down when its vertical force rises through `strike` (50 N) and up when it falls
/// through `off` (20 N), the two thresholds behind the measured contact times of numbers.md; times
/// by linear interpolation between ticks. A gap shorter than 20 ms between two contacts of one foot
/// is a bounce on the spheres, not a step, and is bridged. Contact times of a half sine sampled
/// every 2 ms come out 0.24 ms long, every 5 ms 1.3 ms long, because the line between the last tick
/// in the air and the first on the ground ignores the kink between them.
#include "gait/events.h"
#include "record/course.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

kc_gait_thresholds kc_gait_default_thresholds(void) {
  return (kc_gait_thresholds){.strike = 50, .off = 20, .gap = 0.02};
}

// one channel of a sample; NaN where it is not recorded
static void get_loads(const kc_recording *recording, kc_channel channel, int sample, int n,
                      double *to) {
  for (int k = 0; k < n; k++)
    to[k] = recording->width[channel] ? kc_record_get(recording, channel, sample, k) : (double)NAN;
}

static void fill_loads(const kc_recording *recording, int sample, kc_tick *tick) {
  double acceleration[3 * KC_N_SENSOR];
  const int n = KC_N_SIDE * KC_N_TORSION;
  get_loads(recording, KC_CHANNEL_joint_contact_force, sample, 3 * KC_N_LOAD_JOINT,
            tick->joint_force[0]);
  get_loads(recording, KC_CHANNEL_joint_torsion, sample, n, tick->torsion[0]);
  get_loads(recording, KC_CHANNEL_joint_torsion_net, sample, n, tick->torsion_net[0]);
  get_loads(recording, KC_CHANNEL_acceleration, sample, 3 * KC_N_SENSOR, acceleration);
  for (int s = 0; s < KC_N_SENSOR; s++)
    tick->shock[s] = acceleration[3 * s + 1];
}

const kc_tick *kc_gait_find_ticks(const kc_recording *recording, kc_tick **kept, int *n) {
  *kept = NULL;
  *n = recording->n_tick;
  if (*n > 0)
    return recording->tick;
  if (recording->n_sample == 0)
    return NULL;
  *kept = calloc((size_t)recording->n_sample, sizeof **kept);
  if (!*kept)
    return NULL;
  *n = recording->n_sample;
  for (int i = 0; i < *n; i++) {
    kc_tick *tick = &(*kept)[i];
    tick->time = recording->time[i];
    kc_record_get_on_course(recording, KC_CHANNEL_com, i, tick->com);
    kc_record_get_on_course(recording, KC_CHANNEL_com_velocity, i, tick->com_velocity);
    kc_record_get_on_course(recording, KC_CHANNEL_foot_force, i, tick->foot_force[0]);
    fill_loads(recording, i, tick);
  }
  return *kept;
}

// time at which the vertical force crosses a level between ticks i - 1 and i
static double crossing_time(const kc_tick *tick, int i, kc_side side, double level) {
  double before = tick[i - 1].foot_force[side][1], after = tick[i].foot_force[side][1];
  double part = (level - before) / (after - before);
  part = part < 0 ? 0 : part > 1 ? 1 : part;
  return tick[i - 1].time + part * (tick[i].time - tick[i - 1].time);
}

// contacts of one foot, a later one being written while it is open
static int find_of_side(const kc_tick *tick, int n_tick, kc_side side, const kc_gait_thresholds *t,
                        kc_gait_contact *contact) {
  int n = 0, down = 0;
  for (int i = 0; i < n_tick; i++) {
    double force = tick[i].foot_force[side][1];
    if (!down && force > t->strike) {
      down = 1;
      double time = i > 0 ? crossing_time(tick, i, side, t->strike) : (double)NAN;
      if (n > 0 && time - contact[n - 1].off < t->gap) {
        n--;
      } else {
        contact[n] = (kc_gait_contact){side, time, (double)NAN, i, n_tick};
      }
      contact[n].off = (double)NAN;
      contact[n].off_tick = n_tick;
    } else if (down && force < t->off) {
      down = 0;
      contact[n].off = crossing_time(tick, i, side, t->off);
      contact[n].off_tick = i;
      n++;
    }
  }
  return n + down;
}

static int compare_strikes(const void *a, const void *b) {
  const kc_gait_contact *x = a, *y = b;
  if (x->strike_tick != y->strike_tick)
    return x->strike_tick < y->strike_tick ? -1 : 1;
  if (x->strike < y->strike)
    return -1;
  if (x->strike > y->strike)
    return 1;
  return (int)x->side - (int)y->side;
}

kc_status kc_gait_find_contacts(const kc_tick *tick, int n_tick,
                                const kc_gait_thresholds *thresholds, kc_gait_contact **contact,
                                int *n_contact, kc_error *error) {
  // at least two ticks per contact of a foot bound their number
  *n_contact = 0;
  *contact = calloc((size_t)n_tick + 2 * KC_N_SIDE, sizeof **contact);
  if (!*contact)
    return kc_error_add(error, KC_ERR_MEMORY, "gait", "no memory for the contacts");
  for (int side = 0; side < KC_N_SIDE; side++)
    *n_contact += find_of_side(tick, n_tick, (kc_side)side, thresholds, *contact + *n_contact);
  qsort(*contact, (size_t)*n_contact, sizeof **contact, compare_strikes);
  return KC_OK;
}
