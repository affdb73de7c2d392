/// @file
/// From the rows of a sweep's journal to its file.
#pragma once
#include "io/journal.h"
#include "io/sweep.h"
#include "study/design.h"

/// A sweep and what of it this program does.
typedef struct {
  const kc_sweep *sweep;
  const char *path;   ///< of the file
  int shard, n_shard; ///< 0 of 1: all runs; runs with number % n_shard == shard
  char *settings;     ///< "address=value", one a line
  char *base_text;    ///< of the base scenario's file
  char *parameters;   ///< text of the controller's file; "" where the defaults are used
  char *header;       ///< what a journal and a file must say to belong to this sweep
  int n;              ///< runs of this shard
  int *record;        ///< (n) which record of the journal holds run i * n_shard + shard; -1: none
} kc_app_sweep;

/// Finds the texts and the header of a sweep; everything but sweep, path and shard is filled in.
kc_status kc_app_open_sweep(kc_app_sweep *s, kc_error *error) KC_WARN_UNUSED;
/// Frees what kc_app_open_sweep took.
void kc_app_close_sweep(kc_app_sweep *s);
/// Bytes of a row in the journal: metrics, about three steps a second, samples of all series.
double kc_app_estimate_row(const kc_sweep *sweep, const kc_scenario *scenario);
/// Bytes of the file of n runs with rows of that size.
double kc_app_estimate_file(int n, double row);
/// Bytes of memory that writing that file takes.
double kc_app_estimate_memory(int n, double row);
/// Writes the file of a sweep whose runs are all in the journal.
kc_status kc_app_write_sweep(const kc_app_sweep *s, const kc_io_journal *journal,
                             kc_error *error) KC_WARN_UNUSED;
