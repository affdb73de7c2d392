/// @file
/// The file of a sweep, made in memory and written in one piece, as that of a run.
#include "io/hdf.h"
#include "io/result.h"
#include <stdlib.h>

kc_status kc_io_write_sweep(const char *path, const kc_io_text *text, int n_text,
                            const kc_group *const *group, int n_group, const kc_io_source *source,
                            kc_error *error) {
  KC_TRY(kc_io_check_output(path, error));
  for (int i = 0; i < n_group; i++)
    KC_TRY(kc_record_group_check(group[i], error));
  kc_io_hdf_printing printing = kc_io_hdf_silence();
  kc_io_file file;
  kc_io_hdf_create(&file);
  for (int i = 0; i < n_text && !file.failed; i++)
    kc_io_hdf_put_text(&file, file.file, text[i].name, text[i].text);
  for (int i = 0; i < n_group; i++)
    kc_io_hdf_put_group(&file, group[i], source);
  size_t size = 0;
  void *image = kc_io_hdf_get_image(&file, &size);
  kc_io_hdf_close(&file);
  kc_io_hdf_restore(&printing);
  kc_status status;
  if (file.failed)
    status =
        kc_error_add(error, KC_ERR_MEMORY, path,
                     "the HDF5 library failed at \"%s\" (%s); most likely memory ran out: keep "
                     "less of each run, or make the sweep in parts",
                     file.object, file.failed);
  else
    status = kc_io_write_bytes(path, image, size, error);
  free(image);
  return status;
}
