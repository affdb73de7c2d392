# The built program as its users call it.
foreach(script commands refusals other_engine)
  add_test(NAME app/${script}
    COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/app/${script}.py $<TARGET_FILE:kinchain>
            ${CMAKE_SOURCE_DIR})
  kc_label_test(app/${script} app)
endforeach()
