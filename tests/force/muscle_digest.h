// What eight muscles do in some steps; a muscle stands for a runner.
#pragma once

enum { N_RUNNER = 8, N_NUMBER = 128, N_MOVING = 80 };
#include "support/digest.h"
