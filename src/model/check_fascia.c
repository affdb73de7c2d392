/// @file
/// Checks of nodes, slings and bands: every problem, with its place and how to mend it.
#include "model/check_muscle.h"
#include "model/fascia.h"

#include <string.h>

/// Whether a band ends in the node.
static int holds(const kc_def_band *band, const char *node) {
  return strcmp(band->point[0].node, node) == 0 ||
         strcmp(band->point[band->n_point > 0 ? band->n_point - 1 : 0].node, node) == 0;
}

static int is_held(const kc_model_def *def, const kc_def_node *node) {
  for (int i = 0; i < def->n_band; i++)
    if (holds(&def->band[i], node->name))
      return 1;
  return node->stiffness > 0;
}

static int check_node(const kc_model_def *def, int index, kc_error *error) {
  int bad = 0;
  const kc_def_node *node = &def->node[index];
  kc_def_point home = {.place = node->place, .innominate = node->innominate};
  memcpy(home.body, node->body, sizeof home.body);
  memcpy(home.at, node->at, sizeof home.at);
  bad += kc_model_check_point(def, node->name, &home, 0, error);
  if (!(node->drag > 0) || !(node->stiffness >= 0))
    COMPLAIN(node->place, node->name,
             "its drag is %g N s/m; a node needs one greater than 0 (it has no mass), and a "
             "stiffness of 0 or more",
             node->drag);
  if (!is_held(def, node))
    COMPLAIN(node->place, node->name,
             "nothing holds it: no band ends there and its stiffness is 0; give it one of both");
  if (kc_model_def_find_node(def, node->name) != index)
    COMPLAIN(node->place, node->name, "this name stands twice; every node needs its own");
  return bad;
}

static int check_sling(const kc_model_def *def, int index, kc_error *error) {
  int bad = 0;
  const kc_def_sling *sling = &def->sling[index];
  int n_band = 0;
  for (int i = 0; i < def->n_band; i++)
    n_band += strcmp(def->band[i].sling, sling->name) == 0;
  if (n_band == 0)
    COMPLAIN(sling->place, sling->name, "no band is part of it; write sling: %s in its bands",
             sling->name);
  if (!(sling->stiffness >= 0) || !(sling->shortening < 0.9) || !(sling->adhesion >= 0) ||
      !(sling->adhesion <= 0.95))
    COMPLAIN(sling->place, sling->name,
             "its stiffness must be 0 or more, shortening less than 90 %%, adhesion 0 to 95 %%");
  if (kc_model_def_find_sling(def, sling->name) != index)
    COMPLAIN(sling->place, sling->name, "this name stands twice; every sling needs its own");
  return bad;
}

static int check_band(const kc_model_def *def, int index, kc_error *error) {
  int bad = 0;
  const kc_def_band *band = &def->band[index];
  if (band->n_point < 2)
    COMPLAIN(band->place, band->name, "a band needs two points or more");
  else if (band->point[0].node[0] &&
           strcmp(band->point[0].node, band->point[band->n_point - 1].node) == 0)
    COMPLAIN(band->place, band->name, "both its ends lie in the node '%s'; a band joins two places",
             band->point[0].node);
  if (!(band->stiffness >= 0) || !(band->toe_strain > 0) || !(band->loss >= 0) ||
      !(band->slack_length >= 0) || !(band->rest_strain > -0.9) || !(band->pretension >= 0))
    COMPLAIN(band->place, band->name,
             "stiffness, loss, slack length and pre-tension must be 0 or "
             "more, toe strain greater than 0, rest strain greater than -90 %%");
  if (band->sling[0] && kc_model_def_find_sling(def, band->sling) < 0)
    COMPLAIN(band->place, band->name, "its sling '%s' is no sling of this model; add it to slings",
             band->sling);
  if (kc_model_def_find_band(def, band->name) != index)
    COMPLAIN(band->place, band->name, "this name stands twice; every band needs its own");
  for (int k = 0; k < band->n_point; k++)
    bad += kc_model_check_point(def, band->name, &band->point[k], k == 0 || k == band->n_point - 1,
                                error);
  return bad;
}

int kc_model_check_fascia(const kc_model_def *def, kc_error *error) {
  int bad = 0;
  for (int i = 0; i < def->n_node; i++)
    bad += check_node(def, i, error);
  for (int i = 0; i < def->n_sling; i++)
    bad += check_sling(def, i, error);
  for (int i = 0; i < def->n_band; i++)
    bad += check_band(def, i, error);
  return bad;
}
