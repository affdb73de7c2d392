/// @file
/// The program: switches off the libraries' own error handling and hands over to the commands.
#include "app/app.h"
#include <gsl/gsl_errno.h>
#include <malloc.h>

/// Bytes of freed memory that are kept for the next run of a sweep: a definition has about 1 MB,
/// and giving its pages back and forth between program and system took a third of making a run.
enum { KEPT_MEMORY = 64 << 20 };

int main(int argc, char **argv) {
  gsl_set_error_handler_off();
#ifdef __GLIBC__
  (void)mallopt(M_TRIM_THRESHOLD, KEPT_MEMORY);
  (void)mallopt(M_MMAP_THRESHOLD, KEPT_MEMORY / 2);
#endif
  return kc_app_main(argc, (const char *const *)argv);
}
