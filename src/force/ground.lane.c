// Height and slope of the ground y = h(x, z) of force/ground.h at one point per lane:
//
//   h     = grade x + camber z + sum_k a_k sin(kx_k x + kz_k z + phase_k)
//   dh/dx = grade  + sum_k a_k kx_k cos(...),   dh/dz = camber + sum_k a_k kz_k cos(...)
// The number of waves is topology: a plane calls no elementary function. A lane with fewer waves
// than the topology carries waves of amplitude zero.
#include "force/force_parts.lane.h"

void kc_force_load_ground(kc_force *force, int lane, const kc_ground *ground) {
  kc_set(&force->grade, lane, ground->grade);
  kc_set(&force->camber, lane, ground->camber);
  kc_set(&force->friction, lane, ground->friction);
  kc_set(&force->slip_speed, lane, ground->slip_speed);
  for (int k = 0; k < force->n_wave; k++) {
    int there = k < ground->n_wave;
    kc_set(&force->wave[k].amplitude, lane, there ? ground->amplitude[k] : 0.0);
    kc_set(&force->wave[k].kx, lane, there ? ground->kx[k] : 0.0);
    kc_set(&force->wave[k].kz, lane, there ? ground->kz[k] : 0.0);
    kc_set(&force->wave[k].phase, lane, there ? ground->phase[k] : 0.0);
  }
}

void kc_ground_compute_height(const kc_force *force, real x, real z, real *height, real *slope_x,
                              real *slope_z) {
  real h = force->grade * x + force->camber * z;
  real hx = force->grade;
  real hz = force->camber;
  for (int k = 0; k < force->n_wave; k++) {
    const force_wave *wave = &force->wave[k];
    real s, c;
    kc_sincos(wave->kx * x + wave->kz * z + wave->phase, &s, &c);
    h += wave->amplitude * s;
    hx += wave->amplitude * wave->kx * c;
    hz += wave->amplitude * wave->kz * c;
  }
  *height = h, *slope_x = hx, *slope_z = hz;
}
