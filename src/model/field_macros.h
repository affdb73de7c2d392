/// @file
/// One key of a table each: shorthand for the tables of model files.
#pragma once
#include "model/binding.h"

// one key each; T is the struct of the table being written
#define AT(member) .offset = offsetof(T, member)
#define TEXT(k, member, n, mean)                                                                   \
  { .key = k, .kind = KC_FIELD_STRING, AT(member), .count = n, .meaning = mean }
#define NEEDED_TEXT(k, member, mean)                                                               \
  {                                                                                                \
    .key = k, .kind = KC_FIELD_STRING, AT(member), .count = KC_NAME_SIZE, .required = 1,           \
    .meaning = mean                                                                                \
  }
#define NOTES(member)                                                                              \
  TEXT("source", member.source, KC_NOTE_SIZE, "where the numbers come from"),                      \
      TEXT("assumption", member.assumption, KC_NOTE_SIZE, "what was assumed, and why")
#define NUMBER(k, member, u, def, lo, hi, mean)                                                    \
  {                                                                                                \
    .key = k, .kind = KC_FIELD_QUANTITY, AT(member), .unit = u, .value = def, .lower = lo,         \
    .upper = hi, .meaning = mean                                                                   \
  }
#define VECTOR(k, member, n, u, lo, hi, mean)                                                      \
  {                                                                                                \
    .key = k, .kind = KC_FIELD_VECTOR, AT(member), .unit = u, .count = n, .lower = lo,             \
    .upper = hi, .meaning = mean                                                                   \
  }
#define LIST(k, what, member, n_member, most, t, mean)                                             \
  {                                                                                                \
    .key = k, .kind = what, AT(member), .count_offset = offsetof(T, n_member), .count = most,      \
    .table = t, .meaning = mean                                                                    \
  }
#define STRUCT(k, member, t, mean)                                                                 \
  { .key = k, .kind = KC_FIELD_TABLE, AT(member), .table = t, .meaning = mean }
