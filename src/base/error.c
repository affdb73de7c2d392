/// @file
/// Status texts and finding lists. A list that finds no memory keeps its status and loses the text:
/// the caller still fails with the right code.
#define _GNU_SOURCE // vasprintf
#include "base/error.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  int exit_code;
  const char *text;
} status_table[] = {
#define X(code, exit_code, text) {exit_code, text},
    KC_STATUS_LIST(X)
#undef X
};

static size_t find_status(kc_status status) {
  size_t n = sizeof status_table / sizeof status_table[0], i = (size_t)status;
  return i < n ? i : 1;
}

const char *kc_status_text(kc_status status) { return status_table[find_status(status)].text; }

int kc_status_exit_code(kc_status status) { return status_table[find_status(status)].exit_code; }

kc_error kc_error_default(void) { return (kc_error){.status = KC_OK}; }

void kc_error_destroy(kc_error *error) {
  for (int i = 0; i < error->n_finding; i++) {
    free(error->finding[i].place);
    free(error->finding[i].text);
  }
  free(error->finding);
  *error = kc_error_default();
}

static int grow(kc_error *error) {
  if (error->n_finding < error->capacity)
    return 1;
  int capacity = error->capacity ? 2 * error->capacity : 8;
  kc_finding *finding = realloc(error->finding, (size_t)capacity * sizeof *finding);
  if (!finding)
    return 0;
  error->finding = finding;
  error->capacity = capacity;
  return 1;
}

kc_status kc_error_add(kc_error *error, kc_status status, const char *place, const char *format,
                       ...) {
  if (error->status == KC_OK)
    error->status = status;
  va_list args;
  va_start(args, format);
  char *text = NULL;
  if (vasprintf(&text, format, args) < 0)
    text = NULL;
  va_end(args);
  char *where = strdup(place ? place : "");
  if (!text || !where || !grow(error)) {
    free(text);
    free(where);
    return status;
  }
  error->finding[error->n_finding++] = (kc_finding){.place = where, .text = text};
  return status;
}
