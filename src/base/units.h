/// @file
/// Quantities in text files: a number with its unit, read to SI with a check of dimension.
///
/// A unit is a product of symbols with powers, then divisors: `m/s`, `kg m2`, `N/m^1.5`, `Nm
/// s/rad`, `1/m`, `J/kg/m`. A product after a divisor is ambiguous and refused. The angle counts as
/// a dimension of its own, so that `Nm/rad` is not `Nm`. Numbers are decimal with a point in every
/// locale; NaN, infinity, hexadecimal and more than 1e100 are refused.
#pragma once
#include "base/error.h"

/// Twice the exponents of the base units (halves occur: N/m^1.5).
typedef struct {
  int metre, kilogram, second, radian;
} kc_unit_dimension;

/// Reads a unit.
/// @param dimension [out] its dimension
/// @param factor    [out] SI value of one such unit
/// @return KC_OK; KC_ERR_INPUT if it is no unit that is known
kc_status kc_units_parse_unit(const char *unit, kc_unit_dimension *dimension,
                              double *factor) KC_WARN_UNUSED;
/// Reads a decimal number at the start of a text; returns the rest, or NULL if there is none.
const char *kc_units_parse_number(const char *text, double *value) KC_WARN_UNUSED;
/// Reads `n` numbers with one unit behind them ("3.3 m/s", "-56 -78 77 mm") to SI.
///
/// @param text    what stands in the file
/// @param unit    a unit of the expected dimension; "1" for a plain number (then `%` is welcome)
/// @param value   [out] (n) SI
/// @param problem [out] what is wrong and what was expected, if anything
kc_status kc_units_parse_quantities(const char *text, const char *unit, int n, double *value,
                                    char *problem, size_t size) KC_WARN_UNUSED;
/// kc_units_parse_quantities for one.
kc_status kc_units_parse_quantity(const char *text, const char *unit, double *value, char *problem,
                                  size_t size) KC_WARN_UNUSED;
/// SI value of one `unit` (1 for a text that is no unit).
double kc_units_find_factor(const char *unit);
/// Writes an SI value in `unit`, as "3.3 m/s" or, for unit "1", as "3.3".
void kc_units_write(double value, const char *unit, char *text, size_t size);
/// Writes a number with the unit it stands in (empty or "1" = plain), as short as it can be without
/// another number being read; whole numbers without a power of ten.
void kc_units_write_exact(double value, const char *unit, char *text, size_t size);
