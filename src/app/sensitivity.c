/// @file
/// kinchain sensitivity: which factor of a sweep makes how much of what its runs measured.
#include "app/sensitivity.h"
#include "io/result.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int is_sobol(const kc_app_sensitivity *s) {
  return s->sweep->design.kind == KC_DESIGN_saltelli;
}

/// Mean and standard deviation over the points that are independent of each other, A and B of a
/// row; of all points of a Morris design. 0 where there are no two, or all are the same.
static int describe(const kc_app_sensitivity *s, const double *point,
                    kc_app_sensitivity_metric *m) {
  int block = s->sweep->n_factor + 2, n = 0, n_point = s->sweep->points->n_point;
  double sum = 0, square = 0, least = HUGE_VAL, greatest = -HUGE_VAL;
  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < n_point; i++) {
      if (isnan(point[i]) || (is_sobol(s) && i % block > 1))
        continue;
      if (pass == 0)
        sum += point[i], n++;
      else
        square += (point[i] - sum / n) * (point[i] - sum / n);
      least = point[i] < least ? point[i] : least;
      greatest = point[i] > greatest ? point[i] : greatest;
    }
  m->mean = n ? sum / n : (double)NAN;
  m->sd = n > 1 ? sqrt(square / (n - 1)) : (double)NAN;
  return n > 1 && greatest > least;
}

static double find_rank(const kc_app_sensitivity_metric *m, int factor) {
  return m->sobol ? m->sobol[factor].total.value : m->morris[factor].mu_star.value;
}

/// The largest first; equal ones as the sweep file has them.
static void sort_factors(const kc_app_sensitivity *s, kc_app_sensitivity_metric *m) {
  for (int i = 0; i < s->sweep->n_factor; i++) {
    int k = i;
    for (; k > 0 && find_rank(m, m->order[k - 1]) < find_rank(m, i); k--)
      m->order[k] = m->order[k - 1];
    m->order[k] = i;
  }
}

static kc_status keep_reason(kc_app_sensitivity_metric *m, const char *text, kc_error *error) {
  m->reason = strdup(text);
  return m->reason ? KC_OK : kc_error_add(error, KC_ERR_MEMORY, m->name, "no memory");
}

static kc_status refuse_few(const kc_app_sensitivity *s, kc_app_sensitivity_metric *m,
                            kc_error *error) {
  char text[300];
  const char *rows = m->sobol ? "rows" : "trajectories";
  snprintf(text, sizeof text,
           "has numbers from all runs of %d of %d %s, and %d at least are needed; narrow the "
           "ranges of the factors so that fewer runs fall, or make more %s",
           m->n_row, s->sweep->points->choice.n, rows,
           m->sobol ? KC_APP_LEAST_ROWS : KC_APP_LEAST_EFFECTS, rows);
  return keep_reason(m, text, error);
}

static int count_effects(const kc_app_sensitivity *s, const kc_app_sensitivity_metric *m) {
  int n = m->morris[0].n_effect;
  for (int k = 1; k < s->sweep->n_factor; k++)
    n = m->morris[k].n_effect < n ? m->morris[k].n_effect : n;
  return n;
}

/// Figures of the points, or the reason why there are none.
static kc_status compute_figures(const kc_app_sensitivity *s, const double *point,
                                 kc_app_sensitivity_metric *m, kc_error *error) {
  const kc_points *points = s->sweep->points;
  if (m->n_number == 0)
    return keep_reason(m, "has no number in any run that was completed", error);
  if (m->sobol && m->n_row < KC_APP_LEAST_ROWS)
    return refuse_few(s, m, error);
  if (!describe(s, point, m))
    return keep_reason(m, "is the same in all runs", error);
  kc_error found = kc_error_default();
  kc_status status =
      m->sobol ? kc_sensitivity_compute_sobol(points, point, &s->bootstrap, m->sobol, &found)
               : kc_sensitivity_compute_morris(points, point, &s->bootstrap, m->morris, &found);
  if (status == KC_ERR_MEMORY)
    (void)kc_error_add(error, status, m->name, "no memory");
  else if (m->morris && (status != KC_OK || count_effects(s, m) < KC_APP_LEAST_EFFECTS))
    status = refuse_few(s, m, error);
  else if (status != KC_OK)
    status = keep_reason(m, found.finding[0].text, error);
  else
    sort_factors(s, m);
  kc_error_destroy(&found);
  return status;
}

/// The metric run by run, NAN where a run was not completed; then by point.
static kc_status compute_metric(const kc_app_sensitivity *s, double *run, double *point,
                                kc_app_sensitivity_metric *m, kc_error *error) {
  size_t n = (size_t)s->sweep->n_factor;
  m->order = calloc(n, sizeof *m->order);
  if (is_sobol(s))
    m->sobol = calloc(n, sizeof *m->sobol);
  else
    m->morris = calloc(n, sizeof *m->morris);
  if (!m->order || !(m->sobol || m->morris))
    return kc_error_add(error, KC_ERR_MEMORY, s->path, "no memory");
  if (!kc_io_sweep_fetch(s->file, 0, m->variable, 0, s->sweep->n_run, run))
    return kc_error_add(error, KC_ERR_INPUT, s->path,
                        "column '%s' cannot be read; the file is damaged", m->name);
  for (int i = 0; i < s->sweep->n_run; i++) {
    run[i] = s->is_whole[i] ? run[i] : (double)NAN;
    m->n_number += isfinite(run[i]) != 0;
  }
  m->n_row = kc_sensitivity_average_runs(s->sweep->points, run, s->sweep->n_replicate, point);
  return compute_figures(s, point, m, error);
}

kc_status kc_app_compute_sensitivity(kc_app_sensitivity *s, kc_error *error) {
  double *run = malloc((size_t)s->sweep->n_run * sizeof *run);
  double *point = malloc((size_t)s->sweep->points->n_point * sizeof *point);
  kc_status status =
      run && point ? KC_OK : kc_error_add(error, KC_ERR_MEMORY, s->path, "no memory");
  int n_good = 0;
  for (int i = 0; status == KC_OK && i < s->n_metric; i++) {
    status = compute_metric(s, run, point, &s->metric[i], error);
    n_good += status == KC_OK && !s->metric[i].reason;
  }
  free(point);
  free(run);
  KC_TRY(status);
  for (int i = 0; i < s->n_metric; i++)
    if (s->metric[i].reason && (s->metric[i].is_asked || n_good == 0))
      status = kc_error_add(error, KC_ERR_INPUT, s->path, "%s %s", s->metric[i].name,
                            s->metric[i].reason);
  return status;
}

static kc_status write_csv(const kc_app_sensitivity *s, const char *path, kc_error *error) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  if (out)
    kc_app_print_csv_sensitivity(out, s);
  kc_status status = out && fclose(out) == 0
                         ? kc_io_write_bytes(path, text, size, error)
                         : kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
  free(text);
  return status;
}

static int run(const kc_app_arguments *a) {
  kc_error error = kc_error_default();
  kc_app_sensitivity s = {0};
  kc_status status = kc_app_check_ending("--output", a->output, ".csv", &error);
  if (status == KC_OK && a->output)
    status = kc_io_check_output(a->output, &error);
  if (status == KC_OK)
    status = kc_app_open_sensitivity(&s, a->word[0], &error);
  if (status == KC_OK)
    status = kc_app_choose_sensitivity(&s, a->metric, &error);
  if (status == KC_OK)
    status = kc_app_compute_sensitivity(&s, &error);
  if (status == KC_OK && a->output)
    status = write_csv(&s, a->output, &error);
  if (status == KC_OK && a->json)
    kc_app_print_json_sensitivity(stdout, &s);
  else if (status == KC_OK)
    kc_app_print_sensitivity(stdout, &s);
  kc_app_close_sensitivity(&s);
  return kc_app_finish(status, &error);
}

static const kc_app_option options[] = {
    {"--metric", 'm', KC_APP_TEXT, "NAME,...",
     "metrics between commas, `*` for any letters ('*_contact_peak'), or all\n"
     "(`kinchain list --metrics`; default: the usual ones below)",
     KC_APP_FIELD(metric), 0, 0},
    {"--output", 'o', KC_APP_TEXT, "FILE.csv", "write a row for each metric and factor",
     KC_APP_FIELD(output), 0, 0},
    KC_APP_OPTION_JSON,
    KC_APP_OPTION_HELP,
    KC_APP_OPTION_END,
};

const kc_app_command kc_app_command_sensitivity = {
    .name = "sensitivity",
    .words = "SWEEP.h5",
    .summary = "which factor of a sweep makes how much of each metric",
    .description =
        "Of a sweep of design `saltelli`: Sobol' indices, the share of a metric's variance that a\n"
        "factor makes alone (first) and in company with others (total; Saltelli et al. 2010). Of\n"
        "design `morris`: elementary effects, the change of the metric over the whole range of a\n"
        "factor (mu* the mean of their sizes, mu their mean, sigma their standard deviation: "
        "large\n"
        "beside mu* where the factor acts in company or along a curve; Campolongo et al. 2007).\n"
        "In brackets 95 % of 1000 bootstrap samples of rows (trajectories), of a fixed seed: the\n"
        "same file gives the same figures everywhere. An index may lie below 0 by chance.\n\n"
        "Runs that fell, diverged or could not be made are left out, and with one of them its "
        "whole\n"
        "row of a Saltelli design (of a Morris trajectory, the two steps at it); how many is "
        "told,\n"
        "and what is left may be a biased part of the design. With virtual runners the figures "
        "are\n"
        "of the mean over them at each point.\n\n"
        "The usual metrics: step_rate contact_time peak_force_bw com_oscillation "
        "positive_work_rate\n"
        "cost_net_bhargava sling_force_max hip_contact_peak tibiofemoral_contact_peak\n"
        "ankle_contact_peak l5_s1_contact_peak shank_shock.\n\n"
        "  kinchain sensitivity tissue.h5\n"
        "  kinchain sensitivity tissue.h5 --metric step_rate,'*_contact_peak' -o tissue.csv\n",
    .min_words = 1,
    .max_words = 1,
    .option = options,
    .run = run,
};
