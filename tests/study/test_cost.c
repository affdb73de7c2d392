/// @file
/// The cost of a run against closed forms: a runner made of rectangles and sines, one term changed
/// at a time; the heel's speed against finite differences of its position.
#include "math/bend.h"
#include "near.h"
#include "study/chain.h"
#include "study/cost.h"

#include "fake_engine.h"
#include <math.h>

/// A run as numbers; ticks are 1 ms apart.
typedef struct {
  double duration, end; // wanted, run, s
  double speed, step_time, contact, force_bw, amplitude, lateral;
  double tilt, tilt_swing, list, rotation; // rad
  double hip, knee, knee_stance;           // swing peaks, rad
  double torque, torque_rate;              // Nm, Nm/s: triangle of 0.1 s half period
  double heel_speed;                       // above the pelvis', from the hip's rate, m/s
  double trunk_rate, grade, bend;
  double spin, power; // kg m2/s, W
} pattern;

static const pattern WANTED = {.duration = 8,
                               .end = 8,
                               .speed = 3.3,
                               .step_time = 0.36,
                               .contact = 0.23,
                               .force_bw = 2.4,
                               .amplitude = 0.045,
                               .hip = 0.7,
                               .knee = 1.7,
                               .knee_stance = 0.4};

static kc_joint joint[N_JOINT];
static kc_sphere sphere[3];

static void fake_run(kc_run *run, const volatile int *stop) {
  (void)stop;
  run->outcome.kind = KC_FELL;
}

static double triangle(double t, double half) {
  double s = fmod(t, 2 * half) / half;
  return s < 1 ? s : 2 - s;
}

static void make_tick(const pattern *p, const kc_model *model, double t, kc_sample *s, double *q,
                      double *v, double *torque) {
  *s = (kc_sample){.time = t, .q = q, .v = v, .torque = torque};
  for (int i = 0; i < N_JOINT; i++)
    q[i] = v[i] = torque[i] = 0;
  s->com[0] = p->speed * t;
  s->com[1] = 1 + p->amplitude * cos(2 * M_PI * t / p->step_time) + p->grade * s->com[0];
  s->com[2] = p->lateral * sin(2 * M_PI * t / p->step_time) * sqrt(2);
  q[TILT] = p->tilt + p->tilt_swing * sin(2 * M_PI * t / p->step_time) * sqrt(2);
  q[LIST] = p->list, q[ROTATION] = p->rotation;
  v[LIST] = p->trunk_rate, v[ROTATION] = 2 * p->trunk_rate;
  torque[HIP_R] = p->torque + p->torque_rate * 0.1 * triangle(t, 0.1);
  for (int side = 0; side < KC_N_SIDE; side++) {
    double phase = fmod(t + side * p->step_time, 2 * p->step_time);
    int down = phase < p->contact;
    s->foot_force[side][1] = down ? p->force_bw * model->mass * 9.80665 : 0;
    q[side ? HIP_L : HIP_R] = down ? 0.1 : p->hip;
    q[side ? KNEE_L : KNEE_R] = down ? p->knee_stance : p->knee;
  }
  v[TX] = p->heel_speed;
  s->angular_momentum[1] = p->spin * sin(2 * M_PI * t / p->step_time) * sqrt(2);
  s->metabolic_energy[KC_LAW_bhargava] = p->power * t;
}

/// The tick, which went straight, on the pattern's bend.
static void bend_tick(const pattern *p, kc_sample *s, double *q, double *v) {
  s->path_position = s->com[0], s->path_offset = s->com[2], s->heading = 0;
  if (p->bend == 0)
    return;
  double along = p->bend - s->com[2];
  s->heading = s->com[0] / p->bend;
  kc_bend_place ground = {-s->heading, along * sin(s->heading), p->bend - along * cos(s->heading)};
  kc_bend_frame frame = kc_bend_make_frame(&ground, s->com);
  kc_bend_turn_body(&frame, q, v);
  kc_bend_turn_point(&frame, s->com, s->com);
}

static double run_pattern(const pattern *p, kc_outcome_kind kind, double *y) {
  kc_cost_weights weights = kc_cost_default_weights();
  kc_model model = fake_model(joint, sphere);
  kc_scenario scenario = {.body = &model, .internal = &model};
  scenario.task.speed = 3.3, scenario.task.duration = p->duration;
  scenario.task.ground.grade = p->grade, scenario.task.bend = p->bend;
  kc_cost *cost = kc_cost_create();
  assert_int_equal(kc_cost_begin(cost, &scenario, &weights), KC_OK);
  double q[N_JOINT], v[N_JOINT], torque[N_JOINT];
  kc_sample s;
  for (int i = 0; i <= (int)(p->end * 1000 + 0.5); i++) {
    make_tick(p, &model, i * 1e-3, &s, q, v, torque);
    bend_tick(p, &s, q, v);
    kc_cost_add_tick(cost, &s);
  }
  kc_outcome outcome = {.kind = kind, .time = p->end};
  double sum = kc_cost_compute(cost, &outcome, y);
  kc_cost_destroy(cost);
  return sum;
}

static void test_costs_nothing_where_all_is_as_wanted(void **unused) {
  (void)unused;
  double y[KC_N_COST], sum = run_pattern(&WANTED, KC_COMPLETED, y);
  for (int i = 0; i < KC_N_COST; i++)
    if (!(fabs(y[i]) < 1e-9))
      fail_msg("%s is %g", kc_cost_term_info(i)->name, y[i]);
  assert_near(sum, 0, 1e-9);
}

/// Changes one number: exactly one term follows, with the value of the closed form.
static void check_term(const pattern *p, int term, double expected, double tolerance) {
  double y[KC_N_COST], sum = run_pattern(p, KC_COMPLETED, y);
  const kc_cost_info *info = kc_cost_term_info(term);
  if (!(fabs(y[term] - expected) <= tolerance))
    fail_msg("%s is %g, expected %g", info->name, y[term], expected);
  assert_near(sum, info->weight * fmin(expected, info->cap), info->weight * tolerance + 1e-9);
}

#define CHECK(field, value, term, expected, tolerance)                                             \
  do {                                                                                             \
    pattern p = WANTED;                                                                            \
    p.field = value;                                                                               \
    check_term(&p, KC_COST_##term, expected, tolerance);                                           \
  } while (0)

/// A constant speed that is off counts as a whole and over the second half.
static void test_speed_counts_whole_and_late(void **unused) {
  (void)unused;
  static const double speed[2] = {2.9, 3.45}, error[2] = {0.4, 0.15};
  for (int i = 0; i < 2; i++) {
    pattern p = WANTED;
    p.speed = speed[i];
    double y[KC_N_COST], sum = run_pattern(&p, KC_COMPLETED, y);
    assert_near(y[KC_COST_speed_error], error[i], 1e-9);
    assert_near(y[KC_COST_late_speed], error[i], 1e-9);
    double weight = kc_cost_term_info(KC_COST_speed_error)->weight +
                    kc_cost_term_info(KC_COST_late_speed)->weight;
    assert_near(sum, weight * error[i], 1e-6);
  }
}

static void test_each_term_follows_its_quantity(void **unused) {
  (void)unused;
  CHECK(tilt, -0.37, tilt_mean, 0.07, 1e-9);
  CHECK(tilt_swing, 0.11, attitude, 0.11, 1e-3);
  CHECK(list, -0.23, attitude, 0.23, 1e-9);
  CHECK(rotation, 0.31, attitude, 0.31, 1e-9);
  CHECK(torque, 61.0, effort, 3721, 1e-6);
  CHECK(knee_stance, 0.02, knee_extension, 0.06 * 0.23 / 0.72, 6e-4);
  CHECK(lateral, 0.17, lateral, 0.17, 1e-3);
  CHECK(force_bw, 2.93, peak_force, 0.33, 1e-9);
  CHECK(contact, 0.275, contact_time, 0.015, 5e-4);
  CHECK(contact, 0.195, contact_time, 0.015, 5e-4);
  CHECK(amplitude, 0.06, oscillation, 0.01, 1e-4);
  CHECK(amplitude, 0.03, oscillation, 0.01, 1e-4);
  CHECK(hip, 1.0, swing_hip, 1.0 - 50 * M_PI / 180, 1e-9);
  CHECK(knee, 2.1, swing_knee, 2.1 - 110 * M_PI / 180, 1e-9);
  CHECK(knee_stance, 0.96, stance_knee, 0.96 - 48 * M_PI / 180, 1e-9);
  CHECK(heel_speed, 1.7, foot_speed, 1.2, 1e-9);
  CHECK(trunk_rate, 0.8, trunk_rate, 0.8 * sqrt(3), 1e-9);
  CHECK(spin, 1.3, turning, 1.3, 1e-3);
  CHECK(power, 823, cost_of_transport, 823 / (71 * 3.3), 1e-9);
}

static void test_terms_that_come_together(void **unused) {
  (void)unused;
  double y[KC_N_COST];
  pattern p = WANTED;
  p.step_time = 0.29, p.contact = 0.235; // 3.448 steps a second, 0.055 s of flight
  (void)run_pattern(&p, KC_COMPLETED, y);
  assert_near(y[KC_COST_step_rate], 1 / 0.29 - 3, 5e-3);
  assert_near(y[KC_COST_flight], 0.015, 1e-3);
  p.contact = 0.33; // walks
  (void)run_pattern(&p, KC_COMPLETED, y);
  assert_near(y[KC_COST_flight], 0.07, 1e-9);
  p = WANTED;
  p.torque_rate = 500;
  (void)run_pattern(&p, KC_COMPLETED, y);
  assert_near(y[KC_COST_torque_rate], 500, 1);
  p = WANTED;
  p.grade = 0.08; // a climb is no oscillation
  assert_near(run_pattern(&p, KC_COMPLETED, y), 0, 1e-9);
}

/// On a bend the same motion along the course costs the same.
static void test_a_bend_costs_as_straight(void **unused) {
  (void)unused;
  pattern p = WANTED;
  p.speed = 2.8, p.lateral = 0.21, p.tilt = -0.37, p.list = 0.2, p.rotation = -0.3;
  p.heel_speed = 1.9, p.trunk_rate = 0.7;
  double straight[KC_N_COST], bent[KC_N_COST];
  double sum = run_pattern(&p, KC_COMPLETED, straight);
  p.bend = -6.3;
  assert_near(run_pattern(&p, KC_COMPLETED, bent), sum, 1e-8 * sum);
  for (int i = 0; i < KC_N_COST; i++)
    assert_near(bent[i], straight[i], 1e-9 * (1 + fabs(straight[i])));
  assert_true(straight[KC_COST_lateral] > 0.2 && straight[KC_COST_foot_speed] > 1);
}

static void test_short_runs_pay_for_what_is_missing(void **unused) {
  (void)unused;
  double y[KC_N_COST];
  pattern p = WANTED;
  p.end = 5.5;
  assert_near(run_pattern(&p, KC_FELL, y), 250, 1e-9);
  p.end = 4.1;
  assert_near(run_pattern(&p, KC_FELL, y), 390 + 60, 1e-9);
  p.end = 0.7; // too short for a speed
  assert_near(run_pattern(&p, KC_FELL, y), 730 + 60 + 60, 1e-9);
  double longer = run_pattern(&WANTED, KC_COMPLETED, y);
  p.hip = 2.4, p.lateral = 1, p.end = 4.0; // style does not count before there is a run
  assert_true(run_pattern(&p, KC_FELL, y) > longer);
  assert_true(y[KC_COST_lateral] == 0 && y[KC_COST_swing_hip] == 0);
}

static void test_stays_finite_for_a_diverged_run(void **unused) {
  (void)unused;
  double y[KC_N_COST];
  pattern p = WANTED;
  p.tilt = NAN, p.torque = INFINITY, p.force_bw = NAN, p.speed = NAN;
  double sum = run_pattern(&p, KC_DIVERGED, y);
  assert_true(isfinite(sum) && sum > 60);
}

static void test_an_accumulator_serves_again(void **unused) {
  (void)unused;
  kc_cost_weights weights = kc_cost_default_weights();
  kc_model model = fake_model(joint, sphere);
  kc_scenario scenario = {.body = &model, .internal = &model};
  scenario.task.speed = 3.3, scenario.task.duration = 8;
  kc_cost *cost = kc_cost_create();
  double q[N_JOINT], v[N_JOINT], torque[N_JOINT], first[KC_N_COST], second[KC_N_COST];
  kc_sample s;
  pattern p = WANTED;
  p.lateral = 0.4, p.hip = 1.3, p.speed = 2.7;
  for (int turn = 0; turn < 2; turn++) {
    assert_int_equal(kc_cost_begin(cost, &scenario, &weights), KC_OK);
    for (int i = 0; i <= 8000; i++) {
      make_tick(&p, &model, i * 1e-3, &s, q, v, torque);
      kc_cost_add_tick(cost, &s);
    }
    kc_outcome outcome = {.kind = KC_COMPLETED, .time = 8};
    (void)kc_cost_compute(cost, &outcome, turn ? second : first);
  }
  assert_memory_equal(first, second, sizeof first);
  kc_cost_destroy(cost);
}

/// r <- rotation about a by angle of r (Rodrigues), the other way round than the module's matrices.
static void spin(const double *a, double angle, double *r) {
  double c = cos(angle), s = sin(angle), dot = a[0] * r[0] + a[1] * r[1] + a[2] * r[2];
  const double x[3] = {a[1] * r[2] - a[2] * r[1], a[2] * r[0] - a[0] * r[2],
                       a[0] * r[1] - a[1] * r[0]};
  for (int i = 0; i < 3; i++)
    r[i] = c * r[i] + s * x[i] + (1 - c) * dot * a[i];
}

/// Forward position of a sphere, from the leaf to the root.
static double find_position(const kc_model *model, int index, const double *q) {
  double r[3];
  memcpy(r, model->sphere[index].position, sizeof r);
  for (int i = model->sphere[index].link; i >= 0; i = model->joint[i].parent) {
    const kc_joint *j = &model->joint[i];
    if (j->type == KC_REVOLUTE)
      spin(j->axis, q[i], r);
    for (int k = 0; k < 3; k++)
      r[k] += j->offset[k] + (j->type == KC_PRISMATIC ? j->axis[k] * q[i] : 0);
  }
  return r[0];
}

/// A rigid link: velocities are rates of positions, and differ between its points by w x r.
static void test_a_point_moves_with_its_link(void **unused) {
  (void)unused;
  kc_model model = fake_model(joint, sphere);
  const double q[N_JOINT] = {2.385, 0.913, -0.07, -0.21, 0.113, 0.74, 0.57, 0.38, -0.4, 1.21};
  const double v[N_JOINT] = {3.31, -0.77, 0.19, 1.37, -0.83, 2.03, -4.91, 3.77, 5.03, -6.1};
  const double at[2][3] = {{0.31, -0.17, 0.07}, {-0.12, 0.43, -0.29}};
  double h = 1e-5, ahead[N_JOINT], behind[N_JOINT];
  for (int i = 0; i < N_JOINT; i++)
    ahead[i] = q[i] + h * v[i], behind[i] = q[i] - h * v[i];
  kc_study_motion m[2];
  for (int k = 0; k < 2; k++) {
    m[k] = kc_study_compute_motion(&model, KNEE_R, at[k], q, v);
    kc_study_motion a = kc_study_compute_motion(&model, KNEE_R, at[k], ahead, v);
    kc_study_motion b = kc_study_compute_motion(&model, KNEE_R, at[k], behind, v);
    for (int i = 0; i < 3; i++)
      assert_near(m[k].velocity[i], (a.position[i] - b.position[i]) / (2 * h), 1e-8);
  }
  const double *w = m[0].rate;
  for (int i = 0; i < 3; i++) {
    int j = (i + 1) % 3, k = (i + 2) % 3;
    double cross =
        w[j] * (m[1].position[k] - m[0].position[k]) - w[k] * (m[1].position[j] - m[0].position[j]);
    assert_near(m[1].velocity[i] - m[0].velocity[i], cross, 1e-12);
  }
}

enum { BACK = N_JOINT };

/// The biped with a back that carries the head: L5/S1 above the pelvis.
static kc_model model_with_head(kc_joint *joints, kc_sphere *spheres) {
  kc_model model = fake_model(joints, spheres);
  joints[BACK] = joints[HIP_R];
  (void)snprintf(joints[BACK].name, sizeof joints[BACK].name, "lumbar_extension");
  (void)snprintf(joints[BACK].link_name, sizeof joints[BACK].link_name, "head");
  for (int i = HIP_R; i < N_JOINT; i++)
    (void)snprintf(joints[i].link_name, sizeof joints[i].link_name, "link_%d", i);
  memcpy(joints[BACK].offset, (double[3]){-0.1, 0.12, 0.03}, sizeof joints[BACK].offset);
  memcpy(joints[BACK].com, (double[3]){0.02, 0.6, 0}, sizeof joints[BACK].com);
  model.n_joint = N_JOINT + 1;
  return model;
}

/// Head and pelvis rise and fall, sway and turn by sines; joints bear loads while a foot is down.
static void test_steadiness_and_loads_follow_their_sines(void **unused) {
  (void)unused;
  kc_joint joints[N_JOINT + 1];
  kc_model model = model_with_head(joints, sphere);
  kc_scenario scenario = {.body = &model, .internal = &model};
  scenario.task.speed = 3.3, scenario.task.duration = 8, scenario.task.ground.grade = 0.05;
  kc_cost_weights weights = {.cap = {0}};
  for (int i = 0; i < KC_N_COST; i++)
    weights.cap[i] = 50;
  assert_false(kc_cost_needs_loads(&weights));
  weights.weight[KC_COST_head_vertical] = 2, weights.weight[KC_COST_pelvis_rate] = 3;
  weights.weight[KC_COST_hip_load] = 0.5;
  assert_true(kc_cost_needs_loads(&weights));
  kc_cost *cost = kc_cost_create();
  assert_int_equal(kc_cost_begin(cost, &scenario, &weights), KC_OK);
  double q[N_JOINT + 1], v[N_JOINT + 1], torque[N_JOINT + 1], force[KC_N_LOAD_JOINT][3];
  double newton = model.mass * 9.80665;
  for (int i = 0; i <= 8000; i++) {
    kc_sample s;
    double t = i * 1e-3, wave = sin(2 * M_PI * t / 0.4) * sqrt(2);
    make_tick(&WANTED, &model, t, &s, q, v, torque);
    q[BACK] = v[BACK] = torque[BACK] = 0;
    q[TX] = 3.3 * t, q[TY] = 0.031 * wave + 0.05 * q[TX], q[TZ] = 0.017 * wave + 0.4 * t;
    s.com[2] = 0.4 * t; // drifts, which is no sway
    v[TILT] = 0.9 * wave, v[BACK] = 1.3 * wave;
    memset(force, 0, sizeof force);
    int down = s.foot_force[0][1] > 0;
    force[down ? KC_LOAD_hip_r : KC_LOAD_hip_l][0] = (down ? 3.1 : 4.7) * newton;
    force[down ? KC_LOAD_tibiofemoral_r : KC_LOAD_tibiofemoral_l][1] = -(down ? 5.0 : 6.2) * newton;
    force[KC_LOAD_l5_s1][2] = 2.9 * newton * (0.5 + 0.5 * wave / sqrt(2));
    s.joint_force = &force[0][0];
    kc_cost_add_tick(cost, &s);
  }
  double y[KC_N_COST];
  kc_outcome outcome = {.kind = KC_COMPLETED, .time = 8};
  double sum = kc_cost_compute(cost, &outcome, y);
  assert_near(y[KC_COST_head_vertical], 0.031, 1e-4);
  assert_near(y[KC_COST_pelvis_vertical], 0.031, 1e-4);
  assert_near(y[KC_COST_head_lateral], 0.017, 1e-4);
  assert_near(y[KC_COST_pelvis_lateral], 0.017, 1e-4);
  assert_near(y[KC_COST_pelvis_rate], 0.9, 1e-3);
  assert_near(y[KC_COST_head_rate], 2.2, 2e-3);
  assert_near(y[KC_COST_hip_load], 3.9, 1e-9);
  assert_near(y[KC_COST_knee_load], 5.6, 1e-9);
  assert_near(y[KC_COST_ankle_load], 0, 0); // the model has none
  assert_true(y[KC_COST_back_load] > 2 && y[KC_COST_back_load] <= 2.9);
  assert_near(sum, 2 * y[KC_COST_head_vertical] + 3 * y[KC_COST_pelvis_rate] + 0.5 * 3.9, 1e-9);
  kc_cost_destroy(cost);
}

/// A cap of the caller's holds instead of the table's.
static void test_weights_of_the_caller(void **unused) {
  (void)unused;
  kc_model model = fake_model(joint, sphere);
  kc_scenario scenario = {.body = &model, .internal = &model};
  scenario.task.speed = 3.3, scenario.task.duration = 8;
  kc_cost_weights weights = {.cap = {0}};
  weights.weight[KC_COST_missing_time] = 7, weights.cap[KC_COST_missing_time] = 3.5;
  kc_cost *cost = kc_cost_create();
  assert_int_equal(kc_cost_begin(cost, &scenario, &weights), KC_OK);
  kc_outcome outcome = {.kind = KC_FELL, .time = 6.1};
  assert_near(kc_cost_compute(cost, &outcome, NULL), 7 * 1.9, 1e-12);
  outcome.time = 2;
  assert_near(kc_cost_compute(cost, &outcome, NULL), 7 * 3.5, 1e-12);
  kc_cost_destroy(cost);
}

static void test_heel_speed_is_the_rate_of_its_position(void **unused) {
  (void)unused;
  kc_model model = fake_model(joint, sphere);
  assert_int_equal(kc_study_find_heel(&model, KC_RIGHT), 1);
  assert_int_equal(kc_study_find_heel(&model, KC_LEFT), 2);
  const double q[N_JOINT] = {2.385, 0.913, -0.07, -0.21, 0.113, 0.74, 0.57, 0.38, -0.4, 1.21};
  const double v[N_JOINT] = {3.31, -0.77, 0.19, 1.37, -0.83, 2.03, -4.91, 3.77, 5.03, -6.1};
  for (int index = 0; index < 3; index++) {
    double h = 1e-5, ahead[N_JOINT], behind[N_JOINT];
    for (int i = 0; i < N_JOINT; i++)
      ahead[i] = q[i] + h * v[i], behind[i] = q[i] - h * v[i];
    double expected =
        (find_position(&model, index, ahead) - find_position(&model, index, behind)) / (2 * h);
    assert_near(kc_study_compute_sphere_speed(&model, index, q, v), expected, 1e-8);
  }
  assert_true(kc_study_compute_sphere_speed(&model, -1, q, v) == 0);
  model.n_sphere = 0;
  assert_int_equal(kc_study_find_heel(&model, KC_LEFT), -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_costs_nothing_where_all_is_as_wanted),
      cmocka_unit_test(test_speed_counts_whole_and_late),
      cmocka_unit_test(test_each_term_follows_its_quantity),
      cmocka_unit_test(test_terms_that_come_together),
      cmocka_unit_test(test_a_bend_costs_as_straight),
      cmocka_unit_test(test_short_runs_pay_for_what_is_missing),
      cmocka_unit_test(test_stays_finite_for_a_diverged_run),
      cmocka_unit_test(test_an_accumulator_serves_again),
      cmocka_unit_test(test_a_point_moves_with_its_link),
      cmocka_unit_test(test_steadiness_and_loads_follow_their_sines),
      cmocka_unit_test(test_weights_of_the_caller),
      cmocka_unit_test(test_heel_speed_is_the_rate_of_its_position),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
