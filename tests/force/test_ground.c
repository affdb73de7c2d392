// Seeded roughness: reproducible, RMS and wavelengths as asked, room respected.
#include "force/ground.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_default_is_level(void **state) {
  (void)state;
  kc_ground ground = kc_ground_default();
  assert_true(ground.n_wave == 0 && ground.grade == 0.0 && ground.camber == 0.0);
  assert_true(ground.stiffness_scale == 1.0 && ground.damping_scale == 1.0);
  assert_true(ground.friction > 0.0 && ground.slip_speed > 0.0);
}

static void test_roughness_is_reproducible(void **state) {
  (void)state;
  kc_ground one = kc_ground_default(), two = kc_ground_default(), other = kc_ground_default();
  kc_ground_add_roughness(&one, 11, 0.0137, 0.31, 7.9, 20240917);
  kc_ground_add_roughness(&two, 11, 0.0137, 0.31, 7.9, 20240917);
  kc_ground_add_roughness(&other, 11, 0.0137, 0.31, 7.9, 20240918);
  assert_memory_equal(&one, &two, sizeof one);
  assert_true(memcmp(one.phase, other.phase, sizeof one.phase) != 0);
}

static void test_waves_are_as_asked(void **state) {
  (void)state;
  kc_ground ground = kc_ground_default();
  kc_ground_add_roughness(&ground, 13, 0.0137, 0.31, 7.9, 5);
  assert_int_equal(ground.n_wave, 13);
  double last = 0.0;
  for (int k = 0; k < 13; k++) {
    double length = 6.283185307179586 / hypot(ground.kx[k], ground.kz[k]);
    assert_true(length > last && length >= 0.31 * (1 - 1e-12) && length <= 7.9 * (1 + 1e-12));
    last = length;
  }
}

// mean square over a large patch, against the RMS asked for
static void test_rms_over_a_patch(void **state) {
  (void)state;
  kc_ground ground = kc_ground_default();
  kc_ground_add_roughness(&ground, 9, 0.0137, 0.31, 3.9, 99);
  double sum = 0.0, mean = 0.0;
  int n = 500;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      double x = 0.7931 * i, z = 0.8177 * j, h = 0.0;
      for (int k = 0; k < ground.n_wave; k++)
        h += ground.amplitude[k] * sin(ground.kx[k] * x + ground.kz[k] * z + ground.phase[k]);
      sum += h * h, mean += h;
    }
  assert_true(fabs(sqrt(sum / n / n) / 0.0137 - 1.0) < 0.02);
  assert_true(fabs(mean / n / n) < 0.02 * 0.0137);
}

static void test_room_is_respected(void **state) {
  (void)state;
  kc_ground ground = kc_ground_default();
  kc_ground_add_roughness(&ground, 7, 0.01, 0.5, 2.0, 1);
  kc_ground before = ground;
  kc_ground_add_roughness(&ground, 40, 0.02, 0.5, 2.0, 2);
  assert_int_equal(ground.n_wave, KC_MAX_WAVE);
  assert_memory_equal(ground.amplitude, before.amplitude, 7 * sizeof(double));
  double sum = 0.0;
  for (int k = 7; k < KC_MAX_WAVE; k++)
    sum += 0.5 * ground.amplitude[k] * ground.amplitude[k];
  assert_true(fabs(sqrt(sum) / 0.02 - 1.0) < 1e-14);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_default_is_level), cmocka_unit_test(test_roughness_is_reproducible),
      cmocka_unit_test(test_waves_are_as_asked), cmocka_unit_test(test_rms_over_a_patch),
      cmocka_unit_test(test_room_is_respected)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
