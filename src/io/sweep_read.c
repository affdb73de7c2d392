/// @file
/// A sweep's file read back: texts, groups with their scales and labels, columns by rows.
///
/// Nothing in the file is trusted: what is no array of numbers or texts along scales is passed
/// over.
#include "io/hdf.h"
#include "io/read.h"
#include "io/result.h"
#include <hdf5_hl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT = 64, MAX_GROUP = 8 };

struct kc_io_sweep {
  hid_t file;
  int n_text, n_group;
  kc_io_text text[MAX_TEXT];
  kc_group *group[MAX_GROUP];
  const char **address[MAX_GROUP]; // (n_variable) kept by the group
  // texts of the last fetch
  hid_t text_space;
  char **lent;
};

static kc_group *keep_failed(kc_group *group) {
  group->failed = 2;
  return group;
}

// a text attribute that lives as long as the group; NULL where there is none
static const char *keep_text(kc_group *group, hid_t object, const char *name) {
  char *text = kc_io_read_text(object, name);
  const char *kept = text ? kc_record_group_text(group, "%s", text) : NULL;
  free(text);
  return kept;
}

static kc_label read_label(kc_group *group, hid_t dataset, const char *name) {
  return (kc_label){.name = kc_record_group_text(group, "%s", name),
                    .unit = keep_text(group, dataset, "units"),
                    .long_name = keep_text(group, dataset, "long_name"),
                    .frame = keep_text(group, dataset, "frame"),
                    .positive = keep_text(group, dataset, "positive"),
                    .assumption = keep_text(group, dataset, "assumption")};
}

// 0 for what has no store
static int find_store(hid_t dataset, kc_store *store) {
  hid_t type = H5Dget_type(dataset);
  size_t size = type >= 0 ? H5Tget_size(type) : 0;
  H5T_class_t class = type >= 0 ? H5Tget_class(type) : H5T_NO_CLASS;
  int known = 1;
  if (class == H5T_FLOAT && size == 8)
    *store = KC_STORE_F64;
  else if (class == H5T_FLOAT && size == 4)
    *store = KC_STORE_F32;
  else if (class == H5T_INTEGER && size == 4)
    *store = KC_STORE_I32;
  else if (class == H5T_INTEGER && size == 1)
    *store = KC_STORE_I8;
  else if (class == H5T_STRING && H5Tis_variable_str(type) > 0)
    *store = KC_STORE_TEXT;
  else
    known = 0;
  if (type >= 0)
    (void)H5Tclose(type);
  return known;
}

static hid_t open_type(kc_store store) {
  const hid_t number[] = {H5T_NATIVE_DOUBLE, H5T_NATIVE_FLOAT, H5T_NATIVE_INT32, H5T_NATIVE_INT8};
  hid_t type = H5Tcopy(store == KC_STORE_TEXT ? H5T_C_S1 : number[store]);
  if (type >= 0 && store == KC_STORE_TEXT) {
    (void)H5Tset_size(type, H5T_VARIABLE);
    (void)H5Tset_cset(type, H5T_CSET_UTF8);
  }
  return type;
}

static int find_size(hid_t dataset, hsize_t *size) {
  hid_t space = H5Dget_space(dataset);
  int rank = space >= 0 ? H5Sget_simple_extent_ndims(space) : -1;
  if (rank >= 0 && rank <= KC_VARIABLE_MAX_DIMENSION)
    (void)H5Sget_simple_extent_dims(space, size, NULL);
  if (space >= 0)
    (void)H5Sclose(space);
  return rank;
}

static void add_scale(kc_group *group, hid_t dataset, const char *name) {
  hsize_t size[KC_VARIABLE_MAX_DIMENSION] = {0};
  kc_store store;
  if (find_size(dataset, size) != 1 || size[0] < 1 || size[0] > 1u << 30 ||
      !find_store(dataset, &store))
    return;
  void *value = kc_record_group_keep(group, (size_t)size[0], sizeof(double));
  hid_t type = open_type(store);
  if (value && H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0) {
    if (store == KC_STORE_TEXT) {
      char **text = value;
      hid_t space = H5Dget_space(dataset);
      for (hsize_t i = 0; i < size[0]; i++) {
        const char *kept = kc_record_group_text(group, "%s", text[i] ? text[i] : "");
        free(text[i]);
        ((const char **)value)[i] = kept;
      }
      (void)H5Sclose(space);
    }
    kc_dimension dimension = {.label = read_label(group, dataset, name),
                              .size = (int)size[0],
                              .store = store,
                              .value = value};
    (void)kc_record_group_add_dimension(group, &dimension);
  }
  (void)H5Tclose(type);
}

static herr_t note_scale(hid_t dataset, unsigned dimension, hid_t scale, void *user) {
  (void)dataset, (void)dimension;
  return H5DSget_scale_name(scale, user, KC_NAME_BYTES) > 0 ? 1 : 0;
}

static void add_array(kc_io_sweep *s, kc_group *group, hid_t dataset, const char *name) {
  hsize_t size[KC_VARIABLE_MAX_DIMENSION] = {0};
  kc_store store;
  char dimensions[KC_VARIABLE_MAX_DIMENSION * (KC_NAME_BYTES + 1)] = "";
  int rank = find_size(dataset, size), before = group->n_variable;
  if (rank < 1 || rank > KC_VARIABLE_MAX_DIMENSION || !find_store(dataset, &store))
    return;
  for (unsigned i = 0; i < (unsigned)rank; i++) {
    char scale[KC_NAME_BYTES] = "";
    if (H5DSiterate_scales(dataset, i, NULL, note_scale, scale) < 0 || !scale[0])
      return;
    int d = kc_record_group_find_dimension(group, scale);
    if (d < 0 || (hsize_t)group->dimension[d].size != size[i])
      return;
    size_t used = strlen(dimensions);
    snprintf(dimensions + used, sizeof dimensions - used, "%s%s", used ? " " : "", scale);
  }
  kc_label label = read_label(group, dataset, name);
  kc_record_group_add_variable(group, &label, store, dimensions, NULL);
  if (group->n_variable > before)
    s->address[s->n_group - 1][before] = keep_text(group, dataset, "address");
}

static kc_group *read_group(kc_io_sweep *s, hid_t id, const char *name) {
  kc_group *group = kc_record_group_create(name);
  H5G_info_t info;
  if (!group || H5Gget_info(id, &info) < 0)
    return group;
  s->address[s->n_group - 1] =
      kc_record_group_keep(group, KC_GROUP_MAX_VARIABLE, sizeof **s->address);
  if (!s->address[s->n_group - 1])
    return keep_failed(group);
  for (int pass = 0; pass < 2; pass++) // scales, then what lies along them
    for (hsize_t i = 0; i < info.nlinks; i++) {
      char link[KC_NAME_BYTES];
      H5O_info_t object;
      if (H5Lget_name_by_idx(id, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, link, sizeof link,
                             H5P_DEFAULT) <= 0 ||
          H5Oget_info_by_name(id, link, &object, H5P_DEFAULT) < 0 ||
          object.type != H5O_TYPE_DATASET)
        continue;
      hid_t dataset = H5Dopen2(id, link, H5P_DEFAULT);
      if (dataset < 0)
        continue;
      int is_scale = H5DSis_scale(dataset) > 0;
      if (pass == 0 && is_scale)
        add_scale(group, dataset, link);
      else if (pass == 1 && !is_scale)
        add_array(s, group, dataset, link);
      (void)H5Dclose(dataset);
    }
  return group;
}

static void read_groups(kc_io_sweep *s) {
  static const char *const name[] = {"", "strides", "series"};
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
    if (name[i][0] && H5Lexists(s->file, name[i], H5P_DEFAULT) <= 0)
      continue;
    hid_t id = H5Gopen2(s->file, name[i][0] ? name[i] : "/", H5P_DEFAULT);
    if (id < 0)
      continue;
    s->n_group++;
    s->group[s->n_group - 1] = read_group(s, id, name[i]);
    (void)H5Gclose(id);
  }
}

static void read_texts(kc_io_sweep *s) {
  for (unsigned i = 0; s->n_text < MAX_TEXT; i++) {
    char name[KC_NAME_BYTES] = "";
    hid_t attribute =
        H5Aopen_by_idx(s->file, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0)
      return;
    (void)H5Aget_name(attribute, sizeof name, name);
    (void)H5Aclose(attribute);
    char *text = kc_io_read_text(s->file, name), *kept = text ? strdup(name) : NULL;
    if (kept)
      s->text[s->n_text++] = (kc_io_text){kept, text};
    else
      free(text);
  }
}

static kc_status check_sweep(const kc_io_sweep *s, const char *path, kc_error *error) {
  const char *schema = kc_io_sweep_text(s, "schema");
  if (!schema || strcmp(schema, KC_IO_SWEEP_SCHEMA) != 0)
    return kc_error_add(error, KC_ERR_INPUT, path, "is no file of a sweep (its schema is %.40s)",
                        schema ? schema : "not said");
  for (int i = 0; i < s->n_group; i++) {
    if (!s->group[i])
      return kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
    KC_TRY(kc_record_group_check(s->group[i], error));
  }
  if (s->n_group == 0 || kc_record_group_find_dimension(s->group[0], "run") != 0 ||
      s->group[0]->dimension[0].store != KC_STORE_I32)
    return kc_error_add(error, KC_ERR_INPUT, path, "has no runs; the file is damaged");
  return KC_OK;
}

kc_status kc_io_open_sweep(const char *path, kc_io_sweep **sweep, kc_error *error) {
  *sweep = NULL;
  kc_io_sweep *s = calloc(1, sizeof *s);
  if (!s)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
  s->file = s->text_space = H5I_INVALID_HID;
  kc_io_hdf_printing printing = kc_io_hdf_silence();
  kc_status status = kc_io_open_file(path, &s->file, error);
  if (status == KC_OK) {
    read_texts(s);
    read_groups(s);
    status = check_sweep(s, path, error);
  }
  kc_io_hdf_restore(&printing);
  if (status == KC_OK)
    *sweep = s;
  else
    kc_io_close_sweep(s);
  return status;
}

static void free_lent(kc_io_sweep *s) {
  if (!s->lent)
    return;
  hid_t type = open_type(KC_STORE_TEXT);
  (void)H5Dvlen_reclaim(type, s->text_space, H5P_DEFAULT, s->lent);
  (void)H5Tclose(type);
  (void)H5Sclose(s->text_space);
  free(s->lent);
  s->lent = NULL;
}

void kc_io_close_sweep(kc_io_sweep *s) {
  if (!s)
    return;
  free_lent(s);
  for (int i = 0; i < s->n_text; i++) {
    union {
      const char *text;
      void *memory;
    } name = {.text = s->text[i].name}, text = {.text = s->text[i].text};
    free(name.memory);
    free(text.memory);
  }
  for (int i = 0; i < s->n_group; i++)
    kc_record_group_destroy(s->group[i]);
  if (s->file >= 0)
    (void)H5Fclose(s->file);
  free(s);
}

const char *kc_io_sweep_text(const kc_io_sweep *sweep, const char *name) {
  for (int i = 0; i < sweep->n_text; i++)
    if (strcmp(sweep->text[i].name, name) == 0)
      return sweep->text[i].text;
  return NULL;
}

const kc_io_text *kc_io_sweep_texts(const kc_io_sweep *sweep, int *n) {
  *n = sweep->n_text;
  return sweep->text;
}

const kc_group *const *kc_io_sweep_groups(const kc_io_sweep *sweep, int *n) {
  *n = sweep->n_group;
  return (const kc_group *const *)sweep->group;
}

const char *kc_io_sweep_address(const kc_io_sweep *sweep, int group, int variable) {
  return sweep->address[group][variable];
}

// texts go through memory of the library, which is given back at the next call
static int lend_texts(kc_io_sweep *s, hid_t memory, void *buffer, size_t n) {
  s->lent = calloc(n + 1, sizeof *s->lent);
  s->text_space = H5Scopy(memory);
  if (!s->lent)
    return 0;
  memcpy(s->lent, buffer, n * sizeof *s->lent);
  return 1;
}

int kc_io_sweep_fetch(kc_io_sweep *s, int group, int variable, int first, int n, void *buffer) {
  const kc_group *g = s->group[group];
  const kc_variable *v = &g->variable[variable];
  hsize_t start[KC_VARIABLE_MAX_DIMENSION] = {(hsize_t)first},
          count[KC_VARIABLE_MAX_DIMENSION] = {(hsize_t)n};
  for (int i = 1; i < v->n_dimension; i++)
    count[i] = (hsize_t)g->dimension[v->dimension[i]].size;
  free_lent(s);
  char path[2 * KC_NAME_BYTES];
  snprintf(path, sizeof path, "%s/%s", g->name, v->label.name);
  hid_t dataset = H5Dopen2(s->file, path, H5P_DEFAULT);
  if (dataset < 0)
    return 0;
  hid_t space = H5Dget_space(dataset), memory = H5Screate_simple(v->n_dimension, count, NULL);
  hid_t type = open_type(v->store);
  int good = space >= 0 && memory >= 0 && type >= 0 &&
             H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
             H5Dread(dataset, type, memory, space, H5P_DEFAULT, buffer) >= 0;
  if (good && v->store == KC_STORE_TEXT)
    good = lend_texts(s, memory, buffer, (size_t)H5Sget_simple_extent_npoints(memory));
  (void)H5Tclose(type);
  (void)H5Sclose(memory);
  (void)H5Sclose(space);
  (void)H5Dclose(dataset);
  return good;
}
