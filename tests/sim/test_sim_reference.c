/// @file
/// Level running at the default step against the adaptive reference, the same commands replayed,
/// on motors and on muscles.
///
/// Running is unstable without its controller: commands replayed from the start of a run carry any
/// difference, that of two steps as that of two tolerances, through a growth of some 1e2 in 0.4 s.
/// So each step of the first two strides is a piece of its own: it starts in the flight before its
/// foot strike, from the state of the recorded run, and ends after the next foot strike. Figures
/// are means over the four steps.
#include "gait/metrics.h"
#include "sim/reference.h"
#include "sim_rig.h"
#include <gsl/gsl_errno.h>

enum { N_PIECE = 4, N_FIGURE = 5, N_STEP_SIZE = 3, PEAK = 2 };

static const char *const figure_name[N_FIGURE] = {"contact time", "step time", "peak force",
                                                  "oscillation", "speed"};
// what a figure may be off by at the default step
static const double allowed = 0.01, allowed_peak = 0.01;

typedef struct {
  int first, last; ///< ticks
} piece;

static double load(const rig_log *log, int tick) {
  return log->tick[tick].foot_force[KC_RIGHT][1] + log->tick[tick].foot_force[KC_LEFT][1];
}

// pieces between the middles of flights; each goes on for 30 ms after the next foot strike
static void find_pieces(const rig_log *log, piece *pieces) {
  int n = 0, up = 0, middle = 0;
  for (int i = 1; i < log->n_tick && n <= N_PIECE; i++) {
    int was_down = load(log, i - 1) > 5, is_down = load(log, i) > 5;
    if (was_down && !is_down)
      up = i;
    if (was_down || !is_down)
      continue;
    if (i - up < 10 && up) // a touch within one contact
      continue;
    if (n > 0)
      pieces[n - 1].last = i + 15;
    middle = (up + i) / 2;
    if (n < N_PIECE)
      pieces[n].first = middle;
    n++;
  }
  assert_int_equal(n, N_PIECE + 1);
}

typedef struct {
  kc_scenario *scenario;
  rig_log log; // with a sample at each tick
  int n, n_muscle, muscle_steps;
  double *row; // (n_tick x (n + n_muscle)) commands, excitations
  piece pieces[N_PIECE];
  double step, exact[N_PIECE][N_FIGURE];
} fixture;

// largest vertical force of a contact, BW, from samples at half a millisecond or each step: ticks
// may miss the top of a landing
static double find_peak(const kc_recording *r, const kc_gait_step *step, double weight) {
  double peak = 0;
  for (int i = 0; i < r->n_sample; i++)
    if (r->time[i] >= step->value.strike_time &&
        r->time[i] <= step->value.strike_time + step->value.contact_time)
      peak = fmax(peak, kc_record_get(r, KC_CHANNEL_foot_force, i, 3 * (int)step->side + 1));
  return peak / weight;
}

// figures of the first step of a piece
static void run_piece(fixture *f, const piece *p, double step, kc_integrator integrator,
                      double *figure) {
  kc_scenario *s = f->scenario;
  const kc_sample *start = &f->log.sample[p->first];
  s->task.duration = (p->last - p->first) * s->task.control_interval;
  s->task.step = step, s->task.integrator = integrator;
  s->task.record_interval = fmax(step, 0.5e-3);
  s->task.muscle_steps = integrator == KC_STEP_LEAPFROG ? f->muscle_steps : 1;
  kc_error error = kc_error_default();
  kc_recording *recording;
  assert_int_equal(kc_record_create(s->body, 1000, 1000, &recording, &error), KC_OK);
  kc_run run = {.scenario = s, .sample = kc_record_sample, .tick = kc_record_tick};
  double muscle[3 * KC_DEF_MAX_MUSCLE];
  const double *part[] = {start->muscle_activation, start->fibre_length, start->fibre_velocity};
  for (int i = 0; i < 3 * f->n_muscle; i++)
    muscle[i] = part[i / f->n_muscle][i % f->n_muscle];
  run.user = recording, run.start_q = start->q, run.start_v = start->v;
  run.replay = f->row + p->first * (f->n + f->n_muscle), run.n_replay = f->log.n_tick - p->first;
  // beside muscles the motors of the arms start with what they head for
  run.start_actuator = f->n_muscle ? run.replay : start->torque;
  run.start_muscle = f->n_muscle ? muscle : NULL;
  run.start_node = start->node_displacement;
  kc_run *list[] = {&run};
  rig_run_all(1, list, 1);
  assert_int_equal(run.outcome.kind, KC_COMPLETED);
  kc_gait_analysis *analysis;
  assert_int_equal(kc_gait_analyse(recording, 0, &analysis, &error), KC_OK);
  assert_true(analysis->n_step >= 2);
  const kc_gait_step_values *v = &analysis->step[0].value;
  figure[0] = v->contact_time, figure[1] = v->step_time,
  figure[2] = find_peak(recording, &analysis->step[0], 9.80665 * s->body->mass);
  figure[3] = v->com_oscillation, figure[4] = v->step_length / v->step_time;
  kc_gait_destroy(analysis);
  kc_record_destroy(recording);
}

static void make_rows(fixture *f) {
  size_t width = (size_t)(f->n + f->n_muscle);
  f->row = calloc((size_t)f->log.n_sample * width, sizeof *f->row);
  assert_non_null(f->row);
  for (int i = 0; i < f->log.n_sample; i++) {
    double *row = f->row + (size_t)i * width;
    memcpy(row, f->log.sample[i].torque_command, (size_t)f->n * sizeof *row);
    memcpy(row + f->n, f->log.sample[i].muscle_excitation, (size_t)f->n_muscle * sizeof *row);
  }
}

static int open_fixture(void **state, const char *text) {
  static fixture f;
  gsl_set_error_handler_off();
  f = (fixture){.scenario = rig_scenario("%s", text)};
  kc_task *task = &f.scenario->task;
  task->record_interval = task->control_interval;
  f.step = task->step, f.muscle_steps = task->muscle_steps, f.n = f.scenario->body->n_joint;
  f.n_muscle = task->actuation == KC_ACTUATION_MUSCLE ? f.scenario->body->n_muscle : 0;
  (void)rig_run(f.scenario, &f.log, NULL, NULL);
  make_rows(&f);
  find_pieces(&f.log, f.pieces);
  for (int i = 0; i < N_PIECE; i++)
    run_piece(&f, &f.pieces[i], f.step, KC_STEP_ADAPTIVE, f.exact[i]);
  *state = &f;
  return 0;
}

static int open_motors(void **state) { return open_fixture(state, RIG_LEVEL "duration: 2 s\n"); }

static int open_muscles(void **state) {
  return open_fixture(state, "name: level_muscle\nmodel: runner.yaml\nactuation: muscle\n"
                             "speed: 3.3 m/s\nduration: 2.1 s\n"
                             "numerics: {control_interval: 3 ms}\n"
                             "controller: {parameters: running_muscle.yaml}\n");
}

static int close_fixture(void **state) {
  fixture *f = *state;
  free(f->row);
  rig_log_free(&f->log);
  kc_scenario_destroy(f->scenario);
  return 0;
}

// errors of the means over all pieces
static void find_errors(fixture *f, double step, double *error) {
  double sum[N_FIGURE] = {0}, exact[N_FIGURE] = {0};
  for (int i = 0; i < N_PIECE; i++) {
    double figure[N_FIGURE];
    run_piece(f, &f->pieces[i], step, KC_STEP_LEAPFROG, figure);
    for (int k = 0; k < N_FIGURE; k++)
      sum[k] += figure[k], exact[k] += f->exact[i][k];
  }
  for (int k = 0; k < N_FIGURE; k++) {
    error[k] = sum[k] / exact[k] - 1;
    print_message("step %g ms: %s %+.3f %%\n", 1e3 * step, figure_name[k], 100 * error[k]);
  }
}

// at the default step, at half and a quarter of it; twice the default is printed beside them
static void test_level(void **state) {
  fixture *f = *state;
  double wide[N_FIGURE];
  find_errors(f, 2 * f->step, wide);
  for (int i = 0; i < N_STEP_SIZE; i++) {
    double error[N_FIGURE], step = f->step / (1 << i);
    find_errors(f, step, error);
    for (int k = 0; k < N_FIGURE; k++) {
      double most = k == PEAK ? allowed_peak : allowed;
      if (!(fabs(error[k]) <= most))
        fail_msg("step %g ms: %s is off by %+.3f %%, more than %.3g %%", 1e3 * step, figure_name[k],
                 100 * error[k], 100 * most);
    }
  }
}

// the reference is no road of its own kind: RK4 at a short step gives the same
static void test_rk4_agrees_with_the_reference(void **state) {
  fixture *f = *state;
  double figure[N_FIGURE];
  run_piece(f, &f->pieces[0], f->step / 20, KC_STEP_RK4, figure);
  for (int k = 0; k < N_FIGURE; k++) {
    print_message("RK4: %s %.7f, reference %.7f\n", figure_name[k], figure[k], f->exact[0][k]);
    assert_near(figure[k] / f->exact[0][k], 1, 5e-4);
  }
}

int main(void) {
  const struct CMUnitTest motors[] = {
      cmocka_unit_test(test_level),
      cmocka_unit_test(test_rk4_agrees_with_the_reference),
  };
  const struct CMUnitTest muscles[] = {cmocka_unit_test(test_level)};
  int failed = cmocka_run_group_tests(motors, open_motors, close_fixture);
  return failed + cmocka_run_group_tests(muscles, open_muscles, close_fixture);
}
