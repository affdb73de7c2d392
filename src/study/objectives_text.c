/// @file
/// What objectives are, for state files and for the heads of parameter files (see objectives.h).
#include "base/hash.h"
#include "study/objectives.h"

unsigned long long kc_objectives_hash(const kc_objectives *o, unsigned long long hash) {
  hash = kc_hash_add(hash, o->cost.weight, sizeof o->cost.weight);
  hash = kc_hash_add(hash, o->cost.cap, sizeof o->cost.cap);
  if (o->cost.reference)
    hash = kc_lab_hash_reference(o->cost.reference, hash);
  hash = kc_hash_add(kc_hash_add(hash, &o->mean, sizeof o->mean), &o->worst, sizeof o->worst);
  for (int i = 0; i < KC_SPACE_N; i++) {
    if (o->space.step[i] <= 0)
      continue;
    hash = kc_hash_add_text(hash, kc_control_param(i)->name);
    hash = kc_hash_add(hash, &o->space.lower[i], sizeof o->space.lower[i]);
    hash = kc_hash_add(hash, &o->space.upper[i], sizeof o->space.upper[i]);
    hash = kc_hash_add(hash, &o->space.step[i], sizeof o->space.step[i]);
  }
  return hash;
}

/// Starts a comment of its own, or goes on with it.
static void begin_entry(FILE *file, int *n, const char *head) {
  fputs(*n ? ", " : head, file);
  (*n)++;
}

static void end_entries(FILE *file, int n) {
  if (n)
    fputc('\n', file);
}

static void print_terms(const kc_cost_weights *cost, FILE *file) {
  int n = 0, n_out = 0;
  for (int i = 0; i < KC_N_COST; i++) {
    const kc_cost_info *info = kc_cost_term_info(i);
    int same_cap = cost->cap[i] == info->cap;
    if (cost->weight[i] <= 0 || (cost->weight[i] == info->weight && same_cap))
      continue;
    begin_entry(file, &n, "# weights: ");
    fprintf(file, "%s %.10g", info->name, cost->weight[i]);
    if (!same_cap)
      fprintf(file, " (cap %.10g)", cost->cap[i]);
  }
  end_entries(file, n);
  for (int i = 0; i < KC_N_COST; i++) {
    const kc_cost_info *info = kc_cost_term_info(i);
    if (cost->weight[i] <= 0 && info->weight > 0) {
      begin_entry(file, &n_out, "# terms left out: ");
      fputs(info->name, file);
    }
  }
  end_entries(file, n_out);
}

static void print_reference(const kc_objectives *o, FILE *file) {
  const kc_reference *r = o->cost.reference;
  if (!r)
    return;
  fprintf(file, "# tuned towards reference curves: %s, %.10g m/s\n#   %s\n", o->reference_name,
          r->speed, r->source);
}

static void print_space(const kc_space *space, FILE *file) {
  kc_space table = kc_space_default();
  int n = 0, n_other = 0;
  for (int i = 0; i < KC_SPACE_N; i++)
    n_other += (space->step[i] > 0) != (table.step[i] > 0);
  for (int i = 0; n_other && i < KC_SPACE_N; i++)
    if (space->step[i] > 0) {
      begin_entry(file, &n, "# parameters that moved: ");
      fputs(kc_control_param(i)->name, file);
    }
  end_entries(file, n);
  n = 0;
  for (int i = 0; i < KC_SPACE_N; i++) {
    const kc_control_param_info *info = kc_control_param(i);
    if (space->lower[i] == table.lower[i] && space->upper[i] == table.upper[i])
      continue;
    begin_entry(file, &n, "# bounds: ");
    fprintf(file, "%s %.10g to %.10g", info->name, space->lower[i], space->upper[i]);
  }
  end_entries(file, n);
}

void kc_objectives_print(const kc_objectives *o, FILE *file) {
  kc_objectives table = kc_objectives_default();
  print_terms(&o->cost, file);
  print_reference(o, file);
  if (o->mean != table.mean || o->worst != table.worst)
    fprintf(file, "# scenarios weighed by %.10g mean + %.10g worst\n", o->mean, o->worst);
  print_space(&o->space, file);
}
