/// @file
/// Energy of a stride from the recording.
///
/// Sums since the start are read at the ends of the stride by straight lines; means since the last
/// sample count with the part of their interval that lies within. Power about a joint is
/// generalized force times velocity at the samples, the positive part of its straight lines
/// integrated by the trapezoidal rule; a hip's source is the sum over its three coordinates.
/// Tendons are elastic by their law and lose nothing. The Achilles tendon is the sum of the three
/// tendons that make it.
#include "gait/energy.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_CHUNK = 64 };               // elements worked on side by side
static const double rest_rate = 1.2; // W/kg (numbers.md A9)

// last sample at or before a time, so that there is one after it
static int find_sample(const kc_recording *r, double time) {
  int low = 0, high = r->n_sample - 1;
  while (high - low > 1) {
    int middle = (low + high) / 2;
    if (r->time[middle] <= time)
      low = middle;
    else
      high = middle;
  }
  return low;
}

static double share_at(const kc_recording *r, int i, double time) {
  double share = (time - r->time[i]) / (r->time[i + 1] - r->time[i]);
  return share < 0 ? 0 : share > 1 ? 1 : share;
}

// of two numbers; more(x, 0) is 0 where x is not a number
static double more(double a, double b) { return a > b ? a : b; }
static double less(double a, double b) { return a < b ? a : b; }

static double value_at(const kc_recording *r, kc_channel channel, int element, double time) {
  int i = find_sample(r, time);
  double a = kc_record_get(r, channel, i, element), b = kc_record_get(r, channel, i + 1, element);
  return a + share_at(r, i, time) * (b - a);
}

static double change(const kc_recording *r, kc_channel channel, int element, double from,
                     double to) {
  return value_at(r, channel, element, to) - value_at(r, channel, element, from);
}

// integrals of n elements of a channel of means since the last sample
static void integrate_each(const kc_recording *r, kc_channel channel, int first, int n, double from,
                           double to, double *sum) {
  double mean[N_CHUNK];
  for (int k = 0; k < n; k++)
    sum[k] = 0;
  for (int i = find_sample(r, from); i + 1 < r->n_sample && r->time[i] < to; i++) {
    double time = more(less(r->time[i + 1], to) - more(r->time[i], from), 0);
    kc_record_get_range(r, channel, i + 1, first, n, mean);
    for (int k = 0; k < n; k++)
      sum[k] += time * mean[k];
  }
}

double kc_gait_integrate(const kc_recording *recording, kc_channel channel, int element,
                         double from, double to) {
  double sum;
  integrate_each(recording, channel, element, 1, from, to, &sum);
  return sum;
}

void kc_gait_sum_changes(const kc_recording *recording, kc_channel channel, int n,
                         const int *element, double from, double to, double *rise, double *fall) {
  const kc_recording *r = recording;
  double last = 0;
  *rise = *fall = 0;
  for (int k = 0; k < n; k++)
    last += value_at(r, channel, element[k], from);
  for (int i = find_sample(r, from) + 1; i < r->n_sample; i++) {
    int end = r->time[i] >= to || i == r->n_sample - 1;
    double now = 0;
    for (int k = 0; k < n; k++)
      now += end ? value_at(r, channel, element[k], to) : kc_record_get(r, channel, i, element[k]);
    *rise += more(now - last, 0), *fall += more(last - now, 0);
    last = now;
    if (end)
      break;
  }
}

// the same for each of n elements
static void sum_changes_each(const kc_recording *r, kc_channel channel, int first, int n,
                             double from, double to, double *rise, double *fall) {
  double last[N_CHUNK], now[N_CHUNK];
  for (int k = 0; k < n; k++) {
    rise[k] = fall[k] = 0;
    last[k] = value_at(r, channel, first + k, from);
  }
  for (int i = find_sample(r, from) + 1; i < r->n_sample; i++) {
    int end = r->time[i] >= to || i == r->n_sample - 1;
    kc_record_get_range(r, channel, i, first, n, now);
    for (int k = 0; k < n && end; k++)
      now[k] = value_at(r, channel, first + k, to);
    for (int k = 0; k < n; k++) {
      rise[k] += more(now[k] - last[k], 0), fall[k] += more(last[k] - now[k], 0);
      last[k] = now[k];
    }
    if (end)
      break;
  }
}

// the time around toe-off
static void find_toe_off(const kc_gait_stride *s, double *from, double *to) {
  *from = s->off - 0.2 * (s->off - s->strike);
  *to = s->off + 0.2 * (s->next - s->off);
}

// of n bands
static void compute_bands(const kc_recording *r, int first, int n, const kc_gait_stride *stride,
                          kc_gait_elastic *e) {
  double from = stride->strike, to = stride->next;
  double out[N_CHUNK], in[N_CHUNK], rise[N_CHUNK], fall[N_CHUNK], toe_off[N_CHUNK];
  integrate_each(r, KC_CHANNEL_band_power_out, first, n, from, to, out);
  integrate_each(r, KC_CHANNEL_band_power_in, first, n, from, to, in);
  sum_changes_each(r, KC_CHANNEL_band_energy, first, n, from, to, rise, fall);
  find_toe_off(stride, &from, &to);
  integrate_each(r, KC_CHANNEL_band_power_out, first, n, from, to, toe_off);
  for (int k = 0; k < n; k++) {
    double lost = (in[k] - out[k]) - (rise[k] - fall[k]);
    e[k] = (kc_gait_elastic){out[k], in[k], rise[k], fall[k], lost, toe_off[k]};
  }
}

kc_gait_elastic kc_gait_compute_band(const kc_recording *recording, int band,
                                     const kc_gait_stride *stride) {
  kc_gait_elastic e;
  compute_bands(recording, band, 1, stride, &e);
  return e;
}

static void add_elastic(kc_gait_elastic *sum, const kc_gait_elastic *e) {
  sum->out += e->out, sum->in += e->in, sum->lost += e->lost;
  sum->rise += e->rise, sum->fall += e->fall, sum->toe_off += e->toe_off;
}

static int is_of_side(const char *name, kc_side side) {
  size_t n = strlen(name);
  return n > 2 && strcmp(name + n - 2, side == KC_RIGHT ? "_r" : "_l") == 0;
}

// groups of bands: those of all slings, and of this leg those whose names begin so
enum { GROUP_SLINGS, GROUP_PLANTAR, GROUP_ILIOTIBIAL, N_GROUP };
static const char *const group_begin[N_GROUP] = {NULL, "plantar_fascia", "iliotibial"};

static int is_in_group(const kc_band *band, int group, kc_side side) {
  const char *begin = group_begin[group];
  if (!begin)
    return band->sling[0] != 0;
  return strncmp(band->name, begin, strlen(begin)) == 0 && is_of_side(band->name, side);
}

// sums over groups, and how many bands each has
static void sum_bands(const kc_recording *r, const kc_gait_stride *s, kc_gait_elastic sum[N_GROUP],
                      int n[N_GROUP]) {
  kc_gait_elastic e[N_CHUNK];
  for (int g = 0; g < N_GROUP; g++)
    sum[g] = (kc_gait_elastic){0}, n[g] = 0;
  for (int first = 0; first < r->model->n_band; first += N_CHUNK) {
    int left = r->model->n_band - first, count = left < N_CHUNK ? left : N_CHUNK;
    compute_bands(r, first, count, s, e);
    for (int k = 0; k < count; k++)
      for (int g = 0; g < N_GROUP; g++)
        if (is_in_group(&r->model->band[first + k], g, s->side))
          add_elastic(&sum[g], &e[k]), n[g]++;
  }
}

// what acts about a joint: all slings together, or one band from 0 on
enum { SOURCE_MUSCLE = -3, SOURCE_PASSIVE, SOURCE_SLINGS };

static double power_about(const kc_recording *r, int from, int joint, int sample) {
  double v = kc_record_get(r, KC_CHANNEL_v, sample, joint), moment = 0;
  if (from == SOURCE_MUSCLE)
    return v * kc_record_get(r, KC_CHANNEL_torque, sample, joint);
  if (from == SOURCE_PASSIVE)
    return v * kc_record_get(r, KC_CHANNEL_torque_passive, sample, joint);
  int first = from < 0 ? 0 : from, end = from < 0 ? r->model->n_band : from + 1;
  for (int h = 0; h < r->n_hip; h++)
    for (int b = first; b < end && r->hip_joint[h] == joint; b++)
      if (from >= 0 || r->model->band[b].sling[0])
        moment += kc_record_get(r, KC_CHANNEL_band_hip_moment, sample, b * r->n_hip + h);
  return v * moment;
}

static double power_of(const kc_recording *r, int from, int n, const int *joint, int sample) {
  double sum = 0;
  for (int k = 0; k < n; k++)
    sum += power_about(r, from, joint[k], sample);
  return sum;
}

// positive part of a straight line from a to b over a time
static double positive_part(double a, double b, double time) {
  if (a >= 0 && b >= 0)
    return 0.5 * time * (a + b);
  if (a <= 0 && b <= 0)
    return 0;
  double most = more(a, b);
  return 0.5 * time * most * most / fabs(a - b);
}

// positive work of a source about the joints between two times
static double work_about(const kc_recording *r, int what, int n, const int *joint, double from,
                         double to) {
  int first = find_sample(r, from);
  double sum = 0, b = power_of(r, what, n, joint, first);
  for (int i = first; i + 1 < r->n_sample && r->time[i] < to; i++) {
    double a = b;
    b = power_of(r, what, n, joint, i + 1);
    double begin = share_at(r, i, from), end = share_at(r, i, to);
    double step = r->time[i + 1] - r->time[i];
    sum += positive_part(a + begin * (b - a), a + end * (b - a), more(end - begin, 0) * step);
  }
  return sum;
}

static void fill_cost(const kc_recording *r, const kc_gait_stride *s, kc_gait_energy *e) {
  if (r->width[KC_CHANNEL_metabolic_energy] == 0 || !(s->way > 0))
    return;
  double way = r->model->mass * s->way, rest = rest_rate * (s->next - s->strike) / s->way;
  e->cost_net_bhargava =
      change(r, KC_CHANNEL_metabolic_energy, KC_LAW_bhargava, s->strike, s->next) / way;
  e->cost_net_umberger =
      change(r, KC_CHANNEL_metabolic_energy, KC_LAW_umberger, s->strike, s->next) / way;
  e->cost_gross_bhargava = e->cost_net_bhargava + rest;
  e->cost_gross_umberger = e->cost_net_umberger + rest;
}

static void fill_work(const kc_recording *r, const kc_gait_stride *s, kc_gait_energy *e) {
#define PART(name, group)                                                                          \
  e->name##_out = change(r, KC_CHANNEL_work_positive, KC_POWER_##group, s->strike, s->next);       \
  e->name##_in = e->name##_out - change(r, KC_CHANNEL_work, KC_POWER_##group, s->strike, s->next);
  PART(muscle, muscle)
  PART(motor, actuator)
  PART(passive, passive)
  PART(contact, contact)
#undef PART
  if (r->model->n_muscle == 0)
    return;
  e->fibre_out = change(r, KC_CHANNEL_fibre_work_out, 0, s->strike, s->next);
  e->fibre_in = change(r, KC_CHANNEL_fibre_work_in, 0, s->strike, s->next);
  e->tendon_stored = e->tendon_returned = 0;
  double rise[N_CHUNK], fall[N_CHUNK];
  for (int first = 0; first < r->model->n_muscle; first += N_CHUNK) {
    int left = r->model->n_muscle - first, n = left < N_CHUNK ? left : N_CHUNK;
    sum_changes_each(r, KC_CHANNEL_tendon_energy, first, n, s->strike, s->next, rise, fall);
    for (int k = 0; k < n; k++)
      e->tendon_stored += rise[k], e->tendon_returned += fall[k];
  }
}

// on the straight line from sample i to the next
static double value_between(const kc_recording *r, kc_channel channel, int element, int i,
                            double time) {
  double share = share_at(r, i, time), a = kc_record_get(r, channel, i, element);
  double b = share > 0 ? kc_record_get(r, channel, i + 1, element) : a;
  return share < 1 ? a + share * (b - a) : b;
}

// by the trapezoidal rule over straight lines between samples
static double integrate_lines(const kc_recording *r, kc_channel channel, int element, double from,
                              double to) {
  double sum = 0;
  for (int i = find_sample(r, from); i + 1 < r->n_sample && r->time[i] < to; i++) {
    double begin = more(r->time[i], from), end = less(r->time[i + 1], to);
    double a = value_between(r, channel, element, i, begin);
    double b = value_between(r, channel, element, i, end);
    sum += 0.5 * (a + b) * more(end - begin, 0);
  }
  return sum;
}

static void fill_nodes(const kc_recording *r, const kc_gait_stride *s, kc_gait_energy *e) {
  if (r->model->n_node > 0)
    e->node_lost = 0;
  for (int n = 0; n < r->model->n_node; n++)
    e->node_lost -= integrate_lines(r, KC_CHANNEL_node_loss, n, s->strike, s->next);
}

static void fill_bands(const kc_recording *r, const kc_gait_stride *s, kc_gait_energy *e) {
  kc_gait_elastic sum[N_GROUP];
  int n[N_GROUP];
  sum_bands(r, s, sum, n);
  const kc_gait_elastic *all = &sum[GROUP_SLINGS], *plantar = &sum[GROUP_PLANTAR];
  const kc_gait_elastic *iliotibial = &sum[GROUP_ILIOTIBIAL];
  if (n[GROUP_SLINGS])
    e->sling_out = all->out, e->sling_in = all->in, e->sling_stored = all->rise,
    e->sling_lost = all->lost;
  if (n[GROUP_PLANTAR])
    e->plantar_stored = plantar->rise, e->plantar_out = plantar->out,
    e->plantar_lost = plantar->lost, e->plantar_toe_off = plantar->toe_off;
  if (n[GROUP_ILIOTIBIAL])
    e->iliotibial_stored = iliotibial->rise, e->iliotibial_out = iliotibial->out,
    e->iliotibial_lost = iliotibial->lost, e->iliotibial_toe_off = iliotibial->toe_off;
}

static void fill_achilles(const kc_recording *r, const kc_gait_stride *s, kc_gait_energy *e) {
  static const char *const part[] = {"soleus", "gasmed", "gaslat"};
  int muscle[3], n = 0, ankle;
  double from, to, rise;
  char name[KC_NAME_SIZE];
  for (int k = 0; k < 3; k++) {
    snprintf(name, sizeof name, "%s_%c", part[k], s->side == KC_RIGHT ? 'r' : 'l');
    muscle[n] = kc_model_find_muscle(r->model, name);
    n += muscle[n] >= 0;
  }
  find_toe_off(s, &from, &to);
  if (n > 0) {
    kc_gait_sum_changes(r, KC_CHANNEL_tendon_energy, n, muscle, s->strike, s->next,
                        &e->achilles_stored, &e->achilles_returned);
    kc_gait_sum_changes(r, KC_CHANNEL_tendon_energy, n, muscle, from, to, &rise,
                        &e->achilles_toe_off);
  }
  snprintf(name, sizeof name, "ankle_angle_%c", s->side == KC_RIGHT ? 'r' : 'l');
  ankle = kc_model_find_joint(r->model, name);
  if (ankle >= 0)
    e->ankle_out = work_about(r, SOURCE_MUSCLE, 1, &ankle, s->strike, s->next);
}

static int find_hip(const kc_recording *r, kc_side side, int joint[KC_MAX_HIP]) {
  int n = 0;
  for (int h = 0; h < r->n_hip; h++)
    if (is_of_side(r->model->joint[r->hip_joint[h]].name, side))
      joint[n++] = r->hip_joint[h];
  return n;
}

double kc_gait_compute_band_hip(const kc_recording *recording, int band,
                                const kc_gait_stride *stride) {
  int joint[KC_MAX_HIP], n = find_hip(recording, stride->side, joint);
  double from, to;
  find_toe_off(stride, &from, &to);
  return work_about(recording, band, n, joint, from, to);
}

static void fill_hip(const kc_recording *r, const kc_gait_stride *s, kc_gait_energy *e) {
  int joint[KC_MAX_HIP], n = find_hip(r, s->side, joint);
  double from, to;
  if (n == 0)
    return;
  find_toe_off(s, &from, &to);
  e->hip_muscle = work_about(r, SOURCE_MUSCLE, n, joint, from, to);
  e->hip_passive = work_about(r, SOURCE_PASSIVE, n, joint, from, to);
  if (r->model->n_band == 0)
    return;
  e->hip_sling = work_about(r, SOURCE_SLINGS, n, joint, from, to);
  e->hip_sling_share = e->hip_sling / (e->hip_sling + e->hip_muscle + e->hip_passive);
}

kc_gait_energy kc_gait_compute_energy(const kc_recording *recording, const kc_gait_stride *stride) {
  kc_gait_energy e;
  double *value = (double *)&e;
  for (size_t i = 0; i < sizeof e / sizeof *value; i++)
    value[i] = (double)NAN;
  if (recording->n_sample < 2)
    return e;
  fill_cost(recording, stride, &e);
  fill_work(recording, stride, &e);
  fill_bands(recording, stride, &e);
  fill_nodes(recording, stride, &e);
  fill_achilles(recording, stride, &e);
  fill_hip(recording, stride, &e);
  return e;
}

static int compare_costs(const void *a, const void *b) {
  const kc_gait_muscle_cost *x = a, *y = b;
  if (x->cost > y->cost)
    return -1;
  if (x->cost < y->cost)
    return 1;
  return strcmp(x->name, y->name);
}

// entry of a muscle's name without its side, made where it is new
static kc_gait_muscle_cost *find_entry(kc_gait_muscle_cost *rank, int *n, const char *name) {
  char base[KC_NAME_SIZE];
  snprintf(base, sizeof base, "%s", name);
  if (is_of_side(name, KC_RIGHT) || is_of_side(name, KC_LEFT))
    base[strlen(base) - 2] = 0;
  for (int i = 0; i < *n; i++)
    if (strcmp(rank[i].name, base) == 0)
      return &rank[i];
  kc_gait_muscle_cost *entry = &rank[(*n)++];
  memcpy(entry->name, base, sizeof base);
  entry->cost = 0;
  return entry;
}

int kc_gait_rank_muscles(const kc_recording *recording, double from, kc_law law,
                         kc_gait_muscle_cost *rank) {
  const kc_recording *r = recording;
  int n = 0, n_muscle = r->model->n_muscle;
  if (r->n_sample < 2 || r->time[r->n_sample - 1] <= from)
    return 0;
  double end = r->time[r->n_sample - 1], way = change(r, KC_CHANNEL_path_position, 0, from, end);
  if (!(way > 0))
    return 0;
  for (int m = 0; m < n_muscle; m++) {
    int element = (int)law * n_muscle + m;
    double energy = kc_gait_integrate(r, KC_CHANNEL_metabolic_power, element, from, end);
    find_entry(rank, &n, r->model->muscle[m].name)->cost += energy / (r->model->mass * way);
  }
  qsort(rank, (size_t)n, sizeof *rank, compare_costs);
  return n;
}
