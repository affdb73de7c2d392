// The numbers of a ground: level and firm by default, and seeded roughness as a sum of waves.
//
//   h = sum_k a_k sin(kx_k x + kz_k z + phase_k),   sum_k a_k^2 / 2 = rms^2
// Wavelengths are spread evenly over log(longest / shortest), one in each of n equal parts, at a
// random place within its part; directions and phases are uniform. The amplitude goes with the
// square root of the wavelength: with wavelengths even in their logarithm this is a displacement
// spectrum falling with the square of the spatial frequency, as ISO 8608 gives for rough tracks
// (waviness 2). Random numbers: SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195).
#include "force/ground.h"
#include <math.h>
#include <sleef.h>

static const double two_pi = 6.283185307179586;

kc_ground kc_ground_default(void) {
  kc_ground ground = {
      .stiffness_scale = 1.0, .damping_scale = 1.0, .friction = 0.8, .slip_speed = 0.05};
  return ground;
}

// the next 64 bits of SplitMix64
static unsigned long long draw_bits(unsigned long long *state) {
  unsigned long long z = (*state += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

// uniform in [0, 1), all 53 bits
static double draw_uniform(unsigned long long *state) {
  return (double)(draw_bits(state) >> 11) * 0x1p-53;
}

void kc_ground_add_roughness(kc_ground *ground, int n, double rms, double shortest, double longest,
                             unsigned long long seed) {
  int first = ground->n_wave;
  if (n > KC_MAX_WAVE - first)
    n = KC_MAX_WAVE - first;
  if (n <= 0)
    return;

  double log_shortest = Sleef_cinz_logd1_u10purec(shortest);
  double log_span = Sleef_cinz_logd1_u10purec(longest) - log_shortest;
  double sum = 0.0;
  for (int i = 0; i < n; i++) {
    int k = first + i;
    double part = (i + draw_uniform(&seed)) / n;
    double length = Sleef_cinz_expd1_u10purec(log_shortest + log_span * part);
    double direction = two_pi * draw_uniform(&seed);
    Sleef_double_2 turn = Sleef_cinz_sincosd1_u10purec(direction);
    ground->kx[k] = two_pi / length * turn.y;
    ground->kz[k] = two_pi / length * turn.x;
    ground->phase[k] = two_pi * draw_uniform(&seed);
    ground->amplitude[k] = sqrt(length);
    sum += 0.5 * length;
  }

  // amplitudes that give the height asked for
  double scale = rms / sqrt(sum);
  for (int i = 0; i < n; i++)
    ground->amplitude[first + i] *= scale;
  ground->n_wave = first + n;
}
