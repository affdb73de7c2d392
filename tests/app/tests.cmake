# The built program as its users call it.
foreach(script commands refusals other_engine bits)
  add_test(NAME app/${script}
    COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/app/${script}.py $<TARGET_FILE:kinchain>
            ${CMAKE_SOURCE_DIR})
  kc_label_test(app/${script} app)
endforeach()

# a short run of the level scenario, opened as its users would; level.png stays to be looked at
set(KC_LEVEL ${CMAKE_CURRENT_BINARY_DIR}/level)
add_test(NAME app/run_level
  COMMAND kinchain run ${CMAKE_SOURCE_DIR}/scenarios/level.yaml -o ${KC_LEVEL}.h5
          --set "duration=6 s" --set "numerics/settle=2 s" --quiet)
set_tests_properties(app/run_level PROPERTIES FIXTURES_SETUP level LABELS app)
foreach(script check_file check_momentum check_energy draw_strip)
  add_test(NAME app/level_${script}
    COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/io/${script}.py ${KC_LEVEL}.h5
            $<$<STREQUAL:${script},draw_strip>:${KC_LEVEL}.png>
    COMMAND_EXPAND_LISTS)
  set_tests_properties(app/level_${script} PROPERTIES FIXTURES_REQUIRED level LABELS app)
endforeach()
add_test(NAME app/readme
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/app/readme.py $<TARGET_FILE:kinchain>
          ${CMAKE_SOURCE_DIR} ${KC_LEVEL}.h5)
set_tests_properties(app/readme PROPERTIES FIXTURES_REQUIRED level LABELS app)
