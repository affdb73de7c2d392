/// @file
/// Units by one table of symbols; a quantity is numbers, then a product of symbols with powers.
#define _GNU_SOURCE // strtod_l
#include "base/units.h"
#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEGREE 0.017453292519943295 // pi / 180

// symbol, factor to SI, exponents of m kg s rad
static const struct {
  const char *symbol;
  double factor;
  kc_unit_dimension dimension;
} symbol_table[] = {
    {"1", 1, {0}},
    {"%", 1e-2, {0}},
    {"m", 1, {.metre = 1}},
    {"mm", 1e-3, {.metre = 1}},
    {"cm", 1e-2, {.metre = 1}},
    {"km", 1e3, {.metre = 1}},
    {"kg", 1, {.kilogram = 1}},
    {"g", 1e-3, {.kilogram = 1}},
    {"s", 1, {.second = 1}},
    {"ms", 1e-3, {.second = 1}},
    {"us", 1e-6, {.second = 1}},
    {"min", 60, {.second = 1}},
    {"h", 3600, {.second = 1}},
    {"rad", 1, {.radian = 1}},
    {"mrad", 1e-3, {.radian = 1}},
    {"deg", DEGREE, {.radian = 1}},
    {"\u00b0", DEGREE, {.radian = 1}},
    {"Hz", 1, {.second = -1}},
    {"kHz", 1e3, {.second = -1}},
    {"N", 1, {.metre = 1, .kilogram = 1, .second = -2}},
    {"kN", 1e3, {.metre = 1, .kilogram = 1, .second = -2}},
    {"MN", 1e6, {.metre = 1, .kilogram = 1, .second = -2}},
    {"Nm", 1, {.metre = 2, .kilogram = 1, .second = -2}},
    {"kNm", 1e3, {.metre = 2, .kilogram = 1, .second = -2}},
    {"Nms", 1, {.metre = 2, .kilogram = 1, .second = -1}},
    {"J", 1, {.metre = 2, .kilogram = 1, .second = -2}},
    {"kJ", 1e3, {.metre = 2, .kilogram = 1, .second = -2}},
    {"W", 1, {.metre = 2, .kilogram = 1, .second = -3}},
    {"kW", 1e3, {.metre = 2, .kilogram = 1, .second = -3}},
    {"Pa", 1, {.metre = -1, .kilogram = 1, .second = -2}},
    {"kPa", 1e3, {.metre = -1, .kilogram = 1, .second = -2}},
    {"MPa", 1e6, {.metre = -1, .kilogram = 1, .second = -2}},
    {"GPa", 1e9, {.metre = -1, .kilogram = 1, .second = -2}},
};

static const char *skip_blanks(const char *text) {
  while (*text == ' ' || *text == '\t')
    text++;
  return text;
}

/// Length of a decimal number at the start of a text, 0 if there is none.
static size_t number_length(const char *text) {
  const char *p = text, *digits;
  if (*p == '+' || *p == '-')
    p++;
  digits = p;
  while (isdigit((unsigned char)*p))
    p++;
  size_t n = (size_t)(p - digits);
  if (*p == '.') {
    digits = ++p;
    while (isdigit((unsigned char)*p))
      p++;
    n += (size_t)(p - digits);
  }
  if (!n)
    return 0;
  if (*p == 'e' || *p == 'E') {
    const char *power = p + 1;
    if (*power == '+' || *power == '-')
      power++;
    if (isdigit((unsigned char)*power)) {
      while (isdigit((unsigned char)*power))
        power++;
      p = power;
    }
  }
  return (size_t)(p - text);
}

const char *kc_units_parse_number(const char *text, double *value) {
  text = skip_blanks(text);
  size_t n = number_length(text);
  if (!n)
    return NULL;
  locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  *value = strtod_l(text, NULL, plain);
  freelocale(plain);
  return text + n;
}

/// One symbol with its power (a "1" only before a slash); returns the rest, or NULL. `sign` is +1
/// or -1 (behind a slash).
static const char *parse_factor(const char *text, int sign, kc_unit_dimension *sum,
                                double *factor) {
  size_t n = 0;
  if (text[0] == '1' && skip_blanks(text + 1)[0] == '/')
    n = 1;
  else
    while (text[n] && !isdigit((unsigned char)text[n]) && !strchr(" \t/*^+-.", text[n]))
      n++;
  size_t n_symbol = sizeof symbol_table / sizeof symbol_table[0], i = 0;
  while (i < n_symbol &&
         !(strlen(symbol_table[i].symbol) == n && memcmp(symbol_table[i].symbol, text, n) == 0))
    i++;
  if (i == n_symbol)
    return NULL;
  text += n;
  int halves = 2; // twice the power
  if (*text == '^')
    text++;
  if (*text >= '1' && *text <= '4') {
    halves = 2 * (*text++ - '0');
    if (text[0] == '.' && text[1] == '5')
      halves++, text += 2;
  }
  const kc_unit_dimension *d = &symbol_table[i].dimension;
  halves *= sign;
  sum->metre += halves * d->metre;
  sum->kilogram += halves * d->kilogram;
  sum->second += halves * d->second;
  sum->radian += halves * d->radian;
  double whole = symbol_table[i].factor, power = 1;
  for (int k = 0; k < abs(halves) / 2; k++)
    power *= whole;
  if (halves % 2)
    power *= sqrt(whole);
  *factor = sign > 0 ? *factor * power : *factor / power;
  return text;
}

kc_status kc_units_parse_unit(const char *unit, kc_unit_dimension *dimension, double *factor) {
  *dimension = (kc_unit_dimension){0};
  *factor = 1;
  if (strcmp(unit, "1") == 0)
    return KC_OK;
  int sign = 1;
  const char *p = skip_blanks(unit);
  for (int n_factor = 0; n_factor < 8; n_factor++) {
    p = parse_factor(p, sign, dimension, factor);
    if (!p)
      return KC_ERR_INPUT;
    const char *next = skip_blanks(p);
    if (!*next)
      return KC_OK;
    if (*next == '/')
      sign = -1;
    else if (sign < 0 || (next == p && *next != '*'))
      return KC_ERR_INPUT; // a product behind a slash, or symbols run together
    p = skip_blanks(next + (*next == '/' || *next == '*'));
  }
  return KC_ERR_INPUT;
}

double kc_units_find_factor(const char *unit) {
  kc_unit_dimension dimension;
  double factor;
  return kc_units_parse_unit(unit, &dimension, &factor) == KC_OK ? factor : 1;
}

/// Says why a text does not start with a number.
static void describe_no_number(const char *text, const char *unit, char *problem, size_t size) {
  const char *word = skip_blanks(text);
  word += *word == '+' || *word == '-';
  word += *word == '.';
  int special = strncasecmp(word, "nan", 3) == 0 || strncasecmp(word, "inf", 3) == 0;
  int plain = strcmp(unit, "1") == 0;
  snprintf(problem, size, "'%.40s' is not a %snumber; write a number%s, such as '1.5%s%s'", text,
           special ? "finite " : "", plain ? "" : " with its unit", plain ? "" : " ",
           plain ? "" : unit);
}

/// Checks the unit behind the numbers; gives its factor.
static kc_status check_unit(const char *text, const char *rest, const char *unit, double *factor,
                            char *problem, size_t size) {
  kc_unit_dimension wanted = {0}, found = {0};
  double unused;
  *factor = 1;
  if (kc_units_parse_unit(unit, &wanted, &unused) != KC_OK)
    wanted = (kc_unit_dimension){0};
  if (*rest == 0) {
    if (memcmp(&wanted, &found, sizeof wanted) == 0)
      return KC_OK;
    snprintf(problem, size, "'%.40s' has no unit; write '%.40s %s'", text, text, unit);
    return KC_ERR_INPUT;
  }
  if (kc_units_parse_unit(rest, &found, factor) != KC_OK) {
    snprintf(problem, size, "'%.40s' is not a unit that is known; a unit such as '%s' was expected",
             rest, unit);
    return KC_ERR_INPUT;
  }
  if (memcmp(&wanted, &found, sizeof wanted) == 0)
    return KC_OK;
  snprintf(problem, size, "'%.40s' has the wrong dimension; %s%s%s was expected", text,
           strcmp(unit, "1") ? "a unit such as '" : "a plain number", strcmp(unit, "1") ? unit : "",
           strcmp(unit, "1") ? "'" : "");
  return KC_ERR_INPUT;
}

kc_status kc_units_parse_quantities(const char *text, const char *unit, int n, double *value,
                                    char *problem, size_t size) {
  const char *rest = text;
  for (int i = 0; i < n; i++) {
    const char *start = rest;
    rest = kc_units_parse_number(rest, &value[i]);
    if (!rest || (i > 0 && *start != ' ')) {
      if (n > 1)
        snprintf(problem, size, "'%.40s' does not start with %d numbers", text, n);
      else
        describe_no_number(text, unit, problem, size);
      return KC_ERR_INPUT;
    }
    if (!(fabs(value[i]) <= 1e100)) {
      snprintf(problem, size, "'%.40s' is too large a number", text);
      return KC_ERR_INPUT;
    }
  }
  double factor;
  KC_TRY(check_unit(text, skip_blanks(rest), unit, &factor, problem, size));
  for (int i = 0; i < n; i++)
    value[i] *= factor;
  return KC_OK;
}

kc_status kc_units_parse_quantity(const char *text, const char *unit, double *value, char *problem,
                                  size_t size) {
  return kc_units_parse_quantities(text, unit, 1, value, problem, size);
}

void kc_units_write(double value, const char *unit, char *text, size_t size) {
  double shown = value / kc_units_find_factor(unit);
  int plain = strcmp(unit, "1") == 0;
  snprintf(text, size, "%.6g%s%s", shown, plain ? "" : " ", plain ? "" : unit);
}

void kc_units_write_exact(double value, const char *unit, char *text, size_t size) {
  double read = 0;
  int whole = value == floor(value) && fabs(value) < 0x1p53;
  for (int digits = 15; digits <= 17; digits++) {
    if (whole)
      (void)snprintf(text, size, "%.0f", value);
    else
      (void)snprintf(text, size, "%.*g", digits, value);
    if (kc_units_parse_number(text, &read) && read == value)
      break;
  }
  size_t used = strlen(text);
  if (*unit && strcmp(unit, "1") != 0)
    (void)snprintf(text + used, size - used, " %s", unit);
}
