/// @file
/// Guides, wraps and muscles on the left, as mirror images of the right.
///
/// With M = diag(1, 1, -1) a point goes to M p and a surface's axes R to M R M: M R alone would be
/// left-handed, and turning its z about gives M R M, so that x and y of the surface, and with them
/// its quadrants, stay mirror images. As turns about x, y', z'' that is (-a, -b, c). A guide keeps
/// x, y and its turn about z.
#include "model/mirror_muscle.h"

#include <string.h>

int kc_model_def_find_guide(const kc_model_def *def, const char *name) {
  for (int i = 0; i < def->n_guide; i++)
    if (strcmp(def->guide[i].name, name) == 0)
      return i;
  return -1;
}

int kc_model_def_find_wrap(const kc_model_def *def, const char *name) {
  for (int i = 0; i < def->n_wrap; i++)
    if (strcmp(def->wrap[i].name, name) == 0)
      return i;
  return -1;
}

int kc_model_def_find_muscle(const kc_model_def *def, const char *name) {
  for (int i = 0; i < def->n_muscle; i++)
    if (strcmp(def->muscle[i].name, name) == 0)
      return i;
  return -1;
}

int kc_model_muscle_is_in_group(const kc_def_muscle *muscle, const char *group) {
  size_t n = strlen(group);
  for (const char *word = muscle->groups; n && *word; word += strspn(word, " ")) {
    size_t length = strcspn(word, " ");
    if (length == n && strncmp(word, group, n) == 0)
      return 1;
    word += length;
  }
  return 0;
}

kc_status kc_model_needs_image(const kc_model_def *def, const char *name, kc_place place, int n,
                               int most, int *needed, kc_error *error) {
  kc_side side = kc_model_name_side(name);
  *needed = side == KC_RIGHT;
  if (side == KC_LEFT)
    return kc_yaml_add(error, def->path, place, name, "%s", kc_left_text);
  if (side == KC_RIGHT && n >= most)
    return kc_yaml_add(error, def->path, place, name, "%s", kc_full_text);
  return KC_OK;
}

static void flip(double *value) { *value = 0 - *value; }

void kc_model_mirror_point(kc_def_point *point) {
  kc_model_mirror_name(point->node);
  kc_model_mirror_name(point->body);
  flip(&point->at[2]);
}

static kc_status mirror_guides(kc_model_def *def, kc_error *error) {
  for (int i = 0, n = def->n_guide, needed; i < n; i++) {
    const kc_def_guide *right = &def->guide[i];
    KC_TRY(kc_model_needs_image(def, right->name, right->place, def->n_guide, KC_DEF_MAX_GUIDE,
                                &needed, error));
    if (!needed)
      continue;
    kc_def_guide *left = &def->guide[def->n_guide++];
    *left = *right;
    kc_model_mirror_name(left->name);
    kc_model_mirror_name(left->body);
    kc_model_mirror_name(left->joint);
    flip(&left->at[2]);
  }
  return KC_OK;
}

static kc_status mirror_wraps(kc_model_def *def, kc_error *error) {
  for (int i = 0, n = def->n_wrap, needed; i < n; i++) {
    const kc_def_wrap *right = &def->wrap[i];
    KC_TRY(kc_model_needs_image(def, right->name, right->place, def->n_wrap, KC_DEF_MAX_WRAP,
                                &needed, error));
    if (!needed)
      continue;
    kc_def_wrap *left = &def->wrap[def->n_wrap++];
    *left = *right;
    kc_model_mirror_name(left->name);
    kc_model_mirror_name(left->body);
    flip(&left->at[2]);
    flip(&left->turn[0]);
    flip(&left->turn[1]);
  }
  return KC_OK;
}

kc_status kc_model_mirror_muscles(kc_model_def *def, kc_error *error) {
  KC_TRY(mirror_guides(def, error));
  KC_TRY(mirror_wraps(def, error));
  for (int i = 0, n = def->n_muscle, needed; i < n; i++) {
    const kc_def_muscle *right = &def->muscle[i];
    KC_TRY(kc_model_needs_image(def, right->name, right->place, def->n_muscle, KC_DEF_MAX_MUSCLE,
                                &needed, error));
    if (!needed)
      continue;
    kc_def_muscle *left = &def->muscle[def->n_muscle++];
    *left = *right;
    kc_model_mirror_name(left->name);
    for (int k = 0; k < left->n_point; k++)
      kc_model_mirror_point(&left->point[k]);
    for (int k = 0; k < left->n_wrap; k++)
      kc_model_mirror_name(left->wrap[k].wrap);
  }
  return KC_OK;
}
