/// @file
/// Edit distance (optimal string alignment) for suggestions, patterns with stars.
#include "base/text.h"
#include <stdio.h>
#include <string.h>

enum { LONGEST = 63 };

static int least(int a, int b) { return a < b ? a : b; }

int kc_text_distance(const char *a, const char *b) {
  int n = (int)strnlen(a, LONGEST), m = (int)strnlen(b, LONGEST);
  int row[3][LONGEST + 1]; // the last three rows of the table of distances
  for (int j = 0; j <= m; j++)
    row[0][j] = j;
  for (int i = 1; i <= n; i++) {
    int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
    now[0] = i;
    for (int j = 1; j <= m; j++) {
      now[j] = least(last[j - 1] + (a[i - 1] != b[j - 1]), least(last[j], now[j - 1]) + 1);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = least(now[j], before[j - 2] + 1);
    }
  }
  return row[n % 3][m];
}

int kc_text_match(const char *pattern, const char *text) {
  const char *star = NULL, *taken = NULL; // behind the last `*` of this name, and what it took
  while (*text) {
    if (*pattern == '*') {
      star = ++pattern, taken = text;
    } else if (*pattern == *text) {
      if (*text == '/')
        star = NULL;
      pattern++, text++;
    } else if (star && *taken != '/') {
      pattern = star, text = ++taken;
    } else {
      return 0;
    }
  }
  while (*pattern == '*')
    pattern++;
  return !*pattern;
}

kc_nearest kc_nearest_default(const char *wanted) {
  int tolerance = (int)strnlen(wanted, LONGEST) / 3;
  return (kc_nearest){.wanted = wanted, .distance = (tolerance < 2 ? 2 : tolerance) + 1};
}

void kc_nearest_add(kc_nearest *nearest, const char *candidate) {
  int distance = kc_text_distance(nearest->wanted, candidate);
  if (distance >= nearest->distance)
    return;
  nearest->distance = distance;
  nearest->name = candidate;
}

void kc_nearest_write(const kc_nearest *nearest, char *text, size_t size) {
  if (nearest->name)
    snprintf(text, size, "; did you mean '%s'?", nearest->name);
  else if (size)
    text[0] = 0;
}
