/// @file
/// Places and frames of a course that bends (see bend.h).
///
/// A free body: with R = Rz(t) Rx(l) Ry(r) and R' = Ry(heading) R, whose rows are those of R
/// turned,
///   sin l' = R'21,  t' = atan2(-R'01, R'11),  r' = atan2(-R'20, R'22)
/// and from its angular velocity, turned likewise,
///   dr' = (-wx sin t' + wy cos t') / cos l',  dl' = wx cos t' + wy sin t',  dt' = wz - dr' sin l'.
/// Sine, cosine and arc tangent are SLEEF's, so that a course has the same bits everywhere.
#include "math/bend.h"
#include <math.h>
#include <sleef.h>

static const double turn = 6.283185307179586;

kc_bend_place kc_bend_find_place(double radius, const double *point, double near) {
  double x = point[0], z = point[2];
  if (radius == 0)
    return (kc_bend_place){0, x, z};
  double side = radius < 0 ? -1 : 1, size = side * radius;
  double across = size - side * z; // from the centre towards the start
  double angle = side * Sleef_cinz_atan2d1_u10purec(x, across);
  angle += turn * floor((near - angle) / turn + 0.5);
  return (kc_bend_place){angle, radius * angle, side * (size - sqrt(x * x + across * across))};
}

static void find_sincos(double angle, double *sine, double *cosine) {
  Sleef_double_2 s = Sleef_cinz_sincosd1_u10purec(angle);
  *sine = s.x, *cosine = s.y;
}

kc_bend_frame kc_bend_make_frame(const kc_bend_place *place, const double *point) {
  int turned = place->heading != 0 || place->position != point[0] || place->offset != point[2];
  kc_bend_frame f = {turned, 0, 1, point[0], point[2], place->position, place->offset};
  if (turned)
    find_sincos(place->heading, &f.sine, &f.cosine);
  return f;
}

void kc_bend_turn_vector(const kc_bend_frame *f, const double *from, double *to) {
  double x = from[0], z = from[2];
  to[1] = from[1];
  to[0] = f->turned ? f->cosine * x + f->sine * z : x;
  to[2] = f->turned ? f->cosine * z - f->sine * x : z;
}

void kc_bend_turn_point(const kc_bend_frame *f, const double *from, double *to) {
  if (!f->turned) {
    for (int i = 0; i < 3; i++)
      to[i] = from[i];
    return;
  }
  const double way[3] = {from[0] - f->x, from[1], from[2] - f->z};
  kc_bend_turn_vector(f, way, to);
  to[0] += f->ahead, to[2] += f->aside;
}

/// Attitude as columns (axes of the body in ground), and angular velocity.
static void find_motion(const double *angle, const double *rate, double axis[3][3], double *spin) {
  double st, ct, sl, cl, sr, cr;
  find_sincos(angle[0], &st, &ct);
  find_sincos(angle[1], &sl, &cl);
  find_sincos(angle[2], &sr, &cr);
  const double column[3][3] = {{ct * cr - st * sl * sr, st * cr + ct * sl * sr, -cl * sr},
                               {-st * cl, ct * cl, sl},
                               {ct * sr + st * sl * cr, st * sr - ct * sl * cr, cl * cr}};
  for (int k = 0; k < 3; k++)
    for (int i = 0; i < 3; i++)
      axis[k][i] = column[k][i];
  spin[0] = rate[1] * ct - rate[2] * st * cl;
  spin[1] = rate[1] * st + rate[2] * ct * cl;
  spin[2] = rate[0] + rate[2] * sl;
}

void kc_bend_turn_body(const kc_bend_frame *f, double *q, double *v) {
  if (!f->turned)
    return;
  double axis[3][3], spin[3];
  kc_bend_turn_point(f, q, q);
  kc_bend_turn_vector(f, v, v);
  find_motion(q + 3, v + 3, axis, spin);
  for (int k = 0; k < 3; k++)
    kc_bend_turn_vector(f, axis[k], axis[k]);
  kc_bend_turn_vector(f, spin, spin);
  double st, ct, cl = sqrt(axis[1][0] * axis[1][0] + axis[1][1] * axis[1][1]);
  q[3] = Sleef_cinz_atan2d1_u10purec(-axis[1][0], axis[1][1]);
  q[4] = Sleef_cinz_atan2d1_u10purec(axis[1][2], cl);
  q[5] = Sleef_cinz_atan2d1_u10purec(-axis[0][2], axis[2][2]);
  st = -axis[1][0] / cl, ct = axis[1][1] / cl;
  v[5] = (spin[1] * ct - spin[0] * st) / cl;
  v[4] = spin[0] * ct + spin[1] * st;
  v[3] = spin[2] - v[5] * axis[1][2];
}
