/// @file
/// The fingerprint of a compiled model, field by field (padding and addresses left out).
#pragma once
#include "model/model.h"

/// Hash of every number and name of the model but its own `hash` field.
unsigned long long kc_model_compute_hash(const kc_model *model);
