/// @file
/// Drawings as SVG: lines, areas and words, in pixels from the upper left corner.
///
/// Numbers are written to a hundredth of a pixel with a point in every locale, so that equal input
/// gives equal bytes.
#pragma once
#include <stdio.h>

/// Where a text stands to its point.
typedef enum { KC_TEXT_START, KC_TEXT_MIDDLE, KC_TEXT_END } kc_svg_anchor;

/// Begins a drawing on white.
void kc_report_svg_begin(FILE *out, int width, int height);
/// Ends it.
void kc_report_svg_end(FILE *out);
/// A straight line; `width` in pixels.
void kc_report_svg_line(FILE *out, double x1, double y1, double x2, double y2, const char *colour,
                        double width);
/// A filled rectangle.
void kc_report_svg_box(FILE *out, double x, double y, double width, double height,
                       const char *colour);
/// A filled disc.
void kc_report_svg_disc(FILE *out, double x, double y, double radius, const char *colour);
/// A line through (n) points.
void kc_report_svg_curve(FILE *out, int n, const double *x, const double *y, const char *colour,
                         double width);
/// The area between two lines over the same (n) x.
void kc_report_svg_band(FILE *out, int n, const double *x, const double *upper, const double *lower,
                        const char *colour);
/// A text of any characters; `size` in pixels; NULL colour is black.
void kc_report_svg_text(FILE *out, double x, double y, kc_svg_anchor anchor, int size,
                        const char *colour, const char *text);
