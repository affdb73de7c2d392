/// @file
/// A run's motion, sample by sample (see motion.h).
#include "lab/motion.h"
#include "lab/filter.h"
#include <math.h>
#include <sleef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double degree = 3.14159265358979323846 / 180;

void kc_lab_eval_angles(const double R[9], double angle[3]) {
  angle[0] = Sleef_cinz_atan2d1_u10purec(-R[1], R[4]);
  angle[1] = Sleef_cinz_asind1_u10purec(fmin(1, fmax(-1, R[7])));
  angle[2] = Sleef_cinz_atan2d1_u10purec(-R[6], R[8]);
}

void kc_lab_eval_attitude(const double base[4], const double body[4], double angle[3]) {
  // conj(base) body
  double w = base[0] * body[0] + base[1] * body[1] + base[2] * body[2] + base[3] * body[3];
  double x = base[0] * body[1] - base[1] * body[0] - base[2] * body[3] + base[3] * body[2];
  double y = base[0] * body[2] + base[1] * body[3] - base[2] * body[0] - base[3] * body[1];
  double z = base[0] * body[3] - base[1] * body[2] + base[2] * body[1] - base[3] * body[0];
  const double R[9] = {1 - 2 * (y * y + z * z), 2 * (x * y - w * z),     2 * (x * z + w * y),
                       2 * (x * y + w * z),     1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
                       2 * (x * z - w * y),     2 * (y * z + w * x),     1 - 2 * (x * x + y * y)};
  kc_lab_eval_angles(R, angle);
}

// quantities that are coordinates of the model, and how those are called without their side
static const struct {
  kc_quantity quantity;
  const char *coordinate;
  int sided;
} coordinate_list[] = {
    {KC_QUANTITY_hip_flexion, "hip_flexion", 1},
    {KC_QUANTITY_hip_adduction, "hip_adduction", 1},
    {KC_QUANTITY_hip_rotation, "hip_rotation", 1},
    {KC_QUANTITY_knee_angle, "knee_angle", 1},
    {KC_QUANTITY_ankle_angle, "ankle_angle", 1},
    {KC_QUANTITY_arm_flex, "arm_flex", 1},
    {KC_QUANTITY_arm_add, "arm_add", 1},
    {KC_QUANTITY_arm_rot, "arm_rot", 1},
    {KC_QUANTITY_elbow_flex, "elbow_flex", 1},
    {KC_QUANTITY_pelvis_tilt, "pelvis_tilt", 0},
    {KC_QUANTITY_pelvis_list, "pelvis_list", 0},
    {KC_QUANTITY_pelvis_rotation, "pelvis_rotation", 0},
    {KC_QUANTITY_pelvis_height, "pelvis_ty", 0},
};
enum { N_COORDINATE = sizeof coordinate_list / sizeof *coordinate_list };

int kc_lab_write_coordinate(int quantity, int side, char *name, size_t size) {
  for (int i = 0; i < N_COORDINATE; i++) {
    if ((int)coordinate_list[i].quantity != quantity)
      continue;
    snprintf(name, size, "%s%s", coordinate_list[i].coordinate,
             !coordinate_list[i].sided ? ""
             : side == KC_RIGHT        ? "_r"
                                       : "_l");
    return 1;
  }
  return 0;
}

// unit of a quantity in SI, and the mirror's sign for a side
static double factor_of(int quantity, int side) {
  const kc_quantity_info *info = kc_lab_quantity_info(quantity);
  double unit = strcmp(info->unit, "deg") == 0 ? 1 / degree : 1;
  return side == KC_LEFT ? unit * info->left : unit;
}

// hands out rows of the memory, or counts them where there is none
static size_t place_arrays(kc_motion *m) {
  size_t row = (size_t)m->max_sample, n = 0;
#define PLACE(pointer) (pointer) = m->memory ? m->memory + row * n : NULL, n++
  PLACE(m->time);
  PLACE(m->tick_time);
  for (int side = 0; side < KC_N_SIDE; side++) {
    for (int k = 0; k < 3; k++)
      PLACE(m->force[side][k]);
    for (int q = 0; q < KC_N_QUANTITY; q++)
      if (kc_lab_quantity_info(q)->span == KC_OVER_STRIDE)
        PLACE(m->series[q][side]);
  }
#undef PLACE
  return row * n;
}

kc_status kc_lab_create_motion(int max_sample, kc_motion **motion, kc_error *error) {
  *motion = NULL;
  kc_motion *m = calloc(1, sizeof *m);
  if (m) {
    m->max_sample = max_sample > 0 ? max_sample : 1;
    m->memory = malloc(place_arrays(m) * sizeof *m->memory);
    m->tick = calloc((size_t)m->max_sample, sizeof *m->tick);
  }
  if (!m || !m->memory || !m->tick) {
    kc_lab_destroy_motion(m);
    return kc_error_add(error, KC_ERR_MEMORY, "score", "no memory for %d samples", max_sample);
  }
  place_arrays(m);
  memset(m->column, -1, sizeof m->column);
  *motion = m;
  return KC_OK;
}

void kc_lab_restart_motion(kc_motion *motion) { motion->n_sample = motion->n_tick = 0; }

void kc_lab_destroy_motion(kc_motion *motion) {
  if (!motion)
    return;
  free(motion->tick);
  free(motion->memory);
  free(motion);
}

static void add_angles(kc_motion *m, int i, const kc_lab_sample *s) {
  static const kc_quantity trunk[] = {KC_QUANTITY_trunk_extension, KC_QUANTITY_trunk_bending,
                                      KC_QUANTITY_trunk_rotation};
  for (int side = 0; side < KC_N_SIDE; side++) {
    for (int c = 0; c < N_COORDINATE; c++) {
      int q = (int)coordinate_list[c].quantity, column = m->column[q][side];
      m->series[q][side][i] = column < 0 ? 0 : factor_of(q, side) * s->q[column];
    }
    for (int k = 0; k < 3; k++)
      m->series[trunk[k]][side][i] = factor_of((int)trunk[k], side) * s->trunk[k];
    double tilt = m->series[KC_QUANTITY_pelvis_tilt][side][i];
    m->series[KC_QUANTITY_trunk_pitch][side][i] =
        tilt + m->series[KC_QUANTITY_trunk_extension][side][i];
    m->series[KC_QUANTITY_thigh_pitch][side][i] =
        tilt + m->series[KC_QUANTITY_hip_flexion][side][i];
  }
}

// halfway between the last sample and this one
static void add_tick(kc_motion *m, double last_time, const kc_lab_sample *s) {
  int i = m->n_tick++;
  m->tick[i].time = m->tick_time[i] = 0.5 * (last_time + s->time);
  for (int k = 0; k < 3; k++) {
    m->tick[i].com[k] = 0.5 * (m->com[k] + s->com[k]);
    for (int side = 0; side < KC_N_SIDE; side++)
      m->force[side][k][i] = s->force[3 * side + k];
  }
}

void kc_lab_add_sample(kc_motion *m, const kc_lab_sample *s) {
  if (m->n_sample == m->max_sample)
    return;
  int i = m->n_sample++;
  m->time[i] = s->time;
  add_angles(m, i, s);
  if (i > 0)
    add_tick(m, m->time[i - 1], s);
  memcpy(m->com, s->com, sizeof m->com);
}

kc_status kc_lab_finish_motion(kc_motion *m, double filter, kc_error *error) {
  int n = m->n_tick;
  if (m->n_sample < 3)
    return kc_error_add(error, KC_ERR_INPUT, "score", "%d samples are no run; let it run longer",
                        m->n_sample);
  double rate = (n - 1) / (m->tick_time[n - 1] - m->tick_time[0]);
  if (!(filter < 0.25 * rate))
    return kc_error_add(error, KC_ERR_INPUT, "score",
                        "forces with %.4g samples a second cannot be filtered at %.4g Hz; record "
                        "at least 4 times as many as that (numerics/record_interval)",
                        rate, filter);
  for (int side = 0; side < KC_N_SIDE; side++)
    for (int k = 0; k < 3; k++) {
      if (filter > 0)
        kc_lab_filter_lowpass(m->force[side][k], n, rate, filter);
      for (int i = 0; i < n; i++)
        m->tick[i].foot_force[side][k] = m->force[side][k][i];
    }
  return KC_OK;
}
