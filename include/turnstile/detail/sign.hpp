/// @file
/// A random sign, put in by its bit: a conditional would be mispredicted half the time.
#pragma once

#include <bit>
#include <cstdint>

#include "turnstile/detail/wide.hpp"

namespace turnstile::inline v0::detail {

/// −value if the highest bit of `sign` is set, whose other bits are 0.
constexpr double with_sign_bit(double value, std::uint64_t sign) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) ^ sign);
}

constexpr float with_sign_bit(float value, std::uint64_t sign) {
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) ^ static_cast<std::uint32_t>(sign >> 32));
}

constexpr std::int64_t with_sign_bit(std::int64_t value, std::uint64_t sign) {
  const std::int64_t mask = -static_cast<std::int64_t>(sign >> 63);
  return (value ^ mask) - mask;
}

constexpr int128 with_sign_bit(int128 value, std::uint64_t sign) {
  const int128 mask = -static_cast<int128>(sign >> 63);
  return (value ^ mask) - mask;
}

template <class T>
constexpr T with_sign(T value, bool negative) {
  return with_sign_bit(value, static_cast<std::uint64_t>(negative) << 63);
}

}  // namespace turnstile::inline v0::detail
