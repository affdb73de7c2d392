/// @file
/// Reference tables: measured means and standard deviations, as CSV.
///
/// Lines that begin with # say how it was measured; a key, a colon, a value with its unit:
///
///     # source: whose data, where published          (any number of lines)
///     # speed: 3 m/s                                 (wanted)
///     # threshold: 30 N          vertical force at foot strike and toe-off (wanted)
///     # filter: 20 Hz            low-pass of the forces, zero-lag Butterworth of fourth order, or
///                                `none` (wanted where forces or their peaks are in the table)
///     # assumption: ...          what of these is not measured or published (any number)
///     quantity,percent,mean,sd,unit
///     hip_flexion,0,26.1,5.2,deg
///     step_rate,,166.6,7.62,1/min
///
/// Percent, of the stride or of the stance, rises within a quantity, from 0 to 100 at most; numbers
/// have none. Other lines with # are comments.
#pragma once
#include "base/error.h"
#include "lab/quantity.h"

/// Largest file read, bytes, and most points of a curve.
enum { KC_REFERENCE_SIZE_LIMIT = 4 << 20, KC_REFERENCE_MAX_POINT = 1001 };

/// What is known of one quantity, in its unit of KC_QUANTITY_LIST.
typedef struct {
  int n;                       ///< points; 1 for a number, 0 where the table has none
  double *percent, *mean, *sd; ///< (n)
} kc_reference_curve;

/// A table.
typedef struct {
  char *source, *assumption; ///< lines joined with a space; "" for none
  double speed;              ///< m/s
  double threshold;          ///< N
  double filter;             ///< Hz; 0 for none
  kc_reference_curve curve[KC_N_QUANTITY];
  double *numbers; ///< memory of the curves
} kc_reference;

/// Reads a table.
/// @param reference set to what kc_lab_destroy_reference frees, NULL on failure
/// @param error     the first problems of the file, with line and remedy
/// @return KC_OK; KC_ERR_INPUT (no text, a header line or column missing, unknown quantity or unit,
///         SD not above 0, percent that does not rise); KC_ERR_FILE; KC_ERR_MEMORY
kc_status kc_lab_read_reference(const char *path, kc_reference **reference,
                                kc_error *error) KC_WARN_UNUSED;
/// Reads a table from a text in memory, which it changes; `path` is for messages.
/// @return as kc_lab_read_reference
kc_status kc_lab_parse_reference(const char *path, char *text, kc_reference **reference,
                                 kc_error *error) KC_WARN_UNUSED;
/// Frees a table; takes NULL.
void kc_lab_destroy_reference(kc_reference *reference);
/// Whether runs at a speed are too far from the table's to be held against it: by more than 0.3
/// m/s.
int kc_lab_is_far(const kc_reference *reference, double speed);
/// Fingerprint of what a score by the table depends on: its numbers, speed, threshold and filter.
unsigned long long kc_lab_hash_reference(const kc_reference *reference, unsigned long long hash);
