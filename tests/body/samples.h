// Trees for the tests of the body module: random ones, a runner's shape, small ones with known
// answers.
#pragma once
#include "model/model.h"
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_JOINT = 40, MAX_SPHERE = 32 };

typedef struct {
  kc_model model;
  kc_joint joint[MAX_JOINT];
  kc_sphere sphere[MAX_SPHERE];
} sample;

/// xorshift64*: uniform in (lower, upper).
static inline double draw(uint64_t *seed, double lower, double upper) {
  *seed ^= *seed >> 12, *seed ^= *seed << 25, *seed ^= *seed >> 27;
  return lower + (upper - lower) * ((double)((*seed * 2685821657736338717u) >> 11) + 0.5) /
                     9007199254740992.0;
}

static inline void give_mass(uint64_t *seed, kc_joint *joint, double mass) {
  // principal moments of a solid box, turned a little by products below the triangle bounds
  double a = draw(seed, 0.05, 0.12), b = draw(seed, 0.15, 0.4), c = draw(seed, 0.06, 0.15);
  joint->mass = mass;
  joint->inertia[0] = mass * (b * b + c * c) / 12, joint->inertia[1] = mass * (a * a + c * c) / 12;
  joint->inertia[2] = mass * (a * a + b * b) / 12;
  for (int k = 3; k < 6; k++)
    joint->inertia[k] = draw(seed, -1, 1) * 1e-4 * mass;
  joint->com[0] = draw(seed, -0.04, 0.05), joint->com[1] = draw(seed, -0.2, 0.1);
  joint->com[2] = draw(seed, -0.03, 0.04);
}

static inline void finish(sample *s, int n) {
  s->model.n_joint = n;
  s->model.joint = s->joint;
  s->model.sphere = s->sphere;
  for (int i = 0; i < n; i++) {
    s->joint[i].range_lower = -1.3, s->joint[i].range_upper = 1.2;
    s->model.mass += s->joint[i].mass;
  }
}

/// n joints on random parents; axes along +-x, +-y, +-z or any direction; some links without mass.
static inline void make_random_tree(sample *s, int n, uint64_t seed, int aligned) {
  memset(s, 0, sizeof *s);
  for (int i = 0; i < n; i++) {
    kc_joint *joint = &s->joint[i];
    joint->parent = i == 0 ? -1 : i - 1 - (int)draw(&seed, 0, i < 4 ? i : 4);
    if (i > 6 && draw(&seed, 0, 1) < 0.03)
      joint->parent = -1;
    joint->type = draw(&seed, 0, 1) < 0.2 ? KC_PRISMATIC : KC_REVOLUTE;
    if (aligned || draw(&seed, 0, 1) < 0.6) {
      joint->axis[(int)draw(&seed, 0, 3)] = draw(&seed, 0, 1) < 0.5 ? -1 : 1;
    } else {
      double sum = 0;
      for (int k = 0; k < 3; k++)
        joint->axis[k] = draw(&seed, -1, 1), sum += joint->axis[k] * joint->axis[k];
      for (int k = 0; k < 3; k++)
        joint->axis[k] /= sqrt(sum);
    }
    if (draw(&seed, 0, 1) < 0.6)
      for (int k = 0; k < 3; k++)
        joint->offset[k] = draw(&seed, -0.35, 0.3);
    give_mass(&seed, joint, draw(&seed, 2, 9));
    joint->rotor_inertia = draw(&seed, 0, 1) < 0.3 ? draw(&seed, 0.001, 0.05) : 0;
  }
  // a massless link needs something behind it; here each such link has a child
  for (int i = 0; i + 1 < n; i++) {
    if (s->joint[i + 1].parent != i || draw(&seed, 0, 1) < 0.6)
      continue;
    s->joint[i].mass = 0, s->joint[i].rotor_inertia = 0.131;
    memset(s->joint[i].com, 0, sizeof s->joint[i].com);
    memset(s->joint[i].inertia, 0, sizeof s->joint[i].inertia);
  }
  for (int k = 0; k < 2; k++)
    s->sphere[k].link = n - 1 - 3 * k;
  s->model.n_sphere = 2;
  finish(s, n);
}

static inline int add_joint(sample *s, int i, int parent, kc_joint_type type, int axis, int sign) {
  s->joint[i].parent = parent, s->joint[i].type = type;
  s->joint[i].axis[axis] = sign;
  return i;
}

/// An axis between the model's, (x, y, z) over its length.
static inline void set_axis(kc_joint *joint, double x, double y, double z) {
  double length = sqrt(x * x + y * y + z * z);
  joint->axis[0] = x / length, joint->axis[1] = y / length, joint->axis[2] = z / length;
}

/// A ball-like chain of three hinges; the last link has the mass.
static inline int add_ball(sample *s, uint64_t *seed, int i, int parent, double mass, double x,
                           double y, double z) {
  add_joint(s, i, parent, KC_REVOLUTE, 2, 1);
  s->joint[i].offset[0] = x, s->joint[i].offset[1] = y, s->joint[i].offset[2] = z;
  add_joint(s, i + 1, i, KC_REVOLUTE, 0, z < 0 ? -1 : 1);
  add_joint(s, i + 2, i + 1, KC_REVOLUTE, 1, z < 0 ? -1 : 1);
  give_mass(seed, &s->joint[i + 2], mass);
  return i + 2;
}

static inline int add_pin(sample *s, uint64_t *seed, int i, int parent, int axis, int sign,
                          double mass, double x, double y) {
  add_joint(s, i, parent, KC_REVOLUTE, axis, sign);
  s->joint[i].offset[0] = x, s->joint[i].offset[1] = y, s->joint[i].offset[2] = 0.004;
  give_mass(seed, &s->joint[i], mass);
  return i;
}

/// The topology of the 37-coordinate runner, with masses like a person's.
static inline void make_runner_tree(sample *s, uint64_t seed) {
  memset(s, 0, sizeof *s);
  for (int k = 0; k < 3; k++)
    add_joint(s, k, k - 1, KC_PRISMATIC, k, 1);
  int pelvis = add_ball(s, &seed, 3, 2, 11.8, 0, 0, 0);
  int i = pelvis + 1;
  for (int side = 0; side < 2; side++) {
    double z = side ? -0.08 : 0.08;
    int thigh = add_ball(s, &seed, i, pelvis, 9.3, -0.056, -0.078, z);
    int shank = add_pin(s, &seed, thigh + 1, thigh, 2, -1, 3.7, -0.008, -0.41);
    int talus = add_pin(s, &seed, shank + 1, shank, 2, 1, 0.1, -0.01, -0.4);
    int foot = add_pin(s, &seed, talus + 1, talus, 0, side ? -1 : 1, 1.25, -0.05, -0.04);
    s->sphere[side].link = foot;
    set_axis(&s->joint[talus], side ? 0.1 : -0.1, side ? 0.17 : -0.17, 0.98);
    set_axis(&s->joint[foot], 0.79, 0.6, side ? 0.12 : -0.12);
    i = add_pin(s, &seed, foot + 1, foot, 2, -1, 0.22, 0.18, -0.002) + 1;
  }
  int lumbar = add_ball(s, &seed, i, pelvis, 8, -0.1, 0.08, 0),
      thorax = add_ball(s, &seed, lumbar + 1, lumbar, 15, 0, 0.15, 0);
  i = add_ball(s, &seed, thorax + 1, thorax, 5, 0, 0.35, 0) + 1;
  for (int side = 0; side < 2; side++) {
    int arm = add_ball(s, &seed, i, thorax, 2, 0.003, 0.3, side ? -0.17 : 0.17);
    i = add_pin(s, &seed, arm + 1, arm, 2, 1, 1.7, 0.013, -0.28) + 1;
  }
  s->model.free_root = 1, s->model.n_sphere = 2;
  finish(s, i);
}

/// Two equal rods about z, hanging from ground, without a free root.
static inline void make_pendulum(sample *s, double mass, double length) {
  memset(s, 0, sizeof *s);
  for (int i = 0; i < 2; i++) {
    add_joint(s, i, i - 1, KC_REVOLUTE, 2, 1);
    if (i)
      s->joint[i].offset[1] = -length;
    s->joint[i].mass = mass, s->joint[i].com[1] = -length / 2;
    s->joint[i].inertia[0] = s->joint[i].inertia[2] = mass * length * length / 12;
    s->joint[i].inertia[1] = 1e-5;
  }
  finish(s, 2);
}

/// One rigid body on three slides and three hinges.
static inline void make_free_body(sample *s, uint64_t seed) {
  memset(s, 0, sizeof *s);
  for (int k = 0; k < 3; k++)
    add_joint(s, k, k - 1, KC_PRISMATIC, k, 1);
  add_ball(s, &seed, 3, 2, 7.31, 0, 0, 0);
  s->model.free_root = 1;
  finish(s, 6);
}

/// The part of a compiled model that the body module reads.
static inline void copy_model(sample *s, const kc_model *model) {
  memset(s, 0, sizeof *s);
  memcpy(s->joint, model->joint, (size_t)model->n_joint * sizeof *s->joint);
  s->model.free_root = model->free_root;
  s->model.n_sphere = model->n_sphere < MAX_SPHERE ? model->n_sphere : MAX_SPHERE;
  memcpy(s->sphere, model->sphere, (size_t)s->model.n_sphere * sizeof *s->sphere);
  s->model.n_joint = model->n_joint;
  s->model.joint = s->joint, s->model.sphere = s->sphere;
}
