/// @file
/// Arithmetic in the field of 2⁶¹ − 1 elements, and the exact residue of a floating-point number.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "turnstile/detail/wide.hpp"

namespace turnstile::inline v0::detail {

/// The prime p = 2⁶¹ − 1. Residues are kept in [0, p); 2⁶¹ ≡ 1, so reduction is a shift and an add,
/// and multiplying by 2ᵉ is a rotation of 61 bits.
inline constexpr std::uint64_t mersenne61 = (std::uint64_t{1} << 61) - 1;

/// Any 64-bit word, reduced.
constexpr std::uint64_t reduce61(std::uint64_t x) {
  x = (x & mersenne61) + (x >> 61);
  return x >= mersenne61 ? x - mersenne61 : x;
}

constexpr std::uint64_t add61(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t sum = a + b;
  return sum >= mersenne61 ? sum - mersenne61 : sum;
}

constexpr std::uint64_t negate61(std::uint64_t a) { return a == 0 ? 0 : mersenne61 - a; }

constexpr std::uint64_t multiply61(std::uint64_t a, std::uint64_t b) {
  const uint128 product = static_cast<uint128>(a) * b;
  const std::uint64_t low = static_cast<std::uint64_t>(product) & mersenne61;
  const std::uint64_t high = static_cast<std::uint64_t>(product >> 61);
  return add61(low, high);
}

/// a·2ᵉ for 0 ≤ e < 61: a rotation.
constexpr std::uint64_t rotate61(std::uint64_t a, unsigned e) {
  return ((a << e) & mersenne61) | (a >> (61 - e));
}

/// The residue of a finite double, exactly: value = m·2ᵉ with an integer |m| < 2⁵³.
constexpr std::uint64_t residue61(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
  const unsigned biased = static_cast<unsigned>(bits >> 52) & 0x7ff;
  const std::uint64_t magnitude = biased == 0 ? fraction : fraction | (std::uint64_t{1} << 52);
  // The exponent is max(biased, 1) − 1075; 18·61 is added to keep it positive.
  const std::uint64_t residue = rotate61(magnitude, (std::max(biased, 1U) + 18 * 61 - 1075) % 61);
  return (bits >> 63) != 0 ? negate61(residue) : residue;
}

}  // namespace turnstile::inline v0::detail
