# The tracked figures of the shipped scenarios are those that the program gives.
add_test(NAME validation/figures_slow
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/validation/make_figures $<TARGET_FILE:kinchain>
          --check)
kc_label_test(validation/figures_slow validation)
# And so is the table of loads beside those of people.
add_test(NAME validation/loads_slow
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/validation/make_loads $<TARGET_FILE:kinchain>
          --check)
kc_label_test(validation/loads_slow validation)
# The shipped scenarios within the bands of running people; their result files stay to be looked at.
add_test(NAME validation/bands
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/validation/check_bands.py $<TARGET_FILE:kinchain>
          ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_BINARY_DIR}/bands)
kc_label_test(validation/bands validation)
# Greatest isometric moments of the runner's muscles beside those of people.
add_test(NAME validation/strength
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/validation/check_strength.py $<TARGET_FILE:kinchain>
          ${CMAKE_SOURCE_DIR})
kc_label_test(validation/strength validation)
# The scripts that make the tables of courses, pushes, senses and steadiness, on short runs.
add_test(NAME validation/scripts
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/validation/check_scripts.py $<TARGET_FILE:kinchain>)
kc_label_test(validation/scripts validation)
