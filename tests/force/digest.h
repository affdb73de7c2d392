// What eight runners give in some steps.
#pragma once

enum { N_RUNNER = 8, N_NUMBER = 64, N_MOVING = 28 };
#include "support/digest.h"
