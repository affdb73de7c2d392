// The course that bends: what is felt, as seen from it.
//
// The frame of math/bend.h that lies still where the pelvis was felt: its axes along the course, up
// and to the right. All that follows (observer, prediction, placement, stance) is worked out in it
// as on a straight course. What is compared over ticks is kept in ground axes and turned into the
// present frame, so that the turning from tick to tick makes no accelerations. Scalar, and only for
// lanes whose course bends; the others keep their bits.
#include "control/parts.lane.h"
#include "math/bend.h"

// the pelvis' coordinates and rates of one lane
static void get_root(const real *q, const real *v, int lane, double *to) {
  for (int i = 0; i < 6; i++)
    to[i] = kc_get(q[i], lane), to[6 + i] = kc_get(v[i], lane);
}

static void set_root(const double *from, int lane, real *q, real *v) {
  for (int i = 0; i < 6; i++)
    kc_set(&q[i], lane, from[i]), kc_set(&v[i], lane, from[6 + i]);
}

static void turn_lane(const kc_bend_frame *frame, int lane, kc_vec3 *vector) {
  double x[3];
  for (int i = 0; i < 3; i++)
    x[i] = kc_get(vector->v[i], lane);
  kc_bend_turn_vector(frame, x, x);
  for (int i = 0; i < 3; i++)
    kc_set(&vector->v[i], lane, x[i]);
}

static void face_lane(kc_control *c, const kc_sense *felt, int lane) {
  double now[12], before[12];
  get_root(felt->q, felt->v, lane, now);
  get_root(c->root_before, c->root_before + 6, lane, before);
  for (int i = 0; i < 12; i++)
    kc_set(&c->root_before[i], lane, now[i]);
  kc_bend_place place = kc_bend_find_place(c->bend[lane], now, c->heading[lane]);
  kc_bend_frame frame = kc_bend_make_frame(&place, now);
  c->heading[lane] = place.heading;
  kc_bend_turn_body(&frame, now, now + 6);
  kc_bend_turn_body(&frame, before, before + 6);
  set_root(now, lane, c->faced.q, c->faced.v);
  set_root(before, lane, c->q_before, c->v_before);
  for (int k = 0; k < KC_N_SIDE; k++) {
    turn_lane(&frame, lane, &c->faced.foot_force[k]);
    turn_lane(&frame, lane, &c->faced.foot_moment[k]);
    turn_lane(&frame, lane, &c->faced.foot_load[k]);
  }
}

const kc_sense *kc_control_face(kc_control *c, const kc_sense *felt) {
  int bends = 0;
  for (int i = 0; i < KC_LANES; i++)
    bends |= c->bend[i] != 0;
  if (!bends)
    return felt;
  real *q = c->faced.q, *v = c->faced.v;
  for (int j = 0; j < c->n; j++)
    q[j] = felt->q[j], v[j] = felt->v[j];
  c->faced = *felt;
  c->faced.q = q, c->faced.v = v;
  for (int i = 0; i < KC_LANES; i++)
    if (c->bend[i] != 0)
      face_lane(c, felt, i);
  return &c->faced;
}
