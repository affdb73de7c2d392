/// @file
/// Parts of the reading of a sweep file, shared by the files design*.c alone.
#pragma once
#include "study/design.h"

/// The kinds of a design by word, NULL at the end; where Saltelli's rows come from, by the word of
/// `sample`.
extern const char *const kc_sweep_kind_word[];
extern const kc_design_kind kc_sweep_sample_kind[];

/// Takes the factors of a list from the columns of its table, the rows as points.
kc_status kc_sweep_read_list(kc_sweep *sweep, kc_error *error) KC_WARN_UNUSED;
/// Sets every value on a copy of the base; base values of the factors; what is wrong, with place.
///
/// @return KC_OK; KC_ERR_INPUT with the first problems of each factor and how many more there are
kc_status kc_sweep_check_values(kc_sweep *sweep, kc_error *error) KC_WARN_UNUSED;
/// The file that names the factors: the sweep file, or the table of a list.
const char *kc_sweep_find_factor_file(const kc_sweep *sweep);
/// Writes "path:line:column: key" as findings have it, "path: key" for line 0.
void kc_sweep_write_place(const char *path, kc_place place, const char *key, char *text,
                          size_t size);
/// The share of a virtual runner along one of its spreads, above 0 and below 1; number `spread` of
/// the runner's own stream, so that a spread added at the end leaves the others as they are.
double kc_sweep_eval_runner_share(const kc_sweep *sweep, int replicate, int spread);
