/// @file
/// The runner's size and muscle factors go to the model definition; what is not given is filled in
/// from it, so that a listing shows the numbers in use.
#include "scenario/size.h"
#include "base/text.h"
#include <string.h>

static kc_status apply_length(const kc_runner_length *length, const char *path, kc_model_def *body,
                              kc_error *error) {
  int index = kc_model_def_find_segment(body, length->name);
  if (index >= 0) {
    body->segment[index].length = length->length;
    return KC_OK;
  }
  char near[96];
  kc_nearest nearest = kc_nearest_default(length->name);
  for (int i = 0; i < body->n_segment; i++)
    kc_nearest_add(&nearest, body->segment[i].name);
  kc_nearest_write(&nearest, near, sizeof near);
  return kc_yaml_add(error, path, length->place, length->name,
                     "is not a segment of the model '%s'%s", body->name, near);
}

kc_status kc_scenario_apply_size(kc_scenario_def *def, kc_model_def *body, kc_error *error) {
  kc_runner *runner = &def->runner;
  int given = !isnan(runner->mass) || !isnan(runner->stature) || runner->sex != KC_N_SEX;
  if (given && !body->has_size)
    return kc_yaml_add(error, def->path, runner->place, "runner",
                       "the model '%s' has no size to change; leave mass, stature and sex out",
                       body->name);
  if (body->has_size) {
    if (!isnan(runner->mass))
      body->mass = runner->mass;
    if (!isnan(runner->stature))
      body->stature = runner->stature;
    if (runner->sex != KC_N_SEX)
      body->sex = (kc_sex)runner->sex;
    runner->mass = body->mass;
    runner->stature = body->stature;
    runner->sex = (int)body->sex;
  }
  body->muscle_strength = def->muscles.strength;
  body->muscle_activation_scale = def->muscles.activation_scale;
  body->muscle_velocity_scale = def->muscles.velocity_scale;
  kc_status status = KC_OK;
  for (int i = 0; i < runner->n_length; i++)
    if (apply_length(&runner->length[i], def->path, body, error) != KC_OK)
      status = KC_ERR_INPUT;
  return status;
}
