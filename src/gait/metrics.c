/// @file
/// Metrics of a run from its steps and its recording.
///
/// Means and standard deviations (n - 1) are over the steps whose strike comes after `settle`; NaN
/// values (a step cut by the end of the run) are left out. The slope of speed is a least-squares
/// line through the speeds of strides in the last 10 s, so that the swing of speed within a stride
/// does not count. Speed is way over time between the first sample after settling and the last.
#include "gait/metrics.h"
#include "gait/budget.h"
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

static const double gravity = 9.80665, slope_window = 10;

static const kc_gait_info metric_info[] = {
#define X(name, unit, meaning) {#name, unit, meaning},
    KC_GAIT_METRIC_LIST(X)
#undef X
};

int kc_gait_n_metric(void) { return (int)(sizeof metric_info / sizeof *metric_info); }

const kc_gait_info *kc_gait_metric_info(int index) { return &metric_info[index]; }

typedef struct {
  double mean, sd, least, side_mean[KC_N_SIDE];
} kc_statistic;

#define VALUE(name) offsetof(kc_gait_step_values, name)

static double step_value(const kc_gait_step *step, size_t offset) {
  return *(const double *)(const void *)((const char *)&step->value + offset);
}

// mean, standard deviation and least value of one quantity over the steps after settling
static kc_statistic compute_statistic(const kc_gait_analysis *a, size_t offset) {
  double sum[KC_N_SIDE] = {0}, square = 0, least = (double)INFINITY;
  int n[KC_N_SIDE] = {0};
  for (int i = 0; i < a->n_step; i++) {
    double x = step_value(&a->step[i], offset);
    if (a->step[i].contact.strike < a->settle || isnan(x))
      continue;
    sum[a->step[i].side] += x;
    n[a->step[i].side]++;
    least = x < least ? x : least;
  }
  int total = n[0] + n[1];
  kc_statistic s = {.mean = (sum[0] + sum[1]) / total, .least = total ? least : (double)NAN};
  for (int i = 0; i < a->n_step; i++) {
    double x = step_value(&a->step[i], offset);
    if (a->step[i].contact.strike >= a->settle && !isnan(x))
      square += (x - s.mean) * (x - s.mean);
  }
  s.sd = total > 1 ? sqrt(square / (total - 1)) : (double)NAN;
  for (int side = 0; side < KC_N_SIDE; side++)
    s.side_mean[side] = sum[side] / n[side];
  return s;
}

// least-squares slope of stride speed over the last 10 s, times 10 s, over the mean speed
static double compute_speed_slope(const kc_gait_analysis *a, double end) {
  double from = fmax(a->settle, end - slope_window), n = 0, t = 0, v = 0, tt = 0, tv = 0;
  for (int pass = 0; pass < 2; pass++) {
    double mean_t = n > 0 ? t / n : 0, mean_v = n > 0 ? v / n : 0;
    for (int i = 0; i < a->n_step; i++) {
      const kc_gait_step_values *s = &a->step[i].value;
      double time = s->strike_time + 0.5 * s->stride_time;
      if (s->strike_time < from || isnan(s->speed))
        continue;
      if (pass == 0) {
        n++, t += time, v += s->speed;
      } else {
        tt += (time - mean_t) * (time - mean_t);
        tv += (time - mean_t) * (s->speed - mean_v);
      }
    }
  }
  return n < 3 ? (double)NAN : tv / tt * slope_window / (v / n);
}

static void fill_steps(kc_gait_analysis *a) {
  kc_gait_metrics *m = &a->metrics;
#define FILL(name)                                                                                 \
  kc_statistic name = compute_statistic(a, VALUE(name));                                           \
  m->name = name.mean;
#define FILL_SIDES(name)                                                                           \
  FILL(name)                                                                                       \
  m->name##_r = name.side_mean[KC_RIGHT];                                                          \
  m->name##_l = name.side_mean[KC_LEFT];
  FILL_SIDES(contact_time)
  FILL_SIDES(flight_time)
  FILL_SIDES(duty_factor)
  FILL_SIDES(peak_force_bw)
  FILL_SIDES(braking_peak_bw)
  FILL_SIDES(propulsive_peak_bw)
  FILL_SIDES(vertical_impulse)
  FILL(braking_impulse)
  FILL(propulsive_impulse)
  FILL(step_length)
  FILL(com_oscillation)
#undef FILL_SIDES
#undef FILL
  m->step_rate = 60 / compute_statistic(a, VALUE(step_time)).mean;
  m->contact_time_sd = contact_time.sd;
  m->flight_time_sd = flight_time.sd;
  m->flight_time_min = flight_time.least;
  m->peak_force_bw_sd = peak_force_bw.sd;
  m->com_oscillation_sd = com_oscillation.sd;
  m->n_step = 0;
  m->alternating = 1;
  for (int i = 0, last = -1; i < a->n_step; i++) {
    if (a->step[i].contact.strike < a->settle)
      continue;
    m->n_step++;
    if (last == (int)a->step[i].side)
      m->alternating = 0;
    last = (int)a->step[i].side;
  }
  if (m->n_step < 2)
    m->alternating = 0;
}

// loads of steps: means, standard deviations, sides; asymmetry of all that has sides
static void fill_loads(kc_gait_analysis *a, const kc_recording *r) {
  kc_gait_metrics *m = &a->metrics;
#define X(name, unit, meaning)                                                                     \
  {                                                                                                \
    kc_statistic s = compute_statistic(a, VALUE(name));                                            \
    m->name = s.mean, m->name##_sd = s.sd;                                                         \
    m->name##_r = s.side_mean[KC_RIGHT], m->name##_l = s.side_mean[KC_LEFT];                       \
  }
  KC_GAIT_LOAD_TABLE(KC_GAIT_LOAD_ROW, X)
#undef X
#define X(name, unit, meaning)                                                                     \
  {                                                                                                \
    kc_statistic s = compute_statistic(a, VALUE(name));                                            \
    m->name##_asymmetry = kc_gait_compute_asymmetry(s.side_mean[KC_RIGHT], s.side_mean[KC_LEFT]);  \
  }
  KC_GAIT_SIDED_LIST(KC_GAIT_LOAD_ROW, X)
  KC_GAIT_LOAD_TABLE(KC_GAIT_LOAD_ROW, X)
#undef X
  kc_gait_spin spin = kc_gait_compute_spin(r, a->settle);
  m->momentum_correlation = spin.legs_with_upper;
  m->momentum_correlation_arms = spin.legs_with_arms;
  m->momentum_legs = spin.rms[KC_PART_legs], m->momentum_arms = spin.rms[KC_PART_arms];
  m->momentum_trunk = spin.rms[KC_PART_trunk];
}

// energies of strides, and means and standard deviations of them
static void fill_energies(kc_gait_analysis *a, const kc_recording *r) {
  for (int i = 0; i < a->n_step; i++) {
    kc_gait_step_values *v = &a->step[i].value;
    kc_gait_stride stride = kc_gait_stride_of(&a->step[i]);
    if (isnan(stride.next) || isnan(stride.off))
      continue;
    kc_gait_energy energy = kc_gait_compute_energy(r, &stride);
#define X(name, unit, meaning) v->name = energy.name;
    KC_GAIT_ENERGY_TABLE(KC_GAIT_ROW, X)
#undef X
  }
#define X(name, unit, meaning)                                                                     \
  kc_statistic name = compute_statistic(a, VALUE(name));                                           \
  a->metrics.name = name.mean;                                                                     \
  a->metrics.name##_sd = name.sd;
  KC_GAIT_ENERGY_TABLE(KC_GAIT_ROW, X)
#undef X
}

static double get_way(const kc_recording *r, int sample) {
  return kc_record_get(r, KC_CHANNEL_path_position, sample, 0);
}

static void fill_way(kc_gait_analysis *a, const kc_recording *r) {
  kc_gait_metrics *m = &a->metrics;
  int last = r->n_sample - 1, first = 0;
  while (first < last && r->time[first] < a->settle)
    first++;
  m->duration = r->time[last] - r->time[first];
  m->speed = (get_way(r, last) - get_way(r, first)) / m->duration;
  m->speed_slope = compute_speed_slope(a, r->time[last]);
  double start = kc_record_get(r, KC_CHANNEL_path_offset, 0, 0), drift = 0, tension = 0;
  for (int i = 0; i <= last; i++) {
    drift = fmax(drift, fabs(kc_record_get(r, KC_CHANNEL_path_offset, i, 0) - start));
    for (int k = 0; i >= first && k < r->model->n_band; k++)
      if (r->model->band[k].sling[0]) // not anchors, iliotibial tract, plantar fascia
        tension = fmax(tension, kc_record_get(r, KC_CHANNEL_band_force, i, k));
  }
  m->drift = drift;
  m->sling_force_max = tension;
}

static void fill_budgets(kc_gait_analysis *a, const kc_recording *r) {
  kc_gait_metrics *m = &a->metrics;
  int last = r->n_sample - 1;
  double weight = r->model->mass * gravity;
  double way = get_way(r, last) - get_way(r, 0);
  kc_gait_budget budget = kc_gait_compute_budget(r);
  m->positive_work = kc_record_get(r, KC_CHANNEL_work_positive, last, KC_POWER_actuator) +
                     kc_record_get(r, KC_CHANNEL_work_positive, last, KC_POWER_muscle);
  m->sling_work_positive = kc_record_get(r, KC_CHANNEL_work_positive, last, KC_POWER_sling);
  m->positive_work_rate = m->positive_work / (r->model->mass * fabs(way));
  m->audit_residual = budget.audit_residual / m->positive_work;
  m->momentum_residual = budget.momentum / weight;
  m->angular_residual = budget.angular / weight;
}

kc_status kc_gait_analyse(const kc_recording *recording, double settle, kc_gait_analysis **analysis,
                          kc_error *error) {
  *analysis = NULL;
  kc_tick *kept = NULL;
  kc_gait_contact *contact = NULL;
  int n_tick = 0, n_contact = 0;
  const kc_tick *tick = kc_gait_find_ticks(recording, &kept, &n_tick);
  kc_gait_analysis *a = calloc(1, sizeof *a);
  if (!a || (!tick && n_tick > 0)) {
    free(a);
    return kc_error_add(error, KC_ERR_MEMORY, "gait", "no memory for the analysis");
  }
  a->settle = settle;
  for (int i = 0; i < kc_gait_n_metric(); i++)
    ((double *)&a->metrics)[i] = (double)NAN;
  kc_gait_thresholds thresholds = kc_gait_default_thresholds();
  kc_status status = kc_gait_find_contacts(tick, n_tick, &thresholds, &contact, &n_contact, error);
  if (status == KC_OK)
    status = kc_gait_compute_steps(tick, n_tick, contact, n_contact,
                                   recording->model->mass * gravity, &a->step, &a->n_step, error);
  free(contact);
  free(kept);
  if (status != KC_OK) {
    kc_gait_destroy(a);
    return status;
  }
  if (recording->n_sample > 0) {
    fill_steps(a);
    fill_energies(a, recording);
    fill_loads(a, recording);
    fill_way(a, recording);
    fill_budgets(a, recording);
  }
  *analysis = a;
  return KC_OK;
}

void kc_gait_destroy(kc_gait_analysis *analysis) {
  if (!analysis)
    return;
  free(analysis->step);
  free(analysis);
}
