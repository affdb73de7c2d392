/// @file
/// Status codes and error lists: every function that can fail says so, with place and remedy.
#pragma once
#include <stddef.h>

/// One list gives codes, exit codes and texts.
#define KC_STATUS_LIST(X)                                                                          \
  X(KC_OK, 0, "done")                                                                              \
  X(KC_ERR_INPUT, 1, "the input is wrong")                                                         \
  X(KC_ERR_SINGULAR, 1, "the numbers admit no solution")                                           \
  X(KC_ERR_MEMORY, 2, "out of memory")                                                             \
  X(KC_ERR_FILE, 2, "a file could not be read or written")                                         \
  X(KC_ERR_INTERRUPTED, 2, "interrupted")

typedef enum {
#define X(code, exit_code, text) code,
  KC_STATUS_LIST(X)
#undef X
} kc_status;

/// One finding: what is wrong, where, and how to mend it.
typedef struct {
  char *place; ///< "scenario.yaml:12:3: course/grade", a path, or a command-line word
  char *text;  ///< what is wrong, what was expected, how to mend it
} kc_finding;

/// A list of findings that belongs to the caller; all problems of a file, not only the first.
typedef struct {
  kc_status status;
  int n_finding;
  int capacity;
  kc_finding *finding;
} kc_error;

/// An empty list.
kc_error kc_error_default(void);
/// Frees the findings and empties the list.
void kc_error_destroy(kc_error *error);
/// Adds a finding; printf-like. Keeps the first status. Returns status, for `return
/// kc_error_add()`.
kc_status kc_error_add(kc_error *error, kc_status status, const char *place, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));
/// The text of a status code.
const char *kc_status_text(kc_status status);
/// The process exit code that belongs to a status.
int kc_status_exit_code(kc_status status);

#define KC_WARN_UNUSED __attribute__((warn_unused_result))
#define KC_TRY(expression)                                                                         \
  do {                                                                                             \
    kc_status kc_try_status = (expression);                                                        \
    if (kc_try_status != KC_OK)                                                                    \
      return kc_try_status;                                                                        \
  } while (0)
