// Which lane variant runs, and the change from one batch to the next where topologies differ.
#include "sim/engine.h"
#include "sim/reference.h"
#include "sim/width.h"

typedef struct kc_batch kc_batch;

#define X(tag, lanes)                                                                              \
  kc_status kc_batch_create_##tag(kc_run *run, kc_batch **batch, kc_error *error);                 \
  void kc_batch_destroy_##tag(kc_batch *batch);                                                    \
  kc_run *kc_batch_run_##tag(kc_batch *batch, kc_run *first, kc_run *(*next)(void *context),       \
                             void (*finished)(void *context, kc_run *run), void *context,          \
                             const volatile int *stop);
KC_VARIANT_LIST(X)
#undef X

typedef struct {
  kc_status (*create)(kc_run *run, kc_batch **batch, kc_error *error);
  void (*destroy)(kc_batch *batch);
  kc_run *(*run)(kc_batch *batch, kc_run *first, kc_run *(*next)(void *context),
                 void (*finished)(void *context, kc_run *run), void *context,
                 const volatile int *stop);
} variant;

static const variant table[] = {
#define X(tag, lanes) {kc_batch_create_##tag, kc_batch_destroy_##tag, kc_batch_run_##tag},
    KC_VARIANT_LIST(X)
#undef X
};

kc_status kc_sim_run(int width, kc_run *(*next)(void *context),
                     void (*finished)(void *context, kc_run *run), void *context,
                     const volatile int *stop, kc_error *error) {
  const variant *lanes = &table[kc_sim_choose_variant(width)];
  kc_run *run = next(context);
  while (run) {
    if (run->scenario->task.integrator == KC_STEP_ADAPTIVE) {
      kc_reference reference = kc_sim_default_reference();
      KC_TRY(kc_sim_run_reference(run, &reference, stop, error));
      if (finished)
        finished(context, run);
      run = next(context);
      continue;
    }
    kc_batch *batch;
    KC_TRY(lanes->create(run, &batch, error));
    run = lanes->run(batch, run, next, finished, context, stop);
    lanes->destroy(batch);
  }
  return KC_OK;
}
