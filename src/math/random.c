/// @file
/// Numbered random streams (see random.h).
///
///   xoshiro256**:  out = rotl(5 s1, 7) 9; the state moves by shifts and xors alone
///   SplitMix64:    s += golden; out = mix(s)
///   Box-Muller:    r = sqrt(-2 ln u1), x = r cos(2 pi u2), y = r sin(2 pi u2), 0 < u1 <= 1
/// Sources: prng.di.unimi.it (both generators, public domain); Box and Muller 1958.
#include "math/random.h"
#include <math.h>
#include <sleef.h>

static uint64_t mix_next(uint64_t *s) {
  uint64_t z = *s += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static uint64_t rotate_left(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

kc_random kc_random_default(uint64_t seed, uint64_t index) {
  // both numbers are mixed before they meet, or stream 1 of seed 2 would be stream 2 of seed 1
  uint64_t a = seed, b = index ^ 0x6b696e636861696eu;
  uint64_t s = mix_next(&a) ^ rotate_left(mix_next(&b), 23);
  kc_random random = {.spare = 0, .has_spare = 0};
  for (int i = 0; i < 4; i++)
    random.state[i] = mix_next(&s);
  return random;
}

uint64_t kc_random_eval_bits(kc_random *random) {
  uint64_t *s = random->state;
  uint64_t out = rotate_left(s[1] * 5, 7) * 9, t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left(s[3], 45);
  return out;
}

double kc_random_eval_uniform(kc_random *random) {
  return (double)(kc_random_eval_bits(random) >> 11) * 0x1p-53;
}

double kc_random_eval_normal(kc_random *random) {
  if (random->has_spare) {
    random->has_spare = 0;
    return random->spare;
  }
  double u = 1 - kc_random_eval_uniform(random);
  double angle = 6.283185307179586476925 * kc_random_eval_uniform(random);
  double r = sqrt(-2 * Sleef_cinz_logd1_u10purec(u));
  Sleef_double_2 sc = Sleef_cinz_sincosd1_u10purec(angle);
  random->spare = r * sc.x;
  random->has_spare = 1;
  return r * sc.y;
}
