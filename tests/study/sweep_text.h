/// @file
/// Sweep files from memory, for tests: read what must be right, refuse what must be wrong.
#pragma once
#include "near.h"
#include "study/design.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BASE "base: " KC_TEST_SOURCE_DIR "/scenarios/level.yaml\n"

static inline kc_status read_sweep(const char *text, kc_sweep **sweep, kc_error *error) {
  return kc_sweep_read_text(text, strlen(text), "x.yaml", NULL, 0, sweep, error);
}

/// Reads what must be right.
static inline kc_sweep *read_good(const char *text) {
  kc_sweep *sweep;
  kc_error error = kc_error_default();
  kc_status status = read_sweep(text, &sweep, &error);
  if (status != KC_OK)
    fail_msg("%s: %s", error.n_finding ? error.finding[0].place : "?",
             error.n_finding ? error.finding[0].text : "refused without a word");
  assert_int_equal(error.n_finding, 0);
  kc_error_destroy(&error);
  return sweep;
}

/// Makes what must be possible.
static inline kc_scenario *make_good(const kc_sweep *sweep, int index) {
  kc_scenario *scenario;
  kc_error error = kc_error_default();
  if (kc_sweep_make_scenario(sweep, index, &scenario, &error) != KC_OK)
    fail_msg("run %d: %s: %s", index, error.finding[0].place, error.finding[0].text);
  kc_error_destroy(&error);
  return scenario;
}

/// Whether a finding holds both texts, one of place and text each, in either.
static inline int is_told(const kc_error *error, const char *place, const char *text) {
  for (int i = 0; i < error->n_finding; i++)
    if (strstr(error->finding[i].place, place) && strstr(error->finding[i].text, text))
      return 1;
  return 0;
}
