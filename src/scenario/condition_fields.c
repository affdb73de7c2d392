/// @file
/// The tables of the conditions. Their structs have no names of their own, so offsets are taken
/// within kc_condition and made relative.
#include "scenario/definition.h"

#define OFFSET(which, member) offsetof(kc_condition, which.member) - offsetof(kc_condition, which)
#define IN(which, member) .offset = OFFSET(which, member)
#define CONDITION_TABLE(which, fields)                                                             \
  {                                                                                                \
    .name = #which, .size = sizeof(((kc_condition *)0)->which),                                    \
    .n_field = (int)(sizeof fields / sizeof fields[0]), .field = fields, .has_place = 1            \
  }
#define SIDE(which, initial, needed)                                                               \
  {                                                                                                \
    .key = "side", .kind = KC_FIELD_ENUM, IN(which, side), .word = side_word, .value = initial,    \
    .required = needed, .meaning = "right, left or both"                                           \
  }
#define JOINTS(which)                                                                              \
  {                                                                                                \
    .key = "joints", .kind = KC_FIELD_LIST, IN(which, joint), .table = &joint_table,               \
    .count_offset = OFFSET(which, n_joint), .count = 40, .required = 1,                            \
    .meaning = "coordinates (knee_angle) or groups: leg hip ankle arm trunk"                       \
  }

static const char *const side_word[] = {"right", "left", "both", NULL};

static const kc_field joint_field[] = {
    {.key = "name",
     .kind = KC_FIELD_STRING,
     .offset = offsetof(kc_joint_choice, name),
     .count = KC_NAME_SIZE,
     .required = 1,
     .meaning = "coordinate, with or without its side"},
};
static const kc_table joint_table = {.name = "joints",
                                     .size = sizeof(kc_joint_choice),
                                     .n_field = 1,
                                     .field = joint_field,
                                     .has_short = 1,
                                     .has_place = 1};

static const kc_field leg_length_field[] = {
    SIDE(leg_length, KC_SIDE_LEFT, 1),
    {.key = "thigh",
     .kind = KC_FIELD_QUANTITY,
     IN(leg_length, thigh),
     .unit = "mm",
     .lower = -150,
     .upper = 150,
     .meaning = "added to the thigh bone"},
    {.key = "shank",
     .kind = KC_FIELD_QUANTITY,
     IN(leg_length, shank),
     .unit = "mm",
     .lower = -150,
     .upper = 150,
     .meaning = "added to the shank bone"},
    {.key = "total",
     .kind = KC_FIELD_QUANTITY,
     IN(leg_length, total),
     .unit = "mm",
     .lower = -200,
     .upper = 200,
     .meaning = "added to both bones in proportion to their lengths"},
};
static const kc_table leg_length_table = CONDITION_TABLE(leg_length, leg_length_field);

static const kc_field hip_field[] = {
    SIDE(hip_misalignment, KC_SIDE_LEFT, 1),
    {.key = "rotation",
     .kind = KC_FIELD_QUANTITY,
     IN(hip_misalignment, rotation),
     .unit = "deg",
     .lower = -20,
     .upper = 20,
     .meaning = "of the innominate about the sacroiliac axis, anterior positive"},
    {.key = "upslip",
     .kind = KC_FIELD_QUANTITY,
     IN(hip_misalignment, upslip),
     .unit = "mm",
     .lower = -30,
     .upper = 30,
     .meaning = "of the innominate, up positive"},
};
static const kc_table hip_table = CONDITION_TABLE(hip_misalignment, hip_field);

static const kc_field spring_field[] = {
    JOINTS(joint_spring),
    SIDE(joint_spring, KC_SIDE_BOTH, 0),
    {.key = "stiffness",
     .kind = KC_FIELD_QUANTITY,
     IN(joint_spring, stiffness),
     .unit = "Nm/rad",
     .lower = 0,
     .upper = 2000,
     .meaning = "of a spring added to each joint"},
    {.key = "rest",
     .kind = KC_FIELD_QUANTITY,
     IN(joint_spring, rest),
     .unit = "deg",
     .lower = -180,
     .upper = 180,
     .meaning = "angle at which the added spring is slack"},
    {.key = "damping",
     .kind = KC_FIELD_QUANTITY,
     IN(joint_spring, damping),
     .unit = "Nms/rad",
     .lower = 0,
     .upper = 100,
     .meaning = "added to each joint"},
};
static const kc_table spring_table = CONDITION_TABLE(joint_spring, spring_field);

static const kc_field sling_field[] = {
    {.key = "name",
     .kind = KC_FIELD_STRING,
     IN(sling, name),
     .count = KC_NAME_SIZE,
     .text = "all",
     .required = 1,
     .meaning = "of the sling without its side, such as posterior_oblique; or all"},
    SIDE(sling, KC_SIDE_BOTH, 0),
    {.key = "on",
     .kind = KC_FIELD_BOOL,
     IN(sling, on),
     .value = 1,
     .meaning = "false: switched off"},
    {.key = "stiffness",
     .kind = KC_FIELD_QUANTITY,
     IN(sling, stiffness),
     .value = 1,
     .lower = 0,
     .upper = 100,
     .meaning = "factor on the stiffness"},
    {.key = "slack",
     .kind = KC_FIELD_QUANTITY,
     IN(sling, slack),
     .unit = "mm",
     .lower = -100,
     .upper = 200,
     .meaning = "added to the slack length of the whole sling"},
    {.key = "pretension",
     .kind = KC_FIELD_QUANTITY,
     IN(sling, pretension),
     .unit = "N",
     .lower = -500,
     .upper = 500,
     .meaning = "added to the tension at the neutral posture"},
    {.key = "shortening",
     .kind = KC_FIELD_QUANTITY,
     IN(sling, shortening),
     .unit = "%",
     .lower = -20,
     .upper = 20,
     .meaning = "of the slack length, all along the sling"},
    {.key = "adhesion",
     .kind = KC_FIELD_QUANTITY,
     IN(sling, adhesion),
     .unit = "%",
     .lower = 0,
     .upper = 95,
     .meaning = "of the glide of its nodes that is lost"},
};
static const kc_table sling_table = CONDITION_TABLE(sling, sling_field);

static const kc_field arms_field[] = {
    SIDE(arms, KC_SIDE_BOTH, 0),
    {.key = "stiffness",
     .kind = KC_FIELD_QUANTITY,
     IN(arms, stiffness),
     .unit = "Nm/rad",
     .value = 300,
     .lower = 0,
     .upper = 2000,
     .meaning = "of springs at shoulder and elbow that hold the arm"},
    {.key = "damping",
     .kind = KC_FIELD_QUANTITY,
     IN(arms, damping),
     .unit = "Nms/rad",
     .value = 5,
     .lower = 0,
     .upper = 100,
     .meaning = "added to shoulder and elbow"},
    {.key = "flexion",
     .kind = KC_FIELD_QUANTITY,
     IN(arms, flexion),
     .unit = "deg",
     .lower = -60,
     .upper = 120,
     .meaning = "of the shoulder, where it is held"},
    {.key = "elbow",
     .kind = KC_FIELD_QUANTITY,
     IN(arms, elbow),
     .unit = "deg",
     .value = 90,
     .lower = 0,
     .upper = 150,
     .meaning = "angle of the elbow, where it is held"},
};
static const kc_table arms_table = CONDITION_TABLE(arms, arms_field);

static const kc_field muscle_choice_field[] = {
    {.key = "name",
     .kind = KC_FIELD_STRING,
     .offset = offsetof(kc_joint_choice, name),
     .count = KC_NAME_SIZE,
     .required = 1,
     .meaning = "muscle, with or without its side; a group; or all"},
};
static const kc_table muscle_choice_table = {.name = "muscles",
                                             .size = sizeof(kc_joint_choice),
                                             .n_field = 1,
                                             .field = muscle_choice_field,
                                             .has_short = 1,
                                             .has_place = 1};
#define MUSCLES(which, needed)                                                                     \
  {                                                                                                \
    .key = "muscles", .kind = KC_FIELD_LIST, IN(which, muscle), .table = &muscle_choice_table,     \
    .count_offset = OFFSET(which, n_muscle), .count = 40, .required = needed,                      \
    .meaning = "muscles (glmed1), groups that the model names (hamstrings), or all"                \
  }

static const kc_field weak_field[] = {
    {.key = "joints",
     .kind = KC_FIELD_LIST,
     IN(weak, joint),
     .table = &joint_table,
     .count_offset = OFFSET(weak, n_joint),
     .count = 40,
     .meaning = "coordinates (knee_angle) or groups: leg hip ankle arm trunk"},
    MUSCLES(weak, 0),
    SIDE(weak, KC_SIDE_BOTH, 0),
    {.key = "strength",
     .kind = KC_FIELD_QUANTITY,
     IN(weak, strength),
     .unit = "%",
     .value = 100,
     .lower = 1,
     .upper = 300,
     .meaning = "of the joints' torque limits, and of the muscles"},
};
static const kc_table weak_table = CONDITION_TABLE(weak, weak_field);

static const kc_field tight_field[] = {
    MUSCLES(tight, 1),
    SIDE(tight, KC_SIDE_BOTH, 0),
    {.key = "length",
     .kind = KC_FIELD_QUANTITY,
     IN(tight, length),
     .unit = "%",
     .value = 100,
     .lower = 50,
     .upper = 150,
     .meaning = "of optimal fibre and tendon slack length"},
    {.key = "stiffness",
     .kind = KC_FIELD_QUANTITY,
     IN(tight, stiffness),
     .value = 1,
     .lower = 0.1,
     .upper = 10,
     .meaning = "factor on the stiffness of the passive fibre"},
};
static const kc_table tight_table = CONDITION_TABLE(tight, tight_field);

static const kc_field restricted_field[] = {
    {.key = "joint",
     .kind = KC_FIELD_STRING,
     IN(restricted, joint),
     .count = KC_NAME_SIZE,
     .text = "hip_flexion",
     .required = 1,
     .meaning = "coordinate, with or without its side"},
    SIDE(restricted, KC_SIDE_BOTH, 0),
    {.key = "lower",
     .kind = KC_FIELD_QUANTITY,
     IN(restricted, lower),
     .unit = "deg",
     .value = NAN,
     .lower = -200,
     .upper = 200,
     .meaning = "new lower end of the range"},
    {.key = "upper",
     .kind = KC_FIELD_QUANTITY,
     IN(restricted, upper),
     .unit = "deg",
     .value = NAN,
     .lower = -200,
     .upper = 200,
     .meaning = "new upper end of the range"},
    {.key = "steepness",
     .kind = KC_FIELD_QUANTITY,
     IN(restricted, steepness),
     .value = 1,
     .lower = 0.1,
     .upper = 10,
     .meaning = "factor on how fast the torque rises at the ends"},
};
static const kc_table restricted_table = CONDITION_TABLE(restricted, restricted_field);

static const kc_field change_field[] = {
    {.key = "address",
     .kind = KC_FIELD_STRING,
     IN(change, address),
     .count = 120,
     .required = 1,
     .meaning = "any address of the body, such as joint/knee_angle_l/torque_limit"},
    {.key = "value",
     .kind = KC_FIELD_STRING,
     IN(change, value),
     .count = 80,
     .required = 1,
     .meaning = "with its unit"},
};
static const kc_table change_table = CONDITION_TABLE(change, change_field);

#define KIND(name, fields)                                                                         \
  { .key = #name, .kind = KC_FIELD_TABLE, .offset = offsetof(kc_condition, name), .table = &fields }

static const kc_field condition_field[] = {
    KIND(leg_length, leg_length_table),
    KIND(hip_misalignment, hip_table),
    KIND(joint_spring, spring_table),
    KIND(sling, sling_table),
    KIND(arms, arms_table),
    KIND(weak, weak_table),
    KIND(tight, tight_table),
    KIND(restricted, restricted_table),
    KIND(change, change_table),
};
const kc_table kc_condition_table = KC_TABLE("conditions", kc_condition, condition_field);
