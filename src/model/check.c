/// @file
/// Checks of a definition: every problem, with its place and how to mend it.
#include "model/check_muscle.h"
#include "model/fascia.h"
#include "model/inertia.h"

#include <math.h>
#include <string.h>

#define KC_DEF_MAX_JOINT 96

static int is_zero(const double v[3]) { return v[0] == 0 && v[1] == 0 && v[2] == 0; }

static int check_size(const kc_model_def *def, kc_error *error) {
  int bad = 0;
  double fraction, direct;
  kc_model_sum_masses(def, &fraction, &direct);
  if (fraction <= 0 && def->n_segment == 0)
    return 0;
  if (!def->has_size) {
    COMPLAIN(def->place, "size",
             "segments of the table need a body size; give size: {sex, mass, stature}");
    return bad;
  }
  if (!(def->mass > direct))
    COMPLAIN(def->place, "size/mass",
             "%g kg is not more than the %g kg given to single bodies; "
             "make it larger",
             def->mass, direct);
  for (int i = 0; i < def->n_segment; i++) {
    const kc_def_segment *segment = &def->segment[i];
    if (!(segment->reference > 0) || !(segment->male > 0) || !(segment->female > 0))
      COMPLAIN(segment->place, segment->name,
               "reference length and fractions of stature must be greater than 0");
  }
  return bad;
}

static int check_part(const kc_model_def *def, const kc_def_body *body, const kc_def_part *part,
                      kc_error *error) {
  int bad = 0, segment = kc_model_find_deleva(part->segment);
  if (part->segment[0] && segment < 0)
    COMPLAIN(part->place, "segment",
             "'%s' is no segment of the table; use head, upper_trunk, "
             "middle_trunk, lower_trunk, upper_arm, forearm, hand, thigh, shank or foot",
             part->segment);
  if (segment < 0 && !part->segment[0] && !(part->mass > 0))
    COMPLAIN(part->place, "mass",
             "the mass of '%s' is %g kg; a part of a body needs a mass greater "
             "than 0",
             body->name, part->mass);
  if (segment >= 0 && !(part->share > 0 && part->share <= 1))
    COMPLAIN(part->place, "share", "the share %g is not within 0 (excluded) and 1", part->share);
  if (part->from[0] == part->to[0] && part->from[1] == part->to[1] && part->from[2] != part->to[2])
    COMPLAIN(part->place, "to", "a segment cannot lie along z; give its direction in x or y");
  return bad;
}

static int check_mass(const kc_model_def *def, const kc_def_body *body, kc_error *error) {
  int bad = 0;
  for (int k = 0; k < body->n_part; k++)
    bad += check_part(def, body, &body->part[k], error);
  if (bad || body->n_part == 0)
    return bad;
  kc_mass mass = kc_model_compute_mass(def, body);
  const double *I = mass.inertia;
  if (!(mass.mass > 0) || !kc_model_inertia_is_possible(I))
    COMPLAIN(body->place, body->name,
             "mass %g kg with inertia %g %g %g %g %g %g kg m2 is no body: "
             "mass must be positive and any two principal moments must sum to more than the third",
             mass.mass, I[0], I[1], I[2], I[3], I[4], I[5]);
  return bad;
}

/// Whether walking up from body i ends at ground.
static int reaches_ground(const kc_model_def *def, int i) {
  for (int steps = 0; steps <= def->n_body; steps++) {
    if (strcmp(def->body[i].parent, "ground") == 0)
      return 1;
    int parent = kc_model_def_find_body(def, def->body[i].parent);
    if (parent < 0)
      return 1; // reported as unknown
    i = parent;
  }
  return 0;
}

static int check_parent(const kc_model_def *def, int index, kc_error *error) {
  int bad = 0;
  const kc_def_body *body = &def->body[index];
  int parent = kc_model_def_find_body(def, body->parent);
  if (strcmp(body->parent, "ground") != 0 && parent < 0)
    COMPLAIN(body->place, body->name,
             "its parent '%s' is no body of this model; name a body, or ground", body->parent);
  else if (!reaches_ground(def, index))
    COMPLAIN(body->place, body->name,
             "its parents go round in a cycle; every chain must end at ground");
  else if (parent >= index)
    COMPLAIN(body->place, body->name,
             "its parent '%s' comes after it; write a parent before its children", body->parent);
  if (body->innominate && strcmp(body->parent, def->innominate_body) != 0)
    COMPLAIN(body->place, body->name,
             "innominate is for bodies carried by '%s', which has the "
             "sacroiliac axis",
             def->innominate_body[0] ? def->innominate_body : "(none)");
  return bad;
}

static int check_axis(const kc_model_def *def, const kc_def_axis *axis, kc_error *error) {
  int bad = 0;
  const kc_passive *p = &axis->passive;
  if (is_zero(axis->axis))
    COMPLAIN(axis->place, axis->name, "the axis has length zero; give a direction");
  if (!(axis->range_lower <= axis->range_upper))
    COMPLAIN(axis->place, axis->name, "the range starts at %g and ends at %g; exchange them",
             axis->range_lower, axis->range_upper);
  if (p->k1 > 0 || p->k3 < 0 || p->k2 < 0 || p->k4 > 0)
    COMPLAIN(axis->place, axis->name,
             "the limit torques must push back into the range: k1 <= 0, "
             "k2 >= 0, k3 >= 0, k4 <= 0");
  return bad;
}

static int has_child(const kc_model_def *def, const char *name) {
  for (int i = 0; i < def->n_body; i++)
    if (strcmp(def->body[i].parent, name) == 0)
      return 1;
  return 0;
}

static int count_axis_name(const kc_model_def *def, const char *name, int body_end, int axis_end) {
  int n = 0;
  for (int i = 0; i <= body_end; i++)
    for (int k = 0; k < (i == body_end ? axis_end : def->body[i].n_axis); k++)
      n += strcmp(def->body[i].axis[k].name, name) == 0;
  return n;
}

static int check_body(const kc_model_def *def, int index, kc_error *error) {
  int bad = check_parent(def, index, error);
  const kc_def_body *body = &def->body[index];
  if (!body->name[0] || strcmp(body->name, "ground") == 0)
    COMPLAIN(body->place, "name", "a body needs a name other than ground");
  if (kc_model_def_find_body(def, body->name) != index)
    COMPLAIN(body->place, body->name, "this name stands twice; every body needs its own");
  if (body->scale[0] && kc_model_def_find_segment(def, body->scale) < 0)
    COMPLAIN(body->place, body->name, "its scale '%s' is no segment of this model", body->scale);
  if (body->n_axis == 0)
    COMPLAIN(body->place, body->name, "it has no joint axis; give one to %d", KC_DEF_MAX_AXIS);
  if (body->n_part == 0 && !has_child(def, body->name))
    COMPLAIN(body->place, body->name, "the last body of a chain needs a mass; give it parts");
  for (int k = 0; k < body->n_axis; k++) {
    const kc_def_axis *axis = &body->axis[k];
    bad += check_axis(def, axis, error);
    if (count_axis_name(def, axis->name, index, k) > 0)
      COMPLAIN(axis->place, axis->name, "this name stands twice; every coordinate needs its own");
    if (kc_model_name_side(axis->name) != kc_model_name_side(body->name))
      COMPLAIN(axis->place, axis->name, "coordinates of '%s' must end as its name does (_r)",
               body->name);
  }
  return bad;
}

/// A bone made shorter than nothing.
static int check_change(const kc_model_def *def, const kc_def_body *body, kc_error *error) {
  int bad = 0;
  if (body->length_change != 0 && !(kc_model_body_scale(def, body) > 0.2))
    COMPLAIN(body->place, body->name, "a change of length by %g m leaves no bone",
             body->length_change);
  return bad;
}

static int check_spheres(const kc_model_def *def, kc_error *error) {
  int bad = 0;
  for (int i = 0; i < def->n_sphere; i++) {
    const kc_def_sphere *sphere = &def->sphere[i];
    if (kc_model_def_find_body(def, sphere->body) < 0)
      COMPLAIN(sphere->place, sphere->name, "its body '%s' is no body of this model", sphere->body);
    if (!(sphere->radius > 0) || !(sphere->stiffness > 0) || !(sphere->dissipation >= 0))
      COMPLAIN(sphere->place, sphere->name,
               "radius and stiffness must be greater than 0, "
               "dissipation 0 or more");
    for (int k = 0; k < i; k++)
      if (strcmp(def->sphere[k].name, sphere->name) == 0)
        COMPLAIN(sphere->place, sphere->name, "this name stands twice; every sphere needs its own");
    if (kc_model_name_side(sphere->name) == KC_MIDLINE)
      COMPLAIN(sphere->place, sphere->name, "a sphere belongs to a foot; end its name with _r");
  }
  return bad;
}

static int check_sacroiliac(const kc_model_def *def, kc_error *error) {
  int bad = 0;
  if (def->innominate_body[0] &&
      (kc_model_def_find_body(def, def->innominate_body) < 0 || is_zero(def->sacroiliac_axis)))
    COMPLAIN(def->place, "sacroiliac", "needs the name of a body and an axis of some length");
  for (int side = 0; side < KC_N_SIDE; side++) {
    if (!(fabs(def->innominate_angle[side]) <= 0.5))
      COMPLAIN(def->place, "sacroiliac",
               "an innominate turned by %g rad; at most 0.5 rad (28.6 deg)",
               def->innominate_angle[side]);
    if (!(fabs(def->innominate_slip[side]) <= 0.05))
      COMPLAIN(def->place, "sacroiliac", "an innominate slipped by %g m; at most 0.05 m",
               def->innominate_slip[side]);
  }
  return bad;
}

kc_status kc_model_check_def(const kc_model_def *def, kc_error *error) {
  int bad = 0, n_joint = 0, bad_size = check_size(def, error);
  for (int i = 0; i < def->n_body; i++) {
    bad += check_body(def, i, error);
    n_joint += def->body[i].n_axis;
  }
  // masses need a size and sound parents
  for (int i = 0; i < def->n_body && bad == 0 && bad_size == 0; i++) {
    bad += check_mass(def, &def->body[i], error);
    bad += check_change(def, &def->body[i], error);
  }
  bad += check_spheres(def, error) + check_sacroiliac(def, error);
  bad += kc_model_check_fascia(def, error);
  bad += kc_model_check_muscles(def, error);
  if (n_joint == 0 || n_joint > KC_DEF_MAX_JOINT)
    COMPLAIN(def->place, "bodies", "%d joint axes; a model has 1 to %d", n_joint, KC_DEF_MAX_JOINT);
  if (def->drag_body[0] && kc_model_def_find_body(def, def->drag_body) < 0)
    COMPLAIN(def->place, "drag/body", "'%s' is no body of this model", def->drag_body);
  return bad || bad_size ? KC_ERR_INPUT : KC_OK;
}
