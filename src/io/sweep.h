/// @file
/// Files of sweeps: one row for each run, written through a source that gives columns block by
/// block, and read back column by column.
///
///     /                 run (scale), point, replicate, one column for each factor and metric,
///     outcome /strides          run x stride x side, where strides are kept /series           run
///     x time x ..., where series are kept
///
/// Attributes of the root are texts: what the sweep, its base scenario, model and parameters say,
/// so that every run can be repeated from the file alone.
#pragma once
#include "record/group.h"

/// Version of the layout of a sweep's file, and of its journal.
#define KC_IO_SWEEP_SCHEMA "kinchain-sweep-1"

/// Where arrays come from whose values no memory holds.
typedef struct {
  /// Fills rows first..first + n - 1 of a variable, in its store (text: const char *, valid until
  /// the next call); 0 if that failed.
  int (*fetch)(void *user, const kc_group *group, int variable, int first, int n, void *buffer);
  /// The address of what a column holds; NULL for none, and NULL if there are none at all.
  const char *(*address)(void *user, const kc_group *group, int variable);
  void *user;
} kc_io_source;

/// One text of the root.
typedef struct {
  const char *name, *text;
} kc_io_text;

/// Writes a file with these texts and groups, whole or not at all. Equal input gives equal bytes.
///
/// @return KC_OK; KC_ERR_INPUT, KC_ERR_FILE or KC_ERR_MEMORY with place and reason
kc_status kc_io_write_sweep(const char *path, const kc_io_text *text, int n_text,
                            const kc_group *const *group, int n_group, const kc_io_source *source,
                            kc_error *error) KC_WARN_UNUSED;

/// An open file of a sweep.
typedef struct kc_io_sweep kc_io_sweep;

/// Opens a file that a sweep wrote and reads what describes it, not its columns.
///
/// @return KC_OK and a file to be closed; KC_ERR_INPUT where there is none or it is no sweep's
kc_status kc_io_open_sweep(const char *path, kc_io_sweep **sweep, kc_error *error) KC_WARN_UNUSED;
/// Closes the file and frees what was read; takes NULL.
void kc_io_close_sweep(kc_io_sweep *sweep);
/// A text of the root by name; NULL if it has none such.
const char *kc_io_sweep_text(const kc_io_sweep *sweep, const char *name);
/// All texts, in the file's order.
const kc_io_text *kc_io_sweep_texts(const kc_io_sweep *sweep, int *n);
/// The groups, the root first; their variables have no values, their scales have.
const kc_group *const *kc_io_sweep_groups(const kc_io_sweep *sweep, int *n);
/// The address of a column; NULL for none.
const char *kc_io_sweep_address(const kc_io_sweep *sweep, int group, int variable);
/// Reads rows of a variable in its store; texts live until the next call.
///
/// @return 1; 0 where the file is damaged
int kc_io_sweep_fetch(kc_io_sweep *sweep, int group, int variable, int first, int n, void *buffer);
