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

inline constexpr int log_table_bits = 6;

/// −ln(1 − i/2⁷) for i < 2⁶, in 0.64 fixed point.
inline constexpr auto log_table = [] {
  std::array<std::uint64_t, std::size_t{1} << log_table_bits> table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = negative_log_complement(static_cast<std::uint64_t>(i) << (63 - log_table_bits));
  return table;
}();

/// 2⁶⁴/(1 − i/2⁷) − 2⁶⁴: what a remainder behind table entry i is stretched by.
inline constexpr auto stretch_table = [] {
  std::array<std::uint64_t, std::size_t{1} << log_table_bits> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const uint128 numerator = static_cast<uint128>(i) << 64;
    table[i] = static_cast<std::uint64_t>(numerator / (2 * table.size() - i));
  }
  return table;
}();

/// 1 − x = (1 − x₀)(1 − r) for 0 ≤ x < ½, x₀ the leading bits of x and r = (x − x₀)/(1 − x₀) < 2⁻⁶.
struct SplitComplement {
  std::uint64_t log, rest, stretch;  // −ln(1 − x₀), x − x₀ and 1/(1 − x₀) − 1, in 0.64 fixed point

  static constexpr SplitComplement of(std::uint64_t x) {
    const std::uint64_t i = x >> (63 - log_table_bits);
    return {log_table[i], x - (i << (63 - log_table_bits)), stretch_table[i]};
  }

  /// −ln(1 − x) by seven terms of the series in r. The error is below 2⁻⁴⁴ r, so small results keep their
  /// relative precision.
  template <class MultiplyHigh>
  constexpr std::uint64_t negative_log(MultiplyHigh&& high) const {
    const std::uint64_t r = rest + high(rest, stretch);
    constexpr std::uint64_t one = ~std::uint64_t{0};
    std::uint64_t series = one / 7;
    for (std::uint64_t k = 6; k >= 2; --k) series = one / k + high(r, series);
    return log + r + high(high(r, r), series);
  }
};

/// −ln(1 − x) for 0 ≤ x < ½ with x in 0.64 fixed point.
constexpr std::uint64_t negative_log(std::uint64_t x) { return SplitComplement::of(x).negative_log(multiply_high); }

/// −ln u of a word, in two steps: what takes tables and counting of zeros, and arithmetic.
struct ExponentialParts {
  static constexpr int drop = 64 - exponential_fraction_bits;

  std::uint64_t whole;         // k ln 2, with 58 fractional bits
  SplitComplement complement;  // of f/2

  static constexpr ExponentialParts of(std::uint64_t word) {
    constexpr std::uint64_t ln2 = negative_log_complement(std::uint64_t{1} << 63);
    const int zeros = std::countl_zero(word | 1);
    return {static_cast<std::uint64_t>(zeros) * (ln2 >> drop), SplitComplement::of(((word << zeros) << 1) >> 1)};
  }

  template <class MultiplyHigh>
  constexpr std::uint64_t join(MultiplyHigh&& high) const {
    return (whole + (complement.negative_log(high) >> drop)) | 1;
  }
};

}  // namespace detail

/// A uniform variate in (0, 1): the upper 52 bits of the word, and a half of the last place.
constexpr double uniform_variate(std::uint64_t word) { return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52; }

/// An Exp(1) variate, −ln u in fixed point with 58 fractional bits, never zero.
///
/// u = 2⁻ᵏ(1 − f/2), k the number of leading zeros of the word and f ∈ [0, 1) the bits behind its
/// first one: −ln u = k ln 2 − ln(1 − f/2). Variates near 0, which carry a sampler's largest
/// coordinates, are as finely resolved as 64 bits allow.
constexpr std::uint64_t exponential_fixed(std::uint64_t word) {
  return detail::ExponentialParts::of(word).join(detail::multiply_high);
}

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
  std::array<std::uint64_t, room> whole, log, rest, stretch;
  for (std::size_t k = 0; k < words.size(); ++k) {
    const auto parts = ExponentialParts::of(words[k]);
    whole[k] = parts.whole;
    log[k] = parts.complement.log;
    rest[k] = parts.complement.rest;
    stretch[k] = parts.complement.stretch;
  }
  for (std::size_t k = 0; k < words.size(); ++k) {
    const ExponentialParts parts{whole[k], {log[k], rest[k], stretch[k]}};
    variates[k] = static_cast<double>(parts.join(multiply_high_in_loop)) * 0x1p-58;
  }
}

}  // namespace detail

}  // namespace turnstile::inline v0
