// What eight runners of one topology come to after some steps of flight, for each lane width.
#pragma once

enum { N_RUNNER = 8, N_NUMBER = 400 };
typedef void body_digest(double out[N_RUNNER][N_NUMBER]);
body_digest body_digest_l1, body_digest_l4, body_digest_l8, body_digest_l8x;
