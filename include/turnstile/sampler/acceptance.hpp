/// @file
/// Acceptance policies: when the heaviest key found may be returned.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <string>

#include "turnstile/core/options.hpp"

namespace turnstile::inline v0 {

/// What an acceptance policy may ask about the heaviest key found, all in units of the scaled vector w;
/// this declaration only says which questions there are. A Reading answers them when they are asked.
struct EvidenceArchetype {
  double estimate() const;             ///< |ŵ_i|
  double noise() const;                ///< standard error of ŵ_i, from the spread of the counters
  double rounding() const;             ///< bound on what rounding can have left in its counters
  double runner_up() const;            ///< the largest |ŵ| without i (another search)
  double tail_norm(Index most) const;  ///< ≈ ‖w‖ without its `most` largest entries
  double vector_norm() const;          ///< ≈ ‖y‖
  Index dimension() const;
  const SamplerOptions& options() const;
};

/// Whether a candidate stands.
template <class A>
concept AcceptancePolicy = requires(const EvidenceArchetype& evidence) {
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

  template <class Evidence>
  static bool accepts(const Evidence& evidence) {
    return std::isfinite(evidence.estimate()) && evidence.estimate() > evidence.rounding() &&
           evidence.estimate() > standard_errors * evidence.noise();
  }
};
static_assert(AcceptancePolicy<NoiseAcceptance>);

/// Also refuses when best and second best are closer than the noise of telling them apart, √2 standard
/// errors (the statistical test of Jayaram and Woodruff 2018). Fewer wrong winners, but it refuses flat
/// vectors more than peaked ones and so is *biased* towards heavy coordinates; opt-in for that reason.
/// Time: two searches a draw.
struct GapAcceptance {
  static std::string name() { return "gap"; }

  template <class Evidence>
  static bool accepts(const Evidence& evidence) {
    return NoiseAcceptance::accepts(evidence) &&
           evidence.estimate() - evidence.runner_up() > std::sqrt(2.0) * evidence.noise();
  }
};
static_assert(AcceptancePolicy<GapAcceptance>);

/// Line 8 of Algorithm 1 (arXiv 2510.03678): FAIL unless Ẑ ≤ T·Ŷ ≤ |ŵ_i|, T = √(C ln n/ε), where Ẑ
/// estimates the norm of w without its 1/ε² largest entries and Ŷ that of y. For `UniformScaling`;
/// one sketch accepts with probability about 1/T².
struct ThresholdAcceptance {
  static constexpr double constant = 2;  ///< C: y_i²/u_i ≥ T²‖y‖² for two i at once has probability < 1/T⁴
  static std::string name() { return "threshold"; }

  /// T
  static double threshold(Index dimension, double epsilon) {
    return std::sqrt(constant * std::log(std::max(static_cast<double>(dimension), 2.0)) / epsilon);
  }

  /// How many independent sketches bring the probability that all of them fail below `failure`:
  /// ⌈T² ln(1/failure)⌉, as one accepts with probability about 1/T².
  static Index repetitions(Index dimension, double epsilon, double failure) {
    const double t = threshold(dimension, epsilon);
    return static_cast<Index>(std::ceil(t * t * std::log(1 / failure)));
  }

  /// 1/ε², as far as a count of buckets can go.
  static Index most_left_out(double epsilon) {
    return static_cast<Index>(std::min(std::round(1 / (epsilon * epsilon)), 0x1p32));
  }

  template <class Evidence>
  static bool accepts(const Evidence& evidence) {
    const double epsilon = evidence.options().epsilon;
    const double bar = threshold(evidence.dimension(), epsilon) * evidence.vector_norm();
    return std::isfinite(evidence.estimate()) && evidence.estimate() > evidence.rounding() &&
           evidence.estimate() >= bar && evidence.tail_norm(most_left_out(epsilon)) <= bar;
  }
};
static_assert(AcceptancePolicy<ThresholdAcceptance>);

}  // namespace turnstile::inline v0
