// Sweeps of paths over postures: KC_LANES postures at a time. Lanes beyond the last posture repeat
// it; what they give is not read.
#include "force/muscle.lane.h"
#include "force/path_check.h"
#include "force/path_wrap.lane.h"
#include <stdlib.h>
#include <string.h>

#define kc_path_find_jumps KC_LANE(kc_path_find_jumps)
#define kc_path_eval_postures KC_LANE(kc_path_eval_postures)
#define kc_path_eval_way KC_LANE(kc_path_eval_way)

// a model in all lanes, and what it had a step ago
typedef struct {
  const kc_model *model;
  const kc_path_sweep *sweep;
  kc_tree *tree;
  kc_body_work *body;
  kc_paths *paths;
  kc_path_work *work;
  double *posture; // (n_joint)
  int *joint;      // (n_joint) 0 ..
  real *q;         // (n_joint)
  real *arm;       // (n_muscle x n_joint)
  real *length_0, *arm_0;
} sweep_state;

static real *take(int count) {
  return aligned_alloc(64, ((size_t)(count + 1) * KC_REAL_SIZE + 63) / 64 * 64);
}

static void destroy(sweep_state *s) {
  kc_path_work_destroy(s->work);
  kc_path_destroy(s->paths);
  kc_body_work_destroy(s->body);
  kc_tree_destroy(s->tree);
  free(s->posture);
  free(s->joint);
  free(s->q);
  free(s->arm);
  free(s->length_0);
  free(s->arm_0);
}

static kc_status create(const kc_model *model, sweep_state *s) {
  int n = model->n_joint, n_muscle = model->n_muscle;
  *s = (sweep_state){.model = model, .tree = kc_tree_create(model)};
  if (s->tree)
    s->body = kc_body_work_create(s->tree), s->paths = kc_path_create(s->tree, model);
  if (s->paths)
    s->work = kc_path_work_create(s->paths);
  s->posture = malloc((size_t)(n + 1) * sizeof *s->posture);
  s->joint = malloc((size_t)(n + 1) * sizeof *s->joint);
  for (int j = 0; s->joint && j < n; j++)
    s->joint[j] = j;
  s->q = take(n), s->arm = take(n_muscle * n), s->length_0 = take(n_muscle);
  s->arm_0 = take(n_muscle);
  if (s->body && s->work && s->posture && s->joint && s->q && s->arm && s->length_0 && s->arm_0)
    return KC_OK;
  destroy(s);
  return KC_ERR_MEMORY;
}

static void run(sweep_state *s, int n, const int *joint) {
  kc_body_compute_pose(s->tree, s->q, s->body);
  kc_path_compute(s->paths, s->q, s->body, s->work);
  kc_path_compute_arms(s->paths, n, joint, s->tree, s->body, s->work, s->arm);
}

static void take_jump(kc_path_jump *jump, double size, double at, int posture) {
  jump->n++;
  if (size < jump->size || (!(size > jump->size) && posture >= jump->posture))
    return;
  jump->size = size, jump->at = at, jump->posture = posture;
}

// how deep the ends of bends lie in their surfaces
static void find_depth(const sweep_state *s, int n_lane, double *depth) {
  for (int i = 0; i < s->paths->n_bend; i++) {
    const path_bend *bend = &s->paths->bend[i];
    const path_surface *surface = &s->paths->surface[bend->surface];
    for (int e = 0; e < 2; e++) {
      kc_vec3 own, home;
      path_place_end(s->work->scratch, &bend->span.end[e], &own, &home);
      path_foot foot =
          path_foot_of(surface->shape, surface->radius, path_to_surface(surface, home));
      real inside = surface->radius - kc_sqrt(foot.square);
      for (int lane = 0; lane < n_lane; lane++)
        if (kc_get(inside, lane) > depth[bend->wrap])
          depth[bend->wrap] = kc_get(inside, lane);
    }
  }
}

// a coordinate from a value on, in steps, for postures first .. ; gives whether a step looks like a
// jump, and notes it in `jump` unless that is NULL
static int sweep_steps(sweep_state *s, int joint, double from, double step, int first, int n_lane,
                       kc_path_jump *jump) {
  int suspect = 0, n = s->model->n_joint;
  s->q[joint] = kc_real(from + step);
  run(s, 1, &joint);
  for (int m = 0; m < s->model->n_muscle; m++) {
    real length = s->work->length[m], arm = s->arm[m];
    real off = kc_abs(length - s->length_0[m] + 0.5 * step * (arm + s->arm_0[m]));
    s->length_0[m] = length, s->arm_0[m] = arm;
    for (int lane = 0; lane < n_lane; lane++) {
      if (kc_get(off, lane) < KC_PATH_LEAST_JUMP)
        continue;
      suspect = 1;
      if (jump)
        take_jump(&jump[m * n + joint], kc_get(off, lane), from + step, first + lane);
    }
  }
  return suspect;
}

static void start_at(sweep_state *s, int joint, double at) {
  s->q[joint] = kc_real(at);
  run(s, 1, &joint);
  memcpy(s->length_0, s->work->length, (size_t)s->model->n_muscle * sizeof(real));
  memcpy(s->arm_0, s->arm, (size_t)s->model->n_muscle * sizeof(real));
}

// one coordinate through its range; a step that looks like a jump is gone through in small ones,
// where a sharp bend looks smooth and a jump stays
static void sweep_joint(sweep_state *s, int joint, int first, int n_lane, kc_path_jump *jump,
                        double *depth) {
  const int n_fine = 16;
  double lower = s->sweep->lower[joint];
  double step = (s->sweep->upper[joint] - lower) / s->sweep->n_step;
  start_at(s, joint, lower);
  for (int k = 0; k < s->sweep->n_step; k++) {
    double from = lower + step * k;
    int suspect = sweep_steps(s, joint, from, step, first, n_lane, NULL);
    find_depth(s, n_lane, depth);
    if (!suspect)
      continue;
    start_at(s, joint, from);
    for (int i = 0; i < n_fine; i++)
      sweep_steps(s, joint, from + step * i / n_fine, step / n_fine, first, n_lane, jump);
    start_at(s, joint, from + step);
  }
}

static void set_postures(sweep_state *s, int first) {
  for (int lane = 0; lane < KC_LANES; lane++) {
    int number = first + lane < s->sweep->n_posture ? first + lane : s->sweep->n_posture - 1;
    kc_path_draw_posture(s->model, s->sweep, number, s->posture);
    for (int j = 0; j < s->model->n_joint; j++)
      kc_set(&s->q[j], lane, s->posture[j]);
  }
}

static int is_crossed(const kc_paths *paths, int joint) {
  for (int i = 0; i < paths->n_crossing; i++)
    if (paths->crossing[i].joint == joint)
      return 1;
  return 0;
}

kc_status kc_path_find_jumps(const kc_model *model, const kc_path_sweep *sweep, kc_path_jump *jump,
                             double *depth) {
  sweep_state s;
  KC_TRY(create(model, &s));
  s.sweep = sweep;
  memset(jump, 0, (size_t)model->n_muscle * (size_t)model->n_joint * sizeof *jump);
  for (int i = 0; i < model->n_path_wrap; i++)
    depth[i] = 0.0;
  for (int first = 0; first < sweep->n_posture; first += KC_LANES) {
    int rest = sweep->n_posture - first, n_lane = rest < KC_LANES ? rest : KC_LANES;
    set_postures(&s, first);
    for (int j = 0; j < model->n_joint; j++) {
      if (!is_crossed(s.paths, j) || !(sweep->upper[j] > sweep->lower[j]))
        continue;
      real start = s.q[j];
      sweep_joint(&s, j, first, n_lane, jump, depth);
      s.q[j] = start;
    }
  }
  destroy(&s);
  return KC_OK;
}

// what the lanes hold now, to postures first ..
static void store(const sweep_state *s, int first, int n_lane, kc_path_posture *out) {
  int n = s->model->n_joint, n_muscle = s->model->n_muscle;
  for (int m = 0; m < n_muscle; m++) {
    kc_muscle_numbers numbers;
    memset(&numbers, 0, sizeof numbers);
    for (int lane = 0; lane < KC_LANES; lane++)
      kc_muscle_load(&numbers, lane, &s->model->muscle[m]);
    real length = s->work->length[m], stiffness;
    real fibre = kc_muscle_compute_balance(&numbers, kc_real(1.0), length, kc_real(0.0));
    real tension = kc_muscle_compute_tension(&numbers, fibre, length, &stiffness);
    for (int lane = 0; lane < n_lane; lane++) {
      size_t at = (size_t)(first + lane) * (size_t)n_muscle + (size_t)m;
      out->length[at] = kc_get(length, lane), out->tension[at] = kc_get(tension, lane);
      out->fibre[at] = kc_get(fibre, lane);
      for (int j = 0; j < n; j++)
        out->arm[at * (size_t)n + (size_t)j] = kc_get(s->arm[m * n + j], lane);
    }
  }
}

kc_status kc_path_eval_postures(const kc_model *model, int n_posture, const double *q,
                                kc_path_posture *out) {
  sweep_state s;
  KC_TRY(create(model, &s));
  int n = model->n_joint;
  for (int first = 0; first < n_posture; first += KC_LANES) {
    int rest = n_posture - first, n_lane = rest < KC_LANES ? rest : KC_LANES;
    for (int lane = 0; lane < KC_LANES; lane++)
      for (int j = 0; j < n; j++)
        kc_set(&s.q[j], lane, q[(first + (lane < n_lane ? lane : 0)) * n + j]);
    run(&s, n, s.joint);
    store(&s, first, n_lane, out);
  }
  destroy(&s);
  return KC_OK;
}

static void store_at(const sweep_state *s, int link, kc_vec3 at, double *out) {
  kc_vec3 ground = kc_vec3_add(s->body->pos[link], kc_mat3_apply(&s->body->rot[link], at));
  for (int k = 0; k < 3; k++)
    out[k] = kc_get(ground.v[k], 0);
}

static void store_points(const sweep_state *s, kc_path_way *out) {
  const path_scratch *scratch = s->work->scratch;
  for (int i = 0; i < s->model->n_path_point; i++) {
    const kc_path_point *point = &s->model->path_point[i];
    path_end end = {.link = point->link, .relative = -1, .contact = -1, .guide = point->guide};
    kc_vec3 p = kc_vec3_make(point->position[0], point->position[1], point->position[2]), own, home;
    end.point = point->guide >= 0 ? p : kc_mat3_apply(&s->tree->to_link[point->link], p);
    path_place_end(scratch, &end, &own, &home);
    store_at(s, point->link, own, &out->point[3 * i]);
  }
}

static void store_touch(const sweep_state *s, const path_bend *bend, const path_arc *arc,
                        const path_foot foot[2], kc_path_way *out) {
  const path_surface *surface = &s->paths->surface[bend->surface];
  out->touched[bend->wrap] = kc_get(kc_select(arc->engaged, kc_real(1.0), kc_real(0.0)), 0) > 0.5;
  for (int e = 0; e < 2; e++) {
    kc_vec3 at = path_touch_at(surface->shape, arc, foot, e);
    at = kc_vec3_add(surface->centre, kc_mat3_apply(&surface->axes, at));
    store_at(s, surface->link, at, &out->touch[6 * bend->wrap + 3 * e]);
  }
}

kc_status kc_path_eval_way(const kc_model *model, const double *q, kc_path_way *out) {
  sweep_state s;
  KC_TRY(create(model, &s));
  for (int j = 0; j < model->n_joint; j++)
    s.q[j] = kc_real(q[j]);
  run(&s, model->n_joint, s.joint);
  store_points(&s, out);
  const path_scratch *scratch = s.work->scratch;
  for (int i = 0; i < s.paths->n_bend; i++) {
    const path_bend *bend = &s.paths->bend[i];
    const path_surface *surface = &s.paths->surface[bend->surface];
    path_foot foot[2];
    path_arc arc;
    for (int e = 0; e < 2; e++) {
      kc_vec3 own, home;
      path_place_end(scratch, &bend->span.end[e], &own, &home);
      foot[e] = path_foot_of(surface->shape, surface->radius, path_to_surface(surface, home));
    }
    path_solve(surface->shape, surface->radius, bend->sense, foot, &arc);
    store_touch(&s, bend, &arc, foot, out);
  }
  for (int i = 0; i < s.paths->n_pair; i++) {
    const path_bend *bend = s.paths->pair[i].bend;
    const path_trial *trial = &scratch->trial[i];
    store_touch(&s, &bend[0], &trial->front, trial->front_foot, out);
    store_touch(&s, &bend[1], &trial->rear, trial->rear_foot, out);
  }
  destroy(&s);
  return KC_OK;
}
