/// @file
/// Energy of strides: cost of transport, work of every kind of element, what elastic tissue stores
/// and gives back, when and to whom.
///
/// A stride goes from a foot's strike to its next; works and energies are differences of the
/// recording's sums, by straight lines between samples at its ends.
///   out      work of an element on the body (of a fibre on its tendon), positive part
///   in       work on the element, positive part
///   stored   rises of the elastic energy          returned   falls of it
///   lost     in - out - change of the elastic energy
///   cost     metabolic energy of the muscles over mass and way; gross adds 1.2 W/kg at rest
#pragma once
#include "record/recording.h"

/// Energies of a stride, R(X, name, unit, meaning); R makes of each what is wanted and hands it to
/// X. "This leg" is that of the foot whose strike begins the stride; "around toe-off" is the last
/// 20 % of its stance and the first 20 % of its swing.
#define KC_GAIT_ENERGY_TABLE(R, X)                                                                 \
  R(X, cost_net_bhargava, "J/(kg m)", "net metabolic cost of transport, Bhargava 2004")            \
  R(X, cost_gross_bhargava, "J/(kg m)", "gross: with 1.2 W/kg at rest, Bhargava 2004")             \
  R(X, cost_net_umberger, "J/(kg m)", "net metabolic cost of transport, Umberger 2010")            \
  R(X, cost_gross_umberger, "J/(kg m)", "gross: with 1.2 W/kg at rest, Umberger 2010")             \
  R(X, muscle_out, "J", "work of muscles with their tendons, positive part")                       \
  R(X, muscle_in, "J", "work on muscles with their tendons, positive part")                        \
  R(X, motor_out, "J", "work of motors, positive part")                                            \
  R(X, motor_in, "J", "work on motors, positive part")                                             \
  R(X, fibre_out, "J", "work of muscle fibres on their tendons, positive part")                    \
  R(X, fibre_in, "J", "work of tendons on muscle fibres, positive part")                           \
  R(X, tendon_stored, "J", "energy put into tendons, each for itself")                             \
  R(X, tendon_returned, "J", "energy given back by tendons, each for itself")                      \
  R(X, passive_out, "J", "work of passive joint tissue, positive part")                            \
  R(X, passive_in, "J", "work on passive joint tissue, positive part")                             \
  R(X, contact_out, "J", "work of the ground on the feet, positive part")                          \
  R(X, contact_in, "J", "work of the feet on the ground, positive part")                           \
  R(X, sling_out, "J", "work of fascial slings, positive part of each band")                       \
  R(X, sling_in, "J", "work on fascial slings, positive part of each band")                        \
  R(X, sling_stored, "J", "energy put into fascial slings, each band for itself")                  \
  R(X, sling_lost, "J", "energy lost in the bands of fascial slings")                              \
  R(X, node_lost, "J", "energy lost in the drag of fascial nodes")                                 \
  R(X, achilles_stored, "J", "energy put into the tendon of soleus and gastrocnemius, this leg")   \
  R(X, achilles_returned, "J", "energy that this tendon gives back")                               \
  R(X, achilles_toe_off, "J", "the part of it that comes back around toe-off")                     \
  R(X, ankle_out, "J", "positive work of muscles or motors about this ankle")                      \
  R(X, plantar_stored, "J", "energy put into the plantar fascia, this leg")                        \
  R(X, plantar_out, "J", "work of the plantar fascia on the foot, positive part")                  \
  R(X, plantar_toe_off, "J", "the part of that work around toe-off")                               \
  R(X, plantar_lost, "J", "energy lost in the plantar fascia")                                     \
  R(X, iliotibial_stored, "J", "energy put into the iliotibial band, this leg")                    \
  R(X, iliotibial_out, "J", "work of the iliotibial band on the body, positive part")              \
  R(X, iliotibial_toe_off, "J", "the part of that work around toe-off")                            \
  R(X, iliotibial_lost, "J", "energy lost in the iliotibial band")                                 \
  R(X, hip_sling, "J", "positive work of fascial slings about this hip around toe-off")            \
  R(X, hip_muscle, "J", "positive work of muscles or motors about this hip around toe-off")        \
  R(X, hip_passive, "J", "positive work of passive tissue about this hip around toe-off")          \
  R(X, hip_sling_share, "1", "share of fascial slings in the positive work about this hip then")

/// The row itself, and that of its standard deviation, for KC_GAIT_ENERGY_TABLE.
#define KC_GAIT_ROW(X, name, unit, meaning) X(name, unit, meaning)
#define KC_GAIT_ROW_SD(X, name, unit, meaning) X(name##_sd, unit, "standard deviation of " #name)

/// Values of a stride.
typedef struct {
#define X(name, unit, meaning) double name;
  KC_GAIT_ENERGY_TABLE(KC_GAIT_ROW, X)
#undef X
} kc_gait_energy;

/// A stride to be looked at: strike, toe-off and next strike of one foot (s), way along X (m).
typedef struct {
  kc_side side;
  double strike, off, next, way;
} kc_gait_stride;

/// What a band or tendon did over a time.
typedef struct {
  double out, in;    ///< J
  double rise, fall; ///< of its energy, J
  double lost;       ///< J
  double toe_off;    ///< the part of out around toe-off, J
} kc_gait_elastic;

/// Energies of one stride within the recording; NaN for what the model has not.
kc_gait_energy kc_gait_compute_energy(const kc_recording *recording, const kc_gait_stride *stride);
/// One band over a stride.
kc_gait_elastic kc_gait_compute_band(const kc_recording *recording, int band,
                                     const kc_gait_stride *stride);
/// Positive work of one band about the hip of the stride's leg around toe-off, J; 0 without hips.
double kc_gait_compute_band_hip(const kc_recording *recording, int band,
                                const kc_gait_stride *stride);
/// Integral of a channel of means since the last sample over a time.
double kc_gait_integrate(const kc_recording *recording, kc_channel channel, int element,
                         double from, double to);
/// Rises and falls of the sum of n elements of a channel between two times.
void kc_gait_sum_changes(const kc_recording *recording, kc_channel channel, int n,
                         const int *element, double from, double to, double *rise, double *fall);

/// A muscle by what it costs.
typedef struct {
  char name[KC_NAME_SIZE]; ///< without its side
  double cost;             ///< of both sides, J/(kg m)
} kc_gait_muscle_cost;

/// Muscles by their cost from a time to the end of the recording, dearest first; both sides as one.
///
/// @param rank  room for n_muscle of the model
/// @return how many; 0 without muscles or way
int kc_gait_rank_muscles(const kc_recording *recording, double from, kc_law law,
                         kc_gait_muscle_cost *rank);
