/// @file
/// Arrays of a result file (see series.h). Nothing in the file is trusted: sizes are bounded, and
/// what is no array of numbers is an error with its name.
#include "io/series.h"
#include "io/hdf.h"
#include "io/read.h"
#include "io/result.h"
#include <stdlib.h>
#include <string.h>

enum { MAX_RANK = 8, MAX_NAMES = 100000, MAX_VALUES = 1 << 30 };

struct kc_io_run {
  hid_t file;
  char *path;
};

static kc_status check_schema(hid_t file, const char *path, kc_error *error) {
  char *schema = kc_io_read_text(file, "schema");
  int good = schema && strcmp(schema, KC_IO_SCHEMA) == 0;
  free(schema);
  return good ? KC_OK
              : kc_error_add(error, KC_ERR_INPUT, path,
                             "is no result of one run (%s); give a file that `kinchain run` wrote",
                             KC_IO_SCHEMA);
}

kc_status kc_io_open_run(const char *path, kc_io_run **run, kc_error *error) {
  *run = NULL;
  kc_io_run *r = calloc(1, sizeof *r);
  char *copy = strdup(path);
  if (!r || !copy) {
    free(r), free(copy);
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
  }
  r->path = copy;
  kc_io_hdf_printing printing = kc_io_hdf_silence();
  kc_status status = kc_io_open_file(path, &r->file, error);
  if (status == KC_OK)
    status = check_schema(r->file, path, error);
  kc_io_hdf_restore(&printing);
  if (status != KC_OK) {
    kc_io_close_run(r);
    return status;
  }
  *run = r;
  return KC_OK;
}

void kc_io_close_run(kc_io_run *run) {
  if (!run)
    return;
  if (run->file >= 0)
    (void)H5Fclose(run->file);
  free(run->path);
  free(run);
}

// rank and sizes of a dataset of that class; -1 if it is none, or larger than it may be
static int find_shape(hid_t dataset, H5T_class_t wanted, H5T_class_t other, hsize_t *size) {
  hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
  int rank = -1;
  H5T_class_t class = type >= 0 ? H5Tget_class(type) : H5T_NO_CLASS;
  if (space >= 0 && (class == wanted || class == other))
    rank = H5Sget_simple_extent_ndims(space);
  if (rank > MAX_RANK || (rank >= 0 && H5Sget_simple_extent_npoints(space) > MAX_VALUES))
    rank = -1;
  if (rank > 0 && H5Sget_simple_extent_dims(space, size, NULL) < 0)
    rank = -1;
  if (space >= 0)
    (void)H5Sclose(space);
  if (type >= 0)
    (void)H5Tclose(type);
  return rank;
}

// all of a dataset, or what is wrong with it
static kc_status read_numbers(hid_t dataset, int *n_row, int width, double **value) {
  hsize_t size[MAX_RANK] = {0}, found = 1;
  int rank = dataset >= 0 ? find_shape(dataset, H5T_FLOAT, H5T_INTEGER, size) : -1;
  if (rank < 0)
    return KC_ERR_INPUT;
  for (int i = 1; i < rank; i++)
    found *= size[i];
  *n_row = rank > 0 ? (int)size[0] : 1;
  if (found != (hsize_t)width || *n_row < 1)
    return KC_ERR_INPUT;
  *value = malloc((size_t)*n_row * (size_t)width * sizeof **value);
  if (!*value)
    return KC_ERR_MEMORY;
  if (H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, *value) >= 0)
    return KC_OK;
  free(*value);
  *value = NULL;
  return KC_ERR_INPUT;
}

kc_status kc_io_read_run_array(const kc_io_run *run, const char *name, int *n_row, int width,
                               double **value, kc_error *error) {
  *value = NULL;
  *n_row = 0;
  kc_io_hdf_printing printing = kc_io_hdf_silence();
  hid_t dataset = H5Dopen2(run->file, name, H5P_DEFAULT);
  kc_status status = read_numbers(dataset, n_row, width, value);
  if (dataset >= 0)
    (void)H5Dclose(dataset);
  kc_io_hdf_restore(&printing);
  if (status == KC_ERR_MEMORY)
    return kc_error_add(error, status, run->path, "no memory for '%s'", name);
  if (status != KC_OK)
    return kc_error_add(error, status, run->path,
                        "has no array '%s' of numbers with %d in a row; run the scenario again and "
                        "record what is recorded by default",
                        name, width);
  return KC_OK;
}

// where `name` stands among the texts of an open scale; -1 if nowhere, `n` 0 if it is no scale
static int find_in_scale(hid_t dataset, const char *name, int *n) {
  hsize_t size[MAX_RANK] = {0};
  *n = 0;
  if (dataset < 0 || find_shape(dataset, H5T_STRING, H5T_STRING, size) != 1 || size[0] < 1 ||
      size[0] > MAX_NAMES)
    return -1;
  hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
  char **text = calloc((size_t)size[0], sizeof *text);
  int index = -1;
  if (text && H5Tis_variable_str(type) > 0 &&
      H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) >= 0) {
    *n = (int)size[0];
    for (int i = 0; i < *n && index < 0; i++)
      if (text[i] && strcmp(text[i], name) == 0)
        index = i;
    (void)H5Dvlen_reclaim(type, space, H5P_DEFAULT, text);
  }
  free(text);
  (void)H5Sclose(space);
  (void)H5Tclose(type);
  return index;
}

kc_status kc_io_find_run_name(const kc_io_run *run, const char *scale, const char *name, int *index,
                              int *n, kc_error *error) {
  int length;
  kc_io_hdf_printing printing = kc_io_hdf_silence();
  hid_t dataset = H5Dopen2(run->file, scale, H5P_DEFAULT);
  *index = find_in_scale(dataset, name, &length);
  if (dataset >= 0)
    (void)H5Dclose(dataset);
  kc_io_hdf_restore(&printing);
  if (n)
    *n = length;
  if (*index >= 0)
    return KC_OK;
  return kc_error_add(error, KC_ERR_INPUT, run->path,
                      length ? "its scale '%s' has no '%s'; give the run of a model that has it"
                             : "has no scale '%s' with '%s' in it; run the scenario again",
                      scale, name);
}
