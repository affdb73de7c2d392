/// @file
/// Reference tables, header and rows (see reference.h). Rows of a quantity stand together, so that
/// its numbers are one piece of the table's columns.
#include "lab/reference.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/units.h"
#include "io/csv.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FINDING = 12 };

// the columns, in the order of column_name
enum { QUANTITY, PERCENT, MEAN, SD, UNIT, N_COLUMN };
static const char *const column_name[N_COLUMN] = {"quantity", "percent", "mean", "sd", "unit"};

typedef struct {
  const char *path;
  kc_reference *reference;
  kc_csv csv;
  int column[N_COLUMN];
  kc_error *error;
  int n_problem, no_memory;
} reader;

// a finding in a line of the file, or about all of it where that is 0
__attribute__((format(printf, 3, 4))) static void complain(reader *r, int line, const char *format,
                                                           ...) {
  char place[400], text[400];
  if (++r->n_problem > MAX_FINDING)
    return;
  snprintf(place, sizeof place, "%.300s", r->path);
  if (line > 0)
    snprintf(place, sizeof place, "%.300s:%d", r->path, line);
  va_list list;
  va_start(list, format);
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  (void)kc_error_add(r->error, KC_ERR_INPUT, place, "%s", text);
}

// the value of a line "# key: value", to be freed; NULL if the line is none
static char *take_value(const char *line, size_t length, const char *key) {
  size_t at = 1, n = strlen(key);
  while (at < length && (line[at] == ' ' || line[at] == '#'))
    at++;
  if (at + n >= length || strncmp(line + at, key, n) != 0 || line[at + n] != ':')
    return NULL;
  at += n + 1;
  while (at < length && (line[at] == ' ' || line[at] == '\t'))
    at++;
  while (length > at && strchr(" \t\r\"", line[length - 1]))
    length--;
  return strndup(line + at, length - at);
}

// adds a line to a text of the header
static void append_text(reader *r, char **text, const char *line) {
  size_t before = *text ? strlen(*text) : 0, size = before + strlen(line) + 2;
  char *longer = realloc(*text, size);
  if (!longer) {
    r->no_memory = 1;
    return;
  }
  snprintf(longer + before, size - before, before ? " %s" : "%s", line);
  *text = longer;
}

static void read_quantity(reader *r, int line, const char *key, const char *unit, const char *text,
                          double *value) {
  char problem[200] = "";
  if (kc_units_parse_quantity(text, unit, value, problem, sizeof problem) != KC_OK)
    complain(r, line, "%s: %s", key, problem);
  else if (!(*value > 0))
    complain(r, line, "%s is '%.40s'; give one above 0", key, text);
}

static void read_header_line(reader *r, int number, const char *line, size_t length) {
  static const char *const key[] = {"source", "assumption", "speed", "threshold", "filter"};
  kc_reference *t = r->reference;
  for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
    char *value = take_value(line, length, key[i]);
    if (!value)
      continue;
    if (i == 0)
      append_text(r, &t->source, value);
    else if (i == 1)
      append_text(r, &t->assumption, value);
    else if (i == 2)
      read_quantity(r, number, key[i], "m/s", value, &t->speed);
    else if (i == 3)
      read_quantity(r, number, key[i], "N", value, &t->threshold);
    else if (strcmp(value, "none") == 0)
      t->filter = 0;
    else
      read_quantity(r, number, key[i], "Hz", value, &t->filter);
    free(value);
  }
}

static void read_header(reader *r, const char *text) {
  for (int line = 1; *text; line++) {
    size_t length = strcspn(text, "\n");
    if (text[0] == '#')
      read_header_line(r, line, text, length);
    text += length + (text[length] != '\0');
  }
  char **const text_of[] = {&r->reference->source, &r->reference->assumption};
  for (int i = 0; i < 2; i++)
    if (!*text_of[i])
      append_text(r, text_of[i], "");
  if (isnan(r->reference->speed))
    complain(r, 0, "does not say at what speed; add a line '# speed: 3 m/s'");
  if (isnan(r->reference->threshold))
    complain(r, 0, "does not say at what force a foot is down; add a line '# threshold: 30 N'");
}

static void find_columns(reader *r) {
  for (int c = 0; c < N_COLUMN; c++) {
    r->column[c] = kc_io_find_csv_column(&r->csv, column_name[c]);
    if (r->column[c] < 0)
      complain(r, 0, "has no column '%s'; the columns are quantity,percent,mean,sd,unit",
               column_name[c]);
  }
}

static const char *word(const reader *r, int row, int column) {
  return r->csv.word[row * r->csv.n_column + r->column[column]];
}

static double number(const reader *r, int row, int column) {
  return r->csv.value[row * r->csv.n_column + r->column[column]];
}

static int find_quantity(reader *r, int row) {
  const char *name = word(r, row, QUANTITY);
  kc_nearest nearest = kc_nearest_default(name);
  for (int q = 0; q < KC_N_QUANTITY; q++) {
    const char *known = kc_lab_quantity_info(q)->name;
    if (strcmp(known, name) == 0)
      return q;
    kc_nearest_add(&nearest, known);
  }
  char near[100];
  kc_nearest_write(&nearest, near, sizeof near);
  complain(r, r->csv.line[row], "unknown quantity '%.60s'%s; 'kinchain score --help' has the names",
           name, near);
  return -1;
}

// value of a written unit in the quantity's own; 0 if it is none of its kind
static double find_factor(const char *unit, const char *own) {
  kc_unit_dimension a, b;
  double x, y;
  if (strcmp(unit, own) == 0)
    return 1;
  if (kc_units_parse_unit(unit, &a, &x) != KC_OK || kc_units_parse_unit(own, &b, &y) != KC_OK ||
      memcmp(&a, &b, sizeof a) != 0)
    return 0;
  return x / y;
}

// percent of a row of quantity q; NaN with a finding if there is something wrong with it
static double read_percent(reader *r, int row, int q, const kc_reference_curve *curve) {
  const char *text = word(r, row, PERCENT);
  const kc_quantity_info *info = kc_lab_quantity_info(q);
  int line = r->csv.line[row];
  if (info->span == KC_OVER_STEPS) {
    if (*text)
      complain(r, line, "%s is one number; leave percent empty", info->name);
    else if (curve->n > 0)
      complain(r, line, "%s is there twice; remove one", info->name);
    return 0;
  }
  double percent = 0;
  const char *end = kc_units_parse_number(text, &percent);
  if (!end || *end || percent < 0 || percent > 100)
    complain(r, line, "percent of %s is '%.40s'; give one from 0 to 100", info->name, text);
  else if (curve->n > 0 && percent <= curve->percent[curve->n - 1])
    complain(r, line,
             "percent of %s is %.10g after %.10g; let it rise from row to row, all rows of "
             "a quantity together",
             info->name, percent, curve->percent[curve->n - 1]);
  return percent;
}

static void read_row(reader *r, int row, int *last) {
  int q = find_quantity(r, row), line = r->csv.line[row];
  if (q < 0)
    return;
  kc_reference_curve *curve = &r->reference->curve[q];
  const kc_quantity_info *info = kc_lab_quantity_info(q);
  if (curve->n > 0 && q != *last)
    complain(r, line, "%s goes on after another quantity; put its rows together", info->name);
  *last = q;
  double percent = read_percent(r, row, q, curve), sd = number(r, row, SD);
  double factor = find_factor(word(r, row, UNIT), info->unit);
  if (factor <= 0)
    complain(r, line, "the unit of %s is '%.40s'; give it in %s", info->name, word(r, row, UNIT),
             info->unit);
  if (!(sd > 0))
    complain(r, line, "the sd of %s is %.10g; a score needs one above 0", info->name, sd);
  if (curve->n == KC_REFERENCE_MAX_POINT)
    complain(r, line, "%s has more than %d points; thin it out", info->name,
             (int)KC_REFERENCE_MAX_POINT);
  if (r->n_problem)
    return;
  if (curve->n == 0) {
    curve->percent = r->reference->numbers + row;
    curve->mean = curve->percent + r->csv.n_row;
    curve->sd = curve->mean + r->csv.n_row;
  }
  curve->percent[curve->n] = percent;
  curve->mean[curve->n] = factor * number(r, row, MEAN);
  curve->sd[curve->n++] = factor * sd;
}

// what can be told only once all rows are read
static void check_whole(reader *r) {
  int forces = 0;
  for (int q = 0; q < KC_N_QUANTITY; q++) {
    const kc_reference_curve *curve = &r->reference->curve[q];
    const kc_quantity_info *info = kc_lab_quantity_info(q);
    if (info->span != KC_OVER_STEPS && curve->n == 1)
      complain(r, 0, "%s is a curve and has only one point; give two or more", info->name);
    forces += curve->n > 0 && strcmp(info->unit, "BW") == 0;
  }
  if (forces && isnan(r->reference->filter))
    complain(r, 0,
             "has forces and does not say how they were filtered; add a line '# filter: 20 "
             "Hz' (the cut-off) or '# filter: none'");
}

static void read_rows(reader *r) {
  find_columns(r);
  if (r->n_problem)
    return;
  r->reference->numbers = malloc(3 * (size_t)r->csv.n_row * sizeof *r->reference->numbers);
  if (!r->reference->numbers) {
    r->no_memory = 1;
    return;
  }
  int last = -1;
  for (int row = 0; row < r->csv.n_row && r->n_problem <= MAX_FINDING; row++)
    read_row(r, row, &last);
  if (!r->n_problem)
    check_whole(r);
}

kc_status kc_lab_parse_reference(const char *path, char *text, kc_reference **reference,
                                 kc_error *error) {
  static const char *const words[] = {"quantity", "percent", "unit", NULL};
  *reference = NULL;
  reader r = {.path = path, .error = error, .reference = calloc(1, sizeof *r.reference)};
  if (!r.reference)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
  r.reference->speed = r.reference->threshold = r.reference->filter = (double)NAN;
  read_header(&r, text);
  kc_status status = kc_io_parse_csv_words(path, text, words, &r.csv, error);
  if (status == KC_OK)
    read_rows(&r);
  kc_io_destroy_csv(&r.csv);
  if (r.n_problem > MAX_FINDING)
    (void)kc_error_add(error, KC_ERR_INPUT, path, "and more; only the first %d are shown",
                       (int)MAX_FINDING);
  if (r.n_problem)
    status = KC_ERR_INPUT;
  if (r.no_memory)
    status = kc_error_add(error, KC_ERR_MEMORY, path, "no memory for the table");
  if (status != KC_OK) {
    kc_lab_destroy_reference(r.reference);
    return status;
  }
  *reference = r.reference;
  return KC_OK;
}

kc_status kc_lab_read_reference(const char *path, kc_reference **reference, kc_error *error) {
  char *text;
  *reference = NULL;
  KC_TRY(kc_file_read_text(path, KC_REFERENCE_SIZE_LIMIT, &text, NULL, error));
  kc_status status = kc_lab_parse_reference(path, text, reference, error);
  free(text);
  return status;
}

void kc_lab_destroy_reference(kc_reference *reference) {
  if (!reference)
    return;
  free(reference->source);
  free(reference->assumption);
  free(reference->numbers);
  free(reference);
}

int kc_lab_is_far(const kc_reference *reference, double speed) {
  return !(fabs(speed - reference->speed) <= 0.3);
}

unsigned long long kc_lab_hash_reference(const kc_reference *reference, unsigned long long hash) {
  const double head[] = {reference->speed, reference->threshold,
                         reference->filter > 0 ? reference->filter : 0};
  hash = kc_hash_add(hash, head, sizeof head);
  for (int q = 0; q < KC_N_QUANTITY; q++) {
    const kc_reference_curve *c = &reference->curve[q];
    size_t size = (size_t)c->n * sizeof *c->mean;
    hash = kc_hash_add(hash, &c->n, sizeof c->n);
    if (c->n == 0)
      continue;
    hash = kc_hash_add(hash, c->percent, size);
    hash = kc_hash_add(kc_hash_add(hash, c->mean, size), c->sd, size);
  }
  return hash;
}
