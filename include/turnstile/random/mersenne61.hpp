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

/// `multiply61` for a loop over many residues: 2⁶⁴ ≡ 8, and what passes 2⁶¹ in the middle wraps around.
constexpr std::uint64_t multiply61_in_loop(std::uint64_t a, std::uint64_t b) {
  if constexpr (!wide_vectors) return multiply61(a, b);
  const HalfProducts p(a, b);
  const std::uint64_t middle = p.cross_a + p.cross_b;  // below 2⁶²
  constexpr std::uint64_t low_29_bits = (std::uint64_t{1} << 29) - 1;
  return reduce61(8 * p.high + (middle >> 29) + ((middle & low_29_bits) << 32) + (p.low & mersenne61) + (p.low >> 61));
}

/// a·2ᵉ for 0 ≤ e < 61: a rotation.
constexpr std::uint64_t rotate61(std::uint64_t a, std::uint64_t e) { return ((a << e) & mersenne61) | (a >> (61 - e)); }

/// x mod 61 for x < 2¹², by a product that vectorises.
constexpr std::uint64_t modulo61(std::uint64_t x) { return x - 61 * ((x * 8595) >> 19); }
static_assert([] {
  for (std::uint64_t x = 0; x < 4096; ++x)
    if (modulo61(x) != x % 61) return false;
  return true;
}());

/// The residue of a finite double, exactly: value = m·2ᵉ with an integer |m| < 2⁵³.
constexpr std::uint64_t residue61(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
  const std::uint64_t biased = (bits >> 52) & 0x7ff;
  const std::uint64_t magnitude = biased == 0 ? fraction : fraction | (std::uint64_t{1} << 52);
  // The exponent is max(biased, 1) − 1075; 18·61 is added to keep it positive.
  const std::uint64_t residue = rotate61(magnitude, modulo61(std::max(biased, std::uint64_t{1}) + 18 * 61 - 1075));
  return (bits >> 63) != 0 ? negate61(residue) : residue;
}

/// The residue of an integer.
constexpr std::uint64_t integer_residue61(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return value < 0 ? negate61(reduce61(0 - bits)) : reduce61(bits);
}

}  // namespace turnstile::inline v0::detail
