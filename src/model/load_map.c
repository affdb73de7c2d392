/// @file
/// Joints, sensors and parts of a model by the names of its coordinates.
#include "model/load_map.h"
#include <string.h>

static const double shank_share = 0.8; // of the way from knee to ankle: assumption

static const char *const coordinate[KC_N_LOAD_JOINT] = {
#define X(name, text) text,
    KC_LOAD_JOINT_LIST(X)
#undef X
};

// first link with a name at or below a joint, along first children
static int find_body(const kc_model *model, int joint) {
  int link = joint;
  while (link >= 0 && !model->joint[link].link_name[0]) {
    int child = -1;
    for (int j = model->n_joint - 1; j > link; j--)
      if (model->joint[j].parent == link)
        child = j;
    link = child;
  }
  return link;
}

static int find_guide(const kc_model *model, int joint) {
  for (int g = 0; g < model->n_guide && model->n_muscle > 0; g++)
    if (model->guide[g].joint == joint)
      return g;
  return -1;
}

static void set_sensor(kc_load_map *map, kc_sensor sensor, int link, const double *point,
                       double share) {
  map->sensor_link[sensor] = link;
  for (int i = 0; i < 3; i++)
    map->sensor_point[sensor][i] = share * point[i];
}

// at the centre of a joint above the link that carries it, or part of the way there
static void set_sensor_at(const kc_model *model, kc_load_map *map, kc_sensor sensor,
                          const char *joint, double share) {
  int j = kc_model_find_joint(model, joint);
  if (j >= 0 && model->joint[j].parent >= 0)
    set_sensor(map, sensor, model->joint[j].parent, model->joint[j].offset, share);
}

kc_load_map kc_model_find_loads(const kc_model *model) {
  kc_load_map map = {.guide = {-1, -1}};
  for (int i = 0; i < KC_N_LOAD_JOINT; i++) {
    int joint = kc_model_find_joint(model, coordinate[i]);
    int side = i / KC_N_LOAD_LEG, patella = i % KC_N_LOAD_LEG == KC_LOAD_PATELLOFEMORAL;
    if (side < KC_N_SIDE && patella && joint >= 0) {
      map.guide[side] = find_guide(model, joint);
      joint = map.guide[side] < 0 ? -1 : joint;
    }
    map.joint[i] = joint;
    map.link[i] = joint < 0 ? -1 : find_body(model, joint);
    if (map.link[i] < 0)
      map.joint[i] = -1;
    map.n_joint += map.joint[i] >= 0;
  }
  for (int i = 0; i < KC_N_SENSOR; i++)
    map.sensor_link[i] = -1;
  set_sensor_at(model, &map, KC_SENSOR_shank_r, "ankle_angle_r", shank_share);
  set_sensor_at(model, &map, KC_SENSOR_shank_l, "ankle_angle_l", shank_share);
  set_sensor_at(model, &map, KC_SENSOR_pelvis, "lumbar_extension", 1);
  set_sensor_at(model, &map, KC_SENSOR_thorax, "neck_extension", 1);
  int head = kc_model_find_link(model, "head");
  if (head >= 0)
    set_sensor(&map, KC_SENSOR_head, head, model->joint[head].com, 1);
  return map;
}

kc_part kc_model_find_part(const kc_model *model, int joint) {
  for (int j = joint; j >= 0; j = model->joint[j].parent) {
    if (strncmp(model->joint[j].name, "hip_flexion", 11) == 0)
      return KC_PART_legs;
    if (strncmp(model->joint[j].name, "arm_flex", 8) == 0)
      return KC_PART_arms;
  }
  return KC_PART_trunk;
}
