#pragma once

// What nearly every test includes and what takes longest to parse: the umbrella too, for those that include it
// are recompiled by a change to any header anyway.

#include <turnstile/turnstile.hpp>

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
