// Metabolic power against the laws written out plainly, and work of fibres and tendons against each
// other.
#include "force/metabolic.lane.h"
#include "muscle_rig.h"
#include <string.h>

#define N_CASE 6

static double one(real x) { return kc_get(x, 0); }

// a state of a muscle, plain
typedef struct {
  double u, a, l, v; // v over max_velocity
} plain;

static const plain grid_of[N_CASE] = {
    {0.371, 0.371, 0.823, 0},     {0.62, 0.413, 1.137, -0.213}, {0.117, 0.529, 0.931, -0.487},
    {0.83, 0.791, 1.273, 0.1391}, {0.029, 0.353, 0.447, 0.317}, {0.983, 0.977, 1.0, -0.0317},
};

static double muscle_mass(const kc_muscle *m) {
  return 1059.7 * m->max_isometric_force / m->specific_tension * m->optimal_fibre_length;
}

typedef struct {
  double force, isometric, active, fibre_force; // N, N, 1, N
} forces;

static forces forces_at(const kc_muscle *m, const plain *x) {
  kc_muscle_numbers n = rig_load(m);
  kc_muscle_forces f = kc_muscle_compute_forces(&n, kc_real(x->a), kc_real(x->l), kc_real(x->v),
                                                kc_real(m->tendon_slack_length));
  double F0 = m->strength * m->max_isometric_force, active = one(f.active);
  return (forces){F0 * x->a * active * one(f.velocity), F0 * x->a * active, active,
                  one(f.fibre_force)};
}

static double lines(double l) {
  const double x[] = {0, 0.5, 1, 1.5, 9}, y[] = {0.5, 0.5, 1, 0, 0};
  int i = 0;
  while (l > x[i + 1])
    i++;
  return y[i] + (y[i + 1] - y[i]) * (l - x[i]) / (x[i + 1] - x[i]);
}

static double plain_bhargava(const kc_muscle *m, const plain *x, double parts[4]) {
  forces f = forces_at(m, x);
  double mass = muscle_mass(m), r = m->slow_fraction, quarter = acos(0) * x->u;
  double s = sin(quarter), c = 1 - cos(quarter);
  double speed = x->v * m->max_velocity * m->optimal_fibre_length; // m/s
  parts[0] = mass * (40 * r * s + 133 * (1 - r) * c);
  parts[1] = mass * lines(x->l) * (74 * r * s + 111 * (1 - r) * c);
  parts[2] = speed < 0 ? -(0.16 * f.isometric + 0.18 * f.force) * speed : -0.157 * f.force * speed;
  parts[3] = -f.force * speed;
  double heat = parts[0] + parts[1] + parts[2];
  if (heat + parts[3] < 0)
    heat = -parts[3];
  return fmax(heat, mass) + parts[3];
}

static double plain_umberger(const kc_muscle *m, const plain *x, double parts[4]) {
  forces f = forces_at(m, x);
  double mass = muscle_mass(m), r = m->slow_fraction, vmax = m->max_velocity;
  double A = x->u > x->a ? x->u : (x->u + x->a) / 2, v = x->v * vmax; // lopt/s
  double slow = 100 / (vmax / 2.5), fast = 153 / vmax;
  parts[0] = 1.5 * (128 * (1 - r) + 25) * pow(A, 0.6) * mass;
  if (x->l > 1)
    parts[0] *= 0.4 + 0.6 * f.active;
  parts[1] = 0;
  if (v < 0)
    parts[2] = 1.5 * A * A * (r * fmin(-slow * v, 100) - fast * v * (1 - r)) * mass;
  else
    parts[2] = 1.5 * A * 0.3 * slow * v * mass;
  if (x->l > 1)
    parts[2] *= f.active;
  parts[3] = v < 0 ? -f.force * v * m->optimal_fibre_length : 0;
  return fmax(parts[0] + parts[2], mass) + parts[3];
}

// the program's: input as kc_metabolic_compute would make it
static kc_metabolic_input input_of(const kc_muscle *m, const plain *x) {
  forces f = forces_at(m, x);
  return (kc_metabolic_input){.excitation = kc_real(x->u),
                              .activation = kc_real(x->a),
                              .sine = kc_real(sin(acos(0) * x->u)),
                              .fall = kc_real(1 - cos(acos(0) * x->u)),
                              .fibre = kc_real(x->l),
                              .rate = kc_real(x->v),
                              .active = kc_real(f.active),
                              .isometric = kc_real(f.isometric),
                              .force = kc_real(f.force)};
}

static void check_parts(const kc_metabolic_parts *got, const double want[4], double power,
                        double mass) {
  const real part[] = {got->activation, got->maintenance, got->shortening, got->work};
  for (int i = 0; i < 4; i++)
    assert_near(one(part[i]) / mass, want[i] / mass, 1e-6);
  assert_near(one(got->power) / mass, power / mass, 1e-6);
}

static void laws_as_published(void **state) {
  (void)state;
  for (int kind = 0; kind < N_KIND; kind++)
    for (int i = 0; i < N_CASE; i++) {
      const kc_muscle *m = &rig_muscle[kind];
      kc_metabolic_numbers n;
      for (int lane = 0; lane < KC_LANES; lane++)
        kc_metabolic_load_muscle(&n, lane, m);
      assert_near(one(n.mass), muscle_mass(m), 1e-12);
      kc_metabolic_input in = input_of(m, &grid_of[i]);
      kc_metabolic_parts got[2] = {kc_metabolic_eval_bhargava(&n, &in),
                                   kc_metabolic_eval_umberger(&n, &in)};
      double want[4], power = plain_bhargava(m, &grid_of[i], want);
      check_parts(&got[0], want, power, one(n.mass));
      power = plain_umberger(m, &grid_of[i], want);
      check_parts(&got[1], want, power, one(n.mass));
    }
}

// soleus at rest at optimal length, half excited: figures worked by hand
static void isometric_by_hand(void **state) {
  (void)state;
  const kc_muscle *m = &rig_muscle[0];
  kc_metabolic_numbers n;
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_metabolic_load_muscle(&n, lane, m);
  plain x = {0.5, 0.5, 1, 0};
  kc_metabolic_input in = input_of(m, &x);
  // sin 45 deg = 0.7071: 40 0.803 0.7071 + 133 0.197 0.2929; 74 and 111 likewise; 0.5^0.6 = 0.6598
  double mass = 0.48033, A = 22.712 + 7.674, M = 42.018 + 6.405, AM = 1.5 * 50.216 * 0.65975;
  assert_near(one(n.mass), mass, 1e-4);
  assert_near(one(kc_metabolic_eval_bhargava(&n, &in).power), mass * (A + M), 0.01);
  assert_near(one(kc_metabolic_eval_umberger(&n, &in).power), mass * AM, 0.01);
}

// both laws are continuous where their pieces meet, and along v, and keep their floors
static void continuous_and_bounded(void **state) {
  (void)state;
  const kc_muscle *m = &rig_muscle[1];
  kc_metabolic_numbers n;
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_metabolic_load_muscle(&n, lane, m);
  const plain at[] = {{0.4, 0.6, 1, -0.21}, {0.4, 0.6, 0.5, 0.21}, {0.4, 0.6, 1.5, -0.1},
                      {0.4, 0.6, 0.9, 0},   {0.4, 0.6, 0.9, -0.4}, {0.6, 0.6, 1.1, -0.2}};
  const double h = 1e-9;
  for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
    plain low = at[i], high = at[i];
    low.u -= h, low.l -= h, low.v -= h, high.u += h, high.l += h, high.v += h;
    kc_metabolic_input a = input_of(m, &low), b = input_of(m, &high);
    double mass = one(n.mass);
    assert_near(one(kc_metabolic_eval_bhargava(&n, &a).power) / mass,
                one(kc_metabolic_eval_bhargava(&n, &b).power) / mass, 1e-4);
    assert_near(one(kc_metabolic_eval_umberger(&n, &a).power) / mass,
                one(kc_metabolic_eval_umberger(&n, &b).power) / mass, 1e-4);
  }
  for (int i = 0; i < 2000; i++) {
    plain x = {fmod(0.137 * i, 1), fmod(0.0717 * i, 1), 0.4 + fmod(0.0531 * i, 1.3),
               fmod(0.0937 * i, 1.9) - 1};
    kc_metabolic_input in = input_of(m, &x);
    kc_metabolic_parts b = kc_metabolic_eval_bhargava(&n, &in);
    kc_metabolic_parts u = kc_metabolic_eval_umberger(&n, &in);
    assert_true(one(b.power) >= 0 && one(b.power) - one(b.work) >= one(n.mass) * (1 - 1e-12));
    assert_true(one(u.power) - one(u.work) >= one(n.mass) * (1 - 1e-12) && one(u.work) >= 0);
  }
  plain rest = {0, 0, 1, 0};
  kc_metabolic_input in = input_of(m, &rest);
  assert_near(one(kc_metabolic_eval_bhargava(&n, &in).power), one(n.mass), 1e-12);
  assert_near(one(kc_metabolic_eval_umberger(&n, &in).power), one(n.mass), 1e-12);
}

static kc_model model_of(kc_muscle *muscle, int n) {
  return (kc_model){.n_muscle = n, .muscle = muscle};
}

// kc_metabolic_compute finds from state and tension what the laws ask for
static void computed_from_state(void **state) {
  (void)state;
  kc_muscle muscle[N_KIND];
  kc_muscle_numbers numbers[N_KIND];
  real u[N_KIND], a[N_KIND], l[N_KIND], v[N_KIND], tension[N_KIND], zero[KC_N_FLOW];
  memcpy(muscle, rig_muscle, sizeof muscle);
  kc_model model = model_of(muscle, N_KIND);
  kc_metabolic *cost = kc_metabolic_create(N_KIND);
  assert_non_null(cost);
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_metabolic_load(cost, lane, &model);
  for (int i = 0; i < N_CASE; i++) {
    const plain *x = &grid_of[i];
    double total[KC_N_FLOW] = {0}, before[KC_N_FLOW], parts[4];
    for (int k = 0; k < N_KIND; k++) {
      double sine = sin(muscle[k].pennation);
      numbers[k] = rig_load(&muscle[k]);
      u[k] = kc_real(x->u), a[k] = kc_real(x->a), l[k] = kc_real(x->l), v[k] = kc_real(x->v);
      if (x->l < 0.8) // shorter than the least of a pennate fibre may be
        l[k] = kc_real(x->l + 0.4);
      double length = one(l[k]), cosine = sqrt(length * length - sine * sine) / length;
      plain y = {x->u, x->a, length, x->v};
      tension[k] = kc_real(forces_at(&muscle[k], &y).fibre_force * cosine);
    }
    for (int k = 0; k < KC_N_FLOW; k++)
      before[k] = one(cost->total[k]), zero[k] = cost->sum[k][2];
    kc_muscle_state now = {u, a, l, v, NULL};
    kc_metabolic_compute(cost, numbers, &now, tension);
    kc_metabolic_add(cost, kc_real(0.137));
    for (int k = 0; k < N_KIND; k++) {
      plain y = {x->u, x->a, one(l[k]), x->v};
      const kc_muscle *m = &muscle[k];
      double speed = x->v * m->max_velocity * m->optimal_fibre_length;
      double power = forces_at(m, &y).fibre_force * speed;
      const double want[KC_N_FLOW] = {plain_bhargava(m, &y, parts), plain_umberger(m, &y, parts),
                                      fmax(-power, 0), fmax(power, 0)};
      for (int f = 0; f < KC_N_FLOW; f++) {
        assert_near(one(cost->rate[f][k]), want[f], 2e-6 * (1 + fabs(want[f])));
        total[f] += want[f];
      }
    }
    for (int f = 0; f < KC_N_FLOW; f++) {
      assert_near(one(cost->total_rate[f]), total[f], 1e-5 * (1 + total[f]));
      assert_near(one(cost->total[f]) - before[f], 0.137 * total[f], 1e-5 * (1 + total[f]));
      assert_near(one(cost->sum[f][2]) - one(zero[f]), 0.137 * one(cost->rate[f][2]), 1e-9);
    }
  }
  // a lane begins anew, its neighbours go on
  double kept = kc_get(cost->total[0], KC_LANES - 1);
  kc_metabolic_load(cost, 0, &model);
  assert_true(one(cost->total[0]) <= 0 && one(cost->rate[1][3]) <= 0 && one(cost->sum[0][1]) <= 0);
  assert_true(KC_LANES == 1 || kc_get(cost->total[0], KC_LANES - 1) >= kept);
  kc_metabolic_destroy(cost);
}

// path and excitation of a unit over a period of 0.35 s
static double path_at(const kc_muscle *m, double t) {
  const double w = 4 * acos(0) / 0.35;
  double middle = rig_length(m, 0.93, 0.31);
  return middle + m->optimal_fibre_length * (0.13 * sin(w * t) + 0.031 * cos(3 * w * t));
}

// over many steps: path work of the tendon's force, work of the fibre, energy of the tendon
typedef struct {
  double path, out, in, rises, falls, stored;
} works;

static works run_unit(const kc_muscle *m, double h, int n) {
  works w = {0};
  kc_muscle muscle = *m;
  kc_model model = model_of(&muscle, 1);
  kc_muscle_numbers numbers = rig_load(m);
  kc_metabolic *cost = kc_metabolic_create(1);
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_metabolic_load(cost, lane, &model);
  real a = kc_real(0.45), u = a, stiffness;
  real l = kc_muscle_compute_balance(&numbers, a, kc_real(path_at(m, 0)), kc_real(0));
  real v = kc_real(0), last = kc_real(0);
  double start = one(kc_muscle_tendon_energy(&numbers, l, kc_real(path_at(m, 0))));
  double energy = start;
  for (int i = 1; i <= n; i++) {
    double L = path_at(m, h * i), change = L - path_at(m, h * (i - 1));
    l = kc_muscle_step_fibre(&numbers, kc_real(h), a, kc_real(L), l, &v);
    real tension = kc_muscle_compute_tension(&numbers, l, kc_real(L), &stiffness);
    kc_muscle_state now = {&u, &a, &l, &v, NULL};
    kc_metabolic_compute(cost, &numbers, &now, &tension);
    kc_metabolic_add(cost, kc_real(h));
    if (i > 1)
      w.path -= 0.5 * (one(tension) + one(last)) * change;
    else
      w.path -= one(tension) * change;
    double next = one(kc_muscle_tendon_energy(&numbers, l, kc_real(L)));
    w.rises += fmax(next - energy, 0), w.falls += fmax(energy - next, 0);
    energy = next, last = tension;
  }
  w.out = one(cost->total[KC_FLOW_OUT]), w.in = one(cost->total[KC_FLOW_IN]);
  w.stored = energy - start;
  kc_metabolic_destroy(cost);
  return w;
}

// audit of a unit: what it gives is what the fibre gives less what the tendon keeps
static void unit_audit(void **state) {
  (void)state;
  for (int kind = 0; kind < 3; kind++) {
    works w = run_unit(&rig_muscle[kind], 1e-5, 80000);
    double gap = w.path - (w.out - w.in - w.stored), size = w.out + w.in + w.rises;
    print_message("%s: path %.5g J, fibre +%.5g -%.5g J, tendon %+.3g J of %.4g J stored; gap %.2g "
                  "J\n",
                  rig_muscle[kind].name, w.path, w.out, w.in, w.stored, w.rises, gap);
    assert_near(gap / size, 0, 1e-4);
    assert_true(w.rises > 0.01 && w.out > 0.01 && w.in > 0.01);
    assert_near(w.rises - w.falls, w.stored, 1e-9 * w.rises);
  }
}

// a closed cycle of the path with the fibre held: the tendon gives back all it took
static void tendon_cycle(void **state) {
  (void)state;
  const kc_muscle *m = &rig_muscle[0];
  kc_muscle_numbers n = rig_load(m);
  double work = 0, in = 0, energy, start, last_force, last = path_at(m, 0), l = 0.91;
  real stiffness;
  energy = start = one(kc_muscle_tendon_energy(&n, kc_real(l), kc_real(last)));
  last_force = one(kc_muscle_compute_tension(&n, kc_real(l), kc_real(last), &stiffness));
  for (int i = 1; i <= 20000; i++) {
    double L = path_at(m, 0.35 * i / 20000), add;
    double force = one(kc_muscle_compute_tension(&n, kc_real(l), kc_real(L), &stiffness));
    add = 0.5 * (force + last_force) * (L - last);
    work += add, in += fmax(add, 0), last = L, last_force = force;
    energy = one(kc_muscle_tendon_energy(&n, kc_real(l), kc_real(L)));
    assert_near(energy - start, work, 1e-6 * (1 + in));
  }
  assert_near(energy, start, 1e-9 * in);
  assert_true(in > 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(laws_as_published),
      cmocka_unit_test(isometric_by_hand),
      cmocka_unit_test(continuous_and_bounded),
      cmocka_unit_test(computed_from_state),
      cmocka_unit_test(unit_audit),
      cmocka_unit_test(tendon_cycle),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
