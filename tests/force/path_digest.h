// Paths of eight runners, for each lane width.
#pragma once

enum { N_PATH_RUNNER = 8, N_PATH_NUMBER = 14 * 15 * 5 };
typedef void path_digest(double out[N_PATH_RUNNER][N_PATH_NUMBER]);
path_digest path_digest_l1, path_digest_l4, path_digest_l8, path_digest_l8x;
