/// @file
/// SVG 1.1 elements (see svg.h).
#include "report/svg.h"
#include <math.h>

// a number with two decimals, whatever the locale's point is
static void put(FILE *out, double x) {
  long long hundredths = llround(fabs(x) * 100);
  if (x < 0 && hundredths > 0)
    fputc('-', out);
  fprintf(out, "%lld", hundredths / 100);
  if (hundredths % 100)
    fprintf(out, ".%02lld", hundredths % 100);
}

static void put_attribute(FILE *out, const char *name, double x) {
  fprintf(out, " %s=\"", name);
  put(out, x);
  fputc('"', out);
}

static void put_point(FILE *out, double x, double y) {
  put(out, x);
  fputc(',', out);
  put(out, y);
  fputc(' ', out);
}

void kc_report_svg_begin(FILE *out, int width, int height) {
  fprintf(out,
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
          "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\">\n",
          width, height, width, height);
  kc_report_svg_box(out, 0, 0, width, height, "#ffffff");
}

void kc_report_svg_end(FILE *out) { fputs("</svg>\n", out); }

void kc_report_svg_line(FILE *out, double x1, double y1, double x2, double y2, const char *colour,
                        double width) {
  const double x[] = {x1, x2}, y[] = {y1, y2};
  kc_report_svg_curve(out, 2, x, y, colour, width);
}

void kc_report_svg_box(FILE *out, double x, double y, double width, double height,
                       const char *colour) {
  fputs("<rect", out);
  put_attribute(out, "x", x);
  put_attribute(out, "y", y);
  put_attribute(out, "width", width);
  put_attribute(out, "height", height);
  fprintf(out, " fill=\"%s\"/>\n", colour);
}

void kc_report_svg_disc(FILE *out, double x, double y, double radius, const char *colour) {
  fputs("<circle", out);
  put_attribute(out, "cx", x);
  put_attribute(out, "cy", y);
  put_attribute(out, "r", radius);
  fprintf(out, " fill=\"%s\"/>\n", colour);
}

void kc_report_svg_curve(FILE *out, int n, const double *x, const double *y, const char *colour,
                         double width) {
  fprintf(out, "<polyline fill=\"none\" stroke=\"%s\"", colour);
  put_attribute(out, "stroke-width", width);
  fputs(" points=\"", out);
  for (int i = 0; i < n; i++)
    put_point(out, x[i], y[i]);
  fputs("\"/>\n", out);
}

void kc_report_svg_band(FILE *out, int n, const double *x, const double *upper, const double *lower,
                        const char *colour) {
  fprintf(out, "<polygon fill=\"%s\" points=\"", colour);
  for (int i = 0; i < n; i++)
    put_point(out, x[i], upper[i]);
  for (int i = n - 1; i >= 0; i--)
    put_point(out, x[i], lower[i]);
  fputs("\"/>\n", out);
}

void kc_report_svg_text(FILE *out, double x, double y, kc_svg_anchor anchor, int size,
                        const char *colour, const char *text) {
  static const char *const where[] = {"start", "middle", "end"};
  fputs("<text", out);
  put_attribute(out, "x", x);
  put_attribute(out, "y", y);
  fprintf(out, " font-size=\"%d\" text-anchor=\"%s\" fill=\"%s\">", size, where[anchor],
          colour ? colour : "#000000");
  for (; *text; text++) {
    if (*text == '<')
      fputs("&lt;", out);
    else if (*text == '>')
      fputs("&gt;", out);
    else if (*text == '&')
      fputs("&amp;", out);
    else
      fputc(*text, out);
  }
  fputs("</text>\n", out);
}
