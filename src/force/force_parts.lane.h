/// @file
/// Inside of the force module: its constants, what it keeps between kc_force_compute and
/// kc_force_complete, small vector algebra, and the functions of each part.
///
/// All elements work in the link frames of body/tree.lane.h. A twist is (angular, linear) of a link
/// about its origin, a wrench (moment, force) about the same point, so that power is their product.
#pragma once
#include "force/force.lane.h"
#include "math/small.lane.h"

/// One wave of the ground.
typedef struct {
  real amplitude, kx, kz, phase;
} force_wave;

/// Numbers of a contact sphere; those of the ground's stiffness and damping are multiplied in.
typedef struct {
  kc_vec3 position;
  real radius, stiffness, dissipation;
} force_sphere;

/// Numbers of a passive joint: kc_passive of model.h in lanes.
typedef struct {
  real k1, k2, upper, k3, k4, lower, stiffness, rest, damping;
} force_passive;

/// Numbers of a band.
typedef struct {
  real on, length_0;   ///< switch; length at which the tension vanishes, m
  real stiffness, toe; ///< N/m; length of the toe region, m
  real loss;           ///< viscous loss per rate of length, s/m
} force_band;

/// Numbers of a fascial node.
typedef struct {
  kc_vec3 home;         ///< link frame, m
  real drag, stiffness; ///< N s/m, N/m
} force_node;

/// Most pairs of nodes.
enum { FORCE_MAX_PAIR = KC_MAX_NODE * (KC_MAX_NODE - 1) / 2 };

/// Order in which nodes are eliminated, fewest neighbours first, and the pairs that then couple:
/// those that a band joins, and those that come to be joined by what was eliminated.
typedef struct {
  int n_pair;
  int node[KC_MAX_NODE];         ///< by place in the order
  int pair_adr[KC_MAX_NODE + 1]; ///< by place in the order: its pairs with later nodes
  int pair[FORCE_MAX_PAIR][2];   ///< earlier and later node of each
} force_order;

/// Constants of KC_LANES bodies and grounds.
struct kc_force {
  int n_joint, n_sphere, n_node, n_band, n_point, n_wave;
  int n_tied; ///< bands with an end in a node
  force_order order;
  int drag_link;   ///< -1 for none
  int origin_link; ///< link above foot_origin: the first with mass
  int *has_upper;  ///< (n_joint) 1 where some lane has the exponential of the upper end
  int *has_lower;  ///< (n_joint) likewise for the lower end
  int *sphere_link, *sphere_side; ///< (n_sphere)
  int *band_adr, *band_n_point;   ///< (n_band)
  int (*band_node)[2];            ///< (n_band) node at either end; -1: none
  int *tied;                      ///< (n_tied) those bands
  int *node_link;                 ///< (n_node)
  int *point_link;                ///< (n_point)
  force_passive *passive;         ///< (n_joint)
  force_sphere *sphere;           ///< (n_sphere)
  force_band *band;               ///< (n_band)
  force_node *node;               ///< (n_node)
  kc_vec3 *point;                 ///< (n_point) link frame, m
  force_wave *wave;               ///< (n_wave)
  kc_vec3 drag_point;             ///< link frame, m
  real drag_gain;                 ///< half of air density times drag area, kg/m
  real grade, camber, friction, slip_speed;
  real ground_offset[KC_N_SIDE]; ///< lifts the ground under one foot: 0 but in internal models, m
};

/// What a sphere keeps between compute and complete, link frame.
typedef struct {
  kc_vec3 normal, arm;  ///< normal of the ground; contact point from the link's origin
  kc_vec3 velocity;     ///< of the contact point at v_held, m/s
  kc_vec3 force;        ///< explicit force on the foot, N
  real damping_normal;  ///< N s/m along the normal
  real damping_tangent; ///< N s/m across it
} force_sphere_kept;

/// Balance of a node about a guess of its velocity: matrix x change = load.
typedef struct {
  real matrix[6]; ///< lower triangle: xx, yx, yy, zx, zy, zz; N s/m
  kc_vec3 load;   ///< N
  kc_small_ldl3 factor;
  kc_vec3 change; ///< m/s
} force_balance;

/// Coupling of two nodes: what the later one's change of velocity does to the earlier one's load.
typedef struct {
  kc_vec3 row[3];    ///< of the earlier node, N s/m
  kc_vec3 column[3]; ///< inverse of the earlier node's matrix times that, by columns
} force_coupling;

/// A via point of the band that is measured.
typedef struct {
  kc_vec3 arm;   ///< link frame, m
  kc_vec3 at;    ///< from the free root's origin, ground axes, m
  kc_vec3 ahead; ///< direction to the next; zero at the last
} force_via;

struct kc_force_scratch {
  force_sphere_kept *sphere; ///< (n_sphere)
  force_via *via;            ///< (n_point) of one band
  kc_spatial *pull;          ///< (n_point) wrench of unit tension on the link of the point
  kc_spatial *band_pull;     ///< (n_joint) wrench of all bands on a link
  real (*end_inverse)[2];    ///< (n_band) one over the length of the span at either end, 1/m
  real *gain;                ///< (n_band) tension per closing speed of its ends, N s/m
  force_balance *balance;    ///< (n_node)
  force_coupling *coupling;  ///< (order.n_pair)
  real *passive_explicit;    ///< (n_joint) torque at (q, v), Nm
  kc_vec3 drag_explicit;     ///< link frame, N
  int *column;               ///< (n_joint) of the joints that are asked for; -1: of none
};

#define kc_force_load_ground KC_LANE(kc_force_load_ground)
#define kc_force_load_contact KC_LANE(kc_force_load_contact)
#define kc_force_compute_contact KC_LANE(kc_force_compute_contact)
#define kc_force_complete_contact KC_LANE(kc_force_complete_contact)
#define kc_force_load_passive KC_LANE(kc_force_load_passive)
#define kc_force_compute_passive KC_LANE(kc_force_compute_passive)
#define kc_force_complete_passive KC_LANE(kc_force_complete_passive)
#define kc_force_load_bands KC_LANE(kc_force_load_bands)
#define kc_force_compute_bands KC_LANE(kc_force_compute_bands)
#define kc_force_measure_band KC_LANE(kc_force_measure_band)
#define kc_force_eval_band KC_LANE(kc_force_eval_band)
#define kc_force_order_nodes KC_LANE(kc_force_order_nodes)
#define kc_force_load_nodes KC_LANE(kc_force_load_nodes)
#define kc_force_find_node_rates KC_LANE(kc_force_find_node_rates)
#define kc_force_complete_nodes KC_LANE(kc_force_complete_nodes)
#define kc_force_complete_bands KC_LANE(kc_force_complete_bands)
#define kc_force_load_drag KC_LANE(kc_force_load_drag)
#define kc_force_compute_drag KC_LANE(kc_force_compute_drag)
#define kc_force_complete_drag KC_LANE(kc_force_complete_drag)

/// Each part loads one lane, adds its forces (and step times damping) at (q, v), and completes them
/// with the acceleration; see force.lane.h.
void kc_force_load_ground(kc_force *force, int lane, const kc_ground *ground);
/// Spheres: positions turned to link frames, stiffness and dissipation scaled by the ground.
void kc_force_load_contact(kc_force *force, const kc_tree *tree, int lane, const kc_model *model,
                           const kc_ground *ground);
/// Spheres at (q, v): body->force and body->implicit.
void kc_force_compute_contact(const kc_force *force, const kc_force_span *span, kc_body_work *body,
                              kc_force_work *work);
/// Spheres as applied over the step; feet.
void kc_force_complete_contact(const kc_force *force, const kc_force_span *span,
                               const kc_body_work *body, kc_force_work *work);
/// Passive torques: marks the exponentials that some lane has.
void kc_force_load_passive(kc_force *force, int lane, const kc_model *model);
/// Passive torques at (q, v): tau_passive and body->joint_implicit.
void kc_force_compute_passive(const kc_force *force, const real *q, const real *v, real settle,
                              kc_body_work *body, kc_force_work *work, real *tau_passive);
/// Passive torques as applied over the step.
void kc_force_complete_passive(const kc_force *force, const kc_force_span *span, const real *a,
                               kc_force_work *work);
/// Bands: via points turned to link frames, pre-tension turned into a shift of length.
void kc_force_load_bands(kc_force *force, const kc_tree *tree, int lane, const kc_model *model);
/// Bands at (q, v): length, rate, force, energy; body->force.
void kc_force_compute_bands(const kc_force *force, kc_body_work *body, kc_force_work *work);
/// What a band's law gives at a length and a rate.
typedef struct {
  real tension, energy;    ///< N, J
  real by_length, by_rate; ///< slopes of the tension, N/m, N s/m
} force_band_law;

/// Way of a band with nodes at work->node.place: length, rate with nodes at rest, pulls.
void kc_force_measure_band(const kc_force *force, const kc_body_work *body, int band,
                           kc_force_work *work);
/// Law of a band.
force_band_law kc_force_eval_band(const force_band *band, real length, real rate);
/// Topology of the nodes' linear systems.
void kc_force_order_nodes(kc_force *force);
/// Nodes: homes turned to link frames.
void kc_force_load_nodes(kc_force *force, const kc_tree *tree, int lane, const kc_model *model);
/// Measured bands -> node_rate by the law; band_rate with the nodes' motion.
void kc_force_find_node_rates(const kc_force *force, kc_force_work *work);
/// Powers of the nodes.
void kc_force_complete_nodes(const kc_force *force, kc_force_work *work);
/// Power of the bands at the mean velocity of the step.
void kc_force_complete_bands(const kc_force *force, const kc_force_span *span,
                             const kc_body_work *body, kc_force_work *work);
/// Air drag: point turned to its link frame.
void kc_force_load_drag(kc_force *force, const kc_tree *tree, int lane, const kc_model *model);
/// Air drag at (q, v): body->force.
void kc_force_compute_drag(const kc_force *force, kc_body_work *body, kc_force_work *work);
/// Power of the drag at the mean velocity of the step.
void kc_force_complete_drag(const kc_force *force, const kc_force_span *span,
                            const kc_body_work *body, kc_force_work *work);

/// a + s b.
KC_INLINE kc_vec3 vec_add_scaled(kc_vec3 a, real s, kc_vec3 b) {
  return (kc_vec3){{a.v[0] + s * b.v[0], a.v[1] + s * b.v[1], a.v[2] + s * b.v[2]}};
}

/// Velocity of the point at `arm` of a link that moves with the twist.
KC_INLINE kc_vec3 twist_at(const kc_spatial *twist, kc_vec3 arm) {
  return kc_vec3_add(kc_spatial_linear(twist), kc_vec3_cross(kc_spatial_angular(twist), arm));
}

/// Power of a wrench at a twist.
KC_INLINE real wrench_power(const kc_spatial *wrench, const kc_spatial *twist) {
  real sum = wrench->v[0] * twist->v[0];
  for (int i = 1; i < 6; i++)
    sum += wrench->v[i] * twist->v[i];
  return sum;
}

/// Point at one end of a band.
KC_INLINE int band_end(const kc_force *force, int band, int e) {
  return force->band_adr[band] + (e ? force->band_n_point[band] - 1 : 0);
}

/// Speed at which nodes that move draw the ends of a band together, m/s.
KC_INLINE real band_closing(const kc_force *force, const kc_force_work *work, int band,
                            const kc_vec3 *rate) {
  real sum = kc_real(0.0);
  for (int e = 0; e < 2; e++) {
    int node = force->band_node[band][e];
    if (node >= 0)
      sum += kc_vec3_dot(kc_spatial_linear(&work->scratch->pull[band_end(force, band, e)]),
                         rate[node]);
  }
  return sum;
}

/// Adds a force at `arm` to a wrench about the link's origin, all in the link frame.
KC_INLINE void wrench_add(kc_spatial *wrench, kc_vec3 arm, kc_vec3 force) {
  kc_vec3 moment = kc_vec3_cross(arm, force);
  for (int i = 0; i < 3; i++)
    wrench->v[i] += moment.v[i];
  for (int i = 0; i < 3; i++)
    wrench->v[3 + i] += force.v[i];
}

/// One lane of a point given in the model frame, turned to the frame of its link.
KC_INLINE void vec_load(kc_vec3 *to, int lane, const kc_mat3 *to_link, const double *from) {
  for (int i = 0; i < 3; i++) {
    double sum = 0.0;
    for (int j = 0; j < 3; j++)
      sum += kc_get(to_link->m[3 * i + j], lane) * from[j];
    kc_set(&to->v[i], lane, sum);
  }
}
