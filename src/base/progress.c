/// @file
/// The progress line: carriage return, text, clear to the end of the line.
#include "base/progress.h"
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

kc_progress kc_progress_default(int quiet) {
  return (kc_progress){.enabled = !quiet && isatty(STDERR_FILENO), .shown = 0};
}

void kc_progress_show(kc_progress *progress, const char *format, ...) {
  if (!progress->enabled || now() - progress->shown < 0.1)
    return;
  progress->shown = now();
  va_list args;
  va_start(args, format);
  fputc('\r', stderr);
  vfprintf(stderr, format, args);
  fputs("\033[K", stderr);
  fflush(stderr);
  va_end(args);
}

void kc_progress_clear(kc_progress *progress) {
  if (!progress->enabled || progress->shown <= 0)
    return;
  fputs("\r\033[K", stderr);
  fflush(stderr);
}
