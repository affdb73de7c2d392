/// @file
/// Muscles as compiled: how many, how large, which way round, and as mirror images.
#include "model/guide.h"
#include "runner.h"

#include <string.h>

static const kc_muscle *find(const kc_model *model, const char *name) {
  int i = kc_model_find_muscle(model, name);
  if (i < 0)
    fail_msg("no muscle %s", name);
  return &model->muscle[i];
}

static const char *const published[46] = {
    "addbrev", "addlong", "addmagDist", "addmagIsch", "addmagMid", "addmagProx", "bflh",
    "bfsh",    "edl",     "ehl",        "fdl",        "fhl",       "gaslat",     "gasmed",
    "glmax1",  "glmax2",  "glmax3",     "glmed1",     "glmed2",    "glmed3",     "glmin1",
    "glmin2",  "glmin3",  "grac",       "iliacus",    "perbrev",   "perlong",    "piri",
    "psoas",   "recfem",  "sart",       "semimem",    "semiten",   "soleus",     "tfl",
    "tibant",  "tibpost", "vasint",     "vaslat",     "vasmed",    "ercspn",     "intobl",
    "extobl",  "rectabd", "quadlumb",   "latdorsi"};

static void runner_has_its_muscles_on_both_sides(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  kc_model *model = compile(def);
  assert_int_equal(model->n_muscle, 92);
  assert_int_equal(model->n_guide, 2);
  for (int i = 0; i < 46; i++) {
    char name[KC_NAME_SIZE];
    snprintf(name, sizeof name, "%s_r", published[i]);
    assert_int_equal(find(model, name)->side, KC_RIGHT);
    snprintf(name, sizeof name, "%s_l", published[i]);
    assert_int_equal(find(model, name)->side, KC_LEFT);
    const kc_note *note = &def->muscle[kc_model_def_find_muscle(def, name)].note;
    if (!note->source[0] && !note->assumption[0])
      fail_msg("%s has no source", name);
  }
  assert_int_equal(kc_model_find_muscle(model, "glmax4_r"), -1);
  for (int i = 0; i < model->n_muscle; i++) {
    const kc_muscle *m = &model->muscle[i];
    assert_true(m->n_point >= 2 && m->point_adr + m->n_point <= model->n_path_point);
    assert_true(m->n_wrap <= 2 && m->wrap_adr + m->n_wrap <= model->n_path_wrap);
  }
  kc_model_destroy(model);
  kc_model_destroy_def(def);
}

static void patella_follows_its_knots(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  const kc_def_guide *from = &def->guide[0];
  kc_guide guide, other;
  double worst = 0, worst_turn = 0;
  kc_model_fit_guide(from, 1, &guide);
  for (int k = 0; k < from->n_knot; k++) {
    double at[3], turn;
    kc_model_eval_guide(&guide, from->knot[k].angle, at, &turn);
    for (int i = 0; i < 2; i++)
      worst = fmax(worst, fabs(at[i] - from->at[i] - from->knot[k].at[i]));
    worst_turn = fmax(worst_turn, fabs(turn - from->knot[k].turn));
  }
  print_message("fit of the patella: %.4f mm, %.5f rad\n", worst * 1e3, worst_turn);
  assert_true(worst < 0.3e-3 && worst_turn < 0.01);
  // beyond its knots it goes straight on
  double a[3], b[3], c[3], ta, tb, tc, end = from->knot[from->n_knot - 1].angle;
  kc_model_eval_guide(&guide, end + 0.1, a, &ta);
  kc_model_eval_guide(&guide, end + 0.2, b, &tb);
  kc_model_eval_guide(&guide, end + 0.3, c, &tc);
  assert_near(c[0] - b[0], b[0] - a[0], 1e-15);
  assert_near(tc - tb, tb - ta, 1e-14);
  // twice the bone, twice the path
  kc_model_fit_guide(from, 2, &other);
  kc_model_eval_guide(&other, 0.731, a, &ta);
  kc_model_eval_guide(&guide, 0.731, b, &tb);
  assert_near(a[0], 2 * b[0], 1e-15);
  assert_near(ta, tb, 0);
  kc_model_destroy_def(def);
}

/// A polynomial of as many terms as the fit has is found again.
static void fit_finds_a_polynomial_again(void **state) {
  (void)state;
  static const double c[KC_GUIDE_TERMS] = {0.371,  -0.83, 0.21,  1.13, -0.57,
                                           -0.419, 0.77,  0.313, -1.9, 0.631};
  kc_def_guide def = {.n_knot = 13};
  for (int k = 0; k < 13; k++) {
    double s = k / 6.0 - 1, sum = 0;
    for (int i = KC_GUIDE_TERMS - 1; i >= 0; i--)
      sum = sum * s + c[i];
    def.knot[k] = (kc_def_knot){.angle = 0.3 + 1.7 * s, .at = {sum, -2 * sum}, .turn = 3 * sum};
  }
  kc_guide guide;
  kc_model_fit_guide(&def, 1, &guide);
  for (int i = 0; i < KC_GUIDE_TERMS; i++) {
    assert_near(guide.x[i], c[i], 1e-10);
    assert_near(guide.turn[i], 3 * c[i], 1e-10);
  }
}

static double determinant(const double a[9]) {
  return a[0] * (a[4] * a[8] - a[5] * a[7]) - a[1] * (a[3] * a[8] - a[5] * a[6]) +
         a[2] * (a[3] * a[7] - a[4] * a[6]);
}

static void check_mirrored_wrap(const kc_wrap *right, const kc_wrap *left) {
  static const double sign[3] = {1, 1, -1};
  assert_true(right->radius == left->radius && right->shape == left->shape);
  assert_near(determinant(right->axes), 1, 1e-14);
  assert_near(determinant(left->axes), 1, 1e-14);
  for (int i = 0; i < 3; i++) {
    assert_true(left->position[i] == sign[i] * right->position[i]);
    for (int k = 0; k < 3; k++)
      assert_true(left->axes[3 * i + k] == sign[i] * sign[k] * right->axes[3 * i + k]);
  }
}

static void left_muscles_are_mirror_images(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  kc_model *model = compile(def);
  for (int i = 0; i < model->n_muscle; i++) {
    const kc_muscle *r = &model->muscle[i];
    if (r->side != KC_RIGHT)
      continue;
    char name[KC_NAME_SIZE];
    memcpy(name, r->name, sizeof name);
    name[strlen(name) - 1] = 'l';
    const kc_muscle *l = find(model, name);
    assert_near(l->optimal_fibre_length, r->optimal_fibre_length, 1e-16);
    assert_near(l->tendon_slack_length, r->tendon_slack_length, 1e-16);
    assert_true(l->max_isometric_force == r->max_isometric_force && l->n_point == r->n_point);
    for (int k = 0; k < r->n_point; k++) {
      const kc_path_point *p = &model->path_point[r->point_adr + k];
      const kc_path_point *q = &model->path_point[l->point_adr + k];
      assert_true(q->position[0] == p->position[0] && q->position[2] == -p->position[2]);
      assert_true((p->guide < 0) == (q->guide < 0));
    }
    for (int k = 0; k < r->n_wrap; k++) {
      const kc_path_wrap *p = &model->path_wrap[r->wrap_adr + k];
      const kc_path_wrap *q = &model->path_wrap[l->wrap_adr + k];
      assert_true(p->sense == q->sense && p->after == q->after);
      check_mirrored_wrap(&model->wrap[p->wrap], &model->wrap[q->wrap]);
    }
  }
  const kc_guide *r = &model->guide[0], *l = &model->guide[1];
  assert_memory_equal(r->x, l->x, sizeof r->x);
  assert_memory_equal(r->turn, l->turn, sizeof r->turn);
  assert_true(l->z == -r->z && r->joint != l->joint);
  kc_model_destroy(model);
  kc_model_destroy_def(def);
}

/// Muscle, wrap of its path, sense.
typedef struct {
  const char *muscle;
  int wrap;
  double sense;
} turning;

// z points right: -1 passes before an axis on the way down, +1 behind it
static const turning turnings[] = {
    {"recfem_r", 0, -1},  {"vaslat_r", 0, -1}, {"gasmed_r", 0, 1},  {"gaslat_r", 0, 1},
    {"semimem_r", 0, 1},  {"semiten_r", 0, 1}, {"grac_r", 0, 1},    {"bfsh_r", 0, -1},
    {"iliacus_r", 0, -1}, {"psoas_r", 0, -1},  {"glmax1_r", 0, 1},  {"glmax2_r", 0, 1},
    {"glmax3_r", 0, 1},   {"gasmed_r", 1, -1}, {"gaslat_r", 1, -1},
};

static void paths_turn_the_right_way(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  for (int round = 0; round < 3; round++) { // no size and no condition turns them about
    if (round == 1)
      def->stature = 1.53, def->sex = KC_FEMALE;
    if (round == 2)
      def->body[kc_model_def_find_body(def, "tibia_r")].length_change = 0.03;
    kc_model *model = compile(def);
    for (size_t i = 0; i < sizeof turnings / sizeof turnings[0]; i++) {
      const turning *t = &turnings[i];
      const kc_muscle *m = find(model, t->muscle);
      if (model->path_wrap[m->wrap_adr + t->wrap].sense != t->sense)
        fail_msg("%s turns the wrong way round its wrap %d", t->muscle, t->wrap);
    }
    kc_model_destroy(model);
  }
  kc_model_destroy_def(def);
}

static void reference_body_has_the_published_numbers(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  for (int i = 0; i < def->n_segment; i++)
    def->segment[i].length = def->segment[i].reference;
  def->mass = def->muscle_mass;
  kc_model *model = compile(def);
  const kc_muscle *soleus = find(model, "soleus_l");
  assert_near(soleus->max_isometric_force, 6194.8, 1e-9);
  assert_near(soleus->optimal_fibre_length, 0.044, 1e-15);
  assert_near(soleus->tendon_strain, 0.098, 1e-15);
  assert_near(find(model, "vaslat_r")->optimal_fibre_length, 0.117, 1e-15);
  assert_near(find(model, "glmed2_r")->tendon_slack_length, 0.07545, 1e-9);
  assert_near(find(model, "addlong_r")->pennation, 0.1378, 1e-4);
  assert_near(find(model, "ercspn_r")->specific_tension, 0.25e6, 1e-6);
  assert_near(find(model, "tibant_r")->activation_time, 0.010, 1e-17);
  assert_near(find(model, "tibant_r")->deactivation_time, 0.040, 1e-17);
  kc_model_destroy(model);
  kc_model_destroy_def(def);
}

static void strength_grows_with_mass_and_length_with_bone(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  kc_model *plain = compile(def);
  def->mass = 61.3;
  kc_model *light = compile(def);
  assert_near(find(light, "bflh_r")->max_isometric_force /
                  find(plain, "bflh_r")->max_isometric_force,
              pow(61.3 / 75, 2.0 / 3), 1e-14);
  def->mass = 75;
  def->body[kc_model_def_find_body(def, "tibia_l")].length_change = -0.0217;
  kc_model *shorter = compile(def);
  const kc_muscle *a = find(plain, "soleus_l"), *b = find(shorter, "soleus_l");
  double factor = b->optimal_fibre_length / a->optimal_fibre_length;
  assert_true(factor < 0.96 && factor > 0.90);
  assert_near(b->tendon_slack_length / a->tendon_slack_length, factor, 1e-15);
  assert_memory_equal(find(plain, "soleus_r"), find(shorter, "soleus_r"), sizeof *a);
  assert_memory_equal(find(plain, "glmed1_l"), find(shorter, "glmed1_l"), sizeof *a);
  kc_model_destroy(plain);
  kc_model_destroy(light);
  kc_model_destroy(shorter);
  kc_model_destroy_def(def);
}

/// Whether a point moved between two models of one definition.
static int moved(const kc_model *a, const kc_model *b, const char *muscle, int k) {
  int i = find(a, muscle)->point_adr + k;
  return memcmp(a->path_point[i].position, b->path_point[i].position, 3 * sizeof(double)) != 0;
}

static void innominate_carries_its_muscles_and_not_the_sacrum(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  kc_model *plain = compile(def);
  def->innominate_angle[KC_LEFT] = 0.1047;
  kc_model *turned = compile(def);
  assert_true(moved(plain, turned, "bflh_l", 0) && moved(plain, turned, "intobl_l", 0));
  assert_true(moved(plain, turned, "quadlumb_l", 0) && moved(plain, turned, "piri_l", 1));
  assert_false(moved(plain, turned, "bflh_r", 0) || moved(plain, turned, "ercspn_l", 0));
  assert_false(moved(plain, turned, "piri_l", 0) || moved(plain, turned, "latdorsi_l", 3));
  const kc_muscle *m = find(plain, "psoas_l");
  const kc_wrap *a = &plain->wrap[plain->path_wrap[m->wrap_adr].wrap];
  const kc_wrap *b = &turned->wrap[turned->path_wrap[m->wrap_adr].wrap];
  double trace = 0; // of the turn between both: 1 + 2 cos
  for (int i = 0; i < 9; i++)
    trace += a->axes[i] * b->axes[i];
  assert_near(trace, 1 + 2 * cos(0.1047), 1e-14);
  assert_true(a->position[0] != b->position[0]);
  // stretched, not grown
  for (int i = 0; i < plain->n_muscle; i++)
    assert_memory_equal(&plain->muscle[i], &turned->muscle[i], sizeof(kc_muscle));
  assert_true(plain->hash != turned->hash);
  kc_model_destroy(plain);
  kc_model_destroy(turned);
  kc_model_destroy_def(def);
}

static void hash_sees_every_number(void **state) {
  (void)state;
  kc_model_def *def = read_def();
  kc_model *plain = compile(def);
  kc_def_muscle *m = &def->muscle[29];
  double *const number[] = {&m->tissue.strength,
                            &m->tissue.max_isometric_force,
                            &m->tissue.optimal_fibre_length,
                            &m->tissue.tendon_slack_length,
                            &m->tissue.pennation,
                            &m->tissue.max_velocity,
                            &m->tissue.tendon_strain,
                            &m->tissue.passive_strain,
                            &m->tissue.damping,
                            &m->tissue.activation_time,
                            &m->tissue.deactivation_time,
                            &m->tissue.slow_fraction,
                            &m->tissue.specific_tension,
                            &m->length_factor,
                            &m->passive_factor,
                            &m->point[1].at[2],
                            &def->guide[1].knot[4].turn,
                            &def->guide[0].at[0],
                            &def->wrap[7].radius,
                            &def->wrap[7].length,
                            &def->wrap[7].turn[1],
                            &def->muscle_mass,
                            &def->muscle_strength,
                            &def->muscle_activation_scale,
                            &def->muscle_velocity_scale};
  for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) {
    double kept = *number[i];
    *number[i] = kept == 0 ? 1e-9 : kept * (1 + 1e-12);
    kc_model *other = compile(def);
    if (other->hash == plain->hash)
      fail_msg("number %zu is not in the fingerprint", i);
    kc_model_destroy(other);
    *number[i] = kept;
  }
  kc_model *same = compile(def);
  assert_true(same->hash == plain->hash);
  kc_model_destroy(same);
  kc_model_destroy(plain);
  kc_model_destroy_def(def);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(runner_has_its_muscles_on_both_sides),
      cmocka_unit_test(patella_follows_its_knots),
      cmocka_unit_test(fit_finds_a_polynomial_again),
      cmocka_unit_test(left_muscles_are_mirror_images),
      cmocka_unit_test(paths_turn_the_right_way),
      cmocka_unit_test(reference_body_has_the_published_numbers),
      cmocka_unit_test(strength_grows_with_mass_and_length_with_bone),
      cmocka_unit_test(innominate_carries_its_muscles_and_not_the_sacrum),
      cmocka_unit_test(hash_sees_every_number),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
