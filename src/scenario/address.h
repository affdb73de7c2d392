/// @file
/// Addresses: one name for every number of a scenario, its controller and its model.
///
///     speed, course/grade, numerics/step          scenario
///     condition/leg_length/shank                  the first condition of that kind, made if absent
///     condition/leg_length.2/shank                the second
///     control/leg_stiffness                       controller parameter
///     joint/knee_angle_r/torque_limit, sling/posterior_oblique_l/stiffness,
///     band/iliotibial_tract_r/stiffness, node/pubic/drag, muscle/glmed1_r/strength,
///     sphere/heel_r/radius, segment/thigh/length  the unchanged model
///
/// In an address of the model `*` stands for any letters within a name: muscle/soleus_*/strength is
/// that of both sides, band/*/loss that of all bands. All take the value, or it is refused.
#pragma once
#include "scenario/definition.h"

/// One address, valid during the visit.
typedef struct {
  const char *address;
  const char *unit;             ///< "" for a word, "1" for a plain number
  const char *value;            ///< as it would be written
  const char *initial;          ///< default; "" where the model file decides
  const char *range;            ///< "0 m/s to 6 m/s", "naive or informed", or ""
  const char *meaning, *source; ///< "" where there is none
} kc_address_row;

/// Visits every address that starts with `prefix` ("" = all) in a fixed order.
void kc_scenario_list_addresses(const kc_scenario_def *def, const char *prefix,
                                void (*visit)(void *user, const kc_address_row *row), void *user);
/// Sets a value from text with its unit.
///
/// @param where place for messages, such as "--set course/grade"
/// @return KC_OK; KC_ERR_INPUT for an unknown address (with the nearest) or a value refused
kc_status kc_scenario_set_address(kc_scenario_def *def, const char *address, const char *value,
                                  const char *where, kc_error *error) KC_WARN_UNUSED;
/// kc_scenario_set_address for the addresses of a body alone (joint, sling, band, node, muscle,
/// sphere, segment, drag).
kc_status kc_scenario_set_body_address(kc_model_def *body, const char *address, const char *value,
                                       const char *where, kc_error *error) KC_WARN_UNUSED;
/// Writes the value of an address, of the first one that fits where it has a `*`; KC_ERR_INPUT if
/// there is no such address.
kc_status kc_scenario_get_address(const kc_scenario_def *def, const char *address, char *value,
                                  size_t size) KC_WARN_UNUSED;
