/// @file
/// The shipped runner for tests of models: its definition, and what is compiled from one.
#pragma once
#include "model/read.h"
#include "near.h"

#define RUNNER KC_TEST_SOURCE_DIR "/models/runner.yaml"

/// Fails with every finding unless the status is KC_OK; empties the error.
static inline void expect_good(kc_status status, kc_error *error) {
  for (int i = 0; i < error->n_finding; i++)
    print_message("%s: %s\n", error->finding[i].place, error->finding[i].text);
  assert_int_equal(status, KC_OK);
  kc_error_destroy(error);
}

/// The runner's definition, to be changed and freed.
static inline kc_model_def *read_def(void) {
  kc_error error = kc_error_default();
  kc_model_def *def = NULL;
  expect_good(kc_model_read_def(RUNNER, NULL, &def, &error), &error);
  return def;
}

/// A definition, compiled.
static inline kc_model *compile(const kc_model_def *def) {
  kc_error error = kc_error_default();
  kc_model *model = NULL;
  expect_good(kc_model_compile_def(def, &model, &error), &error);
  return model;
}
