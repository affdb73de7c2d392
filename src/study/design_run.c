/// @file
/// From the number of a run to its values and its scenario.
#include "base/units.h"
#include "math/random.h"
#include "scenario/address.h"
#include "study/design_parts.h"
#include <stdio.h>
#include <stdlib.h>

/// Of the streams of virtual runners; those of designs are numbered by their kind (points.c).
enum { RUNNER_STREAM = 0x72 };

/// Base, then the values of the first factor, of the second, ...; the factor that point varies, -1
/// for the base.
static int find_varied(const kc_sweep *s, int point, int *which) {
  int left = point - 1;
  for (int k = 0; left >= 0 && k < s->n_factor; k++) {
    if (left < s->factor[k].n_value) {
      *which = left;
      return k;
    }
    left -= s->factor[k].n_value;
  }
  return -1;
}

static void eval_grid(const kc_sweep *s, int point, double *value) {
  for (int k = s->n_factor - 1; k >= 0; k--) {
    int n = s->factor[k].n_value;
    value[k] = s->factor[k].value[point % n].value;
    point /= n;
  }
}

void kc_sweep_eval(const kc_sweep *s, int index, double *value, int *point, int *replicate) {
  int p = index / s->n_replicate, which = 0;
  if (point)
    *point = p;
  if (replicate)
    *replicate = index % s->n_replicate;
  switch (s->design.kind) {
  case KC_DESIGN_grid:
    eval_grid(s, p, value);
    break;
  case KC_DESIGN_one_at_a_time:
    for (int k = 0; k < s->n_factor; k++)
      value[k] = s->factor[k].base;
    int varied = find_varied(s, p, &which);
    if (varied >= 0)
      value[varied] = s->factor[varied].value[which].value;
    break;
  case KC_DESIGN_list:
    for (int k = 0; k < s->n_factor; k++)
      value[k] = s->row[(size_t)p * (size_t)s->n_factor + (size_t)k];
    break;
  default:
    kc_points_eval(s->points, p, value);
    for (int k = 0; k < s->n_factor; k++)
      value[k] = kc_factor_eval(&s->factor[k], value[k]);
  }
}

double kc_sweep_eval_runner_share(const kc_sweep *s, int replicate, int spread) {
  kc_random stream =
      kc_random_default(s->runners.seed, (uint64_t)RUNNER_STREAM << 48 | (uint64_t)replicate);
  double share = 0;
  for (int k = 0; k <= spread; k++)
    share = kc_random_eval_uniform(&stream);
  return share > 0x1p-53 ? share : 0x1p-53;
}

void kc_sweep_eval_runner(const kc_sweep *s, int replicate, double *value) {
  for (int k = 0; k < s->runners.n_spread; k++)
    value[k] = kc_factor_eval(&s->runners.spread[k], kc_sweep_eval_runner_share(s, replicate, k));
}

void kc_sweep_write_value(const kc_factor *factor, double value, char *text, size_t size) {
  text[0] = 0;
  if (isnan(value))
    return;
  if (!factor->is_word)
    kc_units_write_exact(value, factor->unit, text, size);
  else if (value >= 0 && value < factor->n_value)
    (void)snprintf(text, size, "%s", factor->value[(int)value].text);
  else
    (void)snprintf(text, size, "%s", factor->base_text);
}

/// Room of a value with its unit.
typedef char value_text[2 * KC_FACTOR_TEXT_SIZE];

/// Values with their addresses, as settings; those that a run leaves as the base has them are left
/// out.
static int list_settings(const kc_sweep *s, int index, double *value, value_text *text,
                         kc_setting *setting) {
  int n = 0, point, replicate, which = 0;
  kc_sweep_eval(s, index, value, &point, &replicate);
  int only = s->design.kind == KC_DESIGN_one_at_a_time ? find_varied(s, point, &which) : -2;
  double *number = value + s->n_factor;
  kc_sweep_eval_runner(s, replicate, number);
  for (int k = 0; k < s->runners.n_spread + s->n_factor; k++) {
    int i = k - s->runners.n_spread;
    if (i >= 0 && only != -2 && only != i)
      continue;
    const kc_factor *f = i < 0 ? &s->runners.spread[k] : &s->factor[i];
    kc_sweep_write_value(f, i < 0 ? number[k] : value[i], text[n], sizeof text[n]);
    setting[n] = (kc_setting){.address = f->address, .value = text[n]};
    n++;
  }
  return n;
}

static kc_status apply_settings(kc_scenario_def *def, int index, const kc_setting *setting, int n,
                                kc_error *error) {
  kc_status status = KC_OK;
  for (int i = 0; i < n; i++) {
    char where[256];
    (void)snprintf(where, sizeof where, "run %d: %.160s=%.60s", index, setting[i].address,
                   setting[i].value);
    kc_status one =
        kc_scenario_set_address(def, setting[i].address, setting[i].value, where, error);
    status = status == KC_OK ? one : status;
  }
  KC_TRY(status);
  return kc_scenario_note_settings(def, setting, n, error);
}

kc_status kc_sweep_make_scenario(const kc_sweep *sweep, int index, kc_scenario **scenario,
                                 kc_error *error) {
  *scenario = NULL;
  size_t n = (size_t)(sweep->n_factor + sweep->runners.n_spread) + 1;
  double *value = malloc(n * sizeof *value);
  value_text *text = malloc(n * sizeof *text);
  kc_setting *setting = malloc(n * sizeof *setting);
  kc_scenario_def *def = kc_scenario_copy_def(sweep->def);
  kc_status status = KC_ERR_MEMORY;
  if (value && text && setting && def) {
    int n_setting = list_settings(sweep, index, value, text, setting);
    status = apply_settings(def, index, setting, n_setting, error);
    if (status == KC_OK)
      status = kc_scenario_compile_from(def, &(kc_model_pair){sweep->def->body, sweep->body},
                                        scenario, error);
  } else {
    (void)kc_error_add(error, status, sweep->path, "no memory for run %d", index);
  }
  kc_scenario_destroy_def(def);
  free(setting);
  free(text);
  free(value);
  return status;
}
