/// @file
/// The ground: a smooth surface y = h(x, z), the same numbers for scenario, contact and controller.
///
///   h = grade x + camber z + sum_k amplitude_k sin(kx_k x + kz_k z + phase_k)
/// Waves come from `course` (regular waves, seeded roughness); n_wave is topology.
#pragma once

/// Most waves of a ground.
enum { KC_MAX_WAVE = 16 };

typedef struct {
  double grade;  ///< rise per metre forward (tangent), positive uphill
  double camber; ///< rise per metre to the right (tangent)
  int n_wave;
  double amplitude[KC_MAX_WAVE];           ///< m
  double kx[KC_MAX_WAVE], kz[KC_MAX_WAVE]; ///< rad/m
  double phase[KC_MAX_WAVE];               ///< rad
  double stiffness_scale;                  ///< factor on the spheres' stiffness (1 = running track)
  double damping_scale;                    ///< factor on the spheres' dissipation
  double friction;                         ///< Coulomb coefficient
  double slip_speed;                       ///< regularisation speed of friction, m/s (> 0)
} kc_ground;

/// Level, firm ground: friction 0.8 (numbers.md A8), slip speed 0.05 m/s (a choice: under load a
/// foot creeps at about slip speed times the used share of friction).
kc_ground kc_ground_default(void);
/// Adds `n` waves of wavelengths between shortest and longest (m), RMS height rms (m), directions,
/// lengths and phases from `seed`. Reproducible to the bit (own generator, SLEEF).
/// At most KC_MAX_WAVE waves in all: what does not fit is left out, and the RMS is that of the
/// rest. Lengths > 0, shortest <= longest. Law and source at the head of ground.c.
void kc_ground_add_roughness(kc_ground *ground, int n, double rms, double shortest, double longest,
                             unsigned long long seed);
