/// @file
/// The table of quantity.h as data.
#include "lab/quantity.h"

static const kc_quantity_info quantity_info[KC_N_QUANTITY] = {
#define X(name, unit, group, span, left, meaning)                                                  \
  {#name, unit, meaning, KC_GROUP_##group, KC_OVER_##span, left},
    KC_QUANTITY_LIST(X)
#undef X
};

const kc_quantity_info *kc_lab_quantity_info(int quantity) { return &quantity_info[quantity]; }

static const char *const group_title[KC_N_GROUP] = {
#define X(name, title) title,
    KC_GROUP_LIST(X)
#undef X
};

const char *kc_lab_group_title(int group) { return group_title[group]; }
