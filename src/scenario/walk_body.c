/// @file
/// Addresses of the body: kind/name/key over the arrays of a model definition.
#include "scenario/walk.h"
#include <string.h>

#define QUANTITY(text, type, member, dimension, low, high, means)                                  \
  {                                                                                                \
    .key = text, .kind = KC_FIELD_QUANTITY, .offset = offsetof(type, member), .unit = dimension,   \
    .lower = low, .upper = high, .meaning = means                                                  \
  }
#define WORDS(text, type, member, means)                                                           \
  {                                                                                                \
    .key = text, .kind = KC_FIELD_STRING, .offset = offsetof(type, member),                        \
    .count = sizeof((type *)0)->member, .meaning = means                                           \
  }

static const kc_field joint_field[] = {
    QUANTITY("torque_limit", kc_def_axis, torque_limit, "Nm", 0, 5000, "largest actuator torque"),
    QUANTITY("actuator_lag", kc_def_axis, actuator_lag, "ms", 0, 500, "time constant of actuator"),
    QUANTITY("rotor_inertia", kc_def_axis, rotor_inertia, "kg m2", 0, 100, "added to the axis"),
    QUANTITY("range_lower", kc_def_axis, range_lower, "deg", -720, 720, "anatomical range"),
    QUANTITY("range_upper", kc_def_axis, range_upper, "deg", -720, 720, "anatomical range"),
    QUANTITY("stiffness", kc_def_axis, passive.stiffness, "Nm/rad", 0, 1e5, "passive spring"),
    QUANTITY("rest", kc_def_axis, passive.rest, "deg", -720, 720, "angle of the slack spring"),
    QUANTITY("damping", kc_def_axis, passive.damping, "Nms/rad", 0, 1e4, "passive damping"),
    QUANTITY("k1", kc_def_axis, passive.k1, "Nm", -1e6, 0, "passive torque at the upper end"),
    QUANTITY("k2", kc_def_axis, passive.k2, "1/rad", -1e3, 1e3, "its exponent"),
    QUANTITY("upper", kc_def_axis, passive.upper, "deg", -720, 720, "its angle"),
    QUANTITY("k3", kc_def_axis, passive.k3, "Nm", 0, 1e6, "passive torque at the lower end"),
    QUANTITY("k4", kc_def_axis, passive.k4, "1/rad", -1e3, 1e3, "its exponent"),
    QUANTITY("lower", kc_def_axis, passive.lower, "deg", -720, 720, "its angle"),
};
static const kc_field node_field[] = {
    QUANTITY("drag", kc_def_node, drag, "N s/m", 1e-6, 1e6, "of the tissue it glides in"),
    QUANTITY("stiffness", kc_def_node, stiffness, "kN/m", 0, 1e4, "of the tissue that holds it"),
};
static const kc_field sling_field[] = {
    QUANTITY("on", kc_def_sling, on, "1", 0, 1, "1, or 0 = all its bands are switched off"),
    QUANTITY("stiffness", kc_def_sling, stiffness, "1", 0, 1000, "factor on that of its bands"),
    QUANTITY("slack", kc_def_sling, slack, "mm", -500, 500, "added to the slack length of all"),
    QUANTITY("pretension", kc_def_sling, pretension, "N", -5000, 5000,
             "added to that of its bands"),
    QUANTITY("shortening", kc_def_sling, shortening, "%", -50, 50, "of its bands' slack length"),
    QUANTITY("adhesion", kc_def_sling, adhesion, "%", 0, 95,
             "of its nodes' glide that is lost: their drag and stiffness over 1 less this"),
};
static const kc_field band_field[] = {
    QUANTITY("on", kc_def_band, on, "1", 0, 1, "1, or 0 = switched off"),
    QUANTITY("stiffness", kc_def_band, stiffness, "kN/m", 0, 1e4, "linear region"),
    QUANTITY("toe_strain", kc_def_band, toe_strain, "%", 0.01, 50,
             "where the linear region begins"),
    QUANTITY("rest_strain", kc_def_band, rest_strain, "%", -90, 50, "strain in neutral posture"),
    QUANTITY("slack_length", kc_def_band, slack_length, "mm", 0, 5000, "0 = from rest_strain"),
    QUANTITY("slack_change", kc_def_band, slack_change, "mm", -500, 500, "added to slack length"),
    QUANTITY("pretension", kc_def_band, pretension, "N", 0, 5000, "tension in neutral posture"),
    QUANTITY("loss", kc_def_band, loss, "s", 0, 10, "viscous: force times 1 + loss x strain rate"),
};
static const kc_field sphere_field[] = {
    QUANTITY("radius", kc_def_sphere, radius, "mm", 1, 500, "of the sphere"),
    QUANTITY("stiffness", kc_def_sphere, stiffness, "N/m^1.5", 1, 1e10, "k in f = k d^1.5"),
    QUANTITY("dissipation", kc_def_sphere, dissipation, "s/m", 0, 100, "c in f (1 + c d')"),
};
static const kc_field muscle_field[] = {
    WORDS("groups", kc_def_muscle, groups, "words by which conditions choose it"),
#define X(name, dimension, value, low, high, means)                                                \
  QUANTITY(#name, kc_def_muscle, tissue.name, dimension, low, high, means),
    KC_TISSUE_LIST(X)
#undef X
};
static const kc_field segment_field[] = {
    QUANTITY("length", kc_def_segment, length, "mm", 0, 3000, "0 = from stature"),
};
static const kc_field drag_field[] = {
    QUANTITY("area", kc_model_def, drag_area, "m2", 0, 10, "frontal area"),
    QUANTITY("coefficient", kc_model_def, drag_coefficient, "1", 0, 5, "drag coefficient"),
};

#define TABLE(type, fields) KC_TABLE_BARE(#fields, type, fields)
static const kc_table joint_table = TABLE(kc_def_axis, joint_field),
                      node_table = TABLE(kc_def_node, node_field),
                      sling_table = TABLE(kc_def_sling, sling_field),
                      band_table = TABLE(kc_def_band, band_field),
                      sphere_table = TABLE(kc_def_sphere, sphere_field),
                      muscle_table = TABLE(kc_def_muscle, muscle_field),
                      segment_table = TABLE(kc_def_segment, segment_field),
                      drag_table = TABLE(kc_model_def, drag_field);

/// Writes a text at a place of an address, cut to its room; where it ends.
static size_t append(char *address, size_t at, const char *text) {
  size_t n = strlen(text), room = KC_ADDRESS_SIZE - 1 - at;
  n = n < room ? n : room;
  memcpy(address + at, text, n);
  address[at + n] = 0;
  return at + n;
}

/// Shows every field of one element. A scenario of a sweep is set number by number, so that this is
/// done for each: without printf.
static void walk_element(const kc_visitor *visitor, const char *kind, const char *name,
                         const kc_table *table, void *object, const kc_note *note) {
  char address[KC_ADDRESS_SIZE];
  size_t n = append(address, 0, kind);
  if (*name)
    n = append(address, append(address, n, "/"), name);
  n = append(address, n, "/");
  if (!kc_scenario_wants(visitor, address))
    return;
  for (int i = 0; i < table->n_field; i++) {
    (void)append(address, n, table->field[i].key);
    visitor->visit(visitor->user, &(kc_stop){address, &table->field[i], object, "", note, 1});
  }
}

void kc_scenario_walk_body(kc_model_def *body, const kc_visitor *visitor) {
  for (int i = 0; kc_scenario_wants(visitor, "joint") && i < body->n_body; i++)
    for (int k = 0; k < body->body[i].n_axis; k++) {
      kc_def_axis *axis = &body->body[i].axis[k];
      if (axis->type == KC_REVOLUTE)
        walk_element(visitor, "joint", axis->name, &joint_table, axis, &axis->note);
    }
  for (int i = 0; kc_scenario_wants(visitor, "sling") && i < body->n_sling; i++)
    walk_element(visitor, "sling", body->sling[i].name, &sling_table, &body->sling[i],
                 &body->sling[i].note);
  for (int i = 0; kc_scenario_wants(visitor, "band") && i < body->n_band; i++)
    walk_element(visitor, "band", body->band[i].name, &band_table, &body->band[i],
                 &body->band[i].note);
  for (int i = 0; kc_scenario_wants(visitor, "node") && i < body->n_node; i++)
    walk_element(visitor, "node", body->node[i].name, &node_table, &body->node[i],
                 &body->node[i].note);
  for (int i = 0; kc_scenario_wants(visitor, "muscle") && i < body->n_muscle; i++)
    walk_element(visitor, "muscle", body->muscle[i].name, &muscle_table, &body->muscle[i],
                 &body->muscle[i].note);
  for (int i = 0; kc_scenario_wants(visitor, "sphere") && i < body->n_sphere; i++)
    walk_element(visitor, "sphere", body->sphere[i].name, &sphere_table, &body->sphere[i],
                 &body->sphere[i].note);
  for (int i = 0; kc_scenario_wants(visitor, "segment") && i < body->n_segment; i++)
    walk_element(visitor, "segment", body->segment[i].name, &segment_table, &body->segment[i],
                 &body->segment[i].note);
  if (kc_scenario_wants(visitor, "drag") && body->drag_body[0])
    walk_element(visitor, "drag", "", &drag_table, body, NULL);
}
