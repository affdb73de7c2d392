/// @file
/// Parsing of a command line against a command's table of options.
///
/// `--name value`, `--name=value`, `-n value`, flags, and words; `--` ends the options. Every
/// problem is reported, with the nearest name to a misspelt one.
#include "app/app.h"
#include "base/text.h"
#include "base/units.h"
#include <stdlib.h>
#include <string.h>

// one command line being read
typedef struct {
  const kc_app_command *command;
  kc_app_arguments *arguments;
  kc_error *error;
  int n;
  const char *const *word;
  int at;
} parser;

static const kc_app_option *find_option(const kc_app_command *command, const char *name,
                                        size_t length) {
  for (const kc_app_option *o = command->option; o->name; o++) {
    if (strlen(o->name) == length && strncmp(o->name, name, length) == 0)
      return o;
    if (length == 2 && name[0] == '-' && o->letter && name[1] == o->letter)
      return o;
  }
  return NULL;
}

static void refuse_option(parser *p, const char *name, size_t length) {
  char wanted[80], near[120];
  snprintf(wanted, sizeof wanted, "%.*s", (int)(length < 60 ? length : 60), name);
  kc_nearest nearest = kc_nearest_default(wanted);
  for (const kc_app_option *o = p->command->option; o->name; o++)
    kc_nearest_add(&nearest, o->name);
  kc_nearest_write(&nearest, near, sizeof near);
  (void)kc_error_add(p->error, KC_ERR_INPUT, wanted,
                     "unknown option of 'kinchain %s'%s (see 'kinchain %s --help')",
                     p->command->name, near, p->command->name);
}

// whether `text` is one of the words of "1|4|8"
static int is_choice(const char *choices, const char *text) {
  size_t n = strlen(text);
  for (const char *c = choices; n > 0; c++) {
    size_t length = strcspn(c, "|");
    if (length == n && strncmp(c, text, n) == 0)
      return 1;
    c += length;
    if (*c == '\0')
      break;
  }
  return 0;
}

static void read_number(parser *p, const kc_app_option *o, const char *text, void *field) {
  double x = 0;
  const char *end = kc_units_parse_number(text, &x);
  int whole = o->kind == KC_APP_INT;
  if (!end || *end || x < o->lower || x > o->upper || (whole && x != (double)(long)x)) {
    (void)kc_error_add(p->error, KC_ERR_INPUT, o->name,
                       "'%.60s' is no %s from %.10g to %.10g; give one, such as %s %.10g", text,
                       whole ? "whole number" : "number", o->lower, o->upper, o->name, o->lower);
    return;
  }
  if (whole)
    *(int *)field = (int)x;
  else
    *(double *)field = x;
}

static void read_setting(parser *p, const char *text) {
  const char *equals = strchr(text, '=');
  if (!equals || equals == text || equals[1] == '\0') {
    (void)kc_error_add(
        p->error, KC_ERR_INPUT, "--set",
        "'%.80s' is not ADDRESS=VALUE; write for example --set course/grade=\"-8 %%\"", text);
    return;
  }
  char *address = strdup(text);
  if (!address) {
    (void)kc_error_add(p->error, KC_ERR_MEMORY, "--set", "no memory");
    return;
  }
  address[equals - text] = '\0';
  int i = p->arguments->n_setting++;
  p->arguments->address[i] = address;
  p->arguments->setting[i] = (kc_setting){.address = address, .value = equals + 1};
}

static void read_value(parser *p, const kc_app_option *o, const char *text) {
  void *field = (char *)p->arguments + o->offset;
  switch (o->kind) {
  case KC_APP_FLAG:
    *(int *)field = 1;
    break;
  case KC_APP_TEXT:
    *(const char **)field = text;
    break;
  case KC_APP_CHOICE:
    if (is_choice(o->argument, text))
      *(int *)field = (int)strtol(text, NULL, 10);
    else
      (void)kc_error_add(p->error, KC_ERR_INPUT, o->name, "'%.60s' is none of %s; give one of them",
                         text, o->argument);
    break;
  case KC_APP_INT:
  case KC_APP_NUMBER:
    read_number(p, o, text, field);
    break;
  case KC_APP_SETTING:
    read_setting(p, text);
    break;
  }
}

static void read_option(parser *p, const char *word) {
  size_t length = word[1] == '-' ? strcspn(word, "=") : strlen(word);
  const char *value = word[length] ? word + length + 1 : NULL;
  const kc_app_option *o = find_option(p->command, word, length);
  if (!o) {
    refuse_option(p, word, length);
    return;
  }
  if (o->kind == KC_APP_FLAG) {
    if (value)
      (void)kc_error_add(p->error, KC_ERR_INPUT, o->name, "takes no value; leave '=%.60s' out",
                         value);
    else
      read_value(p, o, NULL);
    return;
  }
  if (!value && p->at < p->n)
    value = p->word[p->at++];
  if (!value)
    (void)kc_error_add(p->error, KC_ERR_INPUT, o->name, "needs a value: %s %s", o->name,
                       o->argument);
  else
    read_value(p, o, value);
}

static void check_words(parser *p) {
  const kc_app_command *c = p->command;
  int n = p->arguments->n_word;
  if (p->arguments->help || (n >= c->min_words && n <= c->max_words))
    return;
  if (n < c->min_words)
    (void)kc_error_add(p->error, KC_ERR_INPUT, c->name, "needs %s; see 'kinchain %s --help'",
                       c->words, c->name);
  else
    (void)kc_error_add(p->error, KC_ERR_INPUT, p->arguments->word[c->max_words],
                       "one argument too many; '%s' takes %s", c->name,
                       c->words[0] ? c->words : "none");
}

kc_status kc_app_parse(const kc_app_command *command, int n, const char *const *word,
                       kc_app_arguments *arguments, kc_error *error) {
  size_t room = (size_t)n + 1;
  *arguments = (kc_app_arguments){.word = calloc(room, sizeof *arguments->word),
                                  .address = calloc(room, sizeof *arguments->address),
                                  .setting = calloc(room, sizeof *arguments->setting)};
  if (!arguments->word || !arguments->address || !arguments->setting)
    return kc_error_add(error, KC_ERR_MEMORY, "command line", "no memory for it");
  parser p = {command, arguments, error, n, word, 0};
  int options = 1;
  while (p.at < n) {
    const char *w = word[p.at++];
    if (options && strcmp(w, "--") == 0)
      options = 0;
    else if (options && w[0] == '-' && w[1] != '\0')
      read_option(&p, w);
    else
      arguments->word[arguments->n_word++] = w;
  }
  check_words(&p);
  return error->n_finding ? error->status : KC_OK;
}

void kc_app_free_arguments(kc_app_arguments *arguments) {
  for (int i = 0; i < arguments->n_setting; i++)
    free(arguments->address[i]);
  free(arguments->setting);
  free(arguments->address);
  free(arguments->word);
  *arguments = (kc_app_arguments){0};
}
