#include "control/map.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const leg_joint[KC_N_LEG_JOINT] = {
    "hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle", "subtalar_angle"};
static const char *const spine_joint[9] = {"lumbar_extension", "lumbar_bending", "lumbar_rotation",
                                           "thorax_extension", "thorax_bending", "thorax_rotation",
                                           "neck_extension",   "neck_bending",   "neck_rotation"};
static const char *const arm_joint[4] = {"arm_flex", "arm_add", "arm_rot", "elbow_flex"};
static const char side_suffix[KC_N_SIDE] = {'r', 'l'};

static int find_joint(const kc_model *model, const char *name, kc_error *error) {
  int j = kc_model_find_joint(model, name);
  if (j < 0)
    kc_error_add(error, KC_ERR_INPUT, model->name,
                 "the gait controller needs a joint named %s; add it or run another model", name);
  return j;
}

static int find_side_joint(const kc_model *model, const char *name, int side, kc_error *error) {
  char full[KC_NAME_SIZE];
  snprintf(full, sizeof full, "%s_%c", name, side_suffix[side]);
  return find_joint(model, full, error);
}

static double length(const double *x) { return sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]); }

// heel: the rearmost sphere of the rear foot; ball: the mean of its two foremost
static int find_sole(const kc_model *model, int side, kc_leg_map *leg) {
  int rear = -1, front[2] = {-1, -1}, n = 0;
  for (int s = 0; s < model->n_sphere; s++) {
    const kc_sphere *p = model->sphere;
    if (p[s].link != leg->foot || p[s].side != (kc_side)side)
      continue;
    n++;
    if (rear < 0 || p[s].position[0] < p[rear].position[0])
      rear = s;
    if (front[0] < 0 || p[s].position[0] > p[front[0]].position[0]) {
      front[1] = front[0];
      front[0] = s;
    } else if (front[1] < 0 || p[s].position[0] > p[front[1]].position[0]) {
      front[1] = s;
    }
  }
  if (n < 3)
    return 0;
  for (int i = 0; i < 3; i++) {
    leg->heel[i] = model->sphere[rear].position[i];
    leg->ball[i] =
        0.5 * (model->sphere[front[0]].position[i] + model->sphere[front[1]].position[i]);
  }
  leg->heel[1] -= model->sphere[rear].radius;
  leg->ball[1] -= 0.5 * (model->sphere[front[0]].radius + model->sphere[front[1]].radius);
  return 1;
}

static void measure_leg(const kc_model *model, kc_leg_map *leg) {
  const kc_joint *joint = model->joint;
  const double *knee = joint[leg->joint[3]].offset, *ankle = joint[leg->joint[4]].offset;
  const double *subtalar = joint[leg->joint[5]].offset;
  leg->thigh = length(knee);
  leg->shank = length(ankle);
  leg->ankle_x = -subtalar[0];
  double share = (leg->ankle_x + 0.10 - leg->heel[0]) / (leg->ball[0] - leg->heel[0]), sum[3];
  for (int i = 0; i < 3; i++)
    sum[i] =
        knee[i] + ankle[i] + subtalar[i] + leg->heel[i] + share * (leg->ball[i] - leg->heel[i]);
  leg->straight = length(sum);
}

static void find_leg(const kc_model *model, int side, kc_leg_map *leg, kc_error *error) {
  for (int i = 0; i < KC_N_LEG_JOINT; i++)
    leg->joint[i] = find_side_joint(model, leg_joint[i], side, error);
  leg->mtp = find_side_joint(model, "mtp_angle", side, error);
  leg->hip = leg->joint[0];
  leg->foot = leg->joint[5];
  for (int i = 0; i < KC_N_LEG_JOINT; i++)
    if (leg->joint[i] < 0)
      return;
  if (!find_sole(model, side, leg)) {
    kc_error_add(error, KC_ERR_INPUT, model->name,
                 "the gait controller needs at least 3 contact spheres on the %s rear foot",
                 side == KC_RIGHT ? "right" : "left");
    return;
  }
  measure_leg(model, leg);
}

int kc_control_find_group(const kc_model *model, const kc_runner_map *map, int muscle) {
  const kc_muscle *m = &model->muscle[muscle];
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int i = m->point_adr; i < m->point_adr + m->n_point; i++) {
      int link = model->path_point[i].link;
      for (int j = 2; j < KC_N_LEG_JOINT; j++)
        if (link == map->leg[k].joint[j] || link == map->leg[k].mtp)
          return k;
    }
  return KC_N_SIDE;
}

static void check_groups(const kc_model *model, const kc_runner_map *map, kc_error *error) {
  static const char *const name[] = {"right leg", "left leg", "trunk"};
  int n[KC_N_SIDE + 1] = {0};
  for (int m = 0; m < model->n_muscle; m++)
    n[kc_control_find_group(model, map, m)]++;
  for (int k = 0; k <= KC_N_SIDE; k++)
    if (n[k] > KC_MAX_GROUP_MUSCLE)
      kc_error_add(error, KC_ERR_INPUT, model->name,
                   "the %s has %d muscles, and the gait controller recruits up to %d; leave some "
                   "out or join them",
                   name[k], n[k], KC_MAX_GROUP_MUSCLE);
}

kc_status kc_control_find_map(const kc_model *model, kc_runner_map *map, kc_error *error) {
  kc_status before = error->status;
  int n_before = error->n_finding;
  memset(map, 0, sizeof *map);
  if (!model->free_root)
    kc_error_add(error, KC_ERR_INPUT, model->name,
                 "the gait controller needs a pelvis on three slides along X, Y, Z");
  map->tilt = find_joint(model, "pelvis_tilt", error);
  map->list = find_joint(model, "pelvis_list", error);
  map->rotation = find_joint(model, "pelvis_rotation", error);
  for (int i = 0; i < 9; i++)
    map->spine[i] = find_joint(model, spine_joint[i], error);
  map->pelvis = map->rotation;
  map->trunk = map->spine[5];
  for (int k = 0; k < KC_N_SIDE; k++) {
    find_leg(model, k, &map->leg[k], error);
    for (int i = 0; i < 4; i++)
      map->arm[k][i] = find_side_joint(model, arm_joint[i], k, error);
  }
  if (error->n_finding == n_before)
    check_groups(model, map, error);
  if (error->n_finding > n_before)
    return KC_ERR_INPUT;
  error->status = before;
  return KC_OK;
}
