/// @file
/// Checks of what callers pass in. Each throws InvalidArgument, naming the value and the bound.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
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

/// Takes its arguments by value, so that a check that passes puts nothing on the stack.
[[noreturn]] inline void raise_index(Index index, Index bound, std::string_view what) {
  raise(what, " ", index, " is outside [0, ", bound, ")");
}

inline void check_index(Index index, Index bound, std::string_view what) {
  if (index < 0 || index >= bound) raise_index(index, bound, what);
}

/// The same for many, without a branch for each.
inline void check_indices(std::span<const Index> indices, Index bound, std::string_view what) {
  std::uint64_t outside = 0;
  for (Index index : indices)
    outside |= static_cast<std::uint64_t>(static_cast<std::uint64_t>(index) >= static_cast<std::uint64_t>(bound));
  if (outside == 0) return;
  for (Index index : indices) check_index(index, bound, what);
}

inline void check_range(Index value, Index low, Index high, std::string_view what) {
  if (value < low || value > high) raise(what, " is ", value, ", outside [", low, ", ", high, "]");
}

inline void check_same_size(Index size, Index expected, std::string_view what) {
  if (size != expected) raise(what, " has size ", size, ", expected ", expected);
}

template <class Scalar>
[[noreturn]] void raise_not_finite(Scalar value, std::string_view what) {
  raise(what, " is ", value, ", not a finite number");
}

template <class Scalar>
void check_finite(Scalar value, std::string_view what) {
  if constexpr (std::is_floating_point_v<Scalar>) {
    if (!std::isfinite(value)) raise_not_finite(value, what);
  }
}

/// Σ |values|, of finite numbers. @throws InvalidArgument for one that is not
template <class Scalar>
double checked_mass(std::span<const Scalar> values, std::string_view what) {
  const Eigen::Map<const Eigen::Array<Scalar, Eigen::Dynamic, 1>> array(values.data(), std::ssize(values));
  const double mass = array.template cast<double>().abs().sum();
  if (!std::isfinite(mass))  // one of the terms, or their sum alone
    for (Scalar value : values) check_finite(value, what);
  return mass;
}

/// Whether all values are finite, without a branch for each: 0 times any other number is not 0.
template <std::floating_point Scalar>
bool all_finite(std::span<const Scalar> values) {
  const Eigen::Map<const Eigen::Array<Scalar, Eigen::Dynamic, 1>> array(values.data(), std::ssize(values));
  return (Scalar(0) * array).sum() == 0;
}

/// @throws InvalidArgument for the first of these that is not finite
template <std::floating_point Scalar>
void check_all_finite(std::span<const Scalar> values, std::string_view what) {
  if (all_finite(values)) return;
  for (Scalar value : values) check_finite(value, what);
}

/// a · b as a size in memory; refuses what no object can hold, before anything is allocated.
inline Index checked_product(Index a, Index b, std::string_view what) {
  constexpr Index largest = std::numeric_limits<std::ptrdiff_t>::max() / 64;
  if (a < 0 || b < 0 || (b != 0 && a > largest / b))
    raise(what, " would hold ", a, " x ", b, " numbers, more than ", largest);
  return a * b;
}

}  // namespace turnstile::inline v0::detail
