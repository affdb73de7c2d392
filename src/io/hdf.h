/// @file
/// HDF5 objects as design.md 8 wants them: creation order tracked, object times off, scales
/// attached.
///
/// Every call is looked at: the first that fails is remembered and the rest do nothing.
#pragma once
#include "io/sweep.h"
#include "record/group.h"
#include <hdf5.h>

/// A file in the making; `failed` names the first thing that could not be done, NULL while all is
/// well.
typedef struct {
  hid_t file;
  const char *failed;
  char object[96]; ///< the object it happened to
} kc_io_file;

/// Switches the library's own error printing off and returns what kc_io_hdf_restore takes.
typedef struct {
  H5E_auto2_t print;
  void *data;
} kc_io_hdf_printing;
kc_io_hdf_printing kc_io_hdf_silence(void);
/// Puts the library's error printing back as it was.
void kc_io_hdf_restore(const kc_io_hdf_printing *printing);
/// Remembers a failure (the first) and returns 0 if `value` is negative, else 1.
int kc_io_hdf_ok(kc_io_file *file, const char *object, const char *what, long long value);
/// A file that lives in memory.
void kc_io_hdf_create(kc_io_file *file);
/// The file's bytes, to be freed; NULL if anything failed. The file stays open.
void *kc_io_hdf_get_image(kc_io_file *file, size_t *size);
/// Closes the file; takes one that was never opened.
void kc_io_hdf_close(kc_io_file *file);
/// A text attribute (variable length, UTF-8); NULL text writes nothing.
void kc_io_hdf_put_text(kc_io_file *file, hid_t object, const char *name, const char *text);
/// A number as an attribute.
void kc_io_hdf_put_number(kc_io_file *file, hid_t object, const char *name, double value);
/// A whole number as an attribute.
void kc_io_hdf_put_count(kc_io_file *file, hid_t object, const char *name,
                         unsigned long long value);
/// Writes a group with its scales, arrays and their attributes; arrays without values and the
/// attribute `address` come from the source (NULL where the group has all).
void kc_io_hdf_put_group(kc_io_file *file, const kc_group *group, const kc_io_source *source);
