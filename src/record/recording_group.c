/// @file
/// The recording as a group of named arrays: scales, constants of the body, channels.
///
/// The constants let an independent reader recompute linear and angular momentum and draw the body
/// from the file alone: mass, mass centre and inertia of each named body (about its mass centre, in
/// axes parallel to ground at zero coordinates), its parent, the spheres under its feet, gravity.
#include "record/recording.h"
#include <stdint.h>
#include <string.h>

static const char *const side_name[KC_N_SIDE] = {"right", "left"};
static const char *const axis_name[3] = {"x", "y", "z"};
static const char *const quaternion_name[4] = {"w", "x", "y", "z"};
static const char *const component_name[6] = {"xx", "yy", "zz", "xy", "xz", "yz"};
static const char *const element_name[KC_N_POWER] = {
#define X(name, text) #name,
    KC_POWER_LIST(X)
#undef X
};
#define NAME(name, ...) #name,
static const char *const load_joint_name[KC_N_LOAD_JOINT] = {KC_LOAD_JOINT_LIST(NAME)};
static const char *const torsion_name[KC_N_TORSION] = {KC_TORSION_LIST(NAME)};
static const char *const sensor_name[KC_N_SENSOR] = {KC_SENSOR_LIST(NAME)};
static const char *const part_name[KC_N_PART] = {KC_PART_LIST(NAME)};
#undef NAME
static const char *const law_name[KC_N_LAW] = {
#define X(name, text) #name,
    KC_LAW_LIST(X)
#undef X
};
static const double gravity[3] = {0, -9.80665, 0};

typedef struct {
  const char *name, *long_name;
  const char *const *fixed; // names known beforehand, or NULL
} kc_scale;

static const kc_scale scale_list[] = {
    {"coordinate", "coordinate (one-axis joint)", NULL},
    {"body", "body with mass", NULL},
    {"band", "fascial band", NULL},
    {"node", "fascial node", NULL},
    {"muscle", "muscle", NULL},
    {"sphere", "contact sphere under a foot", NULL},
    {"side", "side of the body", side_name},
    {"axis", "axis: " KC_GROUND_AXES, axis_name},
    {"quaternion", "component of a quaternion, scalar first", quaternion_name},
    {"component", "component of a symmetric tensor", component_name},
    {"element", "kind of element", element_name},
    {"load_joint", "joint whose bones are looked at", load_joint_name},
    {"torsion_joint", "joint through which torsion goes", torsion_name},
    {"sensor", "point whose acceleration is looked at", sensor_name},
    {"part", "part of the body", part_name},
    {"law", "law of metabolic power", law_name},
    {"hip", "coordinate of a hip", NULL},
    {"sling", "fascial sling: all bands of that name", NULL},
};
enum { KC_N_SCALE = (int)(sizeof scale_list / sizeof *scale_list) };

static int count_slings(const kc_model *model) {
  int n = 0;
  while (kc_model_sling_name(model, n))
    n++;
  return n;
}

static int scale_size(const kc_recording *r, int scale) {
  int loads = r->width[KC_CHANNEL_joint_contact_force] > 0;
  const int size[KC_N_SCALE] = {r->model->n_joint,
                                r->n_body,
                                r->model->n_band,
                                r->model->n_node,
                                r->model->n_muscle,
                                r->model->n_sphere,
                                KC_N_SIDE,
                                3,
                                4,
                                6,
                                KC_N_POWER,
                                loads ? KC_N_LOAD_JOINT : 0,
                                loads ? KC_N_TORSION : 0,
                                loads ? KC_N_SENSOR : 0,
                                loads ? KC_N_PART : 0,
                                r->model->n_muscle ? KC_N_LAW : 0,
                                r->n_hip,
                                count_slings(r->model)};
  return size[scale];
}

static const char *scale_name(const kc_recording *r, int scale, int i) {
  switch (scale) {
  case 0:
    return r->model->joint[i].name;
  case 1:
    return r->model->joint[r->body_joint[i]].link_name;
  case 2:
    return r->model->band[i].name;
  case 3:
    return r->model->node[i].name;
  case 4:
    return r->model->muscle[i].name;
  case 5:
    return r->model->sphere[i].name;
  case KC_N_SCALE - 1:
    return kc_model_sling_name(r->model, i);
  case KC_N_SCALE - 2:
    return r->model->joint[r->hip_joint[i]].name;
  default:
    return scale_list[scale].fixed[i];
  }
}

static void add_name_scale(const kc_recording *r, kc_group *group, int scale) {
  int n = scale_size(r, scale);
  const char **name = kc_record_group_keep(group, (size_t)n + 1, sizeof *name);
  if (!name)
    return;
  for (int i = 0; i < n; i++)
    name[i] = scale_name(r, scale, i);
  kc_dimension dimension = {
      .label = {scale_list[scale].name, "1", scale_list[scale].long_name, NULL, NULL, NULL},
      .size = n,
      .store = KC_STORE_TEXT,
      .value = name};
  (void)kc_record_group_add_dimension(group, &dimension);
}

void kc_record_add_scale(const kc_recording *recording, kc_group *group, const char *name) {
  if (!strcmp(name, "time")) {
    kc_dimension time = {.label = {"time", "s", "time since the start", NULL, NULL, NULL},
                         .size = recording->n_sample,
                         .store = KC_STORE_F64,
                         .value = recording->time};
    (void)kc_record_group_add_dimension(group, &time);
    return;
  }
  for (int i = 0; i < KC_N_SCALE; i++)
    if (!strcmp(scale_list[i].name, name))
      add_name_scale(recording, group, i);
}

// joint index of a link -> index of its body, or that of the nearest body below it, or -1
static int find_body(const kc_recording *r, int joint) {
  for (int j = joint; j >= 0; j = r->model->joint[j].parent)
    for (int b = 0; b < r->n_body; b++)
      if (r->body_joint[b] == j)
        return b;
  return -1;
}

static void add_coordinates(const kc_recording *r, kc_group *group) {
  const kc_model *model = r->model;
  size_t n = (size_t)model->n_joint;
  const char **unit = kc_record_group_keep(group, n + 1, sizeof *unit);
  double *lower = kc_record_group_keep(group, n + 1, sizeof *lower);
  double *upper = kc_record_group_keep(group, n + 1, sizeof *upper);
  double *limit = kc_record_group_keep(group, n + 1, sizeof *limit);
  if (!unit || !lower || !upper || !limit)
    return;
  for (size_t i = 0; i < n; i++) {
    unit[i] = model->joint[i].type == KC_REVOLUTE ? "rad" : "m";
    lower[i] = model->joint[i].range_lower;
    upper[i] = model->joint[i].range_upper;
    limit[i] = model->joint[i].torque_limit;
  }
  const char *axis = "coordinate";
  kc_record_group_add_variable(
      group, &(kc_label){"coordinate_unit", "1", "unit of each coordinate", NULL, NULL, NULL},
      KC_STORE_TEXT, axis, unit);
  kc_record_group_add_variable(
      group, &(kc_label){"range_lower", "rad or m", "lower end of the range", NULL, KC_ALONG, NULL},
      KC_STORE_F64, axis, lower);
  kc_record_group_add_variable(
      group, &(kc_label){"range_upper", "rad or m", "upper end of the range", NULL, KC_ALONG, NULL},
      KC_STORE_F64, axis, upper);
  kc_record_group_add_variable(
      group, &(kc_label){"torque_limit", "N m", "largest actuator torque", NULL, NULL, NULL},
      KC_STORE_F64, axis, limit);
}

static void add_bodies(const kc_recording *r, kc_group *group) {
  size_t n = (size_t)r->n_body;
  double *mass = kc_record_group_keep(group, n + 1, sizeof *mass);
  double *com = kc_record_group_keep(group, n + 1, 3 * sizeof *com);
  double *inertia = kc_record_group_keep(group, n + 1, 6 * sizeof *inertia);
  int32_t *parent = kc_record_group_keep(group, n + 1, sizeof *parent);
  if (!mass || !com || !inertia || !parent)
    return;
  for (size_t b = 0; b < n; b++) {
    const kc_joint *joint = &r->model->joint[r->body_joint[b]];
    mass[b] = joint->mass;
    memcpy(com + 3 * b, joint->com, sizeof joint->com);
    memcpy(inertia + 6 * b, joint->inertia, sizeof joint->inertia);
    parent[b] = find_body(r, joint->parent);
  }
  const char *frame = "body axes, parallel to ground at zero coordinates";
  kc_record_group_add_variable(
      group, &(kc_label){"body_mass", "kg", "mass of each body", NULL, NULL, NULL}, KC_STORE_F64,
      "body", mass);
  kc_record_group_add_variable(
      group, &(kc_label){"body_com", "m", "mass centre from the joint centre", frame, NULL, NULL},
      KC_STORE_F64, "body axis", com);
  kc_record_group_add_variable(
      group,
      &(kc_label){"body_inertia", "kg m2", "inertia about the mass centre", frame, NULL, NULL},
      KC_STORE_F64, "body component", inertia);
  kc_record_group_add_variable(
      group,
      &(kc_label){"body_parent", "1", "index of the parent body, -1 for ground", NULL, NULL, NULL},
      KC_STORE_I32, "body", parent);
}

// which sling each band is part of
static void add_bands(const kc_recording *r, kc_group *group) {
  size_t n = (size_t)r->model->n_band;
  const char **sling = kc_record_group_keep(group, n + 1, sizeof *sling);
  if (!sling || !n)
    return;
  for (size_t i = 0; i < n; i++)
    sling[i] = r->model->band[i].sling;
  kc_record_group_add_variable(group,
                               &(kc_label){"band_sling", "1",
                                           "sling that each band is part of; empty: none", NULL,
                                           NULL, NULL},
                               KC_STORE_TEXT, "band", sling);
}

static void add_spheres(const kc_recording *r, kc_group *group) {
  size_t n = (size_t)r->model->n_sphere;
  double *position = kc_record_group_keep(group, n + 1, 3 * sizeof *position);
  double *radius = kc_record_group_keep(group, n + 1, sizeof *radius);
  int32_t *body = kc_record_group_keep(group, n + 1, sizeof *body);
  if (!position || !radius || !body)
    return;
  for (size_t i = 0; i < n; i++) {
    const kc_sphere *sphere = &r->model->sphere[i];
    memcpy(position + 3 * i, sphere->position, sizeof sphere->position);
    radius[i] = sphere->radius;
    body[i] = find_body(r, sphere->link);
  }
  kc_record_group_add_variable(
      group, &(kc_label){"sphere_body", "1", "index of the sphere's body", NULL, NULL, NULL},
      KC_STORE_I32, "sphere", body);
  kc_record_group_add_variable(group,
                               &(kc_label){"sphere_position", "m",
                                           "centre of each sphere from the joint centre",
                                           "body axes", NULL, NULL},
                               KC_STORE_F64, "sphere axis", position);
  kc_record_group_add_variable(
      group, &(kc_label){"sphere_radius", "m", "radius of each sphere", NULL, NULL, NULL},
      KC_STORE_F64, "sphere", radius);
}

static void add_numbers(const kc_recording *r, kc_group *group) {
  const kc_model *model = r->model;
  kc_record_group_add_variable(
      group, &(kc_label){"gravity", "m/s2", "acceleration of gravity", KC_GROUND_AXES, NULL, NULL},
      KC_STORE_F64, "axis", gravity);
  kc_record_group_add_variable(
      group, &(kc_label){"leg_length", "m", "hip centre to sole, straight leg", NULL, NULL, NULL},
      KC_STORE_F64, "side", model->leg_length);
  kc_record_group_add_number(
      group, &(kc_label){"mass", "kg", "mass of the whole body", NULL, NULL, NULL}, model->mass);
  kc_record_group_add_number(group, &(kc_label){"stature", "m", "stature", NULL, NULL, NULL},
                             model->stature);
  kc_record_group_add_number(
      group, &(kc_label){"drag_area", "m2", "area times drag coefficient", NULL, NULL, NULL},
      model->drag_area);
}

const kc_label *kc_record_channel_label(kc_channel channel, const char **dimensions) {
#define X(name, text) text,
  static const char *const dimension_list[KC_N_SHAPE] = {KC_SHAPE_LIST(X)};
#undef X
#define X(name_, store_, shape_, source, unit_, long_, frame_, positive_, assumption_)             \
  {#name_, unit_, long_, frame_, positive_, assumption_},
  static const kc_label label[KC_N_CHANNEL] = {KC_CHANNEL_LIST(X)};
#undef X
#define X(name_, store_, shape_, ...) KC_SHAPE_##shape_,
  static const kc_shape shape[KC_N_CHANNEL] = {KC_CHANNEL_LIST(X)};
#undef X
  *dimensions = dimension_list[shape[channel]];
  return &label[channel];
}

static void add_channels(const kc_recording *r, kc_group *group) {
  static const char *const dimensions[KC_N_SHAPE] = {
#define X(name, text) text,
      KC_SHAPE_LIST(X)
#undef X
  };
#define X(name_, store_, shape_, source, unit_, long_, frame_, positive_, assumption_)             \
  if (r->width[KC_CHANNEL_##name_] > 0)                                                            \
    kc_record_group_add_variable(                                                                  \
        group, &(kc_label){#name_, unit_, long_, frame_, positive_, assumption_},                  \
        KC_STORE_##store_, dimensions[KC_SHAPE_##shape_], r->data[KC_CHANNEL_##name_]);
  KC_CHANNEL_LIST(X)
#undef X
}

kc_group *kc_record_create_group(const kc_recording *recording) {
  kc_group *group = kc_record_group_create("");
  if (!group)
    return NULL;
  kc_record_add_scale(recording, group, "time");
  for (int i = 0; i < KC_N_SCALE; i++)
    add_name_scale(recording, group, i);
  add_numbers(recording, group);
  add_coordinates(recording, group);
  add_bodies(recording, group);
  add_bands(recording, group);
  add_spheres(recording, group);
  add_channels(recording, group);
  return group;
}
