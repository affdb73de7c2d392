/// @file
/// Places on a bend against the circle's closed form, frames against rotation matrices, and a free
/// body there and back.
#include "math/bend.h"
#include "near.h"
#include <string.h>

static const double pi = 3.14159265358979323846;

/// The point at a way along a course of radius R and an offset to its right.
static void find_point(double R, double s, double n, double *point) {
  double phi = s / R;
  point[0] = (R - n) * sin(phi), point[1] = 0.913, point[2] = R - (R - n) * cos(phi);
}

static void test_places_on_the_circle(void **unused) {
  (void)unused;
  static const double radius[] = {20.17, -20.17, 5.03, -7.9}, way[] = {0, 0.37, 11.3, 29.71},
                      offset[] = {0, 0.413, -1.27};
  for (int i = 0; i < 4; i++)
    for (int k = 0; k < 4; k++)
      for (int j = 0; j < 3; j++) {
        double R = radius[i], point[3];
        find_point(R, way[k], offset[j], point);
        kc_bend_place place = kc_bend_find_place(R, point, way[k] / R + 2.9);
        assert_near(place.position, way[k], 1e-12 * 40);
        assert_near(place.offset, offset[j], 1e-13 * 40);
        assert_near(place.heading, way[k] / R, 1e-13);
      }
}

static void test_laps_count_on(void **unused) {
  (void)unused;
  for (int side = -1; side <= 1; side += 2) {
    double R = 6.1 * side, heading = 0, point[3];
    for (int i = 0; i <= 4000; i++) {
      double s = 0.05 * i;
      find_point(R, s, 0.2 * sin(s), point);
      kc_bend_place place = kc_bend_find_place(R, point, heading);
      heading = place.heading;
      assert_near(place.position, s, 1e-10);
    }
    assert_true(fabs(heading) > 5 * 2 * pi);
  }
}

static void test_left_is_the_mirror_image_of_right(void **unused) {
  (void)unused;
  const double right[3] = {3.17, 1, 1.91}, left[3] = {3.17, 1, -1.91};
  kc_bend_place a = kc_bend_find_place(11.3, right, 0.2), b = kc_bend_find_place(-11.3, left, -0.2);
  assert_true(a.heading == -b.heading && a.position == b.position && a.offset == -b.offset);
}

static void test_straight_changes_no_bit(void **unused) {
  (void)unused;
  double q[6] = {711.3, 0.97, -0.31, 0.1, -0.2, 7.7}, v[6] = {3.3, -0.1, 0.2, 1, 2, 3}, out[3];
  double q0[6], v0[6];
  memcpy(q0, q, sizeof q), memcpy(v0, v, sizeof v);
  kc_bend_place place = kc_bend_find_place(0, q, 1.3);
  assert_true(place.heading == 0 && place.position == q[0] && place.offset == q[2]);
  kc_bend_frame frame = kc_bend_make_frame(&place, q);
  kc_bend_turn_body(&frame, q, v);
  assert_memory_equal(q, q0, sizeof q);
  assert_memory_equal(v, v0, sizeof v);
  kc_bend_turn_point(&frame, q, out);
  assert_memory_equal(out, q, sizeof out);
}

static void test_vectors_and_points(void **unused) {
  (void)unused;
  const double heading = 0.731, at[3] = {4.1, 0.9, 2.3}, along[3] = {cos(heading), 0, sin(heading)};
  const kc_bend_place place = {heading, 17.3, -0.21};
  kc_bend_frame frame = kc_bend_make_frame(&place, at);
  double out[3], point[3];
  kc_bend_turn_vector(&frame, along, out);
  assert_near(out[0], 1, 1e-15);
  assert_near(out[2], 0, 1e-15);
  // two metres ahead, one to the right, half a metre up
  for (int i = 0; i < 3; i++)
    point[i] = at[i] + 2 * along[i];
  point[0] -= sin(heading), point[2] += cos(heading), point[1] += 0.5;
  kc_bend_turn_point(&frame, point, out);
  assert_near(out[0], 19.3, 1e-14 * 30);
  assert_near(out[1], 1.4, 1e-15);
  assert_near(out[2], 0.79, 1e-14);
}

/// R = Rz(tilt) Rx(list) Ry(rotation), by products of matrices.
static void find_attitude(const double *angle, double R[3][3]) {
  static const int axis[3] = {2, 0, 1};
  double product[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  for (int k = 0; k < 3; k++) {
    int a = axis[k], b = (a + 1) % 3, c = (a + 2) % 3;
    double turn[3][3] = {{0}}, next[3][3] = {{0}};
    turn[a][a] = 1, turn[b][b] = turn[c][c] = cos(angle[k]);
    turn[c][b] = sin(angle[k]), turn[b][c] = -sin(angle[k]);
    for (int i = 0; i < 3; i++)
      for (int j = 0; j < 3; j++)
        for (int l = 0; l < 3; l++)
          next[i][j] += product[i][l] * turn[l][j];
    memcpy(product, next, sizeof product);
  }
  memcpy(R, product, sizeof product);
}

static void test_attitude_of_a_free_body(void **unused) {
  (void)unused;
  const kc_bend_place place = {-41.37, 300, 0.4};
  double q[6] = {1, 2, 3, 0.31, -0.47, 40.9}, v[6] = {0}, before[3][3], after[3][3], turned[3][3];
  find_attitude(q + 3, before);
  kc_bend_frame frame = kc_bend_make_frame(&place, q);
  kc_bend_turn_body(&frame, q, v);
  find_attitude(q + 3, after);
  for (int k = 0; k < 3; k++) {
    double column[3] = {before[0][k], before[1][k], before[2][k]};
    kc_bend_turn_vector(&frame, column, column);
    for (int i = 0; i < 3; i++)
      turned[i][k] = column[i];
  }
  for (int i = 0; i < 9; i++)
    assert_near((&after[0][0])[i], (&turned[0][0])[i], 1e-14);
  assert_near(q[0], 300, 1e-15);
  assert_near(q[2], 0.4, 1e-15);
  assert_true(fabs(q[5]) < pi);
}

static void test_there_and_back(void **unused) {
  (void)unused;
  const double q0[6] = {7.1, 0.93, -2.2, -0.21, 0.17, 0.6},
               v0[6] = {3.1, -0.4, 0.7, 1.3, -2.2, 0.9};
  double q[6], v[6];
  memcpy(q, q0, sizeof q), memcpy(v, v0, sizeof v);
  kc_bend_place place = kc_bend_find_place(13.7, q, 0), back;
  kc_bend_frame there = kc_bend_make_frame(&place, q);
  kc_bend_turn_body(&there, q, v);
  assert_true(fabs(q[5] - q0[5]) > 0.3 && fabs(v[2] - v0[2]) > 1);
  back = (kc_bend_place){-place.heading, q0[0], q0[2]};
  kc_bend_frame home = kc_bend_make_frame(&back, q);
  kc_bend_turn_body(&home, q, v);
  for (int i = 0; i < 6; i++) {
    assert_near(q[i], q0[i], 1e-14);
    assert_near(v[i], v0[i], 1e-14);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_places_on_the_circle),
      cmocka_unit_test(test_laps_count_on),
      cmocka_unit_test(test_left_is_the_mirror_image_of_right),
      cmocka_unit_test(test_straight_changes_no_bit),
      cmocka_unit_test(test_vectors_and_points),
      cmocka_unit_test(test_attitude_of_a_free_body),
      cmocka_unit_test(test_there_and_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
