// Motion of fibre and activation: against GSL's adaptive integrator and against manufactured
// solutions, over the whole grid of activation, length and velocity.
#include "muscle_rig.h"
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <stdlib.h>
#include <string.h>

static double one(real x) { return kc_get(x, KC_LANES - 1); }

enum { N_GRID = 50 };
static double grid(int i, double lower, double upper) {
  return lower + (upper - lower) * i / (N_GRID - 1);
}

// a path and an activation that move, for references
typedef struct {
  kc_muscle_numbers numbers;
  const kc_muscle *muscle;
  double middle, sweep; // of the path's length, m
  double excitation;    // of the activation's own test
} motion;

static double path_at(const motion *m, double t) {
  return m->middle + m->sweep * (sin(8.9 * t + 0.4) + 0.31 * sin(23.7 * t));
}
static double activation_at(double t) { return 0.43 + 0.37 * sin(17.3 * t - 0.6); }

static motion motion_make(int kind, double sweep) {
  const kc_muscle *m = &rig_muscle[kind];
  return (motion){.numbers = rig_load(m),
                  .muscle = m,
                  .middle = rig_length(m, 0.98, 0.35),
                  .sweep = sweep * m->optimal_fibre_length};
}

static int fibre_rate(double t, const double y[], double rate[], void *params) {
  const motion *m = params;
  real v = kc_muscle_compute_rate(&m->numbers, kc_real(activation_at(t)), kc_real(y[0]),
                                  kc_real(path_at(m, t)));
  rate[0] = m->muscle->max_velocity * one(v);
  return GSL_SUCCESS;
}

static int activation_rate(double t, const double y[], double rate[], void *params) {
  const motion *m = params;
  (void)t;
  rate[0] = one(kc_muscle_activation_rate(&m->numbers, kc_real(m->excitation), kc_real(y[0])));
  return GSL_SUCCESS;
}

// y after `until` seconds
static double integrate(int (*rate)(double, const double[], double[], void *), motion *m, double y,
                        double until) {
  gsl_odeiv2_system system = {rate, NULL, 1, m};
  gsl_odeiv2_driver *driver =
      gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rk8pd, 1e-5, 1e-11, 1e-11);
  double t = 0;
  assert_int_equal(gsl_odeiv2_driver_apply(driver, &t, until, &y), GSL_SUCCESS);
  gsl_odeiv2_driver_free(driver);
  return y;
}

// the same by steps, from the fibre's own velocity
static double step_through(const motion *m, double y, double until, int n) {
  real l = kc_real(y), h = kc_real(until / n);
  real v =
      kc_muscle_compute_rate(&m->numbers, kc_real(activation_at(0)), l, kc_real(path_at(m, 0)));
  for (int i = 1; i <= n; i++) {
    double t = until * i / n;
    l = kc_muscle_step_fibre(&m->numbers, h, kc_real(activation_at(t)), kc_real(path_at(m, t)), l,
                             &v);
  }
  return one(l);
}

static void second_order(void **state) {
  (void)state;
  for (int kind = 0; kind < N_KIND; kind++) {
    motion m = motion_make(kind, 0.09);
    double start = one(kc_muscle_compute_balance(&m.numbers, kc_real(activation_at(0)),
                                                 kc_real(path_at(&m, 0)), kc_real(0)));
    double want = integrate(fibre_rate, &m, start, 0.2), error[4];
    for (int k = 0; k < 4; k++)
      error[k] = fabs(step_through(&m, start, 0.2, 200 << k) - want);
    print_message("%s: errors %.2e %.2e %.2e %.2e\n", m.muscle->name, error[0], error[1], error[2],
                  error[3]);
    assert_near(error[1], 0.0, 1e-4); // 0.5 ms
    for (int k = 0; k < 3; k++)
      assert_true(error[k + 1] < 0.33 * error[k] + 1e-9);
  }
}

// isometric: after half a second the fibre stands where the closed form has the path
static void isometric(void **state) {
  (void)state;
  for (int kind = 0; kind < N_KIND; kind++)
    for (double a = 0.0317; a < 1; a += 0.121) {
      const kc_muscle *m = &rig_muscle[kind];
      kc_muscle_numbers n = rig_load(m);
      double l = 0.917;
      kc_muscle_forces at =
          kc_muscle_compute_forces(&n, kc_real(a), kc_real(l), kc_real(0), kc_real(0));
      double L = rig_length(m, l, a * one(at.active) * one(at.velocity) + one(at.passive));
      real fibre = kc_real(l * 0.93), v = kc_real(0);
      for (int i = 0; i < 4000; i++)
        fibre = kc_muscle_step_fibre(&n, kc_real(0.0005), kc_real(a), kc_real(L), fibre, &v);
      assert_near(one(fibre), l, 1e-8);
      assert_near(one(v), 0.0, 1e-8);
      assert_near(one(kc_muscle_compute_balance(&n, kc_real(a), kc_real(L), kc_real(0))), l, 1e-9);
    }
}

// isokinetic: the path is made so that the fibre moves at v; force is the closed form's
static void isokinetic(void **state) {
  (void)state;
  for (int kind = 0; kind < N_KIND; kind++)
    for (double speed = -0.83; speed < 0.9; speed += 0.1713) {
      const kc_muscle *m = &rig_muscle[kind];
      kc_muscle_numbers n = rig_load(m);
      double a = 0.73, h = 0.0005, start = speed < 0 ? 1.13 : 0.79, worst = 0;
      real l = kc_real(start), v = kc_real(speed), stiffness;
      for (int i = 1; i <= 60; i++) {
        double want = start + speed * m->max_velocity * h * i;
        if (want < 0.6 || want > 1.4)
          break;
        kc_muscle_forces at =
            kc_muscle_compute_forces(&n, kc_real(a), kc_real(want), kc_real(speed), kc_real(0));
        double f = a * one(at.active) * one(at.velocity) + one(at.passive) + m->damping * speed;
        double L = rig_length(m, want, f);
        l = kc_muscle_step_fibre(&n, kc_real(h), kc_real(a), kc_real(L), l, &v);
        double got = one(kc_muscle_compute_tension(&n, l, kc_real(L), &stiffness));
        worst = fmax(worst, fabs(got / one(n.force) - f * one(at.cosine)));
      }
      assert_near(worst, 0.0, 2e-4);
    }
}

// force after an implicit step from rest whose balance is found by halving, by the laws themselves;
// NaN beyond the largest velocity
static double step_by_halving(const kc_muscle_numbers *n, double a, real L, double l, double h) {
  double slow = -2, fast = 2, force = 0;
  for (int i = 0; i < 60; i++) {
    double v = 0.5 * (slow + fast);
    real to = kc_real(l + h * one(n->max_velocity) * 2 * v / 3);
    kc_muscle_forces f = kc_muscle_compute_forces(n, kc_real(a), to, kc_real(v), L);
    force = one(f.force);
    if (one(f.fibre_force * f.cosine) > force)
      fast = v;
    else
      slow = v;
  }
  return fabs(slow) < 1 ? force : nan("");
}

// force predicted over a horizon, and its slope over the activation, against that
static void prediction(void **state) {
  (void)state;
  const double h = 1e-4, step = 0.004;
  double missed = 0, worst = 0;
  int n_case = 0;
  for (int kind = 0; kind < N_KIND; kind++)
    for (double before = 0.1; before < 0.96; before += 0.1) // activation so far, at rest
      for (double l = 0.7; l < 1.31; l += 0.1)
        for (double a = fmax(before - 0.3, 0.02); a < fmin(before + 0.31, 0.999); a += 0.0999) {
          kc_muscle_numbers n = rig_load(&rig_muscle[kind]);
          kc_muscle_forces at =
              kc_muscle_compute_forces(&n, kc_real(before), kc_real(l), kc_real(0), kc_real(0));
          double rest = before * one(at.active) * one(at.velocity) + one(at.passive);
          real L = kc_real(rig_length(&rig_muscle[kind], l, rest)), slope;
          real force = kc_muscle_predict_force(&n, kc_real(step), kc_real(a), L, kc_real(l),
                                               kc_real(0), &slope);
          double less = step_by_halving(&n, a - h, L, l, step);
          double more = step_by_halving(&n, a + h, L, l, step), size = one(n.force);
          if (isnan(less) || isnan(more))
            continue;
          n_case++;
          missed = fmax(missed, fabs(one(force) - 0.5 * (less + more)) / size);
          worst = fmax(worst, fabs(one(slope) - (more - less) / (2 * h)) / size);
          assert_true(one(slope) >= 0.0);
        }
  print_message("force within %.5f, slope over activation within %.4f of the largest force\n",
                missed, worst);
  assert_true(missed < 0.002 && worst < 0.2 && n_case > 1000);
}

// quick release: the path shortens at once by a part of the tendon's strain
static void quick_release(void **state) {
  (void)state;
  for (int kind = 0; kind < N_KIND; kind++) {
    motion m = motion_make(kind, 0.0);
    double start = one(kc_muscle_compute_balance(&m.numbers, kc_real(activation_at(0)),
                                                 kc_real(m.middle), kc_real(0)));
    m.middle -= 0.02 * m.muscle->tendon_slack_length;
    for (double until = 0.01; until < 0.09; until *= 2) {
      double want = integrate(fibre_rate, &m, start, until);
      assert_near(step_through(&m, start, until, (int)lrint(until / 0.0005)), want, 1e-3);
      assert_near(step_through(&m, start, until, (int)lrint(until / 0.00005)), want, 3e-5);
    }
  }
}

static void activation(void **state) {
  (void)state;
  motion m = motion_make(0, 0.0);
  for (double a = 0.013; a < 1; a += 0.197)
    for (double e = 0; e <= 1; e += 0.125) {
      m.excitation = e;
      double want = integrate(activation_rate, &m, a, 0.04), error[2];
      for (int k = 0; k < 2; k++) {
        real x = kc_real(a);
        int n = k ? 320 : 80;
        for (int i = 0; i < n; i++)
          x = kc_muscle_step_activation(&m.numbers, kc_real(0.04 / n), kc_real(e), x);
        error[k] = fabs(one(x) - want);
      }
      assert_near(error[0], 0.0, 1e-3);
      assert_true(error[1] < 0.3 * error[0] + 1e-9);
      // any step stays between, and long ones arrive
      double last = a;
      for (double h = 1e-4; h < 1e3; h *= 3) {
        double x = one(kc_muscle_step_activation(&m.numbers, kc_real(h), kc_real(e), kc_real(a)));
        assert_true(fabs(e - x) <= fabs(e - last) + 1e-15 && (e - x) * (e - a) >= -1e-15);
        last = x;
      }
      real x = kc_real(a);
      for (int i = 0; i < 60; i++)
        x = kc_muscle_step_activation(&m.numbers, kc_real(1e3), kc_real(e), x);
      assert_near(one(x), e, 1e-9);
    }
  // the named times at a = 1/3, where both factors are 1
  assert_near(one(kc_muscle_activation_rate(&m.numbers, kc_real(0.83), kc_real(1.0 / 3))),
              100 * (0.83 - 1.0 / 3), 0.01 * 50);
  assert_near(one(kc_muscle_activation_rate(&m.numbers, kc_real(0), kc_real(1.0 / 3))), -25 / 3.0,
              0.01 * 8.4);
}

// residual of the balance, over the largest force
static double residual(const kc_muscle *m, const kc_muscle_numbers *n, real a, real l, real v,
                       real L, int lane) {
  kc_muscle_forces f = kc_muscle_compute_forces(n, a, l, v, L);
  double active = kc_get(a, lane) * kc_get(f.active, lane) * kc_get(f.velocity, lane);
  double fibre = active + kc_get(f.passive, lane) + m->damping * kc_get(v, lane);
  return fibre * kc_get(f.cosine, lane) - kc_get(f.force, lane) / kc_get(n->force, lane);
}

// one kind of muscle at the points of the grid: number `first` and on, one in each lane
typedef struct {
  const kc_muscle *muscle;
  kc_muscle_numbers numbers;
  real activation, fibre, velocity;
} points;

static void points_set(points *p, int first) {
  for (int lane = 0; lane < KC_LANES; lane++) {
    int i = first + lane;
    kc_set(&p->activation, lane, grid(i / (N_GRID * N_GRID), 0.01, 1));
    double l = grid(i / N_GRID % N_GRID, 0.4, 1.8), least = kc_get(p->numbers.least, lane);
    kc_set(&p->fibre, lane, fmax(l, least));
    kc_set(&p->velocity, lane, grid(i % N_GRID, -1, 1));
  }
}

// path lengths at which the fibres bear `force` and a part that goes with their velocity
static real points_length(const points *p, double force, double part) {
  real length = kc_real(0.0);
  for (int lane = 0; lane < KC_LANES; lane++) {
    double share = 0.5 + 0.5 * kc_get(p->velocity, lane);
    kc_set(&length, lane, rig_length(p->muscle, kc_get(p->fibre, lane), force + part * share));
  }
  return length;
}

// a start in balance at every point, and the exact rate there
static void starts_on_the_whole_grid(void **state) {
  (void)state;
  for (int kind = 0; kind < N_KIND; kind++) {
    const kc_muscle *m = &rig_muscle[kind];
    points p = {.muscle = m, .numbers = rig_load(m)};
    for (int i = 0; i < N_GRID * N_GRID * N_GRID; i += KC_LANES) {
      points_set(&p, i);
      real L = points_length(&p, 0.0, 0.13), a = p.activation;
      real speed = p.velocity * (m->max_velocity * m->optimal_fibre_length);
      real l = kc_muscle_compute_balance(&p.numbers, a, L, speed);
      real rate = kc_muscle_compute_rate(&p.numbers, a, l, L);
      real cosine = kc_muscle_compute_forces(&p.numbers, a, l, rate, L).cosine;
      for (int lane = 0; lane < KC_LANES; lane++) {
        double least = kc_get(p.numbers.least, lane), at = kc_get(l, lane);
        assert_true(at >= least && at <= 3.0);
        double left = residual(m, &p.numbers, a, l, p.velocity * cosine, L, lane);
        if (at <= least * (1 + 1e-9)) { // slack at the shortest fibre
          assert_true(left >= -1e-9);
          continue;
        }
        assert_near(left, 0.0, 1e-9);
        assert_near(residual(m, &p.numbers, a, l, rate, L, lane), 0.0, 1e-9);
      }
    }
  }
}

// most changes of direction of the fibres in 20 steps at a path at rest, started out of balance
static int count_turns(const points *p, double step, double force) {
  real L = points_length(p, force, 0.4), l = p->fibre, v = p->velocity, stiffness;
  real before = kc_real(0.0), last = l;
  int turns[KC_LANES] = {0}, most = 0;
  for (int s = 0; s < 20; s++) {
    last = l;
    l = kc_muscle_step_fibre(&p->numbers, kc_real(step), p->activation, L, l, &v);
    real tension = kc_muscle_compute_tension(&p->numbers, l, L, &stiffness), change = l - last;
    for (int lane = 0; lane < KC_LANES; lane++) {
      double f = kc_get(tension, lane), c = kc_get(change, lane);
      assert_true(f >= 0 && isfinite(f) && isfinite(kc_get(stiffness, lane)));
      assert_true(isfinite(kc_get(l, lane)) && fabs(kc_get(v, lane)) < 2.1);
      turns[lane] += s > 1 && c * kc_get(before, lane) < 0 && fabs(c) > 1e-5;
    }
    before = change;
  }
  for (int lane = 0; lane < KC_LANES; lane++)
    most = turns[lane] > most ? turns[lane] : most;
  return most;
}

// from every point: finite, never a push, no ringing
static void steps_on_the_whole_grid(void **state) {
  (void)state;
  const double step[] = {0.0005, 0.001}, force[] = {-0.01, 0.6};
  for (int kind = 0; kind < N_KIND; kind++) {
    points p = {.muscle = &rig_muscle[kind], .numbers = rig_load(&rig_muscle[kind])};
    for (int k = 0; k < 4; k++) {
      int most = 0;
      for (int i = 0; i < N_GRID * N_GRID * N_GRID; i += KC_LANES) {
        points_set(&p, i);
        int turns = count_turns(&p, step[k % 2], force[k / 2]);
        most = turns > most ? turns : most;
      }
      if (most > 2)
        fail_msg("%s at %g s, force %g: %d turns", p.muscle->name, step[k % 2], force[k / 2], most);
    }
  }
}

static void finite_for_every_input(void **state) {
  (void)state;
  const double wild[] = {NAN, INFINITY, -INFINITY, 1e300, -1e300, 0.0, -0.0, 1e-310, 0.7};
  enum { N = sizeof wild / sizeof *wild };
  kc_muscle_numbers n = rig_load(&rig_muscle[0]);
  for (int i = 0; i < N * N * N * N; i++) {
    real a = kc_real(wild[i % N]), l = kc_real(wild[i / N % N]);
    real v = kc_real(wild[i / N / N % N]), L = kc_real(wild[i / N / N / N]);
    kc_muscle_forces f = kc_muscle_compute_forces(&n, a, l, v, L);
    kc_muscle_capacity can = kc_muscle_compute_capacity(&n, l, v);
    assert_true(one(f.force) >= 0 && one(f.fibre_force) >= 0 && one(can.capacity) >= 0);
    double sum = one(f.force) + one(f.stiffness) + one(f.fibre_force) + one(f.cosine) +
                 one(f.active) + one(f.passive) + one(f.velocity) + one(can.passive) +
                 one(kc_muscle_compute_rate(&n, a, l, L)) +
                 one(kc_muscle_compute_balance(&n, a, L, v)) +
                 one(kc_muscle_tendon_energy(&n, l, L)) + one(kc_muscle_activation_rate(&n, l, a)) +
                 one(kc_muscle_step_activation(&n, kc_real(0.0005), l, a)) +
                 one(kc_muscle_step_fibre(&n, kc_real(0.0005), a, L, l, &v)) + one(v);
    assert_true(isfinite(sum));
  }
}

// what one lane holds never changes a bit of another
static void a_lane_does_no_harm(void **state) {
  (void)state;
  kc_muscle_numbers n = rig_load(&rig_muscle[1]);
  for (int bad = 0; bad < KC_LANES; bad++) {
    real out[2][5];
    memset(out, 0, sizeof out);
    for (int poisoned = 0; poisoned < 2; poisoned++) {
      real a = kc_real(0.371), l = kc_real(0.931), v = kc_real(-0.217), L = kc_real(0.2093);
      if (poisoned)
        kc_set(&a, bad, NAN), kc_set(&l, bad, -INFINITY), kc_set(&v, bad, 1e300),
            kc_set(&L, bad, NAN);
      out[poisoned][0] = kc_muscle_compute_rate(&n, a, l, L);
      out[poisoned][1] = kc_muscle_compute_balance(&n, a, L, v);
      out[poisoned][2] = kc_muscle_compute_forces(&n, a, l, v, L).fibre_force;
      out[poisoned][3] = kc_muscle_step_fibre(&n, kc_real(0.0005), a, L, l, &v);
      out[poisoned][4] = v;
    }
    for (int lane = 0; lane < KC_LANES; lane++)
      for (int k = 0; k < 5 && lane != bad; k++) {
        double pair[2] = {kc_get(out[0][k], lane), kc_get(out[1][k], lane)};
        assert_memory_equal(&pair[0], &pair[1], sizeof(double));
      }
  }
}

// seven muscles side by side move as one by one
static void together_as_alone(void **state) {
  (void)state;
  enum { N = 7 };
  kc_muscle_numbers n[N];
  real a[N], L[N], l[2][N], v[2][N];
  memset(l, 0, sizeof l), memset(v, 0, sizeof v);
  for (int m = 0; m < N; m++) {
    n[m] = rig_load(&rig_muscle[m % N_KIND]), a[m] = kc_real(0.05 + 0.13 * m);
    L[m] = kc_real(rig_length(&rig_muscle[m % N_KIND], 0.7 + 0.09 * m, 0.31));
    l[0][m] = l[1][m] = kc_real(0.95), v[0][m] = v[1][m] = kc_real(0.2 - 0.07 * m);
  }
  for (int k = 0; k < 5; k++) {
    kc_muscle_step_fibres(N, n, kc_real(0.0005), a, L, l[0], v[0]);
    for (int m = 0; m < N; m++)
      l[1][m] = kc_muscle_step_fibre(&n[m], kc_real(0.0005), a[m], L[m], l[1][m], &v[1][m]);
  }
  assert_memory_equal(l[0], l[1], sizeof l[0]);
  assert_memory_equal(v[0], v[1], sizeof v[0]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(second_order),
      cmocka_unit_test(isometric),
      cmocka_unit_test(isokinetic),
      cmocka_unit_test(prediction),
      cmocka_unit_test(quick_release),
      cmocka_unit_test(activation),
      cmocka_unit_test(starts_on_the_whole_grid),
      cmocka_unit_test(steps_on_the_whole_grid),
      cmocka_unit_test(finite_for_every_input),
      cmocka_unit_test(a_lane_does_no_harm),
      cmocka_unit_test(together_as_alone),
  };
  gsl_set_error_handler_off();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
