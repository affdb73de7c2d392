// What eight runners of one topology come to after some steps of flight.
#pragma once

enum { N_RUNNER = 8, N_NUMBER = 400, N_MOVING = 190 };
#include "support/digest.h"
