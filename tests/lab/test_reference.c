/// @file
/// Reference tables: what is read, the shipped ones, and every refusal with place and remedy.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab/reference.h"
#include "near.h"

#define HEAD "# speed: 3.1 m/s\n# threshold: 30 N\nquantity,percent,mean,sd,unit\n"

static kc_status parse(const char *text, kc_reference **reference, kc_error *error) {
  char *copy = strdup(text);
  *error = kc_error_default();
  kc_status status = kc_lab_parse_reference("men.csv", copy, reference, error);
  free(copy);
  return status;
}

static void reads_a_table_in_any_unit(void **state) {
  (void)state;
  kc_reference *t;
  kc_error error;
  const char *text = "# Eleven men.\n# source: Somebody 2011,\n#  source: J Gait 3:14\r\n"
                     "#speed: 11.52 km/h\n# threshold: 0.03 kN\n# filter: 17 Hz\n"
                     "unit,sd,mean,percent,quantity\n"
                     "rad,0.1,-0.25,0,knee_angle\n deg , 7.1 , 13 , 12.5 , knee_angle\n"
                     "Hz,0.125,2.75,,step_rate\n% ,1.3,37.6,,duty_factor\n"
                     "BW,0.1,1,0,force_vertical\nBW,0.2,2,100,force_vertical\n";
  assert_int_equal(parse(text, &t, &error), KC_OK);
  assert_string_equal(t->source, "Somebody 2011, J Gait 3:14");
  assert_string_equal(t->assumption, "");
  assert_near(t->speed, 3.2, 1e-14);
  assert_near(t->threshold, 30, 1e-13);
  assert_near(t->filter, 17, 0);
  const kc_reference_curve *knee = &t->curve[KC_QUANTITY_knee_angle];
  assert_int_equal(knee->n, 2);
  assert_near(knee->mean[0], -0.25 * 180 / 3.14159265358979323846, 1e-13);
  assert_near(knee->sd[1], 7.1, 0);
  assert_near(knee->percent[1], 12.5, 0);
  assert_near(t->curve[KC_QUANTITY_step_rate].mean[0], 165, 1e-12);
  assert_near(t->curve[KC_QUANTITY_step_rate].sd[0], 7.5, 1e-13);
  assert_near(t->curve[KC_QUANTITY_duty_factor].mean[0], 0.376, 1e-15);
  assert_int_equal(t->curve[KC_QUANTITY_hip_flexion].n, 0);
  kc_lab_destroy_reference(t);
  kc_error_destroy(&error);
}

static void refuses_with_place_and_remedy(void **state) {
  (void)state;
  static const struct {
    const char *text, *place, *message;
  } table[] = {
      {"# threshold: 30 N\nquantity,percent,mean,sd,unit\nstep_rate,,1,1,Hz\n", "men.csv",
       "add a line '# speed: 3 m/s'"},
      {"# speed: 3 m/s\nquantity,percent,mean,sd,unit\nstep_rate,,1,1,Hz\n", "men.csv",
       "add a line '# threshold: 30 N'"},
      {"# speed: 3\n# threshold: 30 N\nquantity,percent,mean,sd,unit\nstep_rate,,1,1,Hz\n",
       "men.csv:1", "m/s"},
      {"# speed: -3 m/s\n# threshold: 30 N\nquantity,percent,mean,sd,unit\nstep_rate,,1,1,Hz\n",
       "men.csv:1", "give one above 0"},
      {"# speed: 3 m/s\n# threshold: 30 N\nquantity,percent,mean,unit\nstep_rate,,1,Hz\n",
       "men.csv", "no column 'sd'"},
      {HEAD "hip_flexoin,0,1,1,deg\n", "men.csv:4", "did you mean 'hip_flexion'"},
      {HEAD "step_rate,,1,1,kg\n", "men.csv:4", "unit of step_rate is 'kg'; give it in 1/min"},
      {HEAD "step_rate,,1,1,steps\n", "men.csv:4", "give it in 1/min"},
      {HEAD "step_rate,,1,0,Hz\n", "men.csv:4", "sd of step_rate is 0"},
      {HEAD "step_rate,,1,-2,Hz\n", "men.csv:4", "needs one above 0"},
      {HEAD "step_rate,,nan,1,Hz\n", "men.csv:4: column 3 (mean)", "no finite decimal number"},
      {HEAD "step_rate,3,1,1,Hz\n", "men.csv:4", "leave percent empty"},
      {HEAD "step_rate,,1,1,Hz\nstep_rate,,1,1,Hz\n", "men.csv:5", "there twice"},
      {HEAD "hip_flexion,,1,1,deg\n", "men.csv:4", "give one from 0 to 100"},
      {HEAD "hip_flexion,101,1,1,deg\n", "men.csv:4", "give one from 0 to 100"},
      {HEAD "hip_flexion,7,1,1,deg\nhip_flexion,7,1,1,deg\n", "men.csv:5", "is 7 after 7"},
      {HEAD "hip_flexion,7,1,1,deg\nhip_flexion,5,1,1,deg\n", "men.csv:5", "let it rise"},
      {HEAD "hip_flexion,0,1,1,deg\n", "men.csv", "only one point"},
      {HEAD "hip_flexion,0,1,1,deg\nhip_flexion,1,1,1,deg\nstep_rate,,1,1,Hz\n"
            "hip_flexion,2,1,1,deg\n",
       "men.csv:7", "put its rows together"},
      {HEAD "peak_force_bw,,2.4,0.1,BW\n", "men.csv", "add a line '# filter: 20 Hz'"},
      {HEAD "hip_flexion,0,1,1\n", "men.csv:4", "4 fields where the header has 5"},
      {HEAD, "men.csv", "no rows"},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    kc_reference *t;
    kc_error error;
    assert_int_equal(parse(table[i].text, &t, &error), KC_ERR_INPUT);
    assert_null(t);
    assert_int_equal(error.n_finding, 1);
    if (strcmp(error.finding[0].place, table[i].place) != 0 ||
        !strstr(error.finding[0].text, table[i].message))
      fail_msg("'%s: %s' has no '%s' at '%s'", error.finding[0].place, error.finding[0].text,
               table[i].message, table[i].place);
    kc_error_destroy(&error);
  }
}

static void stops_after_a_handful(void **state) {
  (void)state;
  char text[8192] = HEAD;
  for (int i = 0; i < 200; i++)
    strcat(text, "step_rate,,1,0,kg\n");
  kc_reference *t;
  kc_error error;
  assert_int_equal(parse(text, &t, &error), KC_ERR_INPUT);
  assert_in_range(error.n_finding, 2, 20);
  kc_error_destroy(&error);
}

static void forces_may_be_unfiltered(void **state) {
  (void)state;
  kc_reference *t;
  kc_error error;
  assert_int_equal(parse("# filter: none\n" HEAD "peak_force_bw,,2.4,0.1,BW\n", &t, &error), KC_OK);
  assert_near(t->filter, 0, 0);
  kc_lab_destroy_reference(t);
  kc_error_destroy(&error);
}

static void the_shipped_tables_are_whole(void **state) {
  (void)state;
  static const struct {
    const char *name;
    double speed;
    int n_curve;
  } table[] = {{"hamner2013_3.0", 3, 21},
               {"hamner2013_4.0", 4, 21},
               {"fukuchi2017_2.5", 2.5, 6},
               {"fukuchi2017_3.5", 3.5, 6}};
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    char path[500];
    snprintf(path, sizeof path, "%s/tests/validation/running/%s.csv", KC_TEST_SOURCE_DIR,
             table[i].name);
    kc_reference *t;
    kc_error error = kc_error_default();
    assert_int_equal(kc_lab_read_reference(path, &t, &error), KC_OK);
    assert_near(t->speed, table[i].speed, 0);
    assert_non_null(strstr(t->source, "doi"));
    int n_curve = 0;
    for (int q = 0; q < KC_N_QUANTITY; q++) {
      n_curve += t->curve[q].n > 1;
      assert_true(t->curve[q].n <= 1 || t->curve[q].n == KC_N_POINT);
    }
    assert_int_equal(n_curve, table[i].n_curve);
    kc_lab_destroy_reference(t);
    kc_error_destroy(&error);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_a_table_in_any_unit),
      cmocka_unit_test(refuses_with_place_and_remedy),
      cmocka_unit_test(stops_after_a_handful),
      cmocka_unit_test(forces_may_be_unfiltered),
      cmocka_unit_test(the_shipped_tables_are_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
