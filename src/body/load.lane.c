/// @file
/// The numbers of a model turned into link frames.
///
/// A joint about (or along) +-x, +-y, +-z of the model frame gets axes that are a cyclic
/// permutation of the model's, with sign -1 for a negative axis. A hinge in another direction after
/// a hinge without other children: the parent's frame is turned about its own axis by a constant
/// (kept in angle_offset), so that the axis lies in its y-z plane and one tilt about x leads to it.
/// Any other case takes a general rotation. Which road a turn takes follows from the axes, which
/// conditions do not change; lanes whose axes differ take the general one.
#include "body/tree.lane.h"

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

static int is_permutation(double T[3][3], int shift) {
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 3; c++) {
      double expected = c == (r + shift) % 3;
      if (T[r][c] < expected || T[r][c] > expected)
        return 0;
    }
  return 1;
}

/// (y, z) by an angle about x, in exactly this pattern.
static int is_tilt(double T[3][3]) {
  double off = fabs(T[0][1]) + fabs(T[0][2]) + fabs(T[1][0]) + fabs(T[2][0]);
  return !(off > 0 || T[0][0] < 1 || T[0][0] > 1 || T[1][1] < T[2][2] || T[1][1] > T[2][2] ||
           T[1][2] < -T[2][1] || T[1][2] > -T[2][1]);
}

/// A B'.
static void relate(double A[3][3], double B[3][3], double T[3][3]) {
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 3; c++)
      T[r][c] = A[r][0] * B[c][0] + A[r][1] * B[c][1] + A[r][2] * B[c][2];
}

static int is_aligned(double rows[3][3], double parent[3][3]) {
  double T[3][3];
  relate(rows, parent, T);
  return is_permutation(T, 0) || is_permutation(T, 1) || is_permutation(T, 2);
}

static void get_matrix(const kc_mat3 *M, int lane, double out[3][3]) {
  for (int k = 0; k < 9; k++)
    out[k / 3][k % 3] = kc_get(M->m[k], lane);
}

static void set_matrix(kc_mat3 *M, int lane, double in[3][3]) {
  for (int k = 0; k < 9; k++)
    kc_set(&M->m[k], lane, in[k / 3][k % 3]);
}

/// The road that is right for every lane.
static kc_turn find_turn(const kc_mat3 *M) {
  int fits[4] = {1, 1, 1, 1};
  for (int lane = 0; lane < KC_LANES; lane++) {
    double T[3][3];
    get_matrix(M, lane, T);
    for (int shift = 0; shift < 3; shift++)
      fits[shift] &= is_permutation(T, shift);
    fits[3] &= is_tilt(T);
  }
  for (int shift = 0; shift < 3; shift++)
    if (fits[shift])
      return (kc_turn)shift;
  return fits[3] ? KC_TURN_TILT : KC_TURN_GENERAL;
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

/// Rows before the joint turns, and the turn from the parent's; returns the sign.
static double find_axes(const kc_tree *tree, const kc_model *model, int i, double parent[3][3],
                        double rows[3][3], double T[3][3]) {
  const double *axis = model->joint[i].axis;
  int p = tree->parent[i];
  double u[3], sign = turn_to_axis(axis, rows);
  relate(rows, parent, T);
  int aligned = is_permutation(T, 0) || is_permutation(T, 1) || is_permutation(T, 2);
  if (aligned || p < 0 || tree->only_child[p] != i || tree->type[i] != KC_REVOLUTE ||
      tree->type[p] != KC_REVOLUTE)
    return sign;
  // the parent's frame has been turned so that this axis has no x
  rotate(parent, axis, u);
  sign = u[2] < 0 ? -1 : 1;
  double length = sqrt(u[1] * u[1] + u[2] * u[2]);
  double s = sign * u[1] / length, c = sign * u[2] / length;
  double tilt[3][3] = {{1, 0, 0}, {0, c, -s}, {0, s, c}};
  for (int r = 0; r < 3; r++)
    for (int k = 0; k < 3; k++) {
      T[r][k] = tilt[r][k];
      rows[r][k] =
          tilt[r][0] * parent[0][k] + tilt[r][1] * parent[1][k] + tilt[r][2] * parent[2][k];
    }
  return sign;
}

/// Turns a link's frame about its axis so that an only child's axis lies in its y-z plane.
static double face_child(const kc_tree *tree, const kc_model *model, int i, double rows[3][3]) {
  int child = tree->only_child[i];
  double u[3], own[3][3];
  if (child < 0 || tree->type[i] != KC_REVOLUTE || tree->type[child] != KC_REVOLUTE)
    return 0;
  turn_to_axis(model->joint[child].axis, own);
  if (is_aligned(own, rows))
    return 0;
  rotate(rows, model->joint[child].axis, u);
  double side = u[2] < 0 ? -1 : 1, length = sqrt(u[0] * u[0] + u[1] * u[1]);
  if (!(length > 0))
    return 0;
  double s = -side * u[0] / length, c = side * u[1] / length;
  for (int k = 0; k < 3; k++) {
    double x = rows[0][k], y = rows[1][k];
    rows[0][k] = c * x + s * y, rows[1][k] = c * y - s * x;
  }
  return Sleef_cinz_atan2d1_u10purec(s, c);
}

static kc_kind find_kind(const kc_tree *tree, int i) {
  int turn = (int)tree->turn[i], hinge = tree->type[i] == KC_REVOLUTE;
  if (turn == KC_TURN_TILT && hinge)
    return KC_KIND_TILT;
  if (turn >= KC_TURN_TILT)
    return KC_KIND_ANY;
  if (!hinge)
    return (kc_kind)(KC_KIND_SLIDE_NONE + turn);
  return (kc_kind)(2 * turn + !!(tree->trait[i] & KC_LINK_COINCIDENT));
}

/// Axes of a joint and its place: sign, turn, offset, angle_offset, to_link.
static void load_axes(kc_tree *tree, int lane, const kc_model *model, int i, double rows[3][3]) {
  double parent[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, T[3][3], offset[3];
  if (tree->parent[i] >= 0)
    get_matrix(&tree->to_link[tree->parent[i]], lane, parent);
  kc_set(&tree->sign[i], lane, find_axes(tree, model, i, parent, rows, T));
  set_matrix(&tree->turn_matrix[i], lane, T);
  rotate(rows, model->joint[i].offset, offset);
  for (int k = 0; k < 3; k++)
    kc_set(&tree->offset[i].v[k], lane, offset[k]);
  kc_set(&tree->angle_offset[i], lane, face_child(tree, model, i, rows));
  set_matrix(&tree->to_link[i], lane, rows);
  tree->turn[i] = find_turn(&tree->turn_matrix[i]);
  set_trait(tree, i, KC_LINK_COINCIDENT,
            tree->type[i] == KC_REVOLUTE && is_zero(tree->offset[i].v, 3));
  tree->kind[i] = (int)find_kind(tree, i);
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
