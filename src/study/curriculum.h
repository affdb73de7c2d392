/// @file
/// A curriculum: numbers that the tuner moves from easy to true values as the search gets on.
///
///     step: 0.03          # by which the share rises (default)
///     survivors: 60 %     # of a generation's candidates must run all scenarios whole (default)
///     numbers:
///       - {address: muscles/strength, from: 3, to: 1}
///       - {address: course/grade, from: 0 %, to: 8 %}
/// An address is any that --set takes but those of the controller's parameters (control/...), which
/// the search sets; `from` and `to` are its values at share 0 and 1, with the
/// same unit. At share s it is set to from + s (to - from), as --set would, in every scenario.
#pragma once
#include "model/yaml.h"
#include "scenario/scenario.h"

/// Most numbers of a curriculum.
enum { KC_CURRICULUM_MAX = 32 };

/// One number that moves.
typedef struct {
  kc_place place;
  char address[160], from_text[80], to_text[80];
  double from, to; ///< in `unit`
  char unit[60];   ///< as written; empty for a plain number
} kc_curriculum_number;

/// What a curriculum file says.
typedef struct {
  double step;      ///< 0 < step <= 1
  double survivors; ///< 0..1
  int n_number;
  kc_curriculum_number *number;
} kc_curriculum;

/// Reads a file. @return KC_OK and a curriculum to be freed; KC_ERR_INPUT with every problem
kc_status kc_curriculum_read(const char *path, kc_curriculum *curriculum,
                             kc_error *error) KC_WARN_UNUSED;
/// The same from memory; `name` stands for the file in messages.
kc_status kc_curriculum_read_text(const char *text, size_t size, const char *name,
                                  kc_curriculum *curriculum, kc_error *error) KC_WARN_UNUSED;
/// Frees what reading took; also after a failure.
void kc_curriculum_destroy(kc_curriculum *curriculum);
/// The share after so many steps: 0..1, and 1 itself at the end.
double kc_curriculum_share(const kc_curriculum *curriculum, int stage);
/// Writes the value of a number at a share with its unit, to the last digit.
void kc_curriculum_write_value(const kc_curriculum_number *number, double share, char *text,
                               size_t size);
/// Fingerprint of what decides the course of a search.
unsigned long long kc_curriculum_hash(const kc_curriculum *curriculum, unsigned long long hash);

/// The scenarios of a tuning at a share: what a stage is made from, and the one in force.
typedef struct {
  const kc_curriculum *curriculum;
  const char *const *path; ///< (n_scenario) files
  int n_scenario;
  const kc_setting *setting; ///< (n_setting) of --set, applied first
  int n_setting;
  kc_scenario **scenario; ///< (n_scenario) of the last stage; NULL before the first
} kc_curriculum_class;

/// Reads the scenarios at a share, in the place of the last ones, which are freed.
///
/// @return KC_OK; what reading a scenario returned: then the last ones stay
kc_status kc_curriculum_stage(kc_curriculum_class *class, double share,
                              kc_error *error) KC_WARN_UNUSED;
/// Frees the scenarios.
void kc_curriculum_release(kc_curriculum_class *class);
