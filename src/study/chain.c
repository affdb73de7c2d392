/// @file
/// Kinematics of one chain, scalar (see chain.h).
///
/// The chain is walked from the root to the link of the point; chains are at most 32 joints deep,
/// what lies beyond is left out. Sine and cosine are SLEEF's.
#include "study/chain.h"
#include <sleef.h>
#include <string.h>

enum { MAX_DEPTH = 32 };

typedef struct {
  double R[9]; // link axes -> ground, rows
  double w[3]; // angular velocity, ground
  double p[3]; // the link's origin, ground
  double u[3]; // its velocity, ground
} frame;

int kc_study_find_heel(const kc_model *model, int side) {
  int best = -1;
  for (int i = 0; i < model->n_sphere; i++) {
    const kc_sphere *s = &model->sphere[i], *b = &model->sphere[best < 0 ? 0 : best];
    if ((int)s->side != side)
      continue;
    if (best < 0 || s->link < b->link || (s->link == b->link && s->position[0] < b->position[0]))
      best = i;
  }
  return best;
}

static void turn(const double *R, const double *x, double *y) {
  for (int i = 0; i < 3; i++)
    y[i] = R[3 * i] * x[0] + R[3 * i + 1] * x[1] + R[3 * i + 2] * x[2];
}

/// u += w x r
static void add_cross(const double *w, const double *r, double *u) {
  u[0] += w[1] * r[2] - w[2] * r[1];
  u[1] += w[2] * r[0] - w[0] * r[2];
  u[2] += w[0] * r[1] - w[1] * r[0];
}

/// R <- R E(axis, angle) with E = c I + s [axis x] + (1 - c) axis axis^T.
static void rotate(double *R, const double *a, double angle) {
  Sleef_double_2 sc = Sleef_cinz_sincosd1_u10purec(angle);
  double s = sc.x, c = sc.y, k = 1 - c, out[9];
  const double E[9] = {
      c + k * a[0] * a[0],        k * a[0] * a[1] - s * a[2], k * a[0] * a[2] + s * a[1],
      k * a[1] * a[0] + s * a[2], c + k * a[1] * a[1],        k * a[1] * a[2] - s * a[0],
      k * a[2] * a[0] - s * a[1], k * a[2] * a[1] + s * a[0], c + k * a[2] * a[2]};
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      out[3 * i + j] = R[3 * i] * E[j] + R[3 * i + 1] * E[3 + j] + R[3 * i + 2] * E[6 + j];
  memcpy(R, out, sizeof out);
}

static void step_joint(frame *f, const kc_joint *joint, double q, double v) {
  double arm[3], axis[3], offset[3];
  int slides = joint->type == KC_PRISMATIC;
  for (int i = 0; i < 3; i++)
    offset[i] = joint->offset[i] + (slides ? joint->axis[i] * q : 0);
  turn(f->R, offset, arm);
  turn(f->R, joint->axis, axis);
  add_cross(f->w, arm, f->u);
  for (int i = 0; i < 3; i++) {
    f->p[i] += arm[i];
    if (slides)
      f->u[i] += axis[i] * v;
    else
      f->w[i] += axis[i] * v;
  }
  if (!slides)
    rotate(f->R, joint->axis, q);
}

kc_study_motion kc_study_compute_motion(const kc_model *model, int link, const double *point,
                                        const double *q, const double *v) {
  int chain[MAX_DEPTH], depth = 0;
  for (int i = link; i >= 0 && depth < MAX_DEPTH; i = model->joint[i].parent)
    chain[depth++] = i;
  frame f = {.R = {1, 0, 0, 0, 1, 0, 0, 0, 1}};
  while (depth-- > 0)
    step_joint(&f, &model->joint[chain[depth]], q[chain[depth]], v[chain[depth]]);
  double arm[3];
  turn(f.R, point, arm);
  add_cross(f.w, arm, f.u);
  kc_study_motion motion;
  for (int i = 0; i < 3; i++) {
    motion.position[i] = f.p[i] + arm[i];
    motion.velocity[i] = f.u[i];
    motion.rate[i] = f.w[i];
  }
  return motion;
}

double kc_study_compute_sphere_speed(const kc_model *model, int sphere, const double *q,
                                     const double *v) {
  if (sphere < 0)
    return 0;
  const kc_sphere *s = &model->sphere[sphere];
  return kc_study_compute_motion(model, s->link, s->position, q, v).velocity[0];
}

void kc_study_compute_turn(const kc_model *model, int above, int link, const double *q, double *R) {
  static const double one[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  int chain[MAX_DEPTH], depth = 0;
  for (int i = link; i >= 0 && i != above && depth < MAX_DEPTH; i = model->joint[i].parent)
    chain[depth++] = i;
  memcpy(R, one, sizeof one);
  while (depth-- > 0)
    if (model->joint[chain[depth]].type != KC_PRISMATIC)
      rotate(R, model->joint[chain[depth]].axis, q[chain[depth]]);
}
