/// @file
/// Figures of sensitivity as tables, JSON and CSV: one table of names and values for all three.
#include "app/sensitivity.h"
#include "app/summary.h"
#include <string.h>

enum { N_SOBOL = 6, N_MORRIS = 5, N_MOST = 6 };

/// The figures of one factor.
typedef struct {
  int n;
  const char *const *name; ///< (n) of columns
  double value[N_MOST];    ///< (n)
  int count;               ///< rows or effects that they come from
} figures;

static figures find_figures(const kc_app_sensitivity_metric *m, int factor) {
  static const char *const sobol[N_SOBOL] = {"first", "first_lower", "first_upper",
                                             "total", "total_lower", "total_upper"};
  static const char *const morris[N_MORRIS] = {"mu_star", "mu_star_lower", "mu_star_upper", "mu",
                                               "sigma"};
  if (m->sobol) {
    const kc_sobol_index *i = &m->sobol[factor];
    return (figures){N_SOBOL,
                     sobol,
                     {i->first.value, i->first.lower, i->first.upper, i->total.value,
                      i->total.lower, i->total.upper},
                     i->n_row};
  }
  const kc_morris_effect *e = &m->morris[factor];
  return (figures){N_MORRIS,
                   morris,
                   {e->mu_star.value, e->mu_star.lower, e->mu_star.upper, e->mu, e->sigma},
                   e->n_effect};
}

static const char *name_rows(const kc_app_sensitivity *s) {
  return s->sweep->design.kind == KC_DESIGN_saltelli ? "rows" : "trajectories";
}

static int count_left_out(const kc_app_sensitivity *s) {
  return s->n_fell + s->n_diverged + s->n_failed;
}

static void print_head(FILE *out, const kc_app_sensitivity *s) {
  const kc_sweep *w = s->sweep;
  int sobol = w->design.kind == KC_DESIGN_saltelli;
  fprintf(out, "%s: %s of %d factors from %d %s of %d points", w->name,
          sobol ? "Sobol' indices" : "elementary effects", w->n_factor, w->points->choice.n,
          name_rows(s), w->points->n_point / w->points->choice.n);
  if (w->runners.number)
    fprintf(out, ", each the mean of %d virtual runners", w->n_replicate);
  fprintf(out, "\n%d of %d runs are left out", count_left_out(s), w->n_run);
  if (count_left_out(s))
    fprintf(out, ": %d fell, %d diverged, %d could not be made", s->n_fell, s->n_diverged,
            s->n_failed);
  fprintf(out, "\n");
}

static int find_address_width(const kc_sweep *sweep) {
  size_t width = 12;
  for (int k = 0; k < sweep->n_factor; k++)
    if (strlen(sweep->factor[k].address) > width)
      width = strlen(sweep->factor[k].address);
  return (int)width;
}

static void print_sobol(FILE *out, const kc_app_sensitivity *s,
                        const kc_app_sensitivity_metric *m) {
  int width = find_address_width(s->sweep);
  double sum = 0;
  fprintf(out, "  %-*s  %-24s %s\n", width, "", "  first     95 %", "  total     95 %");
  for (int i = 0; i < s->sweep->n_factor; i++) {
    int k = m->order[i];
    const kc_estimate *first = &m->sobol[k].first, *total = &m->sobol[k].total;
    fprintf(out, "  %-*s  %7.3f [%6.3f %6.3f]  %7.3f [%6.3f %6.3f]\n", width,
            s->sweep->factor[k].address, first->value, first->lower, first->upper, total->value,
            total->lower, total->upper);
    sum += first->value;
  }
  fprintf(out, "  %-*s  %7.3f\n", width, "sum", sum);
}

static void print_morris(FILE *out, const kc_app_sensitivity *s,
                         const kc_app_sensitivity_metric *m) {
  int width = find_address_width(s->sweep);
  fprintf(out, "  %-*s  %-36s %11s %11s\n", width, "", "        mu*  95 %", "mu", "sigma");
  for (int i = 0; i < s->sweep->n_factor; i++) {
    int k = m->order[i];
    const kc_morris_effect *e = &m->morris[k];
    fprintf(out, "  %-*s  %11.4g [%11.4g %11.4g] %11.4g %11.4g\n", width,
            s->sweep->factor[k].address, e->mu_star.value, e->mu_star.lower, e->mu_star.upper,
            e->mu, e->sigma);
  }
}

void kc_app_print_sensitivity(FILE *out, const kc_app_sensitivity *s) {
  print_head(out, s);
  for (int i = 0; i < s->n_metric; i++) {
    const kc_app_sensitivity_metric *m = &s->metric[i];
    if (m->reason)
      continue;
    int n = s->sweep->points->choice.n;
    fprintf(out, "\n%s: mean %.5g%s%s, SD %.3g, ", m->name, m->mean,
            strcmp(m->unit, "1") == 0 ? "" : " ", strcmp(m->unit, "1") == 0 ? "" : m->unit, m->sd);
    if (m->n_row < n)
      fprintf(out, "%d of %d %s are whole\n", m->n_row, n, name_rows(s));
    else
      fprintf(out, "all %d %s\n", n, name_rows(s));
    if (m->sobol)
      print_sobol(out, s, m);
    else
      print_morris(out, s, m);
  }
  const char *before = "\n";
  for (int i = 0; i < s->n_metric; i++)
    if (s->metric[i].reason) {
      fprintf(out, "%snot told: %s %s\n", before, s->metric[i].name, s->metric[i].reason);
      before = "";
    }
}

static void put_number(FILE *out, const char *name, double x) {
  fprintf(out, "\"%s\": ", name);
  kc_app_print_json_number(out, x);
}

static void put_text(FILE *out, const char *name, const char *text) {
  fprintf(out, "\"%s\": ", name);
  kc_app_print_json_text(out, text);
}

static void put_metric(FILE *out, const kc_app_sensitivity *s, const kc_app_sensitivity_metric *m) {
  fprintf(out, "{");
  put_text(out, "unit", m->unit);
  fprintf(out, ", ");
  put_number(out, "mean", m->mean);
  fprintf(out, ", ");
  put_number(out, "sd", m->sd);
  fprintf(out, ", \"%s\": %d", name_rows(s), m->n_row);
  if (m->reason) {
    fprintf(out, ", ");
    put_text(out, "reason", m->reason);
  }
  fprintf(out, ", \"factors\": {");
  for (int i = 0; !m->reason && i < s->sweep->n_factor; i++) {
    figures f = find_figures(m, m->order[i]);
    fprintf(out, "%s\n   ", i ? "," : "");
    kc_app_print_json_text(out, s->sweep->factor[m->order[i]].address);
    fprintf(out, ": {");
    for (int k = 0; k < f.n; k++) {
      put_number(out, f.name[k], f.value[k]);
      fprintf(out, ", ");
    }
    fprintf(out, "\"n\": %d}", f.count);
  }
  fprintf(out, "}}");
}

void kc_app_print_json_sensitivity(FILE *out, const kc_app_sensitivity *s) {
  fprintf(out, "{");
  put_text(out, "file", s->path);
  fprintf(out, ", ");
  put_text(out, "name", s->sweep->name);
  fprintf(out, ", \"design\": \"%s\", \"%s\": %d, \"runs\": %d, \"runners\": %d,\n",
          s->sweep->design.kind == KC_DESIGN_saltelli ? "saltelli" : "morris", name_rows(s),
          s->sweep->points->choice.n, s->sweep->n_run, s->sweep->n_replicate);
  fprintf(out, " \"left_out\": {\"fell\": %d, \"diverged\": %d, \"failed\": %d},\n", s->n_fell,
          s->n_diverged, s->n_failed);
  fprintf(out, " \"bootstrap\": {\"samples\": %d, \"level\": %.17g, \"seed\": %llu},\n",
          s->bootstrap.n_sample, s->bootstrap.level, s->bootstrap.seed);
  fprintf(out, " \"metrics\": {");
  for (int i = 0; i < s->n_metric; i++) {
    fprintf(out, "%s\n  ", i ? "," : "");
    kc_app_print_json_text(out, s->metric[i].name);
    fprintf(out, ": ");
    put_metric(out, s, &s->metric[i]);
  }
  fprintf(out, "}}\n");
}

void kc_app_print_csv_sensitivity(FILE *out, const kc_app_sensitivity *s) {
  int head = 0;
  for (int i = 0; i < s->n_metric; i++) {
    const kc_app_sensitivity_metric *m = &s->metric[i];
    for (int j = 0; !m->reason && j < s->sweep->n_factor; j++) {
      figures f = find_figures(m, m->order[j]);
      if (!head++) {
        fprintf(out, "metric,unit,factor");
        for (int k = 0; k < f.n; k++)
          fprintf(out, ",%s", f.name[k]);
        fprintf(out, ",n\n");
      }
      fprintf(out, "%s,%s,%s", m->name, m->unit, s->sweep->factor[m->order[j]].address);
      for (int k = 0; k < f.n; k++)
        fprintf(out, ",%.17g", f.value[k]);
      fprintf(out, ",%d\n", f.count);
    }
  }
}
