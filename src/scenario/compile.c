/// @file
/// From a definition to a scenario that is ready to run: checks across fields, the ground, both
/// bodies. Sine and cosine are SLEEF's, so that a course has the same bits everywhere.
#include "scenario/definition.h"
#include "scenario/scenario.h"
#include <sleef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double two_pi = 6.283185307179586;

/// Steps of the skeleton in one of the muscles: those that lie within muscle_step.
static int count_muscle_steps(const kc_scenario_def *def) {
  const kc_numerics *n = &def->numerics;
  if (def->actuation != KC_ACTUATION_MUSCLE || n->integrator != KC_STEP_LEAPFROG)
    return 1;
  return (int)fmax(1, floor(n->muscle_step / n->step * (1 + 1e-9)));
}

/// A time that must be a whole number of steps, also of the muscles'.
static kc_status check_steps(const kc_scenario_def *def, const char *key, double interval,
                             kc_error *error) {
  int n_muscle = count_muscle_steps(def);
  double step = def->numerics.step * n_muscle, n = interval / step;
  if (n > 0.5 && fabs(n - floor(n + 0.5)) <= 1e-6 * n)
    return KC_OK;
  double below = floor(n * (1 + 1e-9));
  step *= 1e3;
  const char *of = n_muscle > 1 ? "the muscles' " : "";
  if (below < 1)
    return kc_yaml_add(error, def->path, def->numerics.place, key,
                       "is %g ms, less than one of %ssteps of %g ms; write %g ms, or a shorter %s",
                       interval * 1e3, of, step, step, n_muscle > 1 ? "muscle_step" : "step");
  return kc_yaml_add(error, def->path, def->numerics.place, key,
                     "is %g ms, not a whole number of %ssteps of %g ms; write %g ms or %g ms",
                     interval * 1e3, of, step, below * step, (below + 1) * step);
}

/// Adapting needs an end.
static kc_status check_adaptation(const kc_scenario_def *def, kc_error *error) {
  const kc_controller_choice *c = &def->controller;
  if (c->mode != KC_CHOICE_ADAPTED || c->budget > 0 || c->evaluations > 0)
    return KC_OK;
  return kc_yaml_add(error, def->path, c->place, "controller/mode",
                     "is adapted, but nothing says when tuning ends; write budget: 300 s, or "
                     "evaluations: 2000 (the same result on every machine)");
}

kc_status kc_scenario_refuse_adapted(const kc_scenario_def *def, const char *who, kc_error *error) {
  if (def->controller.mode != KC_CHOICE_ADAPTED)
    return KC_OK;
  return kc_yaml_add(error, def->path, def->controller.place, "controller/mode",
                     "is adapted, but %s does not tune; write naive or informed, or adapt with "
                     "'kinchain run'",
                     who);
}

/// A bend is run on level ground, and not in a whirl.
static kc_status check_bend(const kc_scenario_def *def, kc_error *error) {
  const kc_course *course = &def->course;
  if (course->bend == 0)
    return KC_OK;
  kc_status status = KC_OK;
  if (fabs(course->bend) < 5)
    status = kc_yaml_add(error, def->path, course->place, "course/bend",
                         "has a radius of %g m; write at least 5 m to either side, or 0 m for a "
                         "straight course",
                         course->bend);
  if (course->grade != 0 || course->camber != 0)
    status = kc_yaml_add(error, def->path, course->place, "course/bend",
                         "is run on level ground; take %s out, or the bend",
                         course->camber == 0  ? "grade"
                         : course->grade == 0 ? "camber"
                                              : "grade and camber");
  return status;
}

kc_status kc_scenario_check_def(const kc_scenario_def *def, kc_error *error) {
  const kc_numerics *n = &def->numerics;
  const kc_roughness *r = &def->course.roughness;
  kc_status status = check_adaptation(def, error);
  if (check_steps(def, "numerics/control_interval", n->control_interval, error) != KC_OK)
    status = KC_ERR_INPUT;
  if (check_steps(def, "numerics/record_interval", n->record_interval, error) != KC_OK)
    status = KC_ERR_INPUT;
  if (def->duration < n->record_interval)
    status = kc_yaml_add(error, def->path, def->place, "duration",
                         "is %g s, less than one record_interval of %g s; lengthen the run",
                         def->duration, n->record_interval);
  if (def->push.duration > 0 && def->push.time >= def->duration)
    status =
        kc_yaml_add(error, def->path, def->push.place, "push/time",
                    "is %g s, after the end of the run at %g s", def->push.time, def->duration);
  if (check_bend(def, error) != KC_OK)
    status = KC_ERR_INPUT;
  if (r->longest < r->shortest)
    status =
        kc_yaml_add(error, def->path, r->place, "course/roughness/longest",
                    "is %g m, less than shortest (%g m); exchange them", r->longest, r->shortest);
  return status;
}

static kc_ground make_ground(const kc_scenario_def *def) {
  const kc_course *course = &def->course;
  kc_ground ground = kc_ground_default();
  ground.grade = course->grade;
  ground.camber = course->camber;
  ground.stiffness_scale = def->surface.stiffness;
  ground.damping_scale = def->surface.damping;
  ground.friction = def->surface.friction;
  ground.slip_speed = def->surface.slip_speed;
  for (int i = 0; i < course->n_wave; i++) {
    const kc_course_wave *wave = &course->wave[i];
    Sleef_double_2 turn = Sleef_cinz_sincosd1_u10purec(wave->direction);
    int k = ground.n_wave++;
    ground.amplitude[k] = wave->amplitude;
    ground.kx[k] = two_pi / wave->wavelength * turn.y;
    ground.kz[k] = two_pi / wave->wavelength * turn.x;
    ground.phase[k] = wave->phase;
  }
  const kc_roughness *r = &course->roughness;
  if (r->place.line || r->rms > 0)
    kc_ground_add_roughness(&ground, KC_N_ROUGHNESS_WAVE, r->rms, r->shortest, r->longest, r->seed);
  return ground;
}

static kc_task make_task(const kc_scenario_def *def) {
  kc_task task = {
      .speed = def->speed,
      .duration = def->duration,
      .seed = def->seed,
      .mode = def->controller.mode == KC_MODE_INFORMED ? KC_MODE_INFORMED : KC_MODE_NAIVE,
      .integrator = (kc_integrator)def->numerics.integrator,
      .actuation = (kc_actuation)def->actuation,
      .first_foot = (kc_side)def->start.first_foot,
      .step = def->numerics.step,
      .control_interval = def->numerics.control_interval,
      .record_interval = def->numerics.record_interval,
      .muscle_steps = count_muscle_steps(def),
      .settle = def->numerics.settle,
      .sense_delay = def->controller.sense_delay,
      .sense_noise = def->controller.sense_noise,
      .observer = def->controller.observer,
      .predictor = def->controller.predictor,
      .push_time = def->push.time,
      .push_duration = def->push.duration,
      .bend = def->course.bend,
      .ground = make_ground(def),
  };
  for (int i = 0; i < 3; i++)
    task.push_force[i] = def->push.force[i];
  return task;
}

/// The body with its conditions, and what the controller believes: that, or the unchanged one.
/// Often two of them and `base` are the same.
static kc_status compile_bodies(const kc_scenario_def *def, const kc_model_pair *base,
                                kc_scenario *scenario, kc_error *error) {
  kc_model_def *changed = kc_model_copy_def(def->body);
  if (!changed)
    return kc_error_add(error, KC_ERR_MEMORY, def->path, "no memory");
  kc_status status = kc_scenario_apply_conditions(def, changed, error);
  const kc_model_def *believed = def->controller.mode == KC_MODE_INFORMED ? changed : def->body;
  int n = base != NULL;
  kc_model_pair known[2];
  if (base)
    known[0] = *base;
  if (status == KC_OK)
    status = kc_model_compile_again(changed, known, n, &scenario->body, error);
  known[n++] = (kc_model_pair){changed, scenario->body};
  if (status == KC_OK)
    status = kc_model_compile_again(believed, known, n, &scenario->internal, error);
  if (status == KC_OK && scenario->task.actuation == KC_ACTUATION_MUSCLE &&
      scenario->body->n_muscle == 0)
    status = kc_yaml_add(error, def->path, def->place, "actuation",
                         "is muscle, but the model '%s' has none; write torque, or take a model "
                         "with muscles",
                         def->body->name);
  kc_model_destroy_def(changed);
  if (status == KC_OK && scenario->task.actuation == KC_ACTUATION_TORQUE)
    scenario->body->n_muscle = scenario->internal->n_muscle = 0; // motors stand in for them
  return status;
}

/// Slides along X, Y, Z, then hinges about Z, X, Y in one point: what a frame of the course needs.
static int has_free_pelvis(const kc_model *model) {
  static const int axis[3] = {2, 0, 1};
  for (int i = 0; i < 3; i++) {
    if (!model->free_root || 3 + i >= model->n_joint)
      return 0;
    const kc_joint *joint = &model->joint[3 + i];
    if (joint->type != KC_REVOLUTE || joint->parent != 2 + i || joint->axis[axis[i]] != 1 ||
        joint->offset[0] != 0 || joint->offset[1] != 0 || joint->offset[2] != 0)
      return 0;
  }
  return 1;
}

static kc_status check_pelvis(const kc_scenario_def *def, const kc_model *model, kc_error *error) {
  if (def->course.bend == 0 || has_free_pelvis(model))
    return KC_OK;
  return kc_yaml_add(error, def->path, def->course.place, "course/bend",
                     "needs a body that is free in slides along X, Y, Z and hinges about Z, X, Y; "
                     "'%s' is not: run it straight",
                     def->body->name);
}

static kc_status fill(const kc_scenario_def *def, const kc_model_pair *base, kc_scenario *scenario,
                      kc_error *error) {
  snprintf(scenario->name, sizeof scenario->name, "%s", def->name);
  scenario->task = make_task(def);
  scenario->text = strdup(def->text);
  scenario->model_text = strdup(def->model_text);
  scenario->params = malloc(sizeof *scenario->params);
  if (!scenario->text || !scenario->model_text || !scenario->params)
    return kc_error_add(error, KC_ERR_MEMORY, def->path, "no memory");
  *scenario->params = def->params;
  KC_TRY(compile_bodies(def, base, scenario, error));
  return check_pelvis(def, scenario->body, error);
}

kc_status kc_scenario_compile_def(const kc_scenario_def *def, kc_scenario **scenario,
                                  kc_error *error) {
  return kc_scenario_compile_from(def, NULL, scenario, error);
}

kc_status kc_scenario_compile_from(const kc_scenario_def *def, const kc_model_pair *base,
                                   kc_scenario **scenario, kc_error *error) {
  *scenario = NULL;
  KC_TRY(kc_scenario_check_def(def, error));
  kc_scenario *made = calloc(1, sizeof *made);
  if (!made)
    return kc_error_add(error, KC_ERR_MEMORY, def->path, "no memory");
  kc_status status = fill(def, base, made, error);
  if (status == KC_OK)
    *scenario = made;
  else
    kc_scenario_destroy(made);
  return status;
}

kc_status kc_scenario_read(const char *path, const kc_setting *setting, int n_setting,
                           kc_scenario **scenario, kc_error *error) {
  *scenario = NULL;
  kc_scenario_def *def;
  KC_TRY(kc_scenario_read_def(path, setting, n_setting, &def, error));
  kc_status status = kc_scenario_compile_def(def, scenario, error);
  kc_scenario_destroy_def(def);
  return status;
}

void kc_scenario_destroy(kc_scenario *scenario) {
  if (!scenario)
    return;
  kc_model_destroy(scenario->body);
  kc_model_destroy(scenario->internal);
  free(scenario->params);
  free(scenario->text);
  free(scenario->model_text);
  free(scenario);
}
