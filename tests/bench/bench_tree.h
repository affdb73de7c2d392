/// @file
/// States of the shipped runner that benches go through in turn, and their times.
#pragma once
#include "bench.h"
#include "body/tree.lane.h"
#include "model/read.h"

enum { MAX_JOINT = 64, N_STATE = 16, N_ROUND = 2000 };

/// Reads the model that the command line names, or the runner; NULL if it cannot be benched.
static inline kc_model *bench_read(int argc, char **argv) {
  kc_error error = kc_error_default();
  kc_model *model = NULL;
  if (kc_model_read(argc > 1 ? argv[1] : "models/runner.yaml", &model, &error) != KC_OK)
    return NULL;
  return model->n_joint <= MAX_JOINT ? model : NULL;
}

/// A number of a state, joint and lane, -0.48 .. 0.52.
static inline double bench_draw(int state, int joint, int lane) {
  return (double)((state * 7919 + joint * 104729 + lane * 31) % 1009) / 1009 - 0.481;
}

/// Least and median time of a call over all rounds, us; each state in turn.
static inline void bench_time(void *user, void (*run)(void *user, int state), double *least,
                              double *median) {
  static double time[N_ROUND];
  for (int round = 0; round < N_ROUND; round++) {
    double start = bench_now();
    for (int s = 0; s < N_STATE; s++)
      run(user, s);
    time[round] = (bench_now() - start) / N_STATE;
  }
  bench_sort(time, N_ROUND);
  *least = time[0], *median = time[N_ROUND / 2];
}
