/// @file
/// A small biped and an engine that knows no mechanics, for tests of what stands around the engine.
///
/// The engine takes runs as the real one does (up to `width` at a time, refilled as they end) and
/// lets fake_run() of the test make each run's ticks.
#pragma once
#include "sim/engine.h"
#include <stdio.h>
#include <string.h>

enum { TX, TY, TZ, TILT, LIST, ROTATION, HIP_R, KNEE_R, HIP_L, KNEE_L, N_JOINT };

/// One run from beginning to end; fills the outcome.
static void fake_run(kc_run *run, const volatile int *stop);

static kc_joint fake_joint(const char *name, int parent, kc_joint_type type, const double *axis,
                           double x, double y) {
  kc_joint joint = {.parent = parent, .type = type, .offset = {x, y, 0}, .mass = 7.1};
  (void)snprintf(joint.name, sizeof joint.name, "%s", name);
  memcpy(joint.axis, axis, sizeof joint.axis);
  return joint;
}

/// Ten joints, one sphere under each shank; arrays of the caller.
static inline kc_model fake_model(kc_joint *joint, kc_sphere *sphere) {
  static const double X[3] = {1, 0, 0}, Y[3] = {0, 1, 0}, Z[3] = {0, 0, 1}, K[3] = {0, 0, -1};
  joint[TX] = fake_joint("pelvis_tx", -1, KC_PRISMATIC, X, 0, 0);
  joint[TY] = fake_joint("pelvis_ty", TX, KC_PRISMATIC, Y, 0, 0);
  joint[TZ] = fake_joint("pelvis_tz", TY, KC_PRISMATIC, Z, 0, 0);
  joint[TILT] = fake_joint("pelvis_tilt", TZ, KC_REVOLUTE, Z, 0, 0);
  joint[LIST] = fake_joint("pelvis_list", TILT, KC_REVOLUTE, X, 0, 0);
  joint[ROTATION] = fake_joint("pelvis_rotation", LIST, KC_REVOLUTE, Y, 0, 0);
  joint[HIP_R] = fake_joint("hip_flexion_r", ROTATION, KC_REVOLUTE, Z, -0.06, -0.07);
  joint[KNEE_R] = fake_joint("knee_angle_r", HIP_R, KC_REVOLUTE, K, 0.01, -0.41);
  joint[HIP_L] = fake_joint("hip_flexion_l", ROTATION, KC_REVOLUTE, Z, -0.06, -0.07);
  joint[KNEE_L] = fake_joint("knee_angle_l", HIP_L, KC_REVOLUTE, K, 0.01, -0.41);
  sphere[0] = (kc_sphere){.link = KNEE_R, .side = KC_RIGHT, .position = {0.05, -0.43, 0.01}};
  sphere[1] = (kc_sphere){.link = KNEE_R, .side = KC_RIGHT, .position = {-0.02, -0.44, 0.02}};
  sphere[2] = (kc_sphere){.link = KNEE_L, .side = KC_LEFT, .position = {-0.03, -0.44, 0}};
  return (kc_model){.n_joint = N_JOINT,
                    .n_sphere = 3,
                    .joint = joint,
                    .sphere = sphere,
                    .mass = 71,
                    .free_root = 1,
                    .drag_link = -1};
}

kc_status kc_sim_run(int width, kc_run *(*next)(void *context),
                     void (*finished)(void *context, kc_run *run), void *context,
                     const volatile int *stop, kc_error *error) {
  kc_run *lane[8] = {NULL};
  if (width == 7)
    return kc_error_add(error, KC_ERR_INPUT, "engine", "has no width %d", width);
  for (;;) {
    int busy = 0;
    for (int i = 0; i < width; i++) {
      if (!lane[i])
        lane[i] = next(context);
      if (!lane[i])
        continue;
      busy = 1;
      fake_run(lane[i], stop);
      if (finished)
        finished(context, lane[i]);
      lane[i] = NULL;
    }
    if (!busy)
      return KC_OK;
  }
}

int kc_sim_native_width(void) { return 4; }
