# recruitment for eight runners, bit by bit
kc_add_bits_test(test_recruit_bits control/digest)
