/// @file
/// A run's scenario from a sweep's file: its texts, and the columns that have an address.
#include "app/from.h"
#include "app/version.h"
#include "base/units.h"
#include "io/sweep.h"
#include "scenario/definition.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_SIZE = 160 };

/// Settings put together from the file, with their memory.
typedef struct {
  int n;
  kc_setting *setting;
  char **memory; // (n)
} settings;

static int add_setting(settings *s, char *memory, const char *address, const char *value) {
  if (!memory)
    return 0;
  s->memory[s->n] = memory;
  s->setting[s->n++] = (kc_setting){.address = address, .value = value};
  return 1;
}

/// "address=value" of each line.
static int add_lines(settings *s, const char *text) {
  while (text && *text) {
    size_t n = strcspn(text, "\n");
    char *line = strndup(text, n), *equals = line ? strchr(line, '=') : NULL;
    if (!equals) {
      free(line);
      return 0;
    }
    *equals = 0;
    (void)add_setting(s, line, line, equals + 1);
    text += n + (text[n] == '\n');
  }
  return 1;
}

/// The value of a column in a row, as --set takes it.
static int add_column(settings *s, kc_io_sweep *file, const kc_group *group, int variable,
                      int row) {
  const kc_variable *v = &group->variable[variable];
  union {
    double number;
    const char *text;
  } value = {0};
  if (!kc_io_sweep_fetch(file, 0, variable, row, 1, &value))
    return 0;
  char *text = malloc(VALUE_SIZE);
  if (!text)
    return 0;
  text[0] = 0;
  if (v->store == KC_STORE_TEXT)
    snprintf(text, VALUE_SIZE, "%s", value.text);
  else if (v->store == KC_STORE_F64 && !isnan(value.number))
    kc_units_write_exact(value.number, v->label.unit, text, VALUE_SIZE);
  if (!text[0]) { // nothing was set there
    free(text);
    return 1;
  }
  return add_setting(s, text, kc_io_sweep_address(file, 0, variable), text);
}

static int count_lines(const char *text) {
  int n = 1;
  for (; text && *text; text++)
    n += *text == '\n';
  return n;
}

static int find_row(const kc_group *root, int number) {
  const int *run = root->dimension[0].value;
  for (int i = 0; i < root->dimension[0].size; i++)
    if (run[i] == number)
      return i;
  return -1;
}

/// Base, `set` and --set of the sweep, virtual runner, factors, then --set of this call.
static int gather(settings *s, kc_io_sweep *file, int row, const kc_app_arguments *a) {
  int n;
  const kc_group *root = kc_io_sweep_groups(file, &n)[0];
  if (!add_lines(s, kc_io_sweep_text(file, "settings")))
    return 0;
  int n_factor = 0;
  const char *count = kc_io_sweep_text(file, "factors");
  if (count)
    n_factor = (int)strtol(count, NULL, 10);
  // columns of factors come first, those of the runner, which are set before them, behind
  for (int pass = 0; pass < 2; pass++)
    for (int i = 0, k = 0; i < root->n_variable; i++) {
      if (!kc_io_sweep_address(file, 0, i))
        continue;
      int is_factor = k++ < n_factor;
      if (is_factor == pass && !add_column(s, file, root, i, row))
        return 0;
    }
  for (int i = 0; i < a->n_setting; i++)
    if (!add_setting(s, strdup(a->setting[i].address), a->setting[i].address, a->setting[i].value))
      return 0;
  return 1;
}

static kc_status make_scenario(const char *path, const kc_io_sweep *file, const settings *s,
                               kc_scenario **scenario, kc_error *error) {
  kc_scenario_texts given = {.text = kc_io_sweep_text(file, "base_text"),
                             .path = path,
                             .model_file = kc_io_sweep_text(file, "model_file"),
                             .model_text = kc_io_sweep_text(file, "model_text"),
                             .parameters_file = kc_io_sweep_text(file, "parameters_file"),
                             .parameters_text = kc_io_sweep_text(file, "parameters_text")};
  if (!given.text)
    return kc_error_add(error, KC_ERR_INPUT, path, "holds no base scenario; the file is damaged");
  given.size = strlen(given.text);
  kc_scenario_def *def;
  KC_TRY(kc_scenario_read_def_texts(&given, s->setting, s->n, &def, error));
  kc_status status = kc_scenario_refuse_adapted(def, "--from", error);
  if (status == KC_OK)
    status = kc_scenario_compile_def(def, scenario, error);
  kc_scenario_destroy_def(def);
  return status;
}

static kc_status read_run(const char *path, kc_io_sweep *file, int number,
                          const kc_app_arguments *a, kc_scenario **scenario, kc_error *error) {
  int n;
  const kc_group *root = kc_io_sweep_groups(file, &n)[0];
  int row = find_row(root, number);
  if (row < 0)
    return kc_error_add(error, KC_ERR_INPUT, path, "has no run %d; its %d runs go from %d to %d",
                        number, root->dimension[0].size, ((const int *)root->dimension[0].value)[0],
                        ((const int *)root->dimension[0].value)[root->dimension[0].size - 1]);
  const char *revision = kc_io_sweep_text(file, "source_revision");
  if (revision && strcmp(revision, kc_app_revision()) != 0)
    fprintf(stderr, "%s: was made by revision %s; this is %s, results may differ\n", path, revision,
            kc_app_revision());
  size_t room =
      (size_t)(count_lines(kc_io_sweep_text(file, "settings")) + root->n_variable + a->n_setting);
  settings s = {.setting = calloc(room, sizeof *s.setting),
                .memory = calloc(room, sizeof *s.memory)};
  kc_status status =
      s.setting && s.memory && gather(&s, file, row, a)
          ? make_scenario(path, file, &s, scenario, error)
          : kc_error_add(error, KC_ERR_INPUT, path, "the values of run %d cannot be read", number);
  for (int i = 0; i < s.n; i++)
    free(s.memory[i]);
  free(s.memory);
  free(s.setting);
  return status;
}

kc_status kc_app_read_run(const char *path, int number, const kc_app_arguments *arguments,
                          kc_scenario **scenario, kc_error *error) {
  *scenario = NULL;
  kc_io_sweep *file;
  KC_TRY(kc_io_open_sweep(path, &file, error));
  kc_status status = read_run(path, file, number, arguments, scenario, error);
  kc_io_close_sweep(file);
  return status;
}
