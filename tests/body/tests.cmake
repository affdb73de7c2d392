# the dynamics of eight runners, bit by bit
kc_add_bits_test(test_body_bits body/digest)
