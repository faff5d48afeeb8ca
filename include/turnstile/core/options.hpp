/// @file
/// How large a sketch is, and how a sampler is set up.
#pragma once

#include <algorithm>
#include <cmath>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// R rows of b buckets: the size of each level that recovery keeps.
///
/// A reading is the median over rows, off by about ‖w‖/√b, where w is the scaled vector; the
/// probability that the median is far off falls exponentially with R (Charikar, Chen and
/// Farach-Colton 2004).
struct SketchShape {
  Index rows = 5;
  Index buckets = 1024;

  /// Rows and buckets from which `draws` successive draws of a vector of the given dimension can
  /// be read, each but with the given probability.
  ///
  /// Formula: the k-th largest scaled coordinate has |w_(k)|² ≈ ‖y‖²/k and what lies below it
  /// Σ_{j>k} |w_(j)|² ≈ ‖y‖² ln(n/k), so a bucket's noise is the fraction k·ln(n/k)/b of the k-th
  /// square: b = 74·k·ln(n/k) keeps that at 1/74, which puts the median of five rows within about
  /// 10 %; it grows up to k = n/e, from where on all of y is wanted. Not below 512: in smaller tables a key that shares most of its buckets with the winner
  /// can pass for a second one. Rows: 2⌈log₁₀(1/failure)⌉ + 1.
  /// @throws InvalidArgument unless 1 ≤ dimension ≤ 2⁶², 1 ≤ draws, 0 < failure < 1, and the shape is
  /// one that a sketch takes: at most 63 rows and 2³² buckets
  static SketchShape for_draws(Index dimension, Index draws = 1, double failure = 0.01) {
    detail::check_range(dimension, 1, max_dimension, "dimension");
    detail::check_range(draws, 1, Index{1} << 32, "number of draws");
    if (!(failure > 0 && failure < 1))
      detail::raise("failure probability ", failure, " is outside (0, 1)");
    constexpr double buckets_per_tail = 74;
    constexpr Index granule = 64, least = 512;
    const double n = static_cast<double>(dimension);
    const double k = std::min(static_cast<double>(draws), std::max(n / std::exp(1.0), 1.0));
    const double tail = std::log(std::max(n / k, 2.0));
    const Index buckets = std::llround(buckets_per_tail * k * tail / granule) * granule;
    const Index digits = static_cast<Index>(std::ceil(-std::log10(failure) - 1e-9));
    const SketchShape shape{2 * digits + 1, std::max(buckets, least)};
    shape.check();
    return shape;
  }

  /// @throws InvalidArgument for numbers that no sketch takes
  void check() const {
    detail::check_range(rows, 1, 63, "number of rows");
    detail::check_range(buckets, 1, Index{1} << 32, "number of buckets");
  }

  friend bool operator==(const SketchShape&, const SketchShape&) = default;
};

/// What every sampler is constructed with.
struct SamplerOptions {
  Seed seed = 0;           ///< all randomness
  SketchShape shape = {};  ///< of each level of the sketch
  double power = 2;        ///< p in [1/16, 2]: draws in proportion to |y_i|ᵖ
  double epsilon = 0.25;   ///< accuracy of Algorithm 1 (arXiv 2510.03678); the default ignores it

  friend bool operator==(const SamplerOptions&, const SamplerOptions&) = default;
};

namespace detail {

/// Scale factors reach 2^(58/p); below this p they would leave the range of a double.
inline constexpr double least_power = 0.0625;

inline void check_shape(const SketchShape& shape) { shape.check(); }

inline void check_options(const SamplerOptions& options) {
  check_shape(options.shape);
  if (!(options.power >= least_power && options.power <= 2))
    raise("power ", options.power, " is outside [", least_power, ", 2]");
  if (!(options.epsilon > 0 && options.epsilon < 1))
    raise("epsilon ", options.epsilon, " is outside (0, 1)");
}

}  // namespace detail
}  // namespace turnstile::inline v0
