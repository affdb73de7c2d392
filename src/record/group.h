/// @file
/// A group of named arrays with dimensions and units: what a result file is made of.
///
/// Recording and gait build groups, the file writer writes them; so neither knows the other. A
/// variable's data are borrowed (they outlive the group) or lent by the group
/// (kc_record_group_keep). Every function takes a group whose memory ran out or whose tables are
/// full and does nothing more; kc_record_group_check tells once, at the end.
#pragma once
#include "base/error.h"

/// Most dimensions and variables of a group, and dimensions of a variable.
enum { KC_GROUP_MAX_DIMENSION = 24, KC_GROUP_MAX_VARIABLE = 512, KC_VARIABLE_MAX_DIMENSION = 4 };

/// How values are kept in memory and in the file; text is `const char *const *`.
typedef enum { KC_STORE_F64, KC_STORE_F32, KC_STORE_I32, KC_STORE_I8, KC_STORE_TEXT } kc_store;

/// What a reader of the file has to know; NULL where it does not apply. Units are SI ("1" = none).
typedef struct {
  const char *name, *unit, *long_name;
  const char *frame;      ///< axes the components refer to
  const char *positive;   ///< which way is positive
  const char *assumption; ///< what is a choice and not a measurement
} kc_label;

/// A dimension and its scale (one value or name per index).
typedef struct {
  kc_label label;
  int size;
  kc_store store;
  const void *value; ///< (size)
} kc_dimension;

/// An array; n_dimension = 0 is one number.
typedef struct {
  kc_label label;
  kc_store store;
  int n_dimension;
  int dimension[KC_VARIABLE_MAX_DIMENSION]; ///< indices into the group's dimensions, slowest first
  const void *value;                        ///< NULL: given block by block as the file is written
} kc_variable;

typedef struct {
  char name[40]; ///< "" is the root of the file
  int n_dimension, n_variable;
  kc_dimension dimension[KC_GROUP_MAX_DIMENSION];
  kc_variable variable[KC_GROUP_MAX_VARIABLE];
  void *owned; ///< chain of blocks freed with the group
  int failed;  ///< 1: out of memory, 2: tables full or an unknown dimension
} kc_group;

/// An empty group with that name; NULL if there is no memory.
kc_group *kc_record_group_create(const char *name);
/// Frees the group and what it keeps; takes NULL.
void kc_record_group_destroy(kc_group *group);
/// Zeroed memory that lives as long as the group; NULL (and the group failed) if there is none.
void *kc_record_group_keep(kc_group *group, size_t count, size_t size);
/// A text that lives as long as the group, printf-like; "" if there is no memory.
const char *kc_record_group_text(kc_group *group, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/// Adds a dimension; one of size 0 is left out. Returns its index, or -1.
int kc_record_group_add_dimension(kc_group *group, const kc_dimension *dimension);
/// Index of the dimension with that name, or -1.
int kc_record_group_find_dimension(const kc_group *group, const char *name);
/// Adds an array along dimensions named in one text, slowest first ("time body axis", "" for one
/// number); an array along a dimension of size 0 is left out.
void kc_record_group_add_variable(kc_group *group, const kc_label *label, kc_store store,
                                  const char *dimensions, const void *value);
/// Adds one number in float64.
void kc_record_group_add_number(kc_group *group, const kc_label *label, double value);
/// KC_OK, or KC_ERR_MEMORY with a finding if anything could not be added.
kc_status kc_record_group_check(const kc_group *group, kc_error *error) KC_WARN_UNUSED;
