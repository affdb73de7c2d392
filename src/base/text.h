/// @file
/// Small help with names: the nearest one to a misspelt one, patterns.
#pragma once
#include <stddef.h>

/// Number of single-character edits (insert, delete, replace, swap of neighbours) from a to b.
/// @valid texts of up to 63 bytes; longer ones are compared by their first 63
int kc_text_distance(const char *a, const char *b);
/// Whether a text fits a pattern, whose `*` stands for any letters but a `/`.
int kc_text_match(const char *pattern, const char *text);

/// The best candidate so far in a search for the name the user meant.
typedef struct {
  const char *wanted; ///< what was written
  const char *name;   ///< nearest candidate, NULL if none is near enough
  int distance;
} kc_nearest;

/// A search for names near `wanted`; a third of its letters may differ, at least two.
kc_nearest kc_nearest_default(const char *wanted);
/// Looks at one candidate (kept by pointer).
void kc_nearest_add(kc_nearest *nearest, const char *candidate);
/// Writes "; did you mean 'NAME'?" or nothing.
void kc_nearest_write(const kc_nearest *nearest, char *text, size_t size);
