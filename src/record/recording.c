/// @file
/// The recording: preallocated arrays, one per channel, filled sample by sample from one thread.
///
/// The channel table (channels.h) drives allocation, appending and the file. Appending converts to
/// the channel's storage (float64, float32 or int8) and does nothing else, so that recording costs
/// little beside stepping.
#include "record/recording.h"
#include "record/course.h"
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  kc_store store;
  kc_shape shape;
} kc_channel_kind;

static const kc_channel_kind channel_kind[KC_N_CHANNEL] = {
#define X(name, store, shape, ...) {KC_STORE_##store, KC_SHAPE_##shape},
    KC_CHANNEL_LIST(X)
#undef X
};

// what brief samples leave out
static const unsigned char left_out[KC_N_CHANNEL] = {
    [KC_CHANNEL_a] = 1,
    [KC_CHANNEL_torque_observed] = 1,
    [KC_CHANNEL_torque_unmet] = 1,
    [KC_CHANNEL_power_joint] = 1,
    [KC_CHANNEL_body_position] = 1,
    [KC_CHANNEL_body_quaternion] = 1,
    [KC_CHANNEL_body_velocity] = 1,
    [KC_CHANNEL_body_rate] = 1,
    [KC_CHANNEL_band_length] = 1,
    [KC_CHANNEL_band_power] = 1,
    [KC_CHANNEL_node_displacement] = 1,
    [KC_CHANNEL_node_power] = 1,
    [KC_CHANNEL_muscle_excitation] = 1,
    [KC_CHANNEL_muscle_activation] = 1,
    [KC_CHANNEL_muscle_length] = 1,
    [KC_CHANNEL_muscle_force] = 1,
    [KC_CHANNEL_muscle_power] = 1,
    [KC_CHANNEL_fibre_length] = 1,
    [KC_CHANNEL_fibre_velocity] = 1,
    [KC_CHANNEL_fibre_power_out] = 1,
    [KC_CHANNEL_fibre_power_in] = 1,
    [KC_CHANNEL_metabolic_power] = 1,
};

static size_t store_size(kc_store store) {
  return store == KC_STORE_F64 ? sizeof(double) : store == KC_STORE_F32 ? sizeof(float) : 1;
}

static int count_bodies(const kc_model *model) {
  int n = 0;
  for (int i = 0; i < model->n_joint; i++)
    n += model->joint[i].link_name[0] != 0;
  return n;
}

static int shape_width(const kc_model *model, int n_body, kc_shape shape) {
  int hip[KC_MAX_HIP], loads = kc_model_find_loads(model).n_joint > 0;
  const int width[KC_N_SHAPE] = {
      [KC_SHAPE_scalar] = 1,
      [KC_SHAPE_coordinate] = model->n_joint,
      [KC_SHAPE_body_axis] = 3 * n_body,
      [KC_SHAPE_body_quaternion] = 4 * n_body,
      [KC_SHAPE_axis] = 3,
      [KC_SHAPE_side] = KC_N_SIDE,
      [KC_SHAPE_side_axis] = 3 * KC_N_SIDE,
      [KC_SHAPE_band] = model->n_band,
      [KC_SHAPE_node] = model->n_node,
      [KC_SHAPE_node_axis] = 3 * model->n_node,
      [KC_SHAPE_muscle] = model->n_muscle,
      [KC_SHAPE_element] = KC_N_POWER,
      [KC_SHAPE_band_hip] = model->n_band * kc_model_find_hips(model, hip),
      [KC_SHAPE_load_joint_axis] = loads ? 3 * KC_N_LOAD_JOINT : 0,
      [KC_SHAPE_torsion] = loads ? KC_N_SIDE * KC_N_TORSION : 0,
      [KC_SHAPE_sensor_axis] = loads ? 3 * KC_N_SENSOR : 0,
      [KC_SHAPE_part] = loads ? KC_N_PART : 0,
      [KC_SHAPE_law] = model->n_muscle ? KC_N_LAW : 0,
      [KC_SHAPE_law_muscle] = KC_N_LAW * model->n_muscle,
  };
  return width[shape];
}

size_t kc_record_size(const kc_model *model, int max_sample, int max_tick) {
  size_t row = sizeof(double);
  int n_body = count_bodies(model);
  for (int c = 0; c < KC_N_CHANNEL; c++)
    row += store_size(channel_kind[c].store) *
           (size_t)shape_width(model, n_body, channel_kind[c].shape);
  return row * (size_t)max_sample + sizeof(kc_tick) * (size_t)max_tick;
}

// values per sample of a channel in this recording
static int width_of(const kc_recording *r, const kc_model *model, int n_body, int channel) {
  if (r->brief && left_out[channel])
    return 0;
  return shape_width(model, n_body, channel_kind[channel].shape);
}

static int allocate(kc_recording *r) {
  size_t n = (size_t)r->max_sample, n_tick = (size_t)r->max_tick;
  r->body_joint = calloc((size_t)r->n_body + 1, sizeof *r->body_joint);
  r->time = calloc(n + 1, sizeof *r->time);
  r->tick = calloc(n_tick + 1, sizeof *r->tick);
  if (!r->body_joint || !r->time || !r->tick)
    return 0;
  for (int c = 0; c < KC_N_CHANNEL; c++) {
    r->width[c] = width_of(r, r->model, r->n_body, c);
    if (r->width[c] == 0)
      continue;
    r->data[c] = calloc(n + 1, store_size(channel_kind[c].store) * (size_t)r->width[c]);
    if (!r->data[c])
      return 0;
  }
  return 1;
}

/// What the recording knows of the body.
static void take_model(kc_recording *r, const kc_model *model) {
  r->model = model;
  r->n_hip = kc_model_find_hips(model, r->hip_joint);
  for (int i = 0, body = 0; i < model->n_joint; i++)
    if (model->joint[i].link_name[0])
      r->body_joint[body++] = i;
}

// @param recording  [out] on success
static kc_status create(const kc_model *model, const kc_recording *shape, kc_recording **recording,
                        kc_error *error) {
  int max_sample = shape->max_sample, max_tick = shape->max_tick;
  *recording = NULL;
  if (max_sample < 0 || max_tick < 0)
    return kc_error_add(error, KC_ERR_INPUT, "recording",
                        "room for %d samples and %d ticks asked for; record for a shorter time",
                        max_sample, max_tick);
  kc_recording *r = calloc(1, sizeof *r);
  if (r) {
    *r = *shape;
    r->model = model;
    r->n_body = count_bodies(model);
    r->n_hip = kc_model_find_hips(model, r->hip_joint);
  }
  if (!r || !allocate(r)) {
    kc_record_destroy(r);
    return kc_error_add(error, KC_ERR_MEMORY, "recording",
                        "no memory for %.0f MB; record at a longer interval or for a shorter time",
                        (double)kc_record_size(model, max_sample, max_tick) * 1e-6);
  }
  take_model(r, model);
  *recording = r;
  return KC_OK;
}

kc_status kc_record_create(const kc_model *model, int max_sample, int max_tick,
                           kc_recording **recording, kc_error *error) {
  const kc_recording shape = {.max_sample = max_sample, .max_tick = max_tick};
  return create(model, &shape, recording, error);
}

/// Whether runs of a model find room of the right widths.
static int has_room(const kc_recording *r, const kc_model *model, int max_sample, int max_tick) {
  int n_body = count_bodies(model);
  if (r->max_sample < max_sample || r->max_tick < max_tick || r->n_body != n_body)
    return 0;
  for (int c = 0; c < KC_N_CHANNEL; c++)
    if (r->width[c] != width_of(r, model, n_body, c))
      return 0;
  return 1;
}

kc_status kc_record_renew(kc_recording **recording, const kc_model *model, int max_sample,
                          int max_tick, int brief, kc_error *error) {
  const kc_recording shape = {.max_sample = max_sample, .max_tick = max_tick, .brief = brief};
  kc_recording *r = *recording;
  if (!r || max_sample < 0 || max_tick < 0 || r->brief != brief ||
      !has_room(r, model, max_sample, max_tick)) {
    kc_record_destroy(r);
    return create(model, &shape, recording, error);
  }
  r->n_sample = r->n_tick = r->n_dropped = 0;
  take_model(r, model);
  return KC_OK;
}

void kc_record_destroy(kc_recording *recording) {
  if (!recording)
    return;
  for (int c = 0; c < KC_N_CHANNEL; c++)
    free(recording->data[c]);
  free(recording->tick);
  free(recording->time);
  free(recording->body_joint);
  free(recording);
}

static void store_row(void *data, kc_store store, const double *source, size_t row, size_t n) {
  if (store == KC_STORE_F64) {
    memcpy((double *)data + row * n, source, n * sizeof(double));
  } else if (store == KC_STORE_F32) {
    float *to = (float *)data + row * n;
    for (size_t i = 0; i < n; i++)
      to[i] = (float)source[i];
  } else {
    int8_t *to = (int8_t *)data + row * n;
    for (size_t i = 0; i < n; i++)
      to[i] = (int8_t)source[i];
  }
}

void kc_record_append(kc_recording *recording, const kc_sample *sample) {
  const kc_sample *s = sample;
  if (recording->n_sample == recording->max_sample) {
    recording->n_dropped++;
    return;
  }
  const double phase = s->phase;
  const double *const source[KC_N_CHANNEL] = {
#define X(name, store, shape, source_, ...) source_,
      KC_CHANNEL_LIST(X)
#undef X
  };
  size_t row = (size_t)recording->n_sample++;
  recording->time[row] = s->time;
  for (int c = 0; c < KC_N_CHANNEL; c++)
    if (recording->width[c] > 0)
      store_row(recording->data[c], channel_kind[c].store, source[c], row,
                (size_t)recording->width[c]);
}

static void copy_loads(double *to, const double *from, int n, int stride) {
  for (int i = 0; i < n; i++)
    to[i] = from ? from[i * stride] : (double)NAN;
}

void kc_record_append_tick(kc_recording *recording, const kc_sample *sample) {
  if (recording->n_tick == recording->max_tick) {
    recording->n_dropped += recording->max_tick > 0;
    return;
  }
  kc_tick *tick = &recording->tick[recording->n_tick++];
  tick->time = sample->time;
  kc_bend_frame frame = kc_record_frame(sample);
  kc_bend_turn_point(&frame, sample->com, tick->com);
  kc_bend_turn_vector(&frame, sample->com_velocity, tick->com_velocity);
  for (int side = 0; side < KC_N_SIDE; side++)
    kc_bend_turn_vector(&frame, sample->foot_force[side], tick->foot_force[side]);
  copy_loads(tick->joint_force[0], sample->joint_force, 3 * KC_N_LOAD_JOINT, 1);
  copy_loads(tick->torsion[0], sample->torsion, KC_N_SIDE * KC_N_TORSION, 1);
  copy_loads(tick->torsion_net[0], sample->torsion_net, KC_N_SIDE * KC_N_TORSION, 1);
  copy_loads(tick->shock, sample->acceleration ? sample->acceleration + 1 : NULL, KC_N_SENSOR, 3);
}

void kc_record_sample(void *user, const kc_sample *sample) { kc_record_append(user, sample); }

void kc_record_tick(void *user, const kc_sample *sample) { kc_record_append_tick(user, sample); }

double kc_record_get(const kc_recording *recording, kc_channel channel, int sample, int element) {
  size_t i = (size_t)sample * (size_t)recording->width[channel] + (size_t)element;
  const void *data = recording->data[channel];
  switch (channel_kind[channel].store) {
  case KC_STORE_F64:
    return ((const double *)data)[i];
  case KC_STORE_F32:
    return (double)((const float *)data)[i];
  default:
    return ((const int8_t *)data)[i];
  }
}

void kc_record_get_range(const kc_recording *recording, kc_channel channel, int sample, int first,
                         int n, double *value) {
  size_t at = (size_t)sample * (size_t)recording->width[channel] + (size_t)first;
  const void *data = recording->data[channel];
  switch (channel_kind[channel].store) {
  case KC_STORE_F64:
    memcpy(value, (const double *)data + at, (size_t)n * sizeof *value);
    return;
  case KC_STORE_F32:
    for (int i = 0; i < n; i++)
      value[i] = (double)((const float *)data)[at + (size_t)i];
    return;
  default:
    for (int i = 0; i < n; i++)
      value[i] = ((const int8_t *)data)[at + (size_t)i];
  }
}
