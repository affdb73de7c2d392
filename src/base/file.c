/// @file
/// Whole text files: looked at before they are opened, read in one go, checked to be text.
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Length of the UTF-8 sequence at p with n bytes left, 0 if it is broken or a control character.
static size_t sequence_length(const unsigned char *p, size_t n) {
  if (*p < 0x20)
    return *p == '\n' || *p == '\t' || *p == '\r';
  if (*p < 0x7f)
    return 1;
  size_t length = *p >= 0xc2 && *p < 0xe0 ? 2 : *p >= 0xe0 && *p < 0xf0 ? 3 : 4;
  if (*p < 0xc2 || *p > 0xf4 || length > n)
    return 0;
  for (size_t i = 1; i < length; i++)
    if ((p[i] & 0xc0) != 0x80)
      return 0;
  return length;
}

size_t kc_file_check_text(const char *text, size_t size) {
  const unsigned char *p = (const unsigned char *)text;
  for (size_t i = 0, length; i < size; i += length) {
    length = sequence_length(p + i, size - i);
    if (!length)
      return i;
  }
  return size;
}

int kc_file_exists(const char *path) {
  struct stat status;
  return stat(path, &status) == 0;
}

/// Refuses by kind and size, before anything is opened.
static kc_status check_path(const char *path, size_t limit, kc_error *error) {
  struct stat status;
  if (!*path)
    return kc_error_add(error, KC_ERR_INPUT, "path", "is empty; name a file");
  if (stat(path, &status) != 0)
    return kc_error_add(error, KC_ERR_INPUT, path, "cannot be found (%s); check the path",
                        strerror(errno));
  if (S_ISDIR(status.st_mode))
    return kc_error_add(error, KC_ERR_INPUT, path, "is a directory; name a file in it");
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
    return kc_error_add(error, KC_ERR_INPUT, path, "is a device; name a text file");
  if (S_ISREG(status.st_mode) && (unsigned long long)status.st_size > limit)
    return kc_error_add(error, KC_ERR_INPUT, path,
                        "has %lld bytes; a text file of at most %zu bytes was expected",
                        (long long)status.st_size, limit);
  return KC_OK;
}

/// Reads up to limit + 1 bytes; -1 with errno on failure.
static ssize_t read_all(int file, char *buffer, size_t limit) {
  size_t used = 0;
  while (used <= limit) {
    ssize_t n = read(file, buffer + used, limit + 1 - used);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    if (n == 0)
      break;
    used += (size_t)n;
  }
  return (ssize_t)used;
}

static kc_status check_content(const char *path, const char *text, size_t n, size_t limit,
                               kc_error *error) {
  if (n == 0)
    return kc_error_add(error, KC_ERR_INPUT, path, "is empty");
  if (n > limit)
    return kc_error_add(error, KC_ERR_INPUT, path, "has more than %zu bytes, the most that is read",
                        limit);
  size_t bad = kc_file_check_text(text, n);
  if (bad < n)
    return kc_error_add(error, KC_ERR_INPUT, path,
                        "is not a text file (byte 0x%02x at offset %zu); expected UTF-8 text",
                        (unsigned)(unsigned char)text[bad], bad);
  return KC_OK;
}

kc_status kc_file_read_text(const char *path, size_t limit, char **text, size_t *size,
                            kc_error *error) {
  *text = NULL;
  KC_TRY(check_path(path, limit, error));
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return kc_error_add(error, KC_ERR_INPUT, path, "cannot be opened: %s", strerror(errno));
  char *buffer = malloc(limit + 2);
  ssize_t n = buffer ? read_all(file, buffer, limit) : 0;
  int reason = errno;
  close(file);
  kc_status status = KC_OK;
  if (!buffer)
    status = kc_error_add(error, KC_ERR_MEMORY, path, "no memory for %zu bytes", limit);
  else if (n < 0)
    status = kc_error_add(error, KC_ERR_FILE, path, "cannot be read: %s", strerror(reason));
  else
    status = check_content(path, buffer, (size_t)n, limit, error);
  if (status != KC_OK) {
    free(buffer);
    return status;
  }
  buffer[n] = 0;
  char *fitted = realloc(buffer, (size_t)n + 1);
  *text = fitted ? fitted : buffer;
  if (size)
    *size = (size_t)n;
  return KC_OK;
}
