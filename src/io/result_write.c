/// @file
/// One run as a result file.
///
/// Attributes of the root say what determined the result; groups follow in the order given. Dates,
/// host and the like go to the log (log_write.c).
#include "io/hdf.h"
#include "io/result.h"
#include <stdlib.h>

static void put_header(kc_io_file *file, const kc_io_header *header) {
  kc_io_hdf_put_text(file, file->file, "schema", KC_IO_SCHEMA);
#define X(name, meaning) kc_io_hdf_put_text(file, file->file, #name, header->name);
  KC_IO_HEADER_TEXTS(X)
#undef X
  kc_io_hdf_put_count(file, file->file, "seed", header->seed);
  kc_io_hdf_put_number(file, file->file, "outcome_time", header->outcome_time);
}

static void put_naive(kc_io_file *file, const kc_io_outcome *naive) {
  hid_t group = H5Gopen2(file->file, "naive", H5P_DEFAULT);
  if (!kc_io_hdf_ok(file, "naive", "group", group))
    return;
  kc_io_hdf_put_text(file, group, "mode", naive->mode);
  kc_io_hdf_put_text(file, group, "outcome", naive->outcome);
  kc_io_hdf_put_text(file, group, "outcome_reason", naive->outcome_reason);
  kc_io_hdf_put_number(file, group, "outcome_time", naive->outcome_time);
  (void)kc_io_hdf_ok(file, "naive", "close", H5Gclose(group));
}

kc_status kc_io_write_result(const char *path, const kc_io_header *header,
                             const kc_group *const *group, int n_group, kc_error *error) {
  KC_TRY(kc_io_check_output(path, error));
  for (int i = 0; i < n_group; i++)
    KC_TRY(kc_record_group_check(group[i], error));
  kc_io_hdf_printing printing = kc_io_hdf_silence();
  kc_io_file file;
  kc_io_hdf_create(&file);
  if (!file.failed)
    put_header(&file, header);
  for (int i = 0; i < n_group; i++)
    kc_io_hdf_put_group(&file, group[i], NULL);
  if (header->naive && !file.failed)
    put_naive(&file, header->naive);
  size_t size = 0;
  void *image = kc_io_hdf_get_image(&file, &size);
  kc_io_hdf_close(&file);
  kc_io_hdf_restore(&printing);
  kc_status status;
  if (file.failed)
    status = kc_error_add(error, KC_ERR_MEMORY, path,
                          "the HDF5 library failed at \"%s\" (%s); most likely memory ran out: "
                          "record at a longer interval",
                          file.object, file.failed);
  else
    status = kc_io_write_bytes(path, image, size, error);
  free(image);
  return status;
}
