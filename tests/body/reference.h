// The straightforward road: one tree in plain doubles, ground axes, model frames, rotation matrices
// by Rodrigues' formula, Newton and Euler at each mass centre.
#pragma once
#include "model/model.h"
#include <math.h>
#include <string.h>

enum { REF_MAX = 40 };

typedef struct {
  double R[REF_MAX][9], o[REF_MAX][3], axis[REF_MAX][3]; // link frame -> ground, origin, axis
  double w[REF_MAX][3], v[REF_MAX][3];                   // of the link's origin
  double e[REF_MAX][3], a[REF_MAX][3];                   // their derivatives
} reference;

static inline void ref_cross(const double a[3], const double b[3], double out[3]) {
  double c[3] = {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
  memcpy(out, c, sizeof c);
}
static inline double ref_dot(const double a[3], const double b[3]) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
static inline void ref_apply(const double R[9], const double a[3], double out[3]) {
  double c[3];
  for (int k = 0; k < 3; k++)
    c[k] = ref_dot(R + 3 * k, a);
  memcpy(out, c, sizeof c);
}
static inline void ref_apply_transposed(const double R[9], const double a[3], double out[3]) {
  double c[3];
  for (int k = 0; k < 3; k++)
    c[k] = R[k] * a[0] + R[3 + k] * a[1] + R[6 + k] * a[2];
  memcpy(out, c, sizeof c);
}

static inline void ref_turn(const double u[3], double angle, double R[9]) {
  double s = sin(angle), c = cos(angle);
  double cross[9] = {0, -u[2], u[1], u[2], 0, -u[0], -u[1], u[0], 0};
  for (int r = 0; r < 3; r++)
    for (int k = 0; k < 3; k++)
      R[3 * r + k] = c * (r == k) + s * cross[3 * r + k] + (1 - c) * u[r] * u[k];
}

/// Acceleration or velocity of a point carried by a link: v + w x p (+ w x (w x p)).
static inline void ref_move(const double w[3], const double p[3], double out[3]) {
  double c[3];
  ref_cross(w, p, c);
  for (int k = 0; k < 3; k++)
    out[k] += c[k];
}

/// Kinematics of every link at q, v, a.
static inline void ref_kinematics(const kc_model *model, const double *q, const double *v,
                                  const double *a, reference *ref) {
  static const double unit[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, none[3] = {0, 0, 0};
  for (int i = 0; i < model->n_joint; i++) {
    const kc_joint *joint = &model->joint[i];
    int p = joint->parent, hinge = joint->type == KC_REVOLUTE;
    const double *Rp = p < 0 ? unit : ref->R[p], *wp = p < 0 ? none : ref->w[p],
                 *ep = p < 0 ? none : ref->e[p];
    double turn[9], arm[3], *u = ref->axis[i], spin[3], c[3];
    ref_apply(Rp, joint->axis, u);
    ref_turn(joint->axis, hinge ? q[i] : 0, turn);
    for (int r = 0; r < 3; r++)
      for (int k = 0; k < 3; k++)
        ref->R[i][3 * r + k] =
            Rp[3 * r] * turn[k] + Rp[3 * r + 1] * turn[3 + k] + Rp[3 * r + 2] * turn[6 + k];
    for (int k = 0; k < 3; k++)
      arm[k] = joint->offset[k] + (hinge ? 0 : q[i] * joint->axis[k]);
    ref_apply(Rp, arm, arm);
    for (int k = 0; k < 3; k++) {
      ref->o[i][k] = (p < 0 ? 0 : ref->o[p][k]) + arm[k];
      ref->v[i][k] = p < 0 ? 0 : ref->v[p][k];
      ref->a[i][k] = p < 0 ? 0 : ref->a[p][k];
      ref->w[i][k] = wp[k] + (hinge ? v[i] * u[k] : 0);
      ref->e[i][k] = ep[k] + (hinge ? a[i] * u[k] : 0);
      spin[k] = v[i] * u[k];
    }
    ref_move(wp, arm, ref->v[i]);
    ref_move(ep, arm, ref->a[i]);
    ref_cross(wp, arm, c);
    ref_move(wp, c, ref->a[i]);
    ref_cross(wp, spin, c); // the axis turns with the parent
    for (int k = 0; k < 3; k++) {
      if (hinge)
        ref->e[i][k] += c[k];
      else
        ref->v[i][k] += spin[k], ref->a[i][k] += a[i] * u[k] + 2 * c[k];
    }
  }
}

/// Force at the mass centre and moment about it that the motion and gravity ask for, ground axes.
static inline void ref_wrench(const kc_model *model, const reference *ref, int i, const double g[3],
                              double centre[3], double force[3], double moment[3]) {
  const kc_joint *joint = &model->joint[i];
  const double *I = joint->inertia, *w = ref->w[i], *e = ref->e[i];
  double full[9] = {I[0], I[3], I[4], I[3], I[1], I[5], I[4], I[5], I[2]}, h[3], c[3], acc[3];
  ref_apply(ref->R[i], joint->com, c);
  for (int k = 0; k < 3; k++)
    centre[k] = ref->o[i][k] + c[k], acc[k] = ref->a[i][k] - g[k];
  ref_move(e, c, acc);
  ref_cross(w, c, h);
  ref_move(w, h, acc);
  for (int k = 0; k < 3; k++)
    force[k] = joint->mass * acc[k];
  ref_apply_transposed(ref->R[i], e, h);
  ref_apply(full, h, h);
  ref_apply(ref->R[i], h, moment);
  ref_apply_transposed(ref->R[i], w, h);
  ref_apply(full, h, h);
  ref_apply(ref->R[i], h, h);
  ref_move(w, h, moment);
}

/// tau = sum over links of (column of J)' (what the motion asks for).
static inline void ref_inverse(const kc_model *model, const reference *ref, const double *a,
                               const double g[3], double *tau) {
  for (int i = 0; i < model->n_joint; i++)
    tau[i] = model->joint[i].rotor_inertia * a[i];
  for (int i = 0; i < model->n_joint; i++) {
    double centre[3], force[3], moment[3], arm[3], c[3];
    ref_wrench(model, ref, i, g, centre, force, moment);
    for (int j = i; j >= 0; j = model->joint[j].parent) {
      for (int k = 0; k < 3; k++)
        arm[k] = centre[k] - ref->o[j][k];
      ref_cross(arm, force, c);
      for (int k = 0; k < 3; k++)
        c[k] += moment[k];
      tau[j] += ref_dot(ref->axis[j], model->joint[j].type == KC_REVOLUTE ? c : force);
    }
  }
}
