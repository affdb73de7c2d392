/// @file
/// Definitions: creation, lookup, and the left side as the mirror of the right.
///
/// Mirror plane z = 0 (X forward, Y up, Z right). A point (x, y, z) goes to (x, y, -z). A hinge is
/// a pseudovector: its axis goes to (-ax, -ay, az), so that a positive angle means the same motion
/// (flexion, adduction, inward rotation) on both sides; a slide's axis goes to (ax, ay, -az).
/// Products of inertia Ixz and Iyz change sign. Names with _r become _l; a band that starts right
/// and ends left has its points swapped to the other side.
#include "model/definition.h"
#include "model/fascia.h"
#include "model/mirror_muscle.h"

#include <stdlib.h>
#include <string.h>

kc_model_def *kc_model_create_def(void) {
  kc_model_def *def = calloc(1, sizeof *def);
  if (def)
    def->muscle_strength = def->muscle_activation_scale = def->muscle_velocity_scale = 1;
  return def;
}

void kc_model_destroy_def(kc_model_def *def) { free(def); }

kc_model_def *kc_model_copy_def(const kc_model_def *def) {
  kc_model_def *copy = malloc(sizeof *copy);
  if (copy)
    *copy = *def;
  return copy;
}

kc_side kc_model_name_side(const char *name) {
  size_t n = strlen(name);
  if (n < 3 || name[n - 2] != '_')
    return KC_MIDLINE;
  return name[n - 1] == 'r' ? KC_RIGHT : name[n - 1] == 'l' ? KC_LEFT : KC_MIDLINE;
}

int kc_model_def_find_body(const kc_model_def *def, const char *name) {
  for (int i = 0; i < def->n_body; i++)
    if (strcmp(def->body[i].name, name) == 0)
      return i;
  return -1;
}

int kc_model_def_find_segment(const kc_model_def *def, const char *name) {
  for (int i = 0; i < def->n_segment; i++)
    if (strcmp(def->segment[i].name, name) == 0)
      return i;
  return -1;
}

kc_def_axis *kc_model_def_find_axis(kc_model_def *def, const char *name) {
  for (int i = 0; i < def->n_body; i++)
    for (int k = 0; k < def->body[i].n_axis; k++)
      if (strcmp(def->body[i].axis[k].name, name) == 0)
        return &def->body[i].axis[k];
  return NULL;
}

void kc_model_mirror_name(char *name) {
  kc_side side = kc_model_name_side(name);
  if (side != KC_MIDLINE)
    name[strlen(name) - 1] = side == KC_RIGHT ? 'l' : 'r';
}

static void mirror_axis(kc_def_axis *axis) {
  kc_model_mirror_name(axis->name);
  if (axis->type == KC_REVOLUTE) {
    axis->axis[0] = 0 - axis->axis[0];
    axis->axis[1] = 0 - axis->axis[1];
  } else {
    axis->axis[2] = 0 - axis->axis[2];
  }
}

static void mirror_part(kc_def_part *part) {
  part->from[2] = 0 - part->from[2];
  part->to[2] = 0 - part->to[2];
  part->com[2] = 0 - part->com[2];
  part->inertia[4] = 0 - part->inertia[4];
  part->inertia[5] = 0 - part->inertia[5];
}

static void mirror_body(kc_def_body *body) {
  kc_model_mirror_name(body->name);
  kc_model_mirror_name(body->parent);
  body->at[2] = 0 - body->at[2];
  for (int i = 0; i < body->n_axis; i++)
    mirror_axis(&body->axis[i]);
  for (int i = 0; i < body->n_part; i++)
    mirror_part(&body->part[i]);
}

static kc_status refuse(const kc_model_def *def, const char *what, const char *name, kc_place place,
                        kc_error *error) {
  return kc_yaml_add(error, def->path, place, name, "%s", what);
}

/// Length of the chain of right bodies that starts at `first` (they follow one another).
static int chain_length(const kc_model_def *def, int first) {
  int n = 0;
  while (first + n < def->n_body && kc_model_name_side(def->body[first + n].name) == KC_RIGHT &&
         (n == 0 || kc_model_name_side(def->body[first + n].parent) == KC_RIGHT))
    n++;
  return n;
}

/// Right chains of bodies, each followed by its mirror image.
static kc_status mirror_bodies(kc_model_def *def, kc_error *error) {
  for (int i = 0; i < def->n_body;) {
    int n = chain_length(def, i);
    if (n == 0) {
      if (kc_model_name_side(def->body[i].name) == KC_LEFT)
        return refuse(def, kc_left_text, def->body[i].name, def->body[i].place, error);
      i++;
      continue;
    }
    if (def->n_body + n > KC_DEF_MAX_BODY)
      return refuse(def, kc_full_text, "bodies", def->body[i].place, error);
    memmove(&def->body[i + 2 * n], &def->body[i + n],
            (size_t)(def->n_body - i - n) * sizeof def->body[0]);
    for (int k = 0; k < n; k++) {
      def->body[i + n + k] = def->body[i + k];
      mirror_body(&def->body[i + n + k]);
    }
    def->n_body += n;
    i += 2 * n;
  }
  return KC_OK;
}

/// Spheres: all of the right side first, then all of the left.
static kc_status mirror_spheres(kc_model_def *def, kc_error *error) {
  for (int i = 0, n = def->n_sphere; i < n; i++) {
    const kc_def_sphere *right = &def->sphere[i];
    kc_side side = kc_model_name_side(right->name);
    if (side == KC_MIDLINE)
      continue;
    if (side == KC_LEFT || def->n_sphere >= KC_DEF_MAX_SPHERE)
      return refuse(def, side == KC_LEFT ? kc_left_text : kc_full_text, right->name, right->place,
                    error);
    kc_def_sphere *left = &def->sphere[def->n_sphere++];
    *left = *right;
    kc_model_mirror_name(left->name);
    kc_model_mirror_name(left->body);
    left->at[2] = 0 - left->at[2];
  }
  return KC_OK;
}

kc_status kc_model_mirror_def(kc_model_def *def, kc_error *error) {
  KC_TRY(mirror_bodies(def, error));
  KC_TRY(mirror_spheres(def, error));
  KC_TRY(kc_model_mirror_fascia(def, error));
  return kc_model_mirror_muscles(def, error);
}
