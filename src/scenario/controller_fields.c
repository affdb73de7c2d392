/// @file
/// The tables of the controller and of its parameters.
#include "scenario/fields.h"

static const char *const mode_word[] = {"naive", "informed", "adapted", NULL};

static const kc_field controller_field[] = {
    {.key = "mode",
     .kind = KC_FIELD_ENUM,
     AT(kc_controller_choice, mode),
     .word = mode_word,
     .meaning =
         "naive: believes in the unchanged body; informed: knows the changed one; adapted: naive, "
         "with parameters tuned on in the changed body"},
    {.key = "parameters",
     .kind = KC_FIELD_STRING,
     AT(kc_controller_choice, parameters),
     .meaning = "file of parameters; the defaults of the program where not given"},
    {.key = "observer",
     .kind = KC_FIELD_BOOL,
     AT(kc_controller_choice, observer),
     .value = 1,
     .meaning = "feels joint torques it does not know"},
    {.key = "predictor",
     .kind = KC_FIELD_BOOL,
     AT(kc_controller_choice, predictor),
     .value = 1,
     .meaning = "acts on the state predicted over the actuators' lag"},
    {.key = "sense_delay",
     .kind = KC_FIELD_QUANTITY,
     AT(kc_controller_choice, sense_delay),
     .unit = "ms",
     .lower = 0,
     .upper = 200,
     .meaning = "neural delay",
     .source = ASSUMED},
    {.key = "sense_noise",
     .kind = KC_FIELD_QUANTITY,
     AT(kc_controller_choice, sense_noise),
     .unit = "deg",
     .lower = 0,
     .upper = 10,
     .meaning = "SD of the noise of sensed angles",
     .source = ASSUMED},
    {.key = "budget",
     .kind = KC_FIELD_QUANTITY,
     AT(kc_controller_choice, budget),
     .unit = "s",
     .lower = 0,
     .upper = 1e7,
     .meaning = "adapted: wall clock after which tuning ends, calls that were killed included; 0 = "
                "no limit"},
    {.key = "evaluations",
     .kind = KC_FIELD_INTEGER,
     AT(kc_controller_choice, evaluations),
     .lower = 0,
     .upper = 1e8,
     .meaning = "adapted: runs after which tuning ends, the same result on every machine; 0 = no "
                "limit"},
    {.key = "trial",
     .kind = KC_FIELD_QUANTITY,
     AT(kc_controller_choice, trial),
     .unit = "s",
     .value = NAN,
     .lower = 0.1,
     .upper = 86400,
     .meaning = "adapted: duration of the runs that tuning makes; that of the scenario where not "
                "given"},
    {.key = "objectives",
     .kind = KC_FIELD_STRING,
     AT(kc_controller_choice, objectives),
     .meaning =
         "adapted: file of objectives (kinchain tune --help); those of the program where not "
         "given"},
    {.key = "search_step",
     .kind = KC_FIELD_QUANTITY,
     AT(kc_controller_choice, search_step),
     .value = 0.15,
     .lower = 1e-4,
     .upper = 10,
     .meaning = "adapted: first step, in tuning scales of the parameters"},
    {.key = "search_seed",
     .kind = KC_FIELD_SEED,
     AT(kc_controller_choice, search_seed),
     .value = 1,
     .meaning = "adapted: number of the search"},
};
const kc_table kc_controller_table = KC_TABLE("controller", kc_controller_choice, controller_field);

static const kc_field param_field[] = {
#define X(param, initial, least, most, scale, dimension, text)                                     \
  {.key = #param,                                                                                  \
   .kind = KC_FIELD_QUANTITY,                                                                      \
   AT(kc_control_params, param),                                                                   \
   .unit = dimension,                                                                              \
   .value = initial,                                                                               \
   .lower = least,                                                                                 \
   .upper = most,                                                                                  \
   .meaning = text},
    KC_CONTROL_PARAMS(X)
#undef X
};
const kc_table kc_param_table = KC_TABLE_BARE("parameters", kc_control_params, param_field);
