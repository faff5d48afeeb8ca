/// @file
/// How large a sketch is, and how a sampler is set up.
#pragma once

#include "turnstile/core/checks.hpp"
#include "turnstile/core/planning.hpp"
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

  /// The shape from which `draws` successive draws of a vector of the given dimension can be read, with
  /// a value within the relative error ε about nine times in ten; the probability that one is lost
  /// altogether is at most `failure`. See ShapePromise for what exactly that means.
  ///
  /// Formula: b = 74·k·ln(n/k)·(0.1/ε)² buckets, in steps of 64 and not below 512; 2⌈log₁₀(1/failure)⌉ + 1
  /// rows.
  /// @throws InvalidArgument unless 1 ≤ dimension ≤ 2⁶², 1 ≤ draws, 0 < failure < 1, 0 < ε ≤ 0.15, and the
  /// shape is one that a sketch takes: at most 63 rows and 2³² buckets
  static SketchShape for_draws(Index dimension, Index draws = 1, double failure = 0.01, double relative_error = 0.1);

  /// What this shape promises for draw number `draws` of a vector of the given dimension: the inverse of
  /// `for_draws`, up to its steps of 64 buckets and two rows.
  /// @code
  /// #include <turnstile/turnstile.hpp>
  /// int main() {
  ///   const auto shape = turnstile::SketchShape::for_draws(1'000'000, 10, 0.01, 0.05);
  ///   return shape.promise(1'000'000, 10).relative_error < 0.051 ? 0 : 1;
  /// }
  /// @endcode
  /// @throws InvalidArgument for a dimension or number of draws as above, or a shape that no sketch takes
  ShapePromise promise(Index dimension, Index draws = 1) const;

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

/// @throws InvalidArgument for numbers that no sketch takes
inline void check_shape(const SketchShape& shape) {
  check_range(shape.rows, 1, 63, "number of rows");
  check_range(shape.buckets, 1, Index{1} << 32, "number of buckets");
}

inline void check_options(const SamplerOptions& options) {
  check_shape(options.shape);
  if (!(options.power >= least_power && options.power <= 2))
    raise("power ", options.power, " is outside [", least_power, ", 2]");
  if (!(options.epsilon > 0 && options.epsilon < 1)) raise("epsilon ", options.epsilon, " is outside (0, 1)");
}

}  // namespace detail

inline SketchShape SketchShape::for_draws(Index dimension, Index draws, double failure, double relative_error) {
  const SketchShape shape{detail::rows_for(failure), detail::buckets_for(dimension, draws, relative_error)};
  detail::check_shape(shape);
  return shape;
}

inline ShapePromise SketchShape::promise(Index dimension, Index draws) const {
  detail::check_shape(*this);
  return detail::promise_of(rows, buckets, dimension, draws);
}

}  // namespace turnstile::inline v0
