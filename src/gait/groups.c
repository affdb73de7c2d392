/// @file
/// Metrics and strides as groups of a result file.
#include "gait/metrics.h"
#include <math.h>
#include <stdint.h>

kc_group *kc_gait_create_metrics_group(const kc_gait_analysis *analysis) {
  kc_group *group = kc_record_group_create("metrics");
  if (!group)
    return NULL;
  const double *value = (const double *)&analysis->metrics;
  for (int i = 0; i < kc_gait_n_metric(); i++) {
    const kc_gait_info *info = kc_gait_metric_info(i);
    kc_label label = {.name = info->name, .unit = info->unit, .long_name = info->meaning};
    kc_record_group_add_number(group, &label, value[i]);
  }
  kc_label settle = {"settle", "s",  "start of the run that the metrics leave out",
                     NULL,     NULL, NULL};
  kc_record_group_add_number(group, &settle, analysis->settle);
  return group;
}

static int add_stride_scale(kc_group *group, const kc_gait_analysis *a) {
  int n[KC_N_SIDE] = {0};
  for (int i = 0; i < a->n_step; i++)
    n[a->step[i].side]++;
  int size = n[0] > n[1] ? n[0] : n[1];
  int32_t *index = kc_record_group_keep(group, (size_t)size + 1, sizeof *index);
  if (!index)
    return 0;
  for (int i = 0; i < size; i++)
    index[i] = i;
  kc_dimension stride = {
      .label = {"stride", "1", "stride of each foot, in order of strike", NULL, NULL, NULL},
      .size = size,
      .store = KC_STORE_I32,
      .value = index};
  (void)kc_record_group_add_dimension(group, &stride);
  return size;
}

kc_group *kc_gait_create_strides_group(const kc_recording *recording,
                                       const kc_gait_analysis *analysis) {
  kc_group *group = kc_record_group_create("strides");
  if (!group)
    return NULL;
  size_t size = (size_t)add_stride_scale(group, analysis);
  kc_record_add_scale(recording, group, "side");
  for (int k = 0; k < kc_gait_n_step_value(); k++) {
    double *value = kc_record_group_keep(group, size * KC_N_SIDE + 1, sizeof *value);
    if (!value)
      return group;
    for (size_t i = 0; i < size * KC_N_SIDE; i++)
      value[i] = (double)NAN;
    size_t row[KC_N_SIDE] = {0};
    for (int i = 0; i < analysis->n_step; i++) {
      const kc_gait_step *step = &analysis->step[i];
      value[row[step->side]++ * KC_N_SIDE + step->side] = ((const double *)&step->value)[k];
    }
    const kc_gait_info *info = kc_gait_step_info(k);
    kc_label label = {.name = info->name, .unit = info->unit, .long_name = info->meaning};
    kc_record_group_add_variable(group, &label, KC_STORE_F64, "stride side", value);
  }
  kc_gait_add_stride_energies(group, recording, analysis, (int)size);
  return group;
}
