/// @file
/// Text output through a temporary name. The name of a finished file appears in one step (rename),
/// so a full disk or a kill leaves the old file or none, never half a new one.
#include "io/output.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void release(kc_output *output) {
  free(output->path);
  free(output->temporary);
  *output = (kc_output){0};
}

static kc_status refuse(const char *path, kc_error *error) {
  int problem = errno;
  if (problem == ENOENT || problem == ENOTDIR)
    return kc_error_add(error, KC_ERR_INPUT, path,
                        "its folder is not there; make the folder first or choose another name");
  return kc_error_add(error, KC_ERR_FILE, path,
                      "cannot be written: %s; choose a place that you may write to",
                      strerror(problem));
}

kc_status kc_io_open_output(const char *path, kc_output *output, kc_error *error) {
  *output = (kc_output){0};
  struct stat info;
  if (path[0] == '\0')
    return kc_error_add(error, KC_ERR_INPUT, "output", "the file name is empty; name a file");
  if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
    return kc_error_add(error, KC_ERR_INPUT, path, "is a folder; name a file in it");
  if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
    return kc_error_add(error, KC_ERR_INPUT, path, "is a device or pipe; name an ordinary file");
  size_t size = strlen(path) + sizeof ".part";
  output->path = strdup(path);
  output->temporary = malloc(size);
  if (!output->path || !output->temporary) {
    release(output);
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory for its name");
  }
  snprintf(output->temporary, size, "%s.part", path);
  output->stream = fopen(output->temporary, "w");
  if (output->stream)
    return KC_OK;
  kc_status status = refuse(path, error);
  release(output);
  return status;
}

kc_status kc_io_commit_output(kc_output *output, kc_error *error) {
  int failed =
      ferror(output->stream) || fflush(output->stream) != 0 || fsync(fileno(output->stream)) != 0;
  int problem = errno;
  if (fclose(output->stream) != 0 && !failed)
    failed = 1, problem = errno;
  if (!failed && rename(output->temporary, output->path) != 0)
    failed = 1, problem = errno;
  kc_status status = KC_OK;
  if (failed) {
    unlink(output->temporary);
    status = kc_error_add(error, KC_ERR_FILE, output->path,
                          "could not be finished: %s; free some space or choose another disk",
                          strerror(problem));
  }
  release(output);
  return status;
}

void kc_io_discard_output(kc_output *output) {
  if (!output->stream)
    return;
  fclose(output->stream);
  unlink(output->temporary);
  release(output);
}

kc_status kc_io_check_output(const char *path, kc_error *error) {
  kc_output output;
  KC_TRY(kc_io_open_output(path, &output, error));
  kc_io_discard_output(&output);
  return KC_OK;
}
