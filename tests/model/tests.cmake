# The runner with its muscles, as the program sees them; runner_muscles.png stays to be looked at.
add_test(NAME model/draw_muscles
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/model/draw_muscles.py $<TARGET_FILE:kinchain>
          ${CMAKE_SOURCE_DIR}/models/runner.yaml ${CMAKE_CURRENT_BINARY_DIR}/runner_muscles.png)
kc_label_test(model/draw_muscles model)
