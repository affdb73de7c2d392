/// @file
/// The groups of a sweep's file: one column for each factor and metric, and where asked strides and
/// series of each run.
#include "app/sweep_table.h"
#include "record/recording.h"
#include "scenario/address.h"
#include <stdio.h>
#include <string.h>

static void add_run_scale(kc_app_sweep_table *t, kc_group *group) {
  int *run = kc_record_group_keep(group, (size_t)t->s->n + 1, sizeof *run);
  if (!run)
    return;
  for (int i = 0; i < t->s->n; i++)
    run[i] = kc_app_sweep_run(t, i);
  kc_dimension dimension = {.label = {"run", "1", "number of the run", NULL, NULL, NULL},
                            .size = t->s->n,
                            .store = KC_STORE_I32,
                            .value = run};
  (void)kc_record_group_add_dimension(group, &dimension);
}

static void add_names(kc_group *group, const char *name, const char *meaning, int n,
                      const char *(*find)(const kc_model *model, int i), const kc_model *model) {
  const char **text = kc_record_group_keep(group, (size_t)n + 1, sizeof *text);
  if (!text)
    return;
  for (int i = 0; i < n; i++)
    text[i] = kc_record_group_text(group, "%s", find(model, i));
  kc_dimension dimension = {.label = {name, "1", meaning, NULL, NULL, NULL},
                            .size = n,
                            .store = KC_STORE_TEXT,
                            .value = text};
  (void)kc_record_group_add_dimension(group, &dimension);
}

static const char *side_name(const kc_model *model, int i) {
  (void)model;
  return i == (int)KC_RIGHT ? "right" : "left";
}

/// A metric of that name stands in the file too: what was set is told from what was measured.
static const char *name_column(kc_group *group, const kc_factor *factor) {
  for (int i = 0; i < kc_gait_n_metric(); i++)
    if (strcmp(factor->column, kc_gait_metric_info(i)->name) == 0)
      return kc_record_group_text(group, "scenario.%s", factor->column);
  return factor->column;
}

static void note_meaning(void *user, const kc_address_row *row) {
  char *text = user;
  if (!text[0])
    kc_sweep_copy_text(text, 200, row->meaning);
}

static void add_factor(kc_app_sweep_table *t, kc_group *group, const kc_factor *factor) {
  char meaning[200] = "";
  kc_scenario_list_addresses(t->s->sweep->def, factor->address, note_meaning, meaning);
  kc_label label = {
      .name = name_column(group, factor),
      .unit = factor->is_word ? "1" : factor->unit,
      .long_name = kc_record_group_text(group, "set: %s", meaning[0] ? meaning : factor->address)};
  kc_record_group_add_variable(group, &label, factor->is_word ? KC_STORE_TEXT : KC_STORE_F64, "run",
                               NULL);
}

static kc_group *make_root(kc_app_sweep_table *t) {
  kc_group *group = kc_record_group_create("");
  if (!group)
    return NULL;
  add_run_scale(t, group);
  static const kc_label first[N_FIRST] = {
      [COLUMN_point] = {"point", "1", "point of the design", NULL, NULL, NULL},
      [COLUMN_replicate] = {"replicate", "1", "virtual runner", NULL, NULL, NULL}};
  static const kc_label middle[N_MIDDLE] = {
      [COLUMN_outcome] = {"outcome", "1", "completed, fell, diverged or failed", NULL, NULL, NULL},
      [COLUMN_time] = {"outcome_time", "s", "end of the run", NULL, NULL, NULL},
      [COLUMN_reason] = {"outcome_reason", "1", "why it fell, diverged or failed", NULL, NULL,
                         NULL}};
  for (int i = 0; i < N_FIRST; i++)
    kc_record_group_add_variable(group, &first[i], KC_STORE_I32, "run", NULL);
  for (int k = 0; k < t->n_value; k++)
    add_factor(t, group, kc_app_sweep_factor(t->s->sweep, k));
  for (int i = 0; i < N_MIDDLE; i++)
    kc_record_group_add_variable(group, &middle[i], i == COLUMN_time ? KC_STORE_F64 : KC_STORE_TEXT,
                                 "run", NULL);
  for (int i = 0; i < t->n_metric; i++) {
    const kc_gait_info *info = kc_gait_metric_info(i);
    kc_label label = {.name = info->name, .unit = info->unit, .long_name = info->meaning};
    kc_record_group_add_variable(group, &label, KC_STORE_F64, "run", NULL);
  }
  return group;
}

static void add_counter(kc_group *group, const kc_label *label, int n) {
  int *index = kc_record_group_keep(group, (size_t)n + 1, sizeof *index);
  if (!index)
    return;
  for (int i = 0; i < n; i++)
    index[i] = i;
  kc_dimension dimension = {.label = *label, .size = n, .store = KC_STORE_I32, .value = index};
  (void)kc_record_group_add_dimension(group, &dimension);
}

static kc_group *make_strides(kc_app_sweep_table *t) {
  kc_group *group = kc_record_group_create("strides");
  if (!group)
    return NULL;
  add_run_scale(t, group);
  add_counter(
      group,
      &(kc_label){"stride", "1", "stride of each foot, in order of strike", NULL, NULL, NULL},
      t->n_stride);
  add_names(group, "side", "side of the body", KC_N_SIDE, side_name, NULL);
  for (int i = 0; i < kc_gait_n_step_value(); i++) {
    const kc_gait_info *info = kc_gait_step_info(i);
    kc_label label = {.name = info->name, .unit = info->unit, .long_name = info->meaning};
    kc_record_group_add_variable(group, &label, KC_STORE_F64, "run stride side", NULL);
  }
  return group;
}

static const char *joint_name(const kc_model *model, int i) { return model->joint[i].name; }
static const char *band_name(const kc_model *model, int i) { return model->band[i].name; }
static const char *muscle_name(const kc_model *model, int i) { return model->muscle[i].name; }
static const char *axis_name(const kc_model *model, int i) {
  static const char *const name[] = {"x", "y", "z"};
  (void)model;
  return name[i];
}

static void add_series_scales(kc_app_sweep_table *t, kc_group *group, const kc_model *model) {
  add_run_scale(t, group);
  double *time = kc_record_group_keep(group, (size_t)t->n_sample + 1, sizeof *time);
  if (!time)
    return;
  for (int i = 0; i < t->n_sample; i++)
    time[i] = (double)i * t->interval;
  kc_dimension dimension = {.label = {"time", "s", "time since the start", NULL, NULL, NULL},
                            .size = t->n_sample,
                            .store = KC_STORE_F64,
                            .value = time};
  (void)kc_record_group_add_dimension(group, &dimension);
  add_names(group, "coordinate", "coordinate (one-axis joint)", model->n_joint, joint_name, model);
  add_names(group, "band", "fascial band", model->n_band, band_name, model);
  add_names(group, "muscle", "muscle", model->n_muscle, muscle_name, model);
  add_names(group, "side", "side of the body", KC_N_SIDE, side_name, NULL);
  add_names(group, "axis", "axis: ground, X forward, Y up, Z right", 3, axis_name, NULL);
}

/// Arrays by run along the dimensions that the channels have by themselves.
static kc_group *make_series(kc_app_sweep_table *t) {
  kc_scenario *first; // names are those of the base
  if (kc_scenario_compile_def(t->s->sweep->def, &first, t->error) != KC_OK)
    return NULL;
  kc_group *group = kc_record_group_create("series");
  if (group)
    add_series_scales(t, group, first->body);
  for (int i = 0; group && i < KC_N_SERIES; i++) {
    const char *own;
    const kc_label *label = kc_record_channel_label(kc_sweep_series_channel(i), &own);
    char dimensions[80];
    snprintf(dimensions, sizeof dimensions, "run %s", own);
    int before = group->n_variable, size = 1;
    kc_record_group_add_variable(group, label, KC_STORE_F32, dimensions, NULL);
    if (group->n_variable == before)
      continue;
    const kc_variable *v = &group->variable[before];
    for (int d = 2; d < v->n_dimension; d++)
      size *= group->dimension[v->dimension[d]].size;
    t->width[i] = size;
    t->series[before] = i;
  }
  kc_scenario_destroy(first);
  return group;
}

kc_status kc_app_sweep_make_groups(kc_app_sweep_table *t) {
  t->group[t->n_group++] = make_root(t);
  if (t->s->sweep->keep_strides && t->n_stride > 0)
    t->group[t->n_group++] = make_strides(t);
  if (t->s->sweep->keep_series && t->n_sample > 0)
    t->group[t->n_group++] = make_series(t);
  for (int i = 0; i < t->n_group; i++)
    if (!t->group[i])
      return kc_error_add(t->error, KC_ERR_MEMORY, t->s->path, "no memory for its tables");
  return KC_OK;
}
