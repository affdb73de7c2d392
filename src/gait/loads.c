/// @file
/// Loads of steps from ticks; see loads.h for what each is.
#include "gait/loads.h"
#include <math.h>
#include <sleef.h>

static const double gravity = 9.80665, two_pi = 6.283185307179586;
enum { BAND_FROM = 10, BAND_TO = 20 }; // Hz

static double length3(const double *f) { return sqrt(f[0] * f[0] + f[1] * f[1] + f[2] * f[2]); }

static double resultant(const kc_tick *tick, int joint) {
  return length3(tick->joint_force[joint]);
}

typedef struct {
  double peak, mean, impulse, rate; // N, N, N s, N/s
} course;

// the resultant of one joint over ticks from .. to
static course follow(const kc_tick *tick, int from, int to, int joint) {
  course c = {0, 0, 0, 0};
  for (int i = from; i <= to; i++) {
    double now = resultant(&tick[i], joint);
    c.peak = now > c.peak ? now : c.peak;
    if (i == from)
      continue;
    double last = resultant(&tick[i - 1], joint), time = tick[i].time - tick[i - 1].time;
    c.impulse += 0.5 * time * (now + last);
    c.rate = fmax(c.rate, (now - last) / time);
  }
  c.mean = c.impulse / (tick[to].time - tick[from].time);
  return c;
}

static double most_torsion(const kc_tick *tick, int from, int to, int side, int joint, int net) {
  double most = 0;
  for (int i = from; i <= to; i++) {
    const kc_tick *t = &tick[i];
    most = fmax(most, fabs(net ? t->torsion_net[side][joint] : t->torsion[side][joint]));
  }
  return most;
}

static void fill_leg(const kc_tick *tick, int from, int to, int side, double weight,
                     kc_gait_loads *v) {
  int first = side * KC_N_LOAD_LEG;
#define CONTACT(name, joint)                                                                       \
  if (!isnan(tick[from].joint_force[joint][0])) {                                                  \
    course c = follow(tick, from, to, joint);                                                      \
    v->name##_contact_peak = c.peak / weight, v->name##_contact_mean = c.mean / weight;            \
    v->name##_contact_impulse = c.impulse / weight;                                                \
  }
  CONTACT(hip, first + KC_LOAD_HIP)
  CONTACT(tibiofemoral, first + KC_LOAD_TIBIOFEMORAL)
  CONTACT(patellofemoral, first + KC_LOAD_PATELLOFEMORAL)
  CONTACT(ankle, first + KC_LOAD_ANKLE)
  v->tibiofemoral_loading_rate = follow(tick, from, to, first + KC_LOAD_TIBIOFEMORAL).rate / weight;
  if (isnan(tick[from].torsion[side][0]))
    return;
#define TORSION(name)                                                                              \
  v->name##_torsion_peak = most_torsion(tick, from, to, side, KC_TORSION_##name, 0);               \
  v->name##_torsion_net_peak = most_torsion(tick, from, to, side, KC_TORSION_##name, 1);
  TORSION(hip)
  TORSION(knee)
  TORSION(ankle)
#undef TORSION
}

static void fill_spine(const kc_tick *tick, int from, int to, double weight, kc_gait_loads *v) {
  CONTACT(l5_s1, KC_LOAD_l5_s1)
  CONTACT(t12_l1, KC_LOAD_t12_l1)
#undef CONTACT
  if (isnan(tick[from].joint_force[KC_LOAD_l5_s1][0]))
    return;
  double along = 0, across = 0;
  for (int i = from; i <= to; i++) {
    const double *f = tick[i].joint_force[KC_LOAD_l5_s1];
    along = fmax(along, f[1]), across = fmax(across, sqrt(f[0] * f[0] + f[2] * f[2]));
  }
  v->l5_s1_compression_peak = along / weight, v->l5_s1_shear_peak = across / weight;
}

static double most_shock(const kc_tick *tick, int from, int to, int sensor) {
  double most = 0;
  for (int i = from; i <= to; i++)
    most = fmax(most, tick[i].shock[sensor] / gravity);
  return most;
}

// mean, slope over the index, of one sensor's course: its least-squares line
static void fit_line(const kc_tick *tick, int from, int to, int sensor, double *mean,
                     double *slope) {
  double n = to - from + 1, middle = 0.5 * (from + to), sum = 0, moment = 0;
  for (int i = from; i <= to; i++)
    sum += tick[i].shock[sensor], moment += (i - middle) * tick[i].shock[sensor];
  *mean = sum / n, *slope = moment / (n * (n * n - 1) / 12);
}

// sum over the band of the squared Fourier transform of one sensor less its line
static double band_energy(const kc_tick *tick, int from, int to, int sensor) {
  double mean, slope, energy = 0, step = tick[from + 1].time - tick[from].time;
  fit_line(tick, from, to, sensor, &mean, &slope);
  for (int f = BAND_FROM; f <= BAND_TO; f++) {
    Sleef_double_2 turn = Sleef_cinz_sincosd1_u10purec(two_pi * f * step);
    double c = 1, s = 0, even = 0, odd = 0;
    for (int i = from; i <= to; i++) {
      double x = tick[i].shock[sensor] - mean - slope * (i - 0.5 * (from + to));
      even += c * x, odd += s * x;
      double next = c * turn.y - s * turn.x;
      s = s * turn.y + c * turn.x, c = next;
    }
    energy += step * step * (even * even + odd * odd);
  }
  return energy;
}

static void fill_shock(const kc_tick *tick, int from, int to, int side, kc_gait_loads *v) {
  int shank = side == KC_RIGHT ? KC_SENSOR_shank_r : KC_SENSOR_shank_l;
  if (isnan(tick[from].shock[shank]) || isnan(tick[from].shock[KC_SENSOR_head]))
    return;
  v->shank_shock = most_shock(tick, from, to, shank);
  v->pelvis_shock = most_shock(tick, from, to, KC_SENSOR_pelvis);
  v->thorax_shock = most_shock(tick, from, to, KC_SENSOR_thorax);
  v->head_shock = most_shock(tick, from, to, KC_SENSOR_head);
  double below = to - from > 2 ? band_energy(tick, from, to, shank) : 0;
  if (below > 0)
    v->shock_transfer = band_energy(tick, from, to, KC_SENSOR_head) / below;
}

kc_gait_loads kc_gait_compute_loads(const kc_tick *tick, int n_tick, const kc_gait_contact *contact,
                                    int next, int same, double weight) {
  kc_gait_loads v;
  double *value = (double *)&v;
  for (size_t i = 0; i < sizeof v / sizeof *value; i++)
    value[i] = (double)NAN;
  int from = contact->strike_tick, off = contact->off_tick, side = (int)contact->side;
  if (off < n_tick && off > from) {
    double rate = 0;
    for (int i = from > 0 ? from : 1; i <= off; i++)
      rate = fmax(rate, (tick[i].foot_force[side][1] - tick[i - 1].foot_force[side][1]) /
                            (tick[i].time - tick[i - 1].time));
    v.loading_rate = rate / weight;
    fill_shock(tick, from, off, side, &v);
  }
  if (next < n_tick && next > from)
    fill_spine(tick, from, next, weight, &v);
  if (same < n_tick && same > from)
    fill_leg(tick, from, same, side, weight, &v);
  return v;
}

double kc_gait_compute_asymmetry(double right, double left) {
  double sum = right + left;
  if (!(fabs(sum) > 0.01 * (fabs(right) + fabs(left))))
    return (double)NAN;
  return 2 * (right - left) / sum;
}

static double correlate(double xx, double xy, double yy) {
  return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : (double)NAN;
}

kc_gait_spin kc_gait_compute_spin(const kc_recording *recording, double from) {
  const kc_recording *r = recording;
  const double none = (double)NAN;
  kc_gait_spin spin = {none, none, {none, none, none}};
  int first = 0, n = 0;
  while (first < r->n_sample && r->time[first] < from)
    first++;
  n = r->n_sample - first;
  if (n < 3 || r->width[KC_CHANNEL_part_angular_momentum] == 0)
    return spin;
  double mean[KC_N_PART] = {0}, product[KC_N_PART][KC_N_PART] = {{0}};
  for (int pass = 0; pass < 2; pass++)
    for (int i = first; i < r->n_sample; i++)
      for (int a = 0; a < KC_N_PART; a++) {
        double x = kc_record_get(r, KC_CHANNEL_part_angular_momentum, i, a);
        mean[a] += pass == 0 ? x / n : 0;
        for (int b = 0; b < KC_N_PART && pass == 1; b++)
          product[a][b] +=
              (x - mean[a]) * (kc_record_get(r, KC_CHANNEL_part_angular_momentum, i, b) - mean[b]);
      }
  const int L = KC_PART_legs, A = KC_PART_arms, T = KC_PART_trunk;
  spin.legs_with_arms = correlate(product[L][L], product[L][A], product[A][A]);
  spin.legs_with_upper = correlate(product[L][L], product[L][A] + product[L][T],
                                   product[A][A] + 2 * product[A][T] + product[T][T]);
  for (int a = 0; a < KC_N_PART; a++)
    spin.rms[a] = sqrt(product[a][a] / n + mean[a] * mean[a]);
  return spin;
}
