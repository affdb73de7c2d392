/// @file
/// A text file written whole or not at all: to a temporary name beside it, then renamed.
#pragma once
#include "base/error.h"
#include <stdio.h>

/// A file being written; owned by the caller between open and commit or discard.
typedef struct {
  FILE *stream;    ///< write here
  char *path;      ///< where it goes
  char *temporary; ///< where it is until then
} kc_output;

/// Opens `path.part` for writing; refuses a directory.
/// @return KC_OK; KC_ERR_INPUT for a directory or a folder that is not there; KC_ERR_FILE
kc_status kc_io_open_output(const char *path, kc_output *output, kc_error *error) KC_WARN_UNUSED;
/// Flushes to the disk and renames; on failure nothing of the file stays.
/// @return KC_OK; KC_ERR_FILE (disk full and the like)
kc_status kc_io_commit_output(kc_output *output, kc_error *error) KC_WARN_UNUSED;
/// Removes what was written.
void kc_io_discard_output(kc_output *output);
/// Says early whether a file can be made at `path`, and leaves nothing behind.
/// @return as kc_io_open_output
kc_status kc_io_check_output(const char *path, kc_error *error) KC_WARN_UNUSED;
