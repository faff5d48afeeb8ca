/// @file
/// The tug-of-war sketch of ‖y‖².
#pragma once

#include <cmath>
#include <numeric>
#include <string_view>

#include "turnstile/detail/median.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/sketch/linear_sketch.hpp"

namespace turnstile::inline v0 {

/// A confidence interval for ‖y‖².
struct NormInterval {
  double low = 0;
  double high = 0;
};

/// Tug-of-war sketch (Alon, Matias and Szegedy 1999), in the bucketed form of Thorup and Zhang (2004):
/// a row's Σ c² has mean ‖y‖² and variance 2(‖y‖⁴ − ‖y‖₄⁴)/b, as the mean of b tug-of-war counters
/// has, at one add an update instead of b. The estimate is the median over rows: the median of means.
///
/// Time: an update R adds, an estimate O(R·b). Memory: R·b counters. See `LinearSketch` for updates,
/// merging, bytes and what counters can be.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   turnstile::AmsSketch<> sketch({.rows = 5, .buckets = 256}, 1);
///   sketch.update(7, 3.0);
///   return sketch.squared_norm() == 9.0 ? 0 : 1;
/// }
/// @endcode
template <class Counter = double, KeyedHash Hash = MixHash>
class AmsSketch : public LinearSketch<AmsSketch<Counter, Hash>, Counter, Hash> {
  using Base = LinearSketch<AmsSketch, Counter, Hash>;

 public:
  static constexpr std::string_view kind = "AmsSketch";
  using Base::Base;

  /// An interval that holds ‖y‖² with at least about the given confidence: rows taken as normal with
  /// the largest variance that the formula allows, 2‖y‖⁴/b, and the exact law of their median. Good
  /// for b ≥ 32 or so; conservative where few coordinates hold the mass.
  /// @throws InvalidArgument unless 0 < confidence < 1
  NormInterval interval(double confidence = 0.95) const {
    if (!(confidence > 0 && confidence < 1)) detail::raise("confidence ", confidence, " is outside (0, 1)");
    const double central = detail::central_probability(this->shape().rows, confidence);
    const double spread = normal_deviation(central) * std::sqrt(2.0 / static_cast<double>(this->shape().buckets));
    const double estimate = this->squared_norm();
    return {estimate / (1 + spread), spread < 1 ? estimate / (1 - spread) : std::numeric_limits<double>::infinity()};
  }

 private:
  // z with Pr[|N(0, 1)| ≤ z] = central, by bisection of erf.
  static double normal_deviation(double central) {
    double low = 0, high = 40;
    for (int step = 0; step < 60; ++step) {
      const double middle = std::midpoint(low, high);
      (std::erf(middle / std::sqrt(2.0)) < central ? low : high) = middle;
    }
    return low;
  }
};

}  // namespace turnstile::inline v0
