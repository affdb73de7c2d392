/// @file
/// Samples as seen from the course (see course.h).
#include "record/course.h"
#include <string.h>

kc_bend_frame kc_record_frame(const kc_sample *s) {
  const kc_bend_place place = {s->heading, s->path_position, s->path_offset};
  return kc_bend_make_frame(&place, s->com);
}

kc_bend_frame kc_record_frame_at(const kc_recording *r, int sample) {
  const kc_bend_place place = {kc_record_get(r, KC_CHANNEL_heading, sample, 0),
                               kc_record_get(r, KC_CHANNEL_path_position, sample, 0),
                               kc_record_get(r, KC_CHANNEL_path_offset, sample, 0)};
  double com[3];
  for (int i = 0; i < 3; i++)
    com[i] = kc_record_get(r, KC_CHANNEL_com, sample, i);
  return kc_bend_make_frame(&place, com);
}

static void turn(const kc_bend_frame *frame, double *vector) {
  kc_bend_turn_vector(frame, vector, vector);
}

void kc_record_turn_sample(const kc_sample *sample, int n, kc_sample *to, double *buffer) {
  kc_bend_frame frame = kc_record_frame(sample);
  *to = *sample;
  if (!frame.turned)
    return;
  memcpy(buffer, sample->q, (size_t)n * sizeof *buffer);
  memcpy(buffer + n, sample->v, (size_t)n * sizeof *buffer);
  kc_bend_turn_body(&frame, buffer, buffer + n);
  to->q = buffer, to->v = buffer + n;
  kc_bend_turn_point(&frame, to->com, to->com);
  turn(&frame, to->com_velocity);
  turn(&frame, to->angular_momentum);
  for (int side = 0; side < KC_N_SIDE; side++) {
    turn(&frame, to->foot_force[side]);
    turn(&frame, to->foot_force_mean[side]);
  }
}

void kc_record_get_on_course(const kc_recording *r, kc_channel channel, int sample, double *value) {
  for (int k = 0; k < r->width[channel]; k++)
    value[k] = kc_record_get(r, channel, sample, k);
  const int is_body = channel == KC_CHANNEL_q || channel == KC_CHANNEL_v;
  const int is_force = channel == KC_CHANNEL_foot_force || channel == KC_CHANNEL_foot_force_mean;
  const int is_com = channel == KC_CHANNEL_com;
  if (!is_body && !is_force && !is_com && channel != KC_CHANNEL_com_velocity)
    return;
  kc_bend_frame frame = kc_record_frame_at(r, sample);
  if (!frame.turned)
    return;
  if (is_com)
    kc_bend_turn_point(&frame, value, value);
  for (int k = 0; !is_body && !is_com && k < r->width[channel]; k += 3)
    turn(&frame, value + k);
  if (!is_body)
    return;
  double q[6], v[6];
  for (int k = 0; k < 6; k++) {
    q[k] = kc_record_get(r, KC_CHANNEL_q, sample, k);
    v[k] = kc_record_get(r, KC_CHANNEL_v, sample, k);
  }
  kc_bend_turn_body(&frame, q, v);
  memcpy(value, channel == KC_CHANNEL_q ? q : v, sizeof q);
}
