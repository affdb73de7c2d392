// Loads within the body; see joint_load.lane.h.
//
// Links give what they ask for and what acts on them, in ground axes about the free root's origin;
// sums over all links below a joint are the parent's and children's added up from the leaves.
#include "force/joint_load.lane.h"
#include "base/block.h"
#include "body/recursion.lane.h"
#include "force/path_parts.lane.h"

static int is_loaded(const kc_tree *tree, const kc_model *model, int i) {
  return (tree->trait[i] & KC_LINK_MASSIVE) || model->joint[i].link_name[0];
}

static kc_joint_load *lay_out(kc_block *block, int n_joint, int n_link) {
  size_t n = (size_t)n_joint;
  kc_joint_load *load = kc_block_take(block, 1, sizeof *load);
  int *link = kc_block_take(block, (size_t)n_link, sizeof *link);
  kc_part *part = kc_block_take(block, n, sizeof *part);
  kc_spatial *demand = kc_block_take(block, n, sizeof *demand);
  kc_spatial *acting = kc_block_take(block, n, sizeof *acting);
  if (load)
    load->link = link, load->part = part, load->demand = demand, load->acting = acting;
  return load;
}

kc_joint_load *kc_joint_load_create(const kc_tree *tree, const kc_model *model) {
  kc_block block = {0};
  int n_link = 0;
  for (int i = 0; i < model->n_joint; i++)
    n_link += is_loaded(tree, model, i);
  (void)lay_out(&block, model->n_joint, n_link);
  if (kc_block_create(&block) != KC_OK)
    return NULL;
  kc_joint_load *load = lay_out(&block, model->n_joint, n_link);
  load->map = kc_model_find_loads(model);
  load->n_joint = model->n_joint;
  for (int i = 0; i < model->n_joint; i++) {
    load->part[i] = kc_model_find_part(model, i);
    if (is_loaded(tree, model, i))
      load->link[load->n_link++] = i;
  }
  for (int lane = 0; lane < KC_LANES; lane++)
    kc_joint_load_load(load, tree, lane, model);
  return load;
}

void kc_joint_load_destroy(kc_joint_load *load) { kc_block_destroy(load); }

// zero in a lane, or NaN where the model has no such thing
static void clear_vec(kc_vec3 *x, int lane, int there) {
  for (int i = 0; i < 3; i++)
    kc_set(&x->v[i], lane, there ? 0.0 : (double)__builtin_nan(""));
}

// hip, knee and ankle: entries of map.joint
static int torsion_joint(const kc_joint_load *load, int side, int joint) {
  static const int of[KC_N_TORSION] = {KC_LOAD_HIP, KC_LOAD_TIBIOFEMORAL, KC_LOAD_ANKLE};
  return load->map.joint[side * KC_N_LOAD_LEG + of[joint]];
}

static int has_leg(const kc_joint_load *load, int side) {
  for (int i = 0; i < KC_N_TORSION; i++)
    if (torsion_joint(load, side, i) < 0)
      return 0;
  return 1;
}

void kc_joint_load_load(kc_joint_load *load, const kc_tree *tree, int lane, const kc_model *model) {
  kc_load_map map = kc_model_find_loads(model);
  for (int i = 0; i < KC_N_LOAD_JOINT; i++)
    clear_vec(&load->force[i], lane, load->map.joint[i] >= 0);
  for (int i = 0; i < KC_N_SENSOR; i++) {
    int link = load->map.sensor_link[i];
    clear_vec(&load->acceleration[i], lane, link >= 0);
    if (link >= 0)
      vec_load(&load->sensor_point[i], lane, &tree->to_link[link], map.sensor_point[i]);
  }
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int i = 0; i < KC_N_TORSION; i++) {
      double start = has_leg(load, k) ? 0.0 : (double)__builtin_nan("");
      kc_set(&load->torsion[k][i], lane, start);
      kc_set(&load->torsion_net[k][i], lane, start);
    }
  for (int i = 0; i < KC_N_PART; i++)
    kc_set(&load->spin[i], lane, 0.0);
}

// a wrench about a link's origin, link frame, into ground axes about the free root's origin
static kc_spatial to_ground(const kc_body_work *body, int i, const kc_spatial *wrench) {
  kc_vec3 n = kc_mat3_apply(&body->rot[i], kc_spatial_angular(wrench));
  kc_vec3 f = kc_mat3_apply(&body->rot[i], kc_spatial_linear(wrench));
  return kc_spatial_make(kc_vec3_add(n, kc_vec3_cross(body->local[i], f)), f);
}

static void sum_below(kc_joint_load *load, const kc_tree *tree, const kc_body_work *body,
                      const kc_muscle_work *muscles) {
  const kc_vec3 zero = kc_vec3_make(0, 0, 0);
  for (int i = 0; i < load->n_joint; i++)
    load->demand[i] = load->acting[i] = kc_spatial_make(zero, zero);
  for (int l = 0; l < load->n_link; l++) {
    int i = load->link[l];
    kc_spatial acting = body->force[i], demand = body->inertial[tree->base[i]];
    for (int k = 0; k < 6 && muscles; k++)
      acting.v[k] += muscles->force[i].v[k];
    if (tree->trait[i] & KC_LINK_IMPLICIT) {
      kc_spatial damped = kc_inertia_apply(&body->implicit[i], &body->acc[i]);
      for (int k = 0; k < 6; k++)
        acting.v[k] -= damped.v[k];
    }
    if (tree->trait[i] & KC_LINK_MASSIVE) {
      kc_spatial own = kc_link_momentum(tree, i, &body->acc[i]);
      for (int k = 0; k < 6; k++)
        demand.v[k] += own.v[k];
    }
    load->demand[i] = to_ground(body, i, &demand);
    load->acting[i] = to_ground(body, i, &acting);
  }
  for (int i = load->n_joint - 1; i >= 0; i--)
    for (int k = 0; k < 6 && tree->parent[i] >= 0; k++) {
      load->demand[tree->parent[i]].v[k] += load->demand[i].v[k];
      load->acting[tree->parent[i]].v[k] += load->acting[i].v[k];
    }
}

// ground axes -> model frame of a link
static kc_vec3 to_model(const kc_tree *tree, const kc_body_work *body, int i, kc_vec3 x) {
  return kc_mat3_apply_transposed(&tree->to_link[i], kc_mat3_apply_transposed(&body->rot[i], x));
}

// moment about a joint centre of a wrench about the free root's origin
static kc_vec3 moment_at(const kc_body_work *body, int joint, const kc_spatial *w) {
  return kc_vec3_sub(kc_spatial_angular(w),
                     kc_vec3_cross(body->local[joint], kc_spatial_linear(w)));
}

static kc_vec3 long_axis(const kc_body_work *body, int upper, int lower) {
  kc_vec3 up = kc_vec3_sub(body->local[upper], body->local[lower]);
  return kc_vec3_scale(kc_real(1) / kc_sqrt(kc_vec3_dot(up, up)), up);
}

// wrench of the ground on a foot about the free root's origin
static kc_spatial foot_wrench(const kc_body_work *body, const kc_force_work *force, int side,
                              int link) {
  kc_vec3 root = kc_vec3_sub(body->pos[link], body->local[link]), f = force->foot_force[side];
  kc_vec3 arm = kc_vec3_sub(force->foot_origin, root);
  return kc_spatial_make(kc_vec3_add(force->foot_moment[side], kc_vec3_cross(arm, f)), f);
}

static void compute_torsion(kc_joint_load *load, const kc_body_work *body,
                            const kc_force_work *force, int side) {
  int hip = torsion_joint(load, side, KC_TORSION_hip);
  int knee = torsion_joint(load, side, KC_TORSION_knee);
  int ankle = torsion_joint(load, side, KC_TORSION_ankle);
  kc_vec3 thigh = long_axis(body, hip, knee), shank = long_axis(body, knee, ankle);
  kc_spatial foot = foot_wrench(body, force, side, hip);
  real inward = kc_real(side == KC_RIGHT ? 1 : -1);
  for (int j = 0; j < KC_N_TORSION; j++) {
    int i = torsion_joint(load, side, j);
    kc_vec3 axis = kc_vec3_scale(inward, j == KC_TORSION_hip ? thigh : shank);
    kc_spatial all = load->demand[i], net = load->demand[i];
    for (int k = 0; k < 6; k++)
      all.v[k] -= load->acting[i].v[k], net.v[k] -= foot.v[k];
    load->torsion[side][j] = kc_vec3_dot(axis, moment_at(body, i, &all));
    load->torsion_net[side][j] = kc_vec3_dot(axis, moment_at(body, i, &net));
  }
}

// femur on patella, in the patella's frame
static void compute_patella(kc_joint_load *load, const kc_muscle_set *muscles,
                            const kc_muscle_work *work, int side) {
  const kc_path_topology t = kc_path_topology_of(kc_muscle_set_paths(muscles));
  const path_scratch *scratch = work->path->scratch;
  const path_guide_pose *pose = &scratch->guide[load->map.guide[side]];
  int entry = side * KC_N_LOAD_LEG + KC_LOAD_PATELLOFEMORAL;
  kc_vec3 pull = kc_vec3_make(0, 0, 0);
  for (int m = 0; m < t.n_muscle; m++)
    for (int i = t.guide_adr[m]; i < t.guide_adr[m + 1]; i++)
      if (t.guide_joint[i] == load->map.joint[entry])
        pull = vec_add_scaled(pull, work->tension[m], work->path->guide_force[i]);
  for (int k = 0; k < 3; k++)
    load->force[entry].v[k] = -kc_vec3_dot(pull, pose->e[k]);
}

void kc_joint_load_compute(kc_joint_load *load, const kc_tree *tree, const kc_body_work *body,
                           const kc_force_work *force, const kc_muscle_set *muscles,
                           const kc_muscle_work *muscle_work) {
  sum_below(load, tree, body, muscles ? muscle_work : NULL);
  for (int e = 0; e < KC_N_LOAD_JOINT; e++) {
    int i = load->map.joint[e], patella = e % KC_N_LOAD_LEG == KC_LOAD_PATELLOFEMORAL;
    if (i < 0 || (patella && e < KC_N_SIDE * KC_N_LOAD_LEG))
      continue;
    kc_vec3 f =
        kc_vec3_sub(kc_spatial_linear(&load->demand[i]), kc_spatial_linear(&load->acting[i]));
    load->force[e] = to_model(tree, body, load->map.link[e], f);
  }
  for (int k = 0; k < KC_N_SIDE; k++) {
    if (has_leg(load, k))
      compute_torsion(load, body, force, k);
    if (muscles && load->map.guide[k] >= 0)
      compute_patella(load, muscles, muscle_work, k);
  }
  for (int s = 0; s < KC_N_SENSOR; s++) {
    int i = load->map.sensor_link[s];
    if (i < 0)
      continue;
    kc_vec3 a = kc_body_point_acceleration(tree, body, i, &load->sensor_point[s]);
    load->acceleration[s] = to_model(tree, body, i, a);
  }
}

void kc_joint_load_compute_spin(kc_joint_load *load, const kc_tree *tree,
                                const kc_body_work *body) {
  const kc_vec3 zero = kc_vec3_make(0, 0, 0);
  // of each part and of the whole: mass, its moment, momentum, angular momentum about the root
  real mass[KC_N_PART + 1];
  kc_vec3 moment[KC_N_PART + 1], p[KC_N_PART + 1], h[KC_N_PART + 1];
  for (int k = 0; k <= KC_N_PART; k++)
    mass[k] = kc_real(0), moment[k] = p[k] = h[k] = zero;
  for (int l = 0; l < load->n_link; l++) {
    int i = load->link[l], k = (int)load->part[i];
    kc_spatial own = kc_link_momentum(tree, i, &body->vel[i]);
    own = to_ground(body, i, &own);
    kc_vec3 at = kc_vec3_add(kc_vec3_scale(tree->mass[i], body->local[i]),
                             kc_mat3_apply(&body->rot[i], tree->moment[i]));
    mass[k] += tree->mass[i];
    moment[k] = kc_vec3_add(moment[k], at);
    p[k] = kc_vec3_add(p[k], kc_spatial_linear(&own));
    h[k] = kc_vec3_add(h[k], kc_spatial_angular(&own));
  }
  for (int k = 0; k < KC_N_PART; k++) {
    mass[KC_N_PART] += mass[k];
    moment[KC_N_PART] = kc_vec3_add(moment[KC_N_PART], moment[k]);
    p[KC_N_PART] = kc_vec3_add(p[KC_N_PART], p[k]);
  }
  real inverse = kc_real(1) / mass[KC_N_PART];
  kc_vec3 centre = kc_vec3_scale(inverse, moment[KC_N_PART]);
  kc_vec3 velocity = kc_vec3_scale(inverse, p[KC_N_PART]);
  // about the centre, relative to its velocity: h - c x p - (sum m r - m c) x V
  for (int k = 0; k < KC_N_PART; k++) {
    kc_vec3 off = vec_add_scaled(moment[k], -mass[k], centre);
    load->spin[k] =
        h[k].v[1] - kc_vec3_cross(centre, p[k]).v[1] - kc_vec3_cross(off, velocity).v[1];
  }
}
