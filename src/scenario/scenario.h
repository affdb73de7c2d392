/// @file
/// A scenario: what a YAML file says of one run, with every default filled in.
#pragma once
#include "base/error.h"
#include "force/ground.h"
#include "model/model.h"

/// What the controller knows: the unchanged body, or the changed one.
typedef enum { KC_MODE_NAIVE, KC_MODE_INFORMED } kc_mode;
/// Time stepping: the default leapfrog, RK4, or the adaptive reference road.
typedef enum { KC_STEP_LEAPFROG, KC_STEP_RK4, KC_STEP_ADAPTIVE } kc_integrator;

/// What moves the joints: ideal limited torques, or muscles (arms and neck keep their torques).
typedef enum { KC_ACTUATION_TORQUE, KC_ACTUATION_MUSCLE } kc_actuation;

/// Numbers of the gait controller; names, defaults, bounds, scales in control/params.h.
struct kc_control_params;

typedef struct {
  double speed;    ///< m/s along the course
  double duration; ///< s
  unsigned long long seed;
  kc_mode mode;
  kc_integrator integrator;
  kc_actuation actuation;
  kc_side first_foot;                             ///< that lands first
  double step;                                    ///< s
  double control_interval;                        ///< s, a whole number of steps
  double record_interval;                         ///< s, a whole number of steps
  int muscle_steps;                               ///< steps in one of the muscles, >= 1
  double settle;                                  ///< s of start that the metrics leave out
  double sense_delay;                             ///< neural delay, s (assumption: 0)
  double sense_noise;                             ///< SD of angle noise, rad (assumption: 0)
  int observer;                                   ///< disturbance observer on
  int predictor;                                  ///< prediction over the actuator lag on
  double push_time, push_duration, push_force[3]; ///< a push at the pelvis; duration 0 = none
  double bend; ///< radius of the course, m, right positive; 0: straight along X
  kc_ground ground;
} kc_task;

/// A scenario with its bodies: ready to run, immutable.
typedef struct {
  char name[KC_NAME_SIZE];
  char *text;       ///< the YAML as read, with --set changes appended as comments
  char *model_text; ///< the model's YAML
  kc_task task;
  kc_model *body;     ///< the body that runs: conditions applied
  kc_model *internal; ///< what the controller believes: the unchanged body unless informed
  struct kc_control_params *params; ///< controller parameters
} kc_scenario;

/// One `--set address=value`.
typedef struct {
  const char *address, *value;
} kc_setting;

/// Reads a scenario file, applies settings and conditions, compiles both bodies.
///
/// @param path     file; paths inside it are relative to it, then to the shipped folders
/// @param error    every problem of the file, with line and column
/// @return KC_OK and a scenario to be freed with kc_scenario_destroy; else the status, *scenario
/// NULL
kc_status kc_scenario_read(const char *path, const kc_setting *setting, int n_setting,
                           kc_scenario **scenario, kc_error *error) KC_WARN_UNUSED;
void kc_scenario_destroy(kc_scenario *scenario);
