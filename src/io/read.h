/// @file
/// Opening HDF5 files that others may have written. Inside of src/io.
#pragma once
#include "base/error.h"
#include <hdf5.h>

/// Bytes of the longest name of an object that is read.
enum { KC_NAME_BYTES = 200 };

/// Opens an HDF5 file for reading; the library's own messages are the caller's to silence.
///
/// @return KC_OK; KC_ERR_INPUT if it is missing, no file or no HDF5
kc_status kc_io_open_file(const char *path, hid_t *file, kc_error *error) KC_WARN_UNUSED;
/// A text attribute, of fixed or variable length, to be freed; NULL where there is none.
char *kc_io_read_text(hid_t object, const char *name);
