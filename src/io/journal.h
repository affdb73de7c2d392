/// @file
/// The journal of a long job: records that outlive whatever ends the program.
///
///     "kinchain journal 1\n"  u64 size  u64 hash  header text
///     then for each record: u64 size  u64 hash  bytes, filled up to a multiple of 8
///
/// A record is written by one call and counts once its hash (base/hash.h) is right, so a torn tail
/// is told from what is whole, and cut when the journal is opened again. The disk is asked to keep
/// the data (fdatasync) as a record is appended, but once a second at most, and when the journal is
/// closed: the end of the program by any means loses nothing that was appended; a loss of power at
/// most the records of the second behind the last such moment.
/// An advisory lock keeps a second program out.
#pragma once
#include "base/error.h"

/// An open journal.
typedef struct kc_io_journal kc_io_journal;

/// Opens a journal, or makes one with that header.
///
/// The header is lines of "what: value"; the journal that is there must say the same.
/// @param n_record [out] whole records found; a torn tail behind them is cut
/// @return KC_OK; KC_ERR_INPUT where the place is no journal, says something else (each line that
///         differs is a finding) or another program has it open; KC_ERR_FILE; KC_ERR_MEMORY
kc_status kc_io_journal_open(const char *path, const char *header, kc_io_journal **journal,
                             int *n_record, kc_error *error) KC_WARN_UNUSED;
/// Appends a record; on failure what was written of it is cut off again.
/// @return KC_OK; KC_ERR_FILE with the system's reason
kc_status kc_io_journal_append(kc_io_journal *journal, const void *data, size_t size,
                               kc_error *error) KC_WARN_UNUSED;
/// Bytes of a record.
size_t kc_io_journal_size(const kc_io_journal *journal, int record);
/// Reads a record into a buffer of that many bytes.
kc_status kc_io_journal_read(const kc_io_journal *journal, int record, void *data,
                             kc_error *error) KC_WARN_UNUSED;
/// Asks the disk to keep everything, closes, and removes the file if told to; takes NULL.
/// @return KC_OK; KC_ERR_FILE where the disk did not keep it
kc_status kc_io_journal_close(kc_io_journal *journal, int remove_file,
                              kc_error *error) KC_WARN_UNUSED;
/// Names the lines in which two headers differ, as findings; returns how many.
int kc_io_compare_headers(const char *path, const char *there, const char *wanted, kc_error *error);
