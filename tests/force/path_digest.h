// Paths of eight runners.
#pragma once

enum { N_RUNNER = 8, N_NUMBER = 14 * 15 * 5, N_MOVING = 14 * 5 * 3 };
#include "support/digest.h"
