/// @file
/// How large a sketch must be, and what it is good for then: the formulas of `SketchShape`, both ways.
#pragma once

#include <algorithm>
#include <cmath>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/detail/median.hpp"

namespace turnstile::inline v0 {

/// What a shape promises for the k-th draw of one state, if the stream is oblivious.
///
/// Let ε be `relative_error` and σ the standard deviation of one row's reading, as a share of the value.
/// The k-th largest scaled coordinate has |w_(k)|² ≈ ‖y‖²/k, and what lies below it
/// Σ_{j>k} |w_(j)|² ≈ ‖y‖² ln(n/k), of which a bucket holds 1/b: σ² = k·ln(n/k)/b. Of all vectors the flat
/// one has most below its k-th.
struct ShapePromise {
  /// ε = √(0.74·k·ln(n/k)/b), that is 0.86·σ: inverse to the number of buckets that `for_draws` takes.
  double relative_error;
  /// At least this share of values is within ε: 2·Pr[Bin(R, 4/5) > R/2] − 1, for an odd R. Where a bucket
  /// holds many small coordinates a row's error is close to normal, and passes 0.86·σ to either side with
  /// probability 0.195 < 1/5; fewer and larger ones err less often. The median of R does only if more
  /// than half of the rows do. 0.88 for five rows.
  double confidence;
  /// A value is off by more than 5ε, or not given, with at most this probability: 10^{−(R−1)/2}, inverse to
  /// the number of rows that `for_draws` takes. By Chebyshev's inequality a row errs by more than 5ε with
  /// probability at most (0.86·5)⁻² = 0.054, half of it to either side; more than half of the rows must
  /// (the median argument of Charikar, Chen and Farach-Colton 2004). Holds for ε ≤ 0.15; in a smaller table draws fail
  /// for not standing above its noise.
  double failure;
};

namespace detail {

/// No ε above this can be asked for: a draw stands seven standard errors above the noise, or fails.
inline constexpr double largest_error = 0.15;

/// 74·k·ln(n/k): the buckets that put the k-th value within a tenth. Grows up to k = n/e, from where on
/// all of y is wanted. @throws InvalidArgument unless 1 ≤ n ≤ 2⁶² and 1 ≤ k ≤ 2³²
inline double buckets_for_a_tenth(Index dimension, Index draws) {
  check_range(dimension, 1, max_dimension, "dimension");
  check_range(draws, 1, Index{1} << 32, "number of draws");
  constexpr double buckets_per_tail = 74;
  const double n = static_cast<double>(dimension);
  const double k = std::min(static_cast<double>(draws), std::max(n / std::exp(1.0), 1.0));
  return buckets_per_tail * k * std::log(std::max(n / k, 2.0));
}

/// b = 74·k·ln(n/k)·(0.1/ε)², in steps of 64. Not below 512: in smaller tables a key that shares most
/// of its buckets with the winner can pass for a second one.
inline Index buckets_for(Index dimension, Index draws, double relative_error) {
  constexpr Index granule = 64, least = 512;
  if (!(relative_error > 0 && relative_error <= largest_error))
    raise("relative error ", relative_error, " is outside (0, ", largest_error, "]");
  const double tenths = 0.1 / relative_error;
  const double granules = buckets_for_a_tenth(dimension, draws) * (tenths * tenths) / granule;
  if (!(granules < 0x1p32)) raise("relative error ", relative_error, " asks for more than 2^32 buckets");
  return std::max<Index>(std::llround(granules) * granule, least);
}

/// R = 2⌈log₁₀(1/failure)⌉ + 1
inline Index rows_for(double failure) {
  if (!(failure > 0 && failure < 1)) raise("failure probability ", failure, " is outside (0, 1)");
  return 2 * static_cast<Index>(std::ceil(-std::log10(failure) - 1e-9)) + 1;
}

/// The inverse of `rows_for` and `buckets_for`; an even number of rows counts as one less.
inline ShapePromise promise_of(Index rows, Index buckets, Index dimension, Index draws) {
  const Index odd = rows - (rows + 1) % 2;
  return {0.1 * std::sqrt(buckets_for_a_tenth(dimension, draws) / static_cast<double>(buckets)),
          2 * median_law(odd, 4.0 / 5) - 1, std::pow(10.0, -static_cast<double>(odd / 2))};
}

}  // namespace detail
}  // namespace turnstile::inline v0
