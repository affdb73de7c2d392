/// @file
/// Sweep files: designs by what defines them, the same numbers as --set would give, every refusal
/// with its message.
#include "base/units.h"
#include "near.h"
#include "study/design.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BASE "base: " KC_TEST_SOURCE_DIR "/scenarios/level.yaml\n"

static kc_status read_text(const char *text, kc_sweep **sweep, kc_error *error) {
  return kc_sweep_read_text(text, strlen(text), "x.yaml", NULL, 0, sweep, error);
}

/// Reads what must be right.
static kc_sweep *read_good(const char *text) {
  kc_sweep *sweep;
  kc_error error = kc_error_default();
  kc_status status = read_text(text, &sweep, &error);
  if (status != KC_OK)
    fail_msg("%s: %s", error.n_finding ? error.finding[0].place : "?",
             error.n_finding ? error.finding[0].text : "refused without a word");
  assert_int_equal(error.n_finding, 0);
  kc_error_destroy(&error);
  return sweep;
}

/// Makes what must be possible.
static kc_scenario *make_good(const kc_sweep *sweep, int index) {
  kc_scenario *scenario;
  kc_error error = kc_error_default();
  if (kc_sweep_make_scenario(sweep, index, &scenario, &error) != KC_OK)
    fail_msg("run %d: %s: %s", index, error.finding[0].place, error.finding[0].text);
  kc_error_destroy(&error);
  return scenario;
}

static void test_grid_counts_its_last_factor_first(void **unused) {
  (void)unused;
  kc_sweep *s = read_good("name: slope\n" BASE "set: {duration: 4.25 s, muscles/strength: 1.5}\n"
                          "factors:\n"
                          "  course/grade: {from: -8 %, to: 7 %, points: 4}\n"
                          "  speed: {list: [2.8 m/s, 3.35 m/s, 3.7 m/s]}\n"
                          "design: {kind: grid}\n"
                          "keep: {strides: true}\n");
  assert_string_equal(s->name, "slope");
  assert_int_equal(s->n_run, 12);
  assert_int_equal(s->n_replicate, 1);
  assert_true(s->keep_strides == 1 && s->keep_series == 0);
  assert_string_equal(s->factor[0].column, "course.grade");
  assert_string_equal(s->factor[0].unit, "%");
  static const double grade[] = {-8, -3, 2, 7}, speed[] = {2.8, 3.35, 3.7};
  for (int i = 0; i < 12; i++) {
    double value[2];
    int point, replicate;
    kc_sweep_eval(s, i, value, &point, &replicate);
    assert_true(value[0] == grade[i / 3] && value[1] == speed[i % 3]);
    assert_true(point == i && replicate == 0);
  }
  kc_scenario *run = make_good(s, 4);
  assert_near(run->task.ground.grade, -0.03, 1e-17);
  assert_true(run->task.speed == 3.35 && run->task.duration == 4.25);
  assert_non_null(strstr(run->text, "# --set duration=4.25 s\n"));
  assert_non_null(strstr(run->text, "# --set course/grade=-3 %\n"));
  kc_scenario_destroy(run);
  kc_sweep_destroy(s);
}

/// The compiled bodies, byte by byte where they are plain numbers.
static void compare_scenarios(const kc_scenario *a, const kc_scenario *b) {
  assert_memory_equal(&a->task, &b->task, sizeof a->task);
  assert_memory_equal(a->params, b->params, sizeof *a->params);
  assert_int_equal(a->body->n_joint, b->body->n_joint);
  assert_memory_equal(a->body->joint, b->body->joint,
                      (size_t)a->body->n_joint * sizeof *a->body->joint);
  assert_memory_equal(a->internal->joint, b->internal->joint,
                      (size_t)a->body->n_joint * sizeof *a->body->joint);
  assert_int_equal(a->body->n_muscle, b->body->n_muscle);
  assert_true(a->body->mass == b->body->mass);
}

static void test_same_scenario_as_by_set(void **unused) {
  (void)unused;
  kc_sweep *s =
      read_good("base: " KC_TEST_SOURCE_DIR "/scenarios/level_muscle.yaml\n"
                "set: {controller/parameters: running.yaml, condition/leg_length/shank: -7.5 mm}\n"
                "factors:\n"
                "  runner/mass: {list: [61.7 kg, 83 kg]}\n"
                "  condition/weak/strength: {list: [63 %]}\n"
                "  condition/weak/side: {list: [left, right]}\n"
                "  joint/knee_angle_r/damping: {list: [0.37 Nms/rad]}\n"
                "design: {kind: grid}\n");
  static const kc_setting setting[] = {{"controller/parameters", "running.yaml"},
                                       {"condition/leg_length/shank", "-7.5 mm"},
                                       {"runner/mass", "61.7 kg"},
                                       {"condition/weak/strength", "63 %"},
                                       {"condition/weak/side", "right"},
                                       {"joint/knee_angle_r/damping", "0.37 Nms/rad"}};
  kc_scenario *other, *run = make_good(s, 1);
  kc_error error = kc_error_default();
  assert_int_equal(kc_scenario_read(KC_TEST_SOURCE_DIR "/scenarios/level_muscle.yaml", setting, 6,
                                    &other, &error),
                   KC_OK);
  compare_scenarios(run, other);
  kc_scenario_destroy(run);
  run = make_good(s, 3); // another mass: the comparison can fail
  assert_true(run->body->mass != other->body->mass);
  kc_scenario_destroy(run);
  kc_scenario_destroy(other);
  kc_sweep_destroy(s);
}

static void test_one_at_a_time_leaves_the_others_as_they_are(void **unused) {
  (void)unused;
  kc_sweep *s = read_good(BASE "factors:\n"
                               "  condition/hip_misalignment/rotation: {list: [-4 deg, 5.5 deg]}\n"
                               "  speed: {list: [2.9 m/s, 3.1 m/s, 3.9 m/s]}\n"
                               "  controller/mode: {list: [informed]}\n"
                               "  course/grade: {list: [2.5 deg]}\n"
                               "design: {kind: one_at_a_time}\n");
  static const double expected[8][4] = {{0, 3.3, -1, 0}, {-4, 3.3, -1, 0}, {5.5, 3.3, -1, 0},
                                        {0, 2.9, -1, 0}, {0, 3.1, -1, 0},  {0, 3.9, -1, 0},
                                        {0, 3.3, 0, 0},  {0, 3.3, -1, 2.5}};
  assert_int_equal(s->n_run, 8);
  for (int i = 0; i < 8; i++) {
    double value[4];
    kc_sweep_eval(s, i, value, NULL, NULL);
    assert_memory_equal(value, expected[i], sizeof value);
  }
  char text[80];
  kc_sweep_write_value(&s->factor[2], -1, text, sizeof text);
  assert_string_equal(text, "naive");
  kc_scenario *run = make_good(s, 0);
  assert_null(strstr(run->text, "--set")); // the base itself
  kc_scenario_destroy(run);
  run = make_good(s, 6);
  assert_true(run->task.mode == KC_MODE_INFORMED && run->task.speed == 3.3);
  kc_scenario_destroy(run);
  kc_sweep_destroy(s);
}

/// Every slice of every factor once; both halves of a Sobol design alike.
static void test_space_filling(void **unused) {
  (void)unused;
  static const char *const kind[] = {"latin_hypercube", "sobol"};
  for (int k = 0; k < 2; k++) {
    char text[500];
    (void)snprintf(text, sizeof text,
                   BASE "factors:\n"
                        "  speed: {from: 2.5 m/s, to: 4.1 m/s}\n"
                        "  course/grade: {from: -6 %%, to: 10 %%}\n"
                        "  surface/stiffness: {from: 0.5, to: 2.1}\n"
                        "design: {kind: %s, points: 64, seed: 17}\n",
                   kind[k]);
    kc_sweep *s = read_good(text);
    assert_int_equal(s->n_run, 64);
    int met[3][64] = {{0}};
    for (int i = 0; i < 64; i++) {
      double value[3];
      kc_sweep_eval(s, i, value, NULL, NULL);
      met[0][(int)floor((value[0] - 2.5) / 1.6 * 64)]++;
      met[1][(int)floor((value[1] + 6) / 16 * 64)]++;
      met[2][(int)floor((value[2] - 0.5) / 1.6 * 64)]++;
    }
    for (int j = 0; j < 3 * 64; j++)
      assert_int_equal(met[j / 64][j % 64], 1); // a net in base 2 as well
    kc_sweep_destroy(s);
  }
}

static void test_random_points_keep_their_numbers(void **unused) {
  (void)unused;
  const char *few = BASE "factors: {speed: {from: 2.5 m/s, to: 4.1 m/s}}\n"
                         "design: {kind: random, points: 5, seed: 3}\n",
             *many = BASE "factors: {speed: {from: 2.5 m/s, to: 4.1 m/s}}\n"
                          "design: {kind: random, points: 50, seed: 3}\n",
             *other = BASE "factors: {speed: {from: 2.5 m/s, to: 4.1 m/s}}\n"
                           "design: {kind: random, points: 50, seed: 4}\n";
  kc_sweep *a = read_good(few), *b = read_good(many), *c = read_good(other);
  for (int i = 0; i < 5; i++) {
    double x, y, z;
    kc_sweep_eval(a, i, &x, NULL, NULL);
    kc_sweep_eval(b, i, &y, NULL, NULL);
    kc_sweep_eval(c, i, &z, NULL, NULL);
    assert_true(x == y && x != z);
  }
  assert_true(a->hash != b->hash && b->hash != c->hash);
  assert_true(a->base_hash == b->base_hash && a->design_hash != b->design_hash);
  kc_sweep_destroy(a);
  kc_sweep_destroy(b);
  kc_sweep_destroy(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_grid_counts_its_last_factor_first),
      cmocka_unit_test(test_same_scenario_as_by_set),
      cmocka_unit_test(test_one_at_a_time_leaves_the_others_as_they_are),
      cmocka_unit_test(test_space_filling),
      cmocka_unit_test(test_random_points_keep_their_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
