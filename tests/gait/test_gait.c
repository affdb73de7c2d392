/// @file
/// Gait events, steps, metrics and curves against a motion known in closed form.
#include "gait/budget.h"
#include "gait/metrics.h"
#include "support/synthetic_run.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
// cmocka needs the four above first
#include <cmocka.h>

static void check(const char *name, double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance))
    fail_msg("%s: %.9g, expected %.9g within %.2g", name, value, expected, tolerance);
}

// ticks of one foot from vertical forces, 2 ms apart
static void fill_ticks(kc_tick *tick, int n, const double *right, const double *left) {
  for (int i = 0; i < n; i++) {
    tick[i] = (kc_tick){.time = 0.002 * i};
    tick[i].foot_force[KC_RIGHT][1] = right[i];
    tick[i].foot_force[KC_LEFT][1] = left[i];
  }
}

static int find(const double *right, const double *left, int n, kc_gait_contact *out) {
  kc_tick tick[64];
  kc_gait_contact *contact = NULL;
  kc_error error = kc_error_default();
  int n_contact = 0;
  fill_ticks(tick, n, right, left);
  kc_gait_thresholds thresholds = kc_gait_default_thresholds();
  assert_int_equal(kc_gait_find_contacts(tick, n, &thresholds, &contact, &n_contact, &error),
                   KC_OK);
  memcpy(out, contact, (size_t)n_contact * sizeof *out);
  free(contact);
  return n_contact;
}

static void test_thresholds_have_hysteresis(void **state) {
  (void)state;
  const double force[] = {0, 30, 49, 90, 45, 60, 30, 22, 10, 45, 0, 0};
  const double none[12] = {0};
  kc_gait_contact contact[12];
  assert_int_equal(find(force, none, 12, contact), 1);
  check("strike", contact[0].strike, 0.002 * (2 + 1.0 / 41), 1e-12);
  check("off", contact[0].off, 0.002 * (7 + 2.0 / 12), 1e-12);
  assert_int_equal(contact[0].side, KC_RIGHT);
}

static void test_short_gap_is_bridged(void **state) {
  (void)state;
  double force[40] = {0}, none[40] = {0};
  kc_gait_contact contact[40];
  for (int i = 3; i < 30; i++)
    force[i] = 700;
  for (int i = 12; i < 17; i++)
    force[i] = 0; // 8 ms
  assert_int_equal(find(force, none, 40, contact), 1);
  assert_int_equal(contact[0].off_tick, 30);
  for (int i = 12; i < 25; i++)
    force[i] = 0; // 26 ms
  assert_int_equal(find(force, none, 40, contact), 2);
}

static void test_contact_cut_by_ends_is_open(void **state) {
  (void)state;
  double right[20] = {400, 300, 0}, left[20] = {0};
  kc_gait_contact contact[20];
  left[19] = left[18] = 300;
  assert_int_equal(find(right, left, 20, contact), 2);
  assert_true(isnan(contact[0].strike) && !isnan(contact[0].off));
  assert_true(!isnan(contact[1].strike) && isnan(contact[1].off));
  assert_int_equal(contact[1].side, KC_LEFT);
}

static kc_gait_analysis *analyse_course(double duration, double settle, int ticks, double slope,
                                        double bend, kc_recording **recording,
                                        synthetic_body *body) {
  kc_error error = kc_error_default();
  kc_gait_analysis *analysis = NULL;
  synthetic_create(body);
  body->slope = slope, body->bend = bend;
  int n = (int)(duration / 0.002) + 2;
  assert_int_equal(kc_record_create(&body->model, n, ticks ? n : 0, recording, &error), KC_OK);
  synthetic_record(body, *recording, duration);
  assert_int_equal(kc_gait_analyse(*recording, settle, &analysis, &error), KC_OK);
  return analysis;
}

static kc_gait_analysis *analyse(double duration, double settle, int ticks, double slope,
                                 kc_recording **recording, synthetic_body *body) {
  return analyse_course(duration, settle, ticks, slope, 0, recording, body);
}

// time at which the half sine of the vertical force passes a level
static double threshold_time(const synthetic_body *body, double level) {
  double peak = body->model.mass * synthetic_g * synthetic_step * synthetic_pi / 2;
  return asin(level * synthetic_contact / peak) * synthetic_contact / synthetic_pi;
}

static void check_metrics(const kc_gait_metrics *m, const synthetic_body *body, double tolerance) {
  double T = synthetic_step, tc = synthetic_contact, pi = synthetic_pi;
  double early = threshold_time(body, 50), late = threshold_time(body, 20);
  double B = synthetic_braking / synthetic_g;
  check("contact_time", m->contact_time, tc - early - late, tolerance);
  check("flight_time", m->flight_time, T - tc + early + late, tolerance);
  check("flight_time_min", m->flight_time_min, m->flight_time, 4 * tolerance);
  check("step_rate", m->step_rate, 60 / T, 60 / T / T * tolerance);
  check("duty_factor", m->duty_factor, m->contact_time / (2 * T), tolerance / T);
  check("peak_force_bw", m->peak_force_bw, pi * T / (2 * tc), 1e-3);
  check("peak_force_bw_l", m->peak_force_bw_l, pi * T / (2 * tc), 1e-3);
  check("vertical_impulse", m->vertical_impulse, T, 1e-3);
  check("braking_peak_bw", m->braking_peak_bw, B, 2e-3);
  check("propulsive_peak_bw_r", m->propulsive_peak_bw_r, B, 2e-3);
  check("braking_impulse", m->braking_impulse, B * tc / pi, 5e-4);
  check("propulsive_impulse", m->propulsive_impulse, B * tc / pi, 5e-4);
}

static void test_metrics_match_closed_form(void **state) {
  (void)state;
  synthetic_body body;
  kc_recording *recording;
  kc_gait_analysis *a = analyse(8.003, 1.5, 1, 0, &recording, &body);
  const kc_gait_metrics *m = &a->metrics;
  double lost = synthetic_drag / body.model.mass;
  check_metrics(m, &body, 4e-4);
  double x[3], v[3], f[3], y[3];
  (void)synthetic_com(&body, 1.5, x, v, f);
  (void)synthetic_com(&body, 8.0, y, v, f);
  check("duration", m->duration, 6.5, 1e-9);
  check("speed", m->speed, (y[0] - x[0]) / 6.5, 1e-6);
  check("speed_slope", m->speed_slope, -10 * lost / m->speed, 3e-4);
  check("n_step", m->n_step, 18, 0);
  check("alternating", m->alternating, 1, 0);
  check("drift", m->drift, 0.013, 1e-5);
  check("audit_residual", m->audit_residual, 0.173 / 213.7, 1e-9);
  check("positive_work", m->positive_work, 213.7 * 8, 1e-6);
  check("sling_force_max", m->sling_force_max, 157.3, 0.01);
  check("momentum_residual", m->momentum_residual, 0, 1e-7);
  check("angular_residual", m->angular_residual, 0, 1e-6);
  kc_gait_destroy(a);
  kc_record_destroy(recording);
}

static void check_loads(const kc_gait_metrics *m, const synthetic_body *body, double tolerance) {
  double weight = body->model.mass * 9.80665, T = synthetic_step, both = 0.5 * (1 + 1.1);
  // the right hip: 1500 + 700 sin, once a step; the left's a tenth larger
  check("hip peak", m->hip_contact_peak_r, 2200 / weight, tolerance);
  check("hip peak, left", m->hip_contact_peak_l, 1.1 * (1500 + 700) / weight, tolerance);
  check("hip mean", m->hip_contact_mean_r, 1500 / weight, tolerance);
  check("hip impulse", m->hip_contact_impulse_r, 1500 * 2 * T / weight, tolerance);
  check("knee peak", m->tibiofemoral_contact_peak, both * (1600 + 700) / weight, tolerance);
  check("knee mean", m->tibiofemoral_contact_mean, both * 1600 / weight, tolerance);
  check("knee mean's spread", m->tibiofemoral_contact_mean_sd,
        0.05 * 1600 / weight * sqrt(16.0 / 15), 3 * tolerance);
  check("knee rate", m->tibiofemoral_loading_rate_r, 700 * 2 * synthetic_pi / T / weight,
        0.02 + 20 * tolerance);
  check("ankle asymmetry", m->ankle_contact_mean_asymmetry, 2 * (1 - 1.1) / (1 + 1.1), tolerance);
  check("patella", m->patellofemoral_contact_mean_l, 1.1 * 1700 / weight, tolerance);
  check("compression", m->l5_s1_compression_peak, 0.64 * m->l5_s1_contact_peak, 1e-6);
  check("shear", m->l5_s1_shear_peak, hypot(0.48, 0.6) * m->l5_s1_contact_peak, 1e-6);
  check("spine mean", m->t12_l1_contact_mean, (1500 + 100) / weight, tolerance);
  check("spine impulse", m->t12_l1_contact_impulse, 1600 * T / weight, tolerance);
  check("torsion", m->knee_torsion_peak_l, 7.3 + 1.9 + 1, 20 * tolerance);
  check("net torsion", m->hip_torsion_net_peak, 11.7 + 0.5, 20 * tolerance);
  check("shock's transfer", m->shock_transfer, pow((11.3 + 4) / 53.1, 2), 2e-3);
  assert_true(m->shank_shock > 52 / 9.80665 && m->shank_shock < (53.1 + 24) / 9.80665);
  assert_true(m->head_shock < 0.8 * m->shank_shock && m->thorax_shock < m->head_shock);
}

static void test_loads_match_closed_form(void **state) {
  (void)state;
  for (int ticks = 0; ticks < 2; ticks++) {
    synthetic_body body;
    kc_recording *recording;
    kc_gait_analysis *a = analyse(8.003, 1.5, ticks, 0, &recording, &body);
    const kc_gait_metrics *m = &a->metrics;
    check_loads(m, &body, ticks ? 5e-3 : 4e-2);
    // legs 2.3 sin, the rest -1.5 sin; of it the arms also turn aside
    check("legs with the rest", m->momentum_correlation, -1, 1e-6);
    check("legs with arms", m->momentum_correlation_arms, -1.7 / hypot(1.7, 0.6), 5e-3);
    check("legs", m->momentum_legs, 2.3 / sqrt(2), 0.03);
    check("asymmetry", m->contact_time_asymmetry,
          2 * (m->contact_time_r - m->contact_time_l) / (m->contact_time_r + m->contact_time_l),
          1e-12);
    kc_gait_destroy(a);
    kc_record_destroy(recording);
  }
}

static void test_asymmetry_is_safe_near_nothing(void **state) {
  (void)state;
  check("unlike", kc_gait_compute_asymmetry(3.1, 2.3), 2 * 0.8 / 5.4, 1e-15);
  check("turned", kc_gait_compute_asymmetry(2.3, 3.1), -2 * 0.8 / 5.4, 1e-15);
  check("below nothing", kc_gait_compute_asymmetry(-3.1, -2.3), 2 * 0.8 / 5.4, 1e-15);
  assert_true(isnan(kc_gait_compute_asymmetry(0, 0)));
  assert_true(isnan(kc_gait_compute_asymmetry(1.7, -1.699)));
  assert_true(isnan(kc_gait_compute_asymmetry((double)NAN, 1)));
}

static void test_samples_serve_without_ticks(void **state) {
  (void)state;
  synthetic_body body;
  kc_recording *recording;
  kc_gait_analysis *a = analyse(6, 1, 0, 0, &recording, &body);
  assert_int_equal(recording->n_tick, 0);
  check_metrics(&a->metrics, &body, 2e-3);
  kc_gait_destroy(a);
  kc_record_destroy(recording);
}

static void test_slope_adds_no_oscillation(void **state) {
  (void)state;
  synthetic_body body;
  kc_recording *level, *uphill;
  kc_gait_analysis *a = analyse(5, 1, 1, 0, &level, &body);
  kc_gait_analysis *b = analyse(5, 1, 1, 0.31, &uphill, &body);
  check("com_oscillation", b->metrics.com_oscillation, a->metrics.com_oscillation, 1e-9);
  assert_true(a->metrics.com_oscillation > 0.05 && a->metrics.com_oscillation < 0.13);
  kc_gait_destroy(a);
  kc_gait_destroy(b);
  kc_record_destroy(level);
  kc_record_destroy(uphill);
}

static void check_same_curves(const kc_recording *x, const kc_gait_analysis *a,
                              const kc_recording *y, const kc_gait_analysis *b) {
  kc_group *one = kc_gait_create_curves_group(x, a), *other = kc_gait_create_curves_group(y, b);
  int seen = 0;
  for (int i = 0; i < one->n_variable; i++) {
    const char *name = one->variable[i].label.name;
    int width = !strcmp(name, "foot_force") ? 6
                : !strcmp(name, "q") || !strcmp(name, "v") || !strcmp(name, "q_sd")
                    ? SYNTHETIC_JOINTS
                    : 0;
    const double *left = one->variable[i].value, *right = other->variable[i].value;
    for (int k = 0; k < 101 * width; k++)
      check(name, right[k], left[k], width == 6 ? 1e-3 : 1e-9); // forces are kept in float32
    seen += width > 0;
  }
  assert_int_equal(seen, 4);
  kc_record_group_destroy(one);
  kc_record_group_destroy(other);
}

// what is forward and sideways follows the course: the same motion along a bend measures the same
static void test_bend_measures_as_straight(void **state) {
  (void)state;
  for (int ticks = 0; ticks < 2; ticks++) {
    synthetic_body body;
    kc_recording *x, *y;
    kc_gait_analysis *a = analyse_course(8, 1, ticks, 0, 0, &x, &body);
    kc_gait_analysis *b = analyse_course(8, 1, ticks, 0, ticks ? 9.3 : -5.7, &y, &body);
    const double *straight = (const double *)&a->metrics, *bent = (const double *)&b->metrics;
    for (int i = 0; i < kc_gait_n_metric(); i++) {
      const char *name = kc_gait_metric_info(i)->name;
      if (strstr(name, "momentum_residual") || isnan(straight[i]))
        continue; // what the forces' means are to give stayed in ground axes
      check(name, bent[i], straight[i], 1e-6 * (1 + fabs(straight[i])));
    }
    assert_true(fabs(kc_record_get(y, KC_CHANNEL_com, y->n_sample - 1, 0) -
                     kc_record_get(x, KC_CHANNEL_com, x->n_sample - 1, 0)) > 5);
    check_same_curves(x, a, y, b);
    kc_gait_destroy(a), kc_gait_destroy(b);
    kc_record_destroy(x), kc_record_destroy(y);
  }
}

static void test_missing_force_shows_in_budget(void **state) {
  (void)state;
  synthetic_body body;
  kc_recording *recording;
  kc_gait_analysis *a = analyse(2, 0, 1, 0, &recording, &body);
  kc_gait_budget before = kc_gait_compute_budget(recording);
  check("momentum", before.momentum, 0, 1e-4);
  ((float *)recording->data[KC_CHANNEL_drag_force_mean])[3 * 200] += 13.7f;
  kc_gait_budget after = kc_gait_compute_budget(recording);
  check("momentum", after.momentum, 13.7 * 0.005, 1e-3);
  kc_gait_destroy(a);
  kc_record_destroy(recording);
}

static void test_curves_repeat_the_cycle(void **state) {
  (void)state;
  synthetic_body body;
  kc_recording *recording;
  kc_gait_analysis *a = analyse(8, 1, 1, 0, &recording, &body);
  kc_group *group = kc_gait_create_curves_group(recording, a);
  kc_error error = kc_error_default();
  assert_int_equal(kc_record_group_check(group, &error), KC_OK);
  int seen = 0;
  for (int i = 0; i < group->n_variable; i++) {
    const double *x = group->variable[i].value;
    if (!strcmp(group->variable[i].label.name, "q")) {
      // coordinates have the period of a stride: begin equals end, and point 50 is half a stride on
      const synthetic_row *hip = &synthetic_table[8];
      double start = threshold_time(&body, 50), w = synthetic_pi / synthetic_step;
      check("hip at strike", x[8], hip->swing * sin(w * start + hip->phase), 2e-4);
      check("hip at end", x[100 * SYNTHETIC_JOINTS + 8], x[8], 2e-4);
      check("hip at half", x[50 * SYNTHETIC_JOINTS + 8], -x[8], 4e-4);
      seen++;
    }
    if (!strcmp(group->variable[i].label.name, "q_sd")) {
      for (int k = 0; k < 101 * SYNTHETIC_JOINTS; k++)
        check("q_sd", x[k], 0, 5e-4);
      seen++;
    }
  }
  assert_int_equal(seen, 2);
  kc_record_group_destroy(group);
  kc_gait_destroy(a);
  kc_record_destroy(recording);
}

// constant powers over a stride of two steps, and energies that rise and fall once in it
static void test_energies_match_closed_form(void **state) {
  (void)state;
  synthetic_body body;
  kc_recording *recording;
  kc_gait_analysis *a = analyse(8.003, 1.5, 1, 0, &recording, &body);
  const kc_gait_metrics *m = &a->metrics;
  double T = 2 * synthetic_step, weight = body.model.mass, steps = 0, net = 0;
  for (int i = 0; i < a->n_step; i++)
    if (a->step[i].value.strike_time >= a->settle && !isnan(a->step[i].value.speed))
      net += (2 * 131.3 + 17.9) / (weight * a->step[i].value.speed), steps++;
  check("cost_net_bhargava", m->cost_net_bhargava, net / steps, 1e-6);
  double rest = m->cost_gross_umberger - m->cost_net_umberger;
  check("rest", rest / 1.2, m->cost_net_umberger * weight / (2 * 117.1 + 23.3), 1e-4);
  check("motor_out", m->motor_out, 213.7 * T, 0.01);
  check("motor_in", m->motor_in, 213.7 * T, 0.01);
  check("fibre_out", m->fibre_out, (2 * 41.3 + 2.9) * T, 0.005);
  check("fibre_in", m->fibre_in, (2 * 37.7 + 3.7) * T, 0.005);
  check("tendon_stored", m->tendon_stored, 2 * (5.9 + 3.6), 0.01);
  check("tendon_returned", m->tendon_returned, m->tendon_stored, 1e-4);
  check("achilles_stored",
        (a->step[6].side == KC_RIGHT ? 1 : -1) *
            (a->step[6].value.achilles_stored - a->step[7].value.achilles_stored),
        2 * 2.3, 0.01);
  check("sling_out", m->sling_out, (2 * 5.3 + 1.1) * T, 1e-3);
  check("sling_in", m->sling_in, (2 * 6.1 + 1.7) * T, 1e-3);
  assert_true(isnan(m->plantar_stored) && isnan(m->iliotibial_lost) && m->fibre_out_sd < 1e-3);
  // the loss is what went in, less what came out, less what is still there
  const kc_gait_step_values *v = &a->step[4].value;
  double from = v->strike_time, to = from + v->stride_time;
  double kept = 57.3 * (sin(to) - sin(from));
  check("sling_lost", v->sling_lost, v->sling_in - v->sling_out - kept, 2e-3);
  check("node_lost", v->node_lost, (0.31 + 0.48) * v->stride_time, 1e-6);
  kc_gait_destroy(a);
  kc_record_destroy(recording);
}

// positive work of bands about a hip around toe-off, against the same in small steps
static void test_hip_work_around_toe_off(void **state) {
  (void)state;
  synthetic_body body;
  kc_recording *recording;
  kc_gait_analysis *a = analyse(5, 1, 1, 0, &recording, &body);
  for (int i = 2; i < 4; i++) {
    const kc_gait_step_values *v = &a->step[i].value;
    int left = a->step[i].side == KC_LEFT;
    const synthetic_row *hip = &synthetic_table[left ? 11 : 8];
    double moment = left ? 2 * -2.3 + 0.9 : 2 * 3.1 + 0.7, sum = 0,
           w = synthetic_pi / synthetic_step;
    double off = v->strike_time + v->contact_time, swing = v->stride_time - v->contact_time;
    double from = off - 0.2 * v->contact_time, span = 0.2 * (v->contact_time + swing);
    for (int k = 0; k < 10000; k++) {
      double t = from + span * (k + 0.5) / 10000;
      sum += fmax(moment * hip->swing * w * cos(w * t + hip->phase), 0) * span / 10000;
    }
    check("hip_sling", v->hip_sling, sum, 2e-3 * (0.1 + sum));
    check("hip_muscle", v->hip_muscle, 0, 1e-12);
    assert_true(sum > 0.1 ? v->hip_sling_share > 1 - 1e-9 : 1);
  }
  kc_gait_destroy(a);
  kc_record_destroy(recording);
}

// bands by their names; the tendon's return around toe-off
static void test_named_tissue(void **state) {
  (void)state;
  synthetic_body body;
  kc_recording *recording;
  kc_gait_analysis *a = analyse(5, 1, 1, 0, &recording, &body);
  strcpy(body.band[0].name, "plantar_fascia_r");
  strcpy(body.band[1].name, "iliotibial_tract_l");
  strcpy(body.muscle[1].name, "gasmed_r");
  double w = synthetic_pi / synthetic_step;
  for (int i = 2; i < 4; i++) {
    kc_gait_stride s = kc_gait_stride_of(&a->step[i]);
    double T = s.next - s.strike, from = s.off - 0.2 * (s.off - s.strike), fall = 0;
    double to = s.off + 0.2 * (s.next - s.off);
    kc_gait_energy e = kc_gait_compute_energy(recording, &s);
    if (s.side == KC_LEFT) {
      check("iliotibial_out", e.iliotibial_out, 6.4 * T, 1e-4);
      check("iliotibial_toe_off", e.iliotibial_toe_off, 0.2 * 6.4 * T, 1e-4);
      assert_true(isnan(e.plantar_out) && isnan(e.achilles_stored));
      continue;
    }
    check("plantar_out", e.plantar_out, 5.3 * T, 1e-4);
    check("plantar_toe_off", e.plantar_toe_off, 0.2 * 5.3 * T, 1e-4);
    check("plantar_lost", e.plantar_lost, (6.1 - 5.3) * T - 57.3 * (sin(s.next) - sin(s.strike)),
          5e-3);
    assert_true(isnan(e.iliotibial_lost));
    check("achilles_stored", e.achilles_stored, 2 * (5.9 + 3.6), 0.01);
    for (int k = 0; k < 10000; k++) {
      double t = from + (to - from) * k / 10000, u = from + (to - from) * (k + 1) / 10000;
      fall += fmax((5.9 + 3.6) * (cos(w * u + 2.1) - cos(w * t + 2.1)), 0);
    }
    check("achilles_toe_off", e.achilles_toe_off, fall, 0.01);
    assert_true(fall > 0.1);
  }
  kc_gait_destroy(a);
  kc_record_destroy(recording);
}

// two bands of one sling count as one; bands of none are no slings
static void test_slings_sum_bands(void **state) {
  (void)state;
  synthetic_body body;
  kc_recording *recording;
  kc_gait_analysis *a = analyse(5, 1, 1, 0, &recording, &body);
  double span = a->step[2].value.stride_time;
  kc_gait_stride s = kc_gait_stride_of(&a->step[2]);
  strcpy(body.band[0].sling, "lateral_r"), strcpy(body.band[1].sling, "lateral_r");
  assert_string_equal(kc_model_sling_name(&body.model, 0), "lateral_r");
  assert_null(kc_model_sling_name(&body.model, 1));
  kc_group *group = kc_gait_create_strides_group(recording, a);
  const double *out = NULL;
  for (int i = 0; i < group->n_variable; i++)
    if (!strcmp(group->variable[i].label.name, "each_sling_out"))
      out = group->variable[i].value;
  assert_non_null(out);
  int first = a->step[0].side == KC_RIGHT ? 0 : 1; // the right foot's rows begin with step 0 or 1
  check("out", out[2 + 0], (5.3 + 6.4) * a->step[first + 2].value.stride_time, 1e-4);
  strcpy(body.band[1].sling, "");
  check("one", kc_gait_compute_energy(recording, &s).sling_out, 5.3 * span, 1e-4);
  strcpy(body.band[0].sling, "");
  assert_true(isnan(kc_gait_compute_energy(recording, &s).sling_out));
  kc_record_group_destroy(group);
  kc_gait_destroy(a);
  kc_record_destroy(recording);
}

static void test_muscles_are_ranked(void **state) {
  (void)state;
  synthetic_body body;
  kc_recording *recording;
  kc_gait_muscle_cost rank[SYNTHETIC_MUSCLES];
  kc_gait_analysis *a = analyse(4, 1, 1, 0, &recording, &body);
  assert_int_equal(kc_gait_rank_muscles(recording, 1, KC_LAW_umberger, rank), 1);
  assert_string_equal(rank[0].name, "soleus");
  check("cost", rank[0].cost, (2 * 117.1 + 23.3) / (body.model.mass * a->metrics.speed), 1e-4);
  strcpy(body.muscle[1].name, "vaslat_r");
  assert_int_equal(kc_gait_rank_muscles(recording, 1, KC_LAW_umberger, rank), 2);
  assert_string_equal(rank[0].name, "vaslat");
  assert_int_equal(kc_gait_rank_muscles(recording, 9, KC_LAW_umberger, rank), 0);
  kc_gait_destroy(a);
  kc_record_destroy(recording);
}

static void test_stride_energies_add_up(void **state) {
  (void)state;
  synthetic_body body;
  kc_recording *recording;
  kc_gait_analysis *a = analyse(5, 1, 1, 0, &recording, &body);
  kc_group *group = kc_gait_create_strides_group(recording, a);
  kc_error error = kc_error_default();
  assert_int_equal(kc_record_group_check(group, &error), KC_OK);
  const double *muscle = NULL, *band = NULL, *hip = NULL, *toe_off = NULL;
  for (int i = 0; i < group->n_variable; i++) {
    if (!strcmp(group->variable[i].label.name, "muscle_energy_bhargava"))
      muscle = group->variable[i].value;
    if (!strcmp(group->variable[i].label.name, "band_lost"))
      band = group->variable[i].value;
    if (!strcmp(group->variable[i].label.name, "band_hip"))
      hip = group->variable[i].value;
    if (!strcmp(group->variable[i].label.name, "band_toe_off"))
      toe_off = group->variable[i].value;
  }
  assert_true(muscle && band && hip && toe_off);
  // second stride of the left foot
  const kc_gait_step *step = NULL;
  for (int i = 0, n = 0; i < a->n_step && !step; i++)
    if (a->step[i].side == KC_LEFT && n++ == 1)
      step = &a->step[i];
  int at = 2 * (KC_N_SIDE + KC_LEFT);
  check("soleus_r", muscle[at], 131.3 * step->value.stride_time, 1e-4);
  check("soleus_l", muscle[at + 1], 149.2 * step->value.stride_time, 1e-4);
  check("lost", band[at] + band[at + 1], step->value.sling_lost, 1e-9);
  check("hip", hip[at] + hip[at + 1], step->value.hip_sling, 1e-9);
  double window = 0.2 * step->value.stride_time;
  check("toe-off", toe_off[at + 1], 6.4 * window, 1e-6);
  kc_record_group_destroy(group);
  kc_gait_destroy(a);
  kc_record_destroy(recording);
}

static void test_empty_recording_gives_nan(void **state) {
  (void)state;
  synthetic_body body;
  kc_error error = kc_error_default();
  kc_recording *recording;
  kc_gait_analysis *a;
  synthetic_create(&body);
  assert_int_equal(kc_record_create(&body.model, 0, 0, &recording, &error), KC_OK);
  assert_int_equal(kc_gait_analyse(recording, 1, &a, &error), KC_OK);
  assert_true(isnan(a->metrics.speed) && isnan(a->metrics.n_step));
  kc_gait_destroy(a);
  kc_record_destroy(recording);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_thresholds_have_hysteresis),
      cmocka_unit_test(test_short_gap_is_bridged),
      cmocka_unit_test(test_contact_cut_by_ends_is_open),
      cmocka_unit_test(test_metrics_match_closed_form),
      cmocka_unit_test(test_loads_match_closed_form),
      cmocka_unit_test(test_asymmetry_is_safe_near_nothing),
      cmocka_unit_test(test_samples_serve_without_ticks),
      cmocka_unit_test(test_slope_adds_no_oscillation),
      cmocka_unit_test(test_bend_measures_as_straight),
      cmocka_unit_test(test_missing_force_shows_in_budget),
      cmocka_unit_test(test_curves_repeat_the_cycle),
      cmocka_unit_test(test_energies_match_closed_form),
      cmocka_unit_test(test_hip_work_around_toe_off),
      cmocka_unit_test(test_named_tissue),
      cmocka_unit_test(test_slings_sum_bands),
      cmocka_unit_test(test_muscles_are_ranked),
      cmocka_unit_test(test_stride_energies_add_up),
      cmocka_unit_test(test_empty_recording_gives_nan),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
