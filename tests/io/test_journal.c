/// @file
/// The journal: what was appended comes back, torn and damaged tails are cut, others are refused, a
/// full disk leaves it as it was.
#include "io/journal.h"
#include "near.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const char path[] = "test_journal.tmp";
static const char header[] = "design: 5f3a\nbase: 77\nshard: 1/3\n";

static kc_io_journal *open_good(int n_expected) {
  kc_io_journal *journal;
  kc_error error = kc_error_default();
  int n;
  kc_status status = kc_io_journal_open(path, header, &journal, &n, &error);
  if (status != KC_OK)
    fail_msg("%s: %s", error.finding[0].place, error.finding[0].text);
  assert_int_equal(n, n_expected);
  return journal;
}

static void close_good(kc_io_journal *journal, int remove_file) {
  kc_error error = kc_error_default();
  assert_int_equal(kc_io_journal_close(journal, remove_file, &error), KC_OK);
}

/// Record k: 37 k + 11 bytes of no pattern.
static size_t fill(int k, unsigned char *data) {
  size_t size = (size_t)(37 * k + 11);
  for (size_t i = 0; i < size; i++)
    data[i] = (unsigned char)(i * i * 7 + (size_t)k * 131 + i / 3);
  return size;
}

static void append_good(kc_io_journal *journal, int k) {
  unsigned char data[1000];
  kc_error error = kc_error_default();
  assert_int_equal(kc_io_journal_append(journal, data, fill(k, data), &error), KC_OK);
}

static void check_record(const kc_io_journal *journal, int k) {
  unsigned char data[1000], got[1000];
  kc_error error = kc_error_default();
  size_t size = fill(k, data);
  assert_int_equal(kc_io_journal_size(journal, k), size);
  assert_int_equal(kc_io_journal_read(journal, k, got, &error), KC_OK);
  assert_memory_equal(got, data, size);
}

static long file_size(void) {
  struct stat info;
  assert_int_equal(stat(path, &info), 0);
  return (long)info.st_size;
}

static void test_keeps_what_was_appended(void **unused) {
  (void)unused;
  (void)unlink(path);
  for (int begun = 0; begun < 12; begun += 4) {
    kc_io_journal *journal = open_good(begun);
    for (int k = begun; k < begun + 4; k++)
      append_good(journal, k);
    for (int k = 0; k < begun + 4; k++)
      check_record(journal, k);
    close_good(journal, 0);
  }
  close_good(open_good(12), 1);
  assert_int_not_equal(access(path, F_OK), 0);
}

/// Cut after every byte, the journal holds the records that are whole, and goes on from there.
static void test_cuts_a_torn_tail(void **unused) {
  (void)unused;
  (void)unlink(path);
  long end[5];
  kc_io_journal *journal = open_good(0);
  end[0] = file_size();
  for (int k = 0; k < 4; k++) {
    append_good(journal, k);
    end[k + 1] = file_size();
  }
  close_good(journal, 0);
  for (long cut = end[4]; cut >= 0; cut--) {
    assert_int_equal(truncate(path, cut), 0);
    int whole = 0;
    while (whole < 4 && end[whole + 1] <= cut)
      whole++;
    journal = open_good(whole);
    assert_int_equal(file_size(), end[whole]);
    if (cut % 7 == 0) {
      for (int k = 0; k < whole; k++)
        check_record(journal, k);
      append_good(journal, whole);
      check_record(journal, whole);
    }
    close_good(journal, 0);
  }
  (void)unlink(path);
}

static void test_cuts_what_is_damaged(void **unused) {
  (void)unused;
  (void)unlink(path);
  kc_io_journal *journal = open_good(0);
  append_good(journal, 0);
  long end = file_size();
  append_good(journal, 1);
  close_good(journal, 0);
  FILE *file = fopen(path, "r+b");
  assert_non_null(file);
  assert_int_equal(fseek(file, end + 20, SEEK_SET), 0);
  assert_int_equal(fputc(0xa5, file), 0xa5);
  assert_int_equal(fclose(file), 0);
  journal = open_good(1);
  check_record(journal, 0);
  close_good(journal, 1);
}

static void refuse(const char *other, int n_expected, const char *const *text) {
  kc_io_journal *journal;
  kc_error error = kc_error_default();
  int n;
  assert_int_equal(kc_io_journal_open(path, other, &journal, &n, &error), KC_ERR_INPUT);
  assert_null(journal);
  assert_int_equal(error.n_finding, n_expected);
  for (int i = 0; i < n_expected; i++)
    assert_non_null(strstr(error.finding[i].text, text[i]));
  kc_error_destroy(&error);
}

static void test_refuses_others(void **unused) {
  (void)unused;
  (void)unlink(path);
  kc_io_journal *journal = open_good(0);
  append_good(journal, 0);
  refuse(header, 1, (const char *const[]){"another program"});
  close_good(journal, 0);
  refuse("design: 5f3b\nbase: 77\nshard: 2/3\n", 3,
         (const char *const[]){"differs in its design: 5f3a; asked for is 5f3b",
                               "differs in its shard: 1/3; asked for is 2/3", "another sweep"});
  close_good(open_good(1), 0);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_true(fputs("somebody's notes\n", file) >= 0);
  assert_int_equal(fclose(file), 0);
  refuse(header, 1, (const char *const[]){"is no journal"});
  (void)unlink(path);
}

static void test_full_disk(void **unused) {
  (void)unused;
  (void)unlink(path);
  (void)signal(SIGXFSZ, SIG_IGN);
  kc_io_journal *journal = open_good(0);
  append_good(journal, 0);
  append_good(journal, 1);
  long end = file_size();
  struct rlimit old, tight;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
  tight = old;
  tight.rlim_cur = (rlim_t)end + 30; // the next record begins, but finds no room
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
  unsigned char data[1000];
  kc_error error = kc_error_default();
  kc_status status = kc_io_journal_append(journal, data, fill(2, data), &error);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
  assert_int_equal(status, KC_ERR_FILE);
  assert_non_null(strstr(error.finding[0].text, "free some space"));
  kc_error_destroy(&error);
  assert_int_equal(file_size(), end);
  append_good(journal, 2); // room was made
  check_record(journal, 2);
  close_good(journal, 0);
  close_good(open_good(3), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_keeps_what_was_appended),
      cmocka_unit_test(test_cuts_a_torn_tail),
      cmocka_unit_test(test_cuts_what_is_damaged),
      cmocka_unit_test(test_refuses_others),
      cmocka_unit_test(test_full_disk),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
