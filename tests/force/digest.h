// What eight runners give in some steps, for each lane width.
#pragma once

enum { N_RUNNER = 8, N_NUMBER = 64 };
typedef void force_digest(double out[N_RUNNER][N_NUMBER]);
force_digest force_digest_l1, force_digest_l4, force_digest_l8, force_digest_l8x;
