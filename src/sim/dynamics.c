/// @file
/// Dynamics of given states: hands them to the variant that serves the width.
#include "sim/dynamics.h"

kc_status kc_sim_compute_dynamics(int width, const kc_model *model, const kc_dynamics *dynamics,
                                  kc_error *error) {
#define X(tag, lanes) kc_sim_batch_dynamics_##tag,
  static kc_status (*const table[])(const kc_model *, const kc_dynamics *) = {KC_VARIANT_LIST(X)};
#undef X
  kc_status status = table[kc_sim_choose_variant(width)](model, dynamics);
  if (status != KC_OK)
    return kc_error_add(error, status, model->name, "no memory for %d states of %d joints",
                        dynamics->n_state, model->n_joint);
  return KC_OK;
}
