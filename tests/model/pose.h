/// @file
/// Positions of a compiled model by plain rotation matrices: a second road beside src/body.
#pragma once
#include "model/model.h"
#include <math.h>
#include <string.h>

typedef struct {
  double rot[9], pos[3];
} test_frame;

static inline void test_turn(const double r[9], const double v[3], double out[3]) {
  for (int i = 0; i < 3; i++)
    out[i] = r[3 * i] * v[0] + r[3 * i + 1] * v[1] + r[3 * i + 2] * v[2];
}

/// Rotation about a unit axis by an angle (Rodrigues).
static inline void test_rotation(const double e[3], double angle, double r[9]) {
  double c = cos(angle), s = sin(angle);
  const double k[9] = {0, -e[2], e[1], e[2], 0, -e[0], -e[1], e[0], 0};
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      r[3 * i + j] = (i == j) * c + (1 - c) * e[i] * e[j] + s * k[3 * i + j];
}

/// Frames of all links at coordinates q.
static inline void test_pose(const kc_model *model, const double *q, test_frame *frame) {
  for (int i = 0; i < model->n_joint; i++) {
    const kc_joint *joint = &model->joint[i];
    test_frame up = {{1, 0, 0, 0, 1, 0, 0, 0, 1}, {0}};
    if (joint->parent >= 0)
      up = frame[joint->parent];
    double at[3], turn[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    for (int k = 0; k < 3; k++)
      at[k] = joint->offset[k] + (joint->type == KC_PRISMATIC ? joint->axis[k] * q[i] : 0);
    test_turn(up.rot, at, frame[i].pos);
    for (int k = 0; k < 3; k++)
      frame[i].pos[k] += up.pos[k];
    if (joint->type == KC_REVOLUTE)
      test_rotation(joint->axis, q[i], turn);
    for (int a = 0; a < 3; a++)
      for (int b = 0; b < 3; b++) {
        frame[i].rot[3 * a + b] = 0;
        for (int k = 0; k < 3; k++)
          frame[i].rot[3 * a + b] += up.rot[3 * a + k] * turn[3 * k + b];
      }
  }
}

static inline void test_point(const test_frame *frame, const double at[3], double out[3]) {
  test_turn(frame->rot, at, out);
  for (int i = 0; i < 3; i++)
    out[i] += frame->pos[i];
}

/// Whole-body mass centre.
static inline void test_com(const kc_model *model, const test_frame *frame, double com[3]) {
  memset(com, 0, 3 * sizeof *com);
  for (int i = 0; i < model->n_joint; i++) {
    double at[3];
    test_point(&frame[i], model->joint[i].com, at);
    for (int k = 0; k < 3; k++)
      com[k] += model->joint[i].mass * at[k] / model->mass;
  }
}
