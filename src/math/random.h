/// @file
/// Numbered random streams: the same numbers on every machine, whatever the thread or the order.
///
/// A stream is chosen by (seed, index); runs, candidates and wave fields take their own index, so
/// that none depends on how many numbers another one drew. Generator: xoshiro256** (Blackman and
/// Vigna 2021, doi:10.1145/3460772), its state filled by SplitMix64 from both numbers. Normal
/// numbers by Box and Muller with SLEEF's reproducible log, sine and cosine: no function of the C
/// library takes part.
#pragma once
#include <stdint.h>

/// One stream. A plain value: copying it copies the point reached.
typedef struct {
  uint64_t state[4];
  double spare;       ///< second number of the last Box-Muller pair
  uint64_t has_spare; ///< 1 where spare is still to be given out
} kc_random;

/// The stream with number index of a seed, at its beginning. Any two numbers will do.
kc_random kc_random_default(uint64_t seed, uint64_t index);
/// The next 64 random bits.
uint64_t kc_random_eval_bits(kc_random *random);
/// The next number in [0, 1), a multiple of 2^-53.
double kc_random_eval_uniform(kc_random *random);
/// The next number of the normal distribution with mean 0 and standard deviation 1; |x| < 8.6.
double kc_random_eval_normal(kc_random *random);
