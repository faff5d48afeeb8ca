/// @file
/// Uniform and exponential variates of a hash word, by integer arithmetic: the same bits everywhere.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "turnstile/detail/chunks.hpp"
#include "turnstile/detail/wide.hpp"

namespace turnstile::inline v0 {
namespace detail {

/// Fixed point with 58 fractional bits: holds −ln u of any 64-bit u, which is below 45 < 2⁶.
inline constexpr int exponential_fraction_bits = 58;

/// −ln(1 − x) for 0 ≤ x ≤ ½, given and returned as 0.64 fixed point: Σ xᵏ/k.
constexpr std::uint64_t negative_log_complement(std::uint64_t x) {
  std::uint64_t power = x, sum = 0;
  for (std::uint64_t k = 1; power != 0; ++k) {
    sum += power / k;
    power = multiply_high(power, x);
  }
  return sum;
}

inline constexpr int log_table_bits = 7, factor_bits = 9;
inline constexpr std::uint64_t factor_mask = (std::uint64_t{1} << (factor_bits + 1)) - 1;

/// For x from i/2⁸ on, i < 2⁷: the integer c = ⌊2⁹/(1 − i/2⁸)⌋ in the last ten bits, before them those of ln(c/2⁹) in
/// 0.64 fixed point. One word holds both, so that a loop over many x loads one.
inline constexpr auto log_table = [] {
  constexpr std::uint64_t one = std::uint64_t{1} << factor_bits;
  std::array<std::uint64_t, std::size_t{1} << log_table_bits> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::uint64_t factor = one * 2 * table.size() / (2 * table.size() - i);
    const auto complement = static_cast<std::uint64_t>((static_cast<uint128>(factor - one) << 64) / factor);
    table[i] = (negative_log_complement(complement) & ~factor_mask) | factor;
  }
  return table;
}();

/// 1 − x = (1 − r)·2⁹/c for 0 ≤ x < ½, with c of the table for x and r < 1.25·2⁻⁷.
struct SplitComplement {
  std::uint64_t x, entry;  // x in 0.64 fixed point; ln(c/2⁹) and c as the table has them

  static constexpr SplitComplement of(std::uint64_t x) { return {x, log_table[x >> (63 - log_table_bits)]}; }

  /// −ln(1 − x) by six terms of the series in r, with products of 32 bits by 32, which every vector has. The error is
  /// below 2⁻³⁶ of the value, so small results keep their relative precision.
  constexpr std::uint64_t negative_log() const {
    // r·2⁶ in 0.64 fixed point. Its integer part, that of −(1 − x)·c/8, is lost as it should be.
    const std::uint64_t remainder = ((x >> 3) - (std::uint64_t{1} << 61)) * (entry & factor_mask);
    const std::uint64_t r = remainder >> 32;  // with 38 fractional bits
    constexpr std::uint64_t one = 0xffffffff;
    std::uint64_t series = one / 6;
    for (std::uint64_t k = 5; k >= 2; --k) series = one / k + ((r * series) >> 38);
    return (entry & ~factor_mask) + (remainder >> 6) + ((r * ((r * series) >> 32)) >> 12);
  }
};

/// −ln(1 − x) for 0 ≤ x < ½ with x in 0.64 fixed point.
constexpr std::uint64_t negative_log(std::uint64_t x) { return SplitComplement::of(x).negative_log(); }

/// −ln u of a word, in two steps: what takes a table and counting of zeros, and arithmetic.
struct ExponentialParts {
  static constexpr int drop = 64 - exponential_fraction_bits;

  std::uint64_t whole;         // k ln 2, with 58 fractional bits
  SplitComplement complement;  // of f/2

  static constexpr ExponentialParts of(std::uint64_t word) {
    constexpr std::uint64_t ln2 = negative_log_complement(std::uint64_t{1} << 63);
    const int zeros = std::countl_zero(word | 1);
    return {static_cast<std::uint64_t>(zeros) * (ln2 >> drop), SplitComplement::of(((word << zeros) << 1) >> 1)};
  }

  constexpr std::uint64_t join() const { return (whole + (complement.negative_log() >> drop)) | 1; }
};

}  // namespace detail

/// A uniform variate in (0, 1): the upper 52 bits of the word, and a half of the last place.
constexpr double uniform_variate(std::uint64_t word) { return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52; }

/// An Exp(1) variate, −ln u in fixed point with 58 fractional bits, never zero.
///
/// u = 2⁻ᵏ(1 − f/2), k the number of leading zeros of the word and f ∈ [0, 1) the bits behind its
/// first one: −ln u = k ln 2 − ln(1 − f/2). Variates near 0, which carry a sampler's largest
/// coordinates, are as finely resolved as 64 bits allow.
constexpr std::uint64_t exponential_fixed(std::uint64_t word) { return detail::ExponentialParts::of(word).join(); }

/// The same as a double, rounded once.
constexpr double exponential_variate(std::uint64_t word) {
  return static_cast<double>(exponential_fixed(word)) * 0x1p-58;
}

namespace detail {

/// The same for the few words of a chunk: variates[k] of words[k]. Time: half that of one by one, where vectors hold
/// four words.
template <std::size_t Extent>
void exponential_variates(std::span<const std::uint64_t, Extent> words, std::span<double> variates) {
  constexpr std::size_t room = Extent == std::dynamic_extent ? longest_chunk : Extent;
  std::array<std::uint64_t, room> whole, x, entry;
  for (std::size_t k = 0; k < words.size(); ++k) {
    const auto parts = ExponentialParts::of(words[k]);
    whole[k] = parts.whole;
    x[k] = parts.complement.x;
    entry[k] = parts.complement.entry;
  }
  for (std::size_t k = 0; k < words.size(); ++k) {
    const ExponentialParts parts{whole[k], {x[k], entry[k]}};
    variates[k] = static_cast<double>(parts.join()) * 0x1p-58;
  }
}

}  // namespace detail

}  // namespace turnstile::inline v0
