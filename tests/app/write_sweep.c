/// @file
/// A sweep's file with functions known beforehand in the place of runs: write_sweep SWEEP.yaml
/// OUT.h5. The sweep has three factors from -180 to 180 deg. Metrics: `ishigami`; `effects`,
/// 3.1 x - 2.7 y + 4 x z of the factors' shares, and 5 times the number of the virtual runner more;
/// `still`, the same in all; `never`, no number.
#include "io/sweep.h"
#include "study/design.h"
#include "study/ishigami.h"
#include <stdlib.h>
#include <string.h>

enum { N_FACTOR = 3 };
enum { ISHIGAMI, EFFECTS, STILL, NEVER, N_METRIC };

static const char *find_address(void *user, const kc_group *group, int variable) {
  const kc_sweep *sweep = user;
  (void)group;
  return variable < N_FACTOR ? sweep->factor[variable].address : NULL;
}

static double *keep(kc_group *group, int n) {
  double *column = kc_record_group_keep(group, (size_t)n, sizeof *column);
  if (!column)
    abort();
  return column;
}

static void add_column(kc_group *group, const char *name, const char *unit, kc_store store,
                       const void *value) {
  kc_label label = {.name = name, .unit = unit, .long_name = name};
  kc_record_group_add_variable(group, &label, store, "run", value);
}

static kc_group *make_group(const kc_sweep *sweep) {
  static const char *const name[N_METRIC] = {"ishigami", "effects", "still", "never"};
  kc_group *group = kc_record_group_create("");
  int n = sweep->n_run, *run = group ? kc_record_group_keep(group, (size_t)n, sizeof *run) : NULL;
  const char **outcome = run ? kc_record_group_keep(group, (size_t)n, sizeof *outcome) : NULL;
  if (!outcome)
    abort();
  double *factor[N_FACTOR], *metric[N_METRIC];
  for (int k = 0; k < N_FACTOR; k++)
    factor[k] = keep(group, n);
  for (int k = 0; k < N_METRIC; k++)
    metric[k] = keep(group, n);
  for (int i = 0; i < n; i++) {
    double x[N_FACTOR], share[N_FACTOR];
    int replicate;
    kc_sweep_eval(sweep, i, x, NULL, &replicate);
    for (int k = 0; k < N_FACTOR; k++) {
      factor[k][i] = x[k];
      share[k] = x[k] / 360 + 0.5;
      x[k] *= pi / 180;
    }
    run[i] = i;
    outcome[i] = "completed";
    metric[ISHIGAMI][i] = eval_ishigami(x);
    metric[EFFECTS][i] = 3.1 * share[0] - 2.7 * share[1] + 4 * share[0] * share[2] + 5 * replicate;
    metric[STILL][i] = 2.385;
    metric[NEVER][i] = NAN;
  }
  kc_dimension scale = {.label = {.name = "run", .unit = "1", .long_name = "number of the run"},
                        .size = n,
                        .store = KC_STORE_I32,
                        .value = run};
  (void)kc_record_group_add_dimension(group, &scale);
  for (int k = 0; k < N_FACTOR; k++)
    add_column(group, sweep->factor[k].column, "deg", KC_STORE_F64, factor[k]);
  add_column(group, "outcome", "1", KC_STORE_TEXT, outcome);
  for (int k = 0; k < N_METRIC; k++)
    add_column(group, name[k], k == EFFECTS ? "N" : "1", KC_STORE_F64, metric[k]);
  return group;
}

int main(int argc, char **argv) {
  kc_sweep *sweep = NULL;
  kc_error error = kc_error_default();
  if (argc != 3)
    return 1;
  kc_status status = kc_sweep_read(argv[1], NULL, 0, &sweep, &error);
  if (status == KC_OK && sweep->n_factor == N_FACTOR) {
    kc_group *group = make_group(sweep);
    const kc_io_text text[] = {{"schema", KC_IO_SWEEP_SCHEMA}, {"sweep_text", sweep->text}};
    kc_io_source source = {.address = find_address, .user = sweep};
    status = kc_io_write_sweep(argv[2], text, sizeof text / sizeof *text,
                               (const kc_group *const *)&group, 1, &source, &error);
    kc_record_group_destroy(group);
  }
  for (int i = 0; i < error.n_finding; i++)
    fprintf(stderr, "%s: %s\n", error.finding[i].place, error.finding[i].text);
  kc_error_destroy(&error);
  kc_sweep_destroy(sweep);
  return status != KC_OK;
}
