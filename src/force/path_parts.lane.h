/// @file
/// Inside of the paths: constants and scratch.
///
/// A path is cut into spans between neighbouring points. A span whose ends are fixed in one link
/// (or in one guided frame) has a constant length and pulls nothing together: it is summed at load
/// time. Every other span is computed in one link, its home: that of its wrapping surface, or else
/// of its first end. Poses of links as seen from homes are computed once per pose; so a point needs
/// one transform, and nothing depends on where the runner is.
///
/// The whole of a span and the surface it touches is in equilibrium, so the wrench on the home is
/// minus the sum of what the ends feel; ends in the home link cancel in it and are left out.
#pragma once
#include "force/force_parts.lane.h"
#include "force/path.lane.h"

/// An end of a span.
typedef struct {
  int link;                  ///< that carries it
  int relative;              ///< pose of its link as seen from the home; -1: it is the home
  int contact;               ///< entry of its link; -1 in the home
  int guide;                 ///< -1: fixed in its link
  int guide_contact;         ///< -1: fixed in its link
  int node;                  ///< fascial node; -1: none
  int node_contact;          ///< -1: none
  unsigned char is_first[2]; ///< 1: no end pulls before it on its contact, on that of the home
  kc_vec3 point;             ///< link frame; of a guided end: guide frame; of a node: its home; m
} path_end;

/// A straight span.
typedef struct {
  int muscle;
  int point;   ///< of the model: its first end; the second is the next
  int contact; ///< of the home; -1 where both ends are in it
  path_end end[2];
} path_span;

/// What a wrap wants to know of a point, surface frame.
typedef struct {
  kc_vec3 at;
  real square;  ///< squared distance from axis or centre, m2
  real inverse; ///< 1 / square, 1/m2
  real tangent; ///< length of the tangent, m; 0 inside
} path_foot;

/// A span round one surface.
typedef struct {
  path_span span; ///< its home is the surface's link
  int wrap;       ///< of the model: entry of path_wrap
  int surface;
  real sense;
  path_foot foot[2]; ///< of ends fixed in the home
} path_bend;

/// A span round two surfaces: a bend from its first end to a cut, one from the cut to its last end.
/// The cut is where the path meets the second surface; it counts as fixed in that surface's link.
typedef struct {
  path_bend bend[2];
} path_pair;

/// A wrapping surface.
typedef struct {
  int link;
  kc_wrap_shape shape;
  kc_mat3 axes;   ///< surface frame -> link frame
  kc_vec3 centre; ///< link frame, m
  real radius;    ///< m
} path_surface;

/// A guided frame.
typedef struct {
  int link, joint;
  real middle, gain; ///< s = gain (q - middle)
  real x[KC_GUIDE_TERMS], y[KC_GUIDE_TERMS], turn[KC_GUIDE_TERMS], z;
  kc_mat3 to_link; ///< model frame -> link frame
} path_guide;

/// A joint that a muscle crosses.
typedef struct {
  int joint;
  int term_adr, n_term; ///< its terms: contacts on one side of the joint
  real sign;            ///< +1: the far side's; -1: the near side's
} path_crossing;

/// Constants of KC_LANES bodies.
struct kc_paths {
  int n_joint, n_muscle, n_contact, n_guide_contact, n_node_contact;
  int n_relative, n_span, n_bend, n_pair, n_surface, n_guide;
  int n_screw, n_crossing, n_term;
  int *contact_adr, *contact_link;    ///< (n_muscle + 1), (n_contact)
  int *guide_adr, *guide_joint;       ///< (n_muscle + 1), (n_guide_contact)
  int *node_contact, *node_muscle;    ///< (n_node_contact) node, and the muscle that ends there
  int *tied;                          ///< (n_muscle) 1 where the muscle ends in a node
  int *relative_home, *relative_link; ///< (n_relative)
  unsigned char *touched;             ///< (n_contact) 1: some end pulls there
  int *crossing_adr;                  ///< (n_muscle + 1)
  int *term_contact, *term_screw;     ///< (n_term)
  int *screw_joint, *screw_link;      ///< (n_screw)
  path_crossing *crossing;            ///< (n_crossing)
  path_span *span;                    ///< (n_span)
  path_bend *bend;                    ///< (n_bend)
  path_pair *pair;                    ///< (n_pair)
  path_surface *surface;              ///< (n_surface)
  path_guide *guide;                  ///< (n_guide)
  real *fixed_length;                 ///< (n_muscle) m
};

/// Pose of a link as seen from another: x_home = turn x_link + place.
typedef struct {
  kc_mat3 turn;
  kc_vec3 place;
} path_pose;

/// A guided frame at an instant, in its link: point = origin + x e[0] + y e[1] + z e[2].
typedef struct {
  kc_vec3 origin, e[3];
  kc_vec3 origin_rate; ///< per unit of the coordinate
  real turn_rate;
} path_guide_pose;

/// See path_wrap.lane.h.
typedef struct path_trial path_trial;

/// Scratch behind kc_path_work.scratch.
typedef struct {
  const kc_vec3 *node;         ///< as kc_path_work.node
  path_pose *pose;             ///< (n_relative)
  path_guide_pose *guide;      ///< (n_guide)
  real *angle, *sine, *cosine; ///< (n_guide rounded up to KC_WIDE_ITEMS)
  path_trial *trial;           ///< (n_pair)
  kc_spatial *screw;           ///< (n_screw)
  int *column;                 ///< (n_joint)
} path_scratch;

#define kc_path_build KC_LANE(kc_path_build)
#define kc_path_build_crossings KC_LANE(kc_path_build_crossings)
#define kc_path_compute_guides KC_LANE(kc_path_compute_guides)
#define kc_path_compute_pairs KC_LANE(kc_path_compute_pairs)

/// Fills the topology of the spans; the arrays have room for the most that the model can need.
void kc_path_build(kc_paths *paths, const kc_model *model);
/// Fills crossings, terms and screws from the contacts.
void kc_path_build_crossings(kc_paths *paths, const kc_tree *tree);
/// q -> poses of the guides.
void kc_path_compute_guides(const kc_paths *paths, const real *q, path_scratch *scratch);
/// Adds the spans round two surfaces to length, pull and guide_pull; tied_only: of muscles that end
/// in nodes.
void kc_path_compute_pairs(const kc_paths *paths, int tied_only, kc_path_work *work);

/// Neighbouring points i and i + 1 of a muscle keep their distance: no span.
KC_INLINE int path_is_rigid(const kc_model *model, const kc_muscle *muscle, int i) {
  const kc_path_point *a = &model->path_point[muscle->point_adr + i], *b = a + 1;
  if ((i == 0 && muscle->node[0]) || (i + 2 == muscle->n_point && muscle->node[1]))
    return 0;
  for (int w = 0; w < muscle->n_wrap; w++)
    if (model->path_wrap[muscle->wrap_adr + w].after == i)
      return 0;
  return a->link == b->link && a->guide == b->guide;
}

/// Where an end is: in its own link and in the home, m.
KC_INLINE void path_place_end(const path_scratch *scratch, const path_end *end, kc_vec3 *own,
                              kc_vec3 *home) {
  kc_vec3 p = end->point;
  if (end->node >= 0 && scratch->node)
    p = kc_vec3_add(p, scratch->node[end->node]);
  if (end->guide >= 0) {
    const path_guide_pose *g = &scratch->guide[end->guide];
    kc_vec3 at = vec_add_scaled(g->origin, p.v[0], g->e[0]);
    p = vec_add_scaled(vec_add_scaled(at, p.v[1], g->e[1]), p.v[2], g->e[2]);
  }
  *own = *home = p;
  if (end->relative >= 0) {
    const path_pose *pose = &scratch->pose[end->relative];
    *home = kc_vec3_add(pose->place, kc_mat3_apply(&pose->turn, p));
  }
}

/// Whether a pull on this end is felt anywhere.
KC_INLINE int path_end_acts(const path_end *end) {
  return end->relative >= 0 || end->guide >= 0 || end->node >= 0;
}

/// Sets or adds to the wrench on a contact.
KC_INLINE void path_pull_contact(kc_spatial *pull, int is_first, kc_vec3 arm, kc_vec3 force) {
  if (!is_first) {
    wrench_add(pull, arm, force);
    return;
  }
  kc_vec3 moment = kc_vec3_cross(arm, force);
  for (int i = 0; i < 3; i++)
    pull->v[i] = moment.v[i], pull->v[3 + i] = force.v[i];
}

/// Gives the unit pull u (home axes) on an end to its link, to minus the home, to its guide, to its
/// node.
KC_INLINE void path_pull_end(const path_scratch *scratch, kc_path_work *work, const path_end *end,
                             int home_contact, kc_vec3 own, kc_vec3 home, kc_vec3 u) {
  kc_vec3 pull = u;
  if (end->relative >= 0) {
    pull = kc_mat3_apply_transposed(&scratch->pose[end->relative].turn, u);
    path_pull_contact(&work->pull[end->contact], end->is_first[0], own, pull);
    path_pull_contact(&work->pull[home_contact], end->is_first[1], home,
                      kc_vec3_scale(kc_real(-1.0), u));
  }
  if (end->node >= 0)
    work->node_pull[end->node_contact] = pull;
  if (end->guide >= 0) {
    const path_guide_pose *g = &scratch->guide[end->guide];
    const real *p = end->point.v;
    kc_vec3 turning = kc_vec3_sub(kc_vec3_scale(p[0], g->e[1]), kc_vec3_scale(p[1], g->e[0]));
    kc_vec3 rate = vec_add_scaled(g->origin_rate, g->turn_rate, turning);
    work->guide_pull[end->guide_contact] += kc_vec3_dot(pull, rate);
    kc_vec3 *sum = &work->guide_force[end->guide_contact];
    *sum = kc_vec3_add(*sum, pull);
  }
}
