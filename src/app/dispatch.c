/// @file
/// From the command line to a command, and from its findings to an exit code.
#include "app/app.h"
#include "app/version.h"
#include "base/file.h"
#include "base/text.h"
#include "model/read.h"
#include "scenario/definition.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// a signal handler reaches nothing but what is at file scope
static volatile sig_atomic_t interrupted;

static void note_interrupt(int number) {
  interrupted = 1;
  (void)signal(number, SIG_DFL);
}

const volatile int *kc_app_watch_interrupt(void) {
  (void)signal(SIGINT, note_interrupt);
  (void)signal(SIGTERM, note_interrupt);
  return &interrupted;
}

void kc_app_forget_interrupt(void) { interrupted = 0; }

double kc_app_read_clock(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int kc_app_finish(kc_status status, kc_error *error) {
  for (int i = 0; i < error->n_finding; i++)
    fprintf(stderr, "%s: %s\n", error->finding[i].place, error->finding[i].text);
  if (status != KC_OK && error->n_finding == 0)
    fprintf(stderr, "kinchain: %s\n", kc_status_text(status));
  kc_error_destroy(error);
  return kc_status_exit_code(status);
}

char *kc_app_find_file(const char *word) {
  static const char *const folder[] = {"scenarios", "scenarios/sweeps", "models",
                                       "models/controllers", "tests/validation/running"};
  char *path = kc_file_exists(word) ? strdup(word) : NULL;
  for (size_t i = 0; i < sizeof folder / sizeof *folder && !path; i++)
    path = kc_scenario_find_file("", folder[i], word);
  return path ? path : strdup(word);
}

kc_status kc_app_read_model(const char *word, kc_model **model, kc_error *error) {
  char *path = kc_app_find_file(word);
  if (!path)
    return kc_error_add(error, KC_ERR_MEMORY, word, "no memory for its path");
  kc_status status = kc_model_read(path, model, error);
  free(path);
  return status;
}

kc_status kc_app_check_ending(const char *option, const char *path, const char *ending,
                              kc_error *error) {
  size_t n = path ? strlen(path) : 0, m = strlen(ending);
  if (!path || (n > m && strcmp(path + n - m, ending) == 0))
    return KC_OK;
  return kc_error_add(error, KC_ERR_INPUT, option, "'%.200s' does not end in %s; name it so", path,
                      ending);
}

void kc_app_print_json_text(FILE *out, const char *text) {
  fputc('"', out);
  for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
    if (*c == '"' || *c == '\\')
      fprintf(out, "\\%c", *c);
    else if (*c < 0x20)
      fprintf(out, "\\u%04x", *c);
    else
      fputc(*c, out);
  }
  fputc('"', out);
}

static const kc_app_command *find_command(const char *name, kc_error *error) {
#define X(name) &kc_app_command_##name,
  static const kc_app_command *const table[] = {KC_APP_COMMANDS(X)};
#undef X
  kc_nearest nearest = kc_nearest_default(name);
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    if (strcmp(table[i]->name, name) == 0)
      return table[i];
    kc_nearest_add(&nearest, table[i]->name);
  }
  char near[120];
  kc_nearest_write(&nearest, near, sizeof near);
  (void)kc_error_add(error, KC_ERR_INPUT, name, "no such command%s ('kinchain --help' lists them)",
                     near);
  return NULL;
}

static int run_command(const kc_app_command *command, int n, const char *const *word) {
  kc_error error = kc_error_default();
  kc_app_arguments arguments = {0};
  kc_status status = kc_app_parse(command, n, word, &arguments, &error);
  int code;
  if (status != KC_OK) {
    code = kc_app_finish(status, &error);
  } else if (arguments.help) {
    kc_app_print_command_help(stdout, command);
    code = 0;
  } else {
    code = command->run(&arguments);
  }
  kc_app_free_arguments(&arguments);
  return code;
}

// what was printed must have arrived
static int check_stdout(int code) {
  if (fflush(stdout) == 0 && !ferror(stdout))
    return code;
  fprintf(stderr, "standard output: could not be written; is the disk full?\n");
  return code ? code : 2;
}

int kc_app_main(int argc, const char *const *argv) {
  if (argc < 2) {
    kc_app_print_help(stderr);
    return 1;
  }
  const char *name = argv[1];
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
    kc_app_print_help(stdout);
    return check_stdout(0);
  }
  if (strcmp(name, "--version") == 0) {
    printf("kinchain %s (%s)\n", kc_app_version(), kc_app_revision());
    return check_stdout(0);
  }
  kc_error error = kc_error_default();
  const kc_app_command *command = find_command(name, &error);
  if (!command)
    return kc_app_finish(KC_ERR_INPUT, &error);
  return check_stdout(run_command(command, argc - 2, argv + 2));
}
