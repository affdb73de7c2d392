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
