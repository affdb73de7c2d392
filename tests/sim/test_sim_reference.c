/// @file
/// Level running at the default step against the adaptive reference, the same commands replayed.
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
// what a figure may be off by at the default step; a peak is read at control ticks
static const double allowed = 0.01, allowed_peak = 0.02;

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

// figures of the first step of a piece
static void run_piece(kc_scenario *s, const rig_log *log, const piece *p, double step,
                      kc_integrator integrator, double *figure) {
  const double *start = log->state + 3 * p->first * log->n;
  s->task.duration = (p->last - p->first) * s->task.control_interval;
  s->task.step = step, s->task.integrator = integrator;
  kc_error error = kc_error_default();
  kc_recording *recording;
  assert_int_equal(kc_record_create(s->body, 1000, 1000, &recording, &error), KC_OK);
  kc_run run = {.scenario = s, .sample = kc_record_sample, .tick = kc_record_tick};
  run.user = recording, run.start_q = start, run.start_v = start + log->n;
  run.start_actuator = start + 2 * log->n;
  run.replay = log->command + p->first * log->n, run.n_replay = log->n_tick - p->first;
  kc_run *list[] = {&run};
  rig_run_all(1, list, 1);
  assert_int_equal(run.outcome.kind, KC_COMPLETED);
  kc_gait_analysis *analysis;
  assert_int_equal(kc_gait_analyse(recording, 0, &analysis, &error), KC_OK);
  assert_true(analysis->n_step >= 2);
  const kc_gait_step_values *v = &analysis->step[0].value;
  figure[0] = v->contact_time, figure[1] = v->step_time, figure[2] = v->peak_force_bw;
  figure[3] = v->com_oscillation, figure[4] = v->step_length / v->step_time;
  kc_gait_destroy(analysis);
  kc_record_destroy(recording);
}

typedef struct {
  kc_scenario *scenario;
  rig_log log;
  piece pieces[N_PIECE];
  double step, exact[N_PIECE][N_FIGURE];
} fixture;

static int open_fixture(void **state) {
  static fixture f;
  gsl_set_error_handler_off();
  f.scenario = rig_scenario(RIG_LEVEL "duration: 2 s\n");
  f.step = f.scenario->task.step;
  (void)rig_run(f.scenario, &f.log, NULL, NULL);
  find_pieces(&f.log, f.pieces);
  for (int i = 0; i < N_PIECE; i++)
    run_piece(f.scenario, &f.log, &f.pieces[i], f.step, KC_STEP_ADAPTIVE, f.exact[i]);
  *state = &f;
  return 0;
}

static int close_fixture(void **state) {
  fixture *f = *state;
  rig_log_free(&f->log);
  kc_scenario_destroy(f->scenario);
  return 0;
}

// errors of the means over all pieces
static void find_errors(fixture *f, double step, double *error) {
  double sum[N_FIGURE] = {0}, exact[N_FIGURE] = {0};
  for (int i = 0; i < N_PIECE; i++) {
    double figure[N_FIGURE];
    run_piece(f->scenario, &f->log, &f->pieces[i], step, KC_STEP_LEAPFROG, figure);
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
  run_piece(f->scenario, &f->log, &f->pieces[0], f->step / 20, KC_STEP_RK4, figure);
  for (int k = 0; k < N_FIGURE; k++) {
    print_message("RK4: %s %.7f, reference %.7f\n", figure_name[k], figure[k], f->exact[0][k]);
    assert_near(figure[k] / f->exact[0][k], 1, 5e-4);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_level),
      cmocka_unit_test(test_rk4_agrees_with_the_reference),
  };
  return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
