/// @file
/// Left and right: the mirror image of a state of the shipped runner has the mirror image of its
/// accelerations and loads.
#include "load_rig.h"

static int image_of(const char *name, int (*find)(const kc_model *model, const char *name)) {
  char image[KC_NAME_SIZE];
  size_t n = strlen(name);
  strcpy(image, name);
  if (n > 2 && image[n - 2] == '_' && (image[n - 1] == 'r' || image[n - 1] == 'l'))
    image[n - 1] = image[n - 1] == 'r' ? 'l' : 'r';
  return find(r.model, image);
}

static double sign_of(const char *name) {
  size_t n = strlen(name);
  if (n > 2 && name[n - 2] == '_' && strchr("rl", name[n - 1]))
    return 1;
  return strstr(name, "_tz") || strstr(name, "_list") || strstr(name, "_bending") ||
                 strstr(name, "_rotation")
             ? -1
             : 1;
}

static void turn_over(void) {
  real q[MAX_JOINT], v[MAX_JOINT], tau[MAX_JOINT], activation[MAX_MUSCLE];
  memcpy(q, r.q, sizeof q), memcpy(v, r.v, sizeof v), memcpy(tau, r.tau, sizeof tau);
  memcpy(activation, r.activation, sizeof activation);
  for (int j = 0; j < r.model->n_joint; j++) {
    const char *name = r.model->joint[j].name;
    int from = image_of(name, kc_model_find_joint);
    r.q[j] = sign_of(name) * q[from], r.v[j] = sign_of(name) * v[from];
    r.tau[j] = sign_of(name) * tau[from];
  }
  for (int m = 0; m < r.model->n_muscle; m++)
    r.activation[m] = activation[image_of(r.model->muscle[m].name, kc_model_find_muscle)];
}

static void check_image(const char *what, kc_vec3 one, kc_vec3 other, double tolerance) {
  for (int i = 0; i < 3; i++)
    for (int lane = 0; lane < KC_LANES; lane++)
      near(what, kc_get(other.v[i], lane), (i == 2 ? -1 : 1) * kc_get(one.v[i], lane), tolerance);
}

static void test_mirror(void **unused) {
  (void)unused;
  static const int sensor[KC_N_SENSOR] = {KC_SENSOR_shank_l, KC_SENSOR_shank_r, KC_SENSOR_pelvis,
                                          KC_SENSOR_thorax, KC_SENSOR_head};
  for (int trial = 0; trial < N_TRIAL; trial++) {
    draw(200 + trial * KC_LANES);
    evaluate();
    kc_joint_load load = *r.load;
    real a[MAX_JOINT];
    memcpy(a, r.a, sizeof a);
    turn_over();
    evaluate();
    for (int j = 0; j < r.model->n_joint; j++) {
      const char *name = r.model->joint[j].name;
      int from = image_of(name, kc_model_find_joint);
      for (int lane = 0; lane < KC_LANES; lane++) {
        double most = 0; // accelerations as large as the largest are exact to its rounding
        for (int i = 0; i < r.model->n_joint; i++)
          most = fmax(most, fabs(kc_get(a[i], lane)));
        near(name, kc_get(r.a[j], lane), sign_of(name) * kc_get(a[from], lane), 1e-12 * most);
      }
    }
    for (int e = 0; e < KC_N_LOAD_JOINT; e++) {
      int leg = KC_N_SIDE * KC_N_LOAD_LEG, other = e < leg ? (e + KC_N_LOAD_LEG) % leg : e;
      check_image("contact", load.force[e], r.load->force[other], 1e-8);
    }
    for (int s = 0; s < KC_N_SENSOR; s++)
      check_image("sensor", load.acceleration[s], r.load->acceleration[sensor[s]], 1e-8);
    for (int k = 0; k < KC_N_SIDE; k++)
      for (int j = 0; j < KC_N_TORSION; j++)
        for (int lane = 0; lane < KC_LANES; lane++) {
          near("torsion", kc_get(r.load->torsion[1 - k][j], lane), kc_get(load.torsion[k][j], lane),
               1e-8);
          near("net torsion", kc_get(r.load->torsion_net[1 - k][j], lane),
               kc_get(load.torsion_net[k][j], lane), 1e-8);
        }
    for (int k = 0; k < KC_N_PART; k++)
      for (int lane = 0; lane < KC_LANES; lane++)
        near("part", kc_get(r.load->spin[k], lane), -kc_get(load.spin[k], lane), 1e-10);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_mirror)};
  return cmocka_run_group_tests(tests, create, destroy);
}
