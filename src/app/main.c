/// @file
/// The program: switches off the libraries' own error handling and hands over to the commands.
#include "app/app.h"
#include <gsl/gsl_errno.h>

int main(int argc, char **argv) {
  gsl_set_error_handler_off();
  return kc_app_main(argc, (const char *const *)argv);
}
