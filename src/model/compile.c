/// @file
/// From a definition to an immutable model: compound joints, spheres.
///
/// Points are placed by place.c. A compound joint becomes one link per axis, massless but the last.
/// Neutral posture: all coordinates zero.
///
/// Conditions: a changed bone scales all that belongs to it, its mass stays; a rotated innominate
/// also shifts the hip's flexion range, for the capsule goes with the bone. Fascia:
/// compile_fascia.c. Muscles: compile_muscle.c.
#include "base/block.h"
#include "model/compile_muscle.h"
#include "model/fascia.h"
#include "model/hash.h"
#include "model/inertia.h"
#include "model/place.h"

#include <math.h>
#include <string.h>

/// What compiling needs beside the definition.
typedef struct {
  const kc_model_def *def;
  kc_model *model;
  int first[KC_DEF_MAX_BODY], last[KC_DEF_MAX_BODY]; ///< joints of each body
} compiler;

static double norm(const double v[3]) { return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]); }

static void copy_name(char *to, const char *from) { memcpy(to, from, KC_NAME_SIZE); }

static void compile_axis(const kc_model_def *def, const kc_def_body *body, const kc_def_axis *axis,
                         kc_joint *joint) {
  double length = norm(axis->axis);
  copy_name(joint->name, axis->name);
  joint->type = axis->type;
  joint->side = kc_model_name_side(axis->name);
  for (int i = 0; i < 3; i++)
    joint->axis[i] = axis->axis[i] / length;
  joint->range_lower = axis->range_lower;
  joint->range_upper = axis->range_upper;
  joint->passive = axis->passive;
  joint->rotor_inertia = axis->rotor_inertia;
  joint->torque_limit = axis->torque_limit;
  joint->actuator_lag = axis->actuator_lag;
  // flexion (about z) of a hip counts from the pelvis, its capsule from the turned innominate
  if (body->innominate && joint->side != KC_MIDLINE && joint->axis[2] > 0.9) {
    double shift =
        def->innominate_angle[joint->side] * def->sacroiliac_axis[2] / norm(def->sacroiliac_axis);
    joint->passive.upper += shift;
    joint->passive.lower += shift;
    joint->passive.rest += shift;
    joint->range_lower += shift;
    joint->range_upper += shift;
  }
}

static void compile_body(compiler *c, int index, int *n_joint) {
  const kc_def_body *body = &c->def->body[index];
  int above = kc_model_def_find_body(c->def, body->parent);
  int parent = above < 0 ? -1 : c->last[above];
  c->first[index] = *n_joint;
  for (int k = 0; k < body->n_axis; k++) {
    kc_joint *joint = &c->model->joint[*n_joint];
    compile_axis(c->def, body, &body->axis[k], joint);
    joint->parent = parent;
    if (k == 0)
      kc_model_place_body(c->def, body, KC_GEOMETRY_CHANGED, joint->offset);
    parent = (*n_joint)++;
  }
  c->last[index] = parent;
  kc_joint *joint = &c->model->joint[parent];
  kc_mass mass = kc_model_compute_mass(c->def, body);
  copy_name(joint->link_name, body->name);
  joint->mass = mass.mass;
  memcpy(joint->com, mass.com, sizeof mass.com);
  memcpy(joint->inertia, mass.inertia, sizeof mass.inertia);
}

static void compile_sphere(const compiler *c, const kc_def_sphere *from, kc_sphere *to) {
  int body = kc_model_def_find_body(c->def, from->body);
  copy_name(to->name, from->name);
  to->link = c->last[body];
  to->side = kc_model_name_side(from->name);
  kc_model_place_point(c->def, &c->def->body[body], from->at, 0, KC_GEOMETRY_CHANGED, to->position);
  to->radius = from->radius;
  to->stiffness = from->stiffness;
  to->dissipation = from->dissipation;
}

/// Straight leg from the first hinge of the side's innominate joint to the lowest point of its
/// soles.
static double leg_length(const compiler *c, kc_side side) {
  double lowest = INFINITY, hip[3];
  int found = 0;
  for (int i = 0; i < c->def->n_body && !found; i++)
    if (c->def->body[i].innominate && kc_model_name_side(c->def->body[i].name) == side) {
      kc_model_place_origin(c->def, &c->def->body[i], KC_GEOMETRY_CHANGED, hip);
      found = 1;
    }
  for (int i = 0; i < c->model->n_sphere; i++) {
    const kc_sphere *sphere = &c->model->sphere[i];
    double origin[3];
    if (sphere->side != side)
      continue;
    const kc_def_body *foot = &c->def->body[kc_model_def_find_body(c->def, c->def->sphere[i].body)];
    kc_model_place_origin(c->def, foot, KC_GEOMETRY_CHANGED, origin);
    lowest = fmin(lowest, origin[1] + sphere->position[1] - sphere->radius);
  }
  return found && isfinite(lowest) ? hip[1] - lowest : 0;
}

static int is_free_root(const kc_model *model) {
  for (int i = 0; i < 3; i++) {
    if (i >= model->n_joint)
      return 0;
    const kc_joint *joint = &model->joint[i];
    if (joint->type != KC_PRISMATIC || joint->parent != i - 1 || joint->axis[i] != 1)
      return 0;
  }
  return 1;
}

static void compile_all(compiler *c) {
  const kc_model_def *def = c->def;
  kc_model *model = c->model;
  int n_joint = 0;
  copy_name(model->name, def->name);
  for (int i = 0; i < def->n_body; i++)
    compile_body(c, i, &n_joint);
  for (int i = 0; i < def->n_sphere; i++)
    compile_sphere(c, &def->sphere[i], &model->sphere[i]);
  kc_model_compile_fascia(def, c->last, model);
  for (int i = 0; i < model->n_joint; i++)
    model->mass += model->joint[i].mass;
  model->stature = def->has_size ? def->stature : 0;
  for (int side = 0; side < KC_N_SIDE; side++)
    model->leg_length[side] = leg_length(c, (kc_side)side);
  model->free_root = is_free_root(model);
  int drag = kc_model_def_find_body(def, def->drag_body);
  model->drag_link = drag < 0 ? -1 : c->last[drag];
  if (drag >= 0) {
    model->drag_area = def->drag_area * def->drag_coefficient;
    kc_model_place_point(def, &def->body[drag], def->drag_at, 0, KC_GEOMETRY_CHANGED,
                         model->drag_point);
  }
  kc_model_compile_muscles(def, c->last, model);
  model->hash = kc_model_compute_hash(model);
}

/// The model and its arrays; runs once to count and once to hand out.
static kc_model *lay_out(kc_block *block, const kc_model_def *def) {
  size_t n_joint = 0;
  for (int i = 0; i < def->n_body; i++)
    n_joint += (size_t)def->body[i].n_axis;
  kc_model view; // its padding is compared too
  memset(&view, 0, sizeof view);
  view.n_joint = (int)n_joint;
  view.n_sphere = def->n_sphere;
  kc_model *model = kc_block_take(block, 1, sizeof *model);
  view.joint = kc_block_take(block, n_joint, sizeof *view.joint);
  view.sphere = kc_block_take(block, (size_t)def->n_sphere, sizeof *view.sphere);
  kc_model_lay_out_fascia(block, def, &view);
  kc_model_lay_out_muscles(block, def, &view);
  if (model)
    memcpy(model, &view, sizeof view);
  return model;
}

static kc_model *allocate(const kc_model_def *def) {
  kc_block block = {0};
  lay_out(&block, def);
  return kc_block_create(&block) == KC_OK ? lay_out(&block, def) : NULL;
}

/// Muscles whose points all lie in one place: their fibres would grow by 0 / 0.
static kc_status check_paths(const kc_model_def *def, const kc_model *model, kc_error *error) {
  kc_status status = KC_OK;
  for (int i = 0; i < model->n_muscle; i++)
    if (!(model->muscle[i].optimal_fibre_length > 0) ||
        !isfinite(model->muscle[i].optimal_fibre_length))
      status = kc_yaml_add(error, def->path, def->muscle[i].place, def->muscle[i].name,
                           "its path has no length in neutral posture; move its points apart");
  return status;
}

kc_status kc_model_compile_def(const kc_model_def *def, kc_model **model, kc_error *error) {
  *model = NULL;
  KC_TRY(kc_model_check_def(def, error));
  compiler c = {.def = def, .model = allocate(def)};
  if (!c.model)
    return kc_error_add(error, KC_ERR_MEMORY, def->path, "no memory for the model");
  compile_all(&c);
  kc_status status = kc_model_check_slack(def, c.model, error);
  if (check_paths(def, c.model, error) != KC_OK)
    status = KC_ERR_INPUT;
  if (status == KC_OK)
    *model = c.model;
  else
    kc_model_destroy(c.model);
  return status;
}

/// Where a part of one block lies in its copy.
static void *find_part(const kc_model *from, kc_model *to, const void *part) {
  return (char *)to + ((const char *)part - (const char *)from);
}

static kc_status copy_model(const kc_model_pair *pair, kc_model **model, kc_error *error) {
  const kc_model *from = pair->model;
  kc_block block = {0};
  lay_out(&block, pair->def);
  size_t size = block.used;
  if (kc_block_create(&block) != KC_OK)
    return kc_error_add(error, KC_ERR_MEMORY, pair->def->path, "no memory for the model");
  kc_model *to = (kc_model *)(void *)block.base;
  memcpy(block.base, from, size);
#define MOVE(part) to->part = find_part(from, to, from->part)
  MOVE(joint), MOVE(sphere), MOVE(node), MOVE(band), MOVE(point), MOVE(muscle), MOVE(path_point);
  MOVE(path_wrap), MOVE(wrap), MOVE(guide);
#undef MOVE
  *model = to;
  return KC_OK;
}

kc_status kc_model_compile_again(const kc_model_def *def, const kc_model_pair *known, int n_known,
                                 kc_model **model, kc_error *error) {
  *model = NULL;
  for (int i = 0; i < n_known; i++)
    if (memcmp(def, known[i].def, sizeof *def) == 0)
      return copy_model(&known[i], model, error);
  return kc_model_compile_def(def, model, error);
}
