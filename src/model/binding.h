/// @file
/// From YAML to a C struct by a table of fields: kinds, units, ranges, defaults, meaning, source.
///
/// Every problem of a file is reported at once with file, line, column and key: unknown keys (with
/// the nearest known one), doubled keys, missing or wrong units, values out of range, wrong kinds,
/// missing required keys. The same tables give the documentation that `kinchain list` prints.
///
///     typedef struct { kc_place place; char body[40]; double at[3]; } via;
///     typedef struct { double slack; int n_via; via *via; } band;   // arrays belong to the struct
///
///     static const kc_field via_field[] = {
///         {.key = "body", .kind = KC_FIELD_STRING, .offset = offsetof(via, body), .count = 40,
///          .required = 1, .meaning = "body that carries the point"},
///         {.key = "at", .kind = KC_FIELD_VECTOR, .offset = offsetof(via, at), .count = 3,
///          .unit = "mm", .lower = -2000, .upper = 2000, .meaning = "position", .source = "..."}};
///     static const kc_table via_table = KC_TABLE("via", via, via_field);   // fills via.place too
///     static const kc_field band_field[] = {
///         {.key = "slack", .kind = KC_FIELD_QUANTITY, .offset = offsetof(band, slack), .unit =
///         "mm",
///          .value = 250, .lower = 1, .upper = 2000, .meaning = "slack length"},
///         {.key = "via", .kind = KC_FIELD_LIST, .offset = offsetof(band, via),
///          .count_offset = offsetof(band, n_via), .count = 16, .table = &via_table}};
///     static const kc_table band_table = KC_TABLE_BARE("band", band, band_field); // no place in
///     it
///
///     band b;
///     kc_binding_default(&band_table, &b);
///     status = kc_binding_read(&band_table, yaml, kc_yaml_root(yaml), &b, error);
///     ...
///     kc_binding_destroy(&band_table, &b);   // also after a failure
#pragma once
#include "model/yaml.h"
#include <math.h>

typedef enum {
  KC_FIELD_QUANTITY, ///< double: a number with unit, or without for unit "1"
  KC_FIELD_SLOPE,    ///< double: a tangent, written as "8 %", "0.08" or "4.6 deg"; unit "%"
  KC_FIELD_INTEGER,  ///< int
  KC_FIELD_SEED,     ///< unsigned long long
  KC_FIELD_BOOL,     ///< int: true or false
  KC_FIELD_STRING,   ///< char[count], or char * of its own memory where count is 0
  KC_FIELD_ENUM,     ///< int: index into `word`
  KC_FIELD_VECTOR,   ///< double[count]: "1 2 3 mm" or [1 mm, 2 mm, 3 mm]
  KC_FIELD_TABLE,    ///< a struct within the struct, described by `table`
  KC_FIELD_LIST,     ///< pointer to structs of `table`, from a list
  KC_FIELD_MAP ///< pointer to structs of `table`, from `name: {...}`; see kc_table.name_offset
} kc_field_kind;

/// A table of keys (below).
typedef struct kc_table kc_table;

/// One key of a table. Numbers are in `unit`; what is stored is SI. Both bounds 0 = any finite
/// value.
typedef struct {
  const char *key;
  kc_field_kind kind;
  size_t offset;           ///< of the member
  const char *unit;        ///< unit in which value, lower and upper stand; "1" for a plain number
  double value;            ///< default; NAN = not given
  double lower, upper;     ///< allowed range, ends included
  const char *text;        ///< STRING: default (NULL = empty)
  const char *const *word; ///< ENUM: words, NULL at the end
  int count;               ///< VECTOR: numbers; STRING: bytes; LIST, MAP: most elements
  size_t count_offset;     ///< LIST, MAP: of the int that counts elements
  const kc_table *table;   ///< TABLE, LIST, MAP
  int required;
  const char *meaning, *source;
} kc_field;

/// The fields of a struct.
struct kc_table {
  const char *name;
  size_t size;
  int n_field;
  const kc_field *field;
  int has_short; ///< a single value stands for the first field, and for a list of one
  int has_place; ///< the struct starts with a kc_place: where it stands (line 0 = not given)
  int has_name;  ///< MAP: the key goes to char[name_size] at name_offset
  size_t name_offset;
  size_t name_size; ///< 0 = KC_BINDING_NAME_SIZE
};

/// Room of a name, ending zero included, where its table says nothing else.
enum { KC_BINDING_NAME_SIZE = 40 };

#define KC_TABLE_BARE(text, type, fields)                                                          \
  {                                                                                                \
    .name = text, .size = sizeof(type), .n_field = (int)(sizeof fields / sizeof fields[0]),        \
    .field = fields                                                                                \
  }
/// For a struct whose first member is `kc_place place`.
#define KC_TABLE(text, type, fields)                                                               \
  {                                                                                                \
    .name = text, .size = sizeof(type), .n_field = (int)(sizeof fields / sizeof fields[0]),        \
    .field = fields, .has_place = 1                                                                \
  }
/// For a struct that starts with `kc_place place` and has `char name[40]` for the key of its map.
#define KC_TABLE_NAMED(text, type, fields)                                                         \
  {                                                                                                \
    .name = text, .size = sizeof(type), .n_field = (int)(sizeof fields / sizeof fields[0]),        \
    .field = fields, .has_place = 1, .has_name = 1, .name_offset = offsetof(type, name)            \
  }

/// Fills a struct with the defaults of its table: arrays empty, places 0.
void kc_binding_default(const kc_table *table, void *object);
/// Reads a YAML table into a struct that holds defaults; keys that are not there leave it alone.
///
/// @return KC_OK; KC_ERR_INPUT with every problem in `error`; the struct may be destroyed either
/// way
kc_status kc_binding_read(const kc_table *table, kc_yaml *yaml, const yaml_node_t *node,
                          void *object, kc_error *error) KC_WARN_UNUSED;
/// Copies a struct with arrays and texts of its own.
///
/// @return KC_OK; KC_ERR_MEMORY: what there was no memory for is empty; `to` may be destroyed
kc_status kc_binding_copy(const kc_table *table, const void *from, void *to) KC_WARN_UNUSED;
/// Frees the arrays and texts of a struct (not the struct) and empties them.
void kc_binding_destroy(const kc_table *table, void *object);
/// Reads the text of one scalar field (QUANTITY, SLOPE, INTEGER, SEED, BOOL, STRING, ENUM, and
/// VECTOR as "1 2 3 mm") into its struct, range checked; `problem` says what is wrong.
kc_status kc_binding_set(const kc_field *field, const char *text, void *object, char *problem,
                         size_t size) KC_WARN_UNUSED;
/// Writes the value of a scalar field as kc_binding_set would read it; "" where it is not given.
void kc_binding_write(const kc_field *field, const void *object, char *text, size_t size);
/// Writes the default of a scalar field as kc_binding_set would read it; "" where there is none.
void kc_binding_write_initial(const kc_field *field, char *text, size_t size);
/// Writes what a scalar field allows: "0 m/s to 6 m/s", "naive or informed", or "" for anything.
void kc_binding_write_range(const kc_field *field, char *text, size_t size);
/// The unit in which the numbers of a field stand: "1" where none is named, "%" for a slope.
const char *kc_binding_unit(const kc_field *field);
/// Index of the field with that key, or -1.
int kc_binding_find(const kc_table *table, const char *key);
