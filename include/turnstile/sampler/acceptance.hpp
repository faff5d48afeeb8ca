/// @file
/// Acceptance policies: when the heaviest key found may be returned.
#pragma once

#include <cmath>
#include <concepts>
#include <string>

namespace turnstile::inline v0 {

/// What is known of the heaviest key when a draw is accepted or refused; all in units of the scaled
/// vector w.
struct Evidence {
  double estimate = 0;  ///< |ŵ_i|
  double noise = 0;     ///< standard error of ŵ_i, from the spread of the counters
  double rounding = 0;  ///< bound on what rounding can have left in its counters
};

/// Whether a candidate stands.
template <class A>
concept AcceptancePolicy = requires(const Evidence& evidence) {
  { A::accepts(evidence) } -> std::same_as<bool>;
  { A::name() } -> std::convertible_to<std::string>;
};

/// Accepts what stands above the sketch's noise and above rounding; does not ask how far the second
/// best is. For a flat y the ratio (w₂/w₁)² is uniform on (0, 1), so a gap test would refuse a tenth
/// of all draws and bend the law; two that the noise swaps have about equal weight.
///
/// Seven standard errors: a search among 2³⁰ keys that hold nothing finds six now and then, seven
/// hardly ever, while at the default shape the winner of a flat y is at twenty to thirty.
struct NoiseAcceptance {
  static constexpr double standard_errors = 7;
  static std::string name() { return "noise"; }

  static bool accepts(const Evidence& evidence) {
    return std::isfinite(evidence.estimate) && evidence.estimate > standard_errors * evidence.noise &&
           evidence.estimate > evidence.rounding;
  }
};
static_assert(AcceptancePolicy<NoiseAcceptance>);

}  // namespace turnstile::inline v0
