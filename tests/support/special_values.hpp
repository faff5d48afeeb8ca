#pragma once

#include <limits>

// What no sketch takes.

namespace turnstile::testing {

inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace turnstile::testing
