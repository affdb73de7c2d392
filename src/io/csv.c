/// @file
/// CSV reading, line by line over the text in memory, into a table that grows with its good rows.
/// Messages stop after a handful: a file of the wrong kind would otherwise give thousands.
#include "io/csv.h"
#include "base/file.h"
#include "base/units.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_COLUMN = 20000, MAX_FINDING = 12 };

// what the reading of one file needs to know
typedef struct {
  const char *path;
  kc_csv *csv;
  kc_error *error;
  const char *const *words; // names of the columns of words, ended by NULL; NULL for none
  int n_problem;
} reader;

// a finding in a line, and in a column where that is not negative
__attribute__((format(printf, 4, 5))) static void complain(reader *r, int line, int column,
                                                           const char *format, ...) {
  if (++r->n_problem > MAX_FINDING)
    return;
  char place[400], text[400];
  snprintf(place, sizeof place, "%.200s:%d", r->path, line);
  if (column >= 0)
    snprintf(place, sizeof place, "%.200s:%d: column %d (%.80s)", r->path, line, column + 1,
             r->csv->name[column]);
  va_list list;
  va_start(list, format);
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  (void)kc_error_add(r->error, KC_ERR_INPUT, place, "%s", text);
}

// cuts the next line off the text, without its ending; NULL at the end
static char *take_line(char **text, int *line) {
  char *start = *text;
  if (*start == '\0')
    return NULL;
  ++*line;
  char *end = start + strcspn(start, "\n");
  *text = *end ? end + 1 : end;
  *end = '\0';
  if (end > start && end[-1] == '\r')
    end[-1] = '\0';
  return start;
}

static int is_row(const char *line) {
  return line[0] != '#' && line[strspn(line, " \t\r")] != '\0';
}

static char *trim(char *field) {
  field += strspn(field, " \t");
  size_t n = strlen(field);
  while (n > 0 && (field[n - 1] == ' ' || field[n - 1] == '\t'))
    field[--n] = '\0';
  if (n >= 2 && field[0] == '"' && field[n - 1] == '"')
    field[n - 1] = '\0', field++;
  return field;
}

// cuts the next field off a line; NULL at the end
static char *take_field(char **line) {
  char *start = *line;
  if (!start)
    return NULL;
  char *end = start + strcspn(start, ",");
  *line = *end ? end + 1 : NULL;
  *end = '\0';
  return trim(start);
}

static int count_fields(const char *line) {
  int n = 1;
  for (; *line; line++)
    n += *line == ',';
  return n;
}

static int compare_names(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

// a doubled name makes it unclear which column is meant
static void check_names(reader *r, int line) {
  size_t n = (size_t)r->csv->n_column;
  char **sorted = malloc(n * sizeof *sorted);
  if (!sorted)
    return;
  memcpy(sorted, r->csv->name, n * sizeof *sorted);
  qsort(sorted, n, sizeof *sorted, compare_names);
  for (size_t i = 0; i < n; i++) {
    if (sorted[i][0] == '\0')
      complain(r, line, -1, "a column has no name; name every column");
    if (i > 0 && sorted[i][0] && strcmp(sorted[i - 1], sorted[i]) == 0)
      complain(r, line, -1, "the column '%.80s' is there twice; remove one", sorted[i]);
  }
  free(sorted);
}

static kc_status read_header(reader *r, char **rest, int *line) {
  char *header;
  do
    header = take_line(rest, line);
  while (header && !is_row(header));
  if (!header)
    return kc_error_add(r->error, KC_ERR_INPUT, r->path,
                        "has no header; the first line must name the columns");
  kc_csv *csv = r->csv;
  csv->n_column = count_fields(header);
  if (csv->n_column > MAX_COLUMN) {
    complain(r, *line, -1, "has %d columns; at most %d are read", csv->n_column, MAX_COLUMN);
    return KC_ERR_INPUT;
  }
  csv->text = strdup(header);
  csv->name = calloc((size_t)csv->n_column, sizeof *csv->name);
  if (!csv->text || !csv->name)
    return kc_error_add(r->error, KC_ERR_MEMORY, r->path, "no memory for %d columns",
                        csv->n_column);
  char *fields = csv->text;
  for (int i = 0; i < csv->n_column; i++)
    csv->name[i] = take_field(&fields);
  check_names(r, *line);
  return r->n_problem ? KC_ERR_INPUT : KC_OK;
}

static int holds_words(const reader *r, int column) {
  for (const char *const *name = r->words; name && *name; name++)
    if (strcmp(*name, r->csv->name[column]) == 0)
      return 1;
  return 0;
}

// a row into the table's next place
static void read_row(reader *r, char *text, int line) {
  size_t place = (size_t)r->csv->n_row * (size_t)r->csv->n_column;
  double *value = r->csv->value + place;
  int n = count_fields(text);
  if (n != r->csv->n_column) {
    complain(r, line, -1, "has %d fields where the header has %d; give one number for each column",
             n, r->csv->n_column);
    return;
  }
  for (int i = 0; i < n; i++) {
    char *field = take_field(&text);
    if (r->words) {
      int is_word = holds_words(r, i);
      r->csv->word[place + (size_t)i] = is_word ? field : NULL;
      value[i] = (double)NAN;
      if (is_word)
        continue;
    }
    const char *end = kc_units_parse_number(field, &value[i]);
    if (!end || *end != '\0' || !isfinite(value[i]))
      complain(r, line, i, "'%.40s' is no finite decimal number; write one such as -0.35", field);
  }
}

// room for one row more: what is asked for follows the good rows, not what a header promises
static kc_status grow(reader *r, int *capacity) {
  kc_csv *csv = r->csv;
  if (csv->n_row < *capacity)
    return KC_OK;
  size_t rows = (size_t)*capacity * 2 + 16, n = (size_t)csv->n_column;
  double *value = realloc(csv->value, rows * n * sizeof *value);
  if (value)
    csv->value = value;
  int *line = realloc(csv->line, rows * sizeof *line);
  if (line)
    csv->line = line;
  char **word = csv->word;
  if (r->words) {
    word = realloc(csv->word, rows * n * sizeof *word);
    if (word)
      csv->word = word;
  }
  if (!value || !line || (r->words && !word))
    return kc_error_add(r->error, KC_ERR_MEMORY, r->path, "no memory for %zu rows of %zu numbers",
                        rows, n);
  *capacity = (int)rows;
  return KC_OK;
}

static kc_status read_rows(reader *r, char *rest, int line) {
  kc_csv *csv = r->csv;
  int capacity = 0;
  char *text;
  while ((text = take_line(&rest, &line)) && r->n_problem <= MAX_FINDING) {
    if (!is_row(text))
      continue;
    KC_TRY(grow(r, &capacity));
    int before = r->n_problem;
    read_row(r, text, line);
    csv->line[csv->n_row] = line;
    csv->n_row += r->n_problem == before;
  }
  if (r->n_problem > MAX_FINDING)
    (void)kc_error_add(r->error, KC_ERR_INPUT, r->path,
                       "and more; only the first %d problems are shown", MAX_FINDING);
  if (csv->n_row == 0 && r->n_problem == 0)
    return kc_error_add(r->error, KC_ERR_INPUT, r->path,
                        "has a header but no rows; add one row of numbers for each state");
  return r->n_problem ? KC_ERR_INPUT : KC_OK;
}

kc_status kc_io_parse_csv(const char *path, char *text, kc_csv *csv, kc_error *error) {
  return kc_io_parse_csv_words(path, text, NULL, csv, error);
}

kc_status kc_io_parse_csv_words(const char *path, char *text, const char *const *words, kc_csv *csv,
                                kc_error *error) {
  *csv = (kc_csv){0};
  reader r = {.path = path, .csv = csv, .error = error, .words = words};
  int line = 0;
  if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
    text += 3; // byte order mark
  kc_status status = read_header(&r, &text, &line);
  if (status == KC_OK)
    status = read_rows(&r, text, line);
  if (status != KC_OK)
    kc_io_destroy_csv(csv);
  return status;
}

kc_status kc_io_read_csv(const char *path, kc_csv *csv, kc_error *error) {
  *csv = (kc_csv){0};
  char *text;
  KC_TRY(kc_file_read_text(path, KC_CSV_SIZE_LIMIT, &text, NULL, error));
  kc_status status = kc_io_parse_csv(path, text, csv, error);
  free(text);
  return status;
}

void kc_io_destroy_csv(kc_csv *csv) {
  free(csv->name);
  free(csv->value);
  free(csv->word);
  free(csv->line);
  free(csv->text);
  *csv = (kc_csv){0};
}

int kc_io_find_csv_column(const kc_csv *csv, const char *name) {
  for (int i = 0; i < csv->n_column; i++)
    if (strcmp(csv->name[i], name) == 0)
      return i;
  return -1;
}
