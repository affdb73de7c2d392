// Spans round two surfaces.
//
// The path touches the first surface last at a and the second first at b. Given b, the way from
// the first end to b round the first surface gives a; given a, the way from a to the last end round
// the second gives b: each half round shortens the path, and the rounds converge to its shortest
// length; where only one surface is touched they end at once. The length is that of a path through
// a, stationary in a, so that its error is the square of a's; the pulls at the cut are taken from
// one way, so that they cancel whatever the error.
#include "force/path_wrap.lane.h"

// rounds at most, and the move of b that counts as none, m: arms are then within 1e-7 m
enum { N_ROUND = 6 };
static const double settled = 2e-6;

// surface frame -> link frame
static kc_vec3 leave_surface(const path_surface *surface, kc_vec3 at) {
  return kc_vec3_add(surface->centre, kc_mat3_apply(&surface->axes, at));
}

// x_second = turn x_first + place, between the frames of the surfaces
static void relate(const path_surface *first, const path_surface *second, const path_end *cut,
                   const path_scratch *scratch, path_pose *out) {
  kc_vec3 origin = first->centre;
  for (int c = 0; c < 4; c++) {
    kc_vec3 x =
        c < 3 ? (kc_vec3){{first->axes.m[c], first->axes.m[3 + c], first->axes.m[6 + c]}} : origin;
    if (cut->relative >= 0) {
      const path_pose *pose = &scratch->pose[cut->relative];
      if (c == 3)
        x = kc_vec3_sub(x, pose->place);
      x = kc_mat3_apply_transposed(&pose->turn, x);
    }
    if (c == 3)
      out->place = path_to_surface(second, x);
    else {
      x = kc_mat3_apply_transposed(&second->axes, x);
      for (int r = 0; r < 3; r++)
        out->turn.m[3 * r + c] = x.v[r];
    }
  }
}

static path_foot place_foot(const path_bend *bend, const path_surface *surface, int e,
                            const path_scratch *scratch, kc_vec3 *own, kc_vec3 *home) {
  const path_end *end = &bend->span.end[e];
  path_place_end(scratch, end, own, home);
  return path_foot_of(surface->shape, surface->radius, path_to_surface(surface, *home));
}

static void solve(const path_surface *surface, const path_bend *bend, const path_foot foot[2],
                  path_arc *arc) {
  if (surface->shape == KC_WRAP_CYLINDER)
    path_solve(KC_WRAP_CYLINDER, surface->radius, bend->sense, foot, arc);
  else
    path_solve(KC_WRAP_SPHERE, surface->radius, bend->sense, foot, arc);
}

// how much further than one round to go, after Anderson 1965 (doi:10.1145/321296.321305) with one
// step of memory: the moves of two rounds tell how fast they shrink
static real eval_overshoot(kc_vec3 move, kc_vec3 last_move) {
  kc_vec3 change = kc_vec3_sub(move, last_move);
  real square = kc_max(kc_vec3_dot(change, change), kc_real(1e-30));
  return kc_clamp(-kc_vec3_dot(move, change) / square, kc_real(-0.5), kc_real(4.0));
}

static kc_vec3 pull_at(const path_surface *surface, const path_arc *arc, const path_foot foot[2],
                       int e) {
  return kc_mat3_apply(&surface->axes, path_pull_at(surface->shape, arc, foot, e));
}

static void start(const kc_paths *paths, int i, const path_scratch *scratch) {
  const path_bend *bend = paths->pair[i].bend;
  path_trial *t = &scratch->trial[i];
  const path_surface *first = &paths->surface[bend[0].surface];
  const path_surface *second = &paths->surface[bend[1].surface];
  relate(first, second, &bend[0].span.end[1], scratch, &t->across);
  t->front_foot[0] = place_foot(&bend[0], first, 0, scratch, &t->own[0], &t->home[0]);
  t->rear_foot[1] = place_foot(&bend[1], second, 1, scratch, &t->own[1], &t->home[1]);
  t->b = t->last = t->last_move = t->rear_foot[1].at;
  t->moving = kc_mask(1);
}

// b -> the way round the first surface
static void solve_front(const path_bend *bend, const path_surface *first, path_trial *t) {
  kc_vec3 b = kc_mat3_apply_transposed(&t->across.turn, kc_vec3_sub(t->b, t->across.place));
  t->front_foot[1] = path_foot_of(first->shape, first->radius, b);
  solve(first, bend, t->front_foot, &t->front);
}

// that -> a, the way round the second surface
static void solve_rear(const path_bend *bend, const path_surface *first, const path_surface *second,
                       path_trial *t) {
  kc_vec3 a = path_touch_at(first->shape, &t->front, t->front_foot, 1);
  a = kc_vec3_add(t->across.place, kc_mat3_apply(&t->across.turn, a));
  t->rear_foot[0] = path_foot_of(second->shape, second->radius, a);
  solve(second, bend, t->rear_foot, &t->rear);
}

// that -> b, but in lanes that have settled, whatever their neighbours ask for; some lane moved?
static int advance(const path_surface *second, int round, path_trial *t) {
  kc_vec3 next = path_touch_at(second->shape, &t->rear, t->rear_foot, 0);
  kc_vec3 move = kc_vec3_sub(next, t->b), target = next;
  t->moving &= kc_gt(kc_vec3_dot(move, move), kc_real(settled * settled));
  if (round > 0)
    target = vec_add_scaled(next, eval_overshoot(move, t->last_move), kc_vec3_sub(next, t->last));
  t->last = next, t->last_move = move;
  for (int i = 0; i < 3; i++)
    t->b.v[i] = kc_select(t->moving, target.v[i], t->b.v[i]);
  return kc_any(t->moving);
}

static void finish(const kc_paths *paths, int i, kc_path_work *work) {
  const path_scratch *scratch = work->scratch;
  const path_bend *bend = paths->pair[i].bend;
  const path_trial *t = &scratch->trial[i];
  const path_surface *first = &paths->surface[bend[0].surface];
  const path_surface *second = &paths->surface[bend[1].surface];
  // of the front way only what comes before a
  real share =
      (t->front.planar - t->front.tangent[1]) / kc_max(t->front.planar, kc_real(PATH_SHORTEST));
  work->length[bend[0].span.muscle] +=
      t->rear.length + kc_select(t->front.engaged, t->front.length * share, kc_real(0.0));
  kc_vec3 b_own = leave_surface(second, t->b), b_home = leave_surface(first, t->front_foot[1].at);
  path_pull_end(scratch, work, &bend[0].span.end[0], bend[0].span.contact, t->own[0], t->home[0],
                pull_at(first, &t->front, t->front_foot, 0));
  path_pull_end(scratch, work, &bend[0].span.end[1], bend[0].span.contact, b_own, b_home,
                pull_at(first, &t->front, t->front_foot, 1));
  path_pull_end(scratch, work, &bend[1].span.end[1], bend[1].span.contact, t->own[1], t->home[1],
                pull_at(second, &t->rear, t->rear_foot, 1));
}

KC_INLINE int is_wanted(const kc_paths *paths, int i, int tied_only) {
  return !tied_only || paths->tied[paths->pair[i].bend[0].span.muscle];
}

// all pairs side by side, half a round at a time: each alone would wait for its own square roots
void kc_path_compute_pairs(const kc_paths *paths, int tied_only, kc_path_work *work) {
  const path_scratch *scratch = work->scratch;
  const path_surface *surface = paths->surface;
  path_trial *trial = scratch->trial;
  int n = paths->n_pair, moving = 0;
  for (int i = 0; i < n; i++) {
    if (!is_wanted(paths, i, tied_only))
      continue;
    start(paths, i, scratch);
    moving = 1;
  }
  for (int round = 0; moving; round++) {
    for (int i = 0; i < n; i++) {
      const path_bend *bend = paths->pair[i].bend;
      if (is_wanted(paths, i, tied_only))
        solve_front(&bend[0], &surface[bend[0].surface], &trial[i]);
    }
    for (int i = 0; i < n; i++) {
      const path_bend *bend = paths->pair[i].bend;
      if (is_wanted(paths, i, tied_only))
        solve_rear(&bend[1], &surface[bend[0].surface], &surface[bend[1].surface], &trial[i]);
    }
    moving = 0;
    for (int i = 0; i < n && round < N_ROUND; i++)
      if (is_wanted(paths, i, tied_only))
        moving |= advance(&surface[paths->pair[i].bend[1].surface], round, &trial[i]);
  }
  for (int i = 0; i < n; i++)
    if (is_wanted(paths, i, tied_only))
      finish(paths, i, work);
}
