/// @file
/// Sums of first and second moments (see steadiness.h).
#include "study/steadiness.h"
#include <math.h>

void kc_steadiness_add(kc_steadiness *s, const kc_study_motion *motion, const double *com,
                       const kc_ground *ground, double dt) {
  const double *p = motion->position, *w = motion->rate;
  double height = p[1] - ground->grade * p[0] - ground->camber * p[2], side = p[2] - com[2];
  s->span += dt;
  s->rate2 += (w[0] * w[0] + w[1] * w[1] + w[2] * w[2]) * dt;
  s->height1 += height * dt;
  s->height2 += height * height * dt;
  s->side1 += side * dt;
  s->side2 += side * side * dt;
}

static double find_deviation(double span, double sum1, double sum2) {
  if (span <= 0)
    return 0;
  double middle = sum1 / span;
  return sqrt(fmax(0, sum2 / span - middle * middle));
}

double kc_steadiness_rate(const kc_steadiness *s) {
  return s->span > 0 ? sqrt(s->rate2 / s->span) : 0;
}

double kc_steadiness_vertical(const kc_steadiness *s) {
  return find_deviation(s->span, s->height1, s->height2);
}

double kc_steadiness_lateral(const kc_steadiness *s) {
  return find_deviation(s->span, s->side1, s->side2);
}
