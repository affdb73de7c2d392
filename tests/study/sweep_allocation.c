/// @file
/// A sweep takes memory when runs begin and end, never as they step: sweeps that differ in the
/// length of their runs alone ask the allocator equally often. Linked with --wrap for its
/// functions.
#include "near.h"
#include "study/sweep_run.h"
#include <stdlib.h>
#include <string.h>

static volatile long n_allocation;
static volatile int counting;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_malloc(size_t size) {
  n_allocation += counting;
  return __real_malloc(size);
}
void *__wrap_calloc(size_t count, size_t size) {
  n_allocation += counting;
  return __real_calloc(count, size);
}
void *__wrap_realloc(void *old, size_t size) {
  n_allocation += counting;
  return __real_realloc(old, size);
}
void *__wrap_aligned_alloc(size_t alignment, size_t size) {
  n_allocation += counting;
  return __real_aligned_alloc(alignment, size);
}

enum { N_RUN = 13 };
static int n_row;

static kc_status take_row(void *user, const kc_sweep_row *row, const kc_sweep_bytes *bytes,
                          kc_error *error) {
  (void)user, (void)bytes, (void)error;
  assert_int_equal(row->kind, KC_COMPLETED);
  n_row++;
  return KC_OK;
}

/// Allocations of a sweep in lanes of 4 on one thread.
static long count(const char *duration) {
  char text[400];
  snprintf(text, sizeof text,
           "name: x\nbase: " KC_TEST_SOURCE_DIR "/scenarios/level.yaml\n"
           "set: {duration: %s, numerics/settle: 0 s}\n"
           "factors: {course/grade: {from: -2 %%, to: 2 %%, points: %d}}\ndesign: {kind: grid}\n",
           duration, N_RUN);
  kc_sweep *sweep;
  kc_error error = kc_error_default();
  if (kc_sweep_read_text(text, strlen(text), "x.yaml", NULL, 0, &sweep, &error) != KC_OK)
    fail_msg("%s: %s", error.finding[0].place, error.finding[0].text);
  int index[N_RUN];
  for (int i = 0; i < N_RUN; i++)
    index[i] = i;
  kc_sweep_job job = {.width = 4, .threads = 1, .n = N_RUN, .index = index, .row = take_row};
  n_allocation = n_row = 0;
  counting = 1;
  kc_status status = kc_sweep_run(sweep, &job, &error);
  counting = 0;
  assert_int_equal(status, KC_OK);
  assert_int_equal(n_row, N_RUN);
  kc_sweep_destroy(sweep);
  return n_allocation;
}

static void test_stepping_takes_no_memory(void **unused) {
  (void)unused;
  (void)count("0.01 s"); // what is done once in a program
  long brief = count("0.04 s"), longer = count("0.09 s");
  print_message("%ld allocations for %d runs\n", brief, N_RUN);
  assert_true(brief > N_RUN);
  assert_int_equal(longer, brief);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_stepping_takes_no_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
