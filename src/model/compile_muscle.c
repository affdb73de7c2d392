/// @file
/// Muscles, their paths, and what paths go round: from a definition to numbers.
///
/// Paths and surfaces scale with their bodies. Optimal fibre and tendon slack length scale with
///   length of the polyline through the points, of this size with its changed bones, in neutral
///   posture / the same in reference geometry
/// (assumption: muscle grows with bone, so that a changed leg length changes no operating point; an
/// innominate that turns stretches or slackens its muscles, and is left out). Forces scale with
/// (mass / muscle_mass)^(2/3) (assumption: areas of similar bodies).
///
/// Side of a cylinder (kc_path_wrap.sense), in reference geometry and neutral posture, so that no
/// size and no condition turns it about; d is the direction from the point before to the one after,
/// across the axis:
///   quadrant n  the path passes on side n of the axis, and so turns about z as n x d says; where d
///               lies within 30 degrees of n, n does not tell and the next rule is used
///   all         the straight line says: turning towards the side on which the axis lies. If the
///               line meets the cylinder that is the shorter way round, if it clears it the side on
///               which it passes
/// A tight muscle has shorter fibre and tendon, and a passive curve that is steeper by a factor:
/// the strain at which the passive force reaches a value is divided by it.
#include "model/compile_muscle.h"
#include "model/fascia.h"
#include "model/guide.h"
#include "model/place.h"

#include <math.h>
#include <sleef.h>
#include <string.h>

static void copy_name(char *to, const char *from) { memcpy(to, from, KC_NAME_SIZE); }

void kc_model_lay_out_muscles(kc_block *block, const kc_model_def *def, kc_model *model) {
  size_t n_point = 0, n_wrap = 0;
  for (int i = 0; i < def->n_muscle; i++) {
    n_point += (size_t)def->muscle[i].n_point;
    n_wrap += (size_t)def->muscle[i].n_wrap;
  }
  model->n_guide = def->n_guide;
  model->n_wrap = def->n_wrap;
  model->n_muscle = def->n_muscle;
  model->n_path_point = (int)n_point;
  model->n_path_wrap = (int)n_wrap;
  model->muscle = kc_block_take(block, (size_t)def->n_muscle, sizeof *model->muscle);
  model->path_point = kc_block_take(block, n_point, sizeof *model->path_point);
  model->path_wrap = kc_block_take(block, n_wrap, sizeof *model->path_wrap);
  model->wrap = kc_block_take(block, (size_t)def->n_wrap, sizeof *model->wrap);
  model->guide = kc_block_take(block, (size_t)def->n_guide, sizeof *model->guide);
}

static void compile_guide(const kc_model_def *def, const int *link, const kc_model *model,
                          const kc_def_guide *from, kc_guide *to) {
  int body = kc_model_def_find_body(def, from->body);
  kc_model_fit_guide(from, kc_model_place_scale(def, &def->body[body], KC_GEOMETRY_CHANGED), to);
  to->link = link[body];
  to->joint = kc_model_find_joint(model, from->joint);
}

/// Axes of turns about x, the new y, the new z: R = Rx Ry Rz, row-major.
static void make_axes(const double turn[3], double axes[9]) {
  Sleef_double_2 a = Sleef_cinz_sincosd1_u10purec(turn[0]);
  Sleef_double_2 b = Sleef_cinz_sincosd1_u10purec(turn[1]);
  Sleef_double_2 c = Sleef_cinz_sincosd1_u10purec(turn[2]);
  const double made[9] = {b.y * c.y,
                          0 - b.y * c.x,
                          b.x,
                          a.y * c.x + a.x * b.x * c.y,
                          a.y * c.y - a.x * b.x * c.x,
                          0 - a.x * b.y,
                          a.x * c.x - a.y * b.x * c.y,
                          a.x * c.y + a.y * b.x * c.x,
                          a.y * b.y};
  memcpy(axes, made, sizeof made);
}

static void compile_wrap(const kc_model_def *def, const int *link, const kc_def_wrap *from,
                         kc_wrap *to) {
  int body = kc_model_def_find_body(def, from->body);
  double scale = kc_model_place_scale(def, &def->body[body], KC_GEOMETRY_CHANGED);
  copy_name(to->name, from->name);
  to->link = link[body];
  to->shape = (kc_wrap_shape)from->shape;
  to->radius = scale * from->radius;
  to->length = scale * from->length;
  kc_model_place_point(def, &def->body[body], from->at, from->innominate, KC_GEOMETRY_CHANGED,
                       to->position);
  make_axes(from->turn, to->axes);
  for (int k = 0; from->innominate && k < 3; k++) {
    double column[3] = {to->axes[k], to->axes[3 + k], to->axes[6 + k]};
    kc_model_turn_with_innominate(def, from->at[2] > 0 ? KC_RIGHT : KC_LEFT, column);
    for (int i = 0; i < 3; i++)
      to->axes[3 * i + k] = column[i];
  }
}

/// Where bodies and guided frames lie in neutral posture, found once for all points on them.
typedef struct {
  const kc_model_def *def;
  kc_geometry geometry;
  double origin[KC_DEF_MAX_BODY][3]; ///< in ground
  struct {
    double at[3], sine, cosine; ///< in its body's frame
  } guide[KC_DEF_MAX_GUIDE];
} posture;

static void place_guide(posture *p, int index) {
  const kc_def_guide *from = &p->def->guide[index];
  const kc_def_body *body = &p->def->body[kc_model_def_find_body(p->def, from->body)];
  kc_guide fitted;
  double turn;
  kc_model_fit_guide(from, kc_model_place_scale(p->def, body, p->geometry), &fitted);
  kc_model_eval_guide(&fitted, 0, p->guide[index].at, &turn);
  Sleef_double_2 t = Sleef_cinz_sincosd1_u10purec(turn);
  p->guide[index].sine = t.x;
  p->guide[index].cosine = t.y;
}

static void place_all(posture *p, const kc_model_def *def, kc_geometry geometry) {
  p->def = def;
  p->geometry = geometry;
  for (int i = 0; i < def->n_body; i++)
    kc_model_place_origin(def, &def->body[i], geometry, p->origin[i]);
  for (int i = 0; i < def->n_guide; i++)
    place_guide(p, i);
}

/// The body that carries a point, and the guide (-1: none) that it rides on.
typedef struct {
  int body, guide;
} carrier;

static carrier find_carrier(const kc_model_def *def, const kc_def_point *point) {
  int guide = kc_model_def_find_guide(def, point->body);
  const char *name = guide < 0 ? point->body : def->guide[guide].body;
  return (carrier){kc_model_def_find_body(def, name), guide};
}

/// A muscle's point in ground in neutral posture.
static void place_in_ground(const posture *in, const kc_def_point *point, carrier on,
                            double out[3]) {
  double p[3];
  kc_model_place_point(in->def, &in->def->body[on.body], point->at, point->innominate, in->geometry,
                       p);
  if (on.guide >= 0) {
    const double *at = in->guide[on.guide].at;
    double s = in->guide[on.guide].sine, c = in->guide[on.guide].cosine;
    const double turned[3] = {c * p[0] - s * p[1], s * p[0] + c * p[1], p[2]};
    for (int i = 0; i < 3; i++)
      p[i] = at[i] + turned[i];
  }
  for (int i = 0; i < 3; i++)
    out[i] = in->origin[on.body][i] + p[i];
}

/// Length of the polyline through a muscle's points in neutral posture, m.
static double polyline_length(const posture *in, const kc_def_muscle *muscle, const carrier *on) {
  double length = 0, before[3], at[3];
  for (int k = 0; k < muscle->n_point; k++) {
    place_in_ground(in, &muscle->point[k], on[k], at);
    if (k > 0)
      length += sqrt((at[0] - before[0]) * (at[0] - before[0]) +
                     (at[1] - before[1]) * (at[1] - before[1]) +
                     (at[2] - before[2]) * (at[2] - before[2]));
    memcpy(before, at, sizeof at);
  }
  return length;
}

/// The sense of a path about a cylinder: see above.
static double find_sense(const posture *reference, const kc_def_muscle *muscle, const carrier *on,
                         const kc_def_wrap_use *use) {
  static const double quadrant[5][2] = {{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}};
  const kc_model_def *def = reference->def;
  const kc_def_wrap *wrap = &def->wrap[kc_model_def_find_wrap(def, use->wrap)];
  const double *origin = reference->origin[kc_model_def_find_body(def, wrap->body)];
  double axes[9], end[2][3], flat[2][2];
  make_axes(wrap->turn, axes);
  for (int e = 0; e < 2; e++) {
    int at = use->after - 1 + e;
    place_in_ground(reference, &muscle->point[at], on[at], end[e]);
    for (int k = 0; k < 2; k++) {
      flat[e][k] = 0;
      for (int i = 0; i < 3; i++)
        flat[e][k] += axes[3 * i + k] * (end[e][i] - origin[i] - wrap->at[i]);
    }
  }
  const double d[2] = {flat[1][0] - flat[0][0], flat[1][1] - flat[0][1]};
  const double *n = quadrant[use->side];
  double told = n[0] * d[1] - n[1] * d[0]; // (n x d) z
  double line = d[1] * flat[0][0] - d[0] * flat[0][1];
  if (fabs(told) <= 0.5 * sqrt(d[0] * d[0] + d[1] * d[1]))
    told = line;
  return told < 0 ? -1 : 1;
}

static void compile_path(const posture *reference, const int *link, const kc_def_muscle *from,
                         const carrier *on, kc_model *model, kc_muscle *to) {
  const kc_model_def *def = reference->def;
  for (int k = 0; k < from->n_point; k++) {
    const kc_def_point *point = &from->point[k];
    kc_path_point *out = &model->path_point[to->point_adr + k];
    out->guide = on[k].guide;
    out->link = link[on[k].body];
    kc_model_place_point(def, &def->body[on[k].body], point->at, point->innominate,
                         KC_GEOMETRY_CHANGED, out->position);
  }
  for (int k = 0; k < from->n_wrap; k++) {
    kc_path_wrap *out = &model->path_wrap[to->wrap_adr + k];
    out->wrap = kc_model_def_find_wrap(def, from->wrap[k].wrap);
    out->after = from->wrap[k].after - 1;
    out->sense = find_sense(reference, from, on, &from->wrap[k]);
  }
}

/// Factor on forces for the body's mass.
static double force_scale(const kc_model_def *def) {
  if (!def->has_size || !(def->muscle_mass > 0))
    return 1;
  double root = Sleef_cinz_cbrtd1_u10purec(def->mass / def->muscle_mass);
  return root * root;
}

/// @param grown of the length of its fibres and tendon
static void compile_tissue(const kc_model_def *def, const kc_def_muscle *from, double grown,
                           kc_muscle *to) {
  const kc_def_tissue *t = &from->tissue;
  to->strength = t->strength * def->muscle_strength;
  to->max_isometric_force = t->max_isometric_force * force_scale(def);
  to->optimal_fibre_length = t->optimal_fibre_length * grown;
  to->tendon_slack_length = t->tendon_slack_length * grown;
  to->pennation = t->pennation;
  to->max_velocity = t->max_velocity * def->muscle_velocity_scale;
  to->tendon_strain = t->tendon_strain;
  to->passive_strain = t->passive_strain / from->passive_factor;
  to->damping = t->damping;
  to->activation_time = t->activation_time * def->muscle_activation_scale;
  to->deactivation_time = t->deactivation_time * def->muscle_activation_scale;
  to->slow_fraction = t->slow_fraction;
  to->specific_tension = t->specific_tension;
}

void kc_model_compile_muscles(const kc_model_def *def, const int *link, kc_model *model) {
  int n_point = 0, n_wrap = 0;
  posture reference, grown;
  place_all(&reference, def, KC_GEOMETRY_REFERENCE);
  place_all(&grown, def, KC_GEOMETRY_GROWN);
  for (int i = 0; i < def->n_guide; i++)
    compile_guide(def, link, model, &def->guide[i], &model->guide[i]);
  for (int i = 0; i < def->n_wrap; i++)
    compile_wrap(def, link, &def->wrap[i], &model->wrap[i]);
  for (int i = 0; i < def->n_muscle; i++) {
    const kc_def_muscle *from = &def->muscle[i];
    kc_muscle *to = &model->muscle[i];
    copy_name(to->name, from->name);
    to->side = kc_model_name_side(from->name);
    to->point_adr = n_point;
    to->n_point = from->n_point;
    to->wrap_adr = n_wrap;
    to->n_wrap = from->n_wrap;
    n_point += from->n_point;
    n_wrap += from->n_wrap;
    kc_model_tie(def, from->n_point, from->point, to->node);
    carrier on[KC_DEF_MAX_MUSCLE_POINT];
    for (int k = 0; k < from->n_point; k++)
      on[k] = find_carrier(def, &from->point[k]);
    compile_path(&reference, link, from, on, model, to);
    compile_tissue(def, from,
                   polyline_length(&grown, from, on) / polyline_length(&reference, from, on) *
                       from->length_factor,
                   to);
  }
}
