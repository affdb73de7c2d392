/// @file
/// Rows of the table as a space to search (see space.h).
#include "study/space.h"
#include <math.h>
#include <string.h>

kc_space kc_space_default(void) {
  kc_space space;
  for (int i = 0; i < KC_SPACE_N; i++) {
    const kc_control_param_info *info = kc_control_param(i);
    space.lower[i] = info->lower;
    space.upper[i] = info->upper;
    space.step[i] = info->scale;
  }
  return space;
}

void kc_space_free(kc_space *space, int row, double lower, double upper) {
  const kc_control_param_info *info = kc_control_param(row);
  double range = upper - lower, step = info->scale > 0 ? info->scale : 0.1 * range;
  int narrower = lower > info->lower || upper < info->upper;
  space->lower[row] = lower;
  space->upper[row] = upper;
  space->step[row] = narrower ? fmin(step, 0.25 * range) : step;
}

int kc_space_find(const char *name) {
  for (int i = 0; i < KC_SPACE_N; i++)
    if (strcmp(kc_control_param(i)->name, name) == 0)
      return i;
  return -1;
}

int kc_space_count(const kc_space *space) {
  int n = 0;
  for (int i = 0; i < KC_SPACE_N; i++)
    n += space->step[i] > 0;
  return n;
}
