// Stance: the virtual leg's force, accelerations consistent with a foot at rest, inverse dynamics.
//
// Virtual leg (L hip to sole, L0 at touch-down, x = L_to - L):
//   compression F = k (L0 - L) - d min(0, L')
//   extension   F = k_e x,  k_e = [m (v_to^2 - v|v|) + 2 m g x + 2 E] / x^2: the take-off speed,
//               aimed at again each tick
// Foot at rest at p (6 rows, ground axes):  J_l qdd_l + J_b a_b + J' v = a_foot, so
//   qdd_l = J_l' (J_l J_l' + e I)^-1 (a_foot - J' v - J_b a_b) = g0 - G a_b
// Pelvis rows: (M_bb - M_bl G) a_b + c_b = J_b' F. Unknown: the pelvis' linear acceleration, two
// horizontal forces and the free moment; given: its angular acceleration and the vertical force.
// The force line is then kept near the mass centre and inside friction, the rows solved again,
// and tau = M qdd + h - passive - J' F - observed. In flight the same with F = 0 and G = 0.
// Source: control.md 3 (feasibility study of this project).
#include "control/parts.lane.h"

enum { N_BASE = 6, N_LEG = KC_N_LEG_JOINT };
static const double gravity = 9.80665;

typedef struct {
  real base[6 * N_BASE], leg[6 * N_LEG]; // Jacobian columns of pelvis and leg: angular, linear rows
  real bias[6], velocity[6];             // J' v and J v
  real pitch, roll;                      // of the foot, rad
  kc_vec3 point;                         // on the ground
  real up_share;                         // vertical share of the hip-to-point line
} foot_state;

static mask pick(const kc_control *c) { return c->on_leg[KC_LEFT]; }

// Jacobian, its bias and the velocity of the ground point under one foot's centre of pressure
static void compute_foot(kc_control *c, int k, foot_state *f) {
  int foot = c->map.leg[k].foot;
  real s = kc_clamp(c->time / c->stance_time, kc_real(0.0), kc_real(1.0));
  real ahead = c->p.cop_start +
               (c->p.cop_end - c->p.cop_start) * kc_pow(kc_max(s, kc_real(1e-6)), c->p.cop_power);
  kc_vec3 sole = kc_sole_point(c, k, ahead), local;
  f->point = kc_body_point_position(c->body, foot, &sole);
  f->point.v[1] = kc_believed_height(c, k, f->point.v[0]);
  const kc_mat3 *R = &c->body->rot[foot], *T = &c->tree->to_link[foot];
  for (int i = 0; i < 3; i++) {
    local.v[i] = kc_real(0.0);
    for (int r = 0; r < 3; r++)
      local.v[i] += R->m[3 * r + i] * (f->point.v[r] - c->body->pos[foot].v[r]);
  }
  kc_body_compute_jacobian(c->tree, c->body, foot, &local, c->jacobian);
  for (int r = 0; r < 6; r++) {
    for (int j = 0; j < N_BASE; j++)
      f->base[r * N_BASE + j] = c->jacobian[r * c->n + j];
    for (int j = 0; j < N_LEG; j++)
      f->leg[r * N_LEG + j] = c->jacobian[r * c->n + c->map.leg[k].joint[j]];
    f->velocity[r] = kc_real(0.0);
    for (int j = 0; j < N_BASE; j++)
      f->velocity[r] += f->base[r * N_BASE + j] * c->v[j];
    for (int j = 0; j < N_LEG; j++)
      f->velocity[r] += f->leg[r * N_LEG + j] * c->v[c->map.leg[k].joint[j]];
  }
  kc_spatial bias;
  kc_body_compute_bias_acceleration(c->tree, c->body, foot, &local, &bias);
  for (int r = 0; r < 6; r++)
    f->bias[r] = bias.v[r];
  // vertical components of the foot's model axes: forward axis gives pitch, right axis roll
  real fore = kc_real(0.0), right = kc_real(0.0);
  for (int i = 0; i < 3; i++) {
    fore += R->m[3 + i] * T->m[3 * i];
    right += R->m[3 + i] * T->m[3 * i + 2];
  }
  f->pitch = kc_asin(kc_clamp(fore, kc_real(-1.0), kc_real(1.0)));
  f->roll = kc_asin(kc_clamp(-right, kc_real(-1.0), kc_real(1.0)));
  kc_vec3 up;
  real square = kc_real(0.0);
  for (int i = 0; i < 3; i++) {
    up.v[i] = c->leg[k].hip.v[i] - f->point.v[i];
    square += up.v[i] * up.v[i];
  }
  f->up_share = up.v[1] / kc_sqrt(square);
}

static void choose_foot(const kc_control *c, const foot_state *both, foot_state *f) {
  mask left = pick(c);
  for (int i = 0; i < 6 * N_BASE; i++)
    f->base[i] = kc_select(left, both[1].base[i], both[0].base[i]);
  for (int i = 0; i < 6 * N_LEG; i++)
    f->leg[i] = kc_select(left, both[1].leg[i], both[0].leg[i]);
  for (int i = 0; i < 6; i++) {
    f->bias[i] = kc_select(left, both[1].bias[i], both[0].bias[i]);
    f->velocity[i] = kc_select(left, both[1].velocity[i], both[0].velocity[i]);
  }
  for (int i = 0; i < 3; i++)
    f->point.v[i] = kc_select(left, both[1].point.v[i], both[0].point.v[i]);
  f->pitch = kc_select(left, both[1].pitch, both[0].pitch);
  f->roll = kc_select(left, both[1].roll, both[0].roll);
  f->up_share = kc_select(left, both[1].up_share, both[0].up_share);
}

// the virtual leg's force, limited in its rate; 0 in flight
static real leg_force(kc_control *c) {
  const kc_gait_params *p = &c->p;
  mask left = pick(c);
  real zero = kc_real(0.0), one = kc_real(1.0);
  real length = kc_select(left, c->leg[KC_LEFT].length, c->leg[KC_RIGHT].length);
  real rate = kc_select(left, c->leg[KC_LEFT].rate, c->leg[KC_RIGHT].rate);
  real knee =
      kc_select(left, c->q[c->map.leg[KC_LEFT].joint[3]], c->q[c->map.leg[KC_RIGHT].joint[3]]);
  real straight = kc_select(left, c->straight[KC_LEFT], c->straight[KC_RIGHT]);
  real shortened = c->touchdown_length - length;
  real spring = c->mass_scale * c->leg_stiffness * shortened;
  real damper = c->mass_scale * p->leg_damping * kc_min(zero, rate);
  real compression = spring - damper * kc_clamp(shortened / 0.02, zero, one);
  real x = c->takeoff_length * straight - length, xe = kc_max(x, kc_real(0.05));
  real kinetic = c->mass * (c->takeoff_speed * c->takeoff_speed - c->climb * kc_abs(c->climb));
  real energy = kinetic + 2.0 * gravity * c->mass * xe +
                2.0 * (c->mass_scale * p->takeoff_energy + c->energy_integral);
  real stiffness = kc_clamp(energy / (xe * xe), 4000.0 * c->mass_scale, 30000.0 * c->mass_scale);
  real blend =
      kc_smooth_step((c->time - c->extend_time + c->interval) / (p->extend_blend + c->interval));
  real extension = blend * stiffness * x + (1.0 - blend) * kc_max(zero, spring);
  extension *= kc_clamp((knee + 0.35) / 0.2, zero, one);
  real wanted =
      kc_clamp(kc_select(c->extending, extension, compression), zero, 3000.0 * c->mass_scale);
  real most = c->mass_scale * p->force_rate * c->interval;
  real next = c->leg_force + kc_clamp(wanted - c->leg_force, -2.5 * most, most);
  c->leg_force = kc_select(c->stance, kc_max(next, zero), zero);
  return c->leg_force;
}

// wanted acceleration of the stance foot minus its bias
static void foot_target(const kc_control *c, const foot_state *f, real *rhs) {
  const kc_gait_params *p = &c->p;
  real s = kc_clamp(c->time / c->stance_time, kc_real(0.0), kc_real(1.0));
  real rise =
      kc_clamp((s - p->heel_rise_onset) / (1.05 - p->heel_rise_onset), kc_real(0.0), kc_real(1.0));
  real pitch = kc_atan(c->slope) - p->heel_rise * rise * rise, roll = -kc_atan(c->camber);
  rhs[0] = p->foot_stiffness * (roll - f->roll) - p->foot_rotation_damping * f->velocity[0];
  rhs[1] = -0.5 * p->foot_rotation_damping * f->velocity[1];
  rhs[2] = p->foot_stiffness * (pitch - f->pitch) - p->foot_rotation_damping * f->velocity[2];
  for (int i = 3; i < 6; i++)
    rhs[i] = -p->foot_damping * f->velocity[i];
  for (int i = 0; i < 6; i++)
    rhs[i] -= f->bias[i];
}

// columns 0..5: G, column 6: g0 (N_LEG x 7); zero in flight
static void foot_at_rest(const kc_control *c, const foot_state *f, real *G) {
  real JJ[36], rhs[6];
  for (int r = 0; r < 6; r++)
    for (int s = 0; s <= r; s++) {
      real x = r == s ? c->p.leg_regularisation : kc_real(0.0);
      for (int j = 0; j < N_LEG; j++)
        x += f->leg[r * N_LEG + j] * f->leg[s * N_LEG + j];
      JJ[r * 6 + s] = x;
    }
  kc_small_cholesky(6, JJ);
  foot_target(c, f, rhs);
  for (int col = 0; col < 7; col++) {
    real y[6];
    for (int r = 0; r < 6; r++)
      y[r] = col == 6 ? rhs[r] : f->base[r * N_BASE + col];
    kc_small_cholesky_solve(6, JJ, y);
    for (int l = 0; l < N_LEG; l++) {
      real x = kc_real(0.0);
      for (int r = 0; r < 6; r++)
        x += f->leg[r * N_LEG + l] * y[r];
      G[l * 7 + col] = kc_select(c->stance, x, kc_real(0.0));
    }
  }
}

// pelvis rows: E = M_bb - M_bl G, b = c_b; tau holds M qdd + h for pelvis and stance leg at rest
static void pelvis_rows(const kc_control *c, const real *G, real *E, real *b) {
  mask left = pick(c);
  int n = c->n;
  for (int i = 0; i < N_BASE; i++) {
    real coupling[N_LEG];
    for (int l = 0; l < N_LEG; l++)
      coupling[l] = kc_select(left, c->mass_rows[i * n + c->map.leg[KC_LEFT].joint[l]],
                              c->mass_rows[i * n + c->map.leg[KC_RIGHT].joint[l]]);
    b[i] = c->tau[i];
    for (int l = 0; l < N_LEG; l++)
      b[i] += coupling[l] * G[l * 7 + 6];
    for (int j = 0; j < N_BASE; j++) {
      real x = c->mass_rows[i * n + j];
      for (int l = 0; l < N_LEG; l++)
        x -= coupling[l] * G[l * 7 + j];
      E[i * 6 + j] = x;
    }
  }
}

// forces that turn the pelvis as wanted, then what friction and the force line allow: F x y z,
// moment y
static void ground_force(kc_control *c, const foot_state *f, const real *E, const real *b,
                         real vertical, real *force) {
  real A[36], x[6];
  for (int i = 0; i < 6; i++) {
    x[i] = f->base[4 * N_BASE + i] * vertical - b[i];
    for (int j = 3; j < 6; j++)
      x[i] -= E[i * 6 + j] * c->qdd[j];
    for (int j = 0; j < 3; j++)
      A[i * 6 + j] = E[i * 6 + j];
    A[i * 6 + 3] = -f->base[3 * N_BASE + i];
    A[i * 6 + 4] = -f->base[5 * N_BASE + i];
    A[i * 6 + 5] = -f->base[1 * N_BASE + i];
  }
  kc_small_solve(6, A, x);
  real height = kc_max(c->com.v[1] - f->point.v[1], kc_real(0.3));
  real line_x = vertical * (c->com.v[0] - f->point.v[0]) / height;
  real line_z = vertical * (c->com.v[2] - f->point.v[2]) / height;
  real miss_x = c->p.moment_x * vertical, miss_z = c->p.moment_z * vertical;
  real most = c->p.friction_use * vertical;
  real fx = line_x + kc_clamp(x[3] - line_x, -miss_x, miss_x);
  real fz = line_z + kc_clamp(x[4] - line_z, -miss_z, miss_z);
  force[0] = kc_clamp(fx, -most, most);
  force[1] = vertical;
  force[2] = kc_clamp(fz, -0.5 * most, 0.5 * most);
  force[3] = kc_clamp(x[5], -0.06 * vertical, 0.06 * vertical);
}

// the pelvis' acceleration under that force, and the stance leg's that follows
static void solve_accelerations(kc_control *c, const foot_state *f, const real *G, real *E,
                                const real *b, const real *force) {
  real a[6];
  for (int i = 0; i < 6; i++)
    a[i] = f->base[3 * N_BASE + i] * force[0] + f->base[4 * N_BASE + i] * force[1] +
           f->base[5 * N_BASE + i] * force[2] + f->base[1 * N_BASE + i] * force[3] - b[i];
  kc_small_solve(6, E, a);
  for (int i = 0; i < 6; i++)
    c->qdd[i] = a[i];
  for (int l = 0; l < N_LEG; l++) {
    real x = G[l * 7 + 6];
    for (int j = 0; j < N_BASE; j++)
      x -= G[l * 7 + j] * a[j];
    x = kc_clamp(x, kc_real(-2500.0), kc_real(2500.0));
    for (int k = 0; k < KC_N_SIDE; k++) {
      int j = c->map.leg[k].joint[l];
      c->qdd[j] = kc_select(c->on_leg[k], x, c->qdd[j]);
    }
  }
}

void kc_control_compute_stance(kc_control *c) {
  foot_state both[KC_N_SIDE], f;
  real G[N_LEG * 7], E[36], b[6], force[4], given[3];
  for (int k = 0; k < KC_N_SIDE; k++)
    compute_foot(c, k, &both[k]);
  choose_foot(c, both, &f);
  real vertical = leg_force(c) * f.up_share;
  foot_at_rest(c, &f, G);
  // generalized forces with pelvis and stance leg not accelerated
  for (int i = 0; i < 3; i++)
    given[i] = c->qdd[3 + i];
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int l = 0; l < N_LEG; l++) {
      int j = c->map.leg[k].joint[l];
      c->qdd[j] = kc_select(c->on_leg[k], kc_real(0.0), c->qdd[j]);
    }
  for (int i = 0; i < N_BASE; i++)
    c->qdd[i] = kc_real(0.0);
  kc_body_compute_mass_rows(c->tree, c->body, N_BASE, c->in_mass_row, c->mass_rows);
  kc_body_compute_forces(c->tree, c->qdd, c->body, c->tau);
  pelvis_rows(c, G, E, b);
  for (int i = 0; i < 3; i++)
    c->qdd[3 + i] = given[i];
  ground_force(c, &f, E, b, vertical, force);
  solve_accelerations(c, &f, G, E, b, force);
  kc_body_compute_forces(c->tree, c->qdd, c->body, c->tau);
  for (int k = 0; k < KC_N_SIDE; k++)
    for (int l = 0; l < N_LEG; l++) {
      real from_ground = f.leg[3 * N_LEG + l] * force[0] + f.leg[4 * N_LEG + l] * force[1] +
                         f.leg[5 * N_LEG + l] * force[2] + f.leg[1 * N_LEG + l] * force[3];
      c->tau[c->map.leg[k].joint[l]] -= kc_select(c->on_leg[k], from_ground, kc_real(0.0));
    }
}
