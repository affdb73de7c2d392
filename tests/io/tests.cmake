# a synthetic run, opened as its users would
find_program(KC_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
set(KC_SYNTHETIC ${CMAKE_CURRENT_BINARY_DIR}/synthetic.h5)
add_test(NAME io/write_synthetic COMMAND test_result ${KC_SYNTHETIC})
set_tests_properties(io/write_synthetic PROPERTIES FIXTURES_SETUP synthetic)
add_test(NAME io/check_file
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/io/check_file.py ${KC_SYNTHETIC})
add_test(NAME io/check_momentum
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/io/check_momentum.py ${KC_SYNTHETIC})
add_test(NAME io/draw_strip
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/io/draw_strip.py ${KC_SYNTHETIC}
    ${CMAKE_CURRENT_BINARY_DIR}/synthetic.png)
set_tests_properties(io/check_file io/check_momentum io/draw_strip
  PROPERTIES FIXTURES_REQUIRED synthetic)
# a sweep of 100,000 runs, opened as its users would
set(KC_SYNTHETIC_SWEEP ${CMAKE_CURRENT_BINARY_DIR}/synthetic_sweep.h5)
add_test(NAME io/write_synthetic_sweep COMMAND test_sweep_file ${KC_SYNTHETIC_SWEEP})
set_tests_properties(io/write_synthetic_sweep PROPERTIES FIXTURES_SETUP synthetic_sweep LABELS io)
add_test(NAME io/check_sweep
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/io/check_sweep.py ${KC_SYNTHETIC_SWEEP})
set_tests_properties(io/check_sweep PROPERTIES FIXTURES_REQUIRED synthetic_sweep LABELS io)
