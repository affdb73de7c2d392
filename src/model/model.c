/// @file
/// Lookup, fingerprint and release of compiled models.
#include "model/model.h"

#include "base/hash.h"
#include "model/hash.h"

#include <stdlib.h>
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

int kc_model_find_band(const kc_model *model, const char *name) {
  for (int i = 0; i < model->n_band; i++)
    if (strcmp(model->band[i].name, name) == 0)
      return i;
  return -1;
}

void kc_model_destroy(kc_model *model) { free(model); }

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

static unsigned long long add_band(unsigned long long hash, const kc_band *band) {
  const double number[] = {band->on,         band->slack_length, band->stiffness,
                           band->toe_strain, band->pretension,   band->loss};
  hash = kc_hash_add_text(hash, band->name);
  hash = add_int(add_int(hash, band->point_adr), band->n_point);
  return add_doubles(hash, number, 6);
}

unsigned long long kc_model_compute_hash(const kc_model *model) {
  unsigned long long hash = kc_hash_add_text(KC_HASH_START, model->name);
  const int count[] = {model->n_joint, model->n_sphere,  model->n_band,
                       model->n_point, model->free_root, model->drag_link};
  for (size_t i = 0; i < sizeof count / sizeof count[0]; i++)
    hash = add_int(hash, count[i]);
  for (int i = 0; i < model->n_joint; i++)
    hash = add_joint(hash, &model->joint[i]);
  for (int i = 0; i < model->n_sphere; i++)
    hash = add_sphere(hash, &model->sphere[i]);
  for (int i = 0; i < model->n_band; i++)
    hash = add_band(hash, &model->band[i]);
  for (int i = 0; i < model->n_point; i++) {
    hash = add_int(hash, model->point[i].link);
    hash = add_doubles(hash, model->point[i].position, 3);
  }
  const double number[] = {model->mass, model->stature, model->leg_length[0], model->leg_length[1],
                           model->drag_area};
  hash = add_doubles(hash, number, 5);
  return add_doubles(hash, model->drag_point, 3);
}
