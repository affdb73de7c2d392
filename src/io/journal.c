/// @file
/// The journal: append by one call, cut back on failure, whole records found by their hash.
#include "io/journal.h"
#include "base/hash.h"
#include "io/result.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static const char magic[] = "kinchain journal 1\n";
enum { MAX_HEADER = 1 << 22 };

/// In front of the header and of every record.
typedef struct {
  uint64_t size, hash;
} block_head;

/// Where a record's bytes are.
typedef struct {
  off_t at;
  size_t size;
} place;

struct kc_io_journal {
  int file;
  char *path;
  off_t end; // of the last whole record
  int n, capacity;
  place *record; // (n)
  double synced; // monotonic time of the last fdatasync, s
};

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static kc_status fail(const kc_io_journal *j, const char *what, int number, kc_error *error) {
  int full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  return kc_error_add(error, KC_ERR_FILE, j->path, "%s: %s%s", what, strerror(number),
                      full ? "; what is done is kept: free some space and start again with the "
                             "same command"
                           : "");
}

static size_t padding(size_t size) { return (8 - size % 8) % 8; }

/// Reads all bytes at a place; 0, or the system's error number (-1: the file ends before).
static int read_at(int file, void *data, size_t size, off_t at) {
  for (char *to = data; size > 0;) {
    ssize_t n = pread(file, to, size, at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return n < 0 ? errno : -1;
    to += n, at += n, size -= (size_t)n;
  }
  return 0;
}

/// Writes all pieces at the end of the file; 0, or the system's error number.
static int write_pieces(int file, struct iovec *piece, int n, off_t at) {
  while (n > 0) {
    ssize_t done = pwritev(file, piece, n, at);
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      return errno;
    if (done == 0)
      return ENOSPC;
    at += done;
    while (n > 0 && (size_t)done >= piece->iov_len)
      done -= (ssize_t)piece->iov_len, piece++, n--;
    if (n > 0) {
      piece->iov_base = (char *)piece->iov_base + done;
      piece->iov_len -= (size_t)done;
    }
  }
  return 0;
}

/// Puts a block at the end; cuts it off again where that fails.
static int append_block(kc_io_journal *j, const void *data, size_t size) {
  char zero[8] = {0};
  block_head head = {size, kc_hash_add(KC_HASH_START, data, size)};
  union {
    const void *from;
    void *to;
  } bytes = {.from = data}; // pwritev only reads them
  struct iovec piece[] = {{&head, sizeof head}, {bytes.to, size}, {zero, padding(size)}};
  int number = write_pieces(j->file, piece, 3, j->end);
  if (number == 0)
    j->end += (off_t)(sizeof head + size + padding(size));
  else if (ftruncate(j->file, j->end) != 0)
    return number; // the tail is torn, and cut when the journal is opened again
  return number;
}

static int add_place(kc_io_journal *j, off_t at, size_t size) {
  if (j->n == j->capacity) {
    int capacity = j->capacity ? 2 * j->capacity : 256;
    place *record = realloc(j->record, (size_t)capacity * sizeof *record);
    if (!record)
      return 0;
    j->record = record;
    j->capacity = capacity;
  }
  j->record[j->n++] = (place){at, size};
  return 1;
}

int kc_io_compare_headers(const char *path, const char *there, const char *wanted,
                          kc_error *error) {
  int n_different = 0;
  for (const char *line = wanted; *line;) {
    size_t n = strcspn(line, "\n"), key = strcspn(line, ":");
    key = key < n ? key + 1 : n;
    const char *other = there;
    while (*other && strncmp(other, line, key) != 0) {
      other += strcspn(other, "\n");
      other += *other == '\n';
    }
    size_t m = strcspn(other, "\n");
    if (m != n || strncmp(other, line, n) != 0) {
      size_t rest = m > key ? m - key : 0;
      (void)kc_error_add(error, KC_ERR_INPUT, path, "differs in its %.*s%.*s; asked for is%.*s",
                         (int)key, line, (int)rest, other + (m > key ? key : m), (int)(n - key),
                         line + key);
      n_different++;
    }
    line += n;
    line += *line == '\n';
  }
  return n_different;
}

static kc_status begin_file(kc_io_journal *j, const char *header, kc_error *error) {
  struct iovec piece = {(char[sizeof magic]){0}, sizeof magic - 1};
  memcpy(piece.iov_base, magic, sizeof magic);
  int number = ftruncate(j->file, 0) != 0 ? errno : write_pieces(j->file, &piece, 1, 0);
  j->end = sizeof magic - 1;
  if (number == 0)
    number = append_block(j, header, strlen(header) + 1);
  if (number == 0 && fdatasync(j->file) != 0 && errno != EINVAL)
    number = errno;
  if (number == 0)
    return KC_OK;
  if (ftruncate(j->file, 0) != 0)
    return fail(j, "cannot be begun or emptied", number, error);
  return fail(j, "cannot be begun", number, error);
}

/// Reads the block at j->end: NULL with number 0 where there is no whole one.
static char *read_block(const kc_io_journal *j, off_t size, size_t limit, block_head *head,
                        int *number) {
  *number = 0;
  if (size - j->end < (off_t)sizeof *head)
    return NULL;
  *number = read_at(j->file, head, sizeof *head, j->end);
  if (*number != 0 || head->size > limit ||
      (off_t)(sizeof *head + head->size + padding(head->size)) > size - j->end)
    return NULL;
  char *data = malloc(head->size + 1);
  if (!data) {
    *number = ENOMEM;
    return NULL;
  }
  *number = read_at(j->file, data, head->size, j->end + (off_t)sizeof *head);
  if (*number == 0 && kc_hash_add(KC_HASH_START, data, head->size) == head->hash) {
    data[head->size] = 0;
    return data;
  }
  free(data);
  return NULL;
}

static void skip_block(kc_io_journal *j, const block_head *head) {
  j->end += (off_t)(sizeof *head + head->size + padding(head->size));
}

static kc_status check_header(kc_io_journal *j, off_t size, const char *header, kc_error *error) {
  char start[sizeof magic] = {0};
  size_t n = size < (off_t)sizeof magic - 1 ? (size_t)size : sizeof magic - 1;
  int number = read_at(j->file, start, n, 0);
  if (number != 0)
    return fail(j, "cannot be read", number, error);
  if (memcmp(start, magic, n) != 0)
    return kc_error_add(error, KC_ERR_INPUT, j->path,
                        "is no journal of kinchain; move it away, or choose another place with -o");
  j->end = sizeof magic - 1;
  block_head head;
  char *there = n == sizeof magic - 1 ? read_block(j, size, MAX_HEADER, &head, &number) : NULL;
  if (!there && number > 0)
    return fail(j, "cannot be read", number, error);
  if (!there) // the program ended before it had begun
    return begin_file(j, header, error);
  kc_status status = KC_OK;
  if (kc_io_compare_headers(j->path, there, header, error) > 0)
    status = kc_error_add(error, KC_ERR_INPUT, j->path,
                          "belongs to another sweep; go on with what it was begun with, choose "
                          "another place with -o, or remove it to begin anew");
  free(there);
  skip_block(j, &head);
  return status;
}

static kc_status find_records(kc_io_journal *j, off_t size, kc_error *error) {
  int number = 0;
  block_head head;
  for (char *data; (data = read_block(j, size, (size_t)size, &head, &number)) != NULL;) {
    free(data);
    if (!add_place(j, j->end + (off_t)sizeof head, head.size))
      return fail(j, "cannot be read", ENOMEM, error);
    skip_block(j, &head);
  }
  if (number > 0)
    return fail(j, "cannot be read", number, error);
  if (j->end < size && ftruncate(j->file, j->end) != 0)
    return fail(j, "its torn end cannot be cut", errno, error);
  return KC_OK;
}

static kc_status open_file(kc_io_journal *j, const char *header, kc_error *error) {
  struct stat info;
  if (stat(j->path, &info) != 0) // says in words what keeps a new file from this place
    KC_TRY(kc_io_check_output(j->path, error));
  j->file = open(j->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (j->file < 0 || fstat(j->file, &info) != 0)
    return fail(j, "cannot be opened", errno, error);
  if (flock(j->file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return kc_error_add(error, KC_ERR_INPUT, j->path,
                        "is being written by another program; wait for its end");
  if (fstat(j->file, &info) != 0) // may have grown before the lock was had
    return fail(j, "cannot be opened", errno, error);
  if (info.st_size == 0)
    return begin_file(j, header, error);
  KC_TRY(check_header(j, info.st_size, header, error));
  return find_records(j, info.st_size, error);
}

kc_status kc_io_journal_open(const char *path, const char *header, kc_io_journal **journal,
                             int *n_record, kc_error *error) {
  *journal = NULL;
  kc_io_journal *j = calloc(1, sizeof *j);
  if (!j)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
  j->file = -1;
  j->path = strdup(path);
  kc_status status =
      j->path ? open_file(j, header, error) : kc_error_add(error, KC_ERR_MEMORY, path, "no memory");
  if (status != KC_OK) {
    kc_error ignored = kc_error_default();
    if (kc_io_journal_close(j, 0, &ignored) != KC_OK)
      kc_error_destroy(&ignored);
    return status;
  }
  j->synced = now();
  *n_record = j->n;
  *journal = j;
  return KC_OK;
}

kc_status kc_io_journal_append(kc_io_journal *j, const void *data, size_t size, kc_error *error) {
  off_t at = j->end + (off_t)sizeof(block_head);
  int number = append_block(j, data, size);
  if (number == 0 && now() - j->synced > 1) {
    if (fdatasync(j->file) != 0 && errno != EINVAL)
      number = errno;
    j->synced = now();
  }
  if (number != 0)
    return fail(j, "cannot be written", number, error);
  if (!add_place(j, at, size))
    return fail(j, "cannot be kept in mind", ENOMEM, error);
  return KC_OK;
}

size_t kc_io_journal_size(const kc_io_journal *journal, int record) {
  return journal->record[record].size;
}

kc_status kc_io_journal_read(const kc_io_journal *j, int record, void *data, kc_error *error) {
  int number = read_at(j->file, data, j->record[record].size, j->record[record].at);
  return number == 0 ? KC_OK : fail(j, "cannot be read", number < 0 ? EIO : number, error);
}

kc_status kc_io_journal_close(kc_io_journal *j, int remove_file, kc_error *error) {
  if (!j)
    return KC_OK;
  kc_status status = KC_OK;
  if (remove_file && unlink(j->path) != 0)
    status = fail(j, "cannot be removed", errno, error);
  else if (!remove_file && j->file >= 0 && fdatasync(j->file) != 0 && errno != EINVAL)
    status = fail(j, "cannot be kept", errno, error);
  if (j->file >= 0)
    (void)close(j->file);
  free(j->record);
  free(j->path);
  free(j);
  return status;
}
