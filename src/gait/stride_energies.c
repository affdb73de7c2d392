/// @file
/// Energies of strides by muscle and by fascial band: arrays of the group "strides".
#include "gait/metrics.h"
#include <math.h>

enum { N_MUSCLE_VALUE = 6, N_BAND_VALUE = 4 };

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
};

typedef struct {
  const kc_recording *recording;
  double from, to; // s
} span;

static void compute_muscle(const span *s, int muscle, double value[N_MUSCLE_VALUE]) {
  const kc_recording *r = s->recording;
  int umberger = r->model->n_muscle + muscle;
  value[0] = kc_gait_integrate(r, KC_CHANNEL_metabolic_power, muscle, s->from, s->to);
  value[1] = kc_gait_integrate(r, KC_CHANNEL_metabolic_power, umberger, s->from, s->to);
  value[2] = kc_gait_integrate(r, KC_CHANNEL_fibre_power_out, muscle, s->from, s->to);
  value[3] = kc_gait_integrate(r, KC_CHANNEL_fibre_power_in, muscle, s->from, s->to);
  kc_gait_sum_changes(r, KC_CHANNEL_tendon_energy, 1, &muscle, s->from, s->to, &value[4],
                      &value[5]);
}

static void compute_band(const span *s, int band, double value[N_BAND_VALUE]) {
  kc_gait_elastic e = kc_gait_compute_band(s->recording, band, s->from, s->to);
  value[0] = e.out, value[1] = e.in, value[2] = e.rise, value[3] = e.lost;
}

// n_value arrays of stride, side and item, one after another
static void fill(double *array, size_t n_stride, int n_item, int n_value, const kc_recording *r,
                 const kc_gait_analysis *a) {
  size_t size = n_stride * KC_N_SIDE * (size_t)n_item, row[KC_N_SIDE] = {0};
  for (size_t i = 0; i < size * (size_t)n_value; i++)
    array[i] = (double)NAN;
  for (int i = 0; i < a->n_step; i++) {
    const kc_gait_step *step = &a->step[i];
    size_t at = (row[step->side]++ * KC_N_SIDE + step->side) * (size_t)n_item;
    span s = {r, step->value.strike_time, step->value.strike_time + step->value.stride_time};
    if (isnan(s.to) || r->n_sample < 2)
      continue;
    for (int k = 0; k < n_item; k++) {
      double value[N_MUSCLE_VALUE];
      if (n_value == N_MUSCLE_VALUE)
        compute_muscle(&s, k, value);
      else
        compute_band(&s, k, value);
      for (int v = 0; v < n_value; v++)
        array[(size_t)v * size + at + (size_t)k] = value[v];
    }
  }
}

void kc_gait_add_stride_energies(kc_group *group, const kc_recording *recording,
                                 const kc_gait_analysis *analysis, int n_stride) {
  const struct {
    const char *scale, *dimensions;
    int n_item, n_value;
    const kc_label *label;
  } kind[] = {
      {"muscle", "stride side muscle", recording->model->n_muscle, N_MUSCLE_VALUE, muscle_label},
      {"band", "stride side band", recording->model->n_band, N_BAND_VALUE, band_label}};
  for (int k = 0; k < 2; k++) {
    size_t size = (size_t)n_stride * KC_N_SIDE * (size_t)kind[k].n_item;
    double *array = kc_record_group_keep(group, size * (size_t)kind[k].n_value + 1, sizeof *array);
    if (!array)
      return;
    kc_record_add_scale(recording, group, kind[k].scale);
    fill(array, (size_t)n_stride, kind[k].n_item, kind[k].n_value, recording, analysis);
    for (int v = 0; v < kind[k].n_value; v++)
      kc_record_group_add_variable(group, &kind[k].label[v], KC_STORE_F64, kind[k].dimensions,
                                   array + (size_t)v * size);
  }
}
