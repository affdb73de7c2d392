/// @file
/// YAML by libyaml, in two passes: events first, so that depth, aliases and size are refused before
/// anything is built; then the document, whose nodes know their line and column.
#include "model/yaml.h"
#include "base/file.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static kc_place place_of(yaml_mark_t mark) {
  return (kc_place){.line = (int)mark.line + 1, .column = (int)mark.column + 1};
}

kc_place kc_yaml_place(const yaml_node_t *node) { return place_of(node->start_mark); }

kc_status kc_yaml_add(kc_error *error, const char *name, kc_place place, const char *key,
                      const char *format, ...) {
  char where[512], text[768];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  const char *gap = *key ? ": " : "";
  if (place.line > 0)
    snprintf(where, sizeof where, "%s:%d:%d%s%.120s", name, place.line, place.column, gap, key);
  else
    snprintf(where, sizeof where, "%s%s%.120s", name, gap, key);
  return kc_error_add(error, KC_ERR_INPUT, where, "%s", text);
}

/// What the first pass has seen.
typedef struct {
  const char *name;
  kc_error *error;
  int depth, n_node, n_document;
} scan;

static kc_status refuse(const scan *s, yaml_mark_t mark, const char *text) {
  return kc_yaml_add(s->error, s->name, place_of(mark), "", "%s", text);
}

/// Looks at one event: nesting, names that stand for other nodes, number of documents.
static kc_status scan_event(scan *s, const yaml_event_t *event) {
  const yaml_char_t *anchor = NULL, *tag = NULL;
  switch (event->type) {
  case YAML_DOCUMENT_START_EVENT:
    if (++s->n_document > 1)
      return refuse(s, event->start_mark, "a second document; a file holds one: remove '---'");
    break;
  case YAML_ALIAS_EVENT:
    return refuse(s, event->start_mark, "aliases (*name) are not read; write the value again");
  case YAML_SCALAR_EVENT:
    anchor = event->data.scalar.anchor, tag = event->data.scalar.tag;
    break;
  case YAML_SEQUENCE_START_EVENT:
    anchor = event->data.sequence_start.anchor, tag = event->data.sequence_start.tag, s->depth++;
    break;
  case YAML_MAPPING_START_EVENT:
    anchor = event->data.mapping_start.anchor, tag = event->data.mapping_start.tag, s->depth++;
    break;
  case YAML_SEQUENCE_END_EVENT:
  case YAML_MAPPING_END_EVENT:
    s->depth--;
    break;
  default:
    break;
  }
  if (anchor)
    return refuse(s, event->start_mark, "anchors (&name) are not read; remove it");
  if (tag)
    return refuse(s, event->start_mark, "tags (!name) are not read; remove it");
  if (s->depth > KC_YAML_MAX_DEPTH)
    return refuse(s, event->start_mark, "nested deeper than 24 levels; flatten the file");
  if (++s->n_node > KC_YAML_MAX_NODE)
    return refuse(s, event->start_mark, "more than 200000 values; this is no model or scenario");
  return KC_OK;
}

static kc_status report_parser(const scan *s, const yaml_parser_t *parser) {
  if (parser->error == YAML_MEMORY_ERROR)
    return kc_error_add(s->error, KC_ERR_MEMORY, s->name, "no memory to read the document");
  return kc_yaml_add(s->error, s->name, place_of(parser->problem_mark), "",
                     "is not YAML here: %s%s%s",
                     parser->problem ? parser->problem : "unreadable character",
                     parser->context ? ", " : "", parser->context ? parser->context : "");
}

static kc_status scan_text(scan *s, const char *text, size_t size) {
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser))
    return kc_error_add(s->error, KC_ERR_MEMORY, s->name, "no memory to read the document");
  yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
  kc_status status = KC_OK;
  for (int done = 0; !done && status == KC_OK;) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) {
      status = report_parser(s, &parser);
      break;
    }
    done = event.type == YAML_STREAM_END_EVENT;
    status = scan_event(s, &event);
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  if (status == KC_OK && s->n_document == 0)
    status = kc_error_add(s->error, KC_ERR_INPUT, s->name, "holds no document, only comments");
  return status;
}

static kc_status load_text(scan *s, const char *text, size_t size, kc_yaml *yaml) {
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser))
    return kc_error_add(s->error, KC_ERR_MEMORY, s->name, "no memory to read the document");
  yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
  kc_status status = KC_OK;
  if (!yaml_parser_load(&parser, &yaml->document))
    status = report_parser(s, &parser);
  yaml_parser_delete(&parser);
  return status;
}

kc_status kc_yaml_read_text(const char *text, size_t size, const char *name, kc_yaml **yaml,
                            kc_error *error) {
  *yaml = NULL;
  scan s = {.name = name, .error = error};
  size_t bad = kc_file_check_text(text, size);
  if (bad < size)
    return kc_error_add(error, KC_ERR_INPUT, name, "is not text (byte 0x%02x at offset %zu)",
                        (unsigned)(unsigned char)text[bad], bad);
  KC_TRY(scan_text(&s, text, size));
  kc_yaml *made = calloc(1, sizeof *made);
  char *own_name = strdup(name);
  if (!made || !own_name) {
    free(made);
    free(own_name);
    return kc_error_add(error, KC_ERR_MEMORY, name, "no memory to read the document");
  }
  kc_status status = load_text(&s, text, size, made);
  if (status != KC_OK) {
    free(made);
    free(own_name);
    return status;
  }
  made->name = own_name;
  *yaml = made;
  return KC_OK;
}

kc_status kc_yaml_read(const char *path, kc_yaml **yaml, char **text, kc_error *error) {
  *yaml = NULL;
  char *content;
  size_t size;
  KC_TRY(kc_file_read_text(path, KC_FILE_TEXT_LIMIT, &content, &size, error));
  kc_status status = kc_yaml_read_text(content, size, path, yaml, error);
  if (status == KC_OK && text)
    *text = content;
  else
    free(content);
  return status;
}

void kc_yaml_destroy(kc_yaml *yaml) {
  if (!yaml)
    return;
  yaml_document_delete(&yaml->document);
  free(yaml->name);
  free(yaml);
}

yaml_node_t *kc_yaml_root(kc_yaml *yaml) { return yaml_document_get_root_node(&yaml->document); }

yaml_node_t *kc_yaml_node(kc_yaml *yaml, int index) {
  return yaml_document_get_node(&yaml->document, index);
}

const char *kc_yaml_scalar(const yaml_node_t *node) {
  return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

yaml_node_t *kc_yaml_find(kc_yaml *yaml, const yaml_node_t *table, const char *key) {
  if (table->type != YAML_MAPPING_NODE)
    return NULL;
  for (yaml_node_pair_t *p = table->data.mapping.pairs.start; p < table->data.mapping.pairs.top;
       p++) {
    const char *text = kc_yaml_scalar(kc_yaml_node(yaml, p->key));
    if (text && strcmp(text, key) == 0)
      return kc_yaml_node(yaml, p->value);
  }
  return NULL;
}
