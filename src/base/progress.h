/// @file
/// One line of progress on standard error, on a terminal only.
#pragma once

typedef struct {
  int enabled;  ///< standard error is a terminal and the user did not ask for quiet
  double shown; ///< monotonic time of the last showing, s
} kc_progress;

/// A progress line; silent when `quiet` or when standard error is no terminal.
kc_progress kc_progress_default(int quiet);
/// Shows a line in place of the last one, at most ten times a second; printf-like.
void kc_progress_show(kc_progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/// Clears the line, so that messages start on a clean one.
void kc_progress_clear(kc_progress *progress);
