/// @file
/// Guides, wraps and muscles of a model file: tables of keys, and their way into a definition.
#include "model/field_macros.h"
#include "model/fields.h"

#include <string.h>

#define T kc_def_knot
static const kc_field knot_field[] = {
    NUMBER("angle", angle, "deg", 0, -360, 360, "of the coordinate that guides"),
    VECTOR("at", at, 2, "m", -10, 10, "x and y of the frame, beside the guide's `at`"),
    NUMBER("turn", turn, "rad", 0, -10, 10, "of the frame about z")};
static const kc_table knot_table = KC_TABLE("knot", kc_def_knot, knot_field);
#undef T

#define T kc_file_guide
static const kc_field guide_field[] = {
    NEEDED_TEXT("body", body, "body that carries the frame"),
    NEEDED_TEXT("joint", joint, "coordinate that guides it"),
    VECTOR("at", at, 3, "m", -10, 10, "point of the body that the knots are relative to"),
    LIST("knots", KC_FIELD_LIST, knot, n_knot, KC_DEF_MAX_KNOT, &knot_table,
         "where the frame stands, by rising angle"),
    NOTES(note)};
const kc_table kc_guide_table = KC_TABLE_NAMED("guide", kc_file_guide, guide_field);
#undef T

static const char *const shape_word[] = {"cylinder", "sphere", NULL};
#define T kc_def_wrap
static const kc_field wrap_field[] = {
    NEEDED_TEXT("body", body, "body that carries the surface"),
    {.key = "shape",
     .kind = KC_FIELD_ENUM,
     AT(shape),
     .word = shape_word,
     .meaning = "cylinder (along its z axis) or sphere"},
    VECTOR("at", at, 3, "m", -10, 10, "centre"),
    VECTOR("turn", turn, 3, "rad", -7, 7, "turns about x, then the new y, then the new z"),
    NUMBER("radius", radius, "mm", 0, 0.01, 1000, "radius"),
    NUMBER("length", length, "mm", 0, 0, 10000, "length of a cylinder"),
    {.key = "innominate",
     .kind = KC_FIELD_BOOL,
     AT(innominate),
     .meaning = "the surface lies on the innominate bone of its side"},
    NOTES(note)};
const kc_table kc_wrap_table = KC_TABLE_NAMED("wrap", kc_def_wrap, wrap_field);
#undef T

static const char *const side_word[] = {"all", "x", "-x", "y", "-y", NULL};
#define T kc_def_wrap_use
static const kc_field use_field[] = {
    NEEDED_TEXT("wrap", wrap, "surface that the path goes round"),
    {.key = "after",
     .kind = KC_FIELD_INTEGER,
     AT(after),
     .value = 1,
     .lower = 1,
     .upper = KC_DEF_MAX_MUSCLE_POINT,
     .meaning = "between this point of the muscle, counted from 1, and the next"},
    {.key = "side",
     .kind = KC_FIELD_ENUM,
     AT(side),
     .word = side_word,
     .meaning = "on which side of a cylinder the path passes, in its axes; all = the shorter way"}};
static const kc_table use_table = KC_TABLE("wraps", kc_def_wrap_use, use_field);
#undef T

#define T kc_file_muscle
static const kc_field muscle_field[] = {
    TEXT("groups", groups, 96, "words by which conditions choose it, with blanks between"),
    LIST("points", KC_FIELD_LIST, point, n_point, KC_DEF_MAX_MUSCLE_POINT, &kc_point_table,
         "from origin to insertion; a body, or a guide"),
    LIST("wraps", KC_FIELD_LIST, wrap, n_wrap, KC_DEF_MAX_MUSCLE_WRAP, &use_table,
         "surfaces on its way, in the order of the path"),
    NOTES(note),
#define X(name, unit, value, lower, upper, meaning)                                                \
  NUMBER(#name, tissue.name, unit, value, lower, upper, meaning),
    KC_TISSUE_LIST(X)
#undef X
};
const kc_table kc_muscle_table = KC_TABLE_NAMED("muscle", kc_file_muscle, muscle_field);
#undef T

static void copy_guide(const kc_file_guide *from, kc_def_guide *to) {
  to->place = from->place;
  memcpy(to->name, from->name, sizeof to->name);
  memcpy(to->body, from->body, sizeof to->body);
  memcpy(to->joint, from->joint, sizeof to->joint);
  memcpy(to->at, from->at, sizeof to->at);
  to->n_knot = from->n_knot;
  for (int k = 0; k < from->n_knot; k++)
    to->knot[k] = from->knot[k];
  to->note = from->note;
}

static void copy_muscle(const kc_file_muscle *from, kc_def_muscle *to) {
  to->place = from->place;
  memcpy(to->name, from->name, sizeof to->name);
  memcpy(to->groups, from->groups, sizeof to->groups);
  to->n_point = from->n_point;
  for (int k = 0; k < from->n_point; k++)
    to->point[k] = from->point[k];
  to->n_wrap = from->n_wrap;
  for (int k = 0; k < from->n_wrap; k++)
    to->wrap[k] = from->wrap[k];
  to->tissue = from->tissue;
  to->length_factor = to->passive_factor = 1;
  to->note = from->note;
}

void kc_model_copy_muscles(const kc_file_model *from, kc_model_def *to) {
  to->muscle_mass = from->muscle_mass;
  to->n_guide = from->n_guide;
  to->n_wrap = from->n_wrap;
  to->n_muscle = from->n_muscle;
  for (int i = 0; i < from->n_guide; i++)
    copy_guide(&from->guide[i], &to->guide[i]);
  for (int i = 0; i < from->n_wrap; i++)
    to->wrap[i] = from->wrap[i];
  for (int i = 0; i < from->n_muscle; i++)
    copy_muscle(&from->muscle[i], &to->muscle[i]);
}
