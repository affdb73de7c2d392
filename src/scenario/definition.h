/// @file
/// The definition of a scenario: what its YAML says, editable through addresses, then compiled.
///
/// Read -> settings -> conditions -> compile. The definition owns the unchanged body; conditions
/// are applied to a copy when it is compiled, so one definition serves many changed runs.
#pragma once
#include "control/params.h"
#include "model/binding.h"
#include "model/definition.h"
#include "scenario/scenario.h"

/// Limits: waves of a course by name, waves that make up roughness, conditions.
enum { KC_MAX_COURSE_WAVE = 4, KC_N_ROUGHNESS_WAVE = 12, KC_MAX_CONDITION = 16 };

/// Sides that a condition may choose; the first two are those of kc_side.
typedef enum { KC_SIDE_RIGHT, KC_SIDE_LEFT, KC_SIDE_BOTH } kc_side_choice;

/// A regular wave of the ground.
typedef struct {
  kc_place place;
  double amplitude, wavelength, direction, phase; ///< m, m, rad from X towards Z, rad
} kc_course_wave;

/// Seeded random waves.
typedef struct {
  kc_place place;
  double rms, shortest, longest; ///< m
  unsigned long long seed;
} kc_roughness;

/// The shape of the ground, and the way over it.
typedef struct {
  kc_place place;
  double grade, camber; ///< tangents
  double bend;          ///< radius, m, right positive; 0 = straight
  int n_wave;
  kc_course_wave *wave;
  kc_roughness roughness;
} kc_course;

/// What the ground is made of.
typedef struct {
  kc_place place;
  double stiffness, damping, friction; ///< factors on the spheres' numbers; Coulomb coefficient
  double slip_speed;                   ///< m/s
} kc_surface;

/// One segment length of the runner.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
  double length; ///< m
} kc_runner_length;

/// The runner's own numbers.
typedef struct {
  kc_place place;
  double mass, stature; ///< kg, m; NAN = as the model says
  int sex;              ///< kc_sex, or KC_N_SEX = as the model says
  int n_length;
  kc_runner_length *length;
} kc_runner;

/// What `mode` chooses: a kc_mode, or naive with parameters that are tuned on first.
enum { KC_CHOICE_ADAPTED = KC_MODE_INFORMED + 1 };

/// What the controller knows and senses, and its parameters.
typedef struct {
  kc_place place;
  int mode;         ///< kc_mode or KC_CHOICE_ADAPTED
  char *parameters; ///< file of parameters, NULL = the defaults of the table
  int observer, predictor;
  double sense_delay, sense_noise; ///< s, rad
  // of KC_CHOICE_ADAPTED: how to tune (study/tune.h)
  double budget, trial; ///< s; 0 = no limit, NAN = the scenario's duration
  int evaluations;      ///< 0 = no limit
  char *objectives;     ///< file, NULL = the defaults
  double search_step;   ///< in tuning scales
  unsigned long long search_seed;
} kc_controller_choice;

/// How a run begins.
typedef struct {
  kc_place place;
  int first_foot; ///< kc_side
} kc_start;

/// Time steps.
typedef struct {
  kc_place place;
  int integrator;                                                      ///< kc_integrator
  double step, muscle_step, control_interval, record_interval, settle; ///< s
} kc_numerics;

/// One push.
typedef struct {
  kc_place place;
  double time, duration, force[3]; ///< s, s, N in ground axes at the pelvis
} kc_push;

/// Factors on all muscles of the runner, in the body and in what the controller believes.
typedef struct {
  kc_place place;
  double strength, activation_scale, velocity_scale;
} kc_muscle_factors;

/// A coordinate or muscle, or a group of them, by name.
typedef struct {
  kc_place place;
  char name[KC_NAME_SIZE];
} kc_joint_choice;

/// One change of the body: the table whose place is set (line 0 = not this one) says which.
typedef struct {
  kc_place place;
  struct {
    kc_place place;
    int side;
    double thigh, shank, total; ///< added lengths, m; total is split by the bones' lengths
  } leg_length;
  struct {
    kc_place place;
    int side;
    double rotation, upslip; ///< anterior, rad; up, m
  } hip_misalignment;
  struct {
    kc_place place;
    int n_joint, side;
    kc_joint_choice *joint;
    double stiffness, rest, damping; ///< Nm/rad, rad, Nm s/rad
  } joint_spring;
  struct {
    kc_place place;
    char name[KC_NAME_SIZE];
    int side, on;
    double stiffness, slack, pretension; ///< factor; added, m; added, N
    double shortening, adhesion;         ///< added share of slack length; share of glide lost
  } sling;
  struct {
    kc_place place;
    int side;
    double stiffness, damping; ///< of springs that hold the arm, Nm/rad, Nm s/rad
    double flexion, elbow;     ///< where they hold shoulder and elbow, rad
  } arms;
  struct {
    kc_place place;
    int n_joint, side;
    kc_joint_choice *joint;
    int n_muscle;
    kc_joint_choice *muscle;
    double strength; ///< factor on torque limits, and on the muscles' strength
  } weak;
  struct {
    kc_place place;
    int n_muscle, side;
    kc_joint_choice *muscle;
    double length, stiffness; ///< factors: on fibre and tendon length, on passive stiffness
  } tight;
  struct {
    kc_place place;
    char joint[KC_NAME_SIZE];
    int side;
    double lower, upper, steepness; ///< rad, rad (NAN = unchanged); factor on the end's exponents
  } restricted;
  struct {
    kc_place place;
    char address[120];
    char value[80];
  } change;
} kc_condition;

/// A scenario as written, with defaults filled in, and the unchanged body it names.
typedef struct kc_scenario_def {
  kc_place place;
  char name[KC_NAME_SIZE];
  char *model;            ///< file of the model
  double speed, duration; ///< m/s, s
  unsigned long long seed;
  kc_runner runner;
  kc_course course;
  kc_surface surface;
  kc_controller_choice controller;
  kc_numerics numerics;
  kc_start start;
  kc_push push;
  int actuation; ///< kc_actuation
  kc_muscle_factors muscles;
  int n_condition;
  kc_condition *condition;
  // what the file refers to
  char *path; ///< of the scenario, for messages and for what lies beside it
  char *text, *model_text;
  kc_control_params params;
  kc_model_def *body; ///< unchanged, with the runner's size and with settings
} kc_scenario_def;

/// The fields of a scenario, of a condition, and of a parameter file.
extern const kc_table kc_scenario_table, kc_condition_table, kc_param_table;

/// Reads a scenario file with the model and the parameters it names, and applies settings.
kc_status kc_scenario_read_def(const char *path, const kc_setting *setting, int n_setting,
                               kc_scenario_def **def, kc_error *error) KC_WARN_UNUSED;
/// The same from memory; `path` stands for the file in messages and for the place of other files.
kc_status kc_scenario_read_def_text(const char *text, size_t size, const char *path,
                                    const kc_setting *setting, int n_setting, kc_scenario_def **def,
                                    kc_error *error) KC_WARN_UNUSED;
/// A copy with memory of its own, for changes that leave the first as it is; NULL if there is none.
kc_scenario_def *kc_scenario_copy_def(const kc_scenario_def *def);
/// Appends settings to the text as comments, as --set does; line ends in a value become blanks.
kc_status kc_scenario_note_settings(kc_scenario_def *def, const kc_setting *setting, int n,
                                    kc_error *error) KC_WARN_UNUSED;
/// A scenario whose files are in memory: those that it names so are not looked for on disk.
typedef struct {
  const char *text; ///< of the scenario
  size_t size;
  const char *path;                              ///< stands for the file in messages
  const char *model_file, *model_text;           ///< name in the scenario, and content; may be NULL
  const char *parameters_file, *parameters_text; ///< the same of the controller's parameters
} kc_scenario_texts;

/// kc_scenario_read_def from memory alone.
kc_status kc_scenario_read_def_texts(const kc_scenario_texts *given, const kc_setting *setting,
                                     int n_setting, kc_scenario_def **def,
                                     kc_error *error) KC_WARN_UNUSED;
/// Frees a definition; takes NULL.
void kc_scenario_destroy_def(kc_scenario_def *def);
/// Checks what fields alone cannot say: whole numbers of steps, times within the run, conditions.
kc_status kc_scenario_check_def(const kc_scenario_def *def, kc_error *error) KC_WARN_UNUSED;
/// Checks and compiles: the body with its conditions, and what the controller believes.
///
/// naive: the internal body is the unchanged one, so that a condition changes no byte of what the
/// controller knows; informed: it is the changed one; adapted: naive, before anything is tuned.
/// @param scenario [out] free with kc_scenario_destroy; NULL on failure
kc_status kc_scenario_compile_def(const kc_scenario_def *def, kc_scenario **scenario,
                                  kc_error *error) KC_WARN_UNUSED;
/// The same where the unchanged body may be compiled already.
/// @param base that body, NULL if there is none
kc_status kc_scenario_compile_from(const kc_scenario_def *def, const kc_model_pair *base,
                                   kc_scenario **scenario, kc_error *error) KC_WARN_UNUSED;
/// Refuses a definition whose mode is adapted, where nothing tunes; `who` does not: "a sweep".
kc_status kc_scenario_refuse_adapted(const kc_scenario_def *def, const char *who,
                                     kc_error *error) KC_WARN_UNUSED;
/// Applies the conditions of a scenario to a copy of its body.
kc_status kc_scenario_apply_conditions(const kc_scenario_def *def, kc_model_def *body,
                                       kc_error *error) KC_WARN_UNUSED;
/// Finds a file that a scenario names: beside it, then in the shipped folders; NULL if nowhere.
///
/// @param folder shipped folder, such as "models"
/// @return path to be freed, or NULL
char *kc_scenario_find_file(const char *scenario_path, const char *folder, const char *name);
