/// @file
/// Boxes and postures that the paths are looked over in.
#include "force/path_check.h"
#include "math/random.h"
#include <string.h>

/// Least mean - 4 SD and largest mean + 4 SD over the stride, degrees.
typedef struct {
  const char *coordinate; ///< without side
  double lower, upper;
} range_deg;

// Hamner and Delp 2013 (doi:10.1016/j.jbiomech.2012.11.024), 3 and 4 m/s, five runners; subtalar:
// RBDS, Fukuchi, Fukuchi and Duarte 2017 (doi:10.7717/peerj.3298), 2.5 and 3.5 m/s. The spine's are
// half of those of the one joint that was measured.
static const range_deg measured[] = {
    {"hip_flexion", -45.4, 72.1},      {"hip_adduction", -18.8, 28.5},
    {"hip_rotation", -38.4, 41.2},     {"knee_angle", -11.7, 135.3},
    {"ankle_angle", -55.9, 51.4},      {"subtalar_angle", -26.2, 28.5},
    {"lumbar_extension", -24.9, 13.9}, {"lumbar_bending", -10.6, 10.5},
    {"lumbar_rotation", -16.1, 16.2},  {"thorax_extension", -24.9, 13.9},
    {"thorax_bending", -10.6, 10.5},   {"thorax_rotation", -16.1, 16.2},
    {"arm_flex", -78.3, 19.0},         {"arm_add", -58.2, 18.3},
    {"arm_rot", -48.6, 46.7},          {"elbow_flex", 51.2, 174.7},
};

static const double degree = 3.14159265358979323846 / 180.0;

// the name, or the name with _r or _l behind it
static int is_of(const char *name, const char *coordinate) {
  size_t n = strlen(coordinate);
  if (strncmp(name, coordinate, n) != 0)
    return 0;
  return strcmp(name + n, "") == 0 || strcmp(name + n, "_r") == 0 || strcmp(name + n, "_l") == 0;
}

void kc_path_find_envelope(const kc_model *model, double *lower, double *upper) {
  for (int j = 0; j < model->n_joint; j++) {
    lower[j] = model->joint[j].range_lower, upper[j] = model->joint[j].range_upper;
    if (model->free_root && j < 6)
      lower[j] = upper[j] = 0.0;
    for (size_t i = 0; i < sizeof measured / sizeof *measured; i++)
      if (is_of(model->joint[j].name, measured[i].coordinate))
        lower[j] = degree * measured[i].lower, upper[j] = degree * measured[i].upper;
  }
}

void kc_path_draw_posture(const kc_model *model, const kc_path_sweep *sweep, int number,
                          double *q) {
  kc_random random = kc_random_default(2385, (uint64_t)number);
  for (int j = 0; j < model->n_joint; j++) {
    double lower = sweep->lower[j], upper = sweep->upper[j];
    q[j] = lower + (upper - lower) * kc_random_eval_uniform(&random);
    if (number == 0)
      q[j] = lower > 0.0 ? lower : upper < 0.0 ? upper : 0.0;
  }
}
