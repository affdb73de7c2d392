/// @file
/// kinchain dynamics: accelerations, joint forces or mass matrices of given states, in CSV, so that
/// other engines can be compared.
#include "sim/dynamics.h"
#include "app/app.h"
#include "base/text.h"
#include "io/csv.h"
#include "io/result.h"
#include "model/read.h"
#include "sim/engine.h"
#include <stdlib.h>
#include <string.h>

// the groups of columns: q_<joint>, v_<joint>, tau_<joint>, a_<joint>
typedef enum { COLUMN_Q, COLUMN_V, COLUMN_TAU, COLUMN_A, N_COLUMN_GROUP } column_group;
static const char *const prefix[N_COLUMN_GROUP] = {"q_", "v_", "tau_", "a_"};

// the states of a file, sorted into groups; (n_row x n_joint) each, NULL where not needed
typedef struct {
  int n_row;
  double *value[N_COLUMN_GROUP];
} states;

static void destroy_states(states *s) {
  for (int g = 0; g < N_COLUMN_GROUP; g++)
    free(s->value[g]);
  *s = (states){0};
}

static int is_needed(kc_dynamics_kind kind, column_group group) {
  switch (group) {
  case COLUMN_Q:
    return 1;
  case COLUMN_V:
    return kind != KC_DYNAMICS_MASS;
  case COLUMN_TAU:
    return kind == KC_DYNAMICS_FORWARD;
  case COLUMN_A:
    return kind == KC_DYNAMICS_INVERSE;
  case N_COLUMN_GROUP:
    break;
  }
  return 0;
}

static void write_name(const kc_model *model, int group, int joint, char *name, size_t size) {
  snprintf(name, size, "%s%s", prefix[group], model->joint[joint].name);
}

// a column that is nobody's is a misspelt one
static void check_columns(const char *path, const kc_csv *csv, const kc_model *model,
                          kc_error *error) {
  for (int c = 0; c < csv->n_column && error->n_finding < 20; c++) {
    int known = 0;
    char best[KC_NAME_SIZE + 8] = "", name[KC_NAME_SIZE + 8];
    int best_distance = 4;
    for (int g = 0; g < N_COLUMN_GROUP && !known; g++)
      for (int j = 0; j < model->n_joint && !known; j++) {
        write_name(model, g, j, name, sizeof name);
        int distance = kc_text_distance(csv->name[c], name);
        known = strcmp(csv->name[c], name) == 0;
        if (distance < best_distance)
          best_distance = distance, memcpy(best, name, sizeof best);
      }
    if (known)
      continue;
    (void)kc_error_add(
        error, KC_ERR_INPUT, path,
        "column '%.60s' is of no joint of %s%s%s%s; columns are q_, v_, tau_ or a_ and "
        "a joint as 'kinchain list --tree' names it",
        csv->name[c], model->name, best[0] ? " (did you mean '" : "", best, best[0] ? "'?)" : "");
  }
}

static kc_status copy_group(const char *path, const kc_csv *csv, const kc_model *model, int group,
                            double *out, kc_error *error) {
  int missing = 0;
  char name[KC_NAME_SIZE + 8], first[KC_NAME_SIZE + 8] = "";
  for (int j = 0; j < model->n_joint; j++) {
    write_name(model, group, j, name, sizeof name);
    int c = kc_io_find_csv_column(csv, name);
    if (c < 0) {
      if (missing++ == 0)
        memcpy(first, name, sizeof first);
      continue;
    }
    for (int r = 0; r < csv->n_row; r++)
      out[(size_t)r * (size_t)model->n_joint + (size_t)j] =
          csv->value[(size_t)r * (size_t)csv->n_column + (size_t)c];
  }
  if (missing == 0)
    return KC_OK;
  return kc_error_add(error, KC_ERR_INPUT, path,
                      "%d of %d columns %s<joint> are missing, the first is %s; add them", missing,
                      model->n_joint, prefix[group], first);
}

static kc_status sort_columns(const char *path, const kc_csv *csv, const kc_model *model,
                              kc_dynamics_kind kind, states *s, kc_error *error) {
  check_columns(path, csv, model, error);
  s->n_row = csv->n_row;
  for (int g = 0; g < N_COLUMN_GROUP; g++) {
    if (!is_needed(kind, g))
      continue;
    s->value[g] = calloc((size_t)csv->n_row * (size_t)model->n_joint, sizeof(double));
    if (!s->value[g])
      return kc_error_add(error, KC_ERR_MEMORY, path, "no memory for %d states", csv->n_row);
    // all that is missing is told at once
    if (copy_group(path, csv, model, g, s->value[g], error) != KC_OK)
      continue;
  }
  return error->n_finding ? error->status : KC_OK;
}

static kc_status read_states(const char *path, const kc_model *model, kc_dynamics_kind kind,
                             states *s, kc_error *error) {
  kc_csv csv;
  KC_TRY(kc_io_read_csv(path, &csv, error));
  kc_status status = sort_columns(path, &csv, model, kind, s, error);
  kc_io_destroy_csv(&csv);
  return status;
}

static void write_header(FILE *out, const kc_model *model, kc_dynamics_kind kind) {
  int n = model->n_joint;
  for (int i = 0; i < n; i++) {
    if (kind != KC_DYNAMICS_MASS) {
      fprintf(out, "%s%s%s", i ? "," : "", kind == KC_DYNAMICS_FORWARD ? "a_" : "tau_",
              model->joint[i].name);
      continue;
    }
    for (int j = 0; j < n; j++)
      fprintf(out, "%sM_%s_%s", i || j ? "," : "", model->joint[i].name, model->joint[j].name);
  }
  fputc('\n', out);
}

static size_t row_size(const kc_model *model, kc_dynamics_kind kind) {
  size_t n = (size_t)model->n_joint;
  return kind == KC_DYNAMICS_MASS ? n * n : n;
}

static int is_stdout(const char *path) { return strcmp(path, "-") == 0; }

static kc_status print_bytes(const char *text, size_t size, kc_error *error) {
  return fwrite(text, 1, size, stdout) == size
             ? KC_OK
             : kc_error_add(error, KC_ERR_FILE, "standard output", "cannot be written");
}

static kc_status write_result(const char *path, const kc_model *model, const kc_dynamics *dynamics,
                              kc_error *error) {
  char *text = NULL;
  size_t size = 0, n = row_size(model, dynamics->kind);
  FILE *out = open_memstream(&text, &size);
  if (!out)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory for the results");
  write_header(out, model, dynamics->kind);
  for (int r = 0; r < dynamics->n_state; r++)
    for (size_t i = 0; i < n; i++)
      fprintf(out, "%.17g%c", dynamics->output[(size_t)r * n + i], i + 1 < n ? ',' : '\n');
  int failed = ferror(out);
  failed |= fclose(out) != 0;
  kc_status status = failed ? kc_error_add(error, KC_ERR_MEMORY, path, "no memory for the results")
                     : is_stdout(path) ? print_bytes(text, size, error)
                                       : kc_io_write_bytes(path, text, size, error);
  free(text);
  return status;
}

static kc_status check_finite(const char *path, const kc_model *model, const kc_dynamics *dynamics,
                              kc_error *error) {
  size_t n =
      (size_t)model->n_joint * (dynamics->kind == KC_DYNAMICS_MASS ? (size_t)model->n_joint : 1);
  for (size_t i = 0; i < n * (size_t)dynamics->n_state; i++)
    if (!(dynamics->output[i] - dynamics->output[i] == 0.0))
      return kc_error_add(
          error, KC_ERR_SINGULAR, path,
          "state %zu has no finite solution; look for numbers far out of range in it", i / n + 1);
  return KC_OK;
}

static kc_status solve(const kc_app_arguments *arguments, const kc_model *model, states *s,
                       kc_error *error) {
  kc_dynamics dynamics = {.kind = arguments->mass_matrix ? KC_DYNAMICS_MASS
                                  : arguments->inverse   ? KC_DYNAMICS_INVERSE
                                                         : KC_DYNAMICS_FORWARD};
  KC_TRY(read_states(arguments->word[1], model, dynamics.kind, s, error));
  size_t n =
      (size_t)model->n_joint * (dynamics.kind == KC_DYNAMICS_MASS ? (size_t)model->n_joint : 1);
  dynamics.n_state = s->n_row;
  dynamics.q = s->value[COLUMN_Q];
  dynamics.v = s->value[COLUMN_V];
  dynamics.input = s->value[arguments->inverse ? COLUMN_A : COLUMN_TAU];
  dynamics.output = calloc((size_t)s->n_row * n, sizeof(double));
  if (!dynamics.output)
    return kc_error_add(error, KC_ERR_MEMORY, arguments->word[1], "no memory for %d results",
                        s->n_row);
  int width = arguments->lanes ? arguments->lanes : kc_sim_native_width();
  kc_status status = kc_sim_compute_dynamics(width, model, &dynamics, error);
  if (status == KC_OK)
    status = check_finite(arguments->word[1], model, &dynamics, error);
  if (status == KC_OK)
    status = write_result(arguments->output, model, &dynamics, error);
  free(dynamics.output);
  return status;
}

static kc_status compute(const kc_app_arguments *arguments, kc_error *error) {
  if (!arguments->output)
    return kc_error_add(error, KC_ERR_INPUT, "--output",
                        "say where the results go: -o OUT.csv, or -o - "
                        "for standard output");
  if (arguments->inverse && arguments->mass_matrix)
    return kc_error_add(error, KC_ERR_INPUT, "--inverse --mass-matrix",
                        "give one of the two, and run twice for both");
  if (!is_stdout(arguments->output))
    KC_TRY(kc_io_check_output(arguments->output, error));
  kc_model *model;
  KC_TRY(kc_app_read_model(arguments->word[0], &model, error));
  states s = {0};
  kc_status status = solve(arguments, model, &s, error);
  if (status == KC_OK && !arguments->quiet)
    fprintf(stderr, "%d states of %s -> %s\n", s.n_row, model->name, arguments->output);
  destroy_states(&s);
  kc_model_destroy(model);
  return status;
}

static int run(const kc_app_arguments *arguments) {
  kc_error error = kc_error_default();
  kc_status status = compute(arguments, &error);
  return kc_app_finish(status, &error);
}

static const kc_app_option options[] = {
    {"--output", 'o', KC_APP_TEXT, "OUT.csv", "where the results go; - is standard output",
     KC_APP_FIELD(output), 0, 0},
    {"--inverse", 0, KC_APP_FLAG, NULL, "inverse dynamics: read a_<joint>, write tau_<joint>",
     KC_APP_FIELD(inverse), 0, 0},
    {"--mass-matrix", 0, KC_APP_FLAG, NULL,
     "write the mass matrix: M_<row joint>_<column joint>, row by row", KC_APP_FIELD(mass_matrix),
     0, 0},
    KC_APP_OPTION_LANES,
    KC_APP_OPTION_QUIET,
    KC_APP_OPTION_HELP,
    KC_APP_OPTION_END,
};

const kc_app_command kc_app_command_dynamics = {
    .name = "dynamics",
    .words = "MODEL.yaml STATES.csv",
    .summary = "accelerations, joint forces or mass matrices of given states",
    .description =
        "Reads columns q_<joint>, v_<joint>, tau_<joint> (SI, radians, one state a row; joints as\n"
        "'kinchain list --tree MODEL.yaml' names them) and writes a_<joint> with 17 digits: "
        "forward\n"
        "dynamics under gravity (0 -9.80665 0) and tau alone; no contact, no passive elements.\n\n"
        "  kinchain dynamics models/runner.yaml states.csv -o accelerations.csv\n"
        "  kinchain dynamics models/runner.yaml motion.csv --inverse -o moments.csv\n",
    .min_words = 2,
    .max_words = 2,
    .option = options,
    .run = run,
};
