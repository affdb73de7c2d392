// What eight muscles do in some steps, for each lane width.
#pragma once

enum { N_UNIT = 8, N_FIGURE = 128 };
typedef void muscle_digest(double out[N_UNIT][N_FIGURE]);
muscle_digest muscle_digest_l1, muscle_digest_l4, muscle_digest_l8, muscle_digest_l8x;
