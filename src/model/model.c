/// @file
/// Lookup, fingerprint and release of compiled models.
#include "model/model.h"

#include "base/block.h"
#include "base/hash.h"
#include "model/hash.h"

#include <string.h>

int kc_model_find_joint(const kc_model *model, const char *name) {
  for (int i = 0; i < model->n_joint; i++)
    if (strcmp(model->joint[i].name, name) == 0)
      return i;
  return -1;
}

int kc_model_find_link(const kc_model *model, const char *name) {
  if (!name[0])
    return -1;
  for (int i = 0; i < model->n_joint; i++)
    if (strcmp(model->joint[i].link_name, name) == 0)
      return i;
  return -1;
}

int kc_model_find_hips(const kc_model *model, int joint[KC_MAX_HIP]) {
  static const char *const name[KC_MAX_HIP] = {"hip_flexion_r",   "hip_adduction_r",
                                               "hip_rotation_r",  "hip_flexion_l",
                                               "hip_adduction_l", "hip_rotation_l"};
  int n = 0;
  for (int i = 0; i < KC_MAX_HIP; i++) {
    int j = kc_model_find_joint(model, name[i]);
    if (j >= 0)
      joint[n++] = j;
  }
  return n;
}

int kc_model_find_node(const kc_model *model, const char *name) {
  for (int i = 0; i < model->n_node; i++)
    if (strcmp(model->node[i].name, name) == 0)
      return i;
  return -1;
}

int kc_model_find_band(const kc_model *model, const char *name) {
  for (int i = 0; i < model->n_band; i++)
    if (strcmp(model->band[i].name, name) == 0)
      return i;
  return -1;
}

const char *kc_model_sling_name(const kc_model *model, int index) {
  for (int b = 0; b < model->n_band; b++) {
    const char *name = model->band[b].sling;
    int seen = !name[0];
    for (int i = 0; i < b && !seen; i++)
      seen = strcmp(model->band[i].sling, name) == 0;
    if (!seen && index-- == 0)
      return name;
  }
  return NULL;
}

int kc_model_find_muscle(const kc_model *model, const char *name) {
  for (int i = 0; i < model->n_muscle; i++)
    if (strcmp(model->muscle[i].name, name) == 0)
      return i;
  return -1;
}

void kc_model_destroy(kc_model *model) { kc_block_destroy(model); }

static unsigned long long add_int(unsigned long long hash, int value) {
  return kc_hash_add(hash, &value, sizeof value);
}

static unsigned long long add_doubles(unsigned long long hash, const double *value, size_t n) {
  return kc_hash_add(hash, value, n * sizeof *value);
}

static unsigned long long add_joint(unsigned long long hash, const kc_joint *joint) {
  const kc_passive *p = &joint->passive;
  const double number[] = {joint->mass,
                           joint->rotor_inertia,
                           joint->range_lower,
                           joint->range_upper,
                           joint->torque_limit,
                           joint->actuator_lag,
                           p->k1,
                           p->k2,
                           p->upper,
                           p->k3,
                           p->k4,
                           p->lower,
                           p->stiffness,
                           p->rest,
                           p->damping};
  hash = kc_hash_add_text(hash, joint->name);
  hash = kc_hash_add_text(hash, joint->link_name);
  hash = add_int(add_int(add_int(hash, joint->parent), (int)joint->type), (int)joint->side);
  hash = add_doubles(hash, joint->axis, 3);
  hash = add_doubles(hash, joint->offset, 3);
  hash = add_doubles(hash, joint->com, 3);
  hash = add_doubles(hash, joint->inertia, 6);
  return add_doubles(hash, number, sizeof number / sizeof number[0]);
}

static unsigned long long add_sphere(unsigned long long hash, const kc_sphere *sphere) {
  const double number[] = {sphere->radius, sphere->stiffness, sphere->dissipation};
  hash = kc_hash_add_text(hash, sphere->name);
  hash = add_int(add_int(hash, sphere->link), (int)sphere->side);
  hash = add_doubles(hash, sphere->position, 3);
  return add_doubles(hash, number, 3);
}

static unsigned long long add_node(unsigned long long hash, const kc_node *node) {
  const double number[] = {node->drag, node->stiffness};
  hash = add_int(kc_hash_add_text(hash, node->name), node->link);
  hash = add_doubles(hash, node->position, 3);
  return add_doubles(hash, number, 2);
}

static unsigned long long add_band(unsigned long long hash, const kc_band *band) {
  const double number[] = {band->on,         band->slack_length, band->stiffness,
                           band->toe_strain, band->pretension,   band->loss};
  hash = kc_hash_add_text(hash, band->name);
  hash = kc_hash_add_text(hash, band->sling);
  hash = add_int(add_int(hash, band->point_adr), band->n_point);
  hash = add_int(add_int(hash, band->node[0]), band->node[1]);
  return add_doubles(hash, number, 6);
}

static unsigned long long add_muscle(unsigned long long hash, const kc_muscle *muscle) {
  const double number[] = {muscle->strength,
                           muscle->max_isometric_force,
                           muscle->optimal_fibre_length,
                           muscle->tendon_slack_length,
                           muscle->pennation,
                           muscle->max_velocity,
                           muscle->tendon_strain,
                           muscle->passive_strain,
                           muscle->damping,
                           muscle->activation_time,
                           muscle->deactivation_time,
                           muscle->slow_fraction,
                           muscle->specific_tension};
  hash = kc_hash_add_text(hash, muscle->name);
  hash = add_int(add_int(hash, (int)muscle->side), muscle->point_adr);
  hash = add_int(add_int(hash, muscle->n_point), muscle->wrap_adr);
  hash = add_int(hash, muscle->n_wrap);
  hash = add_int(add_int(hash, muscle->node[0]), muscle->node[1]);
  return add_doubles(hash, number, sizeof number / sizeof number[0]);
}

static unsigned long long add_wrap(unsigned long long hash, const kc_wrap *wrap) {
  hash = kc_hash_add_text(hash, wrap->name);
  hash = add_int(add_int(hash, wrap->link), (int)wrap->shape);
  hash = add_doubles(hash, wrap->position, 3);
  hash = add_doubles(hash, wrap->axes, 9);
  hash = add_doubles(hash, &wrap->radius, 1);
  return add_doubles(hash, &wrap->length, 1);
}

static unsigned long long add_guide(unsigned long long hash, const kc_guide *guide) {
  const double number[] = {guide->middle, guide->half_range, guide->z};
  hash = kc_hash_add_text(hash, guide->name);
  hash = add_int(add_int(hash, guide->link), guide->joint);
  hash = add_doubles(hash, number, 3);
  hash = add_doubles(hash, guide->x, KC_GUIDE_TERMS);
  hash = add_doubles(hash, guide->y, KC_GUIDE_TERMS);
  return add_doubles(hash, guide->turn, KC_GUIDE_TERMS);
}

/// Muscles, their paths and what these go round.
static unsigned long long add_muscles(unsigned long long hash, const kc_model *model) {
  const int count[] = {model->n_muscle, model->n_path_point, model->n_path_wrap, model->n_wrap,
                       model->n_guide};
  for (size_t i = 0; i < sizeof count / sizeof count[0]; i++)
    hash = add_int(hash, count[i]);
  for (int i = 0; i < model->n_muscle; i++)
    hash = add_muscle(hash, &model->muscle[i]);
  for (int i = 0; i < model->n_path_point; i++) {
    const kc_path_point *point = &model->path_point[i];
    hash = add_int(add_int(hash, point->link), point->guide);
    hash = add_doubles(hash, point->position, 3);
  }
  for (int i = 0; i < model->n_path_wrap; i++) {
    hash = add_int(add_int(hash, model->path_wrap[i].wrap), model->path_wrap[i].after);
    hash = add_doubles(hash, &model->path_wrap[i].sense, 1);
  }
  for (int i = 0; i < model->n_wrap; i++)
    hash = add_wrap(hash, &model->wrap[i]);
  for (int i = 0; i < model->n_guide; i++)
    hash = add_guide(hash, &model->guide[i]);
  return hash;
}

unsigned long long kc_model_compute_hash(const kc_model *model) {
  unsigned long long hash = kc_hash_add_text(KC_HASH_START, model->name);
  const int count[] = {model->n_joint, model->n_sphere,  model->n_node,   model->n_band,
                       model->n_point, model->free_root, model->drag_link};
  for (size_t i = 0; i < sizeof count / sizeof count[0]; i++)
    hash = add_int(hash, count[i]);
  for (int i = 0; i < model->n_joint; i++)
    hash = add_joint(hash, &model->joint[i]);
  for (int i = 0; i < model->n_sphere; i++)
    hash = add_sphere(hash, &model->sphere[i]);
  for (int i = 0; i < model->n_node; i++)
    hash = add_node(hash, &model->node[i]);
  for (int i = 0; i < model->n_band; i++)
    hash = add_band(hash, &model->band[i]);
  for (int i = 0; i < model->n_point; i++) {
    hash = add_int(hash, model->point[i].link);
    hash = add_doubles(hash, model->point[i].position, 3);
  }
  hash = add_muscles(hash, model);
  const double number[] = {model->mass, model->stature, model->leg_length[0], model->leg_length[1],
                           model->drag_area};
  hash = add_doubles(hash, number, 5);
  return add_doubles(hash, model->drag_point, 3);
}
