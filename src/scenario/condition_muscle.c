/// @file
/// Weak and tight muscles. A choice is a muscle's name with or without its side, one of the groups
/// that the model file gives its muscles, or all.
#include "scenario/condition_muscle.h"
#include "base/text.h"
#include <string.h>

static int is_of_side(const char *name, int side) {
  kc_side is = kc_model_name_side(name);
  return side == KC_SIDE_BOTH || (int)is == side || is == KC_MIDLINE;
}

static int is_chosen(const kc_def_muscle *muscle, const char *choice) {
  size_t n = strlen(choice);
  if (strcmp(choice, "all") == 0 || kc_model_muscle_is_in_group(muscle, choice))
    return 1;
  return strncmp(muscle->name, choice, n) == 0 &&
         (!muscle->name[n] ||
          (kc_model_name_side(muscle->name) != KC_MIDLINE && strlen(muscle->name) == n + 2));
}

static kc_status refuse_choice(const kc_scenario_def *def, const kc_model_def *body,
                               const kc_joint_choice *choice, kc_error *error) {
  char near[96], group[KC_NAME_SIZE], kept[KC_NAME_SIZE] = "";
  kc_nearest nearest = kc_nearest_default(choice->name);
  for (int i = 0; i < body->n_muscle; i++) {
    const kc_def_muscle *muscle = &body->muscle[i];
    if (!is_chosen(muscle, choice->name)) // right name, wrong side
      kc_nearest_add(&nearest, muscle->name);
    for (const char *word = muscle->groups; *word; word += strspn(word, " ")) {
      size_t n = strcspn(word, " "), room = n < sizeof group ? n : sizeof group - 1;
      int before = nearest.distance;
      memcpy(group, word, room);
      group[room] = 0;
      word += n;
      kc_nearest_add(&nearest, group);
      if (nearest.distance == before)
        continue;
      memcpy(kept, group, sizeof kept);
      nearest.name = kept;
    }
  }
  kc_nearest_write(&nearest, near, sizeof near);
  return kc_yaml_add(error, def->path, choice->place, choice->name,
                     "is no muscle and no group of muscles on that side of the model '%s'%s",
                     body->name, near);
}

kc_status kc_scenario_change_muscles(const kc_scenario_def *def, kc_model_def *body, int n,
                                     const kc_joint_choice *choice, int side,
                                     void (*change)(kc_def_muscle *muscle, const kc_condition *c),
                                     const kc_condition *c, kc_error *error) {
  kc_status status = KC_OK;
  for (int k = 0; k < n; k++) {
    int changed = 0;
    for (int i = 0; i < body->n_muscle; i++) {
      kc_def_muscle *muscle = &body->muscle[i];
      if (!is_chosen(muscle, choice[k].name) || !is_of_side(muscle->name, side))
        continue;
      change(muscle, c);
      changed++;
    }
    if (changed == 0)
      status = refuse_choice(def, body, &choice[k], error);
  }
  return status;
}

void kc_scenario_weaken_muscle(kc_def_muscle *muscle, const kc_condition *c) {
  muscle->tissue.strength *= c->weak.strength;
}

void kc_scenario_tighten_muscle(kc_def_muscle *muscle, const kc_condition *c) {
  muscle->length_factor *= c->tight.length;
  muscle->passive_factor *= c->tight.stiffness;
}
