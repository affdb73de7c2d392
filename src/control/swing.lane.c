// Swing: where the foot lands and how it gets there; posture of pelvis, spine, arms.
//
//   x = fx vx Ts + kx (vx - v_des) + x0 + xi        landing point relative to the mass centre
//   z = fz vz Ts + kv vz + kl z_line +- width/2 - h v^2 / (g R)
// the last on a bend of radius R, h the mass centre's height: over that foot the runner leans as
// the bend wants it, and so its pelvis is held; forward, sideways and turning are those of the
// course. A two-link inverse kinematics in the pelvis frame turns it into hip angles; quintic
// Hermite pieces over the swing clock lead there from the measured take-off; servos give
// accelerations:
//   qdd = ref'' + K (ref - q) + D (ref' - v).
// Pelvis, spine and arms go with the legs: with d the angle between both leg lines,
//   list = a d + b d',  rotation = c d + e d',  bending of the spine = -share list,
// rotation of the spine and flexion of the arms in proportion to d.
// Source: control.md 3 (feasibility study of this project), in the coordinates of the model.
#include "control/parts.lane.h"

enum { FLEX, ADD, ROT, KNEE, ANKLE, SUBTALAR };
static const double pi = 3.14159265358979323846, gravity = 9.80665;
#define NOMINAL_CLOCK_RATE 2.2 // 1/s, turns take-off rates into rates over the clock

// quintic Hermite piece on 0..1 with zero end accelerations, straight beyond: differences about the
// take-off reach before it
static real hermite(real s, real x0, real v0, real x1, real v1) {
  real t = kc_clamp(s, kc_real(0.0), kc_real(1.0));
  real t3 = t * t * t, t4 = t3 * t, t5 = t4 * t;
  real blend = 10.0 * t3 - 15.0 * t4 + 6.0 * t5;
  real inside = x0 * (1.0 - blend) + x1 * blend + v0 * (t - 6.0 * t3 + 8.0 * t4 - 3.0 * t5) +
                v1 * (-4.0 * t3 + 7.0 * t4 - 3.0 * t5);
  real behind = x0 + v0 * kc_min(s, kc_real(0.0)), ahead = x1 + v1 * (s - 1.0);
  return kc_select(kc_gt(s, kc_real(1.0)), ahead,
                   kc_select(kc_lt(s, kc_real(0.0)), behind, inside));
}

// angle of the thigh ahead of the hip-ankle line for a knee angle
static real thigh_ahead(const kc_control *c, int side, real knee) {
  real s, co;
  kc_sincos(knee, &s, &co);
  return kc_atan2(c->shank[side] * s, c->thigh[side] + c->shank[side] * co);
}

static void reference(const kc_control *c, int k, real phase, const real *target, real *ref) {
  const real *q0 = c->start_angle[k], *v0 = c->start_rate[k];
  real peak = c->p.knee_swing_phase, end = c->p.knee_extend_phase;
  real rise = hermite(phase / peak, q0[KNEE],
                      kc_clamp(v0[KNEE], kc_real(-6.0), kc_real(12.0)) * peak / NOMINAL_CLOCK_RATE,
                      c->knee_swing, kc_real(0.0));
  real fall = hermite((phase - peak) / (end - peak), c->knee_swing, kc_real(0.0), target[KNEE],
                      kc_real(0.0));
  real knee = kc_select(kc_lt(phase, peak), rise, fall);
  real line0 = q0[FLEX] - thigh_ahead(c, k, q0[KNEE]);
  real line1 = target[FLEX] - thigh_ahead(c, k, target[KNEE]);
  real rate0 = kc_clamp(v0[FLEX] - 0.5 * v0[KNEE], kc_real(-8.0), kc_real(3.0));
  real line =
      hermite(phase, line0, rate0 / NOMINAL_CLOCK_RATE, line1, -c->retraction / NOMINAL_CLOCK_RATE);
  real s = kc_smooth_step(phase);
  ref[FLEX] = line + thigh_ahead(c, k, knee);
  ref[KNEE] = knee;
  ref[ADD] = q0[ADD] + (target[ADD] - q0[ADD]) * s;
  ref[ROT] = q0[ROT] * (1.0 - s);
  ref[ANKLE] = q0[ANKLE] + (c->p.ankle_swing - q0[ANKLE]) * kc_smooth_step(phase / 0.5) +
               (target[ANKLE] - c->p.ankle_swing) * kc_smooth_step((phase - 0.6) / 0.35);
  ref[SUBTALAR] = q0[SUBTALAR] * (1.0 - s);
}

// where the ankle shall be relative to the hip at landing: forward, sideways
static void place_foot(const kc_control *c, int k, real *ahead, real *aside) {
  double sign = k == KC_RIGHT ? 1.0 : -1.0;
  const kc_vec3 *v = &c->com_velocity, *com = &c->com;
  real x = c->p.place_x_neutral * v->v[0] * c->stance_time +
           c->p.place_x_speed * (v->v[0] - c->pace) +
           c->place_offset * kc_min(kc_real(1.0), c->pace / kc_nominal_speed) + c->place_integral;
  real z = c->p.place_z_neutral * v->v[2] * c->stance_time + c->p.place_z_speed * v->v[2] +
           c->p.place_z_line * com->v[2] + sign * 0.5 * c->p.step_width;
  z = sign * kc_max(sign * z, kc_real(-0.03));
  z = z - c->bank * (com->v[1] - kc_believed_height(c, k, com->v[0]));
  *ahead = com->v[0] + x - c->leg[k].hip.v[0] - c->p.cop_start;
  *aside = kc_clamp(com->v[2] + z - c->leg[k].hip.v[2], kc_real(-0.3), kc_real(0.3));
}

// joint angles at touch-down
static void aim(const kc_control *c, int k, real *target) {
  double sign = k == KC_RIGHT ? 1.0 : -1.0;
  real ahead, aside, knee = c->knee_touchdown;
  place_foot(c, k, &ahead, &aside);
  real reach = kc_sqrt(c->thigh[k] * c->thigh[k] + c->shank[k] * c->shank[k] +
                       2.0 * c->thigh[k] * c->shank[k] * kc_cos(knee));
  ahead = kc_clamp(ahead, -0.55 * reach, 0.65 * reach);
  real w[3] = {ahead / reach, kc_real(0.0), aside / reach};
  w[1] = -kc_sqrt(kc_max(kc_real(0.05), 1.0 - w[0] * w[0] - w[2] * w[2]));
  // into the pelvis' model frame
  const kc_mat3 *R = &c->body->rot[c->map.pelvis], *T = &c->tree->to_link[c->map.pelvis];
  real link[3], d[3];
  for (int i = 0; i < 3; i++)
    link[i] = R->m[i] * w[0] + R->m[3 + i] * w[1] + R->m[6 + i] * w[2];
  for (int i = 0; i < 3; i++)
    d[i] = T->m[i] * link[0] + T->m[3 + i] * link[1] + T->m[6 + i] * link[2];
  target[FLEX] = kc_atan2(d[0], -d[1]) + thigh_ahead(c, k, knee);
  target[ADD] = -kc_asin(kc_clamp(sign * d[2], kc_real(-0.5), kc_real(0.5)));
  target[ROT] = kc_real(0.0);
  target[KNEE] = knee;
  target[ANKLE] =
      kc_clamp(c->p.foot_touchdown + kc_atan(c->slope) - (target[FLEX] + c->q[c->map.tilt] - knee),
               kc_real(-0.8), kc_real(0.5));
  target[SUBTALAR] = kc_real(0.0);
}

static void swing_leg(kc_control *c, int k) {
  const double e = 0.01;
  real target[KC_N_LEG_JOINT], ref[KC_N_LEG_JOINT], above[KC_N_LEG_JOINT], below[KC_N_LEG_JOINT];
  aim(c, k, target);
  reference(c, k, c->clock[k], target, ref);
  reference(c, k, c->clock[k] + e, target, above);
  reference(c, k, c->clock[k] - e, target, below);
  real pace = c->clock_rate[k];
  for (int i = 0; i < KC_N_LEG_JOINT; i++) {
    int j = c->map.leg[k].joint[i];
    real rate = (above[i] - below[i]) * (0.5 / e) * pace;
    real bend = (above[i] - 2.0 * ref[i] + below[i]) * (1.0 / (e * e)) * pace * pace;
    real a = kc_clamp(bend, kc_real(-600.0), kc_real(600.0)) +
             c->p.swing_stiffness * (ref[i] - c->q[j]) + c->p.swing_damping * (rate - c->v[j]);
    c->qdd[j] = kc_clamp(a, kc_real(-1500.0), kc_real(1500.0));
  }
}

static void servo(kc_control *c, int j, real ref, real rate, real stiffness, real damping) {
  c->qdd[j] = kc_clamp(stiffness * (ref - c->q[j]) + damping * (rate - c->v[j]), kc_real(-400.0),
                       kc_real(400.0));
}

// a posture that goes with the legs' swing
typedef struct {
  real angle, rate;
} posture;

// legs' lines apart, right ahead positive, and how fast the thighs part: knees bend by jerks
static posture legs_apart(const kc_control *c) {
  int right = c->map.leg[KC_RIGHT].joint[FLEX], left = c->map.leg[KC_LEFT].joint[FLEX];
  return (posture){c->leg[KC_RIGHT].angle - c->leg[KC_LEFT].angle, c->v[right] - c->v[left]};
}

// share of the legs' angle and `lead` seconds of its rate. The rate's own rate is that of a swing
// that repeats with the stride: -w2 times the angle
static posture follow(const kc_control *c, posture legs, real share, real lead) {
  real pace = pi / (c->stance_time + 2.0 / gravity * c->level_takeoff);
  return (posture){share * legs.angle + lead * legs.rate,
                   share * legs.rate - lead * pace * pace * legs.angle};
}

static void upper_body(kc_control *c, posture legs, posture list) {
  const real zero = kc_real(0.0), lead = c->p.swing_lead;
  posture twist = follow(c, legs, -0.25 * c->p.trunk_rotation, zero);
  for (int i = 0; i < 9; i++) {
    int extends = i == 0 || i == 3, bends = i == 1 || i == 4, turns = i == 2 || i == 5;
    real bend = -0.5 * c->p.trunk_bending;
    real ref = turns     ? twist.angle
               : bends   ? bend * list.angle
               : extends ? 0.5 * c->p.trunk_extension
                         : zero;
    real rate = turns ? lead * twist.rate : bends ? bend * list.rate : zero;
    servo(c, c->map.spine[i], ref, rate, c->p.trunk_stiffness, c->p.trunk_damping);
  }
  for (int k = 0; k < KC_N_SIDE; k++) {
    posture swing = follow(c, legs, (k == KC_RIGHT ? -0.5 : 0.5) * c->p.arm_swing, zero);
    real ref[4] = {c->p.arm_flexion + swing.angle, -c->p.arm_abduction, zero, c->p.elbow_flexion};
    for (int i = 0; i < 4; i++)
      servo(c, c->map.arm[k][i], ref[i], i ? zero : lead * swing.rate, c->p.arm_stiffness,
            c->p.arm_damping);
  }
}

// desired acceleration of a hinge of the pelvis
static void turn_pelvis(kc_control *c, int j, posture ref, real stiffness, real damping) {
  c->qdd[j] = stiffness * (ref.angle - c->q[j]) + damping * (ref.rate - c->v[j]);
}

void kc_control_compute_swing(kc_control *c) {
  const kc_gait_params *p = &c->p;
  for (int j = 0; j < c->n; j++)
    c->qdd[j] = kc_real(0.0);
  for (int k = 0; k < KC_N_SIDE; k++)
    swing_leg(c, k);
  posture legs = legs_apart(c), lean = {-c->lean, kc_real(0.0)};
  posture list = follow(c, legs, p->list_swing, p->list_lead);
  posture rotation = follow(c, legs, p->rotation_swing, p->rotation_lead);
  upper_body(c, legs, list);
  list.angle += c->bank;
  rotation.rate -= c->com_velocity.v[0] * c->curve;
  turn_pelvis(c, c->map.tilt, lean, p->tilt_stiffness, p->tilt_damping);
  turn_pelvis(c, c->map.list, list, p->list_stiffness, p->list_damping);
  turn_pelvis(c, c->map.rotation, rotation, p->rotation_stiffness, p->rotation_damping);
}
