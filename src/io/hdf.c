/// @file
/// Files and attributes of HDF5.
///
/// The file is made with the core driver (in memory, no backing store), because the library, once a
/// disk is full, can neither flush nor close a file on it. Attributes are variable-length UTF-8
/// text, which h5py, xarray, netCDF, MATLAB, R and Julia read as text.
#include "io/hdf.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

kc_io_hdf_printing kc_io_hdf_silence(void) {
  kc_io_hdf_printing printing = {NULL, NULL};
  if (H5Eget_auto2(H5E_DEFAULT, &printing.print, &printing.data) >= 0)
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  return printing;
}

void kc_io_hdf_restore(const kc_io_hdf_printing *printing) {
  (void)H5Eclear2(H5E_DEFAULT);
  (void)H5Eset_auto2(H5E_DEFAULT, printing->print, printing->data);
}

int kc_io_hdf_ok(kc_io_file *file, const char *object, const char *what, long long value) {
  if (value >= 0)
    return 1;
  if (!file->failed) {
    file->failed = what;
    (void)snprintf(file->object, sizeof file->object, "%s", object);
  }
  return 0;
}

void kc_io_hdf_create(kc_io_file *file) {
  *file = (kc_io_file){.file = H5I_INVALID_HID};
  hid_t access = H5Pcreate(H5P_FILE_ACCESS), creation = H5Pcreate(H5P_FILE_CREATE);
  unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  if (kc_io_hdf_ok(file, "/", "property list", access) &&
      kc_io_hdf_ok(file, "/", "property list", creation) &&
      kc_io_hdf_ok(file, "/", "memory driver", H5Pset_fapl_core(access, 1 << 20, 0)) &&
      kc_io_hdf_ok(file, "/", "creation order", H5Pset_link_creation_order(creation, order)) &&
      kc_io_hdf_ok(file, "/", "creation order", H5Pset_attr_creation_order(creation, order)) &&
      kc_io_hdf_ok(file, "/", "object times", H5Pset_obj_track_times(creation, 0))) {
    file->file = H5Fcreate("result.h5", H5F_ACC_TRUNC, creation, access);
    (void)kc_io_hdf_ok(file, "/", "file", file->file);
  }
  if (creation >= 0)
    (void)kc_io_hdf_ok(file, "/", "close", H5Pclose(creation));
  if (access >= 0)
    (void)kc_io_hdf_ok(file, "/", "close", H5Pclose(access));
}

void *kc_io_hdf_get_image(kc_io_file *file, size_t *size) {
  *size = 0;
  if (file->failed)
    return NULL;
  if (!kc_io_hdf_ok(file, "/", "flush", H5Fflush(file->file, H5F_SCOPE_GLOBAL)))
    return NULL;
  ssize_t n = H5Fget_file_image(file->file, NULL, 0);
  if (!kc_io_hdf_ok(file, "/", "image", n))
    return NULL;
  void *image = malloc((size_t)n);
  if (!kc_io_hdf_ok(file, "/", "memory for the image", image ? 0 : -1))
    return NULL;
  if (!kc_io_hdf_ok(file, "/", "image", H5Fget_file_image(file->file, image, (size_t)n))) {
    free(image);
    return NULL;
  }
  *size = (size_t)n;
  return image;
}

void kc_io_hdf_close(kc_io_file *file) {
  if (file->file >= 0)
    (void)kc_io_hdf_ok(file, "/", "close", H5Fclose(file->file));
  file->file = H5I_INVALID_HID;
}

// a scalar attribute of any type
static void put_attribute(kc_io_file *file, hid_t object, const char *name, hid_t type,
                          const void *value) {
  if (file->failed)
    return;
  hid_t space = H5Screate(H5S_SCALAR);
  if (!kc_io_hdf_ok(file, name, "dataspace of an attribute", space))
    return;
  hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  if (kc_io_hdf_ok(file, name, "attribute", attribute)) {
    (void)kc_io_hdf_ok(file, name, "attribute", H5Awrite(attribute, type, value));
    (void)kc_io_hdf_ok(file, name, "close", H5Aclose(attribute));
  }
  (void)kc_io_hdf_ok(file, name, "close", H5Sclose(space));
}

void kc_io_hdf_put_text(kc_io_file *file, hid_t object, const char *name, const char *text) {
  if (file->failed || !text)
    return;
  hid_t type = H5Tcopy(H5T_C_S1);
  if (!kc_io_hdf_ok(file, name, "text type", type))
    return;
  if (kc_io_hdf_ok(file, name, "text type", H5Tset_size(type, H5T_VARIABLE)) &&
      kc_io_hdf_ok(file, name, "text type", H5Tset_cset(type, H5T_CSET_UTF8)))
    put_attribute(file, object, name, type, &text);
  (void)kc_io_hdf_ok(file, name, "close", H5Tclose(type));
}

void kc_io_hdf_put_number(kc_io_file *file, hid_t object, const char *name, double value) {
  put_attribute(file, object, name, H5T_NATIVE_DOUBLE, &value);
}

void kc_io_hdf_put_count(kc_io_file *file, hid_t object, const char *name,
                         unsigned long long value) {
  put_attribute(file, object, name, H5T_NATIVE_ULLONG, &value);
}
