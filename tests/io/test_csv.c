/// @file
/// CSV tables: values to the bit, what is passed over, and every refusal with place and remedy.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/csv.h"

static kc_status parse(const char *text, kc_csv *csv, kc_error *error) {
  char *copy = strdup(text);
  *error = kc_error_default();
  kc_status status = kc_io_parse_csv("states.csv", copy, csv, error);
  free(copy);
  return status;
}

static void reads_numbers_to_the_bit(void **state) {
  (void)state;
  kc_csv csv;
  kc_error error;
  const char *text =
      "\xef\xbb\xbf# measured twice\n\"q_hip\", v_hip\r\n0.1,-2.3850000000000002e-7\r\n"
      "\n# pause\n  1e22 , +3.25\n";
  assert_int_equal(parse(text, &csv, &error), KC_OK);
  assert_int_equal(csv.n_column, 2);
  assert_int_equal(csv.n_row, 2);
  assert_string_equal(csv.name[0], "q_hip");
  assert_int_equal(kc_io_find_csv_column(&csv, "v_hip"), 1);
  assert_int_equal(kc_io_find_csv_column(&csv, "v_knee"), -1);
  const double expected[] = {0.1, -2.3850000000000002e-7, 1e22, 3.25};
  assert_memory_equal(csv.value, expected, sizeof expected);
  assert_int_equal(csv.line[0], 3);
  assert_int_equal(csv.line[1], 6);
  kc_io_destroy_csv(&csv);
}

static void refuses_with_place_and_remedy(void **state) {
  (void)state;
  static const struct {
    const char *text, *place, *message;
  } table[] = {
      {"# only a comment\n", "states.csv", "has no header"},
      {"a,b\n", "states.csv", "no rows"},
      {"a,b\n1,2\n1,2,3\n", "states.csv:3", "3 fields where the header has 2"},
      {"a,b\n1\n", "states.csv:2", "1 fields where the header has 2"},
      {"a,a\n1,2\n", "states.csv:1", "'a' is there twice"},
      {"a,,b\n1,2,3\n", "states.csv:1", "a column has no name"},
      {"a,b\n1,nan\n", "states.csv:2: column 2 (b)", "no finite decimal number"},
      {"a,b\n1,\n", "states.csv:2: column 2 (b)", "no finite decimal number"},
      {"a,b\ninf,2\n", "states.csv:2: column 1 (a)", "no finite decimal number"},
      {"a,b\n1e999,2\n", "states.csv:2: column 1 (a)", "no finite decimal number"},
      {"a,b\n0x10,2\n", "states.csv:2: column 1 (a)", "no finite decimal number"},
      {"a;b\n1;2\n", "states.csv:2: column 1 (a;b)", "no finite decimal number"},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    kc_csv csv;
    kc_error error;
    assert_int_equal(parse(table[i].text, &csv, &error), KC_ERR_INPUT);
    assert_null(csv.value);
    assert_int_equal(error.n_finding, 1);
    assert_string_equal(error.finding[0].place, table[i].place);
    if (!strstr(error.finding[0].text, table[i].message))
      fail_msg("'%s' is not in '%s'", table[i].message, error.finding[0].text);
    kc_error_destroy(&error);
  }
}

static void keeps_words_of_the_columns_that_hold_them(void **state) {
  (void)state;
  static const char *const words[] = {"joint", "unit", NULL};
  char text[] = "joint,angle,unit\nhip, 0.35 , \"rad\" \n,-1.5,deg\n";
  kc_csv csv;
  kc_error error = kc_error_default();
  assert_int_equal(kc_io_parse_csv_words("angles.csv", text, words, &csv, &error), KC_OK);
  assert_int_equal(csv.n_row, 2);
  assert_string_equal(csv.word[0], "hip");
  assert_null(csv.word[1]);
  assert_string_equal(csv.word[2], "rad");
  assert_string_equal(csv.word[3], "");
  assert_true(isnan(csv.value[0]) && csv.value[1] == 0.35 && csv.value[4] == -1.5);
  kc_io_destroy_csv(&csv);
  char wrong[] = "joint,angle,unit\nhip,straight,deg\n";
  assert_int_equal(kc_io_parse_csv_words("angles.csv", wrong, words, &csv, &error), KC_ERR_INPUT);
  assert_string_equal(error.finding[0].place, "angles.csv:2: column 2 (angle)");
  kc_error_destroy(&error);
}

static void stops_after_a_handful(void **state) {
  (void)state;
  char text[4096] = "a\n";
  for (int i = 0; i < 500; i++)
    strcat(text, "x\n");
  kc_csv csv;
  kc_error error;
  assert_int_equal(parse(text, &csv, &error), KC_ERR_INPUT);
  assert_in_range(error.n_finding, 2, 20);
  kc_error_destroy(&error);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_numbers_to_the_bit),
      cmocka_unit_test(refuses_with_place_and_remedy),
      cmocka_unit_test(keeps_words_of_the_columns_that_hold_them),
      cmocka_unit_test(stops_after_a_handful),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
