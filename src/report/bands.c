/// @file
/// Panels of curves on bands (see bands.h): each panel maps percent and value to its own rectangle.
#define _GNU_SOURCE // open_memstream
#include "report/bands.h"
#include "io/result.h"
#include "report/svg.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 4, PANEL_WIDTH = 270, PANEL_HEIGHT = 210, HEAD = 78, MARGIN = 14 };
static const char *const wide_band = "#dfe9f3", *const narrow_band = "#b9cfe4",
                         *const mean_line = "#2f6699", *const run_line = "#c22f2f",
                         *const grey = "#777777";

// the inside of a panel, in pixels, and what its edges mean
typedef struct {
  double left, top, right, bottom;
  double x0, x1, y0, y1;
} panel;

static panel place_panel(int index) {
  double left = MARGIN + PANEL_WIDTH * (index % COLUMNS),
         top = HEAD + PANEL_HEIGHT * (double)(index / COLUMNS);
  return (panel){left + 38, top + 34, left + PANEL_WIDTH - 16, top + PANEL_HEIGHT - 26, 0, 1, 0, 1};
}

static double map_x(const panel *p, double x) {
  return p->left + (x - p->x0) / (p->x1 - p->x0) * (p->right - p->left);
}

static double map_y(const panel *p, double y) {
  return p->bottom - (y - p->y0) / (p->y1 - p->y0) * (p->bottom - p->top);
}

// 1, 2 or 5 times a power of ten, about a fourth of a range
static double choose_step(double range) {
  double power = pow(10, floor(log10(range / 4))), rest = range / 4 / power;
  return power * (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10);
}

static void draw_title(FILE *out, const panel *p, const char *title, const char *note) {
  double left = p->left - 30;
  kc_report_svg_text(out, left, p->top - 19, KC_TEXT_START, 12, NULL, title);
  kc_report_svg_text(out, left, p->top - 6, KC_TEXT_START, 10, grey, note);
}

static void draw_axes(FILE *out, const panel *p) {
  kc_report_svg_line(out, p->left, p->bottom, p->right, p->bottom, grey, 1);
  kc_report_svg_line(out, p->left, p->top, p->left, p->bottom, grey, 1);
}

static void draw_x_ticks(FILE *out, const panel *p, double step) {
  for (double x = ceil(p->x0 / step) * step; x <= p->x1 + 1e-9 * step; x += step) {
    char text[32];
    snprintf(text, sizeof text, "%.4g", fabs(x) < 1e-9 * step ? 0 : x);
    kc_report_svg_line(out, map_x(p, x), p->bottom, map_x(p, x), p->bottom + 3, grey, 1);
    kc_report_svg_text(out, map_x(p, x), p->bottom + 14, KC_TEXT_MIDDLE, 10, grey, text);
  }
}

static void draw_y_ticks(FILE *out, const panel *p) {
  double step = choose_step(p->y1 - p->y0);
  for (double y = ceil(p->y0 / step) * step; y <= p->y1; y += step) {
    char text[32];
    snprintf(text, sizeof text, "%.4g", fabs(y) < 1e-9 * step ? 0 : y);
    kc_report_svg_line(out, p->left - 3, map_y(p, y), p->left, map_y(p, y), grey, 1);
    kc_report_svg_text(out, p->left - 5, map_y(p, y) + 3, KC_TEXT_END, 10, grey, text);
  }
}

static void set_range(panel *p, const kc_reference_curve *c, const double *value) {
  double least = value[0], most = value[0];
  for (int i = 0; i < KC_N_POINT; i++) {
    least = fmin(least, value[i]);
    most = fmax(most, value[i]);
  }
  for (int i = 0; i < c->n; i++) {
    least = fmin(least, c->mean[i] - 2 * c->sd[i]);
    most = fmax(most, c->mean[i] + 2 * c->sd[i]);
  }
  double room = 0.04 * (most - least);
  p->y0 = least - room;
  p->y1 = most + room;
  p->x0 = 0;
  p->x1 = 100;
}

static void draw_band(FILE *out, const panel *p, const kc_reference_curve *c, double n_sd,
                      const char *colour) {
  double x[KC_REFERENCE_MAX_POINT], upper[KC_REFERENCE_MAX_POINT], lower[KC_REFERENCE_MAX_POINT];
  for (int i = 0; i < c->n; i++) {
    x[i] = map_x(p, c->percent[i]);
    upper[i] = map_y(p, c->mean[i] + n_sd * c->sd[i]);
    lower[i] = map_y(p, c->mean[i] - n_sd * c->sd[i]);
  }
  if (n_sd > 0)
    kc_report_svg_band(out, c->n, x, upper, lower, colour);
  else
    kc_report_svg_curve(out, c->n, x, upper, colour, 1.2);
}

static void draw_curve(FILE *out, int index, int quantity, const kc_reference_curve *c,
                       const double *value, const kc_score *score) {
  const kc_quantity_info *info = kc_lab_quantity_info(quantity);
  panel p = place_panel(index);
  set_range(&p, c, value);
  draw_band(out, &p, c, 2, wide_band);
  draw_band(out, &p, c, 1, narrow_band);
  draw_band(out, &p, c, 0, mean_line);
  double x[KC_N_POINT], y[KC_N_POINT];
  for (int i = 0; i < KC_N_POINT; i++) {
    x[i] = map_x(&p, i);
    y[i] = map_y(&p, value[i]);
  }
  kc_report_svg_curve(out, KC_N_POINT, x, y, run_line, 1.8);
  char title[120], note[120];
  snprintf(title, sizeof title, "%s (%s), %% of %s", info->name, info->unit,
           info->span == KC_OVER_STANCE ? "stance" : "stride");
  snprintf(note, sizeof note, "%.0f %% within 1 SD, %.0f %% within 2 SD, RMS/SD %.2f",
           100 * score->share.within_1, 100 * score->share.within_2, score->share.rms);
  draw_title(out, &p, title, note);
  draw_axes(out, &p);
  draw_x_ticks(out, &p, 20);
  draw_y_ticks(out, &p);
}

// the numbers, each a row: its deviation in SD, held at the edge where it is beyond
static void draw_numbers(FILE *out, int index, const kc_measure *measure,
                         const kc_reference *reference) {
  const double edge = 4;
  panel p = place_panel(index);
  draw_title(out, &p, "steps, SD from the mean", "held at the edge where beyond");
  p.left += 74;
  p.x0 = -edge;
  p.x1 = edge;
  double height = p.bottom - p.top;
  kc_report_svg_box(out, map_x(&p, -2), p.top, map_x(&p, 2) - map_x(&p, -2), height, wide_band);
  kc_report_svg_box(out, map_x(&p, -1), p.top, map_x(&p, 1) - map_x(&p, -1), height, narrow_band);
  kc_report_svg_line(out, map_x(&p, 0), p.top, map_x(&p, 0), p.bottom, mean_line, 1.2);
  int n = 0, row = 0;
  for (int q = 0; q < KC_N_QUANTITY; q++)
    n += kc_lab_quantity_info(q)->span == KC_OVER_STEPS && reference->curve[q].n > 0;
  for (int q = 0; q < KC_N_QUANTITY; q++) {
    const kc_reference_curve *c = &reference->curve[q];
    const kc_quantity_info *info = kc_lab_quantity_info(q);
    if (info->span != KC_OVER_STEPS || c->n == 0)
      continue;
    double y = p.top + height * (row++ + 0.5) / n;
    double z = (measure->mean[q][0] - c->mean[0]) / c->sd[0];
    kc_report_svg_text(out, p.left - 4, y + 3, KC_TEXT_END, 10, NULL, info->name);
    kc_report_svg_disc(out, map_x(&p, fmin(edge, fmax(-edge, z))), y, 3.5, run_line);
  }
  draw_axes(out, &p);
  draw_x_ticks(out, &p, 1);
}

static void draw_head(FILE *out, const char *title, const kc_measure *measure,
                      const kc_reference *reference) {
  char text[400];
  snprintf(text, sizeof text, "%.120s, %.3g m/s, %d right and %d left strides", title,
           measure->speed, measure->n_stride[KC_RIGHT], measure->n_stride[KC_LEFT]);
  kc_report_svg_text(out, MARGIN, 24, KC_TEXT_START, 16, run_line, text);
  snprintf(text, sizeof text, "%.3g m/s: %.300s", reference->speed, reference->source);
  kc_report_svg_text(out, MARGIN, 43, KC_TEXT_START, 11, mean_line, text);
  kc_report_svg_text(out, MARGIN, 60, KC_TEXT_START, 11, grey,
                     "bands: mean +- 1 and 2 SD; joints and arm of the foot that strikes at 0 %");
}

static void draw_all(FILE *out, const char *title, const kc_measure *measure,
                     const kc_reference *reference, const kc_score *score) {
  int n = 0, numbers = 0;
  for (int q = 0; q < KC_N_QUANTITY; q++) {
    n += score[q].n > 1;
    numbers += score[q].n == 1;
  }
  int rows = (n + (numbers > 0) + COLUMNS - 1) / COLUMNS;
  kc_report_svg_begin(out, 2 * MARGIN + COLUMNS * PANEL_WIDTH, HEAD + rows * PANEL_HEIGHT + MARGIN);
  draw_head(out, title, measure, reference);
  int index = 0;
  if (numbers > 0)
    draw_numbers(out, index++, measure, reference);
  for (int q = 0; q < KC_N_QUANTITY; q++)
    if (score[q].n > 1)
      draw_curve(out, index++, q, &reference->curve[q], measure->mean[q], &score[q]);
  kc_report_svg_end(out);
}

kc_status kc_report_draw_bands(const char *path, const char *title, const kc_measure *measure,
                               const kc_reference *reference, const kc_score score[KC_N_QUANTITY],
                               kc_error *error) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  if (!out)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory for the drawing");
  draw_all(out, title, measure, reference, score);
  kc_status status = fclose(out) == 0
                         ? kc_io_write_bytes(path, text, size, error)
                         : kc_error_add(error, KC_ERR_MEMORY, path, "no memory for the drawing");
  free(text);
  return status;
}
