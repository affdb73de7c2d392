/// @file
/// Every refusal of a model file, with its place and what to do.
#include "runner.h"

#include <string.h>

#define HEAD "name: probe\nbodies:\n"
#define ROD                                                                                        \
  "  rod:\n    parent: ground\n    joint:\n      q1: {axis: 0 0 1, range: -90 90 deg}\n"           \
  "    mass:\n      - {mass: 1.37 kg, com: 0 -0.35 0 m, inertia: 0.05 0.01 0.05 0 0 0 kg m2}\n"
#define SIZE "size: {sex: male, mass: 61.3 kg, stature: 1.71 m}\n"

#define MUSCLE(text, points, wraps)                                                                \
  "muscles:\n  m_r:\n    max_isometric_force: 731 N\n    optimal_fibre_length: 83 mm\n"            \
  "    tendon_slack_length: 17 mm\n" text "    points: [" points "]\n" wraps
#define POINTS "{body: rod, at: 0 0.3 0.1 m}, {body: rod, at: 0 -0.3 0.1 m}"
#define WRAPS "wraps:\n  c_r: {body: rod, at: 0.05 0 0 m, radius: 20 mm, length: 90 mm}\n"
#define KNOT(angle) "{angle: " angle " deg, at: 0 0 m, turn: 0 rad}"
#define KNOTS                                                                                      \
  "[" KNOT("0") "," KNOT("1") "," KNOT("2") "," KNOT("3") "," KNOT("4") "," KNOT("5") "," KNOT(    \
      "6") "," KNOT("7") "," KNOT("8") "," KNOT("9")

#define NODES(more) "nodes:\n  n: {body: rod, at: 0 0 0.1 m, drag: 50 N s/m" more "}\n"
#define BAND(text, points) "bands:\n  s_r: {" text "points: [" points "]}\n"
#define FROM_NODE "{node: n}, {body: rod, at: 0 1 0 m}"

typedef struct {
  const char *yaml, *place, *text;
} refusal;

static const refusal refusals[] = {
    {HEAD "  rod:\n    parent: ground\n    joint:\n      q1: {axis: 0 0 1}\n"
          "    mass:\n      - {mass: -1.3 kg, inertia: 0.05 0.01 0.05 0 0 0 kg m2}\n",
     "probe.yaml:8", "greater than 0"},
    {HEAD "  rod:\n    parent: ground\n    joint:\n      q1: {axis: 0 0 1}\n"
          "    mass:\n      - {mass: 1.3 kg, inertia: 0.05 0.01 0.07 0 0 0 kg m2}\n",
     "probe.yaml:4", "no body"},
    {HEAD "  rod:\n    parent: ground\n    joint:\n      q1: {axis: 0 0 1}\n"
          "    mass:\n      - {mass: 1.3 kg, inertia: 0.05 0.05 0.05 0.06 0 0 kg m2}\n",
     "probe.yaml:4", "no body"},
    {HEAD "  rod:\n    parent: groud\n    joint:\n      q1: {axis: 0 0 1}\n"
          "    mass:\n      - {mass: 1.3 kg, inertia: 0.05 0.05 0.05 0 0 0 kg m2}\n",
     "probe.yaml:4", "'groud' is no body"},
    {HEAD "  one:\n    parent: two\n    joint:\n      q1: {axis: 0 0 1}\n"
          "  two:\n    parent: one\n    joint:\n      q2: {axis: 0 0 1}\n",
     "probe.yaml:4", "cycle"},
    {HEAD "  one:\n    parent: two\n    joint:\n      q1: {axis: 0 0 1}\n"
          "    mass:\n      - {mass: 1.3 kg, inertia: 0.05 0.05 0.05 0 0 0 kg m2}\n"
          "  two:\n    parent: ground\n    joint:\n      q2: {axis: 0 0 1}\n",
     "probe.yaml:4", "comes after it"},
    {HEAD "  rod:\n    parent: ground\n    joint:\n      q1: {axis: 0 0 0}\n"
          "    mass:\n      - {mass: 1.3 kg, inertia: 0.05 0.05 0.05 0 0 0 kg m2}\n",
     "probe.yaml:6", "length zero"},
    {HEAD "  rod:\n    parent: ground\n    joint:\n      q1: {axis: 0 0 1, range: 40 -40 deg}\n"
          "    mass:\n      - {mass: 1.3 kg, inertia: 0.05 0.05 0.05 0 0 0 kg m2}\n",
     "probe.yaml:6", "exchange them"},
    {HEAD "  rod:\n    parent: ground\n    joint:\n      q1: {axis: 0 0 1}\n", "probe.yaml:4",
     "needs a mass"},
    {HEAD ROD "  bar:\n    parent: rod\n    joint:\n      q1: {axis: 0 0 1}\n"
              "    mass:\n      - {mass: 1 kg, inertia: 1 1 1 0 0 0 kg m2}\n",
     "probe.yaml:12", "stands twice"},
    {HEAD ROD "  bar_r:\n    parent: rod\n    joint:\n      q2: {axis: 0 0 1}\n"
              "    mass:\n      - {mass: 1 kg, inertia: 1 1 1 0 0 0 kg m2}\n",
     "probe.yaml:12", "must end as"},
    {HEAD ROD "  bar_l:\n    parent: rod\n    joint:\n      q2_l: {axis: 0 0 1}\n"
              "    mass:\n      - {mass: 1 kg, inertia: 1 1 1 0 0 0 kg m2}\n",
     "probe.yaml:10", "suffix _r"},
    {HEAD ROD "spheres:\n  heel_r: {body: foot_r, at: 0 0 0 m, stiffness: 7e5 N/m^1.5}\n",
     "probe.yaml:10", "'foot_l' is no body"},
    {HEAD ROD "spheres:\n  heel: {body: rod, at: 0 0 0 m, stiffness: 7e5 N/m^1.5}\n",
     "probe.yaml:10", "belongs to a foot"},
    {HEAD ROD "bands:\n  s_r: {points: [{body: rod, at: 0 0 0 m}]}\n", "probe.yaml:10",
     "two points"},
    {HEAD ROD "bands:\n  s_r: {points: [{body: rod, at: 0 0 0 m}, {body: rood, at: 0 1 0 m}]}\n",
     "probe.yaml:10", "'rood' is no body"},
    {HEAD ROD "nodes:\n  n: {body: rud, drag: 9 N s/m, stiffness: 9 N/m}\n", "probe.yaml:10",
     "'rud' is no body"},
    {HEAD ROD "nodes:\n  n: {body: rod, stiffness: 9 N/m}\n", "probe.yaml:10",
     "needs one greater than 0"},
    {HEAD ROD NODES(""), "probe.yaml:10", "nothing holds it"},
    {HEAD ROD "nodes:\n  n_l: {body: rod, drag: 9 N s/m, stiffness: 9 N/m}\n", "probe.yaml:10",
     "suffix _r"},
    {HEAD ROD NODES(", innominate: true, stiffness: 9 N/m"), "probe.yaml:10",
     "an innominate point lies on"},
    {HEAD ROD NODES("") BAND("", "{node: m}, {body: rod, at: 0 1 0 m}"), "probe.yaml:12",
     "node 'm' is no fascial node"},
    {HEAD ROD NODES("") BAND("", "{body: rod, at: 0 2 0 m}, {node: n}, {body: rod, at: 0 1 0 m}"),
     "probe.yaml:12", "passes through the node 'n'"},
    {HEAD ROD NODES("") BAND("", "{node: n}, {node: n}"), "probe.yaml:12", "both its ends"},
    {HEAD ROD NODES("") BAND("", "{node: n, body: rod}, {body: rod, at: 0 1 0 m}"), "probe.yaml:12",
     "a node has its own body"},
    {HEAD ROD NODES("") BAND("", "{at: 0 0 0 m}, {node: n}"), "probe.yaml:12",
     "'body' is missing in 'point'"},
    {HEAD ROD NODES("") BAND("sling: s_r, ", FROM_NODE), "probe.yaml:12",
     "'s_r' is no sling of this model"},
    {HEAD ROD "slings:\n  t_r: {}\n", "probe.yaml:10", "no band is part of it"},
    {HEAD ROD "slings:\n  t_r: {adhesion: 96 %}\n", "probe.yaml:10", "allowed is 0 % to 95 %"},
    {HEAD ROD NODES(", stiffness: 9 N/m")
         MUSCLE("", "{body: rod, at: 0 2 0 m}, {node: n}, {body: rod, at: 0 1 0 m}", ""),
     "probe.yaml:16", "only its first or last point"},
    {HEAD ROD NODES(", stiffness: 9 N/m") MUSCLE("", "{body: rod, at: 0 2 0 m}, {node: o}", ""),
     "probe.yaml:16", "node 'o' is no fascial node"},
    {HEAD ROD MUSCLE("", "{body: rod, at: 0 0 0 m}", ""), "probe.yaml:11", "two points"},
    {HEAD ROD MUSCLE("", "{body: rod, at: 0 0.3 0 m}, {body: rod, at: 0 0.3 0 m}", ""),
     "probe.yaml:11", "its path has no length"},
    {HEAD ROD MUSCLE("", "{body: rod, at: 0 0 0 m}, {body: rood, at: 0 1 0 m}", ""),
     "probe.yaml:14", "'rood' is no body"},
    {HEAD ROD MUSCLE("    optimal_fibre_length: 0 mm\n", POINTS, ""), "probe.yaml:14",
     "stands twice"},
    {HEAD ROD MUSCLE("    pennation: 81 deg\n", POINTS, ""), "probe.yaml:14", "80 deg"},
    {HEAD ROD MUSCLE("    strength: -1\n", POINTS, ""), "probe.yaml:14", "allowed is 0"},
    {HEAD ROD "muscles:\n  m_r: {points: [" POINTS "]}\n", "probe.yaml:10",
     "optimal_fibre_length is 0 m"},
    {HEAD ROD "muscles:\n  m_r: {points: [" POINTS "]}\n", "probe.yaml:10",
     "max_isometric_force must be greater"},
    {HEAD ROD MUSCLE("", "{body: rod, at: 0 0 0 m, innominate: true}", ""), "probe.yaml:14",
     "an innominate point lies on"},
    {HEAD ROD WRAPS MUSCLE("", POINTS, "    wraps: [{wrap: d_r}]\n"), "probe.yaml:17",
     "'d_r' is no wrap"},
    {HEAD ROD WRAPS MUSCLE("", POINTS, "    wraps: [{wrap: c_r, after: 2}]\n"), "probe.yaml:17",
     "after point 2; its points are 1 to 2"},
    {HEAD ROD WRAPS MUSCLE("", "{body: rod, at: 0.05 0.01 0 m}, {body: rod, at: 0.2 1 0 m}",
                           "    wraps: [{wrap: c_r}]\n"),
     "probe.yaml:16", "point 1 lies 10 mm inside 'c_r'"},
    // on the axis, where the square of the distance comes out below 0
    {HEAD ROD "wraps:\n  c_r: {body: rod, at: 0.1 0.2 0.3 m, turn: 0.5 0.7 0 rad, radius: 20 mm, "
              "length: 90 mm}\n" MUSCLE(
                  "",
                  "{body: rod, at: 0.10064421768723769 0.19963331512241392 0.30067121216615894 m}, "
                  "{body: rod, at: 0.2 1 0 m}",
                  "    wraps: [{wrap: c_r}]\n"),
     "probe.yaml:16", "mm inside 'c_r'"},
    {HEAD ROD WRAPS MUSCLE("", POINTS, "    wraps: [{wrap: c_r, side: z}]\n"), "probe.yaml:17",
     "all or x or -x"},
    {HEAD ROD "wraps:\n  c_r: {body: rud, radius: 20 mm, length: 90 mm}\n", "probe.yaml:10",
     "'rud' is no body"},
    {HEAD ROD "wraps:\n  c_r: {body: rod, radius: 20 mm}\n", "probe.yaml:10",
     "radius and length must be greater"},
    {HEAD ROD "wraps:\n  c_l: {body: rod, radius: 20 mm, length: 9 mm}\n", "probe.yaml:10",
     "suffix _r"},
    {HEAD ROD "guides:\n  g: {body: rid, joint: q1, knots: " KNOTS "]}\n", "probe.yaml:10",
     "'rid' is no body"},
    {HEAD ROD "guides:\n  g: {body: rod, joint: q7, knots: " KNOTS "]}\n", "probe.yaml:10",
     "'q7' is no coordinate"},
    {HEAD ROD "guides:\n  g: {body: rod, joint: q1, knots: " KNOTS "," KNOT("7") "]}\n",
     "probe.yaml:10", "rising angle"},
    {HEAD ROD "guides:\n  g: {body: rod, joint: q1, knots: [" KNOT("7") "]}\n", "probe.yaml:10",
     "1 knots; its curves need 10"},
    {HEAD ROD "guides:\n  rod: {body: rod, joint: q1, knots: " KNOTS "]}\n", "probe.yaml:10",
     "stands twice"},
    {HEAD ROD "drag: {body: torso}\n", "drag", "'torso' is no body"},
    {HEAD "  rod:\n    parent: ground\n    joint:\n      q1: {axis: 0 0 1}\n"
          "    mass:\n      - {segment: shin, from: 0 0 0 m, to: 0 -1 0 m}\n" SIZE,
     "probe.yaml:8", "no segment of the table"},
    {HEAD "  rod:\n    parent: ground\n    joint:\n      q1: {axis: 0 0 1}\n"
          "    mass:\n      - {segment: shank, from: 0 0 0 m, to: 0 -1 0 m}\n",
     "size", "need a body size"},
    {HEAD "  rod:\n    parent: ground\n    scale: arm\n    joint:\n      q1: {axis: 0 0 1}\n"
          "    mass:\n      - {mass: 1 kg, inertia: 1 1 1 0 0 0 kg m2}\n",
     "probe.yaml:4", "'arm' is no segment"},
    {HEAD "  rod:\n    parent: ground\n    joint:\n      q1: {axis: 0 0 1}\n"
          "    mass:\n      - {mass: 1.3, inertia: 0.05 0.01 0.05 0 0 0 kg m2}\n",
     "probe.yaml:8", "kg"},
    {HEAD "  rod:\n    parent: ground\n    joint:\n      q1: {axs: 0 0 1}\n", "probe.yaml:6",
     "axis"},
};

static void every_refusal_names_place_and_reason(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
    const refusal *r = &refusals[i];
    kc_error error = kc_error_default();
    kc_model *model = NULL;
    kc_status status = kc_model_read_text(r->yaml, strlen(r->yaml), "probe.yaml", &model, &error);
    int found = 0;
    for (int k = 0; k < error.n_finding; k++)
      found |= strstr(error.finding[k].place, r->place) && strstr(error.finding[k].text, r->text);
    if (!found)
      for (int k = 0; k < error.n_finding; k++)
        print_message("%zu: %s: %s\n", i, error.finding[k].place, error.finding[k].text);
    if (!found)
      fail_msg("case %zu: no finding at %s with '%s'", i, r->place, r->text);
    assert_int_equal(status, KC_ERR_INPUT);
    assert_null(model);
    kc_error_destroy(&error);
  }
}

static void all_problems_come_at_once(void **state) {
  (void)state;
  const char *text = HEAD "  one:\n    parent: nobody\n    joint:\n      q1: {axis: 0 0 0}\n"
                          "  two:\n    parent: one\n    joint:\n      q1: {axis: 0 1 0}\n"
                          "bands:\n  s_r: {points: [{body: one, at: 0 0 0 m}]}\n";
  kc_error error = kc_error_default();
  kc_model *model = NULL;
  assert_int_equal(kc_model_read_text(text, strlen(text), "probe.yaml", &model, &error),
                   KC_ERR_INPUT);
  // unknown parent, zero axis, doubled name, leaf without mass, both mirrored slings of one point
  assert_int_equal(error.n_finding, 6);
  kc_error_destroy(&error);
}

static void good_probe_is_read(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  kc_model *model = NULL;
  const char *text = HEAD ROD;
  assert_int_equal(kc_model_read_text(text, strlen(text), "probe.yaml", &model, &error), KC_OK);
  assert_near(model->mass, 1.37, 0);
  kc_model_destroy(model);
  assert_int_not_equal(kc_model_read("/nowhere/at/all.yaml", &model, &error), KC_OK);
  assert_int_equal(error.n_finding, 1);
  assert_null(model);
  kc_error_destroy(&error);
}

static void impossible_conditions_are_refused(void **state) {
  (void)state;
  kc_error error = kc_error_default();
  kc_model_def *def = read_def();
  kc_model *model = NULL;
  def->innominate_angle[KC_RIGHT] = 0.7;
  def->innominate_slip[KC_LEFT] = NAN;
  def->body[kc_model_def_find_body(def, "tibia_r")].length_change = -0.4;
  assert_int_equal(kc_model_compile_def(def, &model, &error), KC_ERR_INPUT);
  assert_int_equal(error.n_finding, 3);
  assert_null(model);
  kc_error_destroy(&error);
  def->innominate_angle[KC_RIGHT] = def->innominate_slip[KC_LEFT] = 0;
  def->body[kc_model_def_find_body(def, "tibia_r")].length_change = 0;
  def->band[2].slack_change = -3.1;
  assert_int_equal(kc_model_compile_def(def, &model, &error), KC_ERR_INPUT);
  assert_non_null(strstr(error.finding[0].text, "leaves no length"));
  kc_error_destroy(&error);
  kc_model_destroy_def(def);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(good_probe_is_read),
      cmocka_unit_test(every_refusal_names_place_and_reason),
      cmocka_unit_test(all_problems_come_at_once),
      cmocka_unit_test(impossible_conditions_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
