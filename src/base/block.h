/// @file
/// One object, one block, one free: sizes are summed with overflow checks, parts are 64-byte
/// aligned.
///
/// The same layout function runs twice, first to count and then to hand out:
///
///     static void lay_out(kc_block *block, kc_thing **thing, int n) {
///       *thing = kc_block_take(block, 1, sizeof **thing);
///       double *q = kc_block_take(block, (size_t)n, sizeof *q);
///       if (*thing) (*thing)->q = q;
///     }
///
///     kc_block block = {0};
///     kc_thing *thing;
///     lay_out(&block, &thing, n);
///     if (kc_block_create(&block) != KC_OK) return NULL;
///     lay_out(&block, &thing, n);   // now with addresses; free with kc_block_destroy(thing)
#pragma once
#include "base/error.h"

/// Alignment of every part, bytes: a cache line, and the widest lane.
enum { KC_BLOCK_ALIGNMENT = 64 };

typedef struct {
  unsigned char *base; ///< NULL while counting
  size_t used;         ///< bytes counted or handed out
  size_t size;         ///< bytes allocated
  int overflow;        ///< the sum left size_t: creation fails
} kc_block;

/// Counts (base NULL: returns NULL) or hands out `count` elements of `size` bytes, 64-byte aligned.
void *kc_block_take(kc_block *block, size_t count, size_t size);
/// Allocates what was counted, zeroed, and starts handing out.
/// @return KC_OK, or KC_ERR_MEMORY (also on overflow)
kc_status kc_block_create(kc_block *block) KC_WARN_UNUSED;
/// Frees a block by its first part; takes NULL.
void kc_block_destroy(void *first);
