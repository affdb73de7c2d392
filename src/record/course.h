/// @file
/// Samples as seen from the course: what measures forward and sideways on a bend starts here.
///
/// Samples and channels keep ground axes; with the course's heading and the mass centre's place on
/// it they are turned into the frame of math/bend.h that lies still where the mass centre is. On a
/// straight course nothing changes, to the bit.
#pragma once
#include "math/bend.h"
#include "record/recording.h"

/// The frame where the mass centre of a sample is.
kc_bend_frame kc_record_frame(const kc_sample *sample);
/// The same for a sample of a recording.
kc_bend_frame kc_record_frame_at(const kc_recording *recording, int sample);
/// A sample in course axes: q, v, com, com_velocity, angular_momentum, foot_force and
/// foot_force_mean; the rest is as it was.
///
/// @param n          coordinates; on a bend the first six are those of kc_bend_turn_body
/// @param on_course  set to it; its q and v point into `buffer`, or where those of the sample do
/// @param buffer     (2 n) doubles
void kc_record_turn_sample(const kc_sample *sample, int n, kc_sample *on_course, double *buffer);
/// One sample of a channel in course axes, where it is q, v, com, com_velocity, foot_force or
/// foot_force_mean; any other channel as recorded.
///
/// @param value  (width) [out]
void kc_record_get_on_course(const kc_recording *recording, kc_channel channel, int sample,
                             double *value);
