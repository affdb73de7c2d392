/// @file
/// From the arrays of a file to a run's motion (see motion_file.h).
#include "lab/motion_file.h"
#include "io/series.h"
#include "math/bend.h"
#include <stdlib.h>

static const double gravity = 9.80665;

/// The arrays of a file that motion is made from.
typedef struct {
  int n, width, bodies; // samples; coordinates; bodies
  int pelvis, thorax;   // among the bodies
  double *time, *q, *turn, *force, *com;
  double *heading, *position, *offset; // on the course; NULL in files from before there were bends
} arrays;

// an array of as many rows as the file has samples
static kc_status read_rows(const kc_io_run *run, const char *name, const arrays *a, int width,
                           double **value, kc_error *error) {
  int n;
  KC_TRY(kc_io_read_run_array(run, name, &n, width, value, error));
  if (n == a->n)
    return KC_OK;
  return kc_error_add(error, KC_ERR_INPUT, name,
                      "is not as long as the file's time; the file is damaged, run it again");
}

// the mass centre's place on the course, where the file has it
static kc_status read_course(const kc_io_run *run, arrays *a, kc_error *error) {
  kc_error missing = kc_error_default();
  kc_status status = read_rows(run, "heading", a, 1, &a->heading, &missing);
  kc_error_destroy(&missing);
  if (status != KC_OK) {
    free(a->heading);
    a->heading = NULL;
    return status == KC_ERR_INPUT ? KC_OK : status;
  }
  KC_TRY(read_rows(run, "path_position", a, 1, &a->position, error));
  return read_rows(run, "path_offset", a, 1, &a->offset, error);
}

static kc_status read_arrays(const kc_io_run *run, arrays *a, kc_error *error) {
  int index;
  KC_TRY(kc_io_read_run_array(run, "time", &a->n, 1, &a->time, error));
  KC_TRY(kc_io_find_run_name(run, "coordinate", "pelvis_tilt", &index, &a->width, error));
  KC_TRY(kc_io_find_run_name(run, "body", "pelvis", &a->pelvis, &a->bodies, error));
  KC_TRY(kc_io_find_run_name(run, "body", "thorax", &a->thorax, NULL, error));
  KC_TRY(read_rows(run, "q", a, a->width, &a->q, error));
  KC_TRY(read_rows(run, "body_quaternion", a, 4 * a->bodies, &a->turn, error));
  KC_TRY(read_rows(run, "foot_force_mean", a, 3 * KC_N_SIDE, &a->force, error));
  KC_TRY(read_rows(run, "com", a, 3, &a->com, error));
  return read_course(run, a, error);
}

static void free_arrays(arrays *a) {
  free(a->time);
  free(a->q);
  free(a->turn);
  free(a->force);
  free(a->com);
  free(a->heading);
  free(a->position);
  free(a->offset);
}

static kc_status find_columns(const kc_io_run *run, kc_motion *m, kc_error *error) {
  char name[40];
  for (int q = 0; q < KC_N_QUANTITY; q++)
    for (int side = 0; side < KC_N_SIDE; side++)
      if (kc_lab_write_coordinate(q, side, name, sizeof name))
        KC_TRY(kc_io_find_run_name(run, "coordinate", name, &m->column[q][side], NULL, error));
  return KC_OK;
}

static kc_status read_number(const kc_io_run *run, const char *name, double *to, kc_error *error) {
  int n;
  double *value;
  KC_TRY(kc_io_read_run_array(run, name, &n, 1, &value, error));
  *to = value[0];
  free(value);
  return KC_OK;
}

// what is forward and sideways as the course has it: turned in place
static void turn_sample(const arrays *a, int i) {
  const kc_bend_place place = {a->heading[i], a->position[i], a->offset[i]};
  double *com = a->com + 3 * i, *q = a->q + a->width * i, *force = a->force + 3 * KC_N_SIDE * i;
  kc_bend_frame frame = kc_bend_make_frame(&place, com);
  if (!frame.turned || a->width < 6)
    return;
  double rate[6] = {0};
  kc_bend_turn_body(&frame, q, rate);
  kc_bend_turn_point(&frame, com, com);
  for (int side = 0; side < KC_N_SIDE; side++)
    kc_bend_turn_vector(&frame, force + 3 * side, force + 3 * side);
}

static void add_samples(kc_motion *m, const arrays *a) {
  for (int i = 0; i < a->n; i++) {
    const double *turn = a->turn + 4 * a->bodies * i;
    if (a->heading)
      turn_sample(a, i);
    kc_lab_sample sample = {.time = a->time[i],
                            .q = a->q + a->width * i,
                            .com = a->com + 3 * i,
                            .force = a->force + 3 * KC_N_SIDE * i};
    kc_lab_eval_attitude(turn + 4 * a->pelvis, turn + 4 * a->thorax, sample.trunk);
    kc_lab_add_sample(m, &sample);
  }
}

static kc_status read_all(const kc_io_run *run, arrays *a, double filter, kc_motion **motion,
                          kc_error *error) {
  KC_TRY(read_arrays(run, a, error));
  KC_TRY(kc_lab_create_motion(a->n, motion, error));
  kc_motion *m = *motion;
  KC_TRY(read_number(run, "mass", &m->weight, error));
  m->weight *= gravity;
  KC_TRY(read_number(run, "metrics/settle", &m->settle, error));
  KC_TRY(find_columns(run, m, error));
  add_samples(m, a);
  return kc_lab_finish_motion(m, filter, error);
}

kc_status kc_lab_read_motion(const char *path, double filter, kc_motion **motion, kc_error *error) {
  kc_io_run *run;
  arrays a = {0};
  *motion = NULL;
  KC_TRY(kc_io_open_run(path, &run, error));
  kc_status status = read_all(run, &a, filter, motion, error);
  kc_io_close_run(run);
  free_arrays(&a);
  if (status != KC_OK) {
    kc_lab_destroy_motion(*motion);
    *motion = NULL;
  }
  return status;
}
