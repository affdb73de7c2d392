/// @file
/// What the tables of a scenario file share. Inside of src/scenario.
#pragma once
#include "scenario/definition.h"

#define AT(type, member) .offset = offsetof(type, member)
#define ASSUMED "assumption"

/// Tables that the scenario's own holds (course_fields.c, controller_fields.c).
extern const kc_table kc_course_table, kc_surface_table, kc_controller_table;
