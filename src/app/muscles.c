/// @file
/// kinchain check --muscles: what the muscles of a model can do, as CSV tables that a spreadsheet
/// opens one by one.
#include "app/app.h"
#include "force/path_check.h"
#include "sim/width.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SET = 6, N_ANGLE = 9, N_SWEEP_POSTURE = 64, N_SWEEP_STEP = 150 };

static const double degree = 3.14159265358979323846 / 180.0;
static const double least_arm = 0.001; // m: smaller ones are not printed

// a coordinate at an angle
typedef struct {
  const char *coordinate;
  double angle_deg;
} setting_deg;

// A test of strength: moment of one sense about a coordinate over its angle. The trunk is turned at
// both its joints, each by half of the angle.
typedef struct {
  const char *name, *coordinate, *partner;
  int sense;
  double lower_deg, upper_deg;
  setting_deg held[MAX_SET]; // as on a dynamometer
} strength_test;

static const strength_test tests[] = {
    {"hip flexion", "hip_flexion_r", NULL, 1, -20, 100, {{"knee_angle_r", 90}}},
    {"hip extension", "hip_flexion_r", NULL, -1, -20, 100, {{"knee_angle_r", 90}}},
    {"hip abduction", "hip_adduction_r", NULL, -1, -40, 10, {{NULL, 0}}},
    {"hip adduction", "hip_adduction_r", NULL, 1, -40, 10, {{NULL, 0}}},
    {"knee extension", "knee_angle_r", NULL, -1, 10, 110, {{"hip_flexion_r", 80}}},
    {"knee flexion", "knee_angle_r", NULL, 1, 10, 110, {{"hip_flexion_r", 80}}},
    {"ankle plantarflexion", "ankle_angle_r", NULL, -1, -40, 30, {{NULL, 0}}},
    {"ankle dorsiflexion", "ankle_angle_r", NULL, 1, -40, 30, {{NULL, 0}}},
    {"trunk extension", "lumbar_extension", "thorax_extension", 1, -60, 20, {{NULL, 0}}},
    {"trunk flexion", "lumbar_extension", "thorax_extension", -1, -60, 20, {{NULL, 0}}},
    {"trunk bending right", "lumbar_bending", "thorax_bending", 1, -30, 30, {{NULL, 0}}},
    {"trunk rotation left", "lumbar_rotation", "thorax_rotation", 1, -40, 40, {{NULL, 0}}},
};
enum { N_TEST = sizeof tests / sizeof *tests };

// postures for moment arms: of the right leg in running
typedef struct {
  const char *name;
  setting_deg set[MAX_SET];
} named_posture;

static const named_posture postures[] = {
    {"neutral", {{NULL, 0}}},
    {"mid-stance", {{"hip_flexion_r", 25}, {"knee_angle_r", 42}, {"ankle_angle_r", 22}}},
    {"toe-off", {{"hip_flexion_r", -12}, {"knee_angle_r", 18}, {"ankle_angle_r", -20}}},
    {"mid-swing", {{"hip_flexion_r", 25}, {"knee_angle_r", 110}, {"ankle_angle_r", 0}}},
    {"late swing", {{"hip_flexion_r", 48}, {"knee_angle_r", 30}, {"ankle_angle_r", 5}}},
};
enum { N_NAMED = sizeof postures / sizeof *postures };

// a model with room for what is evaluated
typedef struct {
  const kc_model *model;
  double *q; // (n_posture x n_joint)
  kc_path_posture at;
} table_state;

static void destroy(table_state *t) {
  free(t->q);
  free(t->at.length);
  free(t->at.tension);
  free(t->at.fibre);
  free(t->at.arm);
}

static kc_status create(const char *path, const kc_model *model, int n_posture, table_state *t,
                        kc_error *error) {
  size_t n = (size_t)n_posture, n_muscle = (size_t)model->n_muscle,
         n_joint = (size_t)model->n_joint;
  *t = (table_state){.model = model};
  t->q = calloc(n * n_joint + 1, sizeof *t->q);
  t->at.length = calloc(n * n_muscle + 1, sizeof(double));
  t->at.tension = calloc(n * n_muscle + 1, sizeof(double));
  t->at.fibre = calloc(n * n_muscle + 1, sizeof(double));
  t->at.arm = calloc(n * n_muscle * n_joint + 1, sizeof(double));
  if (t->q && t->at.length && t->at.tension && t->at.fibre && t->at.arm)
    return KC_OK;
  destroy(t);
  return kc_error_add(error, KC_ERR_MEMORY, path, "no memory for %d postures", n_posture);
}

static kc_status eval(const char *path, table_state *t, int n_posture, kc_error *error) {
#define X(tag) kc_path_eval_postures_##tag,
  static kc_status (*const table[])(const kc_model *, int, const double *,
                                    kc_path_posture *) = {KC_PATH_CHECK_TAGS(X)};
#undef X
  kc_status status = table[kc_sim_choose_variant(8)](t->model, n_posture, t->q, &t->at);
  if (status != KC_OK)
    return kc_error_add(error, status, path, "no memory for %d postures", n_posture);
  return KC_OK;
}

static void set_angle(const kc_model *model, double *q, const char *coordinate, double angle_deg) {
  int j = coordinate ? kc_model_find_joint(model, coordinate) : -1;
  if (j >= 0)
    q[j] = degree * angle_deg;
}

static double test_angle(const strength_test *test, int i) {
  return test->lower_deg + (test->upper_deg - test->lower_deg) * i / (N_ANGLE - 1);
}

// moment of all muscles that work in the test's sense
static double eval_moment(const table_state *t, const strength_test *test, int posture) {
  const kc_model *model = t->model;
  int joint = kc_model_find_joint(model, test->coordinate);
  double sum = 0.0;
  for (int m = 0; m < model->n_muscle; m++) {
    int at = posture * model->n_muscle + m;
    double arm = test->sense * t->at.arm[at * model->n_joint + joint];
    if (arm > 0.0)
      sum += arm * t->at.tension[at];
  }
  return sum;
}

static kc_status print_moments(const char *path, const kc_model *model, kc_error *error) {
  table_state t;
  KC_TRY(create(path, model, N_TEST * N_ANGLE, &t, error));
  for (int k = 0; k < N_TEST; k++)
    for (int i = 0; i < N_ANGLE; i++) {
      const strength_test *test = &tests[k];
      double *q = t.q + (k * N_ANGLE + i) * model->n_joint;
      double share = test->partner ? 0.5 : 1.0;
      set_angle(model, q, test->coordinate, share * test_angle(test, i));
      set_angle(model, q, test->partner, share * test_angle(test, i));
      for (int h = 0; h < MAX_SET; h++)
        set_angle(model, q, test->held[h].coordinate, test->held[h].angle_deg);
    }
  kc_status status = eval(path, &t, N_TEST * N_ANGLE, error);
  printf("\n# greatest isometric moments: all muscles that work in this sense at full activation, "
         "none of the others;\n# right leg, the trunk's both sides; other coordinates 0 but those "
         "named\nmoment,coordinate,angle_deg,moment_Nm,held\n");
  for (int k = 0; k < N_TEST && status == KC_OK; k++)
    for (int i = 0; i < N_ANGLE && kc_model_find_joint(model, tests[k].coordinate) >= 0; i++) {
      printf("%s,%s,%.5g,%.1f,", tests[k].name, tests[k].coordinate, test_angle(&tests[k], i),
             eval_moment(&t, &tests[k], k * N_ANGLE + i));
      if (tests[k].held[0].coordinate)
        printf("%s=%g", tests[k].held[0].coordinate, tests[k].held[0].angle_deg);
      puts(tests[k].partner ? "half of the angle at each joint of the spine" : "");
    }
  destroy(&t);
  return status;
}

static void print_arm_rows(const table_state *t, int muscle) {
  const kc_model *model = t->model;
  int n = model->n_joint;
  for (int j = 0; j < n; j++) {
    double largest = 0.0, arm[N_NAMED];
    for (int p = 0; p < N_NAMED; p++) {
      arm[p] = t->at.arm[(p * model->n_muscle + muscle) * n + j];
      largest = fmax(largest, fabs(arm[p]));
    }
    if (largest < least_arm)
      continue;
    printf("%s,%s", model->muscle[muscle].name, model->joint[j].name);
    for (int p = 0; p < N_NAMED; p++)
      printf(",%.1f", 1e3 * arm[p]);
    putchar('\n');
  }
}

static kc_status print_arms(const char *path, const kc_model *model, kc_error *error) {
  table_state t;
  KC_TRY(create(path, model, N_NAMED, &t, error));
  for (int p = 0; p < N_NAMED; p++)
    for (int h = 0; h < MAX_SET; h++)
      set_angle(model, t.q + p * model->n_joint, postures[p].set[h].coordinate,
                postures[p].set[h].angle_deg);
  kc_status status = eval(path, &t, N_NAMED, error);
  printf("\n# moment arms, mm, positive where the muscle turns the coordinate positively; right "
         "side\n");
  for (int p = 1; p < N_NAMED; p++) {
    printf("# %s:", postures[p].name);
    for (int h = 0; h < MAX_SET && postures[p].set[h].coordinate; h++)
      printf(" %s %g", postures[p].set[h].coordinate, postures[p].set[h].angle_deg);
    puts(" deg");
  }
  printf("muscle,coordinate");
  for (int p = 0; p < N_NAMED; p++)
    printf(",%s", postures[p].name);
  putchar('\n');
  for (int m = 0; m < model->n_muscle && status == KC_OK; m++)
    if (model->muscle[m].side != KC_LEFT)
      print_arm_rows(&t, m);
  destroy(&t);
  return status;
}

// fibres and tensions in the neutral posture
static kc_status print_neutral(const char *path, const kc_model *model, kc_error *error) {
  table_state t;
  KC_TRY(create(path, model, 1, &t, error));
  kc_status status = eval(path, &t, 1, error);
  printf(
      "\n# neutral posture: length of the path, fibre length over optimal and tension, isometric "
      "at full activation;\n# right side\nmuscle,length_mm,fibre_over_optimal,tension_N,"
      "share_of_max_force\n");
  for (int m = 0; m < model->n_muscle && status == KC_OK; m++)
    if (model->muscle[m].side != KC_LEFT)
      printf("%s,%.2f,%.3f,%.1f,%.3f\n", model->muscle[m].name, 1e3 * t.at.length[m], t.at.fibre[m],
             t.at.tension[m], t.at.tension[m] / fmax(model->muscle[m].max_isometric_force, 1e-9));
  destroy(&t);
  return status;
}

static void print_place(const double *at) {
  printf(",%.1f,%.1f,%.1f\n", 1e3 * at[0], 1e3 * at[1], 1e3 * at[2]);
}

static void print_way(const kc_model *model, const kc_muscle *muscle, const kc_path_way *way) {
  for (int i = 0; i < muscle->n_point; i++) {
    const kc_path_point *point = &model->path_point[muscle->point_adr + i];
    printf("%s,%s,", muscle->name,
           point->guide >= 0 ? model->guide[point->guide].name
                             : model->joint[point->link].link_name);
    print_place(&way->point[3 * (muscle->point_adr + i)]);
    for (int w = muscle->wrap_adr; w < muscle->wrap_adr + muscle->n_wrap; w++)
      for (int e = 0; e < 2 && way->touched[w] && model->path_wrap[w].after == i; e++) {
        const kc_wrap *surface = &model->wrap[model->path_wrap[w].wrap];
        printf("%s,%s,%s", muscle->name, model->joint[surface->link].link_name, surface->name);
        print_place(&way->touch[6 * w + 3 * e]);
      }
  }
}

// at zero coordinates all frames are parallel to ground
static void print_surface(const kc_model *model, const kc_wrap *surface) {
  double at[3];
  for (int k = 0; k < 3; k++) {
    at[k] = surface->position[k];
    for (int link = surface->link; link >= 0; link = model->joint[link].parent)
      at[k] += model->joint[link].offset[k];
  }
  printf("%s,%s,%s,%.1f,%.1f,%.5f,%.5f,%.5f", surface->name, model->joint[surface->link].link_name,
         surface->shape == KC_WRAP_CYLINDER ? "cylinder" : "sphere", 1e3 * surface->radius,
         1e3 * surface->length, surface->axes[2], surface->axes[5], surface->axes[8]);
  print_place(at);
}

static kc_status print_ways(const char *path, const kc_model *model, kc_error *error) {
  size_t n_wrap = (size_t)model->n_path_wrap, n_point = (size_t)model->n_path_point;
  double *q = calloc((size_t)model->n_joint + 1, sizeof *q);
  double *point = calloc(3 * n_point + 6 * n_wrap + 1, sizeof *point);
  int *touched = calloc(n_wrap + 1, sizeof *touched);
  kc_status status = KC_ERR_MEMORY;
  if (q && point && touched) {
    kc_path_way way = {point, point + 3 * n_point, touched};
    status = kc_path_eval_way_l1(model, q, &way);
    printf("\n# paths in the neutral posture, ground frame with the root at zero, mm: points, and "
           "where they meet and leave surfaces\nmuscle,body,surface,x,y,z\n");
    for (int m = 0; m < model->n_muscle && status == KC_OK; m++)
      print_way(model, &model->muscle[m], &way);
  }
  free(q);
  free(point);
  free(touched);
  if (status != KC_OK)
    return kc_error_add(error, status, path, "no memory for its paths");
  printf(
      "\n# surfaces likewise, with the axis of cylinders\nsurface,body,shape,radius_mm,length_mm,"
      "axis_x,axis_y,axis_z,x,y,z\n");
  for (int i = 0; i < model->n_wrap; i++)
    print_surface(model, &model->wrap[i]);
  return KC_OK;
}

static void print_jump(const kc_model *model, const kc_path_sweep *sweep, const char *where,
                       int muscle, int joint, const kc_path_jump *jump, double *q) {
  printf("%s,%s,%s,%.1f,%.3f,%d,", where, model->muscle[muscle].name, model->joint[joint].name,
         jump->at / degree, 1e3 * jump->size, jump->n);
  kc_path_draw_posture(model, sweep, jump->posture, q);
  const char *space = "";
  for (int j = model->free_root ? 6 : 0; j < model->n_joint; j++) {
    // only what may matter to the muscle: its own side and the midline
    if (j == joint ||
        (model->joint[j].side != KC_MIDLINE && model->joint[j].side != model->muscle[muscle].side))
      continue;
    printf("%s%s=%.1f", space, model->joint[j].name, q[j] / degree);
    space = " ";
  }
  putchar('\n');
}

// sweeps through a box; prints jumps, and leaves the depths of ends in surfaces
static kc_status print_jumps(const char *path, const kc_model *model, const char *where,
                             const kc_path_sweep *sweep, double *depth, kc_error *error) {
#define X(tag) kc_path_find_jumps_##tag,
  static kc_status (*const table[])(const kc_model *, const kc_path_sweep *, kc_path_jump *,
                                    double *) = {KC_PATH_CHECK_TAGS(X)};
#undef X
  int n = model->n_joint;
  kc_path_jump *jump = calloc((size_t)model->n_muscle * (size_t)n + 1, sizeof *jump);
  double *q = calloc((size_t)n + 1, sizeof *q);
  kc_status status = KC_ERR_MEMORY;
  if (jump && q)
    status = table[kc_sim_choose_variant(8)](model, sweep, jump, depth);
  for (int m = 0; status == KC_OK && m < model->n_muscle; m++)
    for (int j = 0; j < n; j++)
      if (jump[m * n + j].n > 0)
        print_jump(model, sweep, where, m, j, &jump[m * n + j], q);
  free(jump);
  free(q);
  return status == KC_OK ? KC_OK : kc_error_add(error, status, path, "no memory for its sweeps");
}

static void print_depths(const kc_model *model, const double *running, const double *whole) {
  printf("\n# points that come to lie inside the surface they go round, which shrinks under them; "
         "mm\nmuscle,surface,radius_mm,depth_running_mm,depth_range_mm\n");
  for (int m = 0; m < model->n_muscle; m++)
    for (int i = 0; i < model->muscle[m].n_wrap; i++) {
      int w = model->muscle[m].wrap_adr + i;
      const kc_wrap *surface = &model->wrap[model->path_wrap[w].wrap];
      if (running[w] > 0.0 || whole[w] > 0.0)
        printf("%s,%s,%.1f,%.2f,%.2f\n", model->muscle[m].name, surface->name,
               1e3 * surface->radius, 1e3 * running[w], 1e3 * whole[w]);
    }
}

static kc_status print_warnings(const char *path, const kc_model *model, kc_error *error) {
  size_t n = (size_t)model->n_joint, n_wrap = (size_t)model->n_path_wrap;
  double *box = calloc(4 * n + 2 * n_wrap + 1, sizeof *box);
  if (!box)
    return kc_error_add(error, KC_ERR_MEMORY, path, "no memory for its sweeps");
  double *depth = box + 4 * n;
  kc_path_find_envelope(model, box, box + n);
  kc_path_sweep running = {box, box + n, N_SWEEP_POSTURE, N_SWEEP_STEP};
  for (size_t j = 0; j < n; j++)
    box[2 * n + j] = model->joint[j].range_lower, box[3 * n + j] = model->joint[j].range_upper;
  for (size_t j = 0; j < 6 && model->free_root; j++)
    box[2 * n + j] = box[3 * n + j] = 0.0;
  kc_path_sweep whole = {box + 2 * n, box + 3 * n, N_SWEEP_POSTURE, N_SWEEP_STEP};
  printf(
      "\n# jumps of length above %.2g mm: sweeps of each coordinate from %d postures drawn in the "
      "running envelope\n# (means of the stride -+ 4 SD, Hamner and Delp 2013; subtalar: Fukuchi "
      "2017) and in the joints' whole ranges\n"
      "box,muscle,coordinate,at_deg,jump_mm,count,posture_deg\n",
      1e3 * KC_PATH_LEAST_JUMP, N_SWEEP_POSTURE);
  kc_status status = print_jumps(path, model, "running", &running, depth, error);
  if (status == KC_OK)
    status = print_jumps(path, model, "range", &whole, depth + n_wrap, error);
  if (status == KC_OK)
    print_depths(model, depth, depth + n_wrap);
  free(box);
  return status;
}

kc_status kc_app_print_muscles(const char *path, const kc_model *model, kc_error *error) {
  if (model->n_muscle == 0)
    return kc_error_add(error, KC_ERR_INPUT, path, "--muscles wants a model with muscles");
  KC_TRY(print_moments(path, model, error));
  KC_TRY(print_arms(path, model, error));
  KC_TRY(print_neutral(path, model, error));
  KC_TRY(print_ways(path, model, error));
  return print_warnings(path, model, error);
}
