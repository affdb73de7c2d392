/// @file
/// A YAML document with the place of every node, read with limits.
///
/// Plain data only: aliases, anchors, tags and several documents are refused, as are depths beyond
/// 24 and more than 200000 nodes. All finding texts name file, line and column.
#pragma once
#include "base/error.h"
#include <yaml.h>

/// Limits of a document: depth of nesting and number of nodes.
enum { KC_YAML_MAX_DEPTH = 24, KC_YAML_MAX_NODE = 200000 };

typedef struct {
  char *name; ///< file name, as it stands in messages
  yaml_document_t document;
} kc_yaml;

/// Where something stands: line and column from 1; line 0 = not in the file.
typedef struct {
  int line, column;
} kc_place;

/// Reads a file; its text goes to *text (to be freed by the caller) unless text is NULL.
kc_status kc_yaml_read(const char *path, kc_yaml **yaml, char **text,
                       kc_error *error) KC_WARN_UNUSED;
/// Reads a document from memory; `name` stands for the file in messages.
kc_status kc_yaml_read_text(const char *text, size_t size, const char *name, kc_yaml **yaml,
                            kc_error *error) KC_WARN_UNUSED;
/// Frees a document; takes NULL.
void kc_yaml_destroy(kc_yaml *yaml);

/// The top node of a document, which is never NULL.
yaml_node_t *kc_yaml_root(kc_yaml *yaml);
/// A node by its number, NULL beyond the last.
yaml_node_t *kc_yaml_node(kc_yaml *yaml, int index);
/// The text of a scalar, NULL for a list or a table.
const char *kc_yaml_scalar(const yaml_node_t *node);
/// The value under `key` in a table, NULL if there is none.
yaml_node_t *kc_yaml_find(kc_yaml *yaml, const yaml_node_t *table, const char *key);
/// Where a node starts.
kc_place kc_yaml_place(const yaml_node_t *node);
/// Adds a finding at "name:line:column: key"; printf-like. Returns KC_ERR_INPUT.
///
/// @param name file name; @param key what the finding is about, may be empty
kc_status kc_yaml_add(kc_error *error, const char *name, kc_place place, const char *key,
                      const char *format, ...) __attribute__((format(printf, 5, 6)));
