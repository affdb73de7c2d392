# Tests about the sources and objects themselves, not about what they compute.
foreach(check layers documented size paths headers symbols libm contraction)
  add_test(NAME meta/${check}
    COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/meta/check.py ${check}
            ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR} ${CMAKE_C_COMPILER})
  kc_label_test(meta/${check} meta)
endforeach()
add_test(NAME meta/can_fail
  COMMAND ${KC_PYTHON} ${CMAKE_SOURCE_DIR}/tests/meta/test_check.py)
kc_label_test(meta/can_fail meta)
