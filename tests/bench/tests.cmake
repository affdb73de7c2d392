# built with the tests, so that they keep up with what they time; run by hand
list(GET KC_TEST_TAGS 0 tag)
if("l4" IN_LIST KC_TEST_TAGS)
  set(tag l4)
endif()
foreach(name body path muscle recruit)
  kc_add_test_target(bench_${name} ${CMAKE_CURRENT_LIST_DIR}/bench_${name}.lane.c)
  kc_use_lanes(bench_${name} ${tag})
endforeach()
