/// @file
/// The in-memory recording of one run: every channel of kc_sample at the record interval, and a few
/// quantities at every control tick. All memory is taken before the run; appending copies numbers.
#pragma once
#include "record/channels.h"
#include "record/group.h"
#include "record/sample.h"

/// What gait events and peaks of loads need, at every control tick; course axes, m, m/s, N.
typedef struct {
  double time;
  double com[3]; ///< along the course, up, to its right
  double com_velocity[3];
  double foot_force[KC_N_SIDE][3];
  // loads, as in kc_sample; NaN where there are none
  double joint_force[KC_N_LOAD_JOINT][3];
  double torsion[KC_N_SIDE][KC_N_TORSION], torsion_net[KC_N_SIDE][KC_N_TORSION];
  double shock[KC_N_SENSOR]; ///< acceleration along the body's long axis, upward, m/s2
} kc_tick;

typedef struct {
  const kc_model *model;            ///< the body that runs; outlives the recording
  int n_body;                       ///< links with a name
  int *body_joint;                  ///< (n_body) joint index of each
  int n_hip, hip_joint[KC_MAX_HIP]; ///< coordinates of the hips, as kc_model_find_hips
  int brief; ///< only the channels that kc_sample has in a brief run; the others have width 0
  int n_sample, max_sample;
  double *time;             ///< (max_sample) s
  void *data[KC_N_CHANNEL]; ///< (max_sample x width), in the channel's storage; NULL for width 0
  int width[KC_N_CHANNEL];  ///< values per sample
  int n_tick, max_tick;
  kc_tick *tick; ///< (max_tick)
  int n_dropped; ///< samples and ticks that came beyond the declared maximum
} kc_recording;

/// A recording with room for max_sample samples and max_tick ticks (0: gait uses the samples).
///
/// @param max_sample  duration / record_interval + 2 is enough
/// @param max_tick    duration / control_interval + 2 is enough
/// @return KC_OK and a recording to be freed with kc_record_destroy; KC_ERR_INPUT for a negative
///         count, KC_ERR_MEMORY
kc_status kc_record_create(const kc_model *model, int max_sample, int max_tick,
                           kc_recording **recording, kc_error *error) KC_WARN_UNUSED;
/// An empty recording for the next run: in place where there is room of the right widths, else
/// anew.
///
/// @param recording  [in, out] one to be given up, or NULL; NULL after a failure
/// @param brief      1: for a run with kc_run.brief, enough for all of gait but curves and tables
/// of
///                   single elements; a channel left out is not to be asked for
/// @return as kc_record_create
kc_status kc_record_renew(kc_recording **recording, const kc_model *model, int max_sample,
                          int max_tick, int brief, kc_error *error) KC_WARN_UNUSED;
/// Frees a recording; takes NULL.
void kc_record_destroy(kc_recording *recording);
/// Appends a sample; beyond the maximum it is counted in n_dropped and left out.
void kc_record_append(kc_recording *recording, const kc_sample *sample);
/// Appends time, com, com_velocity, foot_force and loads of a tick; beyond the maximum as above.
void kc_record_append_tick(kc_recording *recording, const kc_sample *sample);
/// For kc_run.sample: `user` is the recording.
void kc_record_sample(void *user, const kc_sample *sample);
/// For kc_run.tick: `user` is the recording.
void kc_record_tick(void *user, const kc_sample *sample);
/// One stored value; element counts through the channel's shape, last dimension fastest.
double kc_record_get(const kc_recording *recording, kc_channel channel, int sample, int element);
/// Stored values of elements first .. first + n of a sample.
void kc_record_get_range(const kc_recording *recording, kc_channel channel, int sample, int first,
                         int n, double *value);
/// Bytes that a recording of that many samples and ticks takes.
size_t kc_record_size(const kc_model *model, int max_sample, int max_tick);
/// The recording as the root group of a result file: scales, the body's constants, all channels.
///
/// Borrows the recording's arrays. NULL if there is no memory; kc_record_group_check otherwise.
kc_group *kc_record_create_group(const kc_recording *recording);
/// Adds one scale of the recording to another group, which borrows it: time coordinate body band
/// node muscle sphere side axis quaternion component element load_joint torsion_joint sensor part
/// law hip. An unknown name adds nothing.
void kc_record_add_scale(const kc_recording *recording, kc_group *group, const char *name);
/// What the file says of a channel, and the dimensions of its array ("time coordinate").
const kc_label *kc_record_channel_label(kc_channel channel, const char **dimensions);
