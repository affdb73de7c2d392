/// @file
/// The life of a definition of a scenario: copied, told what was set, freed.
#include "scenario/definition.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

kc_scenario_def *kc_scenario_copy_def(const kc_scenario_def *def) {
  kc_scenario_def *copy = malloc(sizeof *copy);
  if (!copy)
    return NULL;
  kc_status status = kc_binding_copy(&kc_scenario_table, def, copy);
  copy->path = strdup(def->path);
  copy->text = strdup(def->text);
  copy->model_text = strdup(def->model_text);
  copy->body = kc_model_copy_def(def->body);
  if (status == KC_OK && copy->path && copy->text && copy->model_text && copy->body)
    return copy;
  kc_scenario_destroy_def(copy);
  return NULL;
}

kc_status kc_scenario_note_settings(kc_scenario_def *def, const kc_setting *setting, int n,
                                    kc_error *error) {
  size_t used = strlen(def->text), size = used + 2;
  for (int i = 0; i < n; i++)
    size += strlen(setting[i].address) + strlen(setting[i].value) + sizeof "# --set =\n";
  char *text = realloc(def->text, size);
  if (!text)
    return kc_error_add(error, KC_ERR_MEMORY, def->path, "no memory");
  def->text = text;
  if (n && used && text[used - 1] != '\n')
    used += (size_t)sprintf(text + used, "\n");
  for (int i = 0; i < n; i++) {
    char *line = text + used;
    used += (size_t)sprintf(line, "# --set %s=%s", setting[i].address, setting[i].value);
    for (; *line; line++)
      if (*line == '\n' || *line == '\r')
        *line = ' ';
    used += (size_t)sprintf(text + used, "\n");
  }
  return KC_OK;
}

void kc_scenario_destroy_def(kc_scenario_def *def) {
  if (!def)
    return;
  kc_binding_destroy(&kc_scenario_table, def);
  kc_model_destroy_def(def->body);
  free(def->path);
  free(def->text);
  free(def->model_text);
  free(def);
}
