/// @file
/// A factor of a sweep: a number or word of a scenario, and the values it takes.
///
///     course/grade: {list: [-8 %, 0 %, 8 %]}            # values one by one, also words
///     speed: {from: 2.5 m/s, to: 4.5 m/s, points: 5}    # evenly spaced
///     speed: {from: 2.5 m/s, to: 4.5 m/s}               # any between: uniform
///     runner/mass: {distribution: normal, mean: 70 kg, sd: 9 kg}
///     runner/mass: {distribution: truncated_normal, mean: 70 kg, sd: 9 kg, from: 50 kg, to: 95 kg}
///     band/iliotibial_tract_r/stiffness: {distribution: lognormal, median: 60 kN/m, spread: 1.5}
///
/// A share u of 0..1 becomes a value by the inverse of the distribution: for a list the element
/// floor(u n), lognormal: median spread^q(u) with q the quantile of the normal distribution.
/// Values stand in the unit in which the file has them; all of one factor share it.
#pragma once
#include "scenario/scenario.h"
#include "scenario/walk.h"

/// Most elements of a list; bytes of a value as text.
enum { KC_FACTOR_MAX_VALUE = 10000, KC_FACTOR_TEXT_SIZE = 80 };

/// How values between the ends are weighed; a factor with a list has no distribution.
typedef enum {
  KC_DISTRIBUTION_UNIFORM,
  KC_DISTRIBUTION_NORMAL,
  KC_DISTRIBUTION_LOGNORMAL,
  KC_DISTRIBUTION_TRUNCATED_NORMAL
} kc_distribution;

/// One value of a list.
typedef struct {
  kc_place place;
  char text[KC_FACTOR_TEXT_SIZE]; ///< as written; empty for an evenly spaced one
  double value;                   ///< in the factor's unit; of a word its index in the list
} kc_factor_value;

/// A number (or word) of a scenario that a sweep varies.
typedef struct {
  kc_place place;
  char address[KC_ADDRESS_SIZE];     ///< any that --set takes
  char column[KC_ADDRESS_SIZE];      ///< address with '.' for '/': the column of the result file
  char unit[60];                     ///< as written, "1" for a plain number, "" for a word
  int is_word;                       ///< values are indices into value[].text
  int n_value;                       ///< of a list or of evenly spaced values; 0 = a distribution
  kc_factor_value *value;            ///< (n_value)
  int n_point;                       ///< as written; 0 = not given
  int distribution;                  ///< kc_distribution
  char text[5][KC_FACTOR_TEXT_SIZE]; ///< from, to, mean, sd, median, as written
  double from, to, mean, sd, median; ///< in `unit`; NAN = not given
  double spread;                     ///< of a lognormal, its geometric standard deviation; NAN
  double base;                       ///< the base scenario's value in `unit`, NAN where it has none
  char base_text[KC_FACTOR_TEXT_SIZE]; ///< the same as written, for words
} kc_factor;

/// The keys of a factor; the address is the key of its map.
extern const kc_table kc_factor_table;

/// Finds what a factor's texts say: numbers with one unit or words, levels, column.
///
/// @param name file, for messages
/// @return KC_OK; KC_ERR_INPUT with every problem (no values, lower >= upper, keys that do not go
///         together, units that differ); KC_ERR_MEMORY
kc_status kc_factor_complete(kc_factor *factor, const char *name, kc_error *error) KC_WARN_UNUSED;
/// Writes the column that belongs to an address.
void kc_factor_write_column(const char *address, char *column, size_t size);
/// Whether values may lie any distance away: normal and lognormal.
int kc_factor_is_unbounded(const kc_factor *factor);
/// The value at a share u of the distribution, 0 <= u <= 1 (0 < u < 1 where unbounded).
double kc_factor_eval(const kc_factor *factor, double u);
/// Continues a fingerprint over everything that decides the values.
unsigned long long kc_factor_hash(const kc_factor *factor, unsigned long long hash);
