/// @file
/// Energies beside the mechanics: metabolic power, work of fibres and bands, what tendons store.
/// Inside of src/sim; nothing here acts on the runner.
///
/// Bands are summed at every step. Metabolic power and the power of fibres are computed at every
/// tick, after the controller, and held until the next: excitations jump there, and over a stride
/// the sum is as good as one over steps (measured: see energy.lane.c).
#pragma once
#include "force/metabolic.lane.h"
#include "record/sample.h"

typedef struct {
  int n_band, n_muscle, n_hip, hip[KC_MAX_HIP];
  kc_metabolic *metabolic;  ///< NULL without muscles
  real since_tick;          ///< s
  real *band_out, *band_in; ///< (n_band) J since the last sample: of a band, on it
  real *band_moment;        ///< (n_band x n_hip) Nm, after kc_energy_prepare
  real *tendon;             ///< (n_muscle) J, after kc_energy_prepare
} kc_energy;

#define kc_energy_create KC_LANE(kc_energy_create)
#define kc_energy_destroy KC_LANE(kc_energy_destroy)
#define kc_energy_load KC_LANE(kc_energy_load)
#define kc_energy_account KC_LANE(kc_energy_account)
#define kc_energy_begin_tick KC_LANE(kc_energy_begin_tick)
#define kc_energy_prepare KC_LANE(kc_energy_prepare)
#define kc_energy_sample KC_LANE(kc_energy_sample)
#define kc_energy_sample_totals KC_LANE(kc_energy_sample_totals)
#define kc_energy_clear KC_LANE(kc_energy_clear)
#define kc_energy_hold_instant KC_LANE(kc_energy_hold_instant)
#define kc_energy_sample_size KC_LANE(kc_energy_sample_size)

/// For a model's bands, hips and n_muscle muscles; NULL if no memory.
kc_energy *kc_energy_create(const kc_model *model, int n_muscle);
void kc_energy_destroy(kc_energy *energy);
/// Takes a model's numbers into a lane, whose sums begin at 0.
void kc_energy_load(kc_energy *energy, int lane, const kc_model *model);
/// Adds a time (s) of the bands' powers.
void kc_energy_account(kc_energy *energy, const kc_force_work *work, real time);
/// Adds the tick that has passed (s), then computes what is held over the next; nothing without
/// muscles.
void kc_energy_begin_tick(kc_energy *energy, const kc_muscle_set *muscles,
                          const kc_muscle_state *state, const kc_muscle_work *work, real tick);
/// What only samples need, in all lanes at once: band_moment, tendon.
void kc_energy_prepare(kc_energy *energy, const kc_tree *tree, const kc_body_work *body,
                       const kc_force *force, const kc_force_work *force_work,
                       const kc_muscle_set *muscles, const kc_muscle_state *state,
                       const kc_muscle_work *muscle_work);
/// Fills a sample from one lane; `since` (s, 0: none) is the time since the last one. A brief one
/// (kc_run.brief) is without powers of single muscles. Returns the rest of the buffer.
double *kc_energy_sample(const kc_energy *energy, int lane, double since, int brief, double *buffer,
                         kc_sample *sample);
/// The sums since the start alone.
void kc_energy_sample_totals(const kc_energy *energy, int lane, kc_sample *sample);
/// Begins a new interval of means in one lane; of a brief run without powers of single muscles.
void kc_energy_clear(kc_energy *energy, int lane, int brief);
/// For a sample without steps before it: sums as if the state of now had held for a time (s).
void kc_energy_hold_instant(kc_energy *energy, const kc_muscle_set *muscles,
                            const kc_muscle_state *state, const kc_muscle_work *muscle_work,
                            const kc_force_work *force_work, real time);
/// Doubles that a sample takes.
size_t kc_energy_sample_size(const kc_energy *energy);
