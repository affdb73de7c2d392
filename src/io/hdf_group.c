/// @file
/// Groups of named arrays as HDF5 groups and datasets.
///
/// Scales come first, then arrays, each with its scales attached (H5DS) and its attributes. Arrays
/// of more than 4 kB are chunked along their first dimension (about 64 kB a chunk), shuffled and
/// deflated. Name scales are variable-length UTF-8: fixed-length ones crash a netCDF reader.
#include "io/hdf.h"
#include <hdf5_hl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  KC_CHUNK_BYTES = 65536,
  KC_SMALL_BYTES = 4096,
  KC_BLOCK_BYTES = 1 << 22,
  KC_DEFLATE_LEVEL = 4
};

static hid_t open_type(kc_io_file *file, const char *name, kc_store store) {
  const hid_t number[] = {H5T_NATIVE_DOUBLE, H5T_NATIVE_FLOAT, H5T_NATIVE_INT32, H5T_NATIVE_INT8};
  hid_t type = H5Tcopy(store == KC_STORE_TEXT ? H5T_C_S1 : number[store]);
  if (!kc_io_hdf_ok(file, name, "type", type))
    return type;
  if (store == KC_STORE_TEXT) {
    (void)kc_io_hdf_ok(file, name, "text type", H5Tset_size(type, H5T_VARIABLE));
    (void)kc_io_hdf_ok(file, name, "text type", H5Tset_cset(type, H5T_CSET_UTF8));
  }
  return type;
}

// how a dataset is created: no times, attribute order, and chunks where it is worth it
static hid_t open_creation(kc_io_file *file, const char *name, hid_t type, int rank,
                           const hsize_t *size) {
  hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  if (!kc_io_hdf_ok(file, name, "property list", creation))
    return creation;
  (void)kc_io_hdf_ok(file, name, "object times", H5Pset_obj_track_times(creation, 0));
  (void)kc_io_hdf_ok(file, name, "attribute order", H5Pset_attr_creation_order(creation, order));
  hsize_t row = H5Tget_size(type), chunk[KC_VARIABLE_MAX_DIMENSION] = {0};
  for (int i = 1; i < rank; i++)
    row *= chunk[i] = size[i];
  if (rank == 0 || H5Tget_class(type) == H5T_STRING || row * size[0] <= KC_SMALL_BYTES)
    return creation;
  chunk[0] = row < KC_CHUNK_BYTES ? KC_CHUNK_BYTES / row : 1;
  if (chunk[0] > size[0])
    chunk[0] = size[0];
  (void)kc_io_hdf_ok(file, name, "chunks", H5Pset_chunk(creation, rank, chunk));
  (void)kc_io_hdf_ok(file, name, "shuffle", H5Pset_shuffle(creation));
  (void)kc_io_hdf_ok(file, name, "deflate", H5Pset_deflate(creation, KC_DEFLATE_LEVEL));
  return creation;
}

static void put_label(kc_io_file *file, hid_t dataset, const kc_label *label) {
  kc_io_hdf_put_text(file, dataset, "units", label->unit);
  kc_io_hdf_put_text(file, dataset, "long_name", label->long_name);
  kc_io_hdf_put_text(file, dataset, "frame", label->frame);
  kc_io_hdf_put_text(file, dataset, "positive", label->positive);
  kc_io_hdf_put_text(file, dataset, "assumption", label->assumption);
}

// creates, fills and labels a dataset; the caller closes it
static hid_t put_dataset(kc_io_file *file, hid_t group, const kc_label *label, kc_store store,
                         int rank, const hsize_t *size, const void *value) {
  const char *name = label->name;
  hid_t dataset = H5I_INVALID_HID;
  if (file->failed)
    return dataset;
  hid_t type = open_type(file, name, store);
  hid_t space = rank ? H5Screate_simple(rank, size, NULL) : H5Screate(H5S_SCALAR);
  hid_t creation = file->failed ? H5I_INVALID_HID : open_creation(file, name, type, rank, size);
  if (kc_io_hdf_ok(file, name, "dataspace", space) && !file->failed) {
    dataset = H5Dcreate2(group, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    if (kc_io_hdf_ok(file, name, "dataset", dataset) && value)
      (void)kc_io_hdf_ok(file, name, "data",
                         H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value));
  }
  if (creation >= 0)
    (void)kc_io_hdf_ok(file, name, "close", H5Pclose(creation));
  if (space >= 0)
    (void)kc_io_hdf_ok(file, name, "close", H5Sclose(space));
  if (type >= 0)
    (void)kc_io_hdf_ok(file, name, "close", H5Tclose(type));
  return dataset;
}

static hid_t put_scale(kc_io_file *file, hid_t group, const kc_dimension *dimension) {
  const char *name = dimension->label.name;
  hsize_t size = (hsize_t)dimension->size;
  hid_t dataset =
      put_dataset(file, group, &dimension->label, dimension->store, 1, &size, dimension->value);
  if (file->failed)
    return dataset;
  (void)kc_io_hdf_ok(file, name, "dimension scale", H5DSset_scale(dataset, name));
  put_label(file, dataset, &dimension->label);
  return dataset;
}

// one block of an array that the source gives
static void put_block(kc_io_file *file, hid_t dataset, const kc_variable *variable,
                      const hsize_t *first, const hsize_t *count, const void *value) {
  const char *name = variable->label.name;
  hid_t type = open_type(file, name, variable->store), space = H5Dget_space(dataset);
  hid_t memory = H5Screate_simple(variable->n_dimension, count, NULL);
  if (kc_io_hdf_ok(file, name, "dataspace", memory) && kc_io_hdf_ok(file, name, "dataspace", space))
    (void)kc_io_hdf_ok(file, name, "block",
                       H5Sselect_hyperslab(space, H5S_SELECT_SET, first, NULL, count, NULL));
  if (!file->failed)
    (void)kc_io_hdf_ok(file, name, "data",
                       H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, value));
  if (space >= 0)
    (void)kc_io_hdf_ok(file, name, "close", H5Sclose(space));
  if (memory >= 0)
    (void)kc_io_hdf_ok(file, name, "close", H5Sclose(memory));
  if (type >= 0)
    (void)kc_io_hdf_ok(file, name, "close", H5Tclose(type));
}

static void put_blocks(kc_io_file *file, hid_t dataset, const kc_group *group, int index,
                       const hsize_t *size, const kc_io_source *source) {
  const kc_variable *variable = &group->variable[index];
  hsize_t count[KC_VARIABLE_MAX_DIMENSION] = {0}, first[KC_VARIABLE_MAX_DIMENSION] = {0}, row = 1;
  for (int i = 1; i < variable->n_dimension; i++)
    row *= count[i] = size[i];
  hsize_t block = KC_BLOCK_BYTES / (row * sizeof(double));
  block = block < 1 ? 1 : block < size[0] ? block : size[0];
  void *buffer = malloc((size_t)(block * row) * sizeof(double));
  if (!kc_io_hdf_ok(file, variable->label.name, "memory for a block", buffer ? 0 : -1))
    return;
  for (; first[0] < size[0] && !file->failed; first[0] += block) {
    count[0] = size[0] - first[0] < block ? size[0] - first[0] : block;
    if (kc_io_hdf_ok(file, variable->label.name, "reading of what goes there",
                     source->fetch(source->user, group, index, (int)first[0], (int)count[0], buffer)
                         ? 0
                         : -1))
      put_block(file, dataset, variable, first, count, buffer);
  }
  free(buffer);
}

static void put_variable(kc_io_file *file, hid_t id, const kc_group *group, int index,
                         const hid_t *scale, const kc_io_source *source) {
  const kc_variable *variable = &group->variable[index];
  const char *name = variable->label.name;
  hsize_t size[KC_VARIABLE_MAX_DIMENSION] = {0};
  for (int i = 0; i < variable->n_dimension; i++)
    size[i] = (hsize_t)group->dimension[variable->dimension[i]].size;
  hid_t dataset = put_dataset(file, id, &variable->label, variable->store, variable->n_dimension,
                              size, variable->value);
  if (!variable->value && source && !file->failed)
    put_blocks(file, dataset, group, index, size, source);
  for (int i = 0; i < variable->n_dimension && !file->failed; i++)
    (void)kc_io_hdf_ok(file, name, "attached scale",
                       H5DSattach_scale(dataset, scale[variable->dimension[i]], (unsigned)i));
  if (!file->failed)
    put_label(file, dataset, &variable->label);
  if (!file->failed && source && source->address)
    kc_io_hdf_put_text(file, dataset, "address", source->address(source->user, group, index));
  if (dataset >= 0)
    (void)kc_io_hdf_ok(file, name, "close", H5Dclose(dataset));
}

static hid_t open_group(kc_io_file *file, const char *name) {
  if (!name[0])
    return H5Gopen2(file->file, "/", H5P_DEFAULT);
  hid_t group = H5I_INVALID_HID, creation = H5Pcreate(H5P_GROUP_CREATE);
  unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  if (!kc_io_hdf_ok(file, name, "property list", creation))
    return group;
  if (kc_io_hdf_ok(file, name, "creation order", H5Pset_link_creation_order(creation, order)) &&
      kc_io_hdf_ok(file, name, "creation order", H5Pset_attr_creation_order(creation, order)) &&
      kc_io_hdf_ok(file, name, "object times", H5Pset_obj_track_times(creation, 0)))
    group = H5Gcreate2(file->file, name, H5P_DEFAULT, creation, H5P_DEFAULT);
  (void)kc_io_hdf_ok(file, name, "close", H5Pclose(creation));
  return group;
}

void kc_io_hdf_put_group(kc_io_file *file, const kc_group *group, const kc_io_source *source) {
  if (file->failed)
    return;
  const char *name = group->name[0] ? group->name : "/";
  hid_t id = open_group(file, group->name), scale[KC_GROUP_MAX_DIMENSION];
  if (!kc_io_hdf_ok(file, name, "group", id))
    return;
  for (int i = 0; i < group->n_dimension; i++)
    scale[i] = group->dimension[i].size > 0 && !file->failed
                   ? put_scale(file, id, &group->dimension[i])
                   : H5I_INVALID_HID;
  for (int i = 0; i < group->n_variable && !file->failed; i++)
    put_variable(file, id, group, i, scale, source);
  for (int i = 0; i < group->n_dimension; i++)
    if (scale[i] >= 0)
      (void)kc_io_hdf_ok(file, name, "close", H5Dclose(scale[i]));
  (void)kc_io_hdf_ok(file, name, "close", H5Gclose(id));
}
