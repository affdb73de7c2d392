/// @file
/// Scores as tables and as JSON.
#include "app/app.h"
#include "app/score.h"
#include "app/summary.h"
#include <math.h>

enum { NAME_WIDTH = 26 };

static const char *side_text(const kc_scored *s) {
  return s->options->side == KC_RIGHT  ? "right foot"
         : s->options->side == KC_LEFT ? "left foot, mirrored"
                                       : "both feet, left mirrored";
}

static void print_head(FILE *out, const kc_scored *s) {
  const kc_measure *m = s->measure;
  fprintf(out, "run:       %s (%s, %s)\n", s->file, s->title, s->outcome);
  fprintf(out, "           %.4g m/s, %d right and %d left strides after %.4g s; %s\n", m->speed,
          m->n_stride[KC_RIGHT], m->n_stride[KC_LEFT], m->settle, side_text(s));
  fprintf(out, "reference: %s, %.4g m/s\n", s->reference_file, s->reference->speed);
  fprintf(out, "           %s\n", s->reference->source);
  if (s->reference->assumption[0])
    fprintf(out, "           assumption: %s\n", s->reference->assumption);
  fprintf(out, "forces:    foot down above %.4g N; ", s->options->threshold);
  if (s->options->filter > 0)
    fprintf(out, "zero-lag Butterworth of fourth order, %.4g Hz\n", s->options->filter);
  else
    fputs("not filtered\n", out);
}

static void print_numbers(FILE *out, const kc_scored *s) {
  int n = 0;
  for (int q = 0; q < KC_N_QUANTITY; q++) {
    const kc_quantity_info *info = kc_lab_quantity_info(q);
    const kc_reference_curve *c = &s->reference->curve[q];
    if (s->score[q].n != 1)
      continue;
    if (n++ == 0)
      fprintf(out, "\n%-*s %-5s %10s %10s %10s %10s\n", NAME_WIDTH, "numbers", "", "run", "mean",
              "SD", "error/SD");
    double x = s->measure->mean[q][0];
    fprintf(out, "%-*s %-5s %10.4g %10.4g %10.3g %+10.2f\n", NAME_WIDTH, info->name, info->unit, x,
            c->mean[0], c->sd[0], (x - c->mean[0]) / c->sd[0]);
  }
}

static void print_share(FILE *out, const kc_score_share *share) {
  if (isnan(share->rms))
    fprintf(out, " %5s %5s %6s", "-", "-", "-");
  else
    fprintf(out, " %5.0f %5.0f %6.2f", 100 * share->within_1, 100 * share->within_2, share->rms);
}

static void print_extreme(FILE *out, const kc_score_extreme *extreme) {
  if (isnan(extreme->error))
    fprintf(out, " | %8s %5s", "-", "-");
  else
    fprintf(out, " | %+8.3g %+3.0f %%", extreme->error, extreme->shift);
}

static void print_curves_head(FILE *out) {
  fprintf(out,
          "\n%-*s     | %18s |   mean   %18s | %14s | %14s\n"
          "%-*s     |  1 SD  2 SD RMS/SD |  offset   1 SD  2 SD RMS/SD |    error later |    error "
          "later\n",
          NAME_WIDTH, "curves", "points within, %  ", "without that offset", "largest value  ",
          "smallest value ", NAME_WIDTH, "");
}

static void print_curves(FILE *out, const kc_scored *s) {
  int n = 0;
  for (int q = 0; q < KC_N_QUANTITY; q++) {
    const kc_quantity_info *info = kc_lab_quantity_info(q);
    const kc_score *score = &s->score[q];
    if (score->n < 2)
      continue;
    if (n++ == 0)
      print_curves_head(out);
    fprintf(out, "%-*s %-3s |", NAME_WIDTH, info->name, info->unit);
    print_share(out, &score->share);
    fprintf(out, " | %+8.3g", score->offset);
    print_share(out, &score->shape);
    print_extreme(out, &score->most);
    print_extreme(out, &score->least);
    fputc('\n', out);
  }
}

static void print_groups(FILE *out, const kc_scored *s) {
  fprintf(out,
          "\n%-*s   n | %18s | %18s\n"
          "%-*s     |  1 SD  2 SD RMS/SD |  1 SD  2 SD RMS/SD\n",
          NAME_WIDTH, "groups", "within, %         ", "without offset    ", NAME_WIDTH, "");
  for (int g = 0; g <= KC_N_GROUP; g++) {
    kc_score_sum sum = kc_lab_sum_scores(s->score, g);
    if (sum.n_quantity == 0)
      continue;
    fprintf(out, "%-*s %3d |", NAME_WIDTH, g == KC_N_GROUP ? "all" : kc_lab_group_title(g),
            sum.n_quantity);
    print_share(out, &sum.share);
    fputs(" |", out);
    print_share(out, &sum.shape);
    fputc('\n', out);
  }
}

void kc_app_print_score(FILE *out, const kc_scored *scored) {
  print_head(out, scored);
  print_numbers(out, scored);
  print_curves(out, scored);
  print_groups(out, scored);
}

static void put(FILE *out, const char *name, double value) {
  fprintf(out, ", \"%s\": ", name);
  kc_app_print_json_number(out, value);
}

static void put_text(FILE *out, const char *before, const char *name, const char *text) {
  fprintf(out, "%s\"%s\": ", before, name);
  kc_app_print_json_text(out, text);
}

static void put_shares(FILE *out, const kc_score_share *share, const kc_score_share *shape) {
  put(out, "within_1_sd", share->within_1);
  put(out, "within_2_sd", share->within_2);
  put(out, "rms_sd", share->rms);
  put(out, "clipped_rms_sd", share->clipped);
  put(out, "shape_within_1_sd", shape->within_1);
  put(out, "shape_within_2_sd", shape->within_2);
  put(out, "shape_rms_sd", shape->rms);
}

static void put_quantity(FILE *out, const kc_scored *s, int q) {
  const kc_quantity_info *info = kc_lab_quantity_info(q);
  const kc_score *score = &s->score[q];
  fputs("{", out);
  put_text(out, "", "unit", info->unit);
  put_text(out, ", ", "group", kc_lab_group_title((int)info->group));
  fprintf(out, ", \"points\": %d", score->n);
  put(out, "offset", score->offset);
  put_shares(out, &score->share, &score->shape);
  if (score->n == 1) {
    put(out, "value", s->measure->mean[q][0]);
    put(out, "mean", s->reference->curve[q].mean[0]);
    put(out, "sd", s->reference->curve[q].sd[0]);
  } else {
    put(out, "largest_error", score->most.error);
    put(out, "largest_shift", score->most.shift);
    put(out, "smallest_error", score->least.error);
    put(out, "smallest_shift", score->least.shift);
  }
  fputs("}", out);
}

void kc_app_print_json_score(FILE *out, const kc_scored *s) {
  put_text(out, "{", "file", s->file);
  put_text(out, ", ", "title", s->title);
  put_text(out, ", ", "outcome", s->outcome);
  put(out, "speed", s->measure->speed);
  fprintf(out, ", \"strides\": {\"right\": %d, \"left\": %d}", s->measure->n_stride[KC_RIGHT],
          s->measure->n_stride[KC_LEFT]);
  put_text(out, ",\n \"reference\": {", "file", s->reference_file);
  put_text(out, ", ", "source", s->reference->source);
  put(out, "speed", s->reference->speed);
  put(out, "threshold", s->options->threshold);
  put(out, "filter", s->options->filter > 0 ? s->options->filter : (double)NAN);
  fputs("},\n \"quantities\": {", out);
  const char *before = "\n  ";
  for (int q = 0; q < KC_N_QUANTITY; q++) {
    if (s->score[q].n == 0)
      continue;
    fprintf(out, "%s\"%s\": ", before, kc_lab_quantity_info(q)->name);
    put_quantity(out, s, q);
    before = ",\n  ";
  }
  fputs("},\n \"groups\": {", out);
  before = "\n  ";
  for (int g = 0; g <= KC_N_GROUP; g++) {
    kc_score_sum sum = kc_lab_sum_scores(s->score, g);
    if (sum.n_quantity == 0)
      continue;
    fprintf(out, "%s\"%s\": {\"quantities\": %d", before,
            g == KC_N_GROUP ? "all" : kc_lab_group_title(g), sum.n_quantity);
    put_shares(out, &sum.share, &sum.shape);
    fputs("}", out);
    before = ",\n  ";
  }
  fputs("}}\n", out);
}
