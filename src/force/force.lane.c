// Joins the forces on a tree: constants, work, and the order of the parts.
//
// kc_force_compute adds what the elements do at (q, v), and step times their damping D. The
// dynamics let that damping act on J a, the change of velocity at frozen configuration, so the
// force over the step is f(v) - step D (J a): the law at the velocity of the end of the step.
// Powers are taken at the mean velocity of the step at frozen configuration, v + step/2 J a. So the
// sum of all powers times step is exactly the change of kinetic energy at frozen configuration:
//   (v + step/2 a)' M a = ((v + step a)' M (v + step a) - v' M v) / (2 step).
#include "base/block.h"
#include "force/force_parts.lane.h"
#include <string.h>

// lays the constants out; the counts in *shape come first
static kc_force *lay_out_constants(kc_block *block, const kc_force *shape) {
  kc_force f = *shape;
  size_t n = (size_t)f.n_joint, n_sphere = (size_t)f.n_sphere, n_band = (size_t)f.n_band;
  kc_force *force = kc_block_take(block, 1, sizeof *force);
  f.has_upper = kc_block_take(block, n, sizeof *f.has_upper);
  f.has_lower = kc_block_take(block, n, sizeof *f.has_lower);
  f.sphere_link = kc_block_take(block, n_sphere, sizeof *f.sphere_link);
  f.sphere_side = kc_block_take(block, n_sphere, sizeof *f.sphere_side);
  f.band_adr = kc_block_take(block, n_band, sizeof *f.band_adr);
  f.band_n_point = kc_block_take(block, n_band, sizeof *f.band_n_point);
  f.band_node = kc_block_take(block, n_band, sizeof *f.band_node);
  f.tied = kc_block_take(block, n_band, sizeof *f.tied);
  f.node_link = kc_block_take(block, (size_t)f.n_node, sizeof *f.node_link);
  f.point_link = kc_block_take(block, (size_t)f.n_point, sizeof *f.point_link);
  f.passive = kc_block_take(block, n, sizeof *f.passive);
  f.sphere = kc_block_take(block, n_sphere, sizeof *f.sphere);
  f.band = kc_block_take(block, n_band, sizeof *f.band);
  f.node = kc_block_take(block, (size_t)f.n_node, sizeof *f.node);
  f.point = kc_block_take(block, (size_t)f.n_point, sizeof *f.point);
  f.wave = kc_block_take(block, (size_t)f.n_wave, sizeof *f.wave);
  if (force)
    *force = f;
  return force;
}

static void copy_topology(kc_force *force, const kc_model *model) {
  force->drag_link = model->drag_link;
  for (int i = 0; i < force->n_sphere; i++) {
    force->sphere_link[i] = model->sphere[i].link;
    force->sphere_side[i] = (int)model->sphere[i].side;
  }
  for (int i = 0; i < force->n_point; i++) {
    force->point_link[i] = model->point[i].link;
  }
  for (int i = 0; i < force->n_band; i++) {
    force->band_adr[i] = model->band[i].point_adr;
    force->band_n_point[i] = model->band[i].n_point;
    for (int e = 0; e < 2; e++)
      force->band_node[i][e] = model->band[i].node[e] - 1;
    if (force->band_node[i][0] >= 0 || force->band_node[i][1] >= 0)
      force->tied[force->n_tied++] = i;
  }
  for (int i = 0; i < force->n_node; i++)
    force->node_link[i] = model->node[i].link;
  kc_force_order_nodes(force);
  while (force->origin_link < force->n_joint - 1 && !(model->joint[force->origin_link].mass > 0.0))
    force->origin_link++;
}

kc_force *kc_force_create(const kc_tree *tree, const kc_model *model, const kc_ground *ground) {
  kc_force shape;
  memset(&shape, 0, sizeof shape);
  shape.n_joint = model->n_joint, shape.n_sphere = model->n_sphere, shape.n_band = model->n_band;
  shape.n_point = model->n_point, shape.n_node = model->n_node, shape.n_wave = ground->n_wave;
  kc_block block = {0};
  lay_out_constants(&block, &shape);
  if (kc_block_create(&block) != KC_OK)
    return NULL;
  kc_force *force = lay_out_constants(&block, &shape);
  copy_topology(force, model);
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_force_load(force, tree, lane, model, ground);
  return force;
}

void kc_force_destroy(kc_force *force) { kc_block_destroy(force); }

void kc_force_load(kc_force *force, const kc_tree *tree, int lane, const kc_model *model,
                   const kc_ground *ground) {
  kc_force_load_ground(force, lane, ground);
  kc_force_load_contact(force, tree, lane, model, ground);
  kc_force_load_passive(force, lane, model);
  kc_force_load_bands(force, tree, lane, model);
  kc_force_load_nodes(force, tree, lane, model);
  kc_force_load_drag(force, tree, lane, model);
}

void kc_force_set_plane(kc_force *force, real grade, real camber, const real *height) {
  force->grade = grade, force->camber = camber;
  for (int k = 0; k < KC_N_SIDE; k++)
    force->ground_offset[k] = height[k];
}

int kc_force_n_wave(const kc_force *force) { return force->n_wave; }

static kc_force_work *lay_out_work(kc_block *block, const kc_force *force) {
  kc_force_work w;
  struct kc_force_scratch s;
  memset(&w, 0, sizeof w);
  memset(&s, 0, sizeof s);
  size_t n = (size_t)force->n_joint, n_sphere = (size_t)force->n_sphere;
  size_t n_band = (size_t)force->n_band, n_node = (size_t)force->n_node;
  kc_force_work *work = kc_block_take(block, 1, sizeof *work);
  w.scratch = kc_block_take(block, 1, sizeof *w.scratch);
  w.sphere_force = kc_block_take(block, n_sphere, sizeof *w.sphere_force);
  w.sphere_point = kc_block_take(block, n_sphere, sizeof *w.sphere_point);
  w.sphere_power = kc_block_take(block, n_sphere, sizeof *w.sphere_power);
  w.passive_torque = kc_block_take(block, n, sizeof *w.passive_torque);
  w.passive_power = kc_block_take(block, n, sizeof *w.passive_power);
  w.band_length = kc_block_take(block, n_band, sizeof *w.band_length);
  w.band_rate = kc_block_take(block, n_band, sizeof *w.band_rate);
  w.band_force = kc_block_take(block, n_band, sizeof *w.band_force);
  w.band_energy = kc_block_take(block, n_band, sizeof *w.band_energy);
  w.band_power = kc_block_take(block, n_band, sizeof *w.band_power);
  w.node_rate = kc_block_take(block, n_node, sizeof *w.node_rate);
  w.node_loss = kc_block_take(block, n_node, sizeof *w.node_loss);
  w.node_power = kc_block_take(block, n_node, sizeof *w.node_power);
  s.sphere = kc_block_take(block, n_sphere, sizeof *s.sphere);
  s.via = kc_block_take(block, (size_t)force->n_point, sizeof *s.via);
  s.pull = kc_block_take(block, (size_t)force->n_point, sizeof *s.pull);
  s.end_inverse = kc_block_take(block, n_band, sizeof *s.end_inverse);
  s.gain = kc_block_take(block, n_band, sizeof *s.gain);
  s.coupling = kc_block_take(block, (size_t)force->order.n_pair, sizeof *s.coupling);
  s.balance = kc_block_take(block, n_node, sizeof *s.balance);
  s.band_pull = kc_block_take(block, n, sizeof *s.band_pull);
  s.passive_explicit = kc_block_take(block, n, sizeof *s.passive_explicit);
  s.column = kc_block_take(block, n, sizeof *s.column);
  if (work)
    *work = w, *work->scratch = s;
  return work;
}

kc_force_work *kc_force_work_create(const kc_force *force) {
  kc_block block = {0};
  lay_out_work(&block, force);
  if (kc_block_create(&block) != KC_OK)
    return NULL;
  return lay_out_work(&block, force);
}

void kc_force_work_destroy(kc_force_work *work) { kc_block_destroy(work); }

void kc_force_compute(const kc_force *force, const real *q, const kc_force_span *span,
                      kc_body_work *body, kc_force_work *work, real *tau_passive) {
  kc_force_compute_contact(force, span, body, work);
  kc_force_compute_passive(force, q, span->v, span->settle, body, work, tau_passive);
  if (!work->bands_off)
    kc_force_compute_bands(force, body, work);
  kc_force_compute_drag(force, body, work);
}

void kc_force_compute_tissue(const kc_force *force, const real *q, const real *v,
                             kc_body_work *body, kc_force_work *work, real *tau_passive) {
  kc_force_compute_passive(force, q, v, kc_real(0.0), body, work, tau_passive);
  if (!work->bands_off)
    kc_force_compute_bands(force, body, work);
  kc_force_compute_drag(force, body, work);
}

void kc_force_complete(const kc_force *force, const kc_force_span *span, const real *a,
                       const kc_body_work *body, kc_force_work *work) {
  kc_force_complete_contact(force, span, body, work);
  kc_force_complete_passive(force, span, a, work);
  kc_force_complete_bands(force, span, body, work);
  kc_force_complete_nodes(force, work);
  kc_force_complete_drag(force, span, body, work);
}
