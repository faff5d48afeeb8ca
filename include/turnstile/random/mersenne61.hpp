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

/// A word below 2⁶¹ + 8, of the same residue: half of a reduction.
constexpr std::uint64_t fold61(std::uint64_t x) { return (x & mersenne61) + (x >> 61); }

/// Any 64-bit word, reduced.
constexpr std::uint64_t reduce61(std::uint64_t x) {
  x = fold61(x);
  return x >= mersenne61 ? x - mersenne61 : x;
}

constexpr std::uint64_t add61(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t sum = a + b;
  return sum >= mersenne61 ? sum - mersenne61 : sum;
}

constexpr std::uint64_t negate61(std::uint64_t a) { return a == 0 ? 0 : mersenne61 - a; }

/// A number below 2⁶³ of the residue of a·b, for a below 2⁶¹ + 8 and b below 2⁶¹.
constexpr std::uint64_t product61(std::uint64_t a, std::uint64_t b) {
  const uint128 product = static_cast<uint128>(a) * b;
  return (static_cast<std::uint64_t>(product) & mersenne61) + static_cast<std::uint64_t>(product >> 61);
}

/// Another such number, by products of halves: 2⁶⁴ ≡ 8, and what passes 2⁶¹ in the middle wraps around.
constexpr std::uint64_t product61_by_halves(std::uint64_t a, std::uint64_t b) {
  const HalfProducts p(a, b);
  const std::uint64_t middle = p.cross_a + p.cross_b;  // below 2⁶² + 2³⁷
  constexpr std::uint64_t low_29_bits = (std::uint64_t{1} << 29) - 1;
  return 8 * p.high + (middle >> 29) + ((middle & low_29_bits) << 32) + fold61(p.low);
}

/// The one that is faster in a loop over many.
constexpr std::uint64_t product61_in_loop(std::uint64_t a, std::uint64_t b) {
  return wide_vectors ? product61_by_halves(a, b) : product61(a, b);
}

constexpr std::uint64_t multiply61(std::uint64_t a, std::uint64_t b) { return reduce61(product61(a, b)); }

/// a·2ᵉ for 0 ≤ e < 61: a rotation.
constexpr std::uint64_t rotate61(std::uint64_t a, std::uint64_t e) { return ((a << e) & mersenne61) | (a >> (61 - e)); }

/// x mod 61 for x < 2¹², by a product that vectorises.
constexpr std::uint64_t modulo61(std::uint64_t x) { return x - 61 * ((x * 8595) >> 19); }
static_assert([] {
  for (std::uint64_t x = 0; x < 4096; ++x)
    if (modulo61(x) != x % 61) return false;
  return true;
}());

/// A number at most p of the residue of a finite double, exactly: value = m·2ᵉ with an integer |m| < 2⁵³.
constexpr std::uint64_t unreduced_residue61(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
  const std::uint64_t biased = (bits >> 52) & 0x7ff;
  const std::uint64_t magnitude = biased == 0 ? fraction : fraction | (std::uint64_t{1} << 52);
  // The exponent is max(biased, 1) − 1075; 18·61 is added to keep it positive.
  const std::uint64_t residue = rotate61(magnitude, modulo61(std::max(biased, std::uint64_t{1}) + 18 * 61 - 1075));
  // p − r is r with its 61 bits turned; no branch, which compilers would copy all that follows into. −0 alone gives p.
  return residue ^ ((0 - (bits >> 63)) & mersenne61);
}

/// The same, reduced.
constexpr std::uint64_t residue61(double value) {
  const std::uint64_t residue = unreduced_residue61(value);
  return residue == mersenne61 ? 0 : residue;
}

/// The residue of an integer.
constexpr std::uint64_t integer_residue61(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return value < 0 ? negate61(reduce61(0 - bits)) : reduce61(bits);
}

}  // namespace turnstile::inline v0::detail
