/// @file
/// A 64-bit fingerprint of bytes (FNV-1a), for telling inputs apart; not for secrets.
#pragma once
#include <stddef.h>

/// The hash of nothing: where a chain of kc_hash_add starts.
#define KC_HASH_START 14695981039346656037ull

/// Continues `hash` over `size` bytes: h = (h xor byte) * 1099511628211 mod 2^64.
///
/// @source Fowler, Noll, Vo: FNV-1a, 64 bits
unsigned long long kc_hash_add(unsigned long long hash, const void *data, size_t size);
/// Continues `hash` over a text and its ending zero, so that "ab","c" differs from "a","bc".
unsigned long long kc_hash_add_text(unsigned long long hash, const char *text);
