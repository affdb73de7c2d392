/// @file
/// Curves of the gait cycle: right foot strike to right foot strike on 101 points.
///
/// `x` is the mean and `x_sd` the standard deviation of channel x. Each stride after settling is
/// resampled from the recording by straight lines between samples; mean and standard deviation (n -
/// 1) are taken at each point over the strides; on a bend the coordinates of the pelvis, their
/// rates and the forces of the feet are those seen from the course. At 200 Hz and 90 strides a
/// minute a stride has about 135 samples, so a narrow peak is rounded; peaks in /strides and
/// /metrics come from the control ticks instead.
#include "gait/metrics.h"
#include "record/course.h"
#include <math.h>

enum { KC_N_CYCLE = 101 };

typedef struct {
  kc_channel channel;
  const char *name, *unit, *long_name, *frame, *positive, *dimensions;
} kc_curve;

#define CURVE(channel, unit, text, frame, positive, dimensions)                                    \
  { KC_CHANNEL_##channel, #channel, unit, text, frame, positive, "cycle " dimensions }

static const kc_curve curve_list[] = {
    CURVE(q, "rad or m", "coordinates (units: coordinate_unit)", NULL, KC_ALONG, "coordinate"),
    CURVE(v, "rad/s or m/s", "velocities of the coordinates", NULL, KC_ALONG, "coordinate"),
    CURVE(torque, "N m", "actuator torque", NULL, KC_ALONG, "coordinate"),
    CURVE(torque_passive, "N m", "torque of passive joint tissue", NULL, KC_ALONG, "coordinate"),
    CURVE(power_joint, "W", "actuator power", NULL, "work done on the body", "coordinate"),
    CURVE(foot_force, "N", "ground reaction force", KC_COURSE_AXES, KC_ON_FOOT, "side axis"),
    CURVE(band_force, "N", "tension of each fascial band", NULL, "tension", "band"),
    CURVE(band_hip_moment, "N m", "generalized force of each band about the hips' coordinates",
          NULL, KC_ALONG, "band hip"),
    CURVE(metabolic_power, "W", "metabolic power of each muscle", NULL, NULL, "law muscle"),
    CURVE(joint_contact_force, "N", "force between the bones of a joint", "distal body",
          "force of the proximal on the distal bone", "load_joint axis"),
    CURVE(joint_torsion, "N m", "moment transmitted about the segment's long axis", NULL, KC_INWARD,
          "side torsion_joint"),
    CURVE(joint_torsion_net, "N m", "net moment about the segment's long axis", NULL, KC_INWARD,
          "side torsion_joint"),
    CURVE(acceleration, "m/s2", "acceleration of points fixed in bodies, without gravity", "body",
          NULL, "sensor axis"),
    CURVE(part_angular_momentum, "kg m2/s",
          "vertical angular momentum of parts about the mass centre", NULL, "right-hand rule",
          "part"),
};

typedef struct {
  double from, to; // s
} kc_cycle;

// strides of the right foot that begin after settling
static int find_cycles(const kc_gait_analysis *a, kc_cycle *cycle) {
  int n = 0;
  for (int i = 0; i < a->n_step; i++) {
    const kc_gait_step_values *v = &a->step[i].value;
    if (a->step[i].side != KC_RIGHT || v->strike_time < a->settle || isnan(v->stride_time))
      continue;
    cycle[n++] = (kc_cycle){v->strike_time, v->strike_time + v->stride_time};
  }
  return n;
}

// adds value and square of every element at every point of one cycle; row: (2 x width) scratch
static void add_cycle(const kc_recording *r, kc_channel channel, const kc_cycle *cycle,
                      const double *shift, double *sum, double *square, double *row) {
  int width = r->width[channel], i = 0, last = -1;
  for (int p = 0; p < KC_N_CYCLE; p++) {
    double time = cycle->from + (cycle->to - cycle->from) * p / (KC_N_CYCLE - 1);
    while (i < r->n_sample - 2 && r->time[i + 1] < time)
      i++;
    double part = (time - r->time[i]) / (r->time[i + 1] - r->time[i]);
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    for (int k = 0; k < 2 && i != last; k++)
      kc_record_get_on_course(r, channel, i + k, row + k * width);
    last = i;
    for (int k = 0; k < width; k++) {
      double a = row[k], b = row[width + k];
      double x = a + part * (b - a) - (shift ? shift[p * width + k] : 0);
      sum[p * width + k] += x;
      square[p * width + k] += x * x;
    }
  }
}

static void add_curve(const kc_recording *r, kc_group *group, const kc_curve *curve,
                      const kc_cycle *cycle, int n) {
  size_t size = (size_t)KC_N_CYCLE * (size_t)r->width[curve->channel];
  double *mean = kc_record_group_keep(group, size, sizeof *mean);
  double *sd = kc_record_group_keep(group, size, sizeof *sd);
  double *scratch = kc_record_group_keep(group, size, sizeof *scratch);
  double *row = kc_record_group_keep(group, 2 * (size_t)r->width[curve->channel], sizeof *row);
  if (!mean || !sd || !scratch || !row)
    return;
  // first the mean, then squares about it
  for (int i = 0; i < n; i++)
    add_cycle(r, curve->channel, &cycle[i], NULL, mean, scratch, row);
  for (size_t k = 0; k < size; k++)
    mean[k] /= n;
  for (int i = 0; i < n; i++)
    add_cycle(r, curve->channel, &cycle[i], mean, scratch, sd, row);
  for (size_t k = 0; k < size; k++)
    sd[k] = n > 1 ? sqrt(sd[k] / (n - 1)) : (double)NAN;
  kc_label label = {.unit = curve->unit, .frame = curve->frame, .positive = curve->positive};
  label.name = curve->name;
  label.long_name = kc_record_group_text(group, "%s, mean over strides", curve->long_name);
  kc_record_group_add_variable(group, &label, KC_STORE_F64, curve->dimensions, mean);
  label.name = kc_record_group_text(group, "%s_sd", curve->name);
  label.long_name =
      kc_record_group_text(group, "%s, standard deviation over strides", curve->long_name);
  kc_record_group_add_variable(group, &label, KC_STORE_F64, curve->dimensions, sd);
}

static void add_scales(const kc_recording *r, kc_group *group) {
  double *percent = kc_record_group_keep(group, KC_N_CYCLE, sizeof *percent);
  if (!percent)
    return;
  for (int p = 0; p < KC_N_CYCLE; p++)
    percent[p] = p;
  kc_dimension cycle = {
      .label = {"cycle", "%", "part of the gait cycle from right foot strike", NULL, NULL, NULL},
      .size = KC_N_CYCLE,
      .store = KC_STORE_F64,
      .value = percent};
  (void)kc_record_group_add_dimension(group, &cycle);
  static const char *const name[] = {"coordinate",    "side",   "axis",   "band",
                                     "hip",           "law",    "muscle", "load_joint",
                                     "torsion_joint", "sensor", "part"};
  for (size_t i = 0; i < sizeof name / sizeof *name; i++)
    kc_record_add_scale(r, group, name[i]);
}

kc_group *kc_gait_create_curves_group(const kc_recording *recording,
                                      const kc_gait_analysis *analysis) {
  kc_group *group = kc_record_group_create("curves");
  if (!group)
    return NULL;
  kc_cycle *cycle = kc_record_group_keep(group, (size_t)analysis->n_step + 1, sizeof *cycle);
  if (!cycle)
    return group;
  int n = recording->n_sample > 1 ? find_cycles(analysis, cycle) : 0;
  add_scales(recording, group);
  kc_label count = {"n_stride", "1", "strides in the curves", NULL, NULL, NULL};
  kc_record_group_add_number(group, &count, n);
  for (size_t i = 0; n > 0 && i < sizeof curve_list / sizeof *curve_list; i++)
    if (recording->width[curve_list[i].channel] > 0)
      add_curve(recording, group, &curve_list[i], cycle, n);
  return group;
}
