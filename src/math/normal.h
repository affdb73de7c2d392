/// @file
/// The normal distribution: probability and quantile, the same bits on every machine.
///
///   P(x) = erfc(-x / sqrt 2) / 2 with SLEEF's erfc (1.5 units in the last place)
///   q(p): rational approximations in p - 1/2, or in sqrt(-ln p) towards the tails, to 1e-16
/// GSL's gsl_cdf_ugaussian_P and _Pinv call the C library's log and exp (seen with nm).
/// Source: Wichura 1988, Algorithm AS 241 (PPND16), doi:10.2307/2347330.
#pragma once

/// Probability of a number below x; mean 0, standard deviation 1.
double kc_normal_eval_probability(double x);
/// The number below which a share p lies; 0 < p < 1, else -inf (p <= 0) or +inf (p >= 1).
double kc_normal_eval_quantile(double p);
/// The number below which a share p of what lies between lower and upper lies, lower < upper.
///
/// Computed on the side of the nearer tail, where a probability near 1 keeps no digits; stays
/// within the ends.
/// @valid ends within 38 of 0; further out, where no number is left between them, the nearer end
double kc_normal_eval_truncated(double p, double lower, double upper);
