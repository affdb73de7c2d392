/// @file
/// Reading a scenario: its YAML, early settings, the model and parameters it names, late settings.
#include "model/read.h"
#include "base/file.h"
#include "scenario/address.h"
#include "scenario/params.h"
#include "scenario/size.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Each entry of `conditions` names one kind.
static kc_status check_kinds(const kc_scenario_def *def, kc_error *error) {
  kc_status status = KC_OK;
  for (int i = 0; i < def->n_condition; i++) {
    const kc_condition *c = &def->condition[i];
    int n = 0;
    for (int k = 0; k < kc_condition_table.n_field; k++) {
      const char *at = (const char *)c + kc_condition_table.field[k].offset;
      n += ((const kc_place *)(const void *)at)->line != 0;
    }
    if (n != 1)
      status = kc_yaml_add(error, def->path, c->place, "conditions",
                           "has %d kinds in one entry; write one '- kind: {...}' for each", n);
  }
  return status;
}

static kc_status bind(kc_scenario_def *def, size_t size, kc_error *error) {
  kc_yaml *yaml;
  KC_TRY(kc_yaml_read_text(def->text, size, def->path, &yaml, error));
  kc_status status = kc_binding_read(&kc_scenario_table, yaml, kc_yaml_root(yaml), def, error);
  kc_yaml_destroy(yaml);
  return status == KC_OK ? check_kinds(def, error) : status;
}

/// Settings that need the model or the parameters wait until these are read.
static int is_late(const char *address) {
  static const char *const kind[] = {"control/", "joint/",  "sling/",   "band/", "node/",
                                     "muscle/",  "sphere/", "segment/", "drag/"};
  for (size_t i = 0; i < sizeof kind / sizeof kind[0]; i++)
    if (strncmp(address, kind[i], strlen(kind[i])) == 0)
      return 1;
  return 0;
}

static kc_status apply_settings(kc_scenario_def *def, const kc_setting *setting, int n, int late,
                                kc_error *error) {
  kc_status status = KC_OK;
  for (int i = 0; i < n; i++) {
    if (is_late(setting[i].address) != late)
      continue;
    char where[200];
    snprintf(where, sizeof where, "--set %.180s", setting[i].address);
    kc_status one =
        kc_scenario_set_address(def, setting[i].address, setting[i].value, where, error);
    if (one != KC_OK)
      status = one;
  }
  return status;
}

static int is_given(const char *name, const char *file, const char *text) {
  return file && text && strcmp(name, file) == 0;
}

static kc_status read_model(kc_scenario_def *def, const kc_scenario_texts *given, kc_error *error) {
  if (is_given(def->model, given->model_file, given->model_text)) {
    def->model_text = strdup(given->model_text);
    if (!def->model_text)
      return kc_error_add(error, KC_ERR_MEMORY, def->path, "no memory");
    return kc_model_read_def_text(given->model_text, strlen(given->model_text), def->model,
                                  &def->body, error);
  }
  char *path = kc_scenario_find_file(def->path, "models", def->model);
  if (!path)
    return kc_yaml_add(error, def->path, def->place, "model",
                       "'%s' is neither beside the scenario nor in models/; check the name",
                       def->model);
  kc_status status = kc_model_read_def(path, &def->model_text, &def->body, error);
  free(path);
  return status;
}

static kc_status read_params(kc_scenario_def *def, const kc_scenario_texts *given,
                             kc_error *error) {
  def->params = kc_control_default_params();
  const char *name = def->controller.parameters;
  if (!name)
    return KC_OK;
  if (is_given(name, given->parameters_file, given->parameters_text))
    return kc_scenario_read_params_text(given->parameters_text, strlen(given->parameters_text),
                                        name, &def->params, error);
  char *path = kc_scenario_find_file(def->path, "models/controllers", name);
  if (!path)
    return kc_yaml_add(error, def->path, def->controller.place, "controller/parameters",
                       "'%s' is neither beside the scenario nor in models/controllers/", name);
  kc_status status = kc_scenario_read_params(path, &def->params, error);
  free(path);
  return status;
}

/// Everything after the text is there; goes on past a failure as far as that makes sense.
static kc_status complete(kc_scenario_def *def, const kc_scenario_texts *given,
                          const kc_setting *setting, int n_setting, kc_error *error) {
  KC_TRY(bind(def, given->size, error));
  kc_status early = apply_settings(def, setting, n_setting, 0, error);
  kc_status model = read_model(def, given, error), params = read_params(def, given, error);
  KC_TRY(model);
  KC_TRY(params);
  kc_status sized = kc_scenario_apply_size(def, def->body, error);
  kc_status late = apply_settings(def, setting, n_setting, 1, error);
  KC_TRY(early);
  KC_TRY(sized);
  KC_TRY(late);
  return kc_scenario_note_settings(def, setting, n_setting, error);
}

kc_status kc_scenario_read_def_texts(const kc_scenario_texts *given, const kc_setting *setting,
                                     int n_setting, kc_scenario_def **def, kc_error *error) {
  *def = NULL;
  kc_scenario_def *made = malloc(sizeof *made);
  if (!made)
    return kc_error_add(error, KC_ERR_MEMORY, given->path, "no memory");
  kc_binding_default(&kc_scenario_table, made);
  made->path = strdup(given->path);
  made->text = malloc(given->size + 1);
  kc_status status = KC_ERR_MEMORY;
  if (made->path && made->text && made->model) {
    memcpy(made->text, given->text, given->size);
    made->text[given->size] = 0;
    status = complete(made, given, setting, n_setting, error);
  } else {
    kc_error_add(error, status, given->path, "no memory");
  }
  if (status == KC_OK)
    *def = made;
  else
    kc_scenario_destroy_def(made);
  return status;
}

kc_status kc_scenario_read_def_text(const char *text, size_t size, const char *path,
                                    const kc_setting *setting, int n_setting, kc_scenario_def **def,
                                    kc_error *error) {
  kc_scenario_texts given = {.text = text, .size = size, .path = path};
  return kc_scenario_read_def_texts(&given, setting, n_setting, def, error);
}

kc_status kc_scenario_read_def(const char *path, const kc_setting *setting, int n_setting,
                               kc_scenario_def **def, kc_error *error) {
  *def = NULL;
  char *found = kc_file_exists(path) ? NULL : kc_scenario_find_file("", "scenarios", path), *text;
  const char *place = found ? found : path;
  size_t size;
  kc_status status = kc_file_read_text(place, KC_FILE_TEXT_LIMIT, &text, &size, error);
  if (status == KC_OK) {
    status = kc_scenario_read_def_text(text, size, place, setting, n_setting, def, error);
    free(text);
  }
  free(found);
  return status;
}
