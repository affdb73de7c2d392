/// @file
/// A course that bends: where a point lies along it, and vectors and a free body as seen from it.
///
/// The course begins at the origin along +X and turns about (0, R) in (x, z), to the right for
/// R > 0; R = 0 is straight. With phi the angle that has been run through (R > 0; mirrored in z for
/// R < 0):
///   phi = atan2(x, R - z),  position = R phi,  offset = R - distance to the centre,  heading = phi
/// A frame lies still at one place of the course, its axes along it, up and to its right; what is
/// seen from it is the same body, turned by -heading about the vertical and moved. Since the frame
/// does not move, velocities are turned and nothing more, and no inertial forces arise.
#pragma once

/// Where a point lies. Straight: heading 0, position x, offset z, exactly.
typedef struct {
  double heading;  ///< of the course there, rad from +X towards +Z; counts on from lap to lap
  double position; ///< along the course, m
  double offset;   ///< to the right of the course, m
} kc_bend_place;

/// A frame at one place of a course.
typedef struct {
  int turned;          ///< 0: that of the ground, and nothing is changed by it
  double sine, cosine; ///< of the heading
  double x, z;         ///< the point that it was made for, ground, m
  double ahead, aside; ///< that point's position and offset, m
} kc_bend_frame;

/// The place of a point.
///
/// @param radius  m, right positive; 0 = straight
/// @param point   (3) m, ground
/// @param near    heading that the place's is within half a lap of, rad
/// @valid points other than the centre of the bend
kc_bend_place kc_bend_find_place(double radius, const double *point, double near);
/// The frame of a place, and of the point that lies there ((3) m, ground).
kc_bend_frame kc_bend_make_frame(const kc_bend_place *place, const double *point);
/// A vector in axes of the frame; `to` may be `from`.
void kc_bend_turn_vector(const kc_bend_frame *frame, const double *from, double *to);
/// A point as (position, height, offset); `to` may be `from`.
void kc_bend_turn_point(const kc_bend_frame *frame, const double *from, double *to);
/// Six coordinates of a free body and their rates: slides along X, Y, Z, then tilt about Z, list
/// about X, rotation about Y, so that its attitude is Rz(tilt) Rx(list) Ry(rotation).
///
/// @param q,v  [in, out] (6) rad or m, rad/s or m/s
/// @valid |list| < a right angle; rotation comes out within half a turn
void kc_bend_turn_body(const kc_bend_frame *frame, double *q, double *v);
