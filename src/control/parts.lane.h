/// @file
/// The controller's own numbers, shared by its parts. Nothing outside src/control includes this.
#pragma once
#include "control/control.lane.h"
#include "control/params.h"
#include "control/reach.lane.h"
#include "control/recruit.lane.h"
#include "math/random.h"
#include "math/small.lane.h"

/// Speed for which parameters hold as they stand, m/s.
static const double kc_nominal_speed = 3.3;

/// The parameters of every lane.
typedef struct {
#define X(name, value, lower, upper, scale, unit, meaning) real name;
  KC_CONTROL_PARAMS(X)
#undef X
} kc_gait_params;

/// What truly branches, one per lane, scalar.
typedef struct {
  int stance;                                  ///< a foot is on the ground
  int leg;                                     ///< that foot's leg; in flight the one to land next
  int extending;                               ///< the stance leg lengthens
  double no_load;                              ///< s without load in this stance
  double run_time;                             ///< s since the start
  double x_last, t_last;                       ///< mass centre and time at the last take-off
  int n_fall[KC_N_SIDE];                       ///< footfalls so far
  double fall_x[KC_N_SIDE], fall_y[KC_N_SIDE]; ///< where each foot last stood, m
} kc_phase;

/// One leg at this tick.
typedef struct {
  kc_vec3 hip;       ///< hip centre, ground, m
  real length, rate; ///< virtual leg (hip to sole), m, m/s
  real angle, turn;  ///< leg line against the pelvis: hip flexion - knee / 2, rad, rad/s
} kc_leg_state;

/// Senses and commands of one tick.
typedef struct {
  kc_sense sense;
  real *command;    ///< (n)
  real *excitation; ///< (n_muscle)
} kc_memory;

/// A leg or the trunk: moments and the muscles recruited for them.
typedef struct {
  int n_moment, n_muscle;
  int joint[KC_RECRUIT_MAX_MOMENT];
  int muscle[KC_RECRUIT_MAX_MUSCLE];              ///< by the joints that they cross
  kc_recruit_span row[KC_RECRUIT_MAX_MOMENT];     ///< those that cross each joint
  kc_recruit_span crossed[KC_RECRUIT_MAX_MUSCLE]; ///< joints of the group that each crosses
  real multiplier[KC_RECRUIT_MAX_MOMENT];         ///< of the last tick: state
} kc_muscle_group;

/// Two legs and the trunk.
enum { KC_N_MUSCLE_GROUP = KC_N_SIDE + 1 };

/// Recruitment: topology and this tick's numbers.
typedef struct {
  kc_muscle_group group[KC_N_MUSCLE_GROUP];
  int n_arm_joint, n_arm_muscle; ///< joints of the arms, and muscles that cross them
  int arm_joint[KC_N_SIDE * 4], arm_muscle[KC_N_MUSCLE_GROUP * KC_RECRUIT_MAX_MUSCLE];
  kc_path_work *path;             ///< at the predicted pose
  kc_muscle_work *felt;           ///< at the pose that is felt
  mask begins;                    ///< at the first tick of a run
  mask as_believed;               ///< the body is the internal model, felt without noise
  kc_reach *reach;                ///< (n_muscle)
  real *weight;                   ///< (n_muscle) volume share; owns the arrays below
  real *activation;               ///< (n_muscle) now, as the commands since what is felt make it
  real *lower, *upper, *target;   ///< (n_muscle) activations within reach, and the one recruited
  real *gain, *base;              ///< (n_muscle) force = base + gain activation, N
  real *here, *length, *velocity; ///< (n_muscle) what forces are predicted from
  real *offset;                   ///< (n_muscle) felt length less that of the believed path, m
} kc_muscle_control;

struct kc_control {
  int n, n_muscle, n_node;
  kc_muscle_set *muscles; ///< of the internal model; NULL: motors at every joint
  kc_muscle_control mc;
  kc_runner_map map; ///< indices; lengths that differ between lanes stand below
  kc_tree *tree;
  kc_body_work *body;
  kc_force *force;
  kc_force_work *force_work;
  kc_gait_params p;
  // bodies as the controller believes them
  real thigh[KC_N_SIDE], shank[KC_N_SIDE], straight[KC_N_SIDE], ankle_height[KC_N_SIDE];
  kc_vec3 heel[KC_N_SIDE], ball[KC_N_SIDE]; ///< link frame of the rear foot
  real sole_share0[KC_N_SIDE],
      sole_share1[KC_N_SIDE]; ///< point on heel-ball per distance from ankle
  real mass, mass_scale, lag, horizon;
  real speed;         ///< asked for, m/s
  real *torque_limit; ///< (n)
  real interval;      ///< s between ticks
  int use_predictor, use_observer;
  // state that lasts
  real pace; ///< speed aimed at now, m/s: that asked for once it is gathered
  kc_phase phase[KC_LANES];
  real time;                                    ///< in this mode, s
  real stance_time;                             ///< expected, s
  real clock[KC_N_SIDE], clock_rate[KC_N_SIDE]; ///< swing phase 0..1
  real start_angle[KC_N_SIDE][KC_N_LEG_JOINT], start_rate[KC_N_SIDE][KC_N_LEG_JOINT];
  real touchdown_length, extend_time, leg_force;
  real energy_integral, place_integral;
  real slope;                ///< of the ground, as the last footfalls showed it
  kc_vec3 ground[KC_N_SIDE]; ///< where each foot met it last, as the internal model sees it, m
  real camber;               ///< as seen at the start
  real *q_before, *v_before, *observed;
  real *lacking; ///< (n) torque of muscles as believed less that felt, Nm
  // memory: the last n_delay + 1 ticks, one more for the command just sent
  int n_delay, n_memory;
  int n_delay_step, n_lag_step; ///< of the prediction: in each interval of the delay, over the lag
  long n_tick;
  int fresh[KC_LANES];       ///< 2: has not felt anything yet, 1: nor what its first command did
  kc_memory *memory;         ///< (n_memory)
  void *block;               ///< of all arrays
  double noise_sd[KC_LANES]; ///< rad
  kc_random noise[KC_LANES];
  // a course that bends
  double bend[KC_LANES];    ///< radius, m, right positive; 0: straight
  double heading[KC_LANES]; ///< of the course where the runner felt itself last, rad
  real curve;               ///< one over the radius, 1/m
  real root_before[12];     ///< pelvis' coordinates and rates felt at the last tick, ground
  kc_sense faced;           ///< what is felt as seen from the course; its q, v are its own
  // this tick
  mask stance, on_leg[KC_N_SIDE]; ///< stance on any leg, on that leg
  mask extending;
  real *q, *v, *torque; ///< predicted state
  real *qdd, *tau, *passive, *jacobian;
  real *mass_rows;  ///< (6 x n) of the mass matrix: the pelvis', in columns of pelvis and legs
  int *in_mass_row; ///< (n) 1 for these columns
  real *sling;      ///< (n) torques of fascia where the tick began, Nm
  kc_vec3 com, com_velocity;
  kc_vec3 sole[KC_N_SIDE]; ///< lowest sole point of each foot as felt, m
  real climb;              ///< vertical velocity of the mass centre relative to the slope
  real bank;               ///< lean into the bend: horizontal over vertical, to the right
  kc_leg_state leg[KC_N_SIDE];
  // adapted to speed and slope; level_takeoff to speed alone
  real knee_touchdown, takeoff_length, place_offset, lean, takeoff_speed, knee_swing;
  real level_takeoff, leg_stiffness, retraction;
};

#define kc_control_believed_ground KC_LANE(kc_control_believed_ground)
#define kc_control_compute_model KC_LANE(kc_control_compute_model)
#define kc_control_feel KC_LANE(kc_control_feel)
#define kc_control_face KC_LANE(kc_control_face)
#define kc_control_recall_command KC_LANE(kc_control_recall_command)
#define kc_control_recall_excitation KC_LANE(kc_control_recall_excitation)
#define kc_control_keep_command KC_LANE(kc_control_keep_command)
#define kc_control_predict KC_LANE(kc_control_predict)
#define kc_control_create_muscles KC_LANE(kc_control_create_muscles)
#define kc_control_destroy_muscles KC_LANE(kc_control_destroy_muscles)
#define kc_control_load_muscles KC_LANE(kc_control_load_muscles)
#define kc_control_expect_torque KC_LANE(kc_control_expect_torque)
#define kc_control_recruit KC_LANE(kc_control_recruit)
#define kc_control_observe KC_LANE(kc_control_observe)
#define kc_control_step_phase KC_LANE(kc_control_step_phase)
#define kc_control_compute_swing KC_LANE(kc_control_compute_swing)
#define kc_control_compute_stance KC_LANE(kc_control_compute_stance)

/// The ground without its waves: a plane is all the controller believes in.
kc_ground kc_control_believed_ground(const kc_ground *ground);
/// q, v -> pose, velocities, forces of tissue (bands, passive joints) in the internal model.
void kc_control_compute_model(kc_control *c);
/// Keeps what is sensed now; returns what is felt: the senses a delay ago.
const kc_sense *kc_control_feel(kc_control *c, const kc_sense *now);
/// felt -> felt as seen from the course; q_before, v_before likewise. Straight lanes as they were.
const kc_sense *kc_control_face(kc_control *c, const kc_sense *felt);
/// The command (n) given `age` ticks ago, 1 for the last one.
const real *kc_control_recall_command(kc_control *c, long age);
/// The same of the excitations (n_muscle).
const real *kc_control_recall_excitation(kc_control *c, long age);
/// Keeps this tick's command and excitations and ends the tick.
void kc_control_keep_command(kc_control *c, const kc_control_output *output);
/// felt -> q, v, torque: the state when a command given now acts.
void kc_control_predict(kc_control *c, const kc_sense *felt);
/// felt -> observed, sole.
void kc_control_observe(kc_control *c, const kc_sense *felt);
/// Events and clocks.
void kc_control_step_phase(kc_control *c, const kc_sense *felt);
/// qdd of both legs as if in swing, of spine and arms; desired qdd of the pelvis' hinges.
void kc_control_compute_swing(kc_control *c);
/// Stance leg and pelvis; tau.
void kc_control_compute_stance(kc_control *c);
/// Muscles of the internal model; 0 if there is no memory.
int kc_control_create_muscles(kc_control *c, const kc_model *model);
void kc_control_destroy_muscles(kc_control *c);
/// One lane: muscles, weights, horizon and lag.
void kc_control_load_muscles(kc_control *c, int lane, const kc_model *model);
/// felt -> lacking: what muscles of the internal model would give more than those of the body do,
/// at the fibre lengths that are felt; 0 where the body is as believed.
void kc_control_expect_torque(kc_control *c, const kc_sense *felt);
/// Torques asked for in output->command -> excitations; command becomes what muscles will give.
void kc_control_recruit(kc_control *c, const kc_sense *felt, const kc_control_output *output);

/// 0 at s <= 0, 1 at s >= 1, with zero first and second derivatives at both ends.
static inline real kc_smooth_step(real s) {
  s = kc_clamp(s, kc_real(0.0), kc_real(1.0));
  return s * s * s * (10.0 + s * (-15.0 + 6.0 * s));
}

/// Sole point at a distance ahead of the ankle, link frame of the rear foot.
static inline kc_vec3 kc_sole_point(const kc_control *c, int side, real ahead) {
  real share = c->sole_share0[side] + c->sole_share1[side] * ahead;
  kc_vec3 p;
  for (int i = 0; i < 3; i++)
    p.v[i] = c->heel[side].v[i] + share * (c->ball[side].v[i] - c->heel[side].v[i]);
  return p;
}

/// Height of the ground under one foot as the controller believes it: each foot tells of its own.
static inline real kc_believed_height(const kc_control *c, int side, real x) {
  return c->ground[side].v[1] + c->slope * (x - c->ground[side].v[0]);
}
