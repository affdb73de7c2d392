/// @file
/// Parameters of the gait controller: one table gives name, default, bounds, scale, meaning.
#pragma once
#include "base/error.h"

/// X(name, default, lower, upper, scale of a tuning step, unit, meaning)
#define KC_CONTROL_PARAMS(X)                                                                       \
  X(kcomp, 12579, 6000, 25000, 1500, "N/m", "stiffness of the virtual leg in compression")

typedef struct kc_control_params {
#define X(name, value, lower, upper, scale, unit, meaning) double name;
  KC_CONTROL_PARAMS(X)
#undef X
} kc_control_params;

typedef struct {
  const char *name;
  double value, lower, upper, scale;
  const char *unit, *meaning;
} kc_control_param_info;

/// Number of parameters, and the row of each (fields of kc_control_params in this order, as doubles).
int kc_control_n_param(void);
const kc_control_param_info *kc_control_param(int index);
kc_control_params kc_control_default_params(void);
