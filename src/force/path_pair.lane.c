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
static path_pose relate(const path_surface *first, const path_surface *second, const path_end *cut,
                        const path_scratch *scratch) {
  path_pose out;
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
      out.place = path_to_surface(second, x);
    else {
      x = kc_mat3_apply_transposed(&second->axes, x);
      for (int r = 0; r < 3; r++)
        out.turn.m[3 * r + c] = x.v[r];
    }
  }
  return out;
}

static path_foot place_foot(const path_bend *bend, const path_surface *surface, int e,
                            const path_scratch *scratch, kc_vec3 *own, kc_vec3 *home) {
  const path_end *end = &bend->span.end[e];
  path_place_end(scratch, end, own, home);
  return path_foot_of(surface->shape, surface->radius, path_to_surface(surface, *home));
}

static path_arc solve(const path_surface *surface, const path_bend *bend, const path_foot foot[2]) {
  if (surface->shape == KC_WRAP_CYLINDER)
    return path_solve(KC_WRAP_CYLINDER, surface->radius, bend->sense, foot);
  return path_solve(KC_WRAP_SPHERE, surface->radius, bend->sense, foot);
}

static mask is_moved(kc_vec3 a, kc_vec3 b) {
  kc_vec3 move = kc_vec3_sub(a, b);
  return kc_gt(kc_vec3_dot(move, move), kc_real(settled * settled));
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

static void compute_pair(const path_pair *pair, const path_surface *first,
                         const path_surface *second, const path_scratch *scratch,
                         kc_path_work *work) {
  const path_bend *bend = pair->bend;
  const path_end *cut = &bend[0].span.end[1];
  path_pose across = relate(first, second, cut, scratch);
  kc_vec3 own[2], home[2];
  path_foot front_foot[2], rear_foot[2]; // p and b; a and s
  front_foot[0] = place_foot(&bend[0], first, 0, scratch, &own[0], &home[0]);
  rear_foot[1] = place_foot(&bend[1], second, 1, scratch, &own[1], &home[1]);
  kc_vec3 b = rear_foot[1].at, last = b, last_move = b;
  path_arc front, rear;
  mask moving = kc_mask(1);
  for (int round = 0;; round++) {
    kc_vec3 b_first = kc_mat3_apply_transposed(&across.turn, kc_vec3_sub(b, across.place));
    front_foot[1] = path_foot_of(first->shape, first->radius, b_first);
    front = solve(first, &bend[0], front_foot);
    kc_vec3 a = path_touch_at(first->shape, &front, front_foot, 1);
    a = kc_vec3_add(across.place, kc_mat3_apply(&across.turn, a));
    rear_foot[0] = path_foot_of(second->shape, second->radius, a);
    rear = solve(second, &bend[1], rear_foot);
    if (round == N_ROUND)
      break;
    // a lane that has settled stays as it is, whatever its neighbours ask for
    kc_vec3 next = path_touch_at(second->shape, &rear, rear_foot, 0);
    moving &= is_moved(next, b);
    if (!kc_any(moving))
      break;
    kc_vec3 move = kc_vec3_sub(next, b), target = next;
    if (round > 0)
      target = vec_add_scaled(next, eval_overshoot(move, last_move), kc_vec3_sub(next, last));
    last = next, last_move = move;
    for (int i = 0; i < 3; i++)
      b.v[i] = kc_select(moving, target.v[i], b.v[i]);
  }
  // of the front way only what comes before a
  real share = (front.planar - front.tangent[1]) / kc_max(front.planar, kc_real(PATH_SHORTEST));
  work->length[bend[0].span.muscle] +=
      rear.length + kc_select(front.engaged, front.length * share, kc_real(0.0));
  kc_vec3 b_own = leave_surface(second, b), b_home = leave_surface(first, front_foot[1].at);
  path_pull_end(scratch, work, &bend[0].span.end[0], bend[0].span.contact, own[0], home[0],
                pull_at(first, &front, front_foot, 0));
  path_pull_end(scratch, work, cut, bend[0].span.contact, b_own, b_home,
                pull_at(first, &front, front_foot, 1));
  path_pull_end(scratch, work, &bend[1].span.end[1], bend[1].span.contact, own[1], home[1],
                pull_at(second, &rear, rear_foot, 1));
}

void kc_path_compute_pairs(const kc_paths *paths, kc_path_work *work) {
  for (int i = 0; i < paths->n_pair; i++) {
    const path_pair *pair = &paths->pair[i];
    compute_pair(pair, &paths->surface[pair->bend[0].surface],
                 &paths->surface[pair->bend[1].surface], work->scratch, work);
  }
}
