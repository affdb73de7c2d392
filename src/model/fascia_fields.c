/// @file
/// Points, nodes, slings and bands of a model file: tables of keys, and their way into a
/// definition.
#include "model/field_macros.h"
#include "model/fields.h"

#include <string.h>

#define T kc_def_point
static const kc_field point_field[] = {
    TEXT("node", node, KC_NAME_SIZE, "fascial node, at an end of the path, instead of body and at"),
    TEXT("body", body, KC_NAME_SIZE, "body that carries the point"),
    VECTOR("at", at, 3, "m", -100, 100, "position"),
    {.key = "innominate",
     .kind = KC_FIELD_BOOL,
     AT(innominate),
     .meaning = "the point lies on the innominate bone of its side, not on the sacrum"}};
const kc_table kc_point_table = KC_TABLE("point", kc_def_point, point_field);
#undef T

#define T kc_def_node
static const kc_field node_field[] = {
    NEEDED_TEXT("body", body, "body in whose tissue the node lies"),
    VECTOR("at", at, 3, "m", -100, 100, "home, where it lies when nothing pulls"),
    {.key = "innominate",
     .kind = KC_FIELD_BOOL,
     AT(innominate),
     .meaning = "the node lies on the innominate bone of its side"},
    NUMBER("drag", drag, "N s/m", 0, 0, 1e6, "of the tissue it glides in"),
    NUMBER("stiffness", stiffness, "N/m", 0, 0, 1e9, "of the tissue that holds it at home"),
    NOTES(note)};
const kc_table kc_node_table = KC_TABLE_NAMED("node", kc_def_node, node_field);
#undef T

#define T kc_def_sling
static const kc_field sling_field[] = {
    NUMBER("on", on, "1", 1, 0, 1, "1, or 0 = all its bands are switched off"),
    NUMBER("stiffness", stiffness, "1", 1, 0, 1000, "factor on the stiffness of its bands"),
    NUMBER("slack", slack, "m", 0, -1, 1, "added to the slack length of the whole"),
    NUMBER("pretension", pretension, "N", 0, -1e4, 1e4, "added to its bands' pre-tension"),
    NUMBER("shortening", shortening, "%", 0, -50, 50, "of its bands' slack length"),
    NUMBER("adhesion", adhesion, "%", 0, 0, 95, "of its nodes' glide that is lost"),
    NOTES(note)};
const kc_table kc_sling_table = KC_TABLE_NAMED("sling", kc_def_sling, sling_field);
#undef T

#define T kc_file_band
static const kc_field band_field[] = {
    TEXT("sling", sling, KC_NAME_SIZE, "sling that it is part of"),
    NUMBER("on", on, "1", 1, 0, 1, "1, or 0 for a band that is switched off"),
    NUMBER("rest_strain", rest_strain, "1", 0, -0.5, 0.5, "strain in neutral posture"),
    NUMBER("slack_length", slack_length, "m", 0, 0, 100, "slack length; 0 = from rest_strain"),
    NUMBER("stiffness", stiffness, "N/m", 0, 0, 1e9, "stiffness of the linear region"),
    NUMBER("toe_strain", toe_strain, "1", 0.03, 1e-6, 1,
           "strain at which the linear region begins"),
    NUMBER("pretension", pretension, "N", 0, 0, 1e5, "tension at the slack length"),
    NUMBER("loss", loss, "s", 0, 0, 100, "viscous loss: force x (1 + loss rate of strain)"),
    LIST("points", KC_FIELD_LIST, point, n_point, KC_DEF_MAX_BAND_POINT, &kc_point_table,
         "via points from the upper end down"),
    NOTES(note)};
const kc_table kc_band_table = KC_TABLE_NAMED("band", kc_file_band, band_field);
#undef T

static void copy_band(const kc_file_band *from, kc_def_band *to) {
  to->place = from->place;
  memcpy(to->name, from->name, sizeof to->name);
  memcpy(to->sling, from->sling, sizeof to->sling);
  to->n_point = from->n_point;
  for (int k = 0; k < from->n_point; k++)
    to->point[k] = from->point[k];
  to->on = from->on;
  to->rest_strain = from->rest_strain;
  to->slack_length = from->slack_length;
  to->stiffness = from->stiffness;
  to->toe_strain = from->toe_strain;
  to->pretension = from->pretension;
  to->loss = from->loss;
  to->note = from->note;
}

void kc_model_copy_fascia(const kc_file_model *from, kc_model_def *to) {
  to->n_node = from->n_node;
  to->n_sling = from->n_sling;
  to->n_band = from->n_band;
  for (int i = 0; i < from->n_node; i++)
    to->node[i] = from->node[i];
  for (int i = 0; i < from->n_sling; i++)
    to->sling[i] = from->sling[i];
  for (int i = 0; i < from->n_band; i++)
    copy_band(&from->band[i], &to->band[i]);
}
