/// @file
/// Metrics of a result file: the scalar datasets under /metrics and a few attributes of the root.
///
/// Whatever the file holds, nothing is trusted: names and texts are cut to size, other objects are
/// passed over, a damaged file is an error with a place.
#include "io/hdf.h"
#include "io/read.h"
#include "io/result.h"
#include <stdlib.h>
#include <string.h>

enum { KC_MAX_METRIC = 10000 };

static void copy_text(char *out, size_t size, const char *text) {
  size_t n = strlen(text);
  if (n >= size)
    n = size - 1;
  memcpy(out, text, n);
  out[n] = 0;
}

// a text attribute cut to size, or "" where there is none
static void read_text(hid_t object, const char *name, char *out, size_t size) {
  char *text = kc_io_read_text(object, name);
  copy_text(out, size, text ? text : "");
  free(text);
}

// 1 if the link is a scalar number that could be read
static int read_metric(hid_t group, kc_io_metric *metric) {
  H5O_info_t info;
  if (H5Oget_info_by_name(group, metric->name, &info, H5P_DEFAULT) < 0 ||
      info.type != H5O_TYPE_DATASET)
    return 0;
  hid_t dataset = H5Dopen2(group, metric->name, H5P_DEFAULT);
  if (dataset < 0)
    return 0;
  hid_t space = H5Dget_space(dataset), type = H5Dget_type(dataset);
  int good =
      space >= 0 && type >= 0 && H5Sget_simple_extent_type(space) == H5S_SCALAR &&
      (H5Tget_class(type) == H5T_FLOAT || H5Tget_class(type) == H5T_INTEGER) &&
      H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &metric->value) >= 0;
  if (good) {
    read_text(dataset, "units", metric->unit, sizeof metric->unit);
    read_text(dataset, "long_name", metric->meaning, sizeof metric->meaning);
  }
  if (type >= 0)
    (void)H5Tclose(type);
  if (space >= 0)
    (void)H5Sclose(space);
  (void)H5Dclose(dataset);
  return good;
}

static hid_t open_group(hid_t parent, const char *name) {
  int is_root = strcmp(name, "/") == 0;
  return is_root || H5Lexists(parent, name, H5P_DEFAULT) > 0 ? H5Gopen2(parent, name, H5P_DEFAULT)
                                                             : H5I_INVALID_HID;
}

static kc_status read_group(const char *path, hid_t run, kc_io_metrics *metrics, kc_error *error) {
  hid_t group = open_group(run, "metrics");
  if (group < 0)
    return kc_error_add(error, KC_ERR_INPUT, path,
                        "has no group /metrics; give a file that `kinchain run` wrote");
  H5G_info_t info;
  if (H5Gget_info(group, &info) < 0 || info.nlinks > KC_MAX_METRIC)
    info.nlinks = 0;
  metrics->metric = calloc((size_t)info.nlinks + 1, sizeof *metrics->metric);
  for (hsize_t i = 0; metrics->metric && i < info.nlinks; i++) {
    kc_io_metric *metric = &metrics->metric[metrics->n_metric];
    ssize_t n = H5Lget_name_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, metric->name,
                                   sizeof metric->name, H5P_DEFAULT);
    if (n < 0)
      n = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, metric->name,
                             sizeof metric->name, H5P_DEFAULT);
    if (n > 0 && (size_t)n < sizeof metric->name)
      metrics->n_metric += read_metric(group, metric);
  }
  (void)H5Gclose(group);
  if (!metrics->metric)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
  if (metrics->n_metric == 0)
    return kc_error_add(error, KC_ERR_INPUT, path,
                        "holds no readable metrics; the file is damaged, run it again");
  return KC_OK;
}

static kc_status read_file(const char *path, const char *run, kc_io_metrics *metrics,
                           kc_error *error) {
  hid_t file;
  KC_TRY(kc_io_open_file(path, &file, error));
  read_text(file, "schema", metrics->schema, sizeof metrics->schema);
  read_text(file, "title", metrics->title, sizeof metrics->title);
  hid_t group = open_group(file, run ? run : "/");
  kc_status status;
  if (group < 0) {
    status = kc_error_add(error, KC_ERR_INPUT, path,
                          "has no run '%s' in it; give a file of an adapted scenario", run);
  } else {
    read_text(group, "mode", metrics->mode, sizeof metrics->mode);
    read_text(group, "outcome", metrics->outcome, sizeof metrics->outcome);
    read_text(group, "outcome_reason", metrics->outcome_reason, sizeof metrics->outcome_reason);
    status = read_group(path, group, metrics, error);
    (void)H5Gclose(group);
  }
  (void)H5Fclose(file);
  return status;
}

kc_status kc_io_read_metrics(const char *path, const char *run, kc_io_metrics **metrics,
                             kc_error *error) {
  *metrics = NULL;
  kc_io_metrics *m = calloc(1, sizeof *m);
  if (!m)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
  kc_io_hdf_printing printing = kc_io_hdf_silence();
  kc_status status = read_file(path, run, m, error);
  kc_io_hdf_restore(&printing);
  if (status != KC_OK) {
    kc_io_destroy_metrics(m);
    return status;
  }
  *metrics = m;
  return KC_OK;
}

void kc_io_destroy_metrics(kc_io_metrics *metrics) {
  if (!metrics)
    return;
  free(metrics->metric);
  free(metrics);
}

int kc_io_find_metric(const kc_io_metrics *metrics, const char *name) {
  for (int i = 0; i < metrics->n_metric; i++)
    if (!strcmp(metrics->metric[i].name, name))
      return i;
  return -1;
}
