/// @file
/// The file of a sweep through its source: what is written is read back, by blocks of any size, and
/// twice the same bytes. With a path as argument it writes 100,000 synthetic runs for
/// check_sweep.py.
#include "io/sweep.h"
#include "near.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N_METRIC = 320, N_STRIDE = 3 };

typedef struct {
  int n;
  char (*text)[40];
  int n_text;
} source;

static double number(int run, int column) { return (run * 0.37 + 2.385) / (1 + column) + column; }

static int fetch(void *user, const kc_group *group, int variable, int first, int n, void *buffer) {
  source *s = user;
  const kc_variable *v = &group->variable[variable];
  if (v->store == KC_STORE_TEXT && n > s->n_text) {
    free(s->text);
    s->text = malloc((size_t)n * sizeof *s->text);
    s->n_text = n;
  }
  for (int i = 0; i < n; i++) {
    int run = first + i;
    if (v->store == KC_STORE_TEXT) {
      snprintf(s->text[i], sizeof *s->text, run % 11 ? "completed" : "fell: µ of %d", run);
      ((const char **)buffer)[i] = s->text[i];
    } else if (v->n_dimension == 1) {
      ((double *)buffer)[i] = run % 97 == 5 ? (double)NAN : number(run, variable);
    } else {
      for (int k = 0; k < N_STRIDE; k++)
        ((float *)buffer)[i * N_STRIDE + k] = (float)number(run, k);
    }
  }
  return 1;
}

static const char *find_address(void *user, const kc_group *group, int variable) {
  (void)user;
  return group->name[0] == 0 && variable == 0 ? "course/grade" : NULL;
}

static void add_counter(kc_group *group, const char *name, int n) {
  int *index = kc_record_group_keep(group, (size_t)n, sizeof *index);
  assert_non_null(index);
  for (int i = 0; i < n; i++)
    index[i] = i;
  kc_dimension d = {.label = {name, "1", name, NULL, NULL, NULL},
                    .size = n,
                    .store = KC_STORE_I32,
                    .value = index};
  (void)kc_record_group_add_dimension(group, &d);
}

static void write_file(const char *path, int n) {
  source s = {.n = n};
  kc_group *group[] = {kc_record_group_create(""), kc_record_group_create("strides")};
  add_counter(group[0], "run", n);
  for (int i = 0; i < N_METRIC; i++) {
    kc_label label = {
        kc_record_group_text(group[0], "metric%d", i), "kg m", "some", NULL, NULL, NULL};
    kc_record_group_add_variable(group[0], &label, KC_STORE_F64, "run", NULL);
  }
  kc_record_group_add_variable(group[0], &(kc_label){"outcome", "1", "how", NULL, NULL, NULL},
                               KC_STORE_TEXT, "run", NULL);
  add_counter(group[1], "run", n);
  add_counter(group[1], "stride", N_STRIDE);
  kc_record_group_add_variable(group[1], &(kc_label){"time", "s", "when", NULL, NULL, "guessed"},
                               KC_STORE_F32, "run stride", NULL);
  const kc_io_text text[] = {
      {"schema", KC_IO_SWEEP_SCHEMA}, {"left_out", NULL}, {"note", "a\nb µ"}};
  kc_io_source from = {fetch, find_address, &s};
  kc_error error = kc_error_default();
  if (kc_io_write_sweep(path, text, 3, (const kc_group *const *)group, 2, &from, &error) != KC_OK)
    fail_msg("%s", error.finding[0].text);
  kc_record_group_destroy(group[0]);
  kc_record_group_destroy(group[1]);
  free(s.text);
}

static char *read_bytes(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_int_equal(fseek(file, 0, SEEK_END), 0);
  *size = (size_t)ftell(file);
  rewind(file);
  char *bytes = malloc(*size);
  assert_int_equal(fread(bytes, 1, *size, file), *size);
  (void)fclose(file);
  return bytes;
}

static void test_same_bytes(void **unused) {
  (void)unused;
  size_t size[2];
  write_file("sweep_a.tmp", 1234);
  write_file("sweep_b.tmp", 1234);
  char *a = read_bytes("sweep_a.tmp", &size[0]), *b = read_bytes("sweep_b.tmp", &size[1]);
  assert_int_equal(size[0], size[1]);
  assert_memory_equal(a, b, size[0]);
  free(a);
  free(b);
  (void)unlink("sweep_a.tmp");
  (void)unlink("sweep_b.tmp");
}

static void test_comes_back(void **unused) {
  (void)unused;
  enum { N = 4321, FIRST = 4000, COUNT = 300 };
  write_file("sweep_c.tmp", N);
  kc_io_sweep *sweep;
  kc_error error = kc_error_default();
  assert_int_equal(kc_io_open_sweep("sweep_c.tmp", &sweep, &error), KC_OK);
  assert_string_equal(kc_io_sweep_text(sweep, "note"), "a\nb µ");
  assert_null(kc_io_sweep_text(sweep, "left_out"));
  int n;
  const kc_group *const *group = kc_io_sweep_groups(sweep, &n);
  assert_int_equal(n, 2);
  assert_int_equal(group[0]->n_variable, N_METRIC + 1);
  assert_int_equal(group[0]->dimension[0].size, N);
  assert_int_equal(((const int *)group[0]->dimension[0].value)[77], 77);
  assert_string_equal(group[0]->variable[3].label.unit, "kg m");
  assert_string_equal(kc_io_sweep_address(sweep, 0, 0), "course/grade");
  assert_null(kc_io_sweep_address(sweep, 0, 1));
  assert_string_equal(group[1]->variable[0].label.assumption, "guessed");
  double value[COUNT];
  assert_int_equal(kc_io_sweep_fetch(sweep, 0, 17, FIRST, COUNT, value), 1);
  for (int i = 0; i < COUNT; i++)
    if ((FIRST + i) % 97 == 5)
      assert_true(isnan(value[i]));
    else
      assert_true(value[i] == number(FIRST + i, 17));
  const char *text[COUNT];
  assert_int_equal(kc_io_sweep_fetch(sweep, 0, N_METRIC, FIRST, COUNT, text), 1);
  assert_string_equal(text[4], "fell: µ of 4004");
  assert_string_equal(text[5], "completed");
  float stride[COUNT * N_STRIDE];
  assert_int_equal(kc_io_sweep_fetch(sweep, 1, 0, FIRST, COUNT, stride), 1);
  assert_true(stride[3 * N_STRIDE + 2] == (float)number(FIRST + 3, 2));
  kc_io_close_sweep(sweep);
  (void)unlink("sweep_c.tmp");
}

static void test_refuses_what_is_none(void **unused) {
  (void)unused;
  kc_io_sweep *sweep;
  kc_error error = kc_error_default();
  assert_int_equal(kc_io_open_sweep("sweep_none.tmp", &sweep, &error), KC_ERR_INPUT);
  assert_null(sweep);
  assert_non_null(strstr(error.finding[0].text, "cannot be read"));
  kc_error_destroy(&error);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    write_file(argv[1], 100000);
    return 0;
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_same_bytes),
      cmocka_unit_test(test_comes_back),
      cmocka_unit_test(test_refuses_what_is_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
