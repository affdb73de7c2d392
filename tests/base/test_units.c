/// @file
/// Quantities with units: values to SI, dimensions, and every refusal with its text.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
//
#include "base/units.h"
#include <cmocka.h>
#include <locale.h>
#include <math.h>
#include <string.h>

static void check_value(const char *text, const char *unit, double expected) {
  double value = NAN;
  char problem[200] = "";
  if (kc_units_parse_quantity(text, unit, &value, problem, sizeof problem) != KC_OK)
    fail_msg("'%s' as %s: %s", text, unit, problem);
  if (!(fabs(value - expected) <= 4e-16 * fabs(expected)))
    fail_msg("'%s' as %s: %.17g, expected %.17g", text, unit, value, expected);
}

static void test_values(void **state) {
  (void)state;
  check_value("3.3 m/s", "m/s", 3.3);
  check_value("-8 %", "1", -0.08);
  check_value("-8%", "1", -0.08);
  check_value("15 mm", "m", 0.015);
  check_value("6 deg", "rad", 6 * 0.017453292519943295);
  check_value("20 Nm/rad", "Nm/rad", 20);
  check_value("0.5 Nm/deg", "Nm/rad", 0.5 / 0.017453292519943295);
  check_value("0.5 ms", "s", 0.0005);
  check_value("12.6 km/h", "m/s", 12.6 * 1000.0 / 3600.0);
  check_value("75 kg", "kg", 75);
  check_value("2.5 1/m", "1/m", 2.5);
  check_value("3 kN/m", "N/m", 3000);
  check_value("2e6 N/m^1.5", "N/m^1.5", 2e6);
  check_value("1.2 Nm s/rad", "Nms/rad", 1.2);
  check_value("0.013 kg m2", "kg m^2", 0.013);
  check_value("9.80665 m/s^2", "m/s2", 9.80665);
  check_value("3.4 J/kg/m", "m/s2", 3.4);
  check_value("5 Hz", "1/s", 5);
  check_value(" +.75 ", "1", 0.75);
  check_value("1e-3", "1", 1e-3);
}

static void test_vectors(void **state) {
  (void)state;
  double value[3];
  char problem[200];
  assert_int_equal(
      kc_units_parse_quantities("-56.3 -78.5 77.26 mm", "m", 3, value, problem, sizeof problem),
      KC_OK);
  assert_true(fabs(value[0] + 0.0563) < 1e-17 && fabs(value[2] - 0.07726) < 1e-16);
  assert_int_equal(kc_units_parse_quantities("1 2 mm", "m", 3, value, problem, sizeof problem),
                   KC_ERR_INPUT);
  assert_non_null(strstr(problem, "3 numbers"));
  assert_int_equal(kc_units_parse_quantities("1-2 mm", "m", 2, value, problem, sizeof problem),
                   KC_ERR_INPUT);
}

static void check_refusal(const char *text, const char *unit, const char *expected) {
  double value = -1;
  char problem[200] = "";
  if (kc_units_parse_quantity(text, unit, &value, problem, sizeof problem) != KC_ERR_INPUT)
    fail_msg("'%s' as %s was taken as %g", text, unit, value);
  if (!strstr(problem, expected))
    fail_msg("'%s': '%s' lacks '%s'", text, problem, expected);
}

static void test_refusals(void **state) {
  (void)state;
  check_refusal("3.3", "m/s", "has no unit; write '3.3 m/s'");
  check_refusal("0", "m", "has no unit");
  check_refusal("3.3 kg", "m/s", "wrong dimension; a unit such as 'm/s'");
  check_refusal("3.3 m", "1", "a plain number was expected");
  check_refusal("20 Nm", "Nm/rad", "wrong dimension");
  check_refusal("7 mph", "m/s", "'mph' is not a unit that is known");
  check_refusal("7 m//s", "m/s", "not a unit");
  check_refusal("7 m/", "m", "not a unit");
  check_refusal("7 J/kg m", "J/kg/m", "not a unit");
  check_refusal("5 12", "1", "not a unit");
  check_refusal("0x10 m", "m", "not a unit");
  check_refusal("nan m", "m", "not a finite number");
  check_refusal(".NaN", "1", "not a finite number; write a number, such as '1.5'");
  check_refusal("-inf", "1", "not a finite number");
  check_refusal("1e101 m", "m", "too large");
  check_refusal("1e999 m", "m", "too large");
  check_refusal("fast", "m/s", "is not a number; write a number with its unit, such as '1.5 m/s'");
  check_refusal("", "m/s", "is not a number");
  check_refusal("3,3 m/s", "m/s", "not a unit");
}

static void test_locale(void **state) {
  (void)state;
  if (!setlocale(LC_ALL, "de_DE.UTF-8"))
    setlocale(LC_ALL, "C.UTF-8");
  check_value("3.25 m", "m", 3.25);
  setlocale(LC_ALL, "C");
}

static void test_write(void **state) {
  (void)state;
  char text[64];
  kc_units_write(0.08, "%", text, sizeof text);
  assert_string_equal(text, "8 %");
  kc_units_write(2.385, "1", text, sizeof text);
  assert_string_equal(text, "2.385");
}

/// What is written is read again to the bit, is short, and is a whole number where the value is
/// one.
static void test_write_exact(void **state) {
  (void)state;
  static const struct {
    double value;
    const char *unit, *text;
  } known[] = {{0.1, "kN/m", "0.1 kN/m"},
               {-8.5, "%", "-8.5 %"},
               {3, "1", "3"},
               {9007199254740991.0, "", "9007199254740991"},
               {1e15, "", "1000000000000000"},
               {2.5e-7, "s", "2.5e-07 s"}};
  char text[100];
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    kc_units_write_exact(known[i].value, known[i].unit, text, sizeof text);
    assert_string_equal(text, known[i].text);
  }
  double x = 0.7310585786300049;
  for (int i = 0; i < 2000; i++) {
    double read = 0;
    x = x * 1.0137 + (i % 7 - 3) * 0.1171;
    kc_units_write_exact(x, "mm", text, sizeof text);
    assert_non_null(kc_units_parse_number(text, &read));
    assert_true(read == x);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_values),   cmocka_unit_test(test_vectors),
      cmocka_unit_test(test_refusals), cmocka_unit_test(test_locale),
      cmocka_unit_test(test_write),    cmocka_unit_test(test_write_exact)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
