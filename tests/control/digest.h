// What eight runners' limbs are given over some ticks.
#pragma once

enum { N_RUNNER = 8, N_NUMBER = 82, N_MOVING = 60 };
#include "support/digest.h"
