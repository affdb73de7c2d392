// Curves of a muscle, its forces, capacity and energy against closed forms and finite differences.
#include "force/muscle_curve.lane.h"
#include "muscle_rig.h"

static double one(real x) { return kc_get(x, KC_LANES - 1); }

static double gauss(double l, double b1, double b2, double b3, double b4) {
  double r = (l - b2) / (b3 + b4 * l);
  return b1 * exp(-0.5 * r * r);
}

static void active_curve(void **state) {
  (void)state;
  for (double l = 0.2; l < 3.0; l += 0.0137) {
    double want =
        gauss(l, 0.8150671134243542, 1.055033428970575, 0.162384573599574, 0.063303448465465) +
        gauss(l, 0.433004984392647, 0.716775413397760, -0.029947116970696, 0.200356847296188) +
        gauss(l, 0.1, 1.0, 0.353553390593274, 0.0);
    kc_muscle_curve f = kc_muscle_eval_active(kc_real(l));
    assert_near(one(f.value), want, 1e-11);
    double d = 1e-4, up = one(kc_muscle_eval_active(kc_real(l + d)).value);
    double down = one(kc_muscle_eval_active(kc_real(l - d)).value);
    assert_near(one(f.slope), (up - down) / (2 * d), 3e-5);
  }
  assert_near(one(kc_muscle_eval_active(kc_real(1.0)).value), 1.0, 0.003);
}

static void velocity_curve(void **state) {
  (void)state;
  assert_near(one(kc_muscle_eval_velocity(kc_real(-1.0)).value), 0.0, 1e-4);
  assert_near(one(kc_muscle_eval_velocity(kc_real(0.0)).value), 1.0, 1e-4);
  double last = -1e9;
  for (double v = -9.73; v < 9.9; v += 0.0517) {
    kc_muscle_curve f = kc_muscle_eval_velocity(kc_real(v));
    assert_near(one(f.value), 0.8825327733249912 - 0.3211346127989808 * asinh(-8.149 * v - 0.374),
                1e-14);
    double d = 1e-5, up = one(kc_muscle_eval_velocity(kc_real(v + d)).value);
    double down = one(kc_muscle_eval_velocity(kc_real(v - d)).value);
    assert_near(one(f.slope), (up - down) / (2 * d), 1e-7);
    assert_true(one(f.value) > last);
    last = one(f.value);
  }
}

static void passive_curve(void **state) {
  (void)state;
  for (int k = 0; k < N_KIND; k++) {
    kc_muscle_numbers n = rig_load(&rig_muscle[k]);
    double g = 4 / rig_muscle[k].passive_strain, c = exp(-0.8 * g), last = -1;
    for (double l = 0.2; l < 3.0; l += 0.0137) {
      double x = g * (l - 1), e = exp(fmin(x, 5.5)) * (1 + fmax(x - 5.5, 0));
      kc_muscle_curve f = kc_muscle_eval_passive(&n, kc_real(l));
      assert_near(one(f.value), (e - c) / (exp(4) - c), 1e-10 * (1 + one(f.value)));
      assert_true(one(f.value) > last && one(f.value) >= -1e-13);
      last = one(f.value);
      double d = 1e-4, up = one(kc_muscle_eval_passive(&n, kc_real(l + d)).value);
      double down = one(kc_muscle_eval_passive(&n, kc_real(l - d)).value);
      assert_near(one(f.slope), (up - down) / (2 * d), 2e-2 * d * g * g * (1 + one(f.value)));
    }
    double strained = 1 + rig_muscle[k].passive_strain;
    assert_near(one(kc_muscle_eval_passive(&n, kc_real(strained)).value), 1.0, 1e-10);
  }
}

static void tendon_curve(void **state) {
  (void)state;
  assert_near(one(kc_muscle_eval_tendon(kc_real(log(6))).value), 1.0, 1e-10);
  assert_true(one(kc_muscle_eval_tendon(kc_real(0)).value) == 0.0);
  double last = 0;
  for (double y = -0.31; y < 5; y += 0.00137) {
    kc_muscle_curve f = kc_muscle_eval_tendon(kc_real(y));
    assert_near(rig_tendon_strain(one(f.value)), fmax(y, 0), 1e-9);
    assert_true(one(f.value) >= last && one(f.value) >= 0);
    last = one(f.value);
    if (fabs(y) < 1e-4)
      continue;
    double d = 1e-5, up = one(kc_muscle_eval_tendon(kc_real(y + d)).value);
    double down = one(kc_muscle_eval_tendon(kc_real(y - d)).value);
    assert_near(one(f.slope), (up - down) / (2 * d), 3e-5);
  }
}

static void exponential_and_logarithm(void **state) {
  (void)state;
  for (double x = -599.3; x < 599; x += 0.0937) {
    double want = exp(x);
    assert_near(one(kc_math_exp(kc_real(x))) / want, 1.0, 5e-12);
  }
  const double far[] = {-1e300, -INFINITY, NAN};
  for (int i = 0; i < 3; i++)
    assert_true(one(kc_math_exp(kc_real(far[i]))) < 1e-260);
  assert_true(isfinite(one(kc_math_exp(kc_real(INFINITY)))));
  for (double x = 1; x < 1e9; x *= 1.00117)
    assert_near(one(kc_math_log_rough(kc_real(x))), log(x), 1e-8);
}

// energy by finite differences over the path: its derivative is the force, whose is the stiffness
static void energy_and_stiffness(void **state) {
  (void)state;
  for (int k = 0; k < N_KIND; k++) {
    const kc_muscle *m = &rig_muscle[k];
    kc_muscle_numbers n = rig_load(m);
    double F0 = m->strength * m->max_isometric_force;
    real l = kc_real(0.937), stiffness, ignored;
    for (double f = 0.00317; f < 6; f *= 1.213) {
      double L = rig_length(m, 0.937, f), d = 1e-5 * m->tendon_slack_length;
      double force = one(kc_muscle_compute_tension(&n, l, kc_real(L), &stiffness));
      double up = one(kc_muscle_compute_tension(&n, l, kc_real(L + d), &ignored));
      double down = one(kc_muscle_compute_tension(&n, l, kc_real(L - d), &ignored));
      assert_near(one(stiffness), (up - down) / (2 * d), 1e-3 * one(stiffness));
      up = one(kc_muscle_tendon_energy(&n, l, kc_real(L + d)));
      down = one(kc_muscle_tendon_energy(&n, l, kc_real(L - d)));
      assert_near(force, (up - down) / (2 * d), 1e-5 * F0);
    }
    double slack = rig_length(m, 0.937, 0) - 0.01 * m->tendon_slack_length;
    assert_near(one(kc_muscle_tendon_energy(&n, l, kc_real(slack))), 0.0, 1e-11 * F0);
  }
}

static void forces_and_capacity(void **state) {
  (void)state;
  for (int k = 0; k < N_KIND; k++) {
    const kc_muscle *m = &rig_muscle[k];
    kc_muscle_numbers n = rig_load(m);
    double F0 = m->strength * m->max_isometric_force;
    for (double l = 0.52; l < 1.8; l += 0.0713)
      for (double v = -0.97; v < 1.1; v += 0.0931) {
        double a = 0.613, f = 0.371, L = rig_length(m, l, f);
        kc_muscle_forces at =
            kc_muscle_compute_forces(&n, kc_real(a), kc_real(l), kc_real(v), kc_real(L));
        double sine = sin(m->pennation) / l, cosine = sqrt(1 - sine * sine);
        assert_near(one(at.cosine), cosine, 1e-14);
        assert_near(one(at.force), F0 * f * cosine, 1e-9 * F0);
        double want = a * one(at.active) * one(at.velocity) + one(at.passive) + m->damping * v;
        assert_near(one(at.fibre_force), F0 * fmax(want, 0), 1e-12 * F0);
        kc_muscle_capacity can = kc_muscle_compute_capacity(&n, kc_real(l), kc_real(v));
        assert_near(one(can.capacity) * a + one(can.passive), F0 * want * cosine, 1e-11 * F0);
        assert_true(one(can.capacity) >= 0.0);
        real stiffness;
        assert_true(one(kc_muscle_compute_tension(&n, kc_real(l), kc_real(L), &stiffness)) ==
                    one(at.force));
        assert_true(one(stiffness) == one(at.stiffness));
      }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(active_curve),
      cmocka_unit_test(velocity_curve),
      cmocka_unit_test(passive_curve),
      cmocka_unit_test(tendon_curve),
      cmocka_unit_test(exponential_and_logarithm),
      cmocka_unit_test(energy_and_stiffness),
      cmocka_unit_test(forces_and_capacity),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
