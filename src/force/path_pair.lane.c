// Spans round two surfaces.
//
// The path touches the first surface last at a and the second first at b. Given b, the way from
// the first end to b round the first surface gives a; given a, the way from a to the last end round
// the second gives b: each half round shortens the path, and the rounds converge to its shortest
// length. Once b repeats, as where a surface is not touched, it is exact. The length is stationary
// in b, so that its error is the square of b's; the pulls at the cut are taken from one way, so
// that they cancel whatever the error of b.
#include "force/path_wrap.lane.h"

// rounds at most; each leaves about an eighth of the error of arms: 3e-6 m after one, 2e-10 m after
// 5
enum { N_ROUND = 5 };

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

static path_arc solve(const path_surface *surface, const path_bend *bend, const path_foot *p,
                      const path_foot *s) {
  if (surface->shape == KC_WRAP_CYLINDER)
    return path_solve(KC_WRAP_CYLINDER, surface->radius, bend->sense, p, s);
  return path_solve(KC_WRAP_SPHERE, surface->radius, bend->sense, p, s);
}

static mask is_moved(kc_vec3 a, kc_vec3 b) {
  mask same = kc_mask(1);
  for (int i = 0; i < 3; i++)
    same &= kc_le(a.v[i], b.v[i]) & kc_le(b.v[i], a.v[i]);
  return ~same;
}

static kc_vec3 pull_at(const path_surface *surface, const path_arc *arc, const path_foot *foot,
                       double way) {
  return kc_mat3_apply(&surface->axes,
                       path_pull_at(surface->shape, surface->radius, arc, foot, way));
}

static void compute_pair(const path_pair *pair, const path_surface *first,
                         const path_surface *second, const path_scratch *scratch,
                         kc_path_work *work) {
  const path_bend *bend = pair->bend;
  const path_end *p_end = &bend[0].span.end[0], *s_end = &bend[1].span.end[1];
  const path_end *cut = &bend[0].span.end[1];
  path_pose across = relate(first, second, cut, scratch);
  kc_vec3 own[2], home[2];
  path_foot p = place_foot(&bend[0], first, 0, scratch, &own[0], &home[0]);
  path_foot s = place_foot(&bend[1], second, 1, scratch, &own[1], &home[1]), a;
  kc_vec3 b = s.at;
  path_arc front, rear;
  path_foot b_foot;
  for (int round = 0;; round++) {
    kc_vec3 b_first = kc_mat3_apply_transposed(&across.turn, kc_vec3_sub(b, across.place));
    b_foot = path_foot_of(first->shape, first->radius, b_first);
    front = solve(first, &bend[0], &p, &b_foot);
    if (round == N_ROUND)
      break;
    kc_vec3 touch = path_touch_at(first->shape, first->radius, &front, &b_foot, &p, -1.0);
    a = path_foot_of(second->shape, second->radius,
                     kc_vec3_add(across.place, kc_mat3_apply(&across.turn, touch)));
    rear = solve(second, &bend[1], &a, &s);
    kc_vec3 next = path_touch_at(second->shape, second->radius, &rear, &a, &s, 1.0);
    mask moved = is_moved(next, b);
    b = next;
    if (!kc_any(moved))
      break;
  }
  // of the rear way only what follows b
  real share = (rear.planar - a.tangent) / kc_max(rear.planar, kc_real(PATH_SHORTEST));
  work->length[bend[0].span.muscle] +=
      front.length + kc_select(rear.engaged, rear.length * share, kc_real(0.0));
  kc_vec3 b_own = leave_surface(second, b), b_home = leave_surface(first, b_foot.at);
  path_pull_end(scratch, work, p_end, bend[0].span.contact, own[0], home[0],
                pull_at(first, &front, &p, 1.0));
  path_pull_end(scratch, work, cut, bend[0].span.contact, b_own, b_home,
                pull_at(first, &front, &b_foot, -1.0));
  path_pull_end(scratch, work, s_end, bend[1].span.contact, own[1], home[1],
                pull_at(second, &rear, &s, -1.0));
}

void kc_path_compute_pairs(const kc_paths *paths, kc_path_work *work) {
  for (int i = 0; i < paths->n_pair; i++) {
    const path_pair *pair = &paths->pair[i];
    compute_pair(pair, &paths->surface[pair->bend[0].surface],
                 &paths->surface[pair->bend[1].surface], work->scratch, work);
  }
}
