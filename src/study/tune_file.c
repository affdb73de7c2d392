/// @file
/// Files of the tuner (see tune_file.h): bytes go to `path.part`, are flushed to the disk, and take
/// the place of the old file by rename, which is atomic within a file system. The state file is
/// binary, for the machine that wrote it: header, search distribution, hash of both.
#include "study/tune_file.h"
#include "base/hash.h"
#include "scenario/params.h"
#include "study/tune.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATE_MAGIC 0x34454e55544b4301u

static kc_status fail(kc_error *error, const char *path, const char *what) {
  return kc_error_add(error, KC_ERR_FILE, path, "cannot %s: %s", what, strerror(errno));
}

/// `path.part`, to be freed; NULL if there is no memory.
static char *name_part(const char *path) {
  size_t length = strlen(path) + sizeof ".part";
  char *part = malloc(length);
  if (part)
    (void)snprintf(part, length, "%s.part", path);
  return part;
}

static FILE *open_part(const char *part, kc_error *error) {
  FILE *file = fopen(part, "wb");
  if (!file)
    (void)fail(error, part, "open it for writing (does the folder exist, may you write there?)");
  return file;
}

kc_status kc_tune_check_path(const char *path, kc_error *error) {
  char *part = name_part(path);
  if (!part)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory for a file name");
  FILE *file = open_part(part, error);
  if (file) {
    fclose(file);
    (void)unlink(part);
  }
  free(part);
  return file ? KC_OK : KC_ERR_FILE;
}

static kc_status write_part(const char *part, const char *path, const void *data, size_t size,
                            kc_error *error) {
  FILE *file = open_part(part, error);
  if (!file)
    return KC_ERR_FILE;
  kc_status status = KC_OK;
  if (fwrite(data, 1, size, file) != size || fflush(file) != 0 || fsync(fileno(file)) != 0)
    status = fail(error, part, "write to it");
  if (fclose(file) != 0 && status == KC_OK)
    status = fail(error, part, "close it");
  if (status == KC_OK && rename(part, path) != 0)
    status = fail(error, path, "replace it");
  if (status != KC_OK)
    (void)unlink(part);
  return status;
}

kc_status kc_tune_write_file(const char *path, const void *data, size_t size, kc_error *error) {
  char *part = name_part(path);
  if (!part)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory for a file name");
  kc_status status = write_part(part, path, data, size, error);
  free(part);
  return status;
}

kc_status kc_tune_write_params(const char *path, const kc_control_params *params,
                               const char *comment, kc_error *error) {
  char *text = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&text, &size);
  if (!file)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory for its text");
  kc_status status = kc_scenario_write_params(file, params, comment);
  if (fclose(file) != 0 || status != KC_OK)
    status = kc_error_add(error, KC_ERR_MEMORY, path, "no memory for its text");
  else
    status = kc_tune_write_file(path, text, size, error);
  free(text);
  return status;
}

kc_status kc_tune_write_state(const char *path, const kc_tune_state *state, const kc_cma *cma,
                              kc_error *error) {
  kc_tune_state head = *state;
  head.magic = STATE_MAGIC;
  head.cma_size = kc_cma_state_size(cma);
  size_t size = sizeof head + head.cma_size;
  char *block = malloc(size + sizeof(unsigned long long));
  if (!block)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory for the state");
  memcpy(block, &head, sizeof head);
  kc_cma_save(cma, block + sizeof head);
  unsigned long long hash = kc_hash_add(KC_HASH_START, block, size);
  memcpy(block + size, &hash, sizeof hash);
  kc_status status = kc_tune_write_file(path, block, size + sizeof hash, error);
  free(block);
  return status;
}

/// The whole file in one block; size 0 where it is empty.
static kc_status read_block(const char *path, char **block, size_t *size, kc_error *error) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return fail(error, path, "open it");
  enum { LIMIT = 64 << 20 };
  *block = malloc(LIMIT);
  *size = *block ? fread(*block, 1, LIMIT, file) : 0;
  int bad = ferror(file);
  fclose(file);
  if (!*block)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory to read it");
  if (!bad)
    return KC_OK;
  free(*block);
  return fail(error, path, "read it");
}

static kc_status parse_state(const char *path, const char *block, size_t size, uint64_t fingerprint,
                             kc_tune_state *state, kc_cma **cma, kc_error *error) {
  unsigned long long hash = 0;
  size_t body = size - sizeof hash;
  int whole = size > sizeof *state + sizeof hash;
  if (whole) {
    memcpy(&hash, block + body, sizeof hash);
    memcpy(state, block, sizeof *state);
    whole = state->magic == STATE_MAGIC && hash == kc_hash_add(KC_HASH_START, block, body);
  }
  if (!whole)
    return kc_error_add(
        error, KC_ERR_INPUT, path,
        "is no state file of the tuner, or it is damaged; remove it to start afresh");
  if (state->fingerprint != fingerprint)
    return kc_error_add(
        error, KC_ERR_INPUT, path,
        "belongs to other scenarios, objectives, curriculum, parameters, step, seed or candidates; "
        "give "
        "another state file, or remove it to start afresh");
  *cma = kc_cma_restore(block + sizeof *state, state->cma_size);
  if (!*cma)
    return kc_error_add(error, KC_ERR_INPUT, path, "holds no search that can go on");
  return KC_OK;
}

kc_status kc_tune_read_state(const char *path, uint64_t fingerprint, kc_tune_state *state,
                             kc_cma **cma, kc_error *error) {
  char *block = NULL;
  size_t size = 0;
  KC_TRY(read_block(path, &block, &size, error));
  kc_status status = parse_state(path, block, size, fingerprint, state, cma, error);
  free(block);
  return status;
}
