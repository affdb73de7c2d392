// Times of the muscle laws, one core: nanoseconds per muscle and runner, least and median of many
// rounds over 92 muscles. Not a test; built like bench_body.
#include "bench.h"
#include "force/muscle.lane.h"

enum { N_MUSCLE = 92, N_ROUND = 2000 };

typedef struct {
  kc_muscle_numbers numbers[N_MUSCLE];
  real fibre[N_MUSCLE], velocity[N_MUSCLE], length[N_MUSCLE], activation[N_MUSCLE];
  real sum;
} bench;

static void step_fibres(bench *b, real wave) {
  for (int m = 0; m < N_MUSCLE; m++)
    b->fibre[m] = kc_muscle_step_fibre(&b->numbers[m], kc_real(0.0005), b->activation[m],
                                       b->length[m] * (1.0 + wave), b->fibre[m], &b->velocity[m]);
}
static void step_together(bench *b, real wave) {
  real length[N_MUSCLE];
  for (int m = 0; m < N_MUSCLE; m++)
    length[m] = b->length[m] * (1.0 + wave);
  kc_muscle_step_fibres(N_MUSCLE, b->numbers, kc_real(0.0005), b->activation, length, b->fibre,
                        b->velocity);
}
static void step_activations(bench *b, real wave) {
  for (int m = 0; m < N_MUSCLE; m++)
    b->activation[m] = kc_muscle_step_activation(&b->numbers[m], kc_real(0.0005), 0.4 + 10.0 * wave,
                                                 b->activation[m]);
}
static void compute_tensions(bench *b, real wave) {
  for (int m = 0; m < N_MUSCLE; m++) {
    real stiffness;
    b->sum += kc_muscle_compute_tension(&b->numbers[m], b->fibre[m], b->length[m] * (1.0 + wave),
                                        &stiffness);
    b->sum += stiffness;
  }
}
static void compute_forces(bench *b, real wave) {
  for (int m = 0; m < N_MUSCLE; m++)
    b->sum += kc_muscle_compute_forces(&b->numbers[m], b->activation[m], b->fibre[m],
                                       b->velocity[m], b->length[m] * (1.0 + wave))
                  .fibre_force;
}
static void compute_capacities(bench *b, real wave) {
  for (int m = 0; m < N_MUSCLE; m++) {
    kc_muscle_capacity c =
        kc_muscle_compute_capacity(&b->numbers[m], b->fibre[m], b->velocity[m] + wave);
    b->sum += c.capacity + c.passive;
  }
}
static void compute_rates(bench *b, real wave) {
  for (int m = 0; m < N_MUSCLE; m++)
    b->sum += kc_muscle_compute_rate(&b->numbers[m], b->activation[m], b->fibre[m],
                                     b->length[m] * (1.0 + wave));
}

static void measure(bench *b, const char *name, void (*run)(bench *, real)) {
  static double time[N_ROUND];
  for (int round = 0; round < N_ROUND; round++) {
    real wave = kc_real(1e-4 * (double)(round % 40 < 20 ? round % 20 : 20 - round % 20));
    double start = bench_now();
    run(b, wave);
    time[round] = 1e3 * (bench_now() - start) / (N_MUSCLE * KC_LANES);
  }
  bench_sort(time, N_ROUND);
  printf("%-24s %d lanes: least %7.2f  median %7.2f ns per muscle and runner\n", name, KC_LANES,
         time[0], time[N_ROUND / 2]);
}

int main(void) {
  static bench b;
  for (int m = 0; m < N_MUSCLE; m++)
    for (int lane = 0; lane < KC_LANES; lane++) {
      double x = (double)((m * 7919 + lane * 104729) % 1009) / 1009;
      kc_muscle muscle = {.strength = 1.0,
                          .max_isometric_force = 1000.0 + 3000.0 * x,
                          .optimal_fibre_length = 0.05 + 0.1 * x,
                          .tendon_slack_length = 0.27 - 0.2 * x,
                          .pennation = 0.4 * x,
                          .max_velocity = 10.0,
                          .tendon_strain = 0.049,
                          .passive_strain = 0.6,
                          .damping = 0.01,
                          .activation_time = 0.01,
                          .deactivation_time = 0.04};
      kc_muscle_load(&b.numbers[m], lane, &muscle);
      kc_set(&b.activation[m], lane, 0.05 + 0.9 * x);
      kc_set(&b.length[m], lane,
             muscle.tendon_slack_length * 1.02 + muscle.optimal_fibre_length * (0.8 + 0.3 * x));
    }
  for (int m = 0; m < N_MUSCLE; m++)
    b.fibre[m] =
        kc_muscle_compute_balance(&b.numbers[m], b.activation[m], b.length[m], kc_real(0.0));
  measure(&b, "step of fibre", step_fibres);
  measure(&b, "step of fibres together", step_together);
  measure(&b, "tension", compute_tensions);
  measure(&b, "step of activation", step_activations);
  measure(&b, "all forces", compute_forces);
  measure(&b, "capacity", compute_capacities);
  measure(&b, "exact rate", compute_rates);
  printf("(%.17g)\n", kc_get(b.sum, 0));
  return 0;
}
