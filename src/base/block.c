/// @file
/// Aligned blocks; see block.h.
#include "base/block.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *kc_block_take(kc_block *block, size_t count, size_t size) {
  size_t bytes, end, mask = KC_BLOCK_ALIGNMENT - 1;
  if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - mask ||
      __builtin_add_overflow(block->used, (bytes + mask) & ~mask, &end)) {
    block->overflow = 1;
    return NULL;
  }
  void *part = block->base && end <= block->size ? block->base + block->used : NULL;
  block->used = end;
  return part;
}

kc_status kc_block_create(kc_block *block) {
  if (block->overflow || block->used > PTRDIFF_MAX)
    return KC_ERR_MEMORY;
  size_t size = block->used ? block->used : KC_BLOCK_ALIGNMENT;
  block->base = aligned_alloc(KC_BLOCK_ALIGNMENT, size);
  if (!block->base)
    return KC_ERR_MEMORY;
  memset(block->base, 0, size);
  block->size = size;
  block->used = 0;
  return KC_OK;
}

void kc_block_destroy(void *first) { free(first); }
