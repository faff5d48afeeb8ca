/// @file
/// A random sign, put in by its bit: a conditional would be mispredicted half the time.
#pragma once

#include <bit>
#include <cstdint>

namespace turnstile::inline v0::detail {

constexpr double with_sign(double value, bool negative) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) ^
                               (static_cast<std::uint64_t>(negative) << 63));
}

constexpr float with_sign(float value, bool negative) {
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) ^
                              (static_cast<std::uint32_t>(negative) << 31));
}

constexpr std::int64_t with_sign(std::int64_t value, bool negative) {
  const std::int64_t mask = -static_cast<std::int64_t>(negative);
  return (value ^ mask) - mask;
}

}  // namespace turnstile::inline v0::detail
