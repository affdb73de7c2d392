// Paths of muscles: lengths, pulls and rates.
//
//   length = fixed + sum of spans,  rate = - sum over contacts of pull . twist - guide_pull . v
// pull is minus the gradient of the length, so that tension times rate is minus the power.
// Straight spans are done here, those round a surface with path_wrap.lane.h, those round two in
// path_pair.lane.c. Wrapping after Garner and Pandy 2000, the obstacle-set method
// (doi:10.1080/10255840008915251), in closed form; the axial part is the helix.
#include "force/path_wrap.lane.h"
#include <string.h>

kc_path_topology kc_path_topology_of(const kc_paths *paths) {
  return (kc_path_topology){.n_muscle = paths->n_muscle,
                            .n_contact = paths->n_contact,
                            .n_guide_contact = paths->n_guide_contact,
                            .contact_adr = paths->contact_adr,
                            .contact_link = paths->contact_link,
                            .guide_adr = paths->guide_adr,
                            .guide_joint = paths->guide_joint,
                            .n_node_contact = paths->n_node_contact,
                            .node_contact = paths->node_contact,
                            .node_muscle = paths->node_muscle};
}

// links as seen from the homes
static void compute_poses(const kc_paths *paths, const kc_body_work *body, path_scratch *scratch) {
  for (int i = 0; i < paths->n_relative; i++) {
    int home = paths->relative_home[i], link = paths->relative_link[i];
    const kc_mat3 *H = &body->rot[home], *L = &body->rot[link];
    path_pose *pose = &scratch->pose[i];
    for (int c = 0; c < 3; c++) {
      kc_vec3 column = {{L->m[c], L->m[3 + c], L->m[6 + c]}};
      column = kc_mat3_apply_transposed(H, column);
      for (int r = 0; r < 3; r++)
        pose->turn.m[3 * r + c] = column.v[r];
    }
    pose->place = kc_mat3_apply_transposed(H, kc_vec3_sub(body->local[link], body->local[home]));
  }
}

static void compute_span(const path_span *span, const path_scratch *scratch, kc_path_work *work) {
  const path_end *end = span->end;
  kc_vec3 own[2], home[2];
  path_place_end(scratch, &end[0], &own[0], &home[0]);
  path_place_end(scratch, &end[1], &own[1], &home[1]);
  kc_vec3 ahead = kc_vec3_sub(home[1], home[0]);
  real length = kc_sqrt(kc_vec3_dot(ahead, ahead));
  real inverse = 1.0 / kc_max(length, kc_real(PATH_SHORTEST));
  work->length[span->muscle] += length;
  if (path_end_acts(&end[0]))
    path_pull_end(scratch, work, &end[0], span->contact, own[0], home[0],
                  kc_vec3_scale(inverse, ahead));
  if (path_end_acts(&end[1]))
    path_pull_end(scratch, work, &end[1], span->contact, own[1], home[1],
                  kc_vec3_scale(-inverse, ahead));
}

KC_INLINE void compute_bend(kc_wrap_shape shape, const path_bend *bend, const path_surface *surface,
                            const path_scratch *scratch, kc_path_work *work) {
  const path_end *end = bend->span.end;
  kc_vec3 own[2], home[2];
  path_foot foot[2];
  for (int e = 0; e < 2; e++) {
    foot[e] = bend->foot[e];
    if (!path_end_acts(&end[e]))
      continue;
    path_place_end(scratch, &end[e], &own[e], &home[e]);
    foot[e] = path_foot_of(shape, surface->radius, path_to_surface(surface, home[e]));
  }
  path_arc arc;
  path_solve(shape, surface->radius, bend->sense, foot, &arc);
  work->length[bend->span.muscle] += arc.length;
  for (int e = 0; e < 2; e++) {
    if (!path_end_acts(&end[e]))
      continue;
    kc_vec3 pull = path_pull_at(shape, &arc, foot, e);
    path_pull_end(scratch, work, &end[e], bend->span.contact, own[e], home[e],
                  kc_mat3_apply(&surface->axes, pull));
  }
}

// of all muscles, or of those that end in nodes
static void add_spans(const kc_paths *paths, int tied_only, const path_scratch *scratch,
                      kc_path_work *work) {
  for (int i = 0; i < paths->n_span; i++)
    if (!tied_only || paths->tied[paths->span[i].muscle])
      compute_span(&paths->span[i], scratch, work);
  for (int i = 0; i < paths->n_bend; i++) {
    const path_bend *bend = &paths->bend[i];
    const path_surface *surface = &paths->surface[bend->surface];
    if (tied_only && !paths->tied[bend->span.muscle])
      continue;
    if (surface->shape == KC_WRAP_CYLINDER)
      compute_bend(KC_WRAP_CYLINDER, bend, surface, scratch, work);
    else
      compute_bend(KC_WRAP_SPHERE, bend, surface, scratch, work);
  }
  kc_path_compute_pairs(paths, tied_only, work);
}

void kc_path_compute(const kc_paths *paths, const real *q, const kc_body_work *body,
                     kc_path_work *work) {
  path_scratch *scratch = work->scratch;
  scratch->node = work->node;
  kc_path_compute_guides(paths, q, scratch);
  compute_poses(paths, body, scratch);
  memset(work->guide_pull, 0, (size_t)paths->n_guide_contact * sizeof *work->guide_pull);
  memset(work->guide_force, 0, (size_t)paths->n_guide_contact * sizeof *work->guide_force);
  memcpy(work->length, paths->fixed_length, (size_t)paths->n_muscle * sizeof *work->length);
  add_spans(paths, 0, scratch, work);
}

void kc_path_compute_tied(const kc_paths *paths, kc_path_work *work) {
  path_scratch *scratch = work->scratch;
  scratch->node = work->node;
  if (paths->n_node_contact == 0)
    return;
  for (int m = 0; m < paths->n_muscle; m++) {
    int guide = paths->guide_adr[m], n_guide = paths->guide_adr[m + 1] - guide;
    if (!paths->tied[m])
      continue;
    work->length[m] = paths->fixed_length[m];
    memset(&work->guide_pull[guide], 0, (size_t)n_guide * sizeof *work->guide_pull);
    memset(&work->guide_force[guide], 0, (size_t)n_guide * sizeof *work->guide_force);
  }
  add_spans(paths, 1, scratch, work);
}

// minus the power of unit tension at the twists of links and the velocities of coordinates
KC_INLINE real eval_rate(const kc_paths *paths, int muscle, const real *v, const kc_spatial *twist,
                         const kc_path_work *work) {
  real rate = kc_real(0.0);
  for (int i = paths->contact_adr[muscle]; i < paths->contact_adr[muscle + 1]; i++)
    rate -= wrench_power(&work->pull[i], &twist[paths->contact_link[i]]);
  for (int i = paths->guide_adr[muscle]; i < paths->guide_adr[muscle + 1]; i++)
    rate -= work->guide_pull[i] * v[paths->guide_joint[i]];
  return rate;
}

void kc_path_compute_rates(const kc_paths *paths, const real *v, const kc_spatial *vel,
                           kc_path_work *work) {
  for (int m = 0; m < paths->n_muscle; m++)
    work->rate[m] = eval_rate(paths, m, v, vel, work);
}

void kc_path_add_node_rates(const kc_paths *paths, const kc_vec3 *rate, kc_path_work *work) {
  for (int i = 0; i < paths->n_node_contact; i++)
    work->rate[paths->node_muscle[i]] -=
        kc_vec3_dot(work->node_pull[i], rate[paths->node_contact[i]]);
}

void kc_path_apply(const kc_paths *paths, const real *tension, const kc_path_work *work,
                   kc_spatial *force, real *tau) {
  for (int m = 0; m < paths->n_muscle; m++) {
    for (int i = paths->contact_adr[m]; i < paths->contact_adr[m + 1]; i++) {
      real *sum = force[paths->contact_link[i]].v;
      for (int k = 0; k < 6; k++)
        sum[k] += tension[m] * work->pull[i].v[k];
    }
    for (int i = paths->guide_adr[m]; i < paths->guide_adr[m + 1]; i++)
      tau[paths->guide_joint[i]] += tension[m] * work->guide_pull[i];
  }
}
