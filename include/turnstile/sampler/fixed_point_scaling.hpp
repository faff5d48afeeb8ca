/// @file
/// Scale factors that are integers, for streams of integers.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>

#include "turnstile/core/checks.hpp"
#include "turnstile/sampler/scaling.hpp"

namespace turnstile::inline v0 {

/// A scaling by integers of at most `largest_factor`: counters of w are then sums of integers.
template <class S>
concept IntegerScaling = ScalingPolicy<S> && requires {
  { S::largest_factor } -> std::convertible_to<std::int64_t>;
};

/// s = ⌊2²⁴·e^{−1/2} + ½⌋ with e ~ Exp(1), for a sampler of std::int64_t: counters of w that never round (see
/// `IntegerPolicies`). Rounding a factor moves it by less than 2·10⁻⁷ of itself, and so the probability of an index by
/// less than 4·10⁻⁷ of itself. For p = 2 only: at p = 1 the factors would span 2⁶³.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   turnstile::L2Sampler<std::int64_t, turnstile::IntegerPolicies> sampler(1'000'000, {.seed = 1});
///   sampler.update(42, 1'000'000'000'000);
///   sampler.update(42, -999'999'999'999);
///   const auto draw = sampler.sample();
///   return draw && draw->value == 1 ? 0 : 1;
/// }
/// @endcode
class FixedPointScaling {
 public:
  static constexpr int fraction_bits = 24;
  /// 2²⁴ · 2²⁹, which a double holds exactly.
  static constexpr std::int64_t largest_factor = std::int64_t{1}
                                                 << (fraction_bits + detail::exponential_fraction_bits / 2);

  static std::string name() { return "fixed-point-" + std::to_string(fraction_bits); }

  /// @throws InvalidArgument unless options.power is 2
  explicit FixedPointScaling(const SamplerOptions& options) : exponential_(options) {
    if (options.power != 2) detail::raise("power is ", options.power, ", but scaling by integers takes 2 only");
  }

  double operator()(std::uint64_t word) const { return rounded(exponential_(word)); }

  /// The same for many words: scales[k] of words[k].
  void operator()(std::span<const std::uint64_t> words, std::span<double> scales) const {
    exponential_(words, scales);
    for (double& scale : scales) scale = rounded(scale);
  }

  double largest() const { return static_cast<double>(largest_factor); }

 private:
  static double rounded(double scale) {
    constexpr double unit = std::int64_t{1} << fraction_bits;
    return static_cast<double>(static_cast<std::int64_t>(scale * unit + 0.5));
  }

  ExponentialScaling exponential_;
};
static_assert(IntegerScaling<FixedPointScaling> && !IntegerScaling<ExponentialScaling>);

}  // namespace turnstile::inline v0
