/// @file
/// Sweep files: designs by what defines them, the same numbers as --set would give, every refusal
/// with its message.
#include "base/file.h"
#include "base/hash.h"
#include "sweep_text.h"

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

/// A, B, and A with one column of B, row by row; A and B differ everywhere.
static void test_saltelli_rows(void **unused) {
  (void)unused;
  kc_sweep *s = read_good(BASE "factors:\n"
                               "  speed: {from: 2.5 m/s, to: 4.1 m/s}\n"
                               "  course/grade: {distribution: normal, mean: 1 %, sd: 2 %}\n"
                               "  surface/stiffness: {list: [0.5, 0.8, 1.7, 2.2]}\n"
                               "design: {kind: saltelli, points: 32, sample: latin_hypercube}\n");
  assert_int_equal(s->n_run, 32 * 5);
  int same = 0;
  for (int row = 0; row < 32; row++) {
    double v[5][3];
    for (int i = 0; i < 5; i++)
      kc_sweep_eval(s, 5 * row + i, v[i], NULL, NULL);
    for (int i = 0; i < 3; i++) {
      same += v[0][i] == v[1][i];
      for (int k = 0; k < 3; k++)
        assert_true(v[2 + i][k] == v[i == k][k]);
    }
  }
  assert_true(same < 20); // the list alone: a quarter of 32
  kc_sweep_destroy(s);
}

/// Every point with the same runners; a runner hangs on its number alone.
static void test_virtual_runners_are_paired(void **unused) {
  (void)unused;
#define RUNNERS(number)                                                                            \
  BASE "factors: {condition/hip_misalignment/rotation: {list: [-6 deg, 0 deg, 6 deg]}}\n"          \
       "design: {kind: grid}\n"                                                                    \
       "runners:\n"                                                                                \
       "  number: " number "\n"                                                                    \
       "  seed: 12\n"                                                                              \
       "  spreads:\n"                                                                              \
       "    runner/mass: {distribution: truncated_normal, mean: 70 kg, sd: 9 kg, from: 55 kg,"     \
       " to: 90 kg}\n"                                                                             \
       "    runner/sex: {list: [male, female]}\n"
  kc_sweep *s = read_good(RUNNERS("4")), *more = read_good(RUNNERS("9"));
  assert_true(s->n_run == 12 && s->n_point == 3 && s->n_replicate == 4);
  double number[2], other[2], angle, mass[4];
  for (int i = 0; i < 12; i++) {
    int point, replicate;
    kc_sweep_eval(s, i, &angle, &point, &replicate);
    assert_true(point == i / 4 && replicate == i % 4 && angle == -6 + 6 * point);
    kc_sweep_eval_runner(s, replicate, number);
    kc_sweep_eval_runner(more, replicate, other);
    assert_memory_equal(number, other, sizeof number);
    kc_scenario *run = make_good(s, i);
    assert_near(run->body->mass, number[0], 1e-12 * number[0]);
    assert_true(number[0] > 55 && number[0] < 90);
    if (i < 4)
      mass[i] = number[0];
    assert_true(number[0] == mass[replicate]);
    kc_scenario_destroy(run);
  }
  assert_true(mass[0] != mass[1] && mass[1] != mass[2]);
  assert_true(s->hash != more->hash);
  kc_sweep_destroy(s);
  kc_sweep_destroy(more);
}

static void write_file(const char *name, const char *text) {
  FILE *file = fopen(name, "w");
  assert_non_null(file);
  assert_true(fputs(text, file) >= 0);
  fclose(file);
}

static void test_list_from_a_table(void **unused) {
  (void)unused;
  char name[64], text[400];
  (void)snprintf(name, sizeof name, "test_design_%ld.csv", (long)getpid());
  (void)snprintf(text, sizeof text, BASE "design: {kind: list, file: %s}\n", name);
  write_file(name, "speed [m/s],course/grade [deg],surface/stiffness\n"
                   "3.1,2.5,0.7\n# a remark\n2.85,-1.5,1.9\n");
  kc_sweep *s = read_good(text);
  assert_true(s->n_run == 2 && s->n_factor == 3);
  assert_string_equal(s->factor[1].unit, "deg");
  assert_string_equal(s->factor[2].unit, "1");
  double value[3];
  kc_sweep_eval(s, 1, value, NULL, NULL);
  assert_true(value[0] == 2.85 && value[1] == -1.5 && value[2] == 1.9);
  kc_scenario *run = make_good(s, 1);
  assert_near(run->task.ground.grade, tan(-1.5 * 3.14159265358979 / 180), 1e-14);
  kc_scenario_destroy(run);
  unsigned long long hash = s->hash;
  kc_sweep_destroy(s);
  // other numbers, another sweep
  write_file(name,
             "speed [m/s],course/grade [deg],surface/stiffness\n3.1,2.5,0.7\n2.85,-1.5,1.8\n");
  s = read_good(text);
  assert_true(s->hash != hash);
  kc_sweep_destroy(s);
  static const struct {
    const char *table, *place, *wanted;
  } bad[] = {
      {"speed [m/s],course/grade [%]\n3,1\n3,nan\n", ":3: column 2", "no finite"},
      {"speed [m/s],course/grade [%]\n3,1\n3,\n", ":3: column 2", "no finite"},
      {"speed [m/s],course/grade [%]\n3,1\n3\n", ":3", "1 fields"},
      {"speed [m/s],course/grade [%]\n3,1\n3,90\n3,2\n", ":3:2: course/grade", "allowed is -40 %"},
      {"speed [m/s],course/grade [s]\n3,1\n", ":2:2: course/grade", "not a slope"},
      {"speed m/s\n3\n", ".csv", "not an address"},
      {"speed [m/s\n3\n", ".csv", "'ADDRESS [UNIT]'"},
      {"sped [m/s]\n3\n", "sped", "did you mean 'speed'?"},
      {"speed [m/s],speed [km/h]\n3,4\n", ".csv", "two columns"},
      {"seed\n1\n2.5\n", ":3:1: seed", "whole number"},
      {"speed [m/s]\n7\n8\n9\n6.5\n5\n11\n", ":2:1", "and 2 more values"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    kc_error error = kc_error_default();
    write_file(name, bad[i].table);
    assert_int_equal(read_sweep(text, &s, &error), KC_ERR_INPUT);
    int told = is_told(&error, bad[i].place, bad[i].wanted);
    if (!told && !(i == 10 && is_told(&error, "speed", bad[i].wanted)))
      fail_msg("'%s': %s: %s", bad[i].table, error.finding[0].place, error.finding[0].text);
    assert_null(s);
    kc_error_destroy(&error);
  }
  unlink(name);
}

/// The numbers of all runs of each kind, written down once: they are the same on every machine.
static void test_numbers_stay(void **unused) {
  (void)unused;
  static const struct {
    const char *design;
    unsigned long long hash;
  } known[] = {
      {"random, points: 33, seed: 7", 0x66be9835817583b4},
      {"latin_hypercube, points: 33, seed: 7", 0x4884c999eaf0e231},
      {"sobol, points: 33, seed: 7", 0x351fb9484139ff2f},
      {"saltelli, points: 8, seed: 7", 0x712da2d8a409eda1},
      {"random, points: 33, seed: 8", 0xdebd411264fec7c7},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    char text[700];
    (void)snprintf(text, sizeof text,
                   BASE "factors:\n"
                        "  speed: {from: 2.5 m/s, to: 4.1 m/s}\n"
                        "  course/grade: {distribution: normal, mean: 1 %%, sd: 2.3 %%}\n"
                        "  surface/stiffness: {distribution: lognormal, median: 1.1, spread: 1.4}\n"
                        "  surface/friction: {distribution: truncated_normal, mean: 0.7, sd: 0.2,"
                        " from: 0.4, to: 1.3}\n"
                        "design: {kind: %s}\n",
                   known[i].design);
    kc_sweep *s = read_good(text);
    unsigned long long hash = KC_HASH_START;
    for (int run = 0; run < s->n_run; run++) {
      double value[4];
      kc_sweep_eval(s, run, value, NULL, NULL);
      hash = kc_hash_add(hash, value, sizeof value);
    }
    if (hash != known[i].hash)
      fail_msg("%s: 0x%llx", known[i].design, hash);
    kc_sweep_destroy(s);
  }
}

/// Every shipped sweep is read, and its first and last runs can be made.
static void test_shipped(void **unused) {
  (void)unused;
  static const struct {
    const char *name;
    int n_run;
  } shipped[] = {{"slope_by_speed", 45},  {"hip_misalignment", 18}, {"leg_length", 14},
                 {"sling_stiffness", 25}, {"weak_groups", 52},      {"tissue_saltelli", 896},
                 {"runners_hip", 60}};
  for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++) {
    char path[400];
    (void)snprintf(path, sizeof path, "%s/scenarios/sweeps/%s.yaml", KC_TEST_SOURCE_DIR,
                   shipped[i].name);
    kc_sweep *s;
    kc_error error = kc_error_default();
    if (kc_sweep_read(path, NULL, 0, &s, &error) != KC_OK)
      fail_msg("%s: %s", error.finding[0].place, error.finding[0].text);
    assert_int_equal(s->n_run, shipped[i].n_run);
    assert_string_equal(s->name, shipped[i].name);
    kc_scenario_destroy(make_good(s, 0));
    kc_scenario_destroy(make_good(s, s->n_run - 1));
    kc_sweep_destroy(s);
    kc_error_destroy(&error);
  }
}

/// Whether every key of a table stands in a text, in backquotes; a value's own key needs no saying.
static void find_keys(const kc_table *table, const char *text) {
  for (int i = 0; i < table->n_field; i++) {
    const kc_field *f = &table->field[i];
    char key[80];
    (void)snprintf(key, sizeof key, "`%s`", f->key);
    int alone = table->has_short && table->n_field == 1;
    if (!alone && !strstr(text, key))
      fail_msg("README.md, 'Sweep files', does not say %s", key);
    if (f->table)
      find_keys(f->table, text);
  }
}

static void test_readme_says_every_key(void **unused) {
  (void)unused;
  char *text;
  kc_error error = kc_error_default();
  assert_int_equal(kc_file_read_text(KC_TEST_SOURCE_DIR "/README.md", 1 << 20, &text, NULL, &error),
                   KC_OK);
  char *start = strstr(text, "### Sweep files"), *end = start ? strstr(start, "\n## ") : NULL;
  assert_non_null(end);
  *end = 0;
  find_keys(&kc_sweep_table, start);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_grid_counts_its_last_factor_first),
      cmocka_unit_test(test_same_scenario_as_by_set),
      cmocka_unit_test(test_one_at_a_time_leaves_the_others_as_they_are),
      cmocka_unit_test(test_space_filling),
      cmocka_unit_test(test_random_points_keep_their_numbers),
      cmocka_unit_test(test_saltelli_rows),
      cmocka_unit_test(test_virtual_runners_are_paired),
      cmocka_unit_test(test_list_from_a_table),
      cmocka_unit_test(test_numbers_stay),
      cmocka_unit_test(test_shipped),
      cmocka_unit_test(test_readme_says_every_key),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
