/// @file
/// Files written whole or not at all.
///
/// Bytes go to `<path>.<process>.part` in the same folder, are flushed to the disk, and the file is
/// renamed over the target. Whatever fails on the way is told with the system's reason, and the
/// temporary file is removed.
#include "io/result.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *remedy(int number) {
  switch (number) {
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
    return "free some space, or choose another place with -o";
  case EACCES:
  case EPERM:
  case EROFS:
    return "choose a place that you may write to with -o";
  case ENOENT:
  case ENOTDIR:
    return "make the folder first, or choose another with -o";
  default:
    return "choose another place with -o";
  }
}

// a place that does not exist is the user's to mend, the rest is the machine's
static kc_status fail(kc_error *error, const char *path, const char *what, int number) {
  kc_status status = number == ENOENT || number == ENOTDIR ? KC_ERR_INPUT : KC_ERR_FILE;
  return kc_error_add(error, status, path, "%s: %s; %s", what, strerror(number), remedy(number));
}

// the folder of a path, to be freed; NULL if there is no memory
static char *find_folder(const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash)
    return strdup(".");
  return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

kc_status kc_io_check_output(const char *path, kc_error *error) {
  struct stat info;
  if (!path[0])
    return kc_error_add(error, KC_ERR_INPUT, "-o", "the name of the file to write is empty");
  if (strcmp(path, "-") == 0)
    return kc_error_add(error, KC_ERR_INPUT, "-o -",
                        "results do not go to standard output; name a "
                        "file to write");
  // a link there may lead to an ordinary file, and renaming would put the result in the link's
  // place
  if (strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0)
    return kc_error_add(error, KC_ERR_INPUT, path,
                        "this is a device or a pipe; name a file to write");
  if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
    return kc_error_add(error, KC_ERR_INPUT, path, "%s; name a file to write",
                        S_ISDIR(info.st_mode) ? "this is a folder" : "this is a device or a pipe");
  char *folder = find_folder(path);
  if (!folder)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
  kc_status status = KC_OK;
  if (stat(folder, &info) != 0)
    status = fail(error, path, "its folder cannot be used", errno);
  else if (!S_ISDIR(info.st_mode))
    status = fail(error, path, "its folder cannot be used", ENOTDIR);
  else if (access(folder, W_OK | X_OK) != 0)
    status = fail(error, path, "its folder takes no files", errno);
  free(folder);
  return status;
}

// "<base>.<digits>.part"
static int is_part(const char *name, const char *base) {
  size_t n = strlen(base), digits = strncmp(name, base, n) == 0 && name[n] == '.'
                                        ? strspn(name + n + 1, "0123456789")
                                        : 0;
  return digits > 0 && strcmp(name + n + 1 + digits, ".part") == 0;
}

void kc_io_remove_parts(const char *path) {
  char *folder = find_folder(path);
  DIR *list = folder ? opendir(folder) : NULL;
  const char *slash = strrchr(path, '/');
  for (struct dirent *entry; list && (entry = readdir(list)) != NULL;)
    if (is_part(entry->d_name, slash ? slash + 1 : path))
      (void)unlinkat(dirfd(list), entry->d_name, 0); // else it stays, which harms nobody
  if (list)
    (void)closedir(list);
  free(folder);
}

// 0, or the system's error number
static int write_all(int file, const char *bytes, size_t size) {
  while (size > 0) {
    size_t piece = size < (1u << 26) ? size : 1u << 26;
    ssize_t n = write(file, bytes, piece);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return errno;
    if (n == 0)
      return ENOSPC;
    bytes += n;
    size -= (size_t)n;
  }
  return fsync(file) != 0 && errno != EINVAL ? errno : 0;
}

// asks the disk to keep the names in the file's folder, so that what follows comes after them
static void keep_names(const char *path) {
  char *folder = find_folder(path);
  int file = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  if (file >= 0) {
    (void)fsync(file); // some systems of files do not know how
    (void)close(file);
  }
  free(folder);
}

kc_status kc_io_write_bytes(const char *path, const void *bytes, size_t size, kc_error *error) {
  KC_TRY(kc_io_check_output(path, error));
  size_t length = strlen(path) + 32;
  char *part = malloc(length);
  if (!part)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
  (void)snprintf(part, length, "%s.%ld.part", path, (long)getpid());
  kc_status status = KC_OK;
  int file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) {
    status = fail(error, path, "cannot be made", errno);
  } else {
    int number = write_all(file, bytes, size);
    if (close(file) != 0 && number == 0)
      number = errno;
    const char *what = "cannot be written";
    if (number == 0 && rename(part, path) != 0)
      number = errno, what = "cannot be named so";
    if (number != 0) {
      (void)unlink(part);
      status = fail(error, path, what, number);
    } else {
      keep_names(path);
    }
  }
  free(part);
  return status;
}
