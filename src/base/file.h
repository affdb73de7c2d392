/// @file
/// Reading a whole text file, refusing what is no text.
#pragma once
#include "base/error.h"

/// Largest text file read: far above any model or scenario.
enum { KC_FILE_TEXT_LIMIT = 4 << 20 };

/// Reads a file into a buffer that ends in zero, to be freed by the caller.
///
/// Refuses a directory, a device, a missing, unreadable or empty file, one of more than `limit`
/// bytes, and one that is not text (zero bytes, control characters, broken UTF-8), with the place.
/// @param size  [out] bytes without the ending zero; may be NULL
/// @return KC_OK; KC_ERR_INPUT for what the user can mend; KC_ERR_FILE for a failing disk
kc_status kc_file_read_text(const char *path, size_t limit, char **text, size_t *size,
                            kc_error *error) KC_WARN_UNUSED;
/// Whether bytes are text: UTF-8 without zero bytes and control characters.
/// @return index of the first byte that is not, or `size`
size_t kc_file_check_text(const char *text, size_t size);
/// Whether a path names something that is there.
int kc_file_exists(const char *path);
