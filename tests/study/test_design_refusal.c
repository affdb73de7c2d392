/// @file
/// Sweep files that are refused: each with the place and what to do; runs that values make
/// impossible are told by themselves.
#include "sweep_text.h"

#define GRID "design: {kind: grid}\n"
#define DRAWN "design: {kind: random, points: 20}\n"
#define SPEED "factors: {speed: {from: 2.8 m/s, to: 3.8 m/s}}\n"
#define SPEEDS "factors: {speed: {list: [2.8 m/s, 3.8 m/s]}}\n"
#define SPREAD "runners: {number: 3, spreads: {runner/mass: {distribution: normal, mean: 70 kg, "

/// Text behind the base's line, where the finding stands, and a word of it.
static const struct {
  const char *text, *place, *wanted;
} refused[] = {
    // keys and kinds
    {SPEEDS, "design", "is missing"},
    {GRID, "factors", "is missing"},
    {"factors: {}\n" GRID, "factors", "is missing"},
    {SPEEDS "design: {kind: grind}\n", "kind", "grid or one_at_a_time"},
    {SPEEDS "design: {kind: grid, points: 7}\n", "points", "says nothing of 'grid'"},
    {SPEED "design: {kind: sobol}\n", "points", "'sobol' needs it"},
    {SPEED "design: {kind: morris, levels: 4}\n", "trajectories", "'morris' needs it"},
    {SPEED "design: {kind: morris, trajectories: 4, levels: 5}\n", "levels", "even"},
    {SPEED "design: {kind: sobol, points: 8, sample: random}\n", "sample", "says nothing"},
    {SPEED "design: {kind: random, points: 0}\n", "x.yaml:3", "allowed is 1"},
    {SPEED "design: {kind: random, points: 8, seed: -1}\n", "seed", "whole number"},
    {"design: {kind: list}\n", "file", "'list' needs it"},
    {"design: {kind: list, file: nowhere.csv}\n", "design/file", "neither beside"},
    {SPEEDS "design: {kind: list, file: nowhere.csv}\n", "factors", "says nothing of 'list'"},
    {"factor: {speed: {list: [3 m/s]}}\n" GRID, "factor", "did you mean 'factors'?"},
    {SPEEDS GRID "keep: {stride: true}\n", "stride", "did you mean 'strides'?"},
    // addresses
    {"factors: {course/gradee: {list: [1 %]}}\n" GRID, "x.yaml:2", "did you mean 'course/grade'?"},
    {"factors:\n  speed: {list: [3 m/s]}\n  speed: {list: [4 m/s]}\n" GRID, "speed",
     "stands twice, first in line 3"},
    {"factors: {model: {list: [runner.yaml]}}\n" GRID, "model", "only while"},
    {SPEEDS GRID "set: {speed: 3 m/s}\n", "speed", "set to '3 m/s'"},
    {SPEEDS GRID "set: {durtion: 3 s}\n", "x.yaml:4:16: durtion", "did you mean 'duration'?"},
    {SPEEDS GRID "set: {duration: 3 m}\n", "x.yaml:4", "wrong dimension"},
    {SPEEDS GRID "runners: {number: 2, spreads: {speed: {list: [3 m/s]}}}\n", "speed",
     "is a factor and"},
    // values
    {"factors: {speed: {list: []}}\n" GRID, "speed", "has no values"},
    {"factors: {speed: {}}\n" GRID, "speed", "has no values"},
    {"factors: {speed: {list: [3 m/s, 11 km/h]}}\n" GRID, "speed", "same unit"},
    {"factors: {speed: {list: [3, 4]}}\n" GRID, "x.yaml:2:26: speed", "has no unit"},
    {"factors: {speed: {list: [3 kg]}}\n" GRID, "speed", "wrong dimension"},
    {"factors: {speed: {list: [3 furlong]}}\n" GRID, "speed", "not a unit that is known"},
    {"factors: {speed: {list: [3 m/s, fast]}}\n" GRID, "speed", "'fast' is not a number"},
    {"factors: {speed: {list: [.nan]}}\n" GRID, "speed", "not a"},
    {"factors: {speed: {list: [1e999 m/s]}}\n" GRID, "speed", "too large"},
    {"factors: {controller/mode: {list: [naive, native]}}\n" GRID, "controller/mode",
     "naive or informed"},
    {"factors: {controller/mode: {list: [naive, naive]}}\n" GRID, "controller/mode", "twice"},
    {"factors: {controller/mode: {list: [naive, adapted]}}\n" GRID, "controller/mode",
     "a sweep does not tune"},
    {SPEEDS GRID "set: {controller/mode: adapted, controller/evaluations: 9}\n", "controller/mode",
     "a sweep does not tune"},
    {"factors: {condition/sling/name: {list: [lateral, laterall]}}\n" GRID, "condition/sling/name",
     "'laterall' is no sling"},
    {"factors: {course/grade: {list: [1 %, 2 %, 90 %, 3 %]}}\n" GRID, "x.yaml:2:43: course/grade",
     "is 90 %; allowed is -40 % to 40 %"},
    {"factors: {speed: {list: [7 m/s, 8 m/s, 3 m/s, 9 m/s, 10 m/s, 12 m/s]}}\n" GRID, "speed",
     "and 2 more values"},
    {"factors: {speed: {from: 3 m/s}}\n" DRAWN, "speed", "has no 'to'"},
    {"factors: {speed: {from: 4 m/s, to: 3 m/s}}\n" DRAWN, "speed", "must be less than 'to'"},
    {"factors: {speed: {from: 3 m/s, to: 3 m/s, points: 3}}\n" GRID, "speed", "must be less"},
    {"factors: {speed: {from: 3 m/s, to: 4 km/h}}\n" DRAWN, "speed", "same unit"},
    {"factors: {speed: {from: slow, to: 4 m/s}}\n" DRAWN, "speed", "'from: slow' is no number"},
    {"factors: {speed: {from: 3 m/s, to: 8 m/s}}\n" DRAWN, "speed", "ends at 8 m/s"},
    {"factors: {speed: {from: 3 m/s, to: 4 m/s, points: 1}}\n" GRID, "speed", "1 point"},
    {"factors: {speed: {list: [3 m/s], from: 3 m/s}}\n" GRID, "speed", "one or the other"},
    {SPEED GRID, "speed", "wants single ones"},
    {SPEEDS "design: {kind: morris, trajectories: 4}\n", "speed", "steps along a range"},
    {"factors: {speed: {distribution: normal, mean: 3 m/s, sd: 1 m/s}}\n"
     "design: {kind: morris, trajectories: 4}\n",
     "speed", "no ends"},
    {"factors: {speed: {distribution: normal, mean: 3 m/s}}\n" DRAWN, "speed", "has no 'sd'"},
    {"factors: {speed: {distribution: normal, mean: 3 m/s, sd: 0 m/s}}\n" DRAWN, "speed",
     "above 0"},
    {"factors: {speed: {distribution: normal, mean: 3 m/s, sd: 1 m/s, to: 4 m/s}}\n" DRAWN, "speed",
     "truncated_normal"},
    {"factors: {speed: {distribution: normal, mean: 3 m/s, sd: 3 m/s}}\n" DRAWN, "speed",
     "has no ends"},
    {"factors: {speed: {distribution: lognormal, median: 3 m/s}}\n" DRAWN, "speed",
     "has no 'spread'"},
    {"factors: {speed: {distribution: lognormal, median: -3 m/s, spread: 2}}\n" DRAWN, "speed",
     "above 0"},
    {"factors: {speed: {distribution: truncated_normal, mean: 3 m/s, sd: 1 mm/s, from: 1 m/s, "
     "to: 2 m/s}}\n" DRAWN,
     "speed", "same unit"},
    {"factors: {speed: {distribution: truncated_normal, mean: 3 m/s, sd: 0.01 m/s, from: 1 m/s, "
     "to: 2 m/s}}\n" DRAWN,
     "speed", "8 standard deviations"},
    {SPEED DRAWN SPREAD "sd: 90 kg}}}\n", "runner/mass", "draws"},
    {SPEED DRAWN SPREAD "sd: 3 mm}}}\n", "runner/mass", "same unit"},
    {SPEED DRAWN "runners: {number: 3, spreads: {}}\n", "runners", "names nothing"},
    {SPEED DRAWN "runners: {spreads: {}}\n", "number", "virtual runners"},
    // counts
    {"factors:\n"
     "  speed: {from: 2 m/s, to: 3 m/s, points: 4000}\n"
     "  course/grade: {from: 1 %, to: 3 %, points: 5000}\n" GRID,
     "design", "2e+07 runs; at most 10000000"},
    {SPEED "design: {kind: random, points: 10000000}\n" SPREAD "sd: 3 kg}}}\n", "design",
     "3e+07 runs"},
    {SPEED "design: {kind: sobol, points: 20000000}\n", "points", "allowed is"},
};

static void test_each_is_refused_with_its_place(void **unused) {
  (void)unused;
  int n_silent = 0;
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    char text[1000];
    (void)snprintf(text, sizeof text, BASE "%s", refused[i].text);
    kc_sweep *s;
    kc_error error = kc_error_default();
    kc_status status = read_sweep(text, &s, &error);
    kc_sweep_destroy(s);
    if (status != KC_ERR_INPUT || !is_told(&error, refused[i].place, refused[i].wanted)) {
      n_silent++;
      print_error("'%s': wanted '%s' at '%s', got: %s: %s\n", refused[i].text, refused[i].wanted,
                  refused[i].place, error.n_finding ? error.finding[0].place : "",
                  error.n_finding ? error.finding[0].text : "nothing");
    }
    kc_error_destroy(&error);
  }
  assert_int_equal(n_silent, 0);
}

/// More dimensions than the sequence has: what else to write is said, and works.
static void test_sobol_ends_at_40_dimensions(void **unused) {
  (void)unused;
  static const struct {
    int n;
    const char *design, *wanted;
  } one[] = {{40, "sobol, points: 4", NULL},
             {41, "sobol, points: 4", "'kind: latin_hypercube'"},
             {41, "latin_hypercube, points: 4", NULL},
             {20, "saltelli, points: 4", NULL},
             {21, "saltelli, points: 4", "'sample: latin_hypercube'"},
             {21, "saltelli, points: 4, sample: latin_hypercube", NULL}};
  for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
    static const char *const key[] = {"torque_limit", "k1",    "k3",   "stiffness",
                                      "rest",         "upper", "lower"},
                             *const unit[] = {"Nm", "Nm", "Nm", "Nm/rad", "deg", "deg", "deg"},
                             *const joint[] = {"knee_angle", "ankle_angle", "hip_flexion"};
    char text[8000];
    size_t used = (size_t)snprintf(text, sizeof text, BASE "factors:\n");
    for (int k = 0; k < one[i].n; k++)
      used += (size_t)snprintf(text + used, sizeof text - used,
                               "  joint/%s_%c/%s: {from: %s %s, to: %s %s}\n", joint[k / 14],
                               k / 7 % 2 ? 'l' : 'r', key[k % 7], k % 7 == 1 ? "-9" : "1",
                               unit[k % 7], k % 7 == 1 ? "-2" : "7", unit[k % 7]);
    (void)snprintf(text + used, sizeof text - used, "design: {kind: %s}\n", one[i].design);
    kc_sweep *s;
    kc_error error = kc_error_default();
    kc_status status = read_sweep(text, &s, &error);
    assert_int_equal(status, one[i].wanted ? KC_ERR_INPUT : KC_OK);
    assert_true(!one[i].wanted || is_told(&error, "design", one[i].wanted));
    kc_sweep_destroy(s);
    kc_error_destroy(&error);
  }
}

/// A wrong base, and several problems of one file at once.
static void test_tells_all_at_once(void **unused) {
  (void)unused;
  kc_sweep *s;
  kc_error error = kc_error_default();
  assert_int_equal(read_sweep("base: nowhere.yaml\n"
                              "factors: {speed: {from: 3 m/s}}\n"
                              "design: {kind: random}\n",
                              &s, &error),
                   KC_ERR_INPUT);
  assert_true(is_told(&error, "base", "neither beside") && is_told(&error, "speed", "'to'") &&
              is_told(&error, "points", "needs it"));
  kc_error_destroy(&error);
  error = kc_error_default();
  static const kc_setting setting[] = {{"speed", "3 m/s"}, {"sped", "4 m/s"}};
  const char *text = BASE SPEEDS GRID;
  assert_int_equal(kc_sweep_read_text(text, strlen(text), "x.yaml", setting, 2, &s, &error),
                   KC_ERR_INPUT);
  assert_true(is_told(&error, "speed", "for all runs"));
  assert_true(is_told(&error, "--set sped", "did you mean 'speed'?"));
  kc_error_destroy(&error);
  error = kc_error_default();
  assert_int_equal(kc_sweep_read("no_such_sweep.yaml", NULL, 0, &s, &error), KC_ERR_INPUT);
  assert_true(error.n_finding == 1);
  kc_error_destroy(&error);
}

/// What only compiling can tell: that run says why, its neighbours are made.
static void test_impossible_runs_say_why(void **unused) {
  (void)unused;
  kc_sweep *s = read_good(BASE "factors: {numerics/record_interval: {list: [5 ms, 5.3 ms, 6 ms]}}\n"
                               "design: {kind: grid}\n");
  kc_scenario *scenario;
  kc_error error = kc_error_default();
  kc_scenario_destroy(make_good(s, 0));
  assert_int_equal(kc_sweep_make_scenario(s, 1, &scenario, &error), KC_ERR_INPUT);
  assert_null(scenario);
  assert_true(is_told(&error, "record_interval", "not a whole number of steps"));
  kc_scenario_destroy(make_good(s, 2));
  kc_error_destroy(&error);
  kc_sweep_destroy(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_is_refused_with_its_place),
      cmocka_unit_test(test_sobol_ends_at_40_dimensions),
      cmocka_unit_test(test_tells_all_at_once),
      cmocka_unit_test(test_impossible_runs_say_why),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
