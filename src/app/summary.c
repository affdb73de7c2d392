/// @file
/// Metrics as tables and JSON.
#include "app/summary.h"
#include "gait/metrics.h"
#include <math.h>
#include <string.h>

enum { RUNS_A_BLOCK = 6, WIDTH = 14 };

static const char *const main_metrics[] = {
    "duration",
    "speed",
    "speed_slope",
    "step_rate",
    "step_length",
    "contact_time",
    "flight_time",
    "flight_time_min",
    "duty_factor",
    "alternating",
    "peak_force_bw",
    "braking_peak_bw",
    "com_oscillation",
    "drift",
    "positive_work_rate",
    "audit_residual",
    "sling_force_max",
    // loads of steps
    "hip_contact_peak",
    "tibiofemoral_contact_peak",
    "patellofemoral_contact_peak",
    "ankle_contact_peak",
    "l5_s1_contact_peak",
    "hip_torsion_net_peak",
    "knee_torsion_peak",
    "ankle_torsion_peak",
    "shank_shock",
    "head_shock",
    "shock_transfer",
    "momentum_correlation",
    "peak_force_bw_asymmetry",
    "tibiofemoral_contact_peak_asymmetry",
    // energy of strides
    "cost_net_bhargava",
    "cost_net_umberger",
    "fibre_out",
    "tendon_returned",
    "achilles_returned",
    "sling_out",
    "sling_lost",
    "hip_sling",
    "hip_sling_share",
};

int kc_app_is_main_metric(const char *name) {
  for (size_t i = 0; i < sizeof main_metrics / sizeof *main_metrics; i++)
    if (strcmp(main_metrics[i], name) == 0)
      return 1;
  return 0;
}

int kc_app_find_name_width(int all) {
  int width = 22;
  for (int i = 0; i < kc_gait_n_metric(); i++) {
    const char *name = kc_gait_metric_info(i)->name;
    if ((all || kc_app_is_main_metric(name)) && (int)strlen(name) > width)
      width = (int)strlen(name);
  }
  return width;
}

static void print_value(FILE *out, double x) {
  if (isnan(x))
    fprintf(out, " %*s", WIDTH, "-");
  else
    fprintf(out, " %*.5g", WIDTH, x);
}

static void print_block(FILE *out, const kc_summary_column *column, int n, int all) {
  int width = kc_app_find_name_width(all);
  fprintf(out, "%-*s %-9s", width, "", "");
  for (int c = 0; c < n; c++)
    fprintf(out, " %*.*s", WIDTH, WIDTH, column[c].name);
  fprintf(out, "\n%-*s %-9s", width, "outcome", "");
  for (int c = 0; c < n; c++)
    fprintf(out, " %*.*s", WIDTH, WIDTH, column[c].outcome);
  fprintf(out, "\n%-*s %-9s", width, "simulated time", "s");
  for (int c = 0; c < n; c++)
    print_value(out, column[c].time);
  fputc('\n', out);
  for (int i = 0; i < kc_gait_n_metric(); i++) {
    const kc_gait_info *m = kc_gait_metric_info(i);
    if (!all && !kc_app_is_main_metric(m->name))
      continue;
    fprintf(out, "%-*s %-9s", width, m->name, strcmp(m->unit, "1") == 0 ? "" : m->unit);
    for (int c = 0; c < n; c++)
      print_value(out, column[c].value[i]);
    fputc('\n', out);
  }
}

void kc_app_print_summary(FILE *out, const kc_summary_column *column, int n, int all) {
  for (int first = 0; first < n; first += RUNS_A_BLOCK) {
    if (first)
      fputc('\n', out);
    int rest = n - first;
    print_block(out, column + first, rest < RUNS_A_BLOCK ? rest : RUNS_A_BLOCK, all);
  }
  for (int c = 0; c < n; c++)
    if (column[c].reason[0])
      fprintf(out, "%s: %s at %.3f s: %s\n", column[c].name, column[c].outcome, column[c].time,
              column[c].reason);
}

void kc_app_print_json_number(FILE *out, double x) {
  if (isfinite(x))
    fprintf(out, "%.17g", x);
  else
    fputs("null", out);
}

void kc_app_print_json_metrics(FILE *out, const double *value) {
  for (int i = 0; i < kc_gait_n_metric(); i++) {
    fprintf(out, "%s\"%s\": ", i ? ", " : "", kc_gait_metric_info(i)->name);
    kc_app_print_json_number(out, value[i]);
  }
}
