/// @file
/// Parameter files by the binding; the table of control/params.h gives units and bounds.
#include "scenario/params.h"
#include "base/file.h"
#include "scenario/definition.h"
#include <stdlib.h>
#include <string.h>

kc_status kc_scenario_read_params_text(const char *text, size_t size, const char *name,
                                       kc_control_params *params, kc_error *error) {
  *params = kc_control_default_params();
  kc_yaml *yaml;
  KC_TRY(kc_yaml_read_text(text, size, name, &yaml, error));
  kc_status status = kc_binding_read(&kc_param_table, yaml, kc_yaml_root(yaml), params, error);
  kc_yaml_destroy(yaml);
  return status;
}

kc_status kc_scenario_read_params(const char *path, kc_control_params *params, kc_error *error) {
  char *text;
  size_t size;
  *params = kc_control_default_params();
  KC_TRY(kc_file_read_text(path, KC_FILE_TEXT_LIMIT, &text, &size, error));
  kc_status status = kc_scenario_read_params_text(text, size, path, params, error);
  free(text);
  return status;
}

kc_status kc_scenario_write_params(FILE *file, const kc_control_params *params,
                                   const char *comment) {
  fprintf(file, "%s%s", comment, *comment && comment[strlen(comment) - 1] != '\n' ? "\n" : "");
  for (int i = 0; i < kc_param_table.n_field; i++) {
    const kc_field *f = &kc_param_table.field[i];
    const double *value = (const double *)(const void *)((const char *)params + f->offset);
    int plain = strcmp(f->unit, "1") == 0;
    fprintf(file, "%s: %.17g%s%s # %s\n", f->key, *value, plain ? "" : " ", plain ? "" : f->unit,
            f->meaning);
  }
  return ferror(file) ? KC_ERR_FILE : KC_OK;
}
