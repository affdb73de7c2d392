# forces, paths of muscles and their laws, bit by bit
kc_add_bits_test(test_force_bits force/digest)
kc_add_bits_test(test_path_bits force/path_digest)
kc_add_bits_test(test_muscle_bits force/muscle_digest)
