/// @file
/// The low-pass filter of gait laboratories: Butterworth, forward and backward.
#pragma once

/// Filters a signal in place by a second-order Butterworth low-pass, once forward and once
/// backward.
///
/// Together of fourth order and without delay. Each pass has gain 1/sqrt(2) at the cut-off, both
/// together 1/2; the usual filtfilt, without Winter's correction of the cut-off for two passes.
/// Before its first and after its last value the signal counts as constant.
/// @param x       [in,out] (n) samples at even times
/// @param rate    samples per second (> 0)
/// @param cutoff  Hz
/// @valid  0 < cutoff < rate / 2; n >= 0
/// @source Winter 2009, Biomechanics and Motor Control of Human Movement, 3.4.4; coefficients by
/// the
///         bilinear transform with the cut-off prewarped
void kc_lab_filter_lowpass(double *x, int n, double rate, double cutoff);
