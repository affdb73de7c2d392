/// @file
/// Error lists, blocks, hashes, nearest names, text files.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
//
#include "base/block.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_errors(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  for (int i = 0; i < 21; i++)
    assert_int_equal(kc_error_add(&error, i ? KC_ERR_FILE : KC_ERR_INPUT, "a.yaml:3:7", "x%d", i),
                     i ? KC_ERR_FILE : KC_ERR_INPUT);
  assert_int_equal(error.status, KC_ERR_INPUT);
  assert_int_equal(error.n_finding, 21);
  assert_string_equal(error.finding[20].text, "x20");
  assert_int_equal(kc_status_exit_code(KC_ERR_INPUT), 1);
  assert_int_equal(kc_status_exit_code(KC_ERR_FILE), 2);
  assert_string_equal(kc_status_text(KC_ERR_MEMORY), "out of memory");
  kc_error_destroy(&error);
  assert_int_equal(error.n_finding, 0);
}

static void test_block(void **state) {
  (void)state;
  kc_block block = {0};
  for (int pass = 0; pass < 2; pass++) {
    char *a = kc_block_take(&block, 37, 3);
    double *b = kc_block_take(&block, 5, sizeof *b);
    if (!pass) {
      assert_null(a);
      assert_int_equal(block.used, 128 + 64);
      assert_int_equal(kc_block_create(&block), KC_OK);
      continue;
    }
    assert_int_equal((uintptr_t)b % 64, 0);
    assert_ptr_equal((char *)b, a + 128);
    for (int i = 0; i < 5; i++)
      assert_true(b[i] == 0);
    assert_null(kc_block_take(&block, 1, 1)); // more than was counted
    kc_block_destroy(a);
  }
  kc_block huge = {0};
  assert_null(kc_block_take(&huge, SIZE_MAX / 4, 8));
  assert_int_equal(kc_block_create(&huge), KC_ERR_MEMORY);
}

static void test_hash(void **state) {
  (void)state;
  assert_true(kc_hash_add(KC_HASH_START, "foobar", 6) == 0x85944171f73967e8ull); // published value
  unsigned long long one = kc_hash_add_text(kc_hash_add_text(KC_HASH_START, "ab"), "c");
  assert_true(one != kc_hash_add_text(kc_hash_add_text(KC_HASH_START, "a"), "bc"));
}

static void test_nearest(void **state) {
  (void)state;
  assert_true(kc_text_match("knee_*", "knee_swing") && kc_text_match("*_swing", "knee_swing"));
  assert_true(kc_text_match("k*_s*g", "knee_swing") && kc_text_match("knee_swing*", "knee_swing"));
  assert_false(kc_text_match("knee_*", "nee_swing") || kc_text_match("knee", "knee_swing"));
  assert_false(kc_text_match("*", "a/b") || kc_text_match("a/*", "a/b/c"));
  assert_int_equal(kc_text_distance("kitten", "sitting"), 3);
  assert_int_equal(kc_text_distance("sped", "speed"), 1);
  assert_int_equal(kc_text_distance("psuh", "push"), 1);
  assert_int_equal(kc_text_distance("", "abc"), 3);
  char text[80];
  kc_nearest nearest = kc_nearest_default("gradee");
  kc_nearest_add(&nearest, "camber");
  kc_nearest_add(&nearest, "grade");
  kc_nearest_write(&nearest, text, sizeof text);
  assert_string_equal(text, "; did you mean 'grade'?");
  nearest = kc_nearest_default("zzzz");
  kc_nearest_add(&nearest, "grade");
  kc_nearest_write(&nearest, text, sizeof text);
  assert_string_equal(text, "");
}

/// Writes bytes to a file of its own, reads it back; NULL and the message where it was refused.
static char *read_bytes(const void *bytes, size_t n, size_t limit, char *message, size_t size) {
  char path[] = "kc_test_XXXXXX";
  int file = mkstemp(path);
  assert_true(file >= 0 && write(file, bytes, n) == (ssize_t)n);
  close(file);
  kc_error error = kc_error_default();
  char *text;
  kc_status status = kc_file_read_text(path, limit, &text, NULL, &error);
  assert_int_equal(status, text ? KC_OK : KC_ERR_INPUT);
  snprintf(message, size, "%s", error.n_finding ? error.finding[0].text : "");
  if (!text)
    assert_string_equal(error.finding[0].place, path);
  kc_error_destroy(&error);
  unlink(path);
  return text;
}

static void test_files(void **state) {
  (void)state;
  char message[300];
  char *text = read_bytes("speed: 3 m/s # 5 \u00b0\n", 20, 100, message, sizeof message);
  assert_string_equal(text, "speed: 3 m/s # 5 \u00b0\n");
  free(text);
  assert_null(read_bytes("", 0, 100, message, sizeof message));
  assert_string_equal(message, "is empty");
  assert_null(read_bytes("\x89HDF\r\n\x1a\n", 8, 100, message, sizeof message));
  assert_string_equal(message, "is not a text file (byte 0x89 at offset 0); expected UTF-8 text");
  assert_null(read_bytes("a\0b", 3, 100, message, sizeof message));
  assert_non_null(strstr(message, "byte 0x00 at offset 1"));
  assert_null(read_bytes("abc\xc3", 4, 100, message, sizeof message));
  assert_non_null(strstr(message, "byte 0xc3 at offset 3"));
  assert_null(read_bytes("0123456789", 10, 9, message, sizeof message));
  assert_non_null(strstr(message, "has 10 bytes; a text file of at most 9"));
  text = read_bytes("0123456789", 10, 10, message, sizeof message);
  assert_string_equal(text, "0123456789");
  free(text);
}

static void check_path_refusal(const char *path, const char *expected) {
  kc_error error = kc_error_default();
  char *text;
  assert_int_equal(kc_file_read_text(path, 100, &text, NULL, &error), KC_ERR_INPUT);
  assert_null(text);
  if (!strstr(error.finding[0].text, expected))
    fail_msg("%s", error.finding[0].text);
  kc_error_destroy(&error);
}

static void test_paths(void **state) {
  (void)state;
  check_path_refusal("/tmp", "is a directory");
  check_path_refusal("/nonexistent/x.yaml", "cannot be found");
  check_path_refusal("/dev/zero", "is a device");
  check_path_refusal("", "is empty; name a file");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_errors), cmocka_unit_test(test_block),
                                     cmocka_unit_test(test_hash),   cmocka_unit_test(test_nearest),
                                     cmocka_unit_test(test_files),  cmocka_unit_test(test_paths)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
