// Joins the forces on a tree: constants, work, and the order of the parts.
//
// kc_force_compute adds what the elements do at (q, v), and step times their damping. The dynamics
// then solve (M + H) a = tau + J' f(v) - bias with H = J' (step D) J, so that the force that acted
// over the step is f(v) - step D (J a): J a is the acceleration without velocity products, the rate
// of the twist at frozen configuration. kc_force_complete carries J a out along the tree,
//   acc_j = X_j acc_parent + S_j a_j,
// for the links that need it, and takes powers at the mean twist v + step/2 J a, which makes the
// sum of all powers times step the exact change of kinetic energy at frozen configuration.
#include "force/force_parts.lane.h"
#include "body/recursion.lane.h"
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

// the next piece of a block; without a block only counts
static void *carve(char *block, size_t *used, size_t count, size_t size) {
  size_t at = *used;
  *used += (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  return block ? block + at : NULL;
}

// lays the arrays of the constants out in one block; returns its size
static size_t place_constants(kc_force *f, char *block) {
  size_t used = 0;
  size_t n = (size_t)f->n_joint, n_sphere = (size_t)f->n_sphere, n_band = (size_t)f->n_band;
  size_t n_point = (size_t)f->n_point, n_wave = (size_t)f->n_wave;
  carve(block, &used, 1, sizeof(kc_force));
  f->parent = carve(block, &used, n, sizeof(int));
  f->link_used = carve(block, &used, n, sizeof(int));
  f->has_upper = carve(block, &used, n, sizeof(int));
  f->has_lower = carve(block, &used, n, sizeof(int));
  f->sphere_link = carve(block, &used, n_sphere, sizeof(int));
  f->sphere_side = carve(block, &used, n_sphere, sizeof(int));
  f->band_adr = carve(block, &used, n_band, sizeof(int));
  f->band_n_point = carve(block, &used, n_band, sizeof(int));
  f->point_link = carve(block, &used, n_point, sizeof(int));
  f->passive = carve(block, &used, n, sizeof(force_passive));
  f->sphere = carve(block, &used, n_sphere, sizeof(force_sphere));
  f->band = carve(block, &used, n_band, sizeof(force_band));
  f->point = carve(block, &used, n_point, sizeof(kc_vec3));
  f->wave = carve(block, &used, n_wave, sizeof(force_wave));
  return used;
}

// marks a link and all it hangs on
static void mark_used(kc_force *force, int link) {
  for (; link >= 0 && !force->link_used[link]; link = force->parent[link])
    force->link_used[link] = 1;
}

static void copy_topology(kc_force *force, const kc_tree *tree, const kc_model *model) {
  force->joint_type = tree->type;
  force->drag_link = model->drag_link;
  memcpy(force->parent, tree->parent, (size_t)force->n_joint * sizeof(int));
  for (int i = 0; i < force->n_sphere; i++) {
    force->sphere_link[i] = model->sphere[i].link;
    force->sphere_side[i] = (int)model->sphere[i].side;
    mark_used(force, model->sphere[i].link);
  }
  for (int i = 0; i < force->n_point; i++) {
    force->point_link[i] = model->point[i].link;
    mark_used(force, model->point[i].link);
  }
  for (int i = 0; i < force->n_band; i++) {
    force->band_adr[i] = model->band[i].point_adr;
    force->band_n_point[i] = model->band[i].n_point;
  }
  mark_used(force, force->drag_link);
  while (force->origin_link < force->n_joint - 1 && !(model->joint[force->origin_link].mass > 0.0))
    force->origin_link++;
}

kc_force *kc_force_create(const kc_tree *tree, const kc_model *model, const kc_ground *ground) {
  kc_force shape;
  memset(&shape, 0, sizeof shape);
  shape.n_joint = model->n_joint, shape.n_sphere = model->n_sphere, shape.n_band = model->n_band;
  shape.n_point = model->n_point, shape.n_wave = ground->n_wave;
  size_t size = place_constants(&shape, NULL);
  kc_force *force = aligned_alloc(ALIGNMENT, size);
  if (!force)
    return NULL;
  memset(force, 0, size);
  *force = shape;
  place_constants(force, (char *)force);
  copy_topology(force, tree, model);
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_force_load(force, tree, lane, model, ground);
  return force;
}

void kc_force_destroy(kc_force *force) { free(force); }

void kc_force_load(kc_force *force, const kc_tree *tree, int lane, const kc_model *model,
                   const kc_ground *ground) {
  kc_force_load_ground(force, lane, ground);
  kc_force_load_contact(force, tree, lane, model, ground);
  kc_force_load_passive(force, lane, model);
  kc_force_load_bands(force, tree, lane, model);
  kc_force_load_drag(force, tree, lane, model);
}

int kc_force_n_wave(const kc_force *force) { return force->n_wave; }

// lays the arrays of the work out in one block; returns its size
static size_t place_work(const kc_force *f, kc_force_work *w, struct kc_force_scratch *s,
                         char *block) {
  size_t used = 0;
  size_t n = (size_t)f->n_joint, n_sphere = (size_t)f->n_sphere, n_band = (size_t)f->n_band;
  carve(block, &used, 1, sizeof(kc_force_work));
  w->scratch = carve(block, &used, 1, sizeof(struct kc_force_scratch));
  w->sphere_force = carve(block, &used, n_sphere, sizeof(kc_vec3));
  w->sphere_point = carve(block, &used, n_sphere, sizeof(kc_vec3));
  w->sphere_power = carve(block, &used, n_sphere, sizeof(real));
  w->passive_torque = carve(block, &used, n, sizeof(real));
  w->passive_power = carve(block, &used, n, sizeof(real));
  w->band_length = carve(block, &used, n_band, sizeof(real));
  w->band_rate = carve(block, &used, n_band, sizeof(real));
  w->band_force = carve(block, &used, n_band, sizeof(real));
  w->band_energy = carve(block, &used, n_band, sizeof(real));
  w->band_power = carve(block, &used, n_band, sizeof(real));
  s->link_acc = carve(block, &used, n, sizeof(kc_spatial));
  s->sphere = carve(block, &used, n_sphere, sizeof(force_sphere_kept));
  s->pull = carve(block, &used, (size_t)f->n_point, sizeof(kc_spatial));
  s->passive_explicit = carve(block, &used, n, sizeof(real));
  return used;
}

kc_force_work *kc_force_work_create(const kc_force *force) {
  kc_force_work shape;
  struct kc_force_scratch scratch;
  memset(&shape, 0, sizeof shape);
  memset(&scratch, 0, sizeof scratch);
  size_t size = place_work(force, &shape, &scratch, NULL);
  kc_force_work *work = aligned_alloc(ALIGNMENT, size);
  if (!work)
    return NULL;
  memset(work, 0, size);
  place_work(force, &shape, &scratch, (char *)work);
  *work = shape;
  *work->scratch = scratch;
  return work;
}

void kc_force_work_destroy(kc_force_work *work) { free(work); }

void kc_force_compute(const kc_force *force, const kc_tree *tree, const real *q, const real *v,
                      real step, kc_body_work *body, kc_force_work *work, real *tau_passive) {
  (void)tree;
  kc_force_compute_contact(force, step, body, work);
  kc_force_compute_passive(force, q, v, step, body, work, tau_passive);
  kc_force_compute_bands(force, body, work);
  kc_force_compute_drag(force, body, work);
}

void kc_force_compute_tissue(const kc_force *force, const real *q, const real *v,
                             kc_body_work *body, kc_force_work *work, real *tau_passive) {
  kc_force_compute_passive(force, q, v, kc_real(0.0), body, work, tau_passive);
  kc_force_compute_bands(force, body, work);
  kc_force_compute_drag(force, body, work);
}

// J a of the links that carry elements
static void carry_acceleration(const kc_force *force, const kc_tree *tree, const real *a,
                               const kc_body_work *body, kc_spatial *acc) {
  for (int j = 0; j < force->n_joint; j++) {
    if (!force->link_used[j])
      continue;
    int parent = force->parent[j];
    kc_spatial moved = {{kc_real(0.0), kc_real(0.0), kc_real(0.0), kc_real(0.0), kc_real(0.0),
                         kc_real(0.0)}};
    if (parent >= 0)
      moved = kc_motion_down(tree, body, j, &acc[parent]);
    kc_joint_add_motion(tree, j, tree->sign[j] * a[j], &moved);
    acc[j] = moved;
  }
}

void kc_force_complete(const kc_force *force, const kc_tree *tree, const real *v, const real *a,
                       real step, const kc_body_work *body, kc_force_work *work) {
  carry_acceleration(force, tree, a, body, work->scratch->link_acc);
  kc_force_complete_contact(force, step, body, work);
  kc_force_complete_passive(force, v, a, step, work);
  kc_force_complete_bands(force, step, body, work);
  kc_force_complete_drag(force, step, body, work);
}
