# The built program as its users call it.
foreach(script commands refusals other_engine bits sweep adapt)
  add_test(NAME app/${script}
    COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/app/${script}.py $<TARGET_FILE:kinchain>
            ${CMAKE_SOURCE_DIR})
  kc_label_test(app/${script} app)
endforeach()

# shares of variance, on files with known functions in the place of runs
kc_add_test_target(write_sweep ${CMAKE_CURRENT_LIST_DIR}/write_sweep.c)
add_test(NAME app/sensitivity
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/app/sensitivity.py $<TARGET_FILE:kinchain>
          ${CMAKE_SOURCE_DIR} $<TARGET_FILE:write_sweep>)
kc_label_test(app/sensitivity app)

# many ends by kill -9 and SIGTERM, memory over 10,000 runs
add_test(NAME app/sweep_slow
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/app/sweep.py $<TARGET_FILE:kinchain>
          ${CMAKE_SOURCE_DIR} --slow)
kc_label_test(app/sweep_slow app)

# an array job of a real Slurm, where that is installed
add_test(NAME app/slurm_slow
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/app/slurm_slow.py $<TARGET_FILE:kinchain>
          ${CMAKE_SOURCE_DIR})
kc_label_test(app/slurm_slow app)
set_tests_properties(app/slurm_slow PROPERTIES SKIP_RETURN_CODE 77)

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
add_test(NAME app/score
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/app/score.py $<TARGET_FILE:kinchain>
          ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_BINARY_DIR}/level.h5)
set_tests_properties(app/score PROPERTIES FIXTURES_REQUIRED level LABELS app)
add_test(NAME app/readme
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/app/readme.py $<TARGET_FILE:kinchain>
          ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_BINARY_DIR}/level.h5)
set_tests_properties(app/readme PROPERTIES FIXTURES_REQUIRED level LABELS app)
