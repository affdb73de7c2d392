/// @file
/// Foot contacts: strike and toe-off of each foot from the vertical ground reaction force.
#pragma once
#include "record/recording.h"

/// Thresholds of contact; see kc_gait_default_thresholds.
typedef struct {
  double strike; ///< a foot is down once its vertical force has risen through this, N
  double off;    ///< and up once it has fallen through this, N; <= strike
  double gap;    ///< s: a foot that is up for a shorter time than this has not left the ground
} kc_gait_thresholds;

/// One foot on the ground. Times are interpolated linearly between ticks.
typedef struct {
  kc_side side;
  double strike, off;        ///< s; NaN where the run began or ended in mid-contact
  int strike_tick, off_tick; ///< first tick down, first tick up (n_tick if never)
} kc_gait_contact;

/// 50 N up, 20 N down, 20 ms: hysteresis, so that noise at the threshold makes no contacts.
kc_gait_thresholds kc_gait_default_thresholds(void);
/// Ticks of a recording, or its samples as ticks where no ticks were kept.
///
/// @param kept  set to memory the caller frees, or NULL where the recording's own are given
/// @return the ticks (n of them), NULL if there is no memory or nothing recorded (n = 0)
const kc_tick *kc_gait_find_ticks(const kc_recording *recording, kc_tick **kept, int *n);
/// All contacts of both feet in order of strike time.
///
/// @param contact  set to an array of n_contact that the caller frees; NULL if there is no memory
/// @return KC_OK or KC_ERR_MEMORY
kc_status kc_gait_find_contacts(const kc_tick *tick, int n_tick,
                                const kc_gait_thresholds *thresholds, kc_gait_contact **contact,
                                int *n_contact, kc_error *error) KC_WARN_UNUSED;
