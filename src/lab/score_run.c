/// @file
/// A run against a reference table, and a run as such a table (see score_run.h).
#define _GNU_SOURCE // open_memstream
#include "lab/score_run.h"
#include "io/result.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void kc_lab_score_run(const kc_measure *measure, const kc_reference *reference,
                      kc_score score[KC_N_QUANTITY]) {
  for (int q = 0; q < KC_N_QUANTITY; q++) {
    const kc_reference_curve *c = &reference->curve[q];
    kc_score_span span = kc_lab_quantity_info(q)->span;
    score[q] = (kc_score){0};
    if (c->n == 0)
      continue;
    if (span == KC_OVER_STEPS) {
      score[q] = kc_lab_score_number(c->mean[0], c->sd[0], measure->mean[q][0]);
      continue;
    }
    double value[KC_REFERENCE_MAX_POINT];
    for (int i = 0; i < c->n; i++)
      value[i] = kc_lab_eval_curve(measure->mean[q], c->percent[i]);
    score[q] = kc_lab_score_curve(c->n, c->percent, c->mean, c->sd, value,
                                  span == KC_OVER_STRIDE ? 100 : 0);
    // only the zero of an angle is a matter of markers
    if (strcmp(kc_lab_quantity_info(q)->unit, "deg") != 0)
      score[q].shape = (kc_score_share){(double)NAN, (double)NAN, (double)NAN, (double)NAN};
  }
}

// least deviation that is more than rounding: the vertical force at foot strike is the threshold in
// every stride
static double find_least(const double *mean, int n) {
  double size = 0;
  for (int i = 0; i < n; i++)
    size = fmax(size, fabs(mean[i]));
  return 1e-7 * size;
}

static void print_rows(FILE *out, const kc_measure *m) {
  fputs("quantity,percent,mean,sd,unit\n", out);
  for (int q = 0; q < KC_N_QUANTITY; q++) {
    const kc_quantity_info *info = kc_lab_quantity_info(q);
    int n = info->span == KC_OVER_STEPS ? 1 : KC_N_POINT;
    double least = find_least(m->mean[q], n);
    for (int p = 0; p < n; p++) {
      if (!(m->sd[q][p] > least))
        continue;
      fprintf(out, "%s,", info->name);
      if (n > 1)
        fprintf(out, "%d", p);
      fprintf(out, ",%.9g,%.9g,%s\n", m->mean[q][p], m->sd[q][p], info->unit);
    }
  }
}

kc_status kc_lab_write_reference(const char *path, const char *source, const kc_measure *measure,
                                 const kc_measure_options *options, kc_error *error) {
  int n = measure->n_stride[KC_RIGHT] + measure->n_stride[KC_LEFT];
  if (n < 2)
    return kc_error_add(error, KC_ERR_INPUT, path,
                        "cannot be a reference: one stride has no standard deviation; run longer");
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  if (!out)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory for the table");
  fprintf(out, "# source: %s\n# speed: %.9g m/s\n# threshold: %.9g N\n", source, measure->speed,
          options->threshold);
  if (options->filter > 0)
    fprintf(out, "# filter: %.9g Hz\n", options->filter);
  else
    fputs("# filter: none\n", out);
  fprintf(out, "# Means and standard deviations over %d strides.\n", n);
  print_rows(out, measure);
  kc_status status = fclose(out) == 0
                         ? kc_io_write_bytes(path, text, size, error)
                         : kc_error_add(error, KC_ERR_MEMORY, path, "no memory for the table");
  free(text);
  return status;
}
