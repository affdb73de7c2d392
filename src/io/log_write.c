/// @file
/// The log beside a result file: what was so on that day on that machine, as JSON.
///
/// Kept apart from the result, which holds only what determines it, so that equal runs give equal
/// bytes.
#include "io/result.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_text(FILE *out, const char *text) {
  (void)fputc('"', out);
  for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
    if (*p == '"' || *p == '\\')
      (void)fprintf(out, "\\%c", *p);
    else if (*p == '\n')
      (void)fputs("\\n", out);
    else if (*p < 0x20)
      (void)fprintf(out, "\\u%04x", *p);
    else
      (void)fputc(*p, out);
  }
  (void)fputc('"', out);
}

static void write_entry(FILE *out, const kc_io_log_entry *entry, int last) {
  (void)fputs("  ", out);
  write_text(out, entry->name);
  (void)fputs(": ", out);
  if (entry->text)
    write_text(out, entry->text);
  else if (isfinite(entry->number))
    (void)fprintf(out, "%.17g", entry->number);
  else
    (void)fputs("null", out);
  (void)fputs(last ? "\n" : ",\n", out);
}

kc_status kc_io_write_log(const char *path, const kc_io_log_entry *entry, int n_entry,
                          kc_error *error) {
  size_t length = strlen(path) + 16, size = 0;
  char *name = malloc(length), *text = NULL;
  FILE *out = name ? open_memstream(&text, &size) : NULL;
  if (!out) {
    free(name);
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory for the log");
  }
  (void)snprintf(name, length, "%s.log.json", path);
  (void)fputs("{\n", out);
  for (int i = 0; i < n_entry; i++)
    write_entry(out, &entry[i], i == n_entry - 1);
  (void)fputs("}\n", out);
  int bad = ferror(out) | fclose(out);
  kc_status status = bad ? kc_error_add(error, KC_ERR_MEMORY, path, "no memory for the log")
                         : kc_io_write_bytes(name, text, size, error);
  free(text);
  free(name);
  return status;
}
