/// @file
/// Fascia of a definition: lookup, the left side as the mirror of the right, points in nodes.
///
/// A node's home (x, y, z) goes to (x, y, -z); names with _r become _l, those of the midline stay,
/// so that both sides share its nodes. All of the right side comes first, then all of the left.
#include "model/fascia.h"
#include "model/mirror_muscle.h"

#include <string.h>

int kc_model_def_find_node(const kc_model_def *def, const char *name) {
  for (int i = 0; i < def->n_node; i++)
    if (strcmp(def->node[i].name, name) == 0)
      return i;
  return -1;
}

int kc_model_def_find_sling(const kc_model_def *def, const char *name) {
  for (int i = 0; i < def->n_sling; i++)
    if (strcmp(def->sling[i].name, name) == 0)
      return i;
  return -1;
}

int kc_model_def_find_band(const kc_model_def *def, const char *name) {
  for (int i = 0; i < def->n_band; i++)
    if (strcmp(def->band[i].name, name) == 0)
      return i;
  return -1;
}

static kc_status mirror_nodes(kc_model_def *def, kc_error *error) {
  for (int i = 0, n = def->n_node, needed; i < n; i++) {
    const kc_def_node *right = &def->node[i];
    KC_TRY(kc_model_needs_image(def, right->name, right->place, def->n_node, KC_DEF_MAX_NODE,
                                &needed, error));
    if (!needed)
      continue;
    kc_def_node *left = &def->node[def->n_node++];
    *left = *right;
    kc_model_mirror_name(left->name);
    kc_model_mirror_name(left->body);
    left->at[2] = 0 - left->at[2];
  }
  return KC_OK;
}

static kc_status mirror_slings(kc_model_def *def, kc_error *error) {
  for (int i = 0, n = def->n_sling, needed; i < n; i++) {
    const kc_def_sling *right = &def->sling[i];
    KC_TRY(kc_model_needs_image(def, right->name, right->place, def->n_sling, KC_DEF_MAX_SLING,
                                &needed, error));
    if (!needed)
      continue;
    kc_def_sling *left = &def->sling[def->n_sling++];
    *left = *right;
    kc_model_mirror_name(left->name);
  }
  return KC_OK;
}

kc_status kc_model_mirror_fascia(kc_model_def *def, kc_error *error) {
  KC_TRY(mirror_nodes(def, error));
  KC_TRY(mirror_slings(def, error));
  for (int i = 0, n = def->n_band, needed; i < n; i++) {
    const kc_def_band *right = &def->band[i];
    KC_TRY(kc_model_needs_image(def, right->name, right->place, def->n_band, KC_DEF_MAX_BAND,
                                &needed, error));
    if (!needed)
      continue;
    kc_def_band *left = &def->band[def->n_band++];
    *left = *right;
    kc_model_mirror_name(left->name);
    kc_model_mirror_name(left->sling);
    for (int k = 0; k < left->n_point; k++)
      kc_model_mirror_point(&left->point[k]);
  }
  return KC_OK;
}

static kc_status place_points(const kc_model_def *def, const char *owner, int n,
                              kc_def_point *point, kc_error *error) {
  kc_status status = KC_OK;
  for (int k = 0; k < n; k++) {
    int i = kc_model_def_find_node(def, point[k].node);
    if (point[k].node[0] && point[k].body[0])
      status = kc_yaml_add(error, def->path, point[k].place, owner,
                           "its point names the node '%s' and the body '%s'; a node has its own "
                           "body and place, keep one",
                           point[k].node, point[k].body);
    if (i < 0 || point[k].body[0])
      continue;
    const kc_def_node *node = &def->node[i];
    memcpy(point[k].body, node->body, sizeof point[k].body);
    memcpy(point[k].at, node->at, sizeof point[k].at);
    point[k].innominate = node->innominate;
  }
  return status;
}

kc_status kc_model_place_nodes(kc_model_def *def, kc_error *error) {
  kc_status status = KC_OK;
  for (int i = 0; i < def->n_band; i++)
    if (place_points(def, def->band[i].name, def->band[i].n_point, def->band[i].point, error))
      status = KC_ERR_INPUT;
  for (int i = 0; i < def->n_muscle; i++)
    if (place_points(def, def->muscle[i].name, def->muscle[i].n_point, def->muscle[i].point, error))
      status = KC_ERR_INPUT;
  return status;
}
