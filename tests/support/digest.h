/// @file
/// Numbers of some runners as one lane width computes them; the header that includes this one has
/// their counts: N_RUNNER, N_NUMBER of each, N_MOVING of each that must not be zero.
#pragma once

/// Fills the numbers of every runner, in as many batches as the width asks for.
typedef void digest(double out[N_RUNNER][N_NUMBER]);
digest digest_l1, digest_l4, digest_l8, digest_l8x;
