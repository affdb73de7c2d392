/// @file
/// Checks of guides, wraps and muscles: every problem, with its place and how to mend it.
#include "model/check_muscle.h"

#include <math.h>
#include <sleef.h>
#include <string.h>

/// An innominate item stands off the midline of the body that carries the innominates.
static int is_innominate(const kc_model_def *def, const char *body, const double at[3]) {
  return strcmp(body, def->innominate_body) == 0 && at[2] != 0;
}

static const char *innominate_body(const kc_model_def *def) {
  return def->innominate_body[0] ? def->innominate_body : "(no such body)";
}

int kc_model_check_point(const kc_model_def *def, const char *owner, const kc_def_point *point,
                         int at_end, kc_error *error) {
  int bad = 0;
  if (point->node[0] && kc_model_def_find_node(def, point->node) < 0) {
    COMPLAIN(point->place, owner, "its point's node '%s' is no fascial node of this model",
             point->node);
    return bad;
  }
  if (point->node[0] && !at_end)
    COMPLAIN(point->place, owner,
             "passes through the node '%s'; only its first or last point may be a node",
             point->node);
  if (!point->node[0] && !point->body[0])
    COMPLAIN(point->place, owner,
             "'body' is missing in 'point': body that carries the point; add it, or at an end of "
             "the path a node");
  else if (kc_model_def_find_body(def, point->body) < 0)
    COMPLAIN(point->place, owner, "its point's body '%s' is no body of this model", point->body);
  if (point->innominate && !is_innominate(def, point->body, point->at))
    COMPLAIN(point->place, owner, "an innominate point lies on '%s', off the midline (z not 0)",
             innominate_body(def));
  return bad;
}

static int has_axis(const kc_model_def *def, const char *name) {
  for (int i = 0; i < def->n_body; i++)
    for (int k = 0; k < def->body[i].n_axis; k++)
      if (strcmp(def->body[i].axis[k].name, name) == 0)
        return 1;
  return 0;
}

static int check_guide(const kc_model_def *def, int index, kc_error *error) {
  int bad = 0;
  const kc_def_guide *guide = &def->guide[index];
  if (kc_model_def_find_body(def, guide->body) < 0)
    COMPLAIN(guide->place, guide->name, "its body '%s' is no body of this model", guide->body);
  if (!has_axis(def, guide->joint))
    COMPLAIN(guide->place, guide->name, "its joint '%s' is no coordinate of this model",
             guide->joint);
  if (kc_model_def_find_guide(def, guide->name) != index ||
      kc_model_def_find_body(def, guide->name) >= 0)
    COMPLAIN(guide->place, guide->name,
             "this name stands twice; every guide and body needs its own");
  if (guide->n_knot < KC_GUIDE_TERMS)
    COMPLAIN(guide->place, guide->name, "%d knots; its curves need %d or more", guide->n_knot,
             KC_GUIDE_TERMS);
  for (int k = 1; k < guide->n_knot; k++)
    if (!(guide->knot[k].angle > guide->knot[k - 1].angle))
      COMPLAIN(guide->knot[k].place, guide->name, "its knots must stand by rising angle");
  return bad;
}

static int check_wrap(const kc_model_def *def, int index, kc_error *error) {
  int bad = 0;
  const kc_def_wrap *wrap = &def->wrap[index];
  if (kc_model_def_find_body(def, wrap->body) < 0)
    COMPLAIN(wrap->place, wrap->name, "its body '%s' is no body of this model", wrap->body);
  if (!(wrap->radius > 0) || (wrap->shape == KC_WRAP_CYLINDER && !(wrap->length > 0)))
    COMPLAIN(wrap->place, wrap->name, "radius and length must be greater than 0");
  if (kc_model_def_find_wrap(def, wrap->name) != index)
    COMPLAIN(wrap->place, wrap->name, "this name stands twice; every wrap needs its own");
  if (wrap->innominate && !is_innominate(def, wrap->body, wrap->at))
    COMPLAIN(wrap->place, wrap->name, "an innominate wrap lies on '%s', off the midline (z not 0)",
             innominate_body(def));
  return bad;
}

/// Distance of a point of the wrap's own body from a sphere's centre or a cylinder's axis.
static double distance_from(const kc_def_wrap *wrap, const double at[3]) {
  Sleef_double_2 a = Sleef_cinz_sincosd1_u10purec(wrap->turn[0]);
  Sleef_double_2 b = Sleef_cinz_sincosd1_u10purec(wrap->turn[1]);
  const double z[3] = {b.x, 0 - a.x * b.y, a.y * b.y}; // the axis: third column of Rx Ry Rz
  double square = 0, along = 0;
  for (int i = 0; i < 3; i++) {
    double r = at[i] - wrap->at[i];
    square += r * r;
    along += wrap->shape == KC_WRAP_CYLINDER ? r * z[i] : 0;
  }
  return sqrt(fmax(0, square - along * along)); // on the axis round-off may go below 0
}

static int check_use(const kc_model_def *def, const kc_def_muscle *muscle, int index,
                     kc_error *error) {
  int bad = 0;
  const kc_def_wrap_use *use = &muscle->wrap[index];
  int w = kc_model_def_find_wrap(def, use->wrap);
  if (w < 0)
    COMPLAIN(use->place, muscle->name, "its wrap '%s' is no wrap of this model", use->wrap);
  if (use->after < 1 || use->after >= muscle->n_point) {
    COMPLAIN(use->place, muscle->name, "a wrap after point %d; its points are 1 to %d", use->after,
             muscle->n_point);
    return bad;
  }
  if (index > 0 && use->after < muscle->wrap[index - 1].after)
    COMPLAIN(use->place, muscle->name, "its wraps must stand in the order of the path");
  for (int k = use->after - 1; w >= 0 && k <= use->after; k++) {
    const kc_def_point *point = &muscle->point[k];
    if (strcmp(point->body, def->wrap[w].body) == 0 &&
        distance_from(&def->wrap[w], point->at) < def->wrap[w].radius)
      COMPLAIN(point->place, muscle->name,
               "point %d lies %.3g mm inside '%s', round which the path must go; move it out",
               k + 1, (def->wrap[w].radius - distance_from(&def->wrap[w], point->at)) * 1e3,
               use->wrap);
  }
  return bad;
}

static int check_tissue(const kc_model_def *def, const kc_def_muscle *muscle, kc_error *error) {
  int bad = 0;
  const kc_def_tissue *t = &muscle->tissue;
  if (!(t->optimal_fibre_length > 0) || !(t->tendon_slack_length > 0))
    COMPLAIN(muscle->place, muscle->name,
             "optimal_fibre_length is %g m and tendon_slack_length %g m; both must be greater "
             "than 0",
             t->optimal_fibre_length, t->tendon_slack_length);
  if (!(t->max_isometric_force > 0) || !(t->strength >= 0))
    COMPLAIN(muscle->place, muscle->name,
             "max_isometric_force must be greater than 0 (strength 0 switches a muscle off)");
  if (!(t->pennation >= 0 && t->pennation < 1.4))
    COMPLAIN(muscle->place, muscle->name, "a pennation of %g rad; 0 to 1.4 rad (80 deg)",
             t->pennation);
  if (!(t->max_velocity > 0) || !(t->tendon_strain > 0) || !(t->passive_strain > 0) ||
      !(t->damping > 0) || !(t->activation_time > 0) || !(t->deactivation_time > 0) ||
      !(t->specific_tension > 0) || !(t->slow_fraction >= 0 && t->slow_fraction <= 1))
    COMPLAIN(muscle->place, muscle->name,
             "max_velocity, strains, damping, times and specific_tension must be greater than 0, "
             "slow_fraction 0 to 1");
  if (!(muscle->length_factor > 0) || !(muscle->passive_factor > 0))
    COMPLAIN(muscle->place, muscle->name, "a condition leaves it no length or no stiffness");
  return bad;
}

static int check_muscle(const kc_model_def *def, int index, kc_error *error) {
  int bad = 0;
  const kc_def_muscle *muscle = &def->muscle[index];
  if (muscle->n_point < 2)
    COMPLAIN(muscle->place, muscle->name, "a muscle needs two points or more");
  if (kc_model_def_find_muscle(def, muscle->name) != index)
    COMPLAIN(muscle->place, muscle->name, "this name stands twice; every muscle needs its own");
  for (int k = 0; k < muscle->n_point; k++)
    if (kc_model_def_find_guide(def, muscle->point[k].body) < 0)
      bad += kc_model_check_point(def, muscle->name, &muscle->point[k],
                                  k == 0 || k == muscle->n_point - 1, error);
  for (int k = 0; k < muscle->n_wrap; k++)
    bad += check_use(def, muscle, k, error);
  return bad + check_tissue(def, muscle, error);
}

int kc_model_check_muscles(const kc_model_def *def, kc_error *error) {
  int bad = 0;
  for (int i = 0; i < def->n_guide; i++)
    bad += check_guide(def, i, error);
  for (int i = 0; i < def->n_wrap; i++)
    bad += check_wrap(def, i, error);
  for (int i = 0; i < def->n_muscle; i++)
    bad += check_muscle(def, i, error);
  if (!(def->muscle_strength >= 0) || !(def->muscle_activation_scale > 0) ||
      !(def->muscle_velocity_scale > 0))
    COMPLAIN(def->place, "muscles",
             "strength must be 0 or more, activation_scale and velocity_scale greater than 0");
  return bad;
}
