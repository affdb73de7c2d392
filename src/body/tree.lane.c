/// @file
/// Trees in lanes: memory and topology. The numbers are load.lane.c's.
#include "body/tree.lane.h"
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 64 };

/// Cuts n items of a size from a block; with a null block it only counts.
static void *take(char *block, size_t *used, int n, size_t size) {
  void *p = block ? block + *used : NULL;
  *used += ((size_t)n * size + ALIGN - 1) / ALIGN * ALIGN;
  return p;
}
#define TAKE(field, n) field = take(block, &used, n, sizeof *(field))

static size_t lay_out_tree(kc_tree *tree, char *block, int n) {
  size_t used = 0;
  take(block, &used, 1, sizeof *tree);
  TAKE(tree->type, n);
  TAKE(tree->parent, n);
  TAKE(tree->turn, n);
  TAKE(tree->trait, n);
  TAKE(tree->order, n);
  TAKE(tree->only_child, n);
  TAKE(tree->kind, n);
  TAKE(tree->base, n);
  TAKE(tree->slot, n);
  TAKE(tree->sign, n);
  TAKE(tree->angle_offset, n);
  TAKE(tree->turn_matrix, n);
  TAKE(tree->to_link, n);
  TAKE(tree->offset, n);
  TAKE(tree->mass, n);
  TAKE(tree->moment, n);
  TAKE(tree->angular, n);
  TAKE(tree->inertia, n + 1);
  TAKE(tree->rotor_inertia, n);
  return used;
}

static size_t lay_out_work(kc_body_work *work, char *block, int n, int n_slot) {
  size_t used = 0;
  take(block, &used, 1, sizeof *work);
  TAKE(work->force, n);
  TAKE(work->implicit, n);
  TAKE(work->joint_implicit, n);
  TAKE(work->angle, n + 1);
  TAKE(work->sine, n + 1);
  TAKE(work->cosine, n + 1);
  TAKE(work->slide, n);
  TAKE(work->rot, n);
  TAKE(work->pos, n);
  TAKE(work->local, n);
  TAKE(work->rate, n);
  TAKE(work->vel, n);
  TAKE(work->bias, n);
  TAKE(work->inertial, n + 1);
  TAKE(work->acc, n);
  TAKE(work->gain, n);
  TAKE(work->drive, n);
  TAKE(work->art, n_slot + 1);
  TAKE(work->art_force, n_slot);
  TAKE(work->wrench, n);
  TAKE(work->body_mass, n);
  TAKE(work->body_moment, n);
  TAKE(work->body_angular, n);
  return used;
}

/// The slides of a free root, then links by depth, of one depth by index.
static void sort_links(kc_tree *tree) {
  int n = tree->n_joint, n_slide = tree->free_root ? 3 : 0, filled = n_slide;
  for (int i = 0; i < n_slide; i++)
    tree->order[i] = i;
  for (int depth = 0; filled < n; depth++)
    for (int i = n_slide; i < n; i++) {
      int own = 0;
      for (int j = tree->parent[i]; j >= 0; j = tree->parent[j])
        own++;
      if (own == depth)
        tree->order[filled++] = i;
    }
}

static void find_only_children(kc_tree *tree) {
  for (int i = 0; i < tree->n_joint; i++)
    tree->only_child[i] = -1;
  for (int i = 0; i < tree->n_joint; i++) {
    int p = tree->parent[i];
    if (p >= 0)
      tree->only_child[p] = tree->only_child[p] == -1 ? i : -2;
  }
}

/// Accumulators: taken when the inward recursion meets the first child, free once the link is done.
static void assign_slots(kc_tree *tree) {
  int n = tree->n_joint;
  tree->n_slot = 0;
  for (int i = 0; i < n; i++)
    tree->slot[i] = -1;
  for (int k = n - 1; k >= 0; k--) {
    int i = tree->order[k], p = tree->parent[i];
    if (tree->slot[i] < 0)
      tree->trait[i] |= KC_LINK_LEAF;
    if (p < 0 || tree->slot[p] >= 0)
      continue;
    tree->trait[i] |= KC_LINK_FIRST_IN;
    for (int s = 0; tree->slot[p] < 0; s++) {
      int busy = 0;
      for (int j = 0; j <= k; j++)
        busy |= tree->slot[tree->order[j]] == s;
      if (!busy)
        tree->slot[p] = s;
    }
    if (tree->slot[p] >= tree->n_slot)
      tree->n_slot = tree->slot[p] + 1;
  }
}

kc_tree *kc_tree_create(const kc_model *model) {
  int n = model->n_joint;
  kc_tree sizes;
  size_t size = lay_out_tree(&sizes, NULL, n);
  char *block = aligned_alloc(ALIGN, size);
  if (!block)
    return NULL;
  memset(block, 0, size);
  kc_tree *tree = (kc_tree *)(void *)block;
  lay_out_tree(tree, block, n);
  tree->n_joint = n;
  tree->free_root = model->free_root != 0;
  tree->gravity = kc_vec3_make(0, -9.80665, 0);
  for (int i = 0; i < n; i++) {
    tree->type[i] = model->joint[i].type;
    tree->parent[i] = model->joint[i].parent;
  }
  find_only_children(tree);
  sort_links(tree);
  assign_slots(tree);
  for (int s = 0; s < model->n_sphere; s++)
    kc_tree_mark_implicit(tree, model->sphere[s].link);
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_tree_load(tree, lane, model);
  return tree;
}

void kc_tree_destroy(kc_tree *tree) { free(tree); }

void kc_tree_mark_implicit(kc_tree *tree, int link) { tree->trait[link] |= KC_LINK_IMPLICIT; }

kc_body_work *kc_body_work_create(const kc_tree *tree) {
  kc_body_work sizes;
  size_t size = lay_out_work(&sizes, NULL, tree->n_joint, tree->n_slot);
  char *block = aligned_alloc(ALIGN, size);
  if (!block)
    return NULL;
  memset(block, 0, size);
  kc_body_work *work = (kc_body_work *)(void *)block;
  lay_out_work(work, block, tree->n_joint, tree->n_slot);
  return work;
}

void kc_body_work_destroy(kc_body_work *work) { free(work); }
