/// @file
/// The tables of a sweep file: every key with its unit, range, default and meaning.
#include "study/design.h"
#include "study/design_parts.h"

#define T kc_sweep
#include "model/field_macros.h"

const char *const kc_sweep_kind_word[] = {
#define X(name) #name,
    KC_DESIGN_LIST(X)
#undef X
        NULL};
static const char *const sample_word[] = {"sobol", "latin_hypercube", "random", NULL};
const kc_design_kind kc_sweep_sample_kind[] = {KC_DESIGN_sobol, KC_DESIGN_latin_hypercube,
                                               KC_DESIGN_random};

static const kc_field fixed_field[] = {{.key = "value",
                                        .kind = KC_FIELD_STRING,
                                        .offset = offsetof(kc_sweep_setting, value),
                                        .required = 1,
                                        .meaning = "with its unit"}};
static const kc_table fixed_table = {.name = "set",
                                     .size = sizeof(kc_sweep_setting),
                                     .n_field = 1,
                                     .field = fixed_field,
                                     .has_short = 1,
                                     .has_place = 1,
                                     .has_name = 1,
                                     .name_offset = offsetof(kc_sweep_setting, address),
                                     .name_size = KC_ADDRESS_SIZE};

// keys of the tables within kc_sweep, whose structs have no names of their own
#define IN(part, member) .offset = offsetof(kc_sweep, part.member) - offsetof(kc_sweep, part)
#define WHOLE(k, part, member, low, high, mean)                                                    \
  {                                                                                                \
    .key = k, .kind = KC_FIELD_INTEGER, IN(part, member), .lower = low, .upper = high,             \
    .meaning = mean                                                                                \
  }
#define PART(part, fields)                                                                         \
  {                                                                                                \
    .name = #part, .size = sizeof(((kc_sweep *)0)->part),                                          \
    .n_field = (int)(sizeof fields / sizeof fields[0]), .field = fields, .has_place = 1            \
  }

static const kc_field design_field[] = {
    {.key = "kind",
     .kind = KC_FIELD_ENUM,
     IN(design, kind),
     .word = kc_sweep_kind_word,
     .required = 1,
     .meaning = "how values are put together to runs"},
    WHOLE("points", design, n_point, 1, KC_SWEEP_MAX_RUN,
          "random, latin_hypercube, sobol: points; saltelli: rows N, for N (factors + 2) points"),
    WHOLE("trajectories", design, n_trajectory, 2, KC_SWEEP_MAX_RUN,
          "morris: of factors + 1 points each"),
    WHOLE("levels", design, n_level, 2, 1000, "morris: of each factor, an even number; 4 if none"),
    {.key = "sample",
     .kind = KC_FIELD_ENUM,
     IN(design, sample),
     .word = sample_word,
     .meaning = "saltelli: where the rows come from"},
    {.key = "file",
     .kind = KC_FIELD_STRING,
     IN(design, file),
     .count = sizeof((kc_sweep *)0)->design.file,
     .meaning = "list: CSV table beside the sweep file, columns 'ADDRESS [UNIT]', a row a point"},
    {.key = "seed",
     .kind = KC_FIELD_SEED,
     IN(design, seed),
     .value = 1,
     .meaning = "of random numbers, orders and shifts"},
};
static const kc_table design_table = PART(design, design_field);

static const kc_field runners_field[] = {
    {.key = "number",
     .kind = KC_FIELD_INTEGER,
     IN(runners, number),
     .lower = 1,
     .upper = 100000,
     .required = 1,
     .meaning = "of virtual runners; every point is run with each of them"},
    {.key = "seed",
     .kind = KC_FIELD_SEED,
     IN(runners, seed),
     .value = 1,
     .meaning = "of their numbers"},
    {.key = "spreads",
     .kind = KC_FIELD_MAP,
     IN(runners, spread),
     .count_offset = offsetof(kc_sweep, runners.n_spread) - offsetof(kc_sweep, runners),
     .count = KC_SWEEP_MAX_FACTOR,
     .table = &kc_factor_table,
     .required = 1,
     .meaning = "what differs between them, by address, written as factors are"},
};
static const kc_table runners_table = PART(runners, runners_field);

#undef T
typedef struct {
  int strides, series;
} keep;
#define T keep
static const kc_field keep_field[] = {
    {.key = "strides", .kind = KC_FIELD_BOOL, AT(strides), .meaning = "a row for each stride"},
    {.key = "series", .kind = KC_FIELD_BOOL, AT(series), .meaning = "every run's time series"},
};
static const kc_table keep_table = KC_TABLE_BARE("keep", keep, keep_field);
_Static_assert(offsetof(kc_sweep, keep_series) - offsetof(kc_sweep, keep_strides) ==
                   offsetof(keep, series),
               "keep lies over the two members of kc_sweep");
#undef T
#define T kc_sweep

static const kc_field sweep_field[] = {
    {.key = "name",
     .kind = KC_FIELD_STRING,
     AT(name),
     .count = KC_NAME_SIZE,
     .text = "sweep",
     .meaning = "of the sweep"},
    {.key = "base",
     .kind = KC_FIELD_STRING,
     AT(base),
     .count = sizeof((kc_sweep *)0)->base,
     .required = 1,
     .meaning = "scenario that all runs start from, beside the sweep file or in scenarios/"},
    LIST("set", KC_FIELD_MAP, fixed, n_fixed, KC_SWEEP_MAX_SETTING, &fixed_table,
         "numbers that are the same in all runs, by address"),
    LIST("factors", KC_FIELD_MAP, factor, n_factor, KC_SWEEP_MAX_FACTOR, &kc_factor_table,
         "numbers that differ from run to run, by address"),
    STRUCT("design", design, &design_table, "which values meet"),
    STRUCT("runners", runners, &runners_table, "virtual runners"),
    STRUCT("keep", keep_strides, &keep_table, "what is kept of each run beside its summary"),
};
const kc_table kc_sweep_table = KC_TABLE("sweep", kc_sweep, sweep_field);
