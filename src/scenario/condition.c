/// @file
/// Conditions: changes of a body's definition. They compose in the order of the file, change
/// numbers and never topology, and act on the copy that will run; the controller's body is another.
#include "base/text.h"
#include "scenario/address.h"
#include "scenario/condition_muscle.h"
#include <stdio.h>
#include <string.h>

/// What the conditions of one scenario act on.
typedef struct {
  const kc_scenario_def *def;
  const char *path;
  kc_model_def *body;
  kc_error *error;
} work;

static int is_of_side(const char *name, int side) {
  kc_side is = kc_model_name_side(name);
  return side == KC_SIDE_BOTH || (int)is == side || is == KC_MIDLINE;
}

/// Whether `name` is `base` with or without the suffix of a side.
static int is_named(const char *name, const char *base) {
  size_t n = strlen(base);
  return strncmp(name, base, n) == 0 &&
         (!name[n] || strcmp(name + n, "_r") == 0 || strcmp(name + n, "_l") == 0);
}

// groups of coordinates
static const struct {
  const char *group, *member[7];
} group_table[] = {
    {"leg",
     {"hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle",
      "subtalar_angle"}},
    {"hip", {"hip_flexion", "hip_adduction", "hip_rotation"}},
    {"ankle", {"ankle_angle", "subtalar_angle"}},
    {"arm", {"arm_flex", "arm_add", "arm_rot", "elbow_flex"}},
    {"trunk",
     {"lumbar_extension", "lumbar_bending", "lumbar_rotation", "thorax_extension", "thorax_bending",
      "thorax_rotation"}},
};

static int is_chosen(const char *name, const char *choice) {
  for (size_t i = 0; i < sizeof group_table / sizeof group_table[0]; i++) {
    if (strcmp(group_table[i].group, choice) != 0)
      continue;
    for (int k = 0; group_table[i].member[k]; k++)
      if (is_named(name, group_table[i].member[k]))
        return 1;
    return 0;
  }
  return is_named(name, choice);
}

static kc_status refuse_choice(const work *w, kc_place place, const char *choice) {
  char near[96];
  kc_nearest nearest = kc_nearest_default(choice);
  for (size_t i = 0; i < sizeof group_table / sizeof group_table[0]; i++)
    kc_nearest_add(&nearest, group_table[i].group);
  for (int i = 0; i < w->body->n_body; i++)
    for (int k = 0; k < w->body->body[i].n_axis; k++)
      if (!is_chosen(w->body->body[i].axis[k].name, choice)) // right name, wrong side
        kc_nearest_add(&nearest, w->body->body[i].axis[k].name);
  kc_nearest_write(&nearest, near, sizeof near);
  return kc_yaml_add(w->error, w->path, place, choice,
                     "is no rotating joint coordinate on that side of the model '%s'%s",
                     w->body->name, near);
}

/// Calls `change` for every hinge that a choice names on the side; their number.
static int for_each_axis(kc_model_def *body, const char *choice, int side,
                         void (*change)(kc_def_axis *axis, const kc_condition *c),
                         const kc_condition *c) {
  int n = 0;
  for (int i = 0; i < body->n_body; i++)
    for (int k = 0; k < body->body[i].n_axis; k++) {
      kc_def_axis *axis = &body->body[i].axis[k];
      if (axis->type != KC_REVOLUTE || !is_chosen(axis->name, choice) ||
          !is_of_side(axis->name, side))
        continue;
      change(axis, c);
      n++;
    }
  return n;
}

static kc_status change_joints(const work *w, const kc_condition *c, int n, int side,
                               const kc_joint_choice *choice,
                               void (*change)(kc_def_axis *axis, const kc_condition *c)) {
  kc_status status = KC_OK;
  if (n == 0) // made by an address: every joint of the legs
    for_each_axis(w->body, "leg", side, change, c);
  for (int i = 0; i < n; i++)
    if (for_each_axis(w->body, choice[i].name, side, change, c) == 0)
      status = refuse_choice(w, choice[i].place, choice[i].name);
  return status;
}

/// Two springs on one axis are one: stiffnesses add, rest is their weighted mean.
static void add_spring(kc_def_axis *axis, const kc_condition *c) {
  kc_passive *p = &axis->passive;
  double sum = p->stiffness + c->joint_spring.stiffness;
  if (sum > 0)
    p->rest = (p->stiffness * p->rest + c->joint_spring.stiffness * c->joint_spring.rest) / sum;
  p->stiffness = sum;
  p->damping += c->joint_spring.damping;
}

/// Springs at shoulder and elbow that hold the arms.
static kc_status apply_arms(const work *w, const kc_condition *c) {
  const struct {
    const char *name;
    double rest;
  } joint[] = {
      {"arm_flex", c->arms.flexion}, {"arm_add", 0}, {"arm_rot", 0}, {"elbow_flex", c->arms.elbow}};
  int n = 0;
  for (size_t i = 0; i < sizeof joint / sizeof joint[0]; i++) {
    kc_condition hold = {.joint_spring = {.stiffness = c->arms.stiffness,
                                          .damping = c->arms.damping,
                                          .rest = joint[i].rest}};
    n += for_each_axis(w->body, joint[i].name, c->arms.side, add_spring, &hold);
  }
  if (n)
    return KC_OK;
  return kc_yaml_add(w->error, w->path, c->arms.place, "arms",
                     "the model '%s' has no arms on that side to hold", w->body->name);
}

static void weaken(kc_def_axis *axis, const kc_condition *c) {
  axis->torque_limit *= c->weak.strength;
}

/// Whether muscles move joints that a choice names.
static int is_moved_by_muscles(const work *w, const char *choice) {
  for (int i = 0; i < w->body->n_body; i++)
    for (int k = 0; k < w->body->body[i].n_axis; k++) {
      const char *name = w->body->body[i].axis[k].name;
      if (is_chosen(name, choice) &&
          (is_chosen(name, "leg") || is_chosen(name, "trunk") || is_named(name, "mtp_angle")))
        return 1;
    }
  return 0;
}

/// Weak motors where there are none.
static kc_status refuse_weak_motors(const work *w, const kc_condition *c) {
  kc_status status = KC_OK;
  for (int i = 0; i < c->weak.n_joint; i++) {
    const kc_joint_choice *choice = &c->weak.joint[i];
    if (is_moved_by_muscles(w, choice->name))
      status = kc_yaml_add(w->error, w->path, choice->place, "weak/joints",
                           "muscles move '%s' here (actuation: muscle), no motors that could be "
                           "weak; name muscles or groups, such as muscles: quadriceps",
                           choice->name);
  }
  return status;
}

static const kc_joint_choice all_muscles = {.name = "all"};

/// Joints, muscles, or both; made by an address alone: all that moves the legs' joints, motors or
/// muscles.
static kc_status apply_weak(const work *w, const kc_condition *c) {
  int n_joint = c->weak.n_joint, n_muscle = c->weak.n_muscle, by_address = !n_joint && !n_muscle;
  int has_muscles = w->def->actuation == KC_ACTUATION_MUSCLE;
  const kc_joint_choice *muscle = c->weak.muscle;
  if (by_address && c->weak.place.line > 0)
    return kc_yaml_add(w->error, w->path, c->weak.place, "weak",
                       "names nothing to weaken; write joints, muscles, or both");
  if (has_muscles)
    KC_TRY(refuse_weak_motors(w, c));
  if (by_address && has_muscles)
    n_muscle = 1, muscle = &all_muscles;
  kc_status status = KC_OK;
  if (n_joint > 0 || (by_address && !has_muscles))
    status = change_joints(w, c, n_joint, c->weak.side, c->weak.joint, weaken);
  kc_status muscles = kc_scenario_change_muscles(w->def, w->body, n_muscle, muscle, c->weak.side,
                                                 kc_scenario_weaken_muscle, c, w->error);
  return status == KC_OK ? muscles : status;
}

/// Made by an address alone: every muscle.
static kc_status apply_tight(const work *w, const kc_condition *c) {
  int n = c->tight.n_muscle;
  return kc_scenario_change_muscles(w->def, w->body, n ? n : 1, n ? c->tight.muscle : &all_muscles,
                                    c->tight.side, kc_scenario_tighten_muscle, c, w->error);
}

/// The ends of the passive torque move with the ends of the range.
static void restrict_range(kc_def_axis *axis, const kc_condition *c) {
  kc_passive *p = &axis->passive;
  if (!isnan(c->restricted.lower)) {
    p->lower += c->restricted.lower - axis->range_lower;
    axis->range_lower = c->restricted.lower;
  }
  if (!isnan(c->restricted.upper)) {
    p->upper += c->restricted.upper - axis->range_upper;
    axis->range_upper = c->restricted.upper;
  }
  p->k2 *= c->restricted.steepness;
  p->k4 *= c->restricted.steepness;
}

static kc_status apply_restricted(const work *w, const kc_condition *c) {
  kc_place place = c->restricted.place;
  if (c->restricted.lower >= c->restricted.upper)
    return kc_yaml_add(w->error, w->path, place, "restricted", "lower must be less than upper");
  if (for_each_axis(w->body, c->restricted.joint, c->restricted.side, restrict_range, c) == 0)
    return refuse_choice(w, place, c->restricted.joint);
  return KC_OK;
}

/// Length of the bone between a body's joint and that of the next one.
static double bone_length(const kc_model_def *body, int bone, int next) {
  const double *at = body->body[next].at;
  return kc_model_body_scale(body, &body->body[bone]) *
         sqrt(at[0] * at[0] + at[1] * at[1] + at[2] * at[2]);
}

static kc_status apply_leg_length(const work *w, const kc_condition *c) {
  static const char *const chain[KC_N_SIDE][3] = {{"femur_r", "tibia_r", "talus_r"},
                                                  {"femur_l", "tibia_l", "talus_l"}};
  for (int side = 0; side < KC_N_SIDE; side++) {
    if (c->leg_length.side != KC_SIDE_BOTH && c->leg_length.side != side)
      continue;
    int bone[3];
    for (int i = 0; i < 3; i++) {
      bone[i] = kc_model_def_find_body(w->body, chain[side][i]);
      if (bone[i] < 0)
        return kc_yaml_add(w->error, w->path, c->leg_length.place, "leg_length",
                           "the model '%s' has no body '%s' whose length could change",
                           w->body->name, chain[side][i]);
    }
    double thigh = bone_length(w->body, bone[0], bone[1]);
    double shank = bone_length(w->body, bone[1], bone[2]);
    double share = thigh + shank > 0 ? thigh / (thigh + shank) : 0.5, total = c->leg_length.total;
    w->body->body[bone[0]].length_change += c->leg_length.thigh + share * total;
    w->body->body[bone[1]].length_change += c->leg_length.shank + (1 - share) * total;
  }
  return KC_OK;
}

static kc_status apply_hip(const work *w, const kc_condition *c) {
  if (!w->body->innominate_body[0])
    return kc_yaml_add(w->error, w->path, c->hip_misalignment.place, "hip_misalignment",
                       "the model '%s' has no sacroiliac axis", w->body->name);
  for (int side = 0; side < KC_N_SIDE; side++) {
    if (c->hip_misalignment.side != KC_SIDE_BOTH && c->hip_misalignment.side != side)
      continue;
    w->body->innominate_angle[side] += c->hip_misalignment.rotation;
    w->body->innominate_slip[side] += c->hip_misalignment.upslip;
  }
  return KC_OK;
}

static void change_sling(kc_def_sling *sling, const kc_condition *c) {
  if (!c->sling.on)
    sling->on = 0;
  sling->stiffness *= c->sling.stiffness;
  sling->slack += c->sling.slack;
  sling->pretension += c->sling.pretension;
  sling->shortening += c->sling.shortening;
  sling->adhesion = 1 - (1 - sling->adhesion) * (1 - c->sling.adhesion);
}

static kc_status apply_sling(const work *w, const kc_condition *c) {
  int n = 0;
  char near[96];
  kc_nearest nearest = kc_nearest_default(c->sling.name);
  for (int i = 0; i < w->body->n_sling; i++) {
    kc_def_sling *sling = &w->body->sling[i];
    kc_nearest_add(&nearest, sling->name);
    if ((strcmp(c->sling.name, "all") != 0 && !is_named(sling->name, c->sling.name)) ||
        !is_of_side(sling->name, c->sling.side))
      continue;
    n++;
    change_sling(sling, c);
  }
  if (n)
    return KC_OK;
  kc_nearest_write(&nearest, near, sizeof near);
  return kc_yaml_add(w->error, w->path, c->sling.place, c->sling.name,
                     "is no sling on that side of the model '%s'%s", w->body->name, near);
}

static kc_status apply_change(const work *w, const kc_condition *c) {
  char where[256];
  snprintf(where, sizeof where, "%.180s:%d:%d: change", w->path, c->change.place.line,
           c->change.place.column);
  return kc_scenario_set_body_address(w->body, c->change.address, c->change.value, where, w->error);
}

/// Applies the kinds that are there: one, in a file.
static kc_status apply(const work *w, const kc_condition *c) {
  enum { N_KIND = 9 };
  kc_status status[N_KIND] = {KC_OK};
  if (c->leg_length.place.line)
    status[0] = apply_leg_length(w, c);
  if (c->hip_misalignment.place.line)
    status[1] = apply_hip(w, c);
  if (c->joint_spring.place.line)
    status[2] = change_joints(w, c, c->joint_spring.n_joint, c->joint_spring.side,
                              c->joint_spring.joint, add_spring);
  if (c->sling.place.line)
    status[3] = apply_sling(w, c);
  if (c->weak.place.line)
    status[4] = apply_weak(w, c);
  if (c->restricted.place.line)
    status[5] = apply_restricted(w, c);
  if (c->change.place.line)
    status[6] = apply_change(w, c);
  if (c->tight.place.line)
    status[7] = apply_tight(w, c);
  if (c->arms.place.line)
    status[8] = apply_arms(w, c);
  for (int i = 0; i < N_KIND; i++)
    KC_TRY(status[i]);
  return KC_OK;
}

kc_status kc_scenario_apply_conditions(const kc_scenario_def *def, kc_model_def *body,
                                       kc_error *error) {
  work w = {.def = def, .path = def->path, .body = body, .error = error};
  kc_status status = KC_OK;
  for (int i = 0; i < def->n_condition; i++) {
    kc_status one = apply(&w, &def->condition[i]);
    if (one != KC_OK)
      status = one;
  }
  return status;
}
