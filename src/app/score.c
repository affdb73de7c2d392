/// @file
/// kinchain score: a run against measured runners.
#include "app/score.h"
#include "app/app.h"
#include "io/result.h"
#include "report/bands.h"
#include "scenario/definition.h"
#include <glob.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define REFERENCE_FOLDER "tests/validation"

kc_status kc_app_choose_reference(double speed, char **path, kc_reference **reference,
                                  kc_error *error) {
  *path = NULL;
  *reference = NULL;
  char pattern[1000];
  char *folder = kc_scenario_find_file("", REFERENCE_FOLDER, "running");
  snprintf(pattern, sizeof pattern, "%.980s/*.csv", folder ? folder : "running");
  free(folder);
  glob_t found = {0};
  kc_status status = KC_OK;
  int missing = glob(pattern, 0, NULL, &found) != 0;
  for (size_t i = 0; !missing && i < found.gl_pathc && status == KC_OK; i++) {
    kc_reference *one;
    status = kc_lab_read_reference(found.gl_pathv[i], &one, error);
    if (status != KC_OK)
      break;
    if (*reference && fabs(one->speed - speed) >= fabs((*reference)->speed - speed)) {
      kc_lab_destroy_reference(one);
      continue;
    }
    kc_lab_destroy_reference(*reference);
    free(*path);
    *reference = one;
    *path = strdup(found.gl_pathv[i]);
  }
  globfree(&found);
  if (missing)
    status = kc_error_add(error, KC_ERR_INPUT, REFERENCE_FOLDER,
                          "the shipped tables are not there; install kinchain anew, or give a "
                          "table with --reference FILE.csv");
  if (status == KC_OK && !*path)
    status = kc_error_add(error, KC_ERR_MEMORY, REFERENCE_FOLDER, "no memory");
  return status;
}

static kc_status find_reference(const kc_app_arguments *arguments, double speed, char **path,
                                kc_reference **reference, kc_error *error) {
  if (!arguments->reference)
    return kc_app_choose_reference(speed, path, reference, error);
  *path = kc_app_find_file(arguments->reference);
  if (!*path)
    return kc_error_add(error, KC_ERR_MEMORY, arguments->reference, "no memory");
  return kc_lab_read_reference(*path, reference, error);
}

static kc_status find_side(const char *word, int *side, kc_error *error) {
  *side = KC_N_SIDE;
  if (word && strcmp(word, "right") == 0)
    *side = KC_RIGHT;
  else if (word && strcmp(word, "left") == 0)
    *side = KC_LEFT;
  else if (word && strcmp(word, "both") != 0)
    return kc_error_add(error, KC_ERR_INPUT, "--side",
                        "'%.40s' is no side; give right, left or both", word);
  return KC_OK;
}

// speed of the whole run, to choose a table by; what the run has too little for is told later
static double find_speed(const kc_io_metrics *metrics) {
  int i = kc_io_find_metric(metrics, "speed");
  return i >= 0 && isfinite(metrics->metric[i].value) ? metrics->metric[i].value : 0;
}

static kc_status write_files(const kc_app_arguments *arguments, const kc_scored *s,
                             kc_error *error) {
  char source[300];
  snprintf(source, sizeof source, "kinchain run %.100s (%.180s)", s->title, s->file);
  if (arguments->output)
    KC_TRY(kc_lab_write_reference(arguments->output, source, s->measure, s->options, error));
  if (arguments->plot)
    KC_TRY(
        kc_report_draw_bands(arguments->plot, s->title, s->measure, s->reference, s->score, error));
  return KC_OK;
}

static kc_status score_run(const kc_app_arguments *arguments, const kc_io_metrics *metrics,
                           kc_scored *s, kc_error *error) {
  kc_measure_options options = {.threshold = s->reference->threshold,
                                .filter = s->reference->filter > 0 ? s->reference->filter : 0};
  KC_TRY(find_side(arguments->side, &options.side, error));
  kc_measure *measure;
  kc_status measured = kc_lab_measure_run(s->file, &options, &measure, error);
  if (measured != KC_OK && metrics->outcome_reason[0])
    (void)kc_error_add(error, measured, s->file, "the run %s: %s", metrics->outcome,
                       metrics->outcome_reason);
  KC_TRY(measured);
  s->measure = measure;
  s->options = &options;
  s->title = metrics->title;
  s->outcome = metrics->outcome;
  kc_lab_score_run(measure, s->reference, s->score);
  double apart = fabs(measure->speed - s->reference->speed);
  if (kc_lab_is_far(s->reference, measure->speed))
    fprintf(stderr,
            "warning: the run's speed is %.2f m/s from the reference's; give a table nearer to it "
            "with --reference FILE.csv, or run at %.4g m/s\n",
            apart, s->reference->speed);
  kc_status status = write_files(arguments, s, error);
  if (status == KC_OK && arguments->json)
    kc_app_print_json_score(stdout, s);
  else if (status == KC_OK)
    kc_app_print_score(stdout, s);
  free(measure);
  return status;
}

static int run(const kc_app_arguments *arguments) {
  kc_error error = kc_error_default();
  char *path = NULL;
  kc_reference *reference = NULL;
  kc_scored scored = {.file = arguments->word[0]};
  kc_io_metrics *metrics = NULL;
  kc_status status = kc_app_check_ending("--output", arguments->output, ".csv", &error);
  if (status == KC_OK)
    status = kc_app_check_ending("--plot", arguments->plot, ".svg", &error);
  if (status == KC_OK)
    status = kc_io_read_metrics(scored.file, NULL, &metrics, &error);
  if (status == KC_OK)
    status = find_reference(arguments, find_speed(metrics), &path, &reference, &error);
  if (status == KC_OK) {
    scored.reference = reference;
    scored.reference_file = path;
    status = score_run(arguments, metrics, &scored, &error);
  }
  kc_io_destroy_metrics(metrics);
  kc_lab_destroy_reference(reference);
  free(path);
  return kc_app_finish(status, &error);
}

static const kc_app_option options_list[] = {
    {"--reference", 'r', KC_APP_TEXT, "FILE.csv",
     "table of measured means and SD: a file, or the name of a shipped one\n"
     "(default: the shipped one of the nearest speed)",
     KC_APP_FIELD(reference), 0, 0},
    {"--side", 0, KC_APP_TEXT, "SIDE",
     "steps of the right foot, the left (mirrored) or both (default)", KC_APP_FIELD(side), 0, 0},
    {"--plot", 'p', KC_APP_TEXT, "FILE.svg", "draw the curves on their bands", KC_APP_FIELD(plot),
     0, 0},
    {"--output", 'o', KC_APP_TEXT, "FILE.csv",
     "write the run's own means and SD as such a table, to score other runs\nagainst",
     KC_APP_FIELD(output), 0, 0},
    KC_APP_OPTION_JSON,
    KC_APP_OPTION_HELP,
    KC_APP_OPTION_END,
};

const kc_app_command kc_app_command_score = {
    .name = "score",
    .words = "RUN.h5",
    .summary = "a run against measured runners: stride metrics, forces, angles",
    .description =
        "Measures a run as a gait laboratory would and tells how far it lies from means of\n"
        "measured runners, in their SD: share of points within 1 and 2 SD, RMS/SD, errors of the\n"
        "largest and smallest value and of when they come, by quantity, by group and in all (each\n"
        "quantity with the same weight). Forces are filtered and contacts found as the table "
        "says.\n"
        "Markers and models put the zero of an angle in different places: `offset` is the mean\n"
        "difference, and the scores of angles are given again with it taken away.\n\n"
        "Shipped tables (tests/validation/running): hamner2013_3.0.csv, hamner2013_4.0.csv,\n"
        "fukuchi2017_2.5.csv, fukuchi2017_3.5.csv. One of your own:\n\n"
        "  # source: whose data          # speed: 3 m/s\n"
        "  # threshold: 30 N             # filter: 20 Hz   (each in a line; `none` for no filter)\n"
        "  quantity,percent,mean,sd,unit\n"
        "  step_rate,,166.6,7.62,1/min\n"
        "  knee_angle,0,11.4,4.3,deg     (0 .. 100 % of stride; forces, of stance)\n\n"
        "Quantities: step_rate step_length contact_time flight_time duty_factor com_oscillation\n"
        "pelvis_oscillation peak_force_bw braking_peak_bw propulsive_peak_bw; over stance\n"
        "force_vertical force_forward force_lateral; over the stride, from the strike of the foot\n"
        "whose joints and arm they are, with OpenSim's signs: hip_flexion hip_adduction\n"
        "hip_rotation knee_angle ankle_angle pelvis_tilt pelvis_list pelvis_rotation\n"
        "pelvis_height trunk_extension trunk_bending trunk_rotation (thorax to pelvis, Cardan\n"
        "Z-X-Y) trunk_pitch (pelvis_tilt + trunk_extension) thigh_pitch (pelvis_tilt +\n"
        "hip_flexion) arm_flex arm_add arm_rot elbow_flex.\n\n"
        "  kinchain score level.h5 --plot level.svg\n",
    .min_words = 1,
    .max_words = 1,
    .option = options_list,
    .run = run,
};
