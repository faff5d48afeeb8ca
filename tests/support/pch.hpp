#pragma once

// What nearly every test includes and what takes longest to parse, but for the library itself.

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
