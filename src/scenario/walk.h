/// @file
/// The walk along every address of a scenario, in a fixed order; the ground under address.h.
#pragma once
#include "scenario/definition.h"

/// Bytes of the longest address.
enum { KC_ADDRESS_SIZE = 160 };

/// What the walk shows of one address: the field and the struct that holds it.
typedef struct {
  const char *address;
  const kc_field *field;
  void *object;
  const char *source;  ///< of the field, or ""
  const kc_note *note; ///< of the model element, or NULL
  int in_model;        ///< the default is what the model file says
} kc_stop;

/// Who looks. `prefix` keeps the walk from parts that nobody asked for ("" = all).
typedef struct {
  void (*visit)(void *user, const kc_stop *stop);
  void *user;
  const char *prefix;
} kc_visitor;

/// Whether part `path` lies on the way to, or under, the prefix that is asked for.
int kc_scenario_wants(const kc_visitor *visitor, const char *path);
/// Scenario, conditions, controller, body.
void kc_scenario_walk(kc_scenario_def *def, const kc_visitor *visitor);
/// joint, sling, muscle, sphere, segment, drag.
void kc_scenario_walk_body(kc_model_def *body, const kc_visitor *visitor);
