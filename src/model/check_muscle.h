/// @file
/// Checks of guides, wraps and muscles, and what they share with the other checks.
#pragma once
#include "model/definition.h"

/// One finding at an item; counts in `bad`.
#define COMPLAIN(item_place, key, ...)                                                             \
  ((void)kc_yaml_add(error, def->path, item_place, key, __VA_ARGS__), bad++)

/// Problems of a point of a band or muscle, the first or last of its path where at_end; their
/// number.
int kc_model_check_point(const kc_model_def *def, const char *owner, const kc_def_point *point,
                         int at_end, kc_error *error);
/// Problems of guides, wraps and muscles; their number.
int kc_model_check_muscles(const kc_model_def *def, kc_error *error);
