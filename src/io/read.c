/// @file
/// Files and text attributes, whatever they hold (see read.h).
#include "io/read.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_FIXED = 1 << 20 };

kc_status kc_io_open_file(const char *path, hid_t *file, kc_error *error) {
  struct stat info;
  *file = H5I_INVALID_HID;
  if (stat(path, &info) != 0)
    return kc_error_add(error, KC_ERR_INPUT, path, "cannot be read: %s; check the path",
                        strerror(errno));
  if (!S_ISREG(info.st_mode))
    return kc_error_add(error, KC_ERR_INPUT, path, "is no file; give a result file (.h5)");
  if (H5Fis_hdf5(path) > 0)
    *file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  if (*file < 0)
    return kc_error_add(
        error, KC_ERR_INPUT, path,
        "is no HDF5 file or cannot be opened; give a file that `kinchain run` wrote");
  return KC_OK;
}

// the value of an open text attribute, of fixed or variable length
static char *read_value(hid_t attribute, hid_t type) {
  hid_t space = H5Aget_space(attribute);
  hssize_t n = space >= 0 ? H5Sget_simple_extent_npoints(space) : -1;
  size_t length = H5Tget_size(type);
  char *value = NULL;
  if (n == 1 && H5Tis_variable_str(type) > 0) {
    char *text = NULL;
    if (H5Aread(attribute, type, &text) >= 0 && text)
      value = strdup(text);
    if (text)
      (void)H5Dvlen_reclaim(type, space, H5P_DEFAULT, &text);
  } else if (n == 1 && length > 0 && length < MAX_FIXED) {
    value = calloc(length + 1, 1);
    if (value && H5Aread(attribute, type, value) < 0) {
      free(value);
      value = NULL;
    }
  }
  if (space >= 0)
    (void)H5Sclose(space);
  return value;
}

char *kc_io_read_text(hid_t object, const char *name) {
  if (H5Aexists(object, name) <= 0)
    return NULL;
  hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
  hid_t type = attribute >= 0 ? H5Aget_type(attribute) : H5I_INVALID_HID;
  char *value = NULL;
  if (type >= 0 && H5Tget_class(type) == H5T_STRING)
    value = read_value(attribute, type);
  if (type >= 0)
    (void)H5Tclose(type);
  if (attribute >= 0)
    (void)H5Aclose(attribute);
  return value;
}
