/// @file
/// Scaling policies: the random weight that turns "draw in proportion to |y_i|ᵖ" into "find the
/// largest".
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "turnstile/core/options.hpp"
#include "turnstile/detail/chunks.hpp"
#include "turnstile/detail/reciprocal_root.hpp"
#include "turnstile/random/power.hpp"
#include "turnstile/random/variates.hpp"

namespace turnstile::inline v0 {

/// A positive factor s for each hash word, such that w_i = y_i·s(word of i).
template <class S>
concept ScalingPolicy = std::copyable<S> && std::constructible_from<S, SamplerOptions> &&
    requires(const S& scaling, std::uint64_t word) {
  { scaling(word) } -> std::same_as<double>;
  { scaling.largest() } -> std::same_as<double>;
  { S::name() } -> std::convertible_to<std::string>;
};

namespace detail {

/// (2⁻⁵⁸)^{−1/p}, the factor of the least variate, as samplers compute it.
inline double largest_factor(double power) {
  return power == 1 || power == 2 ? std::exp2(exponential_fraction_bits / power) : inverse_root(1, power);
}

}  // namespace detail

/// s = e^{−1/p} with e ~ Exp(1).
///
/// argmax_i |w_i| = i with probability exactly |y_i|ᵖ/‖y‖ₚᵖ, and max_i |w_i|ᵖ is distributed as
/// ‖y‖ₚᵖ/Exp(1) (max-stability; as a sampler: Jayaram and Woodruff 2018). The same bits on every
/// machine: integer arithmetic, then one IEEE square root and division.
/// Time: a few nanoseconds for p = 1 or 2, some tens otherwise.
class ExponentialScaling {
 public:
  static std::string name() { return "exponential"; }

  explicit ExponentialScaling(const SamplerOptions& options) : power_(options.power) {}

  double operator()(std::uint64_t word) const {
    if (power_ == 2) return 1 / std::sqrt(exponential_variate(word));
    if (power_ == 1) return 1 / exponential_variate(word);
    return detail::inverse_root(exponential_fixed(word), power_);
  }

  /// The same for many words: scales[k] of words[k].
  void operator()(std::span<const std::uint64_t> words, std::span<double> scales) const {
    if (power_ != 1 && power_ != 2) {
      for (std::size_t k = 0; k < words.size(); ++k) scales[k] = (*this)(words[k]);
      return;
    }
    detail::for_each_chunk(
        words.size(),
        [&](std::size_t at, auto count) {
          detail::exponential_variates(detail::chunk_of(words, at, count), scales.subspan(at, count));
        },
        [&](std::size_t at, auto count) { to_scales(detail::chunk_of(scales, at, count)); });
  }

  /// No factor is larger: variates are at least 2⁻⁵⁸.
  double largest() const { return detail::largest_factor(power_); }

 private:
  // Of variates.
  template <std::size_t Extent>
  void to_scales(std::span<double, Extent> variates) const {
    if (power_ == 2) return detail::take_reciprocal_roots(variates);
    for (double& variate : variates) variate = 1 / variate;
  }

  double power_;
};
static_assert(ScalingPolicy<ExponentialScaling>);

/// s = u^{−1/p} with u uniform on (0, 1): the scaling of Algorithm 1 (arXiv 2510.03678), to be used with
/// `ThresholdAcceptance`. A sketch accepts with probability about ε/(C ln n) only, so a `SamplerBank` of
/// `repetitions` of them stands for one sampler.
class UniformScaling {
 public:
  static std::string name() { return "uniform"; }

  explicit UniformScaling(const SamplerOptions& options) : power_(options.power) {}

  double operator()(std::uint64_t word) const {
    const std::uint64_t fixed = std::max(word >> (64 - detail::exponential_fraction_bits), std::uint64_t{1});
    const double variate = static_cast<double>(fixed) * 0x1p-58;
    if (power_ == 2) return 1 / std::sqrt(variate);
    if (power_ == 1) return 1 / variate;
    return detail::inverse_root(fixed, power_);
  }

  double largest() const { return detail::largest_factor(power_); }

 private:
  double power_;
};
static_assert(ScalingPolicy<UniformScaling>);

}  // namespace turnstile::inline v0
