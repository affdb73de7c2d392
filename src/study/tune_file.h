/// @file
/// Files of the tuner: written whole or not at all; the state that a resumed search needs.
#pragma once
#include "control/params.h"
#include "study/cma.h"
#include <stdint.h>

/// What a state file holds beside the search distribution.
typedef struct {
  uint64_t magic, fingerprint; ///< kind of file; of the scenarios and parameters it belongs to
  kc_control_params start, best;
  double start_cost, best_cost, elapsed;     ///< elapsed over all calls, s
  int64_t evaluations, generations, restart; ///< over all searches; restarts so far
  int64_t stage, best_stage; ///< steps of the curriculum: taken; at which the best was found
  uint64_t cma_size;         ///< bytes that follow
} kc_tune_state;

/// Writes bytes to path through `path.part` and rename.
kc_status kc_tune_write_file(const char *path, const void *data, size_t size,
                             kc_error *error) KC_WARN_UNUSED;
/// Whether path can be written later: tries `path.part`. @return KC_OK; KC_ERR_FILE
kc_status kc_tune_check_path(const char *path, kc_error *error) KC_WARN_UNUSED;
/// Writes state and distribution.
kc_status kc_tune_write_state(const char *path, const kc_tune_state *state, const kc_cma *cma,
                              kc_error *error) KC_WARN_UNUSED;
/// Reads them back. @return KC_OK and a distribution to be destroyed by the caller; KC_ERR_INPUT if
/// the file is damaged or of another fingerprint; KC_ERR_FILE
kc_status kc_tune_read_state(const char *path, uint64_t fingerprint, kc_tune_state *state,
                             kc_cma **cma, kc_error *error) KC_WARN_UNUSED;
