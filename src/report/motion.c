/// @file
/// From the arrays of a file to a run's motion (see motion.h).
#include "report/motion.h"
#include "report/filter.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double degree = 3.14159265358979323846 / 180, gravity = 9.80665;

void kc_report_eval_attitude(const double base[4], const double body[4], double angle[3]) {
  // conj(base) body
  double w = base[0] * body[0] + base[1] * body[1] + base[2] * body[2] + base[3] * body[3];
  double x = base[0] * body[1] - base[1] * body[0] - base[2] * body[3] + base[3] * body[2];
  double y = base[0] * body[2] + base[1] * body[3] - base[2] * body[0] - base[3] * body[1];
  double z = base[0] * body[3] - base[1] * body[2] + base[2] * body[1] - base[3] * body[0];
  // elements of its matrix Rz Rx Ry
  double r01 = 2 * (x * y - w * z), r11 = 1 - 2 * (x * x + z * z), r21 = 2 * (y * z + w * x);
  double r20 = 2 * (x * z - w * y), r22 = 1 - 2 * (x * x + y * y);
  angle[0] = atan2(-r01, r11);
  angle[1] = asin(fmin(1, fmax(-1, r21)));
  angle[2] = atan2(-r20, r22);
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

// unit of a quantity in SI, and the mirror's sign for a side
static double factor_of(kc_quantity quantity, int side) {
  const kc_quantity_info *info = kc_report_quantity_info((int)quantity);
  double unit = strcmp(info->unit, "deg") == 0 ? 1 / degree : 1;
  return side == KC_LEFT ? unit * info->left : unit;
}

static kc_status allocate_series(kc_motion *m, kc_error *error) {
  size_t n = 0, rows = (size_t)m->n_sample;
  for (int q = 0; q < KC_N_QUANTITY; q++)
    n += kc_report_quantity_info(q)->span == KC_OVER_STRIDE;
  m->memory = calloc(n * KC_N_SIDE * rows, sizeof *m->memory);
  if (!m->memory)
    return kc_error_add(error, KC_ERR_MEMORY, "score", "no memory for %d samples", m->n_sample);
  double *next = m->memory;
  for (int q = 0; q < KC_N_QUANTITY; q++)
    for (int side = 0; kc_report_quantity_info(q)->span == KC_OVER_STRIDE && side < KC_N_SIDE;
         side++, next += rows)
      m->series[q][side] = next;
  return KC_OK;
}

static kc_status refuse_length(const char *name, kc_error *error) {
  return kc_error_add(error, KC_ERR_INPUT, name,
                      "is not as long as the file's time; the file is damaged, run it again");
}

static kc_status read_coordinates(const kc_io_run *run, kc_motion *m, kc_error *error) {
  int n, width, index;
  double *q;
  KC_TRY(kc_io_find_run_name(run, "coordinate", "pelvis_tilt", &index, &width, error));
  KC_TRY(kc_io_read_run_array(run, "q", &n, width, &q, error));
  kc_status status = n == m->n_sample ? KC_OK : refuse_length("q", error);
  for (size_t c = 0; c < sizeof coordinate_list / sizeof *coordinate_list; c++)
    for (int side = 0; side < KC_N_SIDE && status == KC_OK; side++) {
      kc_quantity quantity = coordinate_list[c].quantity;
      char name[40];
      snprintf(name, sizeof name, "%s%s", coordinate_list[c].coordinate,
               !coordinate_list[c].sided ? ""
               : side == KC_RIGHT        ? "_r"
                                         : "_l");
      status = kc_io_find_run_name(run, "coordinate", name, &index, NULL, error);
      for (int i = 0; status == KC_OK && i < n; i++)
        m->series[quantity][side][i] = factor_of(quantity, side) * q[i * width + index];
    }
  free(q);
  return status;
}

static kc_status read_trunk(const kc_io_run *run, kc_motion *m, kc_error *error) {
  static const kc_quantity list[] = {KC_QUANTITY_trunk_extension, KC_QUANTITY_trunk_bending,
                                     KC_QUANTITY_trunk_rotation};
  int n, bodies, pelvis, thorax;
  double *turn;
  KC_TRY(kc_io_find_run_name(run, "body", "pelvis", &pelvis, &bodies, error));
  KC_TRY(kc_io_find_run_name(run, "body", "thorax", &thorax, NULL, error));
  KC_TRY(kc_io_read_run_array(run, "body_quaternion", &n, 4 * bodies, &turn, error));
  if (n != m->n_sample) {
    free(turn);
    return refuse_length("body_quaternion", error);
  }
  for (int i = 0; i < n; i++) {
    const double *at = turn + 4 * bodies * i;
    double angle[3];
    kc_report_eval_attitude(at + 4 * pelvis, at + 4 * thorax, angle);
    for (int side = 0; side < KC_N_SIDE; side++) {
      for (int k = 0; k < 3; k++)
        m->series[list[k]][side][i] = factor_of(list[k], side) * angle[k];
      m->series[KC_QUANTITY_trunk_pitch][side][i] = m->series[KC_QUANTITY_pelvis_tilt][side][i] +
                                                    m->series[KC_QUANTITY_trunk_extension][side][i];
      m->series[KC_QUANTITY_thigh_pitch][side][i] =
          m->series[KC_QUANTITY_pelvis_tilt][side][i] + m->series[KC_QUANTITY_hip_flexion][side][i];
    }
  }
  free(turn);
  return KC_OK;
}

static kc_status allocate_ticks(kc_motion *m, kc_error *error) {
  size_t n = (size_t)m->n_sample;
  m->n_tick = m->n_sample - 1;
  m->tick = calloc(n, sizeof *m->tick);
  m->tick_time = malloc((1 + 3 * KC_N_SIDE) * n * sizeof *m->tick_time);
  if (!m->tick || !m->tick_time)
    return kc_error_add(error, KC_ERR_MEMORY, "score", "no memory for %d samples", m->n_sample);
  double *next = m->tick_time;
  for (int side = 0; side < KC_N_SIDE; side++)
    for (int k = 0; k < 3; k++)
      m->force[side][k] = next += n;
  return KC_OK;
}

// halfway between samples
static void fill_ticks(kc_motion *m, const double *force, const double *com) {
  for (int i = 0; i < m->n_tick; i++) {
    m->tick[i].time = m->tick_time[i] = 0.5 * (m->time[i] + m->time[i + 1]);
    for (int k = 0; k < 3; k++) {
      m->tick[i].com[k] = 0.5 * (com[3 * i + k] + com[3 * i + 3 + k]);
      for (int side = 0; side < KC_N_SIDE; side++)
        m->force[side][k][i] = force[3 * KC_N_SIDE * (i + 1) + 3 * side + k];
    }
  }
}

static kc_status filter_ticks(kc_motion *m, double filter, kc_error *error) {
  int n = m->n_tick;
  double rate = n > 1 ? (n - 1) / (m->tick_time[n - 1] - m->tick_time[0]) : 0;
  if (!(filter < 0.25 * rate))
    return kc_error_add(error, KC_ERR_INPUT, "score",
                        "forces with %.4g samples a second cannot be filtered at %.4g Hz; record "
                        "at least 4 times as many as that (numerics/record_interval)",
                        rate, filter);
  for (int side = 0; side < KC_N_SIDE; side++)
    for (int k = 0; k < 3; k++) {
      if (filter > 0)
        kc_report_filter_lowpass(m->force[side][k], n, rate, filter);
      for (int i = 0; i < n; i++)
        m->tick[i].foot_force[side][k] = m->force[side][k][i];
    }
  return KC_OK;
}

static kc_status read_forces(const kc_io_run *run, kc_motion *m, double filter, kc_error *error) {
  double *force = NULL, *com = NULL;
  int n_force, n_com;
  kc_status status =
      kc_io_read_run_array(run, "foot_force_mean", &n_force, 3 * KC_N_SIDE, &force, error);
  if (status == KC_OK)
    status = kc_io_read_run_array(run, "com", &n_com, 3, &com, error);
  if (status == KC_OK && (n_force != m->n_sample || n_com != m->n_sample))
    status = refuse_length("foot_force_mean", error);
  if (status == KC_OK)
    status = allocate_ticks(m, error);
  if (status == KC_OK) {
    fill_ticks(m, force, com);
    status = filter_ticks(m, filter, error);
  }
  free(force);
  free(com);
  return status;
}

static kc_status read_number(const kc_io_run *run, const char *name, double *to, kc_error *error) {
  int n;
  double *value;
  KC_TRY(kc_io_read_run_array(run, name, &n, 1, &value, error));
  *to = value[0];
  free(value);
  return KC_OK;
}

static kc_status read_all(const kc_io_run *run, kc_motion *m, double filter, kc_error *error) {
  KC_TRY(kc_io_read_run_array(run, "time", &m->n_sample, 1, &m->time, error));
  if (m->n_sample < 3)
    return kc_error_add(error, KC_ERR_INPUT, "score", "%d samples are no run; let it run longer",
                        m->n_sample);
  KC_TRY(read_number(run, "mass", &m->weight, error));
  m->weight *= gravity;
  KC_TRY(read_number(run, "metrics/settle", &m->settle, error));
  KC_TRY(allocate_series(m, error));
  KC_TRY(read_coordinates(run, m, error));
  KC_TRY(read_trunk(run, m, error));
  return read_forces(run, m, filter, error);
}

kc_status kc_report_read_motion(const char *path, double filter, kc_motion **motion,
                                kc_error *error) {
  kc_io_run *run;
  *motion = NULL;
  KC_TRY(kc_io_open_run(path, &run, error));
  kc_motion *m = calloc(1, sizeof *m);
  kc_status status =
      m ? read_all(run, m, filter, error) : kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
  kc_io_close_run(run);
  if (status != KC_OK) {
    kc_report_destroy_motion(m);
    return status;
  }
  *motion = m;
  return KC_OK;
}

void kc_report_destroy_motion(kc_motion *motion) {
  if (!motion)
    return;
  free(motion->time);
  free(motion->tick);
  free(motion->tick_time);
  free(motion->memory);
  free(motion);
}
