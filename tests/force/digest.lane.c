// Eight runners fall onto rough ground, in as many batches as the width asks for.
#include "digest.h"
#include "force_rig.h"

#define digest_width KC_LANE(digest)

static void take(double out[N_RUNNER][N_NUMBER], int *n, const rig_state *r, const real *x,
                 int count) {
  for (int i = 0; i < count; i++, ++*n)
    for (int lane = 0; lane < KC_LANES; lane++)
      out[r->first + lane][*n] = kc_get(x[i], lane);
}

void digest_width(double out[N_RUNNER][N_NUMBER]) {
  for (int first = 0; first < N_RUNNER; first += KC_LANES) {
    rig_state r;
    int n = 0;
    rig_create_from(&r, 3, first);
    r.step = kc_real(0.0005);
    rig_draw_state(&r, 2, 0.9);
    for (int k = 0; k < 20; k++) {
      rig_run(&r);
      for (int i = 0; i < N_JOINT; i++)
        r.v[i] += r.step * r.a[i];
      for (int i = 0; i < N_JOINT; i++)
        r.q[i] += r.step * r.v[i];
    }
    take(out, &n, &r, r.q, N_JOINT);
    for (int i = 0; i < N_SPHERE; i++)
      take(out, &n, &r, r.work->sphere_force[i].v, 3);
    take(out, &n, &r, r.work->sphere_power, N_SPHERE);
    take(out, &n, &r, r.work->band_force, N_BAND);
    take(out, &n, &r, r.work->band_power, N_BAND);
    take(out, &n, &r, r.work->passive_power, N_JOINT);
    take(out, &n, &r, r.work->foot_moment[0].v, 3);
    take(out, &n, &r, r.work->drag_force.v, 3);
    rig_destroy(&r);
  }
}
