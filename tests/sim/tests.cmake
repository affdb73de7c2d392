# no memory in the stepping path: the allocator's functions are counted
add_executable(test_sim_allocation ${CMAKE_CURRENT_LIST_DIR}/allocation.c)
target_link_libraries(test_sim_allocation PRIVATE libkinchain ${CMOCKA_LIBRARY})
target_include_directories(test_sim_allocation PRIVATE ${CMAKE_SOURCE_DIR}/tests)
foreach(name malloc calloc realloc aligned_alloc)
  target_link_options(test_sim_allocation PRIVATE -Wl,--wrap=${name})
endforeach()
add_test(NAME sim/test_sim_allocation COMMAND test_sim_allocation)
kc_label_test(sim/test_sim_allocation sim)
