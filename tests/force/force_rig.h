// A small walker for the tests of the forces: pelvis on six axes, trunk, two legs of three hinges,
// three spheres a foot, two crossed bands over three links, drag at the trunk. The left is the
// mirror image of the right. Every lane has its own numbers.
#pragma once
#include "force/force.lane.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_JOINT = 13, N_SPHERE = 6, N_BAND = 2, N_POINT = 6, TRUNK = 6, PELVIS = 5 };

typedef struct {
  kc_model model;
  kc_joint joint[N_JOINT];
  kc_sphere sphere[N_SPHERE];
  kc_band band[N_BAND];
  kc_point point[N_POINT];
} rig_model;

typedef struct {
  rig_model lane[KC_LANES];
  kc_ground ground[KC_LANES];
  kc_tree *tree;
  kc_body_work *body;
  kc_force *force;
  kc_force_work *work;
  real q[N_JOINT], v[N_JOINT], a[N_JOINT], tau[N_JOINT], tau_passive[N_JOINT];
  real step;
  int first; // runner in lane 0: lane l holds runner first + l
} rig_state;

// uniform in [-1, 1]
static inline double rig_draw(uint64_t *state) {
  *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (double)(int64_t)(*state ^ (*state >> 29)) * 0x1p-63;
}

static inline void near(const char *name, double got, double want, double tolerance) {
  double error = fabs(got - want);
  if (error <= tolerance)
    return;
  print_error("%s: got %.17g, want %.17g, error %.3g, tolerance %.3g\n", name, got, want, error,
              tolerance);
  fail();
}

static inline kc_joint rig_joint(int parent, kc_joint_type type, double x, double y, double z) {
  double length = sqrt(x * x + y * y + z * z);
  kc_joint joint;
  memset(&joint, 0, sizeof joint);
  joint.parent = parent, joint.type = type, joint.side = KC_MIDLINE;
  joint.axis[0] = x / length, joint.axis[1] = y / length, joint.axis[2] = z / length;
  return joint;
}

static inline void rig_mass(kc_joint *joint, double mass, double x, double y, double z,
                            double size) {
  double i = 0.4 * mass * size * size;
  double inertia[6] = {i, 1.17 * i, 0.83 * i, 0.041 * i, -0.027 * i, 0.063 * i};
  joint->mass = mass;
  joint->com[0] = x, joint->com[1] = y, joint->com[2] = z;
  memcpy(joint->inertia, inertia, sizeof inertia);
}

// the mirror image: polar vectors turn z over, axial vectors turn x and y over
static inline kc_joint rig_mirror(kc_joint joint) {
  joint.axis[0] = -joint.axis[0], joint.axis[1] = -joint.axis[1];
  joint.offset[2] = -joint.offset[2], joint.com[2] = -joint.com[2];
  joint.inertia[4] = -joint.inertia[4], joint.inertia[5] = -joint.inertia[5];
  joint.side = KC_LEFT;
  return joint;
}

static inline void rig_fill_joints(rig_model *rig, double s) {
  kc_joint *j = rig->joint;
  j[0] = rig_joint(-1, KC_PRISMATIC, 1, 0, 0);
  j[1] = rig_joint(0, KC_PRISMATIC, 0, 1, 0);
  j[2] = rig_joint(1, KC_PRISMATIC, 0, 0, 1);
  j[3] = rig_joint(2, KC_REVOLUTE, 0, 0, 1);
  j[4] = rig_joint(3, KC_REVOLUTE, 1, 0, 0);
  j[5] = rig_joint(4, KC_REVOLUTE, 0, 1, 0);
  rig_mass(&j[5], 11.7 * s, -0.07, 0.013, 0.0, 0.11);
  j[5].inertia[4] = j[5].inertia[5] = 0.0;
  j[6] = rig_joint(5, KC_REVOLUTE, 0, 0, 1);
  rig_mass(&j[6], 33.9 * s, 0.02, 0.31, 0.0, 0.17);
  j[6].inertia[4] = j[6].inertia[5] = 0.0;
  j[6].offset[0] = -0.1, j[6].offset[1] = 0.08 * s;
  j[7] = rig_joint(5, KC_REVOLUTE, 0, 0, 1);
  rig_mass(&j[7], 8.8 * s, 0.011, -0.17, 0.006, 0.12);
  j[7].offset[0] = -0.056, j[7].offset[1] = -0.078, j[7].offset[2] = 0.077 * s;
  j[8] = rig_joint(7, KC_REVOLUTE, 0, 0, -1);
  rig_mass(&j[8], 3.7 * s, -0.007, -0.19, 0.004, 0.08);
  j[8].offset[0] = -0.008, j[8].offset[1] = -0.41, j[8].offset[2] = -0.003;
  j[9] = rig_joint(8, KC_REVOLUTE, -0.105, -0.174, 0.979);
  rig_mass(&j[9], 1.3 * s, 0.06, -0.03, 0.007, 0.05);
  j[9].offset[0] = -0.01, j[9].offset[1] = -0.4;
  for (int i = 7; i < 10; i++)
    j[i].side = KC_RIGHT;
  for (int i = 10; i < 13; i++) {
    j[i] = rig_mirror(j[i - 3]);
    if (i > 10)
      j[i].parent = i - 1;
  }
  for (int i = 6; i < N_JOINT; i++) {
    int leg = i < 10 ? i : i - 3;
    j[i].passive = (kc_passive){.k1 = -2.44,
                                .k2 = 5.05 + 0.1 * leg,
                                .upper = 0.3,
                                .k3 = 1.51,
                                .k4 = -11.88,
                                .lower = -0.4,
                                .stiffness = 3.7 * s,
                                .rest = 0.037,
                                .damping = 0.57};
    if (leg == 8)
      j[i].passive.k1 = 0.0, j[i].passive.k2 = 0.0;
  }
}

static inline void rig_fill_elements(rig_model *rig, double s) {
  static const double place[3][3] = {
      {-0.04, -0.05, -0.012}, {0.13, -0.052, 0.041}, {0.17, -0.049, -0.033}};
  for (int i = 0; i < N_SPHERE; i++) {
    double side = i < 3 ? 1.0 : -1.0;
    kc_sphere *sphere = &rig->sphere[i];
    memset(sphere, 0, sizeof *sphere);
    sphere->link = i < 3 ? 9 : 12, sphere->side = i < 3 ? KC_RIGHT : KC_LEFT;
    memcpy(sphere->position, place[i % 3], sizeof sphere->position);
    sphere->position[2] *= side;
    sphere->radius = 0.031, sphere->stiffness = 6.3e5 * s, sphere->dissipation = 0.57;
  }
  for (int i = 0; i < N_BAND; i++) {
    double side = i == 0 ? 1.0 : -1.0;
    kc_point *p = &rig->point[3 * i];
    p[0] = (kc_point){TRUNK, {-0.09, 0.33, 0.12 * side}};
    p[1] = (kc_point){PELVIS, {-0.14, 0.05, -0.02 * side}};
    p[2] = (kc_point){i == 0 ? 10 : 7, {-0.03, -0.11, -0.04 * side}};
    kc_band *band = &rig->band[i];
    memset(band, 0, sizeof *band);
    band->point_adr = 3 * i, band->n_point = 3, band->on = 1.0;
    band->slack_length = 0.64, band->stiffness = 16500.0 * s, band->toe_strain = 0.043;
    band->pretension = 7.3, band->loss = 0.083;
  }
}

static inline void rig_fill(rig_model *rig, double s) {
  memset(rig, 0, sizeof *rig);
  rig_fill_joints(rig, s);
  rig_fill_elements(rig, s);
  rig->model = (kc_model){.n_joint = N_JOINT,
                          .n_sphere = N_SPHERE,
                          .n_band = N_BAND,
                          .n_point = N_POINT,
                          .free_root = 1,
                          .joint = rig->joint,
                          .sphere = rig->sphere,
                          .band = rig->band,
                          .point = rig->point,
                          .drag_area = 0.47 * s,
                          .drag_link = TRUNK,
                          .drag_point = {0.03, 0.29, 0.0}};
}

// loads what the lanes' models and grounds hold now
static inline void rig_load(rig_state *rig) {
  for (int lane = 0; lane < KC_LANES; lane++) {
    kc_tree_load(rig->tree, lane, &rig->lane[lane].model);
    kc_force_load(rig->force, rig->tree, lane, &rig->lane[lane].model, &rig->ground[lane]);
  }
}

static inline void rig_create_from(rig_state *rig, int n_wave, int first) {
  rig->first = first;
  for (int lane = 0; lane < KC_LANES; lane++) {
    rig_fill(&rig->lane[lane], 1.0 + 0.013 * (first + lane));
    rig->ground[lane] = kc_ground_default();
    rig->ground[lane].grade = 0.031 + 0.007 * (first + lane), rig->ground[lane].camber = -0.023;
    kc_ground_add_roughness(&rig->ground[lane], n_wave, 0.008, 0.9, 4.0,
                            77 + (uint64_t)(first + lane));
  }
  rig->tree = kc_tree_create(&rig->lane[0].model);
  rig->body = kc_body_work_create(rig->tree);
  rig->force = kc_force_create(rig->tree, &rig->lane[0].model, &rig->ground[0]);
  rig->work = kc_force_work_create(rig->force);
  rig->step = kc_real(0.0);
  rig_load(rig);
}

static inline void rig_create(rig_state *rig, int n_wave) { rig_create_from(rig, n_wave, 0); }

static inline void rig_destroy(rig_state *rig) {
  kc_force_work_destroy(rig->work);
  kc_force_destroy(rig->force);
  kc_body_work_destroy(rig->body);
  kc_tree_destroy(rig->tree);
}

// depth of a sphere of one lane below its ground at the pose of rig->body
static inline double rig_depth(const rig_state *rig, int sphere, int lane) {
  const kc_sphere *s = &rig->lane[lane].sphere[sphere];
  kc_vec3 at;
  for (int i = 0; i < 3; i++) {
    at.v[i] = kc_real(0.0);
    for (int j = 0; j < 3; j++)
      at.v[i] += rig->tree->to_link[s->link].m[3 * i + j] * kc_real(s->position[j]);
  }
  kc_vec3 p = kc_body_point_position(rig->body, s->link, &at);
  real h, hx, hz;
  kc_ground_compute_height(rig->force, p.v[0], p.v[2], &h, &hx, &hz);
  double slope = kc_get(hx * hx + hz * hz, lane);
  double gap = kc_get(p.v[1] - h, lane) / sqrt(1.0 + slope) - s->radius;
  return gap < 0.0 ? -gap : 0.0;
}

// a random state of each lane with its lowest sphere some millimetres deep
static inline void rig_draw_state(rig_state *rig, uint64_t seed, double speed) {
  for (int lane = 0; lane < KC_LANES; lane++) {
    uint64_t state = seed * 1000003 + (uint64_t)(rig->first + lane) * 7919 + 12345;
    for (int i = 0; i < N_JOINT; i++) {
      kc_set(&rig->q[i], lane, (i < 3 ? 1.7 : i < 7 ? 0.12 : 0.25) * rig_draw(&state));
      kc_set(&rig->v[i], lane, speed * rig_draw(&state));
      kc_set(&rig->tau[i], lane, i < 6 ? 0.0 : 20.0 * rig_draw(&state));
    }
    kc_set(&rig->q[1], lane, 1.5);
  }
  for (int round = 0; round < 3; round++) {
    kc_body_compute_pose(rig->tree, rig->q, rig->body);
    for (int lane = 0; lane < KC_LANES; lane++) {
      double lowest = 1e9;
      for (int i = 0; i < N_SPHERE; i++) {
        kc_sphere *s = &rig->lane[lane].sphere[i];
        double radius = s->radius;
        s->radius = 100.0; // everything is deep in this ground: depth gives the height
        double height = 100.0 - rig_depth(rig, i, lane);
        s->radius = radius;
        if (height < lowest)
          lowest = height;
      }
      kc_set(&rig->q[1], lane, kc_get(rig->q[1], lane) - lowest + 0.031 - 0.009);
    }
  }
}

// forces at (q, v), dynamics, forces over the step
static inline void rig_run(rig_state *rig) {
  real tau[N_JOINT];
  kc_body_compute_pose(rig->tree, rig->q, rig->body);
  kc_body_compute_velocity(rig->tree, rig->v, rig->body);
  kc_body_clear_forces(rig->tree, rig->body);
  kc_force_span span = kc_force_span_of_step(rig->v, rig->body, rig->step);
  kc_force_compute(rig->force, rig->q, &span, rig->body, rig->work, rig->tau_passive);
  for (int i = 0; i < N_JOINT; i++)
    tau[i] = rig->tau[i] + rig->tau_passive[i];
  kc_body_compute_acceleration(rig->tree, tau, rig->body, rig->a);
  kc_force_complete(rig->force, &span, rig->a, rig->body, rig->work);
}

// generalised force of what is in body->force
static inline void rig_project(rig_state *rig, real *out) {
  real zero[N_JOINT], with[N_JOINT], without[N_JOINT];
  for (int i = 0; i < N_JOINT; i++)
    zero[i] = kc_real(0.0);
  kc_body_compute_forces(rig->tree, zero, rig->body, with);
  kc_body_clear_forces(rig->tree, rig->body);
  kc_body_compute_forces(rig->tree, zero, rig->body, without);
  for (int i = 0; i < N_JOINT; i++)
    out[i] = without[i] - with[i];
}
