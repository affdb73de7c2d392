/// @file
/// The fascia's part of a definition: nodes, slings, bands.
#pragma once
#include "base/block.h"
#include "model/definition.h"

/// Appends the mirror image of every node, sling and band whose name ends in _r.
kc_status kc_model_mirror_fascia(kc_model_def *def, kc_error *error) KC_WARN_UNUSED;
/// Gives points of bands and muscles that name a node its body and place.
///
/// @return KC_OK; KC_ERR_INPUT where a point names a node and a body
kc_status kc_model_place_nodes(kc_model_def *def, kc_error *error) KC_WARN_UNUSED;
/// Problems of nodes, slings and bands; their number.
int kc_model_check_fascia(const kc_model_def *def, kc_error *error);
/// Counts or hands out nodes, bands and their points; sets their numbers.
void kc_model_lay_out_fascia(kc_block *block, const kc_model_def *def, kc_model *model);
/// Fills nodes and bands of a model whose joints are compiled.
///
/// @param link [in] joint index that carries each body of the definition
void kc_model_compile_fascia(const kc_model_def *def, const int *link, kc_model *model);
/// Nodes at the ends of a path, as kc_band.node.
void kc_model_tie(const kc_model_def *def, int n_point, const kc_def_point *point, int node[2]);
/// Conditions that leave a band of a compiled model without length.
kc_status kc_model_check_slack(const kc_model_def *def, const kc_model *model,
                               kc_error *error) KC_WARN_UNUSED;
