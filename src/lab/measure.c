/// @file
/// Steps and strides of a run, resampled to 101 points and averaged (see measure.h).
///
/// Contacts, times and peaks are those of src/gait, with the reference's threshold on the filtered
/// force. Between samples curves are straight lines.
#include "lab/measure.h"
#include "lab/motion_file.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// running mean and sum of squares of one more value (Welford)
static void add_value(kc_measure *m, int quantity, int point, int count, double value) {
  double *mean = &m->mean[quantity][point], *square = &m->sd[quantity][point];
  double before = value - *mean;
  *mean += before / count;
  *square += before * (value - *mean);
}

// a series on 101 points of an interval of time
static void resample(const double *time, const double *value, int n, double from, double to,
                     double *out) {
  for (int p = 0, i = 0; p < KC_N_POINT; p++) {
    double t = from + (to - from) * p / (KC_N_POINT - 1);
    while (i < n - 2 && time[i + 1] < t)
      i++;
    double part = (t - time[i]) / (time[i + 1] - time[i]);
    part = fmin(1, fmax(0, part));
    out[p] = value[i] + part * (value[i + 1] - value[i]);
  }
}

static void add_curve(kc_measure *m, int quantity, int count, const double *curve) {
  for (int p = 0; p < KC_N_POINT; p++)
    add_value(m, quantity, p, count, curve[p]);
}

// the three forces of a contact, in body weights
static void add_forces(kc_measure *m, const kc_motion *motion, const kc_gait_step *step,
                       int count) {
  static const kc_quantity list[] = {KC_QUANTITY_force_forward, KC_QUANTITY_force_vertical,
                                     KC_QUANTITY_force_lateral};
  double curve[KC_N_POINT], from = step->value.strike_time;
  for (int axis = 0; axis < 3; axis++) {
    const kc_quantity_info *info = kc_lab_quantity_info((int)list[axis]);
    double factor = (step->side == KC_LEFT ? info->left : 1) / motion->weight;
    resample(motion->tick_time, motion->force[step->side][axis], motion->n_tick, from,
             from + step->value.contact_time, curve);
    for (int p = 0; p < KC_N_POINT; p++)
      curve[p] *= factor;
    add_curve(m, (int)list[axis], count, curve);
  }
}

// takes the mean of a height away; its range is the oscillation
static void add_height(kc_measure *m, double *curve, int count) {
  double mean = 0, least = curve[0], most = curve[0];
  for (int p = 0; p < KC_N_POINT - 1; p++)
    mean += curve[p] / (KC_N_POINT - 1);
  for (int p = 0; p < KC_N_POINT; p++) {
    least = fmin(least, curve[p]);
    most = fmax(most, curve[p]);
    curve[p] -= mean;
  }
  add_value(m, KC_QUANTITY_pelvis_oscillation, 0, count, most - least);
}

static void add_stride(kc_measure *m, const kc_motion *motion, const kc_gait_step *step,
                       int count) {
  double curve[KC_N_POINT], from = step->value.strike_time;
  for (int q = 0; q < KC_N_QUANTITY; q++) {
    if (!motion->series[q][step->side])
      continue;
    resample(motion->time, motion->series[q][step->side], motion->n_sample, from,
             from + step->value.stride_time, curve);
    if (q == KC_QUANTITY_pelvis_height)
      add_height(m, curve, count);
    add_curve(m, q, count, curve);
  }
  const kc_gait_step_values *v = &step->value;
#define ADD(name) add_value(m, KC_QUANTITY_##name, 0, count, v->name);
  ADD(step_rate)
  ADD(step_length)
  ADD(contact_time)
  ADD(flight_time)
  ADD(duty_factor)
  ADD(com_oscillation)
  ADD(peak_force_bw)
  ADD(braking_peak_bw)
  ADD(propulsive_peak_bw)
#undef ADD
  add_forces(m, motion, step, count);
}

static void add_steps(kc_measure *m, const kc_motion *motion, const kc_gait_step *step, int n,
                      int side) {
  int count = 0;
  for (int i = 0; i < n; i++) {
    if ((side != KC_N_SIDE && (int)step[i].side != side) || isnan(step[i].value.stride_time) ||
        step[i].value.strike_time < motion->settle)
      continue;
    m->n_stride[step[i].side]++;
    m->speed += (step[i].value.speed - m->speed) / ++count;
    add_stride(m, motion, &step[i], count);
  }
  for (int q = 0; q < KC_N_QUANTITY; q++)
    for (int p = 0; p < KC_N_POINT; p++)
      m->sd[q][p] = count > 1 ? sqrt(m->sd[q][p] / (count - 1)) : (double)NAN;
}

kc_status kc_lab_measure_motion(const char *name, const kc_motion *motion,
                                const kc_measure_options *options, kc_measure *m, kc_error *error) {
  kc_gait_thresholds thresholds = kc_gait_default_thresholds();
  thresholds.strike = thresholds.off = options->threshold;
  kc_gait_contact *contact;
  kc_gait_step *step = NULL;
  int n_contact, n_step = 0;
  memset(m, 0, sizeof *m);
  m->settle = motion->settle;
  KC_TRY(kc_gait_find_contacts(motion->tick, motion->n_tick, &thresholds, &contact, &n_contact,
                               error));
  kc_status status = kc_gait_compute_steps(motion->tick, motion->n_tick, contact, n_contact,
                                           motion->weight, &step, &n_step, error);
  if (status == KC_OK)
    add_steps(m, motion, step, n_step, options->side);
  free(contact);
  free(step);
  if (status == KC_OK && m->n_stride[KC_RIGHT] + m->n_stride[KC_LEFT] == 0)
    return kc_error_add(error, KC_ERR_INPUT, name,
                        "has no whole stride after its first %.4g s; let it run longer, or leave "
                        "less out with --set numerics/settle=\"1 s\" at `kinchain run`",
                        motion->settle);
  return status;
}

kc_status kc_lab_measure_run(const char *path, const kc_measure_options *options,
                             kc_measure **measure, kc_error *error) {
  kc_motion *motion;
  *measure = NULL;
  KC_TRY(kc_lab_read_motion(path, options->filter, &motion, error));
  kc_measure *m = malloc(sizeof *m);
  kc_status status = m ? kc_lab_measure_motion(path, motion, options, m, error)
                       : kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
  kc_lab_destroy_motion(motion);
  if (status != KC_OK) {
    free(m);
    return status;
  }
  *measure = m;
  return KC_OK;
}

double kc_lab_eval_curve(const double *curve, double percent) {
  double at = fmin(KC_N_POINT - 1, fmax(0, percent));
  int i = at < KC_N_POINT - 2 ? (int)at : KC_N_POINT - 2;
  return curve[i] + (at - i) * (curve[i + 1] - curve[i]);
}
