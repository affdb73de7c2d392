/// @file
/// Nodes, slings and bands: from a definition to numbers.
///
/// Slack lengths of bands are those of the unchanged body: a condition stretches or slackens a
/// band, it does not re-fit it. What a sling has in common changes its bands: on and stiffness are
/// factors, pre-tension is added to each, slack is shared among them by length, and shortening
/// takes a share of each slack length. Adhesion a divides drag and stiffness of the nodes at its
/// bands' ends by 1 - a: a fifth of the glide lost makes the hold a quarter stiffer (numbers.md B4,
/// of low confidence: an assumption).
#include "model/fascia.h"
#include "model/place.h"

#include <math.h>
#include <string.h>

static void copy_name(char *to, const char *from) { memcpy(to, from, KC_NAME_SIZE); }

void kc_model_lay_out_fascia(kc_block *block, const kc_model_def *def, kc_model *model) {
  size_t n_point = 0;
  for (int i = 0; i < def->n_band; i++)
    n_point += (size_t)def->band[i].n_point;
  model->n_node = def->n_node;
  model->n_band = def->n_band;
  model->n_point = (int)n_point;
  model->node = kc_block_take(block, (size_t)def->n_node, sizeof *model->node);
  model->band = kc_block_take(block, (size_t)def->n_band, sizeof *model->band);
  model->point = kc_block_take(block, n_point, sizeof *model->point);
}

void kc_model_tie(const kc_model_def *def, int n_point, const kc_def_point *point, int node[2]) {
  node[0] = 1 + kc_model_def_find_node(def, point[0].node);
  node[1] = 1 + kc_model_def_find_node(def, point[n_point - 1].node);
}

/// Length of a band along its points in the neutral posture of the unchanged body, m.
static double neutral_length(const kc_model_def *def, const kc_def_band *band) {
  double length = 0, before[3] = {0};
  for (int k = 0; k < band->n_point; k++) {
    const kc_def_point *point = &band->point[k];
    const kc_def_body *body = &def->body[kc_model_def_find_body(def, point->body)];
    double at[3], origin[3], square = 0;
    kc_model_place_point(def, body, point->at, 0, KC_GEOMETRY_SCALED, at);
    kc_model_place_origin(def, body, KC_GEOMETRY_SCALED, origin);
    for (int i = 0; i < 3; i++) {
      at[i] += origin[i];
      square += (at[i] - before[i]) * (at[i] - before[i]);
      before[i] = at[i];
    }
    if (k > 0)
      length += sqrt(square);
  }
  return length;
}

/// Slack length of a band of the unchanged body, m.
static double slack_length(const kc_model_def *def, const kc_def_band *band) {
  return band->slack_length > 0 ? band->slack_length
                                : neutral_length(def, band) / (1 + band->rest_strain);
}

static double sling_length(const kc_model_def *def, const char *sling) {
  double sum = 0;
  for (int i = 0; i < def->n_band; i++)
    if (strcmp(def->band[i].sling, sling) == 0)
      sum += slack_length(def, &def->band[i]);
  return sum;
}

/// What the sling does to its band.
static void apply_sling(const kc_model_def *def, const kc_def_band *from, kc_band *to) {
  int index = kc_model_def_find_sling(def, from->sling);
  if (index < 0)
    return;
  const kc_def_sling *sling = &def->sling[index];
  double share = sling->slack != 0 ? to->slack_length / sling_length(def, from->sling) : 0;
  to->on *= sling->on;
  to->stiffness *= sling->stiffness;
  to->slack_length += share * sling->slack - sling->shortening * to->slack_length;
  to->pretension = fmax(to->pretension + sling->pretension, 0);
}

static void compile_band(const kc_model_def *def, const int *link, const kc_def_band *from,
                         kc_model *model, kc_band *to) {
  copy_name(to->name, from->name);
  copy_name(to->sling, from->sling);
  to->n_point = from->n_point;
  for (int k = 0; k < from->n_point; k++) {
    const kc_def_point *point = &from->point[k];
    int body = kc_model_def_find_body(def, point->body);
    kc_point *out = &model->point[to->point_adr + k];
    out->link = link[body];
    kc_model_place_point(def, &def->body[body], point->at, point->innominate, KC_GEOMETRY_CHANGED,
                         out->position);
  }
  kc_model_tie(def, from->n_point, from->point, to->node);
  to->on = from->on;
  to->slack_length = slack_length(def, from);
  to->stiffness = from->stiffness;
  to->toe_strain = from->toe_strain;
  to->pretension = from->pretension;
  to->loss = from->loss;
  apply_sling(def, from, to);
  to->slack_length += from->slack_change;
}

/// Glide lost by a node: the most that a sling with a band there has lost.
static double find_adhesion(const kc_model_def *def, const char *node) {
  double most = 0;
  for (int i = 0; i < def->n_band; i++) {
    const kc_def_band *band = &def->band[i];
    int sling = kc_model_def_find_sling(def, band->sling);
    if (sling >= 0 && (strcmp(band->point[0].node, node) == 0 ||
                       strcmp(band->point[band->n_point - 1].node, node) == 0))
      most = fmax(most, def->sling[sling].adhesion);
  }
  return most;
}

static void compile_node(const kc_model_def *def, const int *link, const kc_def_node *from,
                         kc_node *to) {
  int body = kc_model_def_find_body(def, from->body);
  double glide = 1 - find_adhesion(def, from->name);
  copy_name(to->name, from->name);
  to->link = link[body];
  kc_model_place_point(def, &def->body[body], from->at, from->innominate, KC_GEOMETRY_CHANGED,
                       to->position);
  to->drag = from->drag / glide;
  to->stiffness = from->stiffness / glide;
}

void kc_model_compile_fascia(const kc_model_def *def, const int *link, kc_model *model) {
  int n_point = 0;
  for (int i = 0; i < def->n_node; i++)
    compile_node(def, link, &def->node[i], &model->node[i]);
  for (int i = 0; i < def->n_band; i++) {
    model->band[i].point_adr = n_point;
    compile_band(def, link, &def->band[i], model, &model->band[i]);
    n_point += def->band[i].n_point;
  }
}

kc_status kc_model_check_slack(const kc_model_def *def, const kc_model *model, kc_error *error) {
  kc_status status = KC_OK;
  for (int i = 0; i < model->n_band; i++) {
    const kc_def_band *band = &def->band[i];
    if (!(model->band[i].slack_length > 0))
      status = kc_yaml_add(error, def->path, band->place, band->name,
                           "a slack length of %g m leaves no length; its points lie %g m apart",
                           model->band[i].slack_length, neutral_length(def, band));
  }
  return status;
}
