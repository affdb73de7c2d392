#include "control/params.h"

static const kc_control_param_info table[] = {
#define X(name, value, lower, upper, scale, unit, meaning)                                         \
  {#name, value, lower, upper, scale, unit, meaning},
    KC_CONTROL_PARAMS(X)
#undef X
};

int kc_control_n_param(void) { return (int)(sizeof table / sizeof table[0]); }

const kc_control_param_info *kc_control_param(int index) { return &table[index]; }

kc_control_params kc_control_default_params(void) {
  return (kc_control_params){
#define X(name, value, lower, upper, scale, unit, meaning) .name = value,
      KC_CONTROL_PARAMS(X)
#undef X
  };
}
