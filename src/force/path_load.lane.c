// Memory and numbers of the paths.
#include "base/block.h"
#include "force/path_wrap.lane.h"
#include "math/sincos.lane.h"
#include <string.h>

// the most that a model can need; the arrays have room for it
typedef struct {
  size_t joint, muscle, point, wrap, surface, guide, term;
} path_bounds;

static int find_depth(const kc_model *model, int link) {
  int depth = 0;
  for (; link >= 0; link = model->joint[link].parent)
    depth++;
  return depth;
}

static path_bounds find_bounds(const kc_model *model) {
  path_bounds bounds = {.joint = (size_t)model->n_joint,
                        .muscle = (size_t)model->n_muscle,
                        .surface = (size_t)model->n_wrap,
                        .guide = (size_t)model->n_guide};
  for (int m = 0; m < model->n_muscle; m++) {
    const kc_muscle *muscle = &model->muscle[m];
    bounds.point += (size_t)muscle->n_point, bounds.wrap += (size_t)muscle->n_wrap;
    for (int i = 0; i < muscle->n_point; i++)
      bounds.term += (size_t)find_depth(model, model->path_point[muscle->point_adr + i].link);
    for (int w = 0; w < muscle->n_wrap; w++) {
      const kc_path_wrap *wrap = &model->path_wrap[muscle->wrap_adr + w];
      bounds.term += (size_t)find_depth(model, model->wrap[wrap->wrap].link);
    }
  }
  // a joint is crossed once by each muscle and has contacts on both sides: terms bound crossings;
  // the side with fewer contacts may be the near one, which is never larger than the far one
  return bounds;
}

static kc_paths *lay_out_constants(kc_block *block, const path_bounds *n) {
  kc_paths p;
  memset(&p, 0, sizeof p);
  size_t n_contact = n->point + n->wrap, n_relative = 2 * n_contact;
  kc_paths *paths = kc_block_take(block, 1, sizeof *paths);
  p.contact_adr = kc_block_take(block, n->muscle + 1, sizeof *p.contact_adr);
  p.contact_link = kc_block_take(block, n_contact, sizeof *p.contact_link);
  p.guide_adr = kc_block_take(block, n->muscle + 1, sizeof *p.guide_adr);
  p.guide_joint = kc_block_take(block, n->point, sizeof *p.guide_joint);
  p.node_contact = kc_block_take(block, 2 * n->muscle, sizeof *p.node_contact);
  p.node_muscle = kc_block_take(block, 2 * n->muscle, sizeof *p.node_muscle);
  p.tied = kc_block_take(block, n->muscle, sizeof *p.tied);
  p.touched = kc_block_take(block, n_contact, sizeof *p.touched);
  p.relative_home = kc_block_take(block, n_relative, sizeof *p.relative_home);
  p.relative_link = kc_block_take(block, n_relative, sizeof *p.relative_link);
  p.crossing_adr = kc_block_take(block, n->muscle + 1, sizeof *p.crossing_adr);
  p.term_contact = kc_block_take(block, n->term, sizeof *p.term_contact);
  p.term_screw = kc_block_take(block, n->term, sizeof *p.term_screw);
  p.screw_joint = kc_block_take(block, n->term, sizeof *p.screw_joint);
  p.screw_link = kc_block_take(block, n->term, sizeof *p.screw_link);
  p.crossing = kc_block_take(block, n->term, sizeof *p.crossing);
  p.span = kc_block_take(block, n->point, sizeof *p.span);
  p.bend = kc_block_take(block, n->wrap, sizeof *p.bend);
  p.pair = kc_block_take(block, n->wrap / 2, sizeof *p.pair);
  p.surface = kc_block_take(block, n->surface, sizeof *p.surface);
  p.guide = kc_block_take(block, n->guide, sizeof *p.guide);
  p.fixed_length = kc_block_take(block, n->muscle, sizeof *p.fixed_length);
  if (paths)
    *paths = p;
  return paths;
}

kc_paths *kc_path_create(const kc_tree *tree, const kc_model *model) {
  path_bounds bounds = find_bounds(model);
  kc_block block = {0};
  lay_out_constants(&block, &bounds);
  if (kc_block_create(&block) != KC_OK)
    return NULL;
  kc_paths *paths = lay_out_constants(&block, &bounds);
  paths->n_joint = model->n_joint, paths->n_muscle = model->n_muscle;
  paths->n_surface = model->n_wrap, paths->n_guide = model->n_guide;
  kc_path_build(paths, model);
  kc_path_build_crossings(paths, tree);
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_path_load(paths, tree, lane, model);
  return paths;
}

void kc_path_destroy(kc_paths *paths) { kc_block_destroy(paths); }

static kc_path_work *lay_out_work(kc_block *block, const kc_paths *paths) {
  kc_path_work w;
  path_scratch s;
  size_t n_guide = (size_t)paths->n_guide, n_wide = n_guide + KC_WIDE_ITEMS - 1;
  kc_path_work *work = kc_block_take(block, 1, sizeof *work);
  path_scratch *scratch = kc_block_take(block, 1, sizeof *scratch);
  w.length = kc_block_take(block, (size_t)paths->n_muscle, sizeof *w.length);
  w.rate = kc_block_take(block, (size_t)paths->n_muscle, sizeof *w.rate);
  w.pull = kc_block_take(block, (size_t)paths->n_contact, sizeof *w.pull);
  w.guide_pull = kc_block_take(block, (size_t)paths->n_guide_contact, sizeof *w.guide_pull);
  w.guide_force = kc_block_take(block, (size_t)paths->n_guide_contact, sizeof *w.guide_force);
  w.node_pull = kc_block_take(block, (size_t)paths->n_node_contact, sizeof *w.node_pull);
  w.node = NULL, s.node = NULL;
  s.pose = kc_block_take(block, (size_t)paths->n_relative, sizeof *s.pose);
  s.guide = kc_block_take(block, n_guide, sizeof *s.guide);
  s.angle = kc_block_take(block, n_wide, sizeof *s.angle);
  s.sine = kc_block_take(block, n_wide, sizeof *s.sine);
  s.cosine = kc_block_take(block, n_wide, sizeof *s.cosine);
  s.trial = kc_block_take(block, (size_t)paths->n_pair, sizeof *s.trial);
  s.screw = kc_block_take(block, (size_t)paths->n_screw, sizeof *s.screw);
  s.column = kc_block_take(block, (size_t)paths->n_joint, sizeof *s.column);
  w.scratch = scratch;
  if (work)
    *work = w, *scratch = s;
  return work;
}

kc_path_work *kc_path_work_create(const kc_paths *paths) {
  kc_block block = {0};
  lay_out_work(&block, paths);
  return kc_block_create(&block) == KC_OK ? lay_out_work(&block, paths) : NULL;
}

void kc_path_work_destroy(kc_path_work *work) { kc_block_destroy(work); }

static void load_end(path_end *end, const kc_tree *tree, int lane, const kc_path_point *from) {
  if (end->guide < 0) {
    vec_load(&end->point, lane, &tree->to_link[end->link], from->position);
    return;
  }
  for (int i = 0; i < 3; i++)
    kc_set(&end->point.v[i], lane, from->position[i]);
}

// what does not move is known now; lanes that are not loaded yet do no harm
static void load_bend(kc_paths *paths, path_bend *bend, int lane, const kc_model *model) {
  kc_set(&bend->sense, lane, model->path_wrap[bend->wrap].sense < 0.0 ? -1.0 : 1.0);
  const path_surface *surface = &paths->surface[bend->surface];
  for (int e = 0; e < 2; e++)
    bend->foot[e] = path_foot_of(surface->shape, surface->radius,
                                 path_to_surface(surface, bend->span.end[e].point));
}

static void load_surface(path_surface *surface, const kc_tree *tree, int lane,
                         const kc_wrap *from) {
  for (int j = 0; j < 3; j++) {
    double column[3] = {from->axes[j], from->axes[3 + j], from->axes[6 + j]};
    kc_vec3 axis = kc_vec3_make(0.0, 0.0, 0.0);
    vec_load(&axis, lane, &tree->to_link[surface->link], column);
    for (int i = 0; i < 3; i++)
      kc_set(&surface->axes.m[3 * i + j], lane, kc_get(axis.v[i], lane));
  }
  vec_load(&surface->centre, lane, &tree->to_link[surface->link], from->position);
  kc_set(&surface->radius, lane, from->radius);
}

static void load_guide(path_guide *guide, const kc_tree *tree, int lane, const kc_guide *from) {
  kc_set(&guide->middle, lane, from->middle);
  kc_set(&guide->gain, lane, 1.0 / from->half_range);
  kc_set(&guide->z, lane, from->z);
  for (int k = 0; k < KC_GUIDE_TERMS; k++) {
    kc_set(&guide->x[k], lane, from->x[k]);
    kc_set(&guide->y[k], lane, from->y[k]);
    kc_set(&guide->turn[k], lane, from->turn[k]);
  }
  for (int k = 0; k < 9; k++)
    kc_set(&guide->to_link.m[k], lane, kc_get(tree->to_link[guide->link].m[k], lane));
}

static double find_fixed_length(const kc_model *model, const kc_muscle *muscle) {
  double sum = 0.0;
  for (int i = 0; i + 1 < muscle->n_point; i++) {
    const kc_path_point *p = &model->path_point[muscle->point_adr + i];
    double square = 0.0;
    for (int k = 0; k < 3; k++)
      square += (p[1].position[k] - p[0].position[k]) * (p[1].position[k] - p[0].position[k]);
    if (path_is_rigid(model, muscle, i))
      sum += sqrt(square);
  }
  return sum;
}

static void load_span(path_span *span, const kc_tree *tree, int lane, const kc_model *model) {
  for (int e = 0; e < 2; e++)
    load_end(&span->end[e], tree, lane, &model->path_point[span->point + e]);
}

void kc_path_load(kc_paths *paths, const kc_tree *tree, int lane, const kc_model *model) {
  for (int i = 0; i < paths->n_surface; i++)
    load_surface(&paths->surface[i], tree, lane, &model->wrap[i]);
  for (int i = 0; i < paths->n_guide; i++)
    load_guide(&paths->guide[i], tree, lane, &model->guide[i]);
  for (int i = 0; i < paths->n_span; i++)
    load_span(&paths->span[i], tree, lane, model);
  for (int i = 0; i < paths->n_bend; i++) {
    load_span(&paths->bend[i].span, tree, lane, model);
    load_bend(paths, &paths->bend[i], lane, model);
  }
  for (int i = 0; i < paths->n_pair; i++) {
    path_bend *bend = paths->pair[i].bend;
    int point = bend->span.point;
    load_end(&bend[0].span.end[0], tree, lane, &model->path_point[point]);
    load_end(&bend[1].span.end[1], tree, lane, &model->path_point[point + 1]);
    load_bend(paths, &bend[0], lane, model);
    load_bend(paths, &bend[1], lane, model);
  }
  for (int m = 0; m < paths->n_muscle; m++)
    kc_set(&paths->fixed_length[m], lane, find_fixed_length(model, &model->muscle[m]));
}
