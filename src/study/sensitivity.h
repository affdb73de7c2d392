/// @file
/// How much of what a sweep measured comes from which factor.
///
/// Sobol' indices, from the points A, B, AB_i of a Saltelli design (f centred on its mean; V over
/// A and B together):
///   first_i = mean f(B) (f(AB_i) - f(A)) / V     share of the variance that factor i makes alone
///   total_i = mean (f(A) - f(AB_i))^2 / (2 V)    ... and in company with others
/// Morris: an elementary effect is the change of f over the change of the factor's share; mu* the
/// mean of their sizes, mu their mean, sigma their standard deviation (interaction or curvature).
/// Intervals: percentiles of a bootstrap over rows, or trajectories. Rows of a Sobol design are
/// more even than random ones, so that their intervals are wider than they need be. Rows with a run
/// that gave no number (one fell) are left out, and counted: what is left may be a biased part of
/// the design. Sources: Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018, table 2 (b) and (f),
/// the latter Jansen 1999; Campolongo, Cariboni and Saltelli 2007,
/// doi:10.1016/j.envsoft.2006.10.004 (mu*).
#pragma once
#include "study/points.h"

/// A number and where its bootstrap samples lie.
typedef struct {
  double value, lower, upper;
} kc_estimate;

/// Sobol' indices of one factor.
typedef struct {
  kc_estimate first, total;
  int n_row; ///< that count for both
} kc_sobol_index;

/// Morris' figures of one factor, in the unit of f per whole range of the factor.
typedef struct {
  kc_estimate mu_star;
  double mu, sigma;
  int n_effect; ///< that count
} kc_morris_effect;

/// How intervals are found.
typedef struct {
  int n_sample; ///< bootstrap samples; 0 = none: intervals are NAN
  double level; ///< share of the samples within, such as 0.95
  unsigned long long seed;
} kc_bootstrap;

/// 1000 samples, 95 %, seed 1.
kc_bootstrap kc_sensitivity_default_bootstrap(void);
/// From what the runs of a sweep gave to what its points gave: the mean over the virtual runners of
/// a point, NAN where one of them gave none. A row of a Saltelli design with a point without a
/// number becomes NAN as a whole: so the figures of all factors come from the same rows.
///
/// @param run   (n_point x n_replicate) NAN, or not finite, where a run gave none
/// @param point [out] (n_point)
/// @return rows, or trajectories, of which every point has a number
int kc_sensitivity_average_runs(const kc_points *points, const double *run, int n_replicate,
                                double *point);
/// Sobol' indices of what the runs of a Saltelli design gave.
///
/// @param y      (n_point) by point; NAN where a run gave none
/// @param index  [out] (n_factor)
/// @return KC_OK; KC_ERR_INPUT for another design; KC_ERR_SINGULAR where fewer than two rows count
/// for
///         a factor, or there is no variance; KC_ERR_MEMORY
kc_status kc_sensitivity_compute_sobol(const kc_points *points, const double *y,
                                       const kc_bootstrap *bootstrap, kc_sobol_index *index,
                                       kc_error *error) KC_WARN_UNUSED;
/// Morris' figures of what the runs of a Morris design gave.
///
/// @param y      (n_point) by point; NAN where a run gave none
/// @param effect [out] (n_factor)
/// @return as kc_sensitivity_compute_sobol, but for the variance, which may be none
kc_status kc_sensitivity_compute_morris(const kc_points *points, const double *y,
                                        const kc_bootstrap *bootstrap, kc_morris_effect *effect,
                                        kc_error *error) KC_WARN_UNUSED;
