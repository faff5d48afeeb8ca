/// @file
/// Checks of what callers pass in. Each throws InvalidArgument, naming the value and the bound.
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>

#include "turnstile/core/errors.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// Throws E with a message put together from its parts; keeps that work off the hot paths.
template <class E = InvalidArgument, class... Parts>
[[noreturn]] void raise(const Parts&... parts) {
  std::ostringstream message;
  message.precision(std::numeric_limits<double>::max_digits10);
  (message << ... << parts);
  throw E(message.str());
}

inline void check_index(Index index, Index bound, std::string_view what) {
  if (index < 0 || index >= bound)
    raise(what, " ", index, " is outside [0, ", bound, ")");
}

inline void check_range(Index value, Index low, Index high, std::string_view what) {
  if (value < low || value > high)
    raise(what, " is ", value, ", outside [", low, ", ", high, "]");
}

inline void check_same_size(Index size, Index expected, std::string_view what) {
  if (size != expected) raise(what, " has size ", size, ", expected ", expected);
}

template <class Scalar>
void check_finite(Scalar value, std::string_view what) {
  if constexpr (std::is_floating_point_v<Scalar>) {
    if (!std::isfinite(value)) raise(what, " is ", value, ", not a finite number");
  }
}

/// a · b as a size in memory; refuses what no object can hold, before anything is allocated.
inline Index checked_product(Index a, Index b, std::string_view what) {
  constexpr Index largest = std::numeric_limits<std::ptrdiff_t>::max() / 64;
  if (a < 0 || b < 0 || (b != 0 && a > largest / b))
    raise(what, " would hold ", a, " x ", b, " numbers, more than ", largest);
  return a * b;
}

}  // namespace turnstile::inline v0::detail
