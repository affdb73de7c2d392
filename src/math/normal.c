/// @file
/// The normal distribution (see normal.h).
#include "math/normal.h"
#include <math.h>
#include <sleef.h>

double kc_normal_eval_probability(double x) {
  const double root_half = 0.70710678118654752440;
  return 0.5 * Sleef_cinz_erfcd1_u15purec(-x * root_half);
}

static double eval_polynomial(const double *c, double x) {
  double sum = c[7];
  for (int i = 6; i >= 0; i--)
    sum = sum * x + c[i];
  return sum;
}

/// |p - 1/2| <= 0.425
static double eval_middle(double q) {
  static const double a[8] = {3.3871328727963666080e0, 1.3314166789178437745e2,
                              1.9715909503065514427e3, 1.3731693765509461125e4,
                              4.5921953931549871457e4, 6.7265770927008700853e4,
                              3.3430575583588128105e4, 2.5090809287301226727e3},
                      b[8] = {1,
                              4.2313330701600911252e1,
                              6.8718700749205790830e2,
                              5.3941960214247511077e3,
                              2.1213794301586595867e4,
                              3.9307895800092710610e4,
                              2.8729085735721942674e4,
                              5.2264952788528545610e3};
  double r = 0.180625 - q * q;
  return q * eval_polynomial(a, r) / eval_polynomial(b, r);
}

/// r = sqrt(-ln of the tail's probability)
static double eval_tail(double r) {
  static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                              5.76949722146069140550e0,  3.64784832476320460504e0,
                              1.27045825245236838258e0,  2.41780725177450611770e-1,
                              2.27238449892691845833e-2, 7.74545014278341407640e-4},
                      d[8] = {1,
                              2.05319162663775882187e0,
                              1.67638483018380384940e0,
                              6.89767334985100004550e-1,
                              1.48103976427480074590e-1,
                              1.51986665636164571966e-2,
                              5.47593808499534494600e-4,
                              1.05075007164441684324e-9},
                      e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                              1.78482653991729133580e0,  2.96560571828504891230e-1,
                              2.65321895265761230930e-2, 1.24266094738807843860e-3,
                              2.71155556874348757815e-5, 2.01033439929228813265e-7},
                      f[8] = {1,
                              5.99832206555887937690e-1,
                              1.36929880922735805310e-1,
                              1.48753612908506148525e-2,
                              7.86869131145613259100e-4,
                              1.84631831751005468180e-5,
                              1.42151175831644588870e-7,
                              2.04426310338993978564e-15};
  return r <= 5 ? eval_polynomial(c, r - 1.6) / eval_polynomial(d, r - 1.6)
                : eval_polynomial(e, r - 5) / eval_polynomial(f, r - 5);
}

double kc_normal_eval_quantile(double p) {
  double q = p - 0.5;
  if (fabs(q) <= 0.425)
    return eval_middle(q);
  if (p <= 0 || p >= 1)
    return p <= 0 ? -INFINITY : INFINITY;
  double x = eval_tail(sqrt(-Sleef_cinz_logd1_u10purec(q < 0 ? p : 1 - p)));
  return q < 0 ? -x : x;
}

double kc_normal_eval_truncated(double p, double lower, double upper) {
  if (lower + upper > 0) // towards the upper tail: the mirror image
    return -kc_normal_eval_truncated(1 - p, -upper, -lower);
  double below = kc_normal_eval_probability(lower), above = kc_normal_eval_probability(upper);
  double x = kc_normal_eval_quantile(below + p * (above - below));
  return x < lower ? lower : x > upper ? upper : x;
}
