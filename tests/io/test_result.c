/// @file
/// Result files: equal bytes, all or nothing, metrics read back, refusals.
///
/// With a path as argument it only writes the synthetic run there, for the scripts.
#include "gait/metrics.h"
#include "io/result.h"
#include "io/series.h"
#include "support/synthetic_run.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
// cmocka needs setjmp, stdarg, stddef first
#include <cmocka.h>

static char folder[64]; // made for these tests

static char *name_in_folder(const char *name) {
  static char path[256];
  (void)snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

// the same run once more, in the group "naive": of which `outcome` is told
static kc_status write_twice(const char *path, kc_io_header header, kc_group **group,
                             const kc_recording *recording, const kc_gait_analysis *analysis,
                             const char *outcome, kc_error *error) {
  kc_io_outcome naive = {.mode = "naive", .outcome = outcome, .outcome_time = 1.25};
  kc_group *all[] = {group[0], group[1], kc_record_create_group(recording),
                     kc_gait_create_metrics_group(analysis)};
  (void)snprintf(all[2]->name, sizeof all[2]->name, "naive");
  (void)snprintf(all[3]->name, sizeof all[3]->name, "naive/metrics");
  header.mode = "adapted";
  header.naive = &naive;
  kc_status status = kc_io_write_result(path, &header, (const kc_group *const *)all, 4, error);
  kc_record_group_destroy(all[2]);
  kc_record_group_destroy(all[3]);
  return status;
}

static const char *naive_outcome; // of a run beside the main one; NULL: there is none

// bodies of a model without feet and bands when `bare`
static kc_status write_run(const char *path, double duration, int bare, kc_error *error) {
  synthetic_body body;
  kc_recording *recording = NULL;
  kc_gait_analysis *analysis = NULL;
  synthetic_create(&body);
  if (bare)
    body.model.n_band = body.model.n_sphere = 0;
  kc_status status = kc_record_create(&body.model, (int)(duration / 0.005) + 2,
                                      (int)(duration / 0.002) + 2, &recording, error);
  if (status != KC_OK)
    return status;
  synthetic_record(&body, recording, duration);
  status = kc_gait_analyse(recording, 0.5, &analysis, error);
  if (status != KC_OK)
    return status;
  kc_group *group[] = {kc_record_create_group(recording), kc_gait_create_metrics_group(analysis),
                       kc_gait_create_strides_group(recording, analysis),
                       kc_gait_create_curves_group(recording, analysis)};
  kc_io_header header = {.title = "synthetic",
                         .program = "kinchain",
                         .version = "0",
                         .mode = "naive",
                         .outcome = "completed",
                         .outcome_reason = "",
                         .model_text = "name: \xc3\xa9t\xc3\xa9\n",
                         .seed = 18446744073709551557ull,
                         .outcome_time = duration};
  status = naive_outcome
               ? write_twice(path, header, group, recording, analysis, naive_outcome, error)
               : kc_io_write_result(path, &header, (const kc_group *const *)group, 4, error);
  for (int i = 0; i < 4; i++)
    kc_record_group_destroy(group[i]);
  kc_gait_destroy(analysis);
  kc_record_destroy(recording);
  return status;
}

static char *read_bytes(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_int_equal(fseek(file, 0, SEEK_END), 0);
  *size = (size_t)ftell(file);
  rewind(file);
  char *bytes = malloc(*size + 1);
  assert_int_equal(fread(bytes, 1, *size, file), *size);
  bytes[*size] = 0;
  (void)fclose(file);
  return bytes;
}

static void test_equal_runs_give_equal_bytes(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  size_t size[2];
  assert_int_equal(write_run(name_in_folder("a.h5"), 3, 0, &error), KC_OK);
  char *first = read_bytes(name_in_folder("a.h5"), &size[0]);
  (void)sleep(2);
  assert_int_equal(write_run(name_in_folder("a.h5"), 3, 0, &error), KC_OK);
  char *second = read_bytes(name_in_folder("a.h5"), &size[1]);
  assert_int_equal(size[0], size[1]);
  assert_memory_equal(first, second, size[0]);
  assert_true(size[0] > 100000);
  free(first);
  free(second);
}

static void test_metrics_come_back(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  kc_io_metrics *metrics = NULL;
  assert_int_equal(write_run(name_in_folder("b.h5"), 3, 1, &error), KC_OK);
  assert_int_equal(kc_io_read_metrics(name_in_folder("b.h5"), NULL, &metrics, &error), KC_OK);
  assert_int_equal(metrics->n_metric, kc_gait_n_metric() + 1);
  for (int i = 0; i < kc_gait_n_metric(); i++) {
    assert_string_equal(metrics->metric[i].name, kc_gait_metric_info(i)->name);
    assert_string_equal(metrics->metric[i].unit, kc_gait_metric_info(i)->unit);
  }
  int rate = kc_io_find_metric(metrics, "step_rate");
  assert_true(fabs(metrics->metric[rate].value - 60 / synthetic_step) < 0.01);
  assert_int_equal(kc_io_find_metric(metrics, "no_such"), -1);
  assert_string_equal(metrics->title, "synthetic");
  assert_string_equal(metrics->outcome, "completed");
  assert_string_equal(metrics->schema, KC_IO_SCHEMA);
  kc_io_destroy_metrics(metrics);
}

static void test_a_naive_run_stands_beside(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  kc_io_metrics *metrics = NULL;
  naive_outcome = "fell";
  assert_int_equal(write_run(name_in_folder("both.h5"), 3, 0, &error), KC_OK);
  naive_outcome = NULL;
  assert_int_equal(kc_io_read_metrics(name_in_folder("both.h5"), "naive", &metrics, &error), KC_OK);
  assert_int_equal(metrics->n_metric, kc_gait_n_metric() + 1);
  assert_string_equal(metrics->mode, "naive");
  assert_string_equal(metrics->outcome, "fell");
  assert_string_equal(metrics->title, "synthetic");
  assert_string_equal(metrics->schema, KC_IO_SCHEMA);
  kc_io_destroy_metrics(metrics);
  assert_int_equal(kc_io_read_metrics(name_in_folder("both.h5"), NULL, &metrics, &error), KC_OK);
  assert_string_equal(metrics->mode, "adapted");
  assert_string_equal(metrics->outcome, "completed");
  kc_io_destroy_metrics(metrics);
  assert_int_equal(error.n_finding, 0);
  assert_int_equal(kc_io_read_metrics(name_in_folder("both.h5"), "other", &metrics, &error),
                   KC_ERR_INPUT);
  assert_null(metrics);
  assert_non_null(strstr(error.finding[0].text, "no run 'other'"));
  kc_error_destroy(&error);
}

static void expect_unwritable(const char *path, const char *word) {
  kc_error error = kc_error_default();
  assert_int_equal(kc_io_check_output(path, &error), KC_ERR_INPUT);
  assert_int_equal(write_run(path, 0.1, 0, &error), KC_ERR_INPUT);
  assert_int_equal(error.n_finding, 2);
  for (int i = 0; i < 2; i++)
    if (!strstr(error.finding[i].text, word))
      fail_msg("%s: \"%s\" does not say \"%s\"", path, error.finding[i].text, word);
  kc_error_destroy(&error);
}

static void test_unwritable_places_are_refused(void **state) {
  (void)state;
  expect_unwritable(folder, "this is a folder");
  expect_unwritable("/dev/full", "device");
  expect_unwritable("", "empty");
  expect_unwritable(name_in_folder("none/x.h5"), "No such file or directory; make the folder");
  FILE *file = fopen(name_in_folder("plain"), "w");
  (void)fclose(file);
  expect_unwritable(name_in_folder("plain/x.h5"), "Not a directory");
}

static int count_entries(void) {
  char command[300], line[32] = "";
  (void)snprintf(command, sizeof command, "ls -A %s | wc -l", folder);
  FILE *pipe = popen(command, "r");
  assert_non_null(fgets(line, sizeof line, pipe));
  (void)pclose(pipe);
  return atoi(line);
}

static void test_full_disk_leaves_the_old_file(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  size_t size[2];
  assert_int_equal(write_run(name_in_folder("c.h5"), 1, 0, &error), KC_OK);
  char *before = read_bytes(name_in_folder("c.h5"), &size[0]);
  int n_entry = count_entries();
  struct rlimit old, limit = {.rlim_cur = 30000, .rlim_max = RLIM_INFINITY};
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
  limit.rlim_max = old.rlim_max;
  (void)signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
  kc_status status = write_run(name_in_folder("c.h5"), 2, 0, &error);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
  assert_int_equal(status, KC_ERR_FILE);
  assert_non_null(strstr(error.finding[0].text, "File too large; free some space"));
  char *after = read_bytes(name_in_folder("c.h5"), &size[1]);
  assert_int_equal(size[0], size[1]);
  assert_memory_equal(before, after, size[0]);
  assert_int_equal(count_entries(), n_entry);
  free(before);
  free(after);
  kc_error_destroy(&error);
}

static void expect_unreadable(const char *path, const char *word) {
  kc_error error = kc_error_default();
  kc_io_metrics *metrics = NULL;
  assert_int_equal(kc_io_read_metrics(path, NULL, &metrics, &error), KC_ERR_INPUT);
  assert_null(metrics);
  if (!strstr(error.finding[0].text, word))
    fail_msg("%s: \"%s\" does not say \"%s\"", path, error.finding[0].text, word);
  kc_error_destroy(&error);
}

static void test_files_that_are_no_results_are_refused(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  expect_unreadable(folder, "is no file");
  expect_unreadable(name_in_folder("missing.h5"), "No such file");
  assert_int_equal(kc_io_write_bytes(name_in_folder("junk.h5"), "\x89HDX\r\n", 6, &error), KC_OK);
  expect_unreadable(name_in_folder("junk.h5"), "is no HDF5 file");
  assert_int_equal(kc_io_write_bytes(name_in_folder("empty.h5"), "", 0, &error), KC_OK);
  expect_unreadable(name_in_folder("empty.h5"), "is no HDF5 file");
  kc_io_header header = {.title = "no groups"};
  assert_int_equal(kc_io_write_result(name_in_folder("bare.h5"), &header, NULL, 0, &error), KC_OK);
  expect_unreadable(name_in_folder("bare.h5"), "no group /metrics");
  // a file cut short
  size_t size;
  assert_int_equal(write_run(name_in_folder("cut.h5"), 1, 0, &error), KC_OK);
  char *bytes = read_bytes(name_in_folder("cut.h5"), &size);
  assert_int_equal(kc_io_write_bytes(name_in_folder("cut.h5"), bytes, size / 2, &error), KC_OK);
  expect_unreadable(name_in_folder("cut.h5"), "cannot be opened");
  free(bytes);
}

static void expect_message(kc_error *error, const char *word) {
  assert_int_equal(error->n_finding, 1);
  if (!strstr(error->finding[0].text, word))
    fail_msg("\"%s\" does not say \"%s\"", error->finding[0].text, word);
  kc_error_destroy(error);
}

static void test_arrays_come_back(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  kc_io_run *run;
  double *value;
  int n, index, length;
  assert_int_equal(write_run(name_in_folder("e.h5"), 1, 0, &error), KC_OK);
  assert_int_equal(kc_io_open_run(name_in_folder("e.h5"), &run, &error), KC_OK);
  assert_int_equal(kc_io_read_run_array(run, "time", &n, 1, &value, &error), KC_OK);
  assert_int_equal(n, 201);
  assert_true(value[0] == 0 && fabs(value[200] - 1) < 1e-12);
  free(value);
  assert_int_equal(kc_io_read_run_array(run, "foot_force_mean", &n, 6, &value, &error), KC_OK);
  assert_int_equal(n, 201);
  free(value);
  assert_int_equal(kc_io_read_run_array(run, "metrics/settle", &n, 1, &value, &error), KC_OK);
  assert_true(n == 1 && value[0] == 0.5);
  free(value);
  assert_int_equal(kc_io_find_run_name(run, "coordinate", "knee_angle_r", &index, &length, &error),
                   KC_OK);
  assert_string_equal(synthetic_table[index].joint, "knee_angle_r");
  assert_int_equal(length, SYNTHETIC_JOINTS);

  static const struct {
    const char *name;
    int width;
  } wrong[] = {{"q", SYNTHETIC_JOINTS - 1}, {"no_such", 1}, {"metrics", 1}, {"body", 1}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    assert_int_equal(kc_io_read_run_array(run, wrong[i].name, &n, wrong[i].width, &value, &error),
                     KC_ERR_INPUT);
    assert_null(value);
    expect_message(&error, wrong[i].name);
  }
  assert_int_equal(kc_io_find_run_name(run, "body", "tail", &index, NULL, &error), KC_ERR_INPUT);
  expect_message(&error, "its scale 'body' has no 'tail'");
  assert_int_equal(kc_io_find_run_name(run, "time", "tail", &index, NULL, &error), KC_ERR_INPUT);
  expect_message(&error, "no scale 'time'");
  kc_io_close_run(run);

  const kc_io_header header = {.title = "no run"};
  assert_int_equal(kc_io_write_result(name_in_folder("f.h5"), &header, NULL, 0, &error), KC_OK);
  assert_int_equal(kc_io_open_run(name_in_folder("f.h5"), &run, &error), KC_OK);
  kc_io_close_run(run);
  assert_int_equal(kc_io_open_run(name_in_folder("none.h5"), &run, &error), KC_ERR_INPUT);
  assert_null(run);
  expect_message(&error, "No such file");
}

static void test_log_is_json(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  const kc_io_log_entry entry[] = {{"command", "run \"a\\b\"\n\x01", 0},
                                   {"wall_time", NULL, 2.385},
                                   {"nothing", NULL, (double)NAN}};
  assert_int_equal(kc_io_write_log(name_in_folder("d.h5"), entry, 3, &error), KC_OK);
  size_t size;
  char *text = read_bytes(name_in_folder("d.h5.log.json"), &size);
  assert_string_equal(text, "{\n  \"command\": \"run \\\"a\\\\b\\\"\\n\\u0001\",\n"
                            "  \"wall_time\": 2.3849999999999998,\n  \"nothing\": null\n}\n");
  free(text);
}

static int make_folder(void **state) {
  (void)state;
  (void)snprintf(folder, sizeof folder, "%s/kinchain_test_XXXXXX", P_tmpdir);
  return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
  (void)state;
  char command[300];
  (void)snprintf(command, sizeof command, "rm -r %s", folder);
  return system(command);
}

int main(int argc, char **argv) {
  if (argc == 2) {
    kc_error error = kc_error_default();
    kc_status status = write_run(argv[1], 6, 0, &error);
    for (int i = 0; i < error.n_finding; i++)
      (void)fprintf(stderr, "%s: %s\n", error.finding[i].place, error.finding[i].text);
    return kc_status_exit_code(status);
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_equal_runs_give_equal_bytes),
      cmocka_unit_test(test_metrics_come_back),
      cmocka_unit_test(test_a_naive_run_stands_beside),
      cmocka_unit_test(test_unwritable_places_are_refused),
      cmocka_unit_test(test_full_disk_leaves_the_old_file),
      cmocka_unit_test(test_files_that_are_no_results_are_refused),
      cmocka_unit_test(test_arrays_come_back),
      cmocka_unit_test(test_log_is_json),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
