// What eight runners' limbs are given over some ticks, for each lane width.
#pragma once

enum { N_RUNNER = 8, N_NUMBER = 82 };
typedef void recruit_digest(double out[N_RUNNER][N_NUMBER]);
recruit_digest recruit_digest_l1, recruit_digest_l4, recruit_digest_l8, recruit_digest_l8x;
