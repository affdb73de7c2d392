/// @file
/// The space that tuning searches: which parameters of the controller move, how far, in what steps.
#pragma once
#include "control/params.h"

/// Number of parameters.
enum { KC_SPACE_N = sizeof(kc_control_params) / sizeof(double) };

/// By row of the table of control/params.h.
typedef struct {
  double lower[KC_SPACE_N], upper[KC_SPACE_N]; ///< bounds, within the table's
  double step[KC_SPACE_N]; ///< one unit of the search space; 0: the parameter stays as it is
} kc_space;

/// All that have a tuning scale, with the table's bounds.
kc_space kc_space_default(void);
/// Lets a parameter move within bounds: by its tuning scale, or a tenth of the range where it has
/// none, and never by more than a quarter of bounds that are narrower than the table's.
void kc_space_free(kc_space *space, int row, double lower, double upper);
/// Row of the parameter with that name, or -1.
int kc_space_find(const char *name);
/// Parameters that move.
int kc_space_count(const kc_space *space);
