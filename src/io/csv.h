/// @file
/// Tables of numbers in CSV text: a header row of column names, then one row of numbers a line.
///
/// Decimal point, comma between fields, LF or CRLF; names may stand in double quotes; lines that
/// are empty or begin with # are passed over. Every field must be a finite number, but in columns
/// that are said to hold words.
#pragma once
#include "base/error.h"

/// Largest CSV file read, bytes.
enum { KC_CSV_SIZE_LIMIT = 64 << 20 };

/// A table; the names point into text.
typedef struct {
  int n_column, n_row;
  char **name;   ///< (n_column)
  double *value; ///< (n_row x n_column); NaN in columns of words
  char **word; ///< (n_row x n_column) fields of the columns of words, NULL in others; NULL if none
  int *line;   ///< (n_row) line number of each row in the file
  char *text;  ///< the header line, cut into names
} kc_csv;

/// Reads a table.
/// @param csv   [out] to be freed with kc_io_destroy_csv; empty on failure
/// @param error the first problems of the file, with line and column name
/// @return KC_OK; KC_ERR_INPUT (no text, no rows, ragged rows, doubled names, no numbers, NaN);
///         KC_ERR_FILE; KC_ERR_MEMORY
kc_status kc_io_read_csv(const char *path, kc_csv *csv, kc_error *error) KC_WARN_UNUSED;
/// Reads a table from a text in memory, which it changes; `path` is for messages.
/// @return as kc_io_read_csv
kc_status kc_io_parse_csv(const char *path, char *text, kc_csv *csv,
                          kc_error *error) KC_WARN_UNUSED;
/// Reads a table of which some columns hold words.
/// @param text  as above; the words point into it and live as long
/// @param words names of those columns, ended by NULL; other columns hold numbers
/// @return as kc_io_read_csv
kc_status kc_io_parse_csv_words(const char *path, char *text, const char *const *words, kc_csv *csv,
                                kc_error *error) KC_WARN_UNUSED;
/// Frees the parts and empties the table.
void kc_io_destroy_csv(kc_csv *csv);
/// Index of a column, or -1.
int kc_io_find_csv_column(const kc_csv *csv, const char *name);
