# The tracked figures of the shipped scenarios are those that the program gives.
add_test(NAME validation/figures_slow
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/validation/make_figures $<TARGET_FILE:kinchain>
          --check)
kc_label_test(validation/figures_slow validation)
