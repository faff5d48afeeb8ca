/// @file
/// Powers of an exponential variate by integer arithmetic.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "turnstile/random/variates.hpp"

namespace turnstile::inline v0::detail {

__extension__ using int128 = __int128;

/// eʳ − 1 for 0 ≤ r < 1, given as 0.64 fixed point and returned with 62 fractional bits: Σ rᵏ/k!.
constexpr std::uint64_t expm1_fixed(std::uint64_t r) {
  std::uint64_t term = r, sum = 0;
  for (std::uint64_t k = 2; term != 0; ++k) {
    sum += term >> 2;
    term = multiply_high(term, r) / k;
  }
  return sum;
}

/// (fixed·2⁻⁵⁸)^{−1/p}, the same bits on every machine: the logarithm, times 1/p with 32 fractional
/// bits, and the exponential, all in fixed point; relative error below 2⁻²⁴.
inline double inverse_root(std::uint64_t fixed, double p) {
  constexpr std::int64_t ln2 = static_cast<std::int64_t>(negative_log_complement(std::uint64_t{1} << 63) >> 8);
  // fixed·2⁻⁵⁸ = 2^(6 − zeros)·(1 − x), x < ½ but for rounding; logarithms have 56 fractional bits.
  const int zeros = std::countl_zero(fixed);
  const std::uint64_t x = std::min(~(fixed << zeros) + 1, (std::uint64_t{1} << 63) - 1);
  const std::int64_t log = (6 - zeros) * ln2 - static_cast<std::int64_t>(negative_log(x) >> 8);
  const auto inverse_power = static_cast<std::int64_t>(std::llround(0x1p32 / p));
  const auto exponent = static_cast<int128>(-log) * inverse_power;  // 88 fractional bits
  const int128 ln2_wide = static_cast<int128>(ln2) << 32;
  int128 whole = exponent / ln2_wide;
  if (exponent < whole * ln2_wide) --whole;
  const auto rest = static_cast<std::uint64_t>((exponent - whole * ln2_wide) >> 24);
  return std::ldexp(1 + static_cast<double>(expm1_fixed(rest)) * 0x1p-62, static_cast<int>(whole));
}

}  // namespace turnstile::inline v0::detail
