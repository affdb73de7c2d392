// Energies beside the mechanics, by lane and since the last sample.
#include "sim/energy.lane.h"
#include "base/block.h"

static kc_energy *lay_out(kc_block *block, const kc_energy *shape) {
  kc_energy e = *shape;
  size_t n_band = (size_t)e.n_band;
  kc_energy *energy = kc_block_take(block, 1, sizeof *energy);
  e.band_out = kc_block_take(block, n_band, sizeof *e.band_out);
  e.band_in = kc_block_take(block, n_band, sizeof *e.band_in);
  e.band_moment = kc_block_take(block, n_band * (size_t)e.n_hip, sizeof *e.band_moment);
  e.tendon = kc_block_take(block, (size_t)e.n_muscle, sizeof *e.tendon);
  if (energy)
    *energy = e;
  return energy;
}

kc_energy *kc_energy_create(const kc_model *model, int n_muscle) {
  kc_energy shape = {.n_band = model->n_band, .n_muscle = n_muscle, .since_tick = kc_real(0.0)};
  shape.n_hip = kc_model_find_hips(model, shape.hip);
  kc_block block = {0};
  lay_out(&block, &shape);
  if (kc_block_create(&block) != KC_OK)
    return NULL;
  kc_energy *energy = lay_out(&block, &shape);
  if (!n_muscle)
    return energy;
  energy->metabolic = kc_metabolic_create(n_muscle);
  if (energy->metabolic)
    return energy;
  kc_block_destroy(energy);
  return NULL;
}

void kc_energy_destroy(kc_energy *energy) {
  if (!energy)
    return;
  kc_metabolic_destroy(energy->metabolic);
  kc_block_destroy(energy);
}

void kc_energy_load(kc_energy *energy, int lane, const kc_model *model) {
  if (energy->metabolic)
    kc_metabolic_load(energy->metabolic, lane, model);
  for (int i = 0; i < energy->n_band; i++)
    kc_set(&energy->band_out[i], lane, 0), kc_set(&energy->band_in[i], lane, 0);
}

void kc_energy_account(kc_energy *energy, const kc_force_work *work, real time) {
  const real zero = kc_real(0.0);
  for (int i = 0; i < energy->n_band; i++) {
    energy->band_out[i] += time * kc_max(work->band_power[i], zero);
    energy->band_in[i] += time * kc_max(zero - work->band_power[i], zero);
  }
}

void kc_energy_begin_tick(kc_energy *energy, const kc_muscle_set *muscles,
                          const kc_muscle_state *state, const kc_muscle_work *work, real tick) {
  energy->since_tick = kc_real(0.0);
  if (!energy->metabolic)
    return;
  kc_metabolic_add(energy->metabolic, tick);
  kc_metabolic_compute(energy->metabolic, kc_muscle_set_numbers(muscles), state, work->tension);
}

void kc_energy_prepare(kc_energy *energy, const kc_tree *tree, const kc_body_work *body,
                       const kc_force *force, const kc_force_work *force_work,
                       const kc_muscle_set *muscles, const kc_muscle_state *state,
                       const kc_muscle_work *muscle_work) {
  kc_force_compute_band_moments(force, energy->n_hip, energy->hip, tree, body, force_work,
                                energy->band_moment);
  for (int i = 0; i < energy->n_muscle; i++)
    energy->tendon[i] = kc_muscle_tendon_energy(&kc_muscle_set_numbers(muscles)[i], state->fibre[i],
                                                muscle_work->path->length[i]);
}

static const double *put(const real *from, int n, int lane, double factor, double **buffer) {
  double *to = *buffer;
  for (int i = 0; i < n; i++)
    to[i] = factor * kc_get(from[i], lane);
  *buffer += n;
  return to;
}

// means of one flow since the last sample, the begun tick included
static const double *put_flow(const kc_energy *e, int flow, int lane, double since,
                              double **buffer) {
  const kc_metabolic *m = e->metabolic;
  double *to = *buffer, part = kc_get(e->since_tick, lane);
  for (int i = 0; i < e->n_muscle; i++) {
    double sum = kc_get(m->sum[flow][i], lane) + part * kc_get(m->rate[flow][i], lane);
    to[i] = since > 0 ? sum / since : 0;
  }
  *buffer += e->n_muscle;
  return to;
}

static double total_of(const kc_energy *e, int flow, int lane) {
  const kc_metabolic *m = e->metabolic;
  double part = kc_get(e->since_tick, lane);
  return kc_get(m->total[flow], lane) + part * kc_get(m->total_rate[flow], lane);
}

void kc_energy_sample_totals(const kc_energy *energy, int lane, kc_sample *sample) {
  if (!energy->metabolic)
    return;
  sample->metabolic_energy[KC_LAW_bhargava] = total_of(energy, KC_FLOW_BHARGAVA, lane);
  sample->metabolic_energy[KC_LAW_umberger] = total_of(energy, KC_FLOW_UMBERGER, lane);
  sample->fibre_work_out = total_of(energy, KC_FLOW_OUT, lane);
  sample->fibre_work_in = total_of(energy, KC_FLOW_IN, lane);
}

double *kc_energy_sample(const kc_energy *energy, int lane, double since, int brief, double *buffer,
                         kc_sample *sample) {
  const kc_energy *e = energy;
  double share = since > 0 ? 1 / since : 0;
  sample->band_power_out = put(e->band_out, e->n_band, lane, share, &buffer);
  sample->band_power_in = put(e->band_in, e->n_band, lane, share, &buffer);
  sample->band_hip_moment = put(e->band_moment, e->n_band * e->n_hip, lane, 1, &buffer);
  if (!e->metabolic)
    return buffer;
  sample->tendon_energy = put(e->tendon, e->n_muscle, lane, 1, &buffer);
  kc_energy_sample_totals(e, lane, sample);
  if (brief)
    return buffer;
  sample->metabolic_power = put_flow(e, KC_FLOW_BHARGAVA, lane, since, &buffer);
  (void)put_flow(e, KC_FLOW_UMBERGER, lane, since, &buffer);
  sample->fibre_power_out = put_flow(e, KC_FLOW_OUT, lane, since, &buffer);
  sample->fibre_power_in = put_flow(e, KC_FLOW_IN, lane, since, &buffer);
  return buffer;
}

void kc_energy_clear(kc_energy *energy, int lane, int brief) {
  kc_metabolic *m = energy->metabolic;
  for (int i = 0; i < energy->n_band; i++)
    kc_set(&energy->band_out[i], lane, 0), kc_set(&energy->band_in[i], lane, 0);
  // what has passed of this tick was handed out; the tick is added as a whole at its end
  double part = kc_get(energy->since_tick, lane);
  for (int k = 0; m && !brief && k < KC_N_FLOW; k++)
    for (int i = 0; i < m->n; i++)
      kc_set(&m->sum[k][i], lane, -part * kc_get(m->rate[k][i], lane));
}

void kc_energy_hold_instant(kc_energy *energy, const kc_muscle_set *muscles,
                            const kc_muscle_state *state, const kc_muscle_work *muscle_work,
                            const kc_force_work *force_work, real time) {
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_energy_clear(energy, lane, 0);
  kc_energy_account(energy, force_work, time);
  kc_energy_begin_tick(energy, muscles, state, muscle_work, kc_real(0.0));
  if (energy->metabolic)
    kc_metabolic_add(energy->metabolic, time);
}

size_t kc_energy_sample_size(const kc_energy *energy) {
  return (size_t)(energy->n_band * (2 + energy->n_hip) + 5 * energy->n_muscle);
}
