/// @file
/// Model files: tables of keys with units and bounds, and their way into a definition.
///
/// Keys `source` and `assumption` are texts kept with an item; one of the two says where its
/// numbers come from. Numbers that a check compares (parents, cycles, inertias) are looked at
/// afterwards by kc_model_check_def, with the place of their item.
#include "model/read.h"

#include "model/fascia.h"
#include "model/field_macros.h"
#include "model/fields.h"

#include <stdlib.h>
#include <string.h>

#define T kc_def_segment
static const kc_field segment_field[] = {
    NUMBER("reference", reference, "m", 0, 0.001, 10, "length in the reference geometry"),
    NUMBER("male", male, "1", 0, 0.001, 1, "length as a fraction of stature, men"),
    NUMBER("female", female, "1", 0, 0.001, 1, "length as a fraction of stature, women"),
    NUMBER("length", length, "m", 0, 0, 10,
           "a single length that overrides the fraction; 0 = none"),
    NOTES(note)};
static const kc_table segment_table = KC_TABLE_NAMED("segment", kc_def_segment, segment_field);
#undef T

#define T kc_passive
static const kc_field passive_field[] = {
    NUMBER("k1", k1, "Nm", 0, -1e4, 0, "torque at the upper limit"),
    NUMBER("k2", k2, "1/rad", 0, 0, 1000, "growth beyond the upper limit"),
    NUMBER("upper", upper, "rad", 0, -10, 10, "upper limit"),
    NUMBER("k3", k3, "Nm", 0, 0, 1e4, "torque at the lower limit"),
    NUMBER("k4", k4, "1/rad", 0, -1000, 0, "growth beyond the lower limit"),
    NUMBER("lower", lower, "rad", 0, -10, 10, "lower limit"),
    NUMBER("stiffness", stiffness, "Nm/rad", 0, 0, 1e5, "linear spring"),
    NUMBER("rest", rest, "rad", 0, -10, 10, "angle without spring torque"),
    NUMBER("damping", damping, "Nm s/rad", 0, 0, 1e4, "damping")};
static const kc_table passive_table = KC_TABLE_BARE("passive", kc_passive, passive_field);
#undef T

static const char *const axis_word[] = {"hinge", "slide", NULL};
#define T kc_file_axis
static const kc_field axis_field[] = {
    {.key = "type",
     .kind = KC_FIELD_ENUM,
     AT(slide),
     .word = axis_word,
     .meaning = "hinge or slide"},
    VECTOR("axis", axis, 3, "1", -1e3, 1e3, "direction in the parent's frame"),
    VECTOR("range", range, 2, "rad", -100, 100, "anatomical range of a hinge"),
    VECTOR("travel", travel, 2, "m", -1e4, 1e4, "range of a slide"),
    STRUCT("passive", passive, &passive_table, "passive torque of a hinge"),
    NUMBER("rotor_inertia", rotor_inertia, "kg m2", 0, 0, 1e3, "inertia added to the axis"),
    NUMBER("torque_limit", torque_limit, "Nm", 0, 0, 1e4, "largest torque of the ideal actuator"),
    NUMBER("actuator_lag", actuator_lag, "s", 0, 0, 1, "first-order time constant"),
    NOTES(note)};
static const kc_table axis_table = KC_TABLE_NAMED("axis", kc_file_axis, axis_field);
#undef T

#define T kc_def_part
static const kc_field part_field[] = {
    TEXT("segment", segment, KC_NAME_SIZE, "segment of de Leva 1996"),
    NUMBER("share", share, "1", 1, 0, 1, "part of the segment's mass"),
    VECTOR("from", from, 3, "m", -10, 10, "proximal end; lower end of an upright segment's line"),
    VECTOR("to", to, 3, "m", -10, 10, "distal end; a point further up that line"),
    NUMBER("mass", mass, "kg", 0, -1e9, 1e6, "mass of a part without a segment"),
    VECTOR("com", com, 3, "m", -100, 100, "mass centre"),
    VECTOR("gyration", gyration, 3, "m", 0, 10, "radii of gyration about x, y, z"),
    VECTOR("inertia", inertia, 6, "kg m2", -1e6, 1e6,
           "Ixx Iyy Izz Ixy Ixz Iyz about the mass centre"),
    NOTES(note)};
static const kc_table part_table = KC_TABLE("part", kc_def_part, part_field);
#undef T

#define T kc_file_body
static const kc_field body_field[] = {
    NEEDED_TEXT("parent", parent, "body that carries it, or ground"),
    TEXT("scale", scale, KC_NAME_SIZE, "segment by which its points scale"),
    VECTOR("at", at, 3, "m", -100, 100, "joint centre in the parent's frame"),
    {.key = "innominate",
     .kind = KC_FIELD_BOOL,
     AT(innominate),
     .meaning = "the joint sits on the innominate bone of its side"},
    LIST("joint", KC_FIELD_MAP, axis, n_axis, KC_DEF_MAX_AXIS, &axis_table,
         "axes of the joint, from the parent outwards"),
    LIST("mass", KC_FIELD_LIST, part, n_part, KC_DEF_MAX_PART, &part_table, "parts of its mass"),
    NOTES(note)};
static const kc_table body_table = KC_TABLE_NAMED("body", kc_file_body, body_field);
#undef T

#define T kc_def_sphere
static const kc_field sphere_field[] = {
    NEEDED_TEXT("body", body, "body that carries it"),
    VECTOR("at", at, 3, "m", -100, 100, "centre"),
    NUMBER("radius", radius, "m", 0.02, 1e-4, 10, "radius"),
    NUMBER("stiffness", stiffness, "N/m^1.5", 0, 0, 1e12, "k in f = k d^1.5"),
    NUMBER("dissipation", dissipation, "s/m", 0, 0, 100, "c in f (1 + c d')"),
    NOTES(note)};
static const kc_table sphere_table = KC_TABLE_NAMED("sphere", kc_def_sphere, sphere_field);
#undef T

static const char *const sex_word[] = {"male", "female", NULL};
#define T kc_file_size
static const kc_field size_field[] = {{.key = "sex",
                                       .kind = KC_FIELD_ENUM,
                                       AT(sex),
                                       .word = sex_word,
                                       .required = 1,
                                       .meaning = "whose segment figures"},
                                      NUMBER("mass", mass, "kg", 0, 1, 1000, "body mass"),
                                      NUMBER("stature", stature, "m", 0, 0.3, 3, "stature")};
static const kc_table size_table = KC_TABLE("size", kc_file_size, size_field);
#undef T

#define T kc_file_drag
static const kc_field drag_field[] = {
    NEEDED_TEXT("body", body, "body that carries the drag"),
    NUMBER("area", area, "m2", 0, 0, 100, "frontal area"),
    NUMBER("coefficient", coefficient, "1", 0, 0, 100, "drag coefficient"),
    VECTOR("at", at, 3, "m", -100, 100, "point of attack"), NOTES(note)};
static const kc_table drag_table = KC_TABLE("drag", kc_file_drag, drag_field);
#undef T

#define T kc_file_sacroiliac
static const kc_field sacroiliac_field[] = {
    NEEDED_TEXT("body", body, "body that carries both innominates"),
    VECTOR("at", at, 3, "m", -100, 100, "a point of the axis"),
    VECTOR("axis", axis, 3, "1", -1e3, 1e3, "direction; positive turn = anterior rotation"),
    NOTES(note)};
static const kc_table sacroiliac_table =
    KC_TABLE("sacroiliac", kc_file_sacroiliac, sacroiliac_field);
#undef T

#define T kc_file_model
static const kc_field model_field[] = {
    NEEDED_TEXT("name", name, "name of the model"),
    NOTES(note),
    STRUCT("size", size, &size_table, "size of the body"),
    LIST("segments", KC_FIELD_MAP, segment, n_segment, KC_DEF_MAX_SEGMENT, &segment_table,
         "lengths by which bodies scale"),
    LIST("bodies", KC_FIELD_MAP, body, n_body, KC_DEF_MAX_BODY, &body_table,
         "bodies, a parent before its children; right side and midline"),
    LIST("spheres", KC_FIELD_MAP, sphere, n_sphere, KC_DEF_MAX_SPHERE, &sphere_table,
         "contact spheres; right side"),
    LIST("nodes", KC_FIELD_MAP, node, n_node, KC_DEF_MAX_NODE, &kc_node_table,
         "fascial nodes; right side and midline"),
    LIST("slings", KC_FIELD_MAP, sling, n_sling, KC_DEF_MAX_SLING, &kc_sling_table,
         "what the bands of a sling have in common; right side"),
    LIST("bands", KC_FIELD_MAP, band, n_band, KC_DEF_MAX_BAND, &kc_band_table,
         "tension-only bands; right side and midline"),
    NUMBER("muscle_mass", muscle_mass, "kg", 0, 0, 1000,
           "mass of the body whose muscles these are; forces scale with mass^(2/3); 0 = do not"),
    LIST("guides", KC_FIELD_MAP, guide, n_guide, KC_DEF_MAX_GUIDE, &kc_guide_table,
         "frames guided by a coordinate, such as a patella; right side"),
    LIST("wraps", KC_FIELD_MAP, wrap, n_wrap, KC_DEF_MAX_WRAP, &kc_wrap_table,
         "surfaces that muscles go round; right side"),
    LIST("muscles", KC_FIELD_MAP, muscle, n_muscle, KC_DEF_MAX_MUSCLE, &kc_muscle_table,
         "muscles; right side"),
    STRUCT("drag", drag, &drag_table, "air drag"),
    STRUCT("sacroiliac", sacroiliac, &sacroiliac_table, "axis of innominate rotation")};
static const kc_table model_table = KC_TABLE("model", kc_file_model, model_field);
#undef T

const kc_table *kc_model_file_table(void) { return &model_table; }

static void copy_axis(const kc_file_axis *from, kc_def_axis *to) {
  to->place = from->place;
  memcpy(to->name, from->name, sizeof to->name);
  to->type = from->slide ? KC_PRISMATIC : KC_REVOLUTE;
  memcpy(to->axis, from->axis, sizeof to->axis);
  const double *range = from->slide ? from->travel : from->range;
  to->range_lower = range[0];
  to->range_upper = range[1];
  to->passive = from->passive;
  to->rotor_inertia = from->rotor_inertia;
  to->torque_limit = from->torque_limit;
  to->actuator_lag = from->actuator_lag;
  to->note = from->note;
}

static void copy_body(const kc_file_body *from, kc_def_body *to) {
  to->place = from->place;
  memcpy(to->name, from->name, sizeof to->name);
  memcpy(to->parent, from->parent, sizeof to->parent);
  memcpy(to->scale, from->scale, sizeof to->scale);
  memcpy(to->at, from->at, sizeof to->at);
  to->innominate = from->innominate;
  to->n_axis = from->n_axis;
  to->n_part = from->n_part;
  for (int k = 0; k < from->n_axis; k++)
    copy_axis(&from->axis[k], &to->axis[k]);
  for (int k = 0; k < from->n_part; k++)
    to->part[k] = from->part[k];
  to->note = from->note;
}

static void copy_model(const kc_file_model *from, kc_model_def *to) {
  to->place = from->place;
  memcpy(to->name, from->name, sizeof to->name);
  to->note = from->note;
  to->has_size = from->size.place.line > 0;
  to->sex = (kc_sex)from->size.sex;
  to->mass = from->size.mass;
  to->stature = from->size.stature;
  to->n_segment = from->n_segment;
  to->n_body = from->n_body;
  to->n_sphere = from->n_sphere;
  for (int i = 0; i < from->n_segment; i++)
    to->segment[i] = from->segment[i];
  for (int i = 0; i < from->n_body; i++)
    copy_body(&from->body[i], &to->body[i]);
  for (int i = 0; i < from->n_sphere; i++)
    to->sphere[i] = from->sphere[i];
  kc_model_copy_fascia(from, to);
  kc_model_copy_muscles(from, to);
  memcpy(to->drag_body, from->drag.body, sizeof to->drag_body);
  to->drag_area = from->drag.area;
  to->drag_coefficient = from->drag.coefficient;
  memcpy(to->drag_at, from->drag.at, sizeof to->drag_at);
  memcpy(to->innominate_body, from->sacroiliac.body, sizeof to->innominate_body);
  memcpy(to->sacroiliac_at, from->sacroiliac.at, sizeof to->sacroiliac_at);
  memcpy(to->sacroiliac_axis, from->sacroiliac.axis, sizeof to->sacroiliac_axis);
}

/// Document to definition: binding, mirror, checks.
static kc_status read_document(kc_yaml *yaml, const char *name, kc_model_def *def,
                               kc_error *error) {
  kc_file_model file;
  kc_binding_default(&model_table, &file);
  kc_status status = kc_binding_read(&model_table, yaml, kc_yaml_root(yaml), &file, error);
  if (status == KC_OK) {
    strncpy(def->path, name, sizeof def->path - 1);
    copy_model(&file, def);
    status = kc_model_mirror_def(def, error);
  }
  if (status == KC_OK)
    status = kc_model_place_nodes(def, error);
  if (status == KC_OK)
    status = kc_model_check_def(def, error);
  kc_binding_destroy(&model_table, &file);
  return status;
}

static kc_status finish(kc_status status, kc_yaml *yaml, const char *name, kc_model_def **def,
                        kc_error *error) {
  *def = NULL;
  if (status == KC_OK) {
    *def = kc_model_create_def();
    status = *def ? read_document(yaml, name, *def, error)
                  : kc_error_add(error, KC_ERR_MEMORY, name, "no memory for the model");
  }
  if (status != KC_OK) {
    kc_model_destroy_def(*def);
    *def = NULL;
  }
  kc_yaml_destroy(yaml);
  return status;
}

kc_status kc_model_read_def(const char *path, char **text, kc_model_def **def, kc_error *error) {
  kc_yaml *yaml = NULL;
  kc_status status = kc_yaml_read(path, &yaml, text, error);
  return finish(status, yaml, path, def, error);
}

kc_status kc_model_read_def_text(const char *text, size_t size, const char *name,
                                 kc_model_def **def, kc_error *error) {
  kc_yaml *yaml = NULL;
  kc_status status = kc_yaml_read_text(text, size, name, &yaml, error);
  return finish(status, yaml, name, def, error);
}

static kc_status compile_and_drop(kc_status status, kc_model_def *def, kc_model **model,
                                  kc_error *error) {
  *model = NULL;
  if (status == KC_OK)
    status = kc_model_compile_def(def, model, error);
  kc_model_destroy_def(def);
  return status;
}

kc_status kc_model_read(const char *path, kc_model **model, kc_error *error) {
  kc_model_def *def = NULL;
  kc_status status = kc_model_read_def(path, NULL, &def, error);
  return compile_and_drop(status, def, model, error);
}

kc_status kc_model_read_text(const char *text, size_t size, const char *name, kc_model **model,
                             kc_error *error) {
  kc_model_def *def = NULL;
  kc_status status = kc_model_read_def_text(text, size, name, &def, error);
  return compile_and_drop(status, def, model, error);
}
