/// @file
/// FNV-1a over bytes: simple, the same on every machine, good enough to tell files apart.
#include "base/hash.h"
#include <string.h>

unsigned long long kc_hash_add(unsigned long long hash, const void *data, size_t size) {
  const unsigned char *byte = data;
  for (size_t i = 0; i < size; i++)
    hash = (hash ^ byte[i]) * 1099511628211ull;
  return hash;
}

unsigned long long kc_hash_add_text(unsigned long long hash, const char *text) {
  return kc_hash_add(hash, text, strlen(text) + 1);
}
