/// @file
/// The stepping path takes no memory: allocations are counted from the first to the last tick of
/// runs in one lane, refills included. Linked with --wrap for the allocator's functions.
#include "sim_rig.h"

static volatile long n_allocation; // volatile: compilers know that malloc has no such effect
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

static void count_from_now(void *user, const kc_sample *sample) {
  (void)user, (void)sample;
  counting = 1;
}

enum { N_RUN = 6 };
static int n_ended;
static void end_counting(void *context, kc_run *run) {
  (void)context, (void)run;
  if (++n_ended == N_RUN)
    counting = 0;
}

static void test_counts(void **unused) {
  (void)unused;
  n_allocation = 0, counting = 1;
  void *volatile block = malloc(17);
  counting = 0;
  free(block);
  assert_int_equal(n_allocation, 1);
}

static void test_steps_allocate_nothing(void **unused) {
  (void)unused;
  kc_scenario *s = rig_scenario(
      "model: runner.yaml\nspeed: 3.3 m/s\nduration: 0.4 s\n"
      "controller: {parameters: running.yaml, sense_noise: 0.2 deg, sense_delay: 4 ms}\n"
      "course: {roughness: {rms: 3 mm}}\n");
  for (int width = 1; width <= 8; width *= 2) {
    kc_run run[N_RUN], *list[N_RUN];
    for (int i = 0; i < N_RUN; i++) {
      run[i] = (kc_run){.scenario = s, .tick = i ? NULL : count_from_now};
      list[i] = &run[i];
    }
    rig_queue queue = {list, N_RUN, 0};
    kc_error error = kc_error_default();
    n_allocation = 0, n_ended = 0;
    assert_int_equal(kc_sim_run(width, rig_next, end_counting, &queue, NULL, &error), KC_OK);
    assert_int_equal(n_ended, N_RUN);
    assert_int_equal(counting, 0);
    assert_int_equal(n_allocation, 0);
  }
  kc_scenario_destroy(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_counts),
      cmocka_unit_test(test_steps_allocate_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
