/// @file
/// Model files: YAML to a definition or a compiled model.
#pragma once
#include "model/binding.h"
#include "model/definition.h"

/// Reads a model file into a mirrored definition, checked.
///
/// @param path file
/// @param text [out] the file's text, to be freed by the caller; may be NULL
/// @param def  [out] to be freed with kc_model_destroy_def; NULL on failure
/// @return KC_OK; KC_ERR_INPUT with every problem; KC_ERR_FILE; KC_ERR_MEMORY
kc_status kc_model_read_def(const char *path, char **text, kc_model_def **def,
                            kc_error *error) KC_WARN_UNUSED;
/// The same from memory; `name` stands for the file in messages.
kc_status kc_model_read_def_text(const char *text, size_t size, const char *name,
                                 kc_model_def **def, kc_error *error) KC_WARN_UNUSED;
/// Reads and compiles a model file as it stands; to be freed with kc_model_destroy.
kc_status kc_model_read(const char *path, kc_model **model, kc_error *error) KC_WARN_UNUSED;
/// The same from memory.
kc_status kc_model_read_text(const char *text, size_t size, const char *name, kc_model **model,
                             kc_error *error) KC_WARN_UNUSED;
/// The table of a model file, for documentation.
const kc_table *kc_model_file_table(void);
