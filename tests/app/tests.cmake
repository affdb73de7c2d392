# The built program as its users call it.
foreach(script commands refusals other_engine bits)
  add_test(NAME app/${script}
    COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/app/${script}.py $<TARGET_FILE:kinchain>
            ${CMAKE_SOURCE_DIR})
  kc_label_test(app/${script} app)
endforeach()

# short runs of level running on motors and on muscles, opened as their users would; level.png and
# level_muscle.png stay to be looked at
foreach(scenario level level_muscle)
  set(file ${CMAKE_CURRENT_BINARY_DIR}/${scenario})
  add_test(NAME app/run_${scenario}
    COMMAND kinchain run ${CMAKE_SOURCE_DIR}/scenarios/${scenario}.yaml -o ${file}.h5
            --set "duration=6 s" --set "numerics/settle=2 s" --quiet)
  set_tests_properties(app/run_${scenario} PROPERTIES FIXTURES_SETUP ${scenario} LABELS app)
  foreach(script check_file check_momentum check_energy draw_strip)
    add_test(NAME app/${scenario}_${script}
      COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/io/${script}.py ${file}.h5
              $<$<STREQUAL:${script},draw_strip>:${file}.png>
      COMMAND_EXPAND_LISTS)
    set_tests_properties(app/${scenario}_${script} PROPERTIES FIXTURES_REQUIRED ${scenario}
                         LABELS app)
  endforeach()
endforeach()
add_test(NAME app/readme
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/app/readme.py $<TARGET_FILE:kinchain>
          ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_BINARY_DIR}/level.h5)
set_tests_properties(app/readme PROPERTIES FIXTURES_REQUIRED level LABELS app)
