#pragma once

// What every test includes and what takes longest to parse. No header of this library belongs here:
// a change to one would then recompile every test.

#include <Eigen/Core>

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>
