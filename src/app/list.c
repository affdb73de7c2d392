/// @file
/// kinchain list: what can be set, what is recorded, what is measured, and the compiled tree of a
/// model in the form that other engines are built from.
#include "app/app.h"
#include "control/params.h"
#include "gait/metrics.h"
#include "model/read.h"
#include "record/channels.h"
#include "scenario/address.h"
#include "study/cost.h"
#include "study/design.h"
#include <stdlib.h>
#include <string.h>

// quotes a CSV field where it needs them
static void print_field(const char *text) {
  if (!strpbrk(text, ",\"\n")) {
    fputs(text, stdout);
    return;
  }
  putchar('"');
  for (; *text; text++) {
    if (*text == '"')
      putchar('"');
    putchar(*text);
  }
  putchar('"');
}

static void print_numbers(const double *x, int n) {
  for (int i = 0; i < n; i++)
    printf(",%.17g", x[i]);
}

static void print_joint(int index, const kc_joint *joint) {
  printf("%d,%s,%s,%d,%s", index, joint->name, joint->link_name, joint->parent,
         joint->type == KC_REVOLUTE ? "revolute" : "prismatic");
  print_numbers(joint->axis, 3);
  print_numbers(joint->offset, 3);
  print_numbers(&joint->mass, 1);
  print_numbers(joint->com, 3);
  print_numbers(joint->inertia, 6);
  putchar('\n');
}

static kc_status list_tree(const char *word, kc_error *error) {
  kc_model *model;
  KC_TRY(kc_app_read_model(word, &model, error));
  puts("index,joint,body,parent,type,axis_x,axis_y,axis_z,offset_x,offset_y,offset_z,"
       "mass,com_x,com_y,com_z,Ixx,Iyy,Izz,Ixy,Ixz,Iyz");
  for (int i = 0; i < model->n_joint; i++)
    print_joint(i, &model->joint[i]);
  for (int i = 0; i < model->n_joint; i++)
    if (model->joint[i].rotor_inertia != 0)
      fprintf(stderr,
              "note: %s has an added rotor inertia of %.17g, which the table has no column for\n",
              model->joint[i].name, model->joint[i].rotor_inertia);
  kc_model_destroy(model);
  return KC_OK;
}

static void list_params(void) {
  puts("parameter,default,lower,upper,tuning_scale,unit,meaning");
  for (int i = 0; i < kc_control_n_param(); i++) {
    const kc_control_param_info *p = kc_control_param(i);
    printf("%s,%.10g,%.10g,%.10g,%.10g,", p->name, p->value, p->lower, p->upper, p->scale);
    print_field(p->unit);
    putchar(',');
    print_field(p->meaning);
    putchar('\n');
  }
}

static void list_terms(void) {
  puts("term,weight,cap,unit,meaning");
  for (int i = 0; i < KC_N_COST; i++) {
    const kc_cost_info *t = kc_cost_term_info(i);
    printf("%s,%.10g,%.10g,", t->name, t->weight, t->cap);
    print_field(t->unit);
    putchar(',');
    print_field(t->meaning);
    putchar('\n');
  }
}

static void list_channels(void) {
#define X(name, dimensions) dimensions,
  static const char *const shape[] = {KC_SHAPE_LIST(X)};
#undef X
#define X(name, store, form, source, unit, text, frame, positive, assumption)                      \
  {#name, #store, shape[KC_SHAPE_##form], unit, text, frame, positive},
  const struct {
    const char *name, *store, *shape, *unit, *meaning, *frame, *positive;
  } table[] = {KC_CHANNEL_LIST(X)};
#undef X
  puts("channel,storage,dimensions,unit,meaning,frame,positive");
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    const char *field[] = {table[i].store,   table[i].shape, table[i].unit,
                           table[i].meaning, table[i].frame, table[i].positive};
    fputs(table[i].name, stdout);
    for (size_t j = 0; j < sizeof field / sizeof *field; j++) {
      putchar(',');
      if (field[j])
        print_field(field[j]);
    }
    putchar('\n');
  }
}

static void list_metrics(void) {
  puts("metric,unit,meaning");
  for (int i = 0; i < kc_gait_n_metric(); i++) {
    const kc_gait_info *m = kc_gait_metric_info(i);
    printf("%s,", m->name);
    print_field(m->unit);
    putchar(',');
    print_field(m->meaning);
    putchar('\n');
  }
}

// keys of a file from the tables that read it; a key of an element stands behind its list
static void list_table(const char *path, const kc_table *table) {
  static const char *const form[] = {[KC_FIELD_QUANTITY] = "number",
                                     [KC_FIELD_SLOPE] = "slope",
                                     [KC_FIELD_INTEGER] = "whole number",
                                     [KC_FIELD_SEED] = "whole number",
                                     [KC_FIELD_BOOL] = "word",
                                     [KC_FIELD_STRING] = "text",
                                     [KC_FIELD_ENUM] = "word",
                                     [KC_FIELD_VECTOR] = "numbers",
                                     [KC_FIELD_TABLE] = "table",
                                     [KC_FIELD_LIST] = "list",
                                     [KC_FIELD_MAP] = "table by address"};
  for (int i = 0; i < table->n_field; i++) {
    const kc_field *f = &table->field[i];
    char key[200], initial[256], range[256];
    snprintf(key, sizeof key, "%.80s%s%.80s", path, *path ? "/" : "", f->key);
    kc_binding_write_initial(f, initial, sizeof initial);
    kc_binding_write_range(f, range, sizeof range);
    const char *field[] = {key, form[f->kind],
                           f->required ? "(needed)"
                           : f->table  ? ""
                                       : initial,
                           range, f->meaning ? f->meaning : ""};
    for (size_t k = 0; k < sizeof field / sizeof *field; k++) {
      if (k)
        putchar(',');
      print_field(field[k]);
    }
    putchar('\n');
    if (f->kind == KC_FIELD_MAP)
      snprintf(key + strlen(key), sizeof key - strlen(key), "/ADDRESS");
    if (f->table && !(f->table->has_short && f->table->n_field == 1))
      list_table(key, f->table);
  }
}

// counts what it prints below the heading, so that an address that is none can be told
static void print_address(void *user, const kc_address_row *row) {
  const char *field[] = {row->unit,  row->value,   row->initial,
                         row->range, row->meaning, row->source};
  int *n = user;
  if ((*n)++ == 0)
    puts("address,unit,value,default,range,meaning,source");
  print_field(row->address);
  for (size_t i = 0; i < sizeof field / sizeof *field; i++) {
    putchar(',');
    print_field(field[i]);
  }
  putchar('\n');
}

// of a scenario file; without one, of the shipped level scenario
static kc_status list_addresses(const char *file, const char *prefix, kc_error *error) {
  char *path = file ? strdup(file) : kc_scenario_find_file("", "scenarios", "level.yaml");
  if (!path)
    return kc_error_add(error, KC_ERR_INPUT, "list",
                        "scenarios/level.yaml is not found; name a scenario file");
  kc_scenario_def *def;
  kc_status status = kc_scenario_read_def(path, NULL, 0, &def, error);
  free(path);
  if (status != KC_OK)
    return status;
  int n = 0;
  kc_scenario_list_addresses(def, prefix, print_address, &n);
  kc_scenario_destroy_def(def);
  if (n > 0)
    return KC_OK;
  return kc_error_add(
      error, KC_ERR_INPUT, prefix,
      "no address begins so (they are like joint/knee_angle_r/damping); 'kinchain list' "
      "prints all of them");
}

static int is_yaml(const char *word) {
  size_t n = strlen(word);
  return n > 5 && strcmp(word + n - 5, ".yaml") == 0;
}

// [SCENARIO.yaml] [ADDRESS]
static kc_status list_words(const kc_app_arguments *arguments, kc_error *error) {
  int n = arguments->n_word, file = n > 0 && is_yaml(arguments->word[0]);
  if (n > 1 && !file)
    return kc_error_add(error, KC_ERR_INPUT, arguments->word[1],
                        "one argument too many; 'list' takes one address");
  return list_addresses(file ? arguments->word[0] : NULL, n > file ? arguments->word[file] : "",
                        error);
}

static int run(const kc_app_arguments *arguments) {
  kc_error error = kc_error_default();
  kc_status status = KC_OK;
  const char *word = arguments->n_word ? arguments->word[0] : NULL;
  if (arguments->tree && !word)
    status = kc_error_add(&error, KC_ERR_INPUT, "--tree", "name a model: list --tree MODEL.yaml");
  else if (arguments->tree)
    status = list_tree(word, &error);
  else if (arguments->params)
    list_params();
  else if (arguments->channels)
    list_channels();
  else if (arguments->metrics)
    list_metrics();
  else if (arguments->terms)
    list_terms();
  else if (arguments->sweep)
    puts("key,form,default,range,meaning"), list_table("", &kc_sweep_table);
  else
    status = list_words(arguments, &error);
  return kc_app_finish(status, &error);
}

static const kc_app_option options[] = {
    {"--tree", 0, KC_APP_FLAG, NULL,
     "the one-axis joints of MODEL.yaml in index order, with axis and\n"
     "offset in the parent's frame, mass centre and inertia (about it) in\n"
     "the body's; all frames parallel to ground at zero coordinates",
     KC_APP_FIELD(tree), 0, 0},
    {"--params", 0, KC_APP_FLAG, NULL, "the parameters of the controller", KC_APP_FIELD(params), 0,
     0},
    {"--metrics", 0, KC_APP_FLAG, NULL, "what is measured of each run", KC_APP_FIELD(metrics), 0,
     0},
    {"--channels", 0, KC_APP_FLAG, NULL, "the time series of a result file", KC_APP_FIELD(channels),
     0, 0},
    {"--terms", 0, KC_APP_FLAG, NULL, "the terms that tuning weighs", KC_APP_FIELD(terms), 0, 0},
    {"--sweep", 0, KC_APP_FLAG, NULL, "the keys of a sweep file", KC_APP_FIELD(sweep), 0, 0},
    KC_APP_OPTION_HELP,
    KC_APP_OPTION_END,
};

const kc_app_command kc_app_command_list = {
    .name = "list",
    .words = "[SCENARIO.yaml] [ADDRESS]",
    .summary = "what can be set, is recorded, is measured; a model's tree",
    .description =
        "Without options: the addresses that scenarios and --set know, with unit, value, default,\n"
        "range, meaning and source, of SCENARIO.yaml or else of the shipped level scenario; with\n"
        "ADDRESS only those that begin with it. All lists are CSV.\n\n"
        "  kinchain list course\n"
        "  kinchain list scenarios/uphill.yaml joint/knee_angle_r\n"
        "  kinchain list --tree models/runner.yaml\n",
    .min_words = 0,
    .max_words = 2,
    .option = options,
    .run = run,
};
