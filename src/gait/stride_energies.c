/// @file
/// Energies of strides by muscle and by fascial band: arrays of the group "strides".
#include "gait/metrics.h"
#include <math.h>
#include <string.h>

enum { N_MUSCLE_VALUE = 6, N_BAND_VALUE = 6, N_VALUE = 6 };

static const kc_label muscle_label[N_MUSCLE_VALUE] = {
    {"muscle_energy_bhargava", "J", "metabolic energy by Bhargava 2004", NULL, NULL, KC_UNMETERED},
    {"muscle_energy_umberger", "J", "metabolic energy by Umberger 2010", NULL, NULL, KC_UNMETERED},
    {"muscle_fibre_out", "J", "work of the fibre on its tendon, positive part", NULL, NULL, NULL},
    {"muscle_fibre_in", "J", "work of the tendon on its fibre, positive part", NULL, NULL, NULL},
    {"muscle_tendon_stored", "J", "rises of the tendon's energy", NULL, NULL, NULL},
    {"muscle_tendon_returned", "J", "falls of the tendon's energy", NULL, NULL, NULL},
};

static const kc_label band_label[N_BAND_VALUE] = {
    {"band_out", "J", "work of the band on the body, positive part", NULL, NULL, NULL},
    {"band_in", "J", "work of the body on the band, positive part", NULL, NULL, NULL},
    {"band_stored", "J", "rises of the band's energy", NULL, NULL, NULL},
    {"band_lost", "J", "energy lost in the band", NULL, NULL, NULL},
    {"band_toe_off", "J", "the part of band_out in the last 20 % of stance, first 20 % of swing",
     NULL, NULL, NULL},
    {"band_hip", "J", "positive work of the band about the hip of this side in the same time", NULL,
     NULL, NULL},
};

static const kc_label each_sling_label[N_BAND_VALUE] = {
    {"each_sling_out", "J", "work of the sling's bands on the body, positive part of each", NULL,
     NULL, NULL},
    {"each_sling_in", "J", "work of the body on the sling's bands, positive part of each", NULL,
     NULL, NULL},
    {"each_sling_stored", "J", "rises of its bands' energies", NULL, NULL, NULL},
    {"each_sling_lost", "J", "energy lost in its bands", NULL, NULL, NULL},
    {"each_sling_toe_off", "J",
     "the part of each_sling_out in the last 20 % of stance, first 20 % of swing", NULL, NULL,
     NULL},
    {"each_sling_hip", "J",
     "positive work of its bands about the hip of this side in the same time", NULL, NULL, NULL},
};

// muscles, bands or slings, and what is computed of each
typedef struct {
  const char *scale, *dimensions;
  int n_item, n_value;
  const kc_label *label;
  void (*compute)(const kc_recording *recording, const kc_gait_stride *stride, int item,
                  double value[N_VALUE]);
} kind;

static void compute_muscle(const kc_recording *r, const kc_gait_stride *s, int muscle,
                           double value[N_VALUE]) {
  const struct {
    kc_channel channel;
    int element;
  } mean[] = {{KC_CHANNEL_metabolic_power, muscle},
              {KC_CHANNEL_metabolic_power, r->model->n_muscle + muscle},
              {KC_CHANNEL_fibre_power_out, muscle},
              {KC_CHANNEL_fibre_power_in, muscle}};
  for (int k = 0; k < 4; k++)
    value[k] = kc_gait_integrate(r, mean[k].channel, mean[k].element, s->strike, s->next);
  kc_gait_sum_changes(r, KC_CHANNEL_tendon_energy, 1, &muscle, s->strike, s->next, &value[4],
                      &value[5]);
}

static void compute_band(const kc_recording *r, const kc_gait_stride *s, int band,
                         double value[N_VALUE]) {
  kc_gait_elastic e = kc_gait_compute_band(r, band, s);
  value[0] = e.out, value[1] = e.in, value[2] = e.rise, value[3] = e.lost, value[4] = e.toe_off;
  value[5] = kc_gait_compute_band_hip(r, band, s);
}

static void compute_sling(const kc_recording *r, const kc_gait_stride *s, int sling,
                          double value[N_VALUE]) {
  const char *name = kc_model_sling_name(r->model, sling);
  double one[N_VALUE];
  for (int v = 0; v < N_BAND_VALUE; v++)
    value[v] = 0;
  for (int b = 0; b < r->model->n_band; b++) {
    if (strcmp(r->model->band[b].sling, name) != 0)
      continue;
    compute_band(r, s, b, one);
    for (int v = 0; v < N_BAND_VALUE; v++)
      value[v] += one[v];
  }
}

// n_value arrays of stride, side and item, one after another
static void fill(double *array, size_t n_stride, const kind *k, const kc_recording *r,
                 const kc_gait_analysis *a) {
  size_t n_item = (size_t)k->n_item, size = n_stride * KC_N_SIDE * n_item, row[KC_N_SIDE] = {0};
  for (size_t i = 0; i < size * (size_t)k->n_value; i++)
    array[i] = (double)NAN;
  for (int i = 0; i < a->n_step; i++) {
    const kc_gait_step *step = &a->step[i];
    size_t at = (row[step->side]++ * KC_N_SIDE + step->side) * n_item;
    kc_gait_stride stride = kc_gait_stride_of(step);
    if (isnan(stride.next) || isnan(stride.off) || r->n_sample < 2)
      continue;
    for (size_t item = 0; item < n_item; item++) {
      double value[N_VALUE];
      k->compute(r, &stride, (int)item, value);
      for (int v = 0; v < k->n_value; v++)
        array[(size_t)v * size + at + item] = value[v];
    }
  }
}

void kc_gait_add_stride_energies(kc_group *group, const kc_recording *recording,
                                 const kc_gait_analysis *analysis, int n_stride) {
  const kc_model *model = recording->model;
  int n_sling = 0;
  while (kc_model_sling_name(model, n_sling))
    n_sling++;
  const kind all[] = {
      {"muscle", "stride side muscle", model->n_muscle, N_MUSCLE_VALUE, muscle_label,
       compute_muscle},
      {"band", "stride side band", model->n_band, N_BAND_VALUE, band_label, compute_band},
      {"sling", "stride side sling", n_sling, N_BAND_VALUE, each_sling_label, compute_sling}};
  for (const kind *k = all; k < all + 3; k++) {
    size_t size = (size_t)n_stride * KC_N_SIDE * (size_t)k->n_item;
    double *array = kc_record_group_keep(group, size * (size_t)k->n_value + 1, sizeof *array);
    if (!array)
      return;
    kc_record_add_scale(recording, group, k->scale);
    fill(array, (size_t)n_stride, k, recording, analysis);
    for (int v = 0; v < k->n_value; v++)
      kc_record_group_add_variable(group, &k->label[v], KC_STORE_F64, k->dimensions,
                                   array + (size_t)v * size);
  }
}
