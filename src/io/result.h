/// @file
/// Result files: writing one run to HDF5, its log beside it, and reading metrics back.
///
/// HDF5 is not called from two threads at once: write results one after another.
#pragma once
#include "record/group.h"

/// What a file says of itself: everything that determines the result, and nothing else. Texts may
/// be NULL (left out). X(name, meaning)
#define KC_IO_HEADER_TEXTS(X)                                                                      \
  X(title, "name of the scenario")                                                                 \
  X(program, "program that wrote the file")                                                        \
  X(version, "its version")                                                                        \
  X(source_revision, "revision of its source")                                                     \
  X(build_flags, "compiler and flags")                                                             \
  X(mode, "what the controller knows of the body: naive, informed or adapted")                     \
  X(outcome, "completed, fell, diverged, interrupted")                                             \
  X(outcome_reason, "why it fell or which value went non-finite")                                  \
  X(model_hash, "fingerprint of the compiled body")                                                \
  X(scenario_hash, "fingerprint of the scenario text")                                             \
  X(model_text, "the model's YAML")                                                                \
  X(scenario_text, "the scenario's YAML, with settings")                                           \
  X(objectives_text, "the YAML of the objectives that were adapted to")                            \
  X(reference, "measured runners that were adapted to: table, fingerprint, source")

/// How a run beside the main one ended: attributes of its group.
typedef struct {
  const char *mode, *outcome, *outcome_reason;
  double outcome_time; ///< s
} kc_io_outcome;

typedef struct {
#define X(name, meaning) const char *name;
  KC_IO_HEADER_TEXTS(X)
#undef X
  unsigned long long seed;
  double outcome_time;        ///< s
  const kc_io_outcome *naive; ///< of the run in the group "naive"; NULL where there is none
} kc_io_header;

/// Version of the layout, kept in the attribute `schema`; raised when a reader would have to
/// change.
#define KC_IO_SCHEMA "kinchain-run-1"

/// Looks before a run whether a file could be written there: the folder exists and takes files, and
/// the path is neither a folder nor a device.
///
/// @return KC_OK; KC_ERR_INPUT for a place that is not there or no file; KC_ERR_FILE for one that
///         takes no files
kc_status kc_io_check_output(const char *path, kc_error *error) KC_WARN_UNUSED;
/// Writes bytes to a temporary name beside `path`, then renames: all or nothing.
///
/// @return KC_OK; as kc_io_check_output; KC_ERR_FILE with the system's reason (disk full,
/// read-only, ...)
kc_status kc_io_write_bytes(const char *path, const void *bytes, size_t size,
                            kc_error *error) KC_WARN_UNUSED;
/// Removes what kc_io_write_bytes left beside `path` where the program was killed as it wrote; for
/// a caller who knows that no other program writes there.
void kc_io_remove_parts(const char *path);
/// Writes one run: header as attributes of the root, groups in order (the one named "" is the
/// root; "a/b" goes into "a", which comes before it).
///
/// The file is made in memory and then written in one piece, so that a full disk leaves nothing
/// behind. Equal input gives equal bytes.
/// @return KC_OK; KC_ERR_INPUT, KC_ERR_FILE or KC_ERR_MEMORY with place and reason
kc_status kc_io_write_result(const char *path, const kc_io_header *header,
                             const kc_group *const *group, int n_group,
                             kc_error *error) KC_WARN_UNUSED;

/// One entry of a log: a text, or a number where text is NULL.
typedef struct {
  const char *name, *text;
  double number;
} kc_io_log_entry;
/// Writes `<path>.log.json`: host, command line, threads, date and whatever else is no result.
kc_status kc_io_write_log(const char *path, const kc_io_log_entry *entry, int n_entry,
                          kc_error *error) KC_WARN_UNUSED;

/// One metric of a file.
typedef struct {
  char name[64], unit[32], meaning[160];
  double value;
} kc_io_metric;
/// Metrics of one file, in the file's order, and its most asked-for attributes ("" if absent).
typedef struct {
  int n_metric;
  kc_io_metric *metric;
  char schema[40], title[80], mode[16], outcome[24], outcome_reason[160];
} kc_io_metrics;
/// Reads the numbers under /metrics, or under /RUN/metrics.
///
/// @param run      group of a run beside the main one ("naive"); NULL: the main one
/// @param metrics  set to what kc_io_destroy_metrics frees, or NULL
/// @return KC_OK; KC_ERR_INPUT if the file is missing, no result file, or damaged
kc_status kc_io_read_metrics(const char *path, const char *run, kc_io_metrics **metrics,
                             kc_error *error) KC_WARN_UNUSED;
/// Frees metrics; takes NULL.
void kc_io_destroy_metrics(kc_io_metrics *metrics);
/// Index of a metric by name, or -1.
int kc_io_find_metric(const kc_io_metrics *metrics, const char *name);
