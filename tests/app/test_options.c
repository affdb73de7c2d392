/// @file
/// The option parser: values, bounds, choices, settings, words, and every refusal with its message.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/app.h"

static int never(const kc_app_arguments *arguments) { return arguments->n_word; }

static const kc_app_option options[] = {
    {"--output", 'o', KC_APP_TEXT, "FILE", "a file", KC_APP_FIELD(output), 0, 0},
    {"--sigma", 0, KC_APP_NUMBER, "X", "a number", KC_APP_FIELD(sigma), 0.01, 2.385},
    KC_APP_OPTION_THREADS,
    KC_APP_OPTION_LANES,
    KC_APP_OPTION_SET,
    KC_APP_OPTION_QUIET,
    KC_APP_OPTION_HELP,
    KC_APP_OPTION_END,
};
static const kc_app_command command = {"try", "FILE [FILE]", "tries", "Tries.\n", 1,
                                       2,     options,       never};

static kc_status parse(const char *const *word, kc_app_arguments *arguments, kc_error *error) {
  int n = 0;
  while (word[n])
    n++;
  *arguments = (kc_app_arguments){0};
  *error = kc_error_default();
  return kc_app_parse(&command, n, word, arguments, error);
}

static void reads_every_kind(void **state) {
  (void)state;
  kc_app_arguments a;
  kc_error error;
  const char *word[] = {"-o", "out.h5", "one",      "--sigma=1.37",  "--lanes", "4",    "-t", "3",
                        "-q", "--set",  "a/b=-8 %", "--set=c/d=e=f", "--",      "-two", NULL};
  assert_int_equal(parse(word, &a, &error), KC_OK);
  assert_string_equal(a.output, "out.h5");
  assert_true(a.sigma == 1.37);
  assert_int_equal(a.lanes, 4);
  assert_int_equal(a.threads, 3);
  assert_int_equal(a.quiet, 1);
  assert_int_equal(a.n_word, 2);
  assert_string_equal(a.word[0], "one");
  assert_string_equal(a.word[1], "-two");
  assert_int_equal(a.n_setting, 2);
  assert_string_equal(a.setting[0].address, "a/b");
  assert_string_equal(a.setting[0].value, "-8 %");
  assert_string_equal(a.setting[1].address, "c/d");
  assert_string_equal(a.setting[1].value, "e=f");
  kc_app_free_arguments(&a);
  kc_error_destroy(&error);
}

static void refuses_with_place_and_remedy(void **state) {
  (void)state;
  static const struct {
    const char *word[4];
    const char *place, *text;
  } table[] = {
      {{"--lanse", "f", NULL}, "--lanse", "did you mean '--lanes'"},
      {{"--lanes", "3", "f", NULL}, "--lanes", "none of 1|4|8"},
      {{"--lanes=", "f", NULL}, "--lanes", "none of 1|4|8"},
      {{"--lanes=4|8", "f", NULL}, "--lanes", "none of 1|4|8"},
      {{"f", "--lanes", NULL}, "--lanes", "needs a value"},
      {{"f", "--threads=0", NULL}, "--threads", "from 1 to 1024"},
      {{"f", "--threads=2.5", NULL}, "--threads", "no whole number"},
      {{"f", "--threads=99999999999999999999", NULL}, "--threads", "from 1 to 1024"},
      {{"f", "--sigma=nan", NULL}, "--sigma", "is no number"},
      {{"f", "--sigma=2.39", NULL}, "--sigma", "from 0.01 to 2.385"},
      {{"f", "--quiet=1", NULL}, "--quiet", "takes no value"},
      {{"f", "--set=abc", NULL}, "--set", "ADDRESS=VALUE"},
      {{"f", "--set==3", NULL}, "--set", "ADDRESS=VALUE"},
      {{"f", "--set=a=", NULL}, "--set", "ADDRESS=VALUE"},
      {{"f", "-x", NULL}, "-x", "unknown option"},
      {{"-q", NULL}, "try", "needs FILE [FILE]"},
      {{"a", "b", "c", NULL}, "c", "one argument too many"},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    kc_app_arguments a;
    kc_error error;
    assert_int_equal(parse(table[i].word, &a, &error), KC_ERR_INPUT);
    assert_int_equal(error.n_finding, 1);
    assert_string_equal(error.finding[0].place, table[i].place);
    if (!strstr(error.finding[0].text, table[i].text))
      fail_msg("'%s' is not in '%s'", table[i].text, error.finding[0].text);
    kc_app_free_arguments(&a);
    kc_error_destroy(&error);
  }
}

static void reports_all_problems_at_once(void **state) {
  (void)state;
  kc_app_arguments a;
  kc_error error;
  const char *word[] = {"--lanes=5", "--sigma=7", "--nope", NULL};
  assert_int_equal(parse(word, &a, &error), KC_ERR_INPUT);
  assert_int_equal(error.n_finding, 4); // and no file named
  kc_app_free_arguments(&a);
  kc_error_destroy(&error);
}

static void help_needs_no_words(void **state) {
  (void)state;
  kc_app_arguments a;
  kc_error error;
  const char *word[] = {"--help", NULL};
  assert_int_equal(parse(word, &a, &error), KC_OK);
  assert_int_equal(a.help, 1);
  kc_app_free_arguments(&a);
  kc_error_destroy(&error);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_every_kind),
      cmocka_unit_test(refuses_with_place_and_remedy),
      cmocka_unit_test(reports_all_problems_at_once),
      cmocka_unit_test(help_needs_no_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
