/// @file
/// Trees in lanes: memory, and the numbers of a model turned into link frames.
///
/// A joint about (or along) +-x, +-y, +-z of the model frame gets a link frame that is a cyclic
/// permutation of the model frame, with sign -1 for a negative axis; any other axis u a rotation
/// whose third row is u or -u. So the turn between two links is a permutation nearly everywhere.
/// Which road a turn takes follows from the axes, which conditions do not change; a lane with
/// other axes makes the turn general for every lane.
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
  TAKE(tree->kind, n);
  TAKE(tree->base, n);
  TAKE(tree->slot, n);
  TAKE(tree->sign, n);
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
      for (int j = 0; j < k; j++)
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

/// Rows of the link frame in the model frame: the third is axis or -axis. Returns the sign.
static double turn_to_axis(const double axis[3], double rows[3][3]) {
  int k = 0; // the largest component
  for (int j = 1; j < 3; j++)
    if (fabs(axis[j]) > fabs(axis[k]))
      k = j;
  double sign = axis[k] < 0 ? -1 : 1;
  double x[3] = {0}, dot = 0, length = 0;
  x[(k + 1) % 3] = 1;
  for (int j = 0; j < 3; j++)
    dot += x[j] * sign * axis[j];
  for (int j = 0; j < 3; j++)
    x[j] -= dot * sign * axis[j], length += x[j] * x[j];
  for (int j = 0; j < 3; j++)
    rows[0][j] = x[j] / sqrt(length), rows[2][j] = sign * axis[j];
  for (int j = 0; j < 3; j++) {
    int a = (j + 1) % 3, b = (j + 2) % 3;
    rows[1][j] = rows[2][a] * rows[0][b] - rows[2][b] * rows[0][a];
  }
  return sign;
}

/// R v.
static void rotate(double rows[3][3], const double v[3], double out[3]) {
  for (int j = 0; j < 3; j++)
    out[j] = rows[j][0] * v[0] + rows[j][1] * v[1] + rows[j][2] * v[2];
}

static int is_permutation(const kc_mat3 *T, int lane, int shift) {
  for (int k = 0; k < 9; k++) {
    double x = kc_get(T->m[k], lane), expected = k % 3 == (k / 3 + shift) % 3;
    if (x < expected || x > expected)
      return 0;
  }
  return 1;
}

/// The road that is right for every lane.
static kc_turn find_turn(const kc_mat3 *T) {
  for (int shift = 0; shift < 3; shift++) {
    int lane = 0;
    while (lane < KC_LANES && is_permutation(T, lane, shift))
      lane++;
    if (lane == KC_LANES)
      return (kc_turn)shift;
  }
  return KC_TURN_GENERAL;
}

static int is_zero(const real *x, int n) {
  real sum = kc_real(0);
  for (int k = 0; k < n; k++)
    sum += kc_abs(x[k]);
  return !kc_any(kc_gt(sum, kc_real(0)));
}

static void set_trait(kc_tree *tree, int i, int bit, int on) {
  tree->trait[i] = on ? tree->trait[i] | bit : tree->trait[i] & ~bit;
}

/// Axes of a joint and its place: to_link, sign, turn, offset.
static void load_axes(kc_tree *tree, int lane, const kc_model *model, int i, double rows[3][3]) {
  const kc_joint *joint = &model->joint[i];
  double parent[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, offset[3];
  if (joint->parent >= 0)
    turn_to_axis(model->joint[joint->parent].axis, parent);
  kc_set(&tree->sign[i], lane, turn_to_axis(joint->axis, rows));
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 3; c++) {
      double t = rows[r][0] * parent[c][0] + rows[r][1] * parent[c][1] + rows[r][2] * parent[c][2];
      kc_set(&tree->to_link[i].m[3 * r + c], lane, rows[r][c]);
      kc_set(&tree->turn_matrix[i].m[3 * r + c], lane, t);
    }
  tree->turn[i] = find_turn(&tree->turn_matrix[i]);
  rotate(rows, joint->offset, offset);
  for (int k = 0; k < 3; k++)
    kc_set(&tree->offset[i].v[k], lane, offset[k]);
  int hinge = tree->type[i] == KC_REVOLUTE, coincident = hinge && is_zero(tree->offset[i].v, 3);
  set_trait(tree, i, KC_LINK_COINCIDENT, coincident);
  tree->kind[i] =
      hinge && tree->turn[i] != KC_TURN_GENERAL ? 2 * (int)tree->turn[i] + coincident : KC_KIND_ANY;
}

/// The 6x6 form of a link's inertia.
static void fill_inertia(kc_tree *tree, int i) {
  const real *mc = tree->moment[i].v;
  kc_inertia *I = &tree->inertia[i];
  for (int k = 0; k < 6; k++) {
    I->a[k] = tree->angular[i].s[k];
    I->d[k] = k < 3 ? tree->mass[i] : kc_real(0);
  }
  for (int k = 0; k < 3; k++)
    I->b[4 * k] = kc_real(0);
  I->b[1] = -mc[2], I->b[2] = mc[1], I->b[3] = mc[2];
  I->b[5] = -mc[0], I->b[6] = -mc[1], I->b[7] = mc[0];
}

/// Mass, moment and inertia about the link's origin, turned to the link frame.
static void load_mass(kc_tree *tree, int lane, const kc_joint *joint, int i, double rows[3][3]) {
  static const int row[6] = {0, 1, 2, 0, 0, 1}, column[6] = {0, 1, 2, 1, 2, 2};
  const double *I = joint->inertia;
  double full[3][3] = {{I[0], I[3], I[4]}, {I[3], I[1], I[5]}, {I[4], I[5], I[2]}}, c[3];
  rotate(rows, joint->com, c);
  double square = c[0] * c[0] + c[1] * c[1] + c[2] * c[2];
  for (int k = 0; k < 6; k++) {
    int r = row[k], s = column[k];
    double turned[3], sum = 0;
    rotate(full, rows[s], turned);
    for (int j = 0; j < 3; j++)
      sum += rows[r][j] * turned[j];
    sum += joint->mass * ((r == s ? square : 0) - c[r] * c[s]);
    kc_set(&tree->angular[i].s[k], lane, sum);
  }
  for (int k = 0; k < 3; k++)
    kc_set(&tree->moment[i].v[k], lane, joint->mass * c[k]);
  kc_set(&tree->mass[i], lane, joint->mass);
  kc_set(&tree->rotor_inertia[i], lane, joint->rotor_inertia);
  int massive = !is_zero(&tree->mass[i], 1) || !is_zero(tree->angular[i].s, 6);
  set_trait(tree, i, KC_LINK_MASSIVE, massive);
  tree->base[i] = massive ? i : tree->n_joint;
  fill_inertia(tree, i);
}

void kc_tree_load(kc_tree *tree, int lane, const kc_model *model) {
  for (int i = 0; i < tree->n_joint; i++) {
    double rows[3][3];
    load_axes(tree, lane, model, i, rows);
    load_mass(tree, lane, &model->joint[i], i, rows);
  }
}
